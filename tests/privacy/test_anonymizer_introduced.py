"""Names, houses, numbers and ages that no list knows, where a word or a form beside them says what they are.

Sentences of our own, none from a set of notes. Each kind has its control: the same words where nobody is meant.
"""

import pytest

from bot.privacy.anonymizer import anonymize, engine
from bot.privacy.anonymizer.guessed import Guessed

RELATED = [
    ("娘のひなのが泣いて帰ってきた", "ひなの"),
    ("弟のすすむと同居している", "すすむ"),
    ("まごのあかりのことで相談", "あかり"),
    ("妹の皐月は看護学生", "皐月"),
    ("上の子の律は小学二年", "律"),
    ("甥の千隼と暮らす", "千隼"),
    ("次女結月も同席した", "結月"),
    ("旦那（こすぎ　たくろう）は単身赴任", "こすぎ　たくろう"),
    ("児の紬（つむぎ、R5.3.3生）は胃ろう", "紬"),
    ("末っ子の樹が熱を出した", "樹"),
]
SPACED = [
    ("むかい かよこさんの件", "むかい かよこ"),
    ("ご連絡します。\nくぼた ますみ", "くぼた ますみ"),
    ("榎 澄江さん、80歳。", "榎 澄江"),
    ("毬 恵（めぐむ）様", "毬 恵"),
    ("入居者　百瀬　蓉子さん　71歳", "百瀬　蓉子"),
    ("仮名「ほたる」で記録する", "ほたる"),
    ("前任：穂積", "穂積"),
    ("例会を椿さんに紹介した", "椿"),
    ("湊さんが泣く。家では湊の部屋だけ暗い", "湊の部屋"),
    ("沢 きゑさん、90歳", "沢 きゑ"),
]
KATAKANA = [
    ("ﾖｺﾔﾏ ﾀﾂｺｻﾏ 85ｻｲ ﾃﾞﾝﾜｱﾘ", "ﾖｺﾔﾏ ﾀﾂｺ"),
    ("ﾁｮｳｼﾞｮ ﾏｻﾐｻﾏ ﾆ ﾚﾝﾗｸ", "ﾏｻﾐ"),
    ("CM ﾊﾗﾀﾞ ﾍ ﾎｳｺｸ", "ﾊﾗﾀﾞ"),
    ("ｵｯﾄ ｷﾖｼ ﾆｭｳｲﾝﾁｭｳ", "ｷﾖｼ"),
    ("ヨコタサマヨリ デンワ", "ヨコタ"),
    ("ツマ ノブエ ドウセキ", "ノブエ"),
    ("ホンニン ヤマネ フジオサマ", "ヤマネ フジオ"),
    ("ジナン テツロウサン コラレル", "テツロウ"),
    ("オオヤ ミズシマサン ヨリ レンラク", "ミズシマ"),
    ("アネ サダコ キンジョ ニ スム", "サダコ"),
]
FOREIGN = [
    ("José Álvarezさんの件", "José Álvarez"),
    ("Đặng Thị Mai さんから電話", "Đặng Thị Mai"),
    ("ルームメイト サントス、ラミレス", "ラミレス"),
    ("同僚のディネシュから連絡", "ディネシュ"),
    ("実習生のグエットは妊娠中", "グエット"),
    ("ナルバエス・ロドリゲス・カルロスさん", "ナルバエス・ロドリゲス・カルロス"),
    ("フェルナンダ様より", "フェルナンダ"),
    ("友人のアンジェリカと来所", "アンジェリカ"),
    ("通訳：カルバリョ", "カルバリョ"),
    ("Müller さんと面談", "Müller"),
]
BODIES = [
    ("東町第二自治会の会長", "東町第二自治会"),
    ("湖東あゆみ断酒会に参加", "湖東あゆみ断酒会"),
    ("事業協同組合サンライズで実習", "サンライズ"),
    ("アークス保証から督促", "アークス保証"),
    ("大津家裁高島出張所に申立て", "大津家裁高島出張所"),
    ("NPO法人つなぐ手の会に相談", "つなぐ手の会"),
    ("八幡おもいの診療所を受診", "八幡おもいの診療所"),
    ("自立準備ホームあけぼのに入居", "あけぼの"),
    ("きこえの教室どんぐりに通う", "どんぐり"),
    ("移動スーパーの「にこまる号」が来る", "にこまる号"),
]
NUMBERS = [
    ("| 番号 | 氏名 |\n| 3-045 | 堀 サト |", "3-045"),
    ("整理票第20451号を受領", "第20451号"),
    ("車のナンバーは き 12-34 です", "き 12-34"),
    ("彦根市 す 00-31 の軽", "す 00-31"),
    ("母は満76、父は七十九", "七十九"),
    ("長浜市菅浦00番に実家", "00番"),
    ("しげるさん六十三。", "六十三"),
    ("田口さん夫婦（81、79）", "79"),
    ("赤ちゃん（8か月）を抱いて", "8か月"),
    ("フクさん 90ｻｲ", "90ｻｲ"),
]
NOBODY = [
    "妻の暴力がつらい",
    "息子の介護は誰がするのか",
    "父の入院が長引く",
    "娘の夢は看護師",
    "弟の分も払っている",
    "孫の世話で疲れた",
    "長女夫婦は遠方",
    "友人のところに泊まる",
    "息子のいない家",
    "子の福祉を第一に",
    "児の発達が気になる",
    "おとうとの けんかが たえない",
    "いつもの診療所に行く",
    "家賃保証会社から連絡",
    "地元の自治会に入っていない",
    "老人クラブの旅行が楽しみ",
    "修学旅行の費用がない",
    "商店街のパン屋で働く",
    "担当：未定",
    "前任：異動のため不在",
    "訪問は火・金",
    "ﾆｭｳｲﾝﾁｭｳ ﾎﾝﾆﾝ ｹﾞﾝｷ",
    "3か月の子猫",
    "もう希望が持てない",
    "庭に緑のカーテンがある",
]
KINDS = [*RELATED, *SPACED, *KATAKANA, *FOREIGN, *BODIES, *NUMBERS]


@pytest.mark.parametrize(("note", "told"), KINDS, ids=lambda each: each[:12])
def test_what_a_word_beside_it_introduces_is_masked(note, told):
    assert told not in anonymize(note).masked


@pytest.mark.parametrize("note", NOBODY)
def test_the_same_places_with_ordinary_words_are_left_alone(note):
    assert anonymize(note).masked == note


def test_the_rules_carry_this_and_not_the_model_alone(monkeypatch):
    monkeypatch.setattr(engine, "guessed", lambda row, sentence, **asked: Guessed([], []))
    by_rules = sum(told not in anonymize(note).masked for note, told in KINDS)
    monkeypatch.setattr(engine, "NAMES", ())
    monkeypatch.setattr(engine.bodies, "bodies", lambda text: ())
    by_neither = sum(told not in anonymize(note).masked for note, told in KINDS)

    assert by_rules >= len(KINDS) * 0.9
    assert by_neither < len(KINDS) * 0.6


def test_a_name_of_one_character_is_followed_where_a_person_is_meant_and_nowhere_else():
    masked = anonymize("心さんが来所。心は静か、心の母も同席。誰もが心を閉ざす。").masked

    assert masked == "Aさんが来所。Aは静か、Aの母も同席。誰もが心を閉ざす。"
