"""SQLite: one file, one writer, a few readers, one process."""

import asyncio
import fcntl
import functools
import hashlib
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import aiosqlite

from bot.store.session import Musts, Parameters, Row, Statement, finish
from bot.store.trouble import ConstraintBroken, StartRefused, StatementFailed, StorageTrouble

READERS = 6  # more than deliveries at once: a paper in print must not keep a person waiting
LEAST_FREE_BYTES = 50 * 1024 * 1024
# Together less than the three seconds within which Slack wants an answer: then the person gets ours.
_WAIT_SECONDS = 1.0  # for a backup tool that holds the file for a moment; nobody else writes
_TURN_SECONDS = 1.5
_HARDENED: dict[str, tuple[str, Any]] = {
    "journal_mode": ("WAL", "wal"),
    "synchronous": ("FULL", 2),  # a promise survives a power cut; NORMAL loses some
    "foreign_keys": ("ON", 1),
    "secure_delete": ("ON", 1),
    "trusted_schema": ("OFF", 0),
    "mmap_size": ("0", 0),
}
_READING: dict[str, tuple[str, Any]] = {"query_only": ("ON", 1), "trusted_schema": ("OFF", 0)}
_TROUBLE = {
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_IOERR: "io",
    sqlite3.SQLITE_READONLY: "readonly",
    sqlite3.SQLITE_CANTOPEN: "gone",
    sqlite3.SQLITE_CORRUPT: "corrupt",
    sqlite3.SQLITE_NOTADB: "corrupt",
    sqlite3.SQLITE_PROTOCOL: "busy",
    sqlite3.SQLITE_NOMEM: "memory",
}
SIDE = ("-wal", "-shm", "-journal")  # what SQLite keeps beside its file
ALL_OF_IT = ("", *SIDE, ".lock")
_BEGIN_WRITING: Statement = ("BEGIN IMMEDIATE", {})
_BEGIN_READING: Statement = ("BEGIN", {})
_COMMIT: Statement = ("COMMIT", {})
R = TypeVar("R")


class _Work:
    """What the connection's thread is asked to do. Its `repr`, which drivers log, shows no parameters."""

    def __init__(self, statements: list[Statement], musts: Musts) -> None:
        self.statements = statements
        self.musts = musts

    def __repr__(self) -> str:
        return f"<{len(self.statements)} statements>"


class Connection(aiosqlite.Connection):
    """aiosqlite with several statements in one trip to the connection's thread."""

    async def run(self, statements: list[Statement], musts: Musts | None = None) -> list[Row]:
        """Run them in order, give the rows of the last. Raises what `told_as` says, and what `musts` say."""
        work = _Work(statements, musts or {})
        try:
            rows: list[Row] = await self._execute(_run, self._conn, work)  # type: ignore[no-untyped-call]
        except sqlite3.Error as error:
            trouble = told_as(error)
        else:
            return rows
        raise trouble  # outside the handler: the driver's own words stay behind

    async def roll_back(self) -> None:
        """Undo what is open, if anything is; also after a call that was cancelled on its way."""
        await self._execute(_roll_back, self._conn)  # type: ignore[no-untyped-call]


