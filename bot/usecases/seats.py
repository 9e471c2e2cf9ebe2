"""Joining a training, waiting for a seat, taking an offered one, and giving one back. Each is one complete change.

The training's row is held while seats are counted, so that the last one is given once.
"""

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain import entitlement, seats
from bot.domain.events import Event
from bot.domain.phone import Phone
from bot.domain.refusals import Missing, NotAllowed
from bot.domain.seats import HOLDING, IN, NoOffer, NoSuchFormat, Participation, Place
from bot.domain.staff import Actor
from bot.domain.training import NotOpen, Training
from bot.privacy.anonymizer import Known
from bot.store.database import Transaction
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import NOTHING, Desk, no_my_number, screened
from bot.usecases.training_desk import (
    ENTER,
    ORGANIZE,
    known_codes,
    note_question,
    pass_on,
    send_calendar,
    show,
    tell,
    tell_if_full,
    with_codes,
)

BEFORE_IT = "deadline"  # after it nobody joins by themselves; an organizer still lets people in


@dataclass(frozen=True, slots=True)
class Joining:
    """What somebody says when they join. Codes but for the words; whatever is not asked stays empty.

    `name`, `agency` and `phone` are sealed as they are; `needs` and `question` are screened first.
    """

    format: str | None = None
    supporter_field: str | None = None
    organization_type: str | None = None
    occupation: str | None = None
    municipality: str | None = None
    name: str = ""
    agency: str = ""
    phone: str = ""
    needs: str = ""
    question: str = ""
    said: Confirmed = NOTHING  # about the names in the words


@dataclass(frozen=True, slots=True)
class _Comer:
    """Whoever comes. `person`: in Slack, else None; `attendee` tells them apart; `entered_by`: who took their call."""

    person: str | None
    attendee: str
    entered_by: str | None = None
    route: str = "slack"


async def join(
    desk: Desk, actor: Actor, training_id: str, said: Joining | None = None, *, once: str = ""
) -> Participation:
    """Ask for a seat. Whoever is in already stays as they are; where none is free, they wait in their turn.

    `once`: the form it came from; sent twice, it counts once.
    """
    said = await _screened(said or Joining())
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        there = await tx.participations.by_attendee(training.id, actor.id)
        if there is not None and there.status in IN and said == Joining():
            return there
        if once and await tx.casework.once(once, training.id) is not None and there is not None:
            return there
        training.must_be_open(tx.now)
        return await _joined(tx, desk, training, said, there, _Comer(actor.id, actor.id))


async def enter(
    desk: Desk,
    actor: Actor,
    training_id: str,
    said: Joining,
    *,
    person: str | None = None,
    route: str = "phone",
    once: str,
) -> Participation:
    """Enter somebody who telephoned, faxed or came by. Who has no Slack needs a name and a number to call."""
    entitlement.require_role(actor, ENTER)
    said = await _screened(said)
    if person is None:
        for name in ("name", "phone"):
            if not getattr(said, name).strip():
                raise Missing(name)
    if said.phone.strip():
        said = replace(said, phone=Phone.parse(said.phone).kept)
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        attendee = person or "p:" + await tx.keys.fingerprint("attendee", as_told(said.name, said.phone))
        there = await tx.participations.by_attendee(training.id, attendee)
        if await tx.casework.once(once, attendee) is not None and there is not None:
            return there
        if why := not_entered_because(training, actor, tx.now):
            refused = NotOpen(why)
            refused.field = "route"  # on the form, where what was typed stays
            raise refused
        return await _joined(tx, desk, training, said, there, _Comer(person, attendee, actor.id, route))


def not_entered_because(training: Training, actor: Actor, now: datetime) -> str | None:
    """Why nobody can be entered at this moment, or None: they can. An organizer lets people in after the deadline."""
    why = training.closed_because(now)
    return None if why == BEFORE_IT and actor.has(*ORGANIZE) else why


async def decline(desk: Desk, actor: Actor, training_id: str) -> Participation:
    """Answer that one cannot come. Who has a seat, or waits for one, gives it back; waits of others get shorter."""
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        there = await tx.participations.by_attendee(training.id, actor.id)
        if there is not None and there.status in IN:
            return await _given_up(tx, desk, training, there)
        if there is not None and there.status is Place.DECLINED:
            return there
        if why := _over(training, tx):  # an answer after the deadline is an answer
            raise NotOpen(why)
        if there is None:
            by = _Comer(actor.id, actor.id)
            part = _new(tx, training, by, next(iter(training.plan.seats)), Place.DECLINED, 0)
            await tx.participations.add(part)
        else:
            part = await tx.participations.move(there, there.placed(Place.DECLINED))
        await tx.audit.record(Event.SEAT_DECLINED, training.id, participation=part.id)
        await show(tx, training, part.person)
        return part


