"""What is frozen stays as it is, whatever the statement: records, releases, the trail."""

import pytest

from bot.domain.events import Event
from bot.domain.staff import THE_CLOCK
from bot.store.database import ConstraintBroken, StatementFailed
from tests.precedents import kept, record

RELEASE = {
    "id": "r1", "at": "2026", "made_by": "U", "since": "2026-04-01", "until": "2026-05-01", "ruleset": "t",
    "codes_version": "t", "classes": "{}", "counted": "{}", "records": "[]", "made_of": "[]", "hash": "h",
}  # fmt: skip


async def _frozen(db) -> None:
    async with db.transaction(THE_CLOCK) as tx:
        await kept(tx, record("one"))
        await tx.audit.record(Event.RECORD_KEPT, "one")
        tx.connection.later(_insert("releases", RELEASE), RELEASE)


def _insert(table: str, row: dict, how: str = "INSERT") -> str:
    return f"{how} INTO {table} ({', '.join(row)}) VALUES ({', '.join(f':{each}' for each in row)})"


async def _everything(db) -> list[dict]:
    async with db.reading() as ask:
        return [
            row
            for table in ("records", "releases", "audit")
            for row in await ask.connection.rows(f"SELECT * FROM {table}", {})
        ]


@pytest.mark.parametrize(
    ("table", "key", "other"),
    [
        ("records", {}, {}),
        ("records", {"rowid": 1}, {"id": "two"}),
        ("releases", {}, {}),
        ("releases", {"rowid": 1}, {"id": "two", "since": "2026-01-01"}),
        ("releases", {}, {"id": "two"}),  # of the same months
        ("audit", {}, {}),
    ],
)
async def test_what_is_frozen_is_not_replaced(sqlite_db, table, key, other):
    await _frozen(sqlite_db)
    before = await _everything(sqlite_db)
    [row] = [dict(each) async for each in _rows(sqlite_db, table)]
    row |= {"hash": "another", **key, **other}

    with pytest.raises((ConstraintBroken, StatementFailed)):
        async with sqlite_db.transaction(THE_CLOCK) as tx:
            await tx.connection.rows(_insert(table, row, "INSERT OR REPLACE"), row)
    assert await _everything(sqlite_db) == before

    async with sqlite_db.transaction(THE_CLOCK) as tx:  # the control: without its trigger it would be
        await tx.connection.rows(
            f"DROP TRIGGER {table}_{'is' if table == 'audit' else 'are'}_not_replaced", {}
        )
        await tx.connection.rows(_insert(table, row, "INSERT OR REPLACE"), row)
    assert len(await _everything(sqlite_db)) == 3
    assert await _everything(sqlite_db) != before


async def _rows(db, table):
    async with db.reading() as ask:
        for row in await ask.connection.rows(f"SELECT * FROM {table}", {}):
            yield row


@pytest.mark.parametrize("table", ["records", "releases"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {0} SET hash = 'another'",
        "DELETE FROM {0}",
        "INSERT INTO {0} SELECT * FROM {0} WHERE TRUE ON CONFLICT (id) DO UPDATE SET hash = 'another'",
    ],
)
async def test_what_is_frozen_is_neither_changed_nor_erased(db, table, statement):
    await _frozen(db)
    before = await _everything(db)

    with pytest.raises((ConstraintBroken, StatementFailed)):
        async with db.transaction(THE_CLOCK) as tx:
            await tx.connection.rows(statement.format(table), {})

    assert await _everything(db) == before
