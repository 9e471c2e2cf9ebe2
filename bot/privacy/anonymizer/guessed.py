"""What the model proposes, made into finds: whole names, without what surely is none."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.privacy.anonymizer.found import Found, Label
from bot.privacy.anonymizer.institutions import house
from bot.privacy.anonymizer.model import LEAST as LEAST_THOUGHT
from bot.privacy.anonymizer.model import Guess, guesses
from bot.privacy.anonymizer.names import split
from bot.privacy.anonymizer.places import token_of
from bot.privacy.anonymizer.reader import Word
from bot.privacy.anonymizer.words import (
    FACILITY_ENDS,
    GENERIC,
    GIVEN,
    HIRAGANA_GENERIC,
    HONORIFICS,
    HOUSE_GENERIC,
    HOUSE_NAMES,
    KANA_GIVEN,
    KANA_NOTES,
    KANA_SURNAMES,
    KATAKANA_GENERIC,
    NEVER,
    NOT_OWN,
    ORG_ENDS,
    ROLES,
    SURNAMES,
    TITLES,
    hiragana,
)

# From here on a word is masked as a name; below, down to what the model thinks of at all, it is a hint.
SURE = {Label.PERSON: 0.1, Label.ADDRESS: 0.12, Label.FACILITY: 0.12, Label.ORG: 0.12}
SURE_MASKED = 0.5
# And for words that are ordinary ones in the dictionary.
LEAST_ORDINARY = {Label.ADDRESS: 0.4, Label.FACILITY: 0.3, Label.ORG: 0.3}
# Words that hold a verb are what somebody does.
LEAST_DONE = 0.93
# And what everybody has: 母の心.
LEAST_OWN = 0.97
DOING = frozenset({"動詞", "助動詞", "形容詞"})
# Numbers that count something are no part of a house's name.
# In a sentence all in katakana every word looks coined.
KANA_ONLY = re.compile("[ァ-ヺー]")
COUNTED = re.compile("[0-9](?:万|円|通|枚|回|本|日|針|階|%|課|人|個|匹|台|時|分|mg|ml|錠)")
HONOURS = HONORIFICS | TITLES
# Letters and words in brackets that stand for somebody.
MASKED = re.compile(r"(?<![A-Za-z0-9])[A-Z][0-9]{0,2}(?![A-Za-z0-9])|\((?:電話番号|番号|住所)|■|\0")
LETTERS = re.compile("[一-\u9fff㐀-䶿々〆ぁ-ゖァ-ヺA-Za-z0-9\U00020000-\U0003ffff]")
LETTER_ONLY = re.compile(r"[A-Za-z]{1,2}[0-9]{0,3}$|[A-Z]{2,6}$")
STRIP = " ・,.-…"
WITHIN = re.compile(r"[^()\[\]「」『』【】、。:;/=→⇒<>\n\0]+")
KATAKANA = re.compile("[ァ-ヺー]{2,}$")
HIRAGANA = re.compile("[ぁ-ゖー]+$")
HOUSES = frozenset({Label.FACILITY, Label.ORG})
GENERAL = (
    HOUSE_GENERIC
    | GENERIC
    | FACILITY_ENDS
    | ORG_ENDS
    | ROLES
    | frozenset(
        [
            "の",
            "・",
            "(",
            ")",
            "所",
            "院",
            "署",
            "庁",
            "局",
            "会",
            "員",
            "森林",
            "県民",
            "市民",
            "町民",
            "術後",
        ]
    )
)
FLOOR = re.compile("[0-9一二三四五六七八九十]+(?:階|組|年|号|丁目)$")
LONG_KANA = re.compile("[ァ-ヺー]{9,}$")
# A particle that stands apart is no part of a name.
LEADING = re.compile("^[〜~]+|^の(?=[一-\u9fff])")
TALK = re.compile(" [とはがをにもので]$")
LOWER = re.compile("[a-z]+$")
SIR = re.compile("[ァ-ヺー]{4,}(?:サン|サマ)$")
COMMON = ROLES | GENERIC | HONORIFICS | TITLES | NEVER | KATAKANA_GENERIC | HIRAGANA_GENERIC | KANA_NOTES
DIGIT = re.compile("[0-9]")
WEEKDAY = re.compile(
    "(?:[0-9日)]|[月火水木金土日][・、])[月火水木金土日](?:$|[ 。、・)])|^[月火水木金土日][・、][月火水木金土日]|^[^月火水木金土日]{0,2}[月火水木金土日]{2,5}[^月火水木金土日]{0,2}$"
)
CONTENT = frozenset(
    {"名詞", "代名詞", "形状詞", "副詞", "動詞", "形容詞", "感動詞", "接頭辞", "接尾辞", "連体詞"}
)


class Guessed(NamedTuple):
    """What the model is sure enough of, and what it merely thinks of."""

    found: list[Found]
    hints: list[Found]


class _Piece(NamedTuple):
    start: int
    end: int
    label: Label
    score: float


def guessed(row: Sequence[Word], sentence: str, *, hinted: bool = True) -> Guessed:
    """Read one sentence; `hinted`: what it merely thinks of is asked for too. Where something stands masked in it already, the model must be surer: it knows less of it."""
    masked = bool(MASKED.search(sentence))
    sure: list[_Piece] = []
    hints: list[Found] = []
    for guess in guesses(row, LEAST_THOUGHT if hinted or not masked else SURE_MASKED):
        word = row[guess.at]
        start, end = word.start, word.end
        label, score = _decided(guess, word, masked=masked)
        if label is None:
            hints += _hint(guess, word, start, end)
        elif (
            sure
            and sure[-1].end == start
            and sure[-1].label is label
            and not (guess.begins and guess.best is label)
        ):
            sure[-1] = _Piece(sure[-1].start, end, label, max(sure[-1].score, score))
        else:
            sure.append(_Piece(start, end, label, score))
    sure = [piece for piece in sure if piece.label not in HOUSES or _is_own(row, piece)]
    sure = [piece for piece in sure if piece.score >= _least_of_all(row, piece)]
    if len(KANA_ONLY.findall(sentence)) > 0.6 * max(len(sentence), 12):
        sure = [piece for piece in sure if piece.score > _least_in_kana(piece, sentence)]
    found = [found for piece in sure for found in _found(piece, sentence)]
    return Guessed(found, hints)


def _least_in_kana(piece: _Piece, sentence: str) -> float:
    """How sure the model must be where every word is katakana: names the lists know are names there too."""
    if piece.label in HOUSES:
        return LEAST_DONE
    sound = hiragana(sentence[piece.start : piece.end].strip())
    known = sound in KANA_GIVEN or sound in KANA_SURNAMES
    return 0.0 if known or piece.label is not Label.PERSON else LEAST_IN_KANA


LEAST_IN_KANA = 0.6


def _is_own(row: Sequence[Word], piece: _Piece) -> bool:
    """Whether what is taken for a house is more than a general word."""
    said = [word.surface for word in row if word.start < piece.end and word.end > piece.start]
    whole = "".join(said)
    return not FLOOR.match(whole) and not COUNTED.search(whole) and any(word not in GENERAL for word in said)


def _least_of_all(row: Sequence[Word], piece: _Piece) -> float:
    """How sure the model must be of a whole piece: surer where the dictionary knows every word of it as an ordinary
    one and nothing after it says what it is.
    """
    at = next(at for at, word in enumerate(row) if word.end > piece.start)
    last = next((last for last in range(at, len(row)) if row[last].end >= piece.end), len(row) - 1)
    said = row[at : last + 1]
    after = row[last + 1].surface if last + 1 < len(row) else ""
    if after in HONOURS:
        return 0.0
    if len(said) == 1 and at and row[at - 1].surface == "の" and said[0].surface in NOT_OWN:
        return LEAST_OWN
    if len(said) == 1 and piece.label is Label.PERSON and _is_also_a_word(said[0]):
        return 0.4
    if not all(_is_ordinary(word) for word in said):
        return 0.0
    if piece.label is not Label.PERSON and any(word.kind.major in DOING for word in said):
        return LEAST_DONE
    if piece.label is not Label.PERSON:
        return LEAST_ORDINARY[piece.label]
    if len(said) > 1:
        return 0.4
    if KATAKANA.match(said[0].surface):
        return 0.4
    return 0.6 if said[0].kind.major != "名詞" or HIRAGANA.match(said[0].surface) else 0.45


def _is_also_a_word(word: Word) -> bool:
    """Whether a name of the lists is an ordinary word in the dictionary: 林, 空, 順."""
    return not word.kind.proper and not word.unknown and not _is_ordinary(word)


def _is_ordinary(word: Word) -> bool:
    """Whether the dictionary knows a word, and as nobody's name."""
    surface = word.surface
    if word.kind.proper or word.unknown or surface in HOUSE_NAMES or surface in SURNAMES or surface in GIVEN:
        return False
    sound = hiragana(surface)
    return sound not in KANA_GIVEN and sound not in KANA_SURNAMES


