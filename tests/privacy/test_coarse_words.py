"""A text without what tells a coarse fact: for where too few share that."""

import pytest

from bot.privacy.coarse import without
from bot.privacy.uniqueness import WIDENED

TOLD = {
    "region": [
        ("彦根市に住む。", "ある地域に住む。"),
        ("湖西圏域の方。", "ある地域の方。"),
        ("大津から東近江市へ。", "ある地域からある地域へ。"),
        ("東近江市の方。甲良町内の家。", "ある地域の方。ある地域内の家。"),
    ],
    "age_band": [
        ("80代の母。", "ある年代の母。"),
        ("９０歳以上の方。", "ある年代の方。"),
        ("小学生の子。", "ある年代の人の子。"),
        ("五十代前半で離職。", "ある年代で離職。"),
    ],
    "sex": [
        ("男性が怒る。", "人が怒る。"),
        ("母は大丈夫と言う。夫婦で来る。", "親は大丈夫と言う。夫婦で来る。"),
        ("長男と妻。", "子と配偶者。"),
    ],
    "household": [
        ("三世代で暮らす。", "ある世帯で暮らす。"),
        ("母と息子の二人暮らし。", "家族とある世帯。"),
        ("8050問題。施設に入所中。", "ある世帯。ある世帯。"),
    ],
}


@pytest.mark.parametrize(
    ("fact", "text", "expected"), [(fact, *each) for fact, those in TOLD.items() for each in those]
)
def test_the_words_of_a_fact_are_left_out_and_those_of_others_stay(fact, text, expected):
    assert without(text, [fact]) == expected
    assert without(expected, [fact]) == expected
    assert without(text, []) == text  # the control


def test_a_theme_has_no_words_of_its_own():
    text = "訪問を断られる。通帳をなくす。"
    assert without(text, ["theme"]) == without(text, WIDENED) == text
