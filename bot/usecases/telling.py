"""A supporter tells the desk more while it works for them: when to call, another number, what has changed."""

from dataclasses import replace
from datetime import datetime

from bot.domain import entitlement
from bot.domain.consultation import DANGER, ENDED, Consultation, Status
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.phone import Phone
from bot.domain.refusals import Missing, TooLate
from bot.domain.staff import Actor
from bot.store.database import Transaction
from bot.usecases import case_names
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import NOTHING, Desk, call_out, no_my_number, screened_about, show, sounds_dangerous
from bot.usecases.desk import tell as let_know


async def tell(
    desk: Desk,
    actor: Actor,
    consultation_id: str,
    told: str,
    phone: str,
    said: Confirmed = NOTHING,
    *,
    once: str,
) -> bool:
    """Keep what the supporter adds, and let whoever holds it know. Gives whether it sounds like danger.

    Raises `Missing` when nothing was told, `NotAPhone`, `TooLate` when it has ended, and what `screened_about` raises.
    """
    if not told and not phone:
        raise Missing("told")
    no_my_number({"phone": phone})
    words = await screened_about(desk, actor, Act.FOLLOW, consultation_id, {"told": told}, said)
    dangerous = sounds_dangerous(told, *words.said.surfaces)
    number = Phone.parse(phone).kept if phone else ""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.FOLLOW, consultation)
        if consultation.status in ENDED:
            raise TooLate(consultation.status)
        if await tx.casework.once(once, consultation.id) is not None:
            return dangerous
        unheard = await tx.letters.unheard(actor.id)
        danger = bool(unheard) or dangerous
        await tx.casework.write(consultation.id, "told", words["told"])
        await case_names.confirm(tx, consultation.id, words.said)
        if number:
            contact = await tx.contacts.of(consultation.id)
            await tx.contacts.put(consultation.id, replace(contact, phone=number))
        await tx.audit.record(Event.TOLD, consultation.id)
        for letter in unheard:  # what it called out for is called out for here
            await tx.timers.cancel(letter, "letter_again")
        for person in _listeners(desk, consultation, tx.now, danger):
            facts = {"danger": danger, "phone": bool(number)}
            await call_out(tx, person, "told", consultation, once, **facts)
        after = await _endangered(desk, tx, consultation) if danger else consultation
        await show(tx, desk, after, consultation.counselor)
    return danger


def _listeners(desk: Desk, c: Consultation, now: datetime, danger: bool) -> list[str]:
    """Who hears of it: the counselor; the coordinators where nobody holds it, or where they are to decide."""
    coordinators = desk.organisation.channels.coordinators
    listeners = [c.counselor or coordinators]
    if c.needs_decision or danger:
        listeners.append(coordinators)
    if danger:
        listeners += desk.duty_called(now)
    return list(dict.fromkeys(listeners))


async def _endangered(desk: Desk, tx: Transaction, consultation: Consultation) -> Consultation:
    """Somebody may be in danger now: the call comes nearer, and it is called out until somebody has it.

    What was paused waits again.
    """
    promised_at = desk.promise(DANGER, tx.now)
    paused = consultation.status is Status.SUSPENDED
    c = consultation.reopened(promised_at) if paused else consultation
    worse = replace(c, danger=True)
    worse = worse.endangered(promised_at, desk.claim_expires(worse, tx.now))
    await tx.consultations.move(consultation, worse)
    if paused:
        await tx.audit.record(Event.REOPENED, worse.id)
        await let_know(tx, worse.supporter, "reopened", worse, str(consultation.version))
    if desk.duty_called(tx.now):
        await tx.audit.record(Event.DUTY_CALLED, worse.id, why="told")
    if worse.is_waiting:
        await tx.timers.set(worse.id, "duty_again", desk.duty_again(tx.now))
    return worse
