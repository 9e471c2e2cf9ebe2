"""What is known by its shape: numbers, addresses on the net, dates of birth, ages."""

import re
from collections.abc import Iterator

from bot.privacy.anonymizer.found import TAKEN, Found, Label

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

PHONE_GAP = r"(?:[ \-.()の・/,、]{0,2}| ?(?:の|-) ?|\)? ?局の? ?)"
PHONE = re.compile(
    rf"(?<![0-9])(?:"
    rf"(?:\+|00|010-?)81{PHONE_GAP}(?:\(0\))?(?:{PHONE_GAP}[0-9]){{9,10}}"
    rf"|(?:\((?=[0-9]{{2,5}}\)))?0{PHONE_GAP}[5-9]{PHONE_GAP}0(?:{PHONE_GAP}[0-9]){{8}}"
    rf"|\(?0(?:120|570){PHONE_GAP}[0-9]{{3}}{PHONE_GAP}[0-9]{{3}}"
    rf"|\(?0800{PHONE_GAP}[0-9]{{3}}{PHONE_GAP}[0-9]{{4}}"
    rf"|(?:\((?=[0-9]{{2,5}}\)))?0[1-9](?:{PHONE_GAP}[0-9]){{8}}"
    rf")(?![0-9])番?(?: ?(?:\()?(?:内線|内)(?:番号)?[: ]{{0,2}}[0-9]{{1,6}}\)?)?"
)
SHORT_PHONE = re.compile(
    r"(?:電話(?:番号)?|携帯(?:番号)?|TEL|Tel|tel|FAX|Fax|fax|ファックス|☎|連絡先)(?:は|が|:|;| |\.){0,3}"
    r"(?P<it>[0-9]{2,4}[\-( ][0-9]{3,4}(?:[\-) ][0-9]{4})?)(?![0-9\-])"
)
LOCAL = re.compile(r"(?<![0-9])[0-9]{2,4}局の? ?[0-9]{4}番?(?![0-9])")
EXTENSION = re.compile(r"内線(?:番号)?(?:は|:| ){0,2}(?P<it>[0-9]{2,6})")

POSTAL = re.compile(r"〒 ?[0-9]{3}[\- ]?[0-9]{4}(?![0-9\-])|(?<![0-9\-])[0-9]{3}-[0-9]{4}(?![0-9\-])")

NUMBER = "[0-9〇一二三四五六七八九十元]{1,4}"
ERA = f"(?:明治?|大正?|昭和?|平成?|令和?|(?<![A-Za-z])[MTSHR]\\.?) ?{NUMBER} ?(?:年|[./\\-])"
YEAR = "(?:1[89]|20)[0-9]{2} ?(?:年|[./\\-])|[一二]千?[〇一二三四五六七八九十百]{2,6} ?年"
MONTH_DAY = f" ?{NUMBER} ?(?:月|[./\\-]) ?{NUMBER}(?: ?日)?"
BORN = r" ?(?:\([^()\n]{1,4}\) ?)?(?:生まれ|生(?!活|徒|計|命|保|理|産)|うまれ|産まれ)"
BIRTH = re.compile(
    rf"(?:{ERA}|{YEAR}) ?\((?:明治?|大正?|昭和?|平成?|令和?|[MTSHR])?\.?[0-9]{{1,4}} ?年?\){MONTH_DAY}(?:{BORN})?"
    r"|[明大昭平令] ?[0-9]{1,2} ?[./・\-] ?[0-9]{1,2} ?[./・\-] ?[0-9]{1,2}(?:の?お?(?:生まれ|生(?![活徒計命保理産])|うまれ))?"
    r"|(?<![0-9.])[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{1,2}(?:生(?![活徒計命保理産])|の?お?(?:生まれ|うまれ))"
    rf"|[明大昭] ?{NUMBER} ?[./・\-] ?{NUMBER} ?[./・\-] ?{NUMBER}(?![0-9])"
    r"|(?:明治|大正|昭和)[・: ]{1,2}[0-9]{1,2} ?年 ?[0-9]{1,2} ?月 ?[0-9]{1,2} ?日"
    r"|(?<![0-9])['’][3-9][0-9] ?[./・\-年] ?[0-9]{1,2} ?[./・\-月] ?[0-9]{1,2}日?(?![0-9])"
    rf"|(?<![0-9年.和成正治明大昭平令MTSHR])[0-9]{{2}} ?年 ?[0-9]{{1,2}} ?月 ?[0-9]{{1,2}} ?日{BORN}"
    r"|(?<![0-9年.和成正治明大昭平令MTSHR])[0-9]{2} ?年の?早?(?:生まれ|うまれ)|"
    rf"(?:{ERA}|{YEAR})(?:{MONTH_DAY}|(?: ?{NUMBER} ?月)?){BORN}"
    rf"|{NUMBER} ?月 ?{NUMBER} ?日{BORN}"
    rf"|(?:明治?|大正?|昭和?|(?<![A-Za-z])[MTS]\.?) ?{NUMBER} ?(?:年|[./\-]){MONTH_DAY}"
    r"|(?<![0-9])(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?= ?(?:生|うまれ))"
    r"|(?<![0-9])(?:18[6-9]|19[0-9])[0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9円人件])"
)
BIRTH_LED = re.compile(
    rf"(?:生年月日|誕生日|お誕生日|生まれた日|DOB|D\.O\.B)(?:は|が|:| |=|\(|・){{0,3}}"
    rf"(?P<it>(?:{ERA}|{YEAR}){MONTH_DAY}|{NUMBER} ?月 ?{NUMBER} ?日|(?:{ERA}|{YEAR})|[0-9]{{8}}(?![0-9]))"
)

