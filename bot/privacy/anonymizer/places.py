"""Places: municipalities, the towns and blocks after them, and addresses that stand alone."""

import re
from collections.abc import Iterator

from bot import codes
from bot.privacy.anonymizer.found import Found, Label
from bot.privacy.anonymizer.gazetteer import home_towns
from bot.privacy.anonymizer.names import K
from bot.privacy.anonymizer.words import (
    BESIDE_STOP,
    COUNTIES,
    MUNICIPALITIES,
    NOT_TOWNS,
    OTHER_CITIES,
    PREFECTURES,
    TITLES,
    TOWNS_SAID,
    either,
)

TOKENS = {"市": "city", "町": "town", "村": "village", "区": "ward"}
TOWNS = either(name for name in MUNICIPALITIES if name.endswith("町"))
NAMED = re.compile(
    "|".join(
        [either(MUNICIPALITIES | OTHER_CITIES), *(f"{county}(?:{TOWNS})" for county in sorted(COUNTIES))]
    )
)
LED = re.compile(
    f"(?:{either(PREFECTURES)})(?P<it>[{K}]{{1,4}}郡[{K}]{{1,4}}?[町村]|[{K}]{{1,5}}?(?:[市町村]|(?<!選挙)(?<!教)(?<!学)(?<!地)区))(?![内外民])"
)
BARE = re.compile(
    f"(?<![{K}ァ-ヺ])(?P<it>{either(name[:-1] for name in MUNICIPALITIES)})"
    f"(?:(?![{K}]|さん|さま|くん|ちゃん)|(?=方面|在住|出身|地区|駅|署|保健所|警察|社協|社会福祉|包括|地域包括|赤十字|総合|市民|高校|中学|小学|病院|税務|裁判|支部|周辺|近辺|以外|側))"
)
CITY_OF = {name[:-1]: name for name in MUNICIPALITIES}

