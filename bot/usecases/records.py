"""匿名化した事例記録: drawn up when a consultation ends, read and confirmed by a person, and kept when all else has gone.

Rules R1 to R10 of a record hold when it is kept: nothing in it points at anybody (the final gate), dates are relative,
ages, areas and houses general, unusual facts were looked at, and whoever confirmed it stands for it by name.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot import codes
from bot.domain import entitlement
from bot.domain.casework import Record, Written
from bot.domain.consultation import Consultation, Status
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.refusals import Changed, Initials, Missing, Refused, StillNamed, TooLate, TwelveDigits
from bot.domain.staff import Actor
from bot.privacy import beside, coarse
from bot.privacy.anonymizer import Anonymized
from bot.privacy.anonymizer.plain import same
from bot.privacy.uniqueness import Key, key_of
from bot.privacy.unusual import Fact, unusual_in, without
from bot.store.database import Reading, Transaction
from bot.store.rows import encode
from bot.usecases import case_names
from bot.usecases.case_names import LETTER, Case, Confirmed, Screened
from bot.usecases.desk import NOTHING, Desk, screened_about

RULESET = "2026-11.2"
SINCE_2 = (
    "age_band", "sex", "household", "theme", "purpose", "agreement", "unusual", "likeness",
)  # fmt: skip
TEXTS = ("situation", "formulation", "advice", "outcome")
CHOICES = {
    "age_band": "age_bands", "sex": "sexes", "household": "households", "theme": "supporter_concerns",
    "purpose": "record_purposes", "agreement": "record_agreements",
}  # fmt: skip
MOST_COUNTED = 1000  # records alike; nobody needs to know how many more
BETWEEN = "\n\n"
TRIES = 3
PAGE = 500
WHOEVER_ASKED = codes.label("record_tokens", "whoever_asked")
YEARS = re.compile(r"X(?:\+[0-9]+)?年")
HONOURED = re.compile(f"{WHOEVER_ASKED}(?:さん|様|さま|氏)")
PROFESSIONS = frozenset({"CM", "CW", "SW", "PT", "OT", "ST", "NS", "DR", "SV", "HH"})
INITIALS = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z][.．][ ]?[A-Z](?![A-Za-z0-9])[.．]?|[A-Z]{1,2}(?=さん|様|さま|氏|くん|君|ちゃん|先生))"
)
_PLACES = {
    "story": "situation",
    "summary": "situation",
    "formulation": "formulation",
    "advice": "advice",
    "closing": "outcome",
}


class Unusual(Refused):
    """Words are left that tell who it is without a name, and nobody said that they stay. `found`: by field."""

    template = "refusals/unusual"

    def __init__(self, found: Mapping[str, tuple[Fact, ...]]) -> None:
        self.found = dict(found)
        self.field = next(iter(found), "")
        self.places = sum(len(facts) for facts in found.values())
        super().__init__(f"{self.places} unusual facts left")


@dataclass(frozen=True, slots=True)
class Proposal:
    """The record as the desk would keep it, for a person to read, mend and confirm.

    `unusual`: what was replaced by general words, by field, with what stood there. `seen`: what was masked before that;
    `own`: names of whoever asked, that are always masked. `letters`: those that stand for somebody in it. `alike`: how many kept records share its coarse facts.
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


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says with the texts of a record.

    `standing`: unusual facts that stay as they are. `offered`: others may learn from it, once a second person agrees.
    `letters`: those that stand for somebody; another letter before さん is an initial.
    """

    age_band: str | None = None
    sex: str | None = None
    household: str | None = None
    theme: str | None = None
    purpose: str | None = "support"
    agreement: str | None = None
    offered: bool = False
    standing: frozenset[str] = frozenset()
    letters: str = ""
    names: Confirmed = NOTHING


async def propose(desk: Desk, actor: Actor, consultation_id: str) -> Proposal:
    """Draw up the anonymized record from what was written. The reading is audited."""
    async with desk.db.transaction(actor) as tx:
        consultation = await _closed(tx, actor, consultation_id)
        case = await case_names.case_of(tx, consultation.id)
        asked = (await tx.contacts.of(consultation.id)).name
        written = await tx.casework.words_of(consultation.id)
        await tx.audit.record(Event.WORDS_READ, consultation.id, why="record")
    seen = await _read(_placed(written), *_called(case, asked))
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
        letters="".join(sorted({each[0] for each in LETTER.findall(YEARS.sub("", whole))})),
        age_band=coarse.age_band(whole, consultation.characteristics),
        sex=coarse.sex(whole),
        household=coarse.household(whole, consultation.characteristics),
        theme=consultation.concerns[0] if consultation.concerns else None,
    )
    return replace(proposal, alike=await alike(desk, consultation, said_of(proposal)))


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
    it is kept once.
    """
    _answered(said)
    for _ in range(TRIES):
        read = await screened_about(desk, actor, Act.RECORD, consultation_id, texts, said.names, dates=True)
        async with desk.db.reading(actor) as ask:
            consultation = await _closed(ask, actor, consultation_id)
            case = await case_names.case_of(ask, consultation.id)
        await _gate(read, case)
        _no_initials(read, said.letters, case)
        standing = _standing(read, said)
        async with desk.db.transaction(actor) as tx:
            consultation = await _closed(tx, actor, consultation_id)
            kept = await tx.records.of(consultation.id)
            if kept and consultation.ended_at and kept[-1].made_at >= consultation.ended_at:
                return kept[-1]
            if await case_names.case_of(tx, consultation.id) == case:
                return await _keep(tx, consultation, read, said, standing)
    raise Changed


