"""More places where a name of a person stands: apart from its given name, beside a house or a title, in Latin letters."""

import re
from collections.abc import Iterable, Iterator

from bot.privacy.anonymizer.found import Found, Label
from bot.privacy.anonymizer.names import K, Name, is_generic
from bot.privacy.anonymizer.people import KANJI_HEAD, MIXED_HEAD, in_dictionary, named
from bot.privacy.anonymizer.reader import looked_up
from bot.privacy.anonymizer.words import (
    GENERIC,
    GIVEN,
    HIRAGANA_GENERIC,
    HOUSE_GENERIC,
    KANA_GIVEN,
    KANA_SURNAMES,
    MUNICIPALITIES,
    NEVER,
    NO_NAMES,
    NOT_CHILDREN,
    NOT_ROMAN,
    PREFECTURES,
    ROLES,
    SURNAMES,
    TITLES,
    either,
    hiragana,
)

# Words that stand where a surname could and are none.
NO_SURNAMES = (
    GENERIC | ROLES | TITLES | NEVER | HOUSE_GENERIC | MUNICIPALITIES | PREFECTURES | NOT_CHILDREN | NO_NAMES
)
APART = re.compile(
    f"(?<![{K}ァ-ヺー])(?P<surname>[{K}]{{1,7}}) (?P<given>[{K}]{{1,3}}|[ァ-ヺー]{{2,5}}[子江代枝恵美]?)(?![{K}ァ-ヺー])"
)
LED_BY = re.compile(
    f"(?:{either(ROLES | GENERIC - SURNAMES | frozenset(['標記', '被後見人', '主介護者', '同居者', '申立人']))})+(?=[{K}]{{2,4}}$)"
)
PET = re.compile(
    "(?:(?<![ぁ-ゖ])|(?<=[一-\u9fffァ-ヺ][のはがとも]))(?!お)[ぁ-ゖ]{1,3}(?:[っー](?:くん|ちゃん|ち|ぺ|ぴ)|っさん|っしー)(?=[^ぁ-ゖー]|[はがをにのもときやだで]|から|より|って|$)"
)
NO_PET = re.compile(
    "[おばとかぼ]っさん|いらっさん|[あこそどえぼひ]っち|ひとりぼっち|[とかねにばじ]ーちゃん|おっ|ぼっ|けっち|いっち|まっち$|はっち$|のっち$|むっち|ぴっち|たっち|きっち|すーち|うっち|わんちゃん"
)
CALLED_SO = re.compile(
    r" ?\0| [0-9]{1,3}(?=[ 、。)\n歳才]|$)| ?(?:さん|様|さま|氏|くん|君|ちゃん|先生|殿|\([ぁ-ゖァ-ヺー ]{2,12}\)|\([0-9]{1,3}|[、,(][0-9]{1,3}[歳才)、])"
)
COUNTERS = frozenset("日月年時分名件人回父母兄姉弟妹夫妻男女前後他金土水木火")
READ_SO = re.compile(f"(?<![{K}])(?P<it>[{K}]{{1,3}})\\((?P<kana>[ぁ-ゖ]{{2,6}}|[ァ-ヺー]{{2,6}})(?=[)、])")
OF_FAMILY = re.compile(
    "(?:[長次三四末]男|[長次三四末]女|息子|娘|孫|妹|弟|姉|兄|妻|夫|生徒|児童|後輩|先輩|友人|友だち|友達|同級生|彼女|彼氏|担任|利用者|配達)の"
    "(?P<it>(?!こと[がはをにもで]|ため|ほう|とこ|よう|もの|せい|そば|ところ|うち|いう|ふり|まま|わけ|おか|おと|おじ|おば|みな|かた)[ぁ-ゖ]{3,4}?)(?=[がはをにとも](?:[^ぁ-ゖ]|$)|から|、)"
)
FROM_HOUSE = re.compile(
    f"\\((?P<it>[{K}]{{1,3}})(?=\\)|[、・])|[」』]? ?(?P<that>[{K}]{{2,3}})(?=[、。\n・/)]|$|さん|氏|様)"
)
SIBLING = re.compile(r"(?<=[0-9]\))[ぁ-ゖァ-ヺー]{2,4}(?=\([0-9]{1,2}\))")
AGED = re.compile(f"(?P<role>{either(ROLES)}) (?P<it>[{K}]{{1,2}})(?= (?:[0-9]{{1,3}}|\0))")
ALONE_AFTER = re.compile("[、。(\n]|$|が[^あな]")
ROMAN = re.compile(
    "(?<![A-Za-z0-9.&'/-])(?:[A-Z]{2,12}(?: [A-Z]{2,12}){1,3}|[A-Z][a-z]{1,11}(?: [A-Z][a-z]{1,11}){1,3})(?![A-Za-z0-9&'/-])"
)
BESIDE = re.compile(
    f"(?:(?<![A-Za-z])(?:Dr|DR|Ns|NS|CM|CW|MSW|PSW|SSW|SW|OT|PT|ST|HH)\\.? ?|委員|事務局|代表|会長|区長|組長|医師|助産師|保健師|看護師|相談員|支援員|担当者?の?|上司の|担任の|主治医の?|同僚の|大家の|隣の|店長の?|社長の?|班長の?|係長の?|課長の?|部長の?|校長の?|教頭の?|園長の?|理事長の?|住職の?|通訳の?)(?P<it>[{K}]{{2,3}}|(?<=[A-Za-z .])[{K}]|(?<=委員|務局)[{K}](?=[、。)\n・/]))(?=[はがをにへとも、。,()「」\\s・/]|の(?:話|名|件|ほう|方)|より|から|という|さん|先生|$)"
    f"|(?<![{K}])(?P<that>[{K}]{{2,3}})(?=夫妻|夫婦|一家|ママ|パパ|ばあちゃん|じいちゃん|ばあさん|じいさん|の?ばあ|の?じい|医師|先生(?!方))"
)


