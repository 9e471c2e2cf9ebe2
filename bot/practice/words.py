"""The sentences of the practice workspace itself, read from words.toml."""

import tomllib
from pathlib import Path

_WORDS: dict[str, str] = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def say(name: str, **facts: object) -> str:
    """The sentence called `name`, with its facts filled in."""
    return _WORDS[name].format(**facts)
