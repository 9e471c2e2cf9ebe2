"""What the model sees of a word: itself, its neighbours, its script, and which lists know it.

A feature is a short byte string. What depends on the word alone is made once per word and remembered.
"""

from collections.abc import Sequence
from functools import lru_cache

from bot.privacy.anonymizer.gazetteer import home_towns
from bot.privacy.anonymizer.reader import Kind, Word
from bot.privacy.anonymizer.words import (
    FACILITY_ENDS,
    GIVEN,
    HONORIFICS,
    KANA_GIVEN,
    KANA_SURNAMES,
    ORG_ENDS,
    PLACE_ENDS,
    ROLES,
    SURNAMES,
    TITLES,
    hiragana,
)

RUN = frozenset({"名詞", "接尾辞", "接頭辞"})
LONGEST_RUN = 6
PLACES = (-2, -1, 1, 2)
EDGE = Kind("", "", person=False, place=False, proper=False)


def _script(char: str) -> str:
    point = ord(char)
    if 0x4E00 <= point <= 0x9FFF or 0x3400 <= point <= 0x4DBF or point >= 0x20000 or char in "々〆ヶ":
        return "K"
    if 0x3041 <= point <= 0x309F:
        return "H"
    if 0x30A0 <= point <= 0x30FF:
        return "T"
    if char.isdigit():
        return "N"
    return "A" if char.isalpha() else "S"


def shape(surface: str) -> str:
    """The scripts of a word, repetitions left out where it is long."""
    shown = ""
    for char in surface[:6]:
        script = _script(char)
        if not shown or shown[-1] != script or len(surface) <= 2:
            shown += script
    return shown


def marks(surface: str) -> tuple[str, ...]:
    """Which lists know the word."""
    found = []
    if surface in HONORIFICS:
        found.append("HON")
    if surface in ROLES:
        found.append("ROL")
    if surface in TITLES:
        found.append("TIT")
    if surface in PLACE_ENDS:
        found.append("PLC")
    if surface in FACILITY_ENDS:
        found.append("FAC")
    if surface in ORG_ENDS:
        found.append("ORG")
    if surface in SURNAMES:
        found.append("SUR")
    if surface in GIVEN:
        found.append("GIV")
    if surface in home_towns():
        found.append("TWN")
    sound = hiragana(surface)
    if len(sound) > 1 and (sound in KANA_GIVEN or sound in KANA_SURNAMES):
        found.append("KAN")
    return tuple(found)


class _Seen:
    """What is said of a word wherever it stands, ready to be joined."""

    __slots__ = ("around", "at_end", "fac", "hon", "kind", "own", "shape", "starts", "surface")

    def __init__(self, surface: str, kind: Kind, unknown: bool) -> None:
        self.surface, self.kind, self.shape = surface, kind.full, shape(surface)
        listed = marks(surface)
        self.hon, self.fac = "HON" in listed or "TIT" in listed, "FAC" in listed or "ORG" in listed
        base = [f"w={surface}", f"p={kind.full}", f"h={self.shape}", *listed]
        own = [
            "b",
            *base,
            f"l={min(len(surface), 5)}",
            f"s={surface[-1:]}",
            f"t={surface[-2:]}",
            f"f={surface[:1]}",
        ]
        self.own = _written([*own, *(["oov"] if unknown else [])])
        self.around = {
            place: _written([f"{place}{each}" for each in (base if abs(place) == 1 else base[:2])])
            for place in PLACES
        }
        self.at_end = _written([f"r={surface}", *(["rF"] if self.fac else []), *(["rH"] if self.hon else [])])
        self.starts = _written([f"st={kind.full}"])


def _written(features: list[str]) -> list[bytes]:
    return [each.encode("utf-8", "replace") for each in features]


@lru_cache(maxsize=30_000)
def _seen(surface: str, kind: Kind, unknown: bool) -> _Seen:
    return _Seen(surface, kind, unknown)


def features(sentence: Sequence[Word]) -> list[list[bytes]]:
    """One list of features for each word of the sentence."""
    size = len(sentence)
    edge = _edge()
    seen = [_seen(word.surface, word.kind, word.unknown) for word in sentence]
    row = [edge, edge, *seen, edge, edge]
    heads, starts = _run_ends([word.kind.major in RUN for word in sentence])
    told = []
    for at, each in enumerate(seen):
        start = starts[at]
        before, after = row[at + 1], row[at + 3]
        more = [f"sp={seen[start - 1].surface}"] if start > 0 else []
        if at > 0:
            more += (f"pp={before.kind}|{each.kind}", f"wh={before.surface}|{each.shape}")
        if at + 1 < size:
            if at > 0:
                more.append(f"bw={before.surface}|{after.surface}")
            more += (f"pn={each.kind}|{after.kind}", f"hw={each.shape}|{after.surface}")
        told.append(
            [
                *each.own,
                *row[at].around[-2],
                *before.around[-1],
                *after.around[1],
                *row[at + 4].around[2],
                *seen[heads[at]].at_end,
                *seen[start].starts,
                *_written(more),
            ]
        )
    return told


@lru_cache(maxsize=1)
def _edge() -> _Seen:
    """What stands beyond the ends of a sentence."""
    edge = _Seen("", EDGE, unknown=False)
    edge.around = {place: _written([f"{place}E"]) for place in PLACES}
    return edge


def _run_ends(runs: Sequence[bool]) -> tuple[list[int], list[int]]:
    """For each word the last word of the noun run it begins or continues, and the first one."""
    size = len(runs)
    heads, starts = list(range(size)), list(range(size))
    for at in range(size - 2, -1, -1):
        if runs[at + 1] and heads[at + 1] - at <= LONGEST_RUN:
            heads[at] = heads[at + 1]
    for at in range(1, size):
        if runs[at - 1] and at - starts[at - 1] <= LONGEST_RUN:
            starts[at] = starts[at - 1]
    return heads, starts
