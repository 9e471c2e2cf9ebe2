"""One transaction, one instant: all or nothing, whoever is cancelled, and nobody's words in an error."""

import asyncio
import logging
import sqlite3
import subprocess
import sys

import psycopg
import pytest

from bot.domain.staff import THE_CLOCK, Actor, Role
from bot.store.database import open_database
from bot.store.sqlite import Connection
from bot.store.trouble import ConstraintBroken, StartRefused, StatementFailed, StorageTrouble
from tests.databases import MASTER_KEY, sqlite_path

MIKA = Actor("U_MIKA", frozenset({Role.COUNSELOR}))
SECRET = "YAMADA-HANAKO"
INSERT = "INSERT INTO timers (subject, kind, due_at) VALUES (:subject, :kind, :due_at)"


async def kinds(db) -> list[str]:
    async with db.reading() as reading:
        rows = await reading.connection.rows("SELECT kind FROM timers ORDER BY id", {})
    return [row["kind"] for row in rows]


async def test_a_transaction_has_one_instant_and_one_actor(db, clock):
    async with db.transaction(MIKA) as tx:
        before = tx.now
        clock.advance(seconds=5)
        await tx.audit.record("consultation.claimed", "c1")
        assert tx.now == before
    async with db.reading() as reading:
        (entry,) = await reading.audit.trail("c1")
    assert (entry.at, entry.actor) == (before, "U_MIKA")


async def test_all_or_nothing(db):
    with pytest.raises(ZeroDivisionError):
        async with db.transaction(MIKA) as tx:
            await tx.timers.set("c1", "first", tx.now)
            await tx.timers.of("c1")  # it is written, and not kept
            await tx.outbox.add("claimed", to="C1", key="k")
            _ = 1 / 0
    assert await kinds(db) == []
    async with db.transaction(MIKA) as tx:
        await tx.timers.set("c1", "second", tx.now)
    assert await kinds(db) == ["second"]


async def test_what_was_said_is_seen_by_the_next_question(db):
    async with db.transaction(MIKA) as tx:
        await tx.timers.set("c1", "call", tx.now)
        assert [each.kind for each in await tx.timers.of("c1")] == ["call"]
        await tx.audit.record("x", "c1")
        assert [each.event for each in await tx.audit.trail("c1")] == ["x"]


async def test_a_reader_sees_one_unmoving_view_and_cannot_write(db):
    async with db.reading() as reading:
        assert await reading.timers.of("c1") == []
        async with db.transaction(MIKA) as tx:
            await tx.timers.set("c1", "call", tx.now)
        assert await reading.timers.of("c1") == []
    assert await kinds(db) == ["call"]
    with pytest.raises((StorageTrouble, StatementFailed)):
        async with db.reading() as reading:
            await reading.staff.grant("U_X", Role.ADMIN)


async def test_a_commit_is_brought_to_its_end_when_cancelled(db):
    """Cancelled at every point of its life: each time all of it happened, or nothing; never a half."""
    outcomes = set()
    for turns in range(60):
        subject = f"c{turns}"

        async def act(subject=subject) -> None:
            async with db.transaction(MIKA) as tx:
                await tx.timers.set(subject, "one", tx.now)
                await tx.timers.of(subject)
                await tx.timers.set(subject, "two", tx.now)
                await tx.audit.record("x", subject)

        task = asyncio.ensure_future(act())
        for _ in range(turns):
            await asyncio.sleep(0)
        if turns % 3 == 0:
            await asyncio.sleep(0.0005 * (turns % 10))
        task.cancel()
        await asyncio.wait([task])
        async with db.reading() as reading:
            written = (len(await reading.timers.of(subject)), len(await reading.audit.trail(subject)))
        assert written in {(0, 0), (2, 1)}
        outcomes.add(written)
    assert outcomes == {(0, 0), (2, 1)}
    async with db.transaction(MIKA) as tx:  # and the desk is still open
        await tx.timers.set("after", "call", tx.now)
    async with db.reading() as reading:
        assert await reading.audit.verify() is None


