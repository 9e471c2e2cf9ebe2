"""The code lists: what can be chosen, as data with labels, sources and dates. One JSON file is one list.

A record keeps the code and the `VERSION` it was made with; a label is looked up when it is shown, so
an entry that is not offered any more still has its words.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

VERSION = "2026.1"
FOLDER = Path(__file__).parent


class NoSuchCode(LookupError):
    """There is no such list, or no such entry on it."""


@dataclass(frozen=True, slots=True)
class Code:
    """One entry. `more` holds what only this list knows, such as a municipality's region."""

    code: str
    label: str
    sort: int
    definition: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    more: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), hash=False)


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list of codes with where it comes from and when it is in use (`valid_to` included)."""

    name: str
    title: str
    version: str
    source: Mapping[str, Any] = field(hash=False)
    valid_from: date
    valid_to: date | None
    codes: Mapping[str, Code] = field(hash=False)
    more: Mapping[str, Any] = field(hash=False)

    def __contains__(self, code: object) -> bool:
        return code in self.codes

    def label(self, code: str) -> str:
        """The Japanese label. Raises `NoSuchCode`."""
        return self.get(code).label

    def get(self, code: str) -> Code:
        """The entry. Raises `NoSuchCode`."""
        try:
            return self.codes[code]
        except KeyError:
            raise NoSuchCode(f"{self.name}: {code}") from None

    def options(self, on: date | None = None) -> tuple[Code, ...]:
        """What may be chosen on this day, in order; without a day, what has no end yet."""
        entries = sorted(self.codes.values(), key=lambda entry: entry.sort)
        return tuple(entry for entry in entries if _in_use(entry.valid_from, entry.valid_to, on))


def load(name: str) -> CodeList:
    """The list of this name. Raises `NoSuchCode`."""
    return _load(name)


def label(name: str, code: str) -> str:
    """The Japanese label of an entry. Raises `NoSuchCode`."""
    return load(name).label(code)


def options(name: str, on: date | None = None) -> tuple[Code, ...]:
    """What may be chosen from a list on this day, in order."""
    return load(name).options(on)


def names() -> tuple[str, ...]:
    """Every list there is."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


def read(path: Path) -> CodeList:
    """A list from a file of the same shape, such as another prefecture's municipalities.

    Raises `OSError`, and `ValueError` or `KeyError` where the file is not such a list.
    """
    data = json.loads(path.read_text(encoding="utf-8"))
    entries = [_code(item) for item in data.pop("items")]
    codes = {entry.code: entry for entry in entries}
    if len(codes) != len(entries):
        raise ValueError("a code stands twice")
    return CodeList(
        name=path.stem,
        title=data.pop("title"),
        version=data.pop("version"),
        source=data.pop("source"),
        valid_from=date.fromisoformat(data.pop("valid_from")),
        valid_to=_day(data.pop("valid_to")),
        codes=MappingProxyType(codes),
        more=MappingProxyType(data),
    )


@lru_cache(maxsize=256)
def _load(name: str) -> CodeList:
    path = FOLDER / f"{name}.json"
    if path.parent != FOLDER or not path.is_file():
        raise NoSuchCode(name)
    return read(path)


def _code(item: dict[str, Any]) -> Code:
    known = {"code", "label", "sort", "definition", "valid_from", "valid_to"}
    return Code(
        code=item["code"],
        label=item["label"],
        sort=item["sort"],
        definition=item.get("definition", ""),
        valid_from=_day(item.get("valid_from")),
        valid_to=_day(item.get("valid_to")),
        more=MappingProxyType({key: value for key, value in item.items() if key not in known}),
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _in_use(since: date | None, until: date | None, on: date | None) -> bool:
    if on is None:
        return until is None
    return (since is None or since <= on) and (until is None or on <= until)
