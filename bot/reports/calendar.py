"""Files for calendars (RFC 5545): one event for each session of a training. They name nobody but the association.

Instants are written in UTC (`…Z`), without a VTIMEZONE: Japan has no summer time, every program reads UTC alike and shows
its owner's own time, and time zones named Asia/Tokyo are what programs disagree about. An event keeps its UID for good;
SEQUENCE is the edition of the training, so that a newer file replaces an older one wherever both are opened.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from icalendar import Calendar, Event, vCalAddress, vText

from bot import codes
from bot.domain.seats import Place
from bot.domain.training import Session, Stage, Training
from bot.messages import Document, words
from bot.privacy import beside
from bot.privacy.anonymizer import AGENCY, Anonymized, Known, Label, anonymize
from bot.privacy.anonymizer.plain import same
from bot.reports.words import Words, one_line
from bot.store.database import Reading
from bot.store.outbox import OutboxRow

MAKER = "-//Yorisoi//Trainings//JA"
NOBODY = "mailto:noreply@yorisoi.invalid"  # an event that is published or cancelled needs an address; nobody reads it
PUBLIC = ("title", "place", "purpose")
# Where it is, who holds it, when, for whom: that is what a calendar is for.
KEPT = frozenset({Label.FACILITY, Label.ORG, Label.ADDRESS, Label.DATE, Label.AGE})
_BETWEEN_NAMES = re.compile(r"[、,，;；/／\n()（）「」・:：]|と(?=\s)")
_HONOUR = re.compile("(?:先生|氏|さん|さま|様)$")
_TITLE = re.compile(
    "(?:教授|講師|医師|科医|福祉士|看護師|保健師|専門員|支援員|相談員|心理士|心理師|療法士|弁護士|書士|所長|部長|課長|係長|センター長|施設長|理事長?|会長|園長|院長|校長|代表|主任|担当|職員|研究員)$"
)
_ROUNDS = 4


def calendar(
    training: Training,
    removed: Sequence[Session] = (),
    *,
    confirmed: bool,
    name: str,
    now: datetime,
    format_: str | None = None,
    public: Mapping[str, str] | None = None,
) -> bytes:
    """Make the file for somebody who takes part. UTF-8, lines ended by CRLF and folded.

    `confirmed`: they have a seat; who has none any more is given what takes the events out (METHOD:CANCEL), and so is
    everybody where the training is off. `removed`: sessions that were announced once. `name`: the association's.
    `format_`: how they take part; None: not said. The online address is in it for those who have a seat. `public`: its
    words as `public_words` read them; None: they are read here.
    """
    over = not confirmed or training.stage is Stage.CANCELLED
    made = Calendar()
    made.add("prodid", MAKER)
    made.add("version", "2.0")
    made.add("method", "CANCEL" if over else "PUBLISH")
    facts = _facts(training, public, over=over, online=format_ == "online")
    numbered = list(enumerate(sorted(training.plan.sessions), 1))
    for number, session in numbered:
        made.add_component(_event(training, session, {**facts, "session": number}, name, now))
    for session in removed:
        gone = {**facts, "session": 0, "sessions": 1, "over": True, "address": ""}
        made.add_component(_event(training, session, gone, name, now))
    return bytes(made.to_ical())


async def paper(ask: Reading, row: OutboxRow, told: dict[str, Any]) -> Document | None:
    """Make the file a row promises, as things stand now; None: there is nothing to put into a calendar."""
    training, part = told["t"], told["p"]
    removed = await ask.trainings.removed_sessions(training.id)
    if part is None or not (training.plan.sessions or removed):
        return None
    content = calendar(
        training,
        removed,
        confirmed=part.status is Place.CONFIRMED,
        name=told["organisation"].name,
        now=ask.now,
        format_=part.format,
        public=await public_words(training),
    )
    title, comment = (words(f"messages/{name}", **told) for name in ("calendar_title", row.template))
    return Document(f"{training.number}.ics", title, content, comment)


def nameless(text: str, known: Iterable[str] = ()) -> str:
    """A text that is for everybody, without those it names: places and associations stay, persons and numbers go.

    `known`: names that go in any case.
    """
    names = tuple(map(Known, known))
    for _ in range(_ROUNDS):
        before, text = text, _without(anonymize(text, names), names)
        if text == before:
            break
    return text


async def public_words(training: Training) -> dict[str, str]:
    """Read what a calendar says in words, as `nameless` would, while everybody else is answered."""
    names = tuple(map(Known, names_of(training.plan.words.get("lecturers", ""))))
    public = {}
    for name in PUBLIC:
        text = _clean(training.plan.words.get(name, ""))
        for _ in range(_ROUNDS):
            before, text = text, _without(await beside.read(text, names), names)
            if text == before:
                break
        public[name] = text
    return public


def _without(seen: Anonymized, names: Iterable[Known]) -> str:
    """The text as it was read, without persons and numbers."""
    surely = {same(each.surface) for each in names}
    text = seen.text
    for span in reversed(seen.spans):
        where = span.label in KEPT or span.token == codes.label("mask_tokens", "url")
        if not where or same(text[span.start : span.end]) in surely:
            text = text[: span.start] + span.token + text[span.end :]
    return text


def names_of(lecturers: str) -> list[str]:
    """Names in the words about who teaches, without their titles and where they come from."""
    found = []
    for each in _BETWEEN_NAMES.split(lecturers):
        called = (_HONOUR.sub("", word) for word in each.split())
        words_ = [word for word in called if word and not _is_no_name(word)]
        found += [" ".join(pair) for pair in pairwise(words_)] if len(words_) > 2 else []
        found.append(" ".join(words_))
    return [each for each in dict.fromkeys(found) if each]


def _is_no_name(word: str) -> bool:
    return bool(_TITLE.search(word)) or (len(word) > 3 and bool(AGENCY.search(word)))


def _facts(
    training: Training, public: Mapping[str, str] | None, *, over: bool, online: bool
) -> dict[str, Any]:
    plan = training.plan
    if public is None:
        known = names_of(plan.words.get("lecturers", ""))
        public = {name: nameless(_clean(plan.words.get(name, "")), known) for name in PUBLIC}
    return {
        **public,
        "title": " ".join(public["title"].split()),
        "kind": codes.label("training_kinds", plan.kind),
        "number": training.number,
        "sessions": len(plan.sessions),
        "address": "" if over else _clean(plan.private.get("online", "")),
        "online": online,
        "over": over,
    }


def _event(training: Training, session: Session, facts: Mapping[str, Any], name: str, now: datetime) -> Event:
    said = Words("calendar", facts)
    organizer = vCalAddress(NOBODY)
    organizer.params["cn"] = vText(_clean(name).replace(chr(34), ""))
    event = Event()
    event.add("uid", f"{session.id}@yorisoi")
    event.add("sequence", training.edition)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", session.starts_at.astimezone(UTC))
    event.add("dtend", session.ends_at.astimezone(UTC))
    event.add("status", "CANCELLED" if facts["over"] else "CONFIRMED")
    event.add("summary", one_line(said("summary")))
    if where := one_line(said("location")):
        event.add("location", where)
    event.add("description", said("description"))
    event["organizer"] = organizer
    return event


def _clean(text: str) -> str:
    """Without what no calendar may hold: control characters but line ends, and halves of characters."""
    return "".join(
        each for each in text if each in "\n\t" or unicodedata.category(each) not in {"Cc", "Cs"}
    ).strip()
