"""Unusual facts: what tells who it is without a name is found, and what many people share is not."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import codes
from bot.privacy.anonymizer import anonymize
from bot.privacy.unusual import unusual_in, without

FOUND = [
    ("rare_disease", "筋萎縮性側索硬化症の夫を介護している。", "筋萎縮性側索硬化症", "難病"),
    ("rare_disease", "ＡＬＳと告げられた。", "ＡＬＳ", "難病"),
    ("rare_disease", "ギランバレー症候群のあと歩けない。", "ギランバレー症候群", "難病"),
    ("many_births", "三つ子を育てている。", "三つ子", "きょうだい"),
    ("many_births", "子どもが6人いる。", "6人", "数人"),
    ("many_births", "五男が同居している。", "五男", "子"),
    ("nationality", "ブラジル国籍の女性。", "ブラジル国籍", "外国籍"),
    ("nationality", "日系ペルー人の夫。", "日系ペルー", "外国"),
    ("nationality", "ポルトガル語の通訳を頼む。", "ポルトガル", "外国"),
    ("incident", "昨年、新聞に載った事件の家族。", "新聞に載った事件", "出来事"),
    ("incident", "無理心中を図った。", "無理心中", "出来事"),
    ("sum", "借金が253万円ある。", "253万円", "まとまった額"),
    ("sum", "年金は月6万5千円。", "6万5千円", "まとまった額"),
    ("sum", "片道２，６００円かかる。", "２，６００円", "少しの額"),
    ("sum", "宝くじで3億円が当たった。", "3億円", "まとまった額"),
    (
        "quotation", "「わしは天皇の落とし子じゃ、誰の世話にもならん」と怒鳴る。",
        "「わしは天皇の落とし子じゃ、誰の世話にもならん」", "（発言）",
    ),
    ("animal", "猫が23匹いる。", "23匹", "たくさん"),
    ("animal", "8匹の犬を飼う。", "8匹", "たくさん"),
    ("animal", "ヤギを飼っている。", "ヤギ", "動物"),
    ("animal", "愛犬のハナが亡くなった。", "愛犬のハナ", "飼い犬"),
    ("animal", "スコティッシュフォールドを飼う。", "スコティッシュフォールド", "飼い猫"),
    ("vehicle", "赤いプリウスで来る。", "赤いプリウス", "車"),
    ("vehicle", "白い軽トラに乗る。", "白い軽トラ", "車"),
    ("vehicle", "クラウンを運転している。", "クラウン", "車"),
    ("job", "父は元市議会議員である。", "元市議会議員", "ある仕事"),
    ("job", "母は住職の娘。", "住職", "ある仕事"),
    ("job", "夫は元校長。", "元校長", "ある役職"),
    ("job", "組合長を務めていた。", "組合長", "ある役職"),
    ("date", "令和3年5月3日に退職した。", "令和3年5月3日", "ある時期"),
    ("date", "2021年に転居した。", "2021年", "ある時期"),
    ("award", "甲子園に出場したことがある。", "甲子園", "（実績）"),
    ("award", "県内初の女性の班長。", "県内初の", "めずらしい"),
    ("rare_disease", "HIV陽性と分かった。", "HIV陽性", "ある病気"),
    ("many_births", "子が6人いる。", "6人", "数人"),
    ("incident", "NHKで放送された。", "NHKで放送された", "出来事"),
    ("incident", "裁判で無罪になった。", "裁判で無罪", "出来事"),
    ("sum", "¥253,000の滞納。", "¥253,000", "まとまった額"),
    ("sum", "253万の借金。", "253万", "まとまった額"),
    ("job", "父はヤクザ。", "ヤクザ", "ある仕事"),
    ("job", "組長だった。", "組長", "ある役職"),
    ("date", "百一歳の祖母。", "百一歳", "90歳以上"),
    ("date", "103歳で歩く。", "103歳", "90歳以上"),
    ("private", "エホバの証人の信者。", "エホバの証人の信者", "ある信仰"),
    ("private", "創価学会に入る。", "創価学会", "ある信仰"),
    ("private", "被差別部落の出身。", "被差別部落の出身", "ある出自"),
    ("private", "在日コリアンの夫婦。", "在日コリアン", "ある出自"),
    ("private", "トランスジェンダーの方。", "トランスジェンダー", "性のあり方"),
    ("private", "性同一性障害と言う。", "性同一性障害", "性のあり方"),
]  # fmt: skip
SHARED = [
    "犬1匹と暮らす。猫を2匹飼っている。犬のトイレが片づかない。",
    "民生委員から連絡があった。市長申立てを検討する。校長と面談した。自治会長に相談する。",
    "「8050問題」の世帯。「見立て」を共有する。「また来ます」と短く伝える。",
    "「困ったときは、いつでも電話をください」と伝える。",
    "約10万円の収入。数十万円の借金。130万円の壁。100円ショップ。500円を渡す。38万円以下。",
    "認知症と糖尿病がある。うつ病で通院。パーキンソン病。統合失調症。発達障害。",
    "日本人の夫。外国籍の方。英語の本。人口が減る。中国地方。アメリカの映画。",
    "X年春に退職。2年後に転居。3か月前。2025年問題。令和3年改正の法。",
    "車いすを使う。白い車いす。車の運転が心配。救急車。サイズがフィットする。",
    "点検事項を確認。批判事例。最大使用量。計画家族。カメラを向ける。リハーサル。亀裂が入る。蛇口をひねる。出馬した。",
    "事件性はない。ニュースを見る。テレビを見て過ごす。新聞を取っている。",
    "きょうだいは3人。子どもが2人。長男と次男。パイロット事業。県議会の答弁。",
    "NHKを見て過ごす。¥100の品。90歳以上の母。組長に相談する。乗組員の研修。ゲインが増す。スレイヤクザイ。男の子が2人。",
    "80代の母と50代の息子の二人暮らし。一番の心配。初めての相談。",
]


@pytest.mark.parametrize(("kind", "text", "surface", "instead"), FOUND)
def test_what_tells_who_it_is_is_found_and_a_general_word_stands_for_it(kind, text, surface, instead):
    [fact] = unusual_in(text)

    assert (fact.kind, text[fact.start : fact.end], fact.instead) == (kind, surface, instead)
    assert without(text, [fact]) == text.replace(surface, instead)
    assert unusual_in(without(text, [fact])) == ()


@pytest.mark.parametrize("text", SHARED)
def test_what_many_share_is_left_alone(text):
    assert [text[each.start : each.end] for each in unusual_in(text)] == []


def test_every_kind_has_an_example_and_words_on_the_list():
    kinds = {each.code for each in codes.options("unusual_facts")}

    assert kinds - {"unmasked"} == {kind for kind, *_ in FOUND}  # a name that was left standing
    assert all(each.definition and each.more["replacement"] for each in codes.options("unusual_facts"))


def test_what_is_to_stay_stays():
    text = "父は元市議会議員で、借金が253万円ある。"

    assert without(text, unusual_in(text), {"253万円"}) == "父はある仕事で、借金が253万円ある。"


def test_general_words_are_nobodys_name_and_no_unusual_fact():
    for each in codes.options("unusual_facts"):
        for word in [value for name, value in each.more.items()]:
            text = f"本人には{word}がある。"
            assert unusual_in(text) == ()
            assert anonymize(text, dates=True).spans == ()


unusual_in("")  # the first reading loads the words, which takes longer than any other
PIECES = (
    [text for _, text, _, _ in FOUND] + SHARED + ["\n", "　", "「", "」", "𠮟る", "か\u3099", "９９９円", "A"]
)


@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
def test_whatever_stands_together_what_is_replaced_is_found_no_more(text):
    facts = unusual_in(text)

    assert all(0 <= each.start < each.end <= len(text) for each in facts)
    assert all(one.end <= other.start for one, other in zip(facts, facts[1:], strict=False))
    assert unusual_in(without(text, facts)) == ()


@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    unusual_in(text)


def test_seldom_in_notes_as_supporters_write_them():
    """Most notes hold none but words somebody said, dates and sums: what is left is a handful in a hundred."""
    notes = [
        json.loads(line)["text"]
        for line in (Path(__file__).parent / "notes_styles.jsonl").read_text().splitlines()
    ]
    usual = {"quotation", "date", "sum"}

    with_rare = [text for text in notes if any(each.kind not in usual for each in unusual_in(text))]

    assert len(with_rare) <= len(notes) * 0.2
