"""Letters that were typed in place of a name are found; those that stand for somebody, and other letters, are not."""

import pytest

from bot.privacy.initials import initials_in

NAMES = [
    "Ｙさんは断る。", "yさんは断る。", "Yは断る。", "Y子さんは断る。", "Y子は断る。", "Y氏は断る。", "Y.さんは断る。",
    "K小学校に通う。", "T市に住む。", "M病院へ行く。", "ＴＫさんは断る。", "Ｋ・Ｔさんは断る。", "T.K.さん", "Y. K.が怒る。",
    "山Pさんは断る。", "Yのおばあちゃん。", "Y夫人", "中〇さん", "中○さん", "N川さん", "Yママ", "息子のKが怒る。",
]  # fmt: skip
NOBODY = [
    "Aさんは断る。AとBの話。", "A市に住むBさん。", "CMさんと話す。SWはOTさんと。", "B型肝炎の治療。A4の紙。", "プランBの話。ビタミンDを飲む。",
    "SNSの投稿。LINEで連絡。DVは続く。", "X年の春。X+1年に転居。", "3mの高さ。PTのリハビリ。", "Wi-Fiを引く。Zoomで話す。",
    "〇〇さんと話す。", "母Aさんが来た。担当Bさん、Cは長男。", "ADHDの診断。IQが低い。", "Tシャツの色。就労B型へ通う。",
]  # fmt: skip


@pytest.mark.parametrize("text", NAMES)
def test_how_a_name_begins_is_found(text):
    assert list(initials_in(text, set()))


@pytest.mark.parametrize("text", NOBODY)
def test_letters_that_stand_for_somebody_and_other_letters_are_left(text):
    assert list(initials_in(text, set())) == []


def test_a_letter_that_was_given_is_nobodys_initial():
    assert list(initials_in("Yさんは断る。", {"Y"})) == []
    assert list(initials_in("Yさんは断る。", set("ABC"))) == ["Y"]  # the control


def test_letters_are_given_in_order_over_all_texts():
    given = {"A"}
    assert list(initials_in("Bさんが来る。", given)) == []
    assert list(initials_in("Cさんが来る。", given)) == []
    assert list(initials_in("Eさんが来る。", given)) == ["E"]  # the control: D comes before
