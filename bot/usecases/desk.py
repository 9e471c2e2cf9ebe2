"""The desk a use case works at: its database, its organisation's rules, and what every use case does alike."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from bot import codes
from bot.domain import danger, entitlement
from bot.domain.business_time import TOKYO
from bot.domain.consultation import NOT_REACHED, Consultation, Status
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.refusals import Refused, TwelveDigits
from bot.domain.staff import Actor
from bot.organisation import Organisation
from bot.privacy.anonymizer import Anonymized, Known, holds_my_number
from bot.privacy.anonymizer.plain import same
from bot.privacy.namesakes import Namesakes
from bot.privacy.namesakes import namesakes as namesakes_of
from bot.store.database import Database, Transaction
from bot.usecases import case_names
from bot.usecases.case_names import Case, Confirmed, Screened

NOTHING = Confirmed()
LONG_AGO = timedelta(days=366)  # what lies further back is a slip of the pen
TO_CALL_AGAIN = NOT_REACHED | {"rescheduled"}
ASKED_AT = time(10, 0)
# How long after the last advice, or the closing, the supporter is asked how it went: two weeks and three months.
ASKED_BACK = {"follow_up": timedelta(days=14), "follow_up_late": timedelta(days=91)}


class Identified(Refused):
    """Words that point at a person were about to be kept.

    `found` holds by field what points at somebody, with the masked text; `seen` all fields that were read; `names` what
    of it are names. `own`: those that cannot be said to be nobody's. `namesakes`: surnames that may be several people's.
    `before`: names that were confirmed in this case before, and are not asked about again.
    """

    template = "refusals/identified"

    def __init__(
        self,
        found: Mapping[str, Anonymized],
        own: Collection[str] = (),
        namesakes: tuple[Namesakes, ...] = (),
        before: Collection[str] = (),
    ) -> None:
        self.seen = dict(found)
        self.found = {name: each for name, each in found.items() if each.spans}
        self.own = frozenset(own)
        self.namesakes = namesakes
        self.before = frozenset(before)
        self.names = tuple(name for each in self.found.values() for name in case_names.named_in(each))
        self.field = next(iter(self.found), "")
        super().__init__("identifiers found")

    def is_own(self, surface: str) -> bool:
        """Whether it is a name of whoever asked, or a part of one."""
        read = same(surface)
        return any(read in own or own in read for own in self.own)


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a use case needs to know that is not in its arguments."""

    db: Database
    organisation: Organisation
    backups: Path | None = None  # the folder where backups lie, and what was destroyed since is noted

    def promise(self, urgency: str, at: datetime) -> datetime:
        """By when the desk calls back, on business time."""
        return self.organisation.promise(urgency, at)

    def claim_expires(self, consultation: Consultation, at: datetime) -> datetime:
        """Until when a claim made at this moment stands without a call.

        Where somebody may be in danger and the duty is there at night, the night counts too.
        """
        if consultation.danger and self.organisation.duty.outside_hours:
            return at + timedelta(minutes=self.organisation.claim.expires_after.u1)
        return self.organisation.claim_expires(consultation.pace, at)

    def next_morning(self, at: datetime) -> datetime:
        """An hour after the desk opens next."""
        calendar = self.organisation.calendar
        return calendar.add_open_minutes(calendar.next_opening(at), 60)

    def next_try(self, consultation: Consultation, at: datetime) -> datetime:
        """When to call again where nobody said when: soon, where somebody may be in danger."""
        return self.claim_expires(consultation, at) if consultation.danger else self.next_morning(at)

    def duty_listens(self, at: datetime) -> bool:
        """Whether whoever is on duty may be called at this moment."""
        return self.organisation.duty.outside_hours or self.organisation.calendar.is_open(at)

    def duty_called(self, at: datetime) -> tuple[str, ...]:
        """Who is called at this moment: nobody, where nobody is on duty or the duty sleeps."""
        return self.organisation.duty.people if self.duty_listens(at) else ()

    def duty_again(self, at: datetime) -> datetime:
        """When it is called out again; while the duty sleeps, when the desk opens."""
        if not self.duty_listens(at):
            return self.organisation.calendar.next_opening(at)
        return at + timedelta(minutes=self.organisation.duty.repeat_minutes)

    def remind_until(self, at: datetime) -> datetime:
        """Promises that end by this moment are reminded now."""
        return at + timedelta(minutes=self.organisation.claim.remind_before)


