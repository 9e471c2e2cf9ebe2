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
