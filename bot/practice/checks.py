"""Small checks from which the shapes of Block Kit are put together.

A check takes a value, the pointer to it and the list of problems, and adds what is wrong in Slack's manner.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Problems = list[str]
Check = Callable[[Any, str, Problems], None]
DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII)
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


def wrong(problems: Problems, what: str, pointer: str) -> None:
    """Add a problem, with the place it is at."""
    problems.append(f"{what} [json-pointer:{pointer}]")


def string(most: int, least: int = 0, pattern: re.Pattern[str] | None = None) -> Check:
    """Text of so many characters."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, str):
            wrong(problems, "must be a string", pointer)
        elif len(value) > most:
            wrong(problems, f"must be less than {most + 1} characters", pointer)
        elif len(value) < least:
            wrong(problems, f"must be more than {least - 1} characters", pointer)
        elif pattern and not pattern.fullmatch(value):
            wrong(problems, "must match the required format", pointer)

    return check


def boolean(value: Any, pointer: str, problems: Problems) -> None:
    """Yes or no."""
    if not isinstance(value, bool):
        wrong(problems, "must be a boolean", pointer)


def number(value: Any, pointer: str, problems: Problems) -> None:
    """Any number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        wrong(problems, "must be a number", pointer)


def integer(least: int, most: int) -> Check:
    """A whole number within bounds."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            wrong(problems, "must be an integer", pointer)
        elif value > most:
            wrong(problems, f"must be less than {most + 1}", pointer)
        elif value < least:
            wrong(problems, f"must be more than {least - 1}", pointer)

    return check


def one_of(*allowed: str) -> Check:
    """One of a few words."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if value not in allowed:
            wrong(problems, f"must be a valid enum value ({', '.join(allowed)})", pointer)

    return check


def listed(item: Check, most: int, least: int = 1) -> Check:
    """So many of something."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, list):
            wrong(problems, "must be an array", pointer)
            return
        if len(value) > most:
            wrong(problems, f"no more than {most} items allowed", pointer)
        if len(value) < least:
            wrong(problems, f"no fewer than {least} items required", pointer)
        for index, entry in enumerate(value[: most + 1]):
            item(entry, f"{pointer}/{index}", problems)

    return check


def anything(_value: Any, _pointer: str, _problems: Problems) -> None:
    """Taken as it is."""


def obj(fields: dict[str, Check], *required: str) -> Check:
    """An object with these fields and no others."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            wrong(problems, "must be an object", pointer)
            return
        check_fields(value, fields, required, pointer, problems)

    return check


def check_fields(
    value: dict[str, Any],
    fields: dict[str, Check],
    required: tuple[str, ...],
    pointer: str,
    problems: Problems,
) -> None:
    """Every field known and right, none missing. A field that is null counts as absent."""
    for name in required:
        if value.get(name) is None:
            wrong(problems, f"missing required field: {name}", pointer)
    for name, content in value.items():
        check = fields.get(name)
        if check is None:
            wrong(problems, f"invalid additional property: {name}", pointer)
        elif content is not None:
            check(content, f"{pointer}/{name}", problems)


@dataclass(frozen=True)
class Shape:
    """What may stand in an object of one `type`. `also`: rules across fields."""

    fields: dict[str, Check]
    required: tuple[str, ...] = ()
    surfaces: tuple[str, ...] = ("message", "modal", "home")
    also: tuple[Check, ...] = field(default=())


def typed(shapes: dict[str, Shape], allowed: frozenset[str], everywhere: dict[str, Check]) -> Check:
    """An object whose `type` says its shape."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            wrong(problems, "must be an object", pointer)
            return
        kind = value.get("type")
        if not isinstance(kind, str) or kind not in allowed or kind not in shapes:
            wrong(problems, f"unsupported type: {kind}", f"{pointer}/type")
            return
        shape, before = shapes[kind], len(problems)
        fields = {**everywhere, **shape.fields, "type": anything}
        check_fields(value, fields, shape.required, pointer, problems)
        for rule in shape.also if len(problems) == before else ():
            rule(value, pointer, problems)

    return check


def text(most: int, *, plain: bool = False, least: int = 1) -> Check:
    """A text object; `plain`: no mrkdwn here."""
    kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
    fields = {"type": one_of(*kinds), "text": string(most, least), "emoji": boolean, "verbatim": boolean}
    return obj(fields, "type", "text")
