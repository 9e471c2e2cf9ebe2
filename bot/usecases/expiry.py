"""What is kept too long is destroyed, all of it or nothing; what is held back stays. Late rather than never."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from bot import codes
from bot.domain import entitlement
from bot.domain.business_time import TOKYO
from bot.domain.consultation import Consultation
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.refusals import Missing
from bot.domain.retention import (
    OF_CONSULTATIONS,
    OF_TRAININGS,
    UNDER_ONE_KEY,
    Basis,
    Destroyed,
    Kind,
    Steadiness,
    staying,
)
from bot.domain.staff import THE_CLOCK, THE_COMMAND_LINE, Actor, Role
from bot.store import backups, destroyed_log
from bot.store.database import Transaction
from bot.store.destructions import Mark
from bot.store.expiry import Ended, Gone
from bot.store.rows import instant
from bot.usecases import holds
from bot.usecases.desk import Desk
from bot.usecases.handover_files import take_down

log = logging.getLogger(__name__)

AT_ONCE = 5  # in one transaction, so that nobody waits long
ALL = 1_000_000
KEEPERS = (Role.COORDINATOR, Role.PRIVACY_OFFICER, Role.ADMIN)


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

    A clock that leapt is not believed for most of a day, and after a long leap not before somebody said that it is right:
    what it destroyed would never come back. `at_once`: a person asks, and has seen the date.
    """
    if desk.backups:
        await asyncio.to_thread(backups.tidied, desk.backups)
    done = await _again_if_readable(desk, actor)
    if at_once or (await _looked_at_the_clock(desk)).believed:
        done += await _every(desk, actor, basis, _consultations)
        for kind in OF_TRAININGS:
            done += await _every(desk, actor, basis, partial(_trainings, kind=kind))
    if done:
        await desk.db.scrub(thoroughly=True)
    await log_it(desk)
    return done


async def _again_if_readable(desk: Desk, actor: Actor) -> Counter[Kind]:
    """Where the note beside the backups cannot be read, the coordinators hear of it, and what is due goes all the same."""
    try:
        return await again(desk, actor)
    except OSError as error:
        log.warning("the note beside the backups cannot be read: %s", error.strerror)
        await _trouble(desk, "log")
    return Counter()


async def _looked_at_the_clock(desk: Desk) -> Steadiness:
    """Look at the clock. Of a leap the coordinators hear; where it waits for their word, once a week."""
    async with desk.db.transaction(THE_CLOCK) as tx:
        before, seen = await tx.destructions.steadiness()
        leapt = before is not None and seen.since != before.since
        if leapt or seen.waits:
            await tx.outbox.add(
                "clock_leapt",
                to=desk.organisation.channels.coordinators,
                key=f"clock_leapt:{f'{instant(seen.sure_at)}:{_week(tx.now)}' if seen.waits else instant(tx.now)}",
                since=instant(before.seen_at if before and not seen.waits else seen.sure_at),
                until=instant(tx.now),
                waits=int(seen.waits),
            )
    return seen


async def _trouble(desk: Desk, why: str, count: int = 0) -> None:
    """Tell the coordinators, once a week, what keeps things from being destroyed as they should."""
    async with desk.db.transaction(THE_CLOCK) as tx:
        to = desk.organisation.channels.coordinators
        await tx.outbox.add(
            "expiry_trouble", to=to, key=f"expiry_trouble:{why}:{_week(tx.now)}", why=why, count=count
        )


def _week(now: datetime) -> str:
    year, week, _ = now.astimezone(TOKYO).isocalendar()
    return f"{year}-{week}"


async def fell_silent(desk: Desk) -> None:
    """Nobody asked for days what is due: the coordinators hear of it."""
    await _trouble(desk, "silent")


async def remind(desk: Desk) -> None:
    """Tell the coordinators, once a week, of what will be destroyed soon though nothing of it was recorded."""
    async with desk.db.transaction(THE_CLOCK) as tx:
        if await tx.expiry.near(desk.organisation.retention.near_before(tx.now)):
            calendar = desk.organisation.calendar
            await tx.outbox.add(
                "expiry_near",
                to=desk.organisation.channels.coordinators,
                key=f"expiry_near:{_week(tx.now)}",
                not_before=None if calendar.is_open(tx.now) else calendar.next_opening(tx.now),
            )


# What people ask


