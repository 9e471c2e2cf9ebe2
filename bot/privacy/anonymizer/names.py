"""Which part of a stretch of text is a name: a person's words against the lists, in every script."""

import re
from dataclasses import dataclass

from bot.privacy.anonymizer.found import TAKEN
from bot.privacy.anonymizer.words import (
    GENERIC,
    GIVEN,
    HIRAGANA_GENERIC,
    KANA_GIVEN,
    KANA_SURNAMES,
    KATAKANA_GENERIC,
    ROLES,
    SURNAMES,
    TITLES,
    hiragana,
)

K = "㐀-䶿一-\u9fff\uf900-\ufaff々〆ヶヵ\U00020000-\U0003ffff"
KANJI_TAIL = re.compile(f"(?:[{K}]|(?<=[{K}])[ノケ](?=[{K}]))+$")
KATAKANA_TAIL = re.compile("[ァ-ヺー・=]+$")
HIRAGANA_TAIL = re.compile("[ぁ-ゖー]+$")
LATIN_TAIL = re.compile("(?<![A-Za-z@._\\-])(?:[A-Z][a-z]{2,}(?: [A-Z][a-z]+)*|[a-z]{3,12})$")
MIXED_TAIL = re.compile("(?:[ァ-ヺー]{1,4}|[ぁ-ゖ]{2,3})[子江代枝恵美男夫雄郎助吉蔵]$")
# One character before さん that is nobody's name, beside the generic ones.
NOT_HONOURED = (
    GENERIC
    | ROLES
    | TITLES
    | frozenset(
        "的用系型式側分別毎中内外上下前後間際時頃度回目番号組班係課部室科署所場店屋家宅校院園館社会員士師者長婦工農商医患氏様君源平百幾何猫犬鳥魚杜摂華某両諸同彼仕模多異有各無今日年月火水木金土曜朝昼夜夕晩食物品事件名字語文"
    )
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
    return with_surname(ended, mixed.start(), 0.9)


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
            return with_surname(ended, start, name.score)
        return Name(start + name.start, start + name.end, name.score, name.parts)
    if before == " " and len(run) <= 3 and run not in GENERIC:
        spaced = with_surname(ended, start, 0.0)
        return spaced if spaced.parts else None
    if len(run) == 1 and before != " " and run not in NOT_HONOURED:
        return Name(start, start + 1, 0.75)
    return None


def _name_in(run: str) -> Name | None:
    """Which part of a run of kanji before an honorific is a name."""
    if (run in SURNAMES or run in GIVEN) and (len(run) >= 2 or run not in GENERIC):
        return Name(0, len(run), 0.95)
    if len(run) in {2, 3} and run[-1] in GIVEN and run[:-1] in ROLES and run not in GENERIC:
        return Name(len(run) - 1, len(run), 0.9)
    if run == "実":
        return Name(0, 1, 0.9)
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
            if len(rest) == 1 and rest in GIVEN and run[:size] in ROLES:
                return Name(size, len(run), 0.9)
            if size == 1 and len(rest) == 1 and run[:1] not in ROLES:
                continue
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
    known = sound in KANA_GIVEN or sound in KANA_SURNAMES or kana_split(sound)
    return with_surname(ended, start, 0.9 if known else 0.8)


def kana_split(sound: str) -> bool:
    return any(
        sound[:size] in KANA_SURNAMES and sound[size:] in KANA_GIVEN for size in range(2, len(sound) - 1)
    )


def _hiragana(ended: str, start: int) -> Name | None:
    run = ended[start:]
    known = _longest_known(run)
    generic = max((size for size in range(1, len(run) + 1) if run[-size:] in HIRAGANA_GENERIC), default=0)
    if known and known > generic:
        at = len(ended) - known
        return with_surname(ended, at, 0.9) if known == len(run) else Name(at, len(ended), 0.9)
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


def with_surname(ended: str, start: int, score: float) -> Name:
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
            more = len(run) == size + 1 and size == 2 and run[0] not in GENERIC and run not in ROLES
            return size + 1 if more and run[0] not in "市町村区県府都内長" else size
    if spaced:
        for size in range(len(run) - 1, -1, -1):
            rest = run[size:]
            if (
                (not size or run[:size] in ROLES or run[:size] in GENERIC)
                and (2 if size else 1) <= len(rest) <= 4
                and not is_generic(rest)
            ):
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
