"""Firms, clubs, courts and vans that say what they are before or after a name of their own."""

import re
from collections.abc import Iterator

from bot.privacy.anonymizer.found import Found, Label
from bot.privacy.anonymizer.institutions import NOT_CALLED, PUBLIC, house, is_new
from bot.privacy.anonymizer.names import K
from bot.privacy.anonymizer.reader import looked_up
from bot.privacy.anonymizer.words import NOT_FIRMS, SURNAMES

UNION = re.compile(
    f"(?:(?:事業|農業|漁業|企業|生活|消費生活|監理)?協同組合|生協|監理団体|登録支援機関|送出機関|労働組合|ユニオン|一般財団|公益財団|宗教法人|NPO|エヌピーオー|ボランティア団体|市民団体|当事者団体|自助グループ|サークル|派遣会社|保証会社|不動産会社|管理会社|運送会社|警備会社|清掃会社|建設会社|葬儀社|引越センター|便利屋|新聞販売店|弁護士事務所|(?:居酒屋|ラーメン|喫茶|カフェ|パン屋|本屋|美容室|美容院|理容|カラオケ|スナック)(?=[の「]))(?:の|「|『|・| )?"
    rf"(?P<own>(?:[{K}]{{0,4}}[ァ-ヺー]{{2,12}}[{K}]{{0,4}}|[A-Z][A-Za-z]{{2,12}}))(?=[のはがをにへでも、。,()「」』・\s]|と[ぁ-ん]|より|から|さん|に?勤|$)"
)
COMPANY = re.compile(
    f"(?<![{K}ァ-ヺーA-Za-z])(?P<own>[ァ-ヺーA-Za-z]{{2,10}}[{K}]{{0,3}}|[{K}]{{2,5}}[ァ-ヺー]{{0,8}}|(?<=[ \n「『(、。])[ぁ-ゖ]{{2,5}})"
    f"(?:保証|ハウジング|エステート|リース|ファイナンス|クレジット|ローン|メンテナンス|ホームズ|住建|興産|興業|製作所|製麺|製茶|製菓|製陶|製薬|製材|精密|精機|鉄工所|工務店|樹脂|紡績|染工|印刷|海運|運輸|物流|ロジスティクス|フーズ|テック|テクノ|電機|電工|電設|設備|塗装|造園|木材|石材|酒造|醸造|水産|青果|精肉店|鮮魚店|酒店|米店|書店|薬品|商店|商会|商事|交通|観光|旅行|警備保障|警備|ガード|タクシー|不動産|地所|信用組合|信用金庫|漁協|漁業組合|森林組合|生産組合|営農組合|土地改良区|財産区)(?![{K}ァ-ヺー]|人|料|会社|員)"
)
KANJI = re.compile(f"[{K}]+$")
COURT = re.compile(
    f"(?<![{K}])(?:(?!少年|医療|女子|管轄|所轄|最寄|地元|地方|家庭|高等|簡易|最高|当該|担当|警察|入国|出入国|全国|県内|市内|各地|自宅|近所|現地|旧地)[{K}]{{2,4}}(?:地方裁判所|家庭裁判所|簡易裁判所|高等裁判所|地裁|家裁|簡裁|高裁|検察庁|地検|区検|刑務所|拘置所|少年院|鑑別所|保護観察所|労基署|税務署|警察署|法務局|入管))(?:[{K}]{{2,4}}(?:支部|出張所|支所|支局|分室))?"
)
LOCAL = re.compile(
    f"(?<![{K}ァ-ヺーぁ-ゖ])(?P<own>[{K}]{{2,6}}[ぁ-ゖァ-ヺー]{{0,5}}|[ぁ-ゖ]{{3,6}}|[ァ-ヺー]{{2,8}}|第[0-9一二三四五六七八九十]{{1,2}})(?P<end>(?:第?[0-9一二三四五六七八九十]{{1,2}})?(?:町?区?自治会|町内会|老人クラブ|老人会|長寿会|婦人会|女性会|子ども会|子供会|断酒会|家族会|親の会|保護者会|後援会|同窓会|消防団|分団|民児協|営農組合|サロン|朝市|食堂|文庫|協議会|支部|友の会|患者会|見守り隊))(?![{K}ァ-ヺー]|長)"
)
NOT_LOCAL = re.compile(
    "^(?:地域|地区|各|当|本|同|他|別|町内|単位|連合|全国|県|市|町|社員|学生|職員|子ども|こども|子供|みんなの|介護者|認知症|精神|障害者|障がい者|患者|遺族|家族|依存症|アルコール|ひきこもり|引きこもり|不登校|発達|発達障害|難病|がん|自閉症|知的障害|定例|合同|月例|毎月|毎週|今月|来月|次回|初回|前回|その|この|あの|ある|高齢者|高齢|近所|近隣|地元|町|村|区|校区|学区|旧|新|元|前|隣|自立支援|要保護児童対策地域|地域自立支援|連絡|推進|運営|対策|生活支援|支え合い|参加者|利用者|入居者|住民|民生委員|児童委員|ふれあい|いきいき|おしゃべり|なかよし|仲良し|無料|定食|大衆|学生|社員|病院|カレー|ラーメン|お弁当|地域包括|社会福祉|福祉|居住支援|相談支援|就労支援|日本|全日本|県内|市内|行き|通い|参加|利用|出席|紹介|見学|役員|会長|県支部|本部|国|当事者|自助|若者|青年|女性|男性|老人|婦人|夜間|休日|職場|学校|大学|高校|保育園|認定)+$"
)
TRUCK = re.compile(
    f"移動(?:販売|スーパー|図書館|支援|商店|売店)車?の?[「『]?(?P<it>[{K}ぁ-ゖァ-ヺーA-Za-z]{{2,14}}号?)(?=[」』のがはにをで、。]|$)|(?<![{K}ぁ-ゖァ-ヺー])(?P<that>[ぁ-ゖァ-ヺー]{{2,8}}号)(?=[のがはにをで、。]|$)"
)
OF_PLACE = re.compile(
    rf"(?<![{K}ぁ-ゖァ-ヺー])(?P<it>(?P<own>[{K}]{{2,4}}|[ァ-ヺー]{{2,5}})(?P<more>[ぁ-ゖ]{{2,5}})の(?P<end>診療所|クリニック|医院|病院|保育園|こども園|幼稚園|家|森|丘|里|郷|杜|園|学校|教室|ひろば|広場|ホーム|薬局|作業所|工房))(?=[のはがをにへでもと、。,()「」・\s]|から|より|$)"
)
NOT_MORE = re.compile(
    "(?:ちかく|近く|あたり|そば|となり|むかい|うら|そこ|ところ|ここ|から|まで|より|さん|さま|では|には|とは|への|での|かた|など|ほか|なか|もと|した|する|いる|ある|ない|たち|だけ|ごと|です|ます|ときの|だった|くん|ちゃん|として|という|ための|について)"
)


