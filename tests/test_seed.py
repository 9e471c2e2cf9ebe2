"""The made-up year: as many consultations as asked for, as the use cases write them, and nobody hears of it."""

import base64
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import schedules
from bot import codes, homes, organisation
from bot.domain.phone import Phone
from bot.domain.staff import Role
from bot.messages import words
from bot.practice.validate import check_view
from bot.privacy.anonymizer import anonymize
from bot.seed import NotEmpty, fill
from bot.seed_words import read
from bot.store.database import Database, open_database
from bot.usecases.desk import Desk, sounds_dangerous
from tests.databases import MASTER_KEY, Clock, sqlite_path
from tests.running import settings

NOW = datetime(2026, 11, 24, 1, 20, tzinfo=UTC)  # a Tuesday, twenty past ten in Otsu
ROOT = Path(__file__).parents[1]
CLOSED_NUMBER = re.compile(r"0(77-000|748-00|749-00|740-00)-\d{4}")


@asynccontextmanager
async def opened(url: str, now: datetime = NOW) -> AsyncIterator[Database]:
    async with open_database(url, master_key=MASTER_KEY, clock=Clock(now)) as db:
        yield db


async def rows(db: Database, sql: str) -> list[dict[str, Any]]:
    async with db.reading() as ask:
        return await ask.connection.rows(sql, {})


async def column(db: Database, sql: str) -> list[Any]:
    return [next(iter(row.values())) for row in await rows(db, sql)]


def told(path: Path, table: str, *without: str) -> list[tuple[Any, ...]]:
    """All rows of a table, without what is sealed anew each time."""
    with sqlite3.connect(path) as connection:
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        kept = [name for name in names if name not in without and not name.endswith("_sealed")]
        return sorted(connection.execute(f"SELECT {', '.join(kept)} FROM {table}"), key=repr)


async def test_as_many_consultations_as_asked_for_numbered_without_a_gap(database_url):
    await fill(settings(database_url), 60, 1, now=NOW)

    async with opened(database_url) as db:
        numbers = await column(db, "SELECT number FROM consultations ORDER BY number")
        received = await column(db, "SELECT received_at FROM consultations ORDER BY number")
        assert numbers == [f"R8-{n:04d}" for n in range(1, 61)]
        assert received == sorted(received)
        assert received[-1] < NOW.isoformat()
        async with db.reading() as ask:
            assert await ask.audit.verify() is None


async def test_nothing_is_left_to_be_said(database_url):
    await fill(settings(database_url), 60, 1, now=NOW)

    async with opened(database_url) as db:
        assert await column(db, "SELECT COUNT(*) FROM outbox WHERE finished_at IS NULL") == [0]
        await ask_the_clock(db)
        late = await rows(db, "SELECT template, subject FROM outbox WHERE finished_at IS NULL")
        assert late == []


async def test_what_falls_due_later_is_said(tmp_path):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    await fill(settings(url), 60, 1, now=NOW)

    async with opened(url, NOW + timedelta(days=20)) as db:
        await ask_the_clock(db)
        assert await column(db, "SELECT COUNT(*) FROM outbox WHERE finished_at IS NULL") != [0]


class Nobody:
    async def has_left(self, user_id: str) -> bool:
        return False


async def ask_the_clock(db: Database) -> None:
    asked = schedules.Asked(Desk(db, organisation.load()), Nobody())
    for job in schedules.JOBS:
        await job.do(asked)


async def test_the_year_holds_every_kind_of_life(tmp_path):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    await fill(settings(url), 400, 2, now=NOW)

    async with opened(url) as db:
        statuses = set(await column(db, "SELECT DISTINCT status FROM consultations"))
        events = set(await column(db, "SELECT DISTINCT event FROM audit"))
        assert statuses >= {
            "received",
            "hearing_done",
            "advising",
            "closed",
            "withdrawn",
            "merged",
            "suspended",
        }
        assert events >= {
            "claim.taken", "claim.assigned", "claim.expired", "claim.released", "callback.called",
            "callback.goes_on", "handover.accepted", "hearing.recorded", "activity.recorded", "draft.saved",
            "follow_up.asked", "follow_up.answered", "consultation.reopened", "record.confirmed", "details.read",
            "intake.counted", "duty.called", "role.granted",
        }  # fmt: skip
        assert await column(db, "SELECT COUNT(*) FROM records") > [200]
        assert await column(db, "SELECT COUNT(*) FROM counted") > [30]
        assert await column(db, "SELECT COUNT(*) FROM drafts") > [0]
        travelled = await column(db, "SELECT COUNT(*) FROM activities WHERE travel_minutes > 0")
        assert travelled > [20]


