"""The desk a use case works at: its database, its organisation's rules, and what every use case does alike."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot import codes
from bot.domain import danger
from bot.domain.consultation import Consultation, Status
from bot.domain.events import Event
from bot.domain.refusals import Refused, TwelveDigits
from bot.organisation import Organisation
from bot.privacy.anonymizer import Anonymized, anonymize
from bot.store.database import Database, Transaction

TOKYO = ZoneInfo("Asia/Tokyo")


class Identified(Refused):
    """Words that point at a person were about to be kept. `found` holds them by field, with the masked text."""

    template = "refusals/identified"

    def __init__(self, found: Mapping[str, Anonymized]) -> None:
        self.found = dict(found)
        self.field = next(iter(found))
        super().__init__("identifiers found")


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a use case needs to know that is not in its arguments."""

    db: Database
    organisation: Organisation

    def promise(self, urgency: str, at: datetime) -> datetime:
        """By when the desk calls back, on business time."""
        return self.organisation.promise(urgency, at)

    def claim_expires(self, consultation: Consultation, at: datetime) -> datetime:
        """Until when a claim made at this moment stands without a call."""
        return self.organisation.claim_expires(consultation.urgency, at)

    def duty_listens(self, at: datetime) -> bool:
        """Whether whoever is on duty may be called at this moment."""
        return self.organisation.duty.outside_hours or self.organisation.calendar.is_open(at)

    @property
    def duty_again(self) -> timedelta:
        """How long after a call the duty is called again."""
        return timedelta(minutes=self.organisation.duty.repeat_minutes)

    def remind_until(self, at: datetime) -> datetime:
        """Promises that end by this moment are reminded now."""
        return at + timedelta(minutes=self.organisation.claim.remind_before)


def screened(fields: Mapping[str, str], keep: Collection[str] = (), known: Collection[str] = ()) -> None:
    """Let words pass that point at nobody; raise `TwelveDigits` or `Identified` before anything is kept.

    `fields`: the free texts of one form by name. `keep`: surfaces the person said are nobody's name.
    `known`: surfaces that always count as names here, such as the supporter's own.
    """
    found = {}
    for name, text in fields.items():
        if not text:
            continue
        seen = anonymize(text, known=tuple(known), keep=frozenset(keep))
        if seen.refused:
            raise TwelveDigits(name)
        if seen.spans:
            found[name] = seen
    if found:
        raise Identified(found)


def no_my_number(fields: Mapping[str, str]) -> None:
    """Refuse a 12-digit number in fields that otherwise may hold a name or a number to call."""
    for name, text in fields.items():
        if text and anonymize(text).refused:
            raise TwelveDigits(name)


def sounds_dangerous(*texts: str) -> bool:
    """Whether the words speak of danger to life or body. It errs towards yes."""
    listed = tuple(each.label for each in codes.options("danger_words"))
    return any(danger.danger_in(text, listed) for text in texts if text)


async def show(tx: Transaction, desk: Desk, consultation: Consultation, *others: str | None) -> None:
    """Bring what people see up to date: the card, and the Homes of those concerned (and of `others`)."""
    await tx.outbox.card("card", to=desk.organisation.channels.callbacks, subject=consultation.id)
    for person in sorted({consultation.supporter, consultation.counselor, *others} - {None}, key=str):
        await tx.outbox.home(str(person))


async def tell(
    tx: Transaction, person: str | None, template: str, consultation: Consultation, key: str, **facts: Any
) -> None:
    """Promise somebody a message about a consultation, once per `key`. Who has no Slack is told by phone or paper."""
    if person:
        await tx.outbox.add(
            template,
            to=person,
            key=f"{template}:{consultation.id}:{person}:{key}",
            subject=consultation.id,
            **facts,
        )


async def tell_coordinators(
    tx: Transaction, desk: Desk, template: str, consultation: Consultation, key: str
) -> None:
    """Promise the coordinators' channel a message about a consultation."""
    await tell(tx, desk.organisation.channels.coordinators, template, consultation, key)


async def alarm(tx: Transaction, desk: Desk, consultation: Consultation, key: str) -> None:
    """Somebody may be in danger: the coordinators and whoever is on duty hear of it, again and again until claimed."""
    await tell_coordinators(tx, desk, "danger", consultation, key)
    if consultation.is_waiting:
        await call_duty(tx, desk, consultation, "danger", key)
        await tx.timers.set(consultation.id, "duty_again", tx.now + desk.duty_again)


async def call_duty(tx: Transaction, desk: Desk, consultation: Consultation, why: str, key: str) -> None:
    """Call whoever is on duty, where they listen at this hour."""
    if not desk.duty_listens(tx.now):
        return
    for person in desk.organisation.duty.people:
        await tell(tx, person, "duty_call", consultation, key)
    await tx.audit.record(Event.DUTY_CALLED, consultation.id, why=why)


async def waits_again(tx: Transaction, consultation: Consultation) -> None:
    """It is back in the queue. Where somebody may be in danger, the duty is called at once, until it is claimed."""
    if consultation.danger and consultation.status in {Status.RECEIVED, Status.CALLBACK_PENDING}:
        await tx.timers.set(consultation.id, "duty_again", tx.now)
