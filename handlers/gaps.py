"""足りないもの: what is lacking in each region, for those who plan trainings and speak with the prefecture."""

from typing import Any

from bot import codes, messages
from bot.domain.refusals import NotFound
from bot.domain.staff import Actor
from bot.reports.figures import said
from bot.reports.gaps import Lacking, lacking
from bot.usecases import gaps
from bot.usecases.desk import Desk
from bot.usecases.training_desk import ORGANIZE
from handlers import training_form
from handlers.callbacks import options_of
from handlers.forms import OPTIONS, Answers, Form, Option
from handlers.review_papers import INVITED
from handlers.routing import Routes
from handlers.windows import Screen

routes = Routes()


def draw(told: Lacking, *, organizes: bool) -> Form:
    """Draw what is lacking, region by region. `organizes`: whoever looks plans trainings."""
    form = Form("gaps")
    topics = _topics(told, form) if organizes else []
    return form.note("forms/gaps", told=told, number=said, topics=topics)


def draw_list(told: Lacking) -> Form:
    """Draw the list for the prefecture: the most frequent first."""
    return Form("gaps_prefecture").note("forms/gaps_prefecture", told=told, number=said)


def _topics(told: Lacking, form: Form) -> list[Option]:
    unknown = form.word("unknown")
    return [
        (
            each.topic,
            f"{told.regions.get(each.region, unknown)}　{messages.label(each.kind, 'resource_gap_kinds')}"[
                :75
            ],
        )
        for each in told.by_number
    ][:OPTIONS]


async def _told(desk: Desk, actor: Actor, year: int | None = None) -> Lacking:
    return lacking(await gaps.of_year(desk, actor, year), desk.organisation)


def draw_case(noted: gaps.Noted) -> Form:
    """Draw what was lacking for one consultation, to be ticked and unticked."""
    keep = {"c": noted.consultation.id}
    keep |= {"b": "/".join(noted.kinds)} if noted.kinds else {}
    keep |= {"r": noted.review} if noted.review else {}
    form = Form("gaps_case", keep=keep, answers={"lacking": noted.kinds})
    form.note("forms/gaps_case", c=noted.consultation)
    return form.choices("lacking", options_of("resource_gap_kinds"), optional=True)


@routes.button("gaps.case", allow=INVITED)
async def open_case(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Write down what was lacking for a consultation, or take it back. The value may name its case review too."""
    consultation, _, review = value.partition("/")
    await screen.show(draw_case(await gaps.of_case(desk, actor, consultation, review or None)))


@routes.form("gaps_case.submit", allow=INVITED)
async def keep_case(view: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Keep what is ticked, and take back what is ticked no more."""
    answers = Answers.of(view)
    k = answers.keep
    await gaps.mend(
        desk, actor, k["c"], answers.chosen("lacking"), before=k.get("b", "").split("/"), review_id=k.get("r")
    )


@routes.button("gaps.open", allow=gaps.SEE)
async def open_gaps(screen: Screen, actor: Actor, desk: Desk) -> None:
    """See what is lacking in each region this fiscal year."""
    await screen.show(draw(await _told(desk, actor), organizes=actor.has(*ORGANIZE)))


@routes.button("gaps.year", allow=gaps.SEE)
async def other_year(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """See the other fiscal year in the same window."""
    form = draw(await _told(desk, actor, int(value)), organizes=actor.has(*ORGANIZE))
    await screen.redraw(form)


@routes.button("gaps.prefecture", allow=gaps.SEE)
async def for_the_prefecture(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """See what is lacking as a list to tell the prefecture."""
    await screen.show(draw_list(await _told(desk, actor, int(value))))


@routes.button("gaps.topic", allow=ORGANIZE)
async def plan_training(action: dict[str, Any], screen: Screen, desk: Desk) -> None:
    """Plan a training about something that is lacking: its form, with the theme and the region filled in."""
    region, _, kind = str((action.get("selected_option") or {}).get("value") or "").partition(".")
    if kind not in codes.load("resource_gap_kinds"):
        raise NotFound
    name = messages.phrase(Form("gaps").word("topic"), kind=messages.label(kind, "resource_gap_kinds"))
    known = [each.code for each in desk.organisation.offered("welfare_regions")]
    answers = {"name": name, "regions": [region] if region in known else []}
    await screen.show(training_form.draw(desk.organisation, answers, keep={}))
