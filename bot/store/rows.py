"""Frozen dataclasses to rows and back, by their field types, for every noun alike.

Instants become ISO 8601 UTC text, days ISO text, tuples and dicts JSON text, truth 0 or 1, codes themselves.
"""

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
Codec = Callable[[Any], Any]


def encode(thing: Any) -> dict[str, Any]:
    """Give the columns of a dataclass."""
    return {name: to(getattr(thing, name)) for name, to, _ in _columns(cast("Any", type(thing)))}


def decode(kind: type[T], row: Mapping[str, Any]) -> T:
    """Make the dataclass from a row that has at least its columns."""
    return kind(**{name: back(row[name]) for name, _, back in _columns(cast("Any", kind))})


@cache
def _columns(kind: type) -> tuple[tuple[str, Codec, Codec], ...]:
    hints = get_type_hints(kind)
    return tuple((each.name, *_codec(hints[each.name])) for each in fields(kind))


def _codec(hint: Any) -> tuple[Codec, Codec]:
    if get_origin(hint) in (Union, types.UnionType):
        (inner,) = (each for each in get_args(hint) if each is not type(None))
        to, back = _codec(inner)
        return (lambda v: None if v is None else to(v)), (lambda v: None if v is None else back(v))
    if get_origin(hint) is tuple:
        return _list_text, _list_read
    if get_origin(hint) is dict:
        return (lambda v: json.dumps(v, ensure_ascii=False)), json.loads
    if hint is datetime:
        return instant, datetime.fromisoformat
    if hint is date:
        return date.isoformat, date.fromisoformat
    if hint is bool:
        return int, bool
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return str, hint
    return _same, _same


def instant(at: datetime) -> str:
    """Write an aware instant as text that sorts: UTC, always with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


# The same few lists of codes stand in row after row, and reading JSON costs more than all the rest of a row.
@lru_cache(4096)
def _list_text(codes: tuple[str, ...]) -> str:
    return json.dumps(codes)


@lru_cache(4096)
def _list_read(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def _same(value: Any) -> Any:
    return value
