"""What hangs at the door, on A4: a code to scan with a telephone, the same code in large letters, and what to do."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import partial
from itertools import groupby

import segno

from bot.reports.facts import DoorFacts
from bot.reports.press import Box, Mark, Press
from bot.reports.sheet import BODY, CREAM, HEADING, INK, LABEL, SMALL, WARM, Sheet, Style, fitted
from bot.reports.words import Words, in_tokyo, one_line

SCALES = (1.0, 0.92, 0.85, 0.78, 0.7)
QR = 78.0  # millimetres, without the quiet zone of four modules around it
CODE = Style("sans", 40, 1.3, INK, tag="H2", align="center")
TITLE = Style("serif", 34, 1.25, tag="H1", align="center")
TRAINING = Style("serif", 17, 1.4, align="center", even=True)
MIDDLE = replace(BODY, align="center")
STEP = replace(BODY, size=13, leading=1.6)


def door(facts: DoorFacts) -> bytes:
    """One page for each session, as PDF; the same facts give the same bytes."""
    given = asdict(facts) | {name: one_line(getattr(facts, name)) for name in ("desk", "title", "place")}
    words = Words("door", given)
    press = Press(words("file_title"), in_tokyo(facts.made_at))
    pages = []
    for starts, ends, code in facts.sessions:
        told = Words("door", given | {"starts": in_tokyo(starts), "ends": in_tokyo(ends)})
        pages += fitted(press.faces, SCALES, partial(_draw, words=told, code=code)).pages
    return press.printed(pages)


def _draw(sheet: Sheet, words: Words, code: str) -> None:
    sheet.write(words("above"), replace(SMALL, align="center"))
    sheet.gap(1)
    sheet.write(words("title"), TITLE)
    sheet.gap(1)
    sheet.write(words("training"), TRAINING)
    sheet.write(words("when"), MIDDLE)
    if words("place"):
        sheet.write(words("place"), MIDDLE)
    sheet.gap(2)
    sheet.rule(WARM, 0.6)
    sheet.gap(3)
    sheet.write(words("welcome"), MIDDLE)
    sheet.gap(5)
    _scanned(sheet, code)
    sheet.gap(3)
    sheet.write(words("code_label"), replace(LABEL, align="center"))
    sheet.write(code, CODE)
    sheet.write(words("valid"), replace(SMALL, align="center"))
    sheet.gap(4)
    for number, step in enumerate(words("steps").split("\n"), 1):
        sheet.items(step, STEP, mark=f"{number}")
        sheet.gap(0.6)
    sheet.gap(3)
    sheet.panel(lambda on: on.write(words("without"), replace(HEADING, size=13)), CREAM, WARM)
    sheet.gap(2)
    sheet.write(words("page"), replace(SMALL, size=9, align="right"))


def _scanned(sheet: Sheet, code: str) -> None:
    """The code as a QR symbol in the middle; it says nothing to a screen reader, the letters beneath do."""
    sheet.need(QR)
    left, top = sheet.left + (sheet.width - QR) / 2, sheet.y
    sheet.pages[-1].extend(_modules(code, left, top))
    sheet.y += QR


def _modules(code: str, left: float, top: float) -> Iterator[Mark]:
    """One rectangle for each run of dark modules."""
    matrix = segno.make(code, error="h", micro=False).matrix
    size = QR / len(matrix)
    for y, row in enumerate(matrix):
        x = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                yield Box(left + x * size, top + y * size, length * size, size + 0.01, (0, 0, 0))
            x += length
