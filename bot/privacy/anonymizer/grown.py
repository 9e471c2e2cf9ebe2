"""What was found, made whole: a name in two pieces is one, an address goes on to its room, a house to its last word."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.privacy.anonymizer.found import Found, Label
from bot.privacy.anonymizer.institutions import house
from bot.privacy.anonymizer.names import K
from bot.privacy.anonymizer.reader import Word
from bot.privacy.anonymizer.tokens import types
from bot.privacy.anonymizer.words import (
    FACILITY_ENDS,
    GENERIC,
    GIVEN,
    HOUSE_GENERIC,
    HOUSE_STARTS,
    NEVER,
    ROLES,
    SURNAMES,
    TITLES,
    either,
)

NICK = re.compile("[ぁ-ゖァ-ヺー]+$|[一-\u9fff]$")
NICK_END = re.compile("ちゃん(?!と(?:し|せ))|(?<=っ)(?:くん|たん|ぺ|ち|ぽん)")
WRITTEN = "address"
BLOCK = re.compile(
    r" ?(?:[0-9〇○×]{1,5}|[〇一二三四五六七八九十]{1,4})(?:(?:丁目|番地?|号| ?- ?|の|ノ|ー)+ ?(?:[0-9〇○×]{1,5}|[〇一二三四五六七八九十]{1,4})?)*(?:(?:丁目|番地?|号)(?:室|棟)?)?(?![0-9歳才代年月日時分人名回件円%:/])"
)
HOUSE_AFTER = re.compile(
    r" (?:コーポ|ハイツ|メゾン|グラン|サン|パーク|レジデンス|ヴィラ|シャトー|ロイヤル|第[0-9])[一-\u9fffァ-ヺーぁ-ゖ]{1,12}(?:荘|寮)?[IVX]{0,3}(?: ?[A-Z]?-?[0-9]{1,4}(?:号室?|室)?(?![0-9年月日時分人名]))?|"
    r"(?: |の)?[一-\u9fffァ-ヺーA-Za-z・]{0,12}(?:荘|ハイツ|コーポ|マンション|アパート|団地|ハウス|メゾン|コート|パレス|プラザ|住宅|寮|ビル|ハイム|レジデンス|ヴィラ)[一-\u9fffァ-ヺーぁ-ゖA-Za-z・]{0,8}(?: ?(?:[A-Z]棟? ?-?)?[0-9〇一二三四五六七八九]{1,4}(?:-[0-9]{1,4})?(?:号室|号棟|号|棟|室|F|階)?(?:の?(?:奥|手前|角部屋|東端|西端))?(?![0-9年月日時分人名])|(?: ?[A-Z]棟)){1,2}"
)
LOT = re.compile("(?: ?- ?[0-9]{1,4})+(?![0-9年月日時分人名])")
STATION = re.compile("駅(?:前|[東西南北]口)?")
STARTED = re.compile(
    f"(?:{either({word for word, _, _ in types()[1] if len(word) > 2} | {word for word in HOUSE_STARTS if len(word) > 2})}|生活介護|通所介護|ユニット|特養|老健|訪看|居宅|GH|放デイ|相談室|児童クラブ|学童保育|学童クラブ|児童発達支援(?:センター)?|発達支援(?:センター)?|短期入所|デイ(?=の))[の ]?[「『]?$"
)
HEADED = re.compile(f"(?:^|[\\s(「『、。:・])(?P<it>[{K}]{{1,2}}|こころ|もの忘れ)の$")
HONOURED = re.compile("さん|様|さま|氏|くん|君|ちゃん|先生|職員|主任|相談員|\\(")
RUNS = frozenset({Label.FACILITY, Label.ORG})


def whole(text: str, found: Iterable[Found], words: Sequence[tuple[int, Sequence[Word]]]) -> list[Found]:
    """The finds in order, each as long as its name is, neighbours of one name joined. `text`: what is still open there."""
    ends = {begin + word.start: (word, begin) for begin, row in words for word in row}
    grown: list[Found] = []
    ordered = sorted(found, key=lambda each: each.start)
    for at, found_ in enumerate(ordered):
        stop = ordered[at + 1].start if at + 1 < len(ordered) else len(text)
        each = _house_after_all(text, found_, grown[-1].end if grown else 0)
        begin = _begin(text, each, grown[-1].end if grown else 0)
        one = replace(each, start=begin, end=min(stop, max(each.end, _end(text, each, ends))))
        if grown and (joined := _joined(text, grown[-1], one)):
            grown[-1] = replace(joined, end=min(stop, max(joined.end, _end(text, joined, ends))))
        else:
            grown.append(one)
    return grown


def _house_after_all(text: str, found: Found, least: int) -> Found:
    """What was taken for a person right after a kind of house, with nothing that honours a person after it."""
    if found.label is not Label.PERSON or found.score >= 1 or HONOURED.match(text, found.end):
        return found
    if not STARTED.search(text[max(least, found.start - 20) : found.start]):
        return found
    return house(text[found.start : found.end], found.start, found.end, Label.FACILITY, found.score)


def _begin(text: str, found: Found, least: int) -> int:
    """Where a house's name really begins: with its type before it, or with a noun and の at the head of a phrase."""
    if found.label is Label.ADDRESS and text.startswith(
        ("県営の", "市営の", "町営の"), max(least, found.start - 3)
    ):
        return max(least, found.start - 3)
    if found.label not in RUNS:
        return found.start
    least = max(least, found.start - 20)
    before = text[least : found.start]
    if start := STARTED.search(before):
        return least + start.start()
    if (head := HEADED.search(before)) and head["it"] not in GENERIC | ROLES | HOUSE_GENERIC | TITLES:
        return least + head.start("it")
    return found.start


