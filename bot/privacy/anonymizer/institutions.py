"""Facilities and organisations by the shape of their names: nouns ending or beginning with a type, one of them its own.

地域包括支援センター alone is nobody's; ひだまり包括 and 大津市役所 are. The types are data: `mask_tokens`.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.privacy.anonymizer.found import Found, Label
from bot.privacy.anonymizer.reader import Word
from bot.privacy.anonymizer.tokens import type_of, types
from bot.privacy.anonymizer.words import (
    GENERIC,
    HONORIFICS,
    HOUSE_GENERIC,
    HOUSE_NAMES,
    ROLES,
    SURNAMES,
    either,
)

PARTS = frozenset({"名詞", "接頭辞", "接尾辞", "形状詞", "感動詞", "副詞"})
LONGEST = 9
HIRAGANA = re.compile("[ぁ-ゖー]{2,}$")
KATAKANA = re.compile("[ァ-ヺー]{2,}$")
NAME = re.compile("[一-\u9fff々ぁ-ゖァ-ヺーA-Za-z・]+$")
FIRM = re.compile(
    r"(?:株式会社|有限会社|合同会社|\(株\)|\(有\)|(?:特定非営利活動|社会福祉|医療|一般社団|一般財団|公益社団|公益財団|学校|宗教|NPO|弁護士)法人) ?[一-\u9fff々ぁ-ゖァ-ヺーA-Za-z0-9・]{2,16}?(?=[のはがをにへで、。,()「」\s]|と[ぁ-ん]|より|から|さん|に?勤|$)"
    r"|[一-\u9fff々ァ-ヺーA-Za-z・]{2,12}(?:株式会社|有限会社|合同会社|\(株\)|\(有\))"
)
SPELLED = re.compile(
    "(?<![ぁ-ゖ])[にはでがのもとを]?(?P<it>[ぁ-ゖ]{3,7}(?<![のなるたくにはがでをいてしばりれ])(?:保育園|保育所|こども園|幼稚園|病院|医院|クリニック|診療所|薬局|作業所|小学校|中学校|内科|歯科))"
)


@lru_cache(maxsize=1)
def _last() -> frozenset[str]:
    return frozenset(word[-1] for word, _, _ in types()[0])


@lru_cache(maxsize=1)
def _ends() -> re.Pattern[str]:
    return re.compile(f"(?:{either(word for word, _, _ in types()[0])})$")


def firms(text: str) -> Iterator[Found]:
    """Whatever calls itself a company or a corporation."""
    for match in FIRM.finditer(text):
        yield house(match[0], *match.span(), Label.ORG, 0.9)


def spelled(text: str) -> Iterator[Found]:
    """Houses whose name is hiragana, which the dictionary takes to pieces: こばと保育園."""
    for match in SPELLED.finditer(text):
        yield house(match["it"], *match.span("it"), Label.FACILITY, 0.75)


def house(surface: str, start: int, end: int, label: Label, score: float) -> Found:
    """A find of a facility or an organisation with its type."""
    who = "".join(surface.split())
    return Found(start, end, label, score, type_of(who, label), who)


def ended(row: Sequence[Word]) -> Iterator[Found]:
    """Runs of nouns that end with a type and hold a part of their own, as finds in the sentence."""
    at = len(row) - 1
    while at >= 0:
        first = _first(row, at) if row[at].surface[-1] in _last() else at
        found = _named(row, first, at) if first < at else None
        if found:
            yield found
            at = first
        at -= 1


def started(row: Sequence[Word]) -> Iterator[Found]:
    """Names right after a type: デイサービス土の音, 生活介護あじさい."""
    sentence = "".join(word.surface for word in row)
    by_start = {word.start: at for at, word in enumerate(row)}
    for match in _start().finditer(sentence):
        at = by_start.get(match.end())
        if at is None or not _opens(row[at]):
            continue
        last = at
        while last + 1 < len(row) and last - at < 4 and (step := _step(row, last)):
            last += step
        surface = sentence[match.start() : row[last].end]
        yield house(surface, match.start(), row[last].end, Label.FACILITY, 0.75)


@lru_cache(maxsize=1)
def _start() -> re.Pattern[str]:
    words = (word for word, _, label in types()[1] if len(word) > 2 and label is Label.FACILITY)
    return re.compile(
        f"(?:{either([*words, '生活介護', 'ユニット', 'GH', '老健', '特養', '放デイ', '訪看'])})[「『]?"
    )


def _opens(word: Word) -> bool:
    """Whether a house's own name can begin with this word."""
    if (
        word.surface in GENERIC
        or word.surface in ROLES
        or word.surface in HOUSE_GENERIC
        or word.surface in HONORIFICS
    ):
        return False
    if word.surface in HOUSE_NAMES or word.kind.proper:
        return True
    if any(kind in word.kind.full for kind in ("サ変", "副詞可能", "数詞", "助数詞", "接尾辞", "代名詞")):
        return False
    if HIRAGANA.match(word.surface):
        return word.kind.major in {"名詞", "副詞", "感動詞", "形状詞"} and len(word.surface) > 2
    return word.kind.major == "名詞" and bool(NAME.match(word.surface))


def _step(row: Sequence[Word], last: int) -> int:
    """How many words the name goes on after this one: the next, or の and the next."""
    for step in (1, 2):
        if last + step >= len(row) or (step == 2 and row[last + 1].surface != "の"):
            return 0
        if _opens(row[last + step]):
            return step
    return 0


def _first(row: Sequence[Word], last: int) -> int:
    """Where the noun run that ends with this word begins."""
    if not _closes(row, last):
        return last
    at = last
    while at > 0 and last - at < LONGEST:
        before = row[at - 1]
        if before.end != row[at].start or not _joins(before):
            break
        at -= 1
    return at


def _closes(row: Sequence[Word], last: int) -> bool:
    """Whether a name of a house can end here: not in the middle of a noun."""
    if last + 1 == len(row):
        return True
    after = row[last + 1]
    if after.start != row[last].end or after.kind.major not in {"名詞", "接尾辞"}:
        return True
    surface = after.surface
    return surface in GENERIC or surface in ROLES or surface.isdigit() or surface in HONORIFICS


def _joins(before: Word) -> bool:
    """Whether a house's name may begin with, or go on from, this word."""
    surface = before.surface
    if surface in HONORIFICS or surface.isdigit() or not NAME.match(surface):
        return False
    if surface in ROLES and surface not in HOUSE_GENERIC:
        return False
    return before.kind.major in PARTS


def _named(row: Sequence[Word], first: int, last: int) -> Found | None:
    """The longest stretch of the run that is a name of its own with a type at its end."""
    surface = "".join(word.surface for word in row[first : last + 1])
    if not (end := _ends().search(surface)) or end.start() == 0:
        return None
    own = [word for word in row[first : last + 1] if word.start - row[first].start < end.start()]
    if not any(_is_own(word) for word in own):
        return None
    label = Label.ORG if type_of(surface, Label.FACILITY).startswith("org") else Label.FACILITY
    if len(end[0]) == 1 and not _is_own(own[-1]) and not own[-1].kind.place:
        return None
    return house(surface, row[first].start, row[last].end, label, 0.8)


def _is_own(word: Word) -> bool:
    """Whether this part makes the name somebody's."""
    surface = word.surface
    if surface in HOUSE_GENERIC or surface in GENERIC:
        return False
    if word.kind.proper or surface in HOUSE_NAMES:
        return True
    if HIRAGANA.match(surface):
        return word.kind.major in {"名詞", "副詞", "感動詞", "形状詞"}
    return surface in SURNAMES or (word.unknown and len(surface) > 1)
