"""Names nobody lists, where a word says that a name comes now: 息子のたける, ルームメイト ビシュヌ、スニル, 父(おおたに としお)."""

import re
from collections.abc import Iterator

from bot.privacy.anonymizer.found import TAKEN, Found, Label
from bot.privacy.anonymizer.names import K, Name, is_generic, kana_split
from bot.privacy.anonymizer.people import named
from bot.privacy.anonymizer.reader import looked_up
from bot.privacy.anonymizer.words import (
    FACILITY_ENDS,
    GENERIC,
    GIVEN,
    HIRAGANA_GENERIC,
    HOUSE_GENERIC,
    KANA_GIVEN,
    KANA_NOTES,
    KANA_SURNAMES,
    KATAKANA_GENERIC,
    NATURE_GIVEN,
    NEVER,
    NO_NAMES,
    NOT_CHILDREN,
    NOT_OWN,
    ORG_ENDS,
    RELATIONS,
    ROLES,
    SURNAMES,
    TITLES,
    either,
    hiragana,
)

NOBODY = (
    GENERIC
    | ROLES
    | TITLES
    | NEVER
    | HOUSE_GENERIC
    | NO_NAMES
    | NOT_CHILDREN
    | KATAKANA_GENERIC
    | HIRAGANA_GENERIC
    | NOT_OWN
    | RELATIONS
    | KANA_NOTES
)
RELATION = f"(?<![{K}])(?:上の|下の|真ん中の|末の|実の)?(?:{either(RELATIONS)})"
# What may follow a name: not what follows a thing that somebody has or does.
GOES_ON = r"(?=[がはもと](?![ぁ-ゖ]?[、。]?$)|、|\(|の(?:こと|件|様子|部屋|ほう|話)|さん|ちゃん|くん|君|さま|様|に(?:つい|は|も|会|聞|電|連)|を(?:連|迎|預|呼|抱|頼|残|置)|から|より)"
HIRA = re.compile(
    f"{RELATION}の(?P<it>(?!こと|ため|ほう|とこ|よう|もの|せい|そば|ところ|うち|いう|ふり|まま|わけ|おか|おと|おじ|おば|みな|かた|お|ご)[ぁ-ゖ]{{2,5}}?){GOES_ON}"
)
KANJI = re.compile(f"{RELATION}の(?P<it>[{K}]{{1,3}}){GOES_ON}")
BESIDE = re.compile(f"{RELATION}(?P<it>[{K}]{{2}})(?=[はがもと、は](?!な))")
KATA = re.compile(
    rf"(?:{either(RELATIONS | ROLES)}|技能実習生|実習生|留学生|付添|通訳)(?:の|は|:| |・|\(|、){{1,2}}(?P<it>(?:[ァ-ヺー]{{2,10}}[・ ]){{0,4}}[ァ-ヺー]{{2,10}}(?:、[ァ-ヺー]{{2,10}})*)(?=[、。\n)はがもとにの(「さ様氏くち]|から|より|$)"
)
BRACKET = re.compile(
    rf"{RELATION}(?:さん|さま|様)?[\(「『](?P<it>[{K}ぁ-ゖァ-ヺー]{{1,6}}[ ・]?[{K}ぁ-ゖァ-ヺー]{{0,5}})(?=[)」』、・,])"
)
CALLED = re.compile(
    f"(?:仮名|源氏名|通称|あだ名|あだな|呼び名|愛称|ニックネーム|旧姓|本名|ハンドルネーム|芸名|ペンネーム)(?:は|が|:)?[「『](?P<it>[{K}ぁ-ゖァ-ヺー ]{{1,10}})(?=[」』])"
)
SPACED = re.compile(
    rf"(?<![{K}ぁ-ゖァ-ヺー])(?P<surname>[ぁ-ゖ]{{2,6}}) (?P<given>[ぁ-ゖ]{{2,5}})(?=[)\n、。(]|さん|さま|様|です|と(?:申|い|もう)|$)"
)
AGED = r"(?= ?(?:さん|様|さま|氏|くん|ちゃん|殿|\([ぁ-ゖァ-ヺー・ ]{1,10}[)、・]|\(?[0-9]{1,3}(?:歳|才|[)、]| ))|[、 ]*[0-9]{1,3}(?:歳|才))"
APART = re.compile(f"(?<![{K}])(?P<surname>[{K}]{{1,3}}) (?P<given>[{K}]{{1,3}}|[ぁ-ゖァ-ヺー]{{2,4}}){AGED}")
READ = re.compile(
    rf"(?<![{K}])(?P<it>[{K}]{{1,3}})\((?P<kana>[ぁ-ゖ]{{2,6}}|[ァ-ヺー]{{2,6}})(?=[、・, ] ?(?:[0-9]|[SHRTM昭平令大明]\.?[0-9]|男|女|長|次|小|中|高))"
)
LATIN = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
ACCENTED = re.compile(
    f"(?<![{LATIN}])[A-ZÀ-ÖØ-ÞĀ-ɏḀ-ỿ][{LATIN}]+(?:[ ·-][A-ZÀ-ÖØ-ÞĀ-ɏḀ-ỿ][{LATIN}]*){{0,5}}(?![{LATIN}])"
)
ONLY_LATIN = re.compile("[A-Za-z ·-]+$")
SIGNED = re.compile(
    f"(?:前任|後任|記録者?|担当者?|記入者?|作成者?|報告者?|文責|筆者|差出人|発信者?|受電者?|対応者?|聴取者?|面接者?|訪問者?|同行者?|同席者?|引継者?|起票者?|主治医|代理人)(?:(?<=前任|後任|任者|当者|治医|理人)は|:|→| )(?P<it>[{K}]{{1,4}}|[{K}]{{1,3}} [{K}]{{1,3}})(?=[\n、。)/・]|$)"
)


