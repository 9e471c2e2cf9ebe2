"""The practice workspace's clock is the desk's: who moves it on, reaches the day of the training."""

from datetime import timedelta

import pytest

from bot import run
from bot.manifest import manifest
from bot.practice import serve
from bot.practice.person import words
from bot.usecases import trainings
from tests.desk import TRAINING, until
from tests.running import give_roles, settings
from tests.trainings import ORGANIZER, a_plan


@pytest.fixture
async def scheduled(tmp_path):
    """A training that is announced by itself in a day, at a desk whose clock ticks."""
    async with serve(manifest=manifest()) as place:
        doors = {"bot_token": place.bot_token, "app_token": place.app_token, "api_url": place.api_url}
        url = f"sqlite:///{tmp_path / 'desk.db'}"
        async with run.put_together(settings(url), **doors, clock=place.clock.now) as bot:
            await give_roles(bot)
            actor, now = await bot.directory.actor(ORGANIZER), place.clock.now()
            made = await trainings.plan(bot.desk, actor, a_plan(now))
            await trainings.announce(bot.desk, actor, made.id, [TRAINING], now + timedelta(days=1))
            yield place


async def _announced(place) -> bool:
    return any("ダブルケア" in words(each) for each in await place.person(ORGANIZER).messages(TRAINING))


async def test_a_clock_that_was_moved_on_announces_at_once_what_was_to_come(scheduled):
    assert not await _announced(scheduled)

    scheduled.advance(timedelta(days=1, minutes=1).total_seconds())

    await until(lambda: _announced(scheduled), seconds=8)


async def test_before_its_time_nothing_is_announced(scheduled):
    """The control: the clock is moved, and not far enough."""
    scheduled.advance(timedelta(hours=23).total_seconds())

    with pytest.raises(TimeoutError):
        await until(lambda: _announced(scheduled), seconds=3)


async def test_a_leap_is_no_alarm(scheduled, monkeypatch):
    monkeypatch.setattr(run, "DEAD_MAN_SECONDS", 0.0)  # it looks at each glance

    scheduled.advance(timedelta(days=1, minutes=1).total_seconds())

    await until(lambda: _announced(scheduled), seconds=8)
    said = [words(each) for each in await scheduled.person("U_YAMAMOTO").messages("C_COORD")]
    assert said == []
