"""A text as detectors read it: one spelling of every character, with the way back to where it stood."""

import re
import unicodedata
from dataclasses import dataclass

# Characters that belong to the one before them: accents, voicing marks, variants, and what nobody can see.
IGNORED = (
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff"
)
MARKS = f"{IGNORED}\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\uff9e\uff9f"
# What most of a Japanese text is made of stays as it is; anything else is read cluster by cluster.
CLUSTER = re.compile(
    f"(?P<kept>[\n -~、。「」・ぁ-ゖァ-ヺー々一-\u9fff]+)(?![{MARKS}])|[^{MARKS}][{MARKS}]*|[{MARKS}]+"
)
UNSEEN = re.compile(f"[{IGNORED}]+")
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―⁃−─━˗﹘⸺⸻"), "-")
CIRCLED = re.compile("[\u2460-\u24ff\u2776-\u2793\u3251-\u325f\u32b1-\u32bf]")
BETWEEN_DIGITS = re.compile("(?<=[0-9])[ー一](?=[0-9])")
MOST_KEPT = 20_000

_seen: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Plain:
    """`text` is what detectors read. Its character `n` stood at `starts[n]`:`ends[n]` of the original."""

    text: str
    starts: list[int]
    ends: list[int]

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Where a non-empty stretch of `text` stood in the original."""
        return self.starts[start], self.ends[end - 1]


def plain(text: str) -> Plain:
    """Read a text: NFKC by cluster, one dash for all, nothing invisible."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for cluster in CLUSTER.finditer(text):
        start, end = cluster.span()
        if cluster["kept"]:
            pieces.append(cluster[0])
            starts.extend(range(start, end))
            ends.extend(range(start + 1, end + 1))
        else:
            read = _read(cluster[0])
            pieces.append(read)
            starts.extend([start] * len(read))
            ends.extend([end] * len(read))
    return Plain(BETWEEN_DIGITS.sub("-", "".join(pieces)), starts, ends)


def same(surface: str) -> str:
    """A surface as detectors read it, for comparing: without spaces."""
    return "".join(plain(surface).text.split())


def _read(cluster: str) -> str:
    read = _seen.get(cluster)
    if read is None:
        shown = CIRCLED.sub("・", UNSEEN.sub("", cluster))
        read = unicodedata.normalize("NFKC", shown).translate(DASHES)
        if len(_seen) < MOST_KEPT and len(cluster) <= 4:
            _seen[cluster] = read
    return read
