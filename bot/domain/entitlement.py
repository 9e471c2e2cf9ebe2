"""Who may do what to which consultation: one table, deny by default."""

from collections.abc import Collection
from enum import StrEnum

from bot.domain.consultation import Consultation
from bot.domain.refusals import NotAllowed, NotYourRole
from bot.domain.staff import Actor, Role


class Relation(StrEnum):
    """What somebody is to this consultation."""

    HOLDER = "holder"
    SUPPORTER = "supporter"
    ENTERED = "entered"
    OFFERED = "offered"


class Act(StrEnum):
    """What can be asked about one consultation."""

    CLAIM = "claim"
    RELEASE = "release"
    OFFER = "offer"
    ACCEPT = "accept"
    ASSIGN = "assign"
    RECLASSIFY = "reclassify"
    READ = "read"  # contact details and words
    CALL = "call"
    HEAR = "hear"
    CLOSE = "close"
    DECIDE = "decide"
    RECORD = "record"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    SUSPEND = "suspend"
    MERGE = "merge"
    PRINT_RECEIPT = "print_receipt"
    PRINT_ADVICE = "print_advice"
    FOLLOW = "follow"
    HOLD = "hold"  # back from being destroyed when its time is over
    FIND_ALIKE = "find_alike"  # past cases like this one
    CONVENE = "convene"  # a case review, and everything that belongs to bringing it about
    ASK_REVIEW = "ask_review"  # of the coordinators, that they convene one
    AGREE = "agree"  # note what the person agrees to, or takes back
    HAND_ON = "hand_on"  # a package to another agency: prepare, look at, send it, and enter what became of it


R, T = Role, Relation
# Act → the roles that may do it to any consultation, and the relations that may do it to this one.
ENTITLED: dict[Act, frozenset[Role | Relation]] = {
    Act.CLAIM: frozenset({R.COUNSELOR, R.COORDINATOR}),
    Act.RELEASE: frozenset({T.HOLDER, R.COORDINATOR}),
    Act.OFFER: frozenset({T.HOLDER, R.COORDINATOR}),
    Act.ACCEPT: frozenset({T.OFFERED}),
    Act.ASSIGN: frozenset({R.COORDINATOR}),
    Act.RECLASSIFY: frozenset({T.HOLDER, R.COUNSELOR, R.COORDINATOR}),
    Act.READ: frozenset({T.HOLDER, R.COORDINATOR}),
    Act.CALL: frozenset({T.HOLDER, R.COORDINATOR}),
    Act.HEAR: frozenset({T.HOLDER, R.COORDINATOR}),
    Act.CLOSE: frozenset({T.HOLDER, R.COORDINATOR}),
    Act.DECIDE: frozenset({R.COORDINATOR}),
    Act.RECORD: frozenset({T.HOLDER, R.COORDINATOR}),
    Act.REOPEN: frozenset({T.HOLDER, T.SUPPORTER, R.COORDINATOR}),
    Act.WITHDRAW: frozenset({T.HOLDER, T.SUPPORTER, T.ENTERED, R.COORDINATOR}),
    Act.SUSPEND: frozenset({T.HOLDER, R.COORDINATOR}),
    Act.MERGE: frozenset({R.COORDINATOR}),
    Act.PRINT_RECEIPT: frozenset({T.HOLDER, T.SUPPORTER, T.ENTERED, R.COORDINATOR, R.OPERATOR}),
    Act.PRINT_ADVICE: frozenset({T.HOLDER, T.SUPPORTER, R.COORDINATOR, R.OPERATOR}),
    Act.FOLLOW: frozenset({T.SUPPORTER}),
    Act.HOLD: frozenset({R.COORDINATOR, R.PRIVACY_OFFICER, R.ADMIN}),
    Act.CONVENE: frozenset({R.COORDINATOR}),
    Act.ASK_REVIEW: frozenset({T.HOLDER}),
    Act.FIND_ALIKE: frozenset({T.HOLDER, R.COORDINATOR}),  # of these, counselors: the library is theirs alone
    Act.AGREE: frozenset({T.HOLDER, R.COORDINATOR}),
    Act.HAND_ON: frozenset({T.HOLDER, R.COORDINATOR}),
}


def relations(actor: Actor, consultation: Consultation) -> set[Role | Relation]:
    """Everything this person is to this consultation: roles held, and relations to this row.

    A holder counts only while still a counselor or coordinator: who has left the desk holds nothing.
    """
    found: set[Role | Relation] = set(actor.roles)
    if actor.id == consultation.counselor and actor.has(Role.COUNSELOR, Role.COORDINATOR):
        found.add(Relation.HOLDER)
    if actor.id == consultation.supporter:
        found.add(Relation.SUPPORTER)
    if actor.id == consultation.entered_by and actor.has(Role.OPERATOR, Role.COORDINATOR, Role.COUNSELOR):
        found.add(Relation.ENTERED)
    if actor.id == consultation.handover_to and actor.has(Role.COUNSELOR, Role.COORDINATOR):
        found.add(Relation.OFFERED)
    return found


def may(actor: Actor, act: Act, consultation: Consultation) -> bool:
    """Whether the table lets this person do this to this consultation."""
    return not ENTITLED[act].isdisjoint(relations(actor, consultation))


def require_role(actor: Actor, roles: Collection[Role]) -> None:
    """Go on where this person holds one of these roles, or raise `NotYourRole` with all of them."""
    if not actor.has(*roles):
        raise NotYourRole(tuple(sorted(roles)))


def require(actor: Actor, act: Act, consultation: Consultation) -> None:
    """Go on, or raise `NotAllowed`."""
    if not may(actor, act, consultation):
        raise NotAllowed
