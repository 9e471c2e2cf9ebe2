"""What the clock says of trainings has its time: some hours later it may be untrue, too late, or wake somebody."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain import timeline
from bot.domain.business_time import TOKYO
from bot.domain.certificate import unmarked
from bot.domain.seats import THERE, Participation, Place, address_is_missing
from bot.domain.training import Session, Stage, Training
from bot.organisation import Organisation
from bot.store.database import Reading
from bot.store.outbox import OutboxRow

SOON = timedelta(seconds=30)  # the clock has a nearer reminder in its hand

Told = dict[str, Any]


async def since(ask: Reading, row: OutboxRow, told: Told) -> datetime | None:
    """From when on it may be said; None: there is nothing to say any more. Nothing is said in the quiet hours, unless

    what it is about comes before they end. Gives `told` the `session` that is meant, and how many `days` it is off.
    """
    training: Training = told["t"]
    organisation: Organisation = told["organisation"]
    if row.template == "training_reminder":
        told["session"] = session = _session(training, row)
        if session is None or not _wanted(training, session, told["p"], ask.now):
            return None
        told["days"] = (_day(session.starts_at) - _day(ask.now)).days
        nearer = await _nearer(ask, training, session, row)
        if nearer is None or nearer > ask.now:
            return nearer
        latest: datetime | None = session.starts_at
    elif await TIMELY[row.template](ask, row, told):
        latest = training.plan.deadline if row.template in _BEFORE_THE_DEADLINE else None
    else:
        return None
    return timeline.put_off(ask.now, organisation.trainings.quiet, latest) or ask.now


def _session(training: Training, row: OutboxRow) -> Session | None:
    """The session a reminder is about; None where it has moved since: for its new date there are others."""
    starts_at = datetime.fromisoformat(str(row.facts["starts_at"]))
    return next((each for each in training.plan.sessions if each.starts_at == starts_at), None)


def _day(at: datetime) -> date:
    return at.astimezone(TOKYO).date()


def _wanted(training: Training, session: Session, part: Participation, now: datetime) -> bool:
    has_a_seat = part.status is Place.CONFIRMED and part.reminders
    return has_a_seat and training.stage is Stage.ANNOUNCED and now < session.starts_at


async def _nearer(ask: Reading, training: Training, session: Session, row: OutboxRow) -> datetime | None:
    """Whether a reminder nearer to the session comes instead. None: it does; a later moment: the clock has it in its
    hand; now: none does.
    """
    kinds = list(timeline.REMINDERS)
    after = kinds[kinds.index(str(row.facts["kind"])) + 1 :]
    for other in await ask.outbox.of(row.subject):
        about = other.facts.get("starts_at") == row.facts["starts_at"]
        if other.id > row.id and about and other.template == row.template and other.facts["kind"] in after:
            return None
    named = {timeline.named(kind, session.starts_at) for kind in after}
    due = [each for each in await ask.timers.of(training.id) if each.kind in named and each.due_at <= ask.now]
    return ask.now + SOON if due else ask.now


async def _always(ask: Reading, row: OutboxRow, told: Told) -> bool:
    del ask, row, told
    return True


async def _is_open(ask: Reading, row: OutboxRow, told: Told) -> bool:
    del ask, row
    return told["closed"] is None


async def _has_not_answered(ask: Reading, row: OutboxRow, told: Told) -> bool:
    part = await ask.participations.by_attendee(told["t"].id, str(row.facts["person"]))
    return part is None and told["closed"] is None


async def _was_there(ask: Reading, row: OutboxRow, told: Told) -> bool:
    """Nobody has said meanwhile that they were not."""
    del row
    taking_place = {each.id for each in told["t"].plan.sessions}
    marks = [each for each in await ask.participations.marks_of(told["p"].id) if each.session in taking_place]
    return not marks or any(each.status in THERE for each in marks)


async def _somebody_is_unmarked(ask: Reading, row: OutboxRow, told: Told) -> bool:
    """Gives `told` how many are `unmarked`."""
    del row
    training: Training = told["t"]
    everybody = await ask.participations.of_training(training.id)
    left = unmarked(training, everybody, await ask.participations.marks_of_training(training.id))
    told["unmarked"] = len(left)
    return bool(left)


async def _nobody_knows_where(ask: Reading, row: OutboxRow, told: Told) -> bool:
    """The session is still to come, and its address online is still missing."""
    training: Training = told["t"]
    session = _session(training, row)
    if session is None or training.stage is not Stage.ANNOUNCED or ask.now >= session.starts_at:
        return False
    return address_is_missing(training, await ask.participations.of_training(training.id))


_BEFORE_THE_DEADLINE = {"seats_few", "seats_free", "unanswered_reminder", "unanswered_reminded"}
TIMELY: dict[str, Callable[[Reading, OutboxRow, Told], Awaitable[bool]]] = {
    "training_reminder": _always,
    "seats_few": _is_open,
    "seats_free": _is_open,
    "unanswered_reminder": _has_not_answered,
    "unanswered_reminded": _is_open,
    "online_missing": _nobody_knows_where,
    "training_thanks": _was_there,
    "roster_waiting": _somebody_is_unmarked,
    "practice_question": _was_there,
}