def _end(text: str, found: Found, words: dict[int, tuple[Word, int]]) -> int:
    """Where the name really ends."""
    end = found.end
    if found.label is Label.PERSON:
        nick = NICK_END.match(text, end)
        return nick.end() if nick and NICK.match(text[found.start : end]) else end
    if found.label is Label.ADDRESS:
        if station := STATION.match(text, end):
            return station.end() if station[0] != "駅前" else end + 1
        if text.startswith("内", end) and text[end - 1] in "之ノの":
            end += 1
        if lot := LOT.match(text, end):
            end = lot.end()
        block = BLOCK.match(text, end)
        end = block.end() if block else end
        building = HOUSE_AFTER.match(text, end)
        return building.end() if building else end
    if found.label in RUNS:
        while (near := words.get(end)) and _goes_on(near[0]):
            end = near[1] + near[0].end
    return end


def _goes_on(word: Word) -> bool:
    """Whether a house's name may go on with this word."""
    surface = word.surface
    if surface in FACILITY_ENDS and word.kind.major in {"名詞", "接尾辞"} and surface not in HOUSE_GENERIC:
        return True
    if word.kind.major != "名詞" or any(
        kind in word.kind.full for kind in ("サ変", "副詞可能", "数詞", "助数詞", "人名")
    ):
        return False
    return not (
        surface in GENERIC or surface in ROLES or surface in TITLES or surface in NEVER or surface in STOPS
    )


STOPS = HOUSE_GENERIC | frozenset(
    [
        "月",
        "週",
        "前",
        "後",
        "内",
        "外",
        "中",
        "上",
        "下",
        "側",
        "方",
        "時",
        "分",
        "日",
        "朝",
        "夜",
        "晩",
        "昼",
        "隣",
        "裏",
        "横",
        "系",
        "宛",
        "行",
        "等",
        "他",
        "先",
        "元",
        "現",
        "費",
        "料",
        "代",
        "額",
        "員",
    ]
)


def _joined(text: str, left: Found, right: Found) -> Found | None:
    """The two as one, where they are pieces of one name."""
    if left.label is Label.ADDRESS and right.label in RUNS and text[left.end : right.start] == "・":
        return house(text[left.start : right.end], left.start, right.end, right.label, right.score)
    if left.label is not right.label and not (left.label in RUNS and right.label in RUNS):
        return None
    gap = text[left.end : right.start]
    score = max(left.score, right.score)
    if (
        left.label is Label.ADDRESS
        and gap in {"", " ", "・", "-", "の"}
        and (not gap or gap != "の" or _numbered(right, text) or right.token == WRITTEN)
    ):
        return replace(left, end=right.end, score=score)
    if left.label in RUNS and gap in {"", "・", " "}:
        return house(text[left.start : right.end], left.start, right.end, left.label, score)
    if left.label is Label.PERSON and left.token == right.token:
        surname = text[left.start : left.end]
        if gap == "・" and KATAKANA.match(surname) and KATAKANA.match(text[right.start : right.end]):
            return _person(text, left, right, score)
        given = text[right.start : right.end]
        kana = KATAKANA.match(surname) and KATAKANA.match(given)
        listed = surname in SURNAMES or given in GIVEN
        if gap == "" or (gap == " " and (listed or kana) and not left.parts):
            return _person(text, left, right, score)
    return None


KATAKANA = re.compile("[ァ-ヺー・]+$")


def _numbered(found: Found, text: str) -> bool:
    return text[found.start].isdigit()


def _person(text: str, left: Found, right: Found, score: float) -> Found:
    who = "".join(text[left.start : right.end].split())
    parts = (text[left.start : left.end], text[right.start : right.end])
    return replace(left, end=right.end, score=score, who=who, parts=parts)