async def preview(desk: Desk) -> list[Due]:
    """What would be destroyed at this moment, kind by kind; changes nothing."""
    async with desk.db.reading() as ask:
        cutoffs = desk.organisation.retention.consultations_before(ask.now)
        ended = await ask.expiry.due(*cutoffs, ALL)
        held = await ask.expiry.held_though_due(*cutoffs)
        many = await ask.expiry.how_many_together()
        told = [
            _due(
                desk, kind, [each for each in ended if each.kind is kind for _ in range(many(each.subject))],
                sum(many(c.id) for c in held if _kind(c) is kind),
            )
            for kind in OF_CONSULTATIONS
        ]  # fmt: skip
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
    await holds.note(desk)


async def lift(desk: Desk, actor: Actor, consultation_id: str) -> bool:
    """Hold it back no more; what is due by then is destroyed with the next sweep. False: it was not held back."""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        _must_be_allowed(actor, consultation)
        lifted = await tx.destructions.lift(consultation.id)
        if lifted:
            await tx.audit.record(Event.HOLD_LIFTED, consultation.id)
    await holds.note(desk)
    return lifted


async def clock_is_right(desk: Desk, actor: Actor, told: datetime | None = None) -> None:
    """Somebody has looked at the date (where it was `told` to them, at that one) and says that it is right."""
    if actor != THE_COMMAND_LINE:
        entitlement.require_role(actor, KEEPERS)
    async with desk.db.transaction(actor) as tx:
        before, _ = await tx.destructions.steadiness(confirmed=min(told or tx.now, tx.now))
        if before is None or before.waits:
            await tx.audit.record(Event.CLOCK_CONFIRMED, "clock")


async def paper(desk: Desk, actor: Actor, since: date, until: date, *, once: str) -> None:
    """Promise the certificate of what was destroyed from one day to another, in the direct message of who asks."""
    entitlement.require_role(actor, KEEPERS)
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


async def brought_back(desk: Desk) -> list[tuple[Kind, str]]:
    """What is noted beside the backups as destroyed and is there all the same. Raises OSError."""
    noted = await asyncio.to_thread(destroyed_log.read, desk.backups) if desk.backups else frozenset()
    if not noted:
        return []
    async with desk.db.reading() as ask:
        unseen = noted - {mark.name for mark in await ask.destructions.marks()}
        there = await ask.expiry.everything_there() if unseen else []
        return [each for each in there if await ask.destructions.mark(*each) in unseen]


async def again(desk: Desk, actor: Actor = THE_CLOCK, *, restoring: bool = False) -> Counter[Kind]:
    """Destroy once more what is noted beside the backups as destroyed and is there all the same. Give how many.

    What somebody holds back or works on stays, and the coordinators hear of it; not while a backup comes back (`restoring`):
    then it stands as it did before it was destroyed. Raises OSError.
    """
    done: Counter[Kind] = Counter()
    left = 0
    for kind, subject in await brought_back(desk):
        async with desk.db.transaction(actor) as tx:
            if kind in OF_TRAININGS:
                await _destroy_training(tx, desk, subject, kind, Basis.RESTORED)
            elif restoring or await tx.expiry.lies_still(subject):
                await _destroy_again(tx, desk, subject, kind)
            else:
                left += 1
                continue
        done[kind] += 1
    if left:
        await _trouble(desk, "left", left)
    return done


async def log_it(desk: Desk) -> None:
    """Note beside the backups what was destroyed, so that none of them can bring it back, and what is held back."""
    await holds.note(desk)
    if desk.backups and desk.backups.is_dir():
        async with desk.db.reading() as ask:
            marks = await ask.destructions.marks()
        await _noted(desk, marks)


async def _noted(desk: Desk, marks: Iterable[Mark]) -> None:
    """Write marks beside the backups. Where that fails, the next sweep or backup makes up for it."""
    if not desk.backups or not desk.backups.is_dir():
        return
    try:
        await asyncio.to_thread(destroyed_log.add, desk.backups, marks)
    except OSError as error:
        log.warning("the note beside the backups cannot be written: %s", error.strerror)
        await _trouble(desk, "log")


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
        await _noted(desk, tx.destructions.noted)
        done += now
        await asyncio.sleep(0)


async def _tell(tx: Transaction, desk: Desk) -> None:
    """One line a day for the coordinators, which shows how much it has become."""
    day = tx.today.isoformat()
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
    await take_down(tx, await tx.handovers.files_of_case(consultation_id))
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
