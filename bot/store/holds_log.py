"""Beside the backups: what is held back from being destroyed, so that no older backup lets it go. It names nobody.

A line is the moment, the mark of what is held back, and the reason, a code; `-` instead of the reason: it is no more.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.store.rows import instant

NAME = "holds.log"
_LINE = re.compile(r"(\S+) ([0-9a-f]{32}) (\w+|-)")


@dataclass(frozen=True, slots=True)
class Held:
    """Something was held back for a reason, or (None) is so no more. `name`: its mark."""

    at: datetime
    name: str
    reason: str | None

    @property
    def line(self) -> str:
        return f"{instant(self.at)} {self.name} {self.reason or '-'}"


def latest(folder: Path) -> dict[str, str | None]:
    """Give for each mark that is noted here the reason why it is held back; None: it is no more. Raises OSError."""
    told = sorted(found.groups() for each in _lines(folder) if (found := _LINE.fullmatch(each)))
    return {name: None if reason == "-" else reason for _, name, reason in told}


def add(folder: Path, held: Iterable[Held]) -> None:
    """Note what is not noted yet, on the disk when this returns. Raises OSError."""
    known = set(_lines(folder))
    new = [each.line for each in held if each.line not in known]
    if not new:
        return
    handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "a", encoding="ascii") as file:
        file.write("\n" + "\n".join(new) + "\n")  # whoever wrote it last may have been stopped in the middle
        file.flush()
        os.fsync(file.fileno())


def _lines(folder: Path) -> list[str]:
    try:
        return (folder / NAME).read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return []
