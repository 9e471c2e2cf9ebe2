"""From a text to the same text with nobody in it: the detectors in their order, again and again until nothing is left.

Pure: no clock, no store. Offsets are code points of the original text, whatever its widths, accents and invisible
characters. Detection reads the plain text (`plain.py`); spans are of the original.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import NamedTuple

from bot import codes
from bot.privacy.anonymizer import (
    around,
    bodies,
    dates,
    grown,
    houses,
    institutions,
    introduced,
    people,
    places,
    shapes,
    structured,
)
from bot.privacy.anonymizer.case import Case
from bot.privacy.anonymizer.found import KEEPABLE, LIMIT, TAKEN, Anonymized, Found, Label, Page, Span
from bot.privacy.anonymizer.guessed import Guessed, guessed
from bot.privacy.anonymizer.plain import Plain, plain, same
from bot.privacy.anonymizer.reader import Word, sentences, words
from bot.privacy.anonymizer.tokens import tokens
from bot.privacy.anonymizer.words import (
    EVERYBODYS,
    GENERIC,
    HONORIFICS,
    KATAKANA_GENERIC,
    NEVER,
    ROLES,
    TITLES,
    either,
)

HOUSES = frozenset({Label.FACILITY, Label.ORG})
ROUNDS = 12
# Tokens that do not say what kind of house it is: of two, the other one says more.
UNTYPED = frozenset({"house", "org"})
# A letter that stands for somebody, and what is written in its place in the labels of `mask_tokens`.
LETTER = "(?<![A-Za-z0-9.\\-_@])[A-Z][0-9]{0,3}(?![A-Za-z0-9\u00c0-\u024f\u1e00-\u1eff]|[.\\-_/][A-Za-z0-9一-\u9fff]| [0-9]{2,}-|棟)"
FILLED = {"letter": LETTER, "n": "[0-9]*", "years": "[0-9]{1,3}", "decade": "(?<![0-9])[0-9]0"}


def _fixed() -> re.Pattern[str]:
    """What stands for something already and is left alone."""
    labels = sorted((same(entry.label) for entry in codes.options("mask_tokens")), key=len, reverse=True)
    return re.compile("|".join(_pattern(label) for label in labels))


def _pattern(label: str) -> str:
    return "".join(
        FILLED[part[1:-1]] if part.startswith("{") else re.escape(part)
        for part in re.split(r"({[a-z]+})", label)
    )


FIXED = _fixed()
# Words of everybody's that look like somebody's: they are taken away before any detector reads.
PROTECTED = re.compile(
    rf"(?:(?<=[のはがをにへともでやか、。「」『』()\s・:→/,~-])|^)(?:{either(EVERYBODYS)})(?=[のはがをにへともでやか、。「」『』()\s・:→/,]|さん|より|から|まで|$)"
    r"|(?:^|(?<=\n)|(?<=[・●○■□◆◇*\-]))[ ]?(?:備 {1,4}考|内 {1,4}容|住 {1,4}所|氏 {1,4}名|電 {1,4}話|年 {1,4}齢|性 {1,4}別|件 {1,4}名|日 {1,4}時|場 {1,4}所|対 {1,4}象|続 {1,4}柄|宛 {1,4}先|職 {1,4}業|状 {1,4}況|経 {1,4}過|主 {1,4}訴|作 {1,4}成|記 {1,4}録|出 {1,4}席|議 {1,4}題|決 {1,4}定|方 {1,4}針|家 {1,4}族|本 {1,4}人|生 {1,4}年 {1,4}月 {1,4}日|氏 {1,4}|修 {1,4}了 {1,4}証|報 {1,4}告|目 {1,4}的|理 {1,4}由|学 {1,4}校|診 {1,4}断|病 {1,4}名)(?=[ ::\n]|$)"
    r"|(?<![0-9\-])(?:110|119|118|188|189)(?:番(?![地号0-9])|(?=へ|通報|に(?:電話|通報)))|#[0-9]{4}(?![0-9])"
    r"|(?:長谷川|遠城寺|新版K|津守|新版S-M)式|(?:田中|鈴木)ビネー|内田クレペリン|(?<![一-\u9fffァ-ヺー])[一-\u9fffァ-ヺー]{2,8}(?:病(?![院棟室状気名弱欠休])|症候群)"
    r"|(?:省令|政令|法律|告示|通知|条例|施行規則)第 ?[0-9]+ ?号|L-dopa|HbA1c|WhatsApp|Instagram"
    r"|(?:湖南|甲賀|大津|湖東|湖北|湖西|東近江|高島)(?:福祉)?圏域|滋賀県社会福祉士会",
    re.MULTILINE,
)
STRUCTURED: tuple[Callable[[str], Iterable[Found]], ...] = (
    structured.my_numbers,
    shapes.cases,
    structured.addresses_on_the_net,
    shapes.births,
    structured.births,
    structured.ids_led,
    structured.accounts,
    structured.phones,
    structured.postal_codes,
    structured.ids,
    structured.rows,
    structured.plates,
    structured.handles,
    structured.extensions,
    shapes.numbers,
)
WORDED: tuple[Callable[[str], Iterable[Found]], ...] = (
    dates.dates,
    shapes.days,
    places.standing,
    institutions.firms,
    bodies.bodies,
    institutions.spelled,
    institutions.strong,
    shapes.ages,
    structured.ages,
    structured.small_ages,
)
NAMES: tuple[Callable[[str], Iterable[Found]], ...] = (
    introduced.accented,
    introduced.spaced,
    around.apart,
    around.beside,
    people.honoured,
    people.in_full,
    people.titled,
    people.related,
    people.self_named,
    around.roman,
    around.nicknamed,
    around.read_so,
    around.of_family,
    introduced.introduced,
    introduced.in_katakana,
)


def anonymize(text: str, case: Case, *, with_dates: bool = False) -> Anonymized:
    """Find what points at a person and offer the text without it. Masking what is masked finds nothing more."""
    memory = _Memory()
    found, hints = _find(text, case, memory, with_dates=with_dates)
    memory.hinted = False  # only the first reading's count
    refused = structured.holds_my_number(plain(text).text)
    for turn in range(ROUNDS):
        spans = _spans(text, found, case)
        parts = _parts(text, spans)
        masked = "".join(part.text for part in parts)
        if not found:
            break
        left, _ = _find(masked, case, memory, with_dates=with_dates)
        if not left:
            break
        back = list(_brought_back(left, parts))
        if turn > ROUNDS // 2:
            back = [_widened(text, each) for each in back]
        found = _merged([*found, *back])
    return Anonymized(text, spans, masked, refused, _hints(hints, spans))


def _widened(text: str, found: Found) -> Found:
    """A find that will not settle, with a character more on either side."""
    return replace(found, start=max(0, found.start - 1), end=min(len(text), found.end + 1))


def _find(text: str, case: Case, memory: "_Memory", *, with_dates: bool) -> tuple[list[Found], list[Found]]:
    """Everything that points at somebody, in order, and what may; by its place in this text."""
    read = plain(text)
    pieces = [(begin, memory.read(sentence)) for begin, sentence in sentences(read.text)]
    page = _page(read, pieces)
    shown = page.open
    named = _read_structured(page, case, with_dates=with_dates)
    _read_named(page, pieces)
    again = _read_again(page, shown, named, read, case)
    certain = [each for each in [*page.found, *named, *again] if not _is_kept(read, each, case)]
    whole = grown.whole(shown, _merged(certain), [(begin, piece.row) for begin, piece in pieces])
    found = [
        _at(each, *read.back(each.start, each.end))
        for each in whole
        if not _is_kept(read, each, case) and (with_dates or each.label is not Label.DATE)
    ]
    hints = [
        _at(each, *read.back(each.start + begin, each.end + begin))
        for begin, piece in pieces
        for each in piece.guessed.hints
        if TAKEN not in page.open[each.start + begin : each.end + begin]
    ]
    return _merged(found), hints


def _page(read: Plain, pieces: "_Pieces") -> Page:
    """The text to read, without words of everybody's that look like somebody's and what stands for something already.

    Such a word that is a part of a house's name stays.
    """
    named_so = {begin + each.start: begin + each.end for begin, piece in pieces for each in piece.houses}
    inside = [range(each.start, each.end) for each in institutions.spelled(read.text)]

    def hidden(word: re.Match[str]) -> str:
        named = named_so.get(word.start(), 0) > word.end() or any(word.start() in house for house in inside)
        return word[0] if named else TAKEN * len(word[0])

    page = Page(PROTECTED.sub(hidden, read.text))
    page.read(institutions.lettered)
    page.open = FIXED.sub(lambda token: TAKEN * len(token[0]), page.open)
    return page


def _read_structured(page: Page, case: Case, *, with_dates: bool) -> list[Found]:
    """Take what has a shape of its own, and what is known of the case. Gives the people known, who may be a part of a
    longer name and are not taken yet.
    """
    for detector in STRUCTURED:
        page.read(detector)
    page.read(lambda text: (each for each in case.known(text) if each.label is not Label.PERSON))
    named = [each for each in case.known(page.open) if each.label is Label.PERSON]
    if with_dates:
        page.read(structured.receipts)
    for detector in WORDED:
        page.read(detector)
    return named


def _read_named(page: Page, pieces: "_Pieces") -> None:
    """Take places, houses and people: first what is certain, then what the model thinks."""
    page.add(_moved(each, begin) for begin, piece in pieces for each in piece.houses)
    finds = [_moved(each, begin) for begin, piece in pieces for each in piece.guessed.found]
    page.add(_open(page, (each for each in finds if each.label in HOUSES and each.score > 0.5)))
    for detector in (places.municipalities, structured.rooms, shapes.neighbours, *NAMES):
        page.read(detector)
    page.read(lambda text: around.of_houses(text, [*page.found]))
    page.add(_open(page, finds))


def _read_again(page: Page, shown: str, named: Sequence[Found], read: Plain, case: Case) -> list[Found]:
    """Where what was found stands once more, in `shown`, the text as it was before anything was taken; and take what
    only shows beside people.
    """
    certain = [each for each in [*page.found, *named] if not _is_kept(read, each, case)]
    again = [
        *people.readings(shown, certain),
        *people.spread(shown, certain),
        *houses.spread(shown, certain),
        *(each for each in case.known(read.text) if not FIXED.fullmatch(read.text, each.start, each.end)),
    ]
    page.read(places.bare)
    page.read(lambda text: structured.ages(_persons_shown(text, [*page.found, *named])))
    return again


class _Read(NamedTuple):
    """A sentence as it was read: its words, the houses among them, and what the model thinks."""

    row: Sequence[Word]
    houses: Sequence[Found]
    guessed: Guessed


_Pieces = Sequence[tuple[int, _Read]]  # the sentences of a text, each with where it begins


class _Memory:
    """The sentences read in one call. What is read again is mostly what was read before."""

    def __init__(self) -> None:
        self._seen: dict[str, _Read] = {}
        self.hinted = True

    def read(self, sentence: str) -> _Read:
        known = self._seen.get(sentence)
        if known is None:
            row = words(sentence)
            known = self._seen[sentence] = _Read(
                row,
                [*institutions.ended(row), *institutions.started(row)],
                guessed(row, sentence, hinted=self.hinted),
            )
        return known


def _moved(found: Found, by: int) -> Found:
    return _at(found, found.start + by, found.end + by) if by else found


def _persons_shown(text: str, found: Iterable[Found]) -> str:
    """The open text in which only people are seen to be taken; anything else taken reads as a mark."""
    shown = list(text.replace(TAKEN, "\1"))
    for each in found:
        if each.label is Label.PERSON:
            shown[each.start : each.end] = TAKEN * (each.end - each.start)
    return "".join(shown)


def _open(page: Page, finds: Iterable[Found]) -> Iterator[Found]:
    """The finds without what was taken before them; what is left of one must still hold a letter."""
    for each in finds:
        for piece in re.finditer(f"[^{TAKEN}]+", page.open[each.start : each.end]):
            said = piece[0]
            start = each.start + piece.start() + len(said) - len(said.lstrip(" ・、-"))
            end = each.start + piece.start() + len(said.rstrip(" ・、-"))
            whole = end - start == each.end - each.start
            left = page.open[start:end]
            if start < end and LETTERS.search(left) and (whole or not (OUT.match(left) or left in PIECES)):
                yield each if whole else replace(each, start=start, end=end)


PIECES = GENERIC | ROLES | TITLES | KATAKANA_GENERIC | NEVER | HONORIFICS | {"サン", "サマ", "チャン", "クン"}
LETTERS = re.compile("[一-\u9fff㐀-䶿々〆ぁ-ゖァ-ヺA-Za-z0-9\U00020000-\U0003ffff]")
OUT = re.compile("[のはがをにへともでやさん様、。・ぁ-ん]{1,2}$|[一-\u9fff]$")


def _is_kept(read: Plain, found: Found, case: Case) -> bool:
    surface = "".join(read.text[found.start : found.end].split())
    return found.label in KEEPABLE and surface in case.keep and surface not in case.surfaces


def _merged(found: Iterable[Found]) -> list[Found]:
    """The finds in order, overlapping ones made one. The wider one says what it is."""
    merged: list[Found] = []
    for each in sorted(found, key=lambda each: (each.start, -each.end)):
        if merged and each.start < merged[-1].end:
            last = merged[-1]
            wider = max(last, each, key=lambda one: (one.end - one.start, one.token not in UNTYPED))
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


def _spans(text: str, found: Sequence[Found], case: Case) -> tuple[Span, ...]:
    """The finds with what stands in their place: the same letter for the same person or place."""
    said = tokens(text, found, case.before)
    grown = sum(len(token) - (each.end - each.start) for token, each in zip(said, found, strict=True))
    if len(text) <= LIMIT < len(text) + grown:
        short = codes.label("mask_tokens", "short")
        said = [min(token, short, key=len) for token in said]
    return tuple(
        Span(each.start, each.end, each.label, each.score, token)
        for token, each in zip(said, found, strict=True)
    )


def _hints(hints: Iterable[Found], spans: Sequence[Span]) -> tuple[Span, ...]:
    masked = [range(span.start, span.end) for span in spans]
    return tuple(
        Span(each.start, each.end, each.label, each.score, "")
        for each in hints
        if not any(each.start in span or each.end - 1 in span for span in masked)
    )
