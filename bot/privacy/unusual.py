"""Facts that are nobody's name and still tell who it is: a rare disease, an exact sum, eight dogs, a former mayor.

Pure. What is found is offered to the person who confirms a record, with a general word in its place. Words and kinds
are code lists (`unusual_words`, `unusual_facts`). Offsets are code points of the text given.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from bot import codes

KANJI, KATAKANA, HIRAGANA = "一-龥々", "ァ-ヶー・", "ぁ-ん"
DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"十": 10}
MANY_CHILDREN, MANY_ANIMALS = 5, 4
SMALL_CHANGE, LITTLE = (
    1000,
    10_000,
)  # yen: below the first it tells nothing, below the second it is "a little"
LONG_QUOTATION = 12
NUMBER = "[0-9]{1,4}|[一二三四五六七八九十]{1,3}"


@dataclass(frozen=True, slots=True)
class Fact:
    """`text[start:end]` is unusual; `kind` is a code of `unusual_facts`, `instead` a general word for it."""

    kind: str
    start: int
    end: int
    instead: str


Detector = Callable[[str], Iterable[Fact]]


def unusual_in(text: str) -> tuple[Fact, ...]:
    """Find what is unusual in a text, in order, none overlapping. Where two begin alike, the longer one counts."""
    read = _folded(text)
    found = sorted(
        (fact for detector in DETECTORS for fact in detector(read)), key=lambda each: (each.start, -each.end)
    )
    facts: list[Fact] = []
    for each in found:
        if not facts or each.start >= facts[-1].end:
            facts.append(each)
    return tuple(facts)


def without(text: str, facts: Iterable[Fact], standing: Collection[str] = ()) -> str:
    """Give the text with general words for these facts, but for those whose words are among `standing`."""
    for each in sorted(facts, key=lambda fact: fact.start, reverse=True):
        if text[each.start : each.end] not in standing:
            text = text[: each.start] + each.instead + text[each.end :]
    return text


def _folded(text: str) -> str:
    """The same length, with wide digits and letters made narrow."""
    return "".join(plain if len(plain := unicodedata.normalize("NFKC", each)) == 1 else each for each in text)


@cache
def _words(*kinds: str) -> str:
    """Every word of these kinds as one pattern, the longest first; a middle dot may be left out."""
    found = [each.label for each in codes.options("unusual_words") if each.more["kind"] in kinds]
    return "|".join(re.escape(each).replace("・", "・?") for each in sorted(found, key=len, reverse=True))


@cache
def _alone(*kinds: str) -> str:
    """The same, where a word does not go on in its own script: no ウサギ in ウサギ小屋 is lost, no カメ in カメラ found."""
    told = []
    for each in _words(*kinds).split("|"):
        last, first = each[-1], each[0]
        before, after = _script(first), _script(last)
        short = len(each) <= 2 or before != KANJI
        told.append(f"(?<![{before}]){each}(?![{after}])" if short else each)
    return "|".join(told)


def _script(char: str) -> str:
    if re.match("[A-Za-z0-9]", char):
        return "A-Za-z0-9"
    return KATAKANA if re.match(f"[{KATAKANA}]", char) else KANJI


def _instead(kind: str, form: str = "replacement") -> str:
    return str(codes.load("unusual_facts").get(kind).more[form])


def _each(
    kind: str, pattern: str, text: str, form: str = "replacement", group: int | str = 0
) -> Iterator[Fact]:
    for match in re.finditer(pattern, text):
        yield Fact(kind, *match.span(group), _instead(kind, form))


def _number(written: str) -> int:
    if written.isdigit():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    if ten:
        return (DIGITS[tens[-1]] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)
    return DIGITS[written[-1]]


def diseases(text: str) -> Iterator[Fact]:
    """Names of rare diseases, and of those nobody is to know of."""
    yield from _each("rare_disease", _alone("rare_disease"), text)
    yield from _each("rare_disease", f"(?:{_alone('illness')})(?:陽性|感染者?)?", text, "illness")


def privacies(text: str) -> Iterator[Fact]:
    """What somebody believes, where they were born, whom they love: facts people are shunned for."""
    yield from _each("private", f"(?:{_alone('faith')})(?:の?(?:信者|信徒|会員|2世|二世))?", text, "faith")
    yield from _each("private", f"(?:{_alone('origin')})(?:の?出身)?", text, "origin")
    yield from _each("private", _alone("gender"), text, "gender")


CHILDREN = f"(?<![{KANJI}])子(?=[がはも])|子ども|子供|こども|実子|きょうだい|兄弟姉妹|兄弟|姉妹"
BROTHERS = re.compile(
    rf"(?:{CHILDREN})(?:は|が|も|の数は)?(?:全部で|合わせて)?(?P<after>{NUMBER})人|(?P<before>{NUMBER})人(?=の子|きょうだい|兄弟|姉妹)"
)


def births(text: str) -> Iterator[Fact]:
    """Twins and more, and five or more children."""
    yield from _each(
        "many_births", "双子|ふたご|双生児|三つ子|みつ子|四つ子|五つ子|品胎|多胎児?(?!児?(?:家庭|支援))", text
    )
    yield from _each("many_births", "[五六七八九十5-9](?:男|女)(?![性子の])", text, "child")
    for match in BROTHERS.finditer(text):
        group = "after" if match["after"] else "before"
        if _number(match[group]) >= MANY_CHILDREN:
            yield Fact(
                "many_births", match.start(group), match.end(group) + 1, _instead("many_births", "count")
            )


def nationalities(text: str) -> Iterator[Fact]:
    """A country somebody comes from, and a language spoken; the region is told elsewhere in every record."""
    whose = "(?=出身|人(?!口|材|工)|系|から(?:来日|来た|移住|呼び)|生まれ|にルーツ)"
    yield from _each("nationality", rf"(?:{_words('country')})国?籍", text, "papers")
    yield from _each("nationality", rf"(?:日系|在日)?(?:{_words('country')}){whose}", text)
    tongues = _words("tongue").replace("語", "")
    yield from _each("nationality", rf"(?<![{KATAKANA}])(?:{tongues})(?=語)", text)


MEDIA = "全国紙|新聞|NHK|民放|テレビ|ネットニュース|ニュース|ワイドショー|週刊誌|マスコミ|報道"
TOLD = "(?:載(?:った|って|り|せられた|る)|掲載(?:された|され)|出(?:た|て(?!い))|取り上げ(?:られた|られ)|報じ(?:られた|られ)|(?:報道|放送|紹介)(?:された|され)|流れ(?:た|て)?|なった|なり)"


def incidents(text: str) -> Iterator[Fact]:
    """What was in the papers, and crimes."""
    crime = "殺人|殺害|殺傷|傷害致死|無理心中|一家心中|親子心中|強盗|放火|立てこもり|通り魔|誘拐|人質|銃撃|ひき逃げ|無差別"
    verdict = f"(?:裁判で)?(?:無罪|冤罪|実刑)(?:判決)?|(?:無期|終身)懲役|懲役(?:{NUMBER})年"
    media = (
        f"(?:{MEDIA})(?:に|で|の全国版に|でも)(?:大きく|何度も)?{TOLD}|報道された|新聞沙汰|(?:{MEDIA})の取材"
    )
    crimes = (
        f"(?:{crime})(?:事件|事故|未遂)?|[{KANJI}ァ-ヶー]{{0,6}}事件(?!性)|(?:死亡|水難|脱線|踏切|転落)事故"
    )
    yield from _each("incident", f"(?:{media})(?:{crimes})?|{crimes}|{verdict}", text)


AMOUNT = re.compile(
    "(?P<vague>約|およそ|おおよそ|ざっと|数|何)?"
    "(?P<sum>(?:[0-9][0-9,.]*|[一二三四五六七八九十百千]+)(?:[億万千百](?:[0-9][0-9,]*|[一二三四五六七八九十百千]+)?)*円)"
    "(?P<after>くらい|ぐらい|ほど|程度|前後|余り|あまり|弱|強|以上|以下|未満|を超|超|の壁|札|玉|台)?"
)
OF_MONEY = (
    "借金|年金|家賃|給料|収入|貯金|預金|滞納|返済|負債|残高|手取り|慰謝料|保険金|遺産|相続|仕送り|月々?"
)
BARE = re.compile(
    rf"(?:(?P<yen>¥ ?[0-9][0-9,]*)|(?P<before>(?:[0-9][0-9,.]*|[一二三四五六七八九十百千]+)[億万](?:[0-9]+千?)?)(?=の(?:{OF_MONEY})))|(?:{OF_MONEY})(?:は|が|を|で)?(?:総額|合計|毎月|月)?(?P<sum>[0-9][0-9,.]*[億万](?:[0-9]+千?)?)(?=[^0-9億万円人回件歩年世個])"
)


def sums(text: str) -> Iterator[Fact]:
    """Exact sums of money. What is rounded and said to be, a limit of a rule, and small change are not."""
    for match in AMOUNT.finditer(text):
        yen, digits = _yen(match["sum"])
        rounded = digits == 1 and (match["vague"] or match["after"])
        limit = match["after"] in {"以上", "以下", "未満", "を超", "超", "の壁", "札", "玉", "台"}
        if not rounded and not limit and match["vague"] not in {"数", "何"} and yen > SMALL_CHANGE:
            yield Fact(
                "sum", *match.span("sum"), _instead("sum", "little" if yen < LITTLE else "replacement")
            )
    for match in BARE.finditer(text):
        group = match.lastgroup or "sum"
        if group != "yen" or int(re.sub("[^0-9]", "", match[group])) > SMALL_CHANGE:
            yield Fact("sum", *match.span(group), _instead("sum"))


def _yen(written: str) -> tuple[int, int]:
    """How much it is, and how many digits of it say something."""
    plain = re.sub("[,円]", "", written)
    total = part = 0.0
    for number, unit in re.findall("([0-9.]+|[一二三四五六七八九十百千]+)([億万千百]?)", plain):
        try:
            value = float(number) if number[0].isdigit() else float(_in_kanji(number))
        except ValueError:
            continue
        if unit in {"億", "万"}:
            total += (part + value) * {"億": 1e8, "万": 1e4}[unit]
            part = 0
        else:
            part += value * {"千": 1000, "百": 100, "": 1}[unit]
    yen = round(total + part)
    return yen, len(str(yen).rstrip("0"))


def _in_kanji(written: str) -> int:
    total = ones = 0
    for each in written:
        if each in "十百千":
            total += (ones or 1) * {"十": 10, "百": 100, "千": 1000}[each]
            ones = 0
        else:
            ones = DIGITS[each]
    return total + ones


QUOTED = re.compile(r"「(?P<said>[^「」\n]{%d,400})」(?P<after>[^。\n]{0,8})" % LONG_QUOTATION)  # noqa: UP031 - braces
SUPPORTERS = re.compile(
    "と(?:伝え|声|助言|提案|聞いて|尋ね|たずね|お願い|返す|返し|説明|確かめ|問いかけ|名づけ|呼ぶ)"
)
NAME_OF = re.compile(
    "(?:という|の)?(?:制度|事業|研修|講座|手引|要綱|会議|相談会|計画|プログラム|様式|シート|アセスメント)"
)


def quotations(text: str) -> Iterator[Fact]:
    """Longer words of somebody's own. What a supporter is advised to say, and names of things, are not."""
    for match in QUOTED.finditer(text):
        spoken = len(re.findall(f"[{HIRAGANA}]", match["said"])) >= 3
        if spoken and not SUPPORTERS.match(match["after"]) and not NAME_OF.match(match["after"]):
            yield Fact("quotation", match.start(), match.end("said") + 1, _instead("quotation"))


