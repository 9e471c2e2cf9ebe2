"""The trail tells of every record that was kept: one that was changed, exchanged, erased or slipped in is named."""

from dataclasses import replace

import pytest

from bot.domain.staff import THE_CLOCK
from bot.store.records import SQL
from bot.store.rows import encode
from bot.usecases import record_trail
from tests.records import confirms


async def verified(desk) -> tuple[str, ...]:
    async with desk.db.reading() as ask:
        return await record_trail.verify(ask)


async def behind_the_desks_back(desk, sql: str, values: dict | None = None) -> None:
    """Do something the database itself refuses, as whoever holds the file or the server could."""
    async with desk.db.transaction(THE_CLOCK) as tx:
        if desk.db.dialect == "postgresql":
            await tx.connection.rows("ALTER TABLE records DISABLE TRIGGER USER", {})
        else:
            for row in await tx.connection.rows(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'records'", {}
            ):
                await tx.connection.rows(f"DROP TRIGGER {row['name']}", {})
        await tx.connection.rows(sql, values or {})


async def given(desk):
    """A record that was kept, and the night after it."""
    await desk.given_closed()
    record = await confirms(desk, {"situation": "訪問を断られる。"})
    await record_trail.note(desk.bot.desk)
    assert await verified(desk) == ()
    return record


def other(record, **changes):
    """Another one with a hash that is right for it."""
    changed = replace(record, **changes)
    return replace(changed, hash=record_trail.hash_of(changed))


async def test_words_and_hash_changed_together_are_named(desk):
    record = await given(desk)
    changed = other(record, situation="中川ヨシ江さん")

    await behind_the_desks_back(
        desk, "UPDATE records SET situation = :situation, hash = :hash", {"situation": changed.situation, "hash": changed.hash}
    )  # fmt: skip

    assert await verified(desk) == (record.id,)


async def test_a_record_that_is_gone_is_named(desk):
    record = await given(desk)

    async with desk.db.transaction(THE_CLOCK) as tx:
        for table in ("record_links", "record_reviews", "record_echoes"):
            await tx.connection.rows(f"DELETE FROM {table}", {})
    assert await verified(desk) == ()  # the control
    await behind_the_desks_back(desk, "DELETE FROM records")

    assert await verified(desk) == (record.id,)


@pytest.mark.parametrize(("days", "named"), [(0, False), (-1, True)])
async def test_a_record_nobody_kept_is_named_but_one_of_today_waits_for_the_night(desk, days, named):
    record = await given(desk)
    made = record.made_at.replace(day=record.made_at.day + days)
    slipped = other(record, id="f" * 32, made_at=made, of_case="f")

    async with desk.db.transaction(THE_CLOCK) as tx:
        await SQL.add(tx.connection, **encode(slipped))

    assert await verified(desk) == ((slipped.id,) if named else ())


async def test_before_the_first_night_a_record_answers_for_itself(desk):
    await desk.given_closed()
    record = await confirms(desk, {"situation": "訪問を断られる。"})
    assert await verified(desk) == ()

    await behind_the_desks_back(desk, "UPDATE records SET sex = 'male'")

    assert await verified(desk) == (record.id,)
