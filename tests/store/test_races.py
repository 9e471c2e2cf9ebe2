"""One consultation, one holder: 2,000 attempts by 50 racers, on each database."""

import asyncio
import random
import time
from collections import Counter

import pytest

from bot.domain.staff import Actor
from bot.store.database import open_database
from tests.databases import MASTER_KEY, sqlite_path

RACERS = 50
THINGS = 40  # each wanted by every racer: 2,000 attempts
CREATE = "CREATE TABLE things (id TEXT PRIMARY KEY, holder TEXT)"
TAKE = "UPDATE things SET holder = :who WHERE id = :id AND holder IS NULL RETURNING id"
LOOK = "SELECT holder FROM things WHERE id = :id"


@pytest.fixture
async def things(db):
    await db._engine.run_script([(CREATE, {})])
    async with db.transaction(Actor("U0")) as tx:
        for number in range(THINGS):
            tx.connection.later("INSERT INTO things (id) VALUES (:id)", {"id": f"c{number}"})
    return db


async def take(db, who: str, thing: str) -> bool:
    """The claim as a use case writes it."""
    async with db.transaction(Actor(who)) as tx:
        await tx.connection.rows(LOOK, {"id": thing})
        if not await tx.connection.rows(TAKE, {"id": thing, "who": who}):
            return False
        await tx.audit.record("claimed", thing)
        await tx.outbox.card("triage", to="C1", subject=thing)
        await tx.timers.set(thing, "claim_expires", tx.now)
        return True


async def race(db, how) -> Counter:
    won: Counter = Counter()

    async def racer(number: int) -> None:
        order = [f"c{each}" for each in range(THINGS)]
        random.Random(number).shuffle(order)
        for thing in order:
            got = await how(db, f"U{number}", thing)
            won[thing] += got

    async with asyncio.TaskGroup() as group:
        for number in range(RACERS):
            group.create_task(racer(number))
    return won


async def test_each_thing_has_exactly_one_winner_and_one_trace(things):
    won = await race(things, take)

    assert won == {f"c{number}": 1 for number in range(THINGS)}
    async with things.reading() as reading:
        trail = await reading.audit.trail()
        assert sorted(each.subject for each in trail) == sorted(won)
        held = await reading.connection.rows("SELECT id, holder FROM things", {})
        assert {each.subject: each.actor for each in trail} == {row["id"]: row["holder"] for row in held}
        assert await reading.audit.verify() is None
        assert len(await reading.outbox.unfinished()) == THINGS


async def test_control_reading_first_and_writing_later_gives_two_winners(things):
    """The race is real: the same racers, asking first and writing afterwards, all believe they won."""

    async def read_then_write(db, who: str, thing: str) -> bool:
        async with db.reading() as reading:
            (row,) = await reading.connection.rows(LOOK, {"id": thing})
        if row["holder"] is not None:
            return False
        async with db.transaction(Actor(who)) as tx:
            tx.connection.later("UPDATE things SET holder = :who WHERE id = :id", {"id": thing, "who": who})
        return True

    won = await race(things, read_then_write)
    assert max(won.values()) > 1


async def test_the_trail_does_not_fork_when_many_write_at_once(db):
    async def write(number: int) -> None:
        for each in range(5):
            async with db.transaction(Actor(f"U{number}")) as tx:
                await tx.audit.record("x", f"c{each}")
                await tx.timers.set(f"c{each}", f"k{number}", tx.now)

    await asyncio.gather(*(write(number) for number in range(20)))
    async with db.reading() as reading:
        assert await reading.audit.verify() is None
        assert len(await reading.audit.trail()) == 100


async def test_control_without_its_turn_the_trail_forks(postgresql, clock):
    """On PostgreSQL the turn is what keeps the chain straight."""
    url = postgresql.a_database()
    async with open_database(url, master_key=MASTER_KEY, clock=clock) as db:

        async def write(number: int) -> None:
            for _ in range(10):
                async with db.transaction(Actor(f"U{number}")) as tx:
                    await tx.audit.record("x", "c1")
                    tx.connection._last = [each for each in tx.connection._last if "advisory" not in each[0]]

        await asyncio.gather(*(write(number) for number in range(20)))
        async with db.reading() as reading:
            assert await reading.audit.verify() is not None
    postgresql.drop(url)


async def test_a_claim_is_not_slower_than_promised(tmp_path, clock):
    """Claims a second, against the same statements by the bare driver: at least 0.15 of it on SQLite."""
    database_url = f"sqlite:///{tmp_path / 'desk.db'}"
    async with open_database(database_url, master_key=MASTER_KEY, clock=clock) as db:
        await db._engine.run_script([(CREATE, {})])
        async with db.transaction(Actor("U0")) as tx:
            for number in range(300):
                tx.connection.later("INSERT INTO things (id) VALUES (:id)", {"id": f"c{number}"})
        best = 0.0
        for chunk in range(3):
            started = time.perf_counter()
            for number in range(chunk * 100, chunk * 100 + 100):
                assert await take(db, "U1", f"c{number}")
            best = max(best, 100 / (time.perf_counter() - started))
    raw = _raw(sqlite_path(database_url))
    assert best >= 0.15 * raw, f"{best:.0f} against {raw:.0f} a second"


def _raw(path) -> float:
    import sqlite3

    from bot.store.sqlite import audit_hash

    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("audit_hash", 1, audit_hash, deterministic=True)
    connection.execute("UPDATE things SET holder = NULL")
    best = 0.0
    for chunk in range(3):
        started = time.perf_counter()
        for number in range(chunk * 100, chunk * 100 + 100):
            given = {"id": f"c{number}", "who": "U2", "at": "2026", "key": f"raw{number}", "said": "[]"}
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(LOOK, given).fetchall()
            connection.execute(TAKE, given).fetchall()
            connection.execute(
                "INSERT INTO audit (at, actor, event, subject, detail, prev, hash) SELECT :at, :who, 'claimed', :id, '{}',"
                " last.hash, audit_hash(last.hash || :said) FROM (SELECT COALESCE((SELECT hash FROM audit ORDER BY id"
                " DESC LIMIT 1), '') AS hash) AS last",
                given,
            )
            connection.execute(
                "INSERT INTO outbox (key, op, template, channel, subject, facts, created_at) VALUES (:key, 'card',"
                " 'triage', 'C1', :id, '{}', :at) ON CONFLICT (key) DO UPDATE SET wanted = outbox.wanted + 1",
                given,
            )
            connection.execute("INSERT INTO timers (subject, kind, due_at) VALUES (:key, 'k', :at)", given)
            connection.execute("COMMIT")
        best = max(best, 100 / (time.perf_counter() - started))
    connection.close()
    return best
