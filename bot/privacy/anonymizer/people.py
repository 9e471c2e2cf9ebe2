"""Names of people, found where a name stands: before an honorific or a title, after a role, or in full.

Every rule asks the same question of a stretch of text: which part of it is the name, if any.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from bot.privacy.anonymizer.found import Found, Label
from bot.privacy.anonymizer.names import (
    HIRAGANA_TAIL,
    KANJI_TAIL,
    K,
    Name,
    kana_split,
    name_at_end,
    split,
    with_surname,
)
from bot.privacy.anonymizer.reader import looked_up
from bot.privacy.anonymizer.words import (
    GENERIC,
    GIVEN,
    HIRAGANA_GENERIC,
    KANA_GIVEN,
    KANA_SURNAMES,
    KATAKANA_GENERIC,
    MUNICIPALITIES,
    NEVER,
    NO_NAMES,
    NOT_ALONE,
    NOT_CHILDREN,
    PREFECTURES,
    ROLES,
    SURNAMES,
    TITLES,
    either,
    hiragana,
)

WINDOW = 20
HONORIFIC = re.compile(
    r"(?:サン(?![ァ-ヺー])|さん(?!ぽ|ざん|さん)|さま(?!ざま)|(?<![同仕模多異有各])様(?!子|式|相|態|々|変|な(?!ど))|氏(?!名|子|族|神|素)|くん|君(?!臨|主|が代)|ちゃん|先生|殿(?!堂))"
)
TITLE = re.compile(
    rf"(?:{either(TITLES)})(?<![住自在居帰]宅)(?<!家(?=庭))(?<!家(?=計))(?<!家(?=賃))(?<!家(?=屋))(?<!家(?=主))(?<!家(?=財))(?<!家(?=電))(?<!家(?=事))(?<!家(?=具))"
)
ROLE = re.compile(rf"(?:{either(ROLES)})(?P<gap>の|・|は|:|=|、| |\(|「|『)?")
KATAKANA_SPACED = re.compile(" [ァ-ヺー]{2,8}")
READING_TAIL = re.compile(r"\((?P<it>[ぁ-ゖァ-ヺー ]{2,16})\) ?$")
READING_HEAD = re.compile(r"(?:さん|様|氏|くん|君|ちゃん)? ?\((?P<it>[ぁ-ゖァ-ヺー ]{2,16})[)、・,]")
KANJI_HEAD = re.compile(f"[{K}]+")
KANA_HEAD = re.compile("[ぁ-ゖ]+|[ァ-ヺー]+")
MIXED_HEAD = re.compile("[ァ-ヺー]{1,4}[子江代枝恵美]")
CHILD = re.compile(f"[{K}]{{1,2}}子$")
AFTER_NAME = re.compile(
    r"$|\0|[0-9]{1,3}(?=[、。,)\s歳才・]|$)|[はがをにともへやのでか、。,.()「」:・=/\s]|さん|様|さま|氏|くん|君|ちゃん|先生|殿|宅|家(?!庭|計|賃)"
)
HIRAGANA = re.compile("[ぁ-ゖ]")
# By the script of a name: the letters that would make it part of a longer word before it, and what may follow it.
SCRIPTS = {
    KANJI_HEAD: (
        re.compile(f"[{K}]"),
        re.compile(f"(?![{K}])|宅|家|様|氏|方|邸|君|殿|先生|病院|医院|夫|一家|{either(TITLES)}"),
    ),
    re.compile("[ァ-ヺ]"): (re.compile("[ァ-ヺー]"), re.compile("(?![ァ-ヺー])")),
    HIRAGANA: (HIRAGANA, re.compile("(?=[はがをにともの、。()「」\\s]|さん|ちゃん|くん|$)(?!の?と)")),
    re.compile("[A-Za-z]"): (re.compile("[A-Za-z]"), re.compile("(?![A-Za-z])")),
}
FULL = re.compile(f"(?<![{K}])[{K}]{{3,7}}(?![{K}])")
SPACED = re.compile(f"(?<![{K}])(?P<surname>[{K}]{{1,7}}) (?P<given>[{K}]{{1,3}})(?![{K}])")
MIXED = re.compile(
    f"(?<![{K}])(?P<surname>[{K}]{{1,4}}) ?(?P<given>[ァ-ヺー]{{1,4}}[子江代枝恵美]?|[ぁ-ゖ]{{3,9}})"
)
SELF_NAMED = re.compile("[」』]?と(?:申し|申す|言います|いいます|名乗)")
HERE_IS = re.compile(f"(?<=の)(?P<it>[{K}]{{2,4}})(?=です(?!か|ね|よ))")
HOUSE_OF = re.compile(
    f"(?<![{K}])(?P<it>[{K}]{{2,4}})(?=の(?:おば(?:あ|ー)|おじ(?:い|ー)|奥さん|ご主人|息子|娘|お母さん|お父さん|お宅|ところの))"
)
LABELLED = re.compile(
    f"(?:氏名|名前|フルネーム|(?<!日)本名|旧姓|通称名?|利用者名|本人名|名義人?|世帯主名?|患者名|児童名|ふりがな|フリガナ)(?:は|が)?[:= ]{{1,2}}"
    f"(?P<it>[{K}ぁ-ゖァ-ヺー]{{1,8}}(?: [{K}ぁ-ゖァ-ヺー]{{1,6}})?)"
)
# A name of one character stands for itself at the beginning of what is said.
PEOPLES = "部屋|母|父|兄|姉|弟|妹|妻|夫|息子|娘|子ども|こと|件|様子|話|通院|通所|学校|担任|服|薬|世話|介護|送迎|受診|入院|退院|支援|将来|面倒|体調|誕生|ほう|友|荷物|親|家族|意向|希望|担当|ため|顔|居場所|通帳|年金|主治医|家|携帯|電話|名前|仕事|会社|机|受給者証|保険証|手帳|口座|席|鞄|学費|障害|発達|暴力|病気"
ONE = re.compile(
    rf"(?:[がはも](?!の)|に(?=[はもつ]|会|聞|電|伝|連|話|相談|よる)|と(?=話|会|電話|面|同|一緒|連絡|暮|母|父|兄|姉|弟|妹|二人|、)|を(?=たの|頼|迎|呼|連|預|叱|頼|殴|抱|病院|育|見|支|置|残|産|養)|へ|\)|委員|先生|主任|係長|課長|の(?={PEOPLES})|さん|くん|君|ちゃん|、(?=[^ ]))"
)
REAL = re.compile("実の(?:兄|弟|姉|妹|父|母|親|子|娘|息子|両親|孫)")
BEFORE_ONE = frozenset("「『、。\n\0(:・ ")
NO_ONE = re.compile("[一-\u9fff々0-9A-Za-z]")
INITIALS = re.compile(
    r"(?<![A-Za-z0-9.・])[A-Z][.・][A-Z]\.?(?![A-Za-z0-9.・])(?=さん|様|氏|くん|君|ちゃん|[、。(「」)はがのをにと\s]|$)"
)
WRITTEN_AS = re.compile(
    r"(?:と書いて|[一-\u9fff]で|読みは|読み方は|(?:ふりがな|フリガナ)は)[「『]?(?P<it>[ぁ-ゖァ-ヺー]{2,8}?)(?=[」』)]|と(?:読|い|申)|です)"
)
SPACED_KANA = re.compile(
    f"(?<![{K}])(?P<surname>[{K}]{{1,4}}) (?P<given>[ぁ-ゖ]{{2,5}}|[ァ-ヺー]{{2,5}})(?=[\\s()、。/・]|$|さん|様)"
)
NO_READINGS = KATAKANA_GENERIC | HIRAGANA_GENERIC | frozenset(word for word in NEVER if word[0] >= "ァ")
PLACE_NAMES = frozenset(name[:-1] for name in MUNICIPALITIES | PREFECTURES)


@lru_cache(maxsize=4_000)
def in_dictionary(word: str) -> bool:
    """Whether the dictionary knows a word as somebody's name and as nothing else before that."""
    row = looked_up(word)
    return len(row) == 1 and row[0].kind.person


