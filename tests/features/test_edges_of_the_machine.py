"""Behind the windows: nobody is overheard, no worker falls silent, what stops gives back what it held."""

import asyncio
import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

import schedules
from bot import catching_up
from bot.domain.staff import THE_CLOCK
from bot.store.inbox import Inbox
from bot.store.outbox import Outbox
from tests.databases import MASTER_KEY
from tests.desk import COORDINATORS, FOUR, until

ROOT = Path(__file__).parents[2]
LOST, LIVE = "これは届きませんでした。", "そのあとの文です。"


async def _lost_and_then_one_that_came(desk):
    """A message Slack never tells us of, and a newer one it does."""
    await desk.takagi.writes("はじめの文です。")
    await catching_up.once(desk.bot.desk, desk.bot.slack, desk.bot.directory)
    desk.clock.advance(minutes=20)
    place = desk.workspace
    dm = place.world.dm("U_TAKAGI")
    message = place.new_message("U_TAKAGI", LOST, thread_ts=None)
    dm.messages[message["ts"]] = message
    dm.order.append(message["ts"])
    desk.clock.advance(minutes=1)
    await desk.takagi.writes(LIVE)
    return dm


async def _written(desk):
    async with desk.db.reading() as ask:
        return [each.text for each in await ask.letters.lately("U_TAKAGI", desk.clock.now.replace(hour=0))]


async def test_a_message_that_got_lost_before_a_newer_one_is_fetched(desk):
    await _lost_and_then_one_that_came(desk)
    assert LOST not in await _written(desk)

    await catching_up.once(desk.bot.desk, desk.bot.slack, desk.bot.directory)
    await desk.settle()

    written = await _written(desk)
    assert written.count(LOST) == written.count(LIVE) == 1


async def test_were_the_place_moved_by_what_came_it_would_be_lost(sqlite_desk):
    """The control: the newer message moves the place beyond the gap."""
    desk = sqlite_desk
    dm = await _lost_and_then_one_that_came(desk)
    async with desk.db.transaction(THE_CLOCK) as tx:
        await tx.letters.listened(dm.id, dm.order[-1])

    await catching_up.once(desk.bot.desk, desk.bot.slack, desk.bot.directory)
    await desk.settle()

    assert LOST not in await _written(desk)


async def test_after_a_long_silence_nothing_is_taken_in_twice(sqlite_desk):
    desk = sqlite_desk
    await catching_up.once(desk.bot.desk, desk.bot.slack, desk.bot.directory)
    desk.clock.advance(minutes=5)
    await desk.takagi.writes(LIVE)
    desk.clock.advance(days=4)
    await desk.ask_the_clock()  # tidies, before anybody caught up
    desk.clock.advance(minutes=1)

    assert await catching_up.once(desk.bot.desk, desk.bot.slack, desk.bot.directory) == 0
    await desk.ask_the_clock()
    assert await desk.how_many("inbox") == 0  # what is old and was caught up with is forgotten


def _stumbling(times):
    """A question of the store that breaks a few times before it answers."""

    def around(answer):
        left = iter(range(times))

        async def stumbles(*args, **given):
            if next(left, None) is not None:
                raise RuntimeError("nobody expected this")
            return await answer(*args, **given)

        return stumbles

    return around


@pytest.mark.parametrize(
    ("store", "question"), [(Inbox, "next_waiting"), (Outbox, "lease"), (Outbox, "untold")]
)
async def test_a_worker_that_stumbles_goes_on(sqlite_desk, monkeypatch, store, question):
    desk = sqlite_desk
    monkeypatch.setattr(store, question, _stumbling(3)(getattr(store, question)))

    await desk.takagi.say("bot", LIVE)

    async def answered():
        return "お声がけ、ありがとうございます" in "\n".join(await desk.takagi.texts())

    await until(answered, seconds=9)


