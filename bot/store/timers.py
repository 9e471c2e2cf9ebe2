"""When something must be done for a subject, and when the clock last asked. Late rather than never."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store.queries import load
from bot.store.session import Row, Session

SQL = load("timers")
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Timer:
    """One thing that falls due: about whom, what kind, when (aware, UTC)."""

    id: int
    subject: str
    kind: str
    due_at: datetime


class Timers:
    """Due times as rows, so that neither a restart nor a stall loses one."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection

    async def set(self, subject: str, kind: str, due_at: datetime) -> None:
        """Let `kind` fall due for `subject`; an open one of the same kind is moved there."""
        await SQL.set(self._connection, subject=subject, kind=kind, due_at=due_at)

    async def cancel(self, subject: str, kind: str | None = None) -> None:
        """Take back what has not happened yet: one kind, or everything of the subject."""
        if kind is None:
            await SQL.cancel_all(self._connection, subject=subject)
        else:
            await SQL.cancel(self._connection, subject=subject, kind=kind)

    async def due(self, now: datetime | None = None, limit: int = 50) -> list[Timer]:
        """Give what has fallen due, longest overdue first."""
        rows = SQL.due(self._connection, now=now or self._session.now, limit=limit)
        return [_timer(row) async for row in rows]

    async def of(self, subject: str) -> list[Timer]:
        """Give what is still to come for a subject."""
        return [_timer(row) async for row in SQL.of(self._connection, subject=subject)]

    async def finish(self, timer_id: int) -> bool:
        """Claim a due timer, in the transaction that acts on it. False: somebody else did, or it was moved."""
        return await SQL.finish(self._connection, id=timer_id, now=self._session.now) is not None

    async def tidy(self) -> None:
        """Forget what was done more than 90 days ago."""
        await SQL.tidy(self._connection, before=self._session.now - KEPT)

    async def ticked(self, name: str) -> None:
        """Note that the clock asked."""
        await SQL.ticked(self._connection, name=name, at=self._session.now)

    async def last_tick(self, name: str) -> datetime | None:
        """Give when the clock last asked, or None when it never did."""
        row = await SQL.last_tick(self._connection, name=name)
        return row and datetime.fromisoformat(row["at"])


def _timer(row: Row) -> Timer:
    return Timer(row["id"], row["subject"], row["kind"], datetime.fromisoformat(row["due_at"]))
