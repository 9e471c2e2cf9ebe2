"""The advice reviews on somebody's Home: what to read, what is being read, and what is worth a training."""

from dataclasses import dataclass, field

from bot.domain.advice_review import LEAD, READ, AdviceReview
from bot.domain.staff import Role
from bot.store.advice_reviews import Finding, Sample
from bot.store.database import Reading
from bot.usecases.advice_reviews import RECENT


@dataclass(frozen=True, slots=True)
class Event:
    """A review as those see it who lead: how many records were drawn, and how many are read."""

    v: AdviceReview
    drawn: int
    read: int


@dataclass(frozen=True, slots=True)
class Advice:
    """What a Home tells. `leads`: this person may open reviews."""

    to_read: list[Sample] = field(default_factory=list)
    leads: bool = False
    reviews: list[Event] = field(default_factory=list)
    topics: list[Finding] = field(default_factory=list)


async def facts(ask: Reading, user: str, roles: frozenset[Role]) -> Advice:
    """Read what a person's Home tells about advice reviews, by the roles they hold."""
    since = ask.now - RECENT
    to_read = await ask.advice_reviews.to_read(user) if roles & READ else []
    topics = await ask.advice_reviews.topics(since) if Role.ORGANIZER in roles else []
    if not roles & LEAD:
        return Advice(to_read, topics=topics)
    reviews = [
        Event(each, *await ask.advice_reviews.progress(each.id))
        for each in await ask.advice_reviews.recent(since)
    ]
    return Advice(to_read, True, reviews, topics)