async def test_control_a_plain_await_loses_track_of_the_commit(tmp_path):
    """What the shielded commit is for: without it the cancelled act has happened and the next one fails."""
    async with Connection(lambda: sqlite3.connect(tmp_path / "x.db", isolation_level=None), 64) as plain:
        await plain.run([("CREATE TABLE t (a)", {})])

        async def act() -> None:
            await plain.run([("BEGIN IMMEDIATE", {})])
            await plain.run([("INSERT INTO t VALUES (1)", {})])
            await plain.run([("COMMIT", {})])

        task = asyncio.ensure_future(act())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        with pytest.raises(StatementFailed, match="within a transaction"):
            await plain.run([("BEGIN IMMEDIATE", {})])


async def test_workers_are_woken_by_a_promise_and_by_nothing_else(db):
    heard = []
    stop = db.on_commit(lambda: heard.append("!"))
    async with db.transaction(MIKA) as tx:
        await tx.timers.set("c1", "call", tx.now)
    assert heard == []
    async with db.transaction(MIKA) as tx:
        await tx.outbox.add("claimed", to="C1", key="k")
        assert heard == []
    assert heard == ["!"]
    async with db.transaction(MIKA) as tx:
        await tx.inbox.accept("e1", "message", {"text": "x"})
    assert heard == ["!", "!"]
    stop()
    async with db.transaction(MIKA) as tx:
        await tx.outbox.home("U1")
    assert heard == ["!", "!"]


async def test_a_transaction_inside_a_transaction_is_a_mistake(sqlite_db):
    async with sqlite_db.transaction(MIKA):
        with pytest.raises(RuntimeError, match="inside"):
            async with sqlite_db.transaction(MIKA):
                pass


async def test_no_error_and_no_log_repeats_a_parameter(db, caplog):
    caplog.set_level(logging.DEBUG)
    told = []
    for sql in (
        INSERT,
        INSERT.replace("timers", "nowhere"),
        INSERT.replace("subject", "subject, subject", 1),
    ):
        try:
            async with db.transaction(MIKA) as tx:
                tx.connection.later(INSERT, {"subject": SECRET, "kind": "k", "due_at": "x"})
                await tx.connection.rows(sql, {"subject": SECRET, "kind": "k", "due_at": "x"})
        except (ConstraintBroken, StatementFailed) as error:
            told.append(f"{error!r} {error.__context__!r} {error.__cause__!r}")
            logging.getLogger("test").error("failed", exc_info=error)
    assert len(told) == 3
    assert SECRET not in "".join(told) + caplog.text


async def test_control_the_drivers_own_words_do_repeat_it(postgresql, caplog, tmp_path):
    url = postgresql.a_database()
    with psycopg.connect(url, autocommit=True) as plain:
        plain.execute("INSERT INTO ticks VALUES (%s, 'x')", (SECRET,))
        with pytest.raises(psycopg.errors.UniqueViolation, match=SECRET):
            plain.execute("INSERT INTO ticks VALUES (%s, 'x')", (SECRET,))
    postgresql.drop(url)
    caplog.set_level(logging.DEBUG)
    import aiosqlite

    async with aiosqlite.connect(tmp_path / "x.db") as connection:
        await connection.execute("SELECT ?", (SECRET,))
    assert SECRET in caplog.text


async def test_trouble_is_told_and_the_desk_recovers(sqlite_db, tmp_path):
    """Another program holds the file: the act is refused in a word; when it lets go, all goes on."""
    blocker = sqlite3.connect(tmp_path / "desk.db", isolation_level=None)
    await sqlite_db._engine._writer.run([("PRAGMA busy_timeout = 50", {})])  # not to wait in a test
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageTrouble) as refused:
        async with sqlite_db.transaction(MIKA) as tx:
            await tx.timers.set("c1", "call", tx.now)
    assert (refused.value.reason, refused.value.template) == ("busy", "refusals/storage_trouble")
    blocker.execute("ROLLBACK")
    blocker.close()
    async with sqlite_db.transaction(MIKA) as tx:
        await tx.timers.set("c1", "call", tx.now)
    assert await kinds(sqlite_db) == ["call"]


