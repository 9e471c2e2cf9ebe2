"""Asking back in one tap: was the advice tried, did it help, how heavy is it now. Nobody is scored."""

from bot.domain import entitlement
from bot.domain.casework import FollowUp
from bot.domain.consultation import Consultation, Status
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.staff import Actor
from bot.store.database import Transaction
from bot.usecases import review_times
from bot.usecases.desk import Desk, open_again, show

ADVISED = frozenset({Status.HEARING_DONE, Status.ADVISING, Status.FOLLOW_UP})
PAUSED = frozenset({Status.CLOSED, Status.WITHDRAWN, Status.SUSPENDED})


async def ask(desk: Desk, tx: Transaction, consultation: Consultation, *, late: bool = False) -> None:
    """Promise the supporter the question, where it still makes sense. `late`: after three months those who closed too."""
    fitting = ADVISED | {Status.CLOSED} if late else ADVISED
    if consultation.supporter is None or consultation.status not in fitting:
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
        await tx.records.echo(kept.consultation, kept)
        if consultation.next_action_on and consultation.status in {Status.HEARING_DONE, Status.ADVISING}:
            followed = consultation.followed_up(consultation.next_action_on)
            await tx.consultations.move(consultation, followed)
        if heaviness:
            await tx.audit.record(Event.FOLLOW_UP_ANSWERED, consultation.id, heaviness=heaviness)
        if answer:
            await tx.audit.record(Event.FOLLOW_UP_ANSWERED, consultation.id, answer=answer)
            await _pass_on(desk, tx, consultation, question, answer)
        if answer == "again":
            await _call_again(desk, tx, consultation)
        await tx.outbox.card("follow_up", to=actor.id, subject=question)
        await show(tx, desk, consultation)
    return kept


async def _call_again(desk: Desk, tx: Transaction, consultation: Consultation) -> None:
    """They want to talk again: what has ended is opened, what is open has a time to be called at."""
    if consultation.status in PAUSED:
        again = await open_again(tx, desk, consultation)
        await review_times.follow(tx, desk, consultation, again)
    elif consultation.status in ADVISED:
        planned = {each.kind for each in await tx.timers.of(consultation.id)}
        if "next_try" not in planned:
            await tx.timers.set(consultation.id, "next_try", desk.next_morning(tx.now))


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
