"""Reminders under a clock that stalls, leaps and goes back: nobody is missed, nobody is told twice, nobody at night."""

from dataclasses import replace
from datetime import time

import pytest

from bot.domain.timeline import Quiet
from tests.databases import Clock
from tests.faults import races, timelines

COUNT = 40


@pytest.mark.parametrize("seed", [2, 3])
async def test_whatever_the_clock_does_everybody_is_reminded_once(sqlite_db, clock: Clock, seed):
    verdict = await timelines.lived_through(races.desk_on(sqlite_db), clock, seed=seed, count=COUNT)

    assert verdict.clean, str(verdict)
    assert verdict.timelines == COUNT
    assert verdict.said > 2 * COUNT
    assert {"down", "forward", "back", "moved dates"} <= verdict.met.keys()


async def test_control_a_clock_that_throws_away_what_is_late_misses_many(sqlite_db, clock: Clock):
    desk = races.desk_on(sqlite_db)

    verdict = await timelines.lived_through(desk, clock, seed=1, count=25, forgetful=True)

    assert verdict.said
    assert verdict.missed


async def test_control_a_desk_that_knows_no_night_wakes_people(sqlite_db, clock: Clock):
    desk = races.desk_on(sqlite_db)
    rules = desk.organisation.trainings.model_copy(update={"quiet": Quiet(time(0), time(0))})
    awake = replace(desk, organisation=desk.organisation.model_copy(update={"trainings": rules}))

    verdict = await timelines.lived_through(awake, clock, seed=1, count=25)

    assert [each for each in verdict.wrong if "in the night" in each]


async def test_control_a_promise_without_a_key_of_its_own_is_made_twice(sqlite_db, clock: Clock, monkeypatch):
    anew = iter(range(10**6))

    async def keyless(tx, part, template, key, **facts):
        await tx.outbox.add(
            template,
            to=part.person,
            key=f"{key}:{next(anew)}",
            subject=part.id,
            training=part.training,
            participation=part.id,
            **facts,
        )

    monkeypatch.setattr("bot.usecases.training_clock.tell", keyless)

    verdict = await timelines.lived_through(races.desk_on(sqlite_db), clock, seed=2, count=50)

    assert verdict.twice