def introduced(text: str) -> Iterator[Found]:
    """Names after whose they are, or with what only names have beside them."""
    for match in HIRA.finditer(text):
        if _is_name_in_kana(match["it"]):
            yield _person(text, match, "it", 0.7)
    for match in KANJI.finditer(text):
        if _may_be_called(match["it"], text[match.end("it") : match.end("it") + 1]):
            yield _person(text, match, "it", 0.7)
    for match in BESIDE.finditer(text):
        word = match["it"]
        row = looked_up(word)
        if word[-1] in LAST_OF_NAMES and len(row) > 1 and not _is_nobody(word):
            yield _person(text, match, "it", 0.7)
    for match in KATA.finditer(text):
        if not any(_is_kana_word(part) for part in re.split("[・ 、]", match["it"])):
            for each in re.finditer("[^、]+", match["it"]):
                start = match.start("it") + each.start()
                yield named(text, start, start + len(each[0]), Name(0, 0, 0.75))
    for match in CALLED.finditer(text):
        if not _is_nobody(match["it"]):
            yield _person(text, match, "it", 0.8)
    for match in BRACKET.finditer(text):
        if not _is_nobody(match["it"]) and _is_name(match["it"]):
            yield _person(text, match, "it", 0.7)


LAST_OF_NAMES = frozenset(
    "一二三四五六七八十郎朗子介助吾夫男雄美代江枝恵平次治造蔵吉作司志樹希輝也哉人斗翔太香奈菜音花華乃緒衣里莉梨佳加織穂帆咲紀貴幸之彦久恒典憲宏弘浩洋紘博利俊敏寿年信伸延紗瑛"
)


def spaced(text: str) -> Iterator[Found]:
    """Surname and given name apart, of which no list knows one or both: 宮 輝(ひかる), おおたに ちえこ, 沖 まつゑさん、87歳."""
    for match in SPACED.finditer(text):
        surname, given = match["surname"], _old_kana(match["given"])
        alone = text[match.start() - 1 : match.start()] in {"", "\n", "(", "「"} and text[
            match.end() : match.end() + 1
        ] in {"", "\n", ")"}
        known = (surname in KANA_SURNAMES) + (given in KANA_GIVEN)
        honoured = text.startswith(("さん", "さま", "様"), match.end()) and surname not in HIRAGANA_GENERIC
        if known == 2 or (known and (alone or honoured)):
            yield named(text, *match.span(), Name(0, 0, 0.8, (surname, match["given"])))
    for match in APART.finditer(text):
        surname, given = match["surname"], match["given"]
        if _is_nobody(surname) or _is_nobody(given) or _old_kana(given) in HIRAGANA_GENERIC:
            continue
        if (
            surname in SURNAMES
            or given in GIVEN
            or hiragana(_old_kana(given)) in KANA_GIVEN
            or not _ordinary(surname + given)
        ):
            yield named(text, *match.span(), Name(0, 0, 0.8, (surname, given)))
    for match in READ.finditer(text):
        if not _is_nobody(match["it"]) and not _is_nobody(match["kana"]):
            yield _person(text, match, "it", 0.8)
            yield _person(text, match, "kana", 0.8)
    for match in SIGNED.finditer(text):
        word = match["it"]
        if not _is_nobody(word) and not _is_done(word):
            yield _person(text, match, "it", 0.7)


