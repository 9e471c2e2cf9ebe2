"""ケース検討会, from its time on: fixed, moved, called off; who cannot come after all, who steps in, who leaves the desk."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from bot import codes
from bot.domain import choosing
from bot.domain.business_time import fiscal_year
from bot.domain.consultation import Consultation
from bot.domain.events import Event
from bot.domain.refusals import Missing, NotFound
from bot.domain.review import (
    OPEN,
    Answer,
    Clash,
    Discipline,
    NotInvited,
    NotNow,
    Part,
    PollOpen,
    Review,
    Says,
    Seat,
    SlotFails,
    Stage,
)
from bot.domain.staff import Actor
from bot.store.database import Transaction
from bot.usecases import review_desk
from bot.usecases.desk import Desk
from bot.usecases.review_desk import ask_again, both, held, send_calendar, show, tell
from bot.usecases.review_polls import own_seat, tell_if_complete

COULD = 3  # how many who could step in are named
PRESENTER = "presenter"


async def fix(desk: Desk, actor: Actor, review_id: str, slot_id: str, *, sees: Stage | None = None) -> Review:
    """Fix a slot, or move the review to another one; everybody invited hears of it.

    `sees`: the stage whoever asks has before them, where they have; a time somebody else fixed meanwhile is not moved by it.
    Whoever is to come is held while it is looked whether they are free, so that nobody is given two times at once.
    """
    async with desk.db.transaction(actor) as tx:
        review, consultation = await held(tx, actor, review_id)
        slot = next((each for each in await tx.reviews.slots(review.id) if each.id == slot_id), None)
        if slot is None or slot.withdrawn:
            raise NotFound
        if review.stage is Stage.FIXED and review.starts_at == slot.starts_at:
            return review  # pressed twice
        if sees is not None and sees is not review.stage:
            raise NotNow(review.stage)
        seats = await tx.reviews.there(review.id)
        await tx.reviews.open_diaries(each.staff for each in seats)
        board = await review_desk.board_of(tx, review, consultation)
        moved = review.stage is Stage.FIXED
        fixed = review.to(
            Stage.FIXED,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            fiscal_year=fiscal_year(slot.starts_at),  # it counts in the year in which it is held
            edition=review.edition + 1,
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
        return await called_off(tx, review, consultation, because)


async def called_off(tx: Transaction, review: Review, consultation: Consultation, because: str) -> Review:
    """It is not held, for this reason: everybody who was asked hears of it."""
    over = review.to(Stage.CANCELLED, ended_at=tx.now, ended_because=because, edition=review.edition + 1)
    over = await tx.reviews.move(review, over)
    await tx.audit.record(Event.REVIEW_CANCELLED, consultation.id, review=over.id, because=because)
    seats = [each for each in await tx.reviews.there(review.id) if each.invited_at]
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
        review.must_be(*OPEN)
        await _leaves(tx, desk, review, own, "cannot")


async def step_in(desk: Desk, actor: Actor, review_id: str, staff: str) -> None:
    """Ask somebody to step in for a review whose time is fixed."""
    async with desk.db.transaction(actor) as tx:
        review, consultation = await held(tx, actor, review_id)
        review.must_be(Stage.FIXED)
        await _ask_to_step_in(tx, review, consultation, staff)


async def reseat(
    tx: Transaction,
    desk: Desk,
    review: Review,
    consultation: Consultation,
    staff: str,
    *,
    asked: str | None,
    role: str | None,
) -> None:
    """Change who comes at the time that was fixed, and what they do; as `reviews.seat` does before."""
    seats = {each.staff: each for each in await tx.reviews.seats(review.id)}
    before = seats.get(staff)
    comes = before is not None and before.there and before.part is not Part.SPARED
    if not comes or before is None:
        if asked not in {None, "none"}:
            await _ask_to_step_in(tx, review, consultation, staff, required=asked == "required")
        return
    if asked == "none":
        await _leaves(tx, desk, review, before, "spared")
        return
    required = before.required if asked is None else asked == "required"
    now = replace(before, required=required, role=role or before.role)
    if now != before:
        await tx.reviews.invite(review.id, now)
        await tx.audit.record(Event.REVIEW_SEATED, consultation.id, review=review.id, staff=staff)
        await ask_again(tx, review, staff)
        await show(tx, (staff,))


async def _ask_to_step_in(
    tx: Transaction, review: Review, consultation: Consultation, staff: str, *, required: bool = False
) -> None:
    if review.starts_at is None or review.ends_at is None:
        raise NotNow(review.stage)
    seats = {each.staff: each for each in await tx.reviews.seats(review.id)}
    before = seats.get(staff)
    if before and before.there and before.part is not Part.SPARED:
        return
    review_desk.must_have_room(seats.values(), staff)
    member = await review_desk.choosable(tx, review, consultation, staff)
    if member.taken(review.starts_at, review.ends_at):
        raise Clash("", staff)
    role = before.role if before else _role_left(seats.values(), member.discipline)
    seat = Seat(staff, member.discipline, role, required, invited_at=tx.now)
    await tx.reviews.invite(review.id, seat)
    await tx.audit.record(Event.REVIEW_SEATED, consultation.id, review=review.id, staff=staff)
    await tell(tx, staff, "review_step_in", review, f"{review.edition}:{tx.now.isoformat()}")
    if before is not None and before.invited_at is not None:
        await ask_again(tx, review, staff)
    await show(tx, (staff,))


def _role_left(seats: Iterable[Seat], discipline: Discipline) -> str:
    """What somebody of that discipline was to do who left last, where nobody does it now."""
    every = list(seats)
    done = {each.role for each in every if each.there} | {PRESENTER}
    left = [
        each for each in every if each.left_at and each.discipline is discipline and each.role not in done
    ]
    return max(left, key=lambda each: str(each.left_at)).role if left else "participant"


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
        for slot in await tx.reviews.slots(review.id):
            if slot.starts_at == review.starts_at:  # what they said to it, should it be asked about again
                await tx.reviews.answer(review, Answer(slot.id, actor.id, Says.YES, tx.now))
        await tx.audit.record(Event.REVIEW_ANSWERED, consultation.id, review=review.id)
        await review_desk.tell_coordinators(
            tx, desk, "review_accepted", review, f"{actor.id}:{review.edition}", who=actor.id
        )
        await ask_again(tx, review, actor.id)
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


async def bring(tx: Transaction, review: Review, consultation: Consultation) -> None:
    """Whoever holds the consultation is asked to bring it, where they may sit in its review."""
    members = await review_desk.members_of(tx, review, consultation)
    holder = next((each for each in members if each.staff == consultation.counselor), None)
    if holder is None or holder.conflict is not None:
        return
    seats = {each.staff: each for each in await tx.reviews.seats(review.id)}
    before = seats.get(holder.staff)
    if before is not None and before.there and before.part is not Part.SPARED:
        seat = replace(before, role=PRESENTER, required=True)
    else:
        invited = None if review.stage is Stage.PLANNED else tx.now
        seat = Seat(holder.staff, holder.discipline, PRESENTER, required=True, invited_at=invited)
        if review.stage is Stage.FIXED:
            await tell(tx, seat.staff, "review_step_in", review, f"{review.edition}:{tx.now.isoformat()}")
    await tx.reviews.invite(review.id, seat)
    if review.stage is Stage.POLLING:
        await ask_again(tx, review, seat.staff)
    await show(tx, (seat.staff,))


async def follow(tx: Transaction, desk: Desk, before: Consultation, after: Consultation) -> None:
    """A consultation has another holder, or none: whoever held it brings it to no review any more, the new one does.

    A presenter whom the coordinators chose beside the holder stays.
    """
    if before.counselor == after.counselor:
        return
    for each in await tx.reviews.of_consultation(after.id):
        if each.stage not in OPEN:
            continue
        review = await tx.reviews.get(each.id)
        presenters = [one for one in await tx.reviews.there(review.id) if one.role == PRESENTER]
        for seat in presenters:
            if seat.staff == before.counselor:
                review = await _leaves(tx, desk, review, seat, "handed")
        if all(one.staff == before.counselor for one in presenters):
            await bring(tx, review, after)


async def _leaves(tx: Transaction, desk: Desk, review: Review, seat: Seat, why: str) -> Review:
    """Take somebody out of a review, and say to the coordinators what that means for it."""
    if seat.attends:
        review = await tx.reviews.move(review, replace(review, edition=review.edition + 1))
    await tx.reviews.invite(review.id, replace(seat, left_at=tx.now, left_because=why))
    await tx.audit.record(Event.REVIEW_LEFT, review.consultation, review=review.id, staff=seat.staff, why=why)
    consultation = await tx.consultations.get(review.consultation)
    board = await review_desk.board_of(tx, review, consultation)
    if why != "spared":  # that is what a coordinator chose
        await review_desk.tell_coordinators(
            tx,
            desk,
            "review_left",
            review,
            f"{seat.staff}:{tx.now.isoformat()}",
            who=seat.staff,
            why=why,
            required=seat.required and why != "handed",
            short=short_of(review, board.seats),
            could=await _could(tx, board, seat) if why != "handed" else [],
        )
    if why != "gone" and seat.invited_at is not None:
        await ask_again(tx, review, seat.staff)
        if why != "cannot":
            await tell(tx, seat.staff, "review_spared", review, str(review.edition), why=why)
        if seat.attends:
            await send_calendar(tx, seat.staff, review)
    await tell_if_complete(tx, desk, review)
    await show(tx, (seat.staff,))
    return review


async def _could(tx: Transaction, board: review_desk.Board, left: Seat) -> list[str]:
    """Who of the same discipline could step in at the time that was fixed: who sat least first."""
    review = board.review
    if review.stage is not Stage.FIXED or review.starts_at is None or review.ends_at is None:
        return []
    slots = {each.id for each in board.slots if each.starts_at == review.starts_at}
    cannot = {
        each.staff for each in await tx.reviews.answers(review) if each.slot in slots and each.says is Says.NO
    }
    coming = {each.staff for each in board.there if each.part is not Part.SPARED}
    others = [each for each in board.members if each.staff not in cannot | coming | {left.staff}]
    able = choosing.open_at(others, review.starts_at, review.ends_at)
    return [each.staff for each in able if each.discipline is left.discipline][:COULD]


def short_of(review: Review, seats: Iterable[Seat]) -> list[str]:
    """What the quorum lacks with those who come, or who can still be asked before a time is fixed: `psychology:1`."""
    fixed = review.stage is Stage.FIXED
    there = [str(each.discipline) for each in seats if (each.attends if fixed else each.there)]
    missing = {name: many - there.count(name) for name, many in sorted(review.plan.quorum.items())}
    return [f"{name}:{many}" for name, many in missing.items() if many > 0]
