"""アドバイス内容の検討会: which records of a time are read together, and by whom. Pure, and about no person."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.domain.refusals import Refused
from bot.domain.staff import Role

LEAD = frozenset({Role.COORDINATOR, Role.SUPERVISOR})
READ = LEAD | {
    Role.COUNSELOR,
    Role.EXPERT_SW,
    Role.EXPERT_PSY,
    Role.EXPERT_ACADEMIC,
    Role.EXPERT_LEGAL,
}
LEARN = LEAD | {Role.COUNSELOR}
MOST = (1, 2, 3, 5)  # how many are drawn of each region and theme
MODEL, TOPIC, LEFT = "model", "topic", "left"  # what a finding becomes


class NothingToRead(Refused):
    """No record of that time can be read by any of those chosen."""

    template = "refusals/nothing_to_read"
    field = "since"


class NotAReader(Refused):
    """Somebody chosen sits in no review here."""

    template = "refusals/not_a_reader"
    field = "readers"


class ReadingOver(Refused):
    """What was read is summed up already."""

    template = "refusals/reading_over"


@dataclass(frozen=True, slots=True)
class AdviceReview:
    """Records of the days from `since` to `last` are read. `population`: "region/theme" → how many could be drawn."""

    id: str
    since: date
    last: date
    most: int
    seed: str
    readers: tuple[str, ...]
    population: dict[str, int]
    opened_by: str
    opened_at: datetime
    codes_version: str
    closed_by: str | None = None
    closed_at: datetime | None = None
    summary: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is still reading to be done."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that could be drawn. `touched`: who had a part in its consultation, and so cannot read it."""

    record: str
    region: str
    theme: str
    touched: frozenset[str] = field(default=frozenset())

    @property
    def stratum(self) -> str:
        """What is drawn from together."""
        return f"{self.region or '-'}/{self.theme or '-'}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A record that was drawn, and who reads it."""

    record: str
    theme: str
    reader: str


def draw(
    candidates: Iterable[Candidate], readers: Sequence[str], most: int, seed: str
) -> tuple[list[Drawn], dict[str, int]]:
    """Draw at most so many records of each region and theme by lot, and give each to a reader who had no part in it.

    A record that all readers had a part in cannot be drawn. The same seed draws the same. Gives also how many could
    have been drawn, by region and theme.
    """
    lots = sorted(
        (each for each in candidates if not each.touched.issuperset(readers)),
        key=lambda each: _lot(seed, each.record),
    )
    population: Counter[str] = Counter()
    taken = []
    for each in lots:
        population[each.stratum] += 1
        if population[each.stratum] <= most:
            taken.append(each)
    return _given(taken, readers, seed), dict(sorted(population.items()))


def _given(taken: list[Candidate], readers: Sequence[str], seed: str) -> list[Drawn]:
    """Give each to whoever has the fewest so far; those that few can read come first."""
    load: Counter[str] = Counter()
    given = []
    for each in sorted(taken, key=lambda one: len(set(readers) - one.touched)):
        able = [reader for reader in readers if reader not in each.touched]
        reader = min(able, key=lambda one: (load[one], _lot(seed, each.record, one)))
        load[reader] += 1
        given.append(Drawn(each.record, each.theme, reader))
    return given


def _lot(*of: str) -> str:
    return hashlib.sha256("/".join(of).encode()).hexdigest()
