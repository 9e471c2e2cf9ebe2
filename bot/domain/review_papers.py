"""What stands in the papers of a review: the one page before it, the notes of it, tasks, advice. Pure rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.refusals import Refused
from bot.domain.review import Review, Stage, scaled

# The parts of a brief, and how many characters fit one A4 page together. Labels: `bot/codes/brief_parts.json`.
BRIEF = {
    "topic": 60, "reason": 200, "question": 200, "household": 200, "course": 500, "agencies": 200, "strengths": 200,
}  # fmt: skip
ISSUES = 4
TASKS = 6
ISSUE = ("issue", "view", "short", "long")
ISSUE_LENGTH = 400
DISSENT = 600
TASK = 200
ADVICE = 1500
EARLY = timedelta(minutes=30)  # how long before its time a review may begin
SAT = frozenset({Stage.FIXED, Stage.HELD, Stage.APPROVED})
OVER = frozenset({Stage.HELD, Stage.APPROVED, Stage.CANCELLED})  # nobody needs a printed page any more


class TooLongForPage(Refused):
    """A part of a brief is longer than its room on one page: by `over` characters."""

    template = "refusals/too_long_for_page"

    def __init__(self, field: str, over: int) -> None:
        self.field, self.over = field, over
        super().__init__(f"{field} {over}")


class OwnNotes(Refused):
    """Notes are approved by somebody else than whoever wrote them."""

    template = "refusals/own_notes"


class NotApproved(Refused):
    """What is asked for needs an approved paper: `paper` is brief or notes."""

    template = "refusals/not_approved"

    def __init__(self, paper: str) -> None:
        self.paper = paper
        super().__init__(paper)


class NotWritten(NotApproved):
    """The page is asked for by whoever could write it, and nobody has."""

    template = "refusals/brief_not_written"


class BriefGone(NotApproved):
    """The page is asked for when its time is over."""

    template = "refusals/brief_gone"


class NotYet(Refused):
    """A review is to begin long before its time: `when` it may."""

    template = "refusals/review_not_yet"

    def __init__(self, when: datetime) -> None:
        self.when = when
        super().__init__(when.isoformat())


@dataclass(frozen=True, slots=True)
class Brief:
    """The one page. `words`: a text for each part of `BRIEF`, nobody in it. `agreement`: code of `brief_agreements`."""

    review: str
    words: Mapping[str, str]
    agreement: str
    written_by: str
    written_at: datetime
    agreed_on: date | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    version: int = 0

    def says_as(self, other: "Brief") -> bool:
        """Whether the same stands in both, whoever wrote it and when."""
        return (self.words, self.agreement, self.agreed_on) == (other.words, other.agreement, other.agreed_on)


@dataclass(frozen=True, slots=True)
class Issue:
    """What was looked at: 課題, 見立て, and 手立て for soon and for later."""

    issue: str
    view: str = ""
    short: str = ""
    long: str = ""


@dataclass(frozen=True, slots=True)
class Notes:
    """How it went. `dissent`: what some saw otherwise; it is kept with the rest. `writers`: everybody who wrote at it."""

    review: str
    issues: tuple[Issue, ...]
    written_by: str
    written_at: datetime
    dissent: str = ""
    writers: tuple[str, ...] = ()
    approved_by: str | None = None
    approved_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Sitting:
    """A review that is going on: which step (from 0) since when."""

    review: str
    begun_at: datetime
    begun_by: str
    step: int
    step_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """What one person will do until a day."""

    id: str
    review: str
    place: int
    staff: str
    due: date
    text: str
    done_at: datetime | None = None
    done_by: str | None = None


@dataclass(frozen=True, slots=True)
class Attended:
    """Somebody who was there: minutes, and yen owed for them."""

    staff: str
    minutes: int
    honorarium: int = 0


@dataclass(frozen=True, slots=True)
class Advice:
    """What the supporter is told of it, in plain words."""

    review: str
    text: str
    told_by: str
    told_at: datetime


# What is made as a file → the paper it is of. Such a file is taken away when its time is over.
PASSING = {"brief_paper": "brief", "notes_paper": "notes"}


@dataclass(frozen=True, slots=True)
class File:
    """A paper that lies in somebody's direct message: `paper` is brief or notes, as it was approved before `at`."""

    file_id: str
    review: str
    staff: str
    paper: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Prints:
    """What was printed of a review for its table, first `printed_at`, and whether it was collected and disposed of.

    `asked_at`: when somebody was reminded of it.
    """

    review: str
    printed_at: datetime
    asked_at: datetime | None = None
    collected_at: datetime | None = None
    collected_by: str | None = None

    @property
    def out(self) -> bool:
        """Whether some may still lie about."""
        return self.collected_at is None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a review: from when until when it goes."""

    name: str
    since: datetime
    until: datetime

    @property
    def minutes(self) -> int:
        """How long it is."""
        return round((self.until - self.since).total_seconds() / 60)


def timetable(
    steps: Sequence[tuple[str, int]], ends_at: datetime, since: datetime, first: int = 0
) -> list[Step]:
    """The steps from `first` on, so that all fit between `since` and the end that was fixed, each a minute at least."""
    left = steps[first:]
    minutes = max(len(left), round((ends_at - since).total_seconds() / 60))
    found, at = [], since
    for name, long in scaled(left, minutes):
        found.append(Step(name, at, at + timedelta(minutes=long)))
        at = found[-1].until
    return found


def begun(sitting: Sitting | None, review: Review) -> Sitting | None:
    """The sitting, where it is of the time that stands: not one that began before its time was changed."""
    if sitting is None or review.starts_at is None or review.stage not in SAT:
        return None
    return (
        sitting if review.stage is not Stage.FIXED or sitting.begun_at >= review.starts_at - EARLY else None
    )


def minutes_of(begun_at: datetime, starts_at: datetime | None, ended_at: datetime) -> int:
    """How long those who came were there: from its time on, also where somebody was late to press the button."""
    since = min(begun_at, starts_at or begun_at)
    return max(0, round((ended_at - since).total_seconds() / 60))


def going_on(sitting: Sitting, steps: Sequence[tuple[str, int]], ends_at: datetime, now: datetime) -> Sitting:
    """Where it has come to by the clock; the last step goes on until somebody ends it, or its time is over."""
    while sitting.step < len(steps) - 1:
        [current, *_] = timetable(steps, ends_at, sitting.step_at, sitting.step)
        if now < current.until:
            break
        sitting = replace(sitting, step=sitting.step + 1, step_at=current.until)
    return sitting


def draft_name(form: str, review: str, about: str = "") -> str:
    """The name of what was begun in a form about a review, among the drafts of its consultation."""
    return "/".join(each for each in (form, review, about) if each)


def honorarium(yen: int | None, minutes: int) -> int:
    """What is owed for so many minutes at so many yen an hour; nothing where no sum is known."""
    return round((yen or 0) * minutes / 60)


def must_fit(words: Mapping[str, str]) -> None:
    """Go on where every part has room on the page, or raise `TooLongForPage` for the first that has not."""
    for name, most in BRIEF.items():
        over = len(words.get(name, "")) - most
        if over > 0:
            raise TooLongForPage(name, over)
