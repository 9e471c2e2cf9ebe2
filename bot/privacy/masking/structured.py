"""What is known by its shape: numbers, addresses on the net, dates of birth, ages."""

import re
from collections.abc import Iterator

from bot.privacy.masking.found import TAKEN, Found, Label

DIGITS = str.maketrans("〇一二三四五六七八九", "0123456789")
GAP = r"[\s\-._]{0,3}"
MY_NUMBER = re.compile(rf"(?<![0-9])[0-9](?:{GAP}[0-9]){{11}}(?!{GAP}[0-9])|(?<![0-9])[0-9]{{12}}(?![0-9])")
YEARS = re.compile(r"(?:(?:19|20)\d\d[\s\-._]{1,3}){2}(?:19|20)\d\d$")
STAMP = re.compile(r"(?:19|20)\d\d[-.]\d{1,2}[-.]\d{1,2}[\s.\-_]")
PHONE_FIRST = re.compile(r"(?:0[5-9]0[\s\-.]?\d{4}[\s\-.]?\d{4}|0\d{1,4}-\d{1,4}-\d{4})[\s\-._]{1,3}\d{1,2}$")

EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]+ ?(?:@|\((?:at|アット)\)|\[at\]|アットマーク) ?"
    r"[A-Za-z0-9\-]+(?: ?\. ?[A-Za-z0-9\-]+)+"
)
URL = re.compile(
    r"(?:https?://|(?<![A-Za-z0-9])www\.)[^\s<>|、。「」()\0]+"
    r"|(?<![A-Za-z0-9.\-@])[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.(?:jp|com|net|org|info|biz)(?![A-Za-z0-9\-])(?:/[^\s<>|、。「」()\0]*)?"
)

PHONE_GAP = r"[ \-.()の]{0,2}"
PHONE = re.compile(
    rf"(?<![0-9])(?:"
    rf"(?:\+|00|010-?)81{PHONE_GAP}(?:\(0\))?(?:{PHONE_GAP}[0-9]){{9,10}}"
    rf"|\(?0{PHONE_GAP}[5-9]{PHONE_GAP}0(?:{PHONE_GAP}[0-9]){{8}}"
    rf"|\(?0(?:120|570){PHONE_GAP}[0-9]{{3}}{PHONE_GAP}[0-9]{{3}}"
    rf"|\(?0800{PHONE_GAP}[0-9]{{3}}{PHONE_GAP}[0-9]{{4}}"
    rf"|\(?0[1-9](?:{PHONE_GAP}[0-9]){{8}}"
    rf")(?![0-9])(?: ?(?:\()?(?:内線|内)(?:番号)?[: ]{{0,2}}[0-9]{{1,6}}\)?)?"
)
SHORT_PHONE = re.compile(
    r"(?:電話(?:番号)?|携帯(?:番号)?|TEL|Tel|tel|FAX|Fax|fax|ファックス|☎|連絡先)(?:は|が|:|;| |\.){0,3}"
    r"(?P<it>[0-9]{2,4}[\-( ][0-9]{3,4}(?:[\-) ][0-9]{4})?)(?![0-9\-])"
)
EXTENSION = re.compile(r"内線(?:番号)?(?:は|:| ){0,2}(?P<it>[0-9]{2,6})")

POSTAL = re.compile(r"〒 ?[0-9]{3}[\- ]?[0-9]{4}(?![0-9\-])|(?<![0-9\-])[0-9]{3}-[0-9]{4}(?![0-9\-])")

