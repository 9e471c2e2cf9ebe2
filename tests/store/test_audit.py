"""The trail cannot be edited, and whoever edits it anyway is found."""

import sqlite3

import psycopg
import pytest

from bot.domain.staff import Actor
from bot.store.database import open_database
from bot.store.trouble import ConstraintBroken
from tests.databases import MASTER_KEY, sqlite_path

MIKA = Actor("U_MIKA")


@pytest.fixture
async def written(database_url, clock):
    """A trail of twenty entries; the database is closed."""
    async with open_database(database_url, master_key=MASTER_KEY, clock=clock) as db:
        for number in range(20):
            async with db.transaction(MIKA) as tx:
                await tx.audit.record("contact.seen", f"c{number}", urgency="u2", times=number)
    return database_url


def tamper(url: str, *statements: str) -> None:
    """What somebody with the whole database in their hands can do."""
    if url.startswith("sqlite"):
        with sqlite3.connect(sqlite_path(url)) as connection:
            connection.execute("DROP TRIGGER audit_is_not_edited")
            connection.execute("DROP TRIGGER audit_is_not_erased")
            for statement in statements:
                connection.execute(statement)
        connection.close()
        return
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER TABLE audit DISABLE TRIGGER ALL")
        for statement in statements:
            connection.execute(statement.replace("INSERT INTO audit", "INSERT INTO audit"))


async def verified(url: str, **given):
    async with open_database(url, master_key=MASTER_KEY) as db, db.reading() as reading:
        return await reading.audit.verify(**given)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET actor = 'x' RETURNING id", "DELETE FROM audit RETURNING id"]
)
async def test_nobody_edits_or_erases_through_the_desk(db, statement):
    async with db.transaction(MIKA) as tx:
        await tx.audit.record("x", "c1")
    with pytest.raises(ConstraintBroken, match="append-only"):
        async with db.transaction(MIKA) as tx:
            await tx.connection.rows(statement, {})
    async with db.reading() as reading:
        assert len(await reading.audit.trail()) == 1


async def test_the_untouched_trail_is_whole(written):
    assert await verified(written) is None


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("UPDATE audit SET actor = 'U_OTHER' WHERE id = 7", 7),
        ('UPDATE audit SET detail = \'{"times": 1, "urgency": "u2"}\' WHERE id = 7', 7),
        ("UPDATE audit SET at = '2026-11-24T02:00:00.000000+00:00' WHERE id = 7", 7),
        ("DELETE FROM audit WHERE id = 7", 8),
        ("DELETE FROM audit WHERE id = 1", 2),
        ("UPDATE audit SET hash = audit_hash('x') WHERE id = 7", 7),
    ],
)
async def test_every_kind_of_tampering_is_found(written, what, found):
    tamper(written, what.replace("audit_hash('x')", "'0123'"))
    assert await verified(written) == found


async def test_a_cut_end_is_found_by_whoever_kept_the_head(written):
    async with open_database(written, master_key=MASTER_KEY) as db, db.reading() as reading:
        head = await reading.audit.head()
    tamper(written, "DELETE FROM audit WHERE id > 15")
    assert await verified(written) is None  # the control: the chain alone cannot know
    assert await verified(written, upto=head) == head[0]


async def test_only_codes_get_in(db):
    for detail in ({"name": "山田花子"}, {"said": "please call me"}, {"x": object()}, {"x": ["a", "山"]}):
        with pytest.raises(ValueError, match="ids and codes"):
            async with db.transaction(MIKA) as tx:
                await tx.audit.record("x", "c1", **detail)
    async with db.transaction(MIKA) as tx:
        await tx.audit.record("x", "c1", n=1, ok=True, at=tx.now, many=["a", "b"], none=None)
    async with db.reading() as reading:
        (entry,) = await reading.audit.trail("c1")
    assert entry.detail == {
        "n": 1,
        "ok": True,
        "at": "2026-11-24T01:00:00.000000+00:00",
        "many": ["a", "b"],
        "none": None,
    }
