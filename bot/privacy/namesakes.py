"""Surnames that stand alone, where several people of a case are called so: whose it is only a person can tell."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.privacy.anonymizer import Known, Label
from bot.privacy.anonymizer.plain import same

LETTER = re.compile("[A-Z][0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class Namesakes:
    """A surname that may be that of several people, whose it is nobody knows. `others`: what stands for them."""

    surname: str
    token: str
    others: tuple[str, ...]


def namesakes(found: Collection[Known], known: Iterable[Known]) -> tuple[Namesakes, ...]:
    """Surnames alone that were found, where several people are called so."""
    people = {
        same(each.surface): each.token
        for each in (*known, *found)
        if each.label is Label.PERSON and LETTER.fullmatch(each.token)
    }
    asked = []
    for each in found:
        surname = same(each.surface)
        others = {token for name, token in people.items() if is_surname(surname, name)} - {each.token}
        if surname in people and len(others) > 1:
            asked.append(Namesakes(each.surface, each.token, tuple(sorted(others))))
    return tuple(asked)


def is_surname(surname: str, name: str) -> bool:
    """Whether a name may be a surname with a given name after it, and not another surname."""
    from bot.privacy.anonymizer.words import SURNAMES

    return name.startswith(surname) and name != surname and surname in SURNAMES and name not in SURNAMES
