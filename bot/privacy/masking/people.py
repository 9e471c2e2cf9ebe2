"""Names of people, found where a name stands: before an honorific or a title, after a role, or in full.

Every rule asks the same question of a stretch of text: which part of it is the name, if any.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.privacy.masking.found import TAKEN, Found, Label
from bot.privacy.masking.words import (
    GENERIC,
    GIVEN,
    HIRAGANA_GENERIC,
    KANA_GIVEN,
    KANA_SURNAMES,
    KATAKANA_GENERIC,
    MUNICIPALITIES,
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

K = "㐀-䶿一-\u9fff\uf900-\ufaff々〆ヶヵ\U00020000-\U0003ffff"
WINDOW = 20
HONORIFIC = re.compile(
    r"(?:サン(?![ァ-ヺー])|さん(?!ぽ|ざん|さん)|さま(?!ざま)|様(?!子|式|相|態|々|変|な(?!ど))|氏(?!名|子|族|神|素)|くん|君(?!臨|主|が代)|ちゃん|先生|殿(?!堂))"
)
TITLE = re.compile(
    rf"(?:{either(TITLES)})(?<!家(?=庭))(?<!家(?=計))(?<!家(?=賃))(?<!家(?=屋))(?<!家(?=主))(?<!家(?=財))(?<!家(?=電))(?<!家(?=事))(?<!家(?=具))"
)
ROLE = re.compile(rf"(?:{either(ROLES)})(?P<gap>の|・|は|:|=|、| |\(|「|『)?")
KANJI_TAIL = re.compile(f"(?:[{K}]|(?<=[{K}])[ノケ](?=[{K}]))+$")
KATAKANA_TAIL = re.compile("[ァ-ヺー・=]+$")
HIRAGANA_TAIL = re.compile("[ぁ-ゖー]+$")
LATIN_TAIL = re.compile("(?<![A-Za-z])[A-Z][a-z]{2,}(?: [A-Z][a-z]+)*$")
MIXED_TAIL = re.compile("(?:[ァ-ヺー]{1,4}|[ぁ-ゖ]{2,3})[子江代枝恵美男夫雄郎助吉蔵]$")
KATAKANA_SPACED = re.compile(" [ァ-ヺー]{2,8}")
READING_TAIL = re.compile(r"\((?P<it>[ぁ-ゖァ-ヺー ]{2,16})\) ?$")
READING_HEAD = re.compile(r" ?\((?P<it>[ぁ-ゖァ-ヺー ]{2,16})[)、]")
KANJI_HEAD = re.compile(f"[{K}]+")
KANA_HEAD = re.compile("[ぁ-ゖ]+|[ァ-ヺー]+")
MIXED_HEAD = re.compile("[ァ-ヺー]{1,4}[子江代枝恵美]")
CHILD = re.compile(f"[{K}]{{1,2}}子$")
AFTER_NAME = re.compile(
    r"$|[はがをにともへやのでか、。,.()「」:・=/\s]|さん|様|さま|氏|くん|君|ちゃん|先生|殿|宅|家(?!庭|計|賃)"
)
AFTER_KNOWN = f"宅|家|様|氏|方|邸|君|殿|先生|病院|医院|夫|一家|家族|{either(TITLES)}"
FULL = re.compile(f"(?<![{K}])[{K}]{{3,7}}(?![{K}])")
SPACED = re.compile(f"(?<![{K}])(?P<surname>[{K}]{{1,7}}) (?P<given>[{K}]{{1,3}})(?![{K}])")
MIXED = re.compile(
    f"(?<![{K}])(?P<surname>[{K}]{{1,4}}) ?(?P<given>[ァ-ヺー]{{1,4}}[子江代枝恵美]?|[ぁ-ゖ]{{3,9}})"
)
SELF_NAMED = re.compile("と(?:申し|申す|言います|いいます|名乗)")
HERE_IS = re.compile(f"(?<=の)(?P<it>[{K}]{{2,4}})(?=です(?!か|ね|よ))")
HOUSE_OF = re.compile(
    f"(?<![{K}])(?P<it>[{K}]{{2,4}})(?=の(?:おば(?:あ|ー)|おじ(?:い|ー)|奥さん|ご主人|息子|娘|お母さん|お父さん|お宅|ところの))"
)
LABELLED = re.compile(
    f"(?:氏名|名前|フルネーム|本名|旧姓|通称名?|利用者名|本人名|世帯主名?|患者名|児童名|ふりがな|フリガナ)(?:は|が)?[:= ]{{1,2}}"
    f"(?P<it>[{K}ぁ-ゖァ-ヺー]{{1,8}}(?: [{K}ぁ-ゖァ-ヺー]{{1,6}})?)"
)
PLACE_NAMES = frozenset(name[:-1] for name in MUNICIPALITIES | PREFECTURES)
ENDS_ROLES = frozenset("員師士者長医課所院園校署会係局店社人屋方組科団隊児婦民")
PARTICLES = frozenset("のはがもとやへにをでかなだ")


@dataclass(frozen=True, slots=True)
class Name:
    """A name within a stretch: from where to where, how sure, and surname and given name where they can be told apart."""

    start: int
    end: int
    score: float
    parts: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether the lists know it."""
        return self.score >= 0.9


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
        found = _found(text, start + name.start, start + name.end, name)
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
        case "先生":
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
            yield _found(text, start + name.start, match.start(), name)


