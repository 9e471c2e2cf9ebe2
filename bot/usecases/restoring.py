"""Bringing a backup back: before anybody can read it, what was destroyed meanwhile is destroyed again."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.events import Event
from bot.domain.retention import Kind
from bot.domain.staff import THE_COMMAND_LINE
from bot.organisation import Organisation
from bot.store import backups
from bot.store.database import open_database, the_time
from bot.usecases import expiry, holds, letters
from bot.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it: what was destroyed `again`, and what is `due`: it is left to the next sweep, so that it can be held back."""

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

    Raises BackupRefused; StartRefused where the database cannot be opened; OSError, StorageTrouble where it cannot be
    written. Then nothing was brought back.
    """
    grace = timedelta(days=organisation.retention.grace_days)
    async with (
        backups.restoring(path, url, master_key, clock(), grace) as place,
        open_database(place, master_key=master_key, clock=clock, restoring=True) as db,
    ):
        beside, desk = (Desk(db, organisation, backups=each) for each in (path.parent, folder))
        async with db.transaction(THE_COMMAND_LINE) as tx:
            await tx.audit.record(Event.BACKUP_RESTORED, "backup")
        for each in (beside, desk):
            await holds.again(each, THE_COMMAND_LINE)
        again = await expiry.again(beside, THE_COMMAND_LINE, restoring=True)
        again += await expiry.again(desk, THE_COMMAND_LINE, restoring=True)
        await db.scrub(thoroughly=True)
        await expiry.log_it(desk)
        due = Counter({each.kind: each.due for each in await expiry.preview(desk)})
        await letters.tidy(desk)
    return Restored(again, due)