NUMBER = "[0-9〇一二三四五六七八九十元]{1,4}"
ERA = f"(?:明治|大正|昭和|平成|令和|(?<![A-Za-z])[MTSHR]\\.?) ?{NUMBER} ?(?:年|[./\\-])"
YEAR = "(?:1[89]|20)[0-9]{2} ?(?:年|[./\\-])|[一二]千?[〇一二三四五六七八九十百]{2,6} ?年"
MONTH_DAY = f" ?{NUMBER} ?(?:月|[./\\-]) ?{NUMBER}(?: ?日)?"
BORN = r" ?(?:\([^()\n]{1,4}\) ?)?(?:生まれ|生(?!活|徒|計|命|保|理|産)|うまれ|産まれ)"
BIRTH = re.compile(
    rf"(?:{ERA}|{YEAR})(?:{MONTH_DAY}|(?: ?{NUMBER} ?月)?){BORN}"
    rf"|{NUMBER} ?月 ?{NUMBER} ?日{BORN}"
    rf"|(?:明治|大正|昭和|(?<![A-Za-z])[MTS]\.?) ?{NUMBER} ?(?:年|[./\-]){MONTH_DAY}"
    r"|(?<![0-9])(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?= ?(?:生|うまれ))"
    r"|(?<![0-9])(?:18[6-9]|19[0-9])[0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9円人件])"
)
BIRTH_LED = re.compile(
    rf"(?:生年月日|誕生日|お誕生日|生まれた日|DOB|D\.O\.B)(?:は|が|:| |=|\(|・){{0,3}}"
    rf"(?P<it>(?:{ERA}|{YEAR}){MONTH_DAY}|{NUMBER} ?月 ?{NUMBER} ?日|(?:{ERA}|{YEAR})|[0-9]{{8}}(?![0-9]))"
)

ID_WORDS = (
    "被保険者番号|保険者番号|被保険者証|保険証(?:番号)?|受給者証(?:番号)?|受給者番号|基礎年金番号|年金番号|年金証書(?:番号)?|手帳番号|手帳|証番号|"
    "記号番号|免許証(?:番号)?|在留カード(?:番号)?|旅券(?:番号)?|パスポート(?:番号)?|診察券(?:番号)?|患者番号|患者ID|カルテ(?:番号)?|"
    "利用者番号|利用者ID|登録番号|会員番号|ケース番号|個人番号|マイナンバー|社員番号|学籍番号|契約番号|お客様番号|整理番号|世帯番号|宛名番号"
)
ID_LED = re.compile(
    rf"(?:{ID_WORDS})(?:は|が|の|:|;| |#|No\.?|\(|第){{0,4}}(?P<it>(?=[A-Za-z\-]{{0,6}}[0-9])[A-Za-z0-9][A-Za-z0-9\- ]{{1,24}}[A-Za-z0-9])"
)
NUMBER_LED = re.compile(
    r"(?:番号|(?<![A-Za-z])(?:ID|No|NO|no|№)\.?)(?:は|が|:| |#){0,3}(?P<it>[A-Z]{0,3}-?[0-9](?:-?[0-9]){4,15})(?![0-9])"
)
RECEIPT = re.compile(r"[RHST][0-9]{1,2}-[0-9]{1,6}$")
CARD = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{7,8}(?:[A-Z]{2})?(?![A-Za-z0-9])")
PENSION = re.compile(r"(?<![0-9\-])[0-9]{4}-[0-9]{6}(?![0-9\-])")
LONG = re.compile(r"(?<![0-9A-Za-z.,\-])[0-9]{7,20}(?![0-9A-Za-z円万億千人件名回%倍]|[.,][0-9])")
FOURS = re.compile(r"(?<![0-9\-])[0-9]{4}(?:[ \-][0-9]{4}){3}(?![0-9\-])")
TODAY_LIKE = re.compile(r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])$")
ACCOUNT = re.compile(
    r"(?:口座(?:番号)?|普通(?:預金)?|当座(?:預金)?)(?:は|が|:| |\(|普通|No\.?){0,4}(?P<it>[0-9](?:[ \-]?[0-9]){4,13})(?![0-9円])"
)

