"""How well an anonymizer covers what people marked in notes: coverage, leaks, precision. Pure.

A marked span is covered when every one of its characters is masked, by whatever label.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NOT_DIRECT = frozenset({"DATE", "AGE"})
Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Note:
    """A note with what was marked in it: `(start, end, label)` in code points, end exclusive."""

    id: str
    text: str
    gold: tuple[Span, ...]
    known: tuple[str, ...] = ()


@dataclass(slots=True)
class Score:
    """Counts over notes. `marked` and `covered` by label."""

    notes: int = 0
    marked: Counter[str] = field(default_factory=Counter)
    covered: Counter[str] = field(default_factory=Counter)
    tight: int = 0
    masked: int = 0
    rightly: int = 0
    false: int = 0

    def share(self, *labels: str) -> float:
        """Covered spans among the marked ones of these labels, in percent; 100 where there are none."""
        marked = sum(self.marked[label] for label in labels)
        return 100 * sum(self.covered[label] for label in labels) / marked if marked else 100.0

    @property
    def direct(self) -> float:
        """Covered spans among all that point at somebody directly, in percent."""
        return self.share(*(label for label in self.marked if label not in NOT_DIRECT))

    @property
    def no_leak(self) -> float:
        """Notes without any direct identifier left, in percent."""
        return 100 * self.tight / self.notes if self.notes else 100.0

    @property
    def precision(self) -> float:
        """Characters rightly masked among the masked ones, in percent."""
        return 100 * self.rightly / self.masked if self.masked else 100.0

    @property
    def false_per_note(self) -> float:
        """Masked stretches that touch nothing marked, for each note."""
        return self.false / self.notes if self.notes else 0.0

    def table(self) -> dict[str, float]:
        """Every figure by name, rounded."""
        figures = {label: self.share(label) for label in sorted(self.marked)}
        figures |= {"direct": self.direct, "no_leak": self.no_leak, "precision": self.precision}
        return {name: round(value, 1) for name, value in figures.items()} | {
            "false_per_note": round(self.false_per_note, 2)
        }


def read(path: Path) -> list[Note]:
    """The notes of a file, one JSON object a line."""
    notes = []
    for line in path.read_text(encoding="utf-8").splitlines():
        each: dict[str, Any] = json.loads(line)
        gold = tuple((one["start"], one["end"], one["label"]) for one in each["entities"])
        notes.append(Note(each["id"], each["text"], gold, tuple(each.get("known", ()))))
    return notes


def missed(note: Note, predicted: Iterable[Span]) -> list[Span]:
    """The marked spans of which a character was left standing."""
    masked = _places(predicted)
    return [span for span in note.gold if not masked.issuperset(range(span[0], span[1]))]


def wrongly(note: Note, predicted: Iterable[Span]) -> list[Span]:
    """The masked stretches that touch nothing marked."""
    marked = _places(note.gold)
    return [span for span in predicted if marked.isdisjoint(range(span[0], span[1]))]


def score(pairs: Iterable[tuple[Note, Sequence[Span]]]) -> Score:
    """The figures over notes with what was predicted for each."""
    told = Score()
    for note, predicted in pairs:
        left = missed(note, predicted)
        masked = _places(predicted)
        told.notes += 1
        told.marked.update(label for _, _, label in note.gold)
        told.covered.update(label for _, _, label in note.gold)
        told.covered.subtract(label for _, _, label in left)
        told.tight += not any(label not in NOT_DIRECT for _, _, label in left)
        told.masked += len(masked)
        told.rightly += len(masked & _places(note.gold))
        told.false += len(wrongly(note, predicted))
    return told


def _places(spans: Iterable[Span]) -> set[int]:
    return {at for start, end, _ in spans for at in range(start, end)}
