"""Who can be asked to a review, and when it could be: conflicts of interest, stated times, the desk's calendar. Pure rules."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.business_time import TOKYO, Calendar
from bot.domain.expert import Expert, free_at
from bot.domain.refusals import InThePast
from bot.domain.review import AtNight, Clash, ClosedDay, Discipline, Slot

DAY = (time(8), time(21))  # nobody is asked to come earlier, or to stay longer
STEP = timedelta(minutes=30)
SOONEST, FARTHEST = 3, 28  # days from today in which times are proposed
PROPOSED = 10
NOON = 12
HALVES = (time(10), time(14))  # when a morning and an afternoon begin best

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Side:
    """What of a case nobody who judges may share: ids of the directory, a code of the list, who asked."""

    agencies: frozenset[str] = frozenset()
    municipality: str | None = None
    supporter: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who could be asked. `conflict`: why not (code of review_conflicts), or None.

    `busy`: what they were given elsewhere. `minutes`, `reviews`: this fiscal year so far. `yen`: for an hour.
    """

    expert: Expert
    discipline: Discipline
    conflict: str | None = None
    busy: tuple[Stretch, ...] = ()
    minutes: int = 0
    reviews: int = 0

    @property
    def staff(self) -> str:
        """Their Slack id."""
        return self.expert.staff

    @property
    def yen(self) -> int:
        """What an hour of theirs is honoured with."""
        return self.expert.honorarium or 0

    def taken(self, start: datetime, end: datetime) -> bool:
        """Whether they sit somewhere else at that time."""
        return any(since < end and start < until for since, until in self.busy)

    def free(self, start: datetime, end: datetime) -> bool:
        """Whether they could come, by what they stated and what they were given."""
        return free_at(self.expert, start, end) and not self.taken(start, end)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A time at which so many could come: `free` of `of` people."""

    starts_at: datetime
    ends_at: datetime
    free: int
    of: int


def conflict(
    expert: Expert, case: Side, apart: Collection[str], reviews: int = 0, way: str | None = None
) -> str | None:
    """Why somebody cannot be asked to a review of this case, or None: they can. `way`: how people meet, where it is known."""
    if not expert.disciplines:
        return "gone"
    if expert.staff == case.supporter:
        return "supporter"
    if "agency" in apart and expert.agency in case.agencies:
        return "agency"
    if "municipality" in apart and case.municipality in expert.municipalities:
        return "municipality"
    if way is not None and way not in expert.ways:
        return "way"
    if expert.most is not None and reviews >= expert.most:
        return "full"
    return None


def fits(
    starts_at: datetime,
    length: timedelta,
    now: datetime,
    calendar: Calendar,
    members: Iterable[Member],
    field: str = "on",
) -> Slot:
    """Give a time somebody chose as a slot; raise what stands against it."""
    ends_at = starts_at + length
    here, there = starts_at.astimezone(TOKYO), ends_at.astimezone(TOKYO)
    if starts_at <= now:
        raise InThePast(field)
    if here.time() < DAY[0] or there.date() != here.date() or there.time() > DAY[1]:
        raise AtNight("at" if field == "on" else field)
    if not calendar.periods(here.date()):
        raise ClosedDay(field)
    for each in members:
        if each.taken(starts_at, ends_at):
            raise Clash(field, each.staff)
    return Slot(starts_at, ends_at)


def propose(
    calendar: Calendar,
    members: Sequence[Member],
    required: Collection[str],
    length: timedelta,
    now: datetime,
    beside: Collection[datetime] = (),
) -> list[Proposal]:
    """Times in the desk's hours, those at which most people can; told in order of time.

    Those required have to be free, and nobody sits elsewhere then. Of each day one in the morning and one in the
    afternoon, neither too early nor too late where that makes no difference. `beside`: starts that are there.
    """
    best: dict[tuple[date, bool], Proposal] = {}
    for start in _starts(calendar, length, now):
        end = start + length
        free = [each.staff for each in members if each.free(start, end)]
        elsewhere = any(each.taken(start, end) for each in members)
        if start in beside or elsewhere or not free or not set(required) <= set(free):
            continue
        found = Proposal(start, end, len(free), len(members))
        half = (start.date(), start.hour >= NOON)
        if half not in best or _better(found) < _better(best[half]):
            best[half] = found
    chosen: list[Proposal] = []
    for each in sorted(best.values(), key=lambda one: (-one.free, one.starts_at)):
        apart = all(each.ends_at <= other.starts_at or other.ends_at <= each.starts_at for other in chosen)
        if len(chosen) < PROPOSED and apart:
            chosen.append(each)
    return sorted(chosen, key=lambda one: one.starts_at)


def _better(proposal: Proposal) -> tuple[int, timedelta, datetime]:
    start = proposal.starts_at
    wanted = _at(start.date(), HALVES[start.hour >= NOON])
    return (-proposal.free, abs(start - wanted), start)


def _starts(calendar: Calendar, length: timedelta, now: datetime) -> Iterator[datetime]:
    today = now.astimezone(TOKYO).date()
    for ahead in range(SOONEST, FARTHEST + 1):
        day = today + timedelta(days=ahead)
        for period in calendar.periods(day):
            start, closes = _at(day, period.opens), _at(day, period.closes)
            while start + length <= closes:
                yield start
                start += STEP


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, TOKYO)
