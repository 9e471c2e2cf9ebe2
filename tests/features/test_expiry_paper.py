"""The certificate of destruction as paper: one page, the same each time, and nothing on it that names somebody."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from bot import codes, messages
from bot.domain.retention import BY_THE_DAY
from bot.reports.destruction_page import destruction
from bot.reports.facts import DeskFacts, DestroyedFacts, DestructionFacts

AT = datetime(2032, 4, 1, 1, tzinfo=UTC)
DESK = DeskFacts("相談支援者サポート窓口", "077-561-3811", "滋賀県草津市笠山", keeper="滋賀県社会福祉士会")
KINDS = tuple(
    DestroyedFacts(each.label, 1204, each.more["counter"], "years:5", each.more["counts_from"], AT, AT)
    for each in codes.options("retention_kinds")
    if each.code not in BY_THE_DAY
)
TABLES = tuple((each.label, 7310) for each in codes.options("destroyed_tables"))
WHOLE = DestructionFacts(
    DESK, date(2031, 4, 1), date(2032, 3, 31), KINDS, TABLES, ("毎日の点検",), (12, 1250), "a" * 64, "b" * 64, 3, AT
)  # fmt: skip
NOTHING = DestructionFacts(DESK, date(2032, 4, 1), date(2032, 4, 1), (), (), (), None, "", "", 0, AT)


def pages(facts: DestructionFacts) -> list[str]:
    return ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(destruction(facts))).pages]


def test_even_with_everything_on_it_it_is_one_page():
    [page] = pages(WHOLE)

    for each in KINDS:
        assert f"{each.label}1,204{each.counter}" in page
    for label, _ in TABLES:
        assert f"{label}7,310" in page
    assert "12番から1250番" in page
    assert "a" * 64 in page
    assert "b" * 64 in page
    assert "廃棄を止めてあるもの3件" in page
    assert "令和13年4月1日〜令和14年3月31日" in page


def test_where_nothing_was_destroyed_it_says_so():
    [page] = pages(NOTHING)

    assert "この期間に廃棄したものは、ありません。" in page
    assert "証明します" not in page


def test_the_same_facts_give_the_same_paper():
    assert destruction(WHOLE) == destruction(WHOLE)
    assert destruction(WHOLE) != destruction(replace(WHOLE, ledger_hash="c" * 64))


def test_a_moment_without_its_zone_is_refused():
    with pytest.raises(ValueError):
        replace(WHOLE, made_at=datetime(2032, 4, 1))


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 24), "令和8年11月24日(火)"),
        (date(2019, 5, 1), "令和元年5月1日(水)"),
        (date(2019, 4, 30), "平成31年4月30日(火)"),
        (date(2018, 5, 1), "平成30年5月1日(火)"),
        (date(1989, 1, 7), "昭和64年1月7日(土)"),
    ],
)
def test_a_day_is_said_with_the_era_it_was_in(day, said):
    assert messages.said(day, "paper") == said
