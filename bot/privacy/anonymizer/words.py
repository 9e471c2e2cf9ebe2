"""The words by which names and places are told from everything else. The lists are data: `words.toml`."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from bot import codes

_LISTS = {
    name: tuple(text.split())
    for name, text in tomllib.loads(
        Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
    ).items()
}


def either(words: Iterable[str]) -> str:
    """A pattern for any of these words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def hiragana(word: str) -> str:
    """A word with its katakana read as hiragana."""
    return "".join(chr(ord(char) - 0x60) if "ァ" <= char <= "ヶ" else char for char in word)


SURNAMES = frozenset(_LISTS["surnames"])
KANA_SURNAMES = frozenset(hiragana(word) for word in _LISTS["kana_surnames"])
GIVEN = frozenset(_LISTS["given"])
KANA_GIVEN = frozenset(_LISTS["kana_given"])
GENERIC = frozenset(_LISTS["generic"])
KATAKANA_GENERIC = frozenset(_LISTS["katakana_generic"])
HIRAGANA_GENERIC = frozenset(_LISTS["hiragana_generic"])
RELATIONS = frozenset(_LISTS["relations"])
NATURE_GIVEN = frozenset(_LISTS["nature_given"])
NOT_OWN = frozenset(_LISTS["not_own"])
NOT_FIRMS = frozenset(_LISTS["not_firms"])
KANA_NOTES = frozenset(_LISTS["kana_notes"])
ROLES = frozenset(_LISTS["roles"])
TITLES = frozenset(_LISTS["titles"])
NOT_ALONE = frozenset(_LISTS["not_alone"])
NOT_CHILDREN = frozenset(_LISTS["not_children"])
NO_NAMES = frozenset(_LISTS["no_names"])
NOT_TOWNS = frozenset(_LISTS["not_towns"])
PREFECTURES = frozenset(_LISTS["prefectures"])
OTHER_CITIES = frozenset(_LISTS["other_cities"])
NEVER = frozenset(_LISTS["never"])
EVERYBODYS = frozenset(_LISTS["everybodys"])
HONORIFICS = frozenset(_LISTS["honorifics"])
FACILITY_ENDS = frozenset(_LISTS["facility_ends"])
ORG_ENDS = frozenset(_LISTS["org_ends"])
PLACE_ENDS = frozenset(_LISTS["place_ends"])
HOUSE_GENERIC = frozenset(_LISTS["house_generic"])
NOT_ROMAN = frozenset(_LISTS["not_roman"])
TOWNS_SAID = frozenset(_LISTS["towns_said"])
SHORT_KINDS = frozenset(_LISTS["short_kinds"])
BESIDE_STOP = frozenset(_LISTS["beside_stop"])
HOUSE_STARTS = frozenset(_LISTS["house_starts"])
HOUSE_NAMES = frozenset(_LISTS["house_names"])
MUNICIPALITIES = frozenset(
    entry.label
    for entry in codes.load("municipalities").codes.values()
    if entry.more.get("kind") in {"city", "town"}
)
COUNTIES = frozenset(
    entry.more["county"] for entry in codes.load("municipalities").codes.values() if "county" in entry.more
)
