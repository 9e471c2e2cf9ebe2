"""The announcement counts seats while people press: edited in place, never posted again, a few seconds apart."""

import asyncio
from datetime import datetime
from itertools import pairwise

from bot.usecases import training_desk
from tests.desk import TRAINING, Desk
from tests.trainings import given_announced, newcomers

CROWD = 41
MINUTE = 60
APART = 3  # seconds


async def forty_one_press_within_a_minute(desk: Desk) -> None:
    """Each a second and a half after the one before; the bot says what it has to, meanwhile."""
    await given_announced(desk)
    for who in await newcomers(desk, CROWD):
        await desk.person(who).press("seat.join", channel=TRAINING)
        await desk.settle()
        desk.clock.advance(seconds=MINUTE / CROWD)
    desk.clock.advance(seconds=5)
    await desk.settle()


def edits(desk: Desk) -> list[datetime]:
    """When the announcement was edited."""
    return [
        datetime.fromisoformat(row["at"])
        for row in desk.workspace.traffic.after(0)
        if row["direction"] == "bot→slack"
        and row["method"] == "chat.update"
        and row["request"]["channel"] == TRAINING
    ]


def closest(found: list[datetime]) -> float:
    """The shortest pause between two edits, in seconds."""
    return min((later - earlier).total_seconds() for earlier, later in pairwise(found))


async def announcements(desk: Desk) -> list[str]:
    return [each for each in await desk.takagi.texts(TRAINING) if "ダブルケア" in each]


async def test_forty_one_presses_are_a_few_edits_of_one_card(desk):
    await forty_one_press_within_a_minute(desk)

    found = edits(desk)
    [card] = await announcements(desk)
    assert 2 <= len(found) <= MINUTE / APART
    assert closest(found) >= APART
    assert "満席・キャンセル待ち 11人" in card
    assert "定員 30人" in card


async def test_the_counter_is_never_long_behind(sqlite_desk):
    """While people press it is redrawn now and then, not only when they are done."""
    await forty_one_press_within_a_minute(sqlite_desk)

    found = edits(sqlite_desk)[:-1]  # the last one waits until nobody presses any more
    assert max((later - earlier).total_seconds() for earlier, later in pairwise(found)) < 9


async def test_presses_at_the_same_moment_are_one_edit(desk):
    await given_announced(desk)
    people = await newcomers(desk, 12)

    await asyncio.gather(*(desk.person(who).press("seat.join", channel=TRAINING) for who in people))
    desk.clock.advance(seconds=10)
    await desk.settle()

    [card] = await announcements(desk)
    assert len(edits(desk)) == 1
    assert "あと18席" in card


async def test_control_without_the_pause_every_press_is_an_edit(sqlite_desk, monkeypatch):
    monkeypatch.setattr(training_desk, "COALESCED", None)

    await forty_one_press_within_a_minute(sqlite_desk)

    found = edits(sqlite_desk)
    assert len(found) > MINUTE / APART
    assert closest(found) < APART
