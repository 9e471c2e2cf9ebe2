"""A desk without Slack, where its backups go, and what is destroyed after one was made."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.casework import Contact
from bot.domain.retention import Kind
from bot.domain.staff import Actor, Role
from bot.organisation import load
from bot.privacy.vault import NotReadable
from bot.store import backups
from bot.store.database import open_database
from bot.store.keys import KeyDestroyed
from bot.usecases import closing, expiry, intake, restoring
from bot.usecases.desk import Desk
from tests.databases import MASTER_KEY, Clock

GRACE = timedelta(days=35)
TAKAGI = Actor("U_TAKAGI")
PLANTED = "ゆうべも眠れないと話していた。"
OTHER_KEY = bytes(reversed(range(32)))


class Place:
    """A desk without Slack, and where its backups go."""

    def __init__(self, url: str, tmp_path: Path, clock: Clock) -> None:
        self.url, self.clock = url, clock
        self.folder = tmp_path / "backups"

    def open(self, url: str | None = None):
        return open_database(url or self.url, master_key=MASTER_KEY, clock=self.clock)

    def desk(self, db) -> Desk:
        return Desk(db, load(), backups=self.folder)

    async def asked(self, db, once: str = "a") -> str:
        request = intake.Request(
            concerns=("approach",), urgency="u3", contact=Contact(phone="090-1234-5678"), best_times=("any",),
            story=PLANTED,
        )  # fmt: skip
        return (await intake.receive(self.desk(db), TAKAGI, request, once=once)).id

    async def withdrawn(self, db, once: str = "a") -> str:
        consultation = await self.asked(db, once)
        await closing.withdraw(self.desk(db), TAKAGI, consultation)
        return consultation

    def backup(self, **given) -> backups.Made:
        told = {"master_key": MASTER_KEY, "now": self.clock.now, "grace": GRACE} | given
        return backups.make(self.url, self.folder, **told)

    async def restore(self, path: Path, url: str, **given):
        return await restoring.restore(
            path, url, given.get("master_key", MASTER_KEY), load(), self.folder, clock=self.clock
        )


async def gone(db, consultation: str) -> bool:
    """Whether neither words nor a key are left."""
    async with db.reading() as ask:
        words = await ask.connection.rows("SELECT id FROM words WHERE consultation = :c", {"c": consultation})
        try:
            await ask.keys.open(consultation, "a", "b", "c", "d")
        except KeyDestroyed:
            return not words
        except NotReadable:
            return False


async def destroyed_after_a_backup(place) -> tuple[str, Path]:
    """Held back when the backup was made; then not any more, and destroyed. By its dates alone it would be held still."""
    async with place.open() as db:
        consultation = await place.withdrawn(db)
        admin = Actor("U_ADMIN", frozenset({Role.ADMIN}))
        place.clock.now = datetime(2028, 4, 2, tzinfo=UTC)
        await expiry.hold(place.desk(db), admin, consultation, "audit")
        made = place.backup()
        await expiry.lift(place.desk(db), admin, consultation)
        assert (await expiry.sweep(place.desk(db), at_once=True))[Kind.WITHDRAWN] == 1
    place.clock.advance(days=3)
    return consultation, made.path
