"""Figures as they may be read: in the words of the lists, with small numbers hidden; in a window or as a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot import codes
from bot.domain.business_time import era_year
from bot.messages import Document, form_words, label, words
from bot.organisation import Organisation
from bot.privacy.suppression import Hidden, Shown, shown, suppressed
from bot.store.database import Reading
from bot.store.outbox import OutboxRow
from bot.store.training_figures import Counts, Figures


@dataclass(frozen=True, slots=True)
class Section:
    """One table. `name` names its words in `templates/forms/figures_sheet.toml`; `total` is that of its cells.

    `cells`: label → number, without those that are zero. `covered`: every cell is hidden, so that none is listed.
    """

    name: str
    cells: tuple[tuple[str, Shown], ...]
    total: Shown
    covered: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """All that may be read of a fiscal year."""

    fiscal_year: int
    participants: Shown
    people: Shown
    sections: tuple[Section, ...]


def report(figures: Figures, organisation: Organisation) -> Report:
    """Put figures into words, and hide what is too small to be told."""
    places = {each.code: each.label for each in organisation.offered("municipalities")}
    regions = {each.code: each.label for each in organisation.offered("welfare_regions")}
    apart = _may_stand_apart(figures)
    return Report(
        figures.fiscal_year,
        shown(figures.participants),
        shown(figures.people),
        (
            _plain("trainings", figures.trainings),
            _plain("sessions", figures.sessions),
            _guarded("fields", figures.fields, _listed("supporter_fields")),
            _guarded("regions", figures.regions, regions) if apart else _covered("regions"),
            _guarded("occupations", figures.occupations, _listed("occupations")),
            _guarded("municipalities", figures.municipalities, places)
            if apart
            else _covered("municipalities"),
            _guarded("satisfaction", figures.satisfaction, _listed("satisfaction"), unknown=False),
            _guarded("practice", figures.practice, _listed("practice_change"), unknown=False),
        ),
    )


async def paper(ask: Reading, row: OutboxRow, organisation: Organisation) -> Document:
    """Make the file a row promises."""
    from bot.reports.workbook import sheet

    year = int(row.facts["year"])
    told = form_words("figures_sheet")
    rows = list(_rows(report(await ask.training_figures.of_year(year), organisation), told))
    title = words("messages/figures_sheet_title", year=year)
    content = sheet(told["columns"], rows, title=title, widths=told["widths"], made_at=row.created_at)
    return Document(
        filename=f"{era_year(year)}-trainings.xlsx",
        title=title,
        content=content,
        comment=words("messages/figures_sheet", year=year),
    )


def said(number: Shown) -> str:
    """A number as it is written: itself, or the words for why it is not there."""
    return str(form_words("figures_sheet")[number]) if isinstance(number, Hidden) else str(number)


def _rows(told: Report, names: Mapping[str, str | dict[str, str]]) -> Iterable[list[str]]:
    for name in ("participants", "people"):
        yield [_of(names, name, "title"), "", said(getattr(told, name)), _of(names, name, "means")]
    for section in told.sections:
        title, means = (_of(names, section.name, part) for part in ("title", "means"))
        yield [title, str(names["total"]), said(section.total), means]
        if section.covered:
            yield [title, str(names["all"]), str(names["covered"]), ""]
        for each, number in section.cells:
            yield [title, each, said(number), ""]


def _of(names: Mapping[str, str | dict[str, str]], name: str, part: str) -> str:
    found = names[name]
    return found[part] if isinstance(found, dict) else found


def _plain(name: str, counts: Counts) -> Section:
    """Numbers of trainings, which point at nobody."""
    order = _listed("training_kinds")
    cells = tuple((text, counts[code]) for code, text in order.items() if counts.get(code))
    return Section(name, cells, sum(counts.values()))


def _guarded(name: str, counts: Counts, listed: Mapping[str, str], *, unknown: bool = True) -> Section:
    """Numbers of people. What is not on the list any more, and what was not said, have cells of their own."""
    cells = dict.fromkeys(listed, 0) | ({"": 0} if unknown else {}) | counts
    table = suppressed(cells)
    covered = all(isinstance(each, Hidden) for each in table.cells.values())
    names = {"": str(form_words("figures_sheet")["unknown"])} | dict(listed)
    seen = {} if covered else {code: each for code, each in table.cells.items() if each != 0}
    order = sorted(
        seen, key=lambda code: (code == "", list(names).index(code) if code in names else len(names))
    )
    return Section(
        name, tuple((names.get(code, code), seen[code]) for code in order), table.total, covered=covered
    )


def _may_stand_apart(figures: Figures) -> bool:
    """Whether regions and municipalities may both be read.

    Together they are all participants: where one is small, whoever subtracts the other from them would have it.
    """
    totals = [sum(each.values()) for each in (figures.regions, figures.municipalities)]
    return not all(totals) or not any(isinstance(shown(each), Hidden) for each in totals)


def _covered(name: str) -> Section:
    return Section(name, (), Hidden.COVERED, covered=True)


def _listed(code_list: str) -> dict[str, str]:
    return {each.code: label(each.code, code_list) for each in codes.options(code_list)}