PLATE = re.compile(
    r"[一-\u9fff々ぁ-ん]{1,4} ?[0-9]{2}[0-9A-Z] ?[あ-けこさ-にぬ-ふほ-を] ?"
    r"(?:[0-9]{1,2}-[0-9]{2}|[・.]{1,3} ?[0-9]{1,3}|[0-9]{4})(?![0-9])"
)
PLATE_LED = re.compile(
    r"(?:車の|車両)?(?:ナンバー|車両番号)(?:は|が|:| |プレート){0,3}(?P<it>[0-9]{1,2}-[0-9]{2}|[0-9]{4})(?![0-9\-])"
)
HANDLE = re.compile(
    r"(?<![A-Za-z0-9_@])@[A-Za-z0-9_][A-Za-z0-9_.\-]{2,29}|<@[A-Z0-9]{2,60}(?:[|][^>\n]{0,60})?>"
)
HANDLE_LED = re.compile(
    r"(?:LINE|ライン|インスタ(?:グラム)?|Instagram|ツイッター|Twitter|X|フェイスブック|Facebook|TikTok|スカイプ|Skype|カカオ|Zoom)"
    r"(?:の)?(?:ID|アカウント|アカ|ユーザー名)(?:は|が|:| ){0,3}(?P<it>[A-Za-z0-9_.\-]{3,30})"
    r"|(?:ハンドル(?:ネーム|名)?|アカウント名?|ユーザー名|(?<![A-Za-z])ID)(?:は|が|:| |「|\(|『){1,3}(?P<that>[A-Za-z_][A-Za-z0-9_.\-]{2,29})"
)

AGE_NUMBER = "(?:[0-9]{1,3}|[一二三四五六七八九十百]{1,4})"
AGE = re.compile(
    rf"(?<![0-9.〇一二三四五六七八九十百])(?P<years>{AGE_NUMBER}) ?(?:歳|才(?!能|覚|女|気)|さい(?![ぁ-ん]))"
    r"(?! ?(?:以上|以下|未満|以降|以後|前後|代|ごろ|頃|くらい|ぐらい|程度|児|時点|の壁|体操))"
)
AGE_LED = re.compile(
    r"(?:(?<!未)満|数え|享年|行年|年齢|年令)(?:は|が|:| ){0,2}(?P<years>[0-9]{1,3})(?![0-9歳才代〜~\-%円年月日.])"
)
AGE_BRACKET = re.compile(rf"(?<=[一-\u9fff々ぁ-んァ-ヺー{TAKEN}A-Z])\((?P<years>[1-9][0-9]|10[0-9])\)")
AGE_AFTER = re.compile(r"(?:さん|様|氏|くん|ちゃん) ?(?P<years>[1-9][0-9])(?=[、。,.)\s])")
AGE_LISTED = re.compile(r"\([^()0-9\n]{1,20}[、,・ ] ?(?P<years>[1-9][0-9]|10[0-9])(?=[)、])")
RELATED = re.compile(
    rf"(?:夫|妻|父|母|兄|姉|弟|妹|男|女|息子|娘|孫|甥|姪|本人|さん|様|氏|くん|君|ちゃん|人|親|{TAKEN}|[A-Z]\d?)$"
)


def my_numbers(text: str) -> Iterator[Found]:
    """Twelve digits in any grouping, also in kanji. What is plainly a date, years, or a phone with an extension is not."""
    for match in MY_NUMBER.finditer(text.translate(DIGITS)):
        it = match[0]
        if it.startswith("81") and text[match.start() - 1 : match.start()] == "+":
            continue
        grouped = not it.isdigit()
        if grouped and (YEARS.match(it) or STAMP.match(it) or PHONE_FIRST.match(it)):
            continue
        yield Found(*match.span(), Label.MY_NUMBER, 1.0, "my_number")


def addresses_on_the_net(text: str) -> Iterator[Found]:
    """E-mail addresses, links, and names used on the net."""
    yield from _all(EMAIL, text, Label.EMAIL, "email")
    yield from _all(URL, text, Label.URL, "url")


