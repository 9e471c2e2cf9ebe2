"""Blank, half-way and finished databases end at the same schema, and both kinds hold the same columns."""

import shutil

import psycopg
import pytest

from bot.domain.staff import THE_CLOCK
from bot.store.database import open_database
from bot.store.migrate import HERE, migrate, steps
from bot.store.postgresql import open_postgresql
from bot.store.sqlite import open_sqlite
from bot.store.trouble import StartRefused
from tests.databases import MASTER_KEY, START, sqlite_path


def engine_of(url: str):
    return open_sqlite(sqlite_path(url)) if url.startswith("sqlite") else open_postgresql(url, connections=2)


async def schema(engine) -> list[str]:
    """Everything the database says about its own shape."""
    if engine.dialect == "sqlite":
        rows = await engine.run_script(
            [("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name", {})]
        )
        return [f"{row['type']} {row['name']} {row['sql']}" for row in rows]
    asked = (
        "SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable AS line"
        " FROM information_schema.columns WHERE table_schema = 'public'"
        " UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
        " UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
        " UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1"
    )
    return [row["line"] for row in await engine.run_script([(asked, {})])]


async def columns(engine) -> dict[str, list[str]]:
    if engine.dialect == "sqlite":
        asked = (
            "SELECT s.name AS t, c.name AS c FROM sqlite_schema AS s, pragma_table_info(s.name) AS c"
            " WHERE s.type IN ('table', 'view') AND s.name NOT LIKE 'sqlite_%' ORDER BY 1, 2"
        )
    else:
        asked = (
            "SELECT table_name AS t, column_name AS c FROM information_schema.columns"
            " WHERE table_schema = 'public' ORDER BY 1, 2"
        )
    found: dict[str, list[str]] = {}
    for row in await engine.run_script([(asked, {})]):
        found.setdefault(row["t"], []).append(row["c"])
    return {table: sorted(names) for table, names in sorted(found.items())}


def head() -> int:
    return len(steps("sqlite"))


async def test_blank_and_step_by_step_end_at_the_same_schema(blank_url, request, tmp_path):
    async with engine_of(blank_url) as engine:
        assert await migrate(engine, lambda: START) == head()
        at_once = await schema(engine)
    other = (
        f"sqlite:///{tmp_path / 'other.db'}"
        if blank_url.startswith("sqlite")
        else request.getfixturevalue("postgresql").a_database(blank=True)
    )
    for number in range(1, head() + 1):
        async with engine_of(other) as engine:
            assert await migrate(engine, lambda: START, to=number) == number
            one_by_one = await schema(engine)
            assert (one_by_one == at_once) == (number == head())
    async with engine_of(other) as engine:  # again: nothing left to do
        assert await migrate(engine, lambda: START) == head()
        assert await schema(engine) == at_once


async def test_both_databases_hold_the_same_tables_and_columns(tmp_path, postgresql):
    """All but the index of words, which each makes its own way: FTS5 in tables, PostgreSQL in a column it reckons."""
    found = []
    for url in (f"sqlite:///{tmp_path / 'desk.db'}", postgresql.a_database()):
        async with engine_of(url) as engine:
            await migrate(engine, lambda: START)
            found.append(await columns(engine))
    words = [table for table in found[0] if table.startswith("precedent_index")]
    assert words and not any(found[1].get(table) for table in words)
    found[1]["precedents"].remove("tokens")
    assert {table: names for table, names in found[0].items() if table not in words} == found[1]
    assert {"audit", "outbox", "inbox", "timers", "data_keys", "role_grants"} <= set(found[0])


def test_every_step_exists_for_both():
    assert [(s.number, s.name) for s in steps("sqlite")] == [(s.number, s.name) for s in steps("postgresql")]


def more_steps(tmp_path, text: str):
    folder = tmp_path / "migrations"
    shutil.copytree(HERE, folder)
    for dialect in ("sqlite", "postgresql"):
        (folder / dialect / f"{head() + 1:04}_more.sql").write_text(text)
    return folder


async def test_a_newer_database_is_refused(blank_url, tmp_path):
    folder = more_steps(tmp_path, "CREATE TABLE more (id INTEGER);")
    async with open_database(blank_url, master_key=MASTER_KEY, migrations=folder):
        pass
    with pytest.raises(StartRefused, match="schema_ahead"):
        async with open_database(blank_url, master_key=MASTER_KEY):
            pass


async def test_a_step_changed_after_it_ran_is_refused(blank_url, tmp_path):
    folder = more_steps(tmp_path, "CREATE TABLE more (id INTEGER);")
    async with open_database(blank_url, master_key=MASTER_KEY, migrations=folder):
        pass
    for dialect in ("sqlite", "postgresql"):
        (folder / dialect / f"{head() + 1:04}_more.sql").write_text("CREATE TABLE more (id TEXT);")
    with pytest.raises(StartRefused, match="schema_differs"):
        async with open_database(blank_url, master_key=MASTER_KEY, migrations=folder):
            pass


async def test_a_step_that_fails_leaves_nothing_of_itself(blank_url, tmp_path):
    folder = more_steps(tmp_path, "CREATE TABLE more (id INTEGER);\nINSERT INTO nowhere VALUES (1);")
    with pytest.raises(Exception, match="nowhere|42P01"):
        async with open_database(blank_url, master_key=MASTER_KEY, migrations=folder):
            pass
    async with open_database(blank_url, master_key=MASTER_KEY) as db, db.transaction(THE_CLOCK) as tx:
        await tx.timers.set("c1", "call", tx.now)
        assert "more" not in await columns(db._engine) if db.dialect == "postgresql" else True


async def test_gaps_and_strays_are_noticed(tmp_path):
    for name in ("0003_gap.sql", "notes.sql"):
        folder = tmp_path / name
        shutil.copytree(HERE / "sqlite", folder / "sqlite")
        (folder / "sqlite" / name).write_text("SELECT 1;")
        if name == "0003_gap.sql" and head() != 1:
            (folder / "sqlite" / name).rename(folder / "sqlite" / f"{head() + 2:04}_gap.sql")
        with pytest.raises(ValueError):
            steps("sqlite", folder)


async def test_two_processes_migrate_one_after_the_other(postgresql):
    import asyncio

    url = postgresql.a_database(blank=True)

    async def start() -> int:
        async with open_postgresql(url, connections=2) as engine:
            return await migrate(engine, lambda: START)

    assert await asyncio.gather(*(start() for _ in range(4))) == [head()] * 4
    with psycopg.connect(url) as connection:
        (count,) = connection.execute("SELECT count(*) FROM migrations").fetchone()
    assert count == head()
    postgresql.drop(url)
