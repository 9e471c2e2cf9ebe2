"""Seats stay seats whatever people do: random lives of trainings, held against an independent book after every act."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot import organisation
from bot.domain import seats as rules
from bot.domain.seats import Place, Seats
from bot.domain.staff import Actor
from bot.store.database import open_database
from bot.usecases import rosters, seat_endings, seats, training_desk, trainings
from bot.usecases.desk import Desk
from tests.databases import MASTER_KEY, Clock
from tests.faults.seats import LEADER, lived_through
from tests.trainings import a_plan

GAMES = 150  # of up to forty acts each; more by `python -m tests.faults --only seats --count 500`
CAUGHT_WITHIN = 80


async def lived(folder: Path, games: int) -> tuple[int, list[str]]:
    clock = Clock()
    url = f"sqlite:///{folder / 'desk.db'}"
    async with open_database(url, master_key=MASTER_KEY, clock=clock) as db:
        return await lived_through(db, clock, 1, games)


async def test_seats_are_never_too_many_the_order_is_fair_and_everybody_is_told_once(tmp_path):
    acts, wrong = await lived(tmp_path, GAMES)

    assert "\n".join(wrong) == ""
    assert acts > GAMES * 20


# What is broken, and what has to be seen of it.

Break = Callable[[pytest.MonkeyPatch], None]


def the_last_is_first(patch: pytest.MonkeyPatch) -> None:
    """Free seats go to whoever asked last."""
    in_turn = rules.in_turn
    patch.setattr(rules, "in_turn", lambda everybody, format_: in_turn(everybody, format_)[::-1])


def nobody_counts(patch: pytest.MonkeyPatch) -> None:
    """Everybody who asks has a seat."""
    patch.setattr(Seats, "admits", property(lambda _: True))


def newcomers_first(patch: pytest.MonkeyPatch) -> None:
    """A seat that is free for a moment goes to whoever comes by."""
    patch.setattr(Seats, "admits", property(lambda it: it.capacity == 0 or it.taken < it.capacity))
    patch.setattr(rules, "to_be_offered", lambda *_: [])


def nobody_is_next(patch: pytest.MonkeyPatch) -> None:
    """A seat that was given back goes to nobody."""

    async def nobody(*_: object) -> list[object]:
        return []

    patch.setattr(seats, "pass_on", nobody)


def told_twice(patch: pytest.MonkeyPatch) -> None:
    """A change is told under two names."""
    tell_all = trainings._tell_all

    async def twice(tx, training, everybody, template, key, **facts):
        await tell_all(tx, training, everybody, template, key, **facts)
        await tell_all(tx, training, everybody, template, f"{key}again", **facts)

    patch.setattr(trainings, "_tell_all", twice)


def not_told(patch: pytest.MonkeyPatch) -> None:
    """Whoever is offered a seat does not hear of it."""

    async def nothing(*_: object, **__: object) -> None:
        return None

    patch.setattr(training_desk, "tell", nothing)


def kept_for_ever(patch: pytest.MonkeyPatch) -> None:
    """An offer does not end."""

    async def never(*_: object) -> None:
        return None

    patch.setattr(seat_endings, "lapse", never)


def not_called(patch: pytest.MonkeyPatch) -> None:
    """Whoever has no Slack and no seat in the end is called by nobody."""

    async def nothing(*_: object, **__: object) -> None:
        return None

    patch.setattr(seat_endings, "tell_organizer", nothing)


def still_waiting(patch: pytest.MonkeyPatch) -> None:
    """Whoever waits is forgotten when it is called off."""
    patch.setattr(training_desk, "IN", frozenset({Place.CONFIRMED}))


def everything_is_news(patch: pytest.MonkeyPatch) -> None:
    """Whoever is online hears of the room, and the other way round."""
    patch.setattr(trainings, "heard", lambda news, *_: tuple(news))


@pytest.mark.parametrize(
    ("broken", "seen"),
    [
        (everything_is_news, "'training_changed'"),
        (the_last_is_first, "is overtaken by turn"),
        (nobody_counts, "seats ("),
        (newcomers_first, "beside a free seat"),
        (nobody_is_next, "beside a free seat"),
        (told_twice, "words too many: "),
        (not_told, "'seat_offered'"),
        (kept_for_ever, "should have"),
        (not_called, "'people_to_call'"),
        (still_waiting, "'training_c"),
    ],
    ids=lambda each: getattr(each, "__name__", None),
)
async def test_control_what_is_broken_is_seen(tmp_path, monkeypatch, broken: Break, seen: str):
    broken(monkeypatch)

    _, wrong = await lived(tmp_path, CAUGHT_WITHIN)

    assert any(seen in each for each in wrong), wrong


async def test_whoever_was_let_in_beside_the_seats_and_asks_again_takes_a_seat_as_everybody(tmp_path):
    """Found by a random life: somebody let in at the door leaves, asks again, and must not sit beside the seats."""
    clock = Clock()
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    async with open_database(url, master_key=MASTER_KEY, clock=clock) as db:
        desk = Desk(db, organisation.load())
        plan = a_plan(clock.now, seats={"onsite": 1}, deadline=None)
        made = await trainings.plan(desk, LEADER, plan, once="beside")
        training = await trainings.announce(desk, LEADER, made.id, ["C_TRAINING"])
        clock.now = plan.sessions[0].starts_at - timedelta(minutes=30)
        let_in = await rosters.walk_in(desk, LEADER, training.id, rosters.WalkIn(person="U_A"), once="a")
        await seats.leave(desk, Actor("U_A"), let_in.id)

        again = await seats.join(desk, Actor("U_A"), training.id)
        other = await seats.join(desk, Actor("U_B"), training.id)

        assert (again.status, again.walk_in) == (Place.CONFIRMED, False)
        assert other.status is Place.WAITLISTED
