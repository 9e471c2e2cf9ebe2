"""More of what is known by its shape: numbers of courts and clubs, numbers as they are said aloud, ages said in passing."""

import re
from collections.abc import Iterator

from bot.privacy.anonymizer.found import TAKEN, Found, Label
from bot.privacy.anonymizer.structured import RECEIPT, age_band

END = r"(?=[、。,.()「」・:;/\s]|$)"
COURT = re.compile(
    r"(?:(?:令和|平成|昭和|[RHS]) ?[0-9元]{1,2} ?年? ?)\((?:[ァ-ヺ]{1,3}|[一-\u9fff]{1,2}[ァ-ヺ]{0,2})\) ?(?:第 ?)?[0-9]{1,6} ?号?"
    r"|\((?:[ァ-ヺ]{1,3}|[一-\u9fff]{1,2}[ァ-ヺ]{0,2})\) ?第 ?[0-9]{1,6} ?号"
)
# A word that says that a number follows, at most a few characters of talk, and the number however it is cut.
LED = re.compile(
    r"(?<!電話)(?<!携帯)(?<!郵便)(?<!暗証)(?:番号|ナンバー|コード|(?<![A-Za-z])(?:No|NO|no|№)\.?|手帳 ?[0-9]級 ?#|店番|枝番|支店番号)"
    r"(?:は|が|って|という|の|を|も|:|「|『|\(| |=|、|#|\"){0,3}"
    r"(?P<it>(?:[一-\u9fff]{1,4}-)?(?:[ぁ-ゖァ-ヺ一-\u9fffA-Z]{1,3}-?)?[0-9](?:[0-9A-Z]|[\-, ](?=[0-9A-Z])){1,18})(?![0-9年月日時分回人名円%歳才])"
)
COUNTED = re.compile(r"[0-9]{1,2}$|(?:19|20)[0-9]{2}$")
GROUPS = re.compile(
    r"(?<![A-Za-z0-9])[A-Z] ?[0-9]{4} [0-9]{4}(?![0-9])|(?<![A-Za-z0-9])[0-9]{2,4}-[A-Z]{1,3}-?[0-9]{3,6}(?![0-9])"
)
HASHED = re.compile(r"#(?P<it>[0-9]{5,})(?![0-9])")
HANDLE = re.compile(
    r"(?<![A-Za-z0-9_.])[A-Za-z0-9_.]{3,30}#[0-9]{4}(?![0-9])|(?<![A-Za-z0-9])[A-Z]{2}(?:-[0-9]{4}){3}(?![0-9])"
)
PLATE = re.compile(
    r"(?<![0-9] )(?<![0-9])[一-\u9fffぁ-ん]{1,4} ?[0-9]{2,3} ?[あ-けこさ-にぬ-ふほ-を] ?(?=[0-9・.\-]*[0-9])[0-9・.\-]{2,6}"
)
NEIGHBOUR = re.compile(
    rf"(?<![0-9A-Za-z\-.])(?P<it>[1-9][0-9]{{2}})(?=の(?:奥さん|奥様|おばあ|おじい|ご主人|旦那|息子さん|娘さん|住人|人が|方が|{TAKEN}))"
)
EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{2,} (?:at|AT|アット) [A-Za-z0-9\-]+(?: ?(?:\.|dot|ドット) ?[A-Za-z0-9\-]+)+"
)
ABROAD = re.compile(r"\+(?!81)[1-9][0-9]{0,2}(?:[ \-.()]{0,2}[0-9]){7,12}(?![0-9])")
LOCAL = re.compile(r"(?<![0-9A-Za-z\-/.,#])[0-9]{2}-[0-9]{4}(?![0-9\-])")
ZERO = "ゼロ|ぜろ|れい|レイ|零|まる|マル"
DIGIT = f"{ZERO}|いち|イチ|にい?|ニイ?|さん|サン|よん|ヨン|ごー?|ゴー?|ろく|ロク|なな|ナナ|しち|シチ|はち|ハチ|きゅう|キュウ|[0-9〇]"
SPOKEN = re.compile(f"(?:{ZERO})(?:[、の・ノ\\- ]{{0,2}}(?:{DIGIT})){{7,11}}")
MONTHS = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
BIRTH = re.compile(
    r"(?<![一-\u9fff])[明大昭平令] ?[0-9]{1,2} ?年?(?=の? ?(?:生まれ|うまれ|生(?![一-\u9fff])))"
    rf"|(?:DOB|D\.O\.B\.?|生年月日|[Bb]orn)(?:は|:| |=)*(?P<it>[0-9]{{1,2}}[ .\-]{MONTHS}[ .,\-]+[0-9]{{4}}|{MONTHS} [0-9]{{1,2}},? [0-9]{{4}})"
)
FAMILY = "本人|わたし|私|ぼく|僕|俺|わし|うち|自分|夫|妻|父|母|息子|娘|[長次三四]男|[長次三]女|兄|姉|弟|妹|孫|祖母|祖父|叔父|叔母|伯父|伯母|甥|姪|義母|義父|男性|女性"
AGE = re.compile(
    rf"(?<![0-9.])(?P<a>[1-9]?[0-9]|10[0-9]) ?(?:yo|y/o|y\.o\.?|YO|Y/O)(?![A-Za-z])"
    rf"|(?<![0-9A-Za-z.\-/])(?P<b>[1-9][0-9])(?=[FM女男]{END})|[♂♀](?P<j>[1-9]?[0-9]|10[0-9])(?![0-9])|\([男女](?:性|児)?[、・,/ ](?P<k>[1-9]?[0-9]|10[0-9])(?=くらい|ぐらい|前後|頃|ごろ|\)|[、・,])"
    r"|(?:もう|もうすぐ|まだ|ことし|今年|今度|来年|来月|去年|昨年|満)(?:で|の|、)?(?P<c>[1-9][0-9])(?=に?な[っらりるろれ]|に?もな|や[ので、。しっ]|や$|です|だ[しっか、。]|や?、|。)"
    rf"|(?:{FAMILY})(?:は|が)?(?P<d>[1-9][0-9])(?=と[一-\u9fff]|の[一-\u9fff]|{END}|です|だ|で、)"
    rf"|(?:{FAMILY})\((?P<e>[1-9]?[0-9]|10[0-9])(?=[)、・,])"
    r"|(?<![0-9.])(?P<f>[0-9]{1,2}) ?(?:歳|才) ?[0-9]{1,2} ?[かヶカケヵか箇]月"
    r"|(?<![0-9.])(?P<g>[0-9]{1,3}) ?さい(?=[のでにがはをともだや、。)\s]|$)"
    r"|享年 ?(?P<h>[一二三四五六七八九十百]{1,4})"
    r"|(?P<i>ハタチ|はたち|二十歳|二十才)"
    r"|(?P<l>[1-9一二三四五六七八九])つ(?=\)|になる)"
    r"|(?:さんだって|もとうとう|さんも|さんは?もう|氏は|さんは)(?P<m>[6-9][0-9])(?=です|や[。、]|だ[。、し])"
    r"|、(?P<n>[1-9][0-9])に(?=なる|なります|なった|なられ)"
    rf"|(?<=[一-\u9fffァ-ヺ{TAKEN}])(?P<o>[5-9][0-9])(?=、(?:HOT|要|認知|独居|無職|がん|糖|透析|寝|車))"
)
DATE = re.compile(
    r"(?<![0-9])(?:1[0-2]|[1-9])がつ(?:[0-9]{1,2}にち)?|(?<![0-9])(?:1[0-2]|[1-9])/(?:末|初|中旬|上旬|下旬)"
    r"|(?:次回は?|来週|再来週|先週|今週末?|週明け|翌) ?(?P<it>[12]?[0-9]日|3[01]日)"
    r"|(?:年明け|昨年|去年|翌年|一昨年|来年|今年)の? ?(?:十[一二]?|[一二三四五六七八九]|1[0-2]|[1-9])月(?:末|頭|上旬|中旬|下旬)?"
    r"|(?:令和|平成|昭和)(?:[0-9]{1,2}|元)年の(?:1[0-2]|[1-9])月"
    r"|(?<=/[0-9]{2})[~〜～-](?P<them>[12][0-9]|3[01])(?![0-9/])"
    r"|(?<![0-9.])(?:1[0-2]|[1-9])\.(?:[12][0-9]|3[01])(?=[ )、]|$)(?!\s*(?:kg|cm|%|℃|度|mg))"
    r"|(?:昨|今|来|再来|一昨|翌)?年? ?(?<![0-9])[0-9]{1,2}月末日?"
    r"|(?<![0-9月/.、])(?:[89]|[12][0-9]|3[01])日(?=[のにはとへも]|\([月火水木金土日]|まで|から|付|朝|夜|午前|午後|夕)(?!の(?:間|入院|休|猶予|うち))"
)


