"""What was printed of a review for its table: collected and disposed of, or called to mind once."""

import contextlib
from datetime import datetime

from bot.domain.events import Event
from bot.domain.refusals import NotFound
from bot.domain.retention import Destroyed
from bot.domain.review import Stage
from bot.domain.review_access import Paper
from bot.domain.review_papers import OVER
from bot.domain.staff import THE_CLOCK, Actor, Role
from bot.store.database import Reading, Transaction
from bot.usecases import review_desk, review_rights
from bot.usecases.desk import Desk
from bot.usecases.review_desk import tell
from bot.usecases.review_rights import entitled


async def collect(desk: Desk, actor: Actor, review_id: str) -> None:
    """Note that what was printed of a review was collected and disposed of; pressed twice, once.

    Raises `NotInvited`, `NotFound` where nothing was printed, and `NotNow` before the review is over.
    """
    async with desk.db.transaction(actor) as tx:
        review, consultation = await entitled(desk, tx, actor, review_id, Paper.WRITE_NOTES)
        if await tx.review_papers.prints(review.id) is None:
            raise NotFound
        review.must_be(*OVER)
        if await tx.review_papers.collected(review.id):
            await tx.audit.record(Event.PAPERS_COLLECTED, consultation.id, review=review.id)


async def sweep(desk: Desk) -> None:
    """Ask whoever convened, once and while the desk is open, for prints that nobody noted as collected."""
    async with desk.db.reading() as ask:
        if not desk.organisation.calendar.is_open(ask.now):
            return
        due = [each for each in await ask.review_papers.prints_unasked() if await _is_due(ask, desk, each)]
    for review_id in due:
        with contextlib.suppress(Destroyed):
            async with desk.db.transaction(THE_CLOCK) as tx:
                await _ask(tx, desk, review_id)


async def _is_due(ask: Reading | Transaction, desk: Desk, review_id: str) -> bool:
    """Whether the desk has opened again since they were needed."""
    since = await _needed_until(ask, desk, review_id)
    return since is not None and desk.next_morning(since) <= ask.now


async def _needed_until(ask: Reading | Transaction, desk: Desk, review_id: str) -> datetime | None:
    """When nobody needed them any more: its record is settled, or nobody may read its papers any more; None: not yet."""
    review, prints = await ask.reviews.get(review_id), await ask.review_papers.prints(review_id)
    if prints is None or not prints.out or review.stage not in OVER:
        return None
    settled = await ask.review_papers.approved_at(review.id) if review.stage is Stage.APPROVED else None
    over = settled or await review_rights.until(desk, ask, review)
    return None if over is None else max(over, prints.printed_at)


async def _ask(tx: Transaction, desk: Desk, review_id: str) -> None:
    review, _ = await review_desk.both(tx, review_id)
    prints = await tx.review_papers.prints(review.id)
    if prints is None or not await _is_due(tx, desk, review.id):
        return
    if await tx.review_papers.asked_for_prints(review.id):
        convenes = Role.COORDINATOR in await tx.staff.roles_of(review.convener)
        to = review.convener if convenes else desk.organisation.channels.coordinators
        await tell(tx, to, "papers_out", review, prints.printed_at.isoformat())
