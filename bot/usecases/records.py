"""匿名化した事例記録: drawn up when a consultation ends, read and confirmed by a person, and kept when all else has gone.

Rules R1 to R10 of a record hold when it is kept: nothing in it points at anybody (the final gate), dates are relative,
ages, areas and houses general, unusual facts were looked at, and whoever confirmed it stands for it by name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot import codes
from bot.domain import entitlement
from bot.domain.casework import TEXTS, Draft, Record, Written
from bot.domain.consultation import Consultation, Status
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.refusals import Changed, Missing, Refused, TooLate
from bot.domain.staff import Actor
from bot.privacy import coarse
from bot.privacy.anonymizer import Anonymized, Known, Label
from bot.privacy.anonymizer.plain import same
from bot.privacy.namesakes import Namesakes, namesakes
from bot.privacy.uniqueness import Key, key_of
from bot.privacy.unusual import Fact, unusual_in, without
from bot.store.database import Reading, Transaction
from bot.store.records import day
from bot.usecases import case_names, record_trail
from bot.usecases.case_names import LETTER, Case, Confirmed, Screened
from bot.usecases.desk import NOTHING, Desk, screened_about
from bot.usecases.record_gate import checked

RULESET = "2026-11.2"
NO_TEXTS = dict.fromkeys(TEXTS, "")
ABOUT = ("age_band", "sex", "household", "theme")
CHOICES = {
    "age_band": "age_bands", "sex": "sexes", "household": "households", "theme": "supporter_concerns",
    "purpose": "record_purposes", "agreement": "record_agreements",
}  # fmt: skip
MOST_COUNTED = 1000  # records alike; nobody needs to know how many more
READ = 2800  # characters of what was written that one text takes: what stands instead may be longer
DRAFT = "record"
TRIES = 3
WHOEVER_ASKED = codes.label("record_tokens", "whoever_asked")
YEARS = re.compile(r"X(?:\+[0-9]+)?年")
HONOURED = re.compile(f"{WHOEVER_ASKED}(?:さん|様|さま|氏)")
_PLACES = {
    "story": "situation",
    "summary": "situation",
    "formulation": "formulation",
    "advice": "advice",
    "closing": "outcome",
}


class AlreadyKept(Refused):
    """The record of this closing is kept, in other words than these. `by`: who confirmed it."""

    template = "refusals/already_kept"

    def __init__(self, by: str) -> None:
        self.by = by
        super().__init__(f"kept by {by}")


@dataclass(frozen=True, slots=True)
class Proposal:
    """The record as the desk would keep it, for a person to read, mend and confirm.

    `unusual`: what was replaced by general words, by field, with what stood there. `seen`: what was masked before that;
    `own`: names that are always masked. `letters`: those that stand for somebody in it. `alike`: how many kept records
    share its coarse facts. `namesakes`: surnames that may be several people's. `cut`: more was written than the texts
    take. `draft`: what somebody made of it so far.
    """

    consultation: Consultation
    situation: str = ""
    formulation: str = ""
    advice: str = ""
    outcome: str = ""
    unusual: Mapping[str, tuple[tuple[Fact, str], ...]] = field(default_factory=dict)
    seen: Mapping[str, Anonymized] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    letters: str = ""
    age_band: str | None = None
    sex: str | None = None
    household: str | None = None
    theme: str | None = None
    alike: int = 0
    namesakes: tuple[Namesakes, ...] = ()
    cut: bool = False
    draft: Draft | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says with the texts of a record.

    `standing`: unusual facts that stay as they are, each with the text it stands in. `offered`: others may learn from it, once a second person agrees.
    `letters`: those that stand for somebody; another letter before さん is an initial.
    """

    age_band: str | None = None
    sex: str | None = None
    household: str | None = None
    theme: str | None = None
    purpose: str | None = "support"
    agreement: str | None = None
    offered: bool = False
    standing: frozenset[tuple[str, str]] = frozenset()
    letters: str = ""
    names: Confirmed = NOTHING


