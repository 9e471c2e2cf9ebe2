"""Consultations: coded values only."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot.domain.consultation import Consultation
from bot.domain.refusals import Changed, NotFound
from bot.domain.retention import Destroyed
from bot.store.queries import load, statement
from bot.store.rows import decode, encode
from bot.store.session import Session

SQL = load("consultations")

# What may change after the intake; everything else stays as it came in.
_MOVING = (
    "id", "status", "promised_at", "urgency", "danger", "concerns", "characteristics", "supporter_field",
    "organization_type", "occupation", "municipality", "region", "counselor", "claimed_at", "claim_expires_at",
    "handover_to", "failed_calls", "needs_decision", "next_action_on", "dispositions", "primary_disposition",
    "closing_reason", "ended_at", "merged_into", "before",
)  # fmt: skip


class Consultations:
    """Rows in, consultations out. It holds no rules and never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection

    async def next_serial(self, fiscal_year: int) -> int:
        """Take the next number of a fiscal year."""
        row = await SQL.next_serial(self._connection, fiscal_year=fiscal_year)
        return int(row["last"])

    async def add(self, consultation: Consultation) -> None:
        """Keep a new one."""
        await SQL.add(self._connection, **encode(consultation))

    async def get(self, consultation_id: str) -> Consultation:
        """Give one, or raise `NotFound`. In a transaction, whoever asks for it next waits until the commit.

        Raises `Destroyed` in a transaction where its time was over: nothing is done with what is left of it.
        """
        ask = SQL.hold if self._session.changes else SQL.get
        row = await ask(self._connection, id=consultation_id)
        if self._session.changes and row is not None and row["expired_at"]:
            raise Destroyed(datetime.fromisoformat(row["expired_at"]))
        return _found(row)

    async def numbered(self, number: str) -> Consultation:
        """Give the one with this receipt number, or raise `NotFound`."""
        return _found(await SQL.numbered(self._connection, number=number))

    async def move(self, was: Consultation, to: Consultation) -> None:
        """Write one step, unless somebody else took one first: then `Changed` is raised, at the commit at the latest."""
        columns = {name: value for name, value in encode(to).items() if name in _MOVING}
        said = statement(SQL, "move", self._connection, was=was.version, **columns)
        self._connection.must(*said, otherwise=Changed())

    async def of_supporter(self, supporter: str) -> list[Consultation]:
        """A supporter's own, newest first."""
        return [_one(row) async for row in SQL.of_supporter(self._connection, supporter=supporter)]

    async def held_by(self, counselor: str) -> list[Consultation]:
        """A counselor's open ones, what is due first comes first."""
        return [_one(row) async for row in SQL.held_by(self._connection, counselor=counselor)]

    async def waiting(self) -> list[Consultation]:
        """Those nobody holds: danger first, then by promise."""
        return [_one(row) async for row in SQL.waiting(self._connection)]

    async def offered_to(self, taker: str) -> list[Consultation]:
        """Hand-overs that wait for this person's yes."""
        return [_one(row) async for row in SQL.offered_to(self._connection, taker=taker)]

    async def to_decide(self) -> list[Consultation]:
        """Those where three calls did not get through."""
        return [_one(row) async for row in SQL.to_decide(self._connection)]

    async def unkept(self, now: datetime) -> list[Consultation]:
        """Promised calls nobody has tried though their time has passed, longest wait first."""
        return [_one(row) async for row in SQL.unkept(self._connection, now=now)]

    async def forgotten(self) -> list[Consultation]:
        """Those that were called and not heard, with nothing that calls them to mind."""
        return [_one(row) async for row in SQL.forgotten(self._connection)]

    async def expiring(self, until: datetime) -> list[Consultation]:
        """Claims without a call attempt whose time runs out by `until`."""
        return [_one(row) async for row in SQL.expiring(self._connection, until=until)]

    async def due_soon(self, until: datetime) -> list[Consultation]:
        """Claims without a call attempt whose promise, or whose own time, ends by `until`."""
        return [_one(row) async for row in SQL.due_soon(self._connection, until=until)]

    async def overdue_next(self, today: date) -> list[Consultation]:
        """Open ones whose next action lies behind."""
        return [_one(row) async for row in SQL.overdue_next(self._connection, today=today)]

    async def open_like(self, consultation: Consultation, since: datetime) -> list[Consultation]:
        """Other open ones that came in since then, newest first."""
        rows = SQL.open_like(self._connection, since=since, id=consultation.id)
        return [_one(row) async for row in rows]

    async def entered_by(self, operator: str, since: datetime) -> list[Consultation]:
        """What an operator entered since then, newest first."""
        rows = SQL.entered_by(self._connection, operator=operator, since=since)
        return [_one(row) async for row in rows]

    async def holders(self) -> list[str]:
        """Everybody who holds something open."""
        return [row["counselor"] async for row in SQL.holders(self._connection)]

    async def closed_unrecorded(self, counselor: str) -> list[Consultation]:
        """Closed ones whose record waits for this counselor's confirmation."""
        return [_one(row) async for row in SQL.closed_unrecorded(self._connection, counselor=counselor)]

    async def closed_and_left(self) -> list[Consultation]:
        """Closed ones whose record waits, and whoever closed them works here no more."""
        return [_one(row) async for row in SQL.closed_and_left(self._connection)]


def _found(row: Mapping[str, Any] | None) -> Consultation:
    if row is None:
        raise NotFound
    return _one(row)


def _one(row: Mapping[str, Any]) -> Consultation:
    return decode(Consultation, row)
