"""Slack is away for 40 minutes, the desk is told to stop, the disk is full, the database does not answer."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator
from contextlib import suppress

import psycopg
import pytest

from bot import catching_up
from bot.manifest import manifest
from bot.practice import serve
from bot.practice.world import BOT
from bot.store.database import open_database
from bot.store.trouble import StorageTrouble
from bot.usecases import callbacks, intake
from tests.databases import MASTER_KEY, sqlite_path
from tests.desk import FOUR, Desk, until
from tests.faults import posts, power, races
from tests.faults.crowd import Crowd
from tests.faults.process import BotProcess
from tests.running import running

SORRY = "うまく書きとめられませんでした"
A_LONG_STORY = "夜間の対応が続いて疲れています。" * 150
DRAINED_SECONDS = 10.0


# Slack is away.


@pytest.fixture
async def desk_away(tmp_path, clock, monkeypatch) -> AsyncIterator[Desk]:
    """The whole desk, looking for what it missed every half second instead of every minute."""
    monkeypatch.setattr(catching_up, "LOOK_EVERY", 0.5)
    async with serve(manifest=manifest(), clock=clock) as workspace:
        workspace.link.patience, workspace.link.redelivery = 0.2, (0.0, 0.0)
        async with running(f"sqlite:///{tmp_path / 'desk.db'}", workspace, clock) as desk:
            yield desk


async def away(desk: Desk) -> None:
    """From here on Slack answers nothing, and nothing comes from it."""
    for what in ("refuse_handshake", "503", "close"):
        desk.workspace.faults.add(what=what)
    await until(lambda: _true(desk.bot.sockets.live() == 0), 10)


async def forty_minutes_pass(desk: Desk) -> None:
    """The clock goes on asking its questions; Slack has given up bringing what was written."""
    for _ in range(8):
        desk.clock.advance(minutes=5)
        await desk.ask_the_clock_in_a_storm()
        await desk.bot.delivery.look_out()
    await until(lambda: _true(desk.workspace.link.lost_events == 1), 10)


async def back(desk: Desk) -> None:
    desk.workspace.faults.clear()
    await until(lambda: _true(desk.bot.sockets.live() > 0), 10)


async def _true(truth: bool) -> bool:
    return truth


async def test_what_was_promised_before_and_during_forty_minutes_is_said_after_them(desk_away, caplog):
    desk, sato = desk_away, await desk_away.actor("U_SATO")
    number = await desk.given_waiting()
    await away(desk)
    await callbacks.claim(desk.bot.desk, sato, await desk.id_of(number))
    await intake.receive(desk.bot.desk, races.SUPPORTER, _request(), once="during")
    written = await desk.kitamura.say("bot", "いま、つながりますか。", wait=False)
    await forty_minutes_pass(desk)
    assert "the oldest message waits since" in caplog.text
    assert not await desk.rows("SELECT 1 FROM letters")

    await back(desk)

    await until(lambda: _answered(desk, "U_KITAMURA"), 10)
    await posts.until_said(desk)
    said = await posts.counted(desk)
    assert (said.lost, said.extra, said.disordered) == ([], [], [])
    assert said.promised >= 5
    assert await desk.rows("SELECT ts FROM letters") == [{"ts": written["ts"]}]


async def test_control_nobody_looking_back_what_was_written_meanwhile_stays_unread(desk_away, monkeypatch):
    async def not_at_all(_desk, _slack):
        return 0

    monkeypatch.setattr(catching_up, "once", not_at_all)
    await away(desk_away)
    await desk_away.kitamura.say("bot", "いま、つながりますか。", wait=False)
    await forty_minutes_pass(desk_away)

    await back(desk_away)

    await asyncio.sleep(2)
    assert not await _answered(desk_away, "U_KITAMURA")


async def _answered(desk: Desk, user: str) -> bool:
    await desk.bot.inbox.work_waiting()
    await desk.bot.delivery.deliver_waiting()
    return any(each["user"] == BOT for each in desk.workspace.world.dm(user).messages.values())


def _request(story: str = "") -> intake.Request:
    return intake.Request(("approach",), "u3", intake.Contact(phone="090-1234-5678"), ("any",), story=story)


# The desk is told to stop.


@pytest.mark.timeout(120)
async def test_told_to_stop_under_load_it_is_out_in_ten_seconds_with_nothing_half_done(tmp_path):
    database = f"sqlite:///{tmp_path / 'desk.db'}"
    await power.roles_granted(database)
    async with power.busy_place(6) as workspace:
        bot, crowd = BotProcess(workspace, database, tmp_path), Crowd(workspace, seed=2)
        crowd.come()
        for _ in range(4):
            async with bot:
                await crowd.heard(12, seconds=3)
                code, seconds = await bot.stop()
            assert (code, seconds < DRAINED_SECONDS) == (0, True), (code, seconds)
            halves = "SELECT COUNT(*) FROM {} WHERE state IN ({})"
            assert power.asked(database, halves.format("outbox", "'sending', 'checking', 'unknown'")) == [
                (0,)
            ]
            assert power.asked(database, halves.format("inbox", "'working'")) == [(0,)]
            assert sqlite_path(f"{database}-wal").stat().st_size == 0 if _wal(database) else True
        await crowd.leave()
        verdict = await power.counted(BotProcess(workspace, database, tmp_path), database, crowd, workspace)
    assert verdict.clean, str(verdict)
    assert crowd.acknowledged > 30


def _wal(database: str) -> bool:
    return sqlite_path(f"{database}-wal").exists()


async def test_told_to_stop_while_slack_does_not_answer_it_does_not_wait_for_ever(tmp_path):
    database = f"sqlite:///{tmp_path / 'desk.db'}"
    await power.roles_granted(database)
    async with power.busy_place(1) as workspace, BotProcess(workspace, database, tmp_path) as bot:
        takagi = workspace.person("U_TAKAGI")
        await takagi.command("/相談")
        workspace.faults.add(what="delay", seconds=25.0)
        assert (await takagi.submit(FOUR))["acked"]
        opening = asyncio.create_task(takagi.command("/相談"))
        await asyncio.sleep(0.3)

        code, seconds = await bot.stop()

        assert (code, seconds < DRAINED_SECONDS) == (0, True), (code, seconds)
        opening.cancel()
        with suppress(asyncio.CancelledError):
            await opening
    assert power.asked(database, "SELECT COUNT(*) FROM consultations") == [(1,)]


# Nothing can be stored.


async def test_a_full_disk_is_said_warmly_and_the_form_keeps_what_was_typed(sqlite_desk):
    writer = sqlite_desk.db._engine._writer
    await sqlite_desk.takagi.command("/相談")
    view = await sqlite_desk.takagi.top_view()
    await writer.run([("PRAGMA max_page_count = 1", {})])

    await sqlite_desk.takagi.submit({**FOUR, "story": A_LONG_STORY})

    assert SORRY in await sqlite_desk.takagi.seen("view")
    assert await sqlite_desk.how_many("consultations") == 0
    await writer.run([("PRAGMA max_page_count = 1000000", {})])
    await sent_once_more(sqlite_desk, view["id"])
    [row] = await sqlite_desk.rows("SELECT id FROM consultations")
    async with sqlite_desk.db.reading() as ask:
        assert [each.text for each in await ask.casework.words_of(row["id"])] == [A_LONG_STORY]


async def sent_once_more(desk: Desk, view: str) -> None:
    """The person closes the little window and sends the form that lies beneath, as it is."""
    await desk.takagi.close()
    top = await desk.takagi.top_view()
    assert (top["id"], top["callback_id"]) == (view, "intake.submit")
    await desk.takagi.submit({})
    assert "お話をお預かりしました" in await desk.takagi.seen("view")
    assert await desk.how_many("consultations") == 1


async def test_a_process_that_may_write_no_more_says_so_and_goes_on_when_it_may(tmp_path):
    """The same by the system's own hand: no file of this process may grow."""
    database = f"sqlite:///{tmp_path / 'desk.db'}"
    await power.roles_granted(database)
    async with power.busy_place(1) as workspace, BotProcess(workspace, database, tmp_path) as bot:
        takagi = workspace.person("U_TAKAGI")
        await takagi.command("/相談")
        size = sqlite_path(f"{database}-wal").stat().st_size
        _, hard = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

        await takagi.submit({**FOUR, "story": A_LONG_STORY})

        assert SORRY in await takagi.seen("view")
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (hard, hard))
        await takagi.close()
        await takagi.submit({})
        await takagi.sees("お話をお預かりしました", "view")
        assert (await bot.stop())[0] == 0
    async with open_database(database, master_key=MASTER_KEY) as db, db.reading() as ask:
        assert await ask.audit.verify() is None
    assert power.asked(database, "SELECT COUNT(*) FROM consultations") == [(1,)]


