"""つなぎ先: looking up where a case can go on to, keeping the entries right, and asking again when they grow old."""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from bot import codes
from bot.domain import timeline
from bot.domain.directory import (
    EVERYWHERE,
    PATIENCE,
    STAFF,
    Agency,
    Entry,
    NotOfStaff,
    PersonNamed,
    Town,
    asked_at,
    checked,
    confirmed,
    holds,
    is_due,
    may_edit,
)
from bot.domain.events import Event
from bot.domain.phone import Phone
from bot.domain.refusals import Changed, Missing, NotAllowed, NotFound, NotYourRole
from bot.domain.staff import Actor, Role
from bot.organisation import Organisation
from bot.privacy import beside
from bot.privacy.anonymizer import Label
from bot.store.database import Transaction
from bot.store.directory import entry
from bot.store.timers import Timer
from bot.usecases.desk import Desk, no_my_number

EDIT = frozenset({Role.COORDINATOR})
CONFIRM, UNANSWERED = "d_confirm", "d_unanswered"
SHORT_NUMBER = re.compile(r"#?\d{3,4}")  # 110, 119, 189, #8008


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: words, a municipality, a kind of agency; nothing of it is everything."""

    words: str = ""
    municipality: str | None = None
    kind: str | None = None

    @property
    def anything(self) -> bool:
        """Whether something is asked at all."""
        return bool(self.words or self.municipality or self.kind)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found. `town`: where one municipality was asked for. `of_all`: how many agencies there are."""

    agencies: tuple[Agency, ...] = ()
    town: Town | None = None
    of_all: int = 0
    unused: tuple[Agency, ...] = ()


async def look(desk: Desk, actor: Actor, asked: Asked) -> Found:
    """Look up agencies, and a municipality's counter. For everybody who works at the desk."""
    if not actor.has(*STAFF):
        raise NotYourRole((Role.COORDINATOR, Role.COUNSELOR, Role.OPERATOR))
    labels = _labels(desk.organisation)
    async with desk.db.reading(actor) as ask:
        everything = await ask.agencies.all()
        here = await ask.agencies.of(asked.municipality) if asked.municipality else everything
        town = await ask.towns.get(asked.municipality) if asked.municipality else None
        unused = await ask.agencies.unused() if actor.has(*EDIT) else []
    found = [each for each in here if asked.kind in {None, each.kind} and holds(each, asked.words, labels)]
    gone = [each for each in unused if asked.municipality in {None, each.municipality} and asked.anything
            and asked.kind in {None, each.kind} and holds(each, asked.words, labels)]  # fmt: skip
    return Found(tuple(found) if asked.anything else (), town, len(everything), tuple(gone))


async def one(desk: Desk, actor: Actor, subject: str) -> Entry:
    """Open an entry to change it."""
    async with desk.db.reading(actor) as ask:
        found = await entry(ask, _known(desk.organisation, subject))
    if not may_edit(actor, found):
        raise NotAllowed
    return found


async def keep_agency(
    desk: Desk, actor: Actor, agency: Agency, *, once: str = "", nobody: Collection[str] = ()
) -> Agency:
    """Keep a new agency (version 0, told from others by `once`), or change one. Whoever kept it looked at it today.

    `nobody`: what looks like a person's name and is none. Raises `PersonNamed`, `Missing`, `NotAPhone`, `NotOfStaff`,
    `InThePast`, `Changed`.
    """
    if not agency.name:
        raise Missing("name")
    _must_offer(agency.kind, "kind", {each.code for each in codes.options("organization_types")})
    _must_offer(agency.municipality, "municipality", {*places(desk.organisation), EVERYWHERE})
    _must_be_source(agency)
    await without_people({"name": agency.name, "note": agency.note}, nobody)
    agency = replace(agency, phone=_number(agency.phone))
    if agency.version == 0:
        agency = replace(agency, id=hashlib.sha256(f"agency:{once}".encode()).hexdigest()[:32])
    async with desk.db.transaction(actor) as tx:
        if agency.version:
            before = await tx.agencies.get(agency.id)
            if not await _may_go_on(tx, actor, before, agency):
                return before
        elif not actor.has(*EDIT):
            raise NotAllowed
        await _owner_fits(tx, agency)
        agency = replace(checked(agency, tx.today), confirmed_on=tx.today)
        if await tx.agencies.keep(agency):
            await _kept(tx, agency)
    return agency


async def keep_town(desk: Desk, actor: Actor, town: Town, *, nobody: Collection[str] = ()) -> Town:
    """Keep what is known of a municipality's counter; its meetings' names stay. Raises as `keep_agency` does."""
    _must_offer(town.municipality, "section", set(places(desk.organisation)))
    _must_be_source(town)
    await without_people({"section": town.section}, nobody)
    town = replace(town, phone=_number(town.phone))
    async with desk.db.transaction(actor) as tx:
        before = await tx.towns.get(town.municipality)
        town = replace(town, meetings=before.meetings)
        if not await _may_go_on(tx, actor, before, town):
            return before
        await _owner_fits(tx, town)
        town = replace(checked(town, tx.today), confirmed_on=tx.today)
        await tx.towns.keep(town)
        await _kept(tx, town)
    return town


