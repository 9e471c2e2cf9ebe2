"""Two hundred people want thirty seats at once: thirty have one, the others wait in their turn, nobody has two."""

import asyncio
import random
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest

from bot import organisation
from bot.domain.refusals import Changed
from bot.domain.seats import Participation, Place
from bot.domain.staff import Actor
from bot.domain.training import Training
from bot.store import trainings as kept_trainings
from bot.store.database import Database, open_database
from bot.store.trouble import ConstraintBroken, StorageTrouble
from bot.usecases import seats, trainings
from bot.usecases.desk import Desk
from tests.databases import MASTER_KEY
from tests.faults.seats import LEADER
from tests.trainings import a_plan

CROWD = 200
SEATS = 30
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def desk_on(db: Database) -> Desk:
    return Desk(db, organisation.load())


async def announced(db: Database, many: int = SEATS) -> Training:
    desk = desk_on(db)
    plan = a_plan(NOW, seats={"onsite": many})
    made = await trainings.plan(desk, LEADER, plan, once="race")
    return await trainings.announce(desk, LEADER, made.id, ["C_TRAINING"])


async def patiently(act) -> None:
    """As the inbox does it: whoever cannot be served just now is served again."""
    for _ in range(50):
        try:
            await act()
            return
        except (StorageTrouble, Changed):
            await asyncio.sleep(0.01)
    raise AssertionError("nobody was served for long")


async def everybody_joins(databases: list[Database], training: Training, people: list[str]) -> None:
    """All at once, by one database or by several."""

    async def joins(number: int, who: str) -> None:
        desk = desk_on(databases[number % len(databases)])
        await patiently(lambda: seats.join(desk, Actor(who), training.id))

    async with asyncio.TaskGroup() as group:
        for number, who in enumerate(people):
            group.create_task(joins(number, who))


async def parts(db: Database, training: Training) -> list[Participation]:
    async with db.reading() as ask:
        return await ask.participations.of_training(training.id)


def mistakes(found: list[Participation], people: int) -> list[str]:
    """What is wrong with who has what."""
    wrong = []
    confirmed = [each for each in found if each.status is Place.CONFIRMED]
    waiting = [each for each in found if each.status is Place.WAITLISTED]
    if len(confirmed) != SEATS:
        wrong.append(f"{len(confirmed)} people on {SEATS} seats")
    if len(confirmed) + len(waiting) != people or len({each.attendee for each in found}) != people:
        wrong.append(f"{len(found)} parts of {people} people")
    if [each.turn for each in found] != list(range(1, people + 1)):
        wrong.append("a turn was given twice, or none")
    if any(each.turn > SEATS for each in confirmed):
        wrong.append("somebody was overtaken")
    return wrong


def crowd(many: int = CROWD) -> list[str]:
    people = [f"U_C{number:03d}" for number in range(many)]
    random.Random(7).shuffle(people)
    return people


async def test_thirty_of_two_hundred_have_a_seat_and_the_others_wait_in_turn(db):
    training = await announced(db)

    await everybody_joins([db], training, crowd())

    found = await parts(db, training)
    assert mistakes(found, CROWD) == []
    async with db.reading() as ask:
        assert await ask.audit.verify() is None
        said = await ask.connection.rows("SELECT template, channel FROM outbox WHERE op = 'post'", {})
    assert len({row["channel"] for row in said if row["template"] == "seat_confirmed"}) == SEATS
    assert len({row["channel"] for row in said if row["template"] == "seat_waitlisted"}) == CROWD - SEATS
    assert (
        len([row for row in said if row["template"].startswith("seat_") and row["channel"] in set(crowd())])
        == CROWD
    )


async def test_two_processes_on_one_postgresql_give_thirty_seats_together(postgresql, clock):
    url = postgresql.a_database()
    async with AsyncExitStack() as open_:
        both = [
            await open_.enter_async_context(open_database(url, master_key=MASTER_KEY, clock=clock))
            for _ in range(2)
        ]
        training = await announced(both[0])

        await everybody_joins(both, training, crowd())

        assert mistakes(await parts(both[1], training), CROWD) == []
    postgresql.drop(url)


