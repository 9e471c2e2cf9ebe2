"""Counts of records for study: which are told together, and which must not be told because others were told before.

Pure. A reader is taken to have every file that was ever made, to know the total of each and these very rules, and to
compute what follows. What he must not find is how many records stand behind a combination that few have.

**One file.** Records are divided by their main theme. Themes with `APART` times `PUBLIC_K` records are each divided
once more by area, by age band, by sex, by household and by outcome; the themes below that, and those that are counted
together, are divided so all in one. In every line what fewer than `PUBLIC_K` records share is counted together
(`suppression.together`), areas of one theme first, then themes. Every number is zero or at least `PUBLIC_K`. The
lines of a theme have nothing but its total in common, so that no two of them can be set off against each other:
whatever hides behind one line stays as free as if it stood alone. For this reason there is no sum of an area or an
age band over themes that have lines of their own, and no table of two such facts: with those, what is counted
together could be computed back. Which themes have lines of their own follows from numbers that are told.

**File upon file.** Each file keeps the set of records it counted, and its classes: what it counted together.
A further set of records
- is free where it shares no record with any earlier one: nothing can be subtracted;
- is told where it is made up of earlier ones that share nothing: as their sums, which anybody could have added up;
  what any of them counted together stays together;
- else must be told in the very classes of all that it overlaps, also by way of others, and is refused where those
  differ. All these sets cut the records into pieces, the smallest that any sums and differences of files can reach.
  In each piece each class has to hold no record or at least `PUBLIC_K`; else the file is refused.
So even a reader who is given every piece, which is more than the files tell, finds no small number.

The same set of records is told in the same way whenever it is asked for.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from bot.domain.refusals import Refused
from bot.privacy.suppression import together
from bot.privacy.uniqueness import ANY, PUBLIC_K

FACTS = ("region", "age_band", "sex", "household", "primary_disposition")
OTHERS = ANY  # what is counted together, as a theme or as an entry of a line
REST = "+"  # the themes that have one line for all of them
APART = 5  # times `PUBLIC_K`: so many records give a theme lines of its own
Lists = Mapping[
    str, Sequence[str]
]  # "theme" and each of FACTS → every code there is; "" (not known) is added


class TooFewToTell(Refused):
    """Fewer records than may be told of at all."""

    template = "refusals/too_few_to_tell"
    field = "until"


class WouldGiveAway(Exception):
    """Together with earlier files, small numbers could be computed. `earlier`: the id of one that it overlaps."""

    def __init__(self, earlier: str) -> None:
        self.earlier = earlier
        super().__init__("would give away small numbers")


@dataclass(frozen=True, slots=True)
class Coded:
    """The codes of one record that are counted; "" is not known."""

    id: str
    theme: str
    region: str
    age_band: str
    sex: str
    household: str
    primary_disposition: str


@dataclass(frozen=True, slots=True)
class Classes:
    """What is counted together. `themes`: those that are one, `OTHERS`; `rest`: those that have one line, `REST`.

    `within`: a fact and whose line it is, a theme, `OTHERS` or `REST`, and the codes that are one in it.
    """

    themes: frozenset[str] = frozenset()
    rest: frozenset[str] = frozenset()
    within: frozenset[tuple[str, str, frozenset[str]]] = frozenset()

    def of(self, fact: str, line: str) -> frozenset[str]:
        """Codes of a fact that are counted together within a line."""
        return next((codes for f, each, codes in self.within if (f, each) == (fact, line)), frozenset())

    def theme(self, theme: str) -> str:
        """As what a theme is counted."""
        return OTHERS if theme in self.themes else theme

    def line(self, theme: str) -> str:
        """In whose line a theme is counted."""
        told = self.theme(theme)
        return REST if told in self.rest else told


@dataclass(frozen=True, slots=True)
class Counted:
    """Numbers that may be told. `themes`: theme → number; `lines`: (fact, whose) → code → number. Zeros are left out."""

    total: int
    themes: dict[str, int]
    lines: dict[tuple[str, str], dict[str, int]]

    def safe(self, k: int = PUBLIC_K) -> bool:
        """Whether every number in it is zero or large enough."""
        told = [
            self.total,
            *self.themes.values(),
            *(n for line in self.lines.values() for n in line.values()),
        ]
        return all(number == 0 or number >= k for number in told)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A file that was made before. `made_of`: the files it is the sum of, where it told nothing new."""

    id: str
    records: frozenset[str]
    classes: Classes
    made_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """In which classes a set of records is told, and which earlier files it is made of, if it tells nothing new."""

    classes: Classes
    made_of: tuple[str, ...] = ()


