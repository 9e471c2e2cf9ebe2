"""Who may do what to one consultation: one table, deny by default."""

from datetime import UTC, datetime

import pytest

from bot.domain.consultation import Consultation, Status
from bot.domain.entitlement import ENTITLED, Act, Relation, may, relations, require
from bot.domain.refusals import NotAllowed
from bot.domain.staff import THE_CLOCK, Actor, Role

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
DESK = {Role.OPERATOR, Role.COUNSELOR, Role.COORDINATOR}
CASE = Consultation(
    id="c1", number="R8-0001", fiscal_year=2026, status=Status.CLAIMED, route="phone", contacted_at=NOW,
    received_at=NOW, promised_at=NOW, urgency="u3", supporter="U_SUPPORTER", entered_by="U_ENTERED",
    counselor="U_HOLDER", handover_to="U_OFFERED",
)  # fmt: skip
# What each act must never be open to: written out once more, by hand, from the promises.
BEYOND = {
    (Act.HOLD, Role.PRIVACY_OFFICER),
    (Act.HOLD, Role.ADMIN),
}  # it opens nothing: it keeps from being destroyed
WORDS = {Act.READ, Act.CALL, Act.HEAR, Act.CLOSE, Act.RECORD, Act.FIND_ALIKE}


# The oracle: every act that somebody with a role may do to any consultation, and somebody in a relation to this one.
BY_ROLE = {
    Role.COORDINATOR: {
        "claim", "release", "offer", "assign", "reclassify", "read", "call", "hear", "close", "decide", "record",
        "reopen", "withdraw", "suspend", "merge", "print_receipt", "print_advice", "hold", "find_alike", "convene",
        "agree", "hand_on",
    },
    Role.COUNSELOR: {"claim", "reclassify"},
    Role.OPERATOR: {"print_receipt", "print_advice"},
    Role.PRIVACY_OFFICER: {"hold"},
    Role.ADMIN: {"hold"},
}  # fmt: skip
BY_PERSON = {
    "U_HOLDER": {
        "release", "offer", "reclassify", "read", "call", "hear", "close", "record", "reopen", "withdraw", "suspend",
        "print_receipt", "print_advice", "find_alike", "ask_review", "agree", "hand_on",
    },
    "U_OFFERED": {"accept"},
    "U_ENTERED": {"withdraw", "print_receipt"},
    "U_SUPPORTER": {"reopen", "withdraw", "print_receipt", "print_advice", "follow"},
    "U_NOBODY": set(),
}  # fmt: skip
WITH = {
    "U_HOLDER": {Role.COUNSELOR, Role.COORDINATOR},
    "U_OFFERED": {Role.COUNSELOR, Role.COORDINATOR},
    "U_ENTERED": DESK,
    "U_SUPPORTER": {None, *Role},
    "U_NOBODY": set(),
}


def oracle(role: Role | None, person: str) -> set[str]:
    """What the table written by hand says."""
    of_role = BY_ROLE.get(role, set()) if role else set()
    return of_role | (BY_PERSON[person] if role in WITH[person] else set())


def allowed(role: Role | None, person: str) -> set[str]:
    """What the rules say."""
    actor = Actor(person, frozenset({role}) if role else frozenset())
    return {act.value for act in Act if may(actor, act, CASE)}


@pytest.mark.parametrize("person", BY_PERSON)
@pytest.mark.parametrize("role", [None, *sorted(Role)])
def test_each_role_in_each_relation_may_what_is_written_by_hand(role, person):
    assert allowed(role, person) == oracle(role, person)


@pytest.mark.parametrize("act", Act)
def test_one_right_more_or_less_and_the_oracle_says_so(act, monkeypatch):
    before = ENTITLED[act]
    for who in (*Role, *Relation):
        # A relation of work needs a role of that work: where these roles are enough, it is no other right.
        if who in {Relation.HOLDER, Relation.OFFERED} and WITH["U_HOLDER"] <= before:
            continue
        monkeypatch.setitem(ENTITLED, act, before ^ {who})
        assert any(
            allowed(role, person) != oracle(role, person) for role in (None, *Role) for person in BY_PERSON
        ), who