def handles(text: str) -> Iterator[Found]:
    """Names used on the net and in messengers."""
    for match in HANDLE_LED.finditer(text):
        yield Found(*match.span("it" if match["it"] else "that"), Label.HANDLE, 1.0, "handle")
    yield from _all(HANDLE, text, Label.HANDLE, "handle")


def births(text: str) -> Iterator[Found]:
    """Dates of birth, in either calendar, led by a word, followed by one, or old enough to be nothing else."""
    yield from _all(BIRTH_LED, text, Label.DATE_OF_BIRTH, "birth_date")
    yield from _all(BIRTH, text, Label.DATE_OF_BIRTH, "birth_date")


def accounts(text: str) -> Iterator[Found]:
    """Bank accounts."""
    yield from _all(ACCOUNT, text, Label.ACCOUNT, "account")


def phones(text: str) -> Iterator[Found]:
    """Numbers to call, in any spacing; short ones only where a word says so."""
    yield from _all(PHONE, text.translate(DIGITS), Label.PHONE, "phone")
    yield from _all(SHORT_PHONE, text, Label.PHONE, "phone")


def extensions(text: str) -> Iterator[Found]:
    """Extensions that stand alone."""
    yield from _all(EXTENSION, text, Label.PHONE, "phone", 0.8)


def postal_codes(text: str) -> Iterator[Found]:
    """Postal codes."""
    yield from _all(POSTAL, text, Label.POSTAL_CODE, "postal_code")


def ids_led(text: str) -> Iterator[Found]:
    """Numbers of papers and registers that a word introduces."""
    for pattern, score in ((ID_LED, 1.0), (NUMBER_LED, 0.9)):
        for match in pattern.finditer(text):
            if sum(char.isdigit() for char in match["it"]) >= 3 and not RECEIPT.match(match["it"]):
                yield Found(*match.span("it"), Label.ID_NUMBER, score, "id_number")


def ids(text: str) -> Iterator[Found]:
    """Numbers of papers and registers that are known by their shape."""
    for pattern in (CARD, PENSION, FOURS):
        yield from _all(pattern, text, Label.ID_NUMBER, "id_number")
    for match in LONG.finditer(text):
        if not TODAY_LIKE.match(match[0]):
            yield Found(*match.span(), Label.ID_NUMBER, 0.7, "id_number")


def plates(text: str) -> Iterator[Found]:
    """Number plates."""
    yield from _all(PLATE, text, Label.PLATE, "plate")
    yield from _all(PLATE_LED, text, Label.PLATE, "plate")


def ages(text: str) -> Iterator[Found]:
    """Exact ages. The token is the decade; `who` is its number of tens."""
    for pattern in (AGE, AGE_LED, AGE_BRACKET, AGE_AFTER, AGE_LISTED):
        for match in pattern.finditer(text):
            years = _years(match["years"])
            if years > 130 or (
                pattern is AGE_BRACKET and not RELATED.search(text, max(0, match.start() - 3), match.start())
            ):
                continue
            start, end = match.span("years") if pattern is not AGE else match.span()
            token = "age_90" if years >= 90 else "age_child" if years < 10 else "age"
            yield Found(start, end, Label.AGE, 1.0, token, who=str(years // 10 * 10))


def _years(written: str) -> int:
    if written.isdigit():
        return int(written)
    if "百" in written:
        return 100
    if "十" in written:
        tens, _, ones = written.partition("十")
        return int(tens.translate(DIGITS) or 1) * 10 + int(ones.translate(DIGITS)[:1] or 0)
    return int(written.translate(DIGITS))


def _all(
    pattern: re.Pattern[str], text: str, label: Label, token: str, score: float = 1.0
) -> Iterator[Found]:
    group = "it" if "it" in pattern.groupindex else 0
    for match in pattern.finditer(text):
        yield Found(*match.span(group), label, score, token)
