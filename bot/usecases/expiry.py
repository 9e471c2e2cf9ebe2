"""What is kept too long is destroyed, all of it or nothing; what is held back stays. Late rather than never."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from bot import codes
from bot.domain import entitlement
from bot.domain.consultation import Consultation
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.refusals import Missing, NotYourRole
from bot.domain.retention import (
    OF_TRAININGS,
    UNDER_ONE_KEY,
    Basis,
    Destroyed,
    Kind,
    mark_of,
    staying,
)
from bot.domain.staff import THE_CLOCK, THE_COMMAND_LINE, Actor, Role
from bot.store import destroyed_log
from bot.store.database import Transaction
from bot.store.expiry import Ended, Gone
from bot.store.rows import instant
from bot.usecases.desk import TOKYO, Desk

AT_ONCE = 5  # in one transaction, so that nobody waits long
ALL = 1_000_000
MAY_PRINT = (Role.COORDINATOR, Role.PRIVACY_OFFICER, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Due:
    """How many of a kind are due, since when the oldest, and how many more are held back."""

    kind: Kind
    rule: str
    due: int
    oldest: datetime | None
    held: int = 0


# What the clock asks


async def sweep(
    desk: Desk, actor: Actor = THE_CLOCK, basis: Basis = Basis.SCHEDULE, *, at_once: bool = False
) -> Counter[Kind]:
    """Destroy what is due, a few at a time; give how many of each kind.

    A clock that leapt is not believed for most of a day: what it destroyed would never come back. `at_once`: a person
    asks, and has seen the date.
    """
    done: Counter[Kind] = await again(desk, actor)
    async with desk.db.transaction(actor) as tx:
        steady = await tx.destructions.steadiness()
    if at_once or steady.believed:
        done += await _every(desk, actor, basis, _consultations)
        for kind in OF_TRAININGS:
            done += await _every(desk, actor, basis, partial(_trainings, kind=kind))
    await log_it(desk)
    return done


async def remind(desk: Desk) -> None:
    """Tell the coordinators, once a week, of what will be destroyed soon though nothing of it was recorded."""
    async with desk.db.transaction(THE_CLOCK) as tx:
        if await tx.expiry.near(desk.organisation.retention.near_before(tx.now)):
            year, week, _ = tx.now.astimezone(TOKYO).isocalendar()
            calendar = desk.organisation.calendar
            await tx.outbox.add(
                "expiry_near",
                to=desk.organisation.channels.coordinators,
                key=f"expiry_near:{year}-{week}",
                not_before=None if calendar.is_open(tx.now) else calendar.next_opening(tx.now),
            )


# What people ask


async def preview(desk: Desk) -> list[Due]:
    """What would be destroyed at this moment, kind by kind; changes nothing."""
    async with desk.db.reading() as ask:
        cutoffs = desk.organisation.retention.consultations_before(ask.now)
        ended = await ask.expiry.due(*cutoffs, ALL)
        held = await ask.expiry.held_though_due(*cutoffs)
        told = [
            _due(
                desk, kind, [each for each in ended if each.kind is kind], sum(_kind(c) is kind for c in held)
            )
            for kind in (Kind.CONSULTATION, Kind.WITHDRAWN)
        ]
        for kind in OF_TRAININGS:
            before = desk.organisation.retention.rule(kind).cutoff(ask.now)
            told.append(_due(desk, kind, await ask.expiry.trainings_due(kind, before, ALL)))
    return told


async def hold(desk: Desk, actor: Actor, consultation_id: str, reason: str | None) -> None:
    """Hold a consultation back from being destroyed, for a reason of the list."""
    if reason is None or reason not in codes.load("hold_reasons"):
        raise Missing("reason")
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        _must_be_allowed(actor, consultation)
        if await tx.destructions.hold(consultation.id, reason):
            await tx.audit.record(Event.HOLD_SET, consultation.id, reason=reason)


async def lift(desk: Desk, actor: Actor, consultation_id: str) -> None:
    """Hold it back no more; what is due by then is destroyed with the next sweep."""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        _must_be_allowed(actor, consultation)
        if await tx.destructions.lift(consultation.id):
            await tx.audit.record(Event.HOLD_LIFTED, consultation.id)


async def paper(desk: Desk, actor: Actor, since: date, until: date, *, once: str) -> None:
    """Promise the certificate of what was destroyed from one day to another, in the direct message of who asks."""
    if not actor.has(*MAY_PRINT):
        raise NotYourRole(tuple(sorted(MAY_PRINT)))
    async with desk.db.transaction(actor) as tx:
        await tx.audit.record(
            Event.PAPER_PRINTED, "destructions", paper="destruction", since=since, until=until
        )
        await tx.outbox.add(
            "paper_destruction",
            to=actor.id,
            op="upload",
            key=f"paper:destruction:{since}:{until}:{actor.id}:{once}",
            since=since,
            until=until,
        )


# After a backup was brought back


async def again(desk: Desk, actor: Actor = THE_CLOCK) -> Counter[Kind]:
    """Destroy once more what is noted beside the backups as destroyed and is there all the same. Give how many."""
    done: Counter[Kind] = Counter()
    noted = destroyed_log.read(desk.backups) if desk.backups else frozenset()
    if not noted:
        return done
    async with desk.db.reading() as ask:
        unseen = noted - {mark.name for mark in await ask.destructions.marks()}
        there = await ask.expiry.everything_there() if unseen else []
    back = [(kind, subject) for kind, subject in there if mark_of(kind, subject) in unseen]
    for kind, subject in back:
        async with desk.db.transaction(actor) as tx:
            if kind in OF_TRAININGS:
                await _destroy_training(tx, desk, subject, kind, Basis.RESTORED)
            else:
                await _destroy_again(tx, desk, subject, kind)
        done[kind] += 1
    return done


async def log_it(desk: Desk) -> None:
    """Note beside the backups what was destroyed, so that none of them can bring it back."""
    if desk.backups and desk.backups.is_dir():
        async with desk.db.reading() as ask:
            marks = await ask.destructions.marks()
        await asyncio.to_thread(destroyed_log.add, desk.backups, marks)


# How


Batch = Callable[[Desk, Transaction, Basis], Awaitable[Counter[Kind]]]


async def _every(desk: Desk, actor: Actor, basis: Basis, batch: Batch) -> Counter[Kind]:
    """A few at a time until none is due; others have their turn in between."""
    done: Counter[Kind] = Counter()
    while True:
        async with desk.db.transaction(actor) as tx:
            now = await batch(desk, tx, basis)
            if now.total():
                await _tell(tx, desk)
        if not now.total():
            return done
        done += now
        await asyncio.sleep(0)


async def _tell(tx: Transaction, desk: Desk) -> None:
    """One line a day for the coordinators, which shows how much it has become."""
    day = tx.now.astimezone(TOKYO).date().isoformat()
    to = desk.organisation.channels.coordinators
    await tx.outbox.card("destroyed", to=to, subject=f"destroyed:{day}", day=day)


async def _consultations(desk: Desk, tx: Transaction, basis: Basis) -> Counter[Kind]:
    done: Counter[Kind] = Counter()
    for ended in await tx.expiry.due(*desk.organisation.retention.consultations_before(tx.now), AT_ONCE):
        done[ended.kind] += await _destroy_consultation(tx, desk, ended, basis)
    return done


async def _destroy_consultation(tx: Transaction, desk: Desk, ended: Ended, basis: Basis) -> int:
    """Destroy one with all that was merged into it, unless somebody opened it or holds it back meanwhile."""
    rows = await tx.expiry.together(ended.subject)
    [root] = [row for row in rows if row["id"] == ended.subject]
    moved = root["expired_at"] or root["ended_at"] != instant(ended.counted_from)
    if moved or await tx.expiry.held_among([row["id"] for row in rows]):
        return 0
    there = [row for row in rows if not row["expired_at"]]
    for row in there:
        await _shred(tx, desk, row["id"], ended.kind, ended.counted_from, basis)
    for supporter in sorted({row["supporter"] for row in there} - {None}):
        await tx.outbox.home(supporter)
    return len(there)


async def _destroy_again(tx: Transaction, desk: Desk, consultation_id: str, kind: Kind) -> None:
    """Destroy one that a backup brought back; where it was open then, it is over now."""
    try:
        consultation = await tx.consultations.get(consultation_id)
    except Destroyed:
        return
    await tx.expiry.end(consultation_id, kind)
    await _shred(tx, desk, consultation_id, kind, consultation.ended_at or tx.now, Basis.RESTORED)


async def _shred(
    tx: Transaction, desk: Desk, consultation_id: str, kind: Kind, counted_from: datetime, basis: Basis
) -> None:
    gone = await tx.expiry.shred_consultation(consultation_id)
    await _note(tx, desk, kind, consultation_id, counted_from, basis, gone, owner=consultation_id)


async def _trainings(desk: Desk, tx: Transaction, basis: Basis, kind: Kind) -> Counter[Kind]:
    before = desk.organisation.retention.rule(kind).cutoff(tx.now)
    due = await tx.expiry.trainings_due(kind, before, AT_ONCE)
    for each in due:
        await _destroy_training(tx, desk, each.subject, kind, basis)
    return Counter({kind: len(due)})


async def _destroy_training(tx: Transaction, desk: Desk, training: str, kind: Kind, basis: Basis) -> None:
    """Destroy what is sealed of a kind; what is not due yet is sealed under a new key."""
    counted_from = await tx.expiry.lock_training(training)
    over = await tx.destructions.over(training)
    if kind in over and kind is not Kind.FEEDBACK_DRAFTS:
        return
    stays = staying(over | {kind})
    gone = await tx.expiry.shred_training(training, kind, stays)
    last = kind in UNDER_ONE_KEY and stays.nothing
    owner = f"training:{training}" if last else None
    await _note(tx, desk, kind, training, counted_from, basis, gone, owner=owner)


async def _note(
    tx: Transaction,
    desk: Desk,
    kind: Kind,
    subject: str,
    counted_from: datetime,
    basis: Basis,
    gone: Gone,
    *,
    owner: str | None,
) -> None:
    rule = str(desk.organisation.retention.rule(kind))
    number = await tx.destructions.note(
        kind,
        subject,
        owner=owner,
        rule=rule,
        counted_from=counted_from,
        basis=basis,
        counts=gone.counts,
        ids_hash=gone.ids_hash,
    )
    await tx.audit.record(
        Event.DESTROYED, subject, kind=str(kind), rule=rule, number=number, basis=str(basis)
    )


def _kind(consultation: Consultation) -> Kind:
    return Kind.WITHDRAWN if consultation.status == "withdrawn" else Kind.CONSULTATION


def _due(desk: Desk, kind: Kind, ended: Sequence[Ended], held: int = 0) -> Due:
    oldest = min((each.counted_from for each in ended), default=None)
    return Due(kind, str(desk.organisation.retention.rule(kind)), len(ended), oldest, held)


def _must_be_allowed(actor: Actor, consultation: Consultation) -> None:
    if actor != THE_COMMAND_LINE:
        entitlement.require(actor, Act.HOLD, consultation)
