"""匿名化した事例記録: what stays when everything that points at a person is gone."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.business_time import TOKYO
from bot.domain.casework import FollowUp, Record
from bot.domain.events import Event
from bot.domain.refusals import NotFound
from bot.privacy.uniqueness import ANY, Key
from bot.store.queries import load
from bot.store.rows import decode, encode
from bot.store.session import Session

SQL = load("records")
AGAIN = 4  # records of one case that were looked at for one that counts
ALIKE = ("household", "sex", "age_band", "theme", "region")  # as the index `records_alike` has them


@dataclass(frozen=True, slots=True)
class Review:
    """Whether others may learn from a record. `decision`: "released", "withheld", "withdrawn", None: nobody has looked."""

    record: str
    offered_by: str
    offered_at: datetime
    reviewed_by: str | None
    reviewed_at: datetime | None
    decision: str | None
    withdrawn_by: str | None = None


def day(moment: datetime) -> datetime:
    """When the day began. What stays has no moment: to that, the trail would tell of whose consultation it was."""
    return moment.astimezone(TOKYO).replace(hour=0, minute=0, second=0, microsecond=0)


class Records:
    """Frozen once kept: the database itself refuses a change."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection

    async def add(self, record: Record, consultation: str) -> None:
        """Keep a confirmed record, and which consultation it came from."""
        await SQL.add(self._connection, **encode(record))
        await SQL.link(self._connection, consultation=consultation, record=record.id, at=self._session.now)

    async def of(self, consultation: str, since: datetime | None = None) -> list[Record]:
        """The records of a consultation, or those kept since a moment, oldest first."""
        rows = SQL.of_consultation(self._connection, consultation=consultation, since=since or "")
        return [decode(Record, row) async for row in rows]

    async def holder(self, record: str) -> str | None:
        """Who holds the consultation a record came from; None: nobody, or nothing leads there any more."""
        row = await SQL.holder(self._connection, record=record)
        return row["counselor"] if row else None

    async def unnoted(self, most: int) -> list[tuple[str, str, bool]]:
        """Id, hash, and whether it was offered, of records the trail does not tell of yet, in the order of their ids."""
        rows = SQL.unnoted(self._connection, event=Event.RECORD_KEPT, most=most)
        return [(row["id"], row["hash"], bool(row["offered"])) async for row in rows]

    async def count_like(self, key: Key, most: int, but: str = "") -> int:
        """How many cases share these coarse facts, `but` this one. Nobody counts beyond `most`.

        Where one case has very many records, fewer are counted than there are, never more.
        """
        asked = {name: getattr(key, name) for name in ALIKE if getattr(key, name) != ANY}
        where = " AND ".join(
            f"{name} = :{name}" if code else f"{name} IS NULL" for name, code in asked.items()
        )
        alike = f"SELECT of_case FROM records WHERE {where or 'true'} LIMIT :most"  # noqa: S608 - our own column names
        sql = f"SELECT COUNT(DISTINCT of_case) AS n FROM ({alike}) AS alike WHERE of_case <> :but"  # noqa: S608
        [row] = await self._connection.rows(sql, asked | {"most": most * AGAIN, "but": but})
        return min(int(row["n"]), most)

    async def get(self, record: str) -> Record:
        """Give one record, or raise `NotFound`."""
        row = await SQL.get(self._connection, record=record)
        if row is None:
            raise NotFound
        return decode(Record, row)

    async def page(self, after: str, most: int) -> list[Record]:
        """Give at most so many records, in the order of their ids, from behind this one on."""
        return [decode(Record, row) async for row in SQL.page(self._connection, after=after, most=most)]

    async def offer(self, record: str) -> None:
        """The present actor offers it to others; a second person is to look at it first."""
        await SQL.offer(self._connection, record=record, by=self._session.actor.id, at=day(self._session.now))

    async def review_of(self, record: str) -> Review | None:
        """Whether it was offered, and what the second person said."""
        row = await SQL.review_of(self._connection, record=record)
        return decode(Review, row) if row else None

    async def to_review(self, user: str, most: int) -> list[Record]:
        """Records that wait for a second person, and this one may be that, oldest first."""
        rows = SQL.to_review(self._connection, by=user, most=most)
        return [decode(Record, row) async for row in rows]

    async def decide(self, record: str, decision: str) -> bool:
        """The present actor is the second person: "released" or "withheld". False: it is decided, or their own."""
        told = await SQL.decide(
            self._connection,
            record=record,
            decision=decision,
            by=self._session.actor.id,
            at=self._session.now,
        )
        return told is not None

    async def withdraw(self, record: str) -> bool:
        """It was released and is not any more. False: it was not released."""
        return await SQL.withdraw(self._connection, record=record, by=self._session.actor.id) is not None

    async def take_back(self, consultation: str) -> None:
        """Whatever of a consultation nobody has looked at yet is offered no more."""
        await SQL.take_back(self._connection, consultation=consultation)

    async def echo(self, consultation: str, told: FollowUp) -> None:
        """Note with every record of a consultation how it went: codes only, the latest tap counts."""
        await SQL.echo(
            self._connection,
            consultation=consultation,
            question=told.id,
            answer=told.answer,
            heaviness=told.heaviness,
            at=day(told.answered_at or self._session.now),
        )
