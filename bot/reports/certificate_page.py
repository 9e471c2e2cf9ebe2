"""修了証 as one A4 page: framed, centred, and however long a name or a title is, within the frame."""

from dataclasses import replace
from functools import partial

from bot.reports.facts import CertificateFacts
from bot.reports.press import PAGE_HEIGHT, PAGE_WIDTH, Box, Mark, Press
from bot.reports.sheet import BODY, INK, LINE, SMALL, SOFT, WARM, Sheet, Style, fitted
from bot.reports.words import Words, in_tokyo, one_line

FRAME, INNER = 11.0, 13.2  # millimetres from the edge of the paper
SCALES = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7)
HEAD = Style("serif", 42, 1.3, tag="H1", align="center")
NAME = Style("serif", 26, 1.45, align="center", even=True)
SMALLEST_NAME = 15.0  # points
WORDS = Style("serif", 15, 1.95, align="center", even=True)
FACT = replace(BODY, face="serif", size=13, leading=1.65)
LONG_FACT = 60  # letters of a title beyond which it is set smaller
LABEL_WIDTH = 30.0
A_HAIR = 0.05  # millimetres, so that the last line is not pushed out by rounding
DAY = Style("serif", 13.5, 1.5, align="right")
BY = Style("serif", 17, 1.5, align="right")
VERIFY = replace(SMALL, size=9.5, align="center")
CODES = Style("sans", 11, 1.7, INK, align="center")


def certificate(facts: CertificateFacts) -> bytes:
    """One A4 page as PDF; the same facts give the same bytes. Half a second of work: see `apart`."""
    words = Words("certificate", _said(facts))
    press = Press(words("file_title"), in_tokyo(facts.issued_at))
    sheet = fitted(press.faces, SCALES, partial(_draw, words=words))
    return press.printed([[*_framed(), *page] for page in sheet.pages])


def _draw(sheet: Sheet, words: Words) -> None:
    sheet.gap(8)
    sheet.write(words("number"), replace(SMALL, size=11, align="right"))
    sheet.gap(20)
    sheet.write(words("title"), HEAD)
    sheet.gap(18)
    _name(sheet, words("who"))
    sheet.gap(16)
    with sheet.inset(6, 6):
        sheet.write(words("words"), WORDS)
    sheet.gap(14)
    with sheet.inset(4, 4):
        for name in ("training", "days", "hours"):
            _fact(sheet, words(f"{name}_label"), words(name))
    _foot(sheet, words)


def _name(sheet: Sheet, who: str) -> None:
    """The name on one line, in letters as large as that allows; where even the smallest are too wide, on several."""
    style = NAME
    while style.size > SMALLEST_NAME and _height(sheet, who, style) > _height(sheet, who[:1], style) + 0.1:
        style = replace(style, size=style.size - 1)
    sheet.write(who, style)
    sheet.gap(1.5)
    with sheet.inset(22, 22):
        sheet.rule(WARM, 0.4)


def _height(sheet: Sheet, words: str, style: Style) -> float:
    return sheet.height(lambda on: on.write(words, style))


def _fact(sheet: Sheet, label: str, value: str) -> None:
    style = replace(FACT, size=11.5) if len(value) > LONG_FACT else FACT
    top = sheet.y
    sheet.write(label, replace(style, face="sans", size=10.5, colour=SOFT, leading=style.size * 1.65 / 10.5))
    sheet.y = top
    with sheet.inset(LABEL_WIDTH, 0):
        sheet.write(value, style)
    sheet.gap(1.4)
    sheet.rule(LINE)
    sheet.gap(1.4)


def _foot(sheet: Sheet, words: Words) -> None:
    def foot(on: Sheet) -> None:
        on.gap(8)
        with on.inset(0, 6):
            on.write(words("issued"), DAY)
            on.gap(1)
            on.write(words("by"), BY)
        on.gap(16)
        on.rule(LINE)
        on.gap(2.5)
        on.write(words("verify_heading"), VERIFY)
        on.write(words("verify_number"), CODES)
        on.write(words("verify"), VERIFY)

    sheet.sink(sheet.height(foot) + A_HAIR)
    foot(sheet)


def _framed() -> list[Mark]:
    """Two lines around the page, the outer one stronger."""
    return [*_lines(FRAME, 0.9), *_lines(INNER, 0.3)]


def _lines(edge: float, width: float) -> list[Mark]:
    across, down = PAGE_WIDTH - 2 * edge, PAGE_HEIGHT - 2 * edge
    return [
        Box(edge, edge, across, width, WARM),
        Box(edge, PAGE_HEIGHT - edge - width, across, width, WARM),
        Box(edge, edge, width, down, WARM),
        Box(PAGE_WIDTH - edge - width, edge, width, down, WARM),
    ]


def _said(facts: CertificateFacts) -> dict[str, object]:
    said = {
        name: one_line(getattr(facts, name))
        for name in ("association", "desk", "phone", "number", "code", "name", "kind")
    }
    return {
        **said,
        "training": one_line(facts.title),
        "sessions": [(in_tokyo(starts), in_tokyo(ends)) for starts, ends in facts.sessions],
        "minutes": facts.minutes,
        "issued_at": in_tokyo(facts.issued_at),
    }
