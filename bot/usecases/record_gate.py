"""The final gate of a record: nothing in what is to stay points at anybody, and somebody stands for what is unusual in it."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from bot.domain.casework import TEXTS
from bot.domain.refusals import Initials, Refused, StillNamed, TwelveDigits
from bot.privacy.anonymizer.plain import same
from bot.privacy.initials import initials_in
from bot.privacy.unusual import Fact, unusual_in
from bot.usecases import case_names
from bot.usecases.case_names import LETTER, Case, Screened

UNMASKED = "unmasked"  # of `unusual_facts`: what the desk took for a name stands in the record


class Unusual(Refused):
    """Words are left that tell who it is without a name, and nobody said that they stay. `found`: by field."""

    template = "refusals/unusual"

    def __init__(self, found: Mapping[str, tuple[Fact, ...]]) -> None:
        self.found = dict(found)
        self.field = next(iter(found), "")
        self.places = sum(len(facts) for facts in found.values())
        super().__init__(f"{self.places} unusual facts left")


async def checked(
    read: Screened, case: Case, standing: Collection[tuple[str, str]], letters: str
) -> tuple[str, ...]:
    """Go on where nothing points at anybody; give the kinds of unusual facts that stay in it.

    `standing`: unusual facts somebody lets stay, each with the name of its text. `letters`: those that stand for
    somebody. Raises `TwelveDigits`, `StillNamed`, `Initials` or `Unusual` with the field it is about.
    """
    await _gate(read, case)
    _no_initials(read, letters, case)
    return _standing(read, standing)


async def _gate(read: Screened, case: Case) -> None:
    """Scan what is to stay once more, with everything known. What a person un-masked stays, names known do not."""
    known = {same(each.surface) for each in case.known}
    strict = replace(case, kept=frozenset({same(each) for each in read.said.kept} - known))
    seen = await case_names.read_together(
        {name: read[name] for name in TEXTS if read.texts.get(name)}, strict, dates=True
    )
    for name, each in seen.items():
        if each.refused:
            raise TwelveDigits(name)
        if each.spans:
            raise StillNamed(name, len(each.spans))


def _no_initials(read: Screened, letters: str, case: Case) -> None:
    """Letters stand for somebody in order; any other letter before さん is how a name begins."""
    tokens = {each.token for each in (*case.known, *read.said.names) if LETTER.fullmatch(each.token)}
    given = {*letters, *(each[0] for each in tokens)}
    for name in TEXTS:
        for letter in initials_in(read.texts.get(name, ""), given):
            raise Initials(name, letter)


def _standing(read: Screened, standing: Collection[tuple[str, str]]) -> tuple[str, ...]:
    """The kinds of unusual facts that stay because a person said so, a name among them. Raises Unusual for any other."""
    facts = {name: unusual_in(read.texts.get(name, "")) for name in TEXTS}
    left = {
        name: tuple(each for each in those if (name, read[name][each.start : each.end]) not in standing)
        for name, those in facts.items()
    }
    if left := {name: those for name, those in left.items() if those}:
        raise Unusual(left)
    kinds = {each.kind for those in facts.values() for each in those}
    whole = same("\n".join(read.texts.get(name, "") for name in TEXTS))
    if any(same(each) in whole for each in read.said.kept):
        kinds.add(UNMASKED)
    return tuple(sorted(kinds))
