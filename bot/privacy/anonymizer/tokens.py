"""What stands in the place of what was found: letters for people and towns, types for houses, decades for ages.

Letters come in order of appearance, the same for the same person, never an initial by intent.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from string import ascii_uppercase

from bot import codes
from bot.privacy.anonymizer import dates
from bot.privacy.anonymizer.found import Found, Label

LETTERED = frozenset({"person", "city", "town", "village", "ward", "county", "prefecture"})
USED = re.compile(r"(?<![A-Za-z0-9])[A-ZＡ-Ｚ][0-9]{0,3}(?![A-Za-z0-9])")
NARROW = {
    ord(wide): chr(ord(wide) - 0xFEE0) for wide in "ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ"
}


@dataclass(frozen=True, slots=True)
class Before:
    """What stood for whom before in this case, and what may not be given anew."""

    given: Mapping[str, str] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()


def tokens(text: str, found: Sequence[Found], before: Before) -> list[str]:
    """What stands in the place of each find. Letters the text uses already are left to it."""
    stood = {match[0].translate(NARROW) for token in before.given.values() for match in USED.finditer(token)}
    used = set(_used(text, found)) | before.taken | stood
    people, places = _free(used, 0), _free(used, 1)
    whole = _full_names(found, before.given)
    given: dict[tuple[bool, str], str] = {}
    houses: dict[str, dict[str, str]] = {}
    when = iter(dates.told([each for each in found if each.label is Label.DATE]))
    said = []
    for each in found:
        if each.label is Label.DATE:
            said.append(next(when))
        elif each.label in {Label.FACILITY, Label.ORG}:
            said.append(before.given.get(each.who) or _house(each, houses, before))
        elif each.token in LETTERED:
            person = each.label is Label.PERSON
            who = whole.get(each.who, each.who) if person else each.who
            if token := before.given.get(who):
                said.append(token)
                continue
            letter = given.get((person, who)) or given.setdefault(
                (person, who), next(people if person else places)
            )
            said.append(codes.label("mask_tokens", each.token).format(letter=letter))
        else:
            said.append(codes.label("mask_tokens", each.token).format(decade=each.who))
    return said


def _house(each: Found, houses: dict[str, dict[str, str]], before: Before) -> str:
    """The type of a house or an organisation, numbered from the second of its type in this case on."""
    seen = houses.setdefault(each.token, {})
    if each.who not in seen:
        said = codes.label("mask_tokens", each.token)
        stood = {*seen.values(), *before.given.values(), *before.taken}
        numbered = (said.format(n=n if n > 1 else "") for n in count(1))
        seen[each.who] = next(token for token in numbered if token not in stood or "{n}" not in said)
    return seen[each.who]


def _full_names(found: Sequence[Found], known: Mapping[str, str]) -> dict[str, str]:
    """A surname, given name or reading alone → the one full name of the case it is a part of."""
    names = {each.who for each in found if each.label is Label.PERSON} | set(known)
    parts = {each.who: each.parts for each in found if each.label is Label.PERSON and each.parts}
    owners: dict[str, set[str]] = {}
    for who in names:
        for part in parts.get(who, ()):
            owners.setdefault(part, set()).add(who)
        for other in names:
            if (other != who and len(other) >= 2 and len(who) > len(other) and who.startswith(other)) or (
                other != who and len(other) >= 2 and len(who) > len(other) + 1 and who.endswith(other)
            ):
                owners.setdefault(other, set()).add(who)
    return {
        part: next(iter(whole))
        for part, whole in owners.items()
        if len(whole) == 1 and part not in parts and part not in known
    }


def _free(used: Collection[str], first: int) -> Iterator[str]:
    """A, B … Z, A2, B2 … from the `first` on, without those used."""
    turn = 1
    while True:
        for letter in ascii_uppercase[first:]:
            name = letter if turn == 1 else f"{letter}{turn}"
            if name not in used:
                yield name
        first, turn = 0, turn + 1


def _used(text: str, found: Sequence[Found]) -> Iterator[str]:
    at = 0
    for each in [*found, None]:
        end = each.start if each else len(text)
        for match in USED.finditer(text, at, end):
            yield match[0].translate(NARROW)
        at = each.end if each else end


@lru_cache(maxsize=1)
def types() -> tuple[tuple[tuple[str, str, Label], ...], tuple[tuple[str, str, Label], ...]]:
    """By what a house is known: words at its end and at its beginning with their codes, the longest first."""
    ends, starts = [], []
    for entry in codes.options("mask_tokens"):
        label = Label.ORG if entry.code.startswith("org") else Label.FACILITY
        ends += [(word, entry.code, label) for word in entry.more.get("ends", "").split()]
        starts += [(word, entry.code, label) for word in entry.more.get("starts", "").split()]
    by_length = lambda each: -len(each[0])  # noqa: E731 - said twice
    return tuple(sorted(ends, key=by_length)), tuple(sorted(starts, key=by_length))


def type_of(surface: str, label: Label) -> str:
    """The code of the type a house's name tells: by its end, else by its beginning, else just a house."""
    ends, starts = types()
    for word, code, _ in starts:
        if len(word) > 1 and surface.startswith(word) and len(surface) > len(word):
            return code
    for word, code, _ in ends:
        if surface.endswith(word) and len(surface) > len(word):
            return code
    return "org" if label is Label.ORG else "house"
