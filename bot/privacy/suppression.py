"""Small numbers in published tables: what could point at somebody is hidden so that nobody can compute it back.

Pure. A reader is taken to know the total, every number that is shown, and these very rules. What keeps them from a
hidden number is that the hidden ones could change places: whoever knows the rules sees the same table either way.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

SMALLEST = 5  # from here on a number is shown
K = TypeVar("K", bound=Hashable)


class Hidden(StrEnum):
    """Why a number is not shown."""

    FEW = "few"  # one to four
    COVERED = "covered"  # one to four, or another number that would give one away


Shown = int | Hidden


@dataclass(frozen=True, slots=True)
class Table(Generic[K]):
    """A table as it may be read: each cell a number or why there is none, and the total of all cells."""

    cells: dict[K, Shown]
    total: Shown


def shown(number: int) -> Shown:
    """A number that stands alone, with nothing to compute it from."""
    return Hidden.FEW if _small(number) else number


def suppressed(cells: Mapping[K, int]) -> Table[K]:
    """Hide the small cells (1 to 4) of a table whose total is known, and what they could be computed from.

    Zeros are shown where a larger number stands beside them. Where the small cells alone leave it open which is which,
    they are `FEW`; else they and their neighbours are `COVERED`, and nobody can tell the ones from the others.
    """
    small = {key: number for key, number in cells.items() if _small(number)}
    total = sum(cells.values())
    if not small:
        return Table(dict(cells), shown(total))
    largest = max(cells.values())
    if largest <= SMALLEST:
        hidden, why = set(cells), Hidden.COVERED
    elif _open(list(small.values())):
        hidden, why = set(small), Hidden.FEW
    else:
        # The small ones and all that hold the next number: whoever swaps two of them has the same table.
        until = min(number for number in cells.values() if number >= SMALLEST)
        hidden, why = {key for key, number in cells.items() if 0 < number <= until}, Hidden.COVERED
    return Table({key: why if key in hidden else number for key, number in cells.items()}, shown(total))


def _small(number: int) -> bool:
    return 0 < number < SMALLEST


def _open(small: list[int]) -> bool:
    """Whether the sum of these small numbers leaves each of them open."""
    return len(small) >= 2 and len(small) < sum(small) < len(small) * (SMALLEST - 1)


def together(cells: Mapping[K, int], least: int) -> frozenset[K]:
    """Which cells of a line are counted as one, so that each number that is left is zero or at least `least`.

    All that are smaller go together, the empty ones among them: nobody learns which those are. Where they would make
    less than `least`, or leave no doubt (all but the empty ones are one less than it), the next larger ones join, all
    of the same number. Whoever exchanges two that go together has the same line: none can be computed from it.
    Raises ValueError where the line itself is small.
    """
    total, most = sum(cells.values()), least - 1
    if 0 < total < least:
        raise ValueError("the line itself is small")
    if total == most * len(cells):
        return frozenset(cells)
    small = {key for key, number in cells.items() if number < least}
    left = sum(cells[key] for key in small)
    clear = left == most * sum(cells[key] > 0 for key in small)
    if left and (left < least or clear) and (larger := [n for n in cells.values() if n >= least]):
        small |= {key for key, number in cells.items() if number == min(larger)}
    return frozenset(small) if left else frozenset()
