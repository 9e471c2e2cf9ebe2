"""Accepted means durable; the same event twice is one; what fails is tried again, then set aside and told."""

import asyncio
import contextlib

import pytest

from bot.domain.refusals import NotFound
from bot.domain.staff import THE_CLOCK
from bot.inbox_worker import TRIES, InboxWorker
from bot.store.trouble import StorageTrouble

SAID = {"text": "山田花子さんのことで", "user": "U_TAKAGI"}


async def accept(db, key: str, **payload) -> bool:
    async with db.transaction(THE_CLOCK) as tx:
        return await tx.inbox.accept(key, "message", payload or SAID)


class Desk:
    """Applies events; fails as often as it is told to."""

    def __init__(self, db, *, failing: int = 0, error: type[Exception] = ZeroDivisionError) -> None:
        self.applied: list[dict] = []
        self.tries = 0
        self.dead: list[tuple[str, str]] = []
        self._failing = failing
        self._error = error
        self.worker = InboxWorker(db, self.apply, on_dead=self.told, poll=0.05)

    async def apply(self, kind: str, payload: dict) -> None:
        self.tries += 1
        if self.tries <= self._failing:
            raise self._error("so")
        self.applied.append(payload)

    async def told(self, key: str, kind: str) -> None:
        self.dead.append((key, kind))


async def test_every_event_twice_is_applied_once_and_in_order(db):
    for number in range(10):
        assert await accept(db, f"e{number}", n=number)
        assert not await accept(db, f"e{number}", n=number)
    desk = Desk(db)
    await desk.worker.work_waiting()
    assert not await accept(db, "e3", n=3)  # hours later
    await desk.worker.work_waiting()
    assert [each["n"] for each in desk.applied] == list(range(10))


async def test_two_at_once_are_one(db):
    accepted = await asyncio.gather(*(accept(db, "e1") for _ in range(10)))
    assert sorted(accepted) == [False] * 9 + [True]


async def test_what_was_in_it_is_gone_once_it_is_applied(db):
    await accept(db, "e1")
    await Desk(db).worker.work_waiting()
    async with db.reading() as reading:
        (row,) = await reading.connection.rows("SELECT * FROM inbox", {})
    assert (row["payload"], row["state"]) == (None, "applied")


async def test_what_fails_is_tried_later_and_then_works(db, clock):
    await accept(db, "e1")
    desk = Desk(db, failing=3)
    for _ in range(4):
        await desk.worker.work_waiting()
        clock.advance(seconds=10)
    assert (desk.tries, desk.applied, desk.dead) == (4, [SAID], [])


async def test_what_keeps_failing_is_set_aside_told_and_does_not_stop_the_others(db, clock):
    await accept(db, "bad")
    desk = Desk(db, failing=10**6)
    for _ in range(TRIES + 3):
        await desk.worker.work_waiting()
        clock.advance(minutes=10)
    assert desk.dead == [("bad", "message")]
    assert desk.tries == TRIES
    desk = Desk(db)
    await accept(db, "good")
    await desk.worker.work_waiting()
    assert desk.applied == [SAID]
    async with db.transaction(THE_CLOCK) as tx:
        assert [each.key for each in await tx.inbox.set_aside()] == ["bad"]
        assert await tx.inbox.revive("bad")
    await desk.worker.work_waiting()
    assert len(desk.applied) == 2


async def test_a_refusal_is_an_answer_and_trouble_is_not(db, clock):
    await accept(db, "refused")
    desk = Desk(db, failing=1, error=NotFound)
    await desk.worker.work_waiting()
    assert desk.dead == [("refused", "message")]
    await accept(db, "troubled")
    desk = Desk(db, failing=20, error=StorageTrouble)
    for _ in range(25):
        await desk.worker.work_waiting()
        clock.advance(minutes=10)
    assert (desk.dead, desk.applied) == ([], [SAID])  # trouble is never the event's fault


async def test_an_unreadable_event_does_not_block_the_rest(db):
    await accept(db, "e1")
    async with db.transaction(THE_CLOCK) as tx:
        await tx.keys.destroy("inbox:2026-11-24")
    await accept(db, "e2")
    desk = Desk(db)
    await desk.worker.work_waiting()
    await desk.worker.work_waiting()
    assert desk.applied == [SAID]
    async with db.reading() as reading:
        assert [each.key for each in await reading.inbox.set_aside()] == ["e1"]


async def test_a_worker_that_vanished_loses_nothing(db, clock):
    await accept(db, "e1")
    async with db.transaction(THE_CLOCK) as tx:
        assert len(await tx.inbox.next_waiting()) == 1
        assert await tx.inbox.next_waiting() == []
    desk = Desk(db)
    if not db.alone:  # elsewhere it may still be alive: its time must run out
        await desk.worker.work_waiting()
        assert desk.applied == []
        clock.advance(seconds=61)
    await desk.worker.work_waiting()
    assert desk.applied == [SAID]


async def test_an_effect_that_says_so_in_its_own_transaction_happens_once(db):
    """Killed between the effect and the note of it, the event comes again: the effect knows."""
    effects = []

    async def apply(kind: str, payload: dict) -> None:
        async with db.transaction(THE_CLOCK) as tx:
            if await tx.inbox.applied("e1"):
                effects.append(payload)

    await accept(db, "e1")
    await apply("message", SAID)
    await apply("message", SAID)
    await InboxWorker(db, apply).work_waiting()
    assert len(effects) == 1


async def test_keys_outlive_a_late_redelivery_and_go_after_that(db, clock):
    await accept(db, "e1")
    await Desk(db).worker.work_waiting()
    clock.advance(hours=49)
    async with db.transaction(THE_CLOCK) as tx:
        await tx.inbox.tidy()
    assert not await accept(db, "e1")
    clock.advance(hours=48)
    async with db.transaction(THE_CLOCK) as tx:
        await tx.inbox.tidy()
    assert await accept(db, "e1")


async def test_a_running_worker_is_woken_and_stops(db):
    desk = Desk(db)
    running = asyncio.create_task(desk.worker.run())
    await asyncio.sleep(0)
    await accept(db, "e1")
    async with asyncio.timeout(5):
        while not desk.applied:
            await asyncio.sleep(0.005)
        await desk.worker.stop()
        with contextlib.suppress(asyncio.CancelledError):
            await running
    assert not db._listeners


def test_an_event_does_not_show_what_is_in_it():
    from datetime import UTC, datetime

    from bot.store.inbox import Event

    assert "山田" not in repr(Event("e1", "message", SAID, datetime.now(UTC), 0, 0))
    with pytest.raises(AttributeError):
        Event("e1", "message", SAID, datetime.now(UTC), 0, 0).kind = "x"
