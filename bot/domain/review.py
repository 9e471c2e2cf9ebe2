"""ケース検討会: what a review of one consultation is, and how it goes from being asked for to an approved record. Pure rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.refusals import NotAllowed, Refused
from bot.domain.staff import Role

PEOPLE = 12
SLOTS = 20
SHORTEST, LONGEST = 30, 240  # minutes


class Discipline(StrEnum):
    """What somebody brings to a review. Labels: `bot/codes/disciplines.json`."""

    SOCIAL_WORK = "social_work"
    PSYCHOLOGY = "psychology"
    ACADEMIC = "academic"
    LAW = "law"


DISCIPLINE_OF = {
    Role.EXPERT_PSY: Discipline.PSYCHOLOGY,
    Role.EXPERT_ACADEMIC: Discipline.ACADEMIC,
    Role.EXPERT_LEGAL: Discipline.LAW,
    Role.EXPERT_SW: Discipline.SOCIAL_WORK,
    Role.SUPERVISOR: Discipline.SOCIAL_WORK,
    Role.COUNSELOR: Discipline.SOCIAL_WORK,
    Role.COORDINATOR: Discipline.SOCIAL_WORK,
}


class Purpose(StrEnum):
    """What it is for. Labels: `bot/codes/review_purposes.json`."""

    CASE = "case_review"
    ADVICE = "advice_review"


class Format(StrEnum):
    """How it is held. Labels, steps and their minutes: `bot/codes/review_formats.json`."""

    NONAKA = "nonaka"
    PCAGIP = "pcagip"
    FREE = "free"


class Stage(StrEnum):
    """Where a review is. Labels: `bot/codes/review_stages.json`."""

    PLANNED = "planned"
    POLLING = "polling"
    FIXED = "fixed"
    HELD = "held"
    APPROVED = "approved"
    CANCELLED = "cancelled"


# Every allowed step. A fixed one may be asked about again, or moved to another slot.
STEPS: dict[Stage, set[Stage]] = {
    Stage.PLANNED: {Stage.PLANNED, Stage.POLLING, Stage.FIXED, Stage.CANCELLED},
    Stage.POLLING: {Stage.POLLING, Stage.FIXED, Stage.CANCELLED},
    Stage.FIXED: {Stage.FIXED, Stage.POLLING, Stage.HELD, Stage.CANCELLED},
    Stage.HELD: {Stage.APPROVED},
    Stage.APPROVED: set(),
    Stage.CANCELLED: set(),
}
OPEN = frozenset({Stage.PLANNED, Stage.POLLING, Stage.FIXED})


class Says(StrEnum):
    """○ △ ×. Labels: `bot/codes/poll_answers.json`."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


class Part(StrEnum):
    """What somebody invited does at the time that was fixed; `asked` until one is."""

    ASKED = "asked"
    CHOSEN = "chosen"  # it is held with them
    WELCOME = "welcome"  # may come as well
    SPARED = "spared"  # it is held without them


class NotNow(Refused):
    """What was asked does not follow from the stage the review is at (`where`)."""

    template = "refusals/review_not_now"

    def __init__(self, where: str) -> None:
        self.where = where
        super().__init__(where)


class Wrong(Refused):
    """An answer about a review that cannot be. `field` names it, where it stands in a form."""

    def __init__(self, field: str = "") -> None:
        self.field = field
        super().__init__(f"{type(self).__name__} {field}")


class AtNight(Wrong):
    """A slot outside the hours in which people meet."""

    template = "refusals/review_at_night"


class ClosedDay(Wrong):
    """A slot on a day on which the desk is closed."""

    template = "refusals/review_closed_day"


class DeadlineTooLate(Wrong):
    """Answers are wanted by a time that lies behind the first slot."""

    template = "refusals/review_deadline"


class NobodyInvited(Wrong):
    """Nobody can be asked: nobody was chosen yet."""

    template = "refusals/review_nobody"


class Full(Wrong):
    """More people, or more slots, than a review has."""

    template = "refusals/review_full"

    def __init__(self, field: str, limit: int) -> None:
        self.limit = limit
        super().__init__(field)


