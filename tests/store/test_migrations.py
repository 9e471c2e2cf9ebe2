"""Blank, half-way and finished databases end at the same schema, and both kinds hold the same columns."""

import shutil

import psycopg
import pytest

from bot import codes
from bot.domain.casework import Contact
from bot.domain.consultation import Consultation, Status
from bot.domain.review import Plan, Review, Stage
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


ITS_OWN = {"migrations", "held_back"}  # what each database has of itself
RELEASED = 8  # the newest step before case reviews
NEW = {
    "towns", "agencies", "experts", "gaps", "reviews", "review_people", "review_slots", "review_answers", "agreements",
    "agreement_withdrawals", "handover_receivers", "packages", "briefs", "review_sittings", "review_notes",
    "review_attendance", "review_tasks", "review_advice", "review_prints", "advice_reviews", "advice_samples", "advice_findings", "advice_models",
}  # fmt: skip


async def test_a_database_of_the_released_version_with_rows_in_it_goes_on(blank_url, request, tmp_path):
    """What was written before case reviews stands as it did, can be opened, and can be reviewed."""
    consultation = Consultation(
        id="c" * 32, number="R8-0001", fiscal_year=2026, status=Status.RECEIVED, route="slack_dm", contacted_at=START,
        received_at=START, promised_at=START, urgency="u3", concerns=("approach",), supporter="U_TAKAGI", region="koto",
    )  # fmt: skip
    full_url = (
        f"sqlite:///{tmp_path / 'full.db'}"
        if blank_url.startswith("sqlite")
        else request.getfixturevalue("postgresql").a_database()
    )
    opened = open_database(full_url, master_key=MASTER_KEY, clock=lambda: START)
    async with opened as db, db.transaction(THE_CLOCK) as tx:
        await tx.consultations.add(consultation)
        await tx.contacts.put(consultation.id, Contact(phone="090-1234-5678", name="高木"))
        await tx.casework.write(consultation.id, "story", "訪問を断られる。")
    async with engine_of(full_url) as full, engine_of(blank_url) as old:
        assert await migrate(old, lambda: START, to=RELEASED) == RELEASED
        before = await columns(old)
        assert not NEW & set(before)
        written = {}
        for table, there in before.items():
            if table in ITS_OWN or table.startswith("precedent"):
                continue
            names = ", ".join(there)
            rows = await full.run_script([(f"SELECT {names} FROM {table}", {})])
            said = f"INSERT INTO {table} ({names}) VALUES ({', '.join(':' + name for name in there)})"
            await old.run_script([(said, dict(row)) for row in rows])
            written[table] = len(rows)
        assert all(written[table] for table in ("consultations", "contacts", "words", "data_keys")), written

    async with open_database(blank_url, master_key=MASTER_KEY, clock=lambda: START) as db:
        async with db.transaction(THE_CLOCK) as tx:
            assert await tx.consultations.get(consultation.id) == consultation
            assert [each.text for each in await tx.casework.words_of(consultation.id)] == ["訪問を断られる。"]
            assert await tx.gaps.note(consultation, "pets", "hearing")
            review = Review(
                "r" * 32, consultation.id, 1, 2026, Stage.PLANNED, "U_YAMAMOTO", START, Plan(question="どう会うか"),
                codes.VERSION,
            )  # fmt: skip
            await tx.reviews.add(review)
        async with db.reading() as ask:
            assert (await ask.reviews.get(review.id)).plan.question == "どう会うか"
            assert await ask.gaps.summed(2026) == {("koto", "pets"): 1}
    async with engine_of(blank_url) as engine:
        assert set(await columns(engine)) >= NEW | set(before)


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
