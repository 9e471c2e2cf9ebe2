"""The roster on A4: a line for each person, with room to sign; the head of the table again on every page."""

from dataclasses import asdict, replace

from bot.reports.facts import RosterFacts, RosterRow
from bot.reports.press import PAGE_WIDTH, Box, Press
from bot.reports.sheet import BODY, LABEL, LINE, SMALL, SOFT, TITLE, WARM, Sheet, Style
from bot.reports.words import Words, in_tokyo, one_line

EDGE = 13.0  # millimetres left and right
# What stands in a line, and how wide it is in millimetres; the rest is for the signature.
COLUMNS = {"number": 9.2, "who": 35.0, "agency": 40.0, "place": 22.0, "state": 25.0, "needs": 24.0}
PADDING = 1.2
LEAST = 11.5  # millimetres: a hand can sign there
CELL = replace(BODY, size=9, leading=1.4)
NAME = replace(BODY, size=11, leading=1.35)
HEAD = replace(LABEL, size=8.5, leading=1.4)
NEEDS = 120  # letters on paper; the table holds all


def roster(facts: RosterFacts) -> bytes:
    """As many A4 pages as it takes, as PDF; the same facts give the same bytes."""
    given = asdict(facts) | {name: one_line(getattr(facts, name)) for name in ("title", "place")}
    given["sessions"] = [(in_tokyo(starts), in_tokyo(ends)) for starts, ends in facts.sessions]
    words = Words("roster", given)
    press = Press(words("file_title"), in_tokyo(facts.made_at))
    sheet = Sheet(press.faces)
    sheet.left, sheet.width = EDGE, PAGE_WIDTH - 2 * EDGE
    _head(sheet, words)
    _heads(sheet, words)
    for row in facts.rows:
        _line(sheet, words, row)
    if not facts.rows:
        sheet.gap(4)
        sheet.write(words("nobody"))
    return press.printed(sheet.numbered(words.page))


def _head(sheet: Sheet, words: Words) -> None:
    sheet.write(words("title"), replace(TITLE, size=20))
    sheet.write(words("training"), replace(BODY, size=13, leading=1.5))
    sheet.write(words("days"), replace(BODY, size=10.5, leading=1.5))
    if words("place"):
        sheet.write(words("place"), replace(BODY, size=10.5, leading=1.5))
    sheet.write(f"{words('count')}　{words('kept')}", replace(SMALL, size=9, even=False))
    sheet.gap(2)


def _heads(sheet: Sheet, words: Words) -> None:
    sheet.rule(WARM, 0.5)
    sheet.gap(0.8)
    names = (
        "column_number",
        "head_who",
        "head_agency",
        "head_place",
        "head_state",
        "head_needs",
        "head_sign",
    )
    _cells(sheet, [(words(name), HEAD) for name in names])
    sheet.gap(0.8)
    sheet.rule(SOFT, 0.25)


def _line(sheet: Sheet, words: Words, row: RosterRow) -> None:
    marks = [words("mark", n=n, mark=mark) for n, mark in enumerate(row.marks, 1) if mark]
    walk_in = row.state if row.state == words("walk_in") else ""
    cells = [
        (str(row.number), CELL),
        (one_line(row.name), NAME),
        (_two(row.agency, row.occupation), CELL),
        (_two(row.municipality, row.field), CELL),
        (_two(row.format, walk_in, *marks), replace(CELL, size=8)),
        (_short(one_line(row.needs)), replace(CELL, size=8)),
    ]
    tall = max(LEAST, *(_height(sheet, n, *each) for n, each in enumerate(cells))) + 2 * PADDING
    if sheet.need(tall):
        _heads(sheet, words)
    top = sheet.y
    sheet.y += PADDING
    _cells(sheet, cells)
    sheet.y = top + tall
    sheet.rule(LINE, 0.25)
    left, _ = _column(sheet, len(COLUMNS))
    sheet.pages[-1].append(Box(sheet.left + left - PADDING, top, 0.25, tall, LINE))


def _two(*lines: str) -> str:
    return "\n".join(one_line(each) for each in lines if each)


def _short(text: str) -> str:
    return text if len(text) <= NEEDS else text[: NEEDS - 1] + "…"


def _column(sheet: Sheet, at: int) -> tuple[float, float]:
    """How far a column is set in from the left and from the right."""
    widths = [*COLUMNS.values()]
    left = sum(widths[:at])
    width = widths[at] if at < len(widths) else sheet.width - left
    return left + PADDING, sheet.width - left - width + PADDING


def _height(sheet: Sheet, at: int, text: str, style: Style) -> float:
    with sheet.inset(*_column(sheet, at)):
        return sheet.height(lambda on: on.write(text, style))


def _cells(sheet: Sheet, cells: list[tuple[str, Style]]) -> None:
    """Each in its column, from one line on; afterwards below the tallest."""
    top, lowest = sheet.y, sheet.y
    for at, (text, style) in enumerate(cells):
        with sheet.inset(*_column(sheet, at)):
            sheet.y = top
            sheet.write(text, style)
            lowest = max(lowest, sheet.y)
    sheet.y = lowest