def related(text: str) -> Iterator[Found]:
    """Known names right after a role: 夫の太郎, 長男・健一, 母(ヨシ江)."""
    for match in ROLE.finditer(text):
        name = _name_from(text, match.end(), match["gap"] or "")
        if name:
            yield _found(text, name.start, name.end, name)


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
        known = sound in KANA_GIVEN or (katakana and (sound in KANA_SURNAMES or _kana_split(sound)))
        if known and (AFTER_NAME.match(text, end) or (katakana and end == kana.end())):
            spaced = KATAKANA_SPACED.match(text, end)
            return Name(at, spaced.end() if spaced and sound in KANA_SURNAMES else end, 0.9)
    return None


def _kanji_from(text: str, kanji: re.Match[str], gap: str) -> Name | None:
    """The name at the beginning of a run of kanji after a role, where it ends as names end."""
    at = kanji.start()
    for size in range(min(len(kanji[0]), 7), 0, -1):
        end = at + size
        if AFTER_NAME.match(text, end) and (name := _after_role(kanji[0][:size], at, gap)):
            return name
    return None


def _after_role(word: str, at: int, gap: str) -> Name | None:
    end = at + len(word)
    pointed = gap in {"・", ":", "=", "(", "「", "『"}
    if parts := split(word):
        return Name(at, end, 0.95, parts)
    if len(word) == 1:
        single = word in GIVEN and (pointed or (gap == "の" and word not in NOT_ALONE))
        return Name(at, end, 0.8) if single else None
    if word in GIVEN and gap not in {"は", "、"}:
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
            yield _found(text, *match.span(), Name(0, 0, 0.95, parts))
    for match in SPACED.finditer(text):
        name = _with_surname(match[0], match.start("given") - match.start(), 0.0)
        if name.parts and match["given"] in GIVEN:
            yield _found(text, match.start() + name.start, match.end(), name)
    for match in MIXED.finditer(text):
        if match["surname"] in SURNAMES and (given := _kana_given(text, match)):
            start, end = match.start(), match.start("given") + len(given)
            yield _found(text, start, end, Name(0, 0, 0.9, (match["surname"], given)))


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
        sure = match[0] in {"と申し", "と申す", "と名乗"} and KANJI_TAIL.search(text[start : match.start()])
        if name and start + name.end == match.start() and (name.known or sure):
            yield _found(text, start + name.start, start + name.end, name)
    for pattern in (HERE_IS, HOUSE_OF):
        for match in pattern.finditer(text):
            if match["it"] in SURNAMES and match["it"] not in GENERIC | PLACE_NAMES:
                yield _found(text, *match.span("it"), Name(0, 0, 0.9))
    for match in LABELLED.finditer(text):
        word = match["it"].split(" ")[0]
        if word not in NO_NAMES | GENERIC and not any(word.startswith(no) for no in NO_NAMES if len(no) > 1):
            yield _found(text, *match.span("it"), Name(0, 0, 0.8, split(match["it"].replace(" ", "")) or ()))


def readings(text: str, names: list[Found]) -> Iterator[Found]:
    """The reading in brackets right after a name that was found."""
    for name in names:
        if name.label is Label.PERSON and (match := READING_HEAD.match(text, name.end)):
            yield _same_person(name, *match.span("it"))


def spread(text: str, names: list[Found]) -> Iterator[Found]:
    """The same names wherever else they stand in the text."""
    people = {each.who: each for each in names if each.label is Label.PERSON}
    for each in list(people.values()):
        for part in each.parts:
            people.setdefault(part, each)
    for pattern in _elsewhere(tuple(sorted(people, key=len, reverse=True))):
        for match in pattern.finditer(text):
            written = match[0].replace(" ", "")
            each = people[written]
            parts = each.parts if each.who == written else ()
            yield Found(*match.span(), Label.PERSON, 0.85, "person", written, parts)


