"""Words that may mean somebody is in danger. It errs to yes: showing where to call for help costs little."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

HARMLESS = "!"
UNREAD = re.compile(
    "[\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff・.,、。'\"“”‘’\\-_~*]+"
)
HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


def danger_in(text: str, words: Iterable[str]) -> bool:
    """Whether any of the words stands in the text, however it is spaced and in whichever kana.

    A word written with a leading "!" is harmless as a whole: what stands inside it does not count.
    """
    harmful, harmless = _patterns(tuple(words))
    read = _read(text)
    return bool(harmful and harmful.search(harmless.sub("\n", read) if harmless else read))


@lru_cache(maxsize=8)
def _patterns(words: tuple[str, ...]) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    harmful = [_read(word) for word in words if not word.startswith(HARMLESS)]
    harmless = [_read(word[1:]) for word in words if word.startswith(HARMLESS)]
    return _any(harmful), _any(harmless)


def _any(words: list[str]) -> re.Pattern[str] | None:
    ordered = sorted(filter(None, words), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, ordered))) if ordered else None


def _read(text: str) -> str:
    """One spelling for all: NFKC, lower case, hiragana, nothing between the characters."""
    return UNREAD.sub("", unicodedata.normalize("NFKC", text).lower()).translate(HIRAGANA)
