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
    NOT_CHILDREN,
    ROLES,
    SURNAMES,
    TITLES,
    either,
)

K = "㐀-䶿一-\u9fff々〆ヶヵ\U00020000-\U0003ffff"
WINDOW = 20
HONORIFIC = re.compile(
    r"(?:さん(?!ぽ|ざん|さん)|さま(?!ざま)|様(?!子|式|相|態|々|変|な(?!ど))|氏(?!名|子|族|神|素)|くん|君(?!臨|主|が代)|ちゃん|先生|殿(?!堂))"
)
TITLE = re.compile(
    rf"(?:{either(TITLES)})(?<!家(?=庭))(?<!家(?=計))(?<!家(?=賃))(?<!家(?=屋))(?<!家(?=主))(?<!家(?=財))(?<!家(?=電))(?<!家(?=事))(?<!家(?=具))"
)
ROLE = re.compile(rf"(?:{either(ROLES)})(?P<gap>の|・|は|:|=|、| |\(|「|『)?")
KANJI_TAIL = re.compile(f"[{K}]+$")
KATAKANA_TAIL = re.compile("[ァ-ヺー・=]+$")
HIRAGANA_TAIL = re.compile("[ぁ-ゖー]+$")
LATIN_TAIL = re.compile("(?<![A-Za-z])[A-Z][a-z]{2,}(?: [A-Z][a-z]+)*$")
MIXED_TAIL = re.compile("(?:[ァ-ヺー]{1,4}|[ぁ-ゖ]{2,3})[子江代枝恵美男夫雄郎助吉蔵]$")
READING_TAIL = re.compile(r"\((?P<it>[ぁ-ゖァ-ヺー ]{2,16})\) ?$")
READING_HEAD = re.compile(r" ?\((?P<it>[ぁ-ゖァ-ヺー ]{2,16})\)")
KANJI_HEAD = re.compile(f"[{K}]+")
KANA_HEAD = re.compile("[ぁ-ゖ]+|[ァ-ヺー]+")
MIXED_HEAD = re.compile("[ァ-ヺー]{1,4}[子江代枝恵美]")
CHILD = re.compile(f"[{K}]{{1,2}}子$")
AFTER_NAME = re.compile(
    r"$|[はがをにともへやのでか、。,.()「」:・=/\s]|さん|様|さま|氏|くん|君|ちゃん|先生|殿|宅|家(?!庭|計|賃)"
)
FULL = re.compile(f"(?<![{K}])[{K}]{{3,7}}(?![{K}])")
SPACED = re.compile(f"(?<![{K}])(?P<surname>[{K}]{{1,3}}) (?P<given>[{K}]{{1,3}})(?![{K}])")
MIXED = re.compile(
    f"(?<![{K}])(?P<surname>[{K}]{{1,4}}) ?(?P<given>[ァ-ヺー]{{1,4}}[子江代枝恵美]?|[ぁ-ゖ]{{3,9}})"
)
SELF_NAMED = re.compile("と(?:申し|申す|言います|いいます|名乗)")
LABELLED = re.compile(
    f"(?:氏名|名前|フルネーム|本名|旧姓|通称名?|利用者名|本人名|世帯主名?|患者名|児童名|ふりがな|フリガナ)(?:は|が)?[:= ]{{1,2}}"
    f"(?P<it>[{K}ぁ-ゖァ-ヺー]{{1,8}}(?: [{K}ぁ-ゖァ-ヺー]{{1,6}})?)"
)
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
        case "殿":
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
        name = name_at_end(text[start : match.start()])
        if name and name.known and start + name.end == match.start():
            yield _found(text, start + name.start, start + name.end, name)


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
    kanji = KANJI_HEAD.match(text, at)
    if kanji:
        return _kanji_from(text, kanji, gap)
    kana = KANA_HEAD.match(text, at)
    if not kana or not gap or gap in "は、 ":
        return None
    for end in range(min(kana.end(), at + 6), at + 1, -1):
        if hiragana(text[at:end]) in KANA_GIVEN and AFTER_NAME.match(text, end):
            long_enough = end - at >= 3 or gap in "・:=(「『" or text[at] >= "ァ"
            return Name(at, end, 0.9) if long_enough else None
    return None


