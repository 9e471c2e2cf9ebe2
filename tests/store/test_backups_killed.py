"""Backups and restores that were killed, met another one, or found what an older desk had left."""

import asyncio
import shutil
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from bot.domain.casework import Contact
from bot.domain.consultation import Consultation, Status
from bot.domain.retention import Kind
from bot.domain.staff import THE_CLOCK, Actor, Role
from bot.organisation import load
from bot.store import backups, destroyed_log
from bot.store.backups import BackupRefused
from bot.store.database import StartRefused, open_database
from bot.store.postgresql import OPEN, held_alone
from bot.store.sqlite import beside
from bot.usecases import expiry
from bot.usecases.desk import Desk
from tests.databases import MASTER_KEY, Clock, sqlite_path
from tests.store.places import Place, destroyed_after_a_backup, gone

ADMIN = Actor("U_ADMIN", frozenset({Role.ADMIN}))
RESTORER = """
import asyncio, os, sys
from datetime import datetime
from pathlib import Path
from bot.organisation import load
from bot.usecases import expiry, restoring

path, url, now, when = sys.argv[1:]
again = expiry.again

async def killed(desk, actor, **given):
    if when == "after":
        await again(desk, actor, **given)
    os._exit(9)

expiry.again = killed
asyncio.run(restoring.restore(
    Path(path), url, bytes(range(32)), load(), Path(path).parent, clock=lambda: datetime.fromisoformat(now)
))
"""
BACKER = """
import os, sys
from datetime import datetime, timedelta
from pathlib import Path
from bot.store import backups

Path.replace = lambda self, other: os._exit(9)
url, folder, now = sys.argv[1:]
backups.make(url, Path(folder), bytes(range(32)), datetime.fromisoformat(now), timedelta(days=35))
"""
SWEEPER = """
import asyncio, os, sys
from datetime import datetime
from bot.organisation import load
from bot.store.database import open_database
from bot.store.sqlite import SQLite
from bot.usecases import expiry
from bot.usecases.desk import Desk

async def killed(self, **given):
    os._exit(9)

async def main(url, now):
    async with open_database(url, master_key=bytes(range(32)), clock=lambda: datetime.fromisoformat(now)) as db:
        SQLite.scrub = killed
        await expiry.sweep(Desk(db, load()), at_once=True)

asyncio.run(main(*sys.argv[1:]))
"""


async def killed(code: str, *words: object) -> None:
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", code, *map(str, words)], capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 9, done.stderr


@pytest.fixture
def on_sqlite(tmp_path, clock) -> Place:
    return Place(f"sqlite:///{tmp_path / 'desk.db'}", tmp_path, clock)


# What an older desk left


async def crashed(on_sqlite, to: Path) -> Path:
    """A backup, and beside it in `to` a desk as a power cut leaves it: much of it is in its log only."""
    async with on_sqlite.open() as db:
        first = await on_sqlite.asked(db)
        made = on_sqlite.backup()
        async with db.transaction(THE_CLOCK) as tx:
            for _ in range(100):
                await tx.casework.write(first, "story", "い" * 700)
        to.mkdir()
        for suffix in ("", "-wal", "-shm"):
            shutil.copy(beside(sqlite_path(on_sqlite.url), suffix), beside(to / "desk.db", suffix))
    (to / "desk.db").rename(to / "desk.db.broken")
    return made.path


async def test_the_log_of_an_older_desk_is_never_played_over_what_comes_back(on_sqlite, tmp_path):
    path, there = await crashed(on_sqlite, tmp_path / "there"), tmp_path / "there" / "desk.db"

    with pytest.raises(BackupRefused, match="left_over"):
        await on_sqlite.restore(path, f"sqlite:///{there}")
    assert not there.exists()
    beside(there, "-wal").rename(tmp_path / "wal")
    await on_sqlite.restore(path, f"sqlite:///{there}")  # the control: without it, it comes back

    async with on_sqlite.open(f"sqlite:///{there}") as db, db.reading() as ask:
        assert await ask.audit.verify() is None
        assert len(await ask.connection.rows("SELECT id FROM consultations", {})) == 1


async def test_control_an_old_log_beside_the_new_file_would_change_it(on_sqlite, tmp_path, monkeypatch):
    path, there = await crashed(on_sqlite, tmp_path / "there"), tmp_path / "there" / "desk.db"
    monkeypatch.setattr(backups, "_must_be_blank", lambda target: None)
    monkeypatch.setattr(backups, "SIDE", ())
    await on_sqlite.restore(path, f"sqlite:///{there}")

    try:
        async with on_sqlite.open(f"sqlite:///{there}") as db, db.reading() as ask:
            rows = await ask.connection.rows("SELECT id FROM words", {})
            events = [each.event for each in await ask.audit.trail()]
    except Exception:  # noqa: BLE001 - broken in whichever way
        return
    assert len(rows) != 1 or "backup.restored" not in events