ID_WORDS = (
    "被保険者(?:証)?(?:番号)?|保険者番号|保険証(?:番号)?|資格確認書|受給者証?(?:番号)?|基礎年金番号|年金(?:番号|証書)(?:番号)?|(?:療育|母子|障害者?|精神|身体)?手帳(?:番号)?|証番号|"
    "記号番号|記号・番号|記号|免許証?(?:番号)?|在留カード(?:番号)?|在留(?:番号)?|旅券(?:番号)?|パスポート(?:番号)?|診察券(?:番号)?|診察番号|患者(?:番号|ID)|カルテ(?:番号)?|"
    "利用者(?:番号|ID)|(?:登録|会員|ケース|事例|個人|社員|職員|学籍|契約|お客様|整理|世帯|宛名|受付|受理|管理|保護|決定|文書|申請|識別|照会|台帳|顧客|証券|事件|伝票|予約|整理券|請求|認定|支給|労働保険|雇用保険|保険|相談|記録|案件)番号|"
    "(?:[一-\u9fff]{1,8})?証(?:明書)?(?=第|番号)|(?:[一-\u9fff]{1,8})?登録(?=第|番号| ?[一-\u9fffA-Z]{0,2}-?[0-9A-Z-]{4})|学籍|受給証|医療券|マイナンバー|マイナ|個人番号カード|労災|雇用保険|生保ケース|ケースNo|受理|受付|会員|相談票|(?:[一-\u9fff]{1,6})?(?:No|NO|no|№)"
)
ID_VALUE = r"(?:[一-\u9fff]{1,3} ?[\-第]? ?(?=[A-Z]?-?[0-9]))?[A-Za-z]{0,3}[\- ]?[0-9](?:[A-Za-z0-9]|[\-・/ ](?=[A-Za-z0-9])){1,24}号?"
ID_LED = re.compile(
    rf"(?:{ID_WORDS})(?:は|が|の|:|;| |#|No\.?|№|\.|\(|「|・|=|、){{0,4}}(?P<it>(?:第 ?[0-9]{{2,}} ?号)|{ID_VALUE})"
)
MARKED = re.compile(r"記号 ?(?P<it>[一-\u9fff]{1,3}-?[0-9]{1,5})(?![0-9])")
NUMBERED = re.compile(
    r"(?<![0-9年度])[一-\u9fff]{0,4}第 ?[0-9]{3,} ?号|第 ?[A-Z]{0,2}-?[0-9]{1,8}(?:[\-・ ][0-9A-Z]{1,8}){0,3} ?号(?<!第[0-9]号)(?<!第[0-9]{2}号)"
)
# Codes of several pieces: R6-草-0583, B2-25-00931, HP-558-0193.
CODED = re.compile(
    r"(?<![A-Za-z0-9.\-/])(?=[A-Z0-9一-\u9fff\-]*[0-9]{3})(?:[A-Z]{1,4}[0-9]{0,4}|[0-9]{1,4}[A-Z]{0,2})(?:-(?:[A-Z]{1,4}|[一-\u9fff]{1,2}|[0-9]{1,4}))?-[0-9]{3,8}(?:-[0-9A-Z]{1,6})?(?![0-9A-Za-z\-])"
    r"|(?<![一-\u9fff])[一-\u9fff]{1,2}-[A-Z] ?[0-9]{3,8}(?![0-9])"
)
NUMBER_LED = re.compile(
    rf"(?:(?<!電話)(?<!携帯)(?<!連絡先)(?<!郵便)(?<!内線)(?<!暗証)(?<!返し)番号|(?<![A-Za-z])(?:ID|No|NO|no|№)\.?)(?:は|が|:| |#|「|\(){{0,3}}(?P<it>{ID_VALUE})"
)
NO_ID = re.compile(
    r"(?:(?:19|20)[0-9]{2}[年/.\-](?:[0-9]{1,2}[月/.\-日]?)?(?:[0-9]{1,2}日?)?|[0-9]{1,2}[年月/][0-9]{0,2}[日月]?|[RSHT][0-9]{1,2}[./][0-9]{1,2}[./][0-9]{1,2}|[0-9]{1,3}(?:回|人|名|件|円|日|時|歳|才|級|種|度|年|分|号線)?|[0-9]{1,2}:[0-9]{2})(?![0-9])"
)
RECEIPT = re.compile(r"R[0-9]{1,2}-[0-9]{1,6}$")
OWN_RECEIPT = re.compile(r"(?<![A-Za-z0-9])R[0-9]{1,2}-[0-9]{3,6}(?![0-9\-])")
PLAIN_RANGE = re.compile(r"[0-9]{1,4}-[0-9]{1,4}(?:-[0-9]{1,4})?$|COVID|HDS|TMT|WAIS|WISC|DSM|ICD|JCS|GCS")
CARD = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{7,8}(?:[A-Z]{2})?(?![A-Za-z0-9])")
PENSION = re.compile(r"(?<![0-9\-])[0-9]{4}-[0-9]{6}(?![0-9\-])")
LONG = re.compile(r"(?<![0-9A-Za-z.,\-])[0-9]{7,20}(?![0-9A-Za-z円万億千人件名回%倍]|[.,][0-9])")
FOURS = re.compile(r"(?<![0-9\-])[0-9]{4}(?:[ \-][0-9]{4}){3}(?![0-9\-])")
TODAY_LIKE = re.compile(r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])$")
ACCOUNT = re.compile(
    r"(?:口座(?:番号)?(?:は|が|:| |\(){0,3})?(?P<it>(?:普通(?:預金)?|当座(?:預金)?|\(普\))(?:口座)?(?:は|:| |No\.?){0,3}[0-9](?:[ \-]?[0-9]){4,13})(?![0-9円])"
)
ACCOUNT_LED = re.compile(
    r"(?:口座(?:番号)?|ゆうちょ(?:銀行)?|通帳(?:番号)?|店番)(?:は|が|:| |\(|No\.?|記号){0,4}(?P<it>[0-9](?:[ \-]?[0-9]){4,17})(?![0-9円])"
)

