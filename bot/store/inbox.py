"""Events accepted before they are acknowledged, applied after. The same event twice is one event."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.privacy.vault import NotReadable
from bot.store.keys import KeyDestroyed
from bot.store.queries import load
from bot.store.session import Row, Session

SQL = load("inbox")
KEYS_KEPT = timedelta(hours=72)  # Slack may bring an event again hours later
SET_ASIDE_KEPT = timedelta(days=14)
_FAMILY = "inbox:"


@dataclass(frozen=True, slots=True)
class Event:
    """One accepted event, opened. `payload` is what Slack sent: words and names, for this moment only."""

    key: str
    kind: str
    payload: dict[str, Any]
    received_at: datetime
    attempt: int
    fence: int

    def __repr__(self) -> str:
        return f"Event({self.kind} {self.key})"


@dataclass(frozen=True, slots=True)
class SetAside:
    """An event that could not be applied."""

    key: str
    kind: str
    received_at: datetime


class Inbox:
    """What Slack told us, sealed until it is applied, then forgotten except that it came."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection
        self._keys = session.keys

    async def accept(self, key: str, kind: str, payload: dict[str, Any]) -> bool:
        """Keep an event, durable from the commit on. False: it came before."""
        if await SQL.seen(self._connection, key=key) is not None:
            return False
        owner = _FAMILY + self._session.now.date().isoformat()
        sealed = await self._keys.seal(owner, "inbox", "payload", key, json.dumps(payload))
        row = await SQL.accept(
            self._connection,
            key=key,
            kind=kind,
            owner=owner,
            payload=sealed,
            received_at=self._session.now,
        )
        self._session.promised = self._session.promised or row is not None
        return row is not None

    async def next_waiting(self, *, limit: int = 1, seconds: float = 60) -> list[Event]:
        """Take up to `limit` events that wait, oldest first, for `seconds`. The unreadable are set aside."""
        until = self._session.now + timedelta(seconds=seconds)
        rows = SQL.lease(self._connection, now=self._session.now, until=until, limit=limit)
        taken = sorted([row async for row in rows], key=lambda row: int(row["id"]))
        opened = [await self._opened(row) for row in taken]
        return [event for event in opened if event is not None]

    async def _opened(self, row: Row) -> Event | None:
        try:
            text = await self._keys.open(row["owner"], "inbox", "payload", row["key"], row["payload"])
        except (KeyDestroyed, NotReadable):
            await SQL.dead(self._connection, key=row["key"], fence=row["fence"], now=self._session.now)
            return None
        return Event(
            key=row["key"],
            kind=row["kind"],
            payload=json.loads(text),
            received_at=datetime.fromisoformat(row["received_at"]),
            attempt=row["attempt"],
            fence=row["fence"],
        )

    async def applied(self, key: str) -> bool:
        """Note that an event took effect; in the transaction of the effect, that makes it exactly once.

        False: it had taken effect before (or was never accepted).
        """
        return await SQL.applied(self._connection, key=key, now=self._session.now) is not None

    async def again(self, event: Event, after: timedelta) -> None:
        """Try later."""
        await SQL.again(
            self._connection, key=event.key, fence=event.fence, not_before=self._session.now + after
        )

    async def dead(self, event: Event) -> bool:
        """Set an event aside. False: somebody else has it now."""
        row = await SQL.dead(self._connection, key=event.key, fence=event.fence, now=self._session.now)
        return row is not None

    async def release(self, event: Event) -> None:
        """Give an event back untouched."""
        await SQL.release(self._connection, key=event.key, fence=event.fence)

    async def free_all(self) -> None:
        """Take back what vanished workers held; only when none can be alive."""
        await SQL.free_all(self._connection)

    async def revive(self, key: str) -> bool:
        """Let an event that was set aside be tried once more."""
        self._session.promised = True
        return await SQL.revive(self._connection, key=key) is not None

    async def set_aside(self) -> list[SetAside]:
        """Give the events that could not be applied."""
        rows = SQL.set_aside(self._connection)
        return [
            SetAside(row["key"], row["kind"], datetime.fromisoformat(row["received_at"]))
            async for row in rows
        ]

    async def waiting(self) -> tuple[int, datetime | None]:
        """Give how many wait, and since when the oldest."""
        row = await SQL.count_waiting(self._connection)
        return row["waiting"], row["oldest"] and datetime.fromisoformat(row["oldest"])

    async def tidy(self) -> None:
        """Forget keys after 72 hours, what was set aside after 14 days, and destroy the days' keys nobody needs."""
        now = self._session.now
        await SQL.forget(self._connection, applied_before=now - KEYS_KEPT, dead_before=now - SET_ASIDE_KEPT)
        oldest = await SQL.oldest_with_payload(self._connection)
        today = _FAMILY + now.date().isoformat()
        await self._keys.destroy_before(_FAMILY, min(oldest["owner"] or today, today))
