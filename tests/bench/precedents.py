"""似た事例 among many: how long a search takes over a made-up library, and how long making it took.

`make bench ARGS="--precedents 1000000"` measures a library of that size alone, on SQLite.
"""

import asyncio
import itertools
import random
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from bot import codes
from bot.domain.casework import Record
from bot.domain.precedents import ALL, Filters, codes_of
from bot.domain.staff import THE_CLOCK, Actor, Role
from bot.privacy import terms
from bot.seed_words import Case, Dice, a_case, kinds_of_cases
from bot.store.database import Database, open_database
from bot.store.rows import encode
from bot.usecases import precedents
from bot.usecases.desk import Desk
from tests.databases import MASTER_KEY, PostgreSQLServer, sqlite_path
from tests.faults import races

CASES = 3000  # made-up cases the records are drawn from
TAIL = 60_000  # rarer words, written as numbers: few records have the later ones
TAIL_WORDS = 30  # of each record
PART = 20_000
TIMES = 60
COUNSELOR = Actor("U_SATO", frozenset({Role.COUNSELOR}))
MADE_AT = datetime(2026, 4, 1, tzinfo=UTC)
AT_MOST = {100_000: 50.0, 1_000_000: 150.0}


@dataclass(frozen=True, slots=True)
class Timed:
    """How long the searches of one kind took, in milliseconds, and how many of them found something."""

    kind: str
    times: list[float]
    found: int


class Library:
    """Made-up records, the same for one seed: (record, terms) one after the other."""

    def __init__(self, records: int, seed: int = 4) -> None:
        self.records = records
        self.dice = Dice(seed)
        kinds = kinds_of_cases()
        self.cases = [a_case(self.dice, kinds) for _ in range(CASES)]
        self._words = [terms.terms(_text(each)) for each in self.cases]
        self._tail = [str(10_000 + n) for n in range(TAIL)]
        weights = [1 / (rank + 20) for rank in range(TAIL)]
        self._weights = list(itertools.accumulate(weights))
        self._coarse = {
            name: [each.code for each in codes.options(code_list)]
            for name, code_list in (
                ("region", "welfare_regions"), ("age_band", "age_bands"), ("sex", "sexes"), ("household", "households"),
            )
        }  # fmt: skip

    def __iter__(self) -> Iterator[tuple[Record, tuple[str, ...]]]:
        dice = random.Random(self.records)
        for number in range(self.records):
            at = int(dice.random() ** 1.5 * CASES)
            case = self.cases[at]
            record = self._record(number, case, dice)
            tail = dice.choices(self._tail, cum_weights=self._weights, k=TAIL_WORDS)
            yield record, tuple(dict.fromkeys((*self._words[at], *tail, *codes_of(record))))

    def _record(self, number: int, case: Case, dice: random.Random) -> Record:
        coarse = {
            name: listed[int(dice.random() ** 2 * len(listed))] for name, listed in self._coarse.items()
        }
        return Record(
            id=f"{number:032x}", of_case=f"{number:032x}", made_at=MADE_AT, confirmed_by="U_SATO", fiscal_year=2026,
            supporter_field=case.supporter_field, organization_type=case.organization_type, occupation=case.occupation,
            route="phone", urgency="u3", concerns=case.concerns, characteristics=case.characteristics,
            dispositions=("advice_closed",), primary_disposition="advice_closed", closing_reason="resolved",
            situation=case.story, formulation=case.formulation, advice="\n".join(case.advices), outcome="",
            ruleset="bench", codes_version=codes.VERSION, theme=case.concerns[0], hash="-", **coarse,
        )  # fmt: skip


def _text(case: Case) -> str:
    return "\n".join((case.story, case.formulation, *case.advices))


async def on_sqlite(folder: Path, records: int) -> tuple[float, float, list[Timed]]:
    """Seconds to make, MB on disk, and the searches."""
    database = f"sqlite:///{folder / f'precedents-{records}.db'}"
    library, began = Library(records), time.monotonic()
    await _counselor(database)
    await asyncio.to_thread(_write_sqlite, sqlite_path(database), library)
    made = time.monotonic() - began
    size = sqlite_path(database).stat().st_size / 1e6
    return made, size, await searched(database, library)