async def verify(ask: Reading) -> tuple[str, ...]:
    """Give the ids of records whose words or codes are not those that were confirmed. There should be none."""
    broken: list[str] = []
    after = ""
    while page := await ask.records.page(after, PAGE):
        broken += [each.id for each in page if each.hash != hash_of(each)]
        after = page[-1].id
    return tuple(broken)


def hash_of(record: Record) -> str:
    """Give the hash over all that a record says, its own left out; of an earlier ruleset over what there was then."""
    told = encode(replace(record, hash=""))
    if record.ruleset == "2026-11":
        told = {name: value for name, value in told.items() if name not in SINCE_2}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


async def _closed(ask: Reading | Transaction, actor: Actor, consultation_id: str) -> Consultation:
    consultation = await ask.consultations.get(consultation_id)
    entitlement.require(actor, Act.RECORD, consultation)
    if consultation.status is not Status.CLOSED:
        raise TooLate(consultation.status)
    return consultation


def _placed(written: list[Written]) -> dict[str, str]:
    """What was written, by the field of the record it belongs to."""
    parts: dict[str, list[str]] = {name: [] for name in TEXTS}
    for each in written:
        if place := _PLACES.get(each.kind):
            parts[place].append(each.text)
    return {name: "\n".join(each) for name, each in parts.items()}


def _called(case: Case, name: str) -> tuple[Case, str]:
    """In the record whoever asked is called so: gives the case with that, and the letter that stood for them before."""
    letter = ""
    known = []
    for each in case.known:
        theirs = bool(name) and same(each.surface) == same(name)
        if theirs and LETTER.fullmatch(each.token):
            letter = each.token
        known.append(replace(each, token=WHOEVER_ASKED) if theirs else each)
    return replace(case, known=tuple(known)), letter


async def _read(texts: Mapping[str, str], case: Case, theirs: str) -> dict[str, Anonymized]:
    """Read the texts as one: the same name the same letter, and years counted from the same one.

    `theirs`: the letter that stood for whoever asked.
    """
    if theirs:
        letter = re.compile(rf"(?<![A-Za-z0-9]){theirs}(?![A-Za-z0-9])")
        texts = {name: letter.sub(WHOEVER_ASKED, text) for name, text in texts.items()}
    whole = BETWEEN.join(texts.values())
    taken = {*LETTER.findall(whole), *(each.token for each in case.known if LETTER.fullmatch(each.token))}
    seen = await beside.read(whole, case.known, case.kept, dates=True, taken=taken)
    parts, at = {}, 0
    for name, text in texts.items():
        parts[name] = _part(seen, at, at + len(text))
        at += len(text) + len(BETWEEN)
    return parts


