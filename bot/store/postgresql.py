"""PostgreSQL: when one machine is outgrown. Any number of processes, the same questions and changes."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from bot.store.queries import in_percent_style
from bot.store.session import CONNECTIONS, Musts, Parameters, Row, Statement, finish
from bot.store.trouble import ConstraintBroken, StartRefused, StatementFailed, StorageTrouble

_ANSWER_SECONDS = 10.0  # when it is first knocked at
# Less than the three seconds within which Slack wants an answer: then the person gets ours.
_WAIT_SECONDS = 2.0
_BEGIN_WRITING: Statement = ("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", {})
_BEGIN_READING: Statement = ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", {})
_COMMIT: Statement = ("COMMIT", {})
_SETTINGS = "-c timezone=UTC -c synchronous_commit=on -c lock_timeout=2s -c client_min_messages=error"
_MIGRATING = 0x796F7269  # advisory locks are named by a number
OPEN = 0x796F7264  # held together by all who have the desk open, and alone by whoever brings a backup back
_LEAVING = {"alone": "1s", "open": "3s"}  # a connection that closed lets go of its lock a moment later
_FULL = "53100"
_TELLING = (
    "consultations",
    "outbox",
    "timers",
    "done_once",
)  # where ids of people or consultations are erased

Link = AsyncConnection[Row]
Answer = psycopg.AsyncCursor[Row]


def told_as(error: psycopg.Error, statement: str) -> Exception:
    """Say a driver's error in our words: its DETAIL, which repeats values, stays behind."""
    code = error.sqlstate or ""
    if isinstance(error, psycopg.IntegrityError):
        return ConstraintBroken(error.diag.constraint_name or code)
    if code == "P0001":  # a trigger said no: its words are ours
        return ConstraintBroken(error.diag.message_primary or code)
    if code == _FULL:
        return StorageTrouble("full")
    if code.startswith(("40", "55")):  # deadlock, lock not available
        return StorageTrouble("busy")
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return StorageTrouble("gone")
    return StatementFailed(code or type(error).__name__, statement)


async def _run(link: Link, statements: list[Statement], musts: Musts | None = None) -> list[Row]:
    """Run them in order, in one round trip, to its end; give the rows of the last. Raises what `musts` say."""
    try:
        answers = await finish((_one if len(statements) == 1 else _together)(link, statements))
    except psycopg.Error as error:
        answers = None
        told = told_as(error, statements[-1][0])
    if answers is None:
        raise told  # outside the handler: the driver's own words stay behind
    for place, otherwise in (musts or {}).items():
        if not answers[place].rowcount:
            raise otherwise
    return await _rows(answers[-1])


async def _one(link: Link, statements: list[Statement]) -> list[Answer]:
    return [await link.execute(*_query(statements[0]))]


async def _together(link: Link, statements: list[Statement]) -> list[Answer]:
    async with link.pipeline():
        # on leaving, all have answered, or the first mistake was raised
        return [await link.execute(*_query(each)) for each in statements]


def _query(said: Statement) -> tuple[Any, Parameters | None]:
    sql, parameters = said
    return (in_percent_style(sql), parameters) if parameters else (sql, None)


async def _rows(cursor: psycopg.AsyncCursor[Row]) -> list[Row]:
    return await cursor.fetchall() if cursor.description else []


class Trip:
    """One transaction on one connection; BEGIN goes out with the first question, COMMIT with the last words."""

    dialect = "postgresql"

    def __init__(self, link: Link, begin: Statement | None) -> None:
        self._link = link
        self._said: list[Statement] = [begin] if begin else []
        self._last: list[Statement] = []
        self._musts: Musts = {}
        self._begun = False

    async def rows(self, sql: str, parameters: Parameters) -> list[Row]:
        self._said.append((sql, parameters))
        return await self._sent(self._said)

    def later(self, sql: str, parameters: Parameters) -> None:
        self._said.append((sql, parameters))

    def must(self, sql: str, parameters: Parameters, otherwise: Exception) -> None:
        self._musts[len(self._said)] = otherwise
        self._said.append((sql, parameters))

    def at_the_end(self, statements: Iterable[Statement]) -> None:
        self._last.extend(statements)

    async def _sent(self, said: list[Statement]) -> list[Row]:
        musts, self._said, self._musts = self._musts, [], {}
        self._begun = True
        return await _run(self._link, said, musts)

    async def settle(self) -> None:
        said, self._last = self._said + self._last, []
        if said:
            await self._sent(said)

    async def commit(self) -> None:
        if not self._begun and len(self._said + self._last) == 1:  # only BEGIN: nothing was asked
            return
        try:
            if self._musts:  # the answers first: a commit cannot be taken back
                await self._sent(self._said)
            await _run(self._link, [*self._said, *self._last, _COMMIT])
        except BaseException:
            await self.roll_back()
            raise

    async def roll_back(self) -> None:
        """Undo what is open. A connection that cannot even do that is thrown away, which undoes it too."""
        if not self._begun:
            return
        try:
            await self._link.execute("ROLLBACK")
        except psycopg.Error:
            await self._link.close()