def honoured(text: str) -> Iterator[Found]:
    """Names before さん, 様, 氏, くん, ちゃん, 先生 and the like."""
    for match in HONORIFIC.finditer(text):
        at = match.start()
        start = max(0, at - WINDOW)
        stretch = text[start:at]
        reading = READING_TAIL.search(stretch)
        name = name_at_end(stretch[: reading.start()] if reading else stretch)
        if not name or not _fits(name, stretch, match[0], text[match.end() : match.end() + 1]):
            continue
        found = named(text, start + name.start, start + name.end, name)
        yield found
        if reading:
            yield _same_person(found, start + reading.start("it"), start + reading.end("it"))


def _fits(name: Name, stretch: str, honorific: str, following: str) -> bool:
    """Whether this honorific may follow this name; some are also the ends and beginnings of other words."""
    if name.known:
        return True
    kana = not KANJI_TAIL.search(stretch.rstrip())
    match honorific:
        case "殿" | "サン":
            return False
        case "くん":
            return not kana and following not in {"で", "だ", "じ", "な", "や", "の", "よ", "っ"}
        case "ちゃん":
            return following != "と"
        case "先生" | "様" | "氏":
            return not HIRAGANA_TAIL.search(stretch.rstrip())
        case _:
            return True


def titled(text: str) -> Iterator[Found]:
    """Known surnames and full names right before a title: 辻医師, 中川宅."""
    for match in TITLE.finditer(text):
        start = max(0, match.start() - WINDOW)
        stretch = text[start : match.start()]
        name = name_at_end(stretch)
        if not name or not name.known or name.end != len(stretch):
            continue
        word = stretch[name.start :]
        surname = name.parts or hiragana(word) in KANA_SURNAMES or word in SURNAMES
        if surname and word + match[0] not in GENERIC:
            yield named(text, start + name.start, match.start(), name)


