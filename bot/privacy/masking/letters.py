"""Pseudonyms: letters in order of appearance, the same for the same person or place, never an initial by intent."""

import re
from collections.abc import Iterator, Sequence
from string import ascii_uppercase

from bot import codes
from bot.privacy.masking.found import Found, Label

LETTERED = frozenset({"person", "city", "town", "village", "ward"})
USED = re.compile(r"(?<![A-Za-z0-9])[A-ZＡ-Ｚ][0-9]{0,3}(?![A-Za-z0-9])")


def tokens(text: str, found: Sequence[Found]) -> list[str]:
    """What stands in the place of each find. Letters the text uses already are left to it."""
    used = set(_used(text, found))
    people, places = _free(used, 0), _free(used, 1)
    names = _full_names(found)
    given: dict[tuple[bool, str], str] = {}
    said = []
    for each in found:
        letter = ""
        if each.token in LETTERED:
            person = each.label is Label.PERSON
            key = (person, names.get(each.who, each.who))
            letter = given.get(key) or given.setdefault(key, next(people if person else places))
        said.append(codes.label("mask_tokens", each.token).format(letter=letter, decade=each.who))
    return said


def _full_names(found: Sequence[Found]) -> dict[str, str]:
    """A surname or given name alone → the one full name of the text it is a part of."""
    parts = {each.who: each.parts for each in found if each.label is Label.PERSON and each.parts}
    owners: dict[str, set[str]] = {}
    for who, names in parts.items():
        for name in names:
            owners.setdefault(name, set()).add(who)
    return {
        name: next(iter(whole)) for name, whole in owners.items() if len(whole) == 1 and name not in parts
    }


def _free(used: set[str], first: int) -> Iterator[str]:
    """A, B … Z, A2, B2 … from the `first` on, without those used."""
    round_ = 1
    while True:
        for letter in ascii_uppercase[first:]:
            name = letter if round_ == 1 else f"{letter}{round_}"
            if name not in used:
                yield name
        first, round_ = 0, round_ + 1


def _used(text: str, found: Sequence[Found]) -> Iterator[str]:
    at = 0
    for each in [*found, None]:
        end = each.start if each else len(text)
        for match in USED.finditer(text, at, end):
            yield match[0].translate(NARROW)
        at = each.end if each else end


NARROW = {
    ord(wide): chr(ord(wide) - 0xFEE0) for wide in "ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ"
}