def accented(text: str) -> Iterator[Found]:
    """Names in Latin letters with marks of their own: Trần Thị Hồng Nhung, José."""
    for match in ACCENTED.finditer(text):
        if not ONLY_LATIN.match(match[0]):
            yield Found(
                *match.span(), Label.PERSON, 0.8, "person", match[0].replace(" ", ""), tuple(match[0].split())
            )


def _person(text: str, match: re.Match[str], group: str, score: float) -> Found:
    return named(text, *match.span(group), Name(0, 0, score))


def _old_kana(word: str) -> str:
    return word.translate(str.maketrans("ゑゐヱヰ", "えいエイ"))


def _is_nobody(word: str) -> bool:
    squeezed = word.replace(" ", "")
    return (
        squeezed in NOBODY
        or word[-1:] in "さ様方側用宅的性中後前時等者費分"
        or any(is_generic(part) for part in word.split(" ") if part and part[0] >= "一")
    )


def _is_done(word: str) -> bool:
    """Whether a word is an act, a state or a time: 面談, 未定, 当日."""
    return any(
        kind in each.kind.full for each in looked_up(word) for kind in ("サ変", "形状詞", "副詞可能", "数詞")
    )


def _ordinary(word: str) -> bool:
    """Whether the dictionary makes only ordinary words of it, none of a single character."""
    return all(
        not each.kind.proper and not each.unknown and len(each.surface) > 1 for each in looked_up(word)
    )


def _may_be_called(word: str, after: str) -> bool:
    """Whether kanji after 息子の may be a name: a name of the lists, or no other word."""
    if word in NOT_OWN:
        return after in {"(", "さ", "ち", "く", "君", "様"}
    if word in NATURE_GIVEN:
        return True
    if _is_nobody(word):
        return False
    if word in GIVEN:
        return True
    if len(word) == 1:
        return after == "(" and word not in ENDS
    row = looked_up(word)
    if len(row) == 1:
        return row[0].kind.person or row[0].unknown
    return word[-1] in LAST_OF_NAMES and all(len(each.surface) < 3 for each in row)


ENDS = FACILITY_ENDS | ORG_ENDS


def _is_name_in_kana(word: str) -> bool:
    """Whether hiragana after 息子の may be a name: not a particle with something, not a thing or an act of other length."""
    if word in NOBODY:
        return False
    if word in KANA_GIVEN:
        return True
    if len(word) < 3:
        return False
    row = looked_up(word)
    if len(row) == 1:
        return (
            row[0].kind.person
            or row[0].unknown
            or (row[0].kind.major == "動詞" and word[-1] in "るすむぶつ" and len(word) == 3)
        )
    return row[0].kind.major not in {"助詞", "助動詞", "代名詞", "形容詞", "連体詞", "接続詞"} and not any(
        each.kind.major in {"助詞", "助動詞"} and len(each.surface) > 1 for each in row
    )


def _is_kana_word(part: str) -> bool:
    """Whether katakana is another word: of the lists, or of the dictionary and nobody's name."""
    if part in NOBODY:
        return True
    sound = hiragana(part)
    if sound in KANA_GIVEN or sound in KANA_SURNAMES or kana_split(sound):
        return False
    row = looked_up(part)
    return any(not each.kind.person and not each.unknown and not each.kind.place for each in row[:1]) or any(
        part.endswith(no) for no in KATAKANA_GENERIC if len(no) > 2
    )


