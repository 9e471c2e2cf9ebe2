"""ケース検討会, from its time on: fixed, moved, called off; who cannot come after all, who steps in, who leaves the desk."""

import contextlib
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta

from bot import codes
from bot.domain import choosing, timeline
from bot.domain.consultation import Consultation, Status
from bot.domain.events import Event
from bot.domain.refusals import Missing, NotFound
from bot.domain.retention import Destroyed
from bot.domain.review import (
    OPEN,
    PEOPLE,
    Clash,
    Discipline,
    Full,
    NotChoosable,
    NotInvited,
    NotNow,
    Part,
    PollOpen,
    Review,
    Seat,
    SlotFails,
    Stage,
)
from bot.domain.staff import THE_CLOCK, Actor
from bot.store.database import Reading, Transaction
from bot.usecases import review_desk
from bot.usecases.desk import TOKYO, Desk
from bot.usecases.review_desk import ask_again, both, held, send_calendar, show, tell
from bot.usecases.review_polls import own_seat, tell_if_complete, told_for

REMINDED = timedelta(days=3)  # before the deadline, from then on once a day
COULD = 3  # how many who could step in are named
GONE = frozenset({Status.WITHDRAWN, Status.MERGED})


async def fix(desk: Desk, actor: Actor, review_id: str, slot_id: str) -> Review:
    """Fix a slot, or move the review to another one; everybody invited hears of it.

    Whoever is to come is held while it is looked whether they are free, so that nobody is given two times at once.
    """
    async with desk.db.transaction(actor) as tx:
        review, consultation = await held(tx, actor, review_id)
        slot = next((each for each in await tx.reviews.slots(review.id) if each.id == slot_id), None)
        if slot is None or slot.withdrawn:
            raise NotFound
        if review.stage is Stage.FIXED and review.starts_at == slot.starts_at:
            return review  # pressed twice
        seats = [each for each in await tx.reviews.seats(review.id) if each.there]
        await tx.reviews.open_diaries(each.staff for each in seats)
        board = await review_desk.board_of(tx, review, consultation)
        moved = review.stage is Stage.FIXED
        fixed = review.to(
            Stage.FIXED, starts_at=slot.starts_at, ends_at=slot.ends_at, edition=review.edition + 1
        )
        if not board.told:
            raise PollOpen
        choice = next((each for each in board.ranked if each.slot.id == slot.id), None)
        if choice is None or not choice.holds:
            raise SlotFails
        fixed = await tx.reviews.move(review, fixed)
        event = Event.REVIEW_MOVED if moved else Event.REVIEW_FIXED
        await tx.audit.record(event, consultation.id, review=fixed.id, starts_at=slot.starts_at)
        for each in seats:
            await _placed(tx, fixed, each, choice)
        await show(tx, (each.staff for each in seats))
    return fixed


async def _placed(tx: Transaction, review: Review, seat: Seat, choice: choosing.Choice) -> None:
    """Say to somebody invited what they do at the time that was fixed."""
    part = Part.SPARED
    if seat.staff in choice.chosen:
        part = Part.CHOSEN
    elif seat.staff in choice.welcome:
        part = Part.WELCOME
    placed = replace(seat, part=part)
    await tx.reviews.invite(review.id, placed)
    await tell(tx, seat.staff, "review_fixed", review, str(review.edition), moved=seat.attends)
    await ask_again(tx, review, seat.staff)
    if placed.attends or seat.attends:
        await send_calendar(tx, seat.staff, review)


async def cancel(desk: Desk, actor: Actor, review_id: str, because: str | None) -> Review:
    """Call a review off, for a reason of the list; everybody who was asked hears of it."""
    if because is None or because not in codes.load("review_cancel_reasons"):
        raise Missing("because")
    async with desk.db.transaction(actor) as tx:
        review, consultation = await held(tx, actor, review_id)
        if review.stage is Stage.CANCELLED:
            return review
        return await _cancelled(tx, review, consultation, because)


async def _cancelled(tx: Transaction, review: Review, consultation: Consultation, because: str) -> Review:
    over = review.to(Stage.CANCELLED, ended_at=tx.now, ended_because=because, edition=review.edition + 1)
    over = await tx.reviews.move(review, over)
    await tx.audit.record(Event.REVIEW_CANCELLED, consultation.id, review=over.id, because=because)
    seats = [each for each in await tx.reviews.seats(review.id) if each.there and each.invited_at]
    for each in seats:
        await tell(tx, each.staff, "review_cancelled", over, str(over.edition))
        await ask_again(tx, over, each.staff)
        if each.attends:
            await send_calendar(tx, each.staff, over)
    await show(tx, (each.staff for each in seats))
    return over


