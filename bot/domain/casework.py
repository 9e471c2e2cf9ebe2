"""What is written about a consultation: whom to call, each attempt, hearing and activity. Shapes only."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the supporter. Every field is sealed where it is kept; empty means not given."""

    name: str = ""  # or an alias, or nothing
    agency: str = ""
    phone: str = ""
    callable: str = ""  # who may be asked for


@dataclass(frozen=True, slots=True)
class Written:
    """Words somebody wrote about a consultation. `kind`: story, note, formulation, advice, next, summary…"""

    id: str
    kind: str
    author: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call, with what came of it (`bot/codes/callback_outcomes.json`)."""

    id: str
    consultation: str
    caller: str
    at: datetime
    outcome: str
    next_try_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hearing:
    """聞き取り: the coded part. `minutes` is the time it took."""

    id: str
    consultation: str
    author: str
    at: datetime
    minutes: int | None
    concerns: tuple[str, ...]
    characteristics: tuple[str, ...]
    next_action_on: date


@dataclass(frozen=True, slots=True)
class Activity:
    """An interview, a visit or other work. `people`: how many, by role code. Travel in minutes, by 圏域."""

    id: str
    consultation: str
    author: str
    entered_at: datetime
    happened_on: date
    type: str
    place: str | None
    people: dict[str, int]
    minutes: int | None
    travel_minutes: int | None
    travel_region: str | None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One tap: was the advice tried, did it help, how heavy is it now."""

    id: str
    consultation: str
    asked_at: datetime
    answered_at: datetime | None
    answer: str | None
    heaviness: str | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that was begun: answers by name, as the form draws them again."""

    saved_by: str
    saved_at: datetime
    answers: dict[str, object]


# The texts of a record, in the order in which they are read.
TEXTS = ("situation", "formulation", "advice", "outcome")


@dataclass(frozen=True, slots=True)
class Record:
    """The anonymized record of one closing. Its words were masked and confirmed by a person; `hash` covers them."""

    id: str
    made_at: datetime
    confirmed_by: str
    fiscal_year: int
    region: str | None
    supporter_field: str | None
    organization_type: str | None
    occupation: str | None
    route: str
    urgency: str
    concerns: tuple[str, ...]
    characteristics: tuple[str, ...]
    dispositions: tuple[str, ...]
    primary_disposition: str
    closing_reason: str
    situation: str
    formulation: str
    advice: str
    outcome: str
    ruleset: str
    codes_version: str
    age_band: str | None = None  # of the person it is about: codes of `age_bands`, `sexes`, `households`
    sex: str | None = None
    household: str | None = None
    theme: str | None = None  # the one code of `supporter_concerns` it is mainly about
    purpose: str = "support"  # what it is kept for (`record_purposes`)
    agreement: str | None = None  # 了解: whose, or why none was needed (`record_agreements`)
    unusual: tuple[
        str, ...
    ] = ()  # kinds of unusual facts that were left standing (`unusual_facts`): two people must agree
    likeness: int = 0  # how many records shared its coarse facts when it was kept, itself included (k)
    of_case: str = ""  # drawn for the case: its records, one for each closing, share it and count as one
    hash: str = ""
