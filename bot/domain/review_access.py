"""Who may do what with the papers of a review, and until when: one table, deny by default. Pure.

Whoever is invited sees one case for a limited time: from the moment its brief is approved until the review is closed for
them. Leaving, or losing the role one sat with, ends it at once.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.consultation import Consultation, Status
from bot.domain.expert import SITTING
from bot.domain.review import DISCIPLINE_OF, NotInvited, Part, Review, Seat, Stage
from bot.domain.staff import Actor, Role


class Paper(StrEnum):
    """What can be done with the papers of one review."""

    READ_BRIEF = "read_brief"
    WRITE_BRIEF = "write_brief"
    PRINT_BRIEF = "print_brief"
    APPROVE_BRIEF = "approve_brief"
    SIT = "sit"  # the opening card and one's own instructions
    LEAD = "lead"  # begin, go on to the next step, end
    WRITE_NOTES = "write_notes"
    READ_NOTES = "read_notes"
    PRINT_NOTES = "print_notes"
    APPROVE_NOTES = "approve_notes"  # somebody else's
    APPROVE_OWN = "approve_own"  # one's own: a right apart
    ADVISE = "advise"
    READ_ADVICE = "read_advice"
    DO_TASK = "do_task"


class Standing(StrEnum):
    """What somebody is to a review."""

    PRESENTER = "presenter"  # holds the consultation
    INVITED = "invited"
    FACILITATOR = "facilitator"
    WRITER = "writer"
    ASSIGNED = "assigned"  # a task is theirs, while they belong to the desk or are the supporter
    SUPPORTER = "supporter"


R, S = Role, Standing
ENTITLED: dict[Paper, frozenset[Role | Standing]] = {
    Paper.READ_BRIEF: frozenset({S.PRESENTER, S.INVITED, R.COORDINATOR}),
    Paper.WRITE_BRIEF: frozenset({S.PRESENTER, R.COORDINATOR}),
    Paper.PRINT_BRIEF: frozenset({S.PRESENTER, R.COORDINATOR}),
    Paper.APPROVE_BRIEF: frozenset({R.COORDINATOR}),
    Paper.SIT: frozenset({S.PRESENTER, S.INVITED, R.COORDINATOR}),
    Paper.LEAD: frozenset({S.FACILITATOR, R.COORDINATOR}),
    Paper.WRITE_NOTES: frozenset({S.WRITER, S.FACILITATOR, S.PRESENTER, R.COORDINATOR}),
    Paper.READ_NOTES: frozenset({S.PRESENTER, S.INVITED, R.COORDINATOR}),
    Paper.PRINT_NOTES: frozenset({S.PRESENTER, R.COORDINATOR}),
    Paper.APPROVE_NOTES: frozenset({R.COORDINATOR, R.SUPERVISOR}),
    Paper.APPROVE_OWN: frozenset({R.COORDINATOR, R.SUPERVISOR}),  # and only where the organisation lets them
    Paper.ADVISE: frozenset({S.PRESENTER, R.COORDINATOR}),
    Paper.READ_ADVICE: frozenset({S.SUPPORTER, S.PRESENTER, R.COORDINATOR, R.OPERATOR}),
    Paper.DO_TASK: frozenset({S.ASSIGNED, R.COORDINATOR}),
}
# Where no rule says otherwise: how long those invited may still read after its end, and after its record is settled.
KEEPS = timedelta(days=14)
SETTLED = timedelta(days=7)


def closes_at(
    review: Review,
    keeps: timedelta = KEEPS,
    *,
    approved_at: datetime | None = None,
    settled: timedelta = SETTLED,
) -> datetime | None:
    """When those invited see nothing any more; nothing while nobody is asked. `approved_at`: of the record, if it is."""
    if review.stage is Stage.CANCELLED:
        return review.ended_at
    # A time that is asked about again is none: a poll that nobody decides closes by itself.
    counts_from = review.deadline if review.stage is Stage.POLLING else review.ends_at
    if counts_from is None or review.stage is Stage.PLANNED:
        return None
    over = counts_from + keeps
    return over if approved_at is None else min(over, approved_at + settled)


def sees(seat: Seat) -> bool:
    """Whether somebody with this seat sees the papers: asked, not left, and not told that it is held without them."""
    return seat.there and seat.invited_at is not None and seat.part is not Part.SPARED


def standings(
    actor: Actor,
    review: Review,
    consultation: Consultation,
    seats: Iterable[Seat],
    now: datetime,
    *,
    keeps: timedelta = KEEPS,
    approved_at: datetime | None = None,
    settled: timedelta = SETTLED,
    tasks: Iterable[str] = (),
) -> set[Role | Standing]:
    """Everything this person is to this review now. `tasks`: those whose tasks it has."""
    found: set[Role | Standing] = set(actor.roles)
    if actor.id == consultation.counselor and actor.has(Role.COUNSELOR, Role.COORDINATOR):
        found.add(Standing.PRESENTER)
    if actor.id == consultation.supporter:
        found.add(Standing.SUPPORTER)
    if actor.id in set(tasks) and (actor.roles or actor.id == consultation.supporter):
        found.add(Standing.ASSIGNED)
    over = closes_at(review, keeps, approved_at=approved_at, settled=settled)
    taken_back = consultation.status is Status.WITHDRAWN
    if taken_back or (over is not None and now >= over) or not actor.has(*SITTING):
        return found
    brings = {DISCIPLINE_OF[role] for role in actor.roles if role in DISCIPLINE_OF}
    for seat in seats:
        if seat.staff == actor.id and sees(seat) and seat.discipline in brings:
            found.add(Standing.INVITED)
            if seat.role == "facilitator":
                found.add(Standing.FACILITATOR)
            if seat.role == "board_writer":
                found.add(Standing.WRITER)
    return found


def may(paper: Paper, of: set[Role | Standing]) -> bool:
    """Whether the table lets whoever is all this do it."""
    return not ENTITLED[paper].isdisjoint(of)


def require(paper: Paper, of: set[Role | Standing]) -> None:
    """Go on, or raise `NotInvited`."""
    if not may(paper, of):
        raise NotInvited
