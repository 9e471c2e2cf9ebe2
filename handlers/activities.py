"""Interviews, visits and other work: who was there, where, how long, what was advised, what comes next."""

from collections.abc import Mapping
from typing import Any

from bot.domain.staff import Actor
from bot.organisation import Organisation
from bot.usecases import hearing
from bot.usecases.desk import Desk
from handlers.callbacks import COUNSEL, options_of
from handlers.drafts import drafting
from handlers.forms import Answers, Form
from handlers.intake import offered
from handlers.opening import closed_over
from handlers.routing import Routes
from handlers.windows import Screen
from handlers.wording import Masked, asking_to_keep, confirmed, offering, unmasked

routes = Routes()

WORDS = ("summary", "advice", "next_action")


def draw(
    organisation: Organisation, answers: Mapping[str, Any], *, round: int = 0,  # noqa: A002
    found: Masked | None = None, keep: Mapping[str, Any] | None = None, drafted: str | None = None,
) -> Form:  # fmt: skip
    """Draw the form. `drafted`: whose draft it continues."""
    form = Form("activity", answers=answers, round=round, keep=keep, tell_when_closed=True)
    if found is not None:
        _words(form)
        asking_to_keep(form, found).line()
    form.note("forms/activity_opening", drafted=drafted)
    form.choice("type", options_of("activity_types"))
    form.day("happened_on")
    form.choice("place", options_of("place_types"), optional=True)
    form.choices("people", options_of("people_roles"), optional=True)
    form.number("others", most=200)
    form.number("minutes", most=1440)
    form.number("travel_minutes", most=1440)
    form.choice("travel_region", offered(organisation, "welfare_regions"), optional=True)
    if found is None:
        _words(form)
    return form.day("next_on").choices("lacking", offered(organisation, "resource_gap_kinds"), optional=True)


def _words(form: Form) -> None:
    form.text("summary", optional=True, long=True)
    form.text("advice", optional=True, long=True)
    form.text("next_action", limit=500)


@routes.button("activity.open", allow=COUNSEL)
async def open_activity(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Write down an interview, a visit or other work."""
    consultation, draft = await hearing.begin(desk, actor, value, "activity")
    form = draw(
        desk.organisation,
        draft.answers if draft else {},
        keep={"c": consultation.id},
        drafted=draft.saved_by if draft else None,
    )
    await screen.show(form)


drafting(routes, "activity", WORDS, draw)


@routes.form("activity.submit", allow=COUNSEL)
async def submit(view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> None:
    """Keep the interview, visit or other work."""
    answers = unmasked(Answers.of(view), *WORDS)
    people = dict.fromkeys(answers.chosen("people"), 1)
    if others := answers.number("others"):
        people["other"] = others
    done = hearing.Done(
        type=answers.code("type") or "",
        happened_on=answers.day("happened_on"),
        summary=answers.text("summary"),
        advice=answers.text("advice"),
        next_action=answers.text("next_action", limit=500),
        next_on=answers.day("next_on"),
        place=answers.code("place"),
        people=people,
        minutes=answers.number("minutes"),
        travel_minutes=answers.number("travel_minutes"),
        travel_region=answers.code("travel_region"),
        lacking=answers.chosen("lacking"),
        said=confirmed(answers),
    )
    await offering(
        hearing.act(desk, actor, answers.keep["c"], done, once=f"activity:{view['id']}"),
        answers,
        lambda now, round_, found: draw(
            desk.organisation, now.values, round=round_, found=found, keep=now.keep
        ),
    )
    await closed_over(screen, view, actor, desk)
