"""Asking back in one tap: was the advice tried, did it help, how heavy is it now. Nobody is scored."""

from bot.domain import entitlement
from bot.domain.casework import FollowUp
from bot.domain.consultation import Consultation, Status
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.staff import Actor
from bot.store.database import Transaction
from bot.usecases.desk import Desk, show


async def ask(desk: Desk, tx: Transaction, consultation: Consultation) -> None:
    """Promise the supporter the question, where it still makes sense."""
    if consultation.supporter is None or consultation.status not in {
        Status.HEARING_DONE, Status.ADVISING, Status.FOLLOW_UP,
    }:  # fmt: skip
        return
    question = await tx.casework.ask_followup(consultation.id)
    await tx.outbox.card("follow_up", to=consultation.supporter, subject=question)
    await tx.audit.record(Event.FOLLOW_UP_ASKED, consultation.id)
    await show(tx, desk, consultation)


async def answer(
    desk: Desk, actor: Actor, consultation_id: str, question: str, *, answer: str | None = None,
    heaviness: str | None = None,
) -> FollowUp:  # fmt: skip
    """Keep a tap; the counselor sees it on their Home and hears of it."""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.FOLLOW, consultation)
        kept = await tx.casework.answer_followup(question, answer=answer, heaviness=heaviness)
        entitlement.require(actor, Act.FOLLOW, await tx.consultations.get(kept.consultation))
        if consultation.next_action_on and consultation.status in {Status.HEARING_DONE, Status.ADVISING}:
            followed = consultation.followed_up(consultation.next_action_on)
            await tx.consultations.move(consultation, followed)
        if answer:
            await tx.audit.record(Event.FOLLOW_UP_ANSWERED, consultation.id, answer=answer)
            await _pass_on(desk, tx, consultation, question, answer)
        await tx.outbox.card("follow_up", to=actor.id, subject=question)
        await show(tx, desk, consultation)
    return kept


async def _pass_on(
    desk: Desk, tx: Transaction, consultation: Consultation, question: str, answer: str
) -> None:
    """Let the counselor know; where there is none, the coordinators."""
    to = consultation.counselor or desk.organisation.channels.coordinators
    await tx.outbox.add(
        "follow_up_answered",
        to=to,
        key=f"follow_up_answered:{question}:{answer}",
        subject=consultation.id,
        answer=answer,
    )
