"""The papers of reviews on somebody's Home: what to write, what to read, what one took over."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.domain.consultation import Consultation
from bot.domain.review import OPEN, Review, Stage
from bot.domain.review_access import closes_at, sees
from bot.domain.staff import Role
from bot.organisation import Reviews as Rules
from bot.store.database import Reading


@dataclass(frozen=True, slots=True)
class Mine:
    """A review with a button or two. `brief`: whether its page may be read."""

    r: Review
    c: Consultation
    brief: bool = False


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
        found.tasks.append(Own(task_id, c, date.fromisoformat(due)))
    if not roles:
        return found
    keeps, settled = timedelta(days=rules.keeps_days), timedelta(days=rules.settled_days)
    for review in await ask.reviews.of_person(user, ask.now - keeps - timedelta(days=1)):
        own = next(each for each in await ask.reviews.seats(review.id) if each.staff == user)
        c = await ask.consultations.get(review.consultation)
        mine = Mine(review, c, await ask.review_papers.has_approved_brief(review.id))
        if review.stage in OPEN:
            if c.counselor == user and not mine.brief:
                found.to_write.append(mine)
            if sees(own) and (mine.brief or (review.stage is Stage.FIXED and own.attends)):
                found.coming.append(mine)
        elif review.stage is not Stage.CANCELLED and own.attends:
            approved_at = await ask.review_papers.approved_at(review.id)
            over = closes_at(review, keeps, approved_at=approved_at, settled=settled)
            if over is None or ask.now < over:
                found.past.append(mine)
    if Role.COORDINATOR in roles or Role.SUPERVISOR in roles:
        for review in await ask.reviews.before_us(ask.now):
            if review.stage is Stage.HELD:
                found.to_settle.append(Mine(review, await ask.consultations.get(review.consultation)))
    return found
