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


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a 修了証 says. `kind` is a label, `sessions` begin and end with time zones, in order; `issued_at` is the file's date.

    `association` is who issues it; `desk` and `phone` are where it can be asked about.
    """

    association: str
    desk: str
    phone: str
    number: str
    code: str
    name: str
    kind: str
    title: str
    sessions: tuple[tuple[datetime, datetime], ...]
    minutes: int
    issued_at: datetime

    def __post_init__(self) -> None:
        _with_zones(self.issued_at, *(each for session in self.sessions for each in session))


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person on a roster. Everything but `number`, `name`, `agency` and `needs` is a label of a code; all may be empty.

    `marks`: what is noted of each session, in order, such as 「出席 12時58分」.
    """

    number: int
    name: str
    agency: str
    occupation: str
    field: str
    municipality: str
    format: str
    state: str
    needs: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RosterFacts:
    """What a roster says. `sessions` begin and end with time zones, in order; `formats`: whether there are several."""

    desk: str
    number: str
    kind: str
    title: str
    place: str
    sessions: tuple[tuple[datetime, datetime], ...]
    rows: tuple[RosterRow, ...]
    formats: bool
    made_at: datetime

    def __post_init__(self) -> None:
        _with_zones(self.made_at, *(each for session in self.sessions for each in session))


@dataclass(frozen=True, slots=True)
class DoorFacts:
    """What hangs at the door: `sessions` begin, end, and have their code. `opens`: minutes before, from when it is taken."""

    desk: str
    number: str
    kind: str
    title: str
    place: str
    sessions: tuple[tuple[datetime, datetime, str], ...]
    opens: int
    made_at: datetime

    def __post_init__(self) -> None:
        _with_zones(self.made_at, *(each for session in self.sessions for each in session[:2]))


@dataclass(frozen=True, slots=True)
class DestroyedFacts:
    """One kind on a certificate of destruction. `label` and `counts_from` are labels of codes; `rule` as the ledger has it."""

    label: str
    number: int
    counter: str
    rule: str
    counts_from: str
    first: datetime  # the dates they counted from
    last: datetime

    def __post_init__(self) -> None:
        _with_zones(self.first, self.last)


@dataclass(frozen=True, slots=True)
class DestructionFacts:
    """What a certificate of destruction says of the days from `since` to `until`. It names nobody.

    `tables`: label → rows. `bases`: labels of why. `rows`: the first and the last number of the ledger; none where nothing
    was destroyed. `ids_hash` covers the ids, `ledger_hash` the ledger up to its last row; `held`: how many are held back.
    """

    desk: DeskFacts
    since: date
    until: date
    kinds: tuple[DestroyedFacts, ...]
    tables: tuple[tuple[str, int], ...]
    bases: tuple[str, ...]
    rows: tuple[int, int] | None
    ids_hash: str
    ledger_hash: str
    held: int
    made_at: datetime

    def __post_init__(self) -> None:
        _with_zones(self.made_at)


@dataclass(frozen=True, slots=True)
class ReviewAdviceFacts(AdviceFacts):
    """What came of a review for the supporter; `advised_at`: when it was held, `asked`: the question it was about."""


@dataclass(frozen=True, slots=True)
class BriefFacts:
    """The page about the case of a review: a label and a text for each part, as it was approved; nobody in it.

    `until`: when it is to be gone.
    """

    desk: str
    number: str
    title: str
    parts: tuple[tuple[str, str], ...]
    purpose: str
    format: str
    agreement: str
    made_at: datetime
    agreed_on: date | None = None
    starts_at: datetime | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class NotesFacts:
    """The settled record of a review, nobody's name in it: `issues` as labels and texts, `tasks` as (who, by when, what),
    `people` as (role, minutes); who somebody is, is told by their role.
    """

    desk: str
    number: str
    purpose: str
    format: str
    held_at: datetime
    issues: tuple[tuple[tuple[str, str], ...], ...]
    dissent: str
    tasks: tuple[tuple[str, date, str], ...]
    people: tuple[tuple[str, int], ...]
    approved_at: datetime
    made_at: datetime

    def __post_init__(self) -> None:
        _with_zones(self.held_at, self.approved_at, self.made_at)


@dataclass(frozen=True, slots=True)
class LinkageFacts:
    """A つなぎシート as it was looked at: parts of (kind, label, text), drawn in order and nothing else."""

    number: str
    parts: tuple[tuple[str, str, str], ...]
    made_at: datetime

    def __post_init__(self) -> None:
        _with_zones(self.made_at)


@dataclass(frozen=True, slots=True)
class ReturnFacts:
    """The letter that asks for a つなぎシート back. `because`: a code of `return_reasons`. It says nothing of the case."""

    desk: DeskFacts
    number: str
    place: str
    office: str
    code: str
    sent_on: date
    because: str
    made_at: datetime

    def __post_init__(self) -> None:
        _with_zones(self.made_at)


@dataclass(frozen=True, slots=True)
class AdviceSummaryFacts:
    """What was thought of the records of some days, and what was noticed. Numbers as they are written; nobody in it.

    `lines`: the themes of a line, and its rows: question, then the numbers in the order of `answers`.
    """

    desk: str
    since: date
    last: date
    most: int
    population: str
    total: str
    answers: tuple[str, ...]
    lines: tuple[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]], ...]
    findings: tuple[str, ...]
    made_at: datetime

    def __post_init__(self) -> None:
        _with_zones(self.made_at)
