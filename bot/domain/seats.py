"""席と順番: who has a seat, who waits, and whose turn it is. Pure rules; order is fair, seats are never too many."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.refusals import Refused
from bot.domain.training import UNLIMITED, Plan, Session, Training


class Place(StrEnum):
    """What somebody has at a training. Labels: `bot/codes/participation_statuses.json`."""

    WAITLISTED = "waitlisted"
    OFFERED = "offered"  # a seat is kept for them until `offer_expires_at`
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"  # gave it back, or the training is off
    DECLINED = "declined"  # answered that they cannot come
    LAPSED = "lapsed"  # did not answer the offer, or waited in vain until it began


HOLDING = frozenset({Place.OFFERED, Place.CONFIRMED})  # who takes up a seat
IN = frozenset({Place.WAITLISTED, Place.OFFERED, Place.CONFIRMED})
# Every allowed step.
STEPS: dict[Place, set[Place]] = {
    Place.WAITLISTED: {Place.OFFERED, Place.CONFIRMED, Place.CANCELLED, Place.LAPSED},
    Place.OFFERED: {Place.CONFIRMED, Place.CANCELLED, Place.LAPSED},
    Place.CONFIRMED: {Place.CANCELLED},
    Place.CANCELLED: {Place.CONFIRMED, Place.WAITLISTED, Place.DECLINED},
    Place.DECLINED: {Place.CONFIRMED, Place.WAITLISTED},
    Place.LAPSED: {Place.CONFIRMED, Place.WAITLISTED, Place.DECLINED},
}


class Attendance(StrEnum):
    """Whether somebody was there. Labels: `bot/codes/attendance.json`."""

    ATTENDED = "attended"
    PARTIAL = "partial"
    ABSENT = "absent"
    EXCUSED = "excused"


THERE = frozenset({Attendance.ATTENDED, Attendance.PARTIAL})


class NoOffer(Refused):
    """There is no seat kept for this person (any more): where they are instead, as a code."""

    template = "refusals/no_offer"

    def __init__(self, status: str) -> None:
        self.status = status
        super().__init__(status)


class NoSuchFormat(Refused):
    """This training is not held that way."""

    template = "refusals/no_such_format"
    field = "format"


@dataclass(frozen=True, slots=True)
class Participation:
    """One person's part in one training; coded values only. What they wrote, and their name, is sealed elsewhere.

    `attendee` tells people apart: a Slack user id, or a fingerprint of who has no Slack. `turn` is the place
    in the queue: whoever asked first has the smaller number.
    """

    id: str
    training: str
    attendee: str
    person: str | None  # Slack user id; None: has no Slack
    format: str
    status: Place
    turn: int
    joined_at: datetime
    offered_at: datetime | None = None
    offer_expires_at: datetime | None = None
    entered_by: str | None = None
    route: str = "slack"
    supporter_field: str | None = None
    organization_type: str | None = None
    occupation: str | None = None
    municipality: str | None = None
    region: str | None = None
    walk_in: bool = False
    reminders: bool = True
    calendar: bool = False  # has the file: is sent its updates
    practice: str | None = None  # the answer after three months
    version: int = 1

    @property
    def holds(self) -> bool:
        """Whether a seat is taken up. Who comes unannounced is let in by the organizer at the door, beside the seats."""
        return self.status in HOLDING and not self.walk_in

    def placed(self, status: Place, **changes: object) -> "Participation":
        """The next step. Asking for what is so already changes nothing; an offer is over with every step."""
        if status is self.status:
            return self
        if status not in STEPS[self.status]:
            raise NoOffer(self.status)
        cleared = {"offered_at": None, "offer_expires_at": None}
        return replace(self, status=status, **{**cleared, **changes})  # type: ignore[arg-type]

    def accepted(self, now: datetime) -> "Participation":
        """Take the seat that was kept. An offer that ran out is over, even where nobody noticed yet."""
        if self.status is Place.CONFIRMED:
            return self
        if self.status is not Place.OFFERED or (self.offer_expires_at and now >= self.offer_expires_at):
            raise NoOffer(Place.LAPSED if self.status is Place.OFFERED else self.status)
        return self.placed(Place.CONFIRMED)


def heard(news: Iterable[str], plan: Plan, part: Participation) -> tuple[str, ...]:
    """What of the `news` (names of `training.changes`) somebody must hear: the place who comes, the address who joins

    online, both whose format is gone; and the deadline nobody who has a seat.
    """
    gone = part.format not in plan.seats
    concerns = {
        "place": part.format == "onsite" or gone,
        "online": part.format == "online" or gone,
        "deadline": part.status is not Place.CONFIRMED,
    }
    return tuple(name for name in news if concerns.get(name, True))


def address_is_missing(training: Training, everybody: Iterable[Participation]) -> bool:
    """Whether somebody has a seat online, and nobody has written where that is."""
    there = any(each.format == "online" and each.status is Place.CONFIRMED for each in everybody)
    return there and not training.plan.private.get("online")


@dataclass(frozen=True, slots=True)
class Seats:
    """How one format of a training stands. `capacity` UNLIMITED (0): no limit."""

    capacity: int
    taken: int
    waiting: int

    @property
    def free(self) -> int | None:
        """Seats nobody has; None: there is no limit."""
        return None if self.capacity == UNLIMITED else max(0, self.capacity - self.taken)

    @property
    def admits(self) -> bool:
        """Whether whoever asks now has a seat at once: there is one, and nobody waits for it."""
        return self.capacity == UNLIMITED or (self.taken < self.capacity and not self.waiting)


def seats_of(capacities: dict[str, int], everybody: Iterable[Participation]) -> dict[str, Seats]:
    """How each format stands."""
    taken = dict.fromkeys(capacities, 0)
    waiting = dict.fromkeys(capacities, 0)
    for each in everybody:
        if each.format in capacities:
            taken[each.format] += each.holds
            waiting[each.format] += each.status is Place.WAITLISTED
    return {name: Seats(capacity, taken[name], waiting[name]) for name, capacity in capacities.items()}


def in_turn(everybody: Iterable[Participation], format_: str) -> list[Participation]:
    """Those who wait for a seat of this format, who asked first comes first."""
    return sorted(
        (each for each in everybody if each.status is Place.WAITLISTED and each.format == format_),
        key=lambda each: each.turn,
    )


def to_be_offered(capacities: dict[str, int], everybody: Collection[Participation]) -> list[Participation]:
    """Those whose turn has come: as many of the queue as there are free seats, in their order."""
    found: list[Participation] = []
    for format_, seats in seats_of(capacities, everybody).items():
        queue = in_turn(everybody, format_)
        found += queue if seats.free is None else queue[: seats.free]
    return found


@dataclass(frozen=True, slots=True)
class Mark:
    """Whether somebody was at one session. `minutes`: how long, counted towards the year. `how`: code, paper, roster."""

    participation: str
    session: str
    status: Attendance
    minutes: int
    how: str
    at: datetime
    by: str


def minutes_of(session: Session, status: Attendance, given: int | None = None) -> int:
    """Minutes that count: all of it, what was given (half, where nothing was) for a part, none for absence."""
    match status:
        case Attendance.ATTENDED:
            return session.minutes
        case Attendance.PARTIAL:
            return min(session.minutes, session.minutes // 2 if given is None else max(0, given))
        case _:
            return 0


def overall(sessions: Sequence[Session], marks: Iterable[Mark]) -> Attendance | None:
    """How somebody attended a training as a whole: all, in part, excused, absent; None: nobody has said yet."""
    by_session = {each.session: each.status for each in marks}
    found = [by_session[each.id] for each in sessions if each.id in by_session]
    if not found:
        return None
    if len(found) == len(sessions) and all(each is Attendance.ATTENDED for each in found):
        return Attendance.ATTENDED
    if any(each in THERE for each in found):
        return Attendance.PARTIAL
    return Attendance.EXCUSED if Attendance.EXCUSED in found else Attendance.ABSENT
