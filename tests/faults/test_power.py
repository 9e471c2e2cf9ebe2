"""P1: what was acknowledged survives `kill -9` of the whole bot, and nothing happens twice."""

import pytest

from tests.faults.power import killed_under_load

KILLS = {"sqlite": 25, "postgresql": 10}


@pytest.mark.timeout(280)
async def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(database_url, tmp_path):
    kills = KILLS["sqlite" if database_url.startswith("sqlite") else "postgresql"]

    verdict = await killed_under_load(database_url, tmp_path, kills=kills, seed=1)

    assert verdict.clean, str(verdict)
    assert verdict.acknowledged > kills * 3


async def test_control_a_bot_that_acknowledges_first_loses_acts(tmp_path):
    """The same people, the same kills, and a Bolt app as it comes: what it acknowledged is not all there."""
    database = f"sqlite:///{tmp_path / 'desk.db'}"

    verdict = await killed_under_load(
        database, tmp_path, kills=8, seed=1, program=("-m", "tests.faults.hasty")
    )

    assert verdict.lost, str(verdict)