async def propose(desk: Desk, actor: Actor, consultation_id: str) -> Proposal:
    """Draw up the anonymized record from what was written. The reading is audited. Raises `AlreadyKept`."""
    async with desk.db.transaction(actor) as tx:
        consultation = await _closed(tx, actor, consultation_id)
        await _not_kept(tx, consultation)
        case = (await case_names.case_of(tx, consultation.id)).for_good()
        asked = case_names.about(await tx.contacts.of(consultation.id))
        draft = await tx.casework.draft_of(consultation.id, DRAFT)
        if draft and consultation.ended_at and draft.saved_at < consultation.ended_at:
            draft = None  # of an earlier closing
        written = await case_names.written_of(tx, consultation.id)
        await tx.audit.record(Event.WORDS_READ, consultation.id, why="record")
    if draft:
        letters = str(draft.answers.get("letters") or "")
        said = Said(**_codes(draft.answers))
        begun = await alike(desk, consultation, said)
        return Proposal(consultation, own=case.own, letters=letters, alike=begun, draft=draft)
    placed, cut = _placed(written)
    taken = {letter for each in written for letter in LETTER.findall(each.text)}
    seen = await _read(placed, case, asked, taken)
    drawn = {name: HONOURED.sub(WHOEVER_ASKED, each.masked) for name, each in seen.items()}
    facts = {name: unusual_in(text) for name, text in drawn.items()}
    plain = {name: without(text, facts[name]) for name, text in drawn.items()}
    whole = "\n".join(plain.values())
    proposal = Proposal(
        consultation,
        situation=plain["situation"],
        formulation=plain["formulation"],
        advice=plain["advice"],
        outcome=plain["outcome"],
        unusual={
            name: tuple((each, drawn[name][each.start : each.end]) for each in those)
            for name, those in facts.items()
            if those
        },
        seen=seen,
        own=case.own,
        letters=letters_in(whole),
        age_band=coarse.age_band(whole, consultation.characteristics),
        sex=coarse.sex(whole),
        household=coarse.household(whole, consultation.characteristics),
        theme=consultation.concerns[0] if consultation.concerns else None,
        namesakes=namesakes(
            [name for each in seen.values() for name in case_names.named_in(each)], case.known
        ),
        cut=cut,
    )
    return replace(proposal, alike=await alike(desk, consultation, said_of(proposal)))


def _codes(answers: Mapping[str, object]) -> dict[str, Any]:
    """The coarse facts among the answers of a form."""
    told = {name: str(answers.get(name) or "") for name in ABOUT}
    return {name: code for name, code in told.items() if code in codes.load(CHOICES[name])}


async def save_draft(
    desk: Desk,
    actor: Actor,
    consultation_id: str,
    form: str,
    answers: Mapping[str, object],
    said: Confirmed = NOTHING,
) -> Screened:
    """Keep what somebody made of the record so far, sealed, its words masked; gives them as they are kept."""
    texts = {name: str(answers.get(name) or "") for name in TEXTS}
    words = await screened_about(desk, actor, Act.RECORD, consultation_id, texts, said, stays=True)
    async with desk.db.transaction(actor) as tx:
        consultation = await _closed(tx, actor, consultation_id)
        await _not_kept(tx, consultation)
        await tx.casework.keep_draft(consultation.id, form, {**answers, **words.texts})
        await tx.audit.record(Event.DRAFT_SAVED, consultation.id, form=form)
    return words


async def _not_kept(tx: Transaction, consultation: Consultation) -> None:
    if kept := await tx.records.of(consultation.id, since=consultation.ended_at):
        raise AlreadyKept(kept[-1].confirmed_by)


def letters_in(text: str) -> str:
    """The letters that stand for somebody in a text, in order."""
    return "".join(sorted({each[0] for each in LETTER.findall(YEARS.sub("", text))}))


def said_of(proposal: Proposal) -> Said:
    """What the desk would say of a record, if nobody said anything else."""
    return Said(proposal.age_band, proposal.sex, proposal.household, proposal.theme)


async def alike(desk: Desk, consultation: Consultation, said: Said) -> int:
    """How many records are kept that share these coarse facts."""
    async with desk.db.reading() as ask:
        return await _alike(ask, consultation, said)


async def confirm(
    desk: Desk, actor: Actor, consultation_id: str, texts: Mapping[str, str], said: Said
) -> Record:
    """A person has read the record and stands for it. The final gate lets nothing through that still names somebody.

    Raises Missing, Identified, TwelveDigits, StillNamed, Initials or Unusual with the field it is about. Pressed twice
    it is kept once; raises AlreadyKept where it was kept by somebody else, or in other words.
    """
    _answered(said)
    for _ in range(TRIES):
        read = await screened_about(desk, actor, Act.RECORD, consultation_id, texts, said.names, stays=True)
        async with desk.db.reading(actor) as ask:
            consultation = await _closed(ask, actor, consultation_id)
            case = await case_names.case_of(ask, consultation.id)
        standing = await checked(read, case, said.standing, said.letters)
        async with desk.db.transaction(actor) as tx:
            consultation = await _closed(tx, actor, consultation_id)
            for record in await tx.records.of(consultation.id, since=consultation.ended_at):
                if record.confirmed_by == actor.id and _texts(record) == {**NO_TEXTS, **read.texts}:
                    return record
            await _not_kept(tx, consultation)
            if await case_names.case_of(tx, consultation.id) == case:
                names = _about_names(read.said, case)
                return await _keep(tx, consultation, read, replace(said, names=names), standing)
    raise Changed


