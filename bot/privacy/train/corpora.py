"""What the model learns from: own sentences, and the two public sets where they lie beside the project."""

import json
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.privacy.anonymizer.model import CLASSES
from bot.privacy.anonymizer.plain import plain
from bot.privacy.anonymizer.reader import Word, sentences, words
from bot.privacy.train.sentences import Marked

ROOT = Path(__file__).parents[3]
OUR_LISTS = (
    "activity_types", "attendance", "best_times", "callback_outcomes", "case_characteristics", "closing_reasons",
    "danger_words", "dispositions", "emergency_contacts", "not_consultation", "occupations", "organization_types",
    "people_roles", "place_types", "requested_support", "routes", "staff_roles", "statuses", "supporter_concerns",
    "supporter_fields", "training_kinds", "training_types", "urgency", "words_that_say_little",
)  # fmt: skip
OUR_TEXTS = {
    "templates/seed/words.toml": (
        "openings", "asks", "short", "dangers", "calls", "handovers", "closings", "outcomes", "next_actions", "summaries",
    ),
    "templates/seed/cases.toml": (),
    "templates/seed/trainings.toml": ("needs", "questions", "town_questions", "answers", "feedback"),
}  # fmt: skip
PUBLIC = ("stockmark_train.jsonl", "gsd_train.jsonl")


def public(folder: Path) -> Iterator[Marked]:
    """The sentences of the public sets that lie in this folder."""
    for name in PUBLIC:
        path = folder / name
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
            each = json.loads(line)
            spans = ((one["start"], one["end"], one["label"]) for one in each["entities"])
            yield Marked(each["text"], tuple(span for span in spans if span[2] in CLASSES))


def labelled(note: Marked) -> Iterator[tuple[list[Word], list[str]]]:
    """The sentences of a note as words with a label each: B-, I- or O."""
    read = plain(note.text)
    spans = [
        (bisect_left(read.starts, start), bisect_left(read.starts, end), label)
        for start, end, label in note.spans
    ]
    for begin, sentence in sentences(read.text):
        row = words(sentence)
        if row:
            yield row, _labels(row, [(start - begin, end - begin, label) for start, end, label in spans])


def _labels(row: Sequence[Word], spans: Sequence[tuple[int, int, str]]) -> list[str]:
    labels = ["O"] * len(row)
    for start, end, label in spans:
        first = True
        for at, word in enumerate(row):
            if word.start < end and word.end > start and labels[at] == "O":
                labels[at] = f"{'B' if first else 'I'}-{label}"
                first = False
    return labels


def ours() -> Iterator[Marked]:
    """What the product says itself, and what people in its practice say: nobody is in it."""
    from bot import codes

    for name in OUR_LISTS:
        for entry in codes.options(name):
            yield Marked(entry.label, ())
    for path, lists in OUR_TEXTS.items():
        told = tomllib.loads((ROOT / path).read_text(encoding="utf-8"))
        for phrase in _phrases({name: told[name] for name in lists} if lists else told):
            yield Marked(phrase, ())


def _phrases(told: object) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        for each in told.values():
            yield from _phrases(each)
    elif isinstance(told, list):
        for each in told:
            yield from _phrases(each)
