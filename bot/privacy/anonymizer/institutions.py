"""Facilities and organisations by the shape of their names: nouns ending or beginning with a type, one of them its own.

地域包括支援センター alone is nobody's; ひだまり包括 and 大津市役所 are. The types are data: `mask_tokens`.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.privacy.anonymizer.found import Found, Label
from bot.privacy.anonymizer.names import K
from bot.privacy.anonymizer.reader import Word
from bot.privacy.anonymizer.tokens import type_of, types
from bot.privacy.anonymizer.words import (
    GENERIC,
    HIRAGANA_GENERIC,
    HONORIFICS,
    HOUSE_GENERIC,
    HOUSE_NAMES,
    HOUSE_STARTS,
    KATAKANA_GENERIC,
    NEVER,
    ROLES,
    SHORT_KINDS,
    SURNAMES,
    either,
)

PARTS = frozenset({"名詞", "接頭辞", "接尾辞", "形状詞", "感動詞", "副詞"})
LONGEST = 9
HIRAGANA = re.compile("[ぁ-ゖー]{2,}$")
NAME = re.compile("[一-\u9fff々ぁ-ゖァ-ヺーA-Za-z・]+$")
FIRM = re.compile(
    r"(?:株式会社|有限会社|合同会社|\(株\)|\(有\)|(?:特定非営利活動|社会福祉|医療|一般社団|一般財団|公益社団|公益財団|学校|宗教|NPO|弁護士)法人) ?[一-\u9fff々ぁ-ゖァ-ヺーA-Za-z0-9・]{2,16}?(?=[のはがをにへで、。,()「」\s]|と[ぁ-ん]|より|から|さん|に?勤|$)"
    r"|[一-\u9fff々ァ-ヺーA-Za-z・]{2,12}(?:株式会社|有限会社|合同会社|\(株\)|\(有\))"
)
SPELLED = re.compile(
    "(?:(?<![ぁ-ゖ])(?!(?<=[一-\u9fffァ-ヺー0-9\0)」])[にはでがのもとを])|(?<=[一-\u9fffァ-ヺー0-9\0)」][にはでがのもとを]))(?P<it>(?![にはでがのもとを][^ぁ-ゖ])(?:[ぁ-ゖ]{3,7}(?<![のなるたにをでて])|[ぁ-ゖ]{2,5}(?<![のなるたにをでてがはと])[一-\u9fff]{1,4}?)(?:動物診療所|犬猫病院|動物病院|メンタル|保育園|保育所|こども園|幼稚園|病院|医院|クリニック|診療所|薬局|作業所|小学校|中学校|内科|歯科|法律事務所|工房|作業所|ワークス|銀行|信用金庫|信金|農協|葬祭|弁当|食堂|商店|運送|工業|建設|産業|交通|タクシー|社協|包括))"
)


@lru_cache(maxsize=1)
def _last() -> frozenset[str]:
    return frozenset(word[-1] for word, _, _ in types()[0])


@lru_cache(maxsize=1)
def _ends() -> re.Pattern[str]:
    return re.compile(f"(?:{either(word for word, _, _ in types()[0])})$")


def firms(text: str) -> Iterator[Found]:
    """Whatever calls itself a company or a corporation."""
    for match in FIRM.finditer(text):
        yield house(match[0], *match.span(), Label.ORG, 0.9)


# A first letter instead of a name: S社協, K病院.
LETTERED = re.compile(
    "(?<![A-Za-z0-9.・-])[A-Z](?:[市町村区]?社協|社会福祉協議会|(?:総合|中央|市民|動物|精神)?病院|医院|クリニック|日赤|診療所|薬局|保育園|こども園|幼稚園|小学校|中学校|高校|大学|学園|荘|苑|作業所|事業所|包括|銀行|信金|信用金庫|工業|製作所|建設|運送)"
)
# What old houses are called: 杣の里, 梅の苑. Somebody's 里 is where he comes from.
OLD = re.compile(
    rf"(?<![{K}])(?P<it>[{K}]{{1,3}}の(?:里|郷|杜|苑|園))(?=[のにをへはがで、。()「」・/\s]|から|より|さん|と[^いし]|$)(?<!母の里)(?<!親の里)(?<!妻の里)(?<!嫁の里)(?<!人の里)(?<!母の郷)(?<!父の里)"
    f"|(?<![{K}])(?P<that>[{K}]{{2,4}}(?<!創立)(?<!結婚)(?<!開設)(?<!誕生)(?<!周年)(?<!卒業)記念)(?=[。、にへでのは\\n]|から|$)"
)
# Ends that only a house's name has, and what before them is nobody's.
STRONG = re.compile(
    f"(?<![{K}ァ-ヺーA-Za-z])(?P<own>[{K}]{{1,5}}|[ァ-ヺー]{{2,8}}|(?<![ぁ-ゖ])[ぁ-ゖ]{{2,5}})(?P<end>医院|クリニック|診療所|病院|薬局|苑|荘|社協)(?![{K}ァ-ヺー]|長)"
    f"|(?<![{K}])(?P<temple>[{K}]{{2,3}})(?:寺|神社|教会)(?![{K}]|さん|様|氏|くん)"
)
PUBLIC = re.compile(
    "総合|救急|精神|専門|一般|公立|市立|県立|国立|私立|民間|個人|大|他|同|当|某|各|両|前|元|旧|新|別|山|市内|県内|県外|市外|近隣|近所|地元|協力|連携|紹介|搬送|提携|調剤|門前|動物|産科|歯科|内科|外科|眼科|皮膚科|整形|小児|心療|婦人|往診|在宅|訪問|夜間|休日|急性期|慢性期|回復期|療養|地域|中核|基幹|拠点|認知症|依存症|リハビリ|メンタル|ペイン|かかりつけ|いつも|ふつう|おおきな|ちかく|ほか|もと|この|その|あの|どの|どこか|なじみ|むかし|市|町|県|巡回|付属|附属|大学|隔離|入院|通院|転院|受診|退院|単科|複数|何|数|次|後|先"
)


def lettered(text: str) -> Iterator[Found]:
    """Houses by their first letter."""
    for match in LETTERED.finditer(text):
        yield house(match[0], *match.span(), Label.FACILITY, 0.8)


def strong(text: str) -> Iterator[Found]:
    """Houses by an end that nothing else has: 井花医院, 綿向荘."""
    for match in OLD.finditer(text):
        if match[0][:-2] not in GENERIC | ROLES:
            yield house(match[0], *match.span(), Label.FACILITY, 0.7)
    for match in STRONG.finditer(text):
        own = match["own"] or match["temple"]
        if match["temple"] and (match[0] in SURNAMES or own in {"菩提", "檀那", "山の"}):
            continue
        if (
            PUBLIC.sub("", own).strip("の")
            and own not in GENERIC | ROLES | HOUSE_GENERIC | HIRAGANA_GENERIC | NOT_CALLED
        ):
            yield house(match[0], *match.span(), Label.FACILITY, 0.7)


def spelled(text: str) -> Iterator[Found]:
    """Houses whose name is hiragana, which the dictionary takes to pieces: こばと保育園."""
    for match in SPELLED.finditer(text):
        yield house(match["it"], *match.span("it"), Label.FACILITY, 0.75)


def house(surface: str, start: int, end: int, label: Label, score: float) -> Found:
    """A find of a facility or an organisation with its type."""
    who = "".join(surface.split())
    return Found(start, end, label, score, type_of(who, label), who)


def ended(row: Sequence[Word]) -> Iterator[Found]:
    """Runs of nouns that end with a type and hold a part of their own, as finds in the sentence."""
    at = len(row) - 1
    while at >= 0:
        first = _first(row, at) if row[at].surface[-1] in _last() else at
        found = _named(row, first, at) if first < at else None
        if found:
            yield found
            at = first
        at -= 1


def started(row: Sequence[Word]) -> Iterator[Found]:
    """Names right after a type: デイサービス土の音, 生活介護あじさい, 訪問看護ステーション 月とレモン."""
    sentence = "".join(word.surface for word in row)
    by_start = {word.start: at for at, word in enumerate(row)}
    for match in _start().finditer(sentence):
        if match[0] in SHORT_KINDS and KATAKANA_CHAR.match(sentence, match.end()):
            continue
        end = _called(sentence, match.end(), row, by_start, spaced=match[0].endswith(" "))
        if end:
            yield house(sentence[match.start() : end], match.start(), end, Label.FACILITY, 0.75)


KATAKANA_CHAR = re.compile("[ァ-ヺー]")
# A name in a script of its own right after a type, as far as that script goes.
QUOTED = re.compile("(?<=[「『])[^「」『』]{1,12}(?=[」』])")
LATIN_NAME = re.compile("[A-Za-z][A-Za-z0-9:&'.\\-]{1,14}(?: [A-Z][A-Za-z]{2,10})?(?![A-Za-z0-9])")
KATAKANA_NAME = re.compile("[ァ-ヺー]{2,10}(?![ァ-ヺー])")
PHRASE = re.compile(
    "(?!さん|さま|から|まで|より|など|ですが)(?:[一-\u9fff々]{1,3}|[ァ-ヺー]{2,6}|[ぁ-ゖ]{2,5}?)(?:の|と)(?:[一-\u9fff々]{1,2}[ぁ-ゖ]{0,2}?|[ァ-ヺー]{2,6})"
    "(?=[のにはをがへで、。,()「」:・/\\s]|と[^ぁ-ゖ]|から|より|さん|様|$)"
)
# Hiragana that ends where talk does not: at a bracket, or before の and somebody.
SURE_NAME = re.compile(
    "(?!から|まで|より|への|との|での|には|では|とか|など|さん|さま|です|でも|もの|ので|のよ|のほ|のこ|のと)[ぁ-ゖー]{2,6}?[一-\u9fff]?(?=[)」』]|の[一-\u9fff]{1,3}(?:さん|先生|様|氏|\\(|です|でござ|と申))"
)
MIXED_NAME = re.compile(
    "[一-\u9fff々]{1,2}[ぁ-ゖ]{1,2}?(?=[のにはをへで](?:[^ぁ-ゖ]|$)|[、。,()「」:・/\\s]|から|より|さん|様|$)"
)
HIRAGANA_NAME = re.compile(
    "(?![のはがをにへともでや](?:[^ぁ-ゖ]|の))(?!から|まで|より|など|ですが?|でも|には|では|とか|とは|との|への|さん|あり|なし|ない|なら|だけ|って|という|いく|いって|かよ|かか|つか)"
    "[ぁ-ゖー]{2,6}?(?:[一-\u9fff][ぁ-ゖ]?(?![一-\u9fff]))?(?=[のはがをにへでとも](?:[^ぁ-ゖ]|$)|[、。,()「」:・/\\s]|から|まで|より|さん|様|$)"
)
NOT_CALLED = KATAKANA_GENERIC | NEVER | HIRAGANA_GENERIC | HOUSE_GENERIC | GENERIC | ROLES


def _called(sentence: str, start: int, row: Sequence[Word], by_start: dict[int, int], *, spaced: bool) -> int:
    """Where the name that begins here ends; 0 where none does."""
    if quoted := QUOTED.match(sentence, start):
        return quoted.end() if quoted[0] not in NOT_CALLED else 0
    for pattern in (LATIN_NAME, KATAKANA_NAME):
        if (found := pattern.match(sentence, start)) and is_new(found[0]):
            at = by_start.get(found.end())
            return _on(row, at) if at is not None else found.end()
    at = by_start.get(start)
    if (sure := SURE_NAME.match(sentence, start)) and sure[0] not in NOT_CALLED:
        return sure.end()
    hiragana = HIRAGANA_NAME.match(sentence, start)
    if hiragana and hiragana[0] not in NOT_CALLED and _is_no_talk(row, at, hiragana.end()):
        return hiragana.end()
    if (phrase := PHRASE.match(sentence, start)) and not all(
        part in NOT_CALLED for part in re.split("[のと]", phrase[0])
    ):
        return phrase.end()
    if (mixed := MIXED_NAME.match(sentence, start)) and _is_no_word(row, at, mixed.end()):
        return mixed.end()
    if at is None or spaced or not _opens(row[at]):
        return 0
    last = at
    while last + 1 < len(row) and last - at < 4 and (step := _step(row, last)):
        last += step
    return row[last].end


def _is_no_word(row: Sequence[Word], at: int | None, end: int) -> bool:
    """Whether what begins here is no word of the dictionary and no verb with its ending."""
    if at is None or row[at].kind.major in {"動詞", "形容詞", "副詞", "連体詞"}:
        return False
    return row[at].end < end and row[at].surface not in NOT_CALLED


def _on(row: Sequence[Word], at: int) -> int:
    """The end of a name that goes on with kanji of its own after its katakana: リベラ西."""
    return row[at - 1].end if not (at < len(row) and row[at].kind.place and at) else row[at].end


def is_new(word: str) -> bool:
    """Whether a word in katakana or Latin letters says nothing of what somebody is or does."""
    return (
        word not in NOT_CALLED
        and not (word.isascii() and (len(word) < 3 or word.islower()))
        and not any(word.startswith(no) or word.endswith(no) for no in KATAKANA_GENERIC if len(no) > 2)
    )


def _is_no_talk(row: Sequence[Word], at: int | None, end: int) -> bool:
    """Whether hiragana after a type is a name and not the rest of the sentence: no particle, no verb begins it."""
    if at is None:
        return True
    said = [word for word in row[at:] if word.end <= end]
    if not said or said[-1].end != end:
        return bool(said) and said[0].kind.major in {"名詞", "感動詞", "副詞", "形状詞", "接頭辞"}
    return said[0].kind.major not in {"助詞", "助動詞", "接続詞", "連体詞", "代名詞"} and not (
        said[0].kind.major in {"動詞", "形容詞"} and len(said) <= 2
    )


@lru_cache(maxsize=1)
def _start() -> re.Pattern[str]:
    words = {word for word, _, label in types()[1] if len(word) > 2 and label is Label.FACILITY}
    kinds = f"{either(words | HOUSE_STARTS)}|[一-\u9fff・]{{2,12}}(?:センター|ステーション|ホーム)"
    return re.compile(f"(?:{kinds})(?:[「『 ]|の(?=[「『]))?")


# 送り, 迎え: what is done, not what is called so.
OKURIGANA = re.compile("[一-\u9fff]+[いきぎしちにびみりえけせてねべめれ]$")


def _opens(word: Word) -> bool:
    """Whether a house's own name can begin with this word."""
    if (
        word.surface in GENERIC
        or word.surface in ROLES
        or word.surface in HOUSE_GENERIC
        or word.surface in HONORIFICS
    ):
        return False
    if word.surface in HOUSE_NAMES or word.kind.proper:
        return True
    if any(kind in word.kind.full for kind in ("サ変", "副詞可能", "数詞", "助数詞", "接尾辞", "代名詞")):
        return False
    if HIRAGANA.match(word.surface):
        return word.kind.major in {"名詞", "副詞", "感動詞", "形状詞"} and len(word.surface) > 2
    if OKURIGANA.match(word.surface):
        return False
    return word.kind.major == "名詞" and bool(NAME.match(word.surface))


