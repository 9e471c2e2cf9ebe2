"""When a review could be: times proposed, everybody invited asked, ○ △ × kept in private until all are there."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain import entitlement, panel
from bot.domain.consultation import Consultation
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.panel import Proposal
from bot.domain.refusals import InThePast, Missing, NotFound
from bot.domain.review import (
    OPEN,
    SLOTS,
    Answer,
    Answered,
    DeadlineTooLate,
    Full,
    NobodyInvited,
    NotInvited,
    Part,
    PollOver,
    Review,
    Says,
    Seat,
    Slot,
    Stage,
)
from bot.domain.staff import Actor
from bot.store.database import Transaction
from bot.usecases import review_desk
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import NOTHING, Desk, screened
from bot.usecases.review_desk import Board, ask_again, held, show, tell


def named(slot_id: str) -> str:
    """The name of the answer about a slot."""
    return f"slot_{slot_id}"


@dataclass(frozen=True, slots=True)
class Poll:
    """What somebody invited answers. `said`: their answers so far, by slot; `note`: their note."""

    review: Review
    consultation: Consultation
    seat: Seat
    slots: tuple[Slot, ...]
    said: Mapping[str, Says]
    note: str = ""


async def proposals(desk: Desk, actor: Actor, review_id: str) -> tuple[Board, list[Proposal]]:
    """Give times at which those invited could come, by what they stated and the desk's calendar."""
    async with desk.db.reading(actor) as ask:
        board = await review_desk.board(ask, actor, review_id)
    board.review.must_be(*OPEN)
    if not board.there:
        raise NobodyInvited
    invited = {each.staff for each in board.there}
    members = [each for each in board.members if each.staff in invited]
    required = [each.staff for each in board.there if each.required]
    there = {each.starts_at for each in board.slots if not each.withdrawn}
    calendar = desk.organisation.calendar
    found = panel.propose(calendar, members, required, board.review.length, board.now, there)
    return board, found


async def poll(
    desk: Desk,
    actor: Actor,
    review_id: str,
    starts: Sequence[datetime],
    own: datetime | None,
    deadline: datetime,
) -> Review:
    """Ask everybody invited which of these times suit them, for the first time or again.

    `starts`: those that were ticked, `own`: one more that was typed. Slots that are left out are withdrawn; what was
    said to the others stays. Whoever has not said something to all of them is asked anew, and everybody is where a time
    was fixed already.
    """
    async with desk.db.transaction(actor) as tx:
        review, consultation = await held(tx, actor, review_id)
        seats = await tx.reviews.there(review.id)
        if not seats:
            raise NobodyInvited("slots")
        there = await tx.reviews.slots(review.id)
        standing = {each.starts_at for each in there if not each.withdrawn}
        asked = {*starts, *([own] if own else [])}
        wanted = await _slots(tx, desk, review, consultation, seats, asked, own, standing)
        _must_leave_time(deadline, wanted, tx.now)
        if review.stage is Stage.POLLING and review.deadline == deadline and asked == standing:
            return review  # sent twice
        said = await tx.reviews.answers(review)
        edition = review.edition + int(review.stage is Stage.FIXED)
        polling = await tx.reviews.move(review, review.to(Stage.POLLING, deadline=deadline, edition=edition))
        offered = await _offered(tx, review, there, wanted)
        await tx.audit.record(Event.REVIEW_POLLED, consultation.id, review=review.id, slots=len(wanted))
        for each in seats:
            if each.attends:
                await review_desk.send_calendar(tx, each.staff, polling)  # what takes it out again
            told = offered <= {one.slot for one in said if one.staff == each.staff}
            done = review.stage is Stage.POLLING and each.answered_at is not None and told
            await _ask(tx, polling, each, anew=not done)
        await tell_if_complete(tx, desk, polling)
        await show(tx, (each.staff for each in seats))
    return polling


