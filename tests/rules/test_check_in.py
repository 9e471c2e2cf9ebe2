"""Codes of the day: which is right when, for whom they are made, and when nobody checks in."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import check_in
from bot.domain.check_in import DIGITS, LETTERS, NotToday, RosterClosed
from bot.domain.seats import Attendance
from bot.domain.training import Plan, Session, Stage, StageTooLate, Training

NOON = datetime(2026, 12, 8, 3, 0, tzinfo=UTC)
FIRST = Session(NOON, NOON + timedelta(hours=3), "first")
SECOND = Session(NOON + timedelta(hours=3, minutes=30), NOON + timedelta(hours=5), "second")
minutes = st.integers(0, 60 * 24 * 365).map(lambda n: NOON + timedelta(minutes=n))


def sealed(key: str):
    return lambda text: hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


OURS, OTHERS = sealed("ours"), sealed("others")


@given(minutes, st.integers(0, 119))
def test_the_code_on_the_screen_is_six_digits_right_now_and_two_minutes_later(at, seconds):
    code = check_in.screen_code(OURS, "first", at)

    assert len(code) == 6
    assert code.isdecimal()
    assert check_in.how(OURS, "first", code, at) == "code"
    assert check_in.how(OURS, "first", code, at + timedelta(seconds=seconds)) == "code"


def test_four_minutes_later_it_is_wrong_as_it_is_for_another_session_and_another_desk():
    tried = [NOON + timedelta(minutes=n) for n in range(0, 400, 4)]
    codes = [(at, check_in.screen_code(OURS, "first", at)) for at in tried]

    assert not any(check_in.how(OURS, "first", code, at + timedelta(minutes=4)) for at, code in codes)
    assert not any(check_in.how(OURS, "second", code, at) for at, code in codes)
    assert not any(check_in.how(OTHERS, "first", code, at) for at, code in codes)
    assert all(check_in.how(OURS, "first", code, at) for at, code in codes)  # the control
    assert len({code for _, code in codes}) > 95


@given(st.text(min_size=1, max_size=40))
def test_the_code_on_paper_is_read_aloud_without_doubt_and_stays(session):
    code = check_in.paper_code(OURS, session)

    assert len(code) == 9
    assert set(code[:4]) <= set(LETTERS)
    assert code[4] == "-"
    assert set(code[5:]) <= set(DIGITS)
    assert all(
        len(set(pair) & {*LETTERS, *DIGITS}) < 2 for pair in ("0O", "0D", "1I", "8B", "5S", "2Z", "6G", "UV")
    )
    assert check_in.how(OURS, session, code, NOON) == "paper"
    assert check_in.how(OURS, session, code, NOON + timedelta(days=3)) == "paper"
    assert check_in.how(OTHERS, session, code, NOON) is None


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}\n", "　{}"])
def test_it_is_read_in_any_width_and_spacing(typed):
    code = check_in.screen_code(OURS, "first", NOON)
    paper = check_in.paper_code(OURS, "first")
    wide = code.translate({ord(n): ord(n) + 0xFEE0 for n in "0123456789"})

    for each in (code, f"{code[:3]} {code[3:]}", wide, f"{wide[:3]}　{wide[3:]}"):
        assert check_in.how(OURS, "first", typed.format(each), NOON) == "code"
    for each in (paper, paper.lower(), paper.replace("-", ""), paper.replace("-", "ー")):
        assert check_in.how(OURS, "first", each, NOON) == "paper"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "あ", "0" * 4000, "KHTM", "\u0000", "ＫＨＴＭ"])
def test_what_is_no_code_is_wrong_and_looks_like_none(typed):
    assert check_in.how(OURS, "first", typed, NOON) is None
    assert not check_in.looks_like_one(typed)


def test_a_code_looks_like_one_and_a_sentence_does_not():
    assert check_in.looks_like_one("123456")
    assert check_in.looks_like_one("１２３　４５６")
    assert check_in.looks_like_one(check_in.paper_code(OURS, "first"))
    assert not check_in.looks_like_one("090-1234-5678")
    assert not check_in.looks_like_one("番号は123456です")
    assert not check_in.looks_like_one("workshop")


def test_people_check_in_from_an_hour_before_until_the_end():
    hour = timedelta(hours=1)
    second = timedelta(seconds=1)

    assert not check_in.is_open(FIRST, NOON - hour - second)
    assert check_in.is_open(FIRST, NOON - hour)
    assert check_in.is_open(FIRST, FIRST.ends_at)
    assert not check_in.is_open(FIRST, FIRST.ends_at + second)


def test_what_runs_comes_before_what_begins_soon():
    both = [SECOND, FIRST]

    assert check_in.going_on(both, NOON) == [FIRST]
    assert check_in.going_on(both, FIRST.ends_at) == [FIRST, SECOND]
    assert check_in.going_on(both, SECOND.starts_at) == [SECOND]
    assert check_in.opens_next(both, NOON) == SECOND.starts_at - timedelta(hours=1)
    assert check_in.opens_next(both, SECOND.ends_at) is None


def test_the_roster_opens_where_one_is():
    assert check_in.nearest([SECOND, FIRST], NOON - timedelta(days=3)) == FIRST
    assert check_in.nearest([SECOND, FIRST], SECOND.starts_at) == SECOND
    assert check_in.nearest([SECOND, FIRST], SECOND.ends_at + timedelta(days=9)) == SECOND


def test_marks_are_taken_from_an_hour_before_until_sixty_days_after():
    held = Training(
        "t", "R8-T001", 2026, Stage.ANNOUNCED, "U_KONDO", NOON, Plan(seats={"onsite": 3}, sessions=(FIRST,))
    )
    late = FIRST.ends_at + timedelta(days=60)

    check_in.must_take_marks(held, FIRST, Attendance.ATTENDED, NOON - timedelta(hours=1))
    check_in.must_take_marks(held, FIRST, Attendance.ATTENDED, late)
    check_in.must_take_marks(held, FIRST, Attendance.EXCUSED, NOON - timedelta(days=2))
    with pytest.raises(NotToday) as refused:
        check_in.must_take_marks(held, FIRST, Attendance.ATTENDED, NOON - timedelta(hours=2))
    assert refused.value.since == NOON - timedelta(hours=1)
    with pytest.raises(RosterClosed):
        check_in.must_take_marks(held, FIRST, Attendance.ATTENDED, late + timedelta(seconds=1))
    for stage in (Stage.DRAFT, Stage.SCHEDULED, Stage.CANCELLED, Stage.DROPPED):
        off = Training("t", "R8-T001", 2026, stage, "U_KONDO", NOON, held.plan)
        with pytest.raises(StageTooLate):
            check_in.must_take_marks(off, FIRST, Attendance.ATTENDED, NOON)
