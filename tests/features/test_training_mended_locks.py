"""The clock and the organizers, and two organizers, never wait for each other: PostgreSQL would end one of them."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.seats import Place
from bot.domain.staff import Actor
from bot.domain.training import Stage
from bot.store.database import open_database
from bot.store.trouble import StorageTrouble
from bot.usecases import rosters, seats, sweeps, trainings
from bot.usecases.training_desk import keep_time
from tests.databases import MASTER_KEY
from tests.faults.seats import LEADER
from tests.faults.test_training_races import NOW, announced, desk_on
from tests.trainings import a_plan

SOMEBODY_WAITS = """
SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@pytest.fixture
async def shared(postgresql, clock):
    """A PostgreSQL: there, two write at the same time."""
    url = postgresql.a_database()
    async with open_database(url, master_key=MASTER_KEY, clock=clock) as database:
        yield database
    postgresql.drop(url)


async def waiting(db):
    """Who waits for a lock, as soon as somebody does."""
    async with asyncio.timeout(10):
        while True:
            async with db.glancing() as ask:
                if found := await ask.connection.rows(SOMEBODY_WAITS, {}):
                    return [row["pid"] for row in found]
            await asyncio.sleep(0.01)


async def open_timers(db, subject):
    async with db.reading() as ask:
        return {each.kind: each.due_at for each in await ask.timers.of(subject)}


async def postponed(tx, training):
    """As `change` does it, in the hand of an organizer."""
    later = tuple(
        replace(each, starts_at=each.starts_at + timedelta(days=1), ends_at=each.ends_at + timedelta(days=1))
        for each in training.plan.sessions
    )
    return await tx.trainings.move(training, replace(training, plan=replace(training.plan, sessions=later)))


async def test_an_organizer_who_postpones_and_the_clock_that_reminds_both_come_to_their_end(shared, clock):
    training = await announced(shared)
    desk = desk_on(shared)
    await seats.join(desk, Actor("U_A"), training.id)
    clock.advance(days=13, hours=5)

    async with shared.transaction(LEADER) as tx:
        held = await tx.trainings.get(training.id)
        sweep = asyncio.create_task(sweeps.timers(desk))
        await waiting(shared)
        moved = await postponed(tx, held)
        await keep_time(tx, desk, moved)
        await tx.timers.of(training.id)  # everything said so far has been done
    await sweep

    async with shared.reading() as ask:
        assert (await ask.trainings.get(training.id)).plan == moved.plan
    assert all(due_at > clock.now for due_at in (await open_timers(shared, training.id)).values())


async def test_an_organizer_who_calls_off_and_the_clock_that_takes_an_offer_back_both_come_to_their_end(
    shared, clock
):
    training = await announced(shared, 1)
    desk = desk_on(shared)
    first = await seats.join(desk, Actor("U_A"), training.id)
    second = await seats.join(desk, Actor("U_B"), training.id)
    await seats.leave(desk, Actor("U_A"), first.id)
    assert "t_offer" in await open_timers(shared, second.id)
    clock.advance(days=2)

    async with shared.transaction(LEADER) as tx:
        held = await tx.trainings.get(training.id)
        sweep = asyncio.create_task(sweeps.timers(desk))
        await waiting(shared)
        await tx.trainings.move(held, held.staged(Stage.CANCELLED, ended_at=tx.now, ended_because="few"))
        part = await tx.participations.get(second.id)
        await tx.timers.cancel(part.id, "t_offer")
        await tx.participations.move(part, part.placed(Place.CANCELLED))
        await tx.timers.of(part.id)
    await sweep

    assert await open_timers(shared, second.id) == {}
    async with shared.reading() as ask:
        assert (await ask.participations.get(second.id)).status is Place.CANCELLED


async def test_what_is_held_by_somebody_keeps_no_other_timer_waiting(shared, clock):
    desk = desk_on(shared)
    first, second = await announced(shared), await another(shared)
    clock.advance(days=14, hours=7)

    async with shared.transaction(LEADER) as tx:
        await tx.trainings.get(first.id)
        await sweeps.timers(desk)  # waits for the first one as long as it may, and goes on
        async with shared.reading() as ask:
            assert (await ask.trainings.get(first.id)).stage is Stage.ANNOUNCED
            assert (await ask.trainings.get(second.id)).stage is Stage.HELD

    await sweeps.timers(desk)
    async with shared.reading() as ask:
        assert (await ask.trainings.get(first.id)).stage is Stage.HELD


async def test_a_database_that_goes_away_ends_the_sweep(shared, clock):
    """The control of the test above: there is nothing to go on with."""
    desk = desk_on(shared)
    training = await announced(shared)
    clock.advance(days=14, hours=7)

    async with shared.transaction(LEADER) as tx:
        await tx.trainings.get(training.id)
        sweep = asyncio.create_task(sweeps.timers(desk))
        for pid in await waiting(shared):
            async with shared.glancing() as ask:
                await ask.connection.rows("SELECT pg_terminate_backend(:pid)", {"pid": pid})
        with pytest.raises(StorageTrouble) as trouble:
            await sweep

    assert trouble.value.reason == "gone"


async def another(db):
    """A second training beside the first."""
    desk = desk_on(db)
    made = await trainings.plan(desk, LEADER, a_plan(NOW, seats={"onsite": 100}), once="another")
    return await trainings.announce(desk, LEADER, made.id, ["C_TRAINING"])


async def test_two_rosters_of_the_same_people_are_written_at_once(db, clock):
    desk = desk_on(db)
    both = [await announced(db, 100), await another(db)]
    people = [f"U_{number:03d}" for number in range(60)]
    for training, order in zip(both, (people, people[::-1]), strict=True):
        for who in order:
            await seats.join(desk, Actor(who), training.id)
    clock.advance(days=14, hours=4)

    done = await asyncio.gather(
        *(rosters.mark_rest(desk, LEADER, each.id, each.plan.sessions[0].id) for each in both)
    )

    assert done == [60, 60]


async def test_the_homes_of_a_roster_are_drawn_once_each_and_always_in_the_same_order(db, clock):
    desk = desk_on(db)
    training = await announced(db, 100)
    people = ["U_C", "U_A", "U_D", "U_B"]
    for who in people:
        await seats.join(desk, Actor(who), training.id)
    async with db.transaction(LEADER) as tx:
        await tx.connection.rows("DELETE FROM outbox", {})
    clock.advance(days=14, hours=4)

    await rosters.mark_rest(desk, LEADER, training.id, training.plan.sessions[0].id)

    async with db.reading() as ask:
        homes = await ask.connection.rows(
            "SELECT channel, wanted FROM outbox WHERE op = 'home' ORDER BY id", {}
        )
    assert [row["channel"] for row in homes] == sorted(people)
    assert len({row["wanted"] for row in homes}) == 1


async def test_one_mark_draws_one_home(db, clock):
    """The control of the test above: nobody else's, and none where nothing changed."""
    desk = desk_on(db)
    training = await announced(db, 100)
    parts = [await seats.join(desk, Actor(who), training.id) for who in ("U_B", "U_A")]
    async with db.transaction(LEADER) as tx:
        await tx.connection.rows("DELETE FROM outbox", {})
    clock.advance(days=14, hours=4)
    session = training.plan.sessions[0].id

    for _ in range(2):
        await rosters.mark(desk, LEADER, parts[0].id, session, rosters.Attendance.ATTENDED)

    async with db.reading() as ask:
        homes = await ask.connection.rows("SELECT channel, wanted FROM outbox WHERE op = 'home'", {})
    assert homes == [{"channel": "U_B", "wanted": 1}]
