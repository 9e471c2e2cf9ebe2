"""What the clock asks about ケース検討会: polls that end, reminders, reviews that are over or have nothing to be about."""

import contextlib
from collections.abc import Iterable
from datetime import timedelta

from bot.domain.business_time import TOKYO
from bot.domain.consultation import Status
from bot.domain.events import Event
from bot.domain.retention import Destroyed
from bot.domain.review import OPEN, Review, Seat, Stage
from bot.domain.staff import THE_CLOCK
from bot.store.database import Reading, Transaction
from bot.usecases import review_desk
from bot.usecases.desk import Desk
from bot.usecases.review_desk import both, show, tell
from bot.usecases.review_polls import tell_if_complete, told_for
from bot.usecases.review_times import called_off

REMINDED = timedelta(days=3)  # before the deadline, from then on once a day
GONE = frozenset({Status.WITHDRAWN, Status.MERGED})


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
        because = "merged" if consultation.status is Status.MERGED else "withdrawn"
        over = await called_off(tx, review, consultation, because)
        await review_desk.tell_coordinators(tx, desk, "review_cancelled", over, str(over.edition))
    elif review.stage is Stage.FIXED and review.ends_at and review.ends_at <= tx.now:
        over = await tx.reviews.move(review, review.to(Stage.HELD, ended_at=review.ends_at))
        await tx.audit.record(Event.REVIEW_HELD, consultation.id, review=over.id)
        await show(tx, (each.staff for each in await tx.reviews.there(over.id)))
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
    if ask.now in desk.organisation.trainings.quiet:
        return []
    today = ask.today
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
    today = tx.today.isoformat()
    for each in await _to_remind(tx, desk, review, await tx.reviews.seats(review.id)):
        await tell(tx, each.staff, "review_reminder", review, today)