def related(text: str) -> Iterator[Found]:
    """Known names right after a role: 夫の太郎, 長男・健一, 母(ヨシ江)."""
    for match in ROLE.finditer(text):
        name = _name_from(text, match.end(), match["gap"] or "")
        if name:
            yield named(text, name.start, name.end, name)


def _name_from(text: str, at: int, gap: str) -> Name | None:
    mixed = MIXED_HEAD.match(text, at)
    if mixed and gap and AFTER_NAME.match(text, mixed.end()):
        return Name(*mixed.span(), 0.9)
    if kanji := KANJI_HEAD.match(text, at):
        return _kanji_from(text, kanji, gap)
    if (kana := KANA_HEAD.match(text, at)) and gap not in {"は", "、", " "}:
        return _kana_from(text, kana, gap)
    return None


def _kana_from(text: str, kana: re.Match[str], gap: str) -> Name | None:
    """夫のヨシオ, 母(きみ), 彼氏ユウト. Short hiragana after の is too often another word."""
    at = kana.start()
    katakana = text[at] >= "ァ"
    least = 2 if gap in {"・", ":", "=", "(", "「", "『"} or (katakana and gap) else 3
    if not gap and not katakana:
        return None
    for end in range(min(kana.end(), at + 8), at + least - 1, -1):
        sound = hiragana(text[at:end])
        known = sound in KANA_GIVEN or (katakana and (sound in KANA_SURNAMES or kana_split(sound)))
        if known and (AFTER_NAME.match(text, end) or (katakana and end == kana.end())):
            spaced = KATAKANA_SPACED.match(text, end)
            return Name(at, spaced.end() if spaced and sound in KANA_SURNAMES else end, 0.9)
    return None


def _kanji_from(text: str, kanji: re.Match[str], gap: str) -> Name | None:
    """The name at the beginning of a run of kanji after a role, where it ends as names end."""
    at = kanji.start()
    for size in range(min(len(kanji[0]), 7), 0, -1):
        end = at + size
        if AFTER_NAME.match(text, end) and (
            name := _after_role(kanji[0][:size], at, gap, beside=text[end : end + 1] == "(")
        ):
            return name
    return None


