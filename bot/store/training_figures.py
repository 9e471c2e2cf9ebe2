"""Figures of a fiscal year's trainings, as they are counted: not to be shown before small numbers are hidden."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.domain.certificate import fiscal_bounds
from bot.domain.training import MEETINGS
from bot.privacy.suppression import SMALLEST
from bot.store.queries import load
from bot.store.session import Row, Session

SQL = load("training_figures")
Counts = dict[str, int]  # code → how many; the empty code: not said


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted; what each figure is stands beside its query in `sql/training_figures.sql`.

    `fields` and `occupations` divide `participants`; `municipalities` those at meetings, `regions` those at everything
    else: nobody is in both, so that neither table can be laid over the other. `practice`: answers after three months.
    """

    fiscal_year: int
    trainings: Counts
    sessions: Counts
    participants: int
    people: int  # the same, each counted once in the year
    fields: Counts
    regions: Counts
    occupations: Counts
    municipalities: Counts
    satisfaction: Counts
    practice: Counts


class TrainingFigures:
    """Counts; it holds no rules and changes nothing."""

    def __init__(self, session: Session) -> None:
        self._connection = session.connection

    async def of_year(self, fiscal_year: int) -> Figures:
        """Count one fiscal year."""
        since, until = fiscal_bounds(fiscal_year)
        kinds = [row async for row in SQL.kinds(self._connection, since=since, until=until)]
        there = [row async for row in SQL.people_there(self._connection, since=since, until=until)]
        answers = SQL.satisfaction(self._connection, since=since, until=until, fewest=SMALLEST)
        return Figures(
            fiscal_year=fiscal_year,
            trainings={row["kind"]: int(row["trainings"]) for row in kinds},
            sessions={row["kind"]: int(row["sessions"]) for row in kinds},
            participants=len(there),
            people=len({row["attendee"] for row in there}),
            fields=_by("field", there),
            regions=_by("region", (row for row in there if row["kind"] not in MEETINGS)),
            occupations=_by("occupation", there),
            municipalities=_by("municipality", (row for row in there if row["kind"] in MEETINGS)),
            satisfaction={row["answer"]: int(row["answers"]) async for row in answers},
            practice=_by("practice", (row for row in there if row["practice"])),
        )


def _by(column: str, rows: Iterable[Row]) -> Counts:
    counted: Counter[Any] = Counter(row[column] or "" for row in rows)
    return dict(counted)