async def leave(desk: Desk, actor: Actor, participation_id: str) -> Participation:
    """Give a seat, an offer or a place in the queue back; whoever's turn it is has an offer at once.

    One's own; an operator or organizer gives back for whoever telephoned.
    """
    async with desk.db.transaction(actor) as tx:
        part = await tx.participations.get(participation_id)
        training = await tx.trainings.get(part.training)
        part = await tx.participations.get(participation_id)  # as it is, now that the training is held
        if part.person != actor.id and not actor.has(*ENTER):
            raise NotAllowed
        return await _given_up(tx, desk, training, part)


async def accept(desk: Desk, actor: Actor, participation_id: str) -> Participation:
    """Take the seat that is kept. What ran out is gone, even where nobody noticed yet: `NoOffer`."""
    async with desk.db.transaction(actor) as tx:
        part = await tx.participations.get(participation_id)
        training = await tx.trainings.get(part.training)
        part = await tx.participations.get(participation_id)
        if part.person != actor.id and not (part.person is None and actor.has(*ENTER)):
            raise NotAllowed
        if part.status is not Place.CONFIRMED and (why := _over(training, tx)):
            raise NotOpen(why)
        taken = part.accepted(tx.now)
        if taken is part:
            return part
        taken = await tx.participations.move(part, taken)
        await tx.timers.cancel(part.id, "t_offer")
        await tx.audit.record(Event.SEAT_TAKEN, training.id, participation=taken.id)
        await tell(tx, taken, "seat_confirmed", str(taken.version))
        await show(tx, training, taken.person)
        return taken


async def set_reminders(desk: Desk, actor: Actor, participation_id: str, *, wanted: bool) -> Participation:
    """Turn one's reminders for this training off, or on again."""
    async with desk.db.transaction(actor) as tx:
        part = await _own(tx, actor, participation_id)
        if part.reminders == wanted:
            return part
        part = await tx.participations.move(part, replace(part, reminders=wanted))
        await tx.outbox.home(actor.id)
        return part


async def to_calendar(desk: Desk, actor: Actor, participation_id: str) -> Participation:
    """Have the file for one's calendar sent, now and whenever something changes."""
    async with desk.db.transaction(actor) as tx:
        part = await _own(tx, actor, participation_id)
        if part.status is not Place.CONFIRMED:
            raise NoOffer(part.status)
        if not part.calendar:
            part = await tx.participations.move(part, replace(part, calendar=True))
        await send_calendar(tx, part, f"asked:{tx.now.isoformat(timespec='minutes')}")
        return part


async def _own(tx: Transaction, actor: Actor, participation_id: str) -> Participation:
    """One's own part as it is once its training is held, so that nobody changes it beside us; else `NotAllowed`."""
    part = await tx.participations.get(participation_id)
    await tx.trainings.get(part.training)
    part = await tx.participations.get(participation_id)
    if part.person != actor.id:
        raise NotAllowed
    return part


async def _joined(
    tx: Transaction, desk: Desk, training: Training, said: Joining, there: Participation | None, by: _Comer
) -> Participation:
    """Give a seat, or a place in the queue where none is free; whoever is in that format already stays as they are.

    Raises `NoSuchFormat`, and `NoSeatThere` where another format would cost what they have.
    """
    format_ = _format_of(training, said, there)
    known = await known_codes(tx, training, by.person) if by.person else {}
    if there is not None and there.status in IN and there.format == format_:
        part = await tx.participations.move(there, with_codes(desk, there, said, known))
        await _keep_words(tx, training, part, said)
        return part
    others = await tx.participations.of_training(training.id)
    others = [each for each in others if each.attendee != by.attendee]
    admitted = seats.seats_of(training.plan.seats, others)[format_].admits
    status = Place.CONFIRMED if admitted else Place.WAITLISTED
    if there is not None and not admitted and _would_lose(training, there):
        raise NoSeatThere(format_, waiting=there.status is Place.WAITLISTED)
    turn = training.last_turn + 1
    training = await tx.trainings.move(training, replace(training, last_turn=turn))
    if there is None:
        part = with_codes(desk, _new(tx, training, by, format_, status, turn), said, known)
        await tx.participations.add(part)
    else:
        part = await _moved(tx, there, with_codes(desk, there, said, known), format_, status, turn)
    await _keep_words(tx, training, part, said)
    await _tell_joined(tx, part)
    if admitted:
        await tell_if_full(tx, training, [*others, part], format_)
    # The seat of the other format is free now.
    offered = await pass_on(tx, desk, training) if there is not None and there.holds else []
    await show(tx, training, by.person, *(each.person for each in offered))
    return part


