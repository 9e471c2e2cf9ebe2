"""Bring the schema to head: numbered SQL, each in a transaction, each recorded with its hash."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, Union

from bot.store.rows import instant
from bot.store.sqlite import SQLite
from bot.store.trouble import StartRefused

if TYPE_CHECKING:  # a desk on SQLite has no need of the other one's driver
    from bot.store.postgresql import PostgreSQL

HERE = Path(__file__).with_name("migrations")
Engine: TypeAlias = Union[SQLite, "PostgreSQL"]
_TABLE = """
CREATE TABLE IF NOT EXISTS migrations (
    number INTEGER PRIMARY KEY,
    name   TEXT NOT NULL,
    hash   TEXT NOT NULL,
    at     TEXT NOT NULL
)
"""
_DONE = "SELECT number, hash FROM migrations ORDER BY number"
_RECORD = "INSERT INTO migrations (number, name, hash, at) VALUES (:number, :name, :hash, :at)"
_NAME = re.compile(r"(\d{4})_(\w+)\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered step of the schema."""

    number: int
    name: str
    text: str

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def steps(dialect: str, folder: Path = HERE) -> list[Migration]:
    """Give the migrations of one database in order. Raises ValueError for a gap or a stray file."""
    found = []
    for path in sorted((folder / dialect).glob("*.sql")):
        named = _NAME.fullmatch(path.name)
        if named is None:
            raise ValueError(path.name)
        found.append(Migration(int(named[1]), named[2], path.read_text(encoding="utf-8")))
    if [each.number for each in found] != list(range(1, len(found) + 1)):
        raise ValueError(f"{dialect}: a number is missing or twice")
    return found


async def migrate(
    engine: Engine, clock: Callable[[], datetime], *, folder: Path = HERE, to: int | None = None
) -> int:
    """Run what has not run yet, up to number `to` or all. Gives the schema's number.

    Raises StartRefused: `schema_ahead` when the database knows more than we do, `schema_differs` when a step
    was changed after it had run.
    """
    ours = steps(engine.dialect, folder)
    async with engine.migrating():
        rows = await engine.run_script([(_TABLE, {}), (_DONE, {})])
        done = {int(row["number"]): str(row["hash"]) for row in rows}
        if any(number > len(ours) for number in done):
            raise StartRefused("schema_ahead")
        for step in ours:
            if step.number in done:
                if done[step.number] != step.hash:
                    raise StartRefused("schema_differs")
            elif to is None or step.number <= to:
                await _run(engine, step, clock())
                done[step.number] = step.hash
    return max(done, default=0)


async def _run(engine: Engine, step: Migration, now: datetime) -> None:
    record = {"number": step.number, "name": step.name, "hash": step.hash, "at": instant(now)}
    await engine.run_script([*engine.script(step.text), (_RECORD, record)])
