"""A review while it is held: what it opens with, one step after the other, its end; and what is said just before and after."""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain import review_access, timeline
from bot.domain.consultation import Consultation
from bot.domain.events import Event
from bot.domain.retention import Destroyed
from bot.domain.review import NotNow, Review, Seat, Stage
from bot.domain.review_access import Paper
from bot.domain.review_papers import (
    EARLY,
    Attended,
    NotYet,
    Sitting,
    Step,
    begun,
    going_on,
    honorarium,
    minutes_of,
    timetable,
)
from bot.domain.staff import THE_CLOCK, Actor
from bot.store.database import Reading, Transaction
from bot.usecases import review_desk, review_rights
from bot.usecases.desk import Desk
from bot.usecases.review_desk import steps_of, tell
from bot.usecases.review_rights import entitled

TOLD_BEFORE = timedelta(days=1)  # what one's role asks of one
Do = Callable[[Transaction, Desk, Review, Consultation], Awaitable[None]]
HELD = frozenset({Stage.FIXED, Stage.HELD, Stage.APPROVED})


@dataclass(frozen=True, slots=True)
class Room:
    """A review as somebody who sits in it sees it. `step`: which of `steps` it is at, None before it began."""

    review: Review
    consultation: Consultation
    seat: Seat | None
    steps: tuple[Step, ...]
    step: int | None
    over: bool
    brief: bool
    leads: bool = False
    writes: bool = False


async def enter(desk: Desk, actor: Actor, review_id: str) -> Room:
    """Open what a review begins with. It tells the question of the case: the opening stands in the trail."""
    async with desk.db.transaction(actor) as tx:
        review, consultation = await review_desk.both(tx, review_id)
        of = await review_rights.must(desk, tx, actor, Paper.SIT, review, consultation)
        if review.stage not in HELD or review.starts_at is None or review.ends_at is None:
            raise NotNow(review.stage)
        await tx.audit.record(Event.WORDS_READ, consultation.id, why="review")
        seats = await tx.reviews.there(review.id)
        sitting = begun(await tx.review_papers.sitting(review.id), review)
        drawn = drawn_steps(review, sitting)
        return Room(
            review,
            consultation,
            next((each for each in seats if each.staff == actor.id), None),
            tuple(drawn),
            None if sitting is None else sitting.step,
            over=review.stage is not Stage.FIXED or (sitting is not None and sitting.ended_at is not None),
            brief=await tx.review_papers.has_approved_brief(review.id),
            leads=review_access.may(Paper.LEAD, of),
            writes=review_access.may(Paper.WRITE_NOTES, of),
        )


def drawn_steps(review: Review, sitting: Sitting | None) -> list[Step]:
    """The steps that lie ahead, the one it is at first; before it began, all of them."""
    starts_at, ends_at = review.starts_at, review.ends_at
    if starts_at is None or ends_at is None:
        return []
    steps = steps_of(review.plan.format, review.plan.minutes)
    if sitting is None:
        return timetable(steps, ends_at, starts_at)
    return timetable(steps, ends_at, sitting.step_at, sitting.step)


async def begin(desk: Desk, actor: Actor, review_id: str) -> None:
    """Let a review begin: its steps are drawn so that it ends when it was promised to. Whoever leads sees them pass."""
    async with desk.db.transaction(actor) as tx:
        review, consultation = await entitled(desk, tx, actor, review_id, Paper.LEAD)
        if begun(await tx.review_papers.sitting(review.id), review) is not None:
            return
        if review.stage is not Stage.FIXED or review.starts_at is None or review.ends_at is None:
            raise NotNow(review.stage)
        if tx.now < review.starts_at - EARLY:
            raise NotYet(review.starts_at - EARLY)
        if tx.now >= review.ends_at:  # the clock says in a moment that it was held
            return
        await tx.review_papers.rise(review.id)
        sitting = Sitting(review.id, tx.now, actor.id, 0, tx.now)
        await tx.review_papers.sit(sitting)
        await tx.audit.record(Event.SITTING_BEGUN, consultation.id, review=review.id)
        await _card(tx, review, sitting)
        await review_desk.show(tx, await _people(tx, review))


