"""Backups: whole, sealed under the master key, and never older than the days after which nothing may come back."""

import asyncio
import contextlib
import fcntl
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote

from bot.privacy.vault import Vault
from bot.store import destroyed_log
from bot.store.destructions import Mark, marks_of
from bot.store.keys import FINGERPRINTS
from bot.store.migrate import HERE, steps
from bot.store.sealed_file import CHUNK, BackupRefused, Reader, header_of, on_the_disk, write
from bot.store.sqlite import ALL_OF_IT, SIDE, beside, held_alone, remove
from bot.store.trouble import StartRefused

__all__ = ["BackupRefused", "Made", "make", "restoring"]

PATTERN = "yorisoi-*.backup"
AHEAD = timedelta(days=1)  # a backup from further in the future: one of the clocks is wrong
_MARKED = ("migrations", "sqlite_sequence")
_CANNOT_BE_WRITTEN = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
)

# Nothing, where nobody ever worked. (The key of fingerprints is made when a desk is opened.)
SAYS_WHO = (
    "SELECT (SELECT COUNT(*) FROM audit) + (SELECT COUNT(*) FROM role_grants)"
    " + (SELECT COUNT(*) FROM data_keys WHERE owner <> 'fingerprints')"
)
# What was still to be said may have been said after the backup was made: it is looked for first.
LOOK_FIRST = "UPDATE outbox SET state = 'unknown', lease_until = NULL WHERE finished_at IS NULL"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made: where, how many rows by table, and how many old ones were thrown away."""

    path: Path
    counts: dict[str, int]
    removed: int


def make(url: str, folder: Path, master_key: bytes, now: datetime, grace: timedelta) -> Made:
    """Make a backup while the desk works on, and throw away those older than `grace`.

    What was destroyed until now is noted beside it. Whoever makes another one meanwhile waits.
    Raises BackupRefused: wrong_key, nothing_there, broken_here, half_restored, database_failed; OSError where the folder
    cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone_in(folder, wait=True):
        _swept(folder)
        counts: dict[str, int] = {}
        path = folder / f"yorisoi-{now.astimezone(UTC):%Y%m%dT%H%M%S%fZ}.backup"
        read = _sqlite_body if url.startswith("sqlite") else _dump().body
        with contextlib.closing(read(url, folder, Vault(master_key), counts)) as body:
            header, marks = next(body)
            destroyed_log.add(folder, marks)
            told = {**header, "made_at": now.isoformat(), "master": Vault(master_key).master_id}
            write(path, master_key, told, body, lambda: counts)
        return Made(path, counts, _throw_away(folder, path, now - grace))


def tidied(folder: Path) -> None:
    """Remove what a backup that was killed left behind, unless one is being made."""
    with contextlib.suppress(OSError), _alone_in(folder, wait=False):
        _swept(folder)


def _swept(folder: Path) -> None:
    for each in (*folder.glob(PATTERN + ".part"), *folder.glob(".copy*")):
        each.unlink(missing_ok=True)


@contextlib.contextmanager
def _alone_in(folder: Path, *, wait: bool) -> Iterator[None]:
    """Hold a folder. Raises OSError where it is not there, or another holds it and we do not `wait`."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def _throw_away(folder: Path, newest: Path, before: datetime) -> int:
    """Remove backups made before then. The one just made stays, whatever the clock says."""
    gone = 0
    for path in folder.glob(PATTERN):
        with contextlib.suppress(BackupRefused, ValueError, KeyError):
            if path != newest and datetime.fromisoformat(header_of(path)["made_at"]) < before:
                path.unlink()
                gone += 1
    return gone


@asynccontextmanager
async def restoring(
    path: Path, url: str, master_key: bytes, now: datetime, grace: timedelta
) -> AsyncIterator[str]:
    """Bring a backup back into a blank place. Inside, the address given is what will be in its place at the end: only
    what is done to it there makes it fit to be used. Where anything fails, the place stays blank.

    Raises BackupRefused: not_there, no_backup, wrong_key, other_kind, newer_schema, from_the_future, too_old,
    no_log, not_blank, left_over, already_running, damaged, database_failed; OSError where the place cannot be written.
    """
    reader = Reader(path, master_key)
    must_fit(reader.header, url, master_key, now, grace, _noted_last(path.parent))
    if not (path.parent / destroyed_log.NAME).exists():
        raise BackupRefused("no_log", log=destroyed_log.NAME)
    if not url.startswith("sqlite"):
        async with _dump().restoring(reader, url) as place:
            yield place
        return
    target = Path(url.removeprefix("sqlite:///"))
    with _sole(target):
        _must_be_blank(target)
        draft = beside(target, ".restoring")
        try:
            await asyncio.to_thread(_unsealed, reader, draft, Vault(master_key))
            yield f"sqlite:///{draft}"
            remove(target, *SIDE)
            draft.replace(target)
            on_the_disk(target.parent)
        finally:
            remove(draft, *ALL_OF_IT)


def _noted_last(folder: Path) -> datetime | None:
    try:
        return destroyed_log.newest(folder)
    except OSError:
        raise BackupRefused("no_log", log=destroyed_log.NAME) from None


def must_fit(
    header: Mapping[str, Any],
    url: str,
    master_key: bytes,
    now: datetime,
    grace: timedelta,
    noted: datetime | None = None,
) -> None:
    """Go on where a backup of this header may come back here and now, or raise BackupRefused.

    `noted`: when something was last destroyed; where that is later than `now`, the clock was set back.
    """
    try:
        made_at = datetime.fromisoformat(header["made_at"])
        dialect, schema, master = header["dialect"], list(header["schema"]), header["master"]
    except (KeyError, ValueError, TypeError):
        raise BackupRefused("damaged") from None
    if master != Vault(master_key).master_id:
        raise BackupRefused("wrong_key")
    here = "sqlite" if url.startswith("sqlite") else "postgresql"
    if dialect != here:
        raise BackupRefused("other_kind")
    ours = [step.hash for step in steps(here, HERE)]
    if schema != ours[: len(schema)]:
        raise BackupRefused("newer_schema")
    if made_at > now + AHEAD:
        raise BackupRefused("from_the_future")
    if made_at < max(now, noted or now) - grace:
        raise BackupRefused("too_old", days=grace.days)


# SQLite


def _sqlite_body(url: str, folder: Path, vault: Vault, counts: dict[str, int]) -> Generator[Any, None, None]:
    """Give the header and the marks of the ledger, then the bytes of a copy: without what was deleted, of one moment."""
    source = Path(url.removeprefix("sqlite:///"))
    if not source.exists():
        raise BackupRefused("nothing_there")
    copy = folder / ".copy"
    try:
        copy.touch(mode=0o600)
        with _said_as("broken_here"), contextlib.closing(_connected(source, "rw")) as connection:
            connection.execute("VACUUM INTO ?", (str(copy),))
        with _said_as("broken_here"), contextlib.closing(_connected(copy, "ro")) as connection:
            header = _checked(connection, vault)
            marks = _marks(connection, vault)
            counts.update(_counted(connection))
        yield header, marks
        with copy.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
    finally:
        remove(copy, "", *SIDE)


@contextlib.contextmanager
def _said_as(why: str) -> Iterator[None]:
    """Where SQLite could not write, raise OSError; whatever else is wrong, BackupRefused."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None) or 0
        raise (OSError(code) if code & 0xFF in _CANNOT_BE_WRITTEN else BackupRefused(why)) from None