class Clash(Wrong):
    """Somebody (`who`) sits in another review at that time."""

    template = "refusals/review_clash"

    def __init__(self, field: str, who: str) -> None:
        self.who = who
        super().__init__(field)


class NotChoosable(Wrong):
    """Somebody who cannot be asked to this one: `why` is a code of `bot/codes/review_conflicts.json`."""

    template = "refusals/review_not_choosable"

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__()


class PollOpen(Wrong):
    """Answers are still coming in: they are nobody's to see yet."""

    template = "refusals/review_poll_open"


class PollOver(Wrong):
    """The time to answer is over."""

    template = "refusals/review_poll_over"


class Answered(Wrong):
    """Somebody has answered for themselves: nobody writes over that."""

    template = "refusals/review_answered"


class SlotFails(Wrong):
    """It cannot be held at that time as it was planned."""

    template = "refusals/review_slot_fails"


class NoSuchNumber(Refused):
    """No consultation has the receipt number somebody typed."""

    template = "refusals/no_such_number"
    field = "number"


class NotInvited(NotAllowed):
    """Somebody who is not, or no longer, among those invited."""

    template = "refusals/review_not_invited"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is convened. `question` and `place` (room or address online) are words, sealed; all else are codes.

    `quorum`: least number of people by discipline. `apart`: of `agency` and `municipality`, what nobody may share with
    the case. `budget`: most yen for honoraria, or nothing.
    """

    purpose: Purpose = Purpose.CASE
    format: Format = Format.FREE
    minutes: int = 90
    online: bool = False
    quorum: Mapping[str, int] = field(default_factory=dict)
    apart: tuple[str, ...] = ("agency",)
    budget: int | None = None
    question: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who was invited. `role`: one of `bot/codes/meeting_roles.json`; `left_at`: they cannot, or left the association."""

    staff: str
    discipline: Discipline
    role: str = "participant"
    required: bool = False
    invited_at: datetime | None = None
    answered_at: datetime | None = None
    left_at: datetime | None = None
    left_because: str | None = None  # code of review_leavings
    part: Part = Part.ASKED

    @property
    def there(self) -> bool:
        """Whether they are still among those invited."""
        return self.left_at is None

    @property
    def attends(self) -> bool:
        """Whether they are expected at the time that was fixed."""
        return self.there and self.part in {Part.CHOSEN, Part.WELCOME}


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A stretch of time that was proposed, both ends aware. A withdrawn one stays for its answers."""

    starts_at: datetime
    ends_at: datetime
    id: str = ""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person said to one slot, with a note of theirs (opened)."""

    slot: str
    staff: str
    says: Says
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """One review. `round` counts those of its consultation from 1; `edition` is the SEQUENCE of its calendar file."""

    id: str
    consultation: str
    round: int
    fiscal_year: int
    stage: Stage
    convener: str
    created_at: datetime
    plan: Plan
    codes_version: str
    deadline: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    ended_at: datetime | None = None
    ended_because: str | None = None
    edition: int = 0
    version: int = 0

    def to(self, stage: Stage, **changed: object) -> "Review":
        """Give it one step further, or raise `NotNow`."""
        if stage not in STEPS[self.stage]:
            raise NotNow(self.stage)
        return replace(self, stage=stage, **changed)  # type: ignore[arg-type]

    def must_be(self, *stages: Stage) -> None:
        """Go on where it is at one of these stages, or raise `NotNow`."""
        if self.stage not in stages:
            raise NotNow(self.stage)

    def polled_until(self, now: datetime) -> bool:
        """Whether the time to answer is over."""
        return self.deadline is not None and now >= self.deadline

    @property
    def length(self) -> timedelta:
        """How long it is to be."""
        return timedelta(minutes=self.plan.minutes)


def scaled(steps: Iterable[tuple[str, int]], minutes: int) -> list[tuple[str, int]]:
    """Steps with their minutes, scaled to so many in all; none is shorter than one."""
    drawn, done, told, found = list(steps), 0, 0, []
    whole = sum(long for _, long in drawn)
    for name, long in drawn:
        done += long
        until = round(minutes * done / whole)
        found.append((name, max(1, until - told)))
        told = until
    return found
