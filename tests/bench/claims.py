"""Claims a second: by the use case, and by the bare driver saying exactly the same statements."""

import asyncio
import shutil
import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path

from bot.domain.staff import THE_CLOCK, Actor, Role
from bot.store import sqlite
from bot.store.database import Database, open_database
from bot.store.sqlite import audit_hash
from bot.usecases import callbacks
from tests.bench.place import COUNSELORS
from tests.databases import MASTER_KEY, sqlite_path
from tests.faults import races

PARTS = 5
PRAGMAS = {**sqlite._HARDENED, "wal_autocheckpoint": ("1000", 1000)}


async def prepared(database: str, many: int) -> list[str]:
    """A database with the counselors' roles and so many consultations that wait, all said about them long ago."""
    async with open_database(database, master_key=MASTER_KEY) as db:
        async with db.transaction(THE_CLOCK) as tx:
            for counselor in COUNSELORS:
                await tx.staff.grant(counselor, Role.COUNSELOR)
        wanted = await races.waiting(races.desk_on(db), many, who=lambda number: Actor(f"U_S{number}"))
        async with db.transaction(THE_CLOCK) as tx:
            tx.connection.later(
                "UPDATE outbox SET state = 'sent', finished_at = created_at, shown = wanted, posted_in = channel,"
                " ts = '1.000001'",
                {},
            )
        return wanted


async def claimed(db: Database, wanted: list[str], in_flight: int) -> float:
    """Claim each, so many at once; give how many a second, in the fastest part."""
    desk, hands = races.desk_on(db), asyncio.Semaphore(in_flight)

    async def one(number: int, consultation: str) -> None:
        async with hands:
            counselor = Actor(COUNSELORS[number % len(COUNSELORS)], frozenset({Role.COUNSELOR}))
            await callbacks.claim(desk, counselor, consultation)

    rates = []
    for part in _parts(list(enumerate(wanted))):
        began = time.perf_counter()
        await asyncio.gather(*(one(*each) for each in part))
        rates.append(len(part) / (time.perf_counter() - began))
    return max(rates)


def _parts(everything: list) -> list[list]:
    """The same in five parts: the fastest of them is what the machine can do when nothing else asks for it."""
    size = -(-len(everything) // PARTS)
    return [everything[start : start + size] for start in range(0, len(everything), size)]


async def on_sqlite(folder: Path, many: int) -> dict[str, float]:
    """Give `raw`, and the use case with 1 and 64 at once, each a second, on files that begin alike."""
    database = f"sqlite:///{folder / 'claims.db'}"
    wanted = await prepared(database, many)
    answers: dict[str, float] = {}
    recorded: list[list[tuple]] = []
    for name in ("again.db", "raw.db"):
        shutil.copy(sqlite_path(database), folder / name)
    async with open_database(database, master_key=MASTER_KEY) as db:
        answers["1"] = await claimed(db, wanted, 1)
    async with open_database(f"sqlite:///{folder / 'again.db'}", master_key=MASTER_KEY) as db:
        answers["64"] = await claimed(db, wanted, 64)
    with _listening(recorded):
        shutil.copy(folder / "raw.db", folder / "recorded.db")
        async with open_database(f"sqlite:///{folder / 'recorded.db'}", master_key=MASTER_KEY) as db:
            recorded.clear()
            await claimed(db, wanted, 1)
            said = list(recorded)
    answers["raw"] = await asyncio.to_thread(_said_again, folder / "raw.db", said)
    return answers


@contextmanager
def _listening(recorded: list[list[tuple]]):
    """Write down all that is said to the driver."""
    run = sqlite._run

    def overheard(connection, work):
        recorded.append([(sql, dict(parameters)) for sql, parameters in work.statements])
        return run(connection, work)

    sqlite._run = overheard
    try:
        yield
    finally:
        sqlite._run = run


def _said_again(path: Path, said: list[list[tuple]]) -> float:
    """Say the very same to the bare driver; give how many claims a second, in the fastest part."""
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
    for name, (setting, _) in PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {setting}")
    connection.create_function("audit_hash", 1, audit_hash, deterministic=True)
    rates, claims = [], 0
    for part in _parts(said):
        began = time.perf_counter()
        for statements in part:
            for sql, parameters in statements:
                connection.execute(sql, parameters).fetchall()
        took = time.perf_counter() - began
        done = sum("UPDATE consultations" in sql for each in part for sql, _ in each)
        claims += done
        rates.append(done / took)
    [(found,)] = connection.execute("SELECT COUNT(*) FROM consultations WHERE counselor IS NOT NULL")
    connection.close()
    assert found == claims
    return max(rates)


async def on_postgresql(server, many: int) -> dict[str, float]:
    """Give the use case with 1 and 64 at once, each a second; the server makes every commit durable."""
    server._sql("ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()")
    answers = {}
    for in_flight in (1, 64):
        url = server.a_database()
        wanted = await prepared(url, many)
        async with open_database(url, master_key=MASTER_KEY) as db:
            await claimed(db, wanted[:20], 1)
            answers[str(in_flight)] = await claimed(db, wanted[20:], in_flight)
        server.drop(url)
    return answers
