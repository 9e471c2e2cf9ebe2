"""つなぎ先: the municipalities and agencies cases go on to, as they are known here and until when. Pure rules."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from bot.domain.business_time import TOKYO
from bot.domain.refusals import InThePast, Refused
from bot.domain.staff import Actor, Role

EVERYWHERE = "all"  # instead of a municipality: the prefecture as a whole
ASKED_AT = time(10, 0)
PATIENCE = timedelta(days=14)  # how long an owner has to say that an entry still holds
STAFF = frozenset(Role) - {Role.SYSTEM, Role.AUDITOR}
FAR = timedelta(days=3 * 366)  # no entry holds longer than this without being looked at


class PersonNamed(Refused):
    """A person's name seems to stand in an entry, which is about offices: what looks like it."""

    template = "refusals/person_named"

    def __init__(self, field: str, surfaces: tuple[str, ...]) -> None:
        self.field = field
        self.surfaces = surfaces
        super().__init__("a person is named")


class NotOfStaff(Refused):
    """Whoever was chosen to look after an entry holds no role at the desk."""

    template = "refusals/not_of_staff"

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__("not of staff")


@dataclass(frozen=True, slots=True)
class Agency:
    """An office cases can go on to. `kind` and `municipality` are codes; `confirm_on`: when it is to be confirmed again;
    `source`: how the desk knows, a code of `directory_sources`.

    `version` 0: not kept yet.
    """

    id: str
    name: str
    kind: str
    municipality: str
    phone: str = ""
    note: str = ""
    owner: str | None = None
    confirm_on: date | None = None
    confirmed_on: date | None = None
    source: str | None = None
    active: bool = True
    version: int = 0

    @property
    def subject(self) -> str:
        """Its name among the subjects of timers and messages."""
        return f"agency:{self.id}"


@dataclass(frozen=True, slots=True)
class Town:
    """What is known of a municipality's counter. `juso`: "yes" or "no" where the desk has asked; None: it has not.

    `meetings`: code of a meeting → what it is called there. `version` 0: nothing is kept yet.
    """

    municipality: str
    section: str = ""
    phone: str = ""
    juso: str | None = None
    meetings: dict[str, str] = field(default_factory=dict, hash=False)
    owner: str | None = None
    confirm_on: date | None = None
    confirmed_on: date | None = None
    source: str | None = None
    version: int = 0
    active: bool = True

    @property
    def subject(self) -> str:
        """Its name among the subjects of timers and messages."""
        return f"town:{self.municipality}"

    def calling(self, meeting: str, name: str) -> "Town":
        """The same with a local name for a meeting; an empty name takes it out."""
        named = {code: said for code, said in self.meetings.items() if code != meeting}
        return replace(self, meetings=named | ({meeting: name} if name else {}))


Entry = Agency | Town
E = TypeVar("E", bound=Agency | Town)


def may_edit(actor: Actor, entry: Entry) -> bool:
    """Coordinators keep the directory; who looks after an entry keeps that one."""
    return actor.has(Role.COORDINATOR) or (actor.id == entry.owner and actor.has(*STAFF))


def does_juso(town: Town, planned: bool) -> bool | None:
    """Whether a municipality runs the 重層的支援体制整備事業: as the desk was told; else yes where it was `planned` in
    令和3年度; None: nobody knows.
    """
    return town.juso == "yes" if town.juso else (True if planned else None)


def holds(agency: Agency, text: str, more: Mapping[str, str] | None = None) -> bool:
    """Whether every word of a text stands in an agency's name or note, or its digits in the number.

    `more`: labels of codes, by code, that count as its words too.
    """
    labels = " ".join((more or {}).get(code, "") for code in (agency.kind, agency.municipality))
    told = plain(f"{agency.name} {agency.note} {agency.phone} {labels}")
    digits = "".join(each for each in agency.phone if each.isdigit())
    return all(
        word in told or (word.isdigit() and len(word) > 3 and word in digits) for word in plain(text).split()
    )


def plain(text: str) -> str:
    """A text as it is compared: however wide its letters are written."""
    return unicodedata.normalize("NFKC", text).casefold()


def checked(entry: E, today: date) -> E:
    """Give it back where it can be kept, or raise `InThePast` for a date of confirmation that nobody will meet."""
    if entry.confirm_on is not None and not today < entry.confirm_on <= today + FAR:
        raise InThePast("confirm_on")
    return entry


def confirmed(entry: E, today: date) -> E:
    """It still holds: it is looked at again after a year. Saying so twice on one day changes nothing."""
    if entry.confirmed_on == today and entry.confirm_on and entry.confirm_on > today:
        return entry
    return replace(entry, confirmed_on=today, confirm_on=a_year_after(today))


def a_year_after(day: date) -> date:
    """The same day of the next year; of a leap day, the one before it."""
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def asked_at(day: date) -> datetime:
    """When on this day somebody is asked."""
    return datetime.combine(day, ASKED_AT, TOKYO)


def is_due(entry: Entry, today: date) -> bool:
    """Whether somebody has to look at it again."""
    return entry.active and entry.confirm_on is not None and entry.confirm_on <= today