def _after_role(word: str, at: int, gap: str, *, beside: bool) -> Name | None:
    end = at + len(word)
    pointed = gap in {"・", ":", "=", "(", "「", "『"}
    if parts := split(word):
        return Name(at, end, 0.95, parts)
    if len(word) == 1 and not gap and beside:
        return Name(at, end, 0.8) if word in GIVEN and (word not in GENERIC or word == "実") else None
    if len(word) == 1:
        single = word in GIVEN and (pointed or (gap == "の" and word not in NOT_ALONE))
        return Name(at, end, 0.8) if single else None
    if (word in GIVEN or in_dictionary(word)) and gap not in {"は", "、", " "} and word not in GENERIC:
        return Name(at, end, 0.9)
    if (
        word in SURNAMES
        and word not in GENERIC
        and (pointed or gap in {"の", ""})
        and word not in PLACE_NAMES
    ):
        return Name(at, end, 0.9)
    if (pointed or gap == "の") and CHILD.match(word) and word not in NOT_CHILDREN and word not in GENERIC:
        return Name(at, end, 0.7)
    return None


def in_full(text: str) -> Iterator[Found]:
    """Surname and given name together, both known."""
    for match in FULL.finditer(text):
        parts = split(match[0])
        if parts and len(parts[1]) >= 2:
            yield named(text, *match.span(), Name(0, 0, 0.95, parts))
    for match in SPACED.finditer(text):
        name = with_surname(match[0], match.start("given") - match.start(), 0.0)
        if name.parts and match["given"] in GIVEN:
            yield named(text, match.start() + name.start, match.end(), name)
    for match in SPACED_KANA.finditer(text):
        surname, given = match["surname"], match["given"]
        if (
            surname in SURNAMES
            and (hiragana(given) in KANA_GIVEN or given[0] >= "ァ")
            and given not in KATAKANA_GENERIC
        ):
            yield named(text, *match.span(), Name(0, 0, 0.9, (surname, given)))
    for match in MIXED.finditer(text):
        if match["surname"] in SURNAMES and (given := _kana_given(text, match)):
            start, end = match.start(), match.start("given") + len(given)
            yield named(text, start, end, Name(0, 0, 0.9, (match["surname"], given)))


def _kana_given(text: str, match: re.Match[str]) -> str:
    written = match["given"]
    for size in range(len(written), 1, -1):
        word = written[:size]
        known = hiragana(word) in KANA_GIVEN or (word[-1] in "子江代枝恵美" and word[0] >= "ァ")
        if known and AFTER_NAME.match(text, match.start("given") + size):
            return word
    return ""


def self_named(text: str) -> Iterator[Found]:
    """中川と申します; and what a form calls a name (氏名: …)."""
    for match in SELF_NAMED.finditer(text):
        start = max(0, match.start() - WINDOW)
        name = name_at_end(text[start : match.start()])
        sure = match[0].lstrip("」』") in {"と申し", "と申す", "と名乗"} and KANJI_TAIL.search(
            text[start : match.start()]
        )
        quoted = (
            match[0][0] in "」』" and text[start + name.start - 1 : start + name.start] in {"「", "『"}
            if name
            else False
        )
        if name and start + name.end == match.start() and (name.known or sure or quoted):
            yield named(text, start + name.start, start + name.end, name)
    for match in INITIALS.finditer(text):
        yield Found(*match.span(), Label.PERSON, 0.8, "person", match[0])
    for match in WRITTEN_AS.finditer(text):
        sound = hiragana(match["it"])
        if "書いて" in match[0] or "読み" in match[0] or sound in KANA_GIVEN or sound in KANA_SURNAMES:
            yield Found(*match.span("it"), Label.PERSON, 0.8, "person", match["it"])
    for pattern in (HERE_IS, HOUSE_OF):
        for match in pattern.finditer(text):
            if match["it"] in SURNAMES and match["it"] not in GENERIC | PLACE_NAMES:
                yield named(text, *match.span("it"), Name(0, 0, 0.9))
    for match in LABELLED.finditer(text):
        word = match["it"].split(" ")[0]
        if word not in NO_NAMES | GENERIC and not any(word.startswith(no) for no in NO_NAMES if len(no) > 1):
            yield named(text, *match.span("it"), Name(0, 0, 0.8, split(match["it"].replace(" ", "")) or ()))