def _must_leave_time(deadline: datetime, wanted: Iterable[Slot], now: datetime) -> None:
    """Answers can still come, and come before the first of these times."""
    if deadline <= now:
        raise InThePast("deadline_on")
    if deadline > min(each.starts_at for each in wanted):
        raise DeadlineTooLate("deadline_on")


async def _offered(
    tx: Transaction, review: Review, there: Iterable[Slot], wanted: Iterable[Slot]
) -> set[str]:
    """Keep the wanted slots in place of those that are `there`; give their ids. One that comes back is the same one."""
    before = {each.starts_at: each for each in there}
    kept = {each.starts_at: replace(before.get(each.starts_at, each), withdrawn=False) for each in wanted}
    offered = await tx.reviews.offer(review.id, list(kept.values()))
    left = [replace(each, withdrawn=True) for start, each in before.items() if start not in kept]
    await tx.reviews.offer(review.id, left)
    return {each.id for each in offered}


async def _ask(tx: Transaction, review: Review, seat: Seat, *, anew: bool) -> None:
    """Let the poll of somebody invited show these slots. `anew`: what they said before does not answer all of them."""
    if anew and seat.invited_at:
        await tell(tx, seat.staff, "review_again", review, str(review.version))
    if anew:
        seat = replace(seat, invited_at=tx.now, answered_at=None, part=Part.ASKED)
    await tx.reviews.invite(review.id, seat)
    await ask_again(tx, review, seat.staff)


async def _slots(
    tx: Transaction,
    desk: Desk,
    review: Review,
    consultation: Consultation,
    seats: Sequence[Seat],
    starts: Collection[datetime],
    own: datetime | None,
    standing: Collection[datetime],
) -> list[Slot]:
    """The times to ask about. Nobody is asked about a new one at which they sit elsewhere; one that stands may stay."""
    if not starts:
        raise Missing("slots")
    if len(starts) > SLOTS:
        raise Full("slots", SLOTS)
    invited = {each.staff for each in seats}
    members = [
        each for each in await review_desk.members_of(tx, review, consultation) if each.staff in invited
    ]
    return [
        panel.fits(
            each,
            review.length,
            tx.now,
            desk.organisation.calendar,
            () if each in standing else members,
            "on" if each == own else "slots",
        )
        for each in sorted(starts)
    ]


async def close_poll(desk: Desk, actor: Actor, review_id: str) -> None:
    """Let the time to answer end now."""
    async with desk.db.transaction(actor) as tx:
        review, consultation = await held(tx, actor, review_id)
        review.must_be(Stage.POLLING)
        if review.polled_until(tx.now):
            return
        closed = await tx.reviews.move(review, replace(review, deadline=tx.now))
        await tx.audit.record(Event.REVIEW_CHANGED, consultation.id, review=review.id, closed=True)
        seats = await tx.reviews.there(review.id)
        for each in seats:
            await ask_again(tx, closed, each.staff)
        await tell_if_complete(tx, desk, closed)
        await show(tx, (each.staff for each in seats))


async def to_answer(
    desk: Desk, actor: Actor, review_id: str, *, staff: str | None = None, opened: bool = True
) -> Poll:
    """Give the poll to somebody invited. Where they open it they see the question of the case, and that is audited.

    `staff`: for whom a coordinator writes what they said on the telephone.
    """
    async with desk.db.transaction(actor) as tx:
        review, consultation = await review_desk.both(tx, review_id)
        own = await _answering(tx, review, consultation, actor, staff)
        _must_take_answers(review, tx.now)
        said = [each for each in await tx.reviews.answers(review) if each.staff == own.staff == actor.id]
        if opened:
            await tx.audit.record(Event.WORDS_READ, consultation.id, why="review")
        return Poll(
            review,
            consultation,
            own,
            tuple(each for each in await tx.reviews.slots(review.id) if not each.withdrawn),
            {each.slot: each.says for each in said},
            next((each.note for each in said if each.note), ""),
        )


