"""What papers are told. Light to import: nothing here sets type."""

from dataclasses import dataclass
from datetime import date, datetime


def _with_zones(*moments: datetime | None) -> None:
    if any(moment is not None and moment.tzinfo is None for moment in moments):
        raise ValueError("a moment on a paper needs its time zone")


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """The desk as papers name it: `keeper` is the association behind it, `hours` when it is open, both may be empty."""

    name: str
    phone: str
    address: str
    keeper: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """What a receipt says. Moments have a time zone, else ValueError; `how_to_call` are labels of codes, `emergency` lines of the desk's list.

    `call_by` is nothing where no call was promised. `danger_first` brings the emergency words to the top. `made_at` is the file's date.
    """

    desk: DeskFacts
    number: str
    received_at: datetime
    call_by: datetime | None
    made_at: datetime
    how_to_call: tuple[str, ...] = ()
    next_step: str = ""
    emergency: tuple[str, ...] = ()
    danger_first: bool = False

    def __post_init__(self) -> None:
        _with_zones(self.received_at, self.call_by, self.made_at)


@dataclass(frozen=True, slots=True)
class AdviceFacts:
    """What the advice says: `asked` are labels of codes; `advice` and `next_step` are masked and confirmed by a person.

    `counselor` is a title, and empty for the usual one. `made_at` is the file's date.
    """

    desk: DeskFacts
    number: str
    advised_at: datetime
    advice: str
    made_at: datetime
    asked: tuple[str, ...] = ()
    next_step: str = ""
    next_on: date | None = None
    counselor: str = ""

    def __post_init__(self) -> None:
        _with_zones(self.advised_at, self.made_at)
