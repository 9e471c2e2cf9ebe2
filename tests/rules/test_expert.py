"""When somebody can sit in a review: by the hours they stated, by their days off, and by the role they hold."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import codes
from bot.domain.expert import (
    DISCIPLINE_OF,
    EXPERTS,
    FULL_DAY,
    SITTING,
    TOKYO,
    Expert,
    NotHours,
    TooManyDays,
    free_at,
    merged,
    read_hours,
    said_hours,
    with_days_off,
)
from bot.domain.review import Discipline
from bot.domain.staff import Role

TUESDAY = date(2026, 11, 24)
PSY = Expert("U_PSY", frozenset({Role.EXPERT_PSY}), hours={1: ((time(13), time(17)),)})


def at(hour, minute=0, day=TUESDAY):
    return datetime.combine(day, time(hour, minute), TOKYO)


@pytest.mark.parametrize(
    ("start", "end", "free"),
    [
        (at(13), at(17), True),
        (at(13, 30), at(15), True),
        (at(12, 59), at(15), False),
        (at(15), at(17, 1), False),
        (at(9), at(10), False),
        (at(13, day=date(2026, 11, 25)), at(14, day=date(2026, 11, 25)), False),  # a Wednesday
        (at(13, day=date(2026, 12, 1)), at(14, day=date(2026, 12, 1)), True),
    ],
)
def test_somebody_can_within_the_hours_they_stated(start, end, free):
    assert free_at(PSY, start, end) is free
    assert (
        free_at(PSY, start.astimezone(None), end.astimezone(None)) is free
    )  # the same moments, said elsewhere


def test_nobody_can_on_a_day_off_or_after_their_role_was_taken_back():
    assert not free_at(replace(PSY, days_off=(TUESDAY,)), at(13), at(14))
    assert free_at(replace(PSY, days_off=(TUESDAY - timedelta(days=1),)), at(13), at(14))
    assert not free_at(replace(PSY, roles=frozenset({Role.OPERATOR})), at(13), at(14))


def test_who_stated_no_hours_is_asked_for_any_time_but_days_off():
    silent = replace(PSY, hours={}, days_off=(TUESDAY,))

    assert not silent.has_stated
    assert not free_at(silent, at(3), at(4))
    assert free_at(replace(silent, days_off=()), at(3), at(4))


def test_an_end_before_the_beginning_is_a_mistake():
    with pytest.raises(ValueError, match="ends"):
        free_at(PSY, at(14), at(14))


def test_hours_that_touch_are_one_and_midnight_is_an_end():
    both = replace(PSY, hours={1: ((time(9), time(12)), (time(12), FULL_DAY)), 2: ((time(0), time(2)),)})

    assert free_at(both, at(9), at(0, day=date(2026, 11, 25)))
    assert free_at(both, at(22), at(2, day=date(2026, 11, 25)))
    assert not free_at(both, at(22), at(3, day=date(2026, 11, 25)))


HALF_HOURS = st.integers(0, 47)


@given(
    st.dictionaries(st.integers(0, 6), st.lists(st.tuples(HALF_HOURS, HALF_HOURS), max_size=4), min_size=1),
    st.sets(st.integers(0, 9)),
    st.integers(0, 48 * 9),
    st.integers(1, 60),
)
def test_it_is_the_same_as_looking_at_each_half_hour(written, off, first, length):
    hours = {
        day: tuple((time(a // 2, a % 2 * 30), time(b // 2, b % 2 * 30)) for a, b in each if a < b)
        for day, each in written.items()
    }
    expert = replace(PSY, hours=hours, days_off=tuple(TUESDAY + timedelta(days=n) for n in off))
    begin = datetime.combine(TUESDAY, time(0), TOKYO)
    half = timedelta(minutes=30)

    def one(n):
        day, slot = TUESDAY + timedelta(days=n // 48), n % 48
        if day in expert.days_off:
            return False
        stated = written.get(day.weekday(), [])
        return not expert.has_stated or any(a <= slot < b for a, b in stated)

    assert free_at(expert, begin + first * half, begin + (first + length) * half) is all(
        one(n) for n in range(first, first + length)
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", ()),
        ("13:00-17:00", ((time(13), time(17)),)),
        ("１３：００〜１７：００", ((time(13), time(17)),)),
        ("9時から12時半まで", ((time(9), time(12, 30)),)),
        ("9-12、13時30分～16時", ((time(9), time(12)), (time(13, 30), time(16)))),
        ("18:00-24:00", ((time(18), FULL_DAY),)),
        ("9-11 と 10-12", ((time(9), time(12)),)),
    ],
)
def test_hours_are_read_as_people_write_them(written, read):
    assert read_hours(written, "mon") == read
    assert read_hours(said_hours(read), "mon") == read


@pytest.mark.parametrize("written", ["午後", "17-13", "9", "9:70-10", "25-26", "13:00-13:00", "13-17x"])
def test_what_is_no_hours_is_refused_on_its_day(written):
    with pytest.raises(NotHours) as refused:
        read_hours(written, "fri")
    assert refused.value.field == "fri"


@given(st.lists(st.tuples(HALF_HOURS, st.integers(1, 48)).filter(lambda each: each[0] < each[1])))
def test_merging_changes_no_moment(written):
    def clock(n):
        return time(n // 2 % 24, n % 2 * 30)

    whole = merged((clock(a), clock(b)) for a, b in written)

    for n in range(48):
        asked = any(a <= n < b for a, b in written)
        told = any(since <= clock(n) and (until == FULL_DAY or clock(n) < until) for since, until in whole)
        assert asked is told
    assert merged(whole) == whole


def test_days_off_are_added_as_a_stretch_and_old_ones_go():
    before = (TUESDAY - timedelta(days=1), TUESDAY + timedelta(days=9))
    found = with_days_off(before, TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=3), TUESDAY)

    assert [day.day for day in found] == [25, 26, 27, 3]
    assert with_days_off((), TUESDAY, None, TUESDAY) == (TUESDAY,)
    for since, until in ((TUESDAY, TUESDAY - timedelta(days=1)), (TUESDAY, TUESDAY + timedelta(days=31))):
        with pytest.raises(TooManyDays):
            with_days_off((), since, until, TUESDAY)


def test_what_somebody_brings_follows_from_their_roles():
    told = {
        Role.EXPERT_SW: Discipline.SOCIAL_WORK, Role.EXPERT_PSY: Discipline.PSYCHOLOGY,
        Role.EXPERT_ACADEMIC: Discipline.ACADEMIC, Role.EXPERT_LEGAL: Discipline.LAW,
    }  # fmt: skip
    for role, discipline in told.items():
        assert Expert("U", frozenset({role, Role.COUNSELOR})).disciplines == (discipline,)
    assert Expert("U", frozenset({Role.SUPERVISOR})).discipline is Discipline.SOCIAL_WORK
    assert Expert("U", frozenset({Role.OPERATOR})).discipline is None
    assert set(told) == EXPERTS
    assert set(DISCIPLINE_OF) == SITTING
    assert set(codes.load("disciplines").codes) == set(Discipline)
