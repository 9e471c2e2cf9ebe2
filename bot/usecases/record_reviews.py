"""Two people: one offers an anonymized record to the others, a second one looks at it before anybody learns from it."""

from dataclasses import dataclass

from bot.domain import entitlement
from bot.domain.casework import Record
from bot.domain.events import Event
from bot.domain.refusals import AlreadyReviewed, NotAllowed, NotFound, NotYourRole, YourOwnOffer
from bot.domain.staff import Actor, Role
from bot.store.database import Reading, Transaction
from bot.store.records import Review
from bot.usecases import precedents
from bot.usecases.desk import Desk

REVIEW = frozenset({Role.COUNSELOR, Role.COORDINATOR})
RELEASED, WITHHELD, WITHDRAWN = "released", "withheld", "withdrawn"


@dataclass(frozen=True, slots=True)
class Opened:
    """A record and whether others may learn from it, for somebody who may look at it."""

    record: Record
    review: Review | None
    named: bool = False  # somebody said that a name was left in it


async def read(desk: Desk, actor: Actor, record_id: str) -> Opened:
    """Open a record that was kept: its anonymized text, nothing else. Audited."""
    async with desk.db.transaction(actor) as tx:
        opened = await _opened(tx, actor, record_id)
        await tx.audit.record(Event.RECORD_READ, opened.record.id)
    return opened


async def seen(desk: Desk, actor: Actor, record_id: str) -> Opened:
    """The same for somebody who has it open already and has just said something about it."""
    async with desk.db.reading(actor) as ask:
        return await _opened(ask, actor, record_id)


async def _opened(ask: Reading | Transaction, actor: Actor, record_id: str) -> Opened:
    _require(actor)
    record = await ask.records.get(record_id)
    review = await ask.records.review_of(record.id)
    if not await is_theirs(ask, actor, record, review) and (review is None or review.decision is not None):
        raise NotAllowed  # what was released is read as a precedent: without what too few share
    return Opened(record, review, await ask.replacements.is_named(record.id))


async def is_theirs(ask: Reading | Transaction, actor: Actor, record: Record, review: Review | None) -> bool:
    """Whether somebody may see a record at any time: who confirmed or reviewed it, whose case it is, coordinators."""
    return actor.has(Role.COORDINATOR) or actor.id in {
        record.confirmed_by,
        review.reviewed_by if review else None,
        await ask.records.holder(record.id),
    }


async def decide(desk: Desk, actor: Actor, record_id: str, decision: str) -> Review:
    """The second person's word. Never that of whoever offered it; said twice it is said once."""
    _require(actor)
    async with desk.db.reading(actor) as ask:
        record = await ask.records.get(record_id)
    terms = await precedents.terms_of(desk, record) if decision == RELEASED else ()
    async with desk.db.transaction(actor) as tx:
        review = await _offered(tx, record.id)
        if actor.id in {review.offered_by, record.confirmed_by}:
            raise YourOwnOffer
        if review.decision is not None:
            return _said_so(review, actor, decision)
        if not await tx.records.decide(record.id, decision):  # somebody else did in this moment
            return _said_so(await _offered(tx, record.id), actor, decision)
        if decision == RELEASED:
            await tx.precedents.add(record.id, terms)
            await tx.outbox.add(
                "record_released",
                to=review.offered_by,
                key=f"record_released:{record.id}",
                theme=record.theme or "",
                by=actor.id,
            )
        event = Event.RECORD_RELEASED if decision == RELEASED else Event.RECORD_WITHHELD
        await tx.audit.record(event, record.id)
        await tx.outbox.home(actor.id)
        return await _offered(tx, record.id)


async def withdraw(desk: Desk, actor: Actor, record_id: str) -> Review:
    """A coordinator takes a released record back: nobody finds it any more. It stays kept."""
    if not actor.has(Role.COORDINATOR):
        raise NotYourRole((Role.COORDINATOR,))
    async with desk.db.transaction(actor) as tx:
        record = await tx.records.get(record_id)
        if await tx.records.withdraw(record.id):
            await tx.precedents.remove(record.id)
            await tx.audit.record(Event.RECORD_WITHDRAWN, record.id)
        return await _offered(tx, record.id)


async def _offered(tx: Transaction, record: str) -> Review:
    review = await tx.records.review_of(record)
    if review is None:
        raise NotFound
    return review


def _said_so(review: Review, actor: Actor, decision: str) -> Review:
    """The same word of the same person once more is nothing new; raise `AlreadyReviewed` for any other."""
    if (review.reviewed_by, review.decision) != (actor.id, decision):
        raise AlreadyReviewed(review.withdrawn_by or review.reviewed_by or "", review.decision or "")
    return review


def _require(actor: Actor) -> None:
    entitlement.require_role(actor, REVIEW)
