"""What people type, made fit to keep."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.refusals import Refused
from bot.domain.text import Empty, TooLong, clean, clean_line, clean_or_blank

anything = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  こんにちは\u3000", "こんにちは"),
        ("か\u3099き\u3099", "がぎ"),
        ("一行\r\n二行\r三行", "一行\n二行\n三行"),
        ("一\n\n\n\n\n\n二", "一\n\n\n二"),
        ("一\n \n\u3000\n\n \n二", "一\n\n\n二"),
        ("一\n\n\n二", "一\n\n\n二"),
        ("右から\u202e左", "右から左"),
        ("見え\u200bない\ufeff字\u2060", "見えない字"),
        ("鈴\x00木\x07", "鈴木"),
        ("外字\ue000\U000f0000", "外字"),
        ("壊れた\ud800字", "壊れた字"),
        ("段\u2028落", "段\n落"),
        ("tab\there", "tab here"),
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("困った😥です", "困った😥です"),
        ("家族👨\u200d👩\u200d👧と", "家族👨\u200d👩\u200d👧と"),
        ("文\u200d字", "文字"),
        (":smile: と書く", ":smile: と書く"),
        ("<!channel> <@U1>", "<!channel> <@U1>"),
    ],
)
def test_what_is_kept(typed, kept):
    assert clean(typed, limit=3000) == kept


@pytest.mark.parametrize("typed", ["", "   ", "\n\u3000\n", "\u200b\u2060", "\x00", "\u3164", "\ufe0f"])
def test_nothing_to_read_is_empty(typed):
    with pytest.raises(Empty) as refused:
        clean(typed, limit=10)
    assert refused.value.template == "refusals/empty"
    assert clean_or_blank(typed, limit=10) == ""


def test_too_long_says_by_how_much():
    with pytest.raises(TooLong) as refused:
        clean("あ" * 12, limit=10)
    assert (refused.value.limit, refused.value.over) == (10, 2)
    assert refused.value.template == "refusals/too_long"
    assert "あ" not in str(refused.value)
    assert clean("あ" * 10 + "\u200b" * 5, limit=10) == "あ" * 10


def test_a_line_is_one_line():
    assert clean_line("鈴木\n  花子\t様", limit=20) == "鈴木 花子 様"


def test_an_answer_left_out_is_blank():
    assert clean_or_blank(None, limit=5) == ""


@given(anything)
@example("👩\u200d\u200d👧")
@example("\u200d😀")
@example("a\u200c\u0301")
def test_cleaning_is_total_and_twice_is_once(typed):
    try:
        kept = clean(typed, limit=10_000)
    except Refused as refused:
        assert isinstance(refused, Empty)
        return

    assert clean(kept, limit=10_000) == kept
    assert unicodedata.is_normalized("NFC", kept)
    assert "\n\n\n\n" not in kept
    assert kept == kept.strip()
    assert all(char == "\n" or unicodedata.category(char) not in {"Cc", "Cs", "Co"} for char in kept)
    kept.encode("utf-8")


@given(anything)
def test_a_line_never_breaks(typed):
    try:
        assert "\n" not in clean_line(typed, limit=10_000)
    except Empty:
        assert clean_or_blank(typed, limit=10_000) == ""
