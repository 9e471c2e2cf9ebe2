"""Who can be asked to a review, and when it could be."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.business_time import Calendar, Period
from bot.domain.expert import Expert
from bot.domain.panel import DAY, Member, Side, conflict, fits, propose
from bot.domain.refusals import InThePast
from bot.domain.review import AtNight, Clash, ClosedDay, Discipline, scaled
from bot.domain.staff import Role

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)  # a Tuesday
HOURS = {day: (Period(time(9), time(12)), Period(time(13), time(17))) for day in range(5)}
CALENDAR = Calendar(HOURS)
LONG = timedelta(minutes=90)
PSY = frozenset({Role.EXPERT_PSY})


def member(staff: str, hours=None, **more) -> Member:
    return Member(Expert(staff, PSY, hours=hours or {}), Discipline.PSYCHOLOGY, **more)


@pytest.mark.parametrize(
    ("expert", "apart", "way", "why"),
    [
        (Expert("U1", PSY), ("agency", "municipality"), "online", None),
        (Expert("U1", frozenset()), (), None, "gone"),
        (Expert("U_ASKER", PSY), (), None, "supporter"),
        (Expert("U1", PSY, agency="a"), ("agency",), None, "agency"),
        (Expert("U1", PSY, agency="a"), (), None, None),
        (Expert("U1", PSY, agency="b"), ("agency",), None, None),
        (Expert("U1", PSY, municipalities=("252018", "252069")), ("municipality",), None, "municipality"),
        (Expert("U1", PSY, municipalities=("252069",)), ("agency",), None, None),
        (Expert("U1", PSY, most=2), (), None, "full"),
        (Expert("U1", PSY, most=3), (), None, None),
        (Expert("U1", PSY, ways=("onsite",)), (), "online", "way"),
        (Expert("U1", PSY, ways=("onsite",)), (), "onsite", None),
    ],
)
def test_why_somebody_cannot_be_asked(expert, apart, way, why):
    case = Side(frozenset({"a"}), "252069", "U_ASKER")
    assert conflict(expert, case, apart, reviews=2, way=way) == why


def test_of_a_case_without_a_town_nobody_is_too_near():
    assert conflict(Expert("U1", PSY, municipalities=()), Side(), ("municipality", "agency")) is None


def test_of_each_day_a_morning_and_an_afternoon_are_proposed_not_at_the_edges():
    found = propose(CALENDAR, [member("a")], ["a"], LONG, NOW)
    starts = [each.starts_at for each in found]
    assert len(found) == 10
    assert {each.time() for each in starts} == {time(10), time(14)}
    assert starts == sorted(starts)
    assert starts[0].date() >= NOW.astimezone(TOKYO).date() + timedelta(days=3)


def test_whoever_is_needed_has_to_be_free_others_only_count():
    needed = member("a", {3: ((time(15), time(17)),)})
    other = member("b", {2: ((time(9), time(12)),)})
    found = propose(CALENDAR, [needed, other], ["a"], LONG, NOW)
    assert {each.starts_at.weekday() for each in found} == {3}
    assert {(each.free, each.of) for each in found} == {(1, 2)}
    assert {each.starts_at.weekday() for each in propose(CALENDAR, [needed, other], [], LONG, NOW)} == {2, 3}


def test_what_was_asked_about_already_is_not_proposed_again():
    first = propose(CALENDAR, [member("a")], [], LONG, NOW)
    again = propose(CALENDAR, [member("a")], [], LONG, NOW, {each.starts_at for each in first})
    assert not {each.starts_at for each in again} & {each.starts_at for each in first}


@settings(max_examples=60, deadline=None)
@given(st.integers(30, 240), st.integers(0, 60 * 24 * 40), st.integers(0, 4))
def test_what_is_proposed_could_be_typed_as_well(minutes, later, busy):
    now = NOW + timedelta(minutes=later)
    day = (now + timedelta(days=4)).replace(hour=1, minute=0)
    given_ = tuple((day + timedelta(days=n), day + timedelta(days=n, hours=3)) for n in range(busy))
    members = [member("a"), member("b", busy=given_)]  # one who is needed, one who is not
    found = propose(CALENDAR, members, ["a"], timedelta(minutes=minutes), now)
    assert len(found) <= 10
    for each in found:
        slot = fits(each.starts_at, timedelta(minutes=minutes), now, CALENDAR, members)
        assert (slot.starts_at, slot.ends_at) == (each.starts_at, each.ends_at)


@pytest.mark.parametrize(
    ("at", "refusal"),
    [
        (datetime(2026, 11, 24, 10, tzinfo=TOKYO), InThePast),
        (datetime(2026, 12, 1, 7, 59, tzinfo=TOKYO), AtNight),
        (datetime(2026, 12, 1, 19, 31, tzinfo=TOKYO), AtNight),
        (datetime(2026, 12, 1, 23, tzinfo=TOKYO), AtNight),
        (datetime(2026, 12, 5, 10, tzinfo=TOKYO), ClosedDay),  # a Saturday
        (datetime(2027, 1, 1, 10, tzinfo=TOKYO), ClosedDay),
        (datetime(2026, 12, 2, 11, tzinfo=TOKYO), Clash),
    ],
)
def test_a_time_that_cannot_be_is_refused(at, refusal):
    noon = datetime(2026, 12, 2, 12, tzinfo=TOKYO)
    members = [member("a", busy=((noon, noon + LONG),))]
    with pytest.raises(refusal):
        fits(at, LONG, NOW, CALENDAR, members)


@pytest.mark.parametrize("at", [(8, 0), (19, 30)])
def test_from_eight_to_nine_at_night_is_fine(at):
    start = datetime(2026, 12, 1, *at, tzinfo=TOKYO)
    assert fits(start, LONG, NOW, CALENDAR, []).ends_at.astimezone(TOKYO).time() <= DAY[1]


@given(st.lists(st.integers(1, 60), min_size=1, max_size=8), st.integers(30, 240))
def test_steps_fill_the_whole_time_and_none_is_empty(minutes, whole):
    found = scaled([(str(n), long) for n, long in enumerate(minutes)], whole)
    assert [name for name, _ in found] == [str(n) for n in range(len(minutes))]
    assert all(long >= 1 for _, long in found)
    assert abs(sum(long for _, long in found) - whole) <= sum(long == 1 for _, long in found)


def test_the_steps_of_ninety_minutes_stay_as_they_are():
    drawn = [("a", 10), ("b", 45), ("c", 35)]
    assert scaled(drawn, 90) == drawn
    assert scaled(drawn, 60) == [("a", 7), ("b", 30), ("c", 23)]