async def on_postgresql(server: PostgreSQLServer, records: int) -> tuple[float, float, list[Timed]]:
    """The same on PostgreSQL."""
    database = server.a_database(blank=True)
    library, began = Library(records), time.monotonic()
    await _counselor(database)
    size = await asyncio.to_thread(_write_postgresql, database, library)
    made = time.monotonic() - began
    try:
        return made, size / 1e6, await searched(database, library)
    finally:
        server.drop(database)


async def _counselor(database: str) -> None:
    async with open_database(database, master_key=MASTER_KEY) as db, db.transaction(THE_CLOCK) as tx:
        await tx.staff.grant(COUNSELOR.id, Role.COUNSELOR)


def _parts(
    library: Library, counts: Counter[str]
) -> Iterator[tuple[list[dict[str, Any]], list[tuple[str, str]]]]:
    """Rows by the thousand: records, and (id, terms); `counts` learns how many records have each term."""
    everything = iter(library)
    while part := list(itertools.islice(everything, PART)):
        for _, found in part:
            counts.update(found)
        counts[ALL] += len(part)
        yield [encode(record) for record, _ in part], [(record.id, " ".join(found)) for record, found in part]


def _write_sqlite(path: Path, library: Library) -> None:
    counts: Counter[str] = Counter()
    link = sqlite3.connect(path)
    link.execute("PRAGMA synchronous = OFF")
    for records, found in _parts(library, counts):
        names = list(records[0])
        there = f"INSERT INTO records ({', '.join(names)}) VALUES ({', '.join(f':{each}' for each in names)})"
        link.executemany(there, records)
        link.executemany(
            "INSERT INTO record_reviews VALUES (?, 'U_SATO', '-', 'U_MORI', '-', 'released', NULL)",
            [(record,) for record, _ in found],
        )
        link.executemany("INSERT INTO precedents (record, terms) VALUES (?, ?)", found)
        link.commit()
    link.executemany("INSERT INTO precedent_terms VALUES (?, ?)", counts.items())
    link.execute("INSERT INTO precedent_index (precedent_index) VALUES ('rebuild')")
    link.commit()
    link.execute("PRAGMA wal_checkpoint (TRUNCATE)")
    link.close()