def _decided(guess: Guess, word: Word, *, masked: bool) -> tuple[Label | None, float]:
    """Which class a word is taken for, if any, and how surely."""
    best = guess.best or max(guess.likely, key=lambda label: guess.likely[label])
    score = guess.likely[best]
    if best is Label.PERSON and word.surface in ROLES and word.surface not in SURNAMES:
        return None, score
    least = _least(best, word, decided=guess.best is not None)
    if score < (max(least, SURE_MASKED) if masked else least):
        return None, score
    if guess.best is None and _is_common(word):
        return None, score
    return best, score


def _least(label: Label, word: Word, *, decided: bool) -> float:
    """How sure the model must be: less where the dictionary knows a name, more where it knows another word."""
    kind = word.kind
    if label is Label.PERSON:
        if kind.person or word.surface in SURNAMES or word.surface in GIVEN:
            return 0.1
        if kind.major not in CONTENT or kind.major in {
            "動詞",
            "形容詞",
            "副詞",
            "代名詞",
            "感動詞",
            "連体詞",
        }:
            return 0.35
        if kind.proper or word.unknown or KATAKANA.match(word.surface):
            return 0.12
        return 0.2 if decided else 0.15
    if kind.major not in CONTENT and not decided:
        return 1.0
    return 0.0 if decided else SURE[label]