def _part(seen: Anonymized, start: int, end: int) -> Anonymized:
    """What was found in one stretch of what was read."""
    spans, hints = (
        tuple(
            replace(each, start=each.start - start, end=each.end - start)
            for each in those
            if start <= each.start and each.end <= end
        )
        for those in (seen.spans, seen.hints)
    )
    text, told, at = seen.text[start:end], [], 0
    for span in spans:
        told += [text[at : span.start], span.token]
        at = span.end
    return Anonymized(text, spans, "".join([*told, text[at:]]), seen.refused, hints)


def _answered(said: Said) -> None:
    """What a record must say besides its texts, in codes there are."""
    for name in ("purpose", "agreement"):
        if not getattr(said, name):
            raise Missing(name)
    for name, listed in CHOICES.items():
        if getattr(said, name) and getattr(said, name) not in codes.load(listed):
            raise Missing(name)


async def _gate(read: Screened, case: Case) -> None:
    """Scan what is to stay once more, with everything known. What a person un-masked stays, names known do not."""
    known = {same(each.surface) for each in case.known}
    kept = {same(each) for each in read.said.kept} | case.kept
    strict = replace(case, kept=frozenset(kept - known))
    seen = await case_names.read_together(
        {name: read[name] for name in TEXTS if read.texts.get(name)}, strict, dates=True
    )
    for name, each in seen.items():
        if each.refused:
            raise TwelveDigits(name)
        if each.spans:
            raise StillNamed(name, len(each.spans))


def _no_initials(read: Screened, letters: str, case: Case) -> None:
    """Letters stand for somebody in order; any other letter before さん is how a name begins."""
    tokens = {each.token for each in (*case.known, *read.said.names) if LETTER.fullmatch(each.token)}
    given = set(letters) | {each[0] for each in tokens}
    for name in TEXTS:
        for match in INITIALS.finditer(read.texts.get(name, "")):
            letter = match[0]
            if len(letter) == 1:
                given |= {letter} if _next(given) == letter else set()
            if letter not in given and letter not in PROFESSIONS:
                raise Initials(name, letter)


def _next(given: set[str]) -> str:
    """The letter that comes next, where they are given in order."""
    return next((each for each in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if each not in given), "")


def _standing(read: Screened, said: Said) -> tuple[str, ...]:
    """The kinds of unusual facts that stay because a person said so. Raises Unusual for any other."""
    facts = {name: unusual_in(read.texts.get(name, "")) for name in TEXTS}
    left = {
        name: tuple(each for each in those if read[name][each.start : each.end] not in said.standing)
        for name, those in facts.items()
    }
    if left := {name: those for name, those in left.items() if those}:
        raise Unusual(left)
    return tuple(sorted({each.kind for those in facts.values() for each in those}))


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
    record = replace(record, likeness=1 + await tx.records.count_like(key_of(record), MOST_COUNTED))
    record = replace(record, hash=hash_of(record))
    await tx.records.add(record, consultation.id)
    await case_names.confirm(tx, consultation.id, read.said)
    # Two entries, so that the trail, which stays, does not lead from the record to whose consultation it was.
    await tx.audit.record(Event.RECORD_CONFIRMED, consultation.id)
    await tx.audit.record(Event.RECORD_KEPT, record.id, hash=record.hash)
    if said.offered or standing:
        await tx.records.offer(record.id)
        await tx.audit.record(Event.RECORD_OFFERED, record.id, unusual=list(standing))
    for each in await tx.casework.followups_of(consultation.id):
        if each.answer or each.heaviness:
            await tx.records.echo(consultation.id, each)
    await tx.outbox.home(tx.actor.id)
    return record


def _record(
    tx: Transaction, consultation: Consultation, read: Screened, said: Said, standing: tuple[str, ...]
) -> Record:
    return Record(
        id=tx.new_id(),
        made_at=tx.now,
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
