"""An independent book of what is kept and for how long, in plain arithmetic, and what came of comparing with it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg

from bot.organisation import Organisation, RetentionRule, load

TOKYO = ZoneInfo("Asia/Tokyo")


# What leads to who it was or what was said: every place, and the ids of the consultations there.
LEFT = (
    "SELECT owner AS id FROM data_keys",
    *(
        f"SELECT consultation AS id FROM {table}"
        for table in ("contacts", "words", "drafts", "case_names", "record_links")
    ),  # noqa: S608
    *(f"SELECT subject AS id FROM {table}" for table in ("timers", "done_once")),  # noqa: S608
    "SELECT subject AS id FROM outbox WHERE template <> 'card'",
    "SELECT id FROM consultations WHERE COALESCE(supporter, entered_by, counselor, handover_to) IS NOT NULL",
)


@dataclass
class Life:
    """What an independent book knows of one consultation."""

    id: str
    status: str = "open"  # open, paused, closed, withdrawn, merged
    ended: datetime | None = None
    into: str | None = None
    held: bool = False
    gone: bool = False
    records: int = 0
    wrapped: str = ""
    sealed: tuple[str, str] = ("", "")  # the row and what was sealed in it


@dataclass
class Verdict:
    """What came of it."""

    lives: int = 0
    destroyed: int = 0
    readable: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)

    @property
    def clean(self) -> bool:
        """Whether every promise was kept."""
        return not (self.readable or self.early or self.held or self.late or self.lost)

    def __str__(self) -> str:
        met = ", ".join(f"{count} {name}" for name, count in sorted(self.met.items()))
        told = f"{self.lives} lives, {self.destroyed} destroyed ({met}): {len(self.readable)} readable afterwards, "
        told += (
            f"{len(self.early)} too early, {len(self.held)} held and destroyed, {len(self.late)} too late, "
        )
        told += f"{len(self.lost)} records lost"
        return "\n".join([told, *(each for wrong in self._wrong() for each in wrong[:3])])

    def _wrong(self) -> list[list[str]]:
        return [self.readable, self.early, self.held, self.late, self.lost]


@dataclass(frozen=True)
class Arithmetic:
    """How long things are kept, counted here once more: years after the fiscal year, or days."""

    rules: dict[str, tuple[str, int]]  # closed, withdrawn → ("years" or "days", how many)

    def due(self, status: str, ended: datetime) -> datetime:
        """When what ended so then has to go."""
        unit, many = self.rules[status]
        if unit == "days":
            return ended + timedelta(days=many)
        here = ended.astimezone(TOKYO)
        march = here.year + 1 if here.month > 3 else here.year
        return datetime(march + many, 4, 1, tzinfo=TOKYO)

    def organisation(self) -> Organisation:
        """The desk with these rules."""
        there = load()
        written = {
            name: RetentionRule(**{unit: many})
            for name, (unit, many) in zip(("consultation", "withdrawn"), self.rules.values(), strict=True)
        }
        return there.model_copy(update={"retention": there.retention.model_copy(update=written)})


def another(url: str, name: str) -> str:
    """Make a blank database beside one on the same server, and give its address."""
    beside, _, where = url.partition("?")
    name = f"{beside.rsplit('/', 1)[1]}_{name}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
    return f"{beside.rsplit('/', 1)[0]}/{name}?{where}"