def test_the_table_names_every_act():
    assert set(ENTITLED) == set(Act)
    assert all(ENTITLED.values())


@pytest.mark.parametrize("act", Act)
def test_a_stranger_to_the_row_without_a_role_may_nothing(act):
    assert not may(Actor("U_NOBODY"), act, CASE)
    with pytest.raises(NotAllowed):
        require(Actor("U_NOBODY"), act, CASE)


@pytest.mark.parametrize("role", sorted(set(Role) - DESK))
@pytest.mark.parametrize("act", Act)
def test_roles_beyond_the_desk_open_no_consultation(role, act):
    assert may(Actor("U_X", frozenset({role})), act, CASE) == ((act, role) in BEYOND)


@pytest.mark.parametrize("act", sorted(WORDS))
def test_what_people_wrote_is_for_the_holder_and_the_coordinators(act):
    assert ENTITLED[act] == {Relation.HOLDER, Role.COORDINATOR}
    assert may(Actor("U_HOLDER", frozenset({Role.COUNSELOR})), act, CASE)
    assert may(Actor("U_X", frozenset({Role.COORDINATOR})), act, CASE)
    assert not may(Actor("U_X", frozenset({Role.COUNSELOR})), act, CASE)
    assert not may(Actor("U_X", frozenset({Role.ADMIN})), act, CASE)
    assert not may(Actor("U_SUPPORTER"), act, CASE)
    assert not may(Actor("U_ENTERED", frozenset({Role.OPERATOR})), act, CASE)


@pytest.mark.parametrize(
    ("person", "relation", "needs"),
    [
        ("U_HOLDER", Relation.HOLDER, {Role.COUNSELOR, Role.COORDINATOR}),
        ("U_OFFERED", Relation.OFFERED, {Role.COUNSELOR, Role.COORDINATOR}),
        ("U_ENTERED", Relation.ENTERED, {Role.OPERATOR, Role.COUNSELOR, Role.COORDINATOR}),
    ],
)
@pytest.mark.parametrize("role", Role)
def test_a_relation_of_work_counts_only_with_the_role_of_that_work(person, relation, needs, role):
    """Who has left the desk holds nothing, whatever the row still says."""
    assert (relation in relations(Actor(person, frozenset({role})), CASE)) == (role in needs)
    assert relation not in relations(Actor(person), CASE)


def test_who_asked_needs_no_role_for_their_own():
    own = relations(Actor("U_SUPPORTER"), CASE)
    assert own == {Relation.SUPPORTER}
    assert {act for act in Act if may(Actor("U_SUPPORTER"), act, CASE)} == {
        Act.REOPEN, Act.WITHDRAW, Act.FOLLOW, Act.PRINT_RECEIPT, Act.PRINT_ADVICE,
    }  # fmt: skip


def test_only_the_supporter_follows_and_only_who_was_asked_accepts():
    assert ENTITLED[Act.FOLLOW] == {Relation.SUPPORTER}
    assert ENTITLED[Act.ACCEPT] == {Relation.OFFERED}


def test_the_clock_is_no_reader():
    assert not any(may(THE_CLOCK, act, CASE) for act in Act)


def test_a_relation_to_another_row_is_none():
    other = Consultation(
        id="c2", number="R8-0002", fiscal_year=2026, status=Status.RECEIVED, route="phone", contacted_at=NOW,
        received_at=NOW, promised_at=NOW, urgency="u3",
    )  # fmt: skip
    for person in ("U_HOLDER", "U_OFFERED", "U_ENTERED", "U_SUPPORTER"):
        assert relations(Actor(person, frozenset(DESK)), other) == DESK
        assert relations(Actor(person), other) == set()
