"""Who did what, when, to which record: append-only, each entry chained to the one before."""

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.store.queries import codes, load, statement
from bot.store.rows import instant
from bot.store.session import Row, Session

SQL = load("audit")
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail. `detail` holds ids and codes only, so nothing here needs erasing."""

    id: int
    at: datetime
    actor: str
    event: str
    subject: str
    detail: dict[str, Any]


class AuditTrail:
    """Acts and reads of what identifies somebody, as they happened."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection

    async def record(self, event: str, subject: str, **detail: Any) -> None:
        """Write one entry at the end of this transaction. Raises ValueError where a detail is no id or code."""
        at, actor, told = instant(self._session.now), self._session.actor.id, codes(detail)
        codes({"actor": actor, "event": event, "subject": subject})
        entry = statement(
            SQL,
            "record",
            self._connection,
            at=at,
            actor=actor,
            event=event,
            subject=subject,
            detail=told,
            said=_said(at, actor, str(event), subject, told),
        )
        self._connection.at_the_end([statement(SQL, "take_turn", self._connection), entry])

    async def trail(self, subject: str | None = None) -> list[Entry]:
        """Give what was done, oldest first; to one subject, or to everything."""
        await self._connection.settle()
        if subject is None:
            return [_entry(row) async for row in SQL.trail(self._connection)]
        return [_entry(row) async for row in SQL.trail_of(self._connection, subject=subject)]

    async def told(self, event: str) -> list[Entry]:
        """Give every entry of one kind, oldest first."""
        await self._connection.settle()
        return [_entry(row) async for row in SQL.told(self._connection, event=event)]

    async def verify(self, upto: tuple[int, str] | None = None) -> int | None:
        """Follow the whole chain; give the id of the first entry that does not fit, or None.

        `upto` is a `head()` noted earlier: if that entry is gone or differs, its id is given.
        """
        before, kept = "", upto is None
        async for row in self._links():
            if row["prev"] != before or row["hash"] != _hash(row):
                return int(row["id"])
            before = row["hash"]
            kept = kept or (row["id"], before) == upto
        return None if kept or upto is None else upto[0]

    async def head(self) -> tuple[int, str] | None:
        """Give id and hash of the last entry: kept elsewhere, it shows later whether the end was cut off."""
        await self._connection.settle()
        row = await SQL.head(self._connection)
        return row and (row["id"], row["hash"])

    async def _links(self) -> AsyncIterator[Row]:
        await self._connection.settle()
        last = 0
        while page := [row async for row in SQL.after(self._connection, id=last, limit=_PAGE)]:
            for row in page:
                yield row
            last = page[-1]["id"]


def _said(at: str, actor: str, event: str, subject: str, detail: str) -> str:
    return json.dumps([at, actor, event, subject, detail])


def _hash(row: Row) -> str:
    said = _said(row["at"], row["actor"], row["event"], row["subject"], row["detail"])
    return hashlib.sha256((row["prev"] + said).encode()).hexdigest()


def _entry(row: Row) -> Entry:
    return Entry(
        id=row["id"],
        at=datetime.fromisoformat(row["at"]),
        actor=row["actor"],
        event=row["event"],
        subject=row["subject"],
        detail=json.loads(row["detail"]),
    )