async def go_on(desk: Desk, actor: Actor, review_id: str, step: int) -> None:
    """Go on from this step to the next one; the time that is left is shared by the steps that are left."""
    async with desk.db.transaction(actor) as tx:
        review, _, sitting = await _led(desk, tx, actor, review_id)
        last = len(steps_of(review.plan.format, review.plan.minutes)) - 1
        if sitting.ended_at is not None or sitting.step != step or step >= last:
            return
        sitting = replace(sitting, step=step + 1, step_at=tx.now)
        await tx.review_papers.sit(sitting)
        await _card(tx, review, sitting)


async def end(desk: Desk, actor: Actor, review_id: str) -> None:
    """Let a review end, before its time or at it."""
    async with desk.db.transaction(actor) as tx:
        review, consultation, sitting = await _led(desk, tx, actor, review_id)
        if sitting.ended_at is None:
            await _ended(tx, desk, review, consultation, replace(sitting, ended_at=tx.now))


async def _led(
    desk: Desk, tx: Transaction, actor: Actor, review_id: str
) -> tuple[Review, Consultation, Sitting]:
    """Give a review that has begun to whoever leads it, or raise `NotNow`."""
    review, consultation = await entitled(desk, tx, actor, review_id, Paper.LEAD)
    sitting = begun(await tx.review_papers.sitting(review.id), review)
    if sitting is None:
        raise NotNow(review.stage)
    return review, consultation, sitting


async def _ended(
    tx: Transaction, desk: Desk, review: Review, consultation: Consultation, sitting: Sitting
) -> None:
    """It is over: who was there is noted as it was planned, the presenter is thanked, the record is asked for."""
    at = sitting.ended_at or tx.now
    await tx.review_papers.sit(sitting)
    await tx.audit.record(Event.SITTING_ENDED, consultation.id, review=review.id)
    if review.stage is Stage.FIXED:
        review = await tx.reviews.move(review, review.to(Stage.HELD, ended_at=at))
        await tx.audit.record(Event.REVIEW_HELD, consultation.id, review=review.id)
    seats = [each for each in await tx.reviews.seats(review.id) if each.attends]
    minutes = minutes_of(sitting.begun_at, review.starts_at, at)
    if not await tx.review_papers.attended(review.id):
        await tx.review_papers.attend(review.id, [await attended(tx, each.staff, minutes) for each in seats])
    presenters = {each.staff for each in seats if each.role == "presenter"} | {consultation.counselor}
    for person in sorted(each for each in presenters if each):
        await tell(tx, person, "review_thanks", review, "")
    writers = {each.staff for each in seats if each.role == "board_writer"}
    for person in sorted(writers or {each.staff for each in seats if each.role == "facilitator"}):
        await tell(tx, person, "notes_wanted", review, "")
    await review_desk.tell_coordinators(tx, desk, "notes_wanted", review, "")
    await _card(tx, review, sitting)
    await review_desk.show(tx, await _people(tx, review))


async def attended(ask: Reading | Transaction, staff: str, minutes: int) -> Attended:
    """Somebody who was there so long, with what is owed for it."""
    return Attended(staff, minutes, honorarium((await ask.experts.get(staff)).honorarium, minutes))


async def _card(tx: Transaction, review: Review, sitting: Sitting) -> None:
    """Let the one message about the steps show the present, with whoever leads."""
    seats = [each for each in await tx.reviews.seats(review.id) if each.attends]
    leads = {each.staff for each in seats if each.role in {"facilitator", "timekeeper"}}
    for person in sorted(leads or {sitting.begun_by} - {THE_CLOCK.id}):
        await tx.outbox.card(
            "sitting_steps",
            to=person,
            subject=f"{review.id}/{person}/steps",
            review=review.id,
            consultation=review.consultation,
        )


