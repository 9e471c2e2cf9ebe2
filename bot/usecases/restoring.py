"""Bringing a backup back: before anybody can read it, what was destroyed meanwhile is destroyed again."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.events import Event
from bot.domain.retention import Basis, Kind
from bot.domain.staff import THE_COMMAND_LINE
from bot.organisation import Organisation
from bot.store import backups
from bot.store.database import open_database, the_time
from bot.usecases import expiry, letters
from bot.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it: what was destroyed `again`, and what had become `due` meanwhile."""

    again: Counter[Kind]
    due: Counter[Kind]


async def restore(
    path: Path,
    url: str,
    master_key: bytes,
    organisation: Organisation,
    folder: Path | None,
    *,
    clock: Callable[[], datetime] = the_time,
) -> Restored:
    """Bring a backup back into a blank database. `folder`: where backups are noted from now on.

    Raises BackupRefused, and StartRefused where the database cannot be opened; then nothing was brought back.
    """
    grace = timedelta(days=organisation.retention.grace_days)
    async with (
        backups.restoring(path, url, master_key, clock(), grace) as place,
        open_database(place, master_key=master_key, clock=clock) as db,
    ):
        beside = Desk(db, organisation, backups=path.parent)
        async with db.transaction(THE_COMMAND_LINE) as tx:
            await tx.audit.record(Event.BACKUP_RESTORED, "backup")
        again = await expiry.again(beside, THE_COMMAND_LINE)
        due = await expiry.sweep(beside, THE_COMMAND_LINE, Basis.BY_HAND, at_once=True)
        await letters.tidy(beside)
        if folder is not None and folder != path.parent:
            await expiry.log_it(Desk(db, organisation, backups=folder))
    return Restored(again, due)