async def test_large_places_ask_more_and_the_desk_sleeps_on_sundays(tmp_path):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    await fill(settings(url), 400, 3, now=NOW)

    with sqlite3.connect(sqlite_path(url)) as db:
        places = dict(db.execute("SELECT municipality, COUNT(*) FROM consultations GROUP BY 1"))
        days = dict(
            db.execute(
                "SELECT strftime('%w', received_at, '+9 hours'), COUNT(*) FROM consultations GROUP BY 1"
            )
        )
        pairs = db.execute(
            "SELECT concerns, characteristics FROM consultations WHERE characteristics <> '[]'"
        ).fetchall()
    assert places["252018"] > 3 * places.get("254410", 0)
    assert days["1"] > 10 * days.get("0", 0)
    burnt_out = [b for a, b in pairs if "isolation_burnout" in a]
    others = [b for a, b in pairs if "isolation_burnout" not in a]
    assert share("no_case", burnt_out) > 3 * share("no_case", others)


def share(code: str, lists: list[str]) -> float:
    return sum(code in each for each in lists) / len(lists)


async def test_what_is_sealed_opens_and_is_nobodys(database_url):
    await fill(settings(database_url), 40, 4, now=NOW)

    async with opened(database_url) as db, db.reading() as ask:
        held = [row["id"] for row in await ask.connection.rows("SELECT id FROM consultations", {})]
        contacts = [await ask.contacts.of(each) for each in held]
        written = [text for each in held for text in await ask.casework.words_of(each)]
        assert all(CLOSED_NUMBER.fullmatch(each.phone) for each in contacts)
        assert {each.name for each in contacts} <= {"", *read("words")["names"]}
        assert len({each.text for each in written}) > 60
        assert not [each.text for each in written if anonymize(each.text).spans]


async def test_everybodys_home_is_alive(database_url):
    await fill(settings(database_url), 80, 5, now=NOW)

    there = organisation.load()
    async with opened(database_url) as db, db.reading() as ask:
        counselor = await homes.facts(ask, "U_SATO")
        coordinator = await homes.facts(ask, "U_YAMAMOTO")
        supporter = await homes.facts(ask, "U_TAKAGI")
        operator = await homes.facts(ask, "U_TANAKA")
        assert Role.COUNSELOR in counselor.roles
        assert counselor.held
        assert len(counselor.waiting) >= 2
        assert coordinator.waiting == counselor.waiting
        assert supporter.own
        assert operator.entered
        for each in (counselor, coordinator, supporter, operator):
            check_view(homes.view(each, there), "home")


async def test_nobody_waits_beyond_a_promise_without_a_reason(tmp_path):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    await fill(settings(url), 300, 6, now=NOW)

    async with opened(url) as db, db.reading() as ask:
        late = await ask.consultations.unkept(NOW)
        open_ones = await ask.connection.rows(
            "SELECT id, next_action_on FROM consultations WHERE status IN ('hearing_done', 'advising', 'follow_up')",
            {},
        )
        overdue = await ask.consultations.overdue_next(NOW.date())
    assert late == []
    assert all(each["next_action_on"] for each in open_ones)
    assert len(overdue) < len(open_ones) / 4


async def test_the_same_seed_makes_the_same_year_and_another_another(tmp_path):
    paths = [tmp_path / f"{n}.db" for n in range(3)]
    for path, seed in zip(paths, (7, 7, 8), strict=True):
        await fill(settings(f"sqlite:///{path}"), 40, seed, now=NOW)

    for table in (
        "consultations",
        "words",
        "call_attempts",
        "hearings",
        "activities",
        "records",
        "trainings",
        "attendances",
        "audit",
        "timers",
    ):
        assert told(paths[0], table) == told(paths[1], table), table
    # By what people without Slack, and names, are known again, is made with a key of the database's own.
    for table, fingerprint in (("participations", "attendee"), ("certificates", "name_hash")):
        assert told(paths[0], table, fingerprint) == told(paths[1], table, fingerprint), table
    # The ids of feedback are drawn so that nobody can put it in the order it was given.
    assert told(paths[0], "feedback", "id") == told(paths[1], "feedback", "id")
    assert told(paths[0], "consultations") != told(paths[2], "consultations")


async def test_a_young_fiscal_year_begins_with_the_one_before(tmp_path):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    april = datetime(2026, 4, 20, 3, 0, tzinfo=UTC)
    await fill(settings(url), 300, 9, now=april)

    async with opened(url, april) as db:
        counted = await rows(db, "SELECT fiscal_year, COUNT(*) AS n FROM consultations GROUP BY fiscal_year")
        numbers = set(await column(db, "SELECT number FROM consultations"))
    of_year = {row["fiscal_year"]: row["n"] for row in counted}
    assert set(of_year) == {2025, 2026}
    assert numbers == {
        f"R{year - 2018}-{serial:04d}" for year, held in of_year.items() for serial in range(1, held + 1)
    }


