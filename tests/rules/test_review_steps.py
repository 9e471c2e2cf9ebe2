"""The steps of a review: they share the time there is, end when it was promised, and pass by the clock."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot import codes
from bot.domain.review_papers import Sitting, going_on, honorarium, timetable

NOW = datetime(2026, 12, 3, 1, tzinfo=UTC)
FORMATS = st.sampled_from([each.more["steps"] for each in codes.options("review_formats")])


@given(steps=FORMATS, minutes=st.integers(10, 240), data=st.data())
def test_steps_follow_each_other_and_end_when_it_was_promised(steps, minutes, data):
    first = data.draw(st.integers(0, len(steps) - 1))
    end = NOW + timedelta(minutes=minutes)

    drawn = timetable(steps, end, NOW, first)

    assert [each.name for each in drawn] == [name for name, _ in steps[first:]]
    assert drawn[0].since == NOW
    assert drawn[-1].until == end
    assert all(one.until == two.since for one, two in zip(drawn, drawn[1:], strict=False))
    assert all(each.minutes >= 1 for each in drawn)


@given(steps=FORMATS, minutes=st.integers(30, 240), looks=st.lists(st.integers(0, 300), max_size=8))
def test_however_often_the_clock_looks_the_same_step_is_found(steps, minutes, looks):
    end = NOW + timedelta(minutes=minutes)
    often = once = Sitting("r", NOW, "U", 0, NOW)
    for each in sorted(looks):
        often = going_on(often, steps, end, NOW + timedelta(minutes=each))
    if looks:
        once = going_on(once, steps, end, NOW + timedelta(minutes=max(looks)))

    assert often.step == once.step or abs((often.step_at - once.step_at).total_seconds()) <= 120
    assert often.step < len(steps)
    assert often.step_at <= NOW + timedelta(minutes=max([0, *looks]))


def test_where_no_time_is_left_each_step_has_a_minute():
    steps = [("a", 10), ("b", 10)]
    assert [each.minutes for each in timetable(steps, NOW, NOW)] == [1, 1]


def test_the_last_step_goes_on():
    sitting = going_on(
        Sitting("r", NOW, "U", 0, NOW),
        [("a", 30), ("b", 30)],
        NOW + timedelta(hours=1),
        NOW + timedelta(days=1),
    )
    assert sitting.step == 1


def test_an_honorarium_is_by_the_hour_and_nothing_where_none_is_known():
    assert honorarium(8000, 90) == 12_000
    assert honorarium(None, 90) == 0
    assert honorarium(8000, 0) == 0