def _kanji_from(text: str, kanji: re.Match[str], gap: str) -> Name | None:
    run = kanji[0]
    for size in range(min(len(run), 7), 0, -1):
        word = run[:size]
        at, end = kanji.start(), kanji.start() + size
        if not AFTER_NAME.match(text, end):
            continue
        if parts := split(word):
            return Name(at, end, 0.95, parts)
        if size >= 2 and word in GIVEN and gap not in {"は", "、"}:
            return Name(at, end, 0.9)
        if size == 1 and word in GIVEN and gap in {"・", ":", "=", "(", "「"}:
            return Name(at, end, 0.8)
        if (
            size >= 2
            and gap in {"の", "・", ":", "("}
            and _is_surname(word)
            and f"{word}市" not in MUNICIPALITIES
        ):
            return Name(at, end, 0.9)
        if gap in {"の", "・", "("} and CHILD.match(word) and word not in NOT_CHILDREN | GENERIC:
            return Name(at, end, 0.7)
    return None


def in_full(text: str) -> Iterator[Found]:
    """Surname and given name together, both known."""
    for match in FULL.finditer(text):
        parts = split(match[0])
        if parts and len(parts[1]) >= 2:
            yield _found(text, *match.span(), Name(0, 0, 0.95, parts))
    for match in SPACED.finditer(text):
        if match["surname"] in SURNAMES and match["given"] in GIVEN:
            yield _found(text, *match.span(), Name(0, 0, 0.95, match.group("surname", "given")))
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
    for written, each in people.items():
        if len(written) < 2:
            continue
        for match in re.finditer(_surroundings(written), text):
            parts = each.parts if each.who == written else ()
            yield Found(*match.span(), Label.PERSON, 0.85, "person", written, parts)


def _surroundings(written: str) -> str:
    """How a known name may stand elsewhere: never as a part of a longer word of its own script."""
    spaced = " ?".join(re.escape(char) for char in written)
    if KANJI_HEAD.search(written):
        follows = f"(?![{K}])|(?=宅|家|様|氏|方|邸|君|殿|先生|病院|医院|夫|一家|家族|{either(TITLES)})"
        return f"(?<![{K}]){spaced}(?:{follows})"
    if written[0] >= "ァ":
        return f"(?<![ァ-ヺー]){spaced}(?![ァ-ヺー])"
    return (
        f"(?<![ぁ-ゖ]){spaced}(?=[はがをにともの、。()「」\\s]|さん|ちゃん|くん|$)(?!の?と)"
        if len(written) >= 3
        else "(?!)"
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
    run = ended[start:]
    before = ended[start - 1 : start]
    if before in {"お", "ご"} and (len(run) == 1 or is_generic(run)):
        return None
    if name := _name_in(run):
        if name.start == 0 and before == " " and not name.parts:
            return _with_surname(ended, start, name.score)
        return Name(start + name.start, start + name.end, name.score, name.parts)
    if before == " " and len(run) <= 3 and run not in GENERIC:
        name = _with_surname(ended, start, 0.0)
        return name if name.parts else None
    return None


def _name_in(run: str) -> Name | None:
    """Which part of a run of kanji before an honorific is a name."""
    if (run in SURNAMES and run not in GENERIC) or (len(run) >= 2 and run in GIVEN):
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
    return _with_surname(ended, start, 0.9 if hiragana(run) in KANA_GIVEN | KANA_SURNAMES else 0.8)


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
    """The given name from `start` on, together with a known surname right before it."""
    before = ended[:start]
    gap = 1 if before.endswith(" ") else 0
    if kanji := KANJI_TAIL.search(before[: len(before) - gap]):
        run = kanji[0]
        for size in range(min(4, len(run)), 0, -1):
            if run[-size:] in SURNAMES and (size > 1 or size == len(run)):
                at = kanji.end() - size
                return Name(at, len(ended), 0.95, (run[-size:], ended[start:]))
    return Name(start, len(ended), score)


def split(word: str) -> tuple[str, str] | None:
    """Surname and given name, where both are known."""
    for size in range(min(4, len(word) - 1), 0, -1):
        if word[:size] in SURNAMES and word[size:] in GIVEN:
            return word[:size], word[size:]
    return None


def _is_surname(word: str) -> bool:
    return word in SURNAMES and word not in GENERIC


def hiragana(word: str) -> str:
    """A word with its katakana read as hiragana."""
    return "".join(chr(ord(char) - 0x60) if "ァ" <= char <= "ヶ" else char for char in word)


def _found(text: str, start: int, end: int, name: Name) -> Found:
    who = text[start:end].replace(" ", "")
    return Found(start, end, Label.PERSON, name.score, "person", who, name.parts)


def _same_person(name: Found, start: int, end: int) -> Found:
    return Found(start, end, Label.PERSON, 0.9, "person", name.who, name.parts)