def _marks(connection: sqlite3.Connection, vault: Vault) -> list[Mark]:
    """What the ledger says was destroyed; a database from before there was one says nothing."""
    try:
        rows = connection.execute("SELECT at, kind, subject FROM destructions ORDER BY number").fetchall()
    except sqlite3.OperationalError:
        return []
    key = connection.execute("SELECT wrapped FROM data_keys WHERE owner = ?", (FINGERPRINTS,)).fetchone()
    return marks_of(rows, vault.unwrap(FINGERPRINTS, key[0])) if key else []


def _checked(connection: sqlite3.Connection, vault: Vault) -> dict[str, Any]:
    try:
        canary = connection.execute("SELECT sealed FROM canary").fetchone()
        schema = [row[0] for row in connection.execute("SELECT hash FROM migrations ORDER BY number")]
    except sqlite3.OperationalError:
        raise BackupRefused("nothing_there") from None
    if canary is None or not vault.knows(canary[0]):
        raise BackupRefused("wrong_key")
    return {"dialect": "sqlite", "schema": schema}


def _counted(connection: sqlite3.Connection) -> dict[str, int]:
    names = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    )
    tables = [name for (name,) in names if name not in _MARKED]
    return {
        name: connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - the schema's own names
        for name in sorted(tables)
    }


def _unsealed(reader: Reader, draft: Path, vault: Vault) -> None:
    """Write the database of a backup to `draft`, and look whether it is whole."""
    remove(draft, *ALL_OF_IT)
    draft.touch(mode=0o600)
    with draft.open("wb") as file:
        for chunk in reader:
            file.write(chunk)
    with _said_as("damaged"), contextlib.closing(_connected(draft, "rw")) as connection:
        whole = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        _checked(connection, vault)
        if not whole or _counted(connection) != reader.end:
            raise BackupRefused("damaged")
        connection.execute(LOOK_FIRST)
        connection.commit()


@contextlib.contextmanager
def _sole(target: Path) -> Iterator[None]:
    """Hold the place, so that no desk opens on it meanwhile."""
    existed = target.exists()
    try:
        with held_alone(target):
            yield
    except StartRefused as refused:
        raise BackupRefused(refused.why) from None
    finally:
        if not existed and target.exists() and target.stat().st_size == 0:
            target.unlink()


def _must_be_blank(target: Path) -> None:
    """Also beside it: SQLite would take an old desk's last words for those of the one that comes back."""
    for left in (beside(target, suffix) for suffix in ("-wal", "-journal")):
        if left.exists() and left.stat().st_size:
            raise BackupRefused("left_over", name=left.name, file=target.name)
    if not target.exists() or target.stat().st_size == 0:
        return
    try:
        with contextlib.closing(_connected(target, "rw")) as connection:
            blank = connection.execute(SAYS_WHO).fetchone() == (0,)
    except sqlite3.Error:
        blank = False
    if not blank:
        raise BackupRefused("not_blank")


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    connect: Callable[..., sqlite3.Connection] = sqlite3.connect
    connection = connect(f"file:{quote(str(path))}?mode={mode}", uri=True, timeout=30)
    connection.create_function("audit_hash", 1, lambda said: said)
    return connection


def _dump() -> ModuleType:
    """How PostgreSQL is read and written; its driver is loaded by those only who have it."""
    from bot.store import dump

    return dump
