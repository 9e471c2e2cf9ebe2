"""Seats, for whoever takes part: asking for one, waiting, taking an offered one, giving one back, one's own window."""

from typing import Any

from bot.domain.refusals import Missing
from bot.domain.staff import Actor
from bot.usecases import seat_reading, seats
from bot.usecases.desk import Desk
from handlers import seat_forms
from handlers.forms import Answers
from handlers.routing import Routes
from handlers.seat_forms import WORDS
from handlers.windows import Reply, Screen, id_of
from handlers.wording import offering, unmasked

routes = Routes()


@routes.button("seat.join")
async def join(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Ask for a seat: at once, or by a form where something is asked. Who is in already sees how they stand."""
    before, codes = await seat_reading.before_joining(desk, actor, value)
    plan = before.training.plan
    if before.part is not None and before.is_in:
        await screen.show(seat_forms.own(before))
    elif plan.asks or len(plan.seats) > 1:
        before.training.must_be_open(desk.db.clock())
        await screen.show(seat_forms.joining(desk.organisation, before, codes))
    else:
        part = await seats.join(desk, actor, before.training.id)
        await _joined(screen, desk, actor, part.id)


async def _joined(screen: Screen, desk: Desk, actor: Actor, part: str) -> None:
    """Say at once how it went, where it was pressed; what they need to keep comes as a message."""
    if not screen.in_message:
        await seat_forms.show_own(screen, desk, actor, part)
        return
    standing = await seat_reading.own(desk, actor, part)
    await seat_forms.answer(screen, "forms/seat_said", standing.told, in_dm=False)


@routes.form("join.submit")
async def submit(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Ask for a seat with the answers; how one stands is shown at once."""
    answers = unmasked(Answers.of(view), *WORDS)
    before, _ = await seat_reading.before_joining(desk, actor, answers.keep["t"])
    part = await offering(
        seats.join(desk, actor, before.training.id, seat_forms.said(answers), once=f"join:{id_of(view)}"),
        answers,
        lambda now, round_, found: seat_forms.joining(
            desk.organisation, before, now.values, round=round_, found=found
        ),
    )
    standing = await seat_reading.own(desk, actor, part.id)
    return seat_forms.own(standing)


@routes.button("seat.switch")
async def switch(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Take part another way: in the room or online."""
    standing = await seat_reading.own(desk, actor, value)
    standing.training.must_be_open(desk.db.clock())
    await screen.show(seat_forms.switching(standing))


@routes.form("switch_seat.submit")
async def submit_switch(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Change to the other way to take part, where there is a seat; the seat one has is kept otherwise."""
    answers = Answers.of(view)
    if not (wanted := answers.code("format")):
        raise Missing("format")
    part = await seats.join(
        desk, actor, answers.keep["t"], seats.Joining(format=wanted), once=f"join:{id_of(view)}"
    )
    standing = await seat_reading.own(desk, actor, part.id)
    return seat_forms.own(standing)


@routes.button("seat.decline")
async def decline(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Answer that one cannot come. Who has a seat, or waits for one, gives it back in their own window."""
    before, _ = await seat_reading.before_joining(desk, actor, value)
    if before.is_in:  # a slip of the thumb takes nobody's seat
        await screen.show(seat_forms.own(before))
    else:
        part = await seats.decline(desk, actor, value)
        standing = await seat_reading.own(desk, actor, part.id)
        await seat_forms.answer(screen, "forms/declined_said", standing.told)


@routes.button("seat.own")
async def own(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """See how one stands with a training, and what can be done now."""
    await seat_forms.show_own(screen, desk, actor, value)


@routes.button("seat.accept")
async def accept(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Take the seat that is kept, for oneself or for somebody without Slack who said yes on the phone."""
    await seats.accept(desk, actor, value)
    await seat_forms.fresh(screen, desk, actor)


@routes.button("seat.leave")
async def leave(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Give a seat, an offer or a place in the queue back."""
    await seats.leave(desk, actor, value)
    await seat_forms.fresh(screen, desk, actor)


def _reminders(name: str, about: str, *, wanted: bool) -> None:
    async def turn(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
        part = await seats.set_reminders(desk, actor, value, wanted=wanted)
        if not await seat_forms.fresh(screen, desk, actor):
            standing = await seat_reading.own(desk, actor, part.id)
            await seat_forms.answer(screen, "forms/reminders_said", standing.told)

    turn.__doc__ = about
    routes.button(name)(turn)


_reminders("seat.reminders_off", "Turn one's reminders for a training off.", wanted=False)
_reminders("seat.reminders_on", "Turn one's reminders for a training on again.", wanted=True)


@routes.button("seat.calendar")
async def calendar(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Have the file for one's calendar sent."""
    await seats.to_calendar(desk, actor, value)
    await seat_forms.answer(screen, "forms/calendar_comes", {}, in_dm=False)