PET = "愛犬|愛猫|飼い犬|飼い猫|犬|猫|ネコ|ペット"
THINGS = "トイレ|エサ|フン|ケージ|リード|ワクチン|シャンプー|アレルギー|トラブル|ストレス|ブリーダー|カフェ|ホテル|シーツ|ニオイ|オシッコ|ボランティア"
PET_NAME = re.compile(
    rf"(?P<pet>{PET})の(?:名前は)?(?:[「『](?P<quoted>[^「」『』]{{1,8}})[」』]|(?!{THINGS})(?P<name>[ァ-ヶー]{{2,6}})(?![ァ-ヶー])(?:ちゃん|くん)?)"
)
CALLED = re.compile(
    r"[「『]?(?:[ァ-ヶー]{2,6}|[ぁ-ん]{2,4})[」』]?と(?:いう|呼ばれる)(?:名の|名前の)?(?P<pet>犬|猫|ネコ|ペット)"
)
KEPT = "(?:飼|世話|ペット|餌|えさ|エサ|と暮ら|繁殖|放し|[0-9一二三四五六七八九十]+[匹頭羽])"
ANIMALS = "犬|猫|イヌ|ネコ|いぬ|ねこ|動物|ペット|金魚|鯉"


def animals(text: str) -> Iterator[Fact]:
    """Many animals, unusual ones, their breeds and names. A dog or a cat alone is not unusual."""
    for pattern in (PET_NAME, CALLED):
        for match in pattern.finditer(text):
            yield Fact("animal", *match.span(), _pet(match["pet"]))
    for match in re.finditer(_alone("breed"), text):
        yield Fact("animal", *match.span(), _pet(match[0]))
    for match in re.finditer(_alone("animal"), text):
        if re.search(KEPT, text[max(0, match.start() - 8) : match.end() + 10]):
            yield Fact("animal", *match.span(), _instead("animal"))
    many = rf"(?:{ANIMALS})[^。、\n]{{0,6}}?(?P<after>{NUMBER})[匹頭羽]|(?P<before>{NUMBER})[匹頭羽](?=の(?:{ANIMALS}))"
    for match in re.finditer(many, text):
        group = "after" if match["after"] else "before"
        if _number(match[group]) >= MANY_ANIMALS:
            yield Fact("animal", match.start(group), match.end(group) + 1, _instead("animal", "many"))


