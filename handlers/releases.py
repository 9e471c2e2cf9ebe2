"""研究・研修のための集計: counts of records, asked for by a coordinator; the file comes to their direct message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot import messages
from bot.domain.refusals import Missing
from bot.domain.staff import Actor
from bot.store.releases import Release
from bot.usecases import releases
from bot.usecases.desk import Desk
from handlers.forms import Answers, Form
from handlers.replies import Offer
from handlers.routing import Routes
from handlers.windows import Reply, Screen, id_of

routes = Routes()

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """The months somebody chose, each as its first day, both included, and how often the form was drawn anew."""

    since: date
    until: date
    file: str
    round: int

    @property
    def months(self) -> str:
        """Both as one code."""
        return f"{_code(self.since)}/{_code(self.until)}"


@routes.button("study.open", allow=releases.ASK)
async def open_study(screen: Screen, actor: Actor, desk: Desk) -> None:
    """Ask for counts of records, for study and for trainings."""
    await screen.show(draw(await releases.choice(desk, actor)))


def draw(choice: releases.Choice, asked: Asked | None = None) -> Form:
    """Draw what can be asked for; the fiscal year that ended last is chosen, as far as there are records.

    `asked`: what somebody chose and is asked about once more.
    """
    if not choice.months:
        return Form("study_none").note("forms/study_none")
    since, until = (asked.since, asked.until) if asked else _usual(choice.months)
    given = {"since": _code(since), "until": _code(until), "file": asked.file if asked else "study_sheet"}
    keep = {"sure": asked.months} if asked else {}
    form = Form("study", answers=given, round=asked.round if asked else 0, keep=keep)
    months = [(_code(each), messages.phrase(form.word("month"), month=each)) for each in choice.months]
    shown = choice.earlier[-SHOWN:]
    if asked:
        form.note("forms/study_sure", since=asked.since, last=asked.until)
    form.note(
        "forms/study_opening", earlier=shown, more=len(choice.earlier) - len(shown), waiting=choice.waiting
    )
    form.choice("since", months).choice("until", months)
    return form.choice(
        "file", [(each, form.word(each)) for each in ("study_sheet", "study_list")], radio=True
    )


@routes.form("study.submit", allow=releases.ASK)
async def submit(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Have the file made; where nobody has asked for these months before, once it is said again."""
    answers = Answers.of(view)
    since, until = sorted((_month(answers, "since"), _month(answers, "until")))
    asked = Asked(since, until, answers.code("file") or "study_sheet", answers.round + 1)
    if answers.keep.get("sure") != asked.months:
        choice = await releases.choice(desk, actor)
        if not any((each.since, each.last) == (since, until) for each in choice.earlier):
            raise Offer(draw(choice, asked).view())
    release = await releases.ask_for(desk, actor, since, until, asked.file, once=id_of(view))
    return draw_made(release)


def draw_made(release: Release) -> Form:
    """Draw what is said when the file is being made."""
    return Form("study_made").note("forms/study_made", r=release)


def _usual(months: Sequence[date]) -> tuple[date, date]:
    """The last fiscal year that is over, or else everything."""
    ends = [each for each in months if each.month == 3]
    first = ends[0].replace(year=ends[0].year - 1, month=4) if ends else months[-1]
    return max(first, months[-1]), ends[0] if ends else months[0]


def _code(month: date) -> str:
    return f"{month:%Y-%m}"


def _month(answers: Answers, name: str) -> date:
    given = answers.code(name)
    if not given:
        raise Missing(name)
    return date.fromisoformat(f"{given}-01")
