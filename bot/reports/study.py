"""Counts of records for study, as a workbook or as a list: in words, with what was counted together and why."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot import codes
from bot.messages import Document, label, words
from bot.organisation import Organisation
from bot.privacy.releases import APART, FACTS, OTHERS, REST
from bot.privacy.uniqueness import PUBLIC_K
from bot.reports.words import Words, in_tokyo
from bot.reports.workbook import Cell, Page, book, csv_text
from bot.store.database import Reading
from bot.store.outbox import OutboxRow
from bot.store.releases import Release
from bot.usecases.releases import LISTS

TOLD = (
    "period",
    "total",
    "date",
    "rules",
    "hash",
    "small",
    "together",
    "themes",
    "zero",
    "sums",
    "again",
    "mind",
)
WIDE, NARROW, TEXT = 24.0, 11.0, 90.0


@dataclass(frozen=True, slots=True)
class Line:
    """One number: whose line, the fact, the code, and how many. `inside`: the codes it stands for, where several."""

    whose: str
    fact: str
    code: str
    inside: Sequence[str]
    number: int


async def paper(ask: Reading, row: OutboxRow, organisation: Organisation) -> Document:
    """Make the file a row promises."""
    release = await ask.releases.get(str(row.facts["release"]))
    study = Study(release, organisation)
    if row.template == "study_list":
        kind, content = "csv", await asyncio.to_thread(study.as_list)
    else:
        kind, content = "xlsx", await asyncio.to_thread(study.as_sheets)
    return Document(
        filename=f"study-{release.since:%Y%m}-{release.last:%Y%m}.{kind}",
        title=words("messages/study_title", r=release),
        content=content,
        comment=words(f"messages/{row.template}", r=release),
    )


class Study:
    """A release in words. The same release gives the same bytes."""

    def __init__(self, release: Release, organisation: Organisation) -> None:
        self._release = release
        self._regions = {each.code: each.label for each in organisation.offered("welfare_regions")}
        ends = {name: Words("study", {"d": getattr(release, name)})("month") for name in ("since", "last")}
        facts = {
            "r": release,
            "k": PUBLIC_K,
            "own": APART * PUBLIC_K,
            "made": in_tokyo(release.at),
            "desk": organisation.desk_name,
        }
        self._say = Words("study", {**facts, **ends})

    def as_sheets(self) -> bytes:
        """A workbook: what it is, a table for each fact, and every number in a list."""
        pages = [self._about(), self._themes_page(), *(self._table(fact) for fact in FACTS), self._listed()]
        return book(pages, title=self._say("file_title"), made_at=self._release.at)

    def as_list(self) -> bytes:
        """Every number as a line of CSV."""
        page = self._listed()
        return csv_text(page.columns, page.rows)

    def lines(self) -> Iterator[Line]:
        """Every number that is told, zeros that stand alone among them, in the order of the lists."""
        classes, counted = self._release.classes, self._release.counted
        for theme in self._themes():
            inside = self._inside() if theme == OTHERS else []
            yield Line("", "theme", theme, inside, counted.themes[theme])
        for line in self._whose():
            for fact in FACTS:
                kept, numbers = classes.of(fact, line), counted.lines[fact, line]
                order = self._order(fact, numbers)
                for code in (each for each in order if each not in kept):
                    yield Line(line, fact, code, (), numbers.get(code, 0))
                if kept:
                    yield Line(line, fact, OTHERS, [each for each in order if each in kept], numbers[OTHERS])

    def _about(self) -> Page:
        say = self._say
        rows = [[say(f"{name}_title"), say(name)] for name in TOLD]
        if inside := self._inside():
            rows.append([say("inside_themes"), self._names("theme", inside)])
        return Page(say("about"), [say("column_what"), say("column_means")], rows, [WIDE, TEXT])

    def _themes_page(self) -> Page:
        say, numbers = self._say, self._release.counted.themes
        rows: list[list[Cell]] = [
            [self._name("theme", each), numbers[each], self._whose_name(self._release.classes.line(each))]
            for each in self._themes()
        ]
        columns = [say(f"column_{name}") for name in ("theme", "number", "whose")]
        return Page(say("table_theme"), columns, rows, [WIDE * 2, NARROW, WIDE * 2])

    def _table(self, fact: str) -> Page:
        say, counted, classes = self._say, self._release.counted, self._release.classes
        seen = {code: 0 for (f, _), line in counted.lines.items() if f == fact for code in line}
        order = self._order(fact, seen)
        rows: list[list[Cell]] = []
        for line in self._whose():
            kept, numbers = classes.of(fact, line), counted.lines[fact, line]
            cells: list[Cell] = [say("inside") if code in kept else numbers.get(code, 0) for code in order]
            rows.append([self._whose_name(line), sum(numbers.values()), *cells, numbers.get(OTHERS)])
        names = [self._name(fact, code) for code in order]
        columns = [say("column_theme"), say("column_total"), *names, say("column_others")]
        return Page(say(f"table_{fact}"), columns, rows, [WIDE, *(NARROW for _ in columns[1:])])

    def _listed(self) -> Page:
        say = self._say
        rows: list[list[Cell]] = [
            [
                self._whose_name(each.whose), say(f"fact_{each.fact}"), self._name(each.fact, each.code), each.number,
                self._names(each.fact, each.inside),
            ]
            for each in self.lines()
        ]  # fmt: skip
        columns = [say(f"column_{name}") for name in ("theme", "fact", "code", "number", "within")]
        return Page(say("listed"), columns, rows, [WIDE, WIDE, WIDE, NARROW, TEXT])

    def _whose(self) -> list[str]:
        """The lines there are: themes with lines of their own, those that are one, and the rest."""
        there = {line for _, line in self._release.counted.lines}
        rest = [REST] if REST in there else []
        return [*(each for each in self._themes() if each in there), *rest]

    def _whose_name(self, line: str) -> str:
        if line in ("", REST):
            alone = self._whose() == [REST]
            return self._say("line_all" if alone or not line else "line_rest")
        return self._name("theme", line)

    def _themes(self) -> list[str]:
        told = self._release.counted.themes
        return [
            *(each for each in self._order("theme", told) if each in told),
            *((OTHERS,) if OTHERS in told else ()),
        ]

    def _inside(self) -> list[str]:
        """The themes that are counted together."""
        kept = self._release.classes.themes
        return [each for each in self._order("theme", dict.fromkeys(kept, 0)) if each in kept]

    def _order(self, fact: str, line: dict[str, int]) -> list[str]:
        """Every code of a fact in the order of its list, then what is on no list any more, at last what was not said."""
        listed = list(self._regions) if fact == "region" else [each.code for each in _all(fact)]
        gone = sorted(code for code in line if code not in {*listed, "", OTHERS})
        return [*listed, *gone, ""]

    def _names(self, fact: str, of: Sequence[str]) -> str:
        return self._say("between").join(self._name(fact, each) for each in of)

    def _name(self, fact: str, code: str) -> str:
        if code == OTHERS:
            return self._say("theme_others" if fact == "theme" else "others")
        if not code:
            return self._say("unknown")
        return self._regions.get(code, code) if fact == "region" else label(code, LISTS[fact])


def _all(fact: str) -> list[codes.Code]:
    return sorted(codes.load(LISTS[fact]).codes.values(), key=lambda each: each.sort)
