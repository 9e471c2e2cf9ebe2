"""Messages promised in a transaction and sent after it commits.

A row names a template, ids and codes, never words: what the words need is read at the moment of sending.
Its life: pending → sending → sent, or unknown (the answer got lost: checking → sent, or sending again), or dead.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.store.queries import codes, load
from bot.store.session import Row, Session

SQL = load("outbox")
Op = Literal["post", "card", "whisper", "home", "upload", "window", "remove"]
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One promise. `to` is a channel or user id; `posted_in`, `ts`, `file_id` are what Slack answered so far."""

    id: int
    key: str
    op: Op
    template: str
    to: str
    subject: str
    facts: Mapping[str, Any]
    created_at: datetime
    state: str
    attempt: int
    fence: int
    wanted: int
    posted_in: str | None
    ts: str | None
    file_id: str | None
    why: str | None

    @property
    def mark(self) -> str:
        """The name under which the message can be found again in Slack."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:32]

    @property
    def in_doubt(self) -> bool:
        """Whether it may have arrived already."""
        return self.state == "checking"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How the outbox stands: how many wait, since when the oldest could have gone."""

    count: int
    oldest: datetime | None


class Outbox:
    """What use cases promise, and how delivery keeps it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection

    async def add(
        self,
        template: str,
        *,
        to: str,
        key: str,
        subject: str = "",
        op: Op = "post",
        not_before: datetime | None = None,
        **facts: Any,
    ) -> None:
        """Promise a message. Promising the same `key` again changes nothing. Facts are ids and codes.

        Messages of one `subject` are sent in order. A whisper names its one reader as `user=`.
        """
        self._session.promised = True
        await SQL.add(
            self._connection,
            key=key,
            op=op,
            template=template,
            channel=to,
            subject=subject,
            facts=codes(facts),
            created_at=self._session.now,
            not_before=not_before,
        )

    async def card(
        self, template: str, *, to: str, subject: str, pause: timedelta | None = None, **facts: Any
    ) -> None:
        """Let the one live card of `subject` show the present: posted once, edited ever after.

        `pause`: how long an edit waits for others, so that they go together. The first time it is posted at once.
        """
        await self._refresh(
            f"card:{template}:{subject}:{to}",
            "card",
            template,
            to=to,
            subject=subject,
            facts=facts,
            not_before=None if pause is None else self._session.now + pause,
        )

    async def home(self, user_id: str) -> None:
        """Let somebody's Home show the present."""
        await self._refresh(f"home:{user_id}", "home", "home", to=user_id, subject="", facts={})

    async def window(
        self, template: str, *, to: str, view: str, pause: timedelta | None = None, **facts: Any
    ) -> None:
        """Let an open window show the present. `view` is Slack's id of it; `pause` as with a card."""
        await self._refresh(
            f"window:{view}",
            "window",
            template,
            to=to,
            subject="",
            facts={"view": view, **facts},
            not_before=None if pause is None else self._session.now + pause,
        )

    async def _refresh(
        self,
        key: str,
        op: Op,
        template: str,
        *,
        to: str,
        subject: str,
        facts: Mapping[str, Any],
        not_before: datetime | None = None,
    ) -> None:
        self._session.promised = True
        await SQL.refresh(
            self._connection,
            key=key,
            op=op,
            template=template,
            channel=to,
            subject=subject,
            facts=codes(facts),
            created_at=self._session.now,
            not_before=not_before,
        )

    # What delivery asks.

    async def lease(self, *, limit: int, seconds: float) -> list[OutboxRow]:
        """Take up to `limit` rows that may be sent now, for `seconds`."""
        until = self._session.now + timedelta(seconds=seconds)
        rows = SQL.lease(self._connection, now=self._session.now, until=until, limit=limit)
        return sorted([_promise(row) async for row in rows], key=lambda row: row.id)

    async def expire(self, *, everything: bool = False) -> None:
        """Put what was on its way when a sender vanished in doubt; `everything`: no sender can be alive."""
        await SQL.expire(self._connection, now=self._session.now, everything=everything)

    async def release(self, row: OutboxRow) -> None:
        """Give a row back; nothing was sent."""
        await SQL.release(self._connection, id=row.id, fence=row.fence)

    async def put_off(self, row: OutboxRow, until: datetime) -> None:
        """Give a row back, to be said from `until` on."""
        await SQL.put_off(self._connection, id=row.id, fence=row.fence, until=until)

    async def sent(
        self,
        row: OutboxRow,
        *,
        posted_in: str | None = None,
        ts: str | None = None,
        why: str | None = None,
    ) -> bool:
        """Note that the words arrived. False: the lease was lost meanwhile."""
        done = await SQL.sent(
            self._connection,
            id=row.id,
            fence=row.fence,
            now=self._session.now,
            shown=row.wanted,
            posted_in=posted_in or row.posted_in,
            ts=ts or row.ts,
            why=why,
        )
        self._session.promised = self._session.promised or done is not None
        return done is not None

    async def again(self, row: OutboxRow, *, after: timedelta, why: str, doubt: bool) -> bool:
        """Try later; `doubt`: look first whether it arrived."""
        done = await SQL.again(
            self._connection,
            id=row.id,
            fence=row.fence,
            state="unknown" if doubt else "pending",
            retry_at=self._session.now + after,
            why=why,
        )
        return done is not None

    async def dead(self, row: OutboxRow, why: str) -> bool:
        """Give up for good. `why` is Slack's code or ours."""
        done = await SQL.dead(self._connection, id=row.id, fence=row.fence, now=self._session.now, why=why)
        self._session.promised = True
        return done is not None

    async def note(
        self, row: OutboxRow, *, posted_in: str | None, ts: str | None, file_id: str | None
    ) -> bool:
        """Keep what must be known if the next answer gets lost. False: the lease was lost meanwhile."""
        done = await SQL.note(
            self._connection, id=row.id, fence=row.fence, posted_in=posted_in, ts=ts, file_id=file_id
        )
        return done is not None

    async def hold(self, row: OutboxRow, after: timedelta) -> None:
        """Leave this channel in peace for a while: Slack asked for it."""
        await SQL.hold(self._connection, channel=row.to, op=row.op, until=self._session.now + after)

    async def untold(self, limit: int = 20) -> list[OutboxRow]:
        """Give the dead nobody has heard about yet."""
        return [_promise(row) async for row in SQL.untold(self._connection, limit=limit)]

    async def told(self, row_id: int) -> None:
        """Note that somebody heard about a dead row."""
        await SQL.told(self._connection, id=row_id, now=self._session.now)

    # What anybody may ask.

    async def waiting(self) -> Waiting:
        """Give how many wait, and since when the oldest of those that could have gone."""
        row = await SQL.count_waiting(self._connection, now=self._session.now)
        oldest = row["oldest"] and datetime.fromisoformat(row["oldest"])
        return Waiting(row["waiting"], oldest or None)

    async def unfinished(self, limit: int = 100) -> list[OutboxRow]:
        """Give what is not sent yet, oldest first."""
        return [_promise(row) async for row in SQL.unfinished(self._connection, limit=limit)]

    async def of(self, subject: str) -> list[OutboxRow]:
        """Give all that was promised about a subject, sent or not."""
        return [_promise(row) async for row in SQL.of(self._connection, subject=subject)]

    async def has(self, key: str) -> bool:
        """Whether this was promised, sent or not, as far as it is remembered."""
        return await SQL.has(self._connection, key=key) is not None

    async def at(self, channel: str, ts: str) -> OutboxRow | None:
        """Give the promise behind a message in Slack."""
        row = await SQL.at(self._connection, channel=channel, ts=ts)
        return row and _promise(row)

    async def tidy(self) -> None:
        """Forget messages sent more than 90 days ago. Cards and Homes stay: they are still drawn."""
        await SQL.tidy(self._connection, before=self._session.now - KEPT)


def _promise(row: Row) -> OutboxRow:
    return OutboxRow(
        id=row["id"],
        key=row["key"],
        op=row["op"],
        template=row["template"],
        to=row["channel"],
        subject=row["subject"],
        facts=json.loads(row["facts"]),
        created_at=datetime.fromisoformat(row["created_at"]),
        state=row["state"],
        attempt=row["attempt"],
        fence=row["fence"],
        wanted=row["wanted"],
        posted_in=row["posted_in"],
        ts=row["ts"],
        file_id=row["file_id"],
        why=row["why"],
    )
