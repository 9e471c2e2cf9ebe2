"""社会資源の不足: noted by kind wherever a consultation is written about, and summed by region for those who act on it."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot import codes
from bot.domain import entitlement
from bot.domain.business_time import fiscal_year
from bot.domain.consultation import Consultation, Status
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.refusals import NotFound, TooLate
from bot.domain.review_access import Paper
from bot.domain.staff import Actor, Role
from bot.store.database import Reading, Transaction
from bot.store.gaps import Summed
from bot.usecases import review_rights
from bot.usecases.desk import Desk

SEE = frozenset({Role.COORDINATOR, Role.ORGANIZER})
HEARING, ACTIVITY, CLOSING, REVIEW = "hearing", "activity", "closing", "review"  # codes of `gap_sources`


async def note(tx: Transaction, consultation: Consultation, kinds: Iterable[str], source: str) -> None:
    """Note what was lacking for a consultation; each kind counts once, whoever notes it again.

    `source`: a code of `gap_sources`. What is on no list is left out.
    """
    codes.load("gap_sources").get(source)
    known = codes.load("resource_gap_kinds")
    new = [
        kind
        for kind in dict.fromkeys(kinds)
        if kind in known and await tx.gaps.note(consultation, kind, source)
    ]
    if new:
        await tx.audit.record(Event.GAP_NOTED, consultation.id, kinds=new, source=source)


@dataclass(frozen=True, slots=True)
class Noted:
    """What was lacking for one consultation. `review`: the case review in which somebody writes it down."""

    consultation: Consultation
    kinds: tuple[str, ...]
    review: str | None = None


async def of_case(desk: Desk, actor: Actor, consultation_id: str, review_id: str | None = None) -> Noted:
    """What is noted for a consultation, for those who write about it or at the record of its review."""
    async with desk.db.reading(actor) as ask:
        consultation = await _written_by(desk, ask, actor, consultation_id, review_id)
        return Noted(consultation, await ask.gaps.of(consultation.id), review_id)


async def mend(
    desk: Desk,
    actor: Actor,
    consultation_id: str,
    kinds: Iterable[str],
    *,
    before: Iterable[str],
    review_id: str | None = None,
) -> None:
    """Note what was ticked, and take back what was noted `before` and is ticked no more. What others noted meanwhile stays."""
    now = set(kinds)
    async with desk.db.transaction(actor) as tx:
        consultation = await _written_by(desk, tx, actor, consultation_id, review_id)
        await note(tx, consultation, sorted(now), REVIEW if review_id else ACTIVITY)
        gone = [kind for kind in sorted(set(before) - now) if await tx.gaps.take_back(consultation.id, kind)]
        if gone:
            await tx.audit.record(Event.GAP_TAKEN_BACK, consultation.id, kinds=gone)


async def _written_by(
    desk: Desk, ask: Reading | Transaction, actor: Actor, consultation_id: str, review_id: str | None
) -> Consultation:
    """Give the consultation where this person writes about it. What was merged or withdrawn counts no more."""
    consultation = await ask.consultations.get(consultation_id)
    if review_id:
        review = await ask.reviews.get(review_id)
        if review.consultation != consultation.id:
            raise NotFound
        await review_rights.must(desk, ask, actor, Paper.WRITE_NOTES, review, consultation)
    else:
        entitlement.require(actor, Act.HEAR, consultation)
    if consultation.status in {Status.MERGED, Status.WITHDRAWN}:
        raise TooLate(consultation.status)
    return consultation


async def of_year(desk: Desk, actor: Actor, year: int | None = None) -> Summed:
    """Sum up this fiscal year (`year` None), or the one before."""
    entitlement.require_role(actor, SEE)
    async with desk.db.reading(actor) as ask:
        this = fiscal_year(ask.now)
        if year not in {None, this, this - 1}:
            raise NotFound
        asked = this if year is None else year
        return Summed(asked, this, await ask.gaps.summed(asked))