async def test_a_record_with_consultations_is_left_alone(database_url):
    await fill(settings(database_url), 5, 1, now=NOW)

    with pytest.raises(NotEmpty) as refused:
        await fill(settings(database_url), 5, 2, now=NOW)

    assert "5件" in words(refused.value.template, held=refused.value.held)
    async with opened(database_url) as db:
        assert await column(db, "SELECT COUNT(*) FROM consultations") == [5]


async def test_few_at_any_moment_of_the_week(tmp_path):
    for n, hours in enumerate(
        (0, 9, 14, 24 * 4, 24 * 39)
    ):  # now, in the evening, at night, on Saturday, on New Year's Day
        now = NOW + timedelta(hours=hours)
        url = f"sqlite:///{tmp_path / f'{n}.db'}"
        await fill(settings(url), 25, n, now=now)
        async with opened(url, now) as db:
            assert await column(db, "SELECT COUNT(*) FROM consultations") == [25]
            await ask_the_clock(db)
            assert await column(db, "SELECT COUNT(*) FROM outbox WHERE finished_at IS NULL") == [0], now


# The phrases


def phrases(thing: Any, *path: str) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(thing, str):
        yield path, thing
    elif isinstance(thing, dict):
        for name, each in thing.items():
            yield from phrases(each, *path, name)
    elif isinstance(thing, list):
        for each in thing:
            yield from phrases(each, *path)


def written_by_people() -> list[tuple[tuple[str, ...], str]]:
    lists = (
        "openings",
        "asks",
        "short",
        "dangers",
        "calls",
        "handovers",
        "closings",
        "outcomes",
        "next_actions",
        "summaries",
    )
    shared = {name: read("words")[name] for name in lists}
    trainings = {
        name: read("trainings")[name]
        for name in ("needs", "questions", "town_questions", "answers", "feedback")
    }
    return [*phrases(shared), *phrases(read("cases")), *phrases(trainings)]


def test_no_phrase_points_at_anybody():
    assert len(written_by_people()) > 200
    for path, phrase in written_by_people():
        assert not anonymize(phrase).spans, (path, phrase)
    assert anonymize("山田太郎さんの件です。").spans


def test_only_the_dangerous_phrases_sound_dangerous():
    for path, phrase in written_by_people():
        assert sounds_dangerous(phrase) == (path[0] == "dangers"), (path, phrase)


def test_every_code_is_on_its_list():
    shared = read("words")
    lists = {
        "routes": "routes", "urgency": "urgency", "wishes": "requested_support", "best_times": "best_times",
        "privacy": "callback_privacy", "activity_types": "activity_types", "counted": "not_consultation",
        "municipalities": "municipalities", "travel": "welfare_regions",
    }  # fmt: skip
    of_cases = {
        "fields": "supporter_fields", "organizations": "organization_types", "occupations": "occupations",
        "concerns": "supporter_concerns", "characteristics": "case_characteristics",
    }  # fmt: skip

    for name, code_list in lists.items():
        assert set(shared[name]) <= set(codes.load(code_list).codes), name
    for kind, case in read("cases").items():
        for name, code_list in of_cases.items():
            assert set(case[name]) <= set(codes.load(code_list).codes), (kind, name)


def test_the_numbers_to_call_reach_nobody():
    for pattern in read("words")["phones"]:
        shown = Phone.parse(pattern.format(n=7)).shown
        assert CLOSED_NUMBER.fullmatch(shown)
    assert not CLOSED_NUMBER.fullmatch("077-561-3811")


# The command


def seed(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "YORISOI_DATABASE": f"sqlite:///{folder / 'desk.db'}",
        "YORISOI_MASTER_KEY": base64.b64encode(MASTER_KEY).decode(),
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        [sys.executable, "-m", "bot", "seed", *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_the_command_says_what_it_did_and_does_it_once(tmp_path):
    first = seed(tmp_path, "--consultations", "30", "--seed", "11")
    second = seed(tmp_path, "--consultations", "30", "--seed", "11")

    assert first.returncode == 0, first.stderr
    assert "30件書き入れました" in first.stdout
    assert second.returncode == 2
    assert "もう30件の相談があります" in second.stderr
    assert "Traceback" not in first.stderr + second.stderr


async def test_it_is_quick_enough_to_wait_for(tmp_path):
    started = time.perf_counter()

    await fill(settings(f"sqlite:///{tmp_path / 'desk.db'}"), 200, 12, now=NOW)

    assert 200 / (time.perf_counter() - started) > 15  # about a hundred a second on an idle machine
