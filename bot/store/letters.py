"""What people wrote to the bot in a direct message: sealed, short-lived, opened for its author and the duty only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.refusals import NotFound
from bot.store.queries import load
from bot.store.session import Row, Session

SQL = load("letters")
KEPT = timedelta(days=7)
_FAMILY = "letters:"


@dataclass(frozen=True, slots=True)
class Letter:
    """One direct message, opened."""

    id: str
    author: str
    at: datetime
    text: str


class Letters:
    """One key a day; a week later neither letter nor key is left."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection

    async def write(self, author: str, ts: str, text: str) -> str:
        """Keep a letter, give its id."""
        row: str = self._session.new_id()
        owner = _FAMILY + self._session.now.date().isoformat()
        sealed = await self._session.keys.seal(owner, "letters", "text", row, text)
        await SQL.write(
            self._connection,
            id=row,
            author=author,
            at=self._session.now,
            ts=ts,
            owner=owner,
            text_sealed=sealed,
        )
        return row

    async def get(self, letter: str) -> Letter:
        """Open one, or raise `NotFound`."""
        row = await SQL.get(self._connection, id=letter)
        if row is None:
            raise NotFound
        return await self._opened(row)

    async def lately(self, author: str, since: datetime) -> list[Letter]:
        """Open what somebody wrote since then, in order."""
        rows = [row async for row in SQL.lately(self._connection, author=author, since=since)]
        return [await self._opened(row) for row in rows]

    async def unheard(self, author: str) -> list[str]:
        """Give the ids of what somebody wrote that speaks of danger and that nobody on duty has opened yet."""
        return [row["id"] async for row in SQL.unheard(self._connection, author=author)]

    async def listened(self, channel: str, ts: str) -> None:
        """Note how far a direct message was read."""
        await SQL.listened(self._connection, channel=channel, ts=ts)

    async def positions(self) -> dict[str, str]:
        """Give how far each direct message was read."""
        return {row["channel"]: row["ts"] async for row in SQL.positions(self._connection)}

    async def tidy(self) -> None:
        """Forget letters older than a week, and destroy their days' keys."""
        before = self._session.now - KEPT
        await SQL.forget(self._connection, before=before)
        await self._session.keys.destroy_before(_FAMILY, _FAMILY + before.date().isoformat())

    async def _opened(self, row: Row) -> Letter:
        text = await self._session.keys.open(row["owner"], "letters", "text", row["id"], row["text_sealed"])
        return Letter(row["id"], row["author"], datetime.fromisoformat(row["at"]), text)