async def call_meeting(
    desk: Desk, actor: Actor, municipality: str, meeting: str, name: str, *, nobody: Collection[str] = ()
) -> Town:
    """Note what a municipality calls one of its meetings; an empty name takes it out."""
    _must_offer(municipality, "meeting", set(places(desk.organisation)))
    _must_offer(meeting, "meeting", {each.code for each in meetings_of_towns()})
    await without_people({"name": name}, nobody)
    async with desk.db.transaction(actor) as tx:
        before = await tx.towns.get(municipality)
        if not may_edit(actor, before):
            raise NotAllowed
        town = before.calling(meeting, name)
        if town != before:
            if town.confirm_on is None:
                town = confirmed(town, tx.today)
                await _ask_again(tx, town)
            await tx.towns.keep(town)
            await tx.audit.record(Event.DIRECTORY_CHANGED, town.subject, meeting=meeting)
    return town


async def confirm(desk: Desk, actor: Actor, subject: str) -> Entry:
    """Say that an entry still holds: it is asked about again after a year. Twice is once."""
    async with desk.db.transaction(actor) as tx:
        before = await entry(tx, _known(desk.organisation, subject))
        if not may_edit(actor, before):
            raise NotAllowed
        after = confirmed(before, tx.today)
        if after is before:
            return before
        if isinstance(after, Agency):
            await tx.agencies.keep(after)
        else:
            await tx.towns.keep(after)
        await tx.audit.record(Event.DIRECTORY_CONFIRMED, after.subject)
        await _ask_again(tx, after)
    return after


async def ring(desk: Desk, tx: Transaction, timer: Timer) -> None:
    """An entry is to be looked at again: its owner is asked; where nobody answers within two weeks, the coordinators.

    Nobody is asked at night. An entry nobody of the desk looks after is the coordinators' at once.
    """
    if later := timeline.put_off(tx.now, desk.organisation.trainings.quiet):
        await tx.timers.set(timer.subject, timer.kind, later)
        return
    try:
        found = await entry(tx, timer.subject)
    except NotFound:
        return
    if not is_due(found, tx.today):
        return
    to, template = desk.organisation.channels.coordinators, "directory_unanswered"
    if timer.kind == CONFIRM and found.owner and STAFF & await tx.staff.roles_of(found.owner):
        to, template = found.owner, "directory_confirm"
        await tx.timers.set(found.subject, UNANSWERED, tx.now + PATIENCE)
    await tx.outbox.add(
        template, to=to, key=f"{template}:{found.subject}:{found.confirm_on}", place=found.subject
    )


async def without_people(fields: Mapping[str, str], nobody: Collection[str] = ()) -> None:
    """Go on where no person is named; raise `PersonNamed` or `TwelveDigits`. Names of offices are plain here by rule."""
    no_my_number(fields)
    for name, text in fields.items():
        seen = await beside.read(text, keep=list(nobody))
        found = [text[each.start : each.end] for each in seen.spans if each.label is Label.PERSON]
        if named := tuple(dict.fromkeys(each for each in found if each not in nobody)):
            raise PersonNamed(name, named)


def places(organisation: Organisation) -> dict[str, str]:
    """The municipalities of this prefecture, each a single one: code → name."""
    return {each.code: each.label for each in organisation.offered("municipalities") if each.more["region"]}


def meetings_of_towns() -> tuple[codes.Code, ...]:
    """The meetings municipalities hold, which have names of their own there."""
    return tuple(each for each in codes.options("meeting_types") if each.more["local"])


def _labels(organisation: Organisation) -> dict[str, str]:
    return {each.code: each.label for each in codes.options("organization_types")} | places(organisation)


def _known(organisation: Organisation, subject: str) -> str:
    """The subject of an entry there may be; raises `NotFound` for a municipality of elsewhere."""
    kind, _, key = subject.partition(":")
    if kind == "town" and key not in places(organisation):
        raise NotFound
    return subject


def _must_offer(code: str, field: str, offered: set[str]) -> None:
    if code not in offered:
        raise Missing(field)


def _must_be_source(entry: Entry) -> None:
    if entry.source:
        _must_offer(entry.source, "source", set(codes.load("directory_sources").codes))


def _number(written: str) -> str:
    if not written or SHORT_NUMBER.fullmatch(written):
        return written
    return Phone.parse(written).kept


async def _may_go_on(tx: Transaction, actor: Actor, before: Entry, after: Entry) -> bool:
    """Whether there is something new to be kept. Raises `NotAllowed`, and `Changed` where somebody else was first."""
    if not may_edit(actor, before):
        raise NotAllowed
    same = replace(after, version=before.version, confirmed_on=before.confirmed_on)
    if same == before and before.confirmed_on == tx.today:
        return False
    if after.version != before.version:
        raise Changed
    return True


async def _owner_fits(tx: Transaction, kept: Entry) -> None:
    if kept.owner and not STAFF & await tx.staff.roles_of(kept.owner):
        raise NotOfStaff("owner")


async def _kept(tx: Transaction, kept: Entry) -> None:
    await tx.audit.record(Event.DIRECTORY_CHANGED, kept.subject)
    await _ask_again(tx, kept)


async def _ask_again(tx: Transaction, kept: Entry) -> None:
    await tx.timers.cancel(kept.subject)
    if kept.active and kept.confirm_on is not None:
        await tx.timers.set(kept.subject, CONFIRM, asked_at(kept.confirm_on))