def _run(connection: sqlite3.Connection, work: _Work) -> list[Row]:
    rows: list[Row] = []
    for place, (sql, parameters) in enumerate(work.statements):
        try:
            rows = connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            error.statement = sql  # type: ignore[attr-defined]
            raise
        if not rows and place in work.musts:
            raise work.musts[place]
    return rows


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _as_dict(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> Row:
    return {column[0]: value for column, value in zip(cursor.description, values, strict=True)}


def told_as(error: sqlite3.Error) -> Exception:
    """Say a driver's error in our words, without its parameters."""
    code = getattr(error, "sqlite_errorcode", None)
    reason = _TROUBLE.get(code & 0xFF) if code is not None else None
    if reason:
        return StorageTrouble(reason)
    if isinstance(error, sqlite3.IntegrityError):
        return ConstraintBroken(str(error))  # SQLite names columns and constraints here, never values
    statement = getattr(error, "statement", "")
    name = getattr(error, "sqlite_errorname", None)
    return StatementFailed(f"{name or type(error).__name__}: {error}", statement)


class Trip:
    """One transaction on one connection; BEGIN goes out with the first question, COMMIT with the last words."""

    dialect = "sqlite"

    def __init__(self, connection: Connection, begin: Statement | None) -> None:
        self._connection = connection
        self._said: list[Statement] = [begin] if begin else []
        self._last: list[Statement] = []
        self._musts: Musts = {}
        self._begun = False

    async def rows(self, sql: str, parameters: Parameters) -> list[Row]:
        self._said.append((sql, parameters))
        said, musts, self._said, self._musts = self._said, self._musts, [], {}
        self._begun = True
        return await self._connection.run(said, musts)

    def later(self, sql: str, parameters: Parameters) -> None:
        self._said.append((sql, parameters))

    def must(self, sql: str, parameters: Parameters, otherwise: Exception) -> None:
        self._musts[len(self._said)] = otherwise
        self._said.append((sql, parameters))

    def at_the_end(self, statements: Iterable[Statement]) -> None:
        self._last.extend(statements)

    async def settle(self) -> None:
        said, musts = self._said + self._last, self._musts
        self._said, self._last, self._musts = [], [], {}
        if said:
            self._begun = True
            await self._connection.run(said, musts)

    async def commit(self) -> None:
        said = self._said + self._last
        if not self._begun and len(said) == 1:  # only BEGIN: nothing was asked
            return
        try:
            await self._connection.run([*said, _COMMIT], self._musts)
        except BaseException:
            await self._connection.roll_back()
            raise

    async def roll_back(self) -> None:
        if self._begun:
            await self._connection.roll_back()


class SQLite:
    """The engine under a Database: hands out trips, one writer at a time, readers beside it."""

    dialect = "sqlite"
    alone = True  # whatever a lease says, its holder was a process that is gone

    def __init__(self, writer: Connection, readers: list[Connection]) -> None:
        self._writer = writer
        self._turn = asyncio.Lock()  # first come, first served
        self._readers: asyncio.Queue[Connection] = asyncio.Queue()
        for reader in readers:
            self._readers.put_nowait(reader)
        self._owner: asyncio.Task[Any] | None = None

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Trip]:
        """One transaction. Commits at the end, or leaves nothing behind."""
        me = asyncio.current_task()
        if me is not None and self._owner is me:
            raise RuntimeError("a transaction inside a transaction: a use case never calls another")
        async with self._our_turn():
            self._owner = me
            trip = Trip(self._writer, _BEGIN_WRITING)
            try:
                yield trip
            except BaseException:
                await finish(trip.roll_back())
                raise
            else:
                await finish(trip.commit())
            finally:
                self._owner = None

    @asynccontextmanager
    async def _our_turn(self) -> AsyncIterator[None]:
        """Wait for the writer; where those before us cannot write either, not for long."""
        try:
            async with asyncio.timeout(_TURN_SECONDS):
                await self._turn.acquire()
        except TimeoutError:
            raise StorageTrouble("busy") from None
        try:
            yield
        finally:
            self._turn.release()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Trip]:
        """One unmoving view of the rows, on a connection that cannot write."""
        reader = await self._readers.get()
        trip = Trip(reader, _BEGIN_READING)
        try:
            yield trip
        finally:
            try:
                await finish(trip.roll_back())
            finally:
                self._readers.put_nowait(reader)

    @asynccontextmanager
    async def glancing(self) -> AsyncIterator[Trip]:
        """No view that lasts: each question sees its own moment, and there is nothing to end."""
        reader = await self._readers.get()
        try:
            yield Trip(reader, None)
        finally:
            self._readers.put_nowait(reader)

    async def scrub(self, *, thoroughly: bool = False) -> bool:  # noqa: ARG002 - here it is always thorough
        """Move all from the log into the file and empty the log, so that erased bytes are gone. False: later."""
        async with self._turn:
            (row,) = await finish(self._writer.run([("PRAGMA wal_checkpoint(TRUNCATE)", {})]))
        return bool(row["busy"] == 0)

    async def run_script(self, statements: list[Statement]) -> list[Row]:
        """Run statements in a transaction of their own: for migrations."""
        async with self._turn:
            try:
                rows = await self._writer.run([_BEGIN_WRITING, *statements])
                await finish(self._writer.run([_COMMIT]))
            except BaseException:
                await finish(self._writer.roll_back())
                raise
            return rows

    @staticmethod
    def script(text: str) -> list[Statement]:
        """Cut a migration's text into statements; a trigger's inner semicolons do not cut it."""
        statements: list[Statement] = []
        rest = ""
        for line in text.splitlines(keepends=True):
            rest += line
            if sqlite3.complete_statement(rest):
                statements.append((rest.strip(), {}))
                rest = ""
        return statements

    @asynccontextmanager
    async def migrating(self) -> AsyncIterator[None]:
        """Nobody else can be here: the file is ours alone."""
        yield