def _is_done(word: str) -> bool:
    """Whether a word says what is done, when, or how much: 修学, 夜間."""
    return any(
        kind in looked_up(word)[-1].kind.full for kind in ("サ変", "副詞可能", "形状詞", "数詞", "助数詞")
    )


def bodies(text: str) -> Iterator[Found]:
    """Firms, clubs and courts that say what they are before or after their own name: アシスト保証, 協同組合アジアブリッジ."""
    for match in COURT.finditer(text):
        yield house(match[0], *match.span(), Label.ORG, 0.8)
    for match in UNION.finditer(text):
        if is_new(match["own"]):
            yield house(match[0], *match.span(), Label.ORG, 0.75)
    for match in COMPANY.finditer(text):
        own = match["own"]
        if (
            own not in NOT_FIRMS
            and not (KANJI.match(own) and _is_done(own))
            and own not in NOT_CALLED
            and not PUBLIC.fullmatch(own)
            and not any(own.endswith(no) for no in NOT_FIRMS if len(no) > 1)
        ):
            yield house(match[0], *match.span(), Label.ORG, 0.7)
    for match in LOCAL.finditer(text):
        own = match["own"]
        if (
            not NOT_LOCAL.match(own)
            and own not in NOT_CALLED
            and (own in SURNAMES or not PUBLIC.fullmatch(own))
        ):
            yield house(match[0], *match.span(), Label.ORG, 0.7)
    for match in TRUCK.finditer(text):
        group = match.lastgroup or 0
        if match[group] not in NOT_CALLED:
            yield house(match[group], *match.span(group), Label.ORG, 0.7)
    for match in OF_PLACE.finditer(text):
        if not NOT_MORE.search(match["more"]) and match["own"] not in NOT_CALLED and len(match["end"]) > 1:
            yield house(match["it"], *match.span("it"), Label.FACILITY, 0.7)
