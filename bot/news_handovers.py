"""What is said about つなぎ, made when it is said: from what is true then. What was taken back meanwhile is not handed out."""

from typing import Any

from bot.domain.handover import OUT, State
from bot.messages import Document, Message, render
from bot.organisation import Organisation
from bot.reports import linkage
from bot.store.database import Reading
from bot.store.outbox import OutboxRow
from bot.usecases.handover_ways import linkages

# Each message → the states in which there is still something to say. What is not here, is said always.
WHILE: dict[str, frozenset[State]] = {
    "package_paper": OUT,
    "package_sheet": OUT,
    "package_arrived": frozenset({State.SENT}),
    "package_pending": frozenset({State.SENT}),
    "package_return": frozenset({State.RETURN_ASKED}),
    "package_letter": frozenset({State.RETURN_ASKED, State.RETURNED}),
    "return_asked": frozenset({State.RETURN_ASKED}),
    "return_waiting": frozenset({State.RETURN_ASKED}),
}
TOKENS = {"package_arrived": "answer", "package_return": "return"}


async def compose(ask: Reading, row: OutboxRow, organisation: Organisation) -> Message | Document | None:
    """Make what a row promises. None: there is nothing to say any more."""
    if "agreement" in row.facts:
        agreement = await ask.handovers.agreement(row.facts["agreement"])
        c = await ask.consultations.get(agreement.consultation)
        over = agreement.withdrawn_on is None
        return render(f"messages/{row.template}", c=c, a=agreement, out=row.facts["out"]) if over else None
    package = await ask.handovers.package(row.facts["package"])
    if package.state not in WHILE.get(row.template, State):
        return None
    if row.template in {"package_paper", "package_sheet"}:
        return await linkage.sheet(ask, row, package)
    if row.template == "package_letter":
        receiver = await ask.handovers.receiver(package.receiver)
        return await linkage.letter(ask, row, package, receiver, organisation)
    [there] = await linkages(ask, [package])
    told: dict[str, Any] = {
        "c": await ask.consultations.get(package.consultation), "p": package, "organisation": organisation,
        "place": there.place,
    }  # fmt: skip
    if row.template in TOKENS:
        told["token"] = ask.handovers.token(package.id, TOKENS[row.template])
    return render(f"messages/{row.template}", **told)
