"""廃棄証明書 as A4: what was destroyed, by which rule, and the values that show it later. It names nobody."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from bot.reports.facts import DestructionFacts
from bot.reports.press import Press
from bot.reports.sheet import BODY, CREAM, HEADING, LABEL, SMALL, SOFT, TITLE, WARM, Sheet, fitted
from bot.reports.words import Words, in_tokyo, one_line

FACT = replace(BODY, size=11)
DETAIL = replace(BODY, size=10, colour=SOFT, leading=1.55)
HASH = replace(BODY, size=9, leading=1.5)
BY = replace(BODY, face="serif", size=14, align="right")
ROW = 44.0
COLUMNS = 3
FEW = 4  # kinds, each with room of its own


def destruction(facts: DestructionFacts) -> bytes:
    """A page as PDF, or as many as it takes; the same facts give the same bytes."""
    told = _said(facts)
    words = Words("destruction", told)
    press = Press(words("file_title"), in_tokyo(facts.made_at))
    sheet = fitted(press.faces, (1.0, 0.94, 0.88, 0.82, 0.77, 0.73), partial(_draw, words=words, told=told))
    return press.printed(sheet.numbered(words.page))


def _draw(sheet: Sheet, words: Words, told: Mapping[str, Any]) -> None:
    sheet.write(words("above"), SMALL)
    sheet.gap(1.5)
    sheet.write(words("title"), TITLE)
    sheet.gap(2)
    sheet.rule(WARM, 0.6)
    sheet.gap(3.5)
    sheet.write(words("lead"), FACT)
    sheet.gap(2.5)
    _row(sheet, words, "period")
    if told["rows"]:
        _row(sheet, words, "why")
        sheet.gap(2.5)
        _kinds(sheet, words, told["kinds"])
        _tables(sheet, words)
        sheet.gap(3)
        sheet.write(words("how_heading"), HEADING)
        sheet.items(words("how"), replace(FACT, size=10.5, leading=1.55))
        sheet.gap(3)
        sheet.write(words("proof_heading"), HEADING)
        sheet.gap(1)
        _row(sheet, words, "rows")
        for name in ("ids", "ledger"):
            _hash(sheet, words, name)
    _row(sheet, words, "held")
    _foot(sheet, words)


def _row(sheet: Sheet, words: Words, name: str) -> None:
    sheet.row(words(f"{name}_label"), words(name), ROW)


def _hash(sheet: Sheet, words: Words, name: str) -> None:
    def both(on: Sheet) -> None:
        on.write(words(f"{name}_label"), LABEL)
        on.write(words(name), HASH)
        on.gap(1)
        on.rule()
        on.gap(1)

    sheet.together(both)


def _kinds(sheet: Sheet, words: Words, kinds: list[Mapping[str, Any]]) -> None:
    """Each kind with its rule; side by side, where they are many."""
    sheet.write(words("kinds_heading"), HEADING)
    sheet.gap(1)
    across = 2 if len(kinds) > FEW else 1
    for at in range(0, len(kinds), across):
        draws = [partial(_kind, words, kind) for kind in kinds[at : at + across]]
        sheet.beside(*draws, *[_nothing] * (across - len(draws)), shares=[1 / across] * across)
        sheet.gap(1.6)


def _kind(words: Words, kind: Mapping[str, Any], sheet: Sheet) -> None:
    sheet.write(words("kind", k=kind), replace(FACT, size=12))
    sheet.write(words("kind_rule", k=kind), DETAIL)


def _nothing(_: Sheet) -> None:
    """An empty place beside the last one."""


def _tables(sheet: Sheet, words: Words) -> None:
    """How many rows of each kind, in three columns that are read one after the other."""
    lines = words("tables").split("\n")
    long = -(-len(lines) // COLUMNS)
    columns = ["\n".join(lines[at : at + long]) for at in range(0, len(lines), long)]

    def both(on: Sheet) -> None:
        on.write(words("tables_heading"), replace(HEADING, size=12.5))
        on.gap(0.5)
        shares = [1 / len(columns)] * len(columns)
        on.beside(*(partial(_column, each) for each in columns), shares=shares)

    sheet.panel(both, CREAM, WARM)


def _column(lines: str, sheet: Sheet) -> None:
    sheet.write(lines, DETAIL)


def _foot(sheet: Sheet, words: Words) -> None:
    def foot(on: Sheet) -> None:
        on.gap(5)
        on.write(words("made"), replace(FACT, align="right"))
        on.write(words("by"), BY)
        on.gap(7)
        with on.inset(on.width - 80, 0):
            on.write(words("signed"), LABEL)
            on.rule(SOFT, 0.3)
        on.gap(3)
        on.write(words("foot"), replace(SMALL, size=9))

    sheet.sink(sheet.height(foot) + 0.05)
    foot(sheet)


def _said(facts: DestructionFacts) -> dict[str, Any]:
    kinds = [
        {**asdict(each), "first": in_tokyo(each.first), "last": in_tokyo(each.last)} for each in facts.kinds
    ]
    desk = {name: one_line(text) for name, text in asdict(facts.desk).items()}
    return {**asdict(facts), "desk": desk, "kinds": kinds, "made_at": in_tokyo(facts.made_at)}