async def test_a_locked_database_is_said_warmly_before_slack_loses_patience(sqlite_desk):
    other = sqlite3.connect(sqlite_path(sqlite_desk.url), isolation_level=None, check_same_thread=False)
    await sqlite_desk.takagi.command("/相談")
    view = await sqlite_desk.takagi.top_view()
    await asyncio.to_thread(
        other.execute, "BEGIN IMMEDIATE"
    )  # what the desk has in hand, it may finish first
    crowded = [asyncio.create_task(_tries(sqlite_desk)) for _ in range(10)]  # the desk is busy besides

    answer = await sqlite_desk.takagi.submit(FOUR)

    assert (answer["acked"], answer["warning"]) == (True, None)
    assert SORRY in await sqlite_desk.takagi.seen("view")
    other.execute("ROLLBACK")
    other.close()
    await asyncio.gather(*crowded)
    await sent_once_more(sqlite_desk, view["id"])


async def _tries(desk: Desk) -> None:
    with suppress(StorageTrouble):
        async with desk.db.transaction(races.SUPPORTER) as tx:
            await tx.audit.record("access.refused", "U_TAKAGI")


async def test_control_without_a_limit_to_the_waiting_slack_loses_patience_first(sqlite_desk, monkeypatch):
    """The same lock, and a desk that waits as long as drivers do."""
    monkeypatch.setattr("bot.store.sqlite._TURN_SECONDS", 60.0)
    await sqlite_desk.db._engine._writer.run([("PRAGMA busy_timeout = 5000", {})])
    other = sqlite3.connect(sqlite_path(sqlite_desk.url), isolation_level=None, check_same_thread=False)
    await sqlite_desk.takagi.command("/相談")
    await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")

    answer = await sqlite_desk.takagi.submit(FOUR)

    other.execute("ROLLBACK")
    other.close()
    assert not answer["acked"]


