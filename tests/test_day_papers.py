"""The papers of the day: the code at the door that a telephone can read, and the roster with room to sign."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import segno
from pypdf import PdfReader

from bot.reports.apart import printed
from bot.reports.door import QR, _modules, door
from bot.reports.facts import DoorFacts, RosterFacts, RosterRow
from bot.reports.roster import table
from bot.reports.roster_page import roster

NOW = datetime(2026, 12, 8, 3, 0, tzinfo=UTC)
DAYS = tuple((NOW + timedelta(days=n, hours=1), NOW + timedelta(days=n, hours=4)) for n in range(2))
NAMED = {
    "desk": "支援者のための相談窓口", "number": "R8-T003", "kind": "研修会", "title": "ダブルケアを支える",
    "place": "彦根市福祉センター 2階会議室", "made_at": NOW,
}  # fmt: skip
ROW = RosterRow(
    1,
    "高木 陽子",
    "みずうみ居宅",
    "介護支援専門員",
    "高齢",
    "彦根市",
    "会場",
    "参加決定",
    "車いす",
    ("出席 12時58分", ""),
)
ROSTER = RosterFacts(**NAMED, sessions=DAYS, rows=(ROW,), formats=False)
DOOR = DoorFacts(**NAMED, sessions=tuple((*each, "KHTM-4729") for each in DAYS), opens=60)
NASTY = "<!channel> {{ 7*7 }} 👨‍👩‍👧 =cmd() \n\n" * 3


def pages(pdf):
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def many(count, **changes):
    return replace(ROSTER, rows=tuple(replace(ROW, number=n, **changes) for n in range(1, count + 1)))


@pytest.mark.parametrize("code", ["KHTM-4729", "ACEF-2222"])
def test_what_is_drawn_is_the_symbol_of_the_code(code):
    matrix = segno.make(code, error="h", micro=False).matrix
    size = QR / len(matrix)
    drawn = [[0] * len(matrix) for _ in matrix]
    for box in _modules(code, 10.0, 20.0):
        y, x = round((box.y - 20) / size), round((box.x - 10) / size)
        for n in range(round(box.width / size)):
            drawn[y][x + n] = 1

    assert drawn == [list(row) for row in matrix]
    assert drawn != [list(row) for row in segno.make("KHTM-4728", error="h", micro=False).matrix]


def test_the_door_says_when_which_code_and_what_to_do():
    first, second = pages(door(DOOR))

    for each in (
        "研修会「ダブルケアを支える」",
        "13時から16時まで",
        "KHTM-4729",
        "受付の者にお名前をお知らせください",
    ):
        assert each in first
        assert each in second
    assert "令和8年12月8日" in first
    assert "令和8年12月9日" in second


@pytest.mark.parametrize("words", ["題" * 120, NASTY * 2, ""])
def test_the_door_stays_one_page_a_session_whatever_it_is_called(words):
    assert len(pages(door(replace(DOOR, title=words, place=words * 2)))) == 2


def test_the_roster_has_everybody_and_its_head_on_every_page():
    said = pages(roster(many(60)))

    assert len(said) > 3
    assert all("ご署名" in page and f"{n}/{len(said)}ページ" in page for n, page in enumerate(said, 1))
    assert sum(page.count("高木陽子") for page in said) == 60
    assert "1回目出席12時58分" in said[0]
    assert (
        "回目"
        not in pages(roster(replace(ROSTER, sessions=DAYS[:1], rows=(replace(ROW, marks=("出席",)),))))[0]
    )


@pytest.mark.parametrize("words", ["配" * 3000, NASTY, "W" * 300])
def test_no_words_break_the_table(words):
    said = pages(roster(many(3, name=words[:60], agency=words[:80], needs=words)))

    assert "".join(said).count("彦根市高齢") == 3


def test_an_empty_roster_says_so():
    assert "まだいません" in pages(roster(replace(ROSTER, rows=())))[0]
    assert "まだいません" not in pages(roster(ROSTER))[0]


def test_the_same_facts_give_the_same_bytes():
    assert roster(ROSTER) == roster(ROSTER)
    assert door(DOOR) == door(DOOR)
    assert table(ROSTER) == table(ROSTER)
    assert roster(ROSTER) != roster(replace(ROSTER, number="R8-T004"))


async def test_both_are_made_in_a_process_of_their_own():
    assert await printed(ROSTER) == roster(ROSTER)
    assert await printed(DOOR) == door(DOOR)


def test_a_moment_without_its_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        replace(ROSTER, made_at=datetime(2026, 12, 8))
    with pytest.raises(ValueError, match="zone"):
        replace(DOOR, sessions=((datetime(2026, 12, 8), NOW, "x"),))
