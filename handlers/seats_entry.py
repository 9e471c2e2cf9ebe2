"""Seats, for operators and organizers: entering whoever telephoned, and those who have no Slack."""

from typing import Any

from bot.domain.staff import Actor
from bot.domain.training import NotOpen
from bot.usecases import seat_reading, seats
from bot.usecases.desk import Desk
from bot.usecases.training_desk import ENTER, ORGANIZE
from handlers import seat_forms
from handlers.directory import Directory
from handlers.forms import Answers
from handlers.routing import Routes
from handlers.seat_forms import WORDS
from handlers.windows import Reply, Screen, id_of
from handlers.wording import offering, unmasked

routes = Routes()

BEGUN = "begun"


@routes.button("seat.enter", allow=ENTER)
async def open_entry(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Enter somebody who telephoned, faxed or came by."""
    standing = await seat_reading.of_training(desk, actor, value)
    why = seats.not_entered_because(standing.training, actor, desk.db.clock())
    if why == BEGUN:
        await screen.show(seat_forms.begun(standing, organizes=actor.has(*ORGANIZE)))
    elif why is not None:
        raise NotOpen(why)
    else:
        await screen.show(seat_forms.entering(desk.organisation, standing, {"route": "phone"}))


@routes.form("enter_seat.submit", allow=ENTER)
async def enter(view: dict[str, Any], actor: Actor, desk: Desk, directory: Directory) -> Reply:
    """Enter them; what can be read out to the caller is shown at once."""
    answers = unmasked(Answers.of(view), *WORDS)
    standing = await seat_reading.of_training(desk, actor, answers.keep["t"])
    person = answers.code("person") or None
    if person:
        await directory.must_belong(person, "person")
    part = await offering(
        seats.enter(
            desk,
            actor,
            standing.training.id,
            seat_forms.said(answers),
            person=person,
            route=answers.code("route") or "phone",
            once=f"enter:{id_of(view)}",
        ),
        answers,
        lambda now, round_, found: seat_forms.entering(
            desk.organisation, standing, now.values, round=round_, found=found
        ),
    )
    return seat_forms.entered(await seat_reading.one(desk, actor, part.id))


@routes.button("seat.people", allow=ENTER)
async def people(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """See everybody who has no Slack: whom to call, and what to tell them. The value may name a page: `id/1`."""
    training, _, page = value.partition("/")
    found = await seat_reading.guests(desk, actor, training, int(page) if page.isdecimal() else 0)
    view = screen.view
    if view.get("callback_id") == "seat_people.submit":
        await screen.redraw(seat_forms.people(found))
    else:
        await screen.show(seat_forms.people(found))
