"""Tables as files: whatever people type stays text, in XLSX and in CSV."""

import csv
import io
import zipfile
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.reports.workbook import LONGEST, csv_text, sheet

MADE = datetime(2026, 12, 8, 3, 0, tzinfo=UTC)
DANGEROUS = [
    "=cmd()",
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "\t=1",
    "\r=1",
    " =1",
    "　=1",
    "\n=1",
]
NASTY = [
    *DANGEROUS,
    "",
    "007",
    "1E5",
    "https://example.jp",
    "mailto:a@example.jp",
    "真",
    "TRUE",
    "{=1}",
    "'=1",
    "_x0041_",
]


def made(*cells, **changes):
    given = {"title": "名簿", "widths": [10.0] * len(cells), "made_at": MADE, **changes}
    return sheet([f"列{n}" for n in range(len(cells))], [cells], **given)


def read(content):
    return load_workbook(io.BytesIO(content)).active


@pytest.mark.parametrize("typed", NASTY)
def test_a_cell_is_text_whatever_is_typed(typed):
    cell = read(made(typed))["A2"]

    assert cell.data_type == "s"
    assert (cell.value or "") == typed.replace("\r", "\n")
    assert cell.hyperlink is None


def test_an_ordinary_writer_would_have_reckoned():
    """The control: what the file would hold without our care."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True})
    book.add_worksheet().write(0, 0, "=cmd()")
    book.close()

    assert read(kept.getvalue())["A1"].data_type == "f"


def test_a_heading_and_the_name_of_the_sheet_are_text_too():
    content = sheet(["=cmd()"], [], title="=[a]:*?/\\'" + "長" * 60, widths=[5], made_at=MADE)
    page = read(content)

    assert (page["A1"].value, page["A1"].data_type) == ("=cmd()", "s")
    assert len(page.title) <= 31
    assert read(sheet(["a"], [], title="[]", widths=[5], made_at=MADE)).title == "1"


def test_what_xml_cannot_hold_is_dropped_and_all_else_stays():
    typed = "a\x00\x01\x08\x0b\x0c\x1f\x7f\x85b\ufffe\uffff\ud800c\nd\te 👨‍👩‍👧 𠮷 <&>\"'"
    content = made(typed)

    assert read(content)["A2"].value == "abc\nd\te 👨‍👩‍👧 𠮷 <&>\"'"
    for name in zipfile.ZipFile(io.BytesIO(content)).namelist():
        ET.fromstring(zipfile.ZipFile(io.BytesIO(content)).read(name))


@pytest.mark.parametrize("letter", ["あ", "𠮷"])
def test_more_than_a_cell_holds_is_cut_where_it_can_be_seen(letter):
    width = len(letter.encode("utf-16-le")) // 2
    full = letter * (LONGEST // width)

    assert read(made(full))["A2"].value == full
    cut = read(made(full + "終わり"))["A2"].value
    assert cut.endswith("…")
    assert len(cut.encode("utf-16-le")) // 2 <= LONGEST
    assert cut[:-1] == full[: len(cut) - 1]


def test_our_own_numbers_can_be_added_up_and_nothing_is_nothing():
    page = read(made(90, None, "90"))

    assert [page.cell(2, n).value for n in (1, 2, 3)] == [90, None, "90"]


def test_the_same_facts_give_the_same_bytes():
    assert made("高木") == made("高木")
    assert made("高木") != made("北村")
    assert made("高木") != made("高木", made_at=MADE.replace(minute=1))


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_any_words_come_back(typed):
    page = read(made(typed, "x"))

    assert page["A2"].data_type == "s"
    assert page["B2"].value == "x"


@pytest.mark.parametrize("typed", DANGEROUS)
def test_a_formula_in_csv_is_guarded(typed):
    content = csv_text(["a"], [[typed]])

    cell = next(iter(list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1]))
    assert cell == "'" + typed.replace("\r", "\n")


def test_csv_is_what_excel_opens_by_a_double_click():
    content = csv_text(["氏名", "=cmd()"], [["高木, 陽子", 'みず"うみ\n所'], [90, None]])

    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == 3
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows == [["氏名", "'=cmd()"], ["高木, 陽子", 'みず"うみ\n所'], ["90", ""]]


def test_an_ordinary_name_is_not_touched():
    """The control: only what is dangerous is guarded."""
    assert "'" not in csv_text(["氏名"], [["高木 陽子"], ["R8-T003"], ["13時-16時"], ["a=b"]]).decode()
