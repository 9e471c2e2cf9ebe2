"""Sheets as files in Slack: sent, and taken away where they must come back.

What was printed or saved no one can take away from here.
"""

from collections.abc import Iterable

from bot.domain.handover import Package
from bot.domain.staff import THE_CLOCK
from bot.store.database import Transaction
from bot.usecases.desk import Desk


async def papers(tx: Transaction, package: Package, to: str, key: str) -> None:
    """Promise somebody the sheet, on paper and as a table, once per `key`."""
    for template in ("package_paper", "package_sheet"):
        await upload(tx, package, template, to, key)


async def letter(tx: Transaction, package: Package, to: str, key: str) -> None:
    """Promise somebody the letter that asks for the sheet back, once per `key`."""
    await upload(tx, package, "package_letter", to, key)


async def upload(tx: Transaction, package: Package, template: str, to: str, key: str) -> None:
    """Promise somebody one file of a package, once per `key`."""
    await tx.outbox.add(
        template, op="upload", to=to, key=f"{template}:{package.id}:{to}:{key}", subject=package.consultation,
        package=package.id,
    )  # fmt: skip


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
