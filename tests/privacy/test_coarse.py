"""What a text tells of whom it is about, where it says one thing."""

import pytest

from bot import codes
from bot.privacy import coarse


@pytest.mark.parametrize(
    ("text", "age", "sex", "household"),
    [
        ("ひとり暮らしの80代の方です。", "senior", None, "alone"),
        ("80代の母と50代の息子の二人暮らしです。", None, None, "parent_child"),
        ("利用者（80代女性）。50代の夫がいる。", "senior", "female", None),
        ("不登校の中学生。母子家庭。", "minor", None, "single_parent"),
        ("90歳以上の男性。妻との二人暮らし。", "senior", "male", "couple"),
        ("本人は60代。三世代で暮らす。", None, None, "three_generations"),
        ("30代の方。施設に入所している。", "adult", None, "facility"),
        ("男性と女性の訪問員が行く。", None, None, None),
        ("", None, None, None),
    ],
)
def test_only_what_is_said_once_is_told(text, age, sex, household):
    assert (coarse.age_band(text), coarse.sex(text), coarse.household(text)) == (age, sex, household)


def test_where_the_text_is_silent_the_codes_may_tell():
    assert coarse.age_band("", ["abuse_elder"]) == "senior"
    assert coarse.household("", ["c8050"]) == "parent_child"
    assert coarse.household("ひとり暮らし", ["c8050"]) == "alone"
    assert coarse.age_band("", ["abuse_elder", "truancy"]) is None


def test_every_code_it_gives_is_on_the_list():
    assert set(coarse.BANDS.values()) <= set(codes.load("age_bands").codes)
    assert set(coarse.SEXES) <= set(codes.load("sexes").codes)
    assert {*coarse.LIVING, *coarse.HOUSEHOLDS.values()} <= set(codes.load("households").codes)
