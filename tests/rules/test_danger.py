"""What makes the desk show where to call for help."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import codes
from bot.domain.danger import danger_in

WORDS = tuple(entry.label for entry in codes.options("danger_words"))


@pytest.mark.parametrize(
    "text",
    [
        "いま、包丁を持って暴れています",
        "「死にたい」と電話がありました",
        "死にたいと言う利用者の支援方法",
        "シニタイと書いたメモ",
        "ｼﾆﾀｲ",
        "死 に た い と言われた",
        "死　に\nたい",
        "死\u200bにたい",
        "刃物を見せられた",
        "ハモノを振り回す",
        "父に殴られたそうです",
        "意識がないようです",
        "息をしていない",
        "首をつるという話",
        "もう消えてしまいたいと",
        "リストカットの跡",
        "高齢者虐待の疑い",
        "刃物店の前で刃物を出した",
        "１１０番したほうがよいか",
    ],
)
def test_words_of_danger_are_heard(text):
    assert danger_in(text, WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "必死に介護をしています",
        "駅前の刃物店で働いている",
        "包丁研ぎのボランティア",
        "ケアマネ交代の希望が続いています",
        "首をつっこみすぎと言われました",
        "制度の狭間で支援が動かない",
        "蚊に刺されて病院へ",
        "虐待防止研修の案内をください",
        "自殺対策計画の会議について",
        "心中お察しします",
        "殺風景な部屋",
        "人が殺到する窓口",
        "死後事務の相談",
        "8050問題の世帯です",
        "",
    ],
)
def test_everyday_words_are_not(text):
    assert not danger_in(text, WORDS)


def test_without_the_harmless_words_a_cutlery_shop_would_alarm():
    assert danger_in("駅前の刃物店", [word for word in WORDS if not word.startswith("!")])


def test_without_words_nothing_is_dangerous():
    assert not danger_in("包丁", [])


@given(st.text(), st.sampled_from([word for word in WORDS if not word.startswith("!")]), st.text())
def test_a_word_of_danger_is_heard_wherever_it_stands(before, word, after):
    joined = f"{before}\n{word}\n{after}"

    heard = danger_in(joined, [each for each in WORDS if not each.startswith("!")])

    assert heard
