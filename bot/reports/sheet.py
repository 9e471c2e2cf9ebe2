"""Where things stand on an A4 page: a sheet is written from top to bottom and grows pages as it needs them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import Literal

from bot.reports.press import PAGE_HEIGHT, PAGE_WIDTH, POINT, Box, Colour, Face, FaceName, Ink, Mark, Tag
from bot.reports.typeset import Line, lines, printable, weight

INK: Colour = (51, 46, 42)
SOFT: Colour = (107, 97, 88)
WARM: Colour = (150, 84, 50)
LINE: Colour = (224, 212, 198)
CREAM: Colour = (250, 244, 235)
ROSE: Colour = (251, 238, 233)

SIDE, TOP, BOTTOM = 23.0, 18.0, 18.0
GUTTER = 4.0  # between columns
ASCENT = 0.86  # of the em: where the baseline stands in a line without leading


@dataclass(frozen=True, slots=True)
class Style:
    """How words look. `size` in points, `leading` in ems from line to line."""

    face: FaceName = "sans"
    size: float = 12.0
    leading: float = 1.7
    colour: Colour = INK
    tag: Tag = "P"
    align: Literal["left", "right", "center"] = "left"
    even: bool = False  # lines of about one length, instead of full ones and a short last one


TITLE = Style("serif", 26, 1.35, tag="H1")
HEADING = Style("serif", 14.5, 1.5, WARM, tag="H2")
BODY = Style()
LARGE = Style("serif", 20, 1.45)
SMALL = Style(size=10, leading=1.6, colour=SOFT, even=True)
LABEL = Style(size=10.5, colour=SOFT)
DESK = Style(size=13, leading=1.96)  # as tall as the phone number beside it
PHONE = Style(size=17, leading=1.5, align="right")


class Sheet:
    """Writes downwards from `y` between `left` and `left + width`, all in millimetres. `scale` shrinks letters and gaps alike."""

    def __init__(self, faces: Mapping[FaceName, Face], scale: float = 1.0, *, endless: bool = False) -> None:
        self.pages: list[list[Mark]] = [[]]
        self.y = TOP
        self.left, self.width = SIDE, PAGE_WIDTH - 2 * SIDE
        self._faces, self._scale = faces, scale
        self._end = float("inf") if endless else PAGE_HEIGHT - BOTTOM
        self._parts = 0

    def write(self, words: str, style: Style = BODY) -> None:
        """Sets `words` from here on, over as many pages as they take. An empty line counts half."""
        part = self._next_part()
        for line in self._lines(words, style, self.width):
            step = self._step(style) * (1 if line.text else 0.5)
            if self.need(step):
                part = self._next_part()
            self._ink(line, style, part)
            self.y += step

    def items(self, words: str, style: Style = BODY, mark: str = "・") -> None:
        """Sets each line of `words` behind a mark, its further lines indented."""
        indent = self._em(style)
        for item in words.split("\n"):
            if not item:
                continue
            self.need(self._step(style))
            part = self._next_part()
            self._ink(Line(mark), style, part)
            with self.inset(indent, 0):
                for line in self._lines(item, style, self.width):
                    if self.need(self._step(style)):
                        part = self._next_part()
                    self._ink(line, style, part)
                    self.y += self._step(style)

    def row(self, label: str, value: str, label_width: float = 44.0) -> None:
        """A label and what it stands for, side by side, on one baseline, above a hairline."""
        sunk = (self._step(BODY) - self._step(LABEL)) / 2 + (
            BODY.size - LABEL.size
        ) * self._scale * POINT * 0.36
        with self.inset(label_width, 0):
            self.need(self.height(lambda on: on.write(value)))
        top = self.y
        part = self._next_part()
        self.y = top + sunk
        self._ink(Line(printable(label, self._faces[LABEL.face].knows)), LABEL, part)
        self.y = top
        with self.inset(label_width, 0):
            for line in self._lines(value, BODY, self.width):
                self._ink(line, BODY, part)
                self.y += self._step(BODY)
        self.gap(1.1)
        self.rule()
        self.gap(1.1)

    def cell(self, label: str, value: str) -> None:
        """A label, and under it what it stands for."""
        self.write(label, LABEL)
        self.write(value)

    def beside(self, *draws: Callable[["Sheet"], None], shares: Sequence[float]) -> None:
        """What each of `draws` writes, in columns on one page; `shares` of the width add up to 1."""
        heights = []
        for draw, (left, right) in zip(draws, self._columns(shares), strict=True):
            with self.inset(left, right):
                heights.append(self.height(draw))
        self.need(max(heights))
        top = self.y
        for draw, (left, right) in zip(draws, self._columns(shares), strict=True):
            with self.inset(left, right):
                self.y = top
                draw(self)
        self.y = top + max(heights)

    def rule(self, colour: Colour = LINE, thickness: float = 0.25) -> None:
        """A line from edge to edge, here."""
        self._put(Box(self.left, self.y, self.width, thickness, colour))

    def panel(self, draw: Callable[["Sheet"], None], colour: Colour, accent: Colour) -> None:
        """What `draw` writes, together on one page, on a tint with a bar at its left."""
        across, down = 7.0, 4.6 * self._scale
        with self.inset(across, across):
            height = self.height(draw) + 2 * down
        self.need(height)
        self._put(Box(self.left, self.y, self.width, height, colour))
        self._put(Box(self.left, self.y, 1.3, height, accent))
        bottom = self.y + height
        self.y += down
        with self.inset(across, across):
            draw(self)
        self.y = bottom

    def together(self, draw: Callable[["Sheet"], None]) -> None:
        """What `draw` writes, on one page."""
        self.need(self.height(draw))
        draw(self)

    def height(self, draw: Callable[["Sheet"], None]) -> float:
        """How many millimetres `draw` would take here."""
        trial = Sheet(self._faces, self._scale, endless=True)
        trial.left, trial.width = self.left, self.width
        draw(trial)
        return trial.y - TOP

    def need(self, height: float) -> bool:
        """Goes to a new page where `height` has no room on this one. Answers whether it did."""
        if self.y + height <= self._end or self.y <= TOP:
            return False
        self.pages.append([])
        self.y = TOP
        return True

    def sink(self, height: float) -> None:
        """Goes down to where `height` just fits above the foot of the page."""
        if self._end < float("inf"):
            self.need(height)
            self.y = max(self.y, self._end - height)

    def gap(self, height: float) -> None:
        """Leaves room."""
        self.y += height * self._scale

    @contextmanager
    def inset(self, left: float, right: float) -> Iterator[None]:
        """Narrower for a while."""
        before = self.left, self.width
        self.left, self.width = self.left + left, self.width - left - right
        yield
        self.left, self.width = before

    def numbered(self, words: Callable[[int, int], str]) -> list[list[Mark]]:
        """The pages, each with the words for its number at its foot."""
        style = replace(SMALL, size=9, align="right")
        for number, page in enumerate(self.pages, 1):
            foot = Sheet(self._faces, endless=True)
            foot.y = PAGE_HEIGHT - BOTTOM + 5
            foot._parts = self._parts  # the foot is read after everything else on its page
            foot.write(words(number, len(self.pages)), style)
            page.extend(foot.pages[0])
        return self.pages

    def _columns(self, shares: Sequence[float]) -> list[tuple[float, float]]:
        """How far each column is set in from the left and from the right, with gutters between them."""
        edges = [0.0, *accumulate(share * self.width for share in shares)]
        return [
            (left, self.width - right + (GUTTER if right < self.width - GUTTER else 0.0))
            for left, right in pairwise(edges)
        ]

    def _lines(self, words: str, style: Style, width: float) -> list[Line]:
        face = self._faces[style.face]
        letters, ems = printable(words, face.knows), width / self._em(style)
        if style.even:
            return [line for each in letters.split("\n") for line in _even(each, ems, face)]
        return lines(letters, ems, face.advance)

    def _ink(self, line: Line, style: Style, part: int) -> None:
        if not line.text:
            return
        em = self._em(style)
        x = self.left
        if style.align != "left":
            free = self.width - weight(line.text, self._faces[style.face].advance) * em
            x += free if style.align == "right" else free / 2
        baseline = self.y + (self._step(style) - em) / 2 + ASCENT * em
        size = style.size * self._scale
        self._put(
            Ink(x, baseline, line.text, style.face, size, style.colour, style.tag, part, line.gap * size)
        )

    def _put(self, mark: Mark) -> None:
        self.pages[-1].append(mark)

    def _em(self, style: Style) -> float:
        return style.size * self._scale * POINT

    def _step(self, style: Style) -> float:
        return self._em(style) * style.leading

    def _next_part(self) -> int:
        self._parts += 1
        return self._parts


def _even(paragraph: str, ems: float, face: Face) -> list[Line]:
    """The lines of one paragraph, set as narrowly as their number allows."""
    best = lines(paragraph, ems, face.advance)
    for tenths in range(9, 4, -1):
        narrower = lines(paragraph, ems * tenths / 10, face.advance)
        if len(narrower) > len(best):
            break
        best = narrower
    return [replace(line, gap=0.0) for line in best]


def fitted(faces: Mapping[FaceName, Face], scales: Iterable[float], draw: Callable[[Sheet], object]) -> Sheet:
    """The sheet drawn at the first of these scales at which it takes one page; at the last, as many as it takes."""
    for scale in scales:
        sheet = Sheet(faces, scale)
        draw(sheet)
        if len(sheet.pages) == 1:
            break
    return sheet
