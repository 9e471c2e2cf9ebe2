"""A record in which a name was left: it is written anew, and its own words are erased. Its codes stay."""

from bot.domain.casework import Record
from bot.store.queries import load
from bot.store.rows import decode, encode
from bot.store.session import Session

RECORDS = load("records")
SQL = load("replacements")


class Replacements:
    """The one change that a frozen record allows; the database itself refuses any other."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection

    async def name(self, record: str) -> bool:
        """The present actor says that a name was left in it. False: somebody said so before."""
        by, at = self._session.actor.id, self._session.now
        return await SQL.name(self._connection, record=record, by=by, at=at) is not None

    async def is_named(self, record: str) -> bool:
        """Whether somebody said that a name was left in it."""
        return await SQL.state(self._connection, record=record) is not None

    async def instead_of(self, record: str) -> str | None:
        """The record that stands in its place. None: it stands itself."""
        row = await SQL.state(self._connection, record=record)
        return row["replaced_by"] if row else None

    async def waiting(self, most: int) -> list[Record]:
        """Records that have to be written anew, the longest waiting first."""
        return [decode(Record, row) async for row in SQL.waiting(self._connection, most=most)]

    async def erased(self) -> frozenset[str]:
        """Every record another one stands in place of: its words are gone."""
        return frozenset([row["record"] async for row in SQL.erased(self._connection)])

    async def offer_no_more(self, record: str) -> None:
        """Nobody has looked at it yet, and nobody need."""
        await SQL.offer_no_more(self._connection, record=record)

    async def consultation(self, record: str) -> str | None:
        """The consultation a record came from. None: nothing leads there any more."""
        row = await SQL.consultation(self._connection, record=record)
        return row["consultation"] if row else None

    async def replace(self, record: str, new: Record) -> None:
        """Keep a new record in place of another that was named, and erase the words of that one for good."""
        await RECORDS.add(self._connection, **encode(new))
        await SQL.keep_link(self._connection, record=record, by=new.id)
        await SQL.keep_echoes(self._connection, record=record, by=new.id)
        await SQL.follow(self._connection, record=record, by=new.id)
        await SQL.replace(self._connection, record=record, by=new.id)
        await SQL.erase(self._connection, record=record)
        self._session.erased = True  # the bytes must leave the file too
