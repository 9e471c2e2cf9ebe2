"""TEMPORARY placeholder until the real module is written (overwrite me)."""

from collections.abc import Sequence


def danger_in(text: str, words: Sequence[str]) -> bool:
    return any(word in text for word in words)