# Killed


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_restore_that_was_killed_is_no_desk_and_can_be_done_again(place, elsewhere, when):
    consultation, path = await destroyed_after_a_backup(place)

    await killed(RESTORER, path, elsewhere, place.clock.now.isoformat(), when)

    if elsewhere.startswith("postgresql"):
        with pytest.raises(StartRefused, match="half_restored"):
            async with place.open(elsewhere):
                pass
        with pytest.raises(BackupRefused, match="half_restored"):
            backups.make(elsewhere, place.folder / "x", MASTER_KEY, place.clock.now, timedelta(days=35))
    await place.restore(path, elsewhere)
    async with place.open(elsewhere) as db:
        assert await gone(db, consultation)


async def test_what_a_killed_restore_left_is_gone_once_a_desk_opens_there(on_sqlite, tmp_path):
    _, path = await destroyed_after_a_backup(on_sqlite)
    there = tmp_path / "there" / "desk.db"
    there.parent.mkdir()
    await killed(RESTORER, path, f"sqlite:///{there}", on_sqlite.clock.now.isoformat(), "before")
    left = [each.name for each in there.parent.iterdir()]

    async with on_sqlite.open(f"sqlite:///{there}"):
        pass

    assert "desk.db.restoring" in left
    assert not [each.name for each in there.parent.iterdir() if "restoring" in each.name]


async def test_what_a_killed_backup_left_goes_with_the_next_backup_or_sweep(on_sqlite):
    async with on_sqlite.open() as db:
        await on_sqlite.asked(db)
        for clean in (on_sqlite.backup, None):
            await killed(BACKER, on_sqlite.url, on_sqlite.folder, on_sqlite.clock.now.isoformat())
            (on_sqlite.folder / ".copy").write_bytes(b"unsealed")
            (on_sqlite.folder / ".copy-journal").write_bytes(b"x")
            assert [each for each in on_sqlite.folder.iterdir() if each.suffix == ".part"]
            on_sqlite.clock.advance(hours=1)
            if clean:
                clean()
            else:
                await expiry.sweep(on_sqlite.desk(db))
            assert {each.suffix for each in on_sqlite.folder.iterdir()} == {".backup", ".log"}


async def test_a_kill_between_destroying_and_scrubbing_leaves_no_key_once_the_desk_opens(on_sqlite):
    async with on_sqlite.open() as db:
        consultation = await on_sqlite.withdrawn(db)
        async with db.reading() as ask:
            [row] = await ask.connection.rows(
                "SELECT wrapped FROM data_keys WHERE owner = :c", {"c": consultation}
            )

    def there() -> bool:
        path = sqlite_path(on_sqlite.url)
        return any(row["wrapped"].encode() in each.read_bytes() for each in path.parent.glob(path.name + "*"))

    await killed(SWEEPER, on_sqlite.url, datetime(2028, 4, 2, tzinfo=UTC).isoformat())
    after_the_kill = there()
    async with on_sqlite.open():
        assert not there()
    assert after_the_kill  # the control


