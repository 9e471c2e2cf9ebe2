"""Counts of records that were given out for study, with all that is needed to decide about the next ones."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.refusals import NotFound
from bot.privacy.releases import FACTS, Classes, Coded, Counted, Earlier
from bot.store.queries import load
from bot.store.rows import decode, encode
from bot.store.session import Session

SQL = load("releases")


@dataclass(frozen=True, slots=True)
class Release:
    """What was told of the records made from `since` on and before `until`. `records`: which they were.

    `made_of`: the releases it is the sum of. `hash` covers all that was told, and the rules it was told by.
    """

    id: str
    at: datetime
    made_by: str
    since: date
    until: date
    ruleset: str
    codes_version: str
    classes: Classes
    counted: Counted
    records: tuple[str, ...]
    made_of: tuple[str, ...] = ()
    hash: str = ""

    def hashed(self) -> "Release":
        """The same with its hash: over what is told, not over when and for whom it was made."""
        row = _row(self)
        told = {
            name: row[name] for name in ("since", "until", "ruleset", "codes_version", "classes", "counted")
        }
        text = json.dumps(told, ensure_ascii=False, sort_keys=True)
        return replace(self, hash=hashlib.sha256(text.encode()).hexdigest())

    @property
    def last(self) -> date:
        """The last month that was counted, as its first day."""
        return (self.until - timedelta(days=1)).replace(day=1)

    @property
    def earlier(self) -> Earlier:
        """The same as the rules ask for it."""
        return Earlier(self.id, frozenset(self.records), self.classes, self.made_of)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A release as it is kept."""

    id: str
    at: datetime
    made_by: str
    since: date
    until: date
    ruleset: str
    codes_version: str
    classes: str
    counted: str
    records: str
    made_of: tuple[str, ...]
    hash: str


class Releases:
    """Frozen once told: the database itself refuses a change."""

    def __init__(self, session: Session) -> None:
        self._connection = session.connection

    async def take_turn(self) -> None:
        """Wait until no other release is being decided; until the commit nobody else decides one."""
        await SQL.take_turn(self._connection)

    async def add(self, release: Release) -> None:
        """Keep what is told."""
        await SQL.add(self._connection, **_row(release))

    async def get(self, release_id: str) -> Release:
        """Give a release, or raise `NotFound`."""
        row = await SQL.get(self._connection, id=release_id)
        if row is None:
            raise NotFound
        return _release(row)

    async def of_period(self, since: date, until: date) -> Release | None:
        """Give what was told of exactly this time. None: nothing yet."""
        row = await SQL.of_period(self._connection, since=since, until=until)
        return None if row is None else _release(row)

    async def all(self) -> list[Release]:
        """Give every release, oldest first."""
        return [_release(row) async for row in SQL.all(self._connection)]

    async def first_record(self) -> datetime | None:
        """When the oldest record was made. None: there is no record."""
        row = await SQL.first_record(self._connection)
        return datetime.fromisoformat(row["at"]) if row and row["at"] else None

    async def coded(self, since: datetime, until: datetime) -> list[tuple[Coded, datetime, bool]]:
        """Give the codes of every case recorded in a time, when it was, and whether it may be told of."""
        rows = SQL.coded(self._connection, since=since, until=until)
        return [
            (_coded(row), datetime.fromisoformat(row["made_at"]), bool(row["told"])) async for row in rows
        ]

    async def waiting(self) -> int:
        """How many records wait for a second person before they are counted in any file."""
        row = await SQL.waiting(self._connection)
        return int(row["n"])


def _coded(row: dict[str, Any]) -> Coded:
    return Coded(id=row["id"], **{name: row[name] or "" for name in ("theme", *FACTS)})


def _row(release: Release) -> dict[str, Any]:
    classes, counted = release.classes, release.counted
    within = sorted([fact, line, sorted(codes)] for fact, line, codes in classes.within)
    lines = sorted([fact, line, told] for (fact, line), told in counted.lines.items())
    facts = {name: getattr(release, name) for name in _Kept.__slots__}
    facts["records"] = _text(release.records)
    facts["classes"] = _text(
        {"themes": sorted(classes.themes), "rest": sorted(classes.rest), "within": within}
    )
    facts["counted"] = _text({"total": counted.total, "themes": counted.themes, "lines": lines})
    return encode(_Kept(**facts))


def _text(told: Any) -> str:
    return json.dumps(told, sort_keys=True)


def _release(row: dict[str, Any]) -> Release:
    kept = decode(_Kept, row)
    classes, counted = json.loads(kept.classes), json.loads(kept.counted)
    within = ((fact, line, frozenset(codes)) for fact, line, codes in classes["within"])
    lines = {(fact, line): told for fact, line, told in counted["lines"]}
    facts: dict[str, Any] = {name: getattr(kept, name) for name in _Kept.__slots__}
    facts["records"] = tuple(json.loads(kept.records))
    facts["classes"] = Classes(frozenset(classes["themes"]), frozenset(classes["rest"]), frozenset(within))
    facts["counted"] = Counted(counted["total"], counted["themes"], lines)
    return Release(**facts)
