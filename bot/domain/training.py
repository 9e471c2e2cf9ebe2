"""研修会・勉強会・意見交換会・担当者会議: what a training is, and how it goes from a draft to its end. Pure rules."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain.refusals import Changed, InThePast, Missing, Refused

SESSIONS = 8
SEATS = 1000
TITLE = 120  # code points: it stands in a header, a file of the calendar and a certificate
UNLIMITED = 0
LONGEST = timedelta(hours=14)
FARTHEST = timedelta(days=3 * 366)


class Stage(StrEnum):
    """Where a training is. Labels: `bot/codes/training_stages.json`."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"  # will be announced by itself, at `announce_at`
    ANNOUNCED = "announced"
    HELD = "held"
    CANCELLED = "cancelled"
    DROPPED = "dropped"  # a draft nobody wants any more


# Every allowed step. The diagram in the guide for organizers is drawn from this table.
STEPS: dict[Stage, set[Stage]] = {
    Stage.DRAFT: {Stage.SCHEDULED, Stage.ANNOUNCED, Stage.DROPPED},
    Stage.SCHEDULED: {Stage.DRAFT, Stage.SCHEDULED, Stage.ANNOUNCED, Stage.DROPPED},
    Stage.ANNOUNCED: {Stage.HELD, Stage.CANCELLED},
    Stage.HELD: set(),
    Stage.CANCELLED: set(),
    Stage.DROPPED: set(),
}
UNSEEN = frozenset({Stage.DRAFT, Stage.SCHEDULED})  # nobody but organizers knows of it
OVER = frozenset({Stage.HELD, Stage.CANCELLED, Stage.DROPPED})

MEETINGS = frozenset({"municipal_meeting", "exchange"})


