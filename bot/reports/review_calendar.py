"""The file with which a review stands in somebody's calendar: when, its number, and nothing that anybody typed."""

from datetime import UTC
from typing import Any

from icalendar import Calendar, Event, vCalAddress, vText

from bot import codes
from bot.domain.review import Review, Stage
from bot.messages import Document, words
from bot.organisation import Organisation
from bot.reports.calendar import NOBODY
from bot.reports.words import Words, one_line

MAKER = "-//Yorisoi//Reviews//JA"


def paper(told: dict[str, Any], organisation: Organisation) -> Document | None:
    """Make the file a row promises, as things stand now; None: there is no time to put into a calendar."""
    review: Review = told["r"]
    if review.starts_at is None or review.ends_at is None:
        return None
    seat = told["s"]
    comes = review.stage is Stage.FIXED and seat is not None and seat.attends
    number = told["c"].number
    told = {**told, "comes": comes, "organisation": organisation}
    title, comment = (
        words(f"messages/{name}", **told) for name in ("review_calendar_title", "review_calendar")
    )
    return Document(
        f"{number}-{review.round}.ics", title, calendar(review, number, organisation, told), comment
    )


def calendar(review: Review, number: str, organisation: Organisation, told: dict[str, Any]) -> bytes:
    """Make the file. Its UID stays, its SEQUENCE is the edition; who does not come (any more) is given METHOD:CANCEL."""
    assert review.starts_at is not None  # noqa: S101 - looked at by `paper`
    assert review.ends_at is not None  # noqa: S101
    comes = bool(told["comes"])
    purpose = codes.load("review_purposes").get(review.plan.purpose).label
    facts = {"number": number, "purpose": purpose, "online": review.plan.online, "comes": comes}
    said = Words("review_calendar", facts)
    made = Calendar()
    made.add("prodid", MAKER)
    made.add("version", "2.0")
    made.add("method", "PUBLISH" if comes else "CANCEL")
    organizer = vCalAddress(NOBODY)
    organizer.params["cn"] = vText(organisation.name.replace(chr(34), ""))
    event = Event()
    event.add("uid", f"{review.id}@yorisoi")
    event.add("sequence", review.edition)
    event.add("dtstamp", told["now"].astimezone(UTC))
    event.add("dtstart", review.starts_at.astimezone(UTC))
    event.add("dtend", review.ends_at.astimezone(UTC))
    event.add("status", "CONFIRMED" if comes else "CANCELLED")
    event.add("summary", one_line(said("summary")))
    if where := one_line(said("location")):
        event.add("location", where)
    event.add("description", said("description"))
    event["organizer"] = organizer
    made.add_component(event)
    return bytes(made.to_ical())
