"""Who may do what with the papers of a review: every role, every relation, every act, against a table written by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bot.domain.consultation import Consultation, Status
from bot.domain.review import Discipline, NotInvited, Part, Plan, Review, Seat, Stage
from bot.domain.review_access import (
    ENTITLED,
    KEEPS,
    SETTLED,
    Paper,
    Standing,
    closes_at,
    may,
    require,
    sees,
    standings,
)
from bot.domain.staff import Actor, Role

NOW = datetime(2026, 12, 3, 1, tzinfo=UTC)
ME = "U_ME"
CASE = Consultation(
    id="c1", number="R8-0001", fiscal_year=2026, status=Status.ADVISING, route="phone", contacted_at=NOW,
    received_at=NOW, promised_at=NOW, urgency="u3", supporter="U_SUPPORTER", entered_by="U_ENTERED", counselor="U_HOLDER",
)  # fmt: skip
REVIEW = Review(
    "r1", "c1", 1, 2026, Stage.FIXED, "U_CONVENER", NOW, Plan(), "x", starts_at=NOW,
    ends_at=NOW + timedelta(minutes=90),
)  # fmt: skip
SEAT = Seat(ME, Discipline.PSYCHOLOGY, invited_at=NOW, part=Part.CHOSEN)

# Roles with which one may sit in a review at all: the others gain nothing by a seat, nor by holding a case.
SITS_AS = {
    **dict.fromkeys(
        (Role.COUNSELOR, Role.COORDINATOR, Role.SUPERVISOR, Role.EXPERT_SW), Discipline.SOCIAL_WORK
    ),
    Role.EXPERT_PSY: Discipline.PSYCHOLOGY,
    Role.EXPERT_ACADEMIC: Discipline.ACADEMIC,
    Role.EXPERT_LEGAL: Discipline.LAW,
}
SITS = set(SITS_AS)
HOLDS = {Role.COUNSELOR, Role.COORDINATOR}
# The oracle, by hand.
LETTERS = {
    "P": Paper("read_brief"), "W": Paper("write_brief"), "p": Paper("print_brief"), "A": Paper("approve_brief"),
    "S": Paper("sit"), "L": Paper("lead"), "N": Paper("write_notes"), "n": Paper("read_notes"), "q": Paper("print_notes"),
    "a": Paper("approve_notes"), "o": Paper("approve_own"), "V": Paper("advise"), "v": Paper("read_advice"),
    "T": Paper("do_task"),
}  # fmt: skip
BY_ROLE = {Role.COORDINATOR: "PWpASLNnqaoVvT", Role.SUPERVISOR: "ao", Role.OPERATOR: "v"}
BY_RELATION = {
    "none": "",
    "holder": "PWpSNnqVv",
    "invited": "PSn",
    "facilitator": "PSLNn",
    "board_writer": "PSNn",
    "spared": "",
    "left": "",
    "not_asked": "",
    "supporter": "v",
    "assigned": "T",
}
NEEDS = {"assigned": set(Role), "holder": HOLDS, "invited": SITS, "facilitator": SITS, "board_writer": SITS}


def world(relation: str):
    """The consultation, the seats and the tasks in which this is what I am to it."""
    case, seats, tasks = CASE, [], []
    match relation:
        case "holder":
            case = replace(CASE, counselor=ME)
        case "supporter":
            case = replace(CASE, supporter=ME)
        case "assigned":
            tasks = [ME]
        case "invited":
            seats = [SEAT]
        case "facilitator" | "board_writer":
            seats = [replace(SEAT, role=relation)]
        case "spared":
            seats = [replace(SEAT, part=Part.SPARED, role="facilitator")]
        case "left":
            seats = [replace(SEAT, left_at=NOW, role="facilitator")]
        case "not_asked":
            seats = [replace(SEAT, invited_at=None, part=Part.ASKED)]
    return case, [*seats, replace(SEAT, staff="U_OTHER", role="board_writer")], tasks


def letters(role: Role | None, relation: str) -> set[Paper]:
    """What the table written by hand says."""
    said = BY_ROLE.get(role, "") if role else ""
    if relation not in NEEDS or role in NEEDS[relation]:
        said += BY_RELATION[relation]
    return {LETTERS[each] for each in said}


def allowed(role: Role | None, relation: str, at: datetime, review: Review = REVIEW) -> set[Paper]:
    """What the rules say."""
    case, seats, tasks = world(relation)
    seats = [replace(each, discipline=SITS_AS.get(role, Discipline.PSYCHOLOGY)) for each in seats]
    actor = Actor(ME, frozenset({role}) if role else frozenset())
    of = standings(actor, review, case, seats, at, tasks=tasks)
    return {each for each in Paper if may(each, of)}


def test_the_table_and_the_oracle_name_every_act_and_every_relation():
    assert set(ENTITLED) == set(Paper) == set(LETTERS.values())
    assert {each for row in ENTITLED.values() for each in row if isinstance(each, Standing)} == set(Standing)


@pytest.mark.parametrize("relation", BY_RELATION)
@pytest.mark.parametrize("role", [None, *sorted(Role)])
def test_each_role_in_each_relation_may_what_is_written_by_hand(role, relation):
    assert allowed(role, relation, NOW) == letters(role, relation)


@pytest.mark.parametrize("paper", Paper)
def test_one_right_more_or_less_and_the_oracle_says_so(paper, monkeypatch):
    before = ENTITLED[paper]
    for who in (*Role, *Standing):
        # Whoever leads or writes is invited: where that is enough, it is no other right.
        if who in {Standing.FACILITATOR, Standing.WRITER} and Standing.INVITED in before:
            continue
        monkeypatch.setitem(ENTITLED, paper, before ^ {who})
        assert any(
            allowed(role, relation, NOW) != letters(role, relation)
            for role in (None, *Role)
            for relation in BY_RELATION
        ), who


@pytest.mark.parametrize("relation", ["invited", "facilitator", "board_writer"])
@pytest.mark.parametrize("role", sorted(SITS - {Role.COORDINATOR}))
def test_a_seat_gives_nothing_any_more_once_it_is_closed(role, relation):
    over = closes_at(REVIEW)
    assert over == REVIEW.ends_at + KEEPS
    assert allowed(role, relation, over - timedelta(seconds=1)) == letters(role, relation)
    assert allowed(role, relation, over) == letters(role, "none")


def test_whoever_holds_the_case_and_the_coordinators_see_what_is_left_of_it():
    late = NOW + timedelta(days=400)
    assert allowed(Role.COUNSELOR, "holder", late) == letters(Role.COUNSELOR, "holder")
    assert allowed(Role.COORDINATOR, "none", late) == letters(Role.COORDINATOR, "none")


def test_it_closes_at_once_where_it_is_called_off_and_sooner_where_the_record_is_settled():
    called_off = replace(REVIEW, stage=Stage.CANCELLED, ended_at=NOW)
    assert allowed(Role.EXPERT_PSY, "invited", NOW, called_off) == set()
    assert allowed(Role.EXPERT_PSY, "invited", NOW - timedelta(seconds=1), called_off)
    early, late = REVIEW.ends_at + timedelta(hours=1), REVIEW.ends_at + timedelta(days=12)
    assert closes_at(REVIEW, approved_at=early) == early + SETTLED
    assert closes_at(REVIEW, approved_at=late) == REVIEW.ends_at + KEEPS  # never later
    asked_again = replace(REVIEW, stage=Stage.POLLING, deadline=late)
    assert closes_at(asked_again) == late + KEEPS
    assert allowed(Role.EXPERT_PSY, "invited", late + KEEPS, asked_again) == set()
    assert closes_at(replace(REVIEW, stage=Stage.PLANNED)) is None  # nobody is asked yet


@pytest.mark.parametrize(("there", "asked", "part"), list(product([True, False], [True, False], Part)))
def test_a_seat_sees_while_it_is_asked_and_wanted(there, asked, part):
    seat = replace(SEAT, left_at=None if there else NOW, invited_at=NOW if asked else None, part=part)
    assert sees(seat) == (there and asked and part is not Part.SPARED)


def test_it_closes_at_once_where_the_consultation_is_taken_back():
    case = replace(CASE, status=Status.WITHDRAWN)
    of = standings(Actor(ME, frozenset({Role.EXPERT_PSY})), REVIEW, case, [SEAT], NOW)
    assert not may(Paper.READ_BRIEF, of)


@pytest.mark.parametrize("stage", [Stage.FIXED, Stage.HELD, Stage.APPROVED])
def test_losing_the_role_one_sat_with_ends_it_whatever_other_roles_there_are(stage):
    review = replace(REVIEW, stage=stage)
    for roles, sees_it in (
        ({Role.EXPERT_PSY}, True),
        ({Role.EXPERT_PSY, Role.COUNSELOR}, True),
        ({Role.COUNSELOR}, False),
        ({Role.EXPERT_LEGAL}, False),
    ):
        of = standings(Actor(ME, frozenset(roles)), review, CASE, [SEAT], NOW)
        assert (Standing.INVITED in of) is sees_it, roles


def test_a_supporters_task_is_theirs_without_any_role():
    of = standings(Actor("U_SUPPORTER"), REVIEW, CASE, [], NOW, tasks=["U_SUPPORTER"])
    assert may(Paper.DO_TASK, of)
    assert not may(Paper.DO_TASK, standings(Actor(ME), REVIEW, CASE, [], NOW, tasks=[ME]))


def test_who_may_not_is_refused():
    with pytest.raises(NotInvited):
        require(Paper.READ_BRIEF, {Role.EXPERT_PSY, Standing.SUPPORTER})
    require(Paper.READ_BRIEF, {Standing.INVITED})  # the control
