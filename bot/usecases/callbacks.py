"""Promising, making, missing and handing over call-backs. Each function is one complete change."""

from collections.abc import Callable
from datetime import datetime

from bot.domain import entitlement
from bot.domain.casework import Attempt
from bot.domain.consultation import Consultation, distinct_failures
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.refusals import InTheFuture, InThePast, LongAgo, NotACounselor
from bot.domain.staff import Actor, Role
from bot.store.database import Transaction
from bot.usecases import case_names, review_times
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import (
    LONG_AGO,
    NOTHING,
    Desk,
    alarm,
    keep_in_mind,
    screened_about,
    show,
    tell,
    tell_coordinators,
    waits_again,
)


async def claim(desk: Desk, actor: Actor, consultation_id: str) -> Consultation:
    """Promise to call back. The first person to press has it; pressing twice changes nothing."""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.CLAIM, consultation)
        return await _taken(desk, tx, consultation, consultation.claimed_by, actor.id, Event.CLAIMED)


async def assign(desk: Desk, actor: Actor, consultation_id: str, counselor: str) -> Consultation:
    """A coordinator asks somebody to make the call."""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.ASSIGN, consultation)
        await _must_counsel(tx, counselor, "counselor")
        assigned = await _taken(desk, tx, consultation, consultation.assigned_to, counselor, Event.ASSIGNED)
        if assigned is not consultation:
            await tell(tx, counselor, "assigned", assigned, str(assigned.version))
            if consultation.counselor:
                await tell(tx, consultation.counselor, "moved_on", assigned, str(assigned.version))
                await tx.outbox.home(consultation.counselor)
        return assigned


async def release(
    desk: Desk, actor: Actor, consultation_id: str, note: str = "", said: Confirmed = NOTHING
) -> None:
    """Give it back to the queue, with a word for whoever takes it next."""
    words = await screened_about(desk, actor, Act.RELEASE, consultation_id, {"note": note}, said)
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.RELEASE, consultation)
        released = consultation.released()
        if released is consultation:
            return
        await tx.consultations.move(consultation, released)
        await tx.casework.write(released.id, "handover", words["note"])
        await case_names.confirm(tx, released.id, words.said)
        await tx.audit.record(Event.RELEASED, released.id, by_holder=consultation.counselor == actor.id)
        await tell_coordinators(tx, desk, "released", released, str(consultation.version))
        await waits_again(tx, released)
        await review_times.follow(tx, desk, consultation, released)
        await show(tx, desk, released, consultation.counselor)


async def offer(
    desk: Desk,
    actor: Actor,
    consultation_id: str,
    taker: str,
    note: str = "",
    said: Confirmed = NOTHING,
) -> None:
    """Ask a colleague to take over. The giver keeps it until the taker accepts."""
    words = await screened_about(desk, actor, Act.OFFER, consultation_id, {"note": note}, said)
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.OFFER, consultation)
        await _must_counsel(tx, taker, "taker")
        offered = consultation.offered_to(taker)
        await tx.consultations.move(consultation, offered)
        await tx.casework.write(offered.id, "handover", words["note"])
        await case_names.confirm(tx, offered.id, words.said)
        await tx.audit.record(Event.HANDOVER_OFFERED, offered.id, taker=taker)
        await tell(tx, taker, "handover_offered", offered, str(consultation.version))
        await show(tx, desk, offered, taker)


async def accept(desk: Desk, actor: Actor, consultation_id: str) -> Consultation:
    """Say yes to a hand-over."""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        if consultation.counselor != actor.id:
            entitlement.require(actor, Act.ACCEPT, consultation)
        taken = await _taken(
            desk, tx, consultation, consultation.taken_over_by, actor.id, Event.HANDOVER_ACCEPTED
        )
        if taken is not consultation:
            await tell(tx, consultation.counselor, "handover_accepted", taken, str(taken.version))
            await tx.outbox.home(str(consultation.counselor))
        return taken


async def decline(desk: Desk, actor: Actor, consultation_id: str) -> None:
    """Say no to a hand-over; the giver is told and still has it."""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        declined = consultation.handover_declined(actor.id)
        if declined is consultation:
            return
        await tx.consultations.move(consultation, declined)
        await tx.audit.record(Event.HANDOVER_DECLINED, declined.id)
        await tell(tx, declined.counselor, "handover_declined", declined, str(consultation.version))
        await show(tx, desk, declined, actor.id)


