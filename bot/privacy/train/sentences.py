"""Sentences as staff write them, with who and what in them marked: templates in many hands, filled and strung together."""

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bot.privacy.train.people import Cast

TEMPLATES = Path(__file__).with_name("templates")
SLOT = re.compile(r"\{([a-z]2?|[A-Z])\}")
LABELS = {
    "P": "PERSON", "S": "PERSON", "G": "PERSON", "K": "PERSON", "N": "PERSON", "X": "PERSON", "R": "PERSON",
    "A": "PLACE", "M": "PLACE", "F": "FACILITY", "V": "FACILITY", "E": "FACILITY", "O": "ORG",
    "Y": "FACILITY", "C": "FACILITY", "W": "ORG", "U": "PERSON", "B": "PERSON",
}  # fmt: skip
JOINTS = {
    "memo": ("。", "\n", "、", " ", ""), "keigo": ("", "\n", "\n\n"), "chat": ("\n",), "phone": ("\n", "。", " "),
    "bullets": ("\n",), "form": ("\n", " ", "\n"), "story": ("", "", "\n"), "hiragana": ("。", "\n", " "),
    "houses": ("\n", "。", " ", ""), "people": ("\n", "。", " ", "、"),
}  # fmt: skip
HELD_OUT = 8
Spans = list[tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and what is in it: `(start, end, class)` in code points."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


def templates(*, held_out: bool) -> dict[str, list[str]]:
    """The templates by hand; one in eight is held out, always the same ones."""
    found = {}
    for path in sorted(TEMPLATES.glob("*.txt")):
        lines = [line.replace("\\n", "\n") for line in path.read_text(encoding="utf-8").splitlines() if line]
        found[path.stem] = [line for line in lines if (zlib.crc32(line.encode()) % HELD_OUT == 0) == held_out]
    return found


class Writer:
    """Writes notes from templates. The same seed writes the same notes."""

    def __init__(self, seed: int, cast: Cast, sheets: dict[str, list[str]]) -> None:
        self.random = Random(seed)  # noqa: S311 - sentences, no secrets
        self.cast, self.sheets = cast, sheets
        self.hands = [
            hand
            for hand in JOINTS
            for _ in range(
                6 if hand == "story" else 4 if hand in {"houses", "people"} else 3 if hand == "memo" else 2
            )
        ]
        self.slots: dict[str, Callable[[], str]] = {
            "P": cast.person, "S": cast.surname, "G": cast.first, "K": cast.kana, "N": cast.nickname,
            "X": cast.foreigner, "R": cast.reading, "A": cast.address, "M": cast.place, "F": cast.facility,
            "V": cast.nickname_of_house, "E": cast.school, "O": cast.firm, "L": self._letter,
            "Y": cast.kind_of_house, "C": cast.coined, "W": cast.shop, "U": cast.roman, "B": cast.spaced,
            "h": lambda: "" if self.random.random() < 0.2 else cast.pick("honorifics"),
            "r": lambda: cast.pick("relations"), "j": lambda: cast.pick("jobs"), "a": self._age,
            "a2": lambda: f"{self.random.randint(1, 99)}歳", "n": lambda: str(self.random.randint(1, 90)),
            "d": self._day, "t": lambda: f"{self.random.randint(8, 19)}:{self.random.randint(10, 59)}",
            "p": lambda: f"0{self.random.randint(70, 90)}-0000-{self.random.randint(1000, 9999)}",
        }  # fmt: skip

    def notes(self, count: int) -> Iterator[Marked]:
        """So many notes, each in one hand."""
        for _ in range(count):
            yield self._note(self.random.choice(self.hands))

    def _note(self, hand: str) -> Marked:
        text, spans = "", Spans()
        joint = self.random.choice(JOINTS[hand])
        for _ in range(self.random.randint(1, 5)):
            nobody = self.random.random() < 0.3
            line, inside = self._filled(self.random.choice(self.sheets["neg" if nobody else hand]))
            spans += [(start + len(text), end + len(text), label) for start, end, label in inside]
            if joint and line.endswith("。") and self.random.random() < 0.6:
                line = line[:-1]
            text += line + joint
        return Marked(text, tuple(spans))

    def _filled(self, template: str) -> tuple[str, Spans]:
        text, at, spans = "", 0, Spans()
        for slot in SLOT.finditer(template):
            text += template[at : slot.start()]
            word = self.slots[slot[1]]()
            if label := LABELS.get(slot[1]):
                spans.append((len(text), len(text) + len(word), label))
            text, at = text + word, slot.end()
        return text + template[at:], spans

    def _age(self) -> str:
        form = self.random.choice(
            ["(%d歳)", "(%d)", "(%d)", "、%d歳", "%d才", "(%d代)", " %d歳", "(%d・女)", ""]
        )
        return form % self.random.randint(1, 99) if form else ""

    def _day(self) -> str:
        month, day = self.random.randint(1, 12), self.random.randint(1, 28)
        return self.random.choice(
            [
                f"{month}/{day}",
                f"{month}月{day}日",
                f"令和{month}年{month}月{day}日",
                f"{month}月",
                f"R5.{month}.{day}",
            ]
        )

    def _letter(self) -> str:
        return self.random.choice("ABCDEFGH")
