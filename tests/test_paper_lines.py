"""Lines of papers end where Japanese lets them, and no letter is lost."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reports.typeset import GETA, HANGING, NEVER_FIRST, NEVER_LAST, lines, printable, weight
from bot.reports.words import Words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 24), "令和8年11月24日(火)"),
        (date(2019, 5, 1), "令和元年5月1日(水)"),
        (date(2027, 1, 3), "令和9年1月3日(日)"),
    ],
)
def test_days_are_said_as_papers_say_them(day: date, words: str):
    said = Words("advice", {"next_on": day})

    assert said("next_by") == f"{words}ごろ"


def square(_letter: str) -> float:
    return 1.0


def half_for_latin(letter: str) -> float:
    return 0.5 if letter.isascii() else 1.0


@pytest.mark.parametrize(
    ("text", "width", "wanted"),
    [
        ("あいうえお。か", 5, ["あいうえお。", "か"]),  # a full stop hangs over the edge
        ("あいうえ「お」", 5, ["あいうえ", "「お」"]),  # an opening bracket does not end a line
        ("あいうえお」か", 5, ["あいうえ", "お」か"]),  # a closing one does not begin one
        ("あいうキャー", 5, ["あいう", "キャー"]),
        ("あいうえ……。", 5, ["あいう", "え……。"]),
        ("あいうえassessmentです", 8, ["あいうえ", "assessmentです"]),
        ("いろは abc def", 5, ["いろは abc", "def"]),
        ("あいう12月です", 4.5, ["あいう", "12月です"]),
        ("あ\n\n\n\nい", 5, ["あ", "", "い"]),
        ("a" * 25, 5, ["a" * 10, "a" * 10, "a" * 5]),
    ],
)
def test_lines_end_where_japanese_lets_them(text: str, width: float, wanted: list[str]):
    assert [line.text for line in lines(text, width, half_for_latin)] == wanted


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["あ", "い", "漢字。", "「キャ」、", "え……", "うー", "か12月", "（う、）", "お ", "\n"]
        )
    ),
    st.floats(7, 30),
)
def test_every_letter_is_kept_and_no_line_begins_or_ends_wrongly(chunks: list[str], width: float):
    text = "".join(chunks)

    made = [line.text for line in lines(text, width, square)]

    assert "".join("".join(made).split()) == "".join(text.split())
    assert all(weight(row, square) <= width for row in made)
    assert not wrong(made)


def test_cutting_by_length_alone_breaks_the_rules():
    """Control: what the property above would find."""
    text = "きょうは、雨です。あしたは「晴れ」でしょう。" * 5
    naive = [text[at : at + 7] for at in range(0, len(text), 7)]

    assert wrong(naive)
    assert not wrong([line.text for line in lines(text, 7, square)])


def wrong(rows: list[str]) -> bool:
    return any(row[:1] in NEVER_FIRST or row[-1:] in NEVER_LAST for row in rows if row)


def test_full_lines_reach_the_edge_and_the_last_does_not_stretch():
    made = lines("あいう「え」おかきくけこさしすせそ「た」ちつてとなにぬねの", 10.5, square)

    assert len(made) > 2
    for line in made[:-1]:
        standing = line.text.rstrip("".join(HANGING))
        assert weight(line.text, square) + line.gap * (len(standing) - 1) == pytest.approx(10.5)
    assert made[-1].gap == 0


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1\ufe0f\u20e3番", "1番"),
        ("か\u3099", "が"),
        ("a\u0300\u0316", "à"),
        ("☂\ufe0f", "〓"),
        ("👩🏽‍🦽です", "〓です"),
        ("あ\u200dい", "あい"),
        ("一\r\n二\u2028三", "一\n二\n三"),
        ("\ud800", "〓"),
    ],
)
def test_what_is_seen_as_one_letter_is_treated_as_one(text: str, wanted: str):
    knows: Callable[[str], bool] = lambda letter: letter.isalnum() or letter == GETA

    assert printable(text, knows) == wanted