async def answer(
    desk: Desk,
    actor: Actor,
    review_id: str,
    says: Mapping[str, Says],
    note: str = "",
    said: Confirmed = NOTHING,
    *,
    staff: str | None = None,
) -> None:
    """Say ○ △ or × to every slot; the last answer before the deadline counts. `staff`: as in `to_answer`."""
    words = await screened({"note": note}, said)
    async with desk.db.transaction(actor) as tx:
        review, consultation = await review_desk.both(tx, review_id)
        own = await _answering(tx, review, consultation, actor, staff)
        _must_take_answers(review, tx.now)
        slots = [each for each in await tx.reviews.slots(review.id) if not each.withdrawn]
        if not says.keys() <= {each.id for each in slots}:
            raise NotFound
        earlier = [each for each in await tx.reviews.answers(review) if each.staff == own.staff]
        for old in earlier:
            if old.note and old.slot not in says:
                await tx.reviews.answer(review, replace(old, note=""))  # one's note is the last one
        for number, each in enumerate(slots, 1):
            if each.id not in says:
                raise Missing(named(each.id))
            kept = words["note"] if number == 1 else ""
            await tx.reviews.answer(review, Answer(each.id, own.staff, says[each.id], tx.now, kept))
        await tx.reviews.invite(review.id, replace(own, answered_at=tx.now))
        await tx.audit.record(Event.REVIEW_ANSWERED, consultation.id, review=review.id, staff=own.staff)
        await ask_again(tx, review, own.staff)
        await tell_if_complete(tx, desk, review)
        await show(tx, (own.staff,))


async def tell_if_complete(tx: Transaction, desk: Desk, review: Review) -> None:
    """Let the coordinators know, once a poll, that everybody has answered or the deadline is over."""
    if review.stage is not Stage.POLLING:
        return
    seats = await tx.reviews.seats(review.id)
    if review.deadline is None or not review_desk.is_told(review, seats, tx.now):
        return
    consultation = await tx.consultations.get(review.consultation)
    board = await review_desk.board_of(tx, review, consultation)
    holds = [each for each in board.ranked if each.holds]
    await review_desk.tell_coordinators(
        tx,
        desk,
        "review_ranked",
        review,
        told_for(review, seats),
        best=holds[0].slot.starts_at if holds else None,
        holds=len(holds),
        silent=[each.staff for each in board.silent],
    )


def told_for(review: Review, seats: Iterable[Seat]) -> str:
    """What one word about the answers is for: a deadline, and so many people."""
    return f"{review.deadline.isoformat() if review.deadline else ''}:{sum(each.there for each in seats)}"


async def own_seat(tx: Transaction, review: Review, actor: Actor) -> Seat:
    """One's own seat, for who is still among those invited and still has a role for it."""
    if not actor.roles:
        raise NotInvited
    return await _seat_of(tx, review, actor.id)


async def _seat_of(tx: Transaction, review: Review, staff: str) -> Seat:
    """The seat of somebody who was asked and is still among those invited, or `NotInvited`."""
    there = await tx.reviews.there(review.id)
    seat = next((each for each in there if each.staff == staff and each.invited_at), None)
    if seat is None:
        raise NotInvited
    return seat


async def _answering(
    tx: Transaction, review: Review, consultation: Consultation, actor: Actor, staff: str | None
) -> Seat:
    """The seat whose answers are written. For somebody else only a coordinator writes, and never over their own words."""
    if staff is None or staff == actor.id:
        return await own_seat(tx, review, actor)
    entitlement.require(actor, Act.CONVENE, consultation)
    seat = await _seat_of(tx, review, staff)
    if seat.answered_at is not None:
        raise Answered
    return seat


def _must_take_answers(review: Review, now: datetime) -> None:
    review.must_be(Stage.POLLING)
    if review.polled_until(now):
        raise PollOver
