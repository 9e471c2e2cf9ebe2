"""P2: one consultation, one holder. 2,000 attempts by 50 racers, on each database."""

import asyncio

import pytest

from bot.domain.refusals import Changed, TooLate
from bot.store.trouble import StorageTrouble
from bot.usecases import closing
from tests.faults import races

THINGS = 40  # each wanted by all fifty


async def test_each_has_one_winner_and_everybody_else_is_told_who(db):
    desk = races.desk_on(db)
    wanted = await races.waiting(desk, THINGS)

    result = await races.race(desk, wanted, races.by_the_use_case)

    assert result.attempts == 2000
    assert await races.mistakes(desk, result) == []


async def test_control_looking_first_gives_one_call_back_to_two(db):
    desk = races.desk_on(db)
    wanted = await races.waiting(desk, THINGS)

    result = await races.race(desk, wanted, races.by_reading_first)

    assert max(len(winners) for winners in result.winners.values()) > 1
    assert await races.mistakes(desk, result)


async def test_the_same_person_pressing_ten_times_at_once_presses_once(db):
    desk = races.desk_on(db)
    [wanted] = await races.waiting(desk, 1)
    async with asyncio.TaskGroup() as group:
        presses = [group.create_task(races.by_the_use_case(desk, races.racer(1), wanted)) for _ in range(10)]

    assert {each.result() for each in presses} == {"U_R1"}
    result = races.Race(winners={wanted: {"U_R1"}}, told={wanted: races.Counter(["U_R1"])})
    assert await races.mistakes(desk, result) == []


async def test_two_intakes_are_never_put_into_each_other(db):
    desk = races.desk_on(db)
    coordinator = races.Actor("U_YAMAMOTO", frozenset({races.Role.COORDINATOR}))
    for each in range(2):
        one, other = await races.waiting(desk, 2, name=f"pair{each}")
        async with db.reading() as ask:
            numbers = {id_: (await ask.consultations.get(id_)).number for id_ in (one, other)}

        done = await asyncio.gather(
            closing.merge(desk, coordinator, one, numbers[other]),
            closing.merge(desk, coordinator, other, numbers[one]),
            return_exceptions=True,
        )

        assert sum(isinstance(each, TooLate | StorageTrouble) for each in done) == 1, done
        async with db.reading() as ask:
            merged = [(await ask.consultations.get(id_)).merged_into for id_ in (one, other)]
        assert merged.count(None) == 1


async def test_a_step_from_a_version_that_is_gone_is_not_written_nor_anything_beside_it(db):
    desk = races.desk_on(db)
    [wanted] = await races.waiting(desk, 1)
    async with db.reading() as ask:
        stale = await ask.consultations.get(wanted)
    await races.by_the_use_case(desk, races.racer(1), wanted)
    claim = stale.claimed_by("U_R2", db.clock(), db.clock())

    for asks_more in (False, True):
        with pytest.raises(Changed):
            async with db.transaction(races.racer(2)) as tx:
                await tx.consultations.move(stale, claim)
                await tx.audit.record("claim.taken", "beside")
                if asks_more:
                    await tx.consultations.waiting()

    async with db.reading() as ask:
        assert (await ask.consultations.get(wanted)).counselor == "U_R1"
        assert await ask.audit.trail("beside") == []