@asynccontextmanager
async def open_sqlite(path: Path, *, least_free: int = LEAST_FREE_BYTES) -> AsyncIterator[SQLite]:
    """Open the file, or make it, for this process alone. Raises StartRefused."""
    async with AsyncExitStack() as closing:
        closing.enter_context(_alone(path))
        remove(beside(path, ".restoring"), *ALL_OF_IT)  # left by a restore that was killed
        if shutil.disk_usage(path.parent).free < least_free:
            raise StartRefused("disk_full")
        writer = await closing.enter_async_context(_connection(path, "rwc", _HARDENED))
        await writer.create_function("audit_hash", 1, audit_hash, deterministic=True)
        await _as_start(writer.run([("PRAGMA wal_autocheckpoint = 1000", {})]))
        await _as_start(_empty_log(writer))  # whoever erased something last may have been killed right after
        closing.push_async_callback(_empty_log, writer)
        readers = [
            await closing.enter_async_context(_connection(path, "ro", _READING)) for _ in range(READERS)
        ]
        yield SQLite(writer, readers)


def beside(path: Path, name: str) -> Path:
    """The file of this name beside another."""
    return path.with_name(path.name + name)


def remove(path: Path, *suffixes: str) -> None:
    """Remove the files of these names beside another, where they are."""
    for suffix in suffixes:
        beside(path, suffix).unlink(missing_ok=True)


async def _empty_log(writer: Connection) -> None:
    await writer.roll_back()
    await finish(writer.run([("PRAGMA wal_checkpoint(TRUNCATE)", {})]))


def audit_hash(said: str) -> str:
    """Give the SHA-256 of `said` in hex; PostgreSQL has a function of the same name."""
    return hashlib.sha256(said.encode()).hexdigest()


@asynccontextmanager
async def _connection(
    path: Path, mode: str, pragmas: dict[str, tuple[str, Any]]
) -> AsyncIterator[Connection]:
    uri = f"file:{quote(str(path))}?mode={mode}"
    connect: Callable[[], sqlite3.Connection] = functools.partial(
        sqlite3.connect, uri, uri=True, isolation_level=None, timeout=_WAIT_SECONDS, cached_statements=256
    )
    connection = Connection(connect, 64)
    reached = True
    try:
        await connection
    except sqlite3.Error:
        reached = False
    if not reached:
        raise StartRefused("database_unreachable")
    try:
        connection.row_factory = _as_dict  # type: ignore[assignment]
        await _as_start(_harden(connection, pragmas))
        yield connection
    finally:
        await connection.close()


async def _harden(connection: Connection, pragmas: dict[str, tuple[str, Any]]) -> None:
    """Set each pragma and believe only what is in force afterwards."""
    for name, (setting, expected) in pragmas.items():
        await connection.run([(f"PRAGMA {name} = {setting}", {})])
        rows = await connection.run([(f"PRAGMA {name}", {})])
        if not rows or next(iter(rows[0].values())) != expected:
            raise StartRefused("journal_mode")


async def _as_start(work: Any) -> Any:
    try:
        return await work
    except StorageTrouble as trouble:
        why = {"full": "disk_full", "busy": "already_running", "corrupt": "not_a_database"}
        refused = StartRefused(why.get(trouble.reason, "database_unreachable"))
    raise refused


class _alone:  # noqa: N801 - used as a statement
    """Hold `<file>.lock` while open. Raises StartRefused when another process does."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        refused = self._take()
        if refused:
            raise StartRefused(refused)

    def _take(self) -> str | None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
            lock = os.open(f"{self._path}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            return "disk_full" if error.errno in (28, 122) else "database_unreachable"
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            return "already_running"
        self._lock = lock
        return None

    def __exit__(self, *_: object) -> None:
        os.close(self._lock)


held_alone = _alone  # for whoever puts a file in the place of this one
