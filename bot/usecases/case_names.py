"""The case's own dictionary: what was confirmed as a name once is found everywhere in the case, under the same letter."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot import codes
from bot.domain.casework import Contact, Written
from bot.domain.events import Event
from bot.domain.refusals import Changed
from bot.privacy import beside
from bot.privacy.anonymizer import AGENCY, LIMIT, Anonymized, Known, Label, Span, holds_my_number
from bot.privacy.anonymizer.found import KEEPABLE
from bot.privacy.anonymizer.plain import same
from bot.privacy.namesakes import is_surname
from bot.store.case_names import CaseName
from bot.store.database import Reading, Transaction

LETTER = re.compile(r"(?<![A-Za-z0-9])[A-Z][0-9]{0,3}(?![A-Za-z0-9])")
BETWEEN = "\n\n"
SENTENCE = re.compile("[^。\n]*[。\n]?")
HONOUR = re.compile("(?:さん|さま|様|氏|先生|殿)$")
# What stands for any number of names. All else in `mask_tokens` holds a letter or a number and stands for one.
SHARED = frozenset(each.label for each in codes.options("mask_tokens") if "{" not in each.label)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a person said about the names in a form that came back to them.

    `kept`: surfaces that are nobody's name. `names`: what was shown as found and left masked, with what stands for it.
    `added`: names the desk had not found. `again`: earlier words of the case, read with all these, by their id.
    """

    kept: frozenset[str] = frozenset()
    names: tuple[Known, ...] = ()
    added: tuple[str, ...] = ()
    again: Mapping[str, Anonymized] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.kept or self.names or self.added)

    @property
    def surfaces(self) -> tuple[str, ...]:
        """What was masked, as it was written: what was taken for a name may be a word to be heard all the same."""
        return tuple(each.surface for each in self.names)


@dataclass(frozen=True, slots=True)
class Case:
    """What is known before words about a case are read. `own`: names of whoever asked; no one can say they are none."""

    known: tuple[Known, ...] = ()
    kept: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()

    def for_good(self) -> "Case":
        """The case as a record is read with that stays: a word said in passing counts no more, every known name does."""
        return Case(self.known, own=self.own | {same(each.surface) for each in self.known})

    def with_said(self, said: Confirmed) -> "Case":
        """The case after what a person just said about it: theirs counts, but for names of whoever asked."""
        added = tuple(guessed(each) for each in said.added)
        named = {same(each.surface) for each in (*said.names, *added)} | self.own
        kept = {same(each) for each in said.kept} - named
        known = tuple(each for each in (*said.names, *self.known, *added) if same(each.surface) not in kept)
        return Case(known, frozenset(kept | (self.kept - named)), self.own)


@dataclass(frozen=True, slots=True)
class Screened:
    """Words that point at nobody, by the name of their field, and what is said about names with them."""

    texts: Mapping[str, str]
    said: Confirmed = field(default_factory=Confirmed)

    def __getitem__(self, name: str) -> str:
        return self.texts[name]


async def case_of(tx: Reading | Transaction, consultation: str) -> Case:
    """Open what is known of a case, and of those merged into it.

    Whoever asks is entitled to write about it, and the act is in the trail.
    """
    said = _latest(await tx.case_names.of(consultation))
    contact = about(await tx.contacts.of(consultation))
    for other in await tx.case_names.merged(consultation):
        contact += about(await tx.contacts.of(other))
    own = frozenset(same(each.surface) for each in contact)
    known = [
        replace(each, token=said[same(each.surface)].token) if same(each.surface) in said else each
        for each in contact
    ]
    known += [
        Known(each.surface, each.label, each.token)
        for surface, each in said.items()
        if not each.kept and surface not in own
    ]
    kept = frozenset(surface for surface, each in said.items() if each.kept) - own
    return Case(tuple(known), kept, own)


def about(contact: Contact) -> list[Known]:
    """The names somebody gave about themselves: they must not stand in any words about their case either."""
    persons = [guessed(HONOUR.sub("", each)) for each in (contact.name, contact.callable) if each]
    agency = [Known(contact.agency, Label.FACILITY)] if len(same(contact.agency)) > 1 else []
    return [each for each in (*persons, *agency) if _tells(same(each.surface))]


def _tells(surface: str) -> bool:
    """Whether it can be somebody's name: no number, no letter, no word that stands in everybody's sentences."""
    from bot.privacy.anonymizer import words

    common = words.GENERIC | words.HOUSE_GENERIC | words.ROLES | words.TITLES | words.NEVER | words.EVERYBODYS
    short = len(surface) < 2 and not re.match("[一-\u9fff々]", surface)
    return surface in words.SURNAMES or not (surface in common or short or surface.isnumeric())


async def written_of(tx: Reading | Transaction, consultation: str) -> list[Written]:
    """Open all that was written in a case and in those merged into it, in order.

    A letter of another case stands for somebody else here: the name stands there again, to be masked anew.
    """
    written = await tx.casework.words_of(consultation)
    for other in await tx.case_names.merged(consultation):
        named = [each for each in await tx.case_names.of(other) if not each.kept]
        names = {each.token: each.surface for each in reversed(named) if each.token not in SHARED}
        for each in await tx.casework.words_of(other):
            written.append(replace(each, text=put_back(each.text, names)))
    return sorted(written, key=lambda each: each.at)


