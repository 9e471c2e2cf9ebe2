"""When the clock thinks of a training: reminders, quiet hours, deadlines; and dates that trip programs up."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.seats import Seats
from bot.domain.timeline import (
    BEGINS,
    DEADLINE,
    ENDS,
    TOKYO,
    Quiet,
    asked_back,
    loud,
    named,
    parts,
    put_off,
    timeline,
)
from bot.domain.training import Plan, Session, Stage, Training
from bot.usecases.training_clock import worth_telling

NIGHT = Quiet(time(20), time(8))
NEVER = Quiet(time(0), time(0))
NOON = Quiet(time(12), time(13))

moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31)).map(lambda at: at.replace(tzinfo=TOKYO))
nights = st.builds(Quiet, st.times(), st.times())


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=TOKYO)


def training(
    *starts: str, deadline: str | None = None, hours: float = 2, stage: Stage = Stage.ANNOUNCED
) -> Training:
    sessions = tuple(
        Session(at(each), at(each) + timedelta(hours=hours), f"s{n}") for n, each in enumerate(starts)
    )
    plan = Plan(sessions=sessions, deadline=at(deadline) if deadline else None, seats={"onsite": 30})
    return Training("t", "R8-T001", 2026, stage, "U_KONDO", at("2026-11-01 10:00"), plan)


def due(given_training: Training, quiet: Quiet = NIGHT) -> dict[str, str]:
    """Kind → when, as people write it; a session's own are `kind/start`."""
    found = {}
    for name, when in timeline(given_training, quiet).items():
        kind, moment = parts(name)
        start = ""
        if moment:
            start = "/" + datetime.strptime(moment, "%Y%m%dT%H%M%S").replace(tzinfo=UTC).astimezone(
                TOKYO
            ).strftime("%m-%d")
        found[kind + start] = when.astimezone(TOKYO).strftime("%Y-%m-%d %H:%M")
    return found


# What falls due


def test_a_week_a_day_and_an_hour_before_it_begins():
    assert due(training("2026-12-08 13:00", deadline="2026-12-04 17:00")) == {
        "t_week/12-08": "2026-12-01 13:00",
        "t_day/12-08": "2026-12-07 13:00",
        "t_hour/12-08": "2026-12-08 12:00",
        "t_nearly/12-04": "2026-12-01 17:00",
        "t_last_day/12-04": "2026-12-03 17:00",
        DEADLINE: "2026-12-04 17:00",
        BEGINS: "2026-12-08 13:00",
        ENDS: "2026-12-08 15:00",
    }


def test_the_week_is_said_of_the_first_day_only():
    kinds = due(training("2026-12-15 13:00", "2026-12-08 13:00"))

    assert "t_week/12-08" in kinds
    assert "t_week/12-15" not in kinds
    assert {"t_day/12-15", "t_hour/12-15"} <= kinds.keys()
    assert kinds[BEGINS] == "2026-12-08 13:00"
    assert kinds[ENDS] == "2026-12-15 15:00"


@pytest.mark.parametrize(
    ("start", "day", "hour"),
    [
        ("2026-12-08 08:30", "2026-12-07 08:30", "2026-12-08 08:00"),  # at half past seven people sleep
        ("2026-12-08 08:00", "2026-12-07 08:00", "2026-12-07 19:59"),  # eight would be too late
        ("2026-12-08 06:00", "2026-12-07 08:00", "2026-12-07 19:59"),
        ("2026-12-08 21:30", "2026-12-08 08:00", "2026-12-08 19:59"),
        ("2026-12-08 20:30", "2026-12-08 08:00", "2026-12-08 19:30"),
        ("2028-03-01 10:00", "2028-02-29 10:00", "2028-03-01 09:00"),  # a day that is there every four years
        ("2028-02-29 10:00", "2028-02-28 10:00", "2028-02-29 09:00"),
        ("2027-04-01 09:30", "2027-03-31 09:30", "2027-04-01 08:30"),  # across the end of the fiscal year
    ],
)
def test_nothing_falls_due_in_the_night(start, day, hour):
    kinds = due(training(start))

    assert kinds[f"t_day/{start[5:10]}"] == day
    assert kinds[f"t_hour/{start[5:10]}"] == hour


def test_control_without_quiet_hours_it_would_ring_in_the_night():
    assert due(training("2026-12-08 06:00"), NEVER)["t_hour/12-08"] == "2026-12-08 05:00"


def test_a_week_before_the_first_of_march_lies_in_a_longer_february():
    assert due(training("2028-03-07 10:00"))["t_week/03-07"] == "2028-02-29 10:00"
    assert due(training("2027-03-07 10:00"))["t_week/03-07"] == "2027-02-28 10:00"