async def screened(
    fields: Mapping[str, str],
    said: Confirmed = NOTHING,
    known: Iterable[Known] = (),
    *,
    stays: bool = False,
) -> Screened:
    """Let words pass that point at nobody; raise `TwelveDigits` or `Identified` before anything is kept.

    `fields`: the free texts of one form by name. `said`: what the person said about names in it; those they named
    themselves are masked at once, without asking again. `known`: what always counts as a name here, such as the
    supporter's own. `stays`: as in the record that stays, dates count too. Keep the texts this gives, not those it was
    given.
    """
    own = tuple(known)
    case = Case(own, own=frozenset(same(each.surface) for each in own))
    return await _passed(fields, said, case, dates=stays)


async def screened_about(
    desk: "Desk",
    actor: Actor,
    act: Act | None,
    consultation_id: str,
    fields: Mapping[str, str],
    said: Confirmed = NOTHING,
    *,
    stays: bool = False,
) -> Screened:
    """The same for words about a consultation, read with all names known in its case; keep `said` with `confirm`.

    `stays`: as in the record that stays. Dates count too; what was said earlier to be nobody's name does not, and no
    name the case knows can be said to be nobody's. Whoever may not do `act` learns nothing of them: raises
    `NotAllowed` before the dictionary is opened. That it was opened stands in the trail with the act; where words come
    back instead, by itself. `act` None: another table let them in, before.
    """
    if not any(fields.values()):
        return Screened(dict(fields), said)
    async with desk.db.reading(actor) as ask:
        consultation = await ask.consultations.get(consultation_id)
        if act is not None:
            entitlement.require(actor, act, consultation)
        case = await case_names.case_of(ask, consultation.id)
    try:
        words = await _passed(fields, said, case.for_good() if stays else case, dates=stays)
    except Identified:
        if case != Case():
            async with desk.db.transaction(actor) as tx:
                await tx.audit.record(Event.WORDS_READ, consultation.id, why="names")
        raise
    return await _with_earlier(desk, actor, consultation.id, words, case)


async def _with_earlier(
    desk: "Desk", actor: Actor, consultation: str, words: Screened, case: Case
) -> Screened:
    """Read what was written before with the names that are new: before the transaction, which holds up everybody."""
    known = {same(each.surface) for each in case.known if each.token}
    told = {same(each) for each in (*words.said.surfaces, *words.said.added)} - known
    if not told:
        return words
    async with desk.db.reading(actor) as ask:
        written = await ask.casework.words_of(consultation)
    again = await case_names.read_again(written, case.with_said(words.said), told)
    return replace(words, said=replace(words.said, again=again))


async def _passed(fields: Mapping[str, str], said: Confirmed, case: Case, *, dates: bool = False) -> Screened:
    no_my_number(fields)
    given = {name: text for name, text in fields.items() if text}
    own = case.own
    before = frozenset(same(each.surface) for each in case.known if each.token)
    clashing = case_names.clashing(said.names, case.known)
    given, said = case_names.taken_back(given, said, clashing)
    case = case.with_said(said)
    seen = await case_names.read_together(given, case, dates=dates)
    found = tuple(name for each in seen.values() for name in case_names.named_in(each))
    asked_for = {same(each) for each in said.added}
    answered = clashing | {
        span.token
        for each in seen.values()
        for span in each.spans
        if same(each.text[span.start : span.end]) in asked_for
    }
    if any(span.token not in answered for each in seen.values() for span in each.spans):
        raise Identified(seen, own, namesakes_of(found, case.known), before)
    texts = {**fields, **{name: each.masked for name, each in seen.items()}}
    return Screened(texts, replace(said, names=(*said.names, *found)))


