"""What may be told of an advice review: counts by question and theme, from which nobody's advice can be told apart.

Pure. A line is one theme, or several that would be too small alone: it has at least five records, of at least three people
who advised, so that no line speaks of one of them. In each line small numbers are hidden.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.privacy.suppression import SMALLEST, Hidden, Shown, shown, suppressed, together

GIVERS = 3


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody thought of a record. `giver`: whose record it is, to see that a line has several; told nowhere."""

    theme: str
    giver: str
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """Some themes ("": none was noted). `cells`: question → answer → number."""

    themes: tuple[str, ...]
    cells: dict[str, dict[str, Shown]]


@dataclass(frozen=True, slots=True)
class Summary:
    """All that is told. `lines` is empty where there is too little to tell."""

    total: Shown
    lines: tuple[Line, ...] = ()

    def written(self) -> str:
        """As it is kept."""
        lines = [{"themes": each.themes, "cells": each.cells} for each in self.lines]
        return json.dumps({"total": self.total, "lines": lines})

    @classmethod
    def read(cls, text: str) -> "Summary":
        """Read what was kept."""
        told = json.loads(text)
        lines = tuple(
            Line(
                tuple(each["themes"]),
                {
                    question: {answer: _number(number) for answer, number in row.items()}
                    for question, row in each["cells"].items()
                },
            )
            for each in told["lines"]
        )
        return cls(_number(told["total"]), lines)


def summed(looks: Iterable[Look], questions: Iterable[str], answers: Iterable[str]) -> Summary:
    """Sum up what was thought of the records, as far as it may be told."""
    by_theme: dict[str, list[Look]] = {}
    for each in looks:
        by_theme.setdefault(each.theme, []).append(each)
    asked, offered = tuple(questions), tuple(answers)
    total = shown(sum(map(len, by_theme.values())))
    lines = (
        Line(themes, {question: _row(question, offered, themes, by_theme) for question in asked})
        for themes in _lines(by_theme)
    )
    return Summary(total, tuple(lines))


def _lines(by_theme: Mapping[str, list[Look]]) -> list[tuple[str, ...]]:
    """Which themes stand in a line: alone, or with those that are too small or of too few people. None: all are."""
    counts = {theme: len(looks) for theme, looks in by_theme.items()}
    if sum(counts.values()) < SMALLEST:
        return []
    pool = set(together(counts, SMALLEST))
    pool |= {theme for theme in counts if not _enough([theme], by_theme)}
    for theme in sorted(set(counts) - pool, key=lambda each: (counts[each], each)):
        if not pool or _enough(pool, by_theme):
            break
        pool.add(theme)
    if pool and not _enough(pool, by_theme):
        return []
    alone = [
        (theme,) for theme in sorted(counts, key=lambda each: (-counts[each], each)) if theme not in pool
    ]
    return [*alone, tuple(sorted(pool))] if pool else list(alone)


def _enough(themes: Iterable[str], by_theme: Mapping[str, list[Look]]) -> bool:
    looks = [each for theme in themes for each in by_theme[theme]]
    return len(looks) >= SMALLEST and len({each.giver for each in looks}) >= GIVERS


def _row(
    question: str, offered: Iterable[str], themes: Iterable[str], by_theme: Mapping[str, list[Look]]
) -> dict[str, Shown]:
    said = Counter(each.answers.get(question) for theme in themes for each in by_theme[theme])
    return suppressed({answer: said[answer] for answer in offered}).cells


def _number(told: int | str) -> Shown:
    return Hidden(told) if isinstance(told, str) else told
