"""事例の1枚 on A4: part by part, always one page. Letters shrink a little; where many lines still take too much, they are joined."""

from dataclasses import asdict, replace
from functools import partial

from bot.reports.facts import BriefFacts
from bot.reports.press import Press
from bot.reports.sheet import BODY, CREAM, HEADING, SMALL, TITLE, WARM, Sheet, fitted
from bot.reports.words import Words, in_tokyo, one_line

SCALES = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7)
TEXT = replace(BODY, size=11.5, leading=1.55)
PART = replace(HEADING, size=12.5)


def brief(facts: BriefFacts) -> bytes:
    """One page as PDF; same facts, same bytes."""
    told = asdict(facts) | {
        "starts_at": facts.starts_at and in_tokyo(facts.starts_at),
        "desk": one_line(facts.desk),
    }
    words = Words("brief", told)
    press = Press(words("file_title"), in_tokyo(facts.made_at))
    sheet = fitted(press.faces, SCALES, partial(_draw, words=words, facts=facts))
    if len(sheet.pages) > 1:
        joined = tuple((label, "　".join(text.split())) for label, text in facts.parts)
        sheet = Sheet(press.faces, SCALES[-1])
        _draw(sheet, words, replace(facts, parts=joined))
    return press.printed(sheet.numbered(words.page))


def _draw(sheet: Sheet, words: Words, facts: BriefFacts) -> None:
    sheet.write(words("above"), SMALL)
    sheet.gap(1.5)
    sheet.write(facts.title, replace(TITLE, size=20))
    sheet.gap(2)
    sheet.rule(WARM, 0.6)
    sheet.gap(2.5)
    for label, text in facts.parts:
        sheet.write(label, PART)
        sheet.write(text, TEXT)
        sheet.gap(2.5)
    sheet.gap(0.5)
    sheet.write(f"{words('agreement_label')}　{words('agreement')}", SMALL)
    sheet.gap(2)
    sheet.panel(lambda on: on.write(words("promise"), SMALL), CREAM, WARM)
