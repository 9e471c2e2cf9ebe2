"""What is held back is noted beside the backups, and is held back again where one of them comes back."""

import asyncio
import logging
from datetime import datetime

from bot.domain.events import Event
from bot.domain.retention import OF_TRAININGS
from bot.domain.staff import THE_CLOCK, Actor
from bot.store import holds_log
from bot.store.database import Transaction
from bot.store.holds_log import Held
from bot.usecases.desk import Desk

log = logging.getLogger(__name__)
HOLD = "hold"  # what the marks are of


async def note(desk: Desk) -> None:
    """Note beside the backups what is held back. Where that fails, the next sweep makes up for it."""
    if not desk.backups or not desk.backups.is_dir():
        return
    async with desk.db.transaction(THE_CLOCK) as tx:
        held = await _held(tx)
    try:
        await asyncio.to_thread(holds_log.add, desk.backups, held)
    except OSError as error:
        log.warning("the note of what is held back cannot be written: %s", error.strerror)


async def again(desk: Desk, actor: Actor) -> int:
    """After a backup was brought back: hold back what was held back since, and let go what was let go. Give how many.

    Raises OSError.
    """
    noted = await asyncio.to_thread(holds_log.latest, desk.backups) if desk.backups else {}
    if not noted:
        return 0
    done = 0
    async with desk.db.transaction(actor) as tx:
        for kind, subject in await tx.expiry.everything_there():
            name = "" if kind in OF_TRAININGS else await tx.destructions.mark(HOLD, subject)
            if name in noted:
                done += await _set(tx, subject, noted[name])
    return done


async def _set(tx: Transaction, consultation: str, reason: str | None) -> bool:
    """As it is noted; False: it is so already."""
    if reason is None:
        changed = await tx.destructions.lift(consultation)
        if changed:
            await tx.audit.record(Event.HOLD_LIFTED, consultation, why="restored")
        return changed
    changed = await tx.destructions.hold(consultation, reason)
    if changed:
        await tx.audit.record(Event.HOLD_SET, consultation, reason=reason, why="restored")
    return changed


async def _held(tx: Transaction) -> list[Held]:
    held = []
    for row in await tx.destructions.all_holds():
        name = await tx.destructions.mark(HOLD, row["consultation"])
        held.append(Held(datetime.fromisoformat(row["set_at"]), name, row["reason"]))
        if row["lifted_at"]:
            held.append(Held(datetime.fromisoformat(row["lifted_at"]), name, None))
    return held
