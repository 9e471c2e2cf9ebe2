"""研究・研修のための集計: counts of whole months of records, for a coordinator; decided once, then always the same."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from zoneinfo import ZoneInfo

from bot import codes
from bot.domain.events import Event
from bot.domain.refusals import NotFound, NotYourRole, Refused
from bot.domain.staff import Actor, Role
from bot.organisation import Organisation
from bot.privacy.releases import Lists, WouldGiveAway, counted, decided
from bot.store.database import Reading, Transaction
from bot.store.releases import Release
from bot.usecases.desk import Desk

TOKYO = ZoneInfo("Asia/Tokyo")
ASK = frozenset({Role.COORDINATOR})
RULESET = "2026-11"
MONTHS = 96
FILES = frozenset({"study_sheet", "study_list"})
LISTS = {
    "theme": "supporter_concerns", "age_band": "age_bands", "sex": "sexes", "household": "households",
    "primary_disposition": "dispositions",
}  # fmt: skip


class AlreadyTold(Refused):
    """Months that overlap were told of; together the two would tell small numbers. Which: the first and the last one."""

    template = "refusals/already_told"
    field = "since"

    def __init__(self, since: date, last: date) -> None:
        self.since = since
        self.last = last
        super().__init__("overlaps what was told")


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be asked for: months that are over, newest first, each as its first day; and what was told before."""

    months: tuple[date, ...]
    earlier: tuple[Release, ...]


async def choice(desk: Desk, actor: Actor) -> Choice:
    """Give what a coordinator can ask for."""
    _must_coordinate(actor)
    async with desk.db.reading(actor) as ask:
        return Choice(await _months(ask), tuple(await ask.releases.all()))


async def ask_for(desk: Desk, actor: Actor, since: date, until: date, file: str, *, once: str) -> Release:
    """Promise a file of the months from the one of `since` to that of `until`, in the DM of whoever asks.

    The same months give the same numbers for ever. Raises `TooFewToTell`, `AlreadyTold`.
    """
    _must_coordinate(actor)
    async with desk.db.transaction(actor) as tx:
        offered = await _months(tx)
        first, last = sorted((since, until))
        if file not in FILES or first not in offered or last not in offered:
            raise NotFound
        await tx.releases.take_turn()
        release = await tx.releases.of_period(first, _next(last))
        if release is None:
            release = await _told(tx, desk.organisation, first, _next(last))
            await tx.releases.add(release)
        await tx.audit.record(
            Event.STUDY_EXPORTED, release.id, hash=release.hash, since=first, until=release.until, file=file
        )
        await tx.outbox.add(
            file, to=actor.id, op="upload", key=f"{file}:{release.id}:{actor.id}:{once}", release=release.id
        )
    return release


async def _told(tx: Transaction, organisation: Organisation, since: date, until: date) -> Release:
    """Decide what is told of a time nobody has asked for before."""
    earlier = await tx.releases.all()
    begins, ends = (
        min([since, *(each.since for each in earlier)]),
        max([until, *(each.until for each in earlier)]),
    )
    found = await tx.releases.coded(_moment(begins), _moment(ends))
    records = {each.id: each for each in found}
    inside = await tx.releases.coded(_moment(since), _moment(until))
    wanted = sorted(each.id for each, may_be_told in inside.items() if may_be_told)
    try:
        done = decided(wanted, records, [each.earlier for each in earlier], lists(organisation))
    except WouldGiveAway as refused:
        other = next(each for each in earlier if each.id == refused.earlier)
        raise AlreadyTold(other.since, other.last) from None
    return Release(
        id=tx.new_id(),
        at=tx.now,
        made_by=tx.actor.id,
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
    this = ask.now.astimezone(TOKYO).date().replace(day=1)
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
    if not actor.has(*ASK):
        raise NotYourRole(tuple(sorted(ASK)))