def cases(text: str) -> Iterator[Found]:
    """Numbers of courts and clubs, names in games: shapes so plain that nothing else may take a part of them."""
    yield from _all(COURT, text, Label.ID_NUMBER, "id_number", 0.95)
    yield from _all(GROUPS, text, Label.ID_NUMBER, "id_number", 0.8)
    yield from _all(HANDLE, text, Label.OTHER_ID, "handle", 0.9)
    yield from _all(PLATE, text, Label.OTHER_ID, "plate", 0.9)
    yield from _all(EMAIL, text, Label.EMAIL, "email", 0.95)
    yield from _all(ABROAD, text, Label.PHONE, "phone", 1.0)
    yield from _all(SPOKEN, text, Label.PHONE, "phone", 0.9)


def numbers(text: str) -> Iterator[Found]:
    """Numbers that a word introduces, however they are cut, and numbers to call without their first part."""
    for match in LED.finditer(text):
        if (
            not RECEIPT.match(match["it"])
            and sum(char.isdigit() for char in match["it"]) >= 2
            and not (COUNTED.match(match["it"]) and not match[0].startswith(("店番", "枝番")))
        ):
            yield Found(*match.span("it"), Label.ID_NUMBER, 0.9, "id_number")
    yield from _all(HASHED, text, Label.ID_NUMBER, "id_number", 0.8)
    yield from _all(LOCAL, text, Label.PHONE, "phone", 0.7)


