"""The papers a person can hold: the receipt for what was asked, and the advice that was given. A4, printable, nameless."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from functools import partial
from itertools import product
from typing import Any

from bot.reports.facts import AdviceFacts, DeskFacts, ReceiptFacts
from bot.reports.press import Mark, Press
from bot.reports.sheet import (
    BODY,
    CREAM,
    DESK,
    HEADING,
    LABEL,
    LARGE,
    PHONE,
    ROSE,
    SMALL,
    SOFT,
    TITLE,
    WARM,
    Sheet,
)
from bot.reports.words import Words, in_tokyo, one_line

SCALES = (1.0, 0.96, 0.92, 0.88, 0.84, 0.8)
EASY_TO_READ = 0.92  # 11 points: advice is long to read, and a page more is better than smaller letters
WHO_WIDTH = 88.0


def receipt(facts: ReceiptFacts) -> bytes:
    """One A4 page as PDF; the same facts give the same bytes. Half a second of work: see `apart`."""
    words = Words("receipt", _said(facts))
    press = Press(words("file_title"), in_tokyo(facts.made_at))
    return press.printed(_fitted(press, _receipt_on(words, facts), words, readable=0.8))


def advice(facts: AdviceFacts, document: str = "advice") -> bytes:
    """An A4 page as PDF, or two, or what very long advice takes. Same facts, same bytes. `document`: whose words it has."""
    words = Words(document, _said(facts, "advice", "next_step"))
    press = Press(words("file_title"), in_tokyo(facts.made_at))
    return press.printed(_fitted(press, _advice_on(words), words, readable=EASY_TO_READ))


def _fitted(
    press: Press, write: Callable[[Sheet], None], words: Words, *, readable: float
) -> list[list[Mark]]:
    """The largest letters that fill one page, none below `readable`; else those that fill two; else as many as it takes."""
    sheets: dict[float, Sheet] = {}
    for scale in SCALES:
        if scale >= readable:
            sheets[scale] = Sheet(press.faces, scale)
            write(sheets[scale])
    for most, sheet in product((1, 2), sheets.values()):
        if len(sheet.pages) <= most:
            return sheet.numbered(words.page)
    return sheets[readable].numbered(words.page)


def _receipt_on(words: Words, facts: ReceiptFacts) -> Callable[[Sheet], None]:
    def danger_words(sheet: Sheet) -> None:
        sheet.write(words("danger"))
        sheet.items(words("danger_list"))

    def danger(sheet: Sheet) -> None:
        sheet.write(words("danger_heading"), replace(HEADING, size=13))
        sheet.gap(0.8)
        danger_words(sheet)

    def promise(sheet: Sheet) -> None:
        sheet.write(words("promise_label"), LABEL)
        if words("promise"):
            sheet.write(words("promise"), LARGE)
        sheet.write(words("promise_by"), replace(BODY, size=13))

    def write(sheet: Sheet) -> None:
        _head(sheet, words)
        _who(sheet, words("who"))
        if facts.danger_first:
            sheet.panel(danger, ROSE, WARM)
            sheet.gap(4)
        sheet.write(words("lead"))
        sheet.gap(4)
        sheet.panel(promise, CREAM, WARM)
        sheet.gap(4)
        for name in ("number", "received", "calling"):
            sheet.row(words(f"{name}_label"), words(name))
        sheet.gap(4)
        _section(sheet, words("does_heading"), lambda s: s.items(words("does")))
        if not facts.danger_first:
            _section(sheet, words("danger_heading"), danger_words)
        _section(sheet, words("next_heading"), lambda s: s.write(words("next")))
        _foot(sheet, words)

    return write


def _advice_on(words: Words) -> Callable[[Sheet], None]:
    def next_step(sheet: Sheet) -> None:
        sheet.write(words("next_heading"), HEADING)
        sheet.gap(0.8)
        if words("next_by"):
            sheet.write(words("next_by"), LABEL)
        sheet.write(words("next"), replace(BODY, size=13))

    def write(sheet: Sheet) -> None:
        _head(sheet, words)
        sheet.gap(3)
        sheet.write(words("lead"))
        sheet.gap(3)
        sheet.beside(
            *(partial(_cell, words, name) for name in ("number", "advised", "counselor")),
            shares=(0.25, 0.35, 0.4),
        )
        sheet.gap(2)
        sheet.rule()
        sheet.gap(5)
        if words("asked"):
            _section(sheet, words("asked_heading"), lambda s: s.items(words("asked")))
        sheet.need(35)
        sheet.write(words("advice_heading"), HEADING)
        sheet.gap(1)
        sheet.write(words("advice"))
        sheet.gap(6)
        sheet.panel(next_step, CREAM, WARM)
        sheet.gap(5)
        sheet.together(lambda s: s.write(words("thanks")))
        _foot(sheet, words)

    return write


def _cell(words: Words, name: str, sheet: Sheet) -> None:
    sheet.cell(words(f"{name}_label"), words(name))


def _head(sheet: Sheet, words: Words) -> None:
    sheet.write(words("above"), SMALL)
    sheet.gap(2)
    sheet.write(words("title"), TITLE)
    sheet.gap(2.5)
    sheet.rule(WARM, 0.6)
    sheet.gap(4)


def _who(sheet: Sheet, honorific: str) -> None:
    """The line for a name that only a hand writes."""
    sheet.gap(3)
    with sheet.inset(0, sheet.width - WHO_WIDTH):
        sheet.write(honorific, replace(BODY, size=13, leading=1.5, align="right"))
        sheet.rule(SOFT, 0.3)
    sheet.gap(6)


def _section(sheet: Sheet, heading: str, draw: Callable[[Sheet], object]) -> None:
    def both(on: Sheet) -> None:
        on.write(heading, HEADING)
        on.gap(0.8)
        draw(on)

    sheet.together(both)
    sheet.gap(4)


def _foot(sheet: Sheet, words: Words) -> None:
    def contact(on: Sheet) -> None:
        on.gap(3)
        on.rule()
        on.gap(2.5)
        on.beside(
            lambda s: s.write(words("desk"), DESK),
            lambda s: s.write(words("phone"), PHONE),
            shares=(0.58, 0.42),
        )
        on.gap(1)
        on.write(words("where"), SMALL)

    sheet.sink(sheet.height(contact))
    contact(sheet)


def _said(facts: ReceiptFacts | AdviceFacts, *long: str) -> dict[str, Any]:
    """The facts as templates read them: moments in Tokyo, and one line each but for the `long` ones."""
    return {name: value if name in long else _plain(value) for name, value in _items(facts)}


def _plain(value: object) -> object:
    match value:
        case str():
            return one_line(value)
        case datetime():
            return in_tokyo(value)
        case tuple():
            return [_plain(each) for each in value]
        case DeskFacts():
            return {name: _plain(each) for name, each in _items(value)}
        case _:
            return value


def _items(facts: ReceiptFacts | AdviceFacts | DeskFacts) -> Sequence[tuple[str, Any]]:
    return [(field.name, getattr(facts, field.name)) for field in fields(facts)]