def no_my_number(fields: Mapping[str, str]) -> None:
    """Refuse a 12-digit number, also in fields that otherwise may hold a name or a number to call."""
    for name, text in fields.items():
        if text and holds_my_number(text):
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


async def call_out(
    tx: Transaction, person: str, template: str, consultation: Consultation, key: str, **facts: Any
) -> None:
    """Promise somebody a message that waits for no other: what was said before may be stuck on its way."""
    await tx.outbox.add(
        template,
        to=person,
        key=f"{template}:{consultation.id}:{person}:{key}",
        consultation=consultation.id,
        **facts,
    )


async def alarm(tx: Transaction, desk: Desk, consultation: Consultation, key: str) -> None:
    """Somebody may be in danger: the coordinators and whoever is on duty hear of it, again and again until claimed."""
    duty = consultation.is_waiting and bool(desk.duty_called(tx.now))
    to = desk.organisation.channels.coordinators
    await call_out(tx, to, "danger", consultation, key, duty=duty)
    if consultation.is_waiting:
        await call_duty(tx, desk, consultation, "danger", key)
        await tx.timers.set(consultation.id, "duty_again", desk.duty_again(tx.now))


async def call_duty(tx: Transaction, desk: Desk, consultation: Consultation, why: str, key: str) -> None:
    """Call whoever is on duty, where they listen at this hour."""
    called = desk.duty_called(tx.now)
    for person in called:
        await call_out(tx, person, "duty_call", consultation, key)
    if called:
        await tx.audit.record(Event.DUTY_CALLED, consultation.id, why=why)


async def waits_again(tx: Transaction, consultation: Consultation) -> None:
    """It is back in the queue. Where somebody may be in danger, the duty is called at once, until it is claimed."""
    to_call = {Status.RECEIVED, Status.CALLBACK_PENDING, Status.REOPENED}
    if consultation.danger and consultation.status in to_call:
        await tx.timers.set(consultation.id, "duty_again", tx.now)


async def open_again(tx: Transaction, desk: Desk, consultation: Consultation) -> Consultation:
    """It waits in the queue with a new promise: the supporter and the coordinators hear of it."""
    again = consultation.reopened(desk.promise(consultation.pace, tx.now))
    await tx.consultations.move(consultation, again)
    await tx.timers.cancel(again.id)
    await tx.audit.record(Event.REOPENED, again.id)
    await tell(tx, again.supporter, "reopened", again, str(consultation.version))
    await tell_coordinators(tx, desk, "reopened_desk", again, str(consultation.version))
    await waits_again(tx, again)
    await show(tx, desk, again, consultation.counselor)
    return again


async def keep_in_mind(
    tx: Transaction, desk: Desk, consultation: Consultation, outcome: str, at: datetime | None
) -> None:
    """After a call: to call again, at the time that was said or at the next good one, or to write what was heard."""
    again = at is not None or outcome in TO_CALL_AGAIN
    kind, other = ("next_try", "hearing") if again else ("hearing", "next_try")
    await tx.timers.cancel(consultation.id, other)
    if at is not None:
        await tx.timers.set(consultation.id, kind, at)
    elif consultation.status is Status.CALLBACK_PENDING:
        due = desk.next_try(consultation, tx.now) if again else desk.next_morning(tx.now)
        await tx.timers.set(consultation.id, kind, due)
    else:
        await tx.timers.cancel(consultation.id, kind)


async def ask_later(
    tx: Transaction, consultation: Consultation, since: datetime, kinds: Collection[str] = tuple(ASKED_BACK)
) -> None:
    """Let the supporter be asked, in one tap, how it went: two weeks and three months after `since`."""
    if consultation.supporter is None:
        return
    for kind in kinds:
        day = (since + ASKED_BACK[kind]).astimezone(TOKYO).date()
        await tx.timers.set(consultation.id, kind, datetime.combine(day, ASKED_AT, TOKYO))
