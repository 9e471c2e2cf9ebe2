"""An independent book of what is kept and for how long, in plain arithmetic, and what came of comparing with it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.organisation import Organisation, RetentionRule, load

TOKYO = ZoneInfo("Asia/Tokyo")


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
