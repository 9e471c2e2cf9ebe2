"""An independent oracle: who must have been reminded of what, worked out in the plainest way.

It shares nothing with `bot.domain.timeline`: quiet is from eight in the evening to eight in the morning, in hours and minutes.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
BEFORE = {"t_week": timedelta(days=7), "t_day": timedelta(days=1), "t_hour": timedelta(hours=1)}

Word = tuple[str, str, datetime, str]  # training, person, start of the session, kind


def quiet(at: datetime) -> bool:
    """Whether people sleep."""
    return not 8 <= at.astimezone(TOKYO).hour < 20


def morning(at: datetime) -> datetime:
    """The next eight o'clock."""
    here = at.astimezone(TOKYO)
    eight = here.replace(hour=8, minute=0, second=0, microsecond=0)
    return eight if eight > here else eight + timedelta(days=1)


def due(start: datetime, kind: str) -> datetime:
    """When a reminder is to ring: not in the night, and before it begins."""
    at = start - BEFORE[kind]
    if not quiet(at):
        return at
    if (later := morning(at)) < start:
        return later
    return (morning(at) - timedelta(days=1)).replace(hour=19, minute=59)


@dataclass
class Life:
    """One training as the oracle sees it. `awaits`: start → kind → when. `wants`: who has a seat → wants reminders."""

    id: str
    starts: list[datetime] = field(default_factory=list)
    ends_at: datetime | None = None
    awaits: dict[datetime, dict[str, datetime]] = field(default_factory=dict)
    seated: dict[str, str] = field(default_factory=dict)  # person → participation
    silent: set[str] = field(default_factory=set)
    over: bool = False

    def planned(self, starts: list[datetime], ends_at: datetime, now: datetime) -> None:
        """These are its sessions from now on. What has rung, or lies behind, is not awaited."""
        self.starts, self.ends_at = sorted(starts), ends_at
        was, self.awaits = self.awaits, {}
        for number, start in enumerate(self.starts):
            known = was.get(start, {})
            for kind in BEFORE if number == 0 else ("t_day", "t_hour"):
                when = due(start, kind)
                if kind in known and not when > now:
                    self.awaits.setdefault(start, {})[kind] = known[kind]
                elif when > now:
                    self.awaits.setdefault(start, {})[kind] = when

    def asked(self, now: datetime) -> set[Word]:
        """The clock asks: who has to hear what, apart from what they have heard already."""
        words: set[Word] = set()
        for start, kinds in self.awaits.items():
            rings = [kind for kind, when in kinds.items() if when <= now]
            if not rings:
                continue
            if quiet(now) and morning(now) < start:
                kinds.update(dict.fromkeys(rings, morning(now)))
                continue
            for kind in rings:
                del kinds[kind]
            if now < start:
                nearest = min(rings, key=BEFORE.__getitem__)
                words |= {
                    (self.id, person, start, nearest) for person in self.seated if person not in self.silent
                }
        self.over = self.over or (self.ends_at is not None and now >= self.ends_at)
        return words


def unfit(life: Life, word: Word, now: datetime) -> str | None:
    """What is wrong with saying this now, whatever else was said."""
    _, person, start, _ = word
    if person not in life.seated or person in life.silent:
        return "to somebody who has no seat or wants no reminders"
    if start not in life.starts:
        return "of a day that is none any more"
    if now >= start:
        return "after the beginning"
    if quiet(now) and morning(now) < start:
        return "in the night"
    return None