class PostgreSQL:
    """The engine under a Database: a pool of connections, one transaction each."""

    dialect = "postgresql"
    alone = False

    def __init__(self, pool: AsyncConnectionPool[Link]) -> None:
        self._pool = pool

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Trip]:
        """One transaction. Commits at the end, or leaves nothing behind."""
        async with self._link() as link:
            trip = Trip(link, _BEGIN_WRITING)
            try:
                yield trip
            except BaseException:
                await finish(trip.roll_back())
                raise
            await finish(trip.commit())

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Trip]:
        """One unmoving view of the rows, in a transaction that cannot write."""
        async with self._link() as link:
            trip = Trip(link, _BEGIN_READING)
            try:
                yield trip
            finally:
                await finish(trip.roll_back())

    @asynccontextmanager
    async def glancing(self) -> AsyncIterator[Trip]:
        """No view that lasts: each question sees its own moment, and there is nothing to end."""
        async with self._link() as link:
            yield Trip(link, None)

    @asynccontextmanager
    async def _link(self) -> AsyncIterator[Link]:
        try:
            link = await self._pool.getconn(timeout=_WAIT_SECONDS)
        except (PoolTimeout, psycopg.Error):
            link = None
        if link is None:
            raise StorageTrouble("gone")
        try:
            yield link
        finally:
            await finish(self._pool.putconn(link))

    async def scrub(self, *, thoroughly: bool = False) -> bool:
        """Write anew the tables that hold keys, and `thoroughly` those that tell who: the pages of before are gone.

        Raises StorageTrouble where somebody is at one of them.
        """
        async with self._link() as link:
            await link.execute("SET lock_timeout = '300ms'")
            try:
                for table in ("data_keys", *(_TELLING if thoroughly else ())):
                    await finish(_run(link, [(f"VACUUM (FULL) {table}", {})]))
            finally:
                await finish(_reset(link))
        return True

    async def run_script(self, statements: list[Statement]) -> list[Row]:
        """Run statements in a transaction of their own: for migrations."""
        async with self._link() as link:
            try:
                await link.execute("BEGIN")
                rows: list[Row] = []
                for each in statements:
                    rows = await _run(link, [each])
                await link.execute("COMMIT")
            except BaseException:
                await finish(link.rollback())
                raise
            return rows

    @staticmethod
    def script(text: str) -> list[Statement]:
        """Give a migration's text as what `run_script` takes: PostgreSQL cuts it itself."""
        return [(text, {})]

    @asynccontextmanager
    async def migrating(self) -> AsyncIterator[None]:
        """Only one process migrates; the others wait until it is done."""
        async with self._link() as link:
            await link.execute("SET lock_timeout = 0")
            await link.execute("SELECT pg_advisory_lock(%s)", (_MIGRATING,))
            try:
                yield
            finally:
                await finish(_unlock(link))


async def _unlock(link: Link) -> None:
    await link.execute("SELECT pg_advisory_unlock(%s)", (_MIGRATING,))
    await _reset(link)


async def _reset(link: Link) -> None:
    await link.execute("RESET lock_timeout")


async def _opened(link: Link) -> None:
    """Whoever brings a backup back sees that somebody is here."""
    await link.execute("SELECT pg_advisory_lock_shared(%s)", (OPEN,))


@asynccontextmanager
async def open_postgresql(
    url: str, *, connections: int = CONNECTIONS, restoring: bool = False
) -> AsyncIterator[PostgreSQL]:
    """Connect. `restoring`: we bring a backup back, and hold the place alone.

    Raises StartRefused when the database does not answer or does not know us, or while a backup comes back.
    """
    logging.getLogger("psycopg").setLevel(logging.WARNING)
    await _knock(url, restoring=restoring)
    pool: AsyncConnectionPool[Link] = AsyncConnectionPool(
        url,
        min_size=1,
        max_size=max(2, connections),
        kwargs={"autocommit": True, "row_factory": dict_row, "options": _SETTINGS},
        open=False,
        timeout=_ANSWER_SECONDS,
        check=AsyncConnectionPool.check_connection,
        configure=None if restoring else _opened,
    )
    await pool.open()
    try:
        yield PostgreSQL(pool)
    finally:
        await pool.close(timeout=5)


def held_alone(connection: psycopg.Connection[Any]) -> bool:
    """Hold the database for as long as this connection lives, so that no desk opens on it. False: one is open."""
    try:
        connection.execute(f"SET lock_timeout = '{_LEAVING['alone']}'".encode())
        connection.execute("SELECT pg_advisory_lock(%s)", (OPEN,))
    except psycopg.errors.LockNotAvailable:
        return False
    return True


async def _knock(url: str, *, restoring: bool) -> None:
    """Connect once, to say what is wrong in a word and not in the driver's."""
    why = None
    try:
        async with asyncio.timeout(_ANSWER_SECONDS), await AsyncConnection.connect(url) as link:
            if not restoring:
                await link.execute(f"SET lock_timeout = '{_LEAVING['open']}'".encode())
                await link.execute("SELECT pg_advisory_lock_shared(%s)", (OPEN,))
    except psycopg.errors.LockNotAvailable:
        why = "half_restored"
    except (psycopg.Error, TimeoutError, OSError):
        why = "database_unreachable"
    if why:
        raise StartRefused(why)
