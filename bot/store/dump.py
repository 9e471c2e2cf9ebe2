"""PostgreSQL as one stream of bytes, as of one moment, and back: each table's rows as COPY writes them, parents first."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Generator, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Cursor, sql

from bot.privacy.vault import Vault
from bot.store.backups import LOOK_FIRST, SAYS_WHO
from bot.store.destructions import Mark, marks_of
from bot.store.keys import FINGERPRINTS
from bot.store.migrate import migrate
from bot.store.postgresql import held_alone, open_postgresql
from bot.store.sealed_file import BackupRefused, Reader
from bot.store.trouble import StartRefused

_END = b"\\.\n"
_NOT_KEPT = {"migrations"}
_TABLES = """
SELECT c.table_name AS t, array_agg(c.column_name::text ORDER BY c.ordinal_position) AS columns
FROM information_schema.columns AS c JOIN information_schema.tables AS k
    ON k.table_schema = c.table_schema AND k.table_name = c.table_name AND k.table_type = 'BASE TABLE'
WHERE c.table_schema = current_schema() AND c.is_generated = 'NEVER'
GROUP BY c.table_name ORDER BY c.table_name
"""
_PARENTS = """
SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent FROM pg_constraint
WHERE contype = 'f' AND conrelid <> confrelid AND connamespace = current_schema()::regnamespace
"""
_NUMBERED = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = current_schema() AND is_identity = 'YES'
"""


def body(url: str, _folder: Path, vault: Vault, counts: dict[str, int]) -> Generator[Any, None, None]:
    """Give the header and the marks of the ledger, then the bytes.

    Raises BackupRefused: nothing_there, wrong_key, half_restored, database_failed.
    """
    with _cursor(url, "ISOLATION LEVEL REPEATABLE READ READ ONLY") as cursor:
        yield _checked(cursor, vault), _marks(cursor, vault)
        for table, columns in _in_order(cursor):
            yield json.dumps({"table": table, "columns": columns}).encode() + b"\n"
            names = sql.SQL(", ").join(map(sql.Identifier, columns))
            told = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(names, sql.Identifier(table))
            with cursor.copy(told) as copy:
                for data in copy:
                    yield bytes(data)
            yield _END
            counts[table] = max(cursor.rowcount, 0)


@asynccontextmanager
async def restoring(reader: Reader, url: str) -> AsyncIterator[str]:
    """Bring the rows back into a blank database; where anything fails, inside or here, it is blank again.

    Where we are killed in between, no desk opens on it, and the next restore makes it blank.
    """
    connection = await asyncio.to_thread(_connected, url)
    try:
        if not await asyncio.to_thread(held_alone, connection):
            raise BackupRefused("already_running")
        try:
            async with open_postgresql(url, connections=2, restoring=True) as engine:
                await migrate(engine, lambda: datetime.now(UTC), to=len(reader.header["schema"]))
        except StartRefused as refused:
            raise BackupRefused(refused.why) from None
        await asyncio.to_thread(_must_be_blank, url)
        await asyncio.to_thread(_load, reader, url)
        try:
            yield url
        except BaseException:
            await asyncio.to_thread(_emptied, url)
            raise
        connection.execute("DELETE FROM half_restored")
    finally:
        connection.close()


