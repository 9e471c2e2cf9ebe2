"""When the desk is open, and what time it may promise. Pure: the moment asked about is an argument.

Moments come in with any time zone and go out in Asia/Tokyo. Days, hours and fiscal years are Tokyo's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from holidays.countries.japan import Japan

TOKYO = ZoneInfo("Asia/Tokyo")
YEAR_END = ((12, 29), (1, 3))
FARTHEST = timedelta(days=3 * 366)


class NeverOpens(ValueError):
    """These hours and closures leave no open day within three years."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Open from `opens` until just before `closes`, on one day."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError("a period closes after it opens")


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """Every day from `first` to `last`, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class WithinMinutes:
    """A promise: within so many open minutes."""

    minutes: int


@dataclass(frozen=True, slots=True)
class ByClosing:
    """A promise: by closing of the `day`-th open day after today (0: today).

    Where fewer than `at_least` open minutes are left until then, it is the next opening plus `at_least`.
    """

    day: int
    at_least: int = 60


Rule = WithinMinutes | ByClosing


@dataclass(frozen=True, slots=True)
class Calendar:
    """The desk's own calendar.

    `hours`: weekday (0 is Monday) → the day's periods, in order. `closures`: the desk's own closed days.
    `extra`: days that are open whatever else is true. `lunch`: calls may be hard to take; nothing is computed from it.
    `holidays`: whether national holidays and substitute holidays close. `year_end`: closed month-days over New Year.
    """

    hours: Mapping[int, tuple[Period, ...]]
    closures: tuple[Days, ...] = ()
    extra: Mapping[date, tuple[Period, ...]] = field(default_factory=dict)
    holidays: bool = True
    year_end: tuple[tuple[int, int], tuple[int, int]] | None = YEAR_END
    lunch: Period | None = None

    def __post_init__(self) -> None:
        for periods in (*self.hours.values(), *self.extra.values()):
            if any(one.closes > other.opens for one, other in pairwise(periods)):
                raise ValueError("the periods of a day follow each other")

    def periods(self, day: date) -> tuple[Period, ...]:
        """When the desk is open on this day; empty on a closed one."""
        if day in self.extra:
            return self.extra[day]
        closed = (
            any(day in days for days in self.closures)
            or self._over_new_year(day)
            or (self.holidays and is_holiday(day))
        )
        return () if closed else self.hours.get(day.weekday(), ())

    def is_open(self, at: datetime) -> bool:
        """Whether the desk is open at this moment; the moment of closing is not open any more."""
        here = _tokyo(at)
        now = here.time()
        return any(period.opens <= now < period.closes for period in self.periods(here.date()))

    def next_opening(self, at: datetime) -> datetime:
        """The next moment, after this one, at which the desk opens."""
        here = _tokyo(at)
        return next(opens for opens, _ in self._openings(here.date()) if opens > here)

    def just_opened(self, at: datetime) -> bool:
        """Whether this is the first open hour of its day."""
        here = _tokyo(at)
        opens = next((opens for opens, _ in self._of(here.date())), None)
        return opens is not None and opens <= here < opens + timedelta(hours=1)

    def add_open_minutes(self, at: datetime, n: int) -> datetime:
        """The moment when the desk has been open for `n` more minutes: open, or exactly a closing."""
        return self._after(_tokyo(at), timedelta(minutes=n))

    def open_minutes_left(self, at: datetime) -> float:
        """Open minutes between this moment and the end of its day."""
        here = _tokyo(at)
        left = timedelta()
        for opens, closes in self._of(here.date()):
            left += max(closes - max(opens, here), timedelta())
        return left / timedelta(minutes=1)

    def close_of_open_day(self, at: datetime, n: int) -> datetime:
        """Closing time of the `n`-th open day after this date. 0 is today, or the next open day once today is over."""
        here = _tokyo(at)
        start = here.date() if n == 0 else here.date() + timedelta(days=1)
        closings = (closes for closes in self._closings(start) if closes > here)
        closing = next(closings)
        for _ in range(n - 1):
            closing = next(closings)
        return closing

    def promise(self, at: datetime, rule: Rule) -> datetime:
        """The time to be told to whoever asks at this moment, to the whole minute, so that what is said is what is kept."""
        match rule:
            case WithinMinutes(minutes):
                due = self.add_open_minutes(at, minutes)
            case ByClosing(0, at_least) if self.open_minutes_left(at) < at_least:
                due = self.add_open_minutes(self.next_opening(at), at_least)
            case ByClosing(day, at_least):
                due = max(self.close_of_open_day(at, day), self.add_open_minutes(at, at_least))
        return due.replace(second=0, microsecond=0)

    def _after(self, here: datetime, wanted: timedelta) -> datetime:
        for opens, closes in self._openings(here.date()):
            start = max(opens, here)
            if start >= closes:
                continue
            if closes - start >= wanted:
                return start + wanted
            wanted -= closes - start
        raise NeverOpens

    def _openings(self, start: date) -> Iterator[tuple[datetime, datetime]]:
        """Every open stretch from this day on."""
        return (stretch for day in self._open_days(start) for stretch in self._of(day))

    def _closings(self, start: date) -> Iterator[datetime]:
        """The last closing of every open day from this day on."""
        return (list(self._of(day))[-1][1] for day in self._open_days(start))

    def _open_days(self, start: date) -> Iterator[date]:
        """Every open day from this one on. Raises `NeverOpens` after three years without one."""
        day, opened = start, start
        while day - opened < FARTHEST:
            if self.periods(day):
                opened = day
                yield day
            day += timedelta(days=1)
        raise NeverOpens

    def _of(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        for period in self.periods(day):
            yield datetime.combine(day, period.opens, TOKYO), datetime.combine(day, period.closes, TOKYO)

    def _over_new_year(self, day: date) -> bool:
        if self.year_end is None:
            return False
        first, last = self.year_end
        here = (day.month, day.day)
        return first <= here <= last if first <= last else here >= first or here <= last


def is_holiday(day: date) -> bool:
    """Whether the day is a national holiday of Japan, substitutes and days between included."""
    return day in _holidays_of(day.year)


def fiscal_year(at: datetime) -> int:
    """The fiscal year (April to March, Tokyo) of a moment."""
    here = _tokyo(at)
    return here.year - (here.month < 4)


# The first fiscal year said in each era, its letter, and the year that is its first.
ERAS = ((2019, "R", 2019), (1989, "H", 1989), (1927, "S", 1926), (1912, "T", 1912), (1868, "M", 1868))


def era_year(fiscal: int) -> str:
    """A fiscal year as receipts write it: 2026 is "R8". Years before Meiji are refused with `ValueError`."""
    for since, letter, first in ERAS:
        if fiscal >= since:
            return f"{letter}{fiscal - first + 1}"
    raise ValueError("before the first era known here")


@lru_cache(maxsize=64)
def _holidays_of(year: int) -> frozenset[date]:
    return frozenset(Japan(years=year))


def _tokyo(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return at.astimezone(TOKYO)
