"""Seats: who has one at once, whose turn it is, what follows from what, and how much of a training counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.seats import (
    HOLDING,
    IN,
    STEPS,
    Attendance,
    Mark,
    NoOffer,
    Participation,
    Place,
    heard,
    in_turn,
    minutes_of,
    overall,
    seats_of,
    to_be_offered,
)
from bot.domain.training import Plan, Session

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def part(turn: int, status: Place = Place.WAITLISTED, format_: str = "onsite", **more) -> Participation:
    return Participation(
        id=f"p{turn}", training="t", attendee=f"U{turn}", person=f"U{turn}", format=format_, status=status, turn=turn,
        joined_at=NOW, **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("format_", "status", "theirs"),
    [
        ("onsite", Place.CONFIRMED, ("title", "place")),
        ("online", Place.CONFIRMED, ("title", "online")),
        ("onsite", Place.WAITLISTED, ("title", "place", "deadline")),
        ("online", Place.OFFERED, ("title", "online", "deadline")),
        ("by_post", Place.CONFIRMED, ("title", "place", "online")),  # their way is gone: both may be theirs
    ],
)
def test_news_are_for_those_whose_they_are(format_, status, theirs):
    plan = Plan(seats={"onsite": 1, "online": 0})

    assert heard(("title", "place", "online", "deadline"), plan, part(1, status, format_)) == theirs
    assert heard((), plan, part(1, status, format_)) == ()


@pytest.mark.parametrize(
    ("capacity", "statuses", "free", "admits"),
    [
        (2, [], 2, True),
        (2, [Place.CONFIRMED], 1, True),
        (2, [Place.CONFIRMED, Place.OFFERED], 0, False),
        (2, [Place.CONFIRMED, Place.WAITLISTED], 1, False),  # nobody overtakes who waits
        (2, [Place.CANCELLED, Place.DECLINED, Place.LAPSED], 2, True),
        (0, [Place.CONFIRMED] * 9, None, True),
        (1, [Place.CONFIRMED, Place.CONFIRMED], 0, False),  # never below nothing
    ],
)
def test_whether_there_is_a_seat_at_once(capacity, statuses, free, admits):
    everybody = [part(turn, status) for turn, status in enumerate(statuses)]

    seats = seats_of({"onsite": capacity}, everybody)["onsite"]

    assert (seats.free, seats.admits) == (free, admits)


def test_each_way_to_take_part_is_counted_for_itself_and_who_walks_in_takes_no_seat():
    everybody = [
        part(1, Place.CONFIRMED),
        part(2, Place.CONFIRMED, "online"),
        part(3, Place.CONFIRMED, walk_in=True),
        part(4, Place.WAITLISTED, "gone"),  # a way that is not offered any more
    ]

    seats = seats_of({"onsite": 5, "online": 5}, everybody)

    assert [(each.taken, each.waiting) for each in seats.values()] == [(1, 0), (1, 0)]


def test_the_queue_goes_by_who_asked_first_and_not_by_the_order_of_rows():
    everybody = [part(7), part(3), part(5), part(1, Place.CONFIRMED), part(4, format_="online")]

    assert [each.turn for each in in_turn(everybody, "onsite")] == [3, 5, 7]
    assert [each.turn for each in to_be_offered({"onsite": 3}, everybody)] == [3, 5]
    assert to_be_offered({"onsite": 1}, everybody) == []
    assert [each.turn for each in to_be_offered({"onsite": 0, "online": 1}, everybody)] == [3, 5, 7, 4]


@pytest.mark.parametrize("was", Place)
@pytest.mark.parametrize("to", Place)
def test_only_the_steps_of_the_table_are_taken(was, to):
    before = part(1, was, offered_at=NOW, offer_expires_at=NOW)

    if to is was:
        assert before.placed(to) is before
    elif to in STEPS[was]:
        after = before.placed(to)
        assert (after.status, after.offered_at, after.offer_expires_at) == (to, None, None)
    else:
        with pytest.raises(NoOffer):
            before.placed(to)


def test_the_table_knows_every_place_and_who_holds_a_seat_is_in():
    assert set(STEPS) == set(Place)
    assert HOLDING < IN


@pytest.mark.parametrize(
    ("status", "expires", "taken"),
    [
        (Place.OFFERED, NOW + timedelta(seconds=1), True),
        (Place.OFFERED, NOW, False),
        (Place.OFFERED, NOW - timedelta(days=1), False),
        (Place.WAITLISTED, None, False),
        (Place.CANCELLED, None, False),
        (Place.LAPSED, None, False),
    ],
)
def test_a_seat_is_taken_only_while_it_is_kept(status, expires, taken):
    before = part(1, status, offer_expires_at=expires)

    if taken:
        assert before.accepted(NOW).status is Place.CONFIRMED
    else:
        with pytest.raises(NoOffer):
            before.accepted(NOW)


def test_taking_it_twice_is_taking_it_once():
    confirmed = part(1, Place.CONFIRMED)

    assert confirmed.accepted(NOW) is confirmed


SESSIONS = [Session(NOW, NOW + timedelta(minutes=90), "a"), Session(NOW, NOW + timedelta(hours=3), "b")]


@pytest.mark.parametrize(
    ("status", "given", "minutes"),
    [
        (Attendance.ATTENDED, None, 90),
        (Attendance.ATTENDED, 5, 90),
        (Attendance.PARTIAL, None, 45),
        (Attendance.PARTIAL, 30, 30),
        (Attendance.PARTIAL, 900, 90),
        (Attendance.PARTIAL, -3, 0),
        (Attendance.ABSENT, 90, 0),
        (Attendance.EXCUSED, None, 0),
    ],
)
def test_what_counts_is_never_more_than_the_session(status, given, minutes):
    assert minutes_of(SESSIONS[0], status, given) == minutes


@pytest.mark.parametrize(
    ("statuses", "whole"),
    [
        ({}, None),
        ({"a": Attendance.ATTENDED, "b": Attendance.ATTENDED}, Attendance.ATTENDED),
        ({"a": Attendance.ATTENDED}, Attendance.PARTIAL),  # the other session is not said yet
        ({"a": Attendance.ATTENDED, "b": Attendance.ABSENT}, Attendance.PARTIAL),
        ({"a": Attendance.ABSENT, "b": Attendance.EXCUSED}, Attendance.EXCUSED),
        ({"a": Attendance.ABSENT, "b": Attendance.ABSENT}, Attendance.ABSENT),
        ({"removed": Attendance.ATTENDED}, None),  # a session that was taken out
    ],
)
def test_the_whole_follows_from_the_sessions(statuses, whole):
    marks = [Mark("p", session, status, 0, "roster", NOW, "U") for session, status in statuses.items()]

    assert overall(SESSIONS, marks) is whole


def test_a_part_that_changes_leaves_the_other_as_it_was():
    before = part(1)

    assert replace(before, status=Place.OFFERED) != before
    assert before.status is Place.WAITLISTED