class Wrong(Refused):
    """One answer of a plan that cannot be. `field` names it; the words are the template's."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(f"{type(self).__name__} {field}")


class EndsBeforeStart(Wrong):
    """A session ends before it begins, or at the same moment."""

    template = "refusals/ends_before_start"


class TooLongADay(Wrong):
    """A session of more than fourteen hours: a slip in one of its times."""

    template = "refusals/too_long_a_day"


class Overlap(Wrong):
    """Two sessions lie over each other."""

    template = "refusals/overlap"


class DeadlineAfterStart(Wrong):
    """The deadline lies behind the beginning."""

    template = "refusals/deadline_after_start"


class AfterStart(Wrong):
    """It would be announced when nobody can join any more."""

    template = "refusals/after_start"


class FarAway(Wrong):
    """More than three years ahead: the year must be a slip."""

    template = "refusals/far_away"


class NoSeats(Wrong):
    """Neither a room nor an online place has a seat."""

    template = "refusals/no_seats"


class TooFewSeats(Wrong):
    """Fewer seats than people who have one: how many have."""

    template = "refusals/too_few_seats"

    def __init__(self, field: str, taken: int) -> None:
        self.taken = taken
        super().__init__(field)


class NotOpen(Refused):
    """It cannot be joined (any more): `why` is one of draft, cancelled, held, begun, deadline."""

    template = "refusals/not_open"

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class PlanChanged(Changed):
    """Somebody changed the plan after the form was drawn: sending it would undo what they wrote."""

    template = "refusals/plan_changed"


class StageTooLate(Refused):
    """What was asked does not follow from where the training is."""

    template = "refusals/stage_too_late"

    def __init__(self, stage: str) -> None:
        self.stage = stage
        super().__init__(stage)


@dataclass(frozen=True, slots=True, order=True)
class Session:
    """One stretch of time on one day, both ends aware. The id stays when the time moves: calendars know it by it."""

    starts_at: datetime
    ends_at: datetime
    id: str = ""

    @property
    def minutes(self) -> int:
        """How long it is."""
        return int((self.ends_at - self.starts_at) / timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Plan:
    """What an organizer decides about a training; everything but the stage it is in.

    `seats`: format (`onsite`, `online`) → how many, `UNLIMITED` for no limit; a format that is not there is not offered.
    `words`: title, purpose, audience, place, lecturers, materials, contact, agenda; all may be seen by everybody.
    `private`: online (the address), minutes (a link); only for those who joined. `asks`: what is asked of who joins.
    """

    kind: str = "workshop"
    types: tuple[str, ...] = ()
    concerns: tuple[str, ...] = ()
    characteristics: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    occupations: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    fee: int = 0  # yen
    deadline: datetime | None = None
    seats: dict[str, int] = field(default_factory=dict)
    asks: tuple[str, ...] = ()
    sessions: tuple[Session, ...] = ()
    words: dict[str, str] = field(default_factory=dict)
    private: dict[str, str] = field(default_factory=dict)

    @property
    def starts_at(self) -> datetime | None:
        """When the first session begins."""
        return min((each.starts_at for each in self.sessions), default=None)

    @property
    def ends_at(self) -> datetime | None:
        """When the last session ends."""
        return max((each.ends_at for each in self.sessions), default=None)

    @property
    def stamp(self) -> str:
        """Twelve hex digits that are the same for the same plan, whatever the ids of its sessions."""
        said = asdict(self) | {
            "deadline": self.deadline and _instant(self.deadline),
            "sessions": [
                [_instant(each.starts_at), _instant(each.ends_at)] for each in sorted(self.sessions)
            ],
            "words": {name: text for name, text in self.words.items() if text},
            "private": {name: text for name, text in self.private.items() if text},
        }
        text = json.dumps(said, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def must_be_as_drawn(self, drawn_from: str, wanted: "Plan") -> None:
        """Go on, or raise `PlanChanged`. `drawn_from`: the stamp of the plan a form was drawn from, or the empty string.

        What is as wanted already, is: so a form that was sent twice counts once.
        """
        if drawn_from and self.stamp not in {drawn_from, wanted.stamp}:
            raise PlanChanged

    def checked(
        self, now: datetime, taken: Mapping[str, int] | None = None, was: "Plan | None" = None
    ) -> "Plan":
        """Give it back where it can be announced at this moment; raise the refusal of the first answer that cannot be.

        For a training that is announced already, `taken`: format → seats that are taken, and `was`: the plan until
        now, whose sessions may lie behind. Then the deadline may be past, too: so one closes early.
        """
        if not self.words.get("title", "").strip():
            raise Missing("title")
        if not self.sessions:
            raise Missing("on1")
        ordered = sorted(enumerate(self.sessions, 1), key=lambda each: each[1].starts_at)
        before: Session | None = None
        known = {each.starts_at for each in was.sessions} if was else set()
        for number, session in ordered:
            _fits(number, session, before, now, begun=session.starts_at in known)
            before = session
        first = ordered[0][1]
        if self.deadline is not None and self.deadline > first.starts_at:
            raise DeadlineAfterStart("deadline_on")
        if taken is None and self.deadline is not None and self.deadline <= now:
            raise InThePast("deadline_on")
        self._seated(taken or {})
        return self

    def _seated(self, taken: Mapping[str, int]) -> None:
        if not self.seats:
            raise NoSeats("onsite")
        for format_ in sorted(taken.keys() | self.seats.keys()):
            seats, filled = self.seats.get(format_, -1), taken.get(format_, 0)
            if filled and seats != UNLIMITED and filled > seats:
                raise TooFewSeats(format_, filled)


def _fits(number: int, session: Session, before: Session | None, now: datetime, *, begun: bool) -> None:
    if session.ends_at <= session.starts_at:
        raise EndsBeforeStart(f"to{number}")
    if session.ends_at - session.starts_at > LONGEST:
        raise TooLongADay(f"to{number}")
    if not begun and session.starts_at <= now:
        raise InThePast(f"on{number}")
    if session.starts_at > now + FARTHEST:
        raise FarAway(f"on{number}")
    if before is not None and session.starts_at < before.ends_at:
        raise Overlap(f"from{number}")


@dataclass(frozen=True, slots=True)
class Training:
    """A training with its plan. People are Slack user ids, channels Slack channel ids, instants aware."""

    id: str
    number: str  # "R8-T003"
    fiscal_year: int
    stage: Stage
    organizer: str
    created_at: datetime
    plan: Plan
    channels: tuple[str, ...] = ()
    announce_at: datetime | None = None
    announced_at: datetime | None = None
    ended_at: datetime | None = None
    ended_because: str | None = None  # code of training_cancel_reasons
    edition: int = 0  # how often those who joined were told of a change: SEQUENCE of the calendar
    last_turn: int = 0  # the last number drawn for the queue
    codes_version: str = ""
    version: int = 1

    @property
    def title(self) -> str:
        """What it is called, or the empty string while it has no title."""
        return self.plan.words.get("title", "")

    def planned(self, plan: Plan) -> "Training":
        """The same with another plan."""
        return replace(self, plan=plan)

    def staged(self, stage: Stage, **changes: object) -> "Training":
        """The next step of its life, or `StageTooLate`."""
        if stage not in STEPS[self.stage]:
            raise StageTooLate(self.stage)
        return replace(self, stage=stage, **changes)  # type: ignore[arg-type]

    def closed_because(self, now: datetime) -> str | None:
        """Why it cannot be joined at this moment, or None: it can."""
        if self.stage is Stage.CANCELLED or self.stage is Stage.HELD:
            return str(self.stage)
        if self.stage is not Stage.ANNOUNCED:
            return "draft"
        starts = self.plan.starts_at
        if starts is not None and now >= starts:
            return "begun"
        if self.plan.deadline is not None and now > self.plan.deadline:
            return "deadline"
        return None

    def must_be_open(self, now: datetime) -> None:
        """Go on, or raise `NotOpen`."""
        if why := self.closed_because(now):
            raise NotOpen(why)


# What those who joined are told about, in the order it is told.
TOLD = ("title", "sessions", "place", "online", "seats", "deadline", "fee", "lecturers")


def changes(was: Plan, now: Plan) -> dict[str, dict[str, object]]:
    """What those who joined must hear: field → {"was", "now"}. Instants as ISO text; secrets are only named."""
    before, after = _told(was), _told(now)
    found: dict[str, dict[str, object]] = {}
    for name in TOLD:
        if before[name] != after[name]:
            found[name] = {} if name == "online" else {"was": before[name], "now": after[name]}
    # How many seats there are is nobody's news who has one: unless a format is gone or new.
    if "seats" in found and was.seats.keys() == now.seats.keys():
        del found["seats"]
    return found


def _told(plan: Plan) -> dict[str, object]:
    return {
        "title": plan.words.get("title", ""),
        "sessions": [[_instant(each.starts_at), _instant(each.ends_at)] for each in sorted(plan.sessions)],
        "place": plan.words.get("place", ""),
        "online": plan.private.get("online", ""),
        "seats": sorted(plan.seats),
        "deadline": _instant(plan.deadline) if plan.deadline else "",
        "fee": plan.fee,
        "lecturers": plan.words.get("lecturers", ""),
    }


def _instant(at: datetime) -> str:
    """The same text for the same instant, wherever its clock hangs."""
    return at.astimezone(UTC).isoformat()