NUMBER = "(?:[0-9]{1,5}|[一二三四五六七八九十]{1,3})"
BLOCK = (
    rf"(?:{NUMBER} ?丁目(?: ?[0-9]{{1,5}})?|[0-9]{{1,5}} ?番(?:地(?:の?[0-9]{{1,4}})?|(?=[ 0-9\-号)、。の]|$)|町)|[0-9]{{1,5}}(?:-[0-9]{{1,5}}){{1,3}}|[0-9]{{1,5}} ?号(?!線|棟室))"
    rf"(?:[ \-の]?(?:[0-9]{{1,5}} ?番地?|[0-9]{{1,5}} ?号(?:棟|室)?|[0-9]{{1,5}}(?![0-9年月日時分歳才代人回件%円]))){{0,4}}"
)
HOUSE = "荘|ハイツ|コーポ|マンション|アパート|団地|ハウス|レジデンス|メゾン|コート|パレス|プラザ|市営住宅|県営住宅|住宅|寮|ビル|ヴィラ|シャトー|ハイム|グランド"
BUILDING = rf"(?: ?(?:第[0-9一二三])?[{K}ァ-ヺーA-Za-z・]{{0,10}}(?:{HOUSE})[{K}ァ-ヺーA-Za-z]{{0,8}} ?(?:[A-Z]?(?:棟 ?|-)?[0-9]{{1,4}} ?(?:号室|号棟|号|棟|室|階)?(?![年月日時分歳才代人])){{0,2}})?"
TOWN = f"[{K}ァ-ヺーぁ-ゖケ]{{0,10}}?"
AFTER = re.compile(rf" ?(?![のにはがをでもと、])(?:大字|字)?{TOWN}{BLOCK}{BUILDING}")
LOT = re.compile(rf" ?[0-9]{{1,5}}(?:-[0-9]{{1,5}})*(?![0-9年月日時分歳才代人件名回度号%円つか]){BUILDING}")
RUN = re.compile(f" ?(?P<it>[{K}ケァ-ヺー]+)")
AFTER_TOWN = re.compile(
    r"$|[のにでかへまはがをもと、。()「」\s]|在住|出身|地区|学区|方面|周辺|付近|近辺|に|駅"
)
ROOMS = re.compile(
    rf"(?<![{K}ァ-ヺー])(?:県営の?|市営の?|町営の?)?[{K}ァ-ヺーA-Za-z・]{{0,10}}(?:{HOUSE})[{K}ァ-ヺーぁ-ゖ]{{0,8}} ?(?:[A-Z]-?)?[0-9]{{1,4}}(?:[棟\-][0-9]{{1,4}})?(?:号室|号)?(?![0-9年月日時分人名円万回件%歳才代階社])"
)
STOP = re.compile(
    f"バス停(?:は|が|の|「|:| ){{0,2}}(?P<it>(?![でにをへともは])[{K}ぁ-ゖァ-ヺー]{{2,10}}?)(?=[」、。()\\s]|まで|から|で|に|前|の|下車|です|$)"
)
STOP_OF = re.compile(
    f"(?P<it>[{K}ァ-ヺー]{{3,12}}前)(?=のバス停)|(?P<that>[{K}ァ-ヺー]{{2,8}}(?<!近くの)(?<!最寄)(?<!最寄り))バス停"
)
# A place and a smaller one in it: 福井の小浜, 信楽の長野.
TOWN_OF = re.compile(
    f"(?<![{K}])(?P<it>{either({name[:-1] for name in PREFECTURES if len(name) > 2} | {name[:-1] for name in MUNICIPALITIES | OTHER_CITIES} | TOWNS_SAID)})(?:[市町県])?の[{K}]{{2,3}}(?=[にではへがを、。)]|から|まで|出身|在住)(?<!自宅)(?<!実家)(?<!施設)(?<!病院)(?<!会社)(?<!職場)(?<!学校)(?<!親戚)(?<!方面)(?<!担当)(?<!窓口)(?<!知人)(?<!友人)(?<!支援)(?<!相談)(?<!福祉)(?<!家族)(?<!本人)(?<!工場)(?<!大学)(?<!高校)(?<!役所)(?<!長女)(?<!長男)(?<!次男)(?<!次女)(?<!叔父)(?<!叔母)(?<!伯父)(?<!伯母)(?<!中心)(?<!郊外)(?<!一部)(?<!場合)(?<!取組)(?<!制度)(?<!事業)(?<!職員)"
)
KANA = {
    entry.more["kana"]: entry.label
    for entry in codes.load("municipalities").codes.values()
    if "kana" in entry.more
}
KANA_ALONE = {kana[:-1]: label for kana, label in KANA.items() if len(kana) > 3 and kana[-1] in "しち"}
NOT_KANA = frozenset({"やすし"})
IN_KANA = re.compile(
    "(?:"
    + either(
        {kana for kana in KANA if kana not in NOT_KANA}
        | {kana[:-1] + label[-1] for kana, label in KANA.items() if len(kana) > 3}
    )
    + ")(?: [ぁ-ゖ]{2,6}?(?=です|にす|で(?:す|く)|の(?:いえ|うち|アパ)|[。、\n]|$))?"
)
IN_KANA_ALONE = re.compile(f"(?<![ぁ-ゖ])(?:{either(KANA_ALONE)})(?=の|に(?![くち])|から|まで|へ|で(?!す))")
STANDING = re.compile(
    rf"(?<![{K}])[{K}]{{1,6}}[ ]?{NUMBER} ?丁目(?:[ \-の]?[0-9]{{1,5}}(?:番地?|号)?){{0,4}}{BUILDING}"
    rf"|(?<![{K}])(?:[{K}]{{1,6}} ?)?[0-9]{{1,5}} ?番地(?:[の\-]?[0-9]{{1,4}}){{0,2}}{BUILDING}"
    rf"|(?:大字|小字)[{K}]{{1,5}}(?:字[{K}]{{1,4}})?(?: ?[0-9\-]{{1,9}}(?:番地?)?)?"
    rf"|[{K}ァ-ヺーA-Za-z・]{{0,10}}(?:{HOUSE})[{K}ァ-ヺーA-Za-z]{{0,8}} ?[A-Z]?[0-9]{{1,4}} ?(?:号室|号棟|号|棟)(?: ?[0-9]{{1,4}} ?(?:号室|号))?"
    rf"|(?<![0-9])[A-Z]?[0-9]{{1,4}} ?号室"
)
WRITTEN = re.compile(
    r"(?:住所|現住所|居所|転居先|本籍(?:地)?)(?:は|が)?[: ]{0,2}(?P<it>[^\s、。\0:][^\n、。\0]{1,40}?)(?=です|だ|にあ|に住|[、。\n\0)]|$)"
)
LOOKS_WRITTEN = re.compile(f"[0-9]|[{K}][市町村区郡]")


def municipalities(text: str) -> Iterator[Found]:
    """Municipalities by their whole name, with the town and block that follow."""
    for match in NAMED.finditer(text):
        yield _place(
            text, *match.span(), match[0].rpartition("郡")[2] if match[0].endswith("町") else match[0]
        )
    for match in LED.finditer(text):
        yield _place(text, *match.span("it"), match["it"])


def bare(text: str) -> Iterator[Found]:
    """Municipalities by their name alone, where it cannot be a surname with an honorific."""
    for match in BARE.finditer(text):
        name = CITY_OF[match["it"]]
        if not REGION.match(text, match.end()) and not TITLE.match(text, match.end()):
            yield Found(*match.span("it"), Label.ADDRESS, 0.8, TOKENS[name[-1]], name)


