"""Boxes for unusual facts: each was replaced by a general word, and a tick puts back what stood there."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot import codes
from bot.privacy.unusual import Fact
from handlers.forms import OPTIONS, TYPED, WORDS, Answers, Option, packed

STANDING = "standing"


@dataclass(frozen=True, slots=True)
class Box:
    """One fact of one text. `nth` of `among`: which of the general words in the text stands for it; 0: it stands itself."""

    field: str
    kind: str
    instead: str
    surface: str
    nth: int = 0
    among: int = 0

    @classmethod
    def of(cls, value: str) -> "Box | None":
        """Read the value of a box."""
        try:
            name, kind, instead, surface, nth, among = json.loads(value)
            return cls(str(name), str(kind), str(instead), str(surface), int(nth), int(among))
        except (ValueError, TypeError):
            return None

    @property
    def value(self) -> str | None:
        """The value of its box. None: what stood there is too long to be put back by a tick."""
        return packed(self.field, self.kind, self.instead, self.surface, self.nth, self.among)

    @property
    def words(self) -> str:
        """What it says beside the box: what stood there, what stands there now, and what kind it is."""
        kind = f"（{codes.label('unusual_facts', self.kind)}）"
        now = f" → {self.instead}" if self.nth else ""
        rest = WORDS - len(kind) - len(now)
        surface = self.surface if len(self.surface) <= rest else f"{self.surface[: rest - 1]}…"
        return f"{surface}{now}{kind}"


@dataclass(frozen=True, slots=True)
class Looked:
    """Texts with their boxes. `ticked`: those that stay; `doubtful`: a tick may have landed in another place.

    `stays`: which words a person said stay, each with its text: they stand there as often as was shown, not more.
    """

    texts: Mapping[str, str]
    boxes: tuple[Box, ...] = ()
    ticked: frozenset[Box] = frozenset()
    doubtful: bool = False
    stays: frozenset[tuple[str, str]] = frozenset()

    @property
    def options(self) -> list[Option]:
        """The boxes that have room for what stood there, as many as there can be; those that are ticked come first."""
        told = [(value, each) for each in self.boxes if (value := each.value)]
        if len(told) > OPTIONS:
            told.sort(key=lambda each: each[1] not in self.ticked)
        return [(value, each.words) for value, each in told[:OPTIONS]]

    @property
    def chosen(self) -> list[str]:
        """The values of those that are ticked."""
        return [value for each in self.boxes if each in self.ticked and (value := each.value)]

    @property
    def too_long(self) -> int:
        """How many have no box."""
        return len(self.boxes) - len(self.options)

    def removing(self, found: Mapping[str, Sequence[Fact]]) -> "Looked":
        """Put general words for these facts too, each with a box that is not ticked."""
        texts, boxes = dict(self.texts), list(self.boxes)
        ticked = set(self.ticked)
        for name, facts in found.items():
            mine = [each for each in boxes if each.field == name]
            kept = [each for each in boxes if each.field != name]
            facts = _fitting(texts[name], facts)  # noqa: PLW2901
            edits = [(each.start, each.end, each.instead) for each in facts]
            new = [Box(name, each.kind, each.instead, texts[name][each.start : each.end]) for each in facts]
            gone = {each.surface for each in new}
            mine = [each for each in mine if each.nth or each.surface not in gone]
            texts[name], drawn = _edited(texts[name], edits, mine, new)
            still = ticked.intersection(mine)
            ticked = {each for each in ticked if each.field != name} | {
                after for before, after in drawn if before in still
            }
            boxes = kept + [after for _, after in drawn]
        return Looked(texts, tuple(boxes), frozenset(ticked), self.doubtful)


def _fitting(text: str, facts: Sequence[Fact]) -> Sequence[Fact]:
    """The facts with shorter words in their place, where the text would lose its end."""
    grown = sum(len(each.instead) - (each.end - each.start) for each in facts)
    if not len(text) <= TYPED < len(text) + grown:
        return facts
    short = codes.label("mask_tokens", "short")
    return [replace(each, instead=min(each.instead, short, key=len)) for each in facts]


def looked(texts: Mapping[str, str], found: Mapping[str, Iterable[tuple[Fact, str]]]) -> Looked:
    """Give drawn-up texts, whose facts were replaced, with their boxes. `found`: each fact with what stood there."""
    boxes: list[Box] = []
    for name, facts in found.items():
        grown = 0
        places = []
        for fact, surface in facts:
            places.append((fact.start + grown, Box(name, fact.kind, fact.instead, surface)))
            grown += len(fact.instead) - (fact.end - fact.start)
        boxes += [_counted(texts[name], box, at) for at, box in places]
    return Looked(dict(texts), tuple(boxes))


def answered(answers: Answers, names: Sequence[str]) -> Looked:
    """Read the boxes of a form that was sent; what is ticked stands again where its general word stood."""
    now = _answered(answers, answers.values, names)
    then = _answered(answers, answers.began, names)
    stays = {
        (each.field, each.surface)
        for each in now.ticked
        if now.texts[each.field].count(each.surface) <= then.texts[each.field].count(each.surface)
    }
    return replace(now, stays=frozenset(stays))


def _answered(answers: Answers, values: Mapping[str, Any], names: Sequence[str]) -> Looked:
    texts: dict[str, str] = {name: str(values.get(name) or "") for name in names}
    shown = [*answers.shown.get(STANDING, ()), *answers.chosen(STANDING)]
    boxes = list(dict.fromkeys(box for value in shown if (box := Box.of(value)) and box.field in texts))
    chosen = {box for value in answers.chosen(STANDING) if (box := Box.of(value))}
    told, ticked, doubtful = [], set(), False
    for name in names:
        mine = [each for each in boxes if each.field == name]
        text = texts[name]
        edits, again = [], []
        for box in mine:
            starts = _starts(text, box.instead) if box.nth else []
            doubtful |= box in chosen and bool(box.nth) and len(starts) not in {box.among, 0}
            if box in chosen and box.nth and starts:
                at = starts[min(box.nth, len(starts)) - 1]
                edits.append((at, at + len(box.instead), box.surface))
            if box not in chosen or not box.nth:
                again.append(box)
        put = [replace(each, nth=0, among=0) for each in mine if each in chosen and each.nth]
        again = [each for each in again if not each.nth or each.nth <= len(_starts(text, each.instead))]
        texts[name], drawn = _edited(text, edits, again, ())
        told += [*(after for _, after in drawn), *put]
        ticked |= {after for before, after in drawn if before in chosen} | set(put)
    return Looked(texts, tuple(dict.fromkeys(told)), frozenset(ticked), doubtful)


def _edited(
    text: str, edits: Iterable[tuple[int, int, str]], boxes: Sequence[Box], new: Sequence[Box]
) -> tuple[str, list[tuple[Box, Box]]]:
    """Replace stretches of a text; gives each box as it is to be counted afterwards. `new`: one for each edit."""
    marks: list[tuple[int, Box]] = [
        (_starts(text, each.instead)[each.nth - 1], each)
        for each in boxes
        if each.nth and each.nth <= len(_starts(text, each.instead))
    ]
    told, at, moved = "", 0, []
    ordered = sorted(enumerate(edits), key=lambda each: each[1][0])
    for n, (start, end, instead) in ordered:
        if start < at:
            continue
        told += text[at:start]
        if new:
            moved.append((len(told), new[n]))
        told, at = told + instead, end
        marks = [(where, box) for where, box in marks if not start <= where < end]
    told += text[at:]
    for where, box in marks:
        shift = sum(len(instead) - (end - start) for _, (start, end, instead) in ordered if end <= where)
        moved.append((where + shift, box))
    stays = [(each, each) for each in boxes if not each.nth]
    return told, stays + [(box, _counted(told, box, where)) for where, box in sorted(moved, key=_place)]


def _place(moved: tuple[int, Box]) -> int:
    return moved[0]


def _counted(text: str, box: Box, at: int) -> Box:
    """The box, with which of the general words in this text is its own."""
    starts = _starts(text, box.instead)
    return replace(box, nth=starts.index(at) + 1 if at in starts else 0, among=len(starts))


def _starts(text: str, words: str) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(words), text)]
