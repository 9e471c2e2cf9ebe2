"""From a text to the same text with nobody in it. Pure: no clock, no store, no model of anything but the words.

Offsets are code points of the original text, whatever its widths, accents and invisible characters.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from bot import codes
from bot.privacy.masking import letters, names, people, places, structured
from bot.privacy.masking.found import KEEPABLE, TAKEN, Found, Label, Page
from bot.privacy.masking.plain import Plain, plain, same

LIMIT = 3000
ROUNDS = 6
LONGEST_NAME = 10
AGENCY = re.compile(
    "(?:センター|事業所|作業所|事務所|社協|協議会|病院|医院|診療所|クリニック|ステーション|ホーム|薬局|学校|大学|高校|中学|小学|幼稚園|保育園|保育所|法人|会社|役所|役場|県庁|課|係|局|署|院|会|園|社|部|室)$"
)
# What stands for something already is left alone.
FIXED = re.compile(
    "(?<![0-9])(?:"
    + "|".join(
        re.escape(same(entry.label)) for entry in codes.options("mask_tokens") if "{" not in entry.label
    )
    + ")"
)
STRUCTURED: tuple[Callable[[str], Iterable[Found]], ...] = (
    structured.my_numbers,
    structured.addresses_on_the_net,
    structured.births,
    structured.ids_led,
    structured.accounts,
    structured.phones,
    structured.postal_codes,
    structured.ids,
    structured.plates,
    structured.handles,
    structured.extensions,
)
NAMES: tuple[Callable[[str], Iterable[Found]], ...] = (
    places.municipalities,
    places.standing,
    people.honoured,
    people.in_full,
    people.titled,
    people.related,
    people.self_named,
)


@dataclass(frozen=True, slots=True)
class Span:
    """What was found: `text[start:end]` of the original, what it is, how sure, and what stands there instead."""

    start: int
    end: int
    label: Label
    score: float
    token: str


@dataclass(frozen=True, slots=True)
class Anonymized:
    """A text, what in it points at somebody, and how it reads without. `refused`: it holds a 12-digit number.

    `masked` is never longer than `LIMIT` where the text is not.
    """

    text: str
    spans: tuple[Span, ...]
    masked: str
    refused: bool

    @property
    def surfaces(self) -> tuple[str, ...]:
        """What was found, as it was written, each once, in order."""
        return tuple(dict.fromkeys(self.text[span.start : span.end] for span in self.spans))


def anonymize(text: str, known: Sequence[str] = (), keep: Collection[str] = ()) -> Anonymized:
    """Find what points at a person and offer the text without it.

    `known`: surfaces that are always masked, such as names already said in this consultation.
    `keep`: names and places a person has said are nobody's; numbers and addresses are masked all the same.
    Masking what is masked finds nothing more. Never raises.
    """
    kept = frozenset(same(surface) for surface in keep)
    marks = frozenset(each for each in map(same, known) if len(each) > 1)
    found = _find(text, marks, kept)
    refused = any(each.label is Label.MY_NUMBER for each in found)
    for _ in range(ROUNDS):
        spans = _spans(text, found)
        masked = "".join(part.text for part in _parts(text, spans))
        left = _find(masked, marks, kept)
        if not left:
            break
        found = _merged([*found, *_brought_back(left, _parts(text, spans))])
    return Anonymized(text, spans, masked, refused)


def _find(text: str, marks: frozenset[str], kept: frozenset[str]) -> list[Found]:
    """Everything that points at somebody, in order, by its place in this text."""
    read = plain(text)
    page = Page(FIXED.sub(lambda token: TAKEN * len(token[0]), read.text))
    for detector in STRUCTURED:
        page.read(detector)
    page.read(lambda text: _known(text, marks))
    for detector in NAMES:
        page.read(detector)
    certain = [each for each in page.found if not _is_kept(read, each, marks, kept)]
    page.read(lambda text: people.readings(text, certain))
    page.read(lambda text: people.spread(text, certain))
    page.read(places.bare)
    page.read(structured.ages)
    found = (each for each in page.found if not _is_kept(read, each, marks, kept))
    return _merged([_at(each, *read.back(each.start, each.end)) for each in found])


def _is_kept(read: Plain, found: Found, marks: frozenset[str], kept: frozenset[str]) -> bool:
    surface = "".join(read.text[found.start : found.end].split())
    return found.label in KEEPABLE and surface in kept and surface not in marks


def _known(text: str, marks: frozenset[str]) -> Iterator[Found]:
    """Every surface known beforehand, with or without a space between its characters."""
    if not marks:
        return
    pattern = "|".join(r"\s?".join(map(re.escape, mark)) for mark in sorted(marks, key=len, reverse=True))
    for match in re.finditer(pattern, text, re.IGNORECASE):
        surface = "".join(match[0].split())
        if any(char.isdigit() for char in surface):
            yield Found(*match.span(), Label.ID_NUMBER, 1.0, "id_number")
        elif AGENCY.search(surface) or len(surface) > LONGEST_NAME:
            yield Found(*match.span(), Label.AGENCY, 1.0, "agency", surface)
        else:
            yield Found(*match.span(), Label.PERSON, 1.0, "person", surface, names.split(surface) or ())


def _merged(found: Iterable[Found]) -> list[Found]:
    """The finds in order, overlapping ones made one. The wider one says what it is."""
    merged: list[Found] = []
    for each in sorted(found, key=lambda each: (each.start, -each.end)):
        if merged and each.start < merged[-1].end:
            last = merged[-1]
            wider = max(last, each, key=lambda one: one.end - one.start)
            merged[-1] = _at(wider, last.start, max(last.end, each.end))
        else:
            merged.append(each)
    return merged


def _at(found: Found, start: int, end: int) -> Found:
    return replace(found, start=start, end=end)


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the masked text and the stretch of the original for which it stands."""

    text: str
    start: int
    end: int
    token: bool


def _parts(text: str, spans: Sequence[Span]) -> list[_Part]:
    parts: list[_Part] = []
    at = 0
    for span in spans:
        parts.append(_Part(text[at : span.start], at, span.start, token=False))
        parts.append(_Part(span.token, span.start, span.end, token=True))
        at = span.end
    return [*parts, _Part(text[at:], at, len(text), token=False)]


def _brought_back(left: Sequence[Found], parts: Sequence[_Part]) -> Iterator[Found]:
    """Finds in the masked text, by their place in the original. A token is taken whole or not at all."""
    begins = list(accumulate((len(part.text) for part in parts), initial=0))
    for each in left:
        first = bisect_right(begins, each.start) - 1
        last = bisect_left(begins, each.end) - 1
        head, tail = parts[first], parts[last]
        start = head.start if head.token else head.start + each.start - begins[first]
        end = tail.end if tail.token else tail.start + each.end - begins[last]
        yield _at(each, start, end)


def _spans(text: str, found: Sequence[Found]) -> tuple[Span, ...]:
    """The finds with what stands in their place: the same letter for the same person or place."""
    tokens = letters.tokens(text, found)
    grown = sum(len(token) - (each.end - each.start) for token, each in zip(tokens, found, strict=True))
    if len(text) <= LIMIT < len(text) + grown:
        short = codes.label("mask_tokens", "short")
        tokens = [min(token, short, key=len) for token in tokens]
    return tuple(
        Span(each.start, each.end, each.label, each.score, token)
        for token, each in zip(tokens, found, strict=True)
    )
