"""Looking at one's own part in a training, and at those who have no Slack. Opening what they gave us is audited."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain import check_in, entitlement, seats
from bot.domain.certificate import Paper, prospect
from bot.domain.events import Event
from bot.domain.refusals import NotAllowed
from bot.domain.seats import IN, Participation, Place
from bot.domain.staff import Actor
from bot.domain.training import Stage, Training
from bot.news_trainings import about, place_in_queue
from bot.store.database import Reading, Transaction
from bot.store.participations import KNOWN
from bot.usecases.desk import Desk
from bot.usecases.feedback import may_say
from bot.usecases.training_desk import ENTER, known_codes

AT_ONCE = 20  # people on one page of the list


@dataclass(frozen=True, slots=True)
class Standing:
    """A training and one person's part in it. `part` None: they never answered.

    `told`: what templates are given: t, p, seats, closed, queue, attendance, checking_in, paper (`Paper`), may_say
    (whether they may say now what it was like; False where somebody else looks), now, organisation.
    """

    training: Training
    part: Participation | None
    told: dict[str, Any]

    @property
    def is_in(self) -> bool:
        """Whether they have a seat, are offered one, or wait for one."""
        return self.part is not None and self.part.status in IN


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody without Slack: their part, their place in the queue, and what they gave us (name, phone, …).

    `paper`: whether there is a 修了証 for them.
    """

    p: Participation
    queue: int
    told: dict[str, str]
    paper: Paper = Paper.NONE


@dataclass(frozen=True, slots=True)
class Guests:
    """One page of them. `told`: what templates are given about the training, and page, pages, total."""

    people: tuple[Guest, ...]
    told: dict[str, Any]


async def before_joining(desk: Desk, actor: Actor, training_id: str) -> tuple[Standing, dict[str, str]]:
    """How somebody stands with a training, and the codes known of them: what they said here, or else before."""
    async with desk.db.reading() as ask:
        training = await ask.trainings.get(training_id)
        part = await ask.participations.by_attendee(training.id, actor.id)
        known = await known_codes(ask, training, actor.id)
        standing = await _standing(ask, desk, training, part)
    here = {name: getattr(part, name) for name in KNOWN if getattr(part, name, None)}
    return standing, known | here


async def one(desk: Desk, actor: Actor, participation_id: str) -> Standing:
    """How somebody stands: for themselves, and for whoever enters people into trainings."""
    async with desk.db.reading() as ask:
        part = await ask.participations.get(participation_id)
        if part.person != actor.id and not actor.has(*ENTER):
            raise NotAllowed
        return await _standing(ask, desk, await ask.trainings.get(part.training), part, viewer=actor.id)


async def own(desk: Desk, actor: Actor, participation_id: str) -> Standing:
    """One's own part in a training, and nobody else's."""
    standing = await one(desk, actor, participation_id)
    if standing.part is None or standing.part.person != actor.id:
        raise NotAllowed
    return standing


async def of_training(desk: Desk, actor: Actor, training_id: str) -> Standing:
    """A training as it stands, for entering somebody into it."""
    entitlement.require_role(actor, ENTER)
    async with desk.db.reading() as ask:
        return await _standing(ask, desk, await ask.trainings.get(training_id), None)


async def guests(desk: Desk, actor: Actor, training_id: str, page: int = 0) -> Guests:
    """Everybody at a training who has no Slack, with name and number. Each opening stands in the audit trail.

    Who is to be called comes first, then who waits, then who has a seat.
    """
    entitlement.require_role(actor, ENTER)
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        everybody = await tx.participations.of_training(training.id)
        found = sorted((each for each in everybody if each.person is None), key=_urgent_first)
        pages = max(1, -(-len(found) // AT_ONCE))
        page = min(max(0, page), pages - 1)
        shown = found[page * AT_ONCE : (page + 1) * AT_ONCE]
        await tx.audit.record(Event.ROSTER_READ, training.id, page=page, people=len(shown))
        people = tuple([await _guest(tx, training, each, everybody) for each in shown])
    async with desk.db.reading() as ask:
        told = await about(ask, training, desk.organisation)
    return Guests(people, {**told, "people": people, "page": page, "pages": pages, "total": len(found)})


async def _guest(
    tx: Transaction, training: Training, part: Participation, everybody: list[Participation]
) -> Guest:
    paper = prospect(training, await tx.participations.marks_of(part.id), tx.now)
    return Guest(part, place_in_queue(part, everybody), await tx.participations.answers(part), paper)


def _urgent_first(part: Participation) -> tuple[int, int, str]:
    order: Sequence[Place] = (Place.OFFERED, Place.WAITLISTED, Place.CONFIRMED)
    return (order.index(part.status) if part.status in order else len(order), part.turn, part.id)


async def _standing(
    ask: Reading, desk: Desk, training: Training, part: Participation | None, *, viewer: str = ""
) -> Standing:
    told = await about(ask, training, desk.organisation)
    told |= {"p": part, "queue": 0, "attendance": None, "checking_in": False}
    told |= {"paper": Paper.NONE, "may_say": False}
    if part is not None:
        if part.status is Place.WAITLISTED:
            told["queue"] = place_in_queue(part, await ask.participations.of_training(training.id))
        marks = await ask.participations.marks_of(part.id)
        told["attendance"] = seats.overall(training.plan.sessions, marks)
        told["paper"] = prospect(training, marks, ask.now)
        if training.stage is Stage.HELD and part.person == viewer:
            told["may_say"] = await may_say(ask, training, part)
        if part.status is Place.CONFIRMED and training.stage is Stage.ANNOUNCED:
            marked = {each.session for each in marks}
            now_on = check_in.going_on(training.plan.sessions, ask.now)
            told["checking_in"] = any(each.id not in marked for each in now_on)
    return Standing(training, part, told)
