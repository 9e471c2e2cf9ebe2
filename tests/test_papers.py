"""The receipt and the advice on A4: what they say, and what they never lose or tell."""

import logging
import re
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest
from fpdf import FPDF
from pypdf import PdfReader

from bot.reports.paper import advice, receipt
from bot.reports.press import Press
from bot.reports.typeset import GETA
from tests.papers import ADVICE, RECEIPT, in_order, pages, read

LONG_ADVICE = ("断られた日も、記録に残しておきます。「断る」も、大切な意思の表れです。" * 100)[:3000]
NASTY = "家族👨‍👩‍👧と🇯🇵の件😀。髙﨑さんと𠮷野さん\u202e、か\u0301\u200b、葛\U000e0100城\x07 <!channel> {{ 7 * 7 }} {% endblock %} \\ ()"


def test_the_receipt_says_when_who_calls_and_how_and_what_comes_next():
    said = read(receipt(RECEIPT))

    assert in_order(
        said,
        "公益社団法人 どこか県社会福祉士会",
        "お預かりの控え",
        "様",
        "令和8年11月24日(火) 11時までに",
        "相談担当の社会福祉士からお電話します。",
        "受付番号",
        "R8-0042",
        "令和8年11月24日(火) 9時20分",
        "携帯のみにかける・伝言しない",
        "いのちやからだの危険が心配なとき",
        "110番",
        "119番",
        "緊急の通報先ではありません",
        "つぎにしていただくこと",
        "支援者のための相談窓口",
        "電話 077-000-0000",
        "〒520-0000",
    )
    assert not in_order(said, "電話 077-000-0000", "お預かりの控え")


def test_the_emergency_words_come_first_when_there_is_danger():
    danger = replace(RECEIPT, danger_first=True, emergency=("児童虐待の通告 189",))

    assert in_order(read(receipt(danger)), "様", "110番", "児童虐待の通告 189", "お声がけくださり")
    assert not in_order(read(receipt(RECEIPT)), "110番", "お声がけくださり")


def test_where_no_call_was_promised_the_receipt_promises_no_time():
    said = read(receipt(replace(RECEIPT, call_by=None)))

    assert "ご連絡します" in said
    assert "までに" not in said
    assert "までに" in read(receipt(RECEIPT))


def test_a_receipt_is_one_page_even_with_all_it_can_hold():
    full = replace(
        RECEIPT,
        danger_first=True,
        emergency=tuple(f"どこかの窓口 0120-000-00{n}" for n in range(4)),
        how_to_call=(
            "会名を名乗ってよい",
            "担当者の個人名のみで",
            "伝言しない",
            "携帯のみにかける",
            "職場にはかけない",
        ),
    )

    assert len(pages(receipt(full))) == 1
    assert len(pages(receipt(RECEIPT))) == 1


def test_the_advice_says_what_was_asked_what_was_said_and_the_next_step():
    said = read(advice(ADVICE))

    assert in_order(
        said,
        "ごいっしょに考えたこと",
        "令和8年11月27日(金)",
        "担当の社会福祉士",
        "支援者の孤立・疲弊",
        "見立て(アセスメント)に迷う",
        "足を運んでこられました。",
        "主治医に、同席をお願いしてみる。",
        "つぎの一歩",
        "令和8年12月8日(火)ごろ",
        "主治医へ電話できいてみる。",
        "ありがとうございました",
        "電話 077-000-0000",
    )
    assert len(pages(advice(ADVICE))) == 1


def test_three_thousand_characters_of_advice_are_all_there_on_numbered_pages():
    pdf = advice(replace(ADVICE, advice=LONG_ADVICE))

    said = re.sub(r"受付番号R8-0042\d+/\d+ページ", "", read(pdf))
    assert LONG_ADVICE in said
    count = len(pages(pdf))
    assert 2 <= count <= 3
    for number, page in enumerate(pages(pdf), 1):
        assert f"{number}/{count}ページ" in "".join(page.extract_text().split())
    assert "ページ" not in read(advice(ADVICE))


