"""A text as words: Sudachi's shortest units, sentence by sentence, with where they stand.

Offsets are those of the text given. Sudachi is imported on first use, because importing it costs more than the rest.
"""

import re
import threading
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple, Protocol, cast

SENTENCE = re.compile(r"[^\n。]{1,400}[。\n]*|[。\n]+")
SURROGATE = re.compile("[\ud800-\udfff]")


class Kind(NamedTuple):
    """A part of speech: its first word, the whole, and what matters here."""

    major: str
    full: str
    person: bool
    place: bool
    proper: bool


class Word(NamedTuple):
    """A word of the text. `id`: number of the pair of surface and part of speech, for caches."""

    surface: str
    start: int
    end: int
    kind: Kind
    unknown: bool


class _Morpheme(Protocol):
    def begin(self) -> int: ...
    def end(self) -> int: ...
    def part_of_speech_id(self) -> int: ...
    def part_of_speech(self) -> tuple[str, ...]: ...
    def is_oov(self) -> bool: ...


_kinds: dict[int, Kind] = {}
_mine = threading.local()


@lru_cache(maxsize=1)
def dictionary() -> Any:
    """Sudachi's dictionary, once for everybody in this process: about 80 MB."""
    from sudachipy import Dictionary

    return Dictionary(dict="core")


def _tokenizer() -> object:
    """This thread's own: Sudachi refuses one that another thread is using."""
    if not hasattr(_mine, "tokenizer"):
        from sudachipy import SplitMode

        _mine.tokenizer = dictionary().tokenizer(SplitMode.A)
    return cast("object", _mine.tokenizer)


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Every sentence with where it begins; nothing of the text is left out."""
    for match in SENTENCE.finditer(text):
        yield match.start(), match[0]


def words(sentence: str) -> list[Word]:
    """The words of a sentence of at most a few hundred characters, in order."""
    read = SURROGATE.sub("〓", sentence)
    found = []
    for each in cast("list[_Morpheme]", _tokenizer().tokenize(read)):  # type: ignore[attr-defined]
        start, end = each.begin(), each.end()
        if start < end:
            kind = _kinds.get(each.part_of_speech_id()) or _learnt(each)
            found.append(Word(read[start:end], start, end, kind, each.is_oov()))
    return found


@lru_cache(maxsize=8_000)
def looked_up(word: str) -> tuple[Word, ...]:
    """The words a short stretch consists of, remembered."""
    return tuple(words(word))


def _learnt(morpheme: _Morpheme) -> Kind:
    parts = [part for part in morpheme.part_of_speech()[:4] if part != "*"]
    kind = Kind(parts[0], "-".join(parts), "人名" in parts, "地名" in parts, "固有名詞" in parts)
    _kinds[morpheme.part_of_speech_id()] = kind
    return kind
