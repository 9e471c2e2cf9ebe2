"""What was thought of the records of some days, on A4 for the meeting: counts by theme, and what was noticed."""

from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial

from bot.reports.facts import AdviceSummaryFacts
from bot.reports.press import Press
from bot.reports.sheet import BODY, CREAM, HEADING, SMALL, TITLE, WARM, Sheet, Style, fitted
from bot.reports.words import Words, in_tokyo, one_line

ROW = replace(BODY, size=10.5, leading=1.5)
NUMBER = replace(ROW, align="right")
ABOVE = replace(SMALL, align="right")
SCALES = (1.0, 0.95, 0.9, 0.85)
SHARES = (0.46, 0.18, 0.18, 0.18)


def advice_summary(facts: AdviceSummaryFacts) -> bytes:
    """One page as PDF where it fits in letters easy to read, or as many as it takes; same facts, same bytes."""
    words = Words("advice_summary", asdict(facts) | {"desk": one_line(facts.desk)})
    press = Press(words("file_title"), in_tokyo(facts.made_at))
    sheet = fitted(press.faces, SCALES, partial(_draw, words=words, facts=facts))
    return press.printed(sheet.numbered(words.page))


def _draw(sheet: Sheet, words: Words, facts: AdviceSummaryFacts) -> None:
    sheet.write(words("above"), SMALL)
    sheet.gap(2)
    sheet.write(words("title"), replace(TITLE, size=21))
    sheet.gap(2)
    sheet.rule(WARM, 0.6)
    sheet.gap(3)
    sheet.write(words("period"))
    sheet.write(words("rule"), SMALL)
    sheet.gap(4)
    for themes, rows in facts.lines:
        names = [theme or words("no_theme") for theme in themes]
        sheet.together(partial(_line, theme="、".join(names), answers=facts.answers, rows=rows))
        sheet.gap(4)
    if not facts.lines:
        sheet.write(words("nothing"))
        sheet.gap(4)
    if facts.findings:
        sheet.write(words("findings_heading"), HEADING)
        sheet.gap(1)
        for each in facts.findings:
            sheet.items(one_line(each))
        sheet.gap(4)
    sheet.panel(lambda on: on.write(words("promise"), SMALL), CREAM, WARM)


def _line(sheet: Sheet, theme: str, answers: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
    sheet.write(theme, replace(HEADING, size=12.5))
    sheet.gap(0.8)
    _columns(sheet, ("", *answers), replace(SMALL, size=9), ABOVE)
    for row in rows:
        sheet.rule()
        sheet.gap(0.7)
        _columns(sheet, row, ROW, NUMBER)
        sheet.gap(0.5)


def _columns(sheet: Sheet, cells: tuple[str, ...], first: Style, others: Style) -> None:
    draws: list[Callable[[Sheet], None]] = [
        partial(Sheet.write, words=text, style=others if n else first) for n, text in enumerate(cells)
    ]
    sheet.beside(*draws, shares=SHARES)
