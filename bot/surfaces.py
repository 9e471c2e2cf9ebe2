"""Everything the bot can show, with ordinary facts and with the longest and nastiest ones: to be looked at and checked.

`python -m bot surfaces` prints them. What stands here is drawn by the very functions that draw it in Slack.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from bot import homes, messages
from bot.domain.casework import FollowUp
from bot.domain.consultation import Consultation, Status
from bot.domain.staff import Role
from bot.news import Composer
from bot.store.database import Reading
from bot.store.outbox import OutboxRow
from bot.store.trouble import StorageTrouble
from bot.surfaces_advice import TEMPLATES as ABOUT_ADVICE
from bot.surfaces_advice import advice_messages, advice_modals
from bot.surfaces_advice import home as advice_at_home
from bot.surfaces_directory import TEMPLATES as ABOUT_DIRECTORY
from bot.surfaces_directory import directory_messages, directory_modals
from bot.surfaces_expiry import TEMPLATES as ABOUT_EXPIRY
from bot.surfaces_expiry import expiry_messages
from bot.surfaces_facts import COLLEAGUE, ID, NIGHT, NOW, Facts, every, sample, worst
from bot.surfaces_handovers import TEMPLATES as ABOUT_HANDOVERS
from bot.surfaces_handovers import handover_messages, handover_modals
from bot.surfaces_handovers import home as handovers_at_home
from bot.surfaces_modals import modals
from bot.surfaces_precedents import precedent_modals
from bot.surfaces_records import record_modals
from bot.surfaces_review_papers import TEMPLATES as ABOUT_PAPERS
from bot.surfaces_review_papers import home as papers_at_home
from bot.surfaces_review_papers import paper_messages, paper_modals
from bot.surfaces_reviews import TEMPLATES as ABOUT_REVIEWS
from bot.surfaces_reviews import home as reviews_at_home
from bot.surfaces_reviews import review_messages, review_modals
from bot.surfaces_study import TEMPLATES as ABOUT_STUDY
from bot.surfaces_study import study_messages, study_modals
from bot.surfaces_training_facts import TrainingFacts
from bot.surfaces_training_modals import training_modals
from bot.surfaces_trainings import TEMPLATES as ABOUT_TRAININGS
from bot.surfaces_trainings import all_messages
from handlers.replies import given_back, said

_S = Status
# Messages about no consultation, and the facts their outbox rows hold.
OTHERS: dict[str, tuple[dict[str, Any], ...]] = {
    "alarm_clock": ({},),
    "alarm_late": ({},),
    "digest": ({},),
    "letter": (
        {"letter": ID, "danger": False, "ongoing": None},
        {"letter": ID, "danger": False, "ongoing": None, "check_in": True},
        {"letter": ID, "danger": True, "ongoing": ID},
    ),
    "letter_danger": ({"letter": ID},),
    "not_applied": ({},),
    "record_named": ({"record": ID, "theme": "approach"}, {"record": ID, "theme": ""}),
    "record_released": ({"theme": "approach", "by": COLLEAGUE}, {"theme": "", "by": COLLEAGUE}),
    "not_delivered": ({"row": 42, "number": "R8-0042"}, {"row": 10**9, "number": None}),
}
# More facts of the outbox rows of messages about a consultation, case by case.
FACTS: dict[str, tuple[dict[str, Any], ...]] = {
    "danger": ({"duty": True}, {"duty": False}),
    "follow_up_answered": tuple({"answer": each} for each in every("follow_up_answers")),
    "merged_into": ({"into": "R8-0007"},),
    "told": ({"danger": False, "phone": True}, {"danger": True, "phone": False}),
}
PAPERS = ("paper_advice", "paper_advice_title", "paper_receipt", "paper_receipt_title")
ROLES: dict[str, frozenset[Role]] = {
    "supporter": frozenset(),
    "operator": frozenset({Role.OPERATOR}),
    "counselor": frozenset({Role.COUNSELOR}),
    "coordinator": frozenset({Role.COORDINATOR}),
    "organizer": frozenset({Role.ORGANIZER}),
    "admin": frozenset({Role.ADMIN}),
    "everything": frozenset(Role) - {Role.SYSTEM},
}


class _Asked:
    """The rows a message is made from, held here instead of in a database."""

    def __init__(
        self, facts: Facts, consultation: Consultation | None = None, answered: bool = False
    ) -> None:
        self.now = NOW + timedelta(days=3) if facts.worst else NOW + timedelta(minutes=12)
        self.consultations = self.casework = self
        self._facts, self._consultation, self._answered = facts, consultation, answered

    async def get(self, _id: str) -> Consultation | None:
        return self._consultation

    async def waiting(self) -> list[Consultation]:
        urgent = self._facts.many(_S.RECEIVED, urgency="u1", danger=True)
        return [*urgent, *self._facts.many(_S.RECEIVED), *self._facts.many(_S.REOPENED)]

    async def followup(self, _id: str) -> FollowUp:
        at, answer, weight = (self.now, "again", "heavier") if self._answered else (None, None, None)
        return FollowUp(ID, ID, NOW, at, answer, weight)


def everything() -> Iterator[dict[str, Any]]:
    """Give each surface as `{"name", "kind", "case", "payload"}`; the payload is what goes over the wire.

    `kind`: message (`text` and `blocks`), modal or home (the view). `case`: sample or worst.
    """
    for facts in (sample(), worst()):
        for name, message in (
            *_messages(facts),
            *all_messages(facts),
            *study_messages(facts),
            *expiry_messages(facts),
            *handover_messages(facts),
            *review_messages(facts),
            *paper_messages(facts),
            *directory_messages(facts),
            *advice_messages(facts),
        ):
            payload = {"text": message.text, "blocks": message.blocks}
            yield {"name": name, "kind": "message", "case": facts.case, "payload": payload}
        for name, view in (
            *modals(facts),
            *training_modals(facts),
            *study_modals(facts),
            *record_modals(facts),
            *handover_modals(facts),
            *review_modals(facts),
            *paper_modals(facts),
            *directory_modals(facts),
            *advice_modals(facts),
        ):
            yield {"name": name, "kind": "modal", "case": facts.case, "payload": view}
        for name, view in precedent_modals(facts):
            yield {"name": name, "kind": "modal", "case": facts.case, "payload": view}
        for name, view in _homes(facts):
            yield {"name": name, "kind": "home", "case": facts.case, "payload": view}


def _messages(facts: Facts) -> Iterator[tuple[str, messages.Message]]:
    for template in _about_one():
        for status in Status:  # a message may be late: it is drawn from what is true when it is sent
            for name, c in _variants(facts, template, status):
                for n, told in enumerate(FACTS.get(template, ({},))):
                    yield _nth(name, n), _composed(facts, template, _Asked(facts, c), **told)
    for template, cases in OTHERS.items():
        for n, told in enumerate(cases):
            yield _nth(f"messages/{template}", n), _composed(facts, template, _Asked(facts), **told)
    for status in (_S.ADVISING, _S.CLOSED):
        for answered in (False, True):
            name = f"messages/follow_up/{status}" + ("/answered" if answered else "")
            asked = _Asked(facts, facts.consultation(status), answered)
            yield name, _composed(facts, "follow_up", asked)
    yield (
        "forms/words_back",
        given_back(said(StorageTrouble("busy"), NOW), "いろは\n" * (2000 if facts.worst else 2)),
    )
    for template in PAPERS:
        c = facts.consultation(_S.ADVISING)
        yield f"messages/{template}", messages.render(f"messages/{template}", c=c)


def _about_one() -> list[str]:
    """Every message about one consultation that `templates/messages` holds."""
    others = {
        *OTHERS,
        *PAPERS,
        "follow_up",
        *ABOUT_TRAININGS,
        *ABOUT_STUDY,
        *ABOUT_EXPIRY,
        *ABOUT_HANDOVERS,
        *ABOUT_REVIEWS,
        *ABOUT_PAPERS,
        *ABOUT_DIRECTORY,
        *ABOUT_ADVICE,
    }
    found = (path.stem for path in (messages.TEMPLATES / "messages").glob("*.j2"))
    return sorted(template for template in found if template not in others)


def _nth(name: str, n: int) -> str:
    return f"{name}/{n + 1}" if n else name


def _composed(facts: Facts, template: str, asked: _Asked, **told: Any) -> messages.Message:
    """What the composer makes of an outbox row; it waits for nothing here, so it is done at once."""
    row = OutboxRow(
        id=1, key=template, op="card" if template == "card" else "post", template=template, to=facts.user,
        subject="" if template in OTHERS else ID, facts=told, created_at=NOW, state="sending", attempt=1, fence=1,
        wanted=1, posted_in=None, ts=None, file_id=None, why=None,
    )  # fmt: skip
    making = Composer(facts.organisation)(cast("Reading", asked), row)
    try:
        making.send(None)
    except StopIteration as made:
        return cast("messages.Message", made.value)
    finally:
        making.close()
    raise RuntimeError(template)


def _variants(facts: Facts, template: str, status: Status) -> Iterator[tuple[str, Consultation]]:
    name = f"messages/{template}/{status}"
    c = facts.consultation(status)
    yield name, c
    if c.counselor:
        yield f"{name}/nobody", replace(c, counselor=None, claimed_at=None)
        yield f"{name}/offered", replace(c, handover_to=facts.user)
    yield f"{name}/danger", replace(c, danger=True, urgency="u1")
    bare = replace(c, privacy=(), wishes=(), region=None, supporter_field=None, supporter=None)
    yield f"{name}/bare", bare


def _homes(facts: Facts) -> Iterator[tuple[str, dict[str, Any]]]:
    for role, roles in ROLES.items():
        yield f"home/{role}", homes.view(_told(facts, roles), facts.organisation)
    if not facts.worst:
        empty = homes.HomeFacts(user=facts.user, roles=ROLES["everything"], now=NIGHT)
        yield "home/empty", homes.view(empty, facts.organisation)


def _told(facts: Facts, roles: frozenset[Role]) -> homes.HomeFacts:
    """As `homes.facts` reads it: what belongs to none of these roles is not there."""
    enters = bool(roles & {Role.OPERATOR, Role.COORDINATOR})
    home = TrainingFacts(facts).home(organizes=Role.ORGANIZER in roles, enters=enters)
    told: dict[str, Any] = {"own": facts.many(_S.CLAIMED), "trainings": home}
    told["advice"] = advice_at_home(facts, roles)
    told["linkages"] = handovers_at_home(facts, roles)
    told["papers"] = papers_at_home(facts, sits=bool(roles), settles=Role.COORDINATOR in roles)
    told["reviews"] = reviews_at_home(facts, sits=bool(roles), convenes=Role.COORDINATOR in roles)
    if roles & {Role.COUNSELOR, Role.COORDINATOR}:
        told["held"] = facts.many(_S.ADVISING) + facts.many(_S.CLAIMED)
        told["offered"] = facts.many(_S.CLAIMED, handover_to=facts.user)
        told["unrecorded"] = facts.many(_S.CLOSED)
        told["to_review"] = list(facts.details(facts.base, recorded=True).records) * facts.rows
        told["waiting"] = facts.many(_S.RECEIVED) + facts.many(_S.REOPENED)
    if Role.COORDINATOR in roles:
        told["late"] = facts.many(_S.RECEIVED) + facts.many(_S.CLAIMED)
        told["to_decide"] = facts.many(_S.CALLBACK_PENDING, needs_decision=True)
        told["named"] = list(facts.details(facts.base, recorded=True).records) * facts.rows
        told["overdue"] = facts.many(_S.ADVISING)
        told["expiring"] = facts.many(_S.CLOSED)
        told["held_back"] = facts.many(_S.CLOSED)
    if Role.OPERATOR in roles:
        told["entered"] = facts.many(_S.RECEIVED)
    return homes.HomeFacts(user=facts.user, roles=roles, now=NIGHT if facts.worst else NOW, **told)
