"""The settled record of a review on A4: issue by issue, what some saw otherwise, who does what, who was there how long."""

from dataclasses import asdict, replace
from functools import partial

from bot.reports.facts import NotesFacts
from bot.reports.press import Press
from bot.reports.sheet import BODY, CREAM, HEADING, LABEL, SMALL, TITLE, WARM, Sheet, fitted
from bot.reports.words import Words, in_tokyo, one_line

SCALES = (1.0, 0.94, 0.88)
TEXT = replace(BODY, size=11.5, leading=1.55)
PART = replace(HEADING, size=13)


def review_notes(facts: NotesFacts) -> bytes:
    """One page as PDF where it fits in letters easy to read, or as many as it takes; same facts, same bytes."""
    told = asdict(facts) | {
        "desk": one_line(facts.desk),
        "held_at": in_tokyo(facts.held_at),
        "approved_at": in_tokyo(facts.approved_at),
        "tasks": [(who, due, one_line(text)) for who, due, text in facts.tasks],
    }
    words = Words("review_notes", told)
    press = Press(words("file_title"), in_tokyo(facts.made_at))
    sheet = fitted(press.faces, SCALES, partial(_draw, words=words, facts=facts))
    return press.printed(sheet.numbered(words.page))


def _draw(sheet: Sheet, words: Words, facts: NotesFacts) -> None:
    sheet.write(words("above"), SMALL)
    sheet.gap(1.5)
    sheet.write(words("title"), replace(TITLE, size=20))
    sheet.gap(2)
    sheet.rule(WARM, 0.6)
    sheet.gap(3)
    for parts in facts.issues:
        (label, text), *others = parts
        sheet.together(partial(_heading, label=label, text=text))
        for name, told in others:
            sheet.gap(1)
            sheet.need(14)
            sheet.write(name, LABEL)
            sheet.write(told, TEXT)
        sheet.gap(4)
    if facts.dissent:
        sheet.need(20)
        sheet.write(words("dissent_heading"), PART)
        sheet.write(facts.dissent, TEXT)
        sheet.gap(4)
    if facts.tasks:
        sheet.need(20)
        sheet.write(words("tasks_heading"), PART)
        sheet.items(words("tasks"), TEXT)
        sheet.gap(4)
    sheet.together(lambda on: on.write(words("people"), SMALL))
    sheet.gap(2)
    sheet.panel(lambda on: on.write(words("promise"), SMALL), CREAM, WARM)


def _heading(sheet: Sheet, label: str, text: str) -> None:
    sheet.write(label, LABEL)
    sheet.write(text, PART)