PLATE = re.compile(
    r"[一-\u9fff々ぁ-ん]{1,4} ?[0-9]{2}[0-9A-Z] ?[あ-けこさ-にぬ-ふほ-を] ?"
    r"(?:[0-9]{1,2}-[0-9]{2}|[・.]{1,3} ?[0-9]{1,3}|[0-9]{4})(?![0-9])"
)
PLATE_SHORT = re.compile(
    r"(?:(?:ナンバー|車両番号|プレート)[^\n。]{0,10}?|[市区町] ?|[車バイク原付]\()(?P<it>[あ-けこさ-にぬ-ふほ-を] ?[0-9]{1,2}-[0-9]{2})(?![0-9\-])"
)
PLATE_LED = re.compile(
    r"(?:車の|車両)?(?:ナンバー|車両番号)(?:は|が|:| |プレート){0,3}(?P<it>[0-9]{1,2}-[0-9]{2}|[0-9]{4})(?![0-9\-])"
)
HANDLE = re.compile(
    r"(?<![A-Za-z0-9_@])@[A-Za-z0-9_][A-Za-z0-9_.\-]{2,29}|<@[A-Z0-9]{2,60}(?:[|][^>\n]{0,60})?>"
)
HANDLE_LED = re.compile(
    r"(?:LINE|ライン|インスタ(?:グラム)?|Instagram|ツイッター|Twitter|(?<![A-Za-z])X|フェイスブック|Facebook|TikTok|スカイプ|Skype|カカオ|Zoom|WhatsApp|Messenger|メッセンジャー|Discord)"
    r"(?:の)?(?:ID|アカウント|アカ|ユーザー名|名)?(?:は|が|:| |「|\(|→|=){1,3}(?P<it>@?(?=[A-Za-z0-9_.\-]*[0-9_.\-])[A-Za-z0-9][A-Za-z0-9_.\-]{2,29})"
    r"|(?<![A-Za-z0-9_@.\-])(?P<those>[A-Za-z0-9.\-]{0,24}[A-Za-z0-9]_[A-Za-z0-9_.\-]{1,29})(?![A-Za-z0-9_])"
    r"|(?:ハンドル(?:ネーム|名)?|アカウント名?|ユーザー名|(?<![A-Za-z])ID)(?:は|が|:| |「|\(|『){1,3}(?P<that>[A-Za-z_][A-Za-z0-9_.\-]{2,29})"
)

