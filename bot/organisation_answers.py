"""How the organisation file is read: its tables, and single answers: hours, days, numbers to call, ids.

Each mistake has its name.
"""

import re
from datetime import date, time
from itertools import pairwise
from typing import Annotated, LiteralString

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from bot.domain.business_time import Days, Period
from bot.domain.phone import NotAPhone, Phone
from bot.domain.timeline import Quiet


def mistake(name: LiteralString, /, **facts: object) -> PydanticCustomError:
    """Name a mistake; its sentence stands among the organisation's mistakes."""
    return PydanticCustomError(name, name, facts)


class Table(BaseModel):
    """A table of the file: nothing changes it, and nothing unknown stands in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


def _period(written: object) -> Period:
    found = re.fullmatch(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", str(written).strip())
    if not found:
        raise mistake("wrong")
    numbers = [int(part) for part in found.groups()]
    try:
        opens, closes = time(numbers[0], numbers[1]), time(numbers[2], numbers[3])
    except ValueError:
        raise mistake("wrong") from None
    if opens >= closes:
        raise mistake("closes_early")
    return Period(opens, closes)


def _periods(written: object) -> tuple[Period, ...]:
    periods = tuple(_period(one) for one in (written if isinstance(written, list) else [written]))
    if any(one.closes > other.opens for one, other in pairwise(periods)):
        raise mistake("overlap")
    return periods


def _days(written: object) -> Days:
    first, _, last = str(written).strip().partition("..")
    try:
        days = Days(date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip()))
    except ValueError:
        raise mistake("wrong") from None
    if days.last < days.first:
        raise mistake("days_backwards", value=str(written))
    return days


def _year_end(written: object) -> object:
    if written == "":
        return None
    found = re.fullmatch(r"(\d{1,2})-(\d{1,2})\.\.(\d{1,2})-(\d{1,2})", str(written).strip())
    if not found:
        raise mistake("wrong")
    month, day, last_month, last_day = (int(part) for part in found.groups())
    try:
        date(2000, month, day), date(2000, last_month, last_day)
    except ValueError:
        raise mistake("wrong") from None
    return (month, day), (last_month, last_day)


def _phone(written: str) -> str:
    try:
        return Phone.parse(written).shown
    except NotAPhone:
        raise mistake("wrong") from None


def _quiet(written: object) -> object:
    """The hours of a night, from evening to morning: `20:00-08:00`."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", str(written).strip())
    try:
        one, two, three, four = (int(part) for part in found.groups()) if found else (-1,) * 4
        return Quiet(time(one, two), time(three, four))
    except ValueError:
        raise mistake("wrong") from None


Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=200)]
PhoneNumber = Annotated[Text, AfterValidator(_phone)]
Periods = Annotated[tuple[Period, ...], BeforeValidator(_periods)]
OnePeriod = Annotated[Period, BeforeValidator(_period)]
SomeDays = Annotated[Days, BeforeValidator(_days)]
MonthDays = Annotated[tuple[tuple[int, int], tuple[int, int]] | None, BeforeValidator(_year_end)]
ChannelId = Annotated[str, StringConstraints(strict=True, pattern=r"^[CG][A-Z0-9_]{2,}$")]
UserId = Annotated[str, StringConstraints(strict=True, pattern=r"^[UW][A-Z0-9_]{2,}$")]
Minutes = Annotated[StrictInt, Field(ge=1, le=10080)]
QuietHours = Annotated[Quiet, BeforeValidator(_quiet)]
