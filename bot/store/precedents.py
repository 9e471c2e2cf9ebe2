"""The precedent library: records two people released, and the terms they are found by. Frozen records, no names."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.casework import Record
from bot.domain.precedents import ALL, NEWEST, Candidate, Plan, Step
from bot.domain.refusals import NotFound
from bot.store.queries import load
from bot.store.records import AGAIN
from bot.store.rows import decode
from bot.store.session import Session

SQL = load("precedents")
# PostgreSQL has no order in its index: what many should have it looks for among the newest; what few have, everywhere.
FEW = 2_000
WINDOW = (2_000, 20_000)
# Records looked at because of their words, whatever is asked: as many as the database gives in about 10 ms.
BUDGET = {"sqlite": 12_000, "postgresql": 5_000}
_JOINED = {"sqlite": ('"', " AND "), "postgresql": ("'", " & ")}


@dataclass(frozen=True, slots=True)
class Echo:
    """How it went afterwards: an answer and its weight, as codes. Either may be missing."""

    answer: str | None
    heaviness: str | None


class Precedents:
    """A record comes in with its release and goes out with its withdrawal, in the same transaction."""

    def __init__(self, session: Session) -> None:
        self._connection = session.connection
        self.budget = BUDGET[session.connection.dialect]

    async def add(self, record: str, terms: Iterable[str]) -> None:
        """Take a released record in, with its terms (`usecases.precedents.terms_of`). Twice is once."""
        there = sorted(dict.fromkeys(terms))
        if row := await SQL.add(self._connection, record=record, terms=" ".join(there)):
            if self._connection.dialect == "sqlite":
                await SQL.index_in(self._connection, seq=row["seq"], terms=" ".join(there))
            await SQL.count_in(self._connection, terms=json.dumps([ALL, *there], ensure_ascii=False))

    async def remove(self, record: str) -> None:
        """Take a withdrawn record out. One that is not there is no mistake."""
        if row := await SQL.remove(self._connection, record=record):
            if self._connection.dialect == "sqlite":
                await SQL.index_out(self._connection, seq=row["seq"], terms=row["terms"])
            terms = json.dumps([ALL, *row["terms"].split(" ")], ensure_ascii=False)
            await SQL.count_out(self._connection, terms=terms)
            await SQL.forget(self._connection, terms=terms)

    async def counts(self, terms: Iterable[str] = ()) -> dict[str, int]:
        """How many records have each term; under `ALL` how many there are. A term nobody has is left out."""
        asked = json.dumps([ALL, *terms], ensure_ascii=False)
        return {row["term"]: row["records"] async for row in SQL.counts(self._connection, terms=asked)}

    async def candidates(self, plan: Plan, most: int) -> list[Candidate]:
        """The records a plan looks at: at most so many of what is rare, and where that is less, the newest of the rest."""
        found: dict[int, None] = {}
        if plan.rare:
            steps = [{"match": self._match(each.terms), "weight": each.weight} for each in plan.rare]
            asked = json.dumps(steps, ensure_ascii=False)
            found |= {row["seq"]: None async for row in SQL.rare(self._connection, asked=asked, most=most)}
        for number, step in enumerate(plan.common):
            if number and len(found) >= most:
                break
            found |= dict.fromkeys(await self._newest(step, plan.total))
        rows = SQL.told(self._connection, seqs=json.dumps(list(found)))
        return [
            Candidate(row["seq"], row["record"], frozenset(row["terms"].split(" "))) async for row in rows
        ]

    async def _newest(self, step: Step, total: int) -> list[int]:
        match = self._match(step.terms)
        if self._connection.dialect == "postgresql" and step.share * total > FEW:
            window = min(max(int(2 * NEWEST / step.share), WINDOW[0]), WINDOW[1])
            rows = SQL.newest_among(self._connection, match=match, most=NEWEST, window=window)
            among = [row["seq"] async for row in rows]
            if len(among) >= NEWEST // 3:
                return among
        return [row["seq"] async for row in SQL.newest(self._connection, match=match, most=NEWEST)]

    async def cases(self, terms: tuple[str, ...], most: int) -> int:
        """How many cases the records that have all these terms are of. Nobody counts far beyond `most`."""
        rows = SQL.newest(self._connection, match=self._match(terms), most=most * AGAIN)
        seqs = json.dumps([row["seq"] async for row in rows])
        return len({row["of_case"] async for row in SQL.cases(self._connection, seqs=seqs)})

    async def released(self, ids: Sequence[str]) -> dict[str, Record]:
        """These records by id, as far as they are released at this moment."""
        rows = SQL.released(self._connection, ids=json.dumps(list(ids)))
        return {row["id"]: decode(Record, row) async for row in rows}

    async def get(self, record: str) -> Record:
        """One released record. Raises NotFound."""
        try:
            return (await self.released([record]))[record]
        except KeyError:
            raise NotFound from None

    async def echoes(self, ids: Sequence[str]) -> Mapping[str, list[Echo]]:
        """Whether what was advised helped, by record."""
        told: dict[str, list[Echo]] = {each: [] for each in ids}
        async for row in SQL.echoes(self._connection, ids=json.dumps(list(ids))):
            told[row["record"]].append(Echo(row["answer"], row["heaviness"]))
        return told

    def _match(self, terms: Iterable[str]) -> str:
        """Say in the database's own words that all these terms are there: they are letters, digits and `_` alone."""
        quote, both = _JOINED[self._connection.dialect]
        return both.join(f"{quote}{each}{quote}" for each in terms)
