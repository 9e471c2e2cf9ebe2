"""Looking into a consultation. Opening what people wrote, or how to reach them, is an audited act."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain import entitlement
from bot.domain.casework import Activity, Attempt, Contact, FollowUp, Hearing, Record, Written
from bot.domain.consultation import Consultation
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.staff import Actor
from bot.store.audit import Entry
from bot.store.destructions import Hold
from bot.usecases.desk import Desk
from bot.usecases.handover_ways import Linkage, linkages


@dataclass(frozen=True, slots=True)
class Details:
    """Everything an entitled person may see of one consultation."""

    consultation: Consultation
    contact: Contact
    words: tuple[Written, ...]
    attempts: tuple[Attempt, ...]
    hearings: tuple[Hearing, ...]
    activities: tuple[Activity, ...]
    followups: tuple[FollowUp, ...]
    records: tuple[Record, ...]
    trail: tuple[Entry, ...]
    drafted: tuple[str, ...]
    now: datetime
    hold: Hold | None = None  # why it is held back from being destroyed
    passed: tuple[Linkage, ...] = ()  # what was handed to other agencies
    recorded: bool = False  # there is a record of the latest closing


async def details(desk: Desk, actor: Actor, consultation_id: str) -> Details:
    """Open a consultation: contact and words too. Each opening stands in the audit trail."""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.READ, consultation)
        await tx.audit.record(Event.DETAILS_READ, consultation.id)
        return Details(
            consultation=consultation,
            contact=await tx.contacts.of(consultation.id),
            words=tuple(await tx.casework.words_of(consultation.id)),
            attempts=tuple(await tx.casework.attempts_of(consultation.id)),
            hearings=tuple(await tx.casework.hearings_of(consultation.id)),
            activities=tuple(await tx.casework.activities_of(consultation.id)),
            followups=tuple(await tx.casework.followups_of(consultation.id)),
            records=tuple(await tx.records.of(consultation.id)),
            trail=tuple(await tx.audit.trail(consultation.id)),
            drafted=tuple(await tx.casework.drafts_of(consultation.id)),
            now=tx.now,
            hold=await tx.destructions.held(consultation.id),
            passed=tuple(await linkages(tx, await tx.handovers.packages_of(consultation.id))),
            recorded=bool(
                consultation.ended_at and await tx.records.of(consultation.id, consultation.ended_at)
            ),
        )


async def one(desk: Desk, actor: Actor, consultation_id: str, act: Act) -> Consultation:
    """Give the coded part of a consultation to somebody who may do `act` to it."""
    async with desk.db.reading() as ask:
        consultation = await ask.consultations.get(consultation_id)
    entitlement.require(actor, act, consultation)
    return consultation


async def own_words(desk: Desk, actor: Actor, consultation_id: str) -> tuple[Consultation, list[Written]]:
    """Open, for its supporter, what they themselves wrote and what was advised. Audited like every opening."""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.FOLLOW, consultation)
        await tx.audit.record(Event.WORDS_READ, consultation.id, why="own")
        written = await tx.casework.words_of(consultation.id)
    return consultation, [each for each in written if each.kind in {"story", "told", "advice", "closing"}]


async def like(desk: Desk, actor: Actor, consultation_id: str, since: datetime) -> list[Consultation]:
    """Give open ones that came in lately, for a coordinator to choose which one this is the same as."""
    async with desk.db.reading() as ask:
        consultation = await ask.consultations.get(consultation_id)
        entitlement.require(actor, Act.MERGE, consultation)
        return await ask.consultations.open_like(consultation, since)
