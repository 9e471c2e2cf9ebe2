"""Papers for those who have no Slack, or want one to show: the receipt and the advice, on A4."""

from bot.domain import entitlement
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.refusals import Refused
from bot.domain.staff import Actor
from bot.usecases.desk import Desk

ACTS = {"receipt": Act.PRINT_RECEIPT, "advice": Act.PRINT_ADVICE}


class NothingToPrint(Refused):
    """No advice has been written down yet."""

    template = "refusals/nothing_to_print"


async def make(desk: Desk, actor: Actor, consultation_id: str, paper: str, *, once: str) -> None:
    """Promise somebody entitled a paper, in their own direct message. It holds no name; that line stays empty."""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, ACTS[paper], consultation)
        if paper == "advice":
            written = await tx.casework.words_of(consultation.id)
            if not any(each.kind in {"advice", "closing"} for each in written):
                raise NothingToPrint
        await tx.audit.record(Event.PAPER_PRINTED, consultation.id, paper=paper)
        await tx.outbox.add(
            f"paper_{paper}",
            to=actor.id,
            op="upload",
            key=f"paper:{paper}:{consultation.id}:{actor.id}:{once}",
            subject=consultation.id,
        )
