"""Putting right how to reach a supporter: a number misheard or mistyped must not end a consultation."""

from dataclasses import replace

from bot.domain import entitlement
from bot.domain.consultation import ENDED
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.phone import Phone
from bot.domain.refusals import Missing, TooLate
from bot.domain.staff import Actor
from bot.usecases.desk import Desk, no_my_number


async def correct(desk: Desk, actor: Actor, consultation_id: str, phone: str, callable_: str) -> None:
    """Keep another number to call, and who may be asked for where that is given. The same twice is once.

    Raises `Missing` without a number, `NotAPhone`, `TwelveDigits`, and `TooLate` when it has ended.
    """
    if not phone:
        raise Missing("phone")
    no_my_number({"phone": phone, "callable": callable_})
    number = Phone.parse(phone).kept
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.CALL, consultation)
        if consultation.status in ENDED:
            raise TooLate(consultation.status)
        before = await tx.contacts.of(consultation.id)
        after = replace(before, phone=number, callable=callable_ or before.callable)
        if after != before:
            await tx.contacts.put(consultation.id, after)
            await tx.audit.record(Event.CONTACT_CORRECTED, consultation.id)
