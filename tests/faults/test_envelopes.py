"""P3, inwards: whatever happens to an envelope on its way, what it asks for happens exactly once."""

import asyncio
import time

import pytest

import bot.sockets
from bot.store.casework import Casework
from bot.store.inbox import Inbox
from bot.usecases import letters
from tests.desk import until
from tests.faults import story

HEALED_SECONDS = 10.0
STEPS = {
    "twice": [{"what": "duplicate"}],
    "late": [{"what": "late", "seconds": 0.05, "chance": 0.5}],
    "late and twice": [{"what": "late", "seconds": 0.05, "chance": 0.3}, {"what": "duplicate"}],
    "answers lost": [{"what": "lose_ack", "chance": 0.4, "seed": 3}],
    "answers lost, and twice": [{"what": "lose_ack", "chance": 0.3, "seed": 5}, {"what": "duplicate"}],
}


async def test_the_story_without_any_fault_happens_once(desk):
    await story.told(desk)

    assert await story.differences(desk) == []


@pytest.mark.parametrize("faults", STEPS.values(), ids=STEPS)
async def test_the_story_happens_once_whatever_happens_to_its_envelopes(desk, faults):
    impatient(desk)
    for fault in faults:
        desk.workspace.faults.add(**fault)

    await story.told(desk)

    await quiet(desk)
    assert sum(fault["struck"] for fault in desk.workspace.faults.rows()) > 5
    assert await story.differences(desk) == []


async def test_the_story_happens_once_while_sockets_break_and_are_asked_to_leave(sqlite_desk, monkeypatch):
    impatient(sqlite_desk)
    for fault in (
        {"what": "close", "chance": 0.15, "seed": 1, "times": 3},
        {"what": "disconnect", "reason": "refresh_requested", "chance": 0.15, "seed": 2, "times": 3},
        {"what": "disconnect", "reason": "warning", "chance": 0.3, "seed": 3},
    ):
        sqlite_desk.workspace.faults.add(**fault)

    await with_ears(sqlite_desk, story.told(sqlite_desk))

    await quiet(sqlite_desk)
    assert sum(fault["struck"] for fault in sqlite_desk.workspace.faults.rows()) > 3
    assert await story.differences(sqlite_desk) == []


async def test_control_without_the_marks_of_what_was_done_things_happen_twice(sqlite_desk, monkeypatch):
    """The same duplicates, but nobody remembers which form was sent and which message came."""

    async def always_new(_self, _key, _subject):
        return None

    accept, numbers = Inbox.accept, iter(range(1000))

    async def as_if_new(self, key, kind, payload):
        return await accept(self, f"{key}:{next(numbers)}", kind, payload)

    async def not_marked(_self, _key):
        return True

    monkeypatch.setattr(Casework, "once", always_new)
    monkeypatch.setattr(Inbox, "accept", as_if_new)
    monkeypatch.setattr(letters, "name_of", lambda payload: f"message:{payload['ts']}")
    monkeypatch.setattr(Inbox, "applied", not_marked)
    sqlite_desk.workspace.faults.add(what="duplicate")
    await sqlite_desk.takagi.command("/相談")
    await story.sends(sqlite_desk.takagi, **story.FOUR)
    await sqlite_desk.takagi.say("bot", "こんにちは。")

    async def doubled():
        return await sqlite_desk.how_many("consultations") == await sqlite_desk.how_many("inbox") == 2

    await until(doubled)


# The stale ticket: a handshake that is refused spends its ticket, and the connection asks again with the spent one.


async def test_a_wedged_connection_is_healed_within_ten_seconds(sqlite_desk):
    wedge(sqlite_desk)
    began = time.monotonic()
    await until(lambda: spent(sqlite_desk), HEALED_SECONDS)

    await until(lambda: alive(sqlite_desk), HEALED_SECONDS)

    assert time.monotonic() - began < HEALED_SECONDS
    assert (await sqlite_desk.takagi.command("/相談"))["acked"]


async def test_control_without_the_watchdog_it_stays_wedged(sqlite_desk, monkeypatch):
    for each in sqlite_desk.bot.sockets._handlers:
        each.client.ping_interval = 0.1  # it may knock more often, and still only with the spent ticket
    sqlite_desk.bot.sockets._watch.cancel()
    wedge(sqlite_desk)
    await until(lambda: spent(sqlite_desk), 20)

    for _ in range(20):
        await asyncio.sleep(0.1)
        assert not sqlite_desk.workspace.link.connections

    refused = [each for each in sqlite_desk.bot.sockets._handlers if each.client.wss_uri is not None]
    assert len(refused) == bot.sockets.CONNECTIONS


def wedge(desk) -> None:
    """Break every line, and refuse each new handshake once."""
    desk.workspace.faults.add(what="refuse_handshake", times=bot.sockets.CONNECTIONS)
    desk.workspace.faults.add(what="close")


async def spent(desk) -> bool:
    """Whether every connection has tried in vain."""
    return desk.workspace.faults.rows()[0]["struck"] == bot.sockets.CONNECTIONS


async def alive(desk) -> bool:
    return len(desk.workspace.link.connections) == bot.sockets.CONNECTIONS


def impatient(desk) -> None:
    """A Slack that waits and repeats sooner, so that a story with many mishaps is told in seconds."""
    desk.workspace.link.patience = 0.8
    desk.workspace.link.redelivery = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


async def quiet(desk) -> None:
    """Until Slack has nothing on its way any more, and the bot has applied and said everything."""

    async def nothing_on_its_way():
        return not desk.workspace.link._errands and not desk.bot.sockets._at_work

    await until(nothing_on_its_way, 15)
    await desk.settle()


async def with_ears(desk, work) -> None:
    """Do `work`, always waiting until somebody listens: a person sees that the app is away, and waits."""
    for person in ("takagi", "sato"):
        someone = getattr(desk, person)
        request = someone._request

        async def patient(method, name, request=request, **more):
            if method == "POST":
                await until(lambda: listening(desk), 20)
            return await request(method, name, **more)

        someone._request = patient
    await work


async def listening(desk) -> bool:
    return any(each.usable() for each in desk.workspace.link.connections)
