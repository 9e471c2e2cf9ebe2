"""Marks on paper: the two faces, what can be put on an A4 page, and the PDF made of it."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Literal

import pylopdf_fonts_jp
from fpdf import FPDF, ViewerPreferences
from fpdf.fonts import Glyph, SubsetMap, TTFFont
from fpdf.output import OutputProducer
from fpdf.syntax import Name

Colour = tuple[int, int, int]
FaceName = Literal["sans", "serif"]
Tag = Literal["H1", "H2", "P"]

POINT = 25.4 / 72  # millimetres
PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0


@dataclass(frozen=True, slots=True)
class Ink:
    """One line of letters. `x` and the baseline `y` in millimetres, `size` and `gap` in points.

    Letters of one `part` are read as one thing: a heading or a paragraph, as `tag` says.
    """

    x: float
    y: float
    text: str
    face: FaceName
    size: float
    colour: Colour
    tag: Tag
    part: int
    gap: float = 0.0


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle, or a rule when it is thin. Millimetres. It says nothing, so no screen reader meets it."""

    x: float
    y: float
    width: float
    height: float
    colour: Colour
    corner: float = 0.0


Mark = Ink | Box


class Face:
    """What is known of a face: which letters it has and how wide they are."""

    def __init__(self, letters: frozenset[int], widths: dict[int, float]) -> None:
        self._letters = letters
        self._widths = widths

    def knows(self, letter: str) -> bool:
        """Whether the face has this letter."""
        return ord(letter) in self._letters

    def advance(self, letter: str) -> float:
        """The letter's width in ems."""
        return self._widths[ord(letter)] / 1000


class Press(FPDF):
    """A4 paper, two Japanese faces. Only the letters used are embedded.

    The same marks at the same `made_at` give the same bytes.
    """

    def __init__(self, title: str, made_at: datetime) -> None:
        super().__init__(format="A4", unit="mm")
        self.set_auto_page_break(auto=False)
        self.set_margin(0)
        self.set_title(title)
        self.set_lang("ja")
        self.set_creator("Yorisoi")
        self.set_producer("Yorisoi")
        self.set_creation_date(made_at)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.add_font("sans", fname=pylopdf_fonts_jp.sans_path())
        self.add_font("serif", fname=pylopdf_fonts_jp.serif_path())
        self.faces: dict[FaceName, Face] = {"sans": self._face("sans"), "serif": self._face("serif")}

    def printed(self, pages: Sequence[Sequence[Mark]]) -> bytes:
        """The PDF. Marks are read aloud in the order in which they stand."""
        for marks in pages:
            self.add_page()
            for part, group in groupby(marks, _part):
                self._put(part, list(group))
        return bytes(self.output(output_producer_class=_Plainly))

    def _put(self, part: int | None, marks: list[Mark]) -> None:
        with nullcontext() if part is None else self._marked_sequence() as element:
            for mark in marks:
                if isinstance(mark, Box):
                    self._fill(mark)
                else:
                    if element is not None:
                        element.s = f"/{mark.tag}"
                    self._ink(mark)

    def _fill(self, box: Box) -> None:
        self.set_fill_color(*box.colour)
        if box.corner:
            self.rect(
                box.x, box.y, box.width, box.height, style="F", round_corners=True, corner_radius=box.corner
            )
        else:
            self.rect(box.x, box.y, box.width, box.height, style="F")

    def _ink(self, ink: Ink) -> None:
        self.set_font(ink.face, size=ink.size)
        self.set_text_color(*ink.colour)
        self.set_char_spacing(ink.gap)
        self.text(ink.x, ink.y, ink.text)
        self.set_char_spacing(0)

    def _face(self, name: FaceName) -> Face:
        font = self.fonts[name]
        if not isinstance(font, TTFFont):
            raise TypeError(f"{name} is no embedded face")
        font.subset = _OwnNumbers(font)
        return Face(frozenset(font.cmap), font.cw)


class _OwnNumbers(SubsetMap):
    """Letters go into the file under the face's own numbers, so that every reader finds shapes and text without a table between."""

    def __init__(self, font: TTFFont) -> None:
        super().__init__(font)
        letters = [glyph for glyph, _ in self.items()]
        self._char_id_per_glyph.clear()
        for glyph in letters:
            self.pick_glyph(glyph)

    def pick_glyph(self, glyph: Glyph | None) -> int | None:
        if glyph is None:
            return None
        number = glyph.glyph_name.removeprefix("cid")
        return self._char_id_per_glyph.setdefault(glyph, int(number) if number.isdigit() else 0)


class _Plainly(OutputProducer):
    """Says in the file that letters stand under the face's own numbers."""

    def _add_fonts(self, *args: Any, **kwargs: Any) -> dict[int, Any]:
        fonts: dict[int, Any] = super()._add_fonts(*args, **kwargs)
        for font in fonts.values():
            font.encoding = Name("Identity-H")
        return fonts


def _part(mark: Mark) -> int | None:
    return mark.part if isinstance(mark, Ink) else None