def _write_postgresql(url: str, library: Library) -> int:
    counts: Counter[str] = Counter()
    with psycopg.connect(url, autocommit=True) as link, link.cursor() as cursor:
        cursor.execute("DROP INDEX precedents_found")
        for records, found in _parts(library, counts):
            names = list(records[0])
            _copied(cursor, f"records ({', '.join(names)})", [tuple(each.values()) for each in records])
            reviews = [(record, "U_SATO", "-", "U_MORI", "-", "released", None) for record, _ in found]
            _copied(cursor, "record_reviews", reviews)
            _copied(cursor, "precedents (record, terms)", found)
        _copied(cursor, "precedent_terms", list(counts.items()))
        cursor.execute("CREATE INDEX precedents_found ON precedents USING gin (tokens)")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _copied(cursor: Any, table: str, rows: list[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


async def searched(database: str, library: Library) -> list[Timed]:
    """Search for one thing after the other, as a counselor does."""
    async with open_database(database, master_key=MASTER_KEY) as db:
        desk = races.desk_on(db)
        about = await _consultations(db, library)
        await precedents.search(desk, COUNSELOR, "訪問を断られる")
        return [await _timed(desk, kind, asked) for kind, asked in _questions(library, about).items()]


async def _timed(desk: Desk, kind: str, asked: list[dict[str, Any]]) -> Timed:
    times, found = [], 0
    for question in asked:
        began = time.perf_counter()
        answer = await precedents.search(desk, COUNSELOR, **question)
        times.append((time.perf_counter() - began) * 1000)
        found += bool(answer.hits)
    return Timed(kind, times, found)


def _questions(library: Library, about: list[str]) -> dict[str, list[dict[str, Any]]]:
    """What is asked, by kind. Words are common ones, rare ones, and ones of both sorts."""
    dice, questions = Dice(7), range(TIMES)
    common = [
        "訪問 断られる",
        "認知症 ひとり暮らし 通帳",
        "ごみ屋敷 近隣 苦情",
        "親子 サービス 拒否",
        "学校 連絡 ひとり親",
        "家賃 滞納",
    ]
    wide = [
        Filters(field="elderly"),
        Filters(theme="approach", field="elderly"),
        Filters(characteristic="c8050"),
    ]
    narrow = [
        Filters(theme="legal", field="housing"), Filters(region="kosei", characteristic="animals"),
        Filters(age="minor", household="facility", field="justice"),
    ]  # fmt: skip
    return {
        "よくあることば": [{"text": dice.one(common)} for _ in questions],
        "めずらしいことば": [{"text": f"{10_000 + dice.randrange(TAIL)} 訪問"} for _ in questions],
        "長い文": [{"text": _text(dice.one(library.cases))} for _ in questions],
        "似ているもの": [{"consultation_id": each} for each in about],
        "似ているもの、広くしぼって": [
            {"consultation_id": each, "filters": dice.one(wide)} for each in about
        ],
        "ことば、広くしぼって": [{"text": dice.one(common), "filters": dice.one(wide)} for _ in questions],
        "ことば、せまくしぼって": [{"text": dice.one(common), "filters": dice.one(narrow)} for _ in questions],
        "しぼるだけ": [{"filters": dice.one([*wide, *narrow])} for _ in questions],
    }  # fmt: skip


async def _consultations(db: Database, library: Library) -> list[str]:
    """Consultations the counselor holds, each with words like those of a record, some of them rare."""
    dice, desk = Dice(11), races.desk_on(db)
    waiting = await races.waiting(desk, TIMES, who=lambda number: Actor(f"U_S{number}"))
    async with db.transaction(COUNSELOR) as tx:
        for each in waiting:
            rare = "と".join(str(10_000 + int(dice.random() ** 3 * TAIL)) for _ in range(8))
            await tx.casework.write(each, "story", f"{_text(dice.one(library.cases))}\n{rare}。")
            tx.connection.later(
                "UPDATE consultations SET counselor = :who, status = 'claimed' WHERE id = :id",
                {"who": COUNSELOR.id, "id": each},
            )
    return waiting


def p95(times: list[float]) -> float:
    """The time within which 95 of a hundred were done."""
    return sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)]


def p50(times: list[float]) -> float:
    """The time within which half were done."""
    return sorted(times)[len(times) // 2]


Line = tuple[str, str, str, str, bool | None]


async def rows(folder: Path, records: int = 100_000, *, postgresql: bool = True) -> list[Line]:
    """The lines of the table: what, how it was made, ours, target, whether it was met."""
    lines = _lines("SQLite", records, await on_sqlite(folder, records))
    if postgresql:
        place = folder / "precedents"
        place.mkdir(mode=0o755)
        server = await asyncio.to_thread(PostgreSQLServer, place)
        try:
            lines += _lines("PostgreSQL", records, await on_postgresql(server, records))
        finally:
            server.stop()
    return lines


def _lines(name: str, records: int, measured: tuple[float, float, list[Timed]]) -> list[Line]:
    made, size, kinds = measured
    what = f"似た事例、{records:,}件、{name}"
    most = AT_MOST.get(records) if name == "SQLite" else None
    lines: list[Line] = [(f"{what}、架空の事例を入れる", "", f"{made:.0f} 秒（{size:.0f} MB）", "", None)]
    for each in kinds:
        ours = f"p50 {p50(each.times):.0f} ms、p95 {p95(each.times):.0f} ms"
        target = f"p95 {most:.0f} ms 以下" if most else ""
        lines.append((f"{what}、{each.kind}", "", ours, target, p95(each.times) <= most if most else None))
    return lines


async def alone(records: int) -> int:
    """Measure one library alone; give how many targets were missed."""
    with tempfile.TemporaryDirectory(prefix="yorisoi-bench-") as name:
        lines = await rows(Path(name), records, postgresql=False)
    for what, _, ours, target, met in lines:
        print(f"{what}｜{ours}｜{target}｜{ {None: '', True: '○', False: '×'}[met] }")
    return sum(each[-1] is False for each in lines)