CATS: Final = (
    "猫",
    "ネコ",
    "スコティッシュフォールド",
    "アメリカンショートヘア",
    "メインクーン",
    "ロシアンブルー",
    "マンチカン",
    "ラグドール",
)


def _pet(said: str) -> str:
    if said.endswith("ペット"):
        return _instead("animal")
    return _instead("animal", "cat" if said.endswith(CATS) else "dog")


DRIVEN = "(?=に乗|を運転|を乗り|で(?:来|通|迎|走|出かけ|移動|買い物)|という車|を(?:所有|手放|売|買)|が(?:止|停|あ)|の車)"
COLOUR = "赤|青|白|黒|黄色|黄|緑|ピンク|紫|オレンジ|水色|銀色|シルバー|金色|紺|茶"
CAR = "軽自動車|軽トラック|軽トラ|軽ワゴン|乗用車|自動車|スポーツカー|ワゴン車|外車|高級車|バイク|スクーター|原付|自転車|トラック|車(?!いす|椅子|イス|庫|検|道|体|内|中泊)"


def vehicles(text: str) -> Iterator[Fact]:
    """Makes and colours of cars."""
    models = rf"(?:{_alone('vehicle')})|(?<![{KATAKANA}])(?:{_words('vehicle_ambiguous')}){DRIVEN}"
    yield from _each("vehicle", rf"(?:(?:{COLOUR})色?[いの])?(?:{models})", text)
    yield from _each("vehicle", rf"(?<![{KANJI}])(?:{COLOUR})色?[いのな]?(?:{CAR})", text)


