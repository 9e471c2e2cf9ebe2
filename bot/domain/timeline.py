"""When the clock has to think of a training: announcing, reminding, closing, ending. Pure rules."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from bot.domain.business_time import TOKYO
from bot.domain.training import Stage, Training

WEEK, DAY, HOUR = timedelta(days=7), timedelta(days=1), timedelta(hours=1)
NEAR = timedelta(days=3)  # before the deadline: the organizer hears how many seats there are
AFTER = timedelta(days=91)  # the question about what changed
ASKED_AT = time(10)

ANNOUNCE, NEARLY, LAST_DAY, DEADLINE, BEGINS, ENDS, PRACTICE, ROSTER = (
    "t_announce", "t_nearly", "t_last_day", "t_deadline", "t_begins", "t_ends", "t_practice", "t_roster",
)  # fmt: skip
# The farther ones first: where several fall due together, only the last of them is said.
REMINDERS = {"t_week": WEEK, "t_day": DAY, "t_hour": HOUR}
NOTES = {NEARLY: NEAR, LAST_DAY: DAY}  # before the deadline
PLANNED = frozenset({ANNOUNCE, DEADLINE, BEGINS, ENDS, *REMINDERS, *NOTES})  # what the plan asks for
EVEN_LATE = frozenset({BEGINS, ENDS})  # fall due even where the plan is changed so that they lie behind


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours in which nobody's telephone lights up for a training: from the evening to the morning, Tokyo."""

    begins: time
    ends: time

    def __contains__(self, at: datetime) -> bool:
        here = at.astimezone(TOKYO).time()
        if self.begins <= self.ends:
            return self.begins <= here < self.ends
        return here >= self.begins or here < self.ends

    def over(self, at: datetime) -> datetime:
        """The end of the quiet hours this moment lies in."""
        here = at.astimezone(TOKYO)
        end = datetime.combine(here.date(), self.ends, TOKYO)
        return end if end > here else end + timedelta(days=1)

    def before(self, at: datetime) -> datetime:
        """The last moment before the quiet hours this moment lies in."""
        here = at.astimezone(TOKYO)
        start = datetime.combine(here.date(), self.begins, TOKYO)
        return (start if start <= here else start - timedelta(days=1)) - timedelta(minutes=1)


def loud(at: datetime, quiet: Quiet, latest: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours it lies in; where `latest` comes first, the evening before."""
    if at not in quiet:
        return at
    later = quiet.over(at)
    return later if later < latest else quiet.before(at)


def put_off(at: datetime, quiet: Quiet, latest: datetime | None = None) -> datetime | None:
    """Until when what falls due at this moment has to wait; None: it may be said now.

    Where `latest` comes before the quiet hours end, it is better said at night than never.
    """
    if at not in quiet:
        return None
    later = quiet.over(at)
    return later if latest is None or later < latest else None


def named(kind: str, at: datetime) -> str:
    """The name of what is said before a moment. Where a date moves, it is another reminder."""
    return f"{kind}:{at.astimezone(UTC):%Y%m%dT%H%M%S}"


def parts(name: str) -> tuple[str, str]:
    """The kind, and the moment it is about: several about one moment that fall due together are said as one."""
    kind, _, moment = name.partition(":")
    return kind, moment


def asked_back(ended_at: datetime) -> datetime:
    """When those who were there are asked what changed: on a morning after three months."""
    day = (ended_at.astimezone(TOKYO) + AFTER).date()
    return datetime.combine(day, ASKED_AT, TOKYO)


def timeline(training: Training, quiet: Quiet) -> dict[str, datetime]:
    """Everything that falls due for this training as it is planned: name → when.

    A name is a kind, or what `named` makes of one.
    """
    plan, found = training.plan, dict[str, datetime]()
    if training.stage is Stage.SCHEDULED and training.announce_at is not None:
        return {ANNOUNCE: training.announce_at}
    if training.stage is not Stage.ANNOUNCED or plan.starts_at is None or plan.ends_at is None:
        return found
    for number, session in enumerate(sorted(plan.sessions)):
        for kind, before in REMINDERS.items():
            if number == 0 or kind != "t_week":
                at = session.starts_at - before
                found[named(kind, session.starts_at)] = loud(at, quiet, session.starts_at)
    if plan.deadline is not None:
        for kind, before in NOTES.items():
            found[named(kind, plan.deadline)] = loud(plan.deadline - before, quiet, plan.deadline)
        found[DEADLINE] = plan.deadline + timedelta(seconds=1)
    found[BEGINS] = plan.starts_at
    found[ENDS] = plan.ends_at
    return found