async def test_catching_up_that_stumbles_goes_on(sqlite_desk, monkeypatch):
    desk = sqlite_desk
    monkeypatch.setattr(catching_up, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(catching_up, "once", _stumbling(2)(catching_up.once))
    work = asyncio.create_task(
        catching_up.for_ever(desk.bot.desk, desk.bot.slack, desk.bot.directory, lambda: False)
    )

    before = await desk.rows("SELECT at FROM ticks WHERE name = 'caught up'")
    desk.clock.advance(minutes=1)

    async def again():
        return await desk.rows("SELECT at FROM ticks WHERE name = 'caught up'") != before

    await until(again)
    assert not work.done()
    work.cancel()


@pytest.mark.parametrize(
    ("method", "left"), [("conversations.open", "pending"), ("chat.postMessage", "unknown")]
)
async def test_what_a_stopping_desk_has_in_its_hands_is_given_back_at_once(desk, method, left):
    """Not begun: it may be sent by whoever delivers next. Begun: it is looked for first. Never: held for two minutes."""
    desk.workspace.faults.add(what="delay", method=method, seconds=5)
    await desk.takagi.command("/相談")
    await desk.takagi.submit(**FOUR)

    async def in_hand():
        return bool(await desk.rows("SELECT 1 FROM outbox WHERE template = 'receipt' AND state = 'sending'"))

    await until(in_hand)
    await asyncio.sleep(0.2)
    await desk.bot.delivery.stop(0.05)

    [row] = await desk.rows("SELECT state FROM outbox WHERE template = 'receipt'")
    assert row["state"] == left


async def test_the_coordinators_hear_once_that_messages_wait(sqlite_desk):
    desk = sqlite_desk
    desk.workspace.faults.add(what="503", method="conversations.open")
    await desk.given_waiting()
    for _ in range(3):
        desk.clock.advance(minutes=6)
        await desk.bot.delivery.look_out()

    await desk.settle()
    assert (await desk.yamamoto.reads(COORDINATORS)).count("お知らせが5分以上とどまっています") == 1


async def test_the_coordinators_hear_once_that_the_clock_stopped(sqlite_desk):
    desk = sqlite_desk
    asked = schedules.Asked(desk.bot.desk, desk.bot.directory)
    for job in schedules.JOBS:
        await schedules.tick(job, asked)
    assert await schedules.watched(asked, False) is False

    told = False
    for _ in range(3):
        desk.clock.advance(minutes=20)
        told = await schedules.watched(asked, told)

    await desk.settle()
    assert told
    assert (await desk.yamamoto.reads(COORDINATORS)).count("お約束の時間を見る仕事") == 1


async def test_marks_and_finished_timers_are_forgotten_in_their_time(sqlite_desk):
    desk = sqlite_desk
    await desk.takagi.asks()
    async with desk.db.transaction(THE_CLOCK) as tx:
        await tx.timers.set("c1", "call", tx.now)
        for timer in await tx.timers.due():
            await tx.timers.finish(timer.id)
    done = "SELECT 1 FROM timers WHERE done_at IS NOT NULL"

    await desk.passes(days=80)
    assert await desk.how_many("done_once") > 0
    assert await desk.rows(done)
    await desk.passes(days=11)
    assert await desk.how_many("done_once") == 0
    assert await desk.rows(done + " AND subject = 'c1'") == []


def _command(place, *words):
    ours = {name for name in os.environ if name.startswith(("YORISOI_", "SLACK_"))}
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment |= {
        "PYTHONPATH": str(ROOT),
        "YORISOI_DATABASE": f"sqlite:///{place / 'desk.db'}",
        "YORISOI_MASTER_KEY": base64.b64encode(MASTER_KEY).decode(),
    }
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_end_of_the_trail_can_be_kept_and_asked_for_again(tmp_path):
    assert _command(tmp_path, "role", "grant", "U_MORI", "counselor").returncode == 0
    said = _command(tmp_path, "check")
    [head] = [line.rpartition("：")[2] for line in said.stdout.splitlines() if "記録の最後" in line]
    entry, _, told = head.partition(":")
    assert entry.isdecimal()
    assert len(told) == 64

    assert _command(tmp_path, "check", "--audit-head", head).returncode == 0
    cut_off = _command(tmp_path, "check", "--audit-head", f"{int(entry) + 9}:{told}")
    assert cut_off.returncode == 2
    assert "Traceback" not in cut_off.stderr
    assert cut_off.stderr.strip()
    assert "check が出したとおり" in _command(tmp_path, "check", "--audit-head", "なに").stderr
