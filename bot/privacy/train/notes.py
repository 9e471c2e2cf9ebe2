"""Notes by other hands, with what is in them marked by hand: `[[PERSON|中川]]さんより電話`. Learnt again and again with
other people in them, so that the place is learnt and not the name.
"""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from bot.privacy.anonymizer.model import CLASSES
from bot.privacy.train.lists import LISTS
from bot.privacy.train.people import Cast
from bot.privacy.train.sentences import HELD_OUT, Marked, Spans

NOTES = Path(__file__).with_name("notes")
MARK = re.compile(r"\[\[([A-Z_]+)\|(.+?)\]\]", re.DOTALL)
HIRAGANA = re.compile("[ぁ-ゖー]+$")
KATAKANA = re.compile("[ァ-ヺー]+$")
KANJI = re.compile("[一-\u9fff々]{1,4}$")
CALLED = {"ADDRESS": "PLACE"}


def marked(cast: Cast | None, times: int, *, held_out: bool = False) -> Iterator[Marked]:
    """Every note as it was written, then `times` over with other people and houses; one in eight is held out."""
    lines = [
        line.replace("\\n", "\n")
        for path in sorted(NOTES.glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line and (zlib.crc32(line.encode()) % HELD_OUT == 0) == held_out
    ]
    for line in lines:
        yield read(line, None)
    for _ in range(times if cast else 0):
        for line in lines:
            yield read(line, cast)


def read(line: str, cast: Cast | None) -> Marked:
    """One note; with a cast, with other names in the places of those it tells."""
    text, at, spans = "", 0, Spans()
    others: dict[str, str] = {}
    for mark in MARK.finditer(line):
        text += line[at : mark.start()]
        label, said = CALLED.get(mark[1], mark[1]), mark[2]
        if cast:
            said = others.setdefault(said, _other(said, label, cast))
        if label in CLASSES:
            spans.append((len(text), len(text) + len(said), label))
        text, at = text + said, mark.end()
    return Marked(text + line[at:], tuple(spans))


def _other(name: str, label: str, cast: Cast) -> str:
    """Somebody else's name, written as this one is; names in a writing of their own stay."""
    if label == "FACILITY":
        return _house(name, cast)
    if label == "ORG":
        return cast.firm() if cast.random.random() < 0.7 else name
    if label == "PLACE":
        short = len(name) <= 4 and not any(char.isdigit() for char in name)
        return (cast.place() if short else cast.address()) if cast.random.random() < 0.7 else name
    if label != "PERSON":
        return name
    if (HIRAGANA.match(name) or KATAKANA.match(name)) and len(name) <= 4:
        return cast.kana()
    if KANJI.match(name):
        return cast.person() if len(name) > 2 else cast.random.choice((cast.surname, cast.first))()
    return name


def _house(name: str, cast: Cast) -> str:
    """A house called as this one is: with its type, or by its name alone."""
    if cast.random.random() < 0.3:
        return name
    if any(name.endswith(end) for end in LISTS["schools"] if len(end) > 1):
        return cast.school()
    typed = any(
        name.endswith(end) or name.startswith(end)
        for end in (*LISTS["facility_ends"], *LISTS["facility_starts"])
    )
    return cast.facility() if typed else cast.nickname_of_house()
