"""Drafts: what is in a form so far, kept by a button, or when its window is closed."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from bot.domain.staff import Actor
from bot.privacy import beside
from bot.privacy.anonymizer import holds_my_number
from bot.usecases import hearing
from bot.usecases.case_names import Screened
from bot.usecases.desk import Desk, Identified
from handlers.callbacks import COUNSEL
from handlers.forms import Answers, Form
from handlers.routing import Routes
from handlers.windows import Screen
from handlers.wording import Masked, confirmed, masked_in, plain, unmasked

Draw = Callable[..., Form]
Save = Callable[..., Awaitable[Screened]]  # as `hearing.save_draft`


def drafting(routes: Routes, name: str, words: tuple[str, ...], draw: Draw) -> None:
    """Give a form its draft: the button `<name>.draft`, and the same when the window is closed."""

    @routes.button(f"{name}.draft", allow=COUNSEL)
    async def save(screen: Screen, actor: Actor, desk: Desk) -> None:
        """Keep what is in the form so far; the window stays open."""
        view = screen.view
        typed = Answers.of(view)
        answers, found = await _kept(desk, actor, name, unmasked(typed, *words))
        again = answers.values != typed.values
        form = draw(
            desk.organisation, answers.values, round=answers.round + again, found=found, keep=answers.keep,
            drafted=actor.id,
        )  # fmt: skip
        await screen.redraw(form)

    @routes.closing(f"{name}.submit", allow=COUNSEL)
    async def closed(view: dict[str, Any], actor: Actor, desk: Desk) -> None:
        """Keep what was in the form when its window was closed without sending."""
        answers = Answers.of(view)
        if any(answers.values.get(each) for each in words):
            await keep_closed(desk, actor, name, answers, words)


async def keep_closed(
    desk: Desk,
    actor: Actor,
    name: str,
    answers: Answers,
    words: tuple[str, ...],
    save: Save = hearing.save_draft,
) -> None:
    """Keep what was in a form whose window was closed."""
    await _kept(desk, actor, name, await without_numbers(unmasked(answers, *words)), save)


async def _kept(
    desk: Desk, actor: Actor, name: str, answers: Answers, save: Save = hearing.save_draft
) -> tuple[Answers, Masked | None]:
    """Keep a draft, masked where it points at somebody; give it as kept, and what was masked."""
    found, said = None, confirmed(answers)
    now = answers
    try:
        words = await save(desk, actor, now.keep["c"], name, plain(now), said)
    except Identified as refused:
        now, found = masked_in(answers, refused)
        said = replace(said, names=(*said.names, *refused.names))
        words = await save(desk, actor, now.keep["c"], name, plain(now), said)
    return replace(now, values={**now.values, **words.texts}), found


async def without_numbers(answers: Answers) -> Answers:
    """Nobody can be asked any more: where a 12-digit number stands, the words around it are kept, it is masked."""
    values = dict(answers.values)
    for name, text in values.items():
        if isinstance(text, str) and holds_my_number(text):
            values[name] = (await beside.read(text)).masked
    return replace(answers, values=values)
