"""The papers of reviews on somebody's Home: what to write, what to read, what one took over."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bot.domain.consultation import Consultation, Status
from bot.domain.review import OPEN, Review, Stage
from bot.domain.review_access import Paper, Standing, may, standings
from bot.domain.staff import Actor, Role
from bot.organisation import Reviews as Rules
from bot.store.database import Reading


@dataclass(frozen=True, slots=True)
class Mine:
    """A review with a button or two. `brief`, `notes`: whether its page, and its record, may be read."""

    r: Review
    c: Consultation
    brief: bool = False
    notes: bool = True


@dataclass(frozen=True, slots=True)
class Own:
    """A task of somebody's."""

    id: str
    c: Consultation
    due: date


@dataclass(frozen=True, slots=True)
class Papers:
    """What a Home tells. `to_write`: pages, `coming` and `past`: reviews one sits in, `to_settle`: records."""

    to_write: list[Mine] = field(default_factory=list)
    coming: list[Mine] = field(default_factory=list)
    past: list[Mine] = field(default_factory=list)
    to_settle: list[Mine] = field(default_factory=list)
    tasks: list[Own] = field(default_factory=list)


async def facts(ask: Reading, user: str, roles: frozenset[Role], rules: Rules) -> Papers:
    """Read what a person's Home tells about the papers of reviews."""
    found = Papers()
    for task_id, review_id, due in await ask.review_papers.tasks_of(user):
        c = await ask.consultations.get(await ask.reviews.consultation_of(review_id))
        if (roles or c.supporter == user) and c.status is not Status.WITHDRAWN:
            found.tasks.append(Own(task_id, c, date.fromisoformat(due)))
    if not roles:
        return found
    for review in await ask.reviews.of_person(user, ask.now - rules.keeps - timedelta(days=1)):
        seats = await ask.reviews.seats(review.id)
        own = next(each for each in seats if each.staff == user)
        c = await ask.consultations.get(review.consultation)
        mine = Mine(review, c, await ask.review_papers.has_approved_brief(review.id))
        approved_at = await ask.review_papers.approved_at(review.id)
        of = standings(
            Actor(user, roles),
            review,
            c,
            seats,
            ask.now,
            keeps=rules.keeps,
            approved_at=approved_at,
            settled=rules.settled,
        )
        if review.stage in OPEN and Standing.PRESENTER in of and not mine.brief:
            found.to_write.append(mine)
        if Standing.INVITED not in of:
            continue
        if review.stage in OPEN and (mine.brief or (review.stage is Stage.FIXED and own.attends)):
            found.coming.append(mine)
        elif review.stage not in OPEN and own.attends:
            writes = may(Paper.WRITE_NOTES, of) or may(Paper.APPROVE_NOTES, of)
            found.past.append(replace(mine, notes=writes or approved_at is not None))
    if Role.COORDINATOR in roles or Role.SUPERVISOR in roles:
        for review in await ask.reviews.before_us(ask.now):
            if review.stage is Stage.HELD:
                found.to_settle.append(Mine(review, await ask.consultations.get(review.consultation)))
    return found
