"""A request for help comes in: received once, numbered, promised, shown to the team."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import codes
from bot.domain.business_time import era_year, fiscal_year
from bot.domain.casework import Contact
from bot.domain.consultation import Consultation, Status, receipt_number
from bot.domain.events import Event
from bot.domain.phone import Phone
from bot.domain.refusals import InTheFuture, LongAgo, Missing, NotYourRole
from bot.domain.staff import Actor, Role
from bot.store.database import Transaction
from bot.usecases import case_names
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import (
    LONG_AGO,
    NOTHING,
    Desk,
    alarm,
    call_duty,
    no_my_number,
    screened,
    show,
    sounds_dangerous,
    tell,
)

DESK_STAFF = (Role.OPERATOR, Role.COUNSELOR, Role.COORDINATOR)
CLOCKS_DIFFER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Request:
    """What was answered. Four answers are needed: concerns, urgency, contact.phone, best_times."""

    concerns: tuple[str, ...]
    urgency: str
    contact: Contact
    best_times: tuple[str, ...]
    wishes: tuple[str, ...] = ()
    privacy: tuple[str, ...] = ()
    story: str = ""
    supporter_field: str | None = None
    organization_type: str | None = None
    occupation: str | None = None
    municipality: str | None = None
    route: str = "slack"
    contacted_at: datetime | None = None  # None: just now
    said: Confirmed = NOTHING  # about the names in the story


async def receive(desk: Desk, actor: Actor, request: Request, *, once: str) -> Consultation:
    """Take a supporter's own request. The same form sent twice is one consultation."""
    return await _received(desk, actor, request, supporter=actor.id, entered_by=None, once=once)


async def enter(
    desk: Desk, actor: Actor, request: Request, *, once: str, supporter: str | None = None
) -> Consultation:
    """Enter the request of somebody who called, wrote or came by. Only for the desk's own staff."""
    if not actor.has(*DESK_STAFF):
        raise NotYourRole(tuple(DESK_STAFF))
    return await _received(desk, actor, request, supporter=supporter, entered_by=actor.id, once=once)


async def count(desk: Desk, actor: Actor, *, kind: str, route: str, at: datetime | None, once: str) -> None:
    """Count what came in and was no consultation."""
    if not actor.has(*DESK_STAFF):
        raise NotYourRole(tuple(DESK_STAFF))
    async with desk.db.transaction(actor) as tx:
        _lately(at or tx.now, tx.now)
        if await tx.casework.once(once, kind) is None:
            await tx.casework.count(kind, route, at or tx.now)
            await tx.audit.record(Event.INTAKE_COUNTED, kind, route=route)


async def _received(
    desk: Desk, actor: Actor, request: Request, *, supporter: str | None, entered_by: str | None, once: str
) -> Consultation:
    _complete(request)
    contact = _callable(request.contact)
    no_my_number({"name": contact.name, "agency": contact.agency, "callable": contact.callable})
    words = await screened({"story": request.story}, request.said, case_names.about(contact))
    request = replace(request, story=words["story"], said=words.said)
    async with desk.db.transaction(actor) as tx:
        new_id = tx.new_id()
        before = await tx.casework.once(once, new_id)
        if before is not None:
            return await tx.consultations.get(before)
        unheard = await tx.letters.unheard(supporter) if supporter else []
        consultation = await _numbered(desk, tx, new_id, request, supporter, entered_by, bool(unheard))
        await tx.consultations.add(consultation)
        await tx.contacts.put(new_id, contact)
        await tx.casework.write(new_id, "story", request.story)
        await case_names.confirm(tx, new_id, words.said)
        await tx.audit.record(
            Event.CONSULTATION_RECEIVED, new_id, route=request.route, urgency=request.urgency
        )
        if consultation.danger:
            await alarm(tx, desk, consultation, "received")
        elif request.urgency == "u2" and not desk.organisation.calendar.is_open(tx.now):
            await call_duty(tx, desk, consultation, "outside", "outside")
        for letter in unheard:  # what it called out for is called out for here
            await tx.timers.cancel(letter, "letter_again")
        await tell(tx, supporter, "receipt", consultation, "received")
        await show(tx, desk, consultation, entered_by)
    return consultation


async def _numbered(
    desk: Desk, tx: Transaction, new_id: str, request: Request, supporter: str | None, entered_by: str | None,
    unheard: bool,
) -> Consultation:  # fmt: skip
    contacted_at = request.contacted_at or tx.now
    _lately(contacted_at, tx.now)
    year = fiscal_year(contacted_at)
    danger = request.urgency == "u1" or unheard or sounds_dangerous(request.story, *request.said.surfaces)
    return Consultation(
        id=new_id,
        number=receipt_number(era_year(year), await tx.consultations.next_serial(year)),
        fiscal_year=year,
        status=Status.RECEIVED,
        route=request.route,
        contacted_at=contacted_at,
        received_at=tx.now,
        promised_at=desk.promise("u1" if danger else request.urgency, tx.now),
        urgency=request.urgency,
        danger=danger,
        concerns=request.concerns,
        wishes=request.wishes,
        privacy=request.privacy,
        best_times=request.best_times,
        supporter_field=request.supporter_field,
        organization_type=request.organization_type,
        occupation=request.occupation,
        municipality=request.municipality,
        region=desk.organisation.region_of(request.municipality),
        supporter=supporter,
        entered_by=entered_by,
        codes_version=codes.VERSION,
    )


def _lately(contacted_at: datetime, now: datetime) -> None:
    """Go on where somebody can have reached out then: not later than now, not over a year ago."""
    if contacted_at > now + CLOCKS_DIFFER:
        raise InTheFuture("contacted_on")
    if contacted_at < now - LONG_AGO:
        raise LongAgo("contacted_on")


def _complete(request: Request) -> None:
    needed = {
        "concerns": request.concerns,
        "urgency": request.urgency,
        "phone": request.contact.phone,
        "best_times": request.best_times,
    }
    for name, answer in needed.items():
        if not answer:
            raise Missing(name)


def _callable(contact: Contact) -> Contact:
    """The contact with its number as it is kept. Raises `NotAPhone`."""
    return replace(contact, phone=Phone.parse(contact.phone).kept)
