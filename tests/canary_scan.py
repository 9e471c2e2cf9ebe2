"""Everything that left the desk, and everything it keeps, read for what was planted: where it stands, and before whom."""

import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from openpyxl import load_workbook
from pypdf import PdfReader

from handlers.wording import HINTS, KEEP, MORE, REST
from tests.canary_life import Life
from tests.canary_words import planted
from tests.databases import sqlite_path

OURS = frozenset({KEEP, REST, HINTS, MORE})
Thing = Any


@dataclass(frozen=True, slots=True)
class Output:
    """Something that was put out: `where`, before `whom` (a member, a channel, or nobody in particular), and its words."""

    where: str
    whom: str
    text: str


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """A canary that stands in an output."""

    where: str
    whom: str
    place: str
    kind: str


def hits(outputs: Iterable[Output]) -> set[Hit]:
    """Which canaries stand where: also with a line broken within, without its dashes, and as addresses are written."""
    forms = [(place, kind, tuple(_forms(canary))) for (place, kind), canary in planted().items()]
    whole: dict[tuple[str, str], set[str]] = {}
    for each in outputs:
        whole.setdefault((each.where, each.whom), set()).add(each.text)
    found = set()
    for (where, whom), texts in whole.items():
        text = _bare("\0".join(sorted(texts)))
        found |= {
            Hit(where, whom, place, kind) for place, kind, canary in forms if any(x in text for x in canary)
        }
    return found


def _bare(text: str) -> str:
    return re.sub(r"[\s-]", "", text)


def _forms(canary: str) -> Iterator[str]:
    yield _bare(canary)
    yield _bare(quote(canary))
    if (escaped := json.dumps(canary)[1:-1]) != canary:
        yield _bare(escaped)


def words(thing: Thing) -> Iterator[str]:
    """All that stands in a payload, also in JSON written as text: names and values, shown or not."""
    if isinstance(thing, dict):
        for name, part in thing.items():
            yield str(name)
            yield from words(part)
    elif isinstance(thing, list):
        for part in thing:
            yield from words(part)
    elif isinstance(thing, str) and thing[:1] in {"{", "["}:
        try:
            yield from words(json.loads(thing))
        except ValueError:
            yield thing
    elif thing is not None:
        yield str(thing)


def _text(thing: Thing) -> str:
    return "\n".join(words(thing))


# What went over the wire


def sent(life: Life) -> Iterator[Output]:
    """Every payload the workspace received: messages, Homes, windows; of windows the boxes that ask about words apart."""
    windows = _Windows(life.traffic)
    for row in life.traffic:
        method, request, response = str(row["method"]), row["request"], row["response"]
        if row["direction"] == "slack→bot":
            if response:
                yield from _shown(_by(request), response)
        elif method == "views.publish":
            yield Output("home", request["user_id"], _text(request))
        elif method.startswith("views."):
            yield from _shown(windows.whose(request, response), request)
        elif method == "chat.postEphemeral":
            yield Output("message", request["user"], _text(request))
        else:
            yield Output("message", _addressed(request), _text(request))


def windows(life: Life) -> Iterator[dict[str, Thing]]:
    """Every window that was drawn."""
    for row in life.traffic:
        told = row["request"] if row["direction"] == "bot→slack" else row["response"]
        view = told.get("view") if isinstance(told, dict) else None
        if view and view.get("type") == "modal":
            yield view


def _shown(whom: str, thing: dict[str, Thing]) -> Iterator[Output]:
    """A window, without and with what is asked about words in it."""
    boxes: list[Thing] = []
    yield Output("window", whom, _text(_without(thing, boxes)))
    if boxes:
        yield Output("boxes", whom, _text(boxes))


def _without(thing: Thing, boxes: list[Thing]) -> Thing:
    if isinstance(thing, dict):
        return {name: _without(part, boxes) for name, part in thing.items()}
    if isinstance(thing, list):
        mine = [each for each in thing if isinstance(each, dict) and _name(each) in OURS]
        boxes += mine
        return [_without(each, boxes) for each in thing if each not in mine]
    return thing


def _name(block: dict[str, Thing]) -> str:
    return str(block.get("block_id", "")).partition("~")[0]


def _by(request: dict[str, Thing]) -> str:
    """Who did what Slack tells the bot."""
    payload = request.get("payload") or {}
    user = payload.get("user") or payload.get("user_id") or ""
    return str(user["id"] if isinstance(user, dict) else user)


def _addressed(request: Thing) -> str:
    told = request if isinstance(request, dict) else {}
    return _whom(str(told.get("channel") or told.get("channel_id") or ""))


def _whom(channel: str) -> str:
    """A direct message is its reader's."""
    return channel.replace("D_", "U_", 1) if channel.startswith("D_") else channel


class _Windows:
    """Before whom a window stands: whose trigger opened it."""

    def __init__(self, traffic: Iterable[dict[str, Thing]]) -> None:
        rows = list(traffic)
        told = [
            row["request"]
            for row in rows
            if row["direction"] == "slack→bot" and isinstance(row["request"], dict)
        ]
        self._triggers = {str((each.get("payload") or {}).get("trigger_id")): _by(each) for each in told}
        self._views: dict[str, str] = {}
        for each in told:
            view = (each.get("payload") or {}).get("view")
            if view:
                self._views[view["id"]] = _by(each)
        for row in rows:
            if row["method"] in {"views.open", "views.push"} and (row["response"] or {}).get("ok"):
                self._views[row["response"]["view"]["id"]] = self._triggers.get(
                    row["request"]["trigger_id"], "?"
                )

    def whose(self, request: dict[str, Thing], response: dict[str, Thing] | None) -> str:
        """Who sees it; "?" where it cannot be told."""
        trigger = request.get("trigger_id")
        return (
            self._triggers.get(str(trigger), "?")
            if trigger
            else self._views.get(str(request.get("view_id")), "?")
        )


