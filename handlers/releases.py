"""研究・研修のための集計: counts of records, asked for by a coordinator; the file comes to their direct message."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot import messages
from bot.domain.refusals import Missing
from bot.domain.staff import Actor
from bot.store.releases import Release
from bot.usecases import releases
from bot.usecases.desk import Desk
from handlers.forms import Answers, Form
from handlers.opening import show_form
from handlers.routing import Routes
from handlers.windows import id_of

routes = Routes()

SHOWN = 12


@routes.button("study.open", allow=releases.ASK)
async def open_study(
    ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, actor: Actor, desk: Desk
) -> None:
    """Ask for counts of records, for study and for trainings."""
    await show_form(client, body, draw(await releases.choice(desk, actor)))
    await ack()


def draw(choice: releases.Choice) -> Form:
    """Draw what can be asked for; the fiscal year that ended last is chosen, as far as there are records."""
    if not choice.months:
        return Form("study_none").note("forms/study_none")
    since, until = _usual(choice.months)
    form = Form("study", answers={"since": since, "until": until, "file": "study_sheet"})
    months = [(f"{each:%Y-%m}", messages.phrase(form.word("month"), month=each)) for each in choice.months]
    shown = choice.earlier[-SHOWN:]
    form.note("forms/study_opening", earlier=shown, more=len(choice.earlier) - len(shown))
    form.choice("since", months).choice("until", months)
    return form.choice(
        "file", [(each, form.word(each)) for each in ("study_sheet", "study_list")], radio=True
    )


@routes.form("study.submit", allow=releases.ASK)
async def submit(ack: AsyncAck, view: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Have the file made."""
    answers = Answers.of(view)
    since, until = _month(answers, "since"), _month(answers, "until")
    file = answers.code("file") or "study_sheet"
    release = await releases.ask_for(desk, actor, since, until, file, once=id_of(view))
    await ack(response_action="update", view=draw_made(release).view())


def draw_made(release: Release) -> Form:
    """Draw what is said when the file is being made."""
    return Form("study_made").note("forms/study_made", r=release)


def _usual(months: Sequence[date]) -> tuple[str, str]:
    """The last fiscal year that is over, or else everything."""
    ends = [each for each in months if each.month == 3]
    first = ends[0].replace(year=ends[0].year - 1, month=4) if ends else months[-1]
    return f"{max(first, months[-1]):%Y-%m}", f"{ends[0] if ends else months[0]:%Y-%m}"


def _month(answers: Answers, name: str) -> date:
    given = answers.code(name)
    if not given:
        raise Missing(name)
    return date.fromisoformat(f"{given}-01")