def token_of(surface: str) -> tuple[str, str]:
    """Which words stand for a place of this name, and the name by which it is the same place again."""
    if surface.endswith("駅"):
        return "station", surface
    match = NAMED.match(surface) or FRONT.match(surface)
    if match:
        name = match[0].rpartition("郡")[2]
        return TOKENS[name[-1]], name
    if surface in CITY_OF:
        return TOKENS[CITY_OF[surface][-1]], CITY_OF[surface]
    if surface in PREFECTURES:
        return "prefecture", surface
    return ("address", surface) if LOOKS_WRITTEN.search(surface) else ("place", surface)


FRONT = re.compile(f"(?:{either(PREFECTURES)})?[{K}]{{1,5}}?[市町村区]")
REGION = re.compile("圏域|福祉圏|地域")
TITLE = re.compile(either(TITLES))


def standing(text: str) -> Iterator[Found]:
    """Blocks, buildings and rooms without a municipality, and whatever 住所 introduces."""
    for match in WRITTEN.finditer(text):
        if LOOKS_WRITTEN.search(match["it"]):
            yield _whole(match, "it", 0.9)
    for match in STOP.finditer(text):
        if match["it"] not in BESIDE_STOP:
            yield Found(*match.span("it"), Label.ADDRESS, 0.8, "place", match["it"])
    for match in STOP_OF.finditer(text):
        yield Found(*match.span(), Label.ADDRESS, 0.8, "place", match[match.lastgroup or 0])
    for match in TOWN_OF.finditer(text):
        yield Found(*match.span(), Label.ADDRESS, 0.8, *token_of(match["it"]))
    for match in IN_KANA_ALONE.finditer(text):
        name = KANA_ALONE[match[0]]
        yield Found(*match.span(), Label.ADDRESS, 0.8, TOKENS[name[-1]], name)
    for match in IN_KANA.finditer(text):
        said = match[0].split(" ")[0]
        name = KANA.get(said) or next(label for kana, label in KANA.items() if kana[:-1] == said[:-1])
        yield Found(*match.span(), Label.ADDRESS, 0.8, TOKENS[name[-1]], name)
    for match in ROOMS.finditer(text):
        yield _whole(match, 0, 0.8)
    for match in STANDING.finditer(text):
        yield _whole(match, 0, 0.9)


def _whole(match: re.Match[str], group: str | int, score: float) -> Found:
    """An address as it stands, by its municipality where it begins with one."""
    token, name = token_of(match[group])
    lettered = token in TOKENS.values()
    return Found(
        *match.span(group), Label.ADDRESS, score, token if lettered else "address", name if lettered else ""
    )


NAMED_HOUSE = re.compile(
    f" ?(?:[〇一二三四五六七八九十]{{1,3}}の[〇一二三四五六七八九十]{{1,4}}(?![{K}]))?(?: (?:コーポ|ハイツ|メゾン|グラン|サン|パーク|レジデンス|ヴィラ|シャトー|ロイヤル|第[0-9])[{K}ァ-ヺーぁ-ゖ]{{1,12}}[IVX]{{0,3}}(?: ?[A-Z]?-?[0-9]{{1,4}}(?:号室?|室)?(?![0-9年月日時分人名]))?)?"
)


def _place(text: str, start: int, end: int, name: str) -> Found:
    token = TOKENS[name[-1]]
    if block := AFTER.match(text, end):
        return Found(start, block.end(), Label.ADDRESS, 1.0, token, name)
    if town := _town(text, end):
        more = NAMED_HOUSE.match(text, town)
        town = more.end() if more and more[0].strip() else town
        return Found(start, town, Label.ADDRESS, 0.8, token, name)
    return Found(start, end, Label.ADDRESS, 1.0, token, name)


def _town(text: str, end: int) -> int | None:
    """Where the town after a municipality ends, if there is one."""
    if listed := _listed(text, end):
        return listed
    run = RUN.match(text, end)
    if not run:
        return None
    word = run["it"][:14]
    cut = min((at for no in NOT_TOWNS if (at := _cut(word, no)) >= 0), default=len(word))
    stop = run.start("it") + cut
    if cut == 0:
        return None
    if number := LOT.match(text, stop):
        return number.end()
    return stop if cut < len(word) or AFTER_TOWN.match(text, stop) else None


def _listed(text: str, end: int) -> int | None:
    """Where a town of the home prefecture ends that begins here; the longest one."""
    start = end + text.startswith(" ", end)
    for size in range(8, 1, -1):
        if text[start : start + size] in home_towns() and AFTER_TOWN.match(text, start + size):
            return start + size
    return None


def _cut(word: str, no: str) -> int:
    """Where a word that is no town begins; single characters count only at the very beginning, but for 内, 外 and 駅."""
    at = word.find(no)
    return at if at == 0 or len(no) > 1 or no in "内外駅" else -1