def put_back(text: str, names: Mapping[str, str]) -> str:
    """Put names where what stands for them stands. `names`: by what stands for them."""
    for token, surface in names.items():
        text = standing(token).sub(lambda _, said=surface: said, text) if token else text  # type: ignore[misc]
    return text


def standing(token: str) -> re.Pattern[str]:
    """Where a token stands by itself: A is not in A2, nor in A市, which stands for a town."""
    return re.compile(rf"(?<![A-Za-z0-9]){re.escape(token)}(?![A-Za-z0-9市町村区郡県])")


def guessed(surface: str) -> Known:
    """A name somebody gave without saying what it is."""
    return Known(surface, Label.FACILITY if AGENCY.search(same(surface)) else Label.PERSON)


async def read_together(
    fields: Mapping[str, str], case: Case, *, dates: bool = False, taken: Iterable[str] = ()
) -> dict[str, Anonymized]:
    """Read the words of one form as one text: the same name has the same letter in all its fields, and no other has it.

    `dates`: dates count too, as in the record that stays. `taken`: letters that stand for somebody in words beside.
    """
    whole = BETWEEN.join(fields.values())
    taken = {*taken, *LETTER.findall(whole)}
    seen = await beside.read(whole, case.known, case.kept, dates=dates, taken=taken)
    if again := _known_by_surname(named_in(seen), case.known):
        case = replace(case, known=(*again, *case.known))
        seen = await beside.read(whole, case.known, case.kept, dates=dates, taken=taken)
    found, start = {}, 0
    for name, text in fields.items():
        one = _part(seen, start, text)
        if one is None or (len(one.masked) > LIMIT >= len(text)):
            known = (*named_in(seen), *case.known)
            one = await beside.read(text, known, case.kept, dates=dates, taken=taken)
        found[name] = one
        start += len(text) + len(BETWEEN)
    return found


def _part(seen: Anonymized, start: int, text: str) -> Anonymized | None:
    """What was found in one field of a form. None: something reaches beyond its end."""
    end = start + len(text)
    spans, hints = (
        [each for each in found if each.start < end and each.end > start]
        for found in (seen.spans, seen.hints)
    )
    if any(each.start < start or each.end > end for each in (*spans, *hints)):
        return None
    here, maybe = (
        tuple(replace(each, start=each.start - start, end=each.end - start) for each in found)
        for found in (spans, hints)
    )
    return Anonymized(text, here, _replaced(text, here), holds_my_number(text), maybe)


def _known_by_surname(found: Iterable[Known], known: Iterable[Known]) -> list[Known]:
    """Full names whose surname alone was known before, where it can be nobody else's."""
    letters = {same(each.surface): each.token for each in known if each.label is Label.PERSON}
    full: dict[str, list[Known]] = {}
    for each in found:
        name = same(each.surface)
        if each.label is Label.PERSON and name not in letters:
            for surname in (surname for surname in letters if is_surname(surname, name)):
                full.setdefault(surname, []).append(each)
    return [
        Known(each.surface, Label.PERSON, letters[surname])
        for surname, [each, *others] in full.items()
        if letters[surname] and not others and not any(is_surname(surname, name) for name in letters)
    ]


def named_in(seen: Anonymized) -> list[Known]:
    """The names that were found, each once, with what stands for them."""
    found = {
        same(surface): Known(surface, span.label, lasting(span.token))
        for span in seen.spans
        if span.label in KEEPABLE and (surface := seen.text[span.start : span.end])
    }
    return list(found.values())


def lasting(token: str) -> str:
    """What stands for a name, if it can stand for it elsewhere too: a bare mark stands for anything."""
    return "" if token == codes.label("mask_tokens", "short") else token


def clashing(said: Iterable[Known], known: Iterable[Known]) -> frozenset[str]:
    """What was given to one name in a form, and to another in the case meanwhile: two windows were open at once."""
    mine, held = _by_token(said), _by_token(known)
    return frozenset(
        token
        for token in mine.keys() & held.keys()
        if not any(one in other or other in one for one in mine[token] for other in held[token])
    )