ROOM = re.compile(
    r"(?:部屋(?:番号)?|居室|病室|号室|寮の部屋)(?:は|が|:| |\(|の|=){0,2}(?P<it>[A-Z]?[0-9]{1,2}-?[0-9A-Z]{1,3}(?:号室?)?)(?![0-9A-Za-z円年月日人時名%])"
    r"|(?<![0-9A-Za-z])(?P<that>[A-Z]?[0-9]{2,4} ?号(?:室)?)(?!線|店|館|車|炉|議案|条)"
    r"|(?<=[荘ツンスポ寮館舎\0])の?(?P<those>[1-9][0-9]{2,3})(?=[。、)\s]|に(?:住|転|入)|号|$)"
)

AGE_NUMBER = "(?:[0-9]{1,3}|[一二三四五六七八九十百]{1,4})"
AGE = re.compile(
    rf"(?:(?<!未)満 ?|齢 ?|よわい ?|当年 ?)?(?<![0-9.〇一二三四五六七八九十百])(?P<years>{AGE_NUMBER}) ?(?:[歳才]半(?![ぁ-ん年])|歳|才(?!能|覚|女|気)|さい(?![ぁ-ん])|サイ(?![ァ-ヺ]))"
    r"(?! ?(?:以上|以下|未満|以降|以後|前後|代|ごろ|頃|くらい|ぐらい|程度|児|時点|の壁|体操))"
)
AGE_LED = re.compile(
    r"(?:(?<!未)満|数え|享年|行年|年齢|年令|齢|よわい|当年)(?:は|が|:| ){0,2}(?P<years>[0-9]{1,3}|[二三四五六七八九]?十[一二三四五六七八九]?|[二三四五六七八九])(?![0-9歳才代〜~\-%円年月日.十人名万回])"
)
AGE_BRACKET = re.compile(rf"(?<=[一-\u9fff々ぁ-んァ-ヺー{TAKEN}A-Z])\((?P<years>[1-9][0-9]|10[0-9])\)")
AGE_AFTER = re.compile(
    r"(?:さん|様|氏|くん|ちゃん)[ 、]?(?P<years>[1-9][0-9]|[二三四五六七八九]十[一二三四五六七八九]?)(?=[、。,.()\s]|$)|(?<=。)(?P<alone>[1-9][0-9]|[二三四五六七八九]十[一二三四五六七八九]?)(?=。|$)"
    r"|(?:本人|わし|わたし|私|あたし|うち|おれ|俺)も?(?:もう)?(?P<also>[5-9][0-9]|[五六七八九]十[一二三四五六七八九]?)(?=や|です|だ|に(?:なり|なる))"
)
AGE_OF = re.compile(
    rf"{TAKEN}(?:さん|様|氏|くん|君|ちゃん)?(?:\([^()\n]{{0,12}}\))?(?:[ 、,・/]{{1,3}}|は|\(|\((?:男|女)[・、])?(?P<years>[1-9]?[0-9]|10[0-9])"
    r"(?=[、。,;()\n・/]| +(?![0-9年月日時]|[名人回度件])| ?[男女](?!性の)|です|yo|$)(?!(?:[.,/:\-]|、)[0-9])"
)
# Two people and their ages, and the ages of a table.
TWO = rf"(?:夫婦|夫妻|兄弟|姉妹|兄妹|姉弟|親子|母子|父子|母娘|双方|さん|様|{TAKEN})\("
AGE_PAIR = re.compile(rf"{TWO}(?:(?P<years>[1-9]?[0-9])(?=[、・,/と][1-9]?[0-9]\)))")
AGE_SECOND = re.compile(rf"{TWO}[1-9]?[0-9][、・,/と](?P<years>[1-9]?[0-9])(?=\))")
MONTHS = re.compile(
    r"(?<![0-9.])[0-9]{1,2} ?[かヶカケヵ箇]月(?=[)、・]?(?:\)|児|の(?:赤|乳|息子|娘|子(?![猫犬])|長|次|弟|妹|女の|男の)))"
)
ROW = re.compile(r"(?<=\|)[ \t]*(?P<years>[1-9][0-9]|10[0-9])[ \t]*(?=\|)")
AGE_SAID = re.compile(
    r"(?:本人|わたし|私|わし|うち|夫|妻|父|母|息子|娘|長男|長女|次男|次女|兄|姉|弟|妹|孫|男|女|男性|女性)(?:は|、| )?(?P<years>[1-9][0-9]|[二三四五六七八九]十[一二三四五六七八九]?)(?=です|[、。)]|$)"
)
AGE_COUNTED = re.compile(r"(?P<years>[一二三四五六七八九])つ(?=です|の(?:子|とき|時|頃)|に(?:な|もな))")
AGE_LISTED = re.compile(
    r"\([^()0-9\n]{1,20}[、,・ ] ?(?P<years>[1-9]?[0-9]|10[0-9])(?=[)、・])|\((?P<first>[1-9][0-9])(?=[・、,] ?(?:男|女|無職|独居|要介護|自営|会社員|パート))"
)
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
        yield Found(*match.span(), Label.ID_NUMBER, 1.0, "my_number")


