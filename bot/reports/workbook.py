"""Tables as files: the one writer of XLSX and of CSV. What people typed stays what they typed, and is never reckoned with."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Cell = str | int | None  # numbers are ours; whatever a person typed is text
LONGEST = 32_767  # UTF-16 code units Excel lets into a cell
CUT = "…"
NAME = 31
# What XML cannot hold; a line end and a tab it can.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
# What a spreadsheet takes for the beginning of a formula.
RECKONED = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
GUARD = "'"


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet of a workbook. `widths` in characters; the name of each sheet is its `title`, and its own."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[float]


def sheet(
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    title: str,
    widths: Sequence[float],
    made_at: datetime,
) -> bytes:
    """A workbook with one sheet, fit to be printed across. `widths` in characters; same facts, same bytes."""
    return book([Page(title, columns, rows, widths)], title=title, made_at=made_at)


def book(pages: Iterable[Page], *, title: str, made_at: datetime) -> bytes:
    """A workbook with several sheets, each fit to be printed across; same facts, same bytes."""
    import xlsxwriter  # only where there is something to write

    kept = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    written = xlsxwriter.Workbook(kept, options)
    written.set_properties({"title": _printable(title), "created": made_at.replace(tzinfo=None)})
    bold = written.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#FAF4EB"}
    )
    plain = written.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    number = written.add_format({"valign": "top"})
    for page in pages:
        _write(written.add_worksheet(_name(page.title)), page, bold, plain, number)
    written.close()
    return kept.getvalue()


def _write(page: Any, told: Page, bold: Any, plain: Any, number: Any) -> None:
    for at, width in enumerate(told.widths):
        page.set_column(at, at, width)
    for at, column in enumerate(told.columns):
        page.write_string(0, at, _fitting(column), bold)
    last = 0
    for last, row in enumerate(told.rows, 1):
        for at, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(last, at, _fitting(cell), plain)
            elif cell is not None:
                page.write_number(last, at, cell, number)
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    if told.columns:
        page.autofilter(0, 0, last, len(told.columns) - 1)


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The same as CSV that Excel opens by a double click: UTF-8 with its mark, every line ended twice, formulas guarded."""
    kept = io.StringIO()
    writer = csv.writer(kept, lineterminator="\r\n")
    for row in (columns, *rows):
        writer.writerow([_guarded(cell) for cell in row])
    return kept.getvalue().encode("utf-8-sig")


def _guarded(cell: Cell) -> str:
    if not isinstance(cell, str):
        return "" if cell is None else str(cell)
    text = _printable(cell)
    return GUARD + text if RECKONED.match(cell) else text


def _printable(text: str) -> str:
    return UNPRINTABLE.sub("", LINE_ENDS.sub("\n", text))


def _fitting(text: str) -> str:
    """What a cell can hold: no more letters than Excel counts, one beyond the first plane as two."""
    text = _printable(text)
    if len(text.encode("utf-16-le")) // 2 <= LONGEST:
        return text
    room, kept = LONGEST - len(CUT), []
    for letter in text:
        room -= 2 if ord(letter) > 0xFFFF else 1
        if room < 0:
            break
        kept.append(letter)
    return "".join(kept) + CUT


def _name(title: str) -> str:
    """A title as the name of a sheet."""
    return NOT_IN_NAMES.sub("", _printable(title)).strip("' ")[:NAME].strip("' ") or "1"