def _elsewhere(names: tuple[str, ...]) -> Iterator[re.Pattern[str]]:
    """How known names may stand elsewhere: never as a part of a longer word of their own script."""
    kanji = [name for name in names if len(name) >= 2 and KANJI_HEAD.search(name)]
    others = [name for name in names if len(name) >= 2 and name not in kanji]
    katakana = [name for name in others if "ァ" <= name[0]]
    hira = [name for name in others if "ぁ" <= name[0] <= "ゖ" and len(name) >= 3]
    latin = [name for name in others if name[0] < "ぁ"]
    if kanji:
        yield re.compile(f"(?:{_spaced(kanji)})(?:(?![{K}])|(?={AFTER_KNOWN}))")
    if katakana:
        yield re.compile(f"(?:{_spaced(katakana)})(?![ァ-ヺー])")
    if hira:
        yield re.compile(f"(?:{_spaced(hira)})(?=[はがをにともの、。()「」\\s]|さん|ちゃん|くん|$)(?!の?と)")
    if latin:
        yield re.compile(f"(?:{_spaced(latin)})(?![A-Za-z])")


def _spaced(names: list[str]) -> str:
    """Any of the names at the beginning of a word, with or without spaces between their characters."""
    script = {"K": K, "ァ": "ァ-ヺー", "ぁ": "ぁ-ゖ", "A": "A-Za-z"}
    kind = (
        "K"
        if KANJI_HEAD.search(names[0])
        else "ァ"
        if names[0] >= "ァ"
        else "ぁ"
        if names[0] >= "ぁ"
        else "A"
    )
    return "|".join(
        f"{re.escape(name[0])}(?<![{script[kind]}].)" + "".join(f" ?{re.escape(char)}" for char in name[1:])
        for name in names
    )


def name_at_end(stretch: str) -> Name | None:
    """The name with which a stretch of text ends, if it ends with one."""
    ended = stretch.removesuffix(" ")
    if (mixed := MIXED_TAIL.search(ended)) and (name := _mixed(ended, mixed)):
        return name
    if kanji := KANJI_TAIL.search(ended):
        return _kanji(ended, kanji.start())
    if katakana := KATAKANA_TAIL.search(ended):
        return _katakana(ended, katakana.start())
    if hira := HIRAGANA_TAIL.search(ended):
        return _hiragana(ended, hira.start())
    if latin := LATIN_TAIL.search(ended):
        return Name(latin.start(), len(ended), 0.8)
    return None


def _mixed(ended: str, mixed: re.Match[str]) -> Name | None:
    """ヨシ江, とも子: kana with a last character that only names have."""
    kana, last = mixed[0][:-1], mixed[0][-1]
    if kana[0] < "ァ":
        sound = {
            "子": "こ",
            "江": "え",
            "代": "よ",
            "枝": "え",
            "恵": "え",
            "美": "み",
            "男": "お",
            "夫": "お",
            "雄": "お",
        }.get(last, "")
        if hiragana(kana) + sound not in KANA_GIVEN or not sound:
            return None
    elif len(kana) < 2 or kana in KATAKANA_GENERIC:
        return None
    return _with_surname(ended, mixed.start(), 0.9)


def _kanji(ended: str, start: int) -> Name | None:
    start = max(start, *(ended.rfind(honorific) + 1 for honorific in "様氏殿"))
    run = ended[start:]
    before = ended[start - 1 : start]
    if before in {"お", "ご"} and (len(run) == 1 or is_generic(run)):
        return None
    if not run:
        return None
    if name := _name_in(run):
        if name.start == 0 and before == " " and not name.parts:
            return _with_surname(ended, start, name.score)
        return Name(start + name.start, start + name.end, name.score, name.parts)
    if before == " " and len(run) <= 3 and run not in GENERIC:
        spaced = _with_surname(ended, start, 0.0)
        return spaced if spaced.parts else None
    return None


def _name_in(run: str) -> Name | None:
    """Which part of a run of kanji before an honorific is a name."""
    if (run in SURNAMES or run in GIVEN) and (len(run) >= 2 or run not in GENERIC):
        return Name(0, len(run), 0.95)
    if is_generic(run):
        return None
    if parts := split(run):
        return Name(0, len(run), 0.95, parts)
    for size in range(min(4, len(run) - 1), 1, -1):
        if run[:size] in SURNAMES:
            rest = run[size:]
            if rest in TITLES or is_generic(rest):
                return Name(0, size, 0.95)
            return Name(0, len(run), 0.9, (run[:size], rest)) if len(rest) <= 3 else Name(0, len(run), 0.7)
    for size in range(len(run) - 1, 0, -1):
        rest = run[size:]
        if run[:size] in GENERIC and (
            known := rest in SURNAMES or rest in GIVEN or split(rest) is not None or size >= 2
        ):
            name = _name_in(rest) if known else None
            if name and (name.known or 2 <= len(rest) <= 4):
                return Name(size + name.start, size + name.end, name.score, name.parts)
    if len(run) >= 5:
        for size in (3, 2):
            if run[-size:] in SURNAMES:
                return Name(len(run) - size, len(run), 0.9)
    return Name(0, len(run), 0.8) if len(run) >= 2 else None