def addresses_on_the_net(text: str) -> Iterator[Found]:
    """E-mail addresses, links, and names used on the net."""
    yield from _all(EMAIL, text, Label.EMAIL, "email")
    yield from _all(URL, text, Label.OTHER_ID, "url")


def handles(text: str) -> Iterator[Found]:
    """Names used on the net and in messengers."""
    for match in HANDLE_LED.finditer(text):
        yield Found(*match.span(match.lastgroup or 0), Label.OTHER_ID, 1.0, "handle")
    yield from _all(HANDLE, text, Label.OTHER_ID, "handle")


def births(text: str) -> Iterator[Found]:
    """Dates of birth, in either calendar, led by a word, followed by one, or old enough to be nothing else."""
    yield from _all(BIRTH_LED, text, Label.DATE_OF_BIRTH, "birth_date")
    yield from _all(BIRTH, text, Label.DATE_OF_BIRTH, "birth_date")


def accounts(text: str) -> Iterator[Found]:
    """Bank accounts."""
    yield from _all(ACCOUNT, text, Label.ID_NUMBER, "account")
    yield from _all(ACCOUNT_LED, text, Label.ID_NUMBER, "account")


def phones(text: str) -> Iterator[Found]:
    """Numbers to call, in any spacing; short ones only where a word says so."""
    yield from _all(PHONE, text.translate(DIGITS), Label.PHONE, "phone")
    yield from _all(SHORT_PHONE, text, Label.PHONE, "phone")
    yield from _all(LOCAL, text.translate(DIGITS), Label.PHONE, "phone", 0.9)


def extensions(text: str) -> Iterator[Found]:
    """Extensions that stand alone."""
    yield from _all(EXTENSION, text, Label.PHONE, "phone", 0.8)


def postal_codes(text: str) -> Iterator[Found]:
    """Postal codes."""
    yield from _all(POSTAL, text, Label.ADDRESS, "postal_code")


