"""Nothing is destroyed too early, nothing is readable afterwards, and a kill in between leaves all of it or nothing."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.casework import Contact
from bot.domain.consultation import Consultation, Status
from bot.domain.retention import Steadiness
from bot.domain.staff import THE_CLOCK
from bot.store import expiry as store_expiry
from bot.store import sqlite
from bot.store.database import open_database
from bot.store.destructions import Destructions
from bot.store.keys import Keys
from bot.store.records import Records
from bot.store.rows import instant
from tests.databases import MASTER_KEY, Clock
from tests.faults import retention

ENDED = datetime(2021, 5, 1, tzinfo=UTC)
NOW = datetime(2032, 4, 2, tzinfo=UTC)
SWEEPER = """
import asyncio, sys
from datetime import datetime
from bot.organisation import load
from bot.store.database import open_database
from bot.usecases import expiry
from bot.usecases.desk import Desk

expiry.AT_ONCE = 3

async def main(url, now):
    async with open_database(url, master_key=bytes(range(32)), clock=lambda: datetime.fromisoformat(now)) as db:
        print("open", flush=True)
        await expiry.sweep(Desk(db, load()), at_once=True)
        print("done", flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
def url(database_url: str) -> str:
    return database_url


async def test_whatever_happens_in_decades_each_goes_at_its_time(url, tmp_path: Path):
    verdict = await retention.lived_through(url, tmp_path, Clock(), seed=1, count=150)

    assert verdict.clean, str(verdict)
    assert verdict.destroyed >= verdict.lives == 150
    met = {"down", "leap", "back", "held", "merged", "reopened"} | ({"backups"} if "sqlite" in url else set())
    assert met <= verdict.met.keys()


async def lived(tmp_path: Path, **given) -> retention.Verdict:
    return await retention.lived_through("sqlite", tmp_path, Clock(), seed=1, count=100, **given)


async def test_control_a_key_that_is_not_destroyed_is_seen(tmp_path, monkeypatch):
    async def kept(self, owner):
        return True

    monkeypatch.setattr(Keys, "destroy", kept)

    assert (await lived(tmp_path)).readable


async def test_control_a_hold_that_is_ignored_is_seen(tmp_path, monkeypatch):
    async def ignored(self, consultation, reason):
        return True

    monkeypatch.setattr(Destructions, "hold", ignored)

    assert (await lived(tmp_path)).held


async def test_control_a_clock_that_is_believed_at_once_destroys_too_early(tmp_path, monkeypatch):
    monkeypatch.setattr(Steadiness, "believed", property(lambda self: True))

    assert (await lived(tmp_path)).early


async def test_control_backups_without_a_note_of_what_was_destroyed_bring_it_back(tmp_path):
    """By their dates alone most would be due again; those that were held back when the backup was made come back."""
    verdict = await retention.lived_through("sqlite", tmp_path, Clock(), seed=3, count=500, forgetful=True)

    assert [each for each in verdict.readable if "came back" in each]


async def seen(tmp_path) -> retention.Verdict:
    return await retention.lived_through("sqlite", tmp_path, Clock(), seed=1, count=30, steps=30)


async def test_control_without_any_change_the_few_lives_are_clean(tmp_path):
    assert (await seen(tmp_path)).clean


@pytest.mark.parametrize("what", store_expiry._SHREDDED)
async def test_control_a_table_that_is_forgotten_is_seen(tmp_path, monkeypatch, what):
    monkeypatch.setattr(
        store_expiry, "_SHREDDED", tuple(each for each in store_expiry._SHREDDED if each != what)
    )

    assert (await seen(tmp_path)).readable


@pytest.mark.parametrize("what", ["shred_messages", "shred_people"])
async def test_control_who_it_was_and_what_was_said_to_them_is_seen(tmp_path, monkeypatch, what):
    async def kept(connection, **given):
        if what == "shred_people":
            gone = "UPDATE consultations SET expired_at = :now WHERE id = :id"
            await connection.rows(gone, {"now": instant(given["now"]), "id": given["id"]})

    monkeypatch.setattr(store_expiry.SQL, what, kept)

    assert (await seen(tmp_path)).readable


async def test_control_bytes_that_are_not_overwritten_are_seen(tmp_path, monkeypatch):
    monkeypatch.setitem(sqlite._HARDENED, "secure_delete", ("OFF", 0))

    assert [each for each in (await lived(tmp_path)).readable if "in the file" in each]


async def test_control_a_record_that_is_lost_is_seen(tmp_path, monkeypatch):
    async def lost(self, record, consultation):
        return None

    monkeypatch.setattr(Records, "add", lost)

    assert (await seen(tmp_path)).lost


async def test_control_what_is_never_destroyed_is_seen(tmp_path, monkeypatch):
    async def nothing(self, *before):
        return []

    monkeypatch.setattr(store_expiry.Expiry, "due", nothing)

    assert (await seen(tmp_path)).late


async def test_control_a_leap_that_needs_nobodys_word_destroys_too_early(tmp_path, monkeypatch):
    monkeypatch.setattr(Steadiness, "waits", property(lambda self: False))

    assert (await lived(tmp_path)).early


async def test_each_world_has_a_database_of_its_own(url, tmp_path, monkeypatch):
    monkeypatch.setattr(retention, "TOGETHER", 20)
    verdict = await retention.lived_through(url, tmp_path, Clock(), seed=2, count=60, steps=12)

    assert verdict.clean, str(verdict)
    assert verdict.destroyed >= verdict.lives == 60


# Killed in the middle


async def given_due(url: str, many: int) -> None:
    async with (
        open_database(url, master_key=MASTER_KEY, clock=lambda: ENDED) as db,
        db.transaction(THE_CLOCK) as tx,
    ):
        for n in range(many):
            c = Consultation(
                id=f"{n:032x}", number=f"R3-{n:04d}", fiscal_year=2021, status=Status.CLOSED, route="phone",
                contacted_at=ENDED, received_at=ENDED, promised_at=ENDED, urgency="u3", supporter="U_TAKAGI",
                ended_at=ENDED,
            )  # fmt: skip
            await tx.consultations.add(c)
            await tx.contacts.put(c.id, Contact(phone="090-1234-5678"))
            await tx.casework.write(c.id, "story", "話。")


async def swept_until_killed(url: str, after: float) -> bool:
    """Whether it came to its end before the kill."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SWEEPER, url, instant(NOW), stdout=subprocess.PIPE
    )
    assert await process.stdout.readline() == b"open\n"
    try:
        async with asyncio.timeout(after):
            done = await process.stdout.readline() == b"done\n"
    except TimeoutError:
        done = False
    if process.returncode is None:
        os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    return done


async def halves(url: str) -> tuple[int, list[str]]:
    """How many are gone, and those of which only a part is."""
    async with open_database(url, master_key=MASTER_KEY, clock=lambda: NOW) as db, db.reading() as ask:
        rows = await ask.connection.rows(
            "SELECT c.id,"
            " (SELECT COUNT(*) FROM data_keys AS k WHERE k.owner = c.id) AS keys,"
            " (SELECT COUNT(*) FROM words AS w WHERE w.consultation = c.id) AS words,"
            " (SELECT COUNT(*) FROM contacts AS t WHERE t.consultation = c.id) AS contacts,"
            " CASE WHEN c.supporter IS NULL THEN 0 ELSE 1 END AS supporter,"
            " CASE WHEN c.expired_at IS NULL THEN 1 ELSE 0 END AS standing,"
            " 1 - (SELECT COUNT(*) FROM destructions AS d WHERE d.subject = c.id) AS unnoted,"
            " 1 - (SELECT COUNT(*) FROM audit AS a WHERE a.subject = c.id AND a.event = 'retention.destroyed') AS untold"
            " FROM consultations AS c",
            {},
        )
        assert await ask.destructions.verify() is None
        assert await ask.audit.verify() is None
    states = {row["id"]: {value for name, value in row.items() if name != "id"} for row in rows}
    return sum(state == {0} for state in states.values()), [
        each for each, state in states.items() if state not in ({0}, {1})
    ]


async def test_a_kill_in_the_middle_leaves_all_of_one_or_nothing_of_it(url):
    await given_due(url, 150)
    dice, finished, seen = random.Random(1), False, set()

    for _ in range(6):
        finished = await swept_until_killed(url, dice.uniform(0.0, 0.2))
        gone, halved = await halves(url)
        assert halved == []
        seen.add(gone)
        if finished:
            break
    if not finished:
        assert await swept_until_killed(url, 60)

    assert (await halves(url)) == (150, [])
    assert len(seen) > 1  # it was really stopped in between


async def test_control_two_transactions_instead_of_one_would_be_seen(url):
    """What a sweep that destroyed the key first and shredded the rows later would leave behind."""
    await given_due(url, 3)
    async with (
        open_database(url, master_key=MASTER_KEY, clock=lambda: NOW) as db,
        db.transaction(THE_CLOCK) as tx,
    ):
        await tx.keys.destroy(f"{1:032x}")

    assert (await halves(url))[1] == [f"{1:032x}"]
