"""A name was left in a record: whoever sees it says so, and a coordinator writes the record anew.

A record is frozen, and its text stays for ever. So a new one takes its place, confirmed like any other, and the words
of the old one are erased; its codes stay, for the counts that were told.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain import entitlement
from bot.domain.casework import TEXTS, Record
from bot.domain.events import Event
from bot.domain.refusals import NotAllowed
from bot.domain.staff import Actor, Role
from bot.store.database import Transaction
from bot.store.records import Review, day
from bot.usecases import case_names, record_gate, record_trail, records
from bot.usecases.case_names import Case, Confirmed
from bot.usecases.desk import Desk, screened
from bot.usecases.record_reviews import RELEASED, REVIEW, WITHHELD, is_theirs
from bot.usecases.records import RULESET

COORDINATE = frozenset({Role.COORDINATOR})


async def name(desk: Desk, actor: Actor, record_id: str) -> None:
    """Say that a name was left in a record. Nobody learns from it any more; its author and the coordinators hear of it."""
    entitlement.require_role(actor, REVIEW)
    async with desk.db.transaction(actor) as tx:
        record = await tx.records.get(record_id)
        review = await tx.records.review_of(record.id)
        seen_by_all = review is not None and review.decision in {None, RELEASED}
        if not seen_by_all and not await is_theirs(tx, actor, record, review):
            raise NotAllowed
        if not await tx.replacements.name(record.id):
            return
        await tx.audit.record(Event.RECORD_NAMED, record.id)
        await _out_of_the_library(tx, record, review)
        for person in (record.confirmed_by, desk.organisation.channels.coordinators):
            await tx.outbox.add(
                "record_named",
                to=person,
                key=f"record_named:{record.id}:{person}",
                record=record.id,
                theme=record.theme or "",
            )
        await tx.outbox.home(actor.id)


async def open_again(desk: Desk, actor: Actor, record_id: str) -> tuple[Record, bool]:
    """Open a record to write it anew, and tell whether it was offered to others. Audited."""
    entitlement.require_role(actor, COORDINATE)
    async with desk.db.transaction(actor) as tx:
        record = await tx.records.get(record_id)
        await tx.audit.record(Event.RECORD_READ, record.id)
        return record, await tx.records.review_of(record.id) is not None


async def in_its_place(
    desk: Desk,
    actor: Actor,
    record_id: str,
    texts: Mapping[str, str],
    *,
    names: Confirmed,
    standing: frozenset[tuple[str, str]] = frozenset(),
    offered: bool = False,
) -> Record:
    """Keep a record with these words in the place of another, and erase the words of that one.

    The same gate as ever. Raises Identified, TwelveDigits, StillNamed, Initials or Unusual with the field it is about.
    Sent twice it is kept once.
    """
    entitlement.require_role(actor, COORDINATE)
    async with desk.db.reading(actor) as ask:
        if done := await ask.replacements.instead_of(record_id):
            return await ask.records.get(done)
        old = await ask.records.get(record_id)
        consultation = await ask.replacements.consultation(old.id)
        # Nothing about it stands in the trail: side by side, the two would lead from the record to whose it was.
        case = (await case_names.case_of(ask, consultation)).for_good() if consultation else Case()
    letters = records.letters_in("\n".join(getattr(old, each) for each in TEXTS))
    read = await screened(texts, names, case.known, stays=True)
    kinds = await record_gate.checked(read, case, standing, letters)
    async with desk.db.transaction(actor) as tx:
        if done := await tx.replacements.instead_of(record_id):
            return await tx.records.get(done)
        old = await tx.records.get(record_id)
        new = replace(
            old,
            id=tx.new_id(),
            made_at=day(tx.now),
            confirmed_by=actor.id,
            ruleset=RULESET,
            unusual=kinds,
            situation=read.texts.get("situation", ""),
            formulation=read.texts.get("formulation", ""),
            advice=read.texts.get("advice", ""),
            outcome=read.texts.get("outcome", ""),
        )
        new = replace(new, hash=record_trail.hash_of(new))
        await tx.replacements.name(old.id)
        await _out_of_the_library(tx, old, await tx.records.review_of(old.id))
        await tx.replacements.replace(old.id, new)
        await tx.audit.record(Event.RECORD_REPLACED, old.id, by=new.id, hash=old.hash)
        if offered or kinds:
            await tx.records.offer(new.id)
        await tx.outbox.home(actor.id)
    return new


async def _out_of_the_library(tx: Transaction, record: Record, review: Review | None) -> None:
    """Nobody learns from it any more, and nobody is asked to look at it."""
    if review is None:
        return
    others = tx.actor.id not in {review.offered_by, record.confirmed_by}
    if review.decision is None and others and await tx.records.decide(record.id, WITHHELD):
        await tx.audit.record(Event.RECORD_WITHHELD, record.id)
    elif await tx.records.withdraw(record.id):
        await tx.precedents.remove(record.id)
        await tx.audit.record(Event.RECORD_WITHDRAWN, record.id)
    else:
        await tx.replacements.offer_no_more(record.id)