FAMILY = "父|母|夫|妻|祖父|祖母|兄|弟|姉|妹|叔父|伯父|叔母|伯母|本人|長男|次男|長女|次女"


def jobs(text: str) -> Iterator[Fact]:
    """Rare occupations, and offices somebody in the case held. Whoever is met as an office is not meant."""
    yield from _each("job", rf"(?:元|前)?(?:{_alone('job')})(?!事業|調査|会(?!議員)|的)", text)
    office = f"(?P<office>(?:元|前)?(?:{_words('office')}))"
    held = "(?=を(?:務|つと|勤|して|し、|退|引退|引き受け|歴任)|だった|であった|である|でもあ|に(?:就|選ばれ|当選)|職(?!員)|経験|の(?:息子|娘|妻|夫|家族|長男|次男|父|母|家系|孫|奥さん|親))"
    for pattern in (
        office + held,
        rf"(?P<office>(?:元|前)(?:{_words('office')}))",
        rf"(?:{FAMILY})(?:は|が|も)[^。、\n]{{0,6}}?{office}(?=。|、|で|\n|$)",
    ):
        yield from _each("job", pattern, text, "office", "office")


ERA = "令和|平成|昭和|大正|明治"
RULE = "(?!問題|(?:度)?(?:の)?(?:改正|改定|制定|施行|版|法律))"


