"""修了証 and hours: who was there, who has earned a paper, how its number and code read. Pure rules."""

import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain import seats
from bot.domain.business_time import TOKYO
from bot.domain.refusals import Refused
from bot.domain.seats import THERE, Attendance, Mark, Participation, Place
from bot.domain.training import Stage, Training

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another: no 0 O 1 I L
CODE = 8
NAME = 40
TRIES = 10
TRIES_WITHIN = 600  # seconds
DASHES = "‐‑‒–—―−ー－ｰ"


class NotEarned(Refused):
    """There is no 修了証 for this: `why` is one of running, cancelled, unmarked, partial, absent, excused.

    `organizer`: whom to ask.
    """

    template = "refusals/not_attended"

    def __init__(self, why: str, organizer: str) -> None:
        self.why = why
        self.organizer = organizer
        super().__init__(why)


class NoSuchCertificate(Refused):
    """No paper has this number and this code together; which of the two is wrong is not told."""

    template = "refusals/no_such_certificate"
    field = "code"


class TooManyLookups(Refused):
    """Somebody guesses, or has a paper that is hard to read."""

    template = "refusals/too_many_lookups"
    field = "number"


@dataclass(frozen=True, slots=True)
class Certificate:
    """One 修了証. `name_hash` tells nobody the name; whoever holds the paper can have it compared."""

    number: str  # "R8-T003-012"
    participation: str
    issued_at: datetime
    minutes: int
    code: str
    name_hash: str


def those_there(
    training: Training, everybody: Iterable[Participation], marks: Collection[Mark]
) -> list[Participation]:
    """Those who were there, all or part of the time.

    Where nobody is marked as there, everybody who had a seat but those marked as absent or excused: that somebody told
    beforehand that they cannot come says nothing of the others.
    """
    said = _of_what_took_place(training, marks)
    there = {each.participation for each in said if each.status in THERE}
    if there:
        return [each for each in everybody if each.id in there]
    away = {each.participation for each in said}
    return [each for each in everybody if each.status is Place.CONFIRMED and each.id not in away]


def unmarked(
    training: Training, everybody: Iterable[Participation], marks: Iterable[Mark]
) -> list[Participation]:
    """Those who had a seat and of whom nobody has said whether they were there."""
    said = {each.participation for each in _of_what_took_place(training, marks)}
    return [each for each in everybody if each.status is Place.CONFIRMED and each.id not in said]


def _of_what_took_place(training: Training, marks: Iterable[Mark]) -> list[Mark]:
    """A session that was taken out says nothing any more."""
    taking_place = {each.id for each in training.plan.sessions}
    return [each for each in marks if each.session in taking_place]


def must_have_earned(training: Training, marks: Sequence[Mark], now: datetime) -> int:
    """Give the minutes attended where all of it was; else raise `NotEarned`."""
    ends = training.plan.ends_at
    if training.stage is Stage.CANCELLED:
        raise NotEarned("cancelled", training.organizer)
    if ends is None or now < ends:
        raise NotEarned("running", training.organizer)
    whole = seats.overall(training.plan.sessions, marks)
    if whole is not Attendance.ATTENDED:
        raise NotEarned(str(whole or "unmarked"), training.organizer)
    taking_place = {each.id for each in training.plan.sessions}
    return sum(each.minutes for each in marks if each.session in taking_place)


class Paper(StrEnum):
    """Whether there is a 修了証 for somebody."""

    GIVEN = "given"
    LATER = "later"  # nobody has said yet that they were there all the time, nor that they were not
    NONE = "none"


def prospect(training: Training, marks: Collection[Mark], now: datetime) -> Paper:
    """Say whether they have one for the asking: exactly where `must_have_earned` lets them have it."""
    try:
        must_have_earned(training, list(marks), now)
    except NotEarned as refused:
        said = _of_what_took_place(training, marks)
        still = refused.why in {"unmarked", "partial"} and all(
            each.status is Attendance.ATTENDED for each in said
        )
        return Paper.LATER if still else Paper.NONE
    return Paper.GIVEN


def numbered(training: Training, serial: int) -> str:
    """The number on the paper."""
    return f"{training.number}-{serial:03d}"


def new_code(draw: Callable[[str], str]) -> str:
    """Eight letters and digits. `draw` picks one of what it is given."""
    return "".join(draw(LETTERS) for _ in range(CODE))


def typed_number(text: str) -> str:
    """A number or code as somebody typed it from the paper, as it was printed."""
    plain = unicodedata.normalize("NFKC", text).upper()
    for dash in DASHES:
        plain = plain.replace(dash, "-")
    return "".join(each for each in plain if each == "-" or (each.isascii() and each.isalnum()))


def compared_name(text: str) -> str:
    """A name as it is compared: however its spaces and widths were typed."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def fiscal_bounds(fiscal_year: int) -> tuple[datetime, datetime]:
    """The first moment of a fiscal year, and that of the next. April to March, Tokyo."""
    return datetime(fiscal_year, 4, 1, tzinfo=TOKYO), datetime(fiscal_year + 1, 4, 1, tzinfo=TOKYO)