async def _people(tx: Transaction, review: Review) -> list[str]:
    return [each.staff for each in await tx.reviews.there(review.id)]


# The clock


async def sweep(desk: Desk) -> None:
    """Tell those who come what their role asks of them, let steps pass, and let what is over be over."""
    async with desk.db.reading() as ask:
        coming = [each.id for each in await ask.reviews.before_us(ask.now) if await _to_tell(ask, desk, each)]
        running = [each for each in await ask.review_papers.running() if await _passes(ask, each)]
        over = await ask.review_papers.over_unsaid()
    for review_id in coming:
        await _ring(desk, review_id, _tell_roles)
    for review_id in running:
        await _ring(desk, review_id, _go_on)
    for review_id in over:
        await _ring(desk, review_id, _was_held)


async def _ring(desk: Desk, review_id: str, do: Do) -> None:
    with contextlib.suppress(Destroyed):
        async with desk.db.transaction(THE_CLOCK) as tx:
            await do(tx, desk, *await review_desk.both(tx, review_id))


async def _to_tell(ask: Reading | Transaction, desk: Desk, review: Review) -> list[Seat]:
    """Who comes within a day and has not heard what their role asks of them; nobody at night."""
    if review.stage is not Stage.FIXED or review.starts_at is None:
        return []
    if not review.starts_at - TOLD_BEFORE <= ask.now < review.starts_at:
        return []
    if timeline.put_off(ask.now, desk.organisation.trainings.quiet, review.starts_at - EARLY):
        return []
    told = review.starts_at.isoformat()
    return [
        each
        for each in await ask.reviews.seats(review.id)
        if each.attends
        and not await ask.outbox.has(review_desk.key_of("review_role", review, each.staff, told))
    ]


async def _tell_roles(tx: Transaction, desk: Desk, review: Review, _consultation: Consultation) -> None:
    for each in await _to_tell(tx, desk, review):
        at = review.starts_at.isoformat() if review.starts_at else ""
        await tell(tx, each.staff, "review_role", review, at)


async def _passes(ask: Reading, review_id: str) -> bool:
    review, sitting = await ask.reviews.get(review_id), await ask.review_papers.sitting(review_id)
    return sitting is not None and (
        begun(sitting, review) is None or _now(review, sitting, ask.now) != sitting
    )


def _now(review: Review, sitting: Sitting, now: datetime) -> Sitting:
    """Where it has come to: a later step, or its end."""
    ends_at = review.ends_at
    if review.stage is not Stage.FIXED or ends_at is None or now >= ends_at:
        return replace(sitting, ended_at=min(now, ends_at) if ends_at else now)
    return going_on(sitting, steps_of(review.plan.format, review.plan.minutes), ends_at, now)


async def _go_on(tx: Transaction, desk: Desk, review: Review, consultation: Consultation) -> None:
    sitting = await tx.review_papers.sitting(review.id)
    if sitting is None or sitting.ended_at is not None:
        return
    if begun(sitting, review) is None:  # called off, asked about again, or moved
        await tx.review_papers.rise(review.id)
        await _card(tx, review, sitting)
        return
    now = _now(review, sitting, tx.now)
    if now.ended_at is not None:
        await _ended(tx, desk, review, consultation, now)
    elif now != sitting:
        await tx.review_papers.sit(now)
        await _card(tx, review, now)


async def _was_held(tx: Transaction, desk: Desk, review: Review, consultation: Consultation) -> None:
    """Its time is over, and nobody began it here: it was held all the same."""
    if await tx.review_papers.sitting(review.id) is None and review.starts_at and review.ends_at:
        sitting = Sitting(
            review.id, review.starts_at, THE_CLOCK.id, 0, review.starts_at, ended_at=review.ends_at
        )
        await _ended(tx, desk, review, consultation, sitting)
