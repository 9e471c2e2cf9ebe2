"""The reviews on somebody's Home: what they are asked, when they come, and what a coordinator has before them."""

from dataclasses import dataclass, field

from bot.domain.consultation import Consultation
from bot.domain.review import OPEN, Part, Review, Seat, Stage
from bot.domain.staff import Role
from bot.store.database import Reading


@dataclass(frozen=True, slots=True)
class Own:
    """A review one is invited to."""

    r: Review
    c: Consultation
    s: Seat


@dataclass(frozen=True, slots=True)
class Event:
    """A review as a coordinator sees it: who was asked, who has not answered, and whether it is time to decide."""

    r: Review
    c: Consultation
    people: int
    silent: tuple[str, ...]
    ready: bool


@dataclass(frozen=True, slots=True)
class Reviews:
    """What a Home tells about reviews. `asked`: polls and requests without one's answer; `answered`: open polls with it."""

    asked: list[Own] = field(default_factory=list)
    answered: list[Own] = field(default_factory=list)
    coming: list[Own] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


async def facts(ask: Reading, user: str, roles: frozenset[Role]) -> Reviews:
    """Read what a person's Home tells about reviews. Who holds no role any more is told nothing."""
    found = Reviews()
    if not roles:
        return found
    for review in await ask.reviews.of_person(user, ask.now):
        seats = await ask.reviews.seats(review.id)
        own = next(each for each in seats if each.staff == user)
        if review.stage not in OPEN or own.invited_at is None:
            continue
        told = Own(review, await ask.consultations.get(review.consultation), own)
        if review.stage is Stage.FIXED:
            if own.attends:
                found.coming.append(told)
            elif own.part is Part.ASKED:
                found.asked.append(told)
        elif not review.polled_until(ask.now):
            (found.answered if own.answered_at else found.asked).append(told)
    if Role.COORDINATOR in roles:
        for review in await ask.reviews.before_us(ask.now):
            if review.stage in OPEN:
                found.events.append(await _event(ask, review))
    return found


async def _event(ask: Reading, review: Review) -> Event:
    seats = await ask.reviews.there(review.id)
    silent = tuple(each.staff for each in seats if each.invited_at and each.answered_at is None)
    ready = review.stage is Stage.POLLING and (review.polled_until(ask.now) or (bool(seats) and not silent))
    c = await ask.consultations.get(review.consultation)
    return Event(review, c, len(seats), silent, ready)
