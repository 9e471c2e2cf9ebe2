"""Everything the bot can show, drawn once, and what stands on it."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from bot.surfaces import everything

Surface = dict[str, Any]
MENTION = re.compile(r"<(@[UW]|#[CG])[A-Z0-9_]+>")


@cache
def surfaces() -> tuple[Surface, ...]:
    return tuple(everything())


def of(case: str) -> list[Surface]:
    return [each for each in surfaces() if each["case"] == case]


def walk(thing: Any) -> Iterator[dict[str, Any]]:
    """Every object in a payload, from the outside in."""
    if isinstance(thing, dict):
        yield thing
        for each in thing.values():
            yield from walk(each)
    elif isinstance(thing, list):
        for each in thing:
            yield from walk(each)


def words(surface: Surface, *kinds: str) -> list[str]:
    """Every text a person reads there."""
    told = [each["text"] for each in walk(surface["payload"]) if each.get("type") in kinds]
    return told + ([surface["payload"]["text"]] if surface["kind"] == "message" else [])