def test_three_months_later_is_a_morning():
    assert asked_back(at("2026-12-08 21:30")) == at("2027-03-09 10:00")
    assert asked_back(at("2027-11-30 16:00")) == at("2028-02-29 10:00")


@pytest.mark.parametrize("stage", sorted(set(Stage) - {Stage.ANNOUNCED}))
def test_only_what_is_announced_has_reminders(stage):
    assert due(training("2026-12-08 13:00", deadline="2026-12-04 17:00", stage=stage)) == {}


def test_before_it_is_announced_the_chosen_moment_is_all():
    planned = replace(training("2026-12-08 13:00", stage=Stage.SCHEDULED), announce_at=at("2026-11-25 09:00"))

    assert due(planned) == {"t_announce": "2026-11-25 09:00"}


def test_a_moved_date_has_reminders_of_its_own():
    before, after = (
        timeline(training("2026-12-08 13:00"), NIGHT),
        timeline(training("2026-12-15 13:00"), NIGHT),
    )

    assert before.keys() & after.keys() == {BEGINS, ENDS}


def test_a_day_put_before_it_leaves_a_dates_reminders_as_they_are():
    alone, second = (
        timeline(training("2026-12-15 13:00"), NIGHT),
        timeline(training("2026-12-08 13:00", "2026-12-15 13:00"), NIGHT),
    )
    name = named("t_day", at("2026-12-15 13:00"))

    assert alone[name] == second[name]


# Quiet hours


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-12-07 19:59", None),
        ("2026-12-07 20:00", "2026-12-08 08:00"),
        ("2026-12-08 00:00", "2026-12-08 08:00"),
        ("2026-12-08 07:59", "2026-12-08 08:00"),
        ("2026-12-08 08:00", None),
    ],
)
def test_what_comes_late_in_the_night_waits_for_the_morning(moment, until):
    assert put_off(at(moment), NIGHT) == (at(until) if until else None)


def test_what_begins_before_the_morning_does_not_wait_for_it():
    assert put_off(at("2026-12-08 05:00"), NIGHT, at("2026-12-08 07:30")) is None
    assert put_off(at("2026-12-08 05:00"), NIGHT, at("2026-12-08 08:00")) is None
    assert put_off(at("2026-12-08 05:00"), NIGHT, at("2026-12-08 08:01")) == at("2026-12-08 08:00")


def test_quiet_hours_may_lie_in_the_day():
    assert loud(at("2026-12-08 12:30"), NOON, at("2026-12-08 15:00")) == at("2026-12-08 13:00")
    assert loud(at("2026-12-08 12:30"), NOON, at("2026-12-08 13:00")) == at("2026-12-08 11:59")


@given(moments, nights)
def test_put_off_ends_where_the_quiet_ends(moment, quiet):
    until = put_off(moment, quiet)

    if until is None:
        assert moment not in quiet
    else:
        assert moment in quiet
        assert moment < until <= moment + timedelta(days=1)
        assert until not in quiet


@given(moments, nights, st.timedeltas(timedelta(minutes=1), timedelta(days=7)))
def test_what_falls_due_is_never_after_what_it_is_about(moment, quiet, before):
    assert loud(moment - before, quiet, moment) < moment


@given(st.lists(moments, min_size=1, max_size=4, unique=True), nights)
def test_nearer_reminders_never_come_before_farther_ones(starts, quiet):
    sessions = tuple(Session(each, each + timedelta(minutes=1), str(n)) for n, each in enumerate(starts))
    planned = training("2026-12-08 13:00")
    found = timeline(planned.planned(replace(planned.plan, sessions=sessions)), quiet)

    for each in sessions:
        times = [
            found[name]
            for kind in ("t_week", "t_day", "t_hour")
            if (name := named(kind, each.starts_at)) in found
        ]
        assert times == sorted(times)
        assert all(when < each.starts_at for when in times)


# What the organizer hears of the seats


@pytest.mark.parametrize(
    ("seats", "told"),
    [
        ({"onsite": Seats(30, 25, 0)}, "seats_few"),
        ({"onsite": Seats(30, 24, 0)}, None),  # neither few nor many
        ({"onsite": Seats(30, 15, 0)}, None),
        ({"onsite": Seats(30, 14, 0)}, "seats_free"),
        ({"onsite": Seats(30, 30, 4)}, None),  # full: told when it happened
        ({"onsite": Seats(4, 0, 0)}, "seats_free"),  # four of four are not few
        ({"online": Seats(0, 3, 0)}, None),  # no limit
        ({"onsite": Seats(30, 28, 0), "online": Seats(100, 3, 0)}, "seats_few"),
        ({}, None),
    ],
)
def test_few_seats_and_many_are_worth_telling(seats, told):
    assert worth_telling(seats, few=5) == told