# PostgreSQL goes away.


@pytest.fixture
async def postgresql_desk(postgresql, workspace, clock) -> AsyncIterator[Desk]:
    url = postgresql.a_database()
    async with running(url, workspace, clock) as desk:
        yield desk
    postgresql.drop(url)


async def test_postgresql_refusing_connections_is_said_warmly_and_nothing_is_lost(
    postgresql_desk, postgresql
):
    await postgresql_desk.takagi.command("/相談")
    view = await postgresql_desk.takagi.top_view()
    name = _name(postgresql_desk.url)
    postgresql._sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false", _everybody_out(name))

    answer = await postgresql_desk.takagi.submit(FOUR)

    assert (answer["acked"], answer["warning"]) == (True, None)
    assert SORRY in await postgresql_desk.takagi.seen("view")
    postgresql._sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    await until(lambda: _reachable(postgresql_desk), 30)
    await sent_once_more(postgresql_desk, view["id"])


async def test_postgresql_hanging_up_in_the_middle_loses_no_claim_and_doubles_none(postgresql, clock):
    """Every connection is cut again and again while counselors claim; each tries until somebody tells them who."""
    url = postgresql.a_database()
    async with open_database(url, master_key=MASTER_KEY, clock=clock) as db:
        desk = races.desk_on(db)
        wanted = await races.waiting(desk, 20)
        troubles = 0

        async def stubborn(desk, who, consultation):
            nonlocal troubles
            while True:
                try:
                    return await races.by_the_use_case(desk, who, consultation)
                except StorageTrouble:
                    troubles += 1
                    await asyncio.sleep(0.02)

        cutting = asyncio.create_task(_cut(postgresql, url))
        result = await races.race(desk, wanted, stubborn)
        cutting.cancel()
        with suppress(asyncio.CancelledError):
            await cutting
        assert troubles > 0
        assert await races.mistakes(desk, result) == []
    postgresql.drop(url)


async def _cut(postgresql, url: str) -> None:
    for _ in range(12):
        await asyncio.sleep(0.1)
        await asyncio.to_thread(postgresql._sql, _everybody_out(_name(url)))


def _name(url: str) -> str:
    return url.split("?", maxsplit=1)[0].rsplit("/", maxsplit=1)[1]


def _everybody_out(name: str) -> str:
    return f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"


async def _reachable(desk: Desk) -> bool:
    with suppress(StorageTrouble, psycopg.Error):
        return await desk.how_many("consultations") == 0
    return False
