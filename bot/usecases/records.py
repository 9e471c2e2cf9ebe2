"""匿名化した事例記録: drawn up when a consultation ends, read and confirmed by a person, and kept when all else has gone."""

import hashlib
import json
from dataclasses import dataclass, replace

from bot.domain import entitlement
from bot.domain.casework import Record
from bot.domain.consultation import Consultation, Status
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.refusals import StillNamed, TooLate
from bot.domain.staff import Actor
from bot.privacy.anonymizer import anonymize
from bot.store.database import Transaction
from bot.store.rows import encode
from bot.usecases.desk import Desk, screened

RULESET = "2026-11"
TEXTS = ("situation", "formulation", "advice", "outcome")


@dataclass(frozen=True, slots=True)
class Proposal:
    """The record as the desk would keep it, for a person to read, mend and confirm."""

    consultation: Consultation
    situation: str
    formulation: str
    advice: str
    outcome: str


async def propose(desk: Desk, actor: Actor, consultation_id: str) -> Proposal:
    """Draw up the anonymized record from what was written. The reading is audited."""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.RECORD, consultation)
        if consultation.status is not Status.CLOSED:
            raise TooLate(consultation.status)
        contact = await tx.contacts.of(consultation.id)
        written = await tx.casework.words_of(consultation.id)
        await tx.audit.record(Event.WORDS_READ, consultation.id, why="record")
    known = tuple(each for each in (contact.name, contact.agency, contact.callable) if len(each) >= 2)
    texts: dict[str, list[str]] = {name: [] for name in TEXTS}
    for each in written:
        if place := _PLACES.get(each.kind):
            texts[place].append(each.text)
    masked = {name: anonymize("\n".join(parts), known=known).masked for name, parts in texts.items()}
    return Proposal(consultation, **masked)


async def confirm(
    desk: Desk, actor: Actor, consultation_id: str, texts: dict[str, str], keep: frozenset[str] = frozenset()
) -> Record:
    """A person has read the record and stands for it. The final gate lets nothing through that still names somebody."""
    await screened(texts, keep)
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.RECORD, consultation)
        if consultation.status is not Status.CLOSED:
            raise TooLate(consultation.status)
        kept = await tx.records.of(consultation.id)
        if kept and consultation.ended_at and kept[-1].made_at >= consultation.ended_at:
            return kept[-1]
        await _gate(tx, consultation, texts, keep)
        record = _record(tx, consultation, actor, texts)
        await tx.records.add(record, consultation.id)
        await tx.audit.record(Event.RECORD_CONFIRMED, consultation.id, record=record.id, hash=record.hash)
        await tx.outbox.home(actor.id)
    return record


_PLACES = {
    "story": "situation",
    "summary": "situation",
    "formulation": "formulation",
    "advice": "advice",
    "closing": "outcome",
}


async def _gate(
    tx: Transaction, consultation: Consultation, texts: dict[str, str], keep: frozenset[str]
) -> None:
    """Scan once more with every name known in this consultation; what a person un-masked stays, names known do not."""
    contact = await tx.contacts.of(consultation.id)
    known = tuple(each for each in (contact.name, contact.agency, contact.callable) if len(each) >= 2)
    for name, text in texts.items():
        left = anonymize(text, known=known, keep=keep - set(known))
        if left.refused or left.spans:
            raise StillNamed(name, len(left.spans))


def _record(tx: Transaction, consultation: Consultation, actor: Actor, texts: dict[str, str]) -> Record:
    record = Record(
        id=tx.new_id(),
        made_at=tx.now,
        confirmed_by=actor.id,
        fiscal_year=consultation.fiscal_year,
        region=consultation.region,
        supporter_field=consultation.supporter_field,
        organization_type=consultation.organization_type,
        occupation=consultation.occupation,
        route=consultation.route,
        urgency=consultation.urgency,
        concerns=consultation.concerns,
        characteristics=consultation.characteristics,
        dispositions=consultation.dispositions,
        primary_disposition=consultation.primary_disposition or "",
        closing_reason=consultation.closing_reason or "",
        ruleset=RULESET,
        codes_version=consultation.codes_version,
        situation=texts.get("situation", ""),
        formulation=texts.get("formulation", ""),
        advice=texts.get("advice", ""),
        outcome=texts.get("outcome", ""),
    )
    told = json.dumps(encode(record), ensure_ascii=False, sort_keys=True)
    return replace(record, hash=hashlib.sha256(told.encode()).hexdigest())
