"""Sheets that lie in Slack: taken away where they must come back. What was printed or saved no one can take away from here."""

from collections.abc import Iterable

from bot.domain.staff import THE_CLOCK
from bot.store.database import Transaction
from bot.usecases.desk import Desk


async def take_down(tx: Transaction, files: Iterable[tuple[str, str]]) -> None:
    """Promise that these files of ours go, once each. `files`: whose they are, and Slack's ids of them."""
    for to, file in files:
        await tx.outbox.add("package_paper", op="remove", to=to, key=f"package_gone/{file}", file=file)


async def collect(desk: Desk) -> None:
    """Take away what was still on its way when it was asked back."""
    async with desk.db.reading(THE_CLOCK) as ask:
        left = await ask.handovers.files_left()
    if left:
        async with desk.db.transaction(THE_CLOCK) as tx:
            await take_down(tx, left)
