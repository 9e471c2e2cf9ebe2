"""A reader who has every file ever made, knows the rules, and computes: what small numbers he finds. Nothing of the bot's.

He is given more than the files: the pieces into which all files cut the records, though not what is in them.
His unknowns are the numbers of each theme, and of each code of a fact within a theme, in each piece.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

PRIME = (1 << 61) - 1
Unknown = tuple[int, str, str, str]  # piece, theme, fact (empty: the theme itself), code
OTHERS = "*"


@dataclass(frozen=True)
class File:
    """One file as it can be read. `own`: by rules of its own.

    `themes`: the number of each, `OTHERS` for those that are `one`. `lines`: (fact, whose) → code → number; whose line a
    theme is in stands in `whose`. `together`: (fact, whose) → the codes that are one.
    """

    pieces: frozenset[int]
    total: int
    themes: dict[str, int]
    one: frozenset[str]
    whose: dict[str, str]
    lines: dict[tuple[str, str], dict[str, int]]
    together: dict[tuple[str, str], frozenset[str]]
    own: bool

    def groups(self) -> dict[str, set[str]]:
        """Whose line → the themes in it."""
        found = defaultdict(set)
        for theme, whose in self.whose.items():
            found[whose].add(theme)
        return found


@dataclass
class Reader:
    """Who computes. `codes`: "theme" and each fact → every code there is."""

    files: Sequence[File]
    codes: dict[str, Sequence[str]]
    small: int = 5

    def __post_init__(self) -> None:
        self.facts = [fact for fact in self.codes if fact != "theme"]
        self.pieces = sorted(frozenset[int]().union(*(file.pieces for file in self.files)))

    def finds(self) -> set[tuple[object, int]]:
        """Every small number he is certain of: an unknown, or a class in what is left when files are subtracted."""
        return set(self.by_subtracting()) | set(self.by_bounds()) | set(self.by_elimination())

    def by_subtracting(self) -> Iterator[tuple[object, int]]:
        """Sums and differences of up to three files, in the classes all of them can be read in."""
        for many in (1, 2, 3):
            for some in combinations(self.files, many):
                for signs in product((1, -1), repeat=many):
                    weight = {
                        p: sum(s for s, f in zip(signs, some, strict=True) if p in f.pieces)
                        for p in self.pieces
                    }
                    if set(weight.values()) <= {0, 1} and any(weight.values()):
                        yield from self._left(list(zip(signs, some, strict=True)))

    def _left(self, some: list[tuple[int, File]]) -> Iterator[tuple[object, int]]:
        left = sum(sign * file.total for sign, file in some)
        if 0 < left < self.small:
            yield ("total", left)
        one = frozenset[str]().union(*(file.one for _, file in some))
        for theme in (*(t for t in self.codes["theme"] if t not in one), OTHERS):
            left = sum(sign * _themes(file, one if theme == OTHERS else {theme}) for sign, file in some)
            if 0 < left < self.small:
                yield ((theme,), left)
        for themes, fact in product(_common([file for _, file in some]), self.facts):
            whose = [(sign, file, {file.whose[each] for each in themes}) for sign, file in some]
            kept = frozenset[str]().union(
                *(file.together.get((fact, line), frozenset()) for _, file, lines in whose for line in lines)
            )
            for code in (*(c for c in self.codes[fact] if c not in kept), OTHERS):
                those = kept if code == OTHERS else {code}
                left = sum(sign * _codes(file, fact, lines, those) for sign, file, lines in whose)
                if 0 < left < self.small:
                    yield ((themes, fact, code), left)

    def equations(self) -> Iterator[tuple[dict[Unknown, int], int]]:
        """What the files say of the unknowns."""
        for piece, theme, fact in product(self.pieces, self.codes["theme"], self.facts):
            sums = dict.fromkeys(((piece, theme, fact, code) for code in self.codes[fact]), 1)
            yield {**sums, (piece, theme, "", ""): -1}, 0
        for file in self.files:
            alone: dict[str, set[str]] = {
                each: {each} for each in self.codes["theme"] if each not in file.one
            }
            for theme, members in ({**alone, OTHERS: set(file.one)} if file.one else alone).items():
                yield {(p, t, "", ""): 1 for p in file.pieces for t in members}, file.themes.get(theme, 0)
            for (line, members), fact in product(file.groups().items(), self.facts):
                kept = file.together.get((fact, line), frozenset())
                parts = {code: {code} for code in self.codes[fact] if code not in kept}
                for code, those in ({**parts, OTHERS: set(kept)} if kept else parts).items():
                    told = file.lines.get((fact, line), {}).get(code, 0)
                    yield {(p, t, fact, c): 1 for p in file.pieces for t in members for c in those}, told

    def by_bounds(self) -> Iterator[tuple[object, int]]:
        """Whole numbers from zero up, narrowed by every equation until nothing moves."""
        rows = [(list(row.items()), told) for row, told in self.equations()]
        most = sum(file.total for file in self.files)
        low, high = defaultdict[Unknown, int](int), defaultdict[Unknown, int](lambda: most)
        rows += self._rules(high)
        moved = True
        while moved:
            moved = False
            for row, told in rows:
                least = sum(n * (low[u] if n > 0 else high[u]) for u, n in row)
                greatest = sum(n * (high[u] if n > 0 else low[u]) for u, n in row)
                for u, n in row:
                    if n > 0:
                        new_low, new_high = told - (greatest - high[u]), told - (least - low[u])
                    else:
                        new_low, new_high = (least + high[u]) - told, (greatest + low[u]) - told
                    if new_low > low[u] or new_high < high[u]:
                        low_, high_ = max(low[u], new_low), min(high[u], new_high)
                        least += n * ((low_ - low[u]) if n > 0 else (high_ - high[u]))
                        greatest += n * ((high_ - high[u]) if n > 0 else (low_ - low[u]))
                        low[u], high[u], moved = low_, high_, True
        for u in list(high):
            if low[u] == high[u] and 0 < low[u] < self.small:
                yield (u, low[u])

    def _rules(self, high: dict[Unknown, int]) -> list[tuple[list[tuple[Unknown, int]], int]]:
        """What the rules tell him: what goes together is smaller than everything in its line that does not."""
        more = []
        for n, file in enumerate(self.files):
            lines = [
                ((fact, line), kept, file.lines.get((fact, line), {}))
                for (fact, line), kept in file.together.items()
            ]
            for (fact, line), kept, numbers in (
                [(("", ""), file.one, file.themes), *lines] if file.own else ()
            ):
                apart = [number for code, number in numbers.items() if code != OTHERS and number]
                for code in kept if apart else ():
                    summed: Unknown = (-1 - n, line, fact, code)
                    high[summed] = min(apart) - 1
                    if fact:
                        row = {(p, t, fact, code): 1 for p in file.pieces for t in file.groups()[line]}
                    else:
                        row = {(p, code, "", ""): 1 for p in file.pieces}
                    more.append(([*row.items(), (summed, -1)], 0))
        return more

    def by_elimination(self) -> Iterator[tuple[object, int]]:
        """Linear algebra: what follows from the equations alone, once what must be zero is left out."""
        rows = [(dict(row), told) for row, told in self.equations()]
        nothing = {u for row, told in rows if told == 0 and min(row.values()) > 0 for u in row}
        solved: dict[Unknown, tuple[dict[Unknown, int], int]] = {}
        for equation, number in rows:
            row, told = {u: n % PRIME for u, n in equation.items() if u not in nothing}, number
            for u in [u for u in row if u in solved]:
                row, told = _minus(row, told, row[u], solved[u])
            if not row:
                continue
            pivot = next(iter(row))
            inverse = pow(row[pivot], -1, PRIME)
            new = ({u: n * inverse % PRIME for u, n in row.items()}, told * inverse % PRIME)
            for u, (other, value) in solved.items():
                if pivot in other:
                    solved[u] = _minus(other, value, other[pivot], new)
            solved[pivot] = new
        for row, told in solved.values():
            if set(row.values()) == {1} and 0 < told < self.small:
                yield (tuple(sorted(row)), told)


def _minus(
    row: dict[Unknown, int], told: int, times: int, other: tuple[dict[Unknown, int], int]
) -> tuple[dict[Unknown, int], int]:
    left = dict(row)
    for u, n in other[0].items():
        if value := (left.pop(u, 0) - times * n) % PRIME:
            left[u] = value
    return left, (told - times * other[1]) % PRIME


def _common(files: Sequence[File]) -> list[frozenset[str]]:
    """The smallest sets of themes that are whole lines in every one of these files."""
    found: list[set[str]] = []
    for members in (group for file in files for group in file.groups().values()):
        touching = [each for each in found if each & members]
        found = [each for each in found if not each & members] + [members.union(*touching)]
    return [frozenset(each) for each in found]


def _themes(file: File, members: set[str] | frozenset[str]) -> int:
    return sum(
        file.themes.get(theme, 0) for theme in {OTHERS if each in file.one else each for each in members}
    )


def _codes(file: File, fact: str, lines: set[str], those: set[str] | frozenset[str]) -> int:
    """The number of a class that is a union of this file's own classes."""
    found = 0
    for line in lines:
        kept = file.together.get((fact, line), frozenset())
        numbers = file.lines.get((fact, line), {})
        found += sum(numbers.get(code, 0) for code in {OTHERS if each in kept else each for each in those})
    return found


def only_the_small(cells, k):
    """What hides the small numbers and nothing beside them."""
    return frozenset(key for key, number in cells.items() if 0 < number < k)