async def test_whoever_presses_ten_times_at_once_has_one_seat(db):
    training = await announced(db)

    await everybody_joins([db], training, ["U_C001"] * 10)

    [found] = await parts(db, training)
    assert (found.status, found.turn) == (Place.CONFIRMED, 1)


async def test_the_last_seat_is_given_back_and_asked_for_at_once(db):
    """Ten leave while ten more come: those who waited are offered the seats, none is lost, none is given twice."""
    training = await announced(db)
    desk = desk_on(db)
    await everybody_joins([db], training, [f"U_D{number}" for number in range(40)])
    confirmed = [each for each in await parts(db, training) if each.status is Place.CONFIRMED]

    async with asyncio.TaskGroup() as group:
        for each in confirmed[:15]:
            leaving = Actor(str(each.person))
            group.create_task(patiently(lambda who=leaving, part=each.id: seats.leave(desk, who, part)))
        group.create_task(everybody_joins([db], training, crowd(10)))

    found = await parts(db, training)
    held = [each for each in found if each.holds]
    waiting = [each for each in found if each.status is Place.WAITLISTED]
    assert len(held) == SEATS
    assert len(waiting) == 50 - 15 - SEATS
    assert max(each.turn for each in held) < min(each.turn for each in waiting)


async def test_seats_taken_while_the_room_shrinks_are_never_more_than_there_are(db):
    """An organizer wants twenty seats while the crowd presses: refused or done, and true either way."""
    training = await announced(db)
    desk = desk_on(db)
    smaller = a_plan(NOW, seats={"onsite": 20})

    async def shrinks() -> str:
        for _ in range(50):
            try:
                await trainings.change(desk, LEADER, training.id, smaller)
                return "done"
            except (StorageTrouble, Changed):
                await asyncio.sleep(0.01)
            except Exception as refused:
                return type(refused).__name__
        raise AssertionError("nobody was served for long")

    async with asyncio.TaskGroup() as group:
        answer = group.create_task(shrinks())
        group.create_task(everybody_joins([db], training, crowd(60)))

    held = sum(each.holds for each in await parts(db, training))
    assert (answer.result(), held) in {("done", 20), ("TooFewSeats", 30)}


async def test_control_without_holding_the_training_the_race_goes_wrong(postgresql, clock, monkeypatch):
    """PostgreSQL: who only looks at the training meets the others in the middle of it."""
    url = postgresql.a_database()
    looks_only = kept_trainings.SQL.get
    monkeypatch.setattr(kept_trainings, "SQL", _Unheld(kept_trainings.SQL, looks_only))
    async with open_database(url, master_key=MASTER_KEY, clock=clock) as db:
        training = await announced(db)
        desk = desk_on(db)

        came = await asyncio.gather(
            *(seats.join(desk, Actor(who), training.id) for who in crowd(60)), return_exceptions=True
        )

        refused = [each for each in came if isinstance(each, Changed | ConstraintBroken)]
        assert refused or mistakes(await parts(db, training), 60)
    postgresql.drop(url)


class _Unheld:
    """The queries of trainings, but nobody waits for anybody."""

    def __init__(self, queries, looks_only) -> None:
        self._queries, self.hold = queries, looks_only

    def __getattr__(self, name: str):
        return getattr(self._queries, name)


@pytest.mark.parametrize("spoiled", ["seat", "turn", "person"])
def test_control_a_spoiled_race_is_seen(spoiled):
    good = [
        Participation(
            f"p{n}",
            "t",
            f"U{n}",
            f"U{n}",
            "onsite",
            Place.CONFIRMED if n <= SEATS else Place.WAITLISTED,
            n,
            NOW,
        )
        for n in range(1, 41)
    ]
    assert mistakes(good, 40) == []

    from dataclasses import replace

    changes = {"seat": {"status": Place.CONFIRMED}, "turn": {"turn": 39}, "person": {"attendee": "U1"}}
    bad = [*good[:-1], replace(good[-1], **changes[spoiled])]
    assert mistakes(bad, 40)
