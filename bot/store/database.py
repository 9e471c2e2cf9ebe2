"""One transaction per use case, on SQLite or PostgreSQL, at one instant."""

import contextlib
import logging
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.staff import THE_CLOCK, Actor
from bot.privacy.vault import Vault, WrongMaster
from bot.store.advice_reviews import AdviceReviews
from bot.store.audit import AuditTrail
from bot.store.case_names import CaseNames
from bot.store.casework import Casework
from bot.store.certificates import Certificates
from bot.store.check_in import CheckIn
from bot.store.consultations import Consultations
from bot.store.contacts import Contacts
from bot.store.destructions import Destructions
from bot.store.directory import Agencies, LocalNames, Towns
from bot.store.experts import Experts
from bot.store.expiry import Expiry
from bot.store.feedback import Feedback
from bot.store.gaps import Gaps
from bot.store.handovers import Handovers
from bot.store.inbox import Inbox
from bot.store.letters import Letters
from bot.store.meetings import Meetings
from bot.store.migrate import HERE as MIGRATIONS
from bot.store.migrate import Engine, migrate
from bot.store.outbox import Outbox
from bot.store.participations import Participations
from bot.store.precedents import Precedents
from bot.store.records import Records
from bot.store.releases import Releases
from bot.store.replacements import Replacements
from bot.store.review_papers import ReviewPapers
from bot.store.reviews import Reviews
from bot.store.session import CONNECTIONS, Session, repository
from bot.store.sqlite import LEAST_FREE_BYTES, open_sqlite
from bot.store.staff import Staff
from bot.store.timers import Timers
from bot.store.training_figures import TrainingFigures
from bot.store.trainings import Trainings
from bot.store.trouble import (
    ConstraintBroken,
    StartRefused,
    StatementFailed,
    StorageTrouble,
)

__all__ = [
    "ConstraintBroken",
    "Database",
    "Reading",
    "Session",
    "StartRefused",
    "StatementFailed",
    "StorageTrouble",
    "Transaction",
    "open_database",
]

log = logging.getLogger(__name__)
_SLOW_SECONDS = 1.0


class _Repositories(Session):
    """Everything that is stored, by its noun. Each is built when first asked for."""

    advice_reviews = repository(AdviceReviews)
    agencies = repository(Agencies)
    audit = repository(AuditTrail)
    case_names = repository(CaseNames)
    casework = repository(Casework)
    certificates = repository(Certificates)
    check_in = repository(CheckIn)
    consultations = repository(Consultations)
    contacts = repository(Contacts)
    destructions = repository(Destructions)
    experts = repository(Experts)
    expiry = repository(Expiry)
    feedback = repository(Feedback)
    gaps = repository(Gaps)
    handovers = repository(Handovers)
    inbox = repository(Inbox)
    letters = repository(Letters)
    local_names = repository(LocalNames)
    meetings = repository(Meetings)
    outbox = repository(Outbox)
    participations = repository(Participations)
    precedents = repository(Precedents)
    records = repository(Records)
    releases = repository(Releases)
    review_papers = repository(ReviewPapers)
    reviews = repository(Reviews)
    replacements = repository(Replacements)
    staff = repository(Staff)
    timers = repository(Timers)
    towns = repository(Towns)
    training_figures = repository(TrainingFigures)
    trainings = repository(Trainings)


class Transaction(_Repositories):
    """Everything a use case may touch, at one instant. Commits on exit, or not at all."""

    changes = True


class Reading(_Repositories):
    """The same repositories for questions only, on one unmoving view of the rows."""


