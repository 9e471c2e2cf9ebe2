"""What is particular to one association: its hours, channels, promises and numbers, from one TOML file."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    Field,
    StrictBool,
    StrictInt,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from bot import codes
from bot.domain.business_time import Calendar, NeverOpens
from bot.domain.retention import Kind
from bot.domain.retention import Rule as RetainedBy
from bot.domain.timeline import Quiet
from bot.organisation_answers import (
    ChannelId,
    Minutes,
    MonthDays,
    OnePeriod,
    Periods,
    PhoneNumber,
    QuietHours,
    SomeDays,
    Table,
    Text,
    UserId,
    mistake,
)
from bot.organisation_mistakes import say, sentence
from bot.organisation_promises import Claim, PromiseRule, Promises

EXAMPLE = Path(__file__).parent / "shiga.toml"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ANY_MONDAY = datetime.fromisoformat("2026-04-06T00:00+09:00")


class OrganisationMistakes(Exception):
    """The file cannot be used. `sentences`: every mistake, each with what to write instead."""

    def __init__(self, sentences: tuple[str, ...]) -> None:
        self.sentences = sentences
        super().__init__("\n".join(sentences))


class Hours(Table):
    """When the desk is open."""

    mon: Periods = ()
    tue: Periods = ()
    wed: Periods = ()
    thu: Periods = ()
    fri: Periods = ()
    sat: Periods = ()
    sun: Periods = ()
    lunch: OnePeriod | None = None
    holidays_closed: StrictBool = True
    year_end: MonthDays = ((12, 29), (1, 3))
    closed: tuple[SomeDays, ...] = ()
    extra: dict[date, Periods] = Field(default_factory=dict)

    @cached_property
    def calendar(self) -> Calendar:
        """The same as rules can ask."""
        return Calendar(
            hours={number: getattr(self, day) for number, day in enumerate(WEEKDAYS)},
            closures=self.closed,
            extra=self.extra,
            holidays=self.holidays_closed,
            year_end=self.year_end,
            lunch=self.lunch,
        )

    @model_validator(mode="after")
    def _opens(self) -> Self:
        if not any(getattr(self, day) for day in WEEKDAYS):
            raise mistake("never_open")
        try:
            self.calendar.next_opening(ANY_MONDAY)
        except NeverOpens:
            raise mistake("never_open") from None
        return self


class Channels(Table):
    """Where the desk works in Slack."""

    callbacks: ChannelId
    coordinators: ChannelId
    training: ChannelId | None = None

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if self.callbacks == self.coordinators:
            raise mistake("same_channel")
        return self


class Duty(Table):
    """Who is told when it cannot wait, and how often. `outside_hours`: also while the desk is closed."""

    people: tuple[UserId, ...] = ()
    repeat_minutes: Annotated[StrictInt, Field(ge=1, le=240)] = 10
    outside_hours: StrictBool = True


class TrainingRules(Table):
    """How trainings are run. `offer_minutes`: open minutes a seat is kept; `few`: seats the organizer hears of."""

    offer_minutes: Minutes = 480
    quiet: QuietHours = Quiet(time(20), time(8))
    few: Annotated[StrictInt, Field(ge=1, le=100)] = 5


class Reviews(Table):
    """Case reviews. How many days those invited may still read its papers: after its end, and after its record is settled.

    `own_record`: whether whoever wrote at a record may settle it where their role lets them.
    """

    keeps_days: Annotated[StrictInt, Field(ge=1, le=90)] = 14
    settled_days: Annotated[StrictInt, Field(ge=0, le=90)] = 7
    own_record: StrictBool = False

    @property
    def keeps(self) -> timedelta:
        """How long after its end."""
        return timedelta(days=self.keeps_days)

    @property
    def settled(self) -> timedelta:
        """How long after its record is settled."""
        return timedelta(days=self.settled_days)


class RetentionRule(Table):
    """How long something is kept: `years` after the fiscal year it ended in, or `days` after the day."""

    years: Annotated[StrictInt, Field(ge=0, le=100)] | None = None
    days: Annotated[StrictInt, Field(ge=1, le=36500)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.years is None) == (self.days is None):
            raise mistake("years_or_days")
        return self


class Retention(Table):
    """How long what identifies somebody is kept. `grace_days`: how old a backup may be; `remind_days`: how long before."""

    consultation: RetentionRule = RetentionRule(years=5)
    withdrawn: RetentionRule = RetentionRule(years=1)
    training_answers: RetentionRule = RetentionRule(years=1)
    certificates: RetentionRule = RetentionRule(years=10)
    training_questions: RetentionRule = RetentionRule(years=3)
    training_feedback: RetentionRule = RetentionRule(years=5)
    feedback_drafts: RetentionRule = RetentionRule(days=90)
    grace_days: Annotated[StrictInt, Field(ge=1, le=366)] = 35
    remind_days: Annotated[StrictInt, Field(ge=1, le=366)] = 30

    def rule(self, kind: Kind) -> RetainedBy:
        """The rule of a kind, as rules can ask it."""
        written: RetentionRule = getattr(self, kind)
        return RetainedBy(written.years, written.days)

    def consultations_before(self, now: datetime) -> tuple[datetime, datetime]:
        """Consultations closed, and those withdrawn, before these moments are due now."""
        return self.rule(Kind.CONSULTATION).cutoff(now), self.rule(Kind.WITHDRAWN).cutoff(now)

    def consultation_due(self, ended_at: datetime) -> datetime:
        """When what was closed then is destroyed."""
        return self.rule(Kind.CONSULTATION).due(ended_at)

    def near_before(self, now: datetime) -> datetime:
        """Consultations closed before this moment are due soon: within `remind_days`."""
        return self.rule(Kind.CONSULTATION).cutoff(now + timedelta(days=self.remind_days))


class EmergencyContact(Table):
    """Whom to call first when somebody is in danger. `code` takes an entry of the list of that name."""

    code: Text | None = None
    label: Text
    number: Text | None = None
    note: Text | None = None
    source: Text | None = None
    confirmed: date | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, written: object) -> object:
        if not isinstance(written, dict) or "code" not in written:
            if isinstance(written, dict) and "label" in written and "number" not in written:
                raise mistake("missing", within="number")
            return written
        listed = codes.load("emergency_contacts")
        if written["code"] not in listed:
            raise mistake("no_such_code", value=str(written["code"]), list=listed.name, within="code")
        entry = listed.get(written["code"])
        given = {"label": entry.label, "number": entry.more["number"], "note": entry.more["note"]}
        return given | written


class Intake(Table):
    """Which entries of a list the forms offer; a list that is not named is offered whole."""

    supporter_fields: tuple[str, ...] | None = None
    organization_types: tuple[str, ...] | None = None
    occupations: tuple[str, ...] | None = None
    experience_bands: tuple[str, ...] | None = None
    supporter_concerns: tuple[str, ...] | None = None
    case_characteristics: tuple[str, ...] | None = None
    routes: tuple[str, ...] | None = None
    requested_support: tuple[str, ...] | None = None
    best_times: tuple[str, ...] | None = None
    not_consultation: tuple[str, ...] | None = None

    @field_validator("*")
    @classmethod
    def _known(cls, chosen: tuple[str, ...] | None, field: ValidationInfo) -> tuple[str, ...] | None:
        name = str(field.field_name)
        if chosen == ():
            raise mistake("empty")
        for code in chosen or ():
            if code not in codes.load(name):
                raise mistake("no_such_code", value=code, list=name)
        return chosen


class Organisation(Table):
    """One association and its desk."""

    name: Text
    short_name: Text
    desk_name: Text
    prefecture: Text
    address: Text
    phone: PhoneNumber
    municipalities: Text = "municipalities"
    hours: Hours
    channels: Channels
    promises: Promises
    claim: Claim
    duty: Duty = Duty()
    emergency: Annotated[tuple[EmergencyContact, ...], Field(min_length=1)]
    intake: Intake = Intake()
    trainings: TrainingRules = TrainingRules()
    retention: Retention = Retention()
    reviews: Reviews = Reviews()
    folder: Annotated[Path, Field(exclude=True)] = EXAMPLE.parent

    @property
    def regions(self) -> tuple[codes.Code, ...]:
        """The welfare regions of this prefecture. Another prefecture's file names them as people say them."""
        known = codes.load("welfare_regions").codes
        named = dict.fromkeys(
            str(each.more["region"]) for each in self.places.options() if each.more["region"]
        )
        found = (known.get(name) or codes.Code(name, name, 1000 + n) for n, name in enumerate(named))
        return tuple(sorted(found, key=lambda each: each.sort))

    @property
    def calendar(self) -> Calendar:
        """When the desk is open."""
        return self.hours.calendar

    @cached_property
    def places(self) -> codes.CodeList:
        """The municipalities of this prefecture."""
        if self.municipalities.endswith(".json"):
            return codes.read(self.folder / self.municipalities)
        return codes.load(self.municipalities)

    def region_of(self, municipality: str | None) -> str | None:
        """The welfare region of a municipality; None for what is no single one, or is not listed any more."""
        entry = self.places.codes.get(municipality or "")
        region: str | None = entry.more["region"] if entry else None
        return region

    def promise(self, urgency: str, at: datetime) -> datetime:
        """The time by which somebody who asks at this moment is called. `urgency`: a code of that list."""
        rule: PromiseRule = getattr(self.promises, urgency)
        return self.calendar.promise(at, rule.rule)

    def claim_expires(self, urgency: str, claimed_at: datetime) -> datetime:
        """When a claim without an attempt goes back to the queue."""
        minutes: int = getattr(self.claim.expires_after, urgency)
        return self.calendar.add_open_minutes(claimed_at, minutes)

    def offered(self, name: str, on: date | None = None) -> tuple[codes.Code, ...]:
        """What the forms offer of a list on this day, in the list's order."""
        if name == "welfare_regions":
            return self.regions
        entries = (self.places if name == "municipalities" else codes.load(name)).options(on)
        chosen: tuple[str, ...] | None = getattr(self.intake, name, None)
        return entries if chosen is None else tuple(entry for entry in entries if entry.code in chosen)

    @model_validator(mode="after")
    def _places_known(self) -> Self:
        try:
            listed = all("region" in entry.more for entry in self.places.codes.values())
        except (OSError, ValueError, LookupError):
            listed = False
        if not listed:
            raise mistake("no_such_list", value=self.municipalities, within="municipalities")
        return self


