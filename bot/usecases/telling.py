"""A supporter tells the desk more while it works for them: when to call, another number, what has changed."""

from collections.abc import Collection
from dataclasses import replace

from bot.domain import entitlement
from bot.domain.consultation import ENDED, Consultation
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.phone import NotAPhone, Phone
from bot.domain.refusals import Missing, TooLate
from bot.domain.staff import Actor
from bot.usecases.desk import Desk, no_my_number, screened, show, sounds_dangerous


async def tell(
    desk: Desk, actor: Actor, consultation_id: str, told: str, phone: str, keep: Collection[str], *, once: str
) -> bool:
    """Keep what the supporter adds, and let whoever holds it know. Gives whether it sounds like danger.

    Raises `Missing` when nothing was told, `NotAPhone`, `TooLate` when it has ended, and what `screened` raises.
    """
    if not told and not phone:
        raise Missing("told")
    no_my_number({"phone": phone})
    screened({"told": told}, keep)
    number = _number(phone) if phone else ""
    danger = sounds_dangerous(told)
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.FOLLOW, consultation)
        if consultation.status in ENDED:
            raise TooLate(consultation.status)
        if await tx.casework.once(once, consultation.id) is not None:
            return danger
        await tx.casework.write(consultation.id, "told", told)
        if number:
            contact = await tx.contacts.of(consultation.id)
            await tx.contacts.put(consultation.id, replace(contact, phone=number))
        await tx.audit.record(Event.TOLD, consultation.id)
        for person in _listeners(desk, consultation, danger):
            await tx.outbox.add(
                "told",
                to=person,
                key=f"told:{once}:{person}",
                subject=consultation.id,
                danger=danger,
                phone=bool(number),
            )
        if danger:
            await tx.audit.record(Event.DUTY_CALLED, consultation.id, why="told")
        await show(tx, desk, consultation)
    return danger


def _listeners(desk: Desk, c: Consultation, danger: bool) -> list[str]:
    """Who hears of it: the counselor; the coordinators where nobody holds it, or where they are to decide."""
    coordinators = desk.organisation.channels.coordinators
    listeners = [c.counselor or coordinators]
    if c.needs_decision or danger:
        listeners.append(coordinators)
    if danger:
        listeners += desk.organisation.duty.people
    return list(dict.fromkeys(listeners))


def _number(phone: str) -> str:
    try:
        return Phone.parse(phone).shown
    except NotAPhone as refused:
        refused.field = "phone"
        raise
