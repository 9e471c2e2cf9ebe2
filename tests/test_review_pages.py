"""事例の1枚 and みんなで考えたこと on A4: one page whatever is written, and nothing beyond what was approved."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from bot import codes
from bot.domain.review_papers import BRIEF
from bot.reports.brief_page import brief
from bot.reports.facts import BriefFacts, ReviewAdviceFacts
from bot.reports.review_advice_page import review_advice
from tests.papers import DESK
from tests.review_papers import PAGE

AT = datetime(2026, 12, 3, 1, tzinfo=UTC)


def facts(words) -> BriefFacts:
    parts = tuple((codes.label("brief_parts", name), text) for name, text in words.items() if name != "topic")
    return BriefFacts(
        "相談窓口", "R8-0042", words["topic"], parts, "ケース検討会", "PCAGIP", "ご本人の了解", AT, date(2026, 11, 20), AT,
        date(2026, 12, 17),
    )  # fmt: skip


def pages(pdf: bytes) -> list[str]:
    return ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def test_the_page_says_what_was_approved_and_when_it_is_to_be_gone():
    [said] = pages(brief(facts(PAGE)))
    for text in PAGE.values():
        assert "".join(text.split()) in said
    assert "令和8年12月17日(木)までに処分" in said
    assert "12月3日(木)10時" in said
    assert "相談窓口ケース検討会" in said
    assert brief(facts(PAGE)) == brief(facts(PAGE))


@pytest.mark.parametrize(
    "text", ["支援にあたる方といっしょに考える。" * 40, "あ\n" * 300, "\n\n行" * 200, "W" * 500]
)
def test_however_full_it_is_one_page(text):
    full = {name: text[:most] for name, most in BRIEF.items()} | {"topic": "題" * 60}
    assert len(pages(brief(facts(full)))) == 1


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_whatever_fits_its_parts_fits_one_page(data):
    words = {name: data.draw(st.text(max_size=most)) for name, most in BRIEF.items()}
    assert len(pages(brief(facts(words)))) == 1


def test_the_advice_is_a_page_without_a_name():
    told = ReviewAdviceFacts(DESK, "R8-0042", AT, "玄関先で天気の話をする。", AT, ("どう声をかけるか",))
    [said] = pages(review_advice(told))
    for part in (
        "みんなで考えたこと",
        "専門職のチーム",
        "玄関先で天気の話をする。",
        "どう声をかけるか",
        DESK.phone,
    ):
        assert part in said
    assert "様" not in said
    assert len(pages(review_advice(replace(told, advice="少しずつで大丈夫です。" * 130)))) <= 2
