"""What the anonymizer is asked, what it finds and what it answers. Shapes only; no rule lives here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

# The longest text Slack takes in one field. A masked text is never longer where the text was not.
LIMIT = 3000
# Stands where something was found already. Detectors never match it.
TAKEN = "\0"


class Label(StrEnum):
    """What kind of thing was found. All but DATE and AGE point at somebody directly."""

    PERSON = "PERSON"
    ADDRESS = "ADDRESS"
    FACILITY = "FACILITY"
    ORG = "ORG"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    DATE_OF_BIRTH = "DATE_OF_BIRTH"
    DATE = "DATE"
    AGE = "AGE"
    ID_NUMBER = "ID_NUMBER"
    OTHER_ID = "OTHER_ID"


# Only what a person can judge by reading may be un-masked by a person.
KEEPABLE = frozenset({Label.PERSON, Label.ADDRESS, Label.FACILITY, Label.ORG})


@dataclass(frozen=True, slots=True)
class Span:
    """What was found: `text[start:end]` of the original, what it is, how sure (0–1), and what stands there instead."""

    start: int
    end: int
    label: Label
    score: float
    token: str


@dataclass(frozen=True, slots=True)
class Known:
    """Something already known in this case. `token`: what stood for it before and stands for it again; "" = choose."""

    surface: str
    label: Label = Label.PERSON
    token: str = ""


@dataclass(frozen=True, slots=True)
class Anonymized:
    """A text, what in it points at somebody, and how it reads without. `refused`: it holds a 12-digit number.

    `hints`: what may be a name and was left standing. `masked` is never longer than `LIMIT` where the text is not.
    """

    text: str
    spans: tuple[Span, ...]
    masked: str
    refused: bool
    hints: tuple[Span, ...] = ()

    @property
    def surfaces(self) -> tuple[str, ...]:
        """What was found, as it was written, each once, in order."""
        return tuple(dict.fromkeys(self.text[span.start : span.end] for span in self.spans))


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of the plain text. `token` is a code of `mask_tokens`, or "" where `said` is the token itself.

    `who` tells the same person, place or house by whatever name; `parts` are shorter names of it.
    """

    start: int
    end: int
    label: Label
    score: float
    token: str
    who: str = ""
    parts: tuple[str, ...] = ()
    said: str = ""


Detector = Callable[[str], Iterable[Found]]


class Page:
    """The plain text, from which what was found is taken away before the next detector reads it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.open = text
        self.found: list[Found] = []

    def read(self, detector: Detector) -> None:
        """Let a detector read what is still open; where its finds overlap, the first one counts."""
        self.add(detector(self.open))

    def add(self, finds: Iterable[Found]) -> None:
        """Take these finds, without those that overlap one taken before."""
        new = sorted(finds, key=lambda each: (each.start, -each.end))
        pieces: list[str] = []
        at = 0
        for each in new:
            if each.start < at or TAKEN in self.open[each.start : each.end]:
                continue
            pieces.append(self.open[at : each.start])
            pieces.append(TAKEN * (each.end - each.start))
            at = each.end
            self.found.append(each)
        if pieces:
            self.open = "".join([*pieces, self.open[at:]])