async def call(
    desk: Desk,
    actor: Actor,
    consultation_id: str,
    *,
    outcome: str,
    at: datetime | None = None,
    next_try_at: datetime | None = None,
    note: str = "",
    said: Confirmed = NOTHING,
    once: str,
) -> Consultation:
    """Enter one call into the ledger, with what came of it and when the next try is."""
    words = await screened_about(desk, actor, Act.CALL, consultation_id, {"note": note}, said)
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.CALL, consultation)
        when = at or tx.now
        if when > tx.now:
            raise InTheFuture("called_at")
        if when < tx.now - LONG_AGO:
            raise LongAgo("called_on")
        if next_try_at is not None and next_try_at < tx.now:
            raise InThePast("next_try_on")
        if await tx.casework.once(once, consultation.id) is not None:
            return consultation
        tries = [(each.at, each.outcome) for each in await tx.casework.attempts_of(consultation.id)]
        one_more = distinct_failures([*tries, (when, outcome)]) > distinct_failures(tries)
        called = consultation.called(outcome, consultation.failed_calls + one_more)
        await tx.consultations.move(consultation, called)
        await tx.casework.add_attempt(Attempt(tx.new_id(), called.id, actor.id, when, outcome, next_try_at))
        await tx.casework.write(called.id, "call", words["note"])
        await case_names.confirm(tx, called.id, words.said)
        await tx.audit.record(Event.CALLED, called.id, outcome=outcome)
        await keep_in_mind(tx, desk, called, outcome, next_try_at)
        if called.needs_decision and not consultation.needs_decision:
            await tell_coordinators(tx, desk, "cannot_reach_decide", called, str(consultation.version))
            await tell(tx, called.supporter, "cannot_reach", called, str(consultation.version))
        await show(tx, desk, called)
    return called


async def keep_trying(desk: Desk, actor: Actor, consultation_id: str) -> None:
    """The coordinator decides that the desk goes on calling."""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.DECIDE, consultation)
        if not consultation.needs_decision:
            return
        going_on = consultation.decided_to_go_on()
        await tx.consultations.move(consultation, going_on)
        await tx.audit.record(Event.DECIDED_TO_GO_ON, going_on.id)
        await tell(tx, going_on.counselor, "keep_trying", going_on, str(consultation.version))
        await show(tx, desk, going_on, actor.id)


async def reclassify(desk: Desk, actor: Actor, consultation_id: str, urgency: str) -> Consultation:
    """Give it another urgency. The promise may come nearer, never later."""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.RECLASSIFY, consultation)
        changed = consultation.reclassified(urgency, desk.promise(urgency, tx.now))
        if changed is consultation:
            return consultation
        worse = changed.danger and not consultation.danger
        if worse:
            changed = changed.endangered(changed.promised_at, desk.claim_expires(changed, tx.now))
        await tx.consultations.move(consultation, changed)
        await tx.audit.record(Event.RECLASSIFIED, changed.id, was=consultation.urgency, to=urgency)
        if worse:
            await alarm(tx, desk, changed, str(consultation.version))
            if changed.counselor != actor.id:
                await tell(tx, changed.counselor, "now_danger", changed, str(consultation.version))
        await show(tx, desk, changed, actor.id)
    return changed


async def _taken(
    desk: Desk,
    tx: Transaction,
    consultation: Consultation,
    step: Callable[[str, datetime, datetime], Consultation],
    counselor: str,
    event: Event,
) -> Consultation:
    """Write a claim, an assignment or an accepted hand-over: they differ in the step and its name only."""
    expires = desk.claim_expires(consultation, tx.now)
    taken = step(counselor, tx.now, expires)
    if taken is consultation:  # pressed twice
        return consultation
    if any(each.kind == "duty_again" for each in await tx.timers.of(taken.id)):  # it is called out: call soon
        taken = taken.endangered(taken.promised_at, expires)
        await tx.timers.cancel(taken.id, "duty_again")
    await tx.consultations.move(consultation, taken)
    await tx.audit.record(event, taken.id, counselor=counselor)
    await tell(tx, taken.supporter, "claimed", taken, f"{counselor}:{consultation.version}")
    if event is not Event.ASSIGNED:
        await tell(tx, counselor, "yours", taken, str(consultation.version))
    await review_times.follow(tx, desk, consultation, taken)
    await show(tx, desk, taken)
    return taken


async def _must_counsel(tx: Transaction, person: str, field: str) -> None:
    if not {Role.COUNSELOR, Role.COORDINATOR} & await tx.staff.roles_of(person):
        raise NotACounselor(field)
