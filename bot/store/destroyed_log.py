"""Beside the backups: what was destroyed since, one line each, never taken back. It names nothing a stranger could read.

A line is the moment and the mark of what was destroyed: only who has the keys can tell it, or make one. Whatever is noted here is destroyed again where a backup
brings it back.
"""

import contextlib
import os
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from bot.store.destructions import Mark
from bot.store.rows import instant

NAME = "destroyed.log"
_LINE = re.compile(r"(\S+) ([0-9a-f]{32})")


def read(folder: Path) -> frozenset[str]:
    """Give the marks that are noted in this folder. A line that was cut off in the middle counts for nothing."""
    return frozenset(name for _, name in _lines(folder))


def newest(folder: Path) -> datetime | None:
    """When something was last noted in this folder, or None. Raises OSError."""
    moments = []
    for at, _ in _lines(folder):
        with contextlib.suppress(ValueError):
            moments.append(datetime.fromisoformat(at).astimezone(UTC))
    return max(moments, default=None)


def _lines(folder: Path) -> list[tuple[str, str]]:
    try:
        lines = (folder / NAME).read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    return [(found[1], found[2]) for line in lines if (found := _LINE.fullmatch(line))]


def add(folder: Path, marks: Iterable[Mark]) -> int:
    """Note those that are not noted yet, on the disk when this returns. Gives how many."""
    path = folder / NAME
    known = read(folder)
    new = [f"{instant(mark.at)} {mark.name}\n" for mark in marks if mark.name not in known]
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "r+b") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(0, end - 1))
        torn = end > 0 and file.read(1) != b"\n"  # whoever wrote it last was stopped in the middle
        file.write((("\n" if torn else "") + "".join(new)).encode())
        file.flush()
        os.fsync(file.fileno())
    return len(new)