def births(text: str) -> Iterator[Found]:
    """Dates of birth in shorthand and in English."""
    yield from _all(BIRTH, text, Label.DATE_OF_BIRTH, "birth_date", 0.95)


def neighbours(text: str) -> Iterator[Found]:
    """People called by the number of their room."""
    yield from _all(NEIGHBOUR, text, Label.OTHER_ID, "room", 0.8)


def ages(text: str) -> Iterator[Found]:
    """Ages said in passing: 82yo, もう93や, 父82と母79."""
    for match in AGE.finditer(text):
        group = match.lastgroup or ""
        start, end = match.span() if group in "afghil" else match.span(group)
        years = 20 if group == "i" else _years(match[group])
        yield Found(start, end, Label.AGE, 0.9, age_band(years), who=str(years // 10 * 10))


def days(text: str) -> Iterator[Found]:
    """Days without a month, ends of months."""
    for match in DATE.finditer(text):
        yield Found(*match.span(match.lastgroup or 0), Label.DATE, 0.8, "date", parts=("", ""))


def _years(written: str) -> int:
    if written.isdigit():
        return int(written)
    tens, _, ones = written.rpartition("十")
    digits = "〇一二三四五六七八九"
    return (
        100
        if "百" in written
        else (digits.find(tens[:1]) if tens else 1) * 10 + max(0, digits.find(ones[:1] or "〇"))
    )


def _all(pattern: re.Pattern[str], text: str, label: Label, token: str, score: float) -> Iterator[Found]:
    for match in pattern.finditer(text):
        yield Found(*match.span(match.lastgroup or 0), label, score, token)