# Files


def files(life: Life) -> Iterator[Output]:
    """Every file that was shared, as its reader's program reads it."""
    for file in life.desk.workspace.world.files.values():
        where = f"file .{file.name.rpartition('.')[2]}"
        whom = _whom(file.channels[0]) if file.channels else ""
        yield Output("message", whom, f"{file.name}\n{file.title}")
        yield Output(where, whom, read(file.name, file.body))


def read(name: str, body: bytes) -> str:
    """The words of a file."""
    if name.endswith(".pdf"):
        reader = PdfReader(io.BytesIO(body))
        return "\n".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
    if name.endswith(".xlsx"):
        book = load_workbook(io.BytesIO(body))
        cells = (str(cell) for page in book for row in page.values for cell in row if cell is not None)
        return "\n".join([*book.sheetnames, *cells, str(book.properties)])
    return body.decode("utf-8-sig").replace("\r\n ", "")  # a calendar folds its lines


# What is kept


async def kept(life: Life) -> list[Output]:
    """Every word the desk keeps about anybody, opened."""
    found: list[tuple[str, Thing]] = []
    async with life.desk.db.reading() as ask:
        for row in await ask.connection.rows("SELECT id FROM consultations", {}):
            found += [("words", each.text) for each in await ask.casework.words_of(row["id"])]
            for form in await ask.casework.drafts_of(row["id"]):
                found.append(("draft", (await ask.casework.draft_of(row["id"], form)).answers))
        for row in await ask.connection.rows("SELECT id FROM consultations WHERE expired_at IS NULL", {}):
            found += [("review", each) for each in await _of_reviews(ask, row["id"])]
            found += [("package", each) for each in await _of_packages(ask, row["id"])]
        for row in await ask.connection.rows("SELECT training, attendee FROM feedback_drafts", {}):
            found.append(("draft", await ask.feedback.draft_of(row["training"], row["attendee"])))
        for table in ("records", "precedents", "record_reviews"):
            found += [(table, each) for each in await ask.connection.rows(f"SELECT * FROM {table}", {})]
        for row in await ask.connection.rows("SELECT id FROM trainings", {}):
            for each in await ask.meetings.of_training(row["id"]):
                found.append(("question", [each.text, each.answer]))
            found += [("feedback", each.words) for each in await ask.feedback.of_training(row["id"])]
            for part in await ask.participations.of_training(row["id"]):
                found.append(("seat", await ask.participations.answers(part)))
    return [Output(where, "", _text(json.loads(json.dumps(each, default=str)))) for where, each in found]


async def _of_reviews(ask: Any, consultation: str) -> list[Thing]:
    """What was asked and answered about meeting, and the papers of it."""
    found: list[Thing] = []
    sql = "SELECT id FROM reviews WHERE consultation = :c"
    for row in await ask.connection.rows(sql, {"c": consultation}):
        review, papers = await ask.reviews.get(row["id"]), ask.review_papers
        found += [
            review.plan.question,
            review.plan.place,
            [each.note for each in await ask.reviews.answers(review)],
        ]
        brief, notes, advice = (
            await papers.brief(review),
            await papers.notes(review),
            await papers.advice(review),
        )
        found += [dict(brief.words) if brief else "", advice.text if advice else ""]
        found += [[asdict(each) for each in notes.issues], notes.dissent] if notes else []
        found += [each.text for each in await papers.tasks(review)]
    return found


async def _of_packages(ask: Any, consultation: str) -> list[Thing]:
    """The sheets, what was said to them, and what the offices call themselves."""
    found: list[Thing] = [each.office for each in (await ask.handovers.receivers_of(consultation)).values()]
    for each in await ask.handovers.packages_of(consultation):
        if each.sent_at is not None:
            found += [await ask.handovers.content(each), await ask.handovers.reply(each)]
    return found


async def stored(life: Life, backups: Path | None = None) -> list[Output]:
    """The bytes of the file of the database and of its log, or all rows of all tables; the backups and what lies by them."""
    beside = backups.rglob("*") if backups else ()
    found = [Output("backup", "", text) for each in beside if each.is_file() for text in _opened(each)]
    if life.desk.url.startswith("sqlite"):
        path = sqlite_path(life.desk.url)
        lying = path.parent.glob(f"{path.name}*")
        return found + [Output("database", "", text) for each in lying for text in _opened(each)]
    tables = await life.desk.rows("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    for each in tables:
        rows = await life.desk.rows(f'SELECT * FROM "{each["tablename"]}"')
        found.append(Output("database", "", _text(json.loads(json.dumps(rows, default=_readable)))))
    return found


def _readable(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _opened(file: Path) -> Iterator[str]:
    """A file as text: its bytes, and a paper as it reads."""
    content = file.read_bytes()
    if file.suffix == ".pdf":
        yield read(file.name, content)
    yield content.decode("utf-8", "ignore")
