"""The roster and the paper for the door, made when they are sent: from who is on it now, to a table or to A4 paper."""

import asyncio
from dataclasses import asdict
from functools import partial
from typing import Any

from bot.domain.check_in import OPENS, paper_code
from bot.domain.seats import Attendance, Mark
from bot.domain.training import Session, Training
from bot.messages import Document, label, said, words
from bot.reports import workbook
from bot.reports.apart import printed
from bot.reports.facts import DoorFacts, RosterFacts, RosterRow
from bot.reports.words import Words, in_tokyo
from bot.store.database import Reading
from bot.store.outbox import OutboxRow
from bot.usecases.rosters import Row, rows

# The columns before those of the sessions, and how wide each is, in letters.
COLUMNS = {
    "number": 6, "name": 18, "agency": 26, "occupation": 16, "field": 14, "municipality": 10, "format": 12, "state": 12,
    "needs": 30,
}  # fmt: skip
SESSION_WIDTH = 16


async def sheet(ask: Reading, row: OutboxRow, told: dict[str, Any]) -> Document:
    """The roster as a workbook."""
    facts = await _facts(ask, row, told)
    name = f"{facts.number}-roster.xlsx"
    content = await asyncio.to_thread(table, facts)
    return _document(name, content, "messages/roster_sheet_title", "messages/roster_sheet", told)


async def paper(ask: Reading, row: OutboxRow, told: dict[str, Any]) -> Document:
    """The roster on A4, with room to sign."""
    facts = await _facts(ask, row, told)
    name = f"{facts.number}-roster.pdf"
    content = await printed(facts)
    return _document(name, content, "messages/roster_paper_title", "messages/roster_paper", told)


async def door(ask: Reading, row: OutboxRow, told: dict[str, Any]) -> Document:
    """The code at the door, a page for each session."""
    training: Training = told["t"]
    seal = partial(ask.vault.fingerprint, "check_in")
    facts = DoorFacts(
        **_named(told),
        sessions=tuple(
            (each.starts_at, each.ends_at, paper_code(seal, each.id))
            for each in sorted(training.plan.sessions)
        ),
        opens=int(OPENS.total_seconds() // 60),
        made_at=row.created_at,
    )
    name = f"{facts.number}-door.pdf"
    content = await printed(facts)
    return _document(name, content, "messages/check_in_paper_title", "messages/check_in_paper", told)


def table(facts: RosterFacts) -> bytes:
    """A roster as a workbook: a line for each person, a column for each session."""
    say = Words("roster", asdict(facts))
    names = [name for name in COLUMNS if name != "format" or facts.formats]
    columns = [say(f"column_{name}") for name in names]
    columns += [say("column_session", at=in_tokyo(starts)) for starts, _ in facts.sessions]
    lines = [[*(getattr(each, name) for name in names), *each.marks] for each in facts.rows]
    widths = [*(COLUMNS[name] for name in names), *(SESSION_WIDTH for _ in facts.sessions)]
    return workbook.sheet(columns, lines, title=say("file_title"), widths=widths, made_at=facts.made_at)


def _document(filename: str, content: bytes, title: str, comment: str, told: dict[str, Any]) -> Document:
    """A file with its words: `title` and `comment` are templates."""
    return Document(filename, words(title, **told), content, words(comment, **told))


def _named(told: dict[str, Any]) -> dict[str, str]:
    training: Training = told["t"]
    return {
        "desk": told["organisation"].desk_name,
        "number": training.number,
        "kind": label(training.plan.kind, "training_kinds"),
        "title": training.title,
        "place": training.plan.words.get("place", ""),
    }


async def _facts(ask: Reading, row: OutboxRow, told: dict[str, Any]) -> RosterFacts:
    training: Training = told["t"]
    sessions = sorted(training.plan.sessions)
    everybody = await rows(ask, training)
    return RosterFacts(
        **_named(told),
        sessions=tuple((each.starts_at, each.ends_at) for each in sessions),
        rows=tuple(_row(n, each, sessions) for n, each in enumerate(everybody, 1)),
        formats=len(training.plan.seats) > 1,
        made_at=row.created_at,
    )


def _row(number: int, row: Row, sessions: list[Session]) -> RosterRow:
    part = row.part
    say = Words("roster", {})
    return RosterRow(
        number=number,
        name=row.name or say("unnamed"),
        agency=row.agency or label(part.organization_type, "organization_types"),
        occupation=label(part.occupation, "occupations"),
        field=label(part.supporter_field, "supporter_fields"),
        municipality=label(part.municipality, "municipalities"),
        format=label(part.format, "training_formats"),
        state=say("walk_in") if part.walk_in else label(part.status, "participation_statuses"),
        needs=row.needs,
        marks=tuple(_marked(row.marks.get(each.id)) for each in sessions),
    )


def _marked(mark: Mark | None) -> str:
    """How somebody attended: of a part, how long counts; else when it was noted."""
    if mark is None:
        return ""
    if mark.status is Attendance.PARTIAL:
        return Words("roster", {})("partly", minutes=mark.minutes)
    return f"{label(mark.status, 'attendance')} {said(mark.at, 'clock')}"