def is_generic(word: str) -> bool:
    """Whether a word says what somebody is, not who."""
    if word in GENERIC or (word[0] == "御" and word[1:] in GENERIC):
        return True
    if (
        len(word) >= 2
        and word[-1] in ENDS_ROLES
        and word not in SURNAMES
        and word not in GIVEN
        and not split(word)
    ):
        return True
    return any(word[:size] in GENERIC and word[size:] in GENERIC for size in range(1, len(word)))


def _katakana(ended: str, start: int) -> Name | None:
    run = ended[start:].lstrip("・=ー")
    start = len(ended) - len(run)
    for generic in KATAKANA_GENERIC:
        if run.endswith(generic):
            return None
        if run.startswith(generic) and len(generic) >= 3 and len(run) - len(generic) >= 2:
            run, start = run[len(generic) :], start + len(generic)
    if len(run) < 2:
        return None
    sound = hiragana(run)
    known = sound in KANA_GIVEN or sound in KANA_SURNAMES or _kana_split(sound)
    return _with_surname(ended, start, 0.9 if known else 0.8)


def _kana_split(sound: str) -> bool:
    return any(
        sound[:size] in KANA_SURNAMES and sound[size:] in KANA_GIVEN for size in range(2, len(sound) - 1)
    )


def _hiragana(ended: str, start: int) -> Name | None:
    run = ended[start:]
    known = _longest_known(run)
    generic = max((size for size in range(1, len(run) + 1) if run[-size:] in HIRAGANA_GENERIC), default=0)
    if known and known > generic:
        at = len(ended) - known
        return _with_surname(ended, at, 0.9) if known == len(run) else Name(at, len(ended), 0.9)
    if generic or "を" in run or "っ" in run or run[-1] in "やと":
        return None
    before = ended[start - 1 : start]
    if run[0] in "のとは" and before and before != TAKEN and 3 <= len(run) <= 5 and run[1] not in "おご":
        return Name(start + 1, len(ended), 0.6)
    alone = not before or before in "、。()「」\n :・"
    return Name(start, len(ended), 0.6) if alone and 2 <= len(run) <= 4 and run[0] not in "おご" else None


def _longest_known(run: str) -> int:
    """How long a known name at the end of a run of hiragana is, where it can begin there."""
    for size in range(len(run), 1, -1):
        begins = size == len(run) or run[-size - 1] in PARTICLES
        if begins and (run[-size:] in KANA_GIVEN or run[-size:] in KANA_SURNAMES):
            return size
    return 0


def _with_surname(ended: str, start: int, score: float) -> Name:
    """The given name from `start` on, together with the surname right before it, if there is one."""
    before = ended[:start]
    spaced = before.endswith(" ")
    before = before.removesuffix(" ")
    at = len(before)
    if kanji := KANJI_TAIL.search(before):
        at -= _surname_at_end(kanji[0], spaced=spaced and score > 0)
    elif spaced and (katakana := KATAKANA_TAIL.search(before)):
        at -= _kana_surname_at_end(katakana[0])
    if at == len(before):
        return Name(start, len(ended), score)
    return Name(at, len(ended), 0.95, (before[at:], ended[start:]))


def _surname_at_end(run: str, *, spaced: bool) -> int:
    """How many characters at the end of a run of kanji are a surname; 0 where none is known.

    A space before the given name makes a surname of what is no other word.
    """
    for size in range(min(4, len(run)), 0, -1):
        if run[-size:] in SURNAMES and (size > 1 or size == len(run) or run[:-size] in GENERIC | ROLES):
            return size
    if spaced:
        for size in range(len(run) - 1, -1, -1):
            rest = run[size:]
            if (not size or run[:size] in ROLES) and 2 <= len(rest) <= 4 and not is_generic(rest):
                return len(rest)
    return 0


def _kana_surname_at_end(run: str) -> int:
    return next((size for size in range(len(run), 1, -1) if hiragana(run[-size:]) in KANA_SURNAMES), 0)


def split(word: str) -> tuple[str, str] | None:
    """Surname and given name, where both are known."""
    for size in range(min(4, len(word) - 1), 0, -1):
        if word[:size] in SURNAMES and word[size:] in GIVEN:
            return word[:size], word[size:]
    return None


def _found(text: str, start: int, end: int, name: Name) -> Found:
    who = text[start:end].replace(" ", "")
    return Found(start, end, Label.PERSON, name.score, "person", who, name.parts)


def _same_person(name: Found, start: int, end: int) -> Found:
    return Found(start, end, Label.PERSON, 0.9, "person", name.who, name.parts)