def _connected(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    try:
        return psycopg.connect(url, autocommit=True, options="-c timezone=UTC -c client_min_messages=error")
    except psycopg.Error:
        raise BackupRefused("database_unreachable") from None


@contextlib.contextmanager
def _cursor(url: str, how: str = "") -> Iterator[Cursor[tuple[Any, ...]]]:
    connection = _connected(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(f"BEGIN {how}".encode())
            try:
                yield cursor
            except BaseException:
                connection.rollback()
                raise
            connection.commit()
    except psycopg.Error:
        raise BackupRefused("database_failed") from None


def _checked(cursor: Cursor[tuple[Any, ...]], vault: Vault) -> dict[str, Any]:
    try:
        schema = [row[0] for row in cursor.execute("SELECT hash FROM migrations ORDER BY number")]
        canary = cursor.execute("SELECT sealed FROM canary").fetchone()
    except psycopg.Error:
        raise BackupRefused("nothing_there") from None
    if canary is None or not vault.knows(canary[0]):
        raise BackupRefused("wrong_key")
    if _there(cursor, "half_restored") and cursor.execute("SELECT id FROM half_restored").fetchone():
        raise BackupRefused("half_restored")
    return {"dialect": "postgresql", "schema": schema}


def _there(cursor: Cursor[tuple[Any, ...]], table: str) -> bool:
    """Whether there is such a table; a database that is not at head may not have it yet."""
    return cursor.execute("SELECT to_regclass(%s)", (table,)).fetchone() != (None,)


def _marks(cursor: Cursor[tuple[Any, ...]], vault: Vault) -> list[Mark]:
    """What the ledger says was destroyed; a database from before there was one says nothing."""
    if not _there(cursor, "destructions"):
        return []
    rows = cursor.execute("SELECT at, kind, subject FROM destructions ORDER BY number").fetchall()
    key = cursor.execute("SELECT wrapped FROM data_keys WHERE owner = %s", (FINGERPRINTS,)).fetchone()
    return marks_of(rows, vault.unwrap(FINGERPRINTS, key[0])) if key else []


def _in_order(cursor: Cursor[tuple[Any, ...]]) -> list[tuple[str, list[str]]]:
    """Every table with its columns, parents before those that point at them."""
    columns = {name: list(told) for name, told in cursor.execute(_TABLES).fetchall() if name not in _NOT_KEPT}
    parents: dict[str, set[str]] = {name: set() for name in columns}
    for child, parent in cursor.execute(_PARENTS).fetchall():
        parents[child].add(parent)
    return [(name, columns[name]) for name in TopologicalSorter(parents).static_order()]


def _must_be_blank(url: str) -> None:
    with _cursor(url) as cursor:
        half = _there(cursor, "half_restored") and cursor.execute("SELECT id FROM half_restored").fetchone()
        if not half and cursor.execute(SAYS_WHO).fetchone() != (0,):
            raise BackupRefused("not_blank")


def _emptied(url: str) -> None:
    with _cursor(url) as cursor:
        _empty(cursor)


def _empty(cursor: Cursor[tuple[Any, ...]]) -> None:
    """Make every table blank, those too that refuse to lose a row."""
    tables = [sql.Identifier(name) for name, _ in _in_order(cursor)]
    for switch in ("DISABLE", "ENABLE"):
        if switch == "ENABLE":
            cursor.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(tables)))
        for name in tables:
            cursor.execute(sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(name, sql.SQL(switch)))


def _load(reader: Reader, url: str) -> None:
    """Read all of a backup into the tables, in one transaction: whole, or not at all."""
    with _cursor(url) as cursor:
        _empty(cursor)
        known = dict(_in_order(cursor))
        lines, counts = _lines(reader), {}
        for line in lines:
            told = json.loads(line)
            if not set(told["columns"]) <= set(known.get(told["table"], ())):
                raise BackupRefused("damaged")
            counts[told["table"]] = _copied(cursor, told["table"], told["columns"], lines)
        if counts != reader.end:
            raise BackupRefused("damaged")
        for table, column in cursor.execute(_NUMBERED).fetchall():
            _counts_on(cursor, table, column)
        cursor.execute(LOOK_FIRST)
        if _there(cursor, "half_restored"):
            cursor.execute("INSERT INTO half_restored (id) VALUES (1)")


def _copied(cursor: Cursor[tuple[Any, ...]], table: str, columns: list[str], lines: Iterable[bytes]) -> int:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    told = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with cursor.copy(told) as copy:
        for line in lines:
            if line == _END:
                break
            copy.write(line)
    return max(cursor.rowcount, 0)


def _counts_on(cursor: Cursor[tuple[Any, ...]], table: str, column: str) -> None:
    """Let the numbers go on after the highest there is."""
    told = sql.SQL("SELECT setval(pg_get_serial_sequence({}, {}), COALESCE(MAX({}), 0) + 1, false) FROM {}")
    cursor.execute(
        told.format(sql.Literal(table), sql.Literal(column), sql.Identifier(column), sql.Identifier(table))
    )


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line + b"\n"
    if rest:
        raise BackupRefused("damaged")
