"""研究・研修のための集計: counts of whole months of records, for a coordinator; decided once, then always the same."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count

from bot import codes
from bot.domain import entitlement
from bot.domain.business_time import TOKYO
from bot.domain.events import Event
from bot.domain.refusals import Changed, NotFound, Refused
from bot.domain.staff import Actor, Role
from bot.organisation import Organisation
from bot.privacy.releases import Lists, WouldGiveAway, counted, decided
from bot.store.database import Reading, Transaction
from bot.store.releases import Release
from bot.usecases.desk import Desk

ASK = frozenset({Role.COORDINATOR})
RULESET = "2026-11"
MONTHS = 96
TRIES = 5
FILES = frozenset({"study_sheet", "study_list"})
LISTS = {
    "theme": "supporter_concerns", "age_band": "age_bands", "sex": "sexes", "household": "households",
    "primary_disposition": "dispositions",
}  # fmt: skip


class AlreadyTold(Refused):
    """Months that overlap were told of; together the two would tell small numbers. Which: the first and the last one.

    `apart`: told by themselves, the other months can be added to those afterwards.
    """

    template = "refusals/already_told"
    field = "since"

    def __init__(self, since: date, last: date, *, apart: bool = False) -> None:
        self.since = since
        self.last = last
        self.apart = apart
        super().__init__("overlaps what was told")


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be asked for: months that are over, newest first, each as its first day; and what was told before.

    `waiting`: records that nobody can count while a second person has not read them.
    """

    months: tuple[date, ...]
    earlier: tuple[Release, ...]
    waiting: int = 0


async def choice(desk: Desk, actor: Actor) -> Choice:
    """Give what a coordinator can ask for."""
    _must_coordinate(actor)
    async with desk.db.reading(actor) as ask:
        return Choice(await _months(ask), tuple(await ask.releases.all()), await ask.releases.waiting())


async def ask_for(desk: Desk, actor: Actor, since: date, until: date, file: str, *, once: str) -> Release:
    """Promise a file of the months from the one of `since` to that of `until`, in the DM of whoever asks.

    The same months give the same numbers for ever. Raises `TooFewToTell`, `AlreadyTold`.
    """
    _must_coordinate(actor)
    first, last = sorted((since, until))
    for _ in range(
        TRIES
    ):  # what is told is counted before the turn, which nobody else may then have had meanwhile
        async with desk.db.reading(actor) as ask:
            offered = await _months(ask)
            if file not in FILES or first not in offered or last not in offered:
                raise NotFound
            before = await ask.releases.all()
            release = await ask.releases.of_period(first, _next(last))
            if release is None:
                release = await _told(ask, desk.organisation, first, _next(last), before)
        async with desk.db.transaction(actor) as tx:
            await tx.releases.take_turn()
            if len(await tx.releases.all()) == len(before):
                if release not in before:
                    await tx.releases.add(release)
                await _promised(tx, release, file, once)
                return release
    raise Changed


async def _promised(tx: Transaction, release: Release, file: str, once: str) -> None:
    await tx.audit.record(
        Event.STUDY_EXPORTED,
        release.id,
        hash=release.hash,
        since=release.since,
        until=release.until,
        file=file,
    )
    key = f"{file}:{release.id}:{tx.actor.id}:{once}"
    await tx.outbox.add(file, to=tx.actor.id, op="upload", key=key, release=release.id)


async def _told(
    ask: Reading, organisation: Organisation, since: date, until: date, before: Sequence[Release]
) -> Release:
    """Decide what is told of a time nobody has asked for before.

    Months that were told of are told as they were: what came late, or was withdrawn since, changes nothing in them.
    """
    earlier = sorted(before, key=lambda each: (each.since, each.until))
    begins, ends = (
        min([since, *(each.since for each in earlier)]),
        max([until, *(each.until for each in earlier)]),
    )
    found = await ask.releases.coded(_moment(begins), _moment(ends))
    records = {each.id: each for each, _, _ in found}
    told = {record for each in earlier for record in each.records}
    wanted = sorted(
        each.id
        for each, made, may_be_told in found
        if since <= (day := made.astimezone(TOKYO).date()) < until
        and (each.id in told or (may_be_told and not any(one.since <= day < one.until for one in earlier)))
    )
    try:
        done = await asyncio.to_thread(
            decided, wanted, records, [each.earlier for each in earlier], lists(organisation)
        )
    except WouldGiveAway as refused:
        other = next(each for each in earlier if each.id == refused.earlier)
        met = [each for each in earlier if each.since < until and since < each.until]
        apart = met == [other] and since <= other.since and other.until <= until
        raise AlreadyTold(other.since, other.last, apart=apart) from None
    return Release(
        id=ask.new_id(),
        at=ask.now,
        made_by=ask.actor.id,
        since=since,
        until=until,
        ruleset=RULESET,
        codes_version=codes.VERSION,
        classes=done.classes,
        counted=counted([records[each] for each in wanted], done.classes),
        records=tuple(wanted),
        made_of=done.made_of,
    ).hashed()


def lists(organisation: Organisation) -> Lists:
    """Every code a record can have been given, by what it tells."""
    told = {name: tuple(codes.load(code_list).codes) for name, code_list in LISTS.items()}
    return {**told, "region": tuple(each.code for each in organisation.offered("welfare_regions"))}


async def _months(ask: Reading | Transaction) -> tuple[date, ...]:
    """The months that are over since the first record, newest first."""
    first = await ask.releases.first_record()
    if first is None:
        return ()
    this = ask.today.replace(day=1)
    back = (_back(this, n) for n in count(1))
    oldest = first.astimezone(TOKYO).date().replace(day=1)
    return tuple(month for _, month in zip(range(MONTHS), back, strict=False) if month >= oldest)


def _back(month: date, n: int) -> date:
    years, number = divmod(month.year * 12 + month.month - 1 - n, 12)
    return date(years, number + 1, 1)


def _next(month: date) -> date:
    return _back(month, -1)


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=TOKYO)


def _must_coordinate(actor: Actor) -> None:
    entitlement.require_role(actor, ASK)
