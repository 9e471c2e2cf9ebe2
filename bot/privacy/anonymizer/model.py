"""The trained model: which words of a sentence are a name, a place, a facility or an organisation, and how surely.

A linear-chain CRF over Sudachi's words (see `features.py`); trained by `python -m bot.privacy.train`.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Protocol

from bot.privacy.anonymizer.features import features
from bot.privacy.anonymizer.found import Label
from bot.privacy.anonymizer.reader import Word

WEIGHTS = Path(__file__).with_name("model.crfsuite")
CLASSES = {
    "PERSON": Label.PERSON,
    "PLACE": Label.ADDRESS,
    "FACILITY": Label.FACILITY,
    "ORG": Label.ORG,
}
TAGS = tuple((label, f"B-{name}", f"I-{name}") for name, label in CLASSES.items())
# From here on a word is thought of at all; below, the lists of hints would fill with noise.
LEAST = 0.01


class Guess(NamedTuple):
    """A word the model thinks of. `likely`: its probability of being each class; `best`: the class it decided for."""

    at: int
    best: Label | None
    begins: bool
    likely: dict[Label, float]


class _Tagger(Protocol):
    def open(self, path: str) -> object: ...
    def set(self, items: list[list[bytes]]) -> None: ...
    def tag(self) -> list[str]: ...
    def marginal(self, label: str, at: int) -> float: ...


@lru_cache(maxsize=1)
def _tagger() -> _Tagger:
    import pycrfsuite

    tagger: _Tagger = pycrfsuite.Tagger()
    tagger.open(str(WEIGHTS))
    return tagger


def guesses(sentence: Sequence[Word], least: float = LEAST) -> Iterator[Guess]:
    """The words of a sentence of which the model thinks at least so surely, in order."""
    if not sentence:
        return
    tagger = _tagger()
    tagger.set(features(sentence))
    marginal = tagger.marginal
    for at, tag in enumerate(tagger.tag()):
        if tag == "O" and 1 - marginal("O", at) < least:
            continue
        likely = {label: marginal(begins, at) + marginal(goes_on, at) for label, begins, goes_on in TAGS}
        yield Guess(at, CLASSES.get(tag[2:]), tag[0] == "B", likely)
