"""Japanese lines: which characters a face can print, and where a line may end. Pure; widths are in ems."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Advance = Callable[[str], float]  # one character → its width in ems
Knows = Callable[[str], bool]  # whether the face has the character

GETA = "〓"  # what a Japanese printer sets where a letter is missing

NEVER_FIRST = frozenset(
    "、。，．・：；？！,.:;?!％%℃"
    "）］｝」』】〕〉》〙〗｠»’”)]}"
    "ヽヾゝゞ々〻ー‐゠–〜～…‥゛゜ 　"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶｧｨｩｪｫｯｬｭｮｰﾞﾟ｡､･｣"
)
NEVER_LAST = frozenset("（［｛「『【〔〈《〘〖｟«‘“([{｢￥$№＃#")
NEVER_PARTED = frozenset("…‥―—〳〵")
COUNTED = frozenset("年月日時分秒週回人件名歳代番度円歩つか")
HANGING = frozenset("、。，．")
SPACES = " 　"

WORD = re.compile("[0-9A-Za-z\u00c0-\u024f'&@/+=_:.,~*-]+|.", re.DOTALL)
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
SELECTORS = "\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef\U000e0020-\U000e007f"
PICTURES = "\u2190-\u2bff\U0001f000-\U0001faff"
SEEN_AS_ONE = re.compile(
    f"[\U0001f1e6-\U0001f1ff]{{2}}|.[{SELECTORS}]*(?:\u200d[{PICTURES}][{SELECTORS}]*)*", re.DOTALL
)
WIDEST_GAP = 0.12  # ems between two letters; a line that would need more stays ragged


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its letters, and the ems to put after each of them so that it fills its width."""

    text: str
    gap: float = 0.0


def printable(text: str, knows: Knows) -> str:
    """`text` in letters the face has: what it lacks becomes 〓, what nobody sees is dropped, lines stay."""
    whole = LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))
    return "".join(_seen(match.group(), knows) for match in SEEN_AS_ONE.finditer(whole))


def lines(text: str, width: float, advance: Advance) -> list[Line]:
    """`text` in lines of `width` ems by the Japanese rules; several blank lines become one.

    No line begins with 「。」 or ends with 「（」, commas and full stops may hang over the edge, words and numbers stay whole
    where a line can hold them. Only where one thing is wider than a line is it cut anywhere.
    """
    made: list[Line] = []
    for paragraph in text.strip("\n").split("\n"):
        if not paragraph.strip():
            if made and made[-1].text:
                made.append(Line(""))
            continue
        rows = list(_rows(paragraph.rstrip(), width, advance))
        made += [Line(row, _gap(row, width, advance)) for row in rows[:-1]]
        made.append(Line(rows[-1]))
    return made


def weight(row: str, advance: Advance) -> float:
    """How wide a line is, in ems, without a comma or full stop that may hang over the edge."""
    return sum(map(advance, _standing(row)))


def _rows(paragraph: str, width: float, advance: Advance) -> Iterator[str]:
    row = ""
    for piece in _pieces(paragraph):
        if row and weight(row + piece, advance) > width:
            yield row.rstrip(SPACES)
            row = ""
        row += piece
        while weight(row, advance) > width:
            cut = _cut(row, width, advance)
            yield row[:cut]
            row = row[cut:]
    if row:
        yield row


def _pieces(paragraph: str) -> list[str]:
    """What must stay together: words, and letters with the marks that lean on them."""
    pieces: list[list[str]] = []
    before = ""
    for word in WORD.findall(paragraph):
        if before and not _may_part(before, word[0]):
            pieces[-1].append(word)
        else:
            pieces.append([word])
        before = word[-1]
    return ["".join(piece) for piece in pieces]


def _may_part(before: str, after: str) -> bool:
    if after in NEVER_FIRST or before in NEVER_LAST:
        return False
    if before.isdecimal() and after in COUNTED:
        return False
    return not (before == after and before in NEVER_PARTED)


def _cut(row: str, width: float, advance: Advance) -> int:
    """How many letters of a row that is too wide fit, one at least."""
    used = 0.0
    for count, letter in enumerate(row):
        used += advance(letter)
        if used > width:
            return max(count, 1)
    return len(row)


def _standing(row: str) -> str:
    bare = row.rstrip(SPACES)
    return bare[:-1] if bare and bare[-1] in HANGING else bare


def _gap(row: str, width: float, advance: Advance) -> float:
    gaps = len(_standing(row)) - 1
    if gaps < 1:
        return 0.0
    gap = (width - weight(row, advance)) / gaps
    return gap if 0 < gap <= WIDEST_GAP else 0.0


def _seen(letters: str, knows: Knows) -> str:
    """One thing as a reader sees it, in letters the face has."""
    first, kind = letters[0], unicodedata.category(letters[0])
    if first == "\n":
        return first
    if first == "\t" or kind == "Zs":
        return first if knows(first) else " "
    if kind in {"Cc", "Cf"}:
        return ""
    if knows(first) and "\u200d" not in letters and not _is_flag(letters):
        return first
    return "" if kind.startswith("M") else GETA


def _is_flag(letters: str) -> bool:
    return len(letters) == 2 and all("\U0001f1e6" <= letter <= "\U0001f1ff" for letter in letters)