def decided(
    wanted: Iterable[str],
    records: Mapping[str, Coded],
    earlier: Sequence[Earlier],
    lists: Lists,
    k: int = PUBLIC_K,
    apart: int = APART,
) -> Decided:
    """Decide how a set of records is told. `records`: all that are wanted or in an earlier file, by id.

    Raises `TooFewToTell`, `WouldGiveAway`.
    """
    asked = frozenset(wanted)
    if len(asked) < k:
        raise TooFewToTell
    touching = overlapping(asked, [each for each in earlier if not each.made_of])
    if not touching:
        return Decided(classes_of([records[each] for each in asked], lists, k, apart))
    if parts := _made_of(asked, touching):
        return Decided(joined([each.classes for each in parts]), tuple(each.id for each in parts))
    kept = touching[0].classes
    pieces = _pieces(records, [asked, *(each.records for each in touching)])
    same = all(each.classes == kept for each in touching)
    if not same or not all(counted(piece, kept).safe(k) for piece in pieces):
        raise WouldGiveAway(next(each.id for each in touching if each.records & asked))
    return Decided(kept)


def classes_of(records: Sequence[Coded], lists: Lists, k: int = PUBLIC_K, apart: int = APART) -> Classes:
    """What is counted together where these records are told by themselves. They are at least `k`.

    A theme of `apart` times `k` records has lines of its own; themes that are counted together have not.
    """
    themes = Classes(together(_numbers(records, "theme", lists), k))
    numbers = Counter(themes.theme(each.theme) for each in records)
    few = {theme for theme, number in numbers.items() if theme == OTHERS or number < apart * k}
    classes = replace(themes, rest=frozenset(few))
    within = set()
    for line, own in _by_line(records, classes).items():
        for fact in FACTS:
            if codes := together(_numbers(own, fact, lists), k):
                within.add((fact, line, codes))
    return replace(classes, within=frozenset(within))


def joined(classes: Sequence[Classes]) -> Classes:
    """Classes in which sums of files in these classes can be told: whatever one of them counts together stays so."""
    themes = frozenset[str]().union(*(each.themes for each in classes))
    rest = frozenset[str]().union(*(each.rest for each in classes))
    told = Classes(themes, frozenset(OTHERS if theme in themes else theme for theme in rest))
    codes: defaultdict[tuple[str, str], frozenset[str]] = defaultdict(frozenset)
    for each in classes:
        for fact, line, kept in each.within:
            codes[fact, line if line == REST else told.line(line)] |= kept
    return replace(told, within=frozenset((fact, line, kept) for (fact, line), kept in codes.items()))


def counted(records: Sequence[Coded], classes: Classes) -> Counted:
    """Count records in classes."""
    lines: dict[tuple[str, str], dict[str, int]] = {}
    for line, own in _by_line(records, classes).items():
        for fact in FACTS:
            kept = classes.of(fact, line)
            codes = (getattr(each, fact) for each in own)
            lines[fact, line] = dict(Counter(OTHERS if code in kept else code for code in codes))
    return Counted(len(records), dict(Counter(classes.theme(each.theme) for each in records)), lines)


def overlapping(wanted: frozenset[str], earlier: Sequence[Earlier]) -> list[Earlier]:
    """The earlier files that share records with this set, or with one another of those, in their order."""
    reached, found = set(wanted), set[str]()
    while more := [each for each in earlier if each.id not in found and not reached.isdisjoint(each.records)]:
        for each in more:
            found.add(each.id)
            reached |= each.records
    return [each for each in earlier if each.id in found]


def _made_of(wanted: frozenset[str], earlier: Sequence[Earlier]) -> list[Earlier]:
    """Earlier files that share nothing and together are this set; none where there are no such.

    Records that are in the same files are one piece. What is left to be made up is tried once, however it was reached.
    """
    inside = [each for each in earlier if each.records <= wanted]
    kinds = {tuple(record in each.records for each in inside) for record in wanted}
    pieces = sorted(kinds, reverse=True)  # files stand in the order of their months: so do these
    held = [frozenset(n for n, kind in enumerate(pieces) if kind[file]) for file in range(len(inside))]

    @cache
    def parts(left: frozenset[int]) -> tuple[int, ...] | None:
        if not left:
            return ()
        for file, pieces_in in enumerate(held):
            if (
                min(left) in pieces_in
                and pieces_in <= left
                and (others := parts(left - pieces_in)) is not None
            ):
                return (file, *others)
        return None

    return [inside[file] for file in parts(frozenset(range(len(pieces)))) or ()]


def _pieces(records: Mapping[str, Coded], sets: Sequence[frozenset[str]]) -> list[list[Coded]]:
    """The records cut by all these sets: each piece lies wholly in or wholly out of each of them."""
    pieces = defaultdict(list)
    for each in frozenset[str]().union(*sets):
        pieces[tuple(each in kept for kept in sets)].append(records[each])
    return list(pieces.values())


def _by_line(records: Iterable[Coded], classes: Classes) -> dict[str, list[Coded]]:
    own: defaultdict[str, list[Coded]] = defaultdict(list)
    for each in records:
        own[classes.line(each.theme)].append(each)
    return dict(own)


def _numbers(records: Iterable[Coded], fact: str, lists: Lists) -> dict[str, int]:
    return {**dict.fromkeys((*lists[fact], ""), 0), **Counter(getattr(each, fact) for each in records)}