async def decline(desk: Desk, actor: Actor, review_id: str) -> None:
    """Somebody invited cannot come after all; the coordinators hear what is missing now, and who could step in."""
    async with desk.db.transaction(actor) as tx:
        review, _ = await both(tx, review_id)
        seats = {each.staff: each for each in await tx.reviews.seats(review.id)}
        own = seats.get(actor.id)
        if own is None or own.invited_at is None:
            raise NotInvited
        if not own.there:
            return
        if review.stage not in OPEN:
            raise NotNow(review.stage)
        await _leaves(tx, desk, review, own, "cannot")


async def step_in(desk: Desk, actor: Actor, review_id: str, staff: str) -> None:
    """Ask somebody to step in for a review whose time is fixed."""
    async with desk.db.transaction(actor) as tx:
        review, consultation = await held(tx, actor, review_id)
        if review.stage is not Stage.FIXED or review.starts_at is None or review.ends_at is None:
            raise NotNow(review.stage)
        seats = {each.staff: each for each in await tx.reviews.seats(review.id)}
        before = seats.get(staff)
        if before and before.there and (before.attends or before.part is Part.ASKED):
            return
        if sum(each.there for each in seats.values()) >= PEOPLE:
            raise Full("", PEOPLE)
        members = await review_desk.members_of(tx, review, consultation)
        member = next((each for each in members if each.staff == staff), None)
        if member is None or member.conflict:
            raise NotChoosable(member.conflict if member and member.conflict else "gone")
        if member.taken(review.starts_at, review.ends_at):
            raise Clash("", staff)
        seat = Seat(staff, member.discipline, before.role if before else "participant", invited_at=tx.now)
        await tx.reviews.invite(review.id, seat)
        await tx.audit.record(Event.REVIEW_SEATED, consultation.id, review=review.id, staff=staff)
        await tell(tx, staff, "review_step_in", review, f"{review.edition}:{tx.now.isoformat()}")
        await show(tx, (staff,))


async def accept(desk: Desk, actor: Actor, review_id: str) -> None:
    """Somebody who was asked to step in comes. Their time is held while it is looked whether it is free."""
    async with desk.db.transaction(actor) as tx:
        review, consultation = await both(tx, review_id)
        own = await own_seat(tx, review, actor)
        if review.stage is not Stage.FIXED or review.starts_at is None or review.ends_at is None:
            raise NotNow(review.stage)
        if own.attends:
            return
        if own.part is not Part.ASKED:
            raise NotInvited
        await tx.reviews.open_diaries([actor.id])
        for each in await tx.reviews.times(tx.now):
            at_once = each.starts_at < review.ends_at and review.starts_at < each.ends_at
            if each.staff == actor.id and each.review != review.id and at_once:
                raise Clash("", actor.id)
        review = await tx.reviews.move(review, replace(review, edition=review.edition + 1))
        await tx.reviews.invite(review.id, replace(own, part=Part.CHOSEN, answered_at=tx.now))
        await tx.audit.record(Event.REVIEW_ANSWERED, consultation.id, review=review.id)
        await review_desk.tell_coordinators(
            tx, desk, "review_accepted", review, f"{actor.id}:{review.edition}", who=actor.id
        )
        await send_calendar(tx, actor.id, review)
        await show(tx, (actor.id,))


async def leave(tx: Transaction, desk: Desk, person: str, brings: Collection[Discipline]) -> None:
    """Somebody holds fewer roles than before: they leave every open review to which they bring nothing any more."""
    for review_id, consultation_id in await tx.reviews.open_seats(person):
        await tx.consultations.get(consultation_id)
        review = await tx.reviews.get(review_id)
        seats = {each.staff: each for each in await tx.reviews.seats(review_id)}
        if seats[person].discipline not in brings:
            await _leaves(tx, desk, review, seats[person], "gone")


