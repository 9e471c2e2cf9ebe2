"""Who sits in reviews: when they can, how often, and what they belong to. Pure rules."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from bot.domain.business_time import TOKYO
from bot.domain.refusals import Refused
from bot.domain.review import DISCIPLINE_OF, Discipline
from bot.domain.staff import Role

EXPERTS = frozenset({Role.EXPERT_SW, Role.EXPERT_PSY, Role.EXPERT_ACADEMIC, Role.EXPERT_LEGAL})
SITTING = EXPERTS | {Role.COUNSELOR, Role.SUPERVISOR, Role.COORDINATOR}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS_OFF = 100  # days that can be stated
MOST_DAYS = 31  # days in a row that are added at once
ONLINE, ONSITE = "online", "onsite"
WAYS = (ONSITE, ONLINE)  # codes of `bot/codes/training_formats.json`
FULL_DAY = time(0, 0)  # as an end: midnight

Stretch = tuple[time, time]
_CLOCK = r"(\d{1,2})(?::(\d{2})|時(?:(\d{1,2})分|(半))?)?"
_HOURS = re.compile(rf"{_CLOCK}(?:-|から){_CLOCK}(?:まで)?")
_DASHES = re.compile("[~〜～‐‑‒–—―−ー]")
_BETWEEN = re.compile("[、,・/と]+")


class NotHours(Refused):
    """What was written is no stretch of a day, such as 13:00-17:00."""

    template = "refusals/not_hours"

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__("no hours")


class TooManyDays(Refused):
    """More days off than are kept, or an end before the beginning."""

    template = "refusals/too_many_days"

    def __init__(self, field: str, limit: int) -> None:
        self.field = field
        self.limit = limit
        super().__init__(f"more than {limit} days")


class NotAnExpert(Refused):
    """Whoever was chosen holds no role with which one sits in reviews."""

    template = "refusals/not_an_expert"
    field = "person"


@dataclass(frozen=True, slots=True)
class Expert:
    """Somebody who sits in reviews. `active`: still holds a role for it; the facts stay when it is taken back.

    `hours`: weekday (0 is Monday) → stretches of the day, Tokyo; none at all: nothing was stated. `most`: reviews in a
    fiscal year, None: no limit was stated. `honorarium`: yen an hour, None: not known. `agency`: an id of the directory.
    """

    staff: str
    roles: frozenset[Role] = frozenset()
    agency: str | None = None
    municipalities: tuple[str, ...] = ()
    hours: dict[int, tuple[Stretch, ...]] = field(default_factory=dict, hash=False)
    days_off: tuple[date, ...] = ()
    most: int | None = None
    honorarium: int | None = None
    ways: tuple[str, ...] = WAYS
    stated_at: datetime | None = None
    version: int = 0

    @property
    def active(self) -> bool:
        """Whether they may be invited."""
        return not self.roles.isdisjoint(SITTING)

    @property
    def disciplines(self) -> tuple[Discipline, ...]:
        """What they can bring: by every role they hold, an expert's own first."""
        held = [role for role in DISCIPLINE_OF if role in self.roles]
        own = [role for role in held if role in EXPERTS]
        return tuple(dict.fromkeys(DISCIPLINE_OF[role] for role in own or held))

    @property
    def discipline(self) -> Discipline | None:
        """What they are asked for first; None: their role was taken back."""
        return next(iter(self.disciplines), None)

    @property
    def has_stated(self) -> bool:
        """Whether it is known when they can."""
        return any(self.hours.values())


def free_at(expert: Expert, start: datetime, end: datetime) -> bool:
    """Whether somebody can from `start` to `end` (both aware), by what they stated: in their hours, on no day off.

    Of whom no hours are known, every day is possible that is not off: they are asked. Who left cannot.
    Raises ValueError where the end is not after the start.
    """
    if end <= start:
        raise ValueError("ends before it begins")
    if not expert.active:
        return False
    here, there = start.astimezone(TOKYO), end.astimezone(TOKYO)
    for day in _days(here.date(), (there - timedelta(microseconds=1)).date()):
        if day in expert.days_off:
            return False
        midnight = datetime.combine(day, FULL_DAY, TOKYO)
        asked = (max(here, midnight), min(there, midnight + timedelta(days=1)))
        stated = [_on(day, each) for each in merged(expert.hours.get(day.weekday(), ()))]
        if expert.has_stated and not any(since <= asked[0] and asked[1] <= until for since, until in stated):
            return False
    return True


def merged(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The same stretches in order, those that touch or overlap as one."""
    found: list[Stretch] = []
    for since, until in sorted(stretches):
        if found and (found[-1][1] == FULL_DAY or since <= found[-1][1]):
            before = found[-1][1]
            found[-1] = (found[-1][0], FULL_DAY if FULL_DAY in {before, until} else max(before, until))
        else:
            found.append((since, until))
    return tuple(found)


def read_hours(text: str, field: str) -> tuple[Stretch, ...]:
    """Read what somebody wrote for one weekday: `13:00-17:00`, `9時から12時半、14-16時`. Raises `NotHours`."""
    written = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
    pieces = [each for each in _BETWEEN.split(re.sub(r"\s", "", written)) if each]
    return merged(_stretch(each, field) for each in pieces)


def said_hours(stretches: Iterable[Stretch]) -> str:
    """Say them as people do, and as they are read again: `9時30分〜12時、13時〜17時`."""
    return "、".join(
        f"{_said(since)}〜{'24時' if until == FULL_DAY else _said(until)}" for since, until in stretches
    )


def _said(at: time) -> str:
    return f"{at.hour}時" + (f"{at.minute}分" if at.minute else "")


def with_days_off(
    before: Iterable[date], since: date | None, until: date | None, today: date
) -> tuple[date, ...]:
    """The days that stay and those from `since` to `until`; what is over is left out. Raises `TooManyDays`."""
    days = {each for each in before if each >= today}
    if since is not None or until is not None:
        first, last = since or until, until or since
        assert first is not None  # noqa: S101 - one of them is there
        assert last is not None  # noqa: S101
        if not first <= last < first + timedelta(days=MOST_DAYS):
            raise TooManyDays("off_until", MOST_DAYS)
        days |= {each for each in _days(first, last) if each >= today}
    if len(days) > DAYS_OFF:
        raise TooManyDays("off_since", DAYS_OFF)
    return tuple(sorted(days))


def _stretch(text: str, field: str) -> Stretch:
    found = _HOURS.fullmatch(text)
    if found is None:
        raise NotHours(field)
    since, until = _clock(found.groups()[:4]), _clock(found.groups()[4:])
    if since is None or until is None or not since < until:
        raise NotHours(field)
    return _time(since), _time(until)


def _clock(parts: tuple[str | None, ...]) -> int | None:
    """Minutes since midnight; None: no time of day."""
    hour, colon, minutes, half = parts
    minute = 30 if half else int(colon or minutes or 0)
    at = int(hour or 0) * 60 + minute
    return at if minute < 60 and at <= 24 * 60 else None


def _time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def _on(day: date, stretch: Stretch) -> tuple[datetime, datetime]:
    since, until = stretch
    ends = day + timedelta(days=1) if until == FULL_DAY else day
    return datetime.combine(day, since, TOKYO), datetime.combine(ends, until, TOKYO)


def _days(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + timedelta(days=n)
