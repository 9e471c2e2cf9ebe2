"""The trainings on somebody's Home: their own, those they can join, and what an organizer has before them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.domain import seats
from bot.domain.business_time import TOKYO, fiscal_year
from bot.domain.seats import Participation, Place, Seats
from bot.domain.staff import Role
from bot.domain.training import UNSEEN, Stage, Training
from bot.news_trainings import place_in_queue
from bot.store.database import Reading

TO_JOIN = 5  # trainings shown that are open
BEHIND = 3  # trainings shown that one took part in
EVENTS = 10  # trainings shown to those who organize or enter people
PAPERS = timedelta(days=60)  # how long who enters people finds those without Slack of one that is over
LEFT_TO_DO = timedelta(days=14)  # how long an organizer sees one that is over: roster, thanks, minutes


@dataclass(frozen=True, slots=True)
class Own:
    """Somebody's part in a training. `queue`: their place among those who wait, 0 where they do not.

    `closed`: why it cannot be joined, or None: it can.
    """

    t: Training
    p: Participation
    queue: int = 0
    closed: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A training as it stands. `unanswered`: who was asked by name and has said neither yes nor no."""

    t: Training
    seats: dict[str, Seats]
    closed: str | None
    unanswered: tuple[str, ...] = ()
    without_slack: int = 0


@dataclass(frozen=True, slots=True)
class Trainings:
    """What a Home tells about trainings. `minutes`: attended in this fiscal year. Lists may be longer than is shown.

    `declined`: what one answered that one cannot come to. `by_phone`: over, and people without Slack were there.
    """

    own: list[Own] = field(default_factory=list)
    declined: list[Own] = field(default_factory=list)
    behind: list[Own] = field(default_factory=list)
    to_join: list[Event] = field(default_factory=list)
    more_to_join: int = 0
    events: list[Event] = field(default_factory=list)
    more_events: int = 0
    by_phone: list[Event] = field(default_factory=list)
    drafts: list[Training] = field(default_factory=list)
    minutes: int = 0
    organizes: bool = False
    enters: bool = False


async def facts(ask: Reading, user: str, roles: frozenset[Role]) -> Trainings:
    """Read what a person's Home tells about trainings, by the roles they hold in this moment."""
    mine = {each.training: each for each in await ask.participations.of_person(user)}
    organizes = Role.ORGANIZER in roles
    enters = not organizes and bool(roles & {Role.OPERATOR, Role.COORDINATOR})
    before_them = (
        await ask.trainings.to_come(ask.now - LEFT_TO_DO)
        if organizes
        else await ask.trainings.open_ones(ask.now)
    )
    announced = [each for each in before_them if each.stage in {Stage.ANNOUNCED, Stage.HELD}]
    open_ones = [
        each
        for each in announced
        if each.stage is Stage.ANNOUNCED and each.plan.ends_at and each.plan.ends_at >= ask.now
    ]
    told: dict[str, Any] = await _own(ask, mine, open_ones)
    joinable = [each for each in open_ones if _may_join(each, mine.get(each.id), ask.now)]
    told["to_join"] = [await _event(ask, each) for each in joinable[:TO_JOIN]]
    told["more_to_join"] = max(0, len(joinable) - TO_JOIN)
    if mine:
        told["minutes"] = await ask.participations.minutes_between(user, *_year(ask.now))
    if organizes or enters:
        events = announced if organizes else [each for each in open_ones if _is_ahead(each, ask.now)]
        told["events"] = [await _event(ask, each, invited=organizes) for each in events[:EVENTS]]
        told["more_events"] = max(0, len(events) - EVENTS)
    if enters:
        told["by_phone"] = await _by_phone(ask)
    drafts = [each for each in before_them if each.stage in UNSEEN]
    return Trainings(organizes=organizes, enters=enters, drafts=drafts, **told)


async def _own(ask: Reading, mine: dict[str, Participation], open_ones: list[Training]) -> dict[str, Any]:
    """One's own that are to come, the soonest first, those one cannot come to, and the last ones one has been at."""
    own = [
        Own(each, part, await _place(ask, part))
        for each in open_ones
        if (part := mine.get(each.id)) and part.status in seats.IN
    ]
    declined = [
        Own(each, part, closed=each.closed_because(ask.now))
        for each in open_ones
        if (part := mine.get(each.id)) and part.status is Place.DECLINED
    ]
    ahead = {each.id for each in open_ones}
    past = [part for part in mine.values() if part.status is Place.CONFIRMED and part.training not in ahead]
    behind = [Own(await ask.trainings.get(each.training), each) for each in past[:BEHIND]]
    held = [each for each in behind if each.t.stage is Stage.HELD]
    return {"own": own, "declined": declined, "behind": held}


async def _by_phone(ask: Reading) -> list[Event]:
    """What was held of late and had people without Slack, the newest first: their papers are made by who enters them."""
    lately = await ask.trainings.to_come(ask.now - PAPERS)
    held = [await _event(ask, each) for each in reversed(lately) if each.stage is Stage.HELD]
    return [each for each in held if each.without_slack][:EVENTS]


async def _event(ask: Reading, training: Training, *, invited: bool = False) -> Event:
    everybody = await ask.participations.of_training(training.id)
    return Event(
        training,
        seats.seats_of(training.plan.seats, everybody),
        training.closed_because(ask.now),
        tuple(await ask.trainings.unanswered(training.id)) if invited else (),
        sum(each.person is None and each.status in seats.IN for each in everybody),
    )


async def _place(ask: Reading, part: Participation) -> int:
    if part.status is not Place.WAITLISTED:
        return 0
    return place_in_queue(part, await ask.participations.of_training(part.training))


def _may_join(training: Training, part: Participation | None, now: datetime) -> bool:
    """Whether it is open, and they have neither a place in it nor answered that they cannot come."""
    there = part is not None and (part.status in seats.IN or part.status is Place.DECLINED)
    return not there and training.closed_because(now) is None


def _is_ahead(training: Training, now: datetime) -> bool:
    """Whether it has not begun yet; the deadline may be over."""
    return training.closed_because(now) in {None, "deadline"}


def _year(now: datetime) -> tuple[datetime, datetime]:
    """From the first of April, Tokyo, until the next."""
    year = fiscal_year(now)
    return datetime(year, 4, 1, tzinfo=TOKYO), datetime(year + 1, 4, 1, tzinfo=TOKYO)
