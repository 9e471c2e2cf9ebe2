"""What a detector hands over, and the page it reads from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

# Stands where something was found already. Detectors never match it.
TAKEN = "\0"


class Label(StrEnum):
    """What kind of thing was found."""

    PERSON = "PERSON"
    PLACE = "PLACE"
    ADDRESS = "ADDRESS"
    AGENCY = "AGENCY"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    URL = "URL"
    POSTAL_CODE = "POSTAL_CODE"
    DATE_OF_BIRTH = "DATE_OF_BIRTH"
    AGE = "AGE"
    MY_NUMBER = "MY_NUMBER"
    ID_NUMBER = "ID_NUMBER"
    ACCOUNT = "ACCOUNT"
    PLATE = "PLATE"
    HANDLE = "HANDLE"


# Only what a person can judge by reading may be un-masked by a person.
KEEPABLE = frozenset({Label.PERSON, Label.PLACE, Label.AGENCY})


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of the plain text. `who` tells the same person or place by whatever name; `parts` are shorter names of it."""

    start: int
    end: int
    label: Label
    score: float
    token: str
    who: str = ""
    parts: tuple[str, ...] = ()


class Page:
    """The plain text, from which what was found is taken away before the next detector reads it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.open = text
        self.found: list[Found] = []

    def read(self, detector: Callable[[str], Iterable[Found]]) -> None:
        """Let a detector read what is still open; where its finds overlap, the first one counts."""
        new = sorted(detector(self.open), key=lambda each: (each.start, -each.end))
        pieces: list[str] = []
        at = 0
        for each in new:
            if each.start < at:
                continue
            pieces.append(self.open[at : each.start])
            pieces.append(TAKEN * (each.end - each.start))
            at = each.end
            self.found.append(each)
        self.open = "".join([*pieces, self.open[at:]])