def _format_of(training: Training, said: Joining, there: Participation | None) -> str:
    """The format that is asked for, or the one they were in, or the first of the training; else `NoSuchFormat`."""
    offered = training.plan.seats
    before = there.format if there is not None and there.format in offered else None
    format_ = said.format or before or next(iter(offered))
    if format_ not in offered:
        raise NoSuchFormat
    return format_


async def _moved(
    tx: Transaction, there: Participation, coded: Participation, format_: str, status: Place, turn: int
) -> Participation:
    """Whoever was in another format, or had given back, is in this one now. `coded`: the same part with today's codes."""
    await tx.timers.cancel(there.id, "t_offer")
    again = replace(
        coded,
        format=format_,
        status=status,
        turn=turn,
        joined_at=tx.now,
        offered_at=None,
        offer_expires_at=None,
        walk_in=False,  # a seat is asked for now
        calendar=there.calendar and there.status in IN,  # after a cancellation it is asked for anew
    )
    return await tx.participations.move(there, again)


async def _tell_joined(tx: Transaction, part: Participation) -> None:
    """Write down that somebody has a seat or waits for one, and let them know."""
    admitted = part.status is Place.CONFIRMED
    event = Event.SEAT_JOINED if admitted else Event.SEAT_WAITLISTED
    await tx.audit.record(event, part.training, participation=part.id)
    await tell(tx, part, "seat_confirmed" if admitted else "seat_waitlisted", str(part.version))
    if part.calendar:  # another format: another place, or an address
        await send_calendar(tx, part, f"switched:{part.version}")


async def _given_up(tx: Transaction, desk: Desk, training: Training, part: Participation) -> Participation:
    if part.status not in IN:
        return part
    if why := _over(training, tx):
        raise NotOpen(why)
    gone = await tx.participations.move(part, part.placed(Place.CANCELLED))
    await tx.timers.cancel(part.id, "t_offer")
    await tx.audit.record(Event.SEAT_GIVEN_UP, training.id, participation=gone.id)
    await tell(tx, gone, "seat_given_up", str(gone.version))
    if gone.calendar:
        await send_calendar(tx, gone, f"off:{gone.version}")
    offered = await pass_on(tx, desk, training)
    await show(tx, training, gone.person, *(each.person for each in offered))
    return gone


def _over(training: Training, tx: Transaction) -> str | None:
    """Why nothing can be taken or given back any more; a passed deadline is no reason."""
    why = training.closed_because(tx.now)
    return None if why == BEFORE_IT else why


def _would_lose(training: Training, part: Participation) -> bool:
    """Whether a seat, or a place in the queue, would be lost by waiting for another format."""
    waits = part.status is Place.WAITLISTED and part.format in training.plan.seats
    return waits or part.status in HOLDING


class NoSeatThere(NoSuchFormat):
    """Whoever has a seat, or waits for one, keeps it: there is none in the other format."""

    template = "refusals/no_seat_there"

    def __init__(self, format: str, *, waiting: bool = False) -> None:  # noqa: A002
        self.format = format
        self.waiting = waiting
        super().__init__(format)


def _new(
    tx: Transaction, training: Training, by: _Comer, format_: str, status: Place, turn: int
) -> Participation:
    return Participation(
        id=tx.new_id(),
        training=training.id,
        attendee=by.attendee,
        person=by.person,
        format=format_,
        status=status,
        turn=turn,
        joined_at=tx.now,
        entered_by=by.entered_by,
        route=by.route,
    )


async def _keep_words(tx: Transaction, training: Training, part: Participation, said: Joining) -> None:
    given = {name: getattr(said, name).strip() for name in ("name", "agency", "phone", "needs")}
    if any(given.values()):
        before = await tx.participations.answers(part)
        await tx.participations.write_answers(
            part, {**before, **{name: text for name, text in given.items() if text}}
        )
    if said.question.strip():
        await tx.meetings.ask(training.id, said.question.strip(), part.municipality)
        await tx.audit.record(Event.QUESTION_ASKED, training.id)
        await note_question(tx, training)


async def _screened(said: Joining) -> Joining:
    no_my_number({"name": said.name, "agency": said.agency, "phone": said.phone})
    own = (Known(said.name.strip()),) if len(said.name.strip()) > 1 else ()
    words = await screened({"needs": said.needs, "question": said.question}, said.said, own)
    return replace(said, **words.texts, said=NOTHING)


def as_told(name: str, phone: str) -> str:
    """Name and number, the same in whatever way they are written: two people of one office are two."""
    return "".join(unicodedata.normalize("NFKC", name).split()) + Phone.parse(phone).digits
