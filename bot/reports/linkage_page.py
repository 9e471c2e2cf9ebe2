"""つなぎシート on A4, part by part as it was looked at, with lines a hand writes on; and the letter that asks for it back."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from bot.reports.facts import LinkageFacts, ReturnFacts
from bot.reports.press import Press
from bot.reports.sheet import (
    BODY,
    CREAM,
    DESK,
    HEADING,
    LABEL,
    PHONE,
    SMALL,
    SOFT,
    TITLE,
    WARM,
    Sheet,
    fitted,
)
from bot.reports.words import Words, in_tokyo, one_line

SCALES = (1.0, 0.96, 0.92, 0.88)
TEXT = replace(BODY, size=11, leading=1.6)
LABELLED = replace(LABEL, size=10, leading=1.76)  # on the baseline of the words beside it
NOTE = replace(BODY, size=10.5, leading=1.6)
HAND = 9.0  # millimetres of room for a hand
LABELS = 44.0


def linkage(facts: LinkageFacts) -> bytes:
    """One page as PDF where it fits in letters easy to read, or as many as it takes; same facts, same bytes."""
    words = Words("linkage", {"number": facts.number})
    press = Press(words("file_title"), in_tokyo(facts.made_at))
    sheet = fitted(press.faces, SCALES, partial(_parts, parts=facts.parts))
    return press.printed(sheet.numbered(words.page))


def letter(facts: ReturnFacts) -> bytes:
    """The letter as PDF; same facts, same bytes."""
    words = Words("linkage_return", _said(facts))
    press = Press(words("file_title"), in_tokyo(facts.made_at))
    sheet = Sheet(press.faces)
    sheet.write(words("to"), replace(BODY, size=13))
    sheet.gap(3)
    sheet.write(words("made"), replace(BODY, align="right"))
    sheet.write(words("keeper"), replace(BODY, align="right"))
    sheet.gap(5)
    sheet.write(words("title"), replace(TITLE, size=21))
    sheet.gap(2)
    sheet.rule(WARM, 0.6)
    sheet.gap(5)
    sheet.write(words("lead"))
    sheet.gap(4)
    for name in ("number", "sent"):
        sheet.row(words(f"{name}_label"), words(name))
    sheet.gap(4)
    sheet.panel(lambda on: on.items(words("asked")), CREAM, WARM)
    sheet.gap(5)
    sheet.write(words("confirm_heading"), HEADING)
    sheet.write(words("confirm"))
    for name in ("how", "day", "by"):
        _hand(sheet, words(f"{name}_label"))
    sheet.gap(4)
    sheet.write(words("thanks"))
    sheet.sink(20)
    sheet.rule()
    sheet.gap(2.5)
    sheet.beside(
        lambda on: on.write(words("desk"), DESK),
        lambda on: on.write(words("phone"), PHONE),
        shares=(0.58, 0.42),
    )
    return press.printed(sheet.numbered(words.page))


def _parts(sheet: Sheet, parts: Iterable[tuple[str, str, str]]) -> None:
    for kind, label, text in parts:
        _part(sheet, kind, label, text)


def _part(sheet: Sheet, kind: str, label: str, text: str) -> None:
    match kind:
        case "above":
            sheet.write(text, SMALL)
            sheet.gap(1)
        case "title":
            sheet.write(text, replace(TITLE, size=22))
            sheet.gap(1.5)
            sheet.rule(WARM, 0.6)
            sheet.gap(2.5)
        case "row" | "text":
            _beside(sheet, label, text)
        case "hand":
            _hand(sheet, label)
        case "note":
            sheet.gap(2.5)
            sheet.panel(lambda on: on.write(text, NOTE), CREAM, WARM)
            sheet.gap(1.5)
        case _:
            sheet.gap(2.5)
            sheet.write(text, SMALL)


def _beside(sheet: Sheet, label: str, text: str) -> None:
    """A label and its words side by side, above a hairline; long words go on over the page."""
    sheet.need(sheet.height(lambda on: on.write("\n".join(["あ"] * 2), TEXT)))
    top = sheet.y
    with sheet.inset(0, sheet.width - LABELS + 3):
        sheet.write(label, LABELLED)
    below, sheet.y = sheet.y, top
    before = len(sheet.pages)
    with sheet.inset(LABELS, 0):
        sheet.write(text, TEXT)
    if len(sheet.pages) == before:
        sheet.y = max(sheet.y, below)
    sheet.gap(0.9)
    sheet.rule()
    sheet.gap(0.9)


def _hand(sheet: Sheet, label: str) -> None:
    """A line that only a hand writes on."""

    def line(on: Sheet) -> None:
        on.gap(HAND - 5)
        on.write(label, LABEL)
        with on.inset(LABELS, 0):
            on.rule(SOFT, 0.3)

    sheet.together(line)
    sheet.gap(1.2)


def _said(facts: ReturnFacts) -> dict[str, Any]:
    desk = {name: one_line(text) for name, text in asdict(facts.desk).items()}
    return {
        **asdict(facts),
        "desk": desk,
        "office": one_line(facts.office),
        "made_at": in_tokyo(facts.made_at),
    }
