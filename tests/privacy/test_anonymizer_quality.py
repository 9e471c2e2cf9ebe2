"""How well notes are covered: figures that may only rise, controls that show what brings them, and the weights' papers."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from bot.privacy.anonymizer import anonymize, engine, houses, model, people
from bot.privacy.anonymizer.guessed import Guessed
from bot.privacy.train import notes as others
from bot.privacy.train.people import Cast
from bot.privacy.train.sentences import Writer, templates
from tests.privacy import scoring

HERE = Path(__file__).parent
DEV, STYLES, OPENED = (scoring.read(HERE / f"notes_{name}.jsonl") for name in ("dev", "styles", "opened"))
SURE = ("PHONE", "EMAIL", "DATE_OF_BIRTH")


def scored(notes: list[scoring.Note], *, known: bool = False) -> scoring.Score:
    return scoring.score((note, predicted(note.text, note.known if known else ())) for note in notes)


def predicted(text: str, known: tuple[str, ...] = ()) -> list[scoring.Span]:
    return [(each.start, each.end, each.label.value) for each in anonymize(text, known, dates=True).spans]


def from_templates(count: int = 300) -> list[scoring.Note]:
    """Notes from the templates that are kept out of training."""
    held_out = templates(held_out=True)
    writer = Writer(11, Cast(Random(11)), held_out)
    notes = []
    for at, note in enumerate(writer.notes(count)):
        gold = [(start, end, "ADDRESS" if label == "PLACE" else label) for start, end, label in note.spans]
        notes.append(scoring.Note(f"t{at}", note.text, tuple(gold)))
    return notes


def test_a_score_counts_what_was_left_and_what_was_wrongly_taken():
    note = scoring.Note("n", "中川さんは大津市", ((0, 2, "PERSON"), (5, 8, "ADDRESS")))

    half = scoring.score([(note, [(0, 1, "PERSON"), (2, 4, "ORG"), (5, 8, "PERSON")])])

    assert (half.share("PERSON"), half.share("ADDRESS"), half.direct, half.no_leak) == (0, 100, 50, 0)
    assert (round(half.precision, 1), half.false_per_note) == (66.7, 1)
    assert scoring.score([(note, list(note.gold))]).no_leak == 100


FLOORS = {
    "dev": (DEV, False, {"PERSON": 98, "direct": 98.5, "no_leak": 95, "precision": 96.5}),
    "styles": (STYLES, False, {"PERSON": 97.5, "direct": 97.7, "no_leak": 89, "precision": 95}),
    "opened": (OPENED, False, {"PERSON": 98.5, "direct": 98, "no_leak": 90, "precision": 94}),
    "styles, names known": (STYLES, True, {"PERSON": 98, "direct": 97.7, "no_leak": 89, "precision": 95}),
}


@pytest.mark.parametrize("name", FLOORS)
def test_notes_are_covered_as_well_as_they_were(name):
    notes, known, floors = FLOORS[name]

    figures = scored(notes, known=known).table()

    assert {each: figures[each] for each in floors if figures[each] < floors[each]} == {}
    assert {each: figures[each] for each in SURE if figures[each] < 100} == {}
    assert figures["false_per_note"] <= 1


def test_sentences_kept_out_of_training_are_covered_too():
    figures = scored(from_templates()).table()

    floors = {"PERSON": 92, "FACILITY": 82, "ORG": 85, "ADDRESS": 92}
    assert {each: figures[each] for each, floor in floors.items() if figures[each] < floor} == {}


def without_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "guessed", lambda row, sentence, **asked: Guessed([], []))


def without_the_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "STRUCTURED", ())


def without_the_rules_for_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "NAMES", ())


def test_notes_by_other_hands_kept_out_of_training_are_covered_too():
    kept = [
        scoring.Note("n", each.text, tuple((start, end, label) for start, end, label in each.spans))
        for each in others.marked(None, 0, held_out=True)
    ]

    assert len(kept) >= 30
    assert scored(kept).direct >= 75


@pytest.mark.parametrize("off", [without_the_model, without_the_shapes, without_the_rules_for_names])
def test_each_part_carries_its_share(monkeypatch, off: Callable[[pytest.MonkeyPatch], None]):
    whole = scored(DEV).direct

    off(monkeypatch)

    assert scored(DEV).direct < whole


def test_a_name_said_once_with_an_honorific_is_found_again_because_it_spreads(monkeypatch):
    note = "小鳥遊さんより電話。またも小鳥遊宛の督促状。"
    assert "小鳥遊" not in anonymize(note).masked

    monkeypatch.setattr(people, "spread", lambda text, names: ())
    monkeypatch.setattr(engine, "guessed", lambda row, sentence, **asked: Guessed([], []))
    assert "小鳥遊" in anonymize(note).masked


def test_a_house_said_in_full_is_found_again_by_its_own_part_because_it_spreads(monkeypatch):
    note = "訪問看護ステーション 麦と小鳥より入電。夜は麦と小鳥で対応、日中は未定。"
    monkeypatch.setattr(engine, "guessed", lambda row, sentence, **asked: Guessed([], []))
    assert "麦と小鳥" not in anonymize(note).masked

    monkeypatch.setattr(houses, "spread", lambda text, found: ())
    assert "麦と小鳥" in anonymize(note).masked


def test_the_weights_are_those_their_paper_describes():
    paper = json.loads(model.WEIGHTS.with_suffix(".json").read_text(encoding="utf-8"))

    assert hashlib.sha256(model.WEIGHTS.read_bytes()).hexdigest() == paper["weights"]
    assert model.WEIGHTS.stat().st_size == paper["bytes"] <= 3_300_000
    assert {"seed", "settings", "data", "versions"} <= set(paper)
    assert "CC BY-SA" in model.WEIGHTS.with_name("NOTICE").read_text(encoding="utf-8")


def test_the_same_seed_writes_the_same_sentences():
    def drawn(seed: int) -> list[str]:
        return [each.text for each in Writer(seed, Cast(Random(seed)), templates(held_out=False)).notes(20)]

    assert drawn(3) == drawn(3)
    assert drawn(3) != drawn(4)


def test_what_is_marked_in_a_sentence_stands_where_it_is_said_to_stand():
    for note in Writer(5, Cast(Random(5)), templates(held_out=False)).notes(50):
        for start, end, _ in note.spans:
            assert 0 <= start < end <= len(note.text)
            assert note.text[start:end].strip()
