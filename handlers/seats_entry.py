"""Seats, for operators and organizers: entering whoever telephoned, and those who have no Slack."""

from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.staff import Actor
from bot.domain.training import NotOpen
from bot.usecases import seat_reading, seats
from bot.usecases.desk import Desk
from bot.usecases.training_desk import ENTER, ORGANIZE
from handlers import seat_forms
from handlers.directory import Directory
from handlers.forms import Answers
from handlers.opening import show_form
from handlers.routing import Routes
from handlers.seat_forms import WORDS
from handlers.windows import id_of
from handlers.wording import offering, unmasked

routes = Routes()

BEGUN = "begun"


@routes.button("seat.enter", allow=ENTER)
async def open_entry(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    desk: Desk,
) -> None:
    """Enter somebody who telephoned, faxed or came by."""
    standing = await seat_reading.of_training(desk, actor, action["value"])
    why = seats.not_entered_because(standing.training, actor, desk.db.clock())
    if why == BEGUN:
        await show_form(client, body, seat_forms.begun(standing, organizes=actor.has(*ORGANIZE)))
    elif why is not None:
        raise NotOpen(why)
    else:
        await show_form(client, body, seat_forms.entering(desk.organisation, standing, {"route": "phone"}))
    await ack()


@routes.form("enter_seat.submit", allow=ENTER)
async def enter(ack: AsyncAck, view: dict[str, Any], actor: Actor, desk: Desk, directory: Directory) -> None:
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
    shown = seat_forms.entered(await seat_reading.one(desk, actor, part.id))
    await ack(response_action="update", view=shown.view())


@routes.button("seat.people", allow=ENTER)
async def people(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    desk: Desk,
) -> None:
    """See everybody who has no Slack: whom to call, and what to tell them. The value may name a page: `id/1`."""
    training, _, page = action["value"].partition("/")
    found = await seat_reading.guests(desk, actor, training, int(page) if page.isdecimal() else 0)
    view = body.get("view") or {}
    if view.get("callback_id") == "seat_people.submit":
        await client.views_update(view_id=view["id"], view=seat_forms.people(found).view())
    else:
        await show_form(client, body, seat_forms.people(found))
    await ack()
