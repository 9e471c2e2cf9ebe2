"""Hearing the supporter, advising, and what was done since. Drafts belong to the consultation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.domain import entitlement
from bot.domain.casework import Activity, Draft, Hearing
from bot.domain.consultation import Consultation
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.refusals import InTheFuture, LongAgo, Missing
from bot.domain.staff import Actor
from bot.store.database import Transaction
from bot.usecases import case_names, gaps
from bot.usecases.case_names import Confirmed, Screened
from bot.usecases.desk import LONG_AGO, NOTHING, Desk, ask_later, screened_about, show

WORDS = frozenset({"formulation", "summary", "advice", "next_action"})


@dataclass(frozen=True, slots=True)
class Heard:
    """聞き取り: A axis, B axis, 見立て, what was advised, and the mandatory next action."""

    concerns: tuple[str, ...]
    characteristics: tuple[str, ...]
    formulation: str
    advice: str
    next_action: str
    next_on: date | None
    minutes: int | None = None
    supporter_field: str | None = None
    organization_type: str | None = None
    occupation: str | None = None
    municipality: str | None = None
    lacking: tuple[str, ...] = ()  # 社会資源の不足: codes of `resource_gap_kinds`
    said: Confirmed = NOTHING  # about the names in the words


@dataclass(frozen=True, slots=True)
class Done:
    """One interview, visit or other work, with the next action."""

    type: str
    happened_on: date | None
    summary: str
    advice: str
    next_action: str
    next_on: date | None
    place: str | None = None
    people: Mapping[str, int] = field(default_factory=dict)
    minutes: int | None = None
    travel_minutes: int | None = None
    travel_region: str | None = None
    lacking: tuple[str, ...] = ()  # 社会資源の不足: codes of `resource_gap_kinds`
    said: Confirmed = NOTHING  # about the names in the words


async def hear(desk: Desk, actor: Actor, consultation_id: str, heard: Heard, *, once: str) -> Consultation:
    """Write down a hearing."""
    if heard.next_on is None:
        raise Missing("next_on")
    if not heard.next_action:
        raise Missing("next_action")
    texts = {"formulation": heard.formulation, "advice": heard.advice, "next_action": heard.next_action}
    words = await screened_about(desk, actor, Act.HEAR, consultation_id, texts, heard.said)
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.HEAR, consultation)
        if await tx.casework.once(once, consultation.id) is not None:
            return consultation
        after = consultation.heard(
            concerns=heard.concerns or consultation.concerns,
            characteristics=heard.characteristics,
            next_action_on=heard.next_on,
            today=tx.today,
            **_codes(desk, heard, consultation),
        )
        await tx.consultations.move(consultation, after)
        await tx.casework.add_hearing(
            Hearing(
                tx.new_id(),
                after.id,
                actor.id,
                tx.now,
                heard.minutes,
                after.concerns,
                after.characteristics,
                heard.next_on,
            )
        )
        await _write(tx, after.id, words, "hearing")
        await gaps.note(tx, after, heard.lacking, gaps.HEARING)
        await tx.audit.record(Event.HEARD, after.id, minutes=heard.minutes)
        for kind in ("next_try", "hearing"):
            await tx.timers.cancel(after.id, kind)
        await ask_later(tx, after, tx.now)
        await show(tx, desk, after)
    return after


async def act(desk: Desk, actor: Actor, consultation_id: str, done: Done, *, once: str) -> Consultation:
    """Write down an interview, a visit or other work."""
    if done.next_on is None:
        raise Missing("next_on")
    if not done.next_action:
        raise Missing("next_action")
    if done.happened_on is None:
        raise Missing("happened_on")
    texts = {"summary": done.summary, "advice": done.advice, "next_action": done.next_action}
    words = await screened_about(desk, actor, Act.HEAR, consultation_id, texts, done.said)
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.HEAR, consultation)
        if done.happened_on > tx.today:
            raise InTheFuture("happened_on")
        if done.happened_on < tx.today - LONG_AGO:
            raise LongAgo("happened_on")
        if await tx.casework.once(once, consultation.id) is not None:
            return consultation
        after = consultation.advised(done.next_on, tx.today)
        await tx.consultations.move(consultation, after)
        await tx.casework.add_activity(
            Activity(
                tx.new_id(),
                after.id,
                actor.id,
                tx.now,
                done.happened_on,
                done.type,
                done.place,
                dict(done.people),
                done.minutes,
                done.travel_minutes,
                done.travel_region,
            )
        )
        await _write(tx, after.id, words, "activity")
        await gaps.note(tx, after, done.lacking, gaps.ACTIVITY)
        await tx.audit.record(Event.ACTED, after.id, type=done.type)
        await ask_later(tx, after, tx.now)
        await show(tx, desk, after)
    return after


async def save_draft(
    desk: Desk,
    actor: Actor,
    consultation_id: str,
    form: str,
    answers: Mapping[str, object],
    said: Confirmed = NOTHING,
) -> Screened:
    """Keep a form that was begun; gives its words as they are kept. It is sealed, its words masked, and whoever takes over finds it."""
    texts = {name: text for name, text in answers.items() if name in WORDS and isinstance(text, str)}
    words = await screened_about(desk, actor, Act.HEAR, consultation_id, texts, said)
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.HEAR, consultation)
        await tx.casework.keep_draft(consultation.id, form, {**answers, **words.texts})
        await case_names.confirm(tx, consultation.id, words.said)
        await tx.audit.record(Event.DRAFT_SAVED, consultation.id, form=form)
    return words


async def begin(
    desk: Desk, actor: Actor, consultation_id: str, form: str, act: Act = Act.HEAR
) -> tuple[Consultation, Draft | None]:
    """Open a form about a consultation, with its draft where there is one. The reading is audited."""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, act, consultation)
        draft = await tx.casework.draft_of(consultation.id, form)
        if draft is not None:
            await tx.audit.record(Event.DRAFT_READ, consultation.id, form=form)
    return consultation, draft


async def _write(tx: Transaction, consultation: str, words: Screened, form: str) -> None:
    for kind, text in words.texts.items():
        await tx.casework.write(consultation, kind, text)
    await case_names.confirm(tx, consultation, words.said)
    await tx.casework.drop_draft(consultation, form)


def _codes(desk: Desk, heard: Heard, consultation: Consultation) -> dict[str, str | None]:
    municipality = heard.municipality or consultation.municipality
    return {
        "supporter_field": heard.supporter_field or consultation.supporter_field,
        "organization_type": heard.organization_type or consultation.organization_type,
        "occupation": heard.occupation or consultation.occupation,
        "municipality": municipality,
        "region": desk.organisation.region_of(heard.municipality)
        if heard.municipality
        else consultation.region,
    }
