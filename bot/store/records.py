"""匿名化した事例記録: what stays when everything that points at a person is gone."""

from bot.domain.casework import Record
from bot.store.queries import load
from bot.store.rows import decode, encode
from bot.store.session import Session

SQL = load("records")


class Records:
    """Frozen once kept: the database itself refuses a change."""

    def __init__(self, session: Session) -> None:
        self._connection = session.connection

    async def add(self, record: Record, consultation: str) -> None:
        """Keep a confirmed record, and which consultation it came from."""
        await SQL.add(self._connection, **encode(record))
        await SQL.link(self._connection, consultation=consultation, record=record.id)

    async def of(self, consultation: str) -> list[Record]:
        """The records of a consultation, oldest first."""
        rows = SQL.of_consultation(self._connection, consultation=consultation)
        return [decode(Record, row) async for row in rows]

    async def how_many(self) -> int:
        """How many records are kept."""
        row = await SQL.how_many(self._connection)
        return int(row["n"])