def _is_common(word: Word) -> bool:
    return word.surface in COMMON


def _hint(guess: Guess, word: Word, start: int, end: int) -> Iterator[Found]:
    score = guess.likely[Label.PERSON]
    if (
        score >= LEAST_HINT
        and word.kind.major == "名詞"
        and not _is_common(word)
        and not LETTER_ONLY.match(word.surface)
    ):
        yield Found(start, end, Label.PERSON, score, "person", word.surface)


LEAST_HINT = 0.01


def _found(piece: _Piece, text: str) -> Iterator[Found]:
    """The piece as finds: cut at brackets and stops, without spaces at its ends, where it may be a name at all."""
    for part in WITHIN.finditer(text, piece.start, piece.end):
        said = LEADING.sub("", part[0].strip(STRIP))
        start = part.start() + part[0].index(said) if said else part.start()
        who = "".join(said.split())
        again = len(who) > 2 and len(set(who)) == 1
        if LETTERS.search(said) and who not in NEVER and not LETTER_ONLY.match(who) and not again:
            yield from _one(said, who, start, piece, text)


def _one(said: str, who: str, start: int, piece: _Piece, text: str) -> Iterator[Found]:
    end = start + len(said)
    score = min(max(piece.score, 0.01), 0.99)
    if piece.label is Label.PERSON:
        said = TALK.sub("", said)
        end, who = start + len(said), "".join(said.split())
        for role in ROLES:
            if who.startswith(role) and who[len(role) :] in SURNAMES:
                start, said, who = start + len(role), said[len(role) :], who[len(role) :]
                break
        if (
            LONG_KANA.match(who)
            or LOWER.match(who)
            or DIGIT.search(who)
            or WEEKDAY.search(text[max(0, start - 2) : end + 2])
        ):
            return
        if who not in COMMON or who in SURNAMES:
            yield Found(start, end, Label.PERSON, score, "person", who, _parts(said))
    elif piece.label is Label.ADDRESS:
        token, name = token_of(who)
        yield Found(start, end, Label.ADDRESS, score, token, name)
    elif LOWER.match(who) or SIR.search(who):
        return
    elif who not in HOUSE_GENERIC and who not in GENERIC:
        yield house(said, start, end, piece.label, score)


def _parts(said: str) -> tuple[str, ...]:
    spaced = said.replace("・", " ").split()
    if len(spaced) > 1:
        return tuple(part for part in spaced if len(part) > 1 or len(spaced) == 2)
    return split(said) or ()
