"""Nobody stands in a masked text, and nothing else was taken out of it."""

import pytest

from bot import codes
from bot.privacy.anonymizer import LIMIT, Known, Label, anonymize, holds_my_number
from tests.privacy.notes import MASKED, NOBODY, NOT_TWELVE, TWELVE


@pytest.mark.parametrize(("note", "masked"), MASKED)
def test_who_is_named_is_masked(note, masked):
    read = anonymize(note)

    assert read.masked == masked
    assert anonymize(read.masked).spans == ()


@pytest.mark.parametrize("note", NOBODY)
def test_where_nobody_is_named_nothing_is_touched(note):
    read = anonymize(note)

    assert (read.spans, read.masked, read.refused) == ((), note, False)


@pytest.mark.parametrize("note", TWELVE)
def test_twelve_digits_are_refused_in_any_grouping(note):
    assert anonymize(f"番号は {note}").refused
    assert holds_my_number(f"番号は {note}")


@pytest.mark.parametrize("note", NOT_TWELVE)
def test_other_digits_are_not_refused(note):
    assert not anonymize(note).refused
    assert not holds_my_number(note)


def test_what_is_known_is_masked_where_no_rule_would_see_it():
    note = "歩いていたら空豆に会い、電池の話をした"
    assert anonymize(note).spans == ()

    known = anonymize(note, known=["空豆", Known("電池", Label.ORG)])

    assert known.masked == "歩いていたらAに会い、（団体）の話をした"
    assert known.surfaces == ("空豆", "電池")


def test_what_is_known_is_found_however_it_is_spaced_and_by_its_parts():
    assert anonymize("ﾖｼ江 と　中川 ヨ シ 江", known=["中川ヨシ江"]).masked == "A と　A"
    assert anonymize("陽子はげんき。中川 陽子", known=["中川陽子"]).masked == "Aはげんき。A"


def test_a_person_can_say_that_a_word_is_nobody():
    note = "中川さんと森川さん、大津市、090-1234-5678"
    read = anonymize(note, keep=["中川", "大津市", "090-1234-5678"])

    assert read.masked == "中川さんとAさん、大津市、（電話番号）"
    assert anonymize(note, known=["中川"], keep=["中川"]).masked.startswith("Aさん")


def test_the_same_person_keeps_the_letter_by_each_name():
    read = anonymize("中川ヨシ江さん、中川さん、ヨシ江さん、北川さん")
    assert read.masked == "Aさん、Aさん、Aさん、Bさん"


def test_two_of_one_surname_are_not_made_one():
    read = anonymize("田中光代さんと田中太郎さん、田中さん")
    assert read.masked == "AさんとBさん、Cさん"


def test_letters_go_on_after_z():
    names = ["佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤", "吉田", "山田", "佐々木", "山口",
             "松本", "井上", "木村", "斎藤", "清水", "山崎", "阿部", "池田", "橋本", "石川", "山下", "小川", "石井", "後藤"]  # fmt: skip
    read = anonymize("、".join(f"{name}さん" for name in names))
    assert read.masked.endswith("Yさん、Zさん、A2さん、B2さん")


def test_spans_tell_what_was_found():
    read = anonymize("中川さん 090-1234-5678")

    assert [(span.start, span.end, span.label, span.token) for span in read.spans] == [
        (0, 2, Label.PERSON, "A"),
        (5, 18, Label.PHONE, "（電話番号）"),
    ]
    assert all(0 < span.score <= 1 for span in read.spans)


def test_what_was_found_is_the_same_in_every_width():
    wide = "ＴＥＬ：０９０－１２３４－５６７８、ナカガワさん、ﾅｶｶﾞﾜさん、㍼22年5月14日生"
    assert anonymize(wide).surfaces == ("０９０－１２３４－５６７８", "ナカガワ", "ﾅｶｶﾞﾜ", "㍼22年5月14日生")


def test_masking_does_not_make_a_full_text_too_long():
    note = ("1歳、@abc、" * 400)[:LIMIT]

    read = anonymize(note)

    assert len(read.masked) <= LIMIT
    assert anonymize(read.masked).spans == ()
    assert len(anonymize("1歳、").masked) > len("1歳、")


def test_no_word_that_stands_for_something_is_itself_found():
    shown = [
        entry.label.format(letter="A", decade="80", n=number, years="2")
        for entry in codes.options("mask_tokens")
        for number in ("", "2")
    ]

    assert anonymize("、".join(shown), dates=True).spans == ()
    assert anonymize("".join(shown), dates=True).spans == ()


def test_a_record_says_when_by_the_year_of_the_first_thing_told():
    note = "2019年4月に退院。令和3年10月28日に転倒、翌月に入所。11/3に再訪問。令和2年に他界。"

    assert anonymize(note, dates=True).masked == (
        "X年春ごろに退院。X+2年秋ごろに転倒、翌月に入所。秋ごろに再訪問。X+1年に他界。"
    )
    assert anonymize(note).masked == note


def test_what_stood_for_somebody_stands_for_them_again_and_for_nobody_else():
    known = [Known("中川ヨシ江", token="D"), Known("ひだまり", Label.FACILITY, "（デイサービス）")]

    read = anonymize("中川さんと森川さん、ひだまりのこと。", known=known, taken=["A", "B"])

    assert read.masked == "DさんとCさん、（デイサービス）のこと。"


def test_a_known_name_of_one_character_is_masked_only_where_a_name_stands():
    assert anonymize("森が来た。森林の中。", known=["森"]).masked == "Aが来た。森林の中。"


def test_what_may_be_a_name_is_hinted_and_left_standing():
    hinted = [note for note, _ in MASKED] + NOBODY
    seen = [anonymize(note) for note in hinted]

    assert any(read.hints for read in seen)
    for read in seen:
        for hint in read.hints:
            assert hint.token == ""
            assert all(hint.end <= span.start or span.end <= hint.start for span in read.spans)