async def test_a_full_disk_is_told_and_leaves_nothing_behind(sqlite_db):
    writer = sqlite_db._engine._writer
    (pages,) = await writer.run([("PRAGMA page_count", {})])
    await writer.run([(f"PRAGMA max_page_count = {pages['page_count'] + 1}", {})])
    with pytest.raises(StorageTrouble) as refused:
        async with sqlite_db.transaction(MIKA) as tx:
            for number in range(200):
                await tx.timers.set(f"c{number}", "k" * 200, tx.now)
    assert refused.value.reason == "full"
    assert await kinds(sqlite_db) == []
    await writer.run([("PRAGMA max_page_count = 1000000", {})])
    async with sqlite_db.transaction(MIKA) as tx:
        await tx.timers.set("c1", "call", tx.now)
    assert await kinds(sqlite_db) == ["call"]


async def test_postgresql_gone_is_told_and_comes_back(postgresql, clock):
    url = postgresql.a_database()
    async with open_database(url, master_key=MASTER_KEY, clock=clock) as db:
        with pytest.raises(StorageTrouble) as refused:
            async with db.transaction(MIKA) as tx:
                await tx.timers.of("c1")
                with psycopg.connect(postgresql.url("postgres"), autocommit=True) as killer:
                    name = url.split("?", maxsplit=1)[0].rsplit("/", maxsplit=1)[1]
                    killer.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
                    )
                await tx.timers.of("c1")
        assert refused.value.reason == "gone"
        async with db.transaction(MIKA) as tx:
            await tx.timers.set("c1", "call", tx.now)
        assert await kinds(db) == ["call"]
    postgresql.drop(url)


async def refusal(url: str, **given) -> str:
    with pytest.raises(StartRefused) as refused:
        async with open_database(url, **({"master_key": MASTER_KEY} | given)):
            pass
    assert refused.value.template == f"refusals/{refused.value.why}"
    return refused.value.why


async def test_a_second_opener_of_the_same_file_is_refused(sqlite_db, tmp_path):
    assert await refusal(f"sqlite:///{tmp_path / 'desk.db'}") == "already_running"
    code = (
        "import asyncio, sys\nfrom bot.store.database import *\n"
        "async def main():\n"
        "    async with open_database(sys.argv[1], master_key=bytes(range(32))): pass\n"
        "try: asyncio.run(main())\nexcept StartRefused as no: print(no.why)"
    )
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, f"sqlite:///{tmp_path / 'desk.db'}", stdout=subprocess.PIPE
    )
    told, _ = await other.communicate()
    assert told.decode().strip() == "already_running"


async def test_it_starts_again_after_the_first_has_gone(tmp_path):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    for _ in range(2):
        async with open_database(url, master_key=MASTER_KEY) as db, db.transaction(THE_CLOCK) as tx:
            await tx.timers.set("c1", "call", tx.now)
    assert not (tmp_path / "desk.db-wal").exists()  # closed clean


async def test_a_wrong_master_key_is_refused(database_url):
    async with open_database(database_url, master_key=MASTER_KEY):
        pass
    assert await refusal(database_url, master_key=bytes(32)) == "wrong_key"
    assert await refusal(database_url, master_key=b"short") == "wrong_key"
    async with open_database(database_url, master_key=MASTER_KEY):
        pass


async def test_what_else_it_will_not_open(tmp_path):
    (tmp_path / "text.db").write_text("this is a letter, not a database " * 100)
    assert await refusal(f"sqlite:///{tmp_path / 'text.db'}") == "not_a_database"
    assert await refusal(f"sqlite:///{tmp_path / 'new.db'}", least_free=2**62) == "disk_full"
    assert await refusal("sqlite:////proc/nowhere/desk.db") == "database_unreachable"
    assert await refusal("postgresql://nobody@127.0.0.1:1/none") == "database_unreachable"
    assert await refusal("mysql://x") == "database_unreachable"


async def test_the_pragmas_are_in_force(sqlite_db, tmp_path):
    writer = sqlite_db._engine._writer
    in_force = {}
    for name in (
        "journal_mode",
        "synchronous",
        "foreign_keys",
        "secure_delete",
        "trusted_schema",
        "mmap_size",
    ):
        (row,) = await writer.run([(f"PRAGMA {name}", {})])
        in_force[name] = row[name]
    assert in_force == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
        "mmap_size": 0,
    }
    assert (tmp_path / "desk.db").stat().st_mode & 0o777 == 0o600


def test_an_address_names_a_path():
    assert str(sqlite_path("sqlite:////var/desk.db")) == "/var/desk.db"
    assert str(sqlite_path("sqlite:///var/desk.db")) == "var/desk.db"
