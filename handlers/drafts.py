"""Drafts: what is in a form so far, kept by a button, or when its window is closed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.staff import Actor
from bot.privacy.anonymizer import anonymize
from bot.usecases import hearing
from bot.usecases.desk import Desk, Identified
from handlers.callbacks import COUNSEL
from handlers.forms import Answers, Form
from handlers.routing import Routes
from handlers.wording import KEEP, kept, masked_in, unmasked

Draw = Callable[..., Form]


def drafting(routes: Routes, name: str, words: tuple[str, ...], draw: Draw) -> None:
    """Give a form its draft: the button `<name>.draft`, and the same when the window is closed."""

    @routes.button(f"{name}.draft", allow=COUNSEL)
    async def save(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, actor: Actor, desk: Desk
    ) -> None:
        """Keep what is in the form so far; the window stays open."""
        view = body["view"]
        answers, found, again = await _kept(desk, actor, name, unmasked(Answers.of(view), *words))
        form = draw(
            desk.organisation, answers.values, round=answers.round + again, found=found, keep=answers.keep,
            drafted=actor.id,
        )  # fmt: skip
        await client.views_update(view_id=view["id"], view=form.view())
        await ack()

    @routes.closing(f"{name}.submit", allow=COUNSEL)
    async def closed(ack: AsyncAck, view: dict[str, Any], actor: Actor, desk: Desk) -> None:
        """Keep what was in the form when its window was closed without sending."""
        answers = _without_numbers(unmasked(Answers.of(view), *words))
        if any(answers.values.get(each) for each in words):
            await _kept(desk, actor, name, answers)
        await ack()


async def _kept(
    desk: Desk, actor: Actor, name: str, answers: Answers
) -> tuple[Answers, dict[str, str] | None, int]:
    """Keep a draft, masked where it points at somebody; give it as kept, what was masked, and whether to draw anew."""
    found, again = None, 0
    try:
        await hearing.save_draft(desk, actor, answers.keep["c"], name, _plain(answers), kept(answers))
    except Identified as refused:
        answers, found = masked_in(answers, refused)
        again = 1
        await hearing.save_draft(desk, actor, answers.keep["c"], name, _plain(answers), kept(answers))
    return answers, found, again


def _without_numbers(answers: Answers) -> Answers:
    """Nobody can be asked any more: where a 12-digit number stands, the words around it are kept, it is masked."""
    values = dict(answers.values)
    for name, text in values.items():
        if isinstance(text, str) and (seen := anonymize(text)).refused:
            values[name] = seen.masked
    return replace(answers, values=values)


def _plain(answers: Answers) -> dict[str, Any]:
    return {name: value for name, value in answers.values.items() if name != KEEP}
