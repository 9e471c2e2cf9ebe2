"""P3, outwards: 500 messages of the whole bot through a Slack that fails four times in ten."""

import logging
from datetime import timedelta

import pytest

from bot.courier import Courier
from bot.store.outbox import Outbox, _promise
from tests.faults import posts

POSTS = 500


@pytest.fixture(autouse=True)
def _calm(caplog):
    caplog.set_level(logging.CRITICAL, logger="bot")


async def test_five_hundred_posts_none_lost_none_extra_each_story_in_order(desk):
    posts.unlucky(desk, seed=1)
    await posts.promised(desk, POSTS)

    await posts.until_said(desk)

    struck = sum(fault["struck"] for fault in desk.workspace.faults.rows())
    desk.workspace.faults.clear()
    said = await posts.counted(desk)
    assert said.promised >= POSTS
    assert struck > said.promised * 0.4
    assert (said.lost, said.extra, said.disordered) == ([], [], [])


async def test_control_without_the_look_up_things_are_said_twice(sqlite_desk, monkeypatch):
    async def blind(_self, _a_try):
        return None

    monkeypatch.setattr(Courier, "_look_up", blind)
    posts.unlucky(sqlite_desk, seed=1)
    await posts.promised(sqlite_desk, POSTS // 4)

    await posts.until_said(sqlite_desk)

    said = await posts.counted(sqlite_desk)
    assert len(said.extra) > POSTS // 4 * 0.05
    assert said.lost == []


async def test_control_leased_without_regard_to_each_other_they_overtake(sqlite_desk, monkeypatch):
    async def lease(self, *, limit, seconds):
        now, until = (
            self._session.now.isoformat(),
            (self._session.now + timedelta(seconds=seconds)).isoformat(),
        )
        given = {"now": now, "until": until, "limit": limit}
        return [_promise(row) for row in await self._connection.rows(WITHOUT_ORDER, given)]

    monkeypatch.setattr(Outbox, "lease", lease)
    posts.unlucky(sqlite_desk, seed=1)
    await posts.promised(sqlite_desk, POSTS // 4)

    await posts.until_said(sqlite_desk)

    said = await posts.counted(sqlite_desk)
    assert said.disordered
    assert said.lost == []


WITHOUT_ORDER = """
UPDATE outbox SET
    state = CASE WHEN state = 'unknown' THEN 'checking' ELSE 'sending' END, fence = fence + 1, lease_until = :until
WHERE id IN (
    SELECT id FROM outbox
    WHERE finished_at IS NULL AND state IN ('pending', 'unknown') AND (retry_at IS NULL OR retry_at <= :now)
    ORDER BY id LIMIT :limit
)
RETURNING *
"""