def readings(text: str, names: list[Found]) -> Iterator[Found]:
    """The reading in brackets right after a name that was found."""
    for name in names:
        match = READING_HEAD.match(text, name.end) if name.label is Label.PERSON else None
        if match and match["it"].strip() not in NO_READINGS:
            yield _same_person(name, *match.span("it"))


def spread(text: str, names: list[Found]) -> Iterator[Found]:
    """The same names wherever else they stand in the text."""
    people = {each.who: each for each in names if each.label is Label.PERSON}
    for each in list(people.values()):
        for part in each.parts:
            people.setdefault(part, each)
    ones = [who for who in people if len(who) == 1 or who in NOT_ALONE or reads_otherwise(who)]

    def is_said_alone(at: int, who: str) -> bool:
        return (
            (at == 0 or text[at - 1] in BEFORE_ONE or (len(who) == 1 and not NO_ONE.match(text, at - 1)))
            and bool(ONE.match(text, at + len(who)))
            and not (who == "実" and REAL.match(text, at))
        )

    for start, who in scan(text, ones, is_said_alone):
        if not (who in GENERIC and text.startswith("さん", start + len(who))):
            yield Found(start, start + len(who), Label.PERSON, 0.7, "person", who)
    squeezed = text.replace(" ", "")
    longer = sorted((who for who in people if len(who) >= 2 and who not in ones), key=len, reverse=True)
    here = [who for who in longer if who in squeezed]
    if not here:
        return
    places = [at for at, char in enumerate(text) if char != " "]

    def is_one(at: int, who: str) -> bool:
        return all(places[each + 1] - places[each] < 3 for each in range(at, at + len(who) - 1))

    for at, who in scan(squeezed, here, is_one):
        start, end = places[at], places[at + len(who) - 1] + 1
        if _stands_alone(text, start, end):
            each = people[who]
            parts = each.parts if each.who == who else ()
            yield Found(start, end, Label.PERSON, 0.85, "person", who, parts)


def scan(text: str, words: Sequence[str], fits: Callable[[int, str], bool]) -> Iterator[tuple[int, str]]:
    """Where these words stand and fit, from left to right, none over another; the earlier in the list goes first."""
    finds = []
    for order, word in enumerate(words):
        at = text.find(word)
        while at >= 0:
            if fits(at, word):
                finds.append((at, order, word))
            at = text.find(word, at + 1)
    end = 0
    for at, _, word in sorted(finds):
        if at >= end:
            yield at, word
            end = at + len(word)


def reads_otherwise(who: str) -> bool:
    """Whether the dictionary knows a name as another word: 希望, 未来."""
    row = looked_up(who)
    return (
        len(row) == 1
        and row[0].kind.major in {"名詞", "形状詞", "副詞"}
        and not row[0].kind.proper
        and not row[0].unknown
    )


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a known name is not just a part of a longer word of its own script."""
    for script, (letter, follows) in SCRIPTS.items():
        if script.search(text, start, end):
            begins = start == 0 or not letter.match(text, start - 1)
            return begins and bool(follows.match(text, end)) and (end - start > 2 or letter is not HIRAGANA)
    return False


def named(text: str, start: int, end: int, name: Name) -> Found:
    who = text[start:end].replace(" ", "")
    return Found(start, end, Label.PERSON, name.score, "person", who, name.parts)


def _same_person(name: Found, start: int, end: int) -> Found:
    return Found(start, end, Label.PERSON, 0.9, "person", name.who, name.parts)
