"""社会資源の不足: what was lacking, as codes, once for each consultation and kind."""

from dataclasses import dataclass

from bot.domain.business_time import fiscal_year
from bot.domain.consultation import Consultation
from bot.store.queries import load
from bot.store.session import Session

SQL = load("gaps")
Cells = dict[tuple[str, str], int]  # (region or "", kind) → consultations


@dataclass(frozen=True, slots=True)
class Summed:
    """In how many consultations what was lacking, as counted: not to be shown before small numbers are hidden.

    `this`: the fiscal year of the moment.
    """

    fiscal_year: int
    this: int
    cells: Cells


class Gaps:
    """Counts and notes; it holds no rules."""

    def __init__(self, session: Session) -> None:
        self._connection = session.connection
        self._session = session

    async def note(self, consultation: Consultation, kind: str, source: str) -> bool:
        """Note that something of a kind was lacking. False: it was noted already."""
        row = await SQL.note(
            self._connection,
            consultation=consultation.id,
            kind=kind,
            region=consultation.region,
            fiscal_year=fiscal_year(self._session.now),
            source=source,
            at=self._session.now,
        )
        return row is not None

    async def take_back(self, consultation: str, kind: str) -> bool:
        """Note it no more. False: it was not noted."""
        return await SQL.take_back(self._connection, consultation=consultation, kind=kind) is not None

    async def of(self, consultation: str) -> tuple[str, ...]:
        """The kinds noted for a consultation."""
        return tuple([row["kind"] async for row in SQL.of(self._connection, consultation=consultation)])

    async def summed(self, year: int) -> Cells:
        """In how many consultations of a fiscal year something of a kind was lacking, by region and kind."""
        found = SQL.summed(self._connection, fiscal_year=year)
        return {(row["region"] or "", row["kind"]): int(row["n"]) async for row in found}
