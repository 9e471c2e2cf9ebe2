"""How many records share the coarse facts of one (k), and how its facts are widened until enough of them do.

Pure. Five coarse facts say together whom a record could be about: area, age band, sex, household and main theme.
Inside the desk a record is shown by facts that at least `SEARCH_K` records share, outside by facts that `PUBLIC_K` do.
Where fewer share them, the area is left out first, then the theme, then the age, at last the sex and the household.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Protocol

ANY: Final = "*"  # widened: any value, also one that is not known
SEARCH_K: Final = 5
PUBLIC_K: Final = 10
WIDENED: Final = ("region", "theme", "age_band", "sex", "household")  # what is left out first stands first


class Coarse(Protocol):
    """What has the five facts, as codes; None: not known. A `Record` is one."""

    @property
    def region(self) -> str | None: ...
    @property
    def age_band(self) -> str | None: ...
    @property
    def sex(self) -> str | None: ...
    @property
    def household(self) -> str | None: ...
    @property
    def theme(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Key:
    """Five facts, each a code; "" is not known (a class of its own), `ANY` is left out."""

    region: str = ""
    age_band: str = ""
    sex: str = ""
    household: str = ""
    theme: str = ""


def key_of(record: Coarse) -> Key:
    """Give the facts of a record as they are, nothing left out."""
    return Key(
        region=record.region or "",
        age_band=record.age_band or "",
        sex=record.sex or "",
        household=record.household or "",
        theme=record.theme or "",
    )


def wider(key: Key) -> Iterator[Key]:
    """Give the key itself, then wider and wider ones, at last the one that says nothing. None comes twice."""
    yield key
    for fact in WIDENED:
        if getattr(key, fact) != ANY:
            key = replace(key, **{fact: ANY})
            yield key


async def shown_as(key: Key, count: Callable[[Key], Awaitable[int]], k: int) -> Key | None:
    """Give the narrowest key, from this one on, that at least `k` records share. None: not even all together do.

    `count` gives how many records share a key; it may stop counting at `k`.
    """
    for each in wider(key):
        if await count(each) >= k:
            return each
    return None
