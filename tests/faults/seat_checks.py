"""What is wrong with the seats of a training: by the rules alone, and against the book."""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.training import Training
from bot.store.rows import instant
from tests.faults.book import HOLDING, Book

FORMATS = ("onsite", "online")

Row = dict[str, Any]


@dataclass
class Life:
    """One training, as the desk has it and as the book has it."""

    training: Training
    book: Book
    ids: dict[str, str] = field(default_factory=dict)  # person → participation
    before: dict[str, Row] = field(default_factory=dict)  # participation → its row after the act before


def beyond_the_rules(life: Life, rows: list[Row], now: datetime) -> list[str]:
    """What must never be, said from the rows alone."""
    wrong, book = [], life.book
    open_ = book.stage == "announced" and now < book.starts
    for format_, seats_ in book.seats.items():
        here = [row for row in rows if row["format"] == format_ and not row["walk_in"]]
        held = sum(row["status"] in HOLDING for row in here)
        waits = [row for row in here if row["status"] == "waitlisted"]
        if seats_ and held > seats_:
            wrong.append(f"{held} people on {seats_} seats ({format_})")
        if open_ and waits and (not seats_ or held < seats_):
            wrong.append(f"{len(waits)} wait beside a free seat ({format_})")
        wrong += [
            f"turn {row['turn']} is overtaken by turn {other['turn']}"
            for row in waits
            if (was := life.before.get(row["id"]))
            and was["status"] == "waitlisted"
            and was["format"] == format_
            for other in here
            if other["status"] in HOLDING and other["turn"] > row["turn"]
            if (then := life.before.get(other["id"])) is None or then["status"] not in HOLDING
        ]
    turns = [row["turn"] for row in rows if row["turn"]]
    return wrong + (["a turn was given twice"] if len(turns) != len(set(turns)) else [])


def against_the_book(life: Life, rows: list[Row]) -> list[str]:
    """Where somebody has something else than the book says."""
    wrong, book = [], life.book
    found = {row["id"]: row for row in rows}
    for who, line in book.lines.items():
        row = found.pop(life.ids.get(who, ""), None)
        has = row and (row["format"], row["status"], row["offer_expires_at"])
        should = (line.format, line.state, line.until and instant(line.until))
        if has != should:
            wrong.append(f"{who} has {has}, should have {should}")
    wrong += [f"nobody knows {part}" for part in found]
    for format_ in FORMATS:
        queue = [who for who in book.waiting(format_) if who in life.ids]
        turns = [next(row["turn"] for row in rows if row["id"] == life.ids[who]) for who in queue]
        if turns != sorted(turns):
            wrong.append(f"the queue for {format_} stands in another order: {queue} {turns}")
    return wrong


def fact(row: Row, name: str, column: str = "facts") -> str | None:
    """One fact of a row, if it has it."""
    return json.loads(row[column]).get(name)


def apart(what: str, real: Counter[Any], should: Counter[Any]) -> list[str]:
    """Where what was said differs from the book."""
    return [f"{what} too many: {each} x{n}" for each, n in (real - should).items()] + [
        f"{what} missing: {each} x{n}" for each, n in (should - real).items()
    ]