def _step(row: Sequence[Word], last: int) -> int:
    """How many words the name goes on after this one: the next, or の and the next."""
    for step in (1, 2):
        if last + step >= len(row) or (step == 2 and row[last + 1].surface != "の"):
            return 0
        if _opens(row[last + step]):
            return step
    return 0


def _first(row: Sequence[Word], last: int) -> int:
    """Where the noun run that ends with this word begins."""
    if not _closes(row, last):
        return last
    at = last
    while at > 0 and last - at < LONGEST:
        before = row[at - 1]
        if before.end != row[at].start or not _joins(before):
            break
        at -= 1
    return at


def _closes(row: Sequence[Word], last: int) -> bool:
    """Whether a name of a house can end here: not in the middle of a noun."""
    if last + 1 == len(row):
        return True
    after = row[last + 1]
    if after.start != row[last].end or after.kind.major not in {"名詞", "接尾辞"}:
        return True
    surface = after.surface
    return surface in GENERIC or surface in ROLES or surface.isdigit() or surface in HONORIFICS


def _joins(before: Word) -> bool:
    """Whether a house's name may begin with, or go on from, this word."""
    surface = before.surface
    if surface in HONORIFICS or surface.isdigit() or not NAME.match(surface):
        return False
    if surface in ROLES and surface not in HOUSE_GENERIC:
        return False
    return before.kind.major in PARTS


def _named(row: Sequence[Word], first: int, last: int) -> Found | None:
    """The longest stretch of the run that is a name of its own with a type at its end."""
    surface = "".join(word.surface for word in row[first : last + 1])
    if not (end := _ends().search(surface)) or end.start() == 0:
        return None
    own = [word for word in row[first : last + 1] if word.start - row[first].start < end.start()]
    if not any(_is_own(word) for word in own):
        return None
    label = Label.ORG if type_of(surface, Label.FACILITY).startswith("org") else Label.FACILITY
    if len(end[0]) == 1 and not _is_own(own[-1]) and not own[-1].kind.place:
        return None
    return house(surface, row[first].start, row[last].end, label, 0.8)


def _is_own(word: Word) -> bool:
    """Whether this part makes the name somebody's."""
    surface = word.surface
    if surface in HOUSE_GENERIC or surface in GENERIC:
        return False
    if word.kind.proper or surface in HOUSE_NAMES:
        return True
    if HIRAGANA.match(surface):
        return word.kind.major in {"名詞", "副詞", "感動詞", "形状詞"}
    return surface in SURNAMES or (word.unknown and len(surface) > 1)
