"""A house or a firm that was found, by its other names: without its type, and by the part people say for short."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from bot.privacy.anonymizer.found import Found, Label
from bot.privacy.anonymizer.names import K
from bot.privacy.anonymizer.people import scan
from bot.privacy.anonymizer.tokens import types
from bot.privacy.anonymizer.words import (
    FACILITY_ENDS,
    GENERIC,
    HIRAGANA_GENERIC,
    HOUSE_GENERIC,
    HOUSE_STARTS,
    KATAKANA_GENERIC,
    MUNICIPALITIES,
    NEVER,
    ORG_ENDS,
    PREFECTURES,
    ROLES,
    SURNAMES,
    TITLES,
    either,
)

HOUSES = frozenset({Label.FACILITY, Label.ORG})
COMMON = (
    GENERIC
    | HOUSE_GENERIC
    | ROLES
    | NEVER
    | KATAKANA_GENERIC
    | HIRAGANA_GENERIC
    | TITLES
    | FACILITY_ENDS
    | ORG_ENDS
)
PLACES = frozenset(name[:-1] for name in MUNICIPALITIES | PREFECTURES) | MUNICIPALITIES | PREFECTURES
SAID = re.compile("[ぁ-ゖァ-ヺーA-Za-z一-\u9fff々]")
# The first part of a phrase, and the first part of a name in two scripts.
HEAD = re.compile(
    f"(?P<it>[{K}ぁ-ゖァ-ヺーA-Za-z]{{2,6}}?)(?:(?:の|と)(?=[{K}ァ-ヺ])|[・ ])"
    f"|(?P<kata>[ァ-ヺー]{{3,}})(?=[{K}])|(?P<hira>[ぁ-ゖー]{{3,}})(?=[{K}ァ-ヺ])"
    f"|(?P<kanji>[{K}]{{2,3}})(?=[ァ-ヺ]{{2}})"
)
PARTICLE = "[のはがをにでとへもやか]"
ALONE = "alone"
_BEFORE = {
    ALONE: f"(?<![{K}])(?<![ぁ-ゖ])",
    "kanji": f"(?<![{K}])",
    "katakana": "(?<![ァ-ヺー])",
    "hiragana": f"(?:(?<![ぁ-ゖ])|(?<=[{K}ァ-ヺー、。]{PARTICLE}))",
    "latin": "(?<![A-Za-z0-9])",
}
_AFTER = {
    ALONE: f"(?={PARTICLE}|[、。()]|$)",
    "kanji": f"(?![{K}])|(?=利用|見学|退所|入所|通所|通い|様|側|職員|行き|送迎|泊|宛|経由|分|来所|担当)",
    "katakana": "(?![ァ-ヺー])",
    "hiragana": f"(?={PARTICLE}|から|まで|より|さん|さま|だけ|なら|って|行|いく|じゃ|です|や|$|[^ぁ-ゖー])",
    "latin": "(?![A-Za-z0-9])",
}
BEFORE = {script: re.compile(pattern) for script, pattern in _BEFORE.items()}
AFTER = {script: re.compile(pattern) for script, pattern in _AFTER.items()}


def _script(char: str) -> str:
    if "ぁ" <= char <= "ゖ":
        return "hiragana"
    if "ァ" <= char <= "ー":
        return "katakana"
    return "latin" if char.isascii() else "kanji"


@lru_cache(maxsize=1)
def _starts() -> re.Pattern[str]:
    return re.compile(f"(?:{either({word for word, _, _ in types()[1]} | HOUSE_STARTS)})+[ の]?[「『]?")


@lru_cache(maxsize=1)
def _ends() -> re.Pattern[str]:
    return re.compile(f"[」』]? ?(?:{either(word for word, _, _ in types()[0] if len(word) > 1)})+$")


def own_names(surface: str) -> list[str]:
    """The names a house of this name is called by, the longest first: its own without its types, and its beginning."""
    own = surface
    start = _starts().match(own)
    if start and len(own) > start.end():
        own = own[start.end() :]
    own = _ends().sub("", own).strip(" 「」『』・()")
    names = [own]
    if (head := HEAD.match(own)) and head.lastgroup:
        names.append(head[head.lastgroup])
    return [name for name in dict.fromkeys(names) if name != surface and _is_own(name, whole=name == own)]


def _is_own(name: str, *, whole: bool) -> bool:
    if name in COMMON or name in PLACES or name in SURNAMES or not SAID.search(name):
        return False
    if name.isascii():
        return len(name) > 2
    return len(name) > 1 or (whole and _script(name) == "kanji")


def spread(text: str, found: Iterable[Found]) -> Iterator[Found]:
    """The houses found wherever else they stand in the text, also by their own part alone."""
    known: dict[str, Found] = {}
    for each in found:
        if each.label in HOUSES and each.score >= LEAST:
            for name in (each.who, *own_names(text[each.start : each.end])):
                if len(name) > 1 or _script(name) == "kanji":
                    known.setdefault(name.replace(" ", ""), each)
    here = sorted((name for name in known if name and name in text), key=len, reverse=True)

    def stands(at: int, name: str) -> bool:
        alone = len(name) == 1
        before, after = (ALONE, ALONE) if alone else (_script(name[0]), _script(name[-1]))
        return bool(BEFORE[before].match(text, at) and AFTER[after].match(text, at + len(name)))

    for start, name in scan(text, here, stands):
        each = known[name]
        yield replace(each, start=start, end=start + len(name), score=min(each.score, 0.8))


LEAST = 0.3
