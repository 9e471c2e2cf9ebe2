"""つなぎシート, as paper and as a table, and the letter that asks for it back: made when sent, of what was looked at."""

import asyncio

from bot.domain.agreement import Receiver
from bot.domain.business_time import TOKYO
from bot.domain.handover import NotAsPreviewed, Package
from bot.messages import Document, words
from bot.organisation import Organisation
from bot.reports import workbook
from bot.reports.apart import printed
from bot.reports.facts import DeskFacts, LinkageFacts, ReturnFacts
from bot.reports.words import Words
from bot.store.database import Reading
from bot.store.outbox import OutboxRow
from bot.usecases.package_content import Content, digest_of, named, spoken

WIDTHS = (28, 90)


async def sheet(ask: Reading, row: OutboxRow, package: Package) -> Document:
    """The sheet as PDF (`package_paper`) or as a table. Raises `NotAsPreviewed` where it is not what was looked at."""
    written = await ask.handovers.content(package)
    if digest_of(written) != package.digest:
        raise NotAsPreviewed
    content = Content.read(written)
    if row.template == "package_paper":
        kind, made = "sheet.pdf", await printed(facts(content))
    else:
        kind, made = "sheet.xlsx", await asyncio.to_thread(table, content)
    return Document(
        filename=f"{package.number}-{kind}",
        title=words("messages/package_title", p=package),
        content=made,
        comment=words(f"messages/{row.template}", p=package),
    )


def facts(content: Content) -> LinkageFacts:
    """What the paper is told: the parts, and nothing else."""
    return LinkageFacts(
        content.number, tuple((each.kind, each.label, each.text) for each in content.parts), content.made_at
    )


def table(content: Content) -> bytes:
    """The same as a table of two columns; lines for a hand stay blank."""
    said = Words("linkage_table", {"number": content.number})
    rows = [(each.label, each.text) for each in content.parts]
    return workbook.sheet(
        (said("label"), said("text")), rows, title=said("title"), widths=WIDTHS, made_at=content.made_at
    )


async def letter(
    ask: Reading, row: OutboxRow, package: Package, receiver: Receiver, organisation: Organisation
) -> Document:
    """The letter to one receiver."""
    there = organisation
    told = ReturnFacts(
        desk=DeskFacts(name=there.desk_name, phone=there.phone, address=there.address, keeper=there.name),
        number=package.number,
        place=named(receiver, await ask.local_names.of(receiver.municipality)),
        office=receiver.office,
        code=spoken(ask.handovers.token(package.id, "return")),
        sent_on=(package.sent_at or package.made_at).astimezone(TOKYO).date(),
        because=package.return_because or "",
        made_at=row.created_at,
    )
    return Document(
        filename=f"{package.number}-return.pdf",
        title=words("messages/package_letter_title", p=package),
        content=await printed(told),
        comment=words("messages/package_letter", p=package),
    )