async def _leaves(tx: Transaction, desk: Desk, review: Review, seat: Seat, why: str) -> None:
    """Take somebody out of a review, and say to the coordinators what that means for it."""
    if seat.attends:
        review = await tx.reviews.move(review, replace(review, edition=review.edition + 1))
    await tx.reviews.invite(review.id, replace(seat, left_at=tx.now, left_because=why))
    await tx.audit.record(Event.REVIEW_LEFT, review.consultation, review=review.id, staff=seat.staff, why=why)
    consultation = await tx.consultations.get(review.consultation)
    board = await review_desk.board_of(tx, review, consultation)
    could = []
    if review.stage is Stage.FIXED and review.starts_at and review.ends_at:
        there = {each.staff for each in board.there} | {seat.staff}
        others = [each for each in board.members if each.staff not in there]
        able = choosing.open_at(others, review.starts_at, review.ends_at)
        able = [each for each in able if each.discipline is seat.discipline]
        could = [each.staff for each in able[:COULD]]
    await review_desk.tell_coordinators(
        tx,
        desk,
        "review_left",
        review,
        f"{seat.staff}:{tx.now.isoformat()}",
        who=seat.staff,
        why=why,
        required=seat.required,
        short=short_of(review, board.seats),
        could=could,
    )
    if why == "cannot":
        await ask_again(tx, review, seat.staff)
        if seat.attends:
            await send_calendar(tx, seat.staff, review)
    await tell_if_complete(tx, desk, review)
    await show(tx, (seat.staff,))


def short_of(review: Review, seats: Iterable[Seat]) -> list[str]:
    """What the quorum lacks with those who come, or who can still be asked before a time is fixed: `psychology:1`."""
    fixed = review.stage is Stage.FIXED
    there = [str(each.discipline) for each in seats if (each.attends if fixed else each.there)]
    missing = {name: many - there.count(name) for name, many in sorted(review.plan.quorum.items())}
    return [f"{name}:{many}" for name, many in missing.items() if many > 0]


# The clock


async def sweep(desk: Desk) -> None:
    """Do what has fallen due: polls that end, reminders, reviews that are over, consultations that were withdrawn."""
    async with desk.db.reading() as ask:
        due = [each.id for each in await ask.reviews.before_us(ask.now) if await _is_due(ask, desk, each)]
    for review_id in due:
        with contextlib.suppress(Destroyed):
            async with desk.db.transaction(THE_CLOCK) as tx:
                await _ring(tx, desk, review_id)


async def _is_due(ask: Reading, desk: Desk, review: Review) -> bool:
    if review.stage not in OPEN:
        return False
    if (await ask.consultations.get(review.consultation)).status in GONE:
        return True
    if review.stage is Stage.FIXED:
        return review.ends_at is not None and review.ends_at <= ask.now
    if review.stage is not Stage.POLLING or review.deadline is None:
        return False
    seats = await ask.reviews.seats(review.id)
    if review.polled_until(ask.now):
        to = desk.organisation.channels.coordinators
        return not await ask.outbox.has(
            review_desk.key_of("review_ranked", review, to, told_for(review, seats))
        )
    return bool(await _to_remind(ask, desk, review, seats))


async def _ring(tx: Transaction, desk: Desk, review_id: str) -> None:
    review, consultation = await both(tx, review_id)
    if review.stage in OPEN and consultation.status in GONE:
        await _cancelled(tx, review, consultation, "withdrawn")
    elif review.stage is Stage.FIXED and review.ends_at and review.ends_at <= tx.now:
        over = await tx.reviews.move(review, review.to(Stage.HELD, ended_at=review.ends_at))
        await tx.audit.record(Event.REVIEW_HELD, consultation.id, review=over.id)
        await show(tx, (each.staff for each in await tx.reviews.seats(over.id) if each.there))
    elif review.stage is Stage.POLLING and review.deadline:
        if not review.polled_until(tx.now):
            await _remind(tx, desk, review)
        await tell_if_complete(tx, desk, review)


async def _to_remind(
    ask: Reading | Transaction, desk: Desk, review: Review, seats: Iterable[Seat]
) -> list[Seat]:
    """Who has not answered and is asked again now: once a day, never at night, not on the day they were asked on."""
    if review.deadline is None or review.deadline - REMINDED > ask.now:
        return []
    if timeline.put_off(ask.now, desk.organisation.trainings.quiet, review.deadline):
        return []
    today = ask.now.astimezone(TOKYO).date()
    silent = [each for each in seats if each.there and each.answered_at is None and each.invited_at]
    return [
        each
        for each in silent
        if each.invited_at
        and each.invited_at.astimezone(TOKYO).date() < today
        and not await ask.outbox.has(
            review_desk.key_of("review_reminder", review, each.staff, today.isoformat())
        )
    ]


async def _remind(tx: Transaction, desk: Desk, review: Review) -> None:
    today = tx.now.astimezone(TOKYO).date().isoformat()
    for each in await _to_remind(tx, desk, review, await tx.reviews.seats(review.id)):
        await tell(tx, each.staff, "review_reminder", review, today)