def _is_surname(word: str) -> bool:
    return word in SURNAMES or (len(word) > 1 and word not in NO_SURNAMES and in_dictionary(word))


def _is_ordinary(word: str) -> bool:
    row = looked_up(word)
    return len(row) == 1 and not row[0].kind.proper and not row[0].unknown


def apart(text: str) -> Iterator[Found]:
    """Surname and given name with a space between them, one of them known: 安曇 努, 葛木 寿(ひさし)."""
    at = 0
    while match := APART.search(text, at):
        at = match.start("given")
        led = LED_BY.match(match["surname"])
        start = match.start() + (led.end() if led and match["surname"] not in SURNAMES else 0)
        surname, given = text[start : match.end("surname")], match["given"]
        known = _is_surname(surname)
        if len(surname) > 4 or surname in NO_SURNAMES:
            continue
        bracketed = known and len(given) == 1 and given not in COUNTERS and text.startswith("(", match.end())
        if given in NO_SURNAMES and not (known and given in GIVEN) and not bracketed:
            continue
        kana = not KANJI_HEAD.match(given)
        first = (
            given in GIVEN
            or bool(MIXED_HEAD.fullmatch(given))
            or hiragana(given) in KANA_GIVEN
            or in_dictionary(given)
        )
        said = bool(CALLED_SO.match(text, match.end())) or (
            len(given) == 1 and bool(ALONE_AFTER.match(text, match.end()))
        )
        if (
            led
            and (known or first or not _is_ordinary(surname))
            and len(surname) > 1
            and len(given) < 3
            and not is_generic(given)
            and not kana
        ):
            first, said = True, True
        if is_generic(surname) and not (first and said and len(given) > 1):
            continue
        if (known and (first or said) and not (kana and not first)) or (
            first and said and (len(given) > 1 or len(surname) > 1)
        ):
            at = match.end()
            yield named(text, start, match.end(), Name(0, 0, 0.9, (surname, given)))


def read_so(text: str) -> Iterator[Found]:
    """A name and its reading in brackets: 凪(なぎ), 例 堺(さかい)."""
    for match in READ_SO.finditer(text):
        word, sound = match["it"], hiragana(match["kana"].replace(" ", ""))
        name = word in GIVEN or word in SURNAMES or in_dictionary(word)
        read = sound in KANA_GIVEN or sound in KANA_SURNAMES
        if word not in NO_SURNAMES and (name or read) and (read or not _is_ordinary(word)):
            found = named(text, *match.span("it"), Name(0, 0, 0.85))
            yield found
            yield named(text, *match.span("kana"), Name(0, 0, 0.85))


def of_family(text: str) -> Iterator[Found]:
    """Names in hiragana the lists do not know, after whose they are: 妹のこのは, 生徒のみつば."""
    for match in OF_FAMILY.finditer(text):
        word = match["it"]
        row = looked_up(word)
        known = len(row) == 1 and not row[0].kind.person and not row[0].unknown
        if (
            word not in HIRAGANA_GENERIC | NEVER
            and not known
            and row[0].kind.major not in {"動詞", "助詞", "代名詞", "形容詞"}
        ):
            yield named(text, *match.span("it"), Name(0, 0, 0.7))


def of_houses(text: str, houses: Iterable[Found]) -> Iterator[Found]:
    """Surnames right after the house somebody comes from: 相談センター(堺), 園の久我、."""
    for each in houses:
        match = FROM_HOUSE.match(text, each.end) if each.label in {Label.FACILITY, Label.ORG} else None
        if not match:
            continue
        word = match["it"] or match["that"]
        if word not in NO_SURNAMES and not is_generic(word) and (_is_surname(word) or word in SURNAMES):
            yield named(text, *match.span("it" if match["it"] else "that"), Name(0, 0, 0.8))


def nicknamed(text: str) -> Iterator[Found]:
    """Pet names that nothing else is: けっくん, もっち."""
    for match in PET.finditer(text):
        if not NO_PET.match(match[0]):
            yield Found(*match.span(), Label.PERSON, 0.85, "person", match[0])
    for match in SIBLING.finditer(text):
        yield Found(*match.span(), Label.PERSON, 0.8, "person", match[0])
    for match in AGED.finditer(text):
        if match["it"] in GIVEN or in_dictionary(match["it"]):
            yield named(text, *match.span("it"), Name(0, 0, 0.85))


def roman(text: str) -> Iterator[Found]:
    """Names in Latin letters: LI MEIHUA, Ana Lima."""
    for match in ROMAN.finditer(text):
        parts = match[0].split()
        if not any(part.upper() in NOT_ROMAN for part in parts) and any(
            len(part) > 3 and re.search("[AEIOUaeiou]", part) for part in parts
        ):
            yield Found(*match.span(), Label.PERSON, 0.7, "person", match[0].replace(" ", ""), tuple(parts))


def beside(text: str) -> Iterator[Found]:
    """Surnames of the dictionary right after or before what somebody is: Dr 堺, 月形夫妻."""
    for match in BESIDE.finditer(text):
        word = match["it"] or match["that"]
        latin = len(word) == 1 and (match[0][0].isascii() or "員" in match[0] or "局" in match[0])
        if word and (latin or _is_surname(word)) and not is_generic(word) and word not in NO_SURNAMES:
            yield named(text, *match.span("it" if match["it"] else "that"), Name(0, 0, 0.85))