async def test_what_was_destroyed_before_the_note_was_written_is_noted_with_the_next_backup(
    place, elsewhere, monkeypatch
):
    async with place.open() as db:
        consultation = await place.withdrawn(db)
        place.clock.now = datetime(2028, 4, 2, tzinfo=UTC)
        await expiry.hold(place.desk(db), ADMIN, consultation, "audit")
        made = place.backup()
        await expiry.lift(place.desk(db), ADMIN, consultation)
        with monkeypatch.context() as dying:
            dying.setattr(destroyed_log, "add", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                await expiry.sweep(place.desk(db), at_once=True)
        before = destroyed_log.read(place.folder)
        place.clock.advance(hours=1)
        place.backup()

    assert (len(before), len(destroyed_log.read(place.folder))) == (0, 1)
    await place.restore(made.path, elsewhere)
    async with place.open(elsewhere) as db:
        assert await gone(db, consultation)


# Two at once


async def test_two_backups_at_once_both_come_back(place, request, tmp_path):
    async with place.open() as db:
        consultation = await place.asked(db)
        async with db.transaction(THE_CLOCK) as tx:
            for _ in range(300):
                await tx.casework.write(consultation, "story", "あ" * 1500)
        made: list[object] = []

        def make(n: int) -> None:
            try:
                made.append(place.backup(now=place.clock.now + timedelta(seconds=n)).path)
            except BaseException as error:  # noqa: BLE001 - told below
                made.append(error)

        threads = [threading.Thread(target=make, args=(n,)) for n in range(3)]
        for each in threads:
            each.start()
        for each in threads:
            await asyncio.to_thread(each.join)

    assert [type(each).__name__ for each in made] == ["PosixPath"] * 3
    for n, path in enumerate(made):
        (tmp_path / f"{n}").mkdir()
        url = f"sqlite:///{tmp_path / f'{n}' / 'desk.db'}"
        if place.url.startswith("postgresql"):
            url = request.getfixturevalue("postgresql").a_database(blank=True)
        await place.restore(path, url)


async def test_a_blank_place_where_a_desk_is_open_is_refused(place, elsewhere):
    async with place.open() as db:
        await place.asked(db)
        made = place.backup()

    async with place.open(elsewhere):
        with pytest.raises(BackupRefused, match="already_running"):
            await place.restore(made.path, elsewhere)
    await place.restore(made.path, elsewhere)  # the control: once it is closed, it comes back


@pytest.mark.parametrize("who", ["alone", "together"])
async def test_a_connection_that_lets_go_a_moment_late_keeps_nobody_out(postgresql, tmp_path, clock, who):
    """PostgreSQL ends what a connection held only after the one who closed it has gone on."""
    elsewhere = postgresql.a_database(blank=True)
    place = Place(f"sqlite:///{tmp_path / 'desk.db'}", tmp_path, clock)
    how = {"alone": "pg_advisory_lock", "together": "pg_advisory_lock_shared"}[who]
    late = await psycopg.AsyncConnection.connect(elsewhere, autocommit=True)
    await late.execute(f"SELECT {how}({OPEN})")
    leaves = asyncio.create_task(closed_after(late, seconds=0.4))

    if who == "alone":
        async with place.open(elsewhere):
            assert leaves.done()
    else:
        connection = await asyncio.to_thread(psycopg.connect, elsewhere, autocommit=True)
        with connection:
            assert await asyncio.to_thread(held_alone, connection)
    await leaves


async def closed_after(connection: psycopg.AsyncConnection, *, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await connection.close()


# A clock that was set back


async def test_a_clock_that_was_set_back_lets_no_old_backup_in(place, elsewhere):
    async with place.open() as db:
        await place.withdrawn(db)
        place.clock.now = datetime(2028, 3, 30, tzinfo=UTC)
        made = place.backup()
        place.clock.now = datetime(2028, 7, 1, tzinfo=UTC)
        assert (await expiry.sweep(place.desk(db), at_once=True))[Kind.WITHDRAWN] == 1
    place.clock.now = datetime(2028, 3, 31, tzinfo=UTC)

    with pytest.raises(BackupRefused, match="too_old"):
        await place.restore(made.path, elsewhere)
    (place.folder / destroyed_log.NAME).write_text("")
    await place.restore(made.path, elsewhere)  # the control


# What is left in PostgreSQL's files


async def test_no_page_of_postgresql_keeps_a_key_or_what_was_said(postgresql):
    url, clock = postgresql.a_database(), Clock()
    ended = datetime(2018, 5, 1, tzinfo=UTC)
    async with open_database(url, master_key=MASTER_KEY, clock=clock) as db:
        async with db.transaction(THE_CLOCK) as tx:
            for n in range(30):
                over = n % 3 == 0
                c = Consultation(
                    id=f"c{n}", number=f"R3-{n}", fiscal_year=2018, status=Status.CLOSED if over else Status.RECEIVED,
                    route="phone", contacted_at=ended, received_at=ended, promised_at=ended, urgency="u3",
                    ended_at=ended if over else None, supporter=f"USECRETPERSON{n:02d}X",
                )  # fmt: skip
                await tx.consultations.add(c)
                await tx.contacts.put(c.id, Contact(phone="090-1234-5678"))
                await tx.outbox.add("x", to=f"USECRETPERSON{n:02d}X", key=f"SAID{n:02d}TO", subject=c.id)
        async with db.reading() as ask:
            wrapped = {
                row["owner"]: row["wrapped"].encode()
                for row in await ask.connection.rows("SELECT owner, wrapped FROM data_keys", {})
            }

        def found() -> set[str]:
            postgresql._sql("CHECKPOINT")
            pages = Path(str(postgresql._server.pgdata)) / "base"
            raw = b"".join(each.read_bytes() for each in pages.rglob("*") if each.is_file())
            return {f"c{n}" for n in range(30) if wrapped[f"c{n}"] in raw or f"SAID{n:02d}TO".encode() in raw}

        before = found()
        await expiry.sweep(Desk(db, load()), at_once=True)

        assert found() == {f"c{n}" for n in range(30) if n % 3}
        assert len(before) == 30  # the control