def load(path: Path | None = None) -> Organisation:
    """The organisation of this file, or the Shiga example. Raises `OrganisationMistakes`, all of them at once."""
    path = path or EXAMPLE
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise OrganisationMistakes((say("no_file", path=path),)) from None
    except (OSError, UnicodeDecodeError):
        raise OrganisationMistakes((say("unreadable", path=path),)) from None
    except tomllib.TOMLDecodeError as wrong:
        line = re.search(r"at line (\d+)", str(wrong))
        last = path.read_text(encoding="utf-8").count("\n") + 1
        raise OrganisationMistakes((say("toml", path=path, line=line[1] if line else last),)) from None
    return read(written, path.parent)


def read(written: Mapping[str, Any], folder: Path = EXAMPLE.parent) -> Organisation:
    """The organisation of a parsed file; other files it names are looked for in `folder`."""
    known = {key: value for key, value in written.items() if key != "folder"}
    try:
        return Organisation.model_validate(known | {"folder": folder})
    except ValidationError as wrong:
        errors = wrong.errors(include_url=False)
        inner = {error["loc"][0] for error in errors if len(error["loc"]) > 1}
        told = [error for error in errors if error["type"] != "too_short" or error["loc"][0] not in inner]
        keys = set(_all_keys(Organisation))
        sentences = dict.fromkeys(sentence(error, keys) for error in told)
        raise OrganisationMistakes(tuple(sentences)) from None


def _all_keys(table: type[BaseModel]) -> Iterator[str]:
    for name, about in table.model_fields.items():
        yield name
        if isinstance(about.annotation, type) and issubclass(about.annotation, BaseModel):
            yield from _all_keys(about.annotation)