class Database:
    """The desk's memory. `dialect` is "sqlite" or "postgresql"; `alone`: no other process can be using it."""

    def __init__(
        self, engine: Engine, vault: Vault, clock: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._engine = engine
        self._vault = vault
        self.clock = clock
        self._new_id = new_id
        self._listeners: list[Callable[[], None]] = []
        self._to_scrub = self._thoroughly = False
        self.dialect = engine.dialect
        self.alone = engine.alone

    @asynccontextmanager
    async def transaction(self, actor: Actor) -> AsyncIterator[Transaction]:
        """One complete change. A commit is always brought to its end, cancelled or not.

        Raises StorageTrouble when the database cannot be reached or written; then nothing was changed.
        """
        async with self._engine.writing() as connection:
            started = time.monotonic()
            tx = Transaction(
                connection, now=self.clock(), actor=actor, new_id=self._new_id, vault=self._vault
            )
            yield tx
        took = time.monotonic() - started
        if took > _SLOW_SECONDS:
            log.warning("a transaction held the desk for %d ms", took * 1000)
        if tx.promised:
            self._tell()
        if tx.erased or self._to_scrub:
            await self.scrub()

    @asynccontextmanager
    async def reading(self, actor: Actor = THE_CLOCK) -> AsyncIterator[Reading]:
        """Questions that change nothing, and never wait for a writer."""
        async with self._engine.reading() as connection:
            yield Reading(connection, now=self.clock(), actor=actor, new_id=self._new_id, vault=self._vault)

    @asynccontextmanager
    async def glancing(self, actor: Actor = THE_CLOCK) -> AsyncIterator[Reading]:
        """A single question, in one trip: what is asked for every press, such as somebody's roles."""
        async with self._engine.glancing() as connection:
            yield Reading(connection, now=self.clock(), actor=actor, new_id=self._new_id, vault=self._vault)

    def on_commit(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Have `callback` called after each commit that left work for a worker. Gives the way to stop it."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    async def scrub(self, *, thoroughly: bool = False) -> None:
        """Make sure that what was erased can no longer be found in the file. Tried again later if busy.

        `thoroughly`: not only the keys, but who it was and what was said to them, too.
        """
        self._to_scrub, self._thoroughly = True, self._thoroughly or thoroughly
        with contextlib.suppress(StorageTrouble):
            self._to_scrub = not await self._engine.scrub(thoroughly=self._thoroughly)
            self._thoroughly = self._thoroughly and self._to_scrub

    def _tell(self) -> None:
        for callback in list(self._listeners):
            callback()


def the_time() -> datetime:
    """Give the present instant, UTC."""
    return datetime.now(UTC)


def a_new_id() -> str:
    """Give an identifier nobody can guess."""
    return uuid.uuid4().hex


@asynccontextmanager
async def open_database(
    url: str,
    *,
    master_key: bytes,
    clock: Callable[[], datetime] = the_time,
    new_id: Callable[[], str] = a_new_id,
    migrations: Path = MIGRATIONS,
    connections: int = CONNECTIONS,
    least_free: int = LEAST_FREE_BYTES,
    restoring: bool = False,
) -> AsyncIterator[Database]:
    """Open the desk's database, or make it, with its schema at head.

    `url` is `sqlite:///path` (four slashes for an absolute path) or `postgresql://…`; `master_key` has 32 bytes;
    `connections` are PostgreSQL's at most; `least_free` bytes must be left on SQLite's disk; `restoring`: a backup comes
    back here, and we are the only ones who may open it.
    Raises StartRefused with the reason in one word: already_running, database_unreachable, disk_full,
    half_restored, journal_mode, not_a_database, schema_ahead, schema_differs, wrong_key.
    """
    try:
        vault = Vault(master_key)
    except WrongMaster:
        vault = None
    if vault is None:
        raise StartRefused("wrong_key")
    async with AsyncExitStack() as closing:
        if url.startswith("sqlite:///"):
            path = Path(url.removeprefix("sqlite:///"))
            engine: Engine = await closing.enter_async_context(open_sqlite(path, least_free=least_free))
        elif url.startswith(("postgresql://", "postgres://")):
            from bot.store.postgresql import open_postgresql  # a desk on SQLite has no need of its driver

            engine = await closing.enter_async_context(
                open_postgresql(url, connections=connections, restoring=restoring)
            )
        else:
            raise StartRefused("database_unreachable")
        await migrate(engine, clock, folder=migrations)
        database = Database(engine, vault, clock, new_id)
        async with database.transaction(THE_CLOCK) as tx:
            if not await tx.keys.master_is_right():
                raise StartRefused("wrong_key")
            if not restoring and await tx.connection.rows("SELECT id FROM half_restored", {}):
                raise StartRefused("half_restored")
            await tx.keys.fingerprint(
                "", ""
            )  # every backup holds the key by which what was destroyed is known again
        yield database
