"""Japanese text as words to be found by: what it is about, whatever way it was written.

Pure. Sudachi cuts the text into words and these into their shortest units; only those that carry meaning stay (不登校
and 登校). Each gives one or more terms: its usual spelling without its last kana (断わる, 断る and 断り are one, and so are
引きこもり and ひきこもる), and where it holds katakana also what it would be in hiragana (ゴミ屋敷 and ごみ屋敷 are one).
A term is of letters and digits alone, so it can stand in any query.
Sudachi is loaded with the first text (0.1 s, about 80 MB): the desk asks `bot.privacy.beside` instead.
"""

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot import codes
from bot.privacy.anonymizer.reader import dictionary

LONGEST = 40  # characters of a term; what is longer is no word
SENTENCE = re.compile(r"[^\n。]{1,400}[。\n]*|[。\n]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_KATAKANA = re.compile("[ァ-ヶ]")
_KANA = re.compile("[ぁ-ゖァ-ヶー]+")
_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_MADE_FROM_VERBS = frozenset("いきぎしちにびみり")
_MEANING = frozenset({"名詞", "動詞", "形容詞", "形状詞"})
_BESIDE = frozenset(
    {"非自立可能", "助動詞語幹", "助数詞可能"}
)  # words that only help others to mean something
_mine = threading.local()


@dataclass(frozen=True, slots=True)
class Word:
    """A word that carries meaning: where it stands (code points of the text, end left out), and its terms."""

    start: int
    end: int
    terms: tuple[str, ...]


def words(text: str) -> list[Word]:
    """Give the words of a text in order; a word of several units comes before its units."""
    return list(_words(text))


def terms(text: str) -> tuple[str, ...]:
    """Give the terms of a text, each once, in the order they came."""
    return distinct(words(text))


def distinct(found: Iterable[Word]) -> tuple[str, ...]:
    """Give the terms of words, each once."""
    return tuple(dict.fromkeys(term for each in found for term in each.terms))


def _words(text: str) -> Iterator[Word]:
    for sentence in SENTENCE.finditer(_SURROGATE.sub("〓", text)):
        for each in _units(sentence[0]):
            start, end = each.begin(), each.end()
            if start < end and (found := _terms(each)):
                yield Word(sentence.start() + start, sentence.start() + end, found)


def _units(text: str) -> Iterator[Any]:
    """Give each word, and after one of several units its units; of a word that says little, none say more."""
    for each in _tokenizer().tokenize(text):
        yield each
        parts = each.split(_shortest())
        if len(parts) > 1 and _plain(each.normalized_form()) not in _empty():
            yield from parts


def _terms(morpheme: Any) -> tuple[str, ...]:
    kind = morpheme.part_of_speech()
    if kind[0] not in _MEANING or not _BESIDE.isdisjoint(kind[1:3]):
        return ()
    return _spellings(morpheme.surface(), morpheme.normalized_form(), kind[0] == "動詞")


@lru_cache(20_000)
def _spellings(surface: str, usual: str, is_verb: bool) -> tuple[str, ...]:
    spelt = {_stem(_plain(usual), is_verb): None}
    surface = unicodedata.normalize("NFKC", surface)
    if _KATAKANA.search(surface):
        spelt |= dict.fromkeys(_in_hiragana(surface))
    return tuple(each for each in spelt if _tells(each))


def _in_hiragana(surface: str) -> Iterator[str]:
    """Give the words it would be in hiragana; none where nobody would write it so (サービス)."""
    read = list(_units(surface.translate(_TO_HIRAGANA)))
    if any(each.is_oov() for each in read) or (_KANA.fullmatch(surface) and len(read) > 1):
        return
    for each in read:
        if each.part_of_speech()[0] in _MEANING:
            yield _stem(_plain(each.normalized_form()), each.part_of_speech()[0] == "動詞")


def _stem(term: str, is_verb: bool) -> str:
    """Take a verb, and a noun made from one, as what they share: 悩む and 悩み, 片付ける and 片付け."""
    ends = bool(_KANA.fullmatch(term[-1:])) if is_verb else term[-1:] in _MADE_FROM_VERBS
    return term[:-1] if ends and not _KANA.fullmatch(term) else term


def _plain(term: str) -> str:
    folded = unicodedata.normalize("NFKC", term).lower()
    return "".join(each for each in folded if each.isalnum())[:LONGEST]


def _tells(term: str) -> bool:
    """Whether a term says anything: no particle-like noun, no single letter, digit or kana."""
    if not term or term in _empty():
        return False
    return len(term) > 1 or not (term.isascii() or _KANA.fullmatch(term) or term.isnumeric())


@lru_cache(maxsize=1)
def _empty() -> frozenset[str]:
    listed = [_plain(each.label) for each in codes.options("words_that_say_little")]
    return frozenset((*listed, *(_stem(each, True) for each in listed)))


def _tokenizer() -> Any:
    """This thread's own: Sudachi refuses one that another thread is using."""
    if not hasattr(_mine, "tokenizer"):
        from sudachipy import SplitMode

        _mine.tokenizer = dictionary().tokenizer(SplitMode.C)
    return _mine.tokenizer


@lru_cache(maxsize=1)
def _shortest() -> Any:
    from sudachipy import SplitMode

    return SplitMode.A