def _is_name(word: str) -> bool:
    """Whether what stands in brackets after 父 is a name, by lists, script or spelling."""
    parts = re.split("[ ・]", word)
    if any(
        part in GIVEN
        or part in SURNAMES
        or part in NATURE_GIVEN
        or hiragana(part) in KANA_GIVEN
        or hiragana(part) in KANA_SURNAMES
        for part in parts
    ):
        return True
    if any(
        len(each.surface) == len(part) and not each.kind.proper and not each.unknown
        for part in parts
        for each in looked_up(part)[:1]
    ):
        return False
    if word[0] >= "一":
        return len(word) <= 4 and (word[-1] in LAST_OF_NAMES or bool(looked_up(word)[0].kind.person))
    return word[0] >= "ァ" and not any(_is_kana_word(part) for part in parts)


# In notes all in katakana, everything a name needs is beside it.
LED_WORDS = sorted(KANA_NOTES, key=len, reverse=True)
KANA_CHAR = re.compile("[ァ-ヺー]")
HONOURED = re.compile(
    r"(?<![ァ-ヺー])(?P<it>[ァ-ヺー]{2,7}(?: [ァ-ヺー]{2,6})?)(?=サマ(?!ー)|サン(?![プダグドルフキセ])|クン|チャン(?!ネル|ス|ピ)|ドノ|シ(?= )|センセイ)"
)
KANA_RELATIONS = "チョウナン|ジナン|サンナン|チョウジョ|ジジョ|サンジョ|オット|ツマ|ムスコ|ムスメ|ハハオヤ|チチオヤ|ハハ|チチ|アニ|アネ|オトウト|イモウト|マゴ|ヨメ|ムコ|オイ|メイ|ケアマネ|CM|HH|Ns|Dr|ヘルパー|ミンセイイイン|タントウ|シュジイ|ホケンシ|ソウダンイン|ユウジン|ドウキョニン|オオヤ|ヤヌシ|ホンニン|ナマエ|シメイ|リヨウシャ|キーパーソン"
KANA_LED = re.compile(
    rf"(?<![ァ-ヺー])(?:{KANA_RELATIONS})(?:ノ|ハ|:| |・|\()(?P<it>[ァ-ヺー]{{2,6}}?(?: [ァ-ヺー]{{2,5}})?)(?=[ )\n、。(]|ガ|ハ|ト |ニ |ヨリ|ヘ |サマ|サン|$)"
)
KANA_AGED = re.compile(
    r"(?<![ァ-ヺー])(?P<it>[ァ-ヺー]{2,5} [ァ-ヺー]{2,5})(?=サマ|サン|(?: |\()?[0-9]{1,3}(?:サイ|才|歳))"
)
JOINED = re.compile(
    rf"(?:{KANA_RELATIONS}|^|(?<=[、。 \n\0]))(?P<it>[ァ-ヺー]{{2,6}})(?=サマ(?!ー)|サン(?![プダグドルフキセ]))"
)


def in_katakana(text: str) -> Iterator[Found]:
    """Names in lines all in katakana: トミナガ シゲノサマ, CM タニ ヘ, チョウナン ヨシヒロサマ."""
    at = 0
    for line in text.split("\n"):
        kana = len(KANA_CHAR.findall(line))
        if kana > 4 and kana > 0.5 * len(re.sub(f"[ 0-9:/、。()・{TAKEN}-]", "", line)):
            yield from _in_line(line, at)
        at += len(line) + 1


def _in_line(line: str, at: int) -> Iterator[Found]:
    for pattern in (KANA_AGED, HONOURED, KANA_LED, JOINED):
        for match in pattern.finditer(line):
            begin, word = match.start("it"), match["it"]
            for led in LED_WORDS:
                if word.startswith(led) and len(word) - len(led) > 1:
                    cut = len(led) + (word[len(led)] == " ")
                    begin, word = begin + cut, word[cut:]
                    break
            if len(word) > 1 and not any(part in NOBODY for part in (word, *word.split(" "))):
                yield Found(
                    at + begin,
                    at + begin + len(word),
                    Label.PERSON,
                    0.8,
                    "person",
                    word.replace(" ", ""),
                    tuple(word.split(" ")) if " " in word else (),
                )
