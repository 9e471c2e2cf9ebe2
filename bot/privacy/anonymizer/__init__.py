"""Japanese text without the people in it.

`anonymize` finds what points at somebody and offers the text without it. Offsets are code points of the text given.
Importing this is cheap: dictionary, model and lists are read by the first `anonymize`, or by `load`.
See `docs/anonymizer.md` for what it finds, how well, and what it does not.
"""

from collections.abc import Collection, Sequence

from bot.privacy.anonymizer.agency import AGENCY
from bot.privacy.anonymizer.found import LIMIT, Anonymized, Known, Label, Span

__all__ = ["AGENCY", "LIMIT", "Anonymized", "Known", "Label", "Span", "anonymize", "holds_my_number", "load"]


def anonymize(
    text: str,
    known: Sequence[str | Known] = (),
    keep: Collection[str] = (),
    *,
    dates: bool = False,
    taken: Collection[str] = (),
) -> Anonymized:
    """Find what points at a person and offer the text without it.

    `known`: names already said in this case; they are always masked. `keep`: names, places and houses a person has
    said are nobody's; numbers and the like are masked all the same. `dates`: make dates relative too, as the record
    that stays needs it. `taken`: letters that stand for somebody else in this case. Masking what is masked finds
    nothing more. Never raises.
    """
    from bot.privacy.anonymizer import case, engine

    return engine.anonymize(text, case.case(known, keep, taken), with_dates=dates)


def holds_my_number(text: str) -> bool:
    """Whether a text holds twelve digits that may be a personal number. Quick: rules only, nothing is loaded."""
    from bot.privacy.anonymizer import plain, structured

    return structured.holds_my_number(plain.plain(text).text)


def load() -> None:
    """Read dictionary, model and lists now."""
    anonymize("中川さん")
