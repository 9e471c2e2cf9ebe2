"""The receipt and the advice on A4: what they say, how their lines break, and what they never hold."""

import asyncio
import logging
import pickle
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PageObject, PdfReader

from bot.reports import apart
from bot.reports.apart import NotPrinted, printed
from bot.reports.facts import AdviceFacts, DeskFacts, ReceiptFacts
from bot.reports.paper import advice, receipt
from bot.reports.press import Press
from bot.reports.typeset import GETA, HANGING, NEVER_FIRST, NEVER_LAST, lines, printable, weight
from bot.reports.words import Words

DESK = DeskFacts(
    name="支援者のための相談窓口",
    phone="077-000-0000",
    address="〒520-0000 滋賀県どこか市どこか町1丁目2-3",
    keeper="公益社団法人 どこか県社会福祉士会",
    hours="月曜から金曜 9時から17時",
)
RECEIPT = ReceiptFacts(
    desk=DESK,
    number="R8-0042",
    received_at=datetime(2026, 11, 24, 0, 20, tzinfo=UTC),
    call_by=datetime(2026, 11, 24, 2, 0, tzinfo=UTC),
    made_at=datetime(2026, 11, 24, 0, 21, tzinfo=UTC),
    how_to_call=("携帯のみにかける", "伝言しない"),
)
ADVICE = AdviceFacts(
    desk=DESK,
    number="R8-0042",
    advised_at=datetime(2026, 11, 27, 5, 0, tzinfo=UTC),
    advice="Aさん(80代)のところへ、月に2回、足を運んでこられました。\n\n主治医に、同席をお願いしてみる。",
    made_at=datetime(2026, 11, 27, 6, 0, tzinfo=UTC),
    asked=("支援者の孤立・疲弊", "見立て(アセスメント)に迷う"),
    next_step="主治医へ電話できいてみる。",
    next_on=date(2026, 12, 8),
)
LONG_ADVICE = ("断られた日も、記録に残しておきます。「断る」も、大切な意思の表れです。" * 100)[:3000]
NASTY = "家族👨‍👩‍👧と🇯🇵の件😀。髙﨑さんと𠮷野さん\u202e、か\u0301\u200b、葛\U000e0100城\x07 <!channel> {{ 7 * 7 }} {% endblock %} \\ ()"


def read(pdf: bytes) -> str:
    """All that a reader finds on the pages, without spaces."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


def pages(pdf: bytes) -> list[PageObject]:
    return list(PdfReader(BytesIO(pdf)).pages)


def in_order(text: str, *parts: str) -> bool:
    return re.search(".*".join(re.escape("".join(part.split())) for part in parts), text) is not None


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


async def test_a_paper_made_in_its_own_process_is_the_same_paper():
    assert await printed(RECEIPT) == receipt(RECEIPT)
    assert await printed(ADVICE) == advice(ADVICE)


async def test_a_paper_that_cannot_be_made_is_told_without_its_words():
    with pytest.raises(NotPrinted) as told:
        await printed(replace(ADVICE, asked=None))  # type: ignore[arg-type]

    assert "Aさん" not in str(told.value)
    assert await printed(RECEIPT) == receipt(RECEIPT)  # the next one is made all the same


async def test_a_press_that_was_ended_while_it_waited_is_replaced():
    setter = apart._Setter()
    first = await asyncio.to_thread(setter.printed, pickle.dumps(RECEIPT))
    child = setter._child
    assert child
    child._process.kill()
    child._process.wait()

    with pytest.raises(NotPrinted):  # the control: by itself it prints no more
        child.printed(pickle.dumps(RECEIPT))
    assert await asyncio.to_thread(setter.printed, pickle.dumps(RECEIPT)) == first
    assert setter._child is not child
    setter.end()


async def test_a_press_nobody_asks_any_more_ends_and_one_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(apart, "RESTS", 0.01)
    setter = apart._Setter()
    await asyncio.to_thread(setter.printed, pickle.dumps(RECEIPT))
    while setter._child:
        await asyncio.sleep(0.01)

    monkeypatch.setattr(apart, "LONGEST", 0.01)  # shorter than any paper takes
    with pytest.raises(NotPrinted):
        await asyncio.to_thread(setter.printed, pickle.dumps(RECEIPT))
    assert setter._child is None


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


def test_plain_pdf_text_is_not_accidentally_the_same():
    """Control: `read` finds only what is on the page."""
    blank = FPDF()
    blank.add_page()

    assert read(bytes(blank.output())) == ""
