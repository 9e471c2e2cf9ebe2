"""The desk is closed at any moment: no accident on the way out, and what was promised is said by the next one."""

import pytest

from tests.running import running


@pytest.mark.parametrize("turn", range(6))
async def test_closed_right_after_a_request_it_ends_quietly_and_the_next_one_says_it_once(
    tmp_path, workspace, clock, turn
):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    async with running(url, workspace, clock) as desk:
        number = await desk.given_waiting(settled=False)

    clock.advance(minutes=2)
    async with running(url, workspace, clock) as desk:
        assert (await desk.row(number)).status == "received"
        assert len(await desk.cards()) == 1
        assert (await desk.takagi.reads()).count("お話をお預かりしました") == 1