@pytest.mark.parametrize(
    "text", ["。" * 300, "ｶﾞ" * 400, "a" * 3000, "あ\n" * 1500, "「" * 300, "\n\n\n", "", "「。" * 500]
)
def test_no_advice_is_too_odd_to_print(text: str):
    said = re.sub(r"受付番号R8-0042\d+/\d+ページ", "", read(advice(replace(ADVICE, advice=text))))

    assert "".join(text.split()) in said


def test_letters_without_a_shape_become_a_mark_and_all_others_stay(caplog: pytest.LogCaptureFixture):
    said = read(advice(replace(ADVICE, advice=NASTY, next_step=NASTY)))

    assert "家族〓と〓の件〓。髙﨑さんと𠮷野さん、か、葛城<!channel>{{7*7}}{%endblock%}\\()" in said.replace(
        "か\u0301", "か"
    )
    assert said.count("{{7*7}}") == 2
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_the_press_itself_would_have_lost_them(caplog: pytest.LogCaptureFixture):
    """Control: without `printable` the letter is gone."""
    press = Press("t", RECEIPT.made_at)
    press.add_page()
    press.set_font("sans")
    press.text(20, 20, "件😀")

    assert GETA not in read(bytes(press.output()))
    assert "missing" in caplog.text


def test_the_same_facts_give_the_same_bytes_and_others_do_not():
    assert receipt(RECEIPT) == receipt(RECEIPT)
    assert advice(ADVICE) == advice(ADVICE)
    assert receipt(RECEIPT) != receipt(replace(RECEIPT, number="R8-0043"))
    assert receipt(RECEIPT) != receipt(replace(RECEIPT, made_at=datetime(2026, 11, 24, 0, 22, tzinfo=UTC)))


def test_the_file_tells_nobody_more_than_its_title_and_its_date():
    reader = PdfReader(BytesIO(advice(replace(ADVICE, counselor="社会福祉士 内緒"))))

    assert reader.metadata is not None
    assert {key: str(value) for key, value in reader.metadata.items()} == {
        "/Title": "ごいっしょに考えたこと R8-0042",
        "/Creator": "Yorisoi",
        "/Producer": "Yorisoi",
        "/CreationDate": "D:20261127150000+09'00'",
    }
    assert reader.xmp_metadata is None


@pytest.mark.parametrize("pdf", [receipt(RECEIPT), advice(ADVICE)])
def test_a_screen_reader_is_told_the_language_the_title_and_the_headings(pdf: bytes):
    catalog = PdfReader(BytesIO(pdf)).root_object

    kinds = [element.get_object()["/S"] for element in catalog["/StructTreeRoot"]["/K"][0].get_object()["/K"]]
    assert catalog["/Lang"] == "ja"
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") >= 2
    assert set(kinds) == {"/H1", "/H2", "/P"}


@pytest.mark.parametrize("pdf", [receipt(RECEIPT), advice(replace(ADVICE, advice=LONG_ADVICE))])
def test_nothing_stands_in_the_margins(pdf: bytes):
    heights: list[float] = []

    def seen(text: str, _cm: list[float], tm: list[float], *_font: object) -> None:
        if text.strip():
            heights.append(tm[5])

    for page in pages(pdf):
        assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
        page.extract_text(visitor_text=seen)
    assert heights
    assert all(25 < height < 800 for height in heights)


def test_the_faces_travel_with_the_file():
    fonts = pages(receipt(RECEIPT))[0]["/Resources"]["/Font"]

    for font in fonts.values():
        inner = font.get_object()["/DescendantFonts"][0].get_object()
        assert (
            inner["/FontDescriptor"].get_object()["/FontFile3"].get_object()["/Subtype"] == "/CIDFontType0C"
        )
    assert len(receipt(RECEIPT)) < 150_000


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        replace(RECEIPT, call_by=datetime(2026, 11, 24, 11, 0))
    with pytest.raises(ValueError, match="time zone"):
        replace(ADVICE, advised_at=datetime(2026, 11, 24, 11, 0))


def test_plain_pdf_text_is_not_accidentally_the_same():
    """Control: `read` finds only what is on the page."""
    blank = FPDF()
    blank.add_page()

    assert read(bytes(blank.output())) == ""
