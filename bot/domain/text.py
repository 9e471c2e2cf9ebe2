"""What people type, made fit to keep: nothing invisible, nothing too long, nothing lost that they can see."""

import re
import unicodedata

from bot.domain.refusals import Refused


class TooLong(Refused):
    """The text is longer than `limit` characters; `over` says by how many."""

    template = "refusals/too_long"

    def __init__(self, limit: int, over: int) -> None:
        self.limit = limit
        self.over = over
        super().__init__(f"longer than {limit}")


class Empty(Refused):
    """Nothing that can be read is left of the text."""

    template = "refusals/empty"


class NotALink(Refused):
    """What should open in a browser does not."""

    template = "refusals/not_a_link"

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__("not a link")


LINK = re.compile(r"https?://[^\s<>]{4,1000}")
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
ODD_SPACES = re.compile("[\t\xa0\u1680\u2000-\u200a\u202f\u205f]")
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # control
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufeff"  # fillers and soft hyphen
    "\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufff0-\ufffb"  # zero width, bidi
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"  # tags (not the variants of ideographs)
    "\ue000-\uf8ff\U000f0000-\U0010ffff"  # private use
    "\ud800-\udfff"  # lone surrogates
    "\ufdd0-\ufdef\ufffe\uffff]"  # not characters
)
PICTURE = "\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
STRAY_JOINER = re.compile(f"(?<![{PICTURE}\ufe0f])\u200d|\u200d(?![{PICTURE}])")
BLANK_LINES = re.compile("\n(?:[ \u3000]*\n){3,}")
BLANKS = re.compile("\\s+")


def clean(text: str, *, limit: int) -> str:
    """`text` as it may be stored: NFC, visible, trimmed, at most two blank lines in a row.

    `limit` counts code points of the result. Cleaning twice changes nothing.
    Raises `Empty` when nothing is left and `TooLong` beyond the limit.
    """
    kept = _visible(text)
    kept = BLANK_LINES.sub("\n\n\n", kept).strip()
    if not kept.strip("\ufe0e\ufe0f"):
        raise Empty
    if len(kept) > limit:
        raise TooLong(limit, len(kept) - limit)
    return kept


def clean_line(text: str, *, limit: int) -> str:
    """Like `clean`, for what belongs on one line: a name, an agency, a number to call."""
    return clean(BLANKS.sub(" ", _visible(text)), limit=limit)


def clean_or_blank(text: str | None, *, limit: int) -> str:
    """Like `clean`, for an answer that may be left out: nothing said is the empty text."""
    try:
        return clean(text or "", limit=limit)
    except Empty:
        return ""


def must_be_link(text: str, field: str) -> None:
    """Go on, or raise `NotALink` on this answer: a link is all there is, and a browser opens it."""
    if not LINK.fullmatch(text):
        raise NotALink(field)


def _visible(text: str) -> str:
    seen = INVISIBLE.sub("", ODD_SPACES.sub(" ", LINE_ENDS.sub("\n", text)))
    while (joined := STRAY_JOINER.sub("", seen)) != seen:
        seen = joined
    return unicodedata.normalize("NFC", seen)
