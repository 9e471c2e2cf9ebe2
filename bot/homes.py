"""Each person's own Home: what they asked, what they hold, what waits. Facts first, then words."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot import homes_advice, homes_handovers, homes_review_papers, homes_reviews, homes_trainings
from bot.domain.casework import Record
from bot.domain.consultation import ENDED, Consultation
from bot.domain.staff import Role
from bot.messages import render
from bot.organisation import Organisation, Retention, Reviews
from bot.store.database import Reading

BLOCKS = 100
SHOWN = 15


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """What one person's Home tells. Lists of others' consultations hold codes only, as everywhere."""

    user: str
    roles: frozenset[Role]
    now: datetime
    own: list[Consultation] = field(default_factory=list)
    held: list[Consultation] = field(default_factory=list)
    offered: list[Consultation] = field(default_factory=list)
    unrecorded: list[Consultation] = field(default_factory=list)
    to_review: list[Record] = field(default_factory=list)
    named: list[Record] = field(default_factory=list)
    waiting: list[Consultation] = field(default_factory=list)
    late: list[Consultation] = field(default_factory=list)
    to_decide: list[Consultation] = field(default_factory=list)
    overdue: list[Consultation] = field(default_factory=list)
    expiring: list[Consultation] = field(default_factory=list)
    held_back: list[Consultation] = field(default_factory=list)
    entered: list[Consultation] = field(default_factory=list)
    reviews: homes_reviews.Reviews = field(default_factory=homes_reviews.Reviews)
    papers: homes_review_papers.Papers = field(default_factory=homes_review_papers.Papers)
    advice: homes_advice.Advice = field(default_factory=homes_advice.Advice)
    linkages: homes_handovers.Linkages = field(default_factory=homes_handovers.Linkages)
    trainings: homes_trainings.Trainings = field(default_factory=homes_trainings.Trainings)


async def facts(
    ask: Reading, user: str, retention: Retention | None = None, reviews: Reviews | None = None
) -> HomeFacts:
    """Read what a person's Home tells, by the roles they hold in this moment. `retention`, `reviews`: the desk's own rules."""
    roles = await ask.staff.roles_of(user)
    told: dict[str, Any] = {"own": await ask.consultations.of_supporter(user)}
    told["reviews"] = await homes_reviews.facts(ask, user, roles)
    told["papers"] = await homes_review_papers.facts(ask, user, roles, reviews or Reviews())
    told["advice"] = await homes_advice.facts(ask, user, roles)
    told["linkages"] = await homes_handovers.facts(ask, user, roles)
    told["trainings"] = await homes_trainings.facts(ask, user, roles)
    if roles & {Role.COUNSELOR, Role.COORDINATOR}:
        told["held"] = await ask.consultations.held_by(user)
        told["offered"] = await ask.consultations.offered_to(user)
        told["unrecorded"] = await ask.consultations.closed_unrecorded(user)
        told["to_review"] = await ask.records.to_review(user, BLOCKS)
        told["waiting"] = await ask.consultations.waiting()
    if Role.COORDINATOR in roles:
        told["unrecorded"] += await ask.consultations.closed_and_left()
        told["late"] = await ask.consultations.unkept(ask.now)
        told["to_decide"] = await ask.consultations.to_decide()
        told["named"] = await ask.replacements.waiting(BLOCKS)
        told["overdue"] = await ask.consultations.overdue_next(ask.today)
        rules = retention or Retention()
        told["expiring"] = await ask.expiry.near(rules.near_before(ask.now))
        told["held_back"] = await ask.expiry.held_though_due(*rules.consultations_before(ask.now))
    if Role.OPERATOR in roles:
        told["entered"] = await ask.consultations.entered_by(user, ask.now - timedelta(days=7))
    return HomeFacts(user=user, roles=roles, now=ask.now, **told)


def view(told: HomeFacts, organisation: Organisation) -> dict[str, Any]:
    """Draw a Home. Long lists are shortened with a line that says so, never cut in silence."""
    shown = SHOWN
    while True:
        blocks = render(
            "home/home",
            h=told,
            organisation=organisation,
            now=told.now,
            shown=shown,
            ended=ENDED,
            counsels=bool(told.roles & {Role.COUNSELOR, Role.COORDINATOR}),
            coordinates=Role.COORDINATOR in told.roles,
            operates=bool(told.roles & {Role.OPERATOR, Role.COUNSELOR, Role.COORDINATOR}),
            administers=Role.ADMIN in told.roles,
            open_now=organisation.calendar.is_open(told.now),
            opening=organisation.calendar.next_opening(told.now),
        ).blocks
        if len(blocks) <= BLOCKS or shown == 1:
            return {"type": "home", "blocks": blocks[:BLOCKS]}
        shown = max(1, shown - 3)
