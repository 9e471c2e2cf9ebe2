"""When the desk is open, and what it may promise."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.business_time import (
    TOKYO,
    ByClosing,
    Calendar,
    Days,
    NeverOpens,
    Period,
    WithinMinutes,
    era_year,
    fiscal_year,
    is_holiday,
)

NINE_TO_FIVE = (Period(time(9), time(17)),)
WEEK = dict.fromkeys(range(5), NINE_TO_FIVE)
DESK = Calendar(hours=WEEK)
SPLIT = Calendar(
    hours=dict.fromkeys(range(6), (Period(time(9), time(12)), Period(time(13), time(16, 30)))),
    closures=(Days(date(2026, 8, 13), date(2026, 8, 16)),),
    extra={date(2026, 11, 23): (Period(time(10), time(12)),)},
)
U2 = ByClosing(day=0, at_least=60)

moments = st.datetimes(datetime(2019, 1, 1), datetime(2032, 12, 31)).map(lambda at: at.replace(tzinfo=TOKYO))
calendars = st.sampled_from([DESK, SPLIT])
rules = st.one_of(
    st.builds(WithinMinutes, st.integers(1, 3000)),
    st.builds(ByClosing, st.integers(0, 10), st.integers(1, 600)),
)


def at(written):
    return datetime.fromisoformat(written).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-24T09:00", True),
        ("2026-11-24T08:59:59.999999", False),
        ("2026-11-24T16:59:59.999999", True),
        ("2026-11-24T17:00", False),
        ("2026-11-24T12:30", True),
        ("2026-11-23T10:00", False),  # 勤労感謝の日
        ("2026-11-22T10:00", False),  # Sunday
        ("2026-09-22T10:00", False),  # between two holidays
        ("2027-03-22T10:00", False),  # substitute
        ("2026-12-28T10:00", True),
        ("2026-12-29T10:00", False),
        ("2027-01-01T10:00", False),
        ("2027-01-03T10:00", False),
        ("2027-01-04T10:00", True),
        ("2028-02-29T10:00", True),  # leap day, a Tuesday
    ],
)
def test_the_desk_is_open_in_its_hours_only(moment, is_open):
    assert DESK.is_open(at(moment)) is is_open


def test_the_days_between_and_the_substitutes_are_holidays():
    assert is_holiday(date(2026, 9, 22))
    assert is_holiday(date(2027, 3, 22))
    assert not is_holiday(date(2026, 9, 24))


def test_own_closures_close_and_extra_days_open():
    assert not SPLIT.is_open(at("2026-08-14T10:00"))
    assert SPLIT.is_open(at("2026-11-23T11:00"))
    assert not SPLIT.is_open(at("2026-11-23T13:30"))
    assert Calendar(hours=WEEK, holidays=False, year_end=None).is_open(at("2027-01-01T10:00"))


def test_a_year_end_inside_one_year_is_understood():
    early = Calendar(hours=WEEK, holidays=False, year_end=((1, 1), (1, 3)))
    assert early.is_open(at("2026-12-30T10:00"))
    assert not early.is_open(at("2026-01-02T10:00"))


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-20T17:05", "2026-11-24T09:00"),
        ("2026-11-24T08:00", "2026-11-24T09:00"),
        ("2026-11-24T09:00", "2026-11-25T09:00"),
        ("2026-12-28T18:00", "2027-01-04T09:00"),
        ("2026-09-18T20:00", "2026-09-24T09:00"),
    ],
)
def test_the_next_opening_is_after_now(moment, opening):
    assert DESK.next_opening(at(moment)) == at(opening)


@pytest.mark.parametrize(
    ("moment", "minutes", "due"),
    [
        ("2026-11-24T11:52", 60, "2026-11-24T12:52"),
        ("2026-11-24T16:30", 30, "2026-11-24T17:00"),
        ("2026-11-24T16:30", 31, "2026-11-25T09:01"),
        ("2026-11-20T17:05", 60, "2026-11-24T10:00"),
        ("2026-11-20T16:45:30", 60, "2026-11-24T09:45:30"),
        ("2026-11-24T07:00", 480, "2026-11-24T17:00"),
        ("2026-11-24T17:00", 0, "2026-11-25T09:00"),
    ],
)
def test_open_minutes_pass_only_while_open(moment, minutes, due):
    assert DESK.add_open_minutes(at(moment), minutes) == at(due)


@pytest.mark.parametrize(
    ("moment", "day", "close"),
    [
        ("2026-11-24T10:00", 0, "2026-11-24T17:00"),
        ("2026-11-24T17:00", 0, "2026-11-25T17:00"),
        ("2026-11-21T10:00", 0, "2026-11-24T17:00"),
        ("2026-11-20T17:05", 1, "2026-11-24T17:00"),
        ("2026-11-20T17:05", 3, "2026-11-26T17:00"),
        ("2026-12-28T10:00", 1, "2027-01-04T17:00"),
    ],
)
def test_the_close_of_an_open_day(moment, day, close):
    assert DESK.close_of_open_day(at(moment), day) == at(close)


@pytest.mark.parametrize(
    ("moment", "rule", "due"),
    [
        ("2026-11-24T11:52:40", WithinMinutes(60), "2026-11-24T12:52"),
        ("2026-11-24T15:59", U2, "2026-11-24T17:00"),
        ("2026-11-24T16:00", U2, "2026-11-24T17:00"),
        ("2026-11-24T16:01", U2, "2026-11-25T10:00"),
        ("2026-11-20T17:05", U2, "2026-11-24T10:00"),  # Friday before a long weekend
        ("2026-11-20T17:05", WithinMinutes(60), "2026-11-24T10:00"),
        ("2026-11-20T17:05", ByClosing(1), "2026-11-24T17:00"),
        ("2026-11-20T17:05", ByClosing(5), "2026-11-30T17:00"),
        ("2026-11-23T21:40", U2, "2026-11-24T10:00"),
        ("2026-12-28T16:30", U2, "2027-01-04T10:00"),
        ("2027-03-31T23:58", ByClosing(1), "2027-04-01T17:00"),
        ("2028-02-28T17:30", ByClosing(1), "2028-02-29T17:00"),
    ],
)
def test_promises(moment, rule, due):
    assert DESK.promise(at(moment), rule) == at(due)


def test_a_promise_is_the_same_wherever_the_clock_stands():
    moment = at("2026-11-20T17:05")
    assert DESK.promise(moment.astimezone(UTC), U2) == DESK.promise(moment, U2)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        DESK.is_open(datetime(2026, 11, 24, 10))


def test_a_desk_that_never_opens_says_so():
    with pytest.raises(NeverOpens):
        Calendar(hours={}).next_opening(at("2026-11-24T10:00"))


def test_periods_that_overlap_or_run_backwards_are_refused():
    with pytest.raises(ValueError, match="closes after"):
        Period(time(17), time(9))
    with pytest.raises(ValueError, match="follow each other"):
        Calendar(hours={0: (Period(time(9), time(12)), Period(time(11), time(17)))})


def _on_the_clock(calendar, moment):
    """Open, or exactly a closing."""
    return calendar.is_open(moment) or any(
        moment == datetime.combine(moment.date(), period.closes, TOKYO)
        for period in calendar.periods(moment.date())
    )


@settings(max_examples=200, deadline=None)
@given(calendars, moments, st.integers(0, 5000))
def test_minutes_end_while_open_and_never_before_they_began(calendar, moment, minutes):
    due = calendar.add_open_minutes(moment, minutes)

    assert due >= moment
    assert _on_the_clock(calendar, due)


@settings(max_examples=200, deadline=None)
@given(calendars, moments, st.integers(0, 2000), st.integers(0, 2000))
def test_minutes_add_up(calendar, moment, one, other):
    both = calendar.add_open_minutes(moment, one + other)
    stepwise = calendar.add_open_minutes(calendar.add_open_minutes(moment, one), other)

    assert both == stepwise or calendar.add_open_minutes(both, 0) == stepwise


@settings(max_examples=200, deadline=None)
@given(calendars, moments, st.timedeltas(timedelta(0), timedelta(days=10)), rules)
def test_who_asks_later_is_never_promised_earlier(calendar, moment, later, rule):
    assert calendar.promise(moment, rule) <= calendar.promise(moment + later, rule)


@settings(max_examples=200, deadline=None)
@given(calendars, moments, rules)
def test_a_promise_lies_ahead_in_open_hours(calendar, moment, rule):
    due = calendar.promise(moment, rule)

    assert due > moment
    assert _on_the_clock(calendar, due)


@settings(max_examples=100, deadline=None)
@given(calendars, moments, st.integers(0, 20))
def test_more_days_never_end_sooner(calendar, moment, days):
    assert moment < calendar.close_of_open_day(moment, days) <= calendar.close_of_open_day(moment, days + 1)


@pytest.mark.parametrize(
    ("moment", "year"),
    [
        ("2027-03-31T23:58", 2026),
        ("2027-03-31T23:59:59.999999", 2026),
        ("2027-04-01T00:00", 2027),
        ("2027-04-01T00:02", 2027),
        ("2027-01-01T00:00", 2026),
    ],
)
def test_the_fiscal_year_turns_at_midnight_in_tokyo(moment, year):
    assert fiscal_year(at(moment)) == year
    assert fiscal_year(at(moment).astimezone(UTC)) == year


@pytest.mark.parametrize(
    ("fiscal", "said"),
    [
        (2026, "R8"),
        (2019, "R1"),
        (2018, "H30"),
        (1989, "H1"),
        (1988, "S63"),
        (1927, "S2"),
        (1926, "T15"),
        (1912, "T1"),
        (1868, "M1"),
    ],
)
def test_years_of_the_eras(fiscal, said):
    assert era_year(fiscal) == said


def test_before_the_eras_there_is_no_answer():
    with pytest.raises(ValueError, match="era"):
        era_year(1867)