def dates(text: str) -> Iterator[Fact]:
    """Dates and years that were left standing. Relative ones are not unusual."""
    day = "(?:[0-9]{1,2}月(?:[0-9]{1,2}日|[上中下]旬|頃|ごろ)?)?"
    year = rf"(?:(?:{ERA})(?:[0-9]{{1,2}}|元|[一二三四五六七八九十]{{1,3}})|(?<![0-9])(?:19|20)[0-9]{{2}})年(?:度)?"
    yield from _each(
        "date",
        f"{year}{RULE}{day}|(?<![A-Za-z])[RHS][0-9]{{1,2}}(?:年|[./][0-9]{{1,2}})(?:[./][0-9]{{1,2}})?",
        text,
    )
    yield from _each(
        "date",
        "(?<![0-9])[0-9]{1,2}月[0-9]{1,2}日|(?<![0-9/])[0-9]{1,2}/[0-9]{1,2}[(（][月火水木金土日][)）]",
        text,
    )


OLDEST = "(?<![0-9])(?:9[0-9]|1[01][0-9])歳(?!以上)|(?:九十[一二三四五六七八九]?|百十?[一二三四五六七八九]?)歳(?!以上)"


def ages(text: str) -> Iterator[Fact]:
    """Ages hardly anybody reaches."""
    yield from _each("date", OLDEST, text, "age")


WHERE = "(?:県|市|町|村|府|国|世界|日本|全国|地域|業界)(?:内)?(?:で|でも)?"


def awards(text: str) -> Iterator[Fact]:
    """Prizes, medals, hard exams, and whoever was the first or the only one."""
    yield from _each(
        "award",
        f"(?:{_alone('award')})(?:受章)?|(?:[{KANJI}]{{0,4}})(?:表彰|受賞|準優勝|優勝|入賞)(?!者|台)",
        text,
    )
    yield from _each("award", f"{WHERE}(?:初|唯一|最年少|最高齢|一番|一)の", text, "first")
    yield from _each("award", f"{WHERE}(?:初めて|唯一|最年少|最高齢)(?!の)", text, "first_time")


DETECTORS: tuple[Detector, ...] = (
    quotations, diseases, births, nationalities, incidents, sums, animals, vehicles, jobs, dates, ages, awards, privacies,
)  # fmt: skip
