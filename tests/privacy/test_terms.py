"""Japanese text as terms: however it is written, it is the same; and the sentences that tell why it was found."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.privacy import beside
from bot.privacy.passages import LONGEST, passages
from bot.privacy.terms import terms, words


@pytest.mark.parametrize(
    "spellings",
    [
        ("ゴミ屋敷", "ごみ屋敷", "ｺﾞﾐ屋敷"),
        ("ひきこもり", "引きこもり", "引き籠もり", "ヒキコモリ", "引きこもる"),
        ("断る", "断わる", "断り", "断られた"),
        ("子ども", "子供", "こども", "コドモ"),
        ("ＤＶ", "DV", "dv"),
        ("悩み", "悩む", "悩んで"),
        ("８０５０", "8050"),
        ("片付け", "片づけ", "片付ける"),
    ],
)
def test_however_it_is_written_it_is_one_term(spellings):
    found = [set(terms(each)) for each in spellings]
    assert set.intersection(*found)


@pytest.mark.parametrize(
    ("one", "other"), [("不登校", "登校"), ("認知症", "認定"), ("犬", "猫"), ("主治医", "医療")]
)
def test_what_means_something_else_is_not_the_same(one, other):
    assert set(terms(one)) != set(terms(other))


@pytest.mark.parametrize(
    "text",
    ["", "は、が、を。", "こと もの ため", "あ" * 3000, "　\n\t", "!?…♪", "A", "1", "する した している"],
)
def test_what_says_nothing_gives_no_term(text):
    assert terms(text) == ()


def test_a_term_that_stands_twice_is_given_once():
    assert terms("犬と犬と猫") == ("犬", "猫")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_a_word_stands_where_it_says_whatever_the_text(text):
    for word in words(text):
        assert 0 <= word.start < word.end <= len(text)
        assert all(term.isalnum() and term == term.lower() for term in word.terms)


@settings(max_examples=50, deadline=None)
@given(
    st.text(alphabet="犬猫屋敷のが。\n😀é𠮷ｶﾞ", max_size=40), st.sampled_from(["認知症", "ごみ屋敷", "拒否"])
)
def test_a_word_among_others_is_found_at_its_place(before, word):
    text = f"{before}。{word}。"
    assert any(text[each.start : each.end] == word for each in words(text))


async def test_the_process_beside_reads_the_same_words():
    texts = ["ごみ屋敷の片づけを断られる。", "", "𠮷野さんは認知症です。😀犬"]
    assert await beside.words(texts) == [words(each) for each in texts]
    assert await beside.words([]) == []


async def test_a_process_that_is_gone_keeps_nobody_waiting():
    await beside.words(["犬"])
    beside.end()
    assert await beside.words(["犬"]) == [words("犬")]


def test_many_may_read_at_once():
    text = "訪問を断られることが続いています。" * 200
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(terms, [text] * 12))
    assert found == [terms(text)] * 12


# The sentences that tell


def told(text: str, *looked_for: str, most: int = 2) -> list[str]:
    """The passages, what was looked for in brackets."""
    found = passages([(text, words(text))], dict.fromkeys(looked_for, 1.0), most)
    return ["".join(f"[{piece}]" if marked else piece for piece, marked in each) for each in found]


def test_the_sentences_with_the_most_of_the_words_are_told_in_their_order():
    text = "犬がいる。何もない。猫と犬がいる。猫だけ。"
    assert told(text, "犬", "猫", most=1) == ["[猫]と[犬]がいる。"]
    assert told(text, "犬", "猫") == ["[犬]がいる。", "[猫]と[犬]がいる。"]


def test_where_nothing_was_looked_for_the_first_sentence_is_told():
    assert told("はじめの文。つぎの文。") == ["はじめの文。"]
    assert told("") == []


def test_a_word_of_several_units_is_marked_as_one():
    assert told("不登校の子。", "不登校", "登校") == ["[不登校]の子。"]


def test_a_long_sentence_is_cut_around_what_was_looked_for():
    long = "とても長い前置きがあって、" * 20 + "ここに烏骨鶏がいて、" + "まだまだ続いて、" * 30
    (one,) = told(long, *terms("烏骨鶏"), most=1)
    assert "[烏骨鶏]" in one
    assert one.startswith("…")
    assert one.endswith("…")
    assert len(one) <= LONGEST + len("……[]")


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="犬猫のが。、\n😀 a", max_size=300))
def test_passages_are_pieces_of_the_text(text):
    for passage in passages([(text, words(text))], {"犬": 1.0}, 2):
        said = "".join(piece for piece, _ in passage)
        assert said.strip("…") in text
        assert len(said) <= LONGEST + 2


def test_reading_does_not_hold_the_loop():
    """Nothing of Sudachi runs where everybody is answered: the child has it."""

    async def read() -> int:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0)

        beating = asyncio.ensure_future(tick())
        await beside.words(["訪問を断られることが続いています。" * 300])
        beating.cancel()
        return ticks

    async def inline() -> int:
        words("訪問を断られることが続いています。" * 300)
        return 1

    # A machine that is busy elsewhere may let us run only when the child is done already: then once more.
    assert any(asyncio.run(read()) > 10 * asyncio.run(inline()) for _ in range(10))
