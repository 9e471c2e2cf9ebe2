"""Which slot, and with whom: against a brute-force oracle on small instances, and by properties that always hold."""

import itertools
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.choosing import Choice, Wanted, cost, judge, rank
from bot.domain.expert import Expert
from bot.domain.panel import Member
from bot.domain.review import Discipline, Says, Slot
from bot.domain.staff import Role

NINE = datetime(2026, 12, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SLOT = Slot(NINE, NINE + HOUR, "s0")
PSY, ACADEMIC, SW = Discipline.PSYCHOLOGY, Discipline.ACADEMIC, Discipline.SOCIAL_WORK
BOTH = {"psychology": 1, "academic": 1}


def person(staff: str, discipline: Discipline = SW, *, minutes: int = 0, yen: int = 0, **more) -> Member:
    expert = Expert(staff, frozenset({Role.EXPERT_SW}), honorarium=yen)
    return Member(expert, discipline, minutes=minutes, **more)


def chosen(members, says: str, wanted: Wanted, slot: Slot = SLOT) -> Choice:
    """`says`: ○ △ × or . (silent) of each member, in order."""
    marks = {"○": Says.YES, "△": Says.MAYBE, "×": Says.NO}
    said = {
        (slot.id, each.staff): marks[mark] for each, mark in zip(members, says, strict=True) if mark in marks
    }
    return judge(slot, members, said, wanted)


def wanted(*required: str, quorum=None, budget=None, minutes: int = 60) -> Wanted:
    return Wanted(frozenset(required), quorum or {}, minutes, budget)


# Rules, one by one


def test_the_quorum_wants_one_of_each_and_no_more_are_needed():
    members = [person("p1", PSY), person("p2", PSY), person("a", ACADEMIC), person("s")]
    found = chosen(members, "○○○○", wanted(quorum=BOTH))
    assert found.holds
    assert found.chosen == ("a", "p1")
    assert set(found.welcome) == {"p2", "s"}


def test_two_psychologists_are_no_academic():
    found = chosen([person("p1", PSY), person("p2", PSY)], "○○", wanted(quorum=BOTH))
    [failure] = found.failures
    assert (failure.code, failure.short) == ("short", {"academic": 1})


def test_a_circle_counts_more_than_a_triangle_and_less_work_more_than_more():
    members = [person("p1", PSY, minutes=0), person("p2", PSY, minutes=500), person("p3", PSY, minutes=90)]
    one = wanted(quorum={"psychology": 1})
    assert chosen(members, "△○○", one).chosen == ("p3",)
    assert chosen(members, "○○○", one).chosen == ("p1",)


@pytest.mark.parametrize(
    ("mark", "more", "code"),
    [
        ("×", {}, "required_no"),
        (".", {}, "required_silent"),
        ("○", {"conflict": "municipality"}, "required_conflict"),
        ("○", {"conflict": "full"}, "required_conflict"),
        ("○", {"busy": ((NINE + HOUR / 2, NINE + 2 * HOUR),)}, "required_busy"),
    ],
)
def test_without_somebody_required_it_fails_and_says_why(mark, more, code):
    found = chosen([person("x", **more), person("y")], f"{mark}○", wanted("x"))
    [failure] = found.failures
    assert (failure.code, failure.people, failure.why) == (code, ("x",), more.get("conflict"))
    assert chosen([person("x"), person("y")], "○○", wanted("x")).holds  # the control


def test_what_ends_as_it_begins_is_no_clash():
    assert chosen([person("x", busy=((NINE - HOUR, NINE),))], "○", wanted("x")).holds


def test_somebody_in_conflict_is_never_chosen_nor_welcome():
    members = [person("p1", PSY, conflict="agency"), person("p2", PSY)]
    found = chosen(members, "○○", wanted(quorum={"psychology": 1}))
    assert found.chosen == ("p2",)
    assert found.welcome == ()


def test_the_budget_chooses_the_cheaper_and_fails_where_nobody_is_cheap_enough():
    members = [person("p1", PSY, yen=12000), person("p2", PSY, yen=6000, minutes=900)]
    one = {"psychology": 1}
    assert chosen(members, "○○", wanted(quorum=one)).chosen == ("p1",)
    assert chosen(members, "○○", wanted(quorum=one, budget=9000, minutes=90)).chosen == ("p2",)
    [failure] = chosen(members, "○○", wanted(quorum=one, budget=8999, minutes=90)).failures
    assert (failure.code, failure.over) == ("budget", 1)


def test_others_are_welcome_as_far_as_the_budget_goes():
    members = [person("a", yen=1000), person("b", yen=1000), person("c", yen=0)]
    found = chosen(members, "○○○", wanted("a", budget=1500))
    assert (found.welcome, found.yen, found.most_yen) == (("c",), 1000, 1000)
    found = chosen(members, "○○○", wanted("a"))
    assert (found.welcome, found.yen, found.most_yen) == (("c", "b"), 1000, 2000)


def test_where_nobody_can_it_says_so():
    assert [each.code for each in chosen([person("a")], "×", wanted()).failures] == ["nobody"]
    found = chosen([person("a")], "×", wanted("a", quorum=BOTH))
    assert [each.code for each in found.failures] == ["required_no", "nobody"]  # not also what is missing


def test_a_withdrawn_slot_is_not_judged_and_the_best_comes_first():
    later = Slot(NINE + 24 * HOUR, NINE + 25 * HOUR, "s1")
    off = Slot(NINE + 48 * HOUR, NINE + 49 * HOUR, "s2", withdrawn=True)
    said = {("s0", "a"): Says.MAYBE, ("s1", "a"): Says.YES, ("s2", "a"): Says.YES}
    ranked = rank([SLOT, later, off], [person("a")], said, wanted("a"))
    assert [each.slot.id for each in ranked] == ["s1", "s0"]


# The oracle: every group there is, looked at one by one


def can_come(member: Member, said, slot: Slot) -> bool:
    clear = all(end <= slot.starts_at or slot.ends_at <= start for start, end in member.busy)
    return member.conflict is None and clear and said.get((slot.id, member.staff)) in {Says.YES, Says.MAYBE}


def oracle(slot: Slot, members, said, asked: Wanted):
    """The least (size, △, minutes, yen) of all groups that would do; None: no group would."""
    best = None
    for size in range(len(members) + 1):
        for group in itertools.combinations(members, size):
            names = {each.staff for each in group}
            there = [str(each.discipline) for each in group]
            yen = sum(-(-each.yen * asked.minutes // 60) for each in group)
            does = (
                all(can_come(each, said, slot) for each in group)
                and asked.required <= names
                and all(there.count(name) >= many for name, many in asked.quorum.items())
                and (asked.budget is None or yen <= asked.budget)
            )
            if does:
                maybes = sum(said[slot.id, each.staff] is Says.MAYBE for each in group)
                key = (size, maybes, sum(each.minutes for each in group), yen)
                best = key if best is None else min(best, key)
        if best is not None:
            return best
    return None


def instance(dice: random.Random):
    """A small one, with everything in it."""
    people = dice.randint(1, 8)
    members = [
        person(
            f"u{n}",
            dice.choice(list(Discipline)),
            minutes=dice.choice([0, 0, 60, 90, 240]),
            yen=dice.choice([0, 3000, 5000, 8000]),
            conflict=dice.choice([None] * 6 + ["agency", "full"]),
            busy=dice.choice([(), (), (), ((NINE - HOUR, NINE + HOUR / 2),)]),
        )
        for n in range(people)
    ]
    slots = [
        Slot(NINE + n * 24 * HOUR, NINE + (n * 24 + 1) * HOUR, f"s{n}") for n in range(dice.randint(1, 4))
    ]
    choices = [Says.YES, Says.YES, Says.MAYBE, Says.NO, None]
    said = {
        (slot.id, each.staff): answer
        for slot in slots
        for each in members
        if (answer := dice.choice(choices)) is not None
    }
    names = [each.staff for each in members]
    asked = Wanted(
        frozenset(dice.sample(names, dice.choice([0, 0, 1, min(2, people)]))),
        {str(each): dice.randint(1, 2) for each in dice.sample(list(Discipline), dice.randint(0, 2))},
        dice.choice([60, 90, 100]),
        dice.choice([None, 0, 5000, 10000, 20000]),
    )
    return slots, members, said, asked


def mistakes(judging, seed: int, count: int) -> list[str]:
    """Where `judging` differs from the oracle."""
    found = []
    for n in range(seed, seed + count):
        slots, members, said, asked = instance(random.Random(n))
        for slot in slots:
            ours, best = judging(slot, members, said, asked), oracle(slot, members, said, asked)
            if best is None and not any(can_come(each, said, slot) for each in members):
                expected = False
            else:
                expected = best is not None and any(can_come(each, said, slot) for each in members)
            if ours.holds != expected:
                found.append(f"{n} {slot.id}: {ours} but {best}")
            elif ours.holds and (len(ours.chosen), ours.maybes, ours.minutes, ours.yen) != best:
                found.append(f"{n} {slot.id}: {ours} not {best}")
    return found


def test_it_chooses_as_well_as_somebody_who_looks_at_every_group():
    assert mistakes(judge, 0, 1500) == []


def test_control_a_solver_that_forgets_the_budget_is_found_out():
    assert mistakes(lambda s, m, a, w: judge(s, m, a, replace(w, budget=None)), 0, 300) != []


def test_control_a_solver_that_takes_the_first_who_can_is_found_out():
    def greedy(slot, members, said, asked):
        level = [replace(each, minutes=0) for each in members]
        return judge(slot, level, said, asked)

    assert mistakes(greedy, 0, 300) != []


# What always holds


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_whoever_is_chosen_can_come_and_all_that_was_asked_is_there(seed):
    slots, members, said, asked = instance(random.Random(seed))
    by_name = {each.staff: each for each in members}
    ranked = rank(slots, members, said, asked)
    assert {each.slot.id for each in ranked} == {each.id for each in slots}
    assert [each.holds for each in ranked] == sorted((each.holds for each in ranked), reverse=True)
    for each in ranked:
        assert each.holds == (not each.failures)
        assert not set(each.chosen) & set(each.welcome)
        for name in (*each.chosen, *each.welcome):
            assert can_come(by_name[name], said, each.slot)
        if each.holds:
            assert asked.required <= set(each.chosen)
            paid = sum(cost(by_name[name], None, asked.minutes)[2] for name in (*each.chosen, *each.welcome))
            assert asked.budget is None or paid <= asked.budget


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32))
def test_the_order_in_which_people_and_slots_are_told_changes_nothing(seed):
    dice = random.Random(seed)
    slots, members, said, asked = instance(dice)
    before = rank(slots, members, said, asked)
    dice.shuffle(slots)
    dice.shuffle(members)
    assert rank(slots, members, said, asked) == before


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32))
def test_a_better_answer_never_makes_a_slot_fail(seed):
    dice = random.Random(seed)
    slots, members, said, asked = instance(dice)
    who, slot = dice.choice(members), dice.choice(slots)
    better = {**said, (slot.id, who.staff): Says.YES}
    was, now = (judge(slot, members, each, asked) for each in (said, better))
    assert now.holds or not was.holds
