"""The word lists of the training: `words.toml`."""

import tomllib
from pathlib import Path

LISTS: dict[str, tuple[str, ...]] = {
    name: tuple(text.split())
    for name, text in tomllib.loads(
        Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
    ).items()
}
