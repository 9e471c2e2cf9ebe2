"""What is known of a case before a text is read: names, what stood for them, and what is nobody's."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from bot.privacy.anonymizer.agency import AGENCY
from bot.privacy.anonymizer.found import Found, Known, Label
from bot.privacy.anonymizer.institutions import house
from bot.privacy.anonymizer.names import K, split
from bot.privacy.anonymizer.places import token_of
from bot.privacy.anonymizer.plain import plain, same
from bot.privacy.anonymizer.tokens import Before

LONGEST_NAME = 10
# A name of one character is a name only where a name stands.
AROUND_ONE = rf"(?<![{K}])(?:{{}})(?=さん|様|さま|氏|くん|君|ちゃん|先生|殿|宅|家(?![庭計賃屋主財電事具])|[はがをにもへと、。()「」・:=/\s]|の|$)(?![{K}])"
NUMBER = {
    Label.PHONE: "phone",
    Label.EMAIL: "email",
    Label.DATE_OF_BIRTH: "birth_date",
    Label.ID_NUMBER: "id_number",
    Label.OTHER_ID: "handle",
    Label.AGE: "age",
    Label.DATE: "date",
}


@dataclass(frozen=True, slots=True)
class Case:
    """`surfaces`: every name known, as detectors read it; `keep`: what a person said is nobody's; `before`: tokens."""

    entries: tuple[Found, ...] = ()
    keep: frozenset[str] = frozenset()
    before: Before = field(default_factory=Before)
    surfaces: frozenset[str] = frozenset()
    pattern: re.Pattern[str] | None = None

    def known(self, text: str) -> Iterator[Found]:
        """Every surface known beforehand, with or without a space between its characters."""
        if self.pattern is None:
            return
        entries = {each.who: each for each in self.entries}
        lower = {each.who.casefold(): each for each in self.entries}
        for match in self.pattern.finditer(text):
            surface = "".join(match[0].split())
            entry = entries.get(surface) or lower[surface.casefold()]
            yield Found(*match.span(), entry.label, 1.0, entry.token, entry.said, entry.parts)


def case(known: Sequence[str | Known], keep: Collection[str], taken: Collection[str]) -> Case:
    """Make a case of what the caller knows."""
    entries: dict[str, Found] = {}
    given: dict[str, str] = {}
    for each in known:
        for entry in _entries(each if isinstance(each, Known) else _guessed(each)):
            entries.setdefault(entry.who, entry)
        if isinstance(each, Known) and each.token:
            given[same(each.surface)] = each.token
            if each.label is Label.ADDRESS:
                given.setdefault(token_of(same(each.surface))[1], each.token)
    marks = sorted((who for who in entries if len(who) > 1), key=len, reverse=True)
    ones = [who for who in entries if len(who) == 1]
    patterns = [r"\s{0,3}".join(map(re.escape, mark)) for mark in marks]
    if ones:
        patterns.append(AROUND_ONE.format("|".join(map(re.escape, ones))))
    pattern = re.compile("|".join(patterns), re.IGNORECASE) if patterns else None
    before = Before(given, frozenset(plain(each).text for each in taken))
    return Case(tuple(entries.values()), frozenset(map(same, keep)), before, frozenset(entries), pattern)


def _guessed(surface: str) -> Known:
    """A surface said without saying what it is."""
    read = same(surface)
    if sum(char.isdigit() for char in read) > 3:
        return Known(surface, Label.ID_NUMBER)
    if AGENCY.search(read) or len(read) > LONGEST_NAME:
        return Known(surface, Label.FACILITY)
    return Known(surface)


def _entries(known: Known) -> Iterator[Found]:
    """The surface as a find without a place, and its parts. `said`: whose name it is."""
    whole = same(known.surface)
    if not whole:
        return
    if known.label is Label.PERSON:
        spaced = tuple(part for part in plain(known.surface).text.replace("・", " ").split() if part)
        parts = spaced if len(spaced) > 1 else split(whole) or ()
        yield Found(0, 0, Label.PERSON, 1.0, "person", whole, parts, whole)
        for part in parts:
            yield Found(0, 0, Label.PERSON, 1.0, "person", part, (), part)
    elif known.label in {Label.FACILITY, Label.ORG}:
        found = house(known.surface, 0, 0, known.label, 1.0)
        yield Found(0, 0, known.label, 1.0, found.token, whole, (), whole)
    elif known.label is Label.ADDRESS:
        token, name = token_of(whole)
        yield Found(0, 0, Label.ADDRESS, 1.0, token, whole, (), name)
    else:
        yield Found(0, 0, known.label, 1.0, NUMBER[known.label], whole, (), "0")
