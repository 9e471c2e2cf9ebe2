"""Where cases go on to: municipalities with the local names of their meetings, and agencies. All of it is about offices."""

from bot.domain.directory import EVERYWHERE, Agency, Entry, Town, holds
from bot.domain.refusals import Changed, NotFound
from bot.store.queries import load
from bot.store.rows import decode, encode
from bot.store.session import Row, Session

SQL = load("directory")


class Agencies:
    """Rows in, agencies out."""

    def __init__(self, session: Session) -> None:
        self._connection = session.connection

    async def get(self, agency_id: str) -> Agency:
        """Give one, in use or not, or raise `NotFound`."""
        row = await SQL.agency(self._connection, id=agency_id)
        if row is None:
            raise NotFound
        return decode(Agency, row)

    async def all(self) -> list[Agency]:
        """Those in use, by municipality and kind."""
        return [decode(Agency, row) async for row in SQL.agencies(self._connection)]

    async def unused(self) -> list[Agency]:
        """Those no longer in use."""
        return [decode(Agency, row) async for row in SQL.agencies_unused(self._connection)]

    async def of(self, municipality: str) -> list[Agency]:
        """Those in use that a municipality's people turn to: its own first, then those of the whole prefecture."""
        found = SQL.agencies_of(self._connection, municipality=municipality, everywhere=EVERYWHERE)
        return [decode(Agency, row) async for row in found]

    async def find(self, text: str) -> list[Agency]:
        """Those in use with all these words in their name or note, or these digits in their number."""
        return [each for each in await self.all() if holds(each, text)]

    async def keep(self, agency: Agency) -> bool:
        """Keep a new one, or the next step of one; False: it was added already. Raises `Changed`."""
        columns = {name: value for name, value in encode(agency).items() if name != "version"}
        if agency.version == 0:
            return await SQL.add_agency(self._connection, **columns) is not None
        if await SQL.move_agency(self._connection, **columns, was=agency.version) is None:
            raise Changed
        return True


class Towns:
    """What is known of each municipality. One of which nothing is kept is there too, blank."""

    def __init__(self, session: Session) -> None:
        self._connection = session.connection

    async def get(self, municipality: str) -> Town:
        """Give one. Whether there is such a municipality is the organisation's to say."""
        row = await SQL.town(self._connection, municipality=municipality)
        return Town(municipality) if row is None else _town(row)

    async def all(self) -> dict[str, Town]:
        """Give those of which something is kept, by municipality."""
        found = [_town(row) async for row in SQL.towns(self._connection)]
        return {each.municipality: each for each in found}

    async def keep(self, town: Town) -> None:
        """Write one step, or raise `Changed`."""
        columns = {name: value for name, value in encode(town).items() if name not in {"version", "active"}}
        if town.version == 0:
            kept = await SQL.add_town(self._connection, **columns)
        else:
            kept = await SQL.move_town(self._connection, **columns, was=town.version)
        if kept is None:
            raise Changed


class LocalNames:
    """What municipalities call their meetings."""

    def __init__(self, session: Session) -> None:
        self._towns = Towns(session)

    async def of(self, municipality: str) -> dict[str, str]:
        """Give code of a meeting → its name there, for those that have one of their own."""
        return dict((await self._towns.get(municipality)).meetings)


async def entry(session: Session, subject: str) -> Entry:
    """Give what a timer or a message is about. Raises `NotFound`."""
    kind, _, key = subject.partition(":")
    if kind == "agency":
        return await Agencies(session).get(key)
    if kind == "town":
        return await Towns(session).get(key)
    raise NotFound


def _town(row: Row) -> Town:
    return decode(Town, {**row, "active": 1})