def ids_led(text: str) -> Iterator[Found]:
    """Numbers of papers and registers that a word introduces. The desk's own receipt numbers are not among them."""
    for pattern, score in ((ID_LED, 1.0), (NUMBER_LED, 0.9)):
        for match in pattern.finditer(text):
            it = match["it"]
            digits = sum(char.isdigit() for char in it)
            plain_number = NO_ID.match(it)
            if digits < 2 or RECEIPT.match(it) or (plain_number and plain_number.end() == len(it)):
                continue
            if plain_number and not it[:1].isdigit() and digits < 3:
                continue
            yield Found(*match.span("it"), Label.ID_NUMBER, score, "id_number")
    yield from _all(MARKED, text, Label.ID_NUMBER, "id_number", 0.9)
    yield from _all(NUMBERED, text, Label.ID_NUMBER, "id_number", 0.9)


FIRST_CELL = re.compile(r"^\| ?(?P<it>[0-9A-Z]{1,4}-[0-9]{2,5}) ?(?=\|)", re.MULTILINE)


def rows(text: str) -> Iterator[Found]:
    """Numbers in the first column of a table."""
    yield from _all(FIRST_CELL, text, Label.ID_NUMBER, "id_number", 0.8)


def receipts(text: str) -> Iterator[Found]:
    """The desk's own numbers, which no record keeps."""
    for match in OWN_RECEIPT.finditer(text):
        yield Found(*match.span(), Label.ID_NUMBER, 1.0, "id_number")


def ids(text: str) -> Iterator[Found]:
    """Numbers of papers and registers that are known by their shape."""
    for pattern in (CARD, PENSION, FOURS):
        yield from _all(pattern, text, Label.ID_NUMBER, "id_number")
    for match in CODED.finditer(text):
        if not RECEIPT.match(match[0]) and not PLAIN_RANGE.match(match[0]):
            yield Found(*match.span(), Label.ID_NUMBER, 0.7, "id_number")
    for match in LONG.finditer(text):
        if not TODAY_LIKE.match(match[0]):
            yield Found(*match.span(), Label.ID_NUMBER, 0.7, "id_number")


def plates(text: str) -> Iterator[Found]:
    """Number plates."""
    yield from _all(PLATE, text, Label.OTHER_ID, "plate")
    yield from _all(PLATE_SHORT, text, Label.OTHER_ID, "plate", 0.9)
    yield from _all(PLATE_LED, text, Label.OTHER_ID, "plate")


def rooms(text: str) -> Iterator[Found]:
    """Rooms by their number alone."""
    yield from _all(ROOM, text, Label.OTHER_ID, "room", 0.9)


def ages(text: str) -> Iterator[Found]:
    """Exact ages. The token is the decade; `who` is its number of tens."""
    for pattern in (
        AGE,
        AGE_LED,
        AGE_BRACKET,
        AGE_AFTER,
        AGE_LISTED,
        AGE_OF,
        AGE_SAID,
        AGE_COUNTED,
        AGE_PAIR,
        AGE_SECOND,
    ):
        for match in pattern.finditer(text):
            group = match.lastgroup or "years"
            years = _years(match[group])
            if years > 130 or (
                pattern is AGE_BRACKET and not RELATED.search(text, max(0, match.start() - 3), match.start())
            ):
                continue
            start, end = match.span(group) if pattern is not AGE else match.span()
            yield Found(start, end, Label.AGE, 1.0, age_band(years), who=str(years // 10 * 10))


def small_ages(text: str) -> Iterator[Found]:
    """Ages in months, and the ages of a table that has a column of them."""
    for match in MONTHS.finditer(text):
        yield Found(*match.span(), Label.AGE, 0.9, age_band(0), who="0")
    if "|" in text and ("年齢" in text or "年令" in text):
        for match in ROW.finditer(text):
            years = int(match["years"])
            yield Found(*match.span("years"), Label.AGE, 0.9, age_band(years), who=str(years // 10 * 10))


def age_band(years: int) -> str:
    """Which words stand for an age: school stages for children, decades, and 90 or more."""
    for until, token in ((6, "age_infant"), (12, "age_primary"), (15, "age_junior"), (18, "age_senior")):
        if years <= until:
            return token
    return "age_90" if years >= 90 else "age"


def holds_my_number(text: str) -> bool:
    """Whether the plain text holds twelve digits that may be somebody's number."""
    return any(True for _ in my_numbers(text))


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
    for match in pattern.finditer(text):
        yield Found(*match.span(match.lastgroup or 0), label, score, token)