async def _closed(ask: Reading | Transaction, actor: Actor, consultation_id: str) -> Consultation:
    consultation = await ask.consultations.get(consultation_id)
    entitlement.require(actor, Act.RECORD, consultation)
    if consultation.status is not Status.CLOSED:
        raise TooLate(consultation.status)
    return consultation


def _texts(record: Record) -> dict[str, str]:
    return {name: getattr(record, name) for name in TEXTS}


def _placed(written: list[Written]) -> tuple[dict[str, str], bool]:
    """What was written, by the field of the record it belongs to, and whether there is more than they take."""
    parts: dict[str, list[str]] = {name: [] for name in TEXTS}
    for each in written:
        if place := _PLACES.get(each.kind):
            parts[place].append(each.text)
    whole = {name: "\n".join(each) for name, each in parts.items()}
    begun = {name: _beginning(text) for name, text in whole.items()}
    return begun, begun != whole


def _beginning(text: str) -> str:
    """As many of its sentences as one text takes."""
    if len(text) <= READ:
        return text
    end = max(text.rfind(mark, 0, READ) for mark in "。\n")
    return text[: end + 1 if end > 0 else READ]


async def _read(
    texts: Mapping[str, str], case: Case, asked: list[Known], taken: set[str]
) -> dict[str, Anonymized]:
    """Read the texts as one: the same name the same letter, and years counted from the same one.

    `asked`: the names of whoever asked, who is called so in the record, whatever letter stood for them in the notes.
    """
    theirs = {same(each.surface) for each in asked if each.label is Label.PERSON}
    letters = {
        each.token: WHOEVER_ASKED for each in case.known if same(each.surface) in theirs and each.token
    }
    known = tuple(
        replace(each, token=WHOEVER_ASKED) if same(each.surface) in theirs else each for each in case.known
    )
    texts = {name: case_names.put_back(text, letters) for name, text in texts.items()}
    return await case_names.read_together(texts, replace(case, known=known), dates=True, taken=taken)


def _answered(said: Said) -> None:
    """What a record must say besides its texts, in codes there are."""
    for name in ("purpose", "agreement"):
        if not getattr(said, name):
            raise Missing(name)
    for name, listed in CHOICES.items():
        if getattr(said, name) and getattr(said, name) not in codes.load(listed):
            raise Missing(name)


async def _alike(ask: Reading | Transaction, consultation: Consultation, said: Said) -> int:
    key = Key(
        region=consultation.region or "",
        age_band=said.age_band or "",
        sex=said.sex or "",
        household=said.household or "",
        theme=said.theme or "",
    )
    return await ask.records.count_like(key, MOST_COUNTED)


async def _keep(
    tx: Transaction, consultation: Consultation, read: Screened, said: Said, standing: tuple[str, ...]
) -> Record:
    """Keep the record, offer it to others where it was said or has to be, and note what helped so far."""
    record = _record(tx, consultation, read, said, standing)
    for before in await tx.records.of(consultation.id):
        record = replace(record, of_case=before.of_case)
    others = await tx.records.count_like(key_of(record), MOST_COUNTED, but=record.of_case)
    record = replace(record, likeness=1 + others)
    record = replace(record, hash=record_trail.hash_of(record))
    await tx.records.add(record, consultation.id)
    await case_names.confirm(tx, consultation.id, said.names)
    await tx.casework.drop_draft(consultation.id, DRAFT)
    # Of the record the trail tells at night (`note`): side by side the two would lead from it to whose it was for ever.
    await tx.audit.record(Event.RECORD_CONFIRMED, consultation.id)
    if said.offered or standing:
        await tx.records.offer(record.id)
    for each in await tx.casework.followups_of(consultation.id):
        if each.answer or each.heaviness:
            await tx.records.echo(consultation.id, each)
    await tx.outbox.home(tx.actor.id)
    return record


def _about_names(said: Confirmed, case: Case) -> Confirmed:
    """What is said of names for the case, too: what somebody said there is nobody's name stays so, though masked here."""
    return replace(said, names=tuple(each for each in said.names if same(each.surface) not in case.kept))


def _record(
    tx: Transaction, consultation: Consultation, read: Screened, said: Said, standing: tuple[str, ...]
) -> Record:
    return Record(
        id=tx.new_id(),
        made_at=day(tx.now),
        of_case=tx.new_id(),
        confirmed_by=tx.actor.id,
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
        situation=read.texts.get("situation", ""),
        formulation=read.texts.get("formulation", ""),
        advice=read.texts.get("advice", ""),
        outcome=read.texts.get("outcome", ""),
        age_band=said.age_band or None,
        sex=said.sex or None,
        household=said.household or None,
        theme=said.theme or None,
        purpose=said.purpose or "",
        agreement=said.agreement,
        unusual=standing,
    )
