"""What is wrong with an organisation file, in sentences: which key, and what to write there."""

from collections.abc import Collection
from difflib import get_close_matches
from fnmatch import fnmatch

from pydantic_core import ErrorDetails

from bot import codes


def say(mistake: str, **facts: object) -> str:
    """Give the sentence for a mistake, of `bot/codes/organisation_mistakes.json`."""
    return codes.label("organisation_mistakes", mistake).format(**facts)


def sentence(error: ErrorDetails, keys: Collection[str]) -> str:
    """One mistake in words. `keys`: every key the file may hold, to guess which one was meant."""
    facts = dict(error.get("ctx", {}))
    place = [*error["loc"], *([facts["within"]] if "within" in facts else [])]
    key = facts.pop("key", None) or _key(place)
    hint = _hint([str(part) for part in place if not isinstance(part, int)])
    match error["type"]:
        case "missing" | "extra_forbidden":
            mistake = "missing" if error["type"] == "missing" else "unknown"
        case "string_too_short":
            mistake = "empty"
        case "too_short":
            mistake = "no_urgent"
        case own if own in codes.load("organisation_mistakes"):
            mistake = own
        case _:
            mistake = "wrong"
    return say(
        mistake,
        key=key,
        hint=hint,
        near=_near(place, keys),
        **{k: v for k, v in facts.items() if k in {"value", "list"}},
    )


def _key(place: list[int | str]) -> str:
    key = ""
    for part in place:
        if isinstance(part, int):
            key = say("nth", key=key, n=part + 1)
        elif part != "[key]":
            key = f"{key}.{part}" if key else part
    return key


def _hint(place: list[str]) -> str:
    """What to write: the hint for the key itself, or for the table it stands in."""
    hints = codes.load("organisation_mistakes").codes
    while place:
        wanted = ".".join(["hint", *place])
        for code, entry in hints.items():
            if code.startswith("hint.") and code.count(".") == wanted.count(".") and fnmatch(wanted, code):
                return entry.label
        place = place[:-1]
    return say("hint")


def _near(place: list[int | str], keys: Collection[str]) -> str:
    close = get_close_matches(str(place[-1]), sorted(keys), n=1) if place else []
    return say("near", near=close[0]) if close else say("not_near")