def _by_token(names: Iterable[Known]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for each in names:
        in_a_town = each.label is Label.ADDRESS  # two may lie in one
        if each.token and each.token not in SHARED and not in_a_town:
            found[each.token].add(same(each.surface))
    return found


def taken_back(
    texts: Mapping[str, str], said: Confirmed, tokens: Collection[str]
) -> tuple[dict[str, str], Confirmed]:
    """The texts of a form with the names put back for which these stood, to be masked anew, and what is said of them."""
    names = {each.token: each.surface for each in reversed(said.names) if each.token in tokens}
    again = tuple(replace(each, token="") if each.token in tokens else each for each in said.names)
    return {name: put_back(text, names) for name, text in texts.items()}, replace(said, names=again)


async def read_again(written: Iterable[Written], case: Case, names: Collection[str]) -> dict[str, Anonymized]:
    """Read what was written before, by its id: only sentences in which one of these names may stand."""
    whole = {each.id: each.text for each in written}
    pieces = {
        (name, match.start()): match[0]
        for name, text in whole.items()
        for match in SENTENCE.finditer(text)
        if any(_may_stand(surface, same(match[0])) for surface in names)
    }
    if not pieces:
        return {}
    taken = {letter for text in whole.values() for letter in LETTER.findall(text)}
    seen = await read_together(
        {f"{name} {at}": text for (name, at), text in pieces.items()}, case, taken=taken
    )
    found: dict[str, list[Span]] = {name: [] for name, _ in pieces}
    for name, at in pieces:
        for span in seen[f"{name} {at}"].spans:
            found[name].append(replace(span, start=at + span.start, end=at + span.end))
    return {
        name: Anonymized(whole[name], tuple(spans), _replaced(whole[name], spans), refused=False)
        for name, spans in found.items()
    }


async def confirm(tx: Transaction, consultation: str, said: Confirmed) -> None:
    """Keep what a person said about the names of a case; what was missed in earlier words is masked there as well.

    Raises `Changed` where a letter was given to somebody else since the words were read.
    """
    if not said:
        return
    before = _latest(await tx.case_names.of(consultation))
    if clashing(said.names, (Known(each.surface, each.label, each.token) for each in before.values())):
        raise Changed
    new: set[str] = set()
    for each in (*said.names, *(guessed(each) for each in said.added)):
        surface = same(each.surface)
        told = before.get(surface)
        if told is None or told.kept:
            new.add(surface)
        if told is None or told.kept or told.merged or (each.token and not told.token):
            name = CaseName(each.surface, each.label, each.token, id=_row(told))
            before[surface] = await tx.case_names.put(consultation, name)
    for surface in said.kept:
        told = before.get(same(surface))
        if same(surface) not in new and (told is None or not told.kept or told.merged):
            label = told.label if told else guessed(surface).label
            await tx.case_names.put(consultation, CaseName(surface, label, kept=True, id=_row(told)))
    if new:
        await _mask_again(tx, consultation, before, new, said.again)


def _row(told: CaseName | None) -> str:
    """The row of a name that this consultation has already."""
    return told.id if told and not told.merged else ""


async def _mask_again(
    tx: Transaction,
    consultation: str,
    names: dict[str, CaseName],
    new: Collection[str],
    read: Mapping[str, Anonymized],
) -> None:
    """Mask these names in what was written before; a name that stands for the first time gets its letter here.

    `read`: what was read before the transaction; what was written since then is read here.
    """
    case = await case_of(tx, consultation)
    written = {each.id: each for each in await tx.casework.words_of(consultation)}
    seen = {name: each for name, each in read.items() if name in written and written[name].text == each.text}
    if clashing(_named_among(new, seen), case.known):
        seen = {}
    left = [each for name, each in written.items() if name not in seen]
    seen |= await read_again(left, case, new)
    for name in _named_among(new, seen):
        told = names[same(name.surface)]
        if name.token and not told.token:
            names[same(name.surface)] = await tx.case_names.put(consultation, replace(told, token=name.token))
    changed = 0
    for row, each in seen.items():
        text = each.text
        spans = [span for span in each.spans if _is_of(new, text[span.start : span.end], span.label)]
        if spans:
            await tx.case_names.write_again(consultation, written[row], _replaced(text, spans))
            changed += 1
    if changed:
        await tx.audit.record(Event.WORDS_MASKED_AGAIN, consultation, words=changed)


def _named_among(names: Collection[str], seen: Mapping[str, Anonymized]) -> list[Known]:
    """Which of these names were found, with what stands for them."""
    return [each for text in seen.values() for each in named_in(text) if same(each.surface) in names]


def _may_stand(surface: str, plain: str) -> bool:
    """Whether a name may stand in a text: all of it, or what may be its surname or given name."""
    return surface in plain or (len(surface) > 3 and (surface[:2] in plain or surface[-2:] in plain))


def _is_of(names: Collection[str], surface: str, label: Label) -> bool:
    """Whether a find is one of these names, or a part of one."""
    read = same(surface)
    return label in KEEPABLE and any(read in name or name in read for name in names)


def _replaced(text: str, spans: Sequence[Span]) -> str:
    """The text with what stands for these finds; everything else stays as it was confirmed."""
    for span in reversed(spans):
        text = text[: span.start] + span.token + text[span.end :]
    return text


def _latest(said: Iterable[CaseName]) -> dict[str, CaseName]:
    """What counts of what was said about each name. Of two letters that clash after a merge, the case's own stays."""
    latest: dict[str, CaseName] = {}
    for each in said:
        surface = same(each.surface)
        before = latest.pop(surface, None)
        if before is not None and not each.token and not each.kept:
            each = replace(each, token=before.token)  # noqa: PLW2901
        latest[surface] = each
    own = {each.token for each in latest.values() if not each.merged}
    return {
        surface: replace(each, token="") if each.merged and each.token in own else each
        for surface, each in latest.items()
    }
