"""Ending, pausing, opening again, withdrawing and merging: never silently, always undoable."""

from dataclasses import dataclass, replace

from bot.domain import entitlement
from bot.domain.consultation import Consultation, Status
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.refusals import Missing, TooLate
from bot.domain.staff import Actor
from bot.store.database import Transaction
from bot.usecases import case_names, gaps, review_times
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import (
    ASKED_BACK,
    NOTHING,
    Desk,
    ask_later,
    open_again,
    screened_about,
    show,
    tell,
    tell_coordinators,
    waits_again,
)


@dataclass(frozen=True, slots=True)
class Closing:
    """What came of it and why it ends; `words` is a sentence for the supporter's paper."""

    dispositions: tuple[str, ...]
    primary: str | None
    reason: str | None
    words: str = ""
    lacking: tuple[str, ...] = ()  # 社会資源の不足: codes of `resource_gap_kinds`
    said: Confirmed = NOTHING  # about the names in the words


async def close(desk: Desk, actor: Actor, consultation_id: str, closing: Closing) -> Consultation:
    """End the support. The supporter is thanked and can open it again with one tap."""
    if not closing.primary:
        raise Missing("primary")
    if not closing.reason:
        raise Missing("reason")
    words = await screened_about(
        desk, actor, Act.CLOSE, consultation_id, {"closing_words": closing.words}, closing.said
    )
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.CLOSE, consultation)
        if consultation.status is Status.CLOSED:
            return await _closed_so(tx, consultation, actor, closing)
        closed = consultation.closed(
            tx.now, dispositions=closing.dispositions, primary=closing.primary, reason=closing.reason
        )
        if closed.counselor is None:  # the record is confirmed by whoever closed it
            closed = replace(closed, counselor=actor.id, claimed_at=tx.now)
        await tx.consultations.move(consultation, closed)
        await tx.casework.write(closed.id, "closing", words["closing_words"])
        await case_names.confirm(tx, closed.id, words.said)
        await gaps.note(tx, closed, closing.lacking, gaps.CLOSING)
        await tx.audit.record(Event.CLOSED, closed.id, primary=closing.primary, reason=closing.reason)
        await _nothing_due(tx, closed)
        if await tx.casework.hearings_of(closed.id):
            await ask_later(tx, closed, tx.now, ["follow_up_late"])
        await tell(tx, closed.supporter, "closed", closed, str(consultation.version))
        await show(tx, desk, closed, actor.id)
    return closed


async def reopen(desk: Desk, actor: Actor, consultation_id: str) -> Consultation:
    """Open it again: one tap, no reasons asked. It waits in the queue with a new promise."""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.REOPEN, consultation)
        if consultation.status is Status.REOPENED:
            return consultation
        again = await open_again(tx, desk, consultation)
        await review_times.follow(tx, desk, consultation, again)
        return again


async def withdraw(desk: Desk, actor: Actor, consultation_id: str) -> Consultation:
    """The supporter does not want it any more. Nobody asks why; it can be opened again."""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.WITHDRAW, consultation)
        if consultation.status is Status.WITHDRAWN:
            return consultation
        gone = consultation.withdrawn(tx.now)
        await tx.consultations.move(consultation, gone)
        await tx.audit.record(Event.WITHDRAWN, gone.id)
        await tx.records.take_back(gone.id)  # the trail is not told: it would lead from here to the record
        await _nothing_due(tx, gone)
        await tell(tx, consultation.counselor, "withdrawn", gone, str(consultation.version))
        await tell(tx, consultation.supporter, "withdrawn_yours", gone, str(consultation.version))
        await show(tx, desk, gone)
    return gone


async def suspend(desk: Desk, actor: Actor, consultation_id: str) -> Consultation:
    """Pause it; reopening brings it back."""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.SUSPEND, consultation)
        if consultation.status is Status.SUSPENDED:
            return consultation
        paused = consultation.suspended()
        await tx.consultations.move(consultation, paused)
        await tx.audit.record(Event.SUSPENDED, paused.id)
        await tell(tx, paused.supporter, "suspended", paused, str(consultation.version))
        await _nothing_due(tx, paused)
        await show(tx, desk, paused)
    return paused


async def merge(desk: Desk, actor: Actor, consultation_id: str, number: str) -> Consultation:
    """The same request came in twice: this one goes into the one with `number`. It can be undone."""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        into = await tx.consultations.get((await tx.consultations.numbered(number)).id)
        entitlement.require(actor, Act.MERGE, consultation)
        if consultation.merged_into == into.id:
            return consultation
        merged = consultation.merged(into, tx.now)
        await tx.consultations.move(consultation, merged)
        await tx.audit.record(Event.MERGED, merged.id, into=into.id)
        await _nothing_due(tx, merged)
        await tell_coordinators(tx, desk, "merged", merged, str(consultation.version))
        for person in {consultation.supporter, consultation.counselor} - {None}:
            await tell(tx, person, "merged_into", merged, str(consultation.version), into=into.number)
        await show(tx, desk, merged, actor.id)
    return merged


async def unmerge(desk: Desk, actor: Actor, consultation_id: str) -> Consultation:
    """Undo a merge: it is again what it was."""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.MERGE, consultation)
        if consultation.status is not Status.MERGED:
            return consultation
        apart = consultation.unmerged()
        await tx.consultations.move(consultation, apart)
        await tx.audit.record(Event.UNMERGED, apart.id)
        await waits_again(tx, apart)
        await _asked_again(tx, apart)
        if apart.is_waiting:
            await tell_coordinators(tx, desk, "reopened_desk", apart, str(consultation.version))
        for person in {consultation.supporter, consultation.counselor} - {None}:
            await tell(tx, person, "unmerged", apart, str(consultation.version))
        await show(tx, desk, apart, actor.id)
    return apart


async def _nothing_due(tx: Transaction, consultation: Consultation) -> None:
    """Nothing is to be done any more; the questions that still stand open show what can be answered now."""
    await tx.timers.cancel(consultation.id)
    for each in await tx.casework.followups_of(consultation.id):
        if consultation.supporter and not (each.answer and each.heaviness):
            await tx.outbox.card("follow_up", to=consultation.supporter, subject=each.id)


async def _asked_again(tx: Transaction, consultation: Consultation) -> None:
    """After a merge was undone: what was still to be asked since the last advice is asked at its time."""
    advised = [each.at for each in await tx.casework.hearings_of(consultation.id)]
    advised += [each.entered_at for each in await tx.casework.activities_of(consultation.id)]
    if advised:
        asked = [
            each for each in await tx.casework.followups_of(consultation.id) if each.asked_at > max(advised)
        ]
        await ask_later(tx, consultation, max(advised), list(ASKED_BACK)[len(asked) :])


async def _closed_so(
    tx: Transaction, consultation: Consultation, actor: Actor, closing: Closing
) -> Consultation:
    """The same form once more is nothing new. Somebody else's is: their words must not vanish unsaid."""
    [*_, last] = [each for each in await tx.audit.trail(consultation.id) if each.event == Event.CLOSED]
    same = (closing.primary, closing.reason) == (
        consultation.primary_disposition,
        consultation.closing_reason,
    )
    if last.actor != actor.id or not same:
        raise TooLate(consultation.status)
    return consultation
