"""Texts in, texts without people out: one JSON object a line, in order, each line answered before the next is read.

In: `{"id", "text"}`, and if wanted `"known"` (surfaces, or `{"surface", "label", "token"}`), `"keep"`, `"taken"`,
`"dates"` (true unless said). Out: `{"id", "spans": [{"start", "end", "label", "score", "token"}], "masked", "refused",
"hints"}`; for a line that cannot be read `{"id", "error"}`. Nothing is logged, and no text is ever part of a sentence.
The desk itself asks one thing more: `"words"` (texts), answered by the words each can be found by, `[start, end, terms]`.
"""

import contextlib
import json
import os
import signal
from collections.abc import Callable
from typing import Any, BinaryIO

from bot.privacy import terms
from bot.privacy.anonymizer import anonymize
from bot.privacy.anonymizer.found import Anonymized, Known, Label, Span

Told = Callable[[str, int], str]


class _WrongShape(Exception):
    """The line is JSON, but not what is asked for here."""


def run(lines: BinaryIO, out: BinaryIO, told: Told) -> int:
    """Answer every line until the end of the input. Gives the exit code: 2 where a line could not be read, else 0.

    `told(name, line)` says, in a sentence, what was wrong with which line.
    """
    with contextlib.suppress(ValueError):  # another thread's business where this is not the main one
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    code = 0
    try:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            answer, well = _answer(line, number, told)
            code = code if well else 2
            out.write(_bytes(answer) + b"\n")
            out.flush()
    except BrokenPipeError:
        with contextlib.suppress(OSError):  # nobody listens any more, not even to the end of the stream
            os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
    return code


def _answer(line: bytes, number: int, told: Told) -> tuple[dict[str, Any], bool]:
    asked: Any = None
    try:
        asked = json.loads(line.decode("utf-8"))
        return _anonymized(asked), True
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        return {"id": None, "error": told("not_json", number)}, False
    except _WrongShape:
        which = asked.get("id") if isinstance(asked, dict) else None
        return {"id": which, "error": told("no_such_shape", number)}, False


def _anonymized(asked: Any) -> dict[str, Any]:
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        raise _WrongShape
    read = anonymize(
        asked["text"],
        [_known(each) for each in _list(asked, "known")],
        [_text(each) for each in _list(asked, "keep")],
        dates=asked.get("dates") is not False,
        taken=[_text(each) for each in _list(asked, "taken")],
    )
    more = {"words": [_words(_text(each)) for each in _list(asked, "words")]} if "words" in asked else {}
    return {"id": asked.get("id"), **_told(read), **more}


def _words(text: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """The words a text can be found by: the desk asks the same process, so that the dictionary is loaded once."""
    return [(each.start, each.end, each.terms) for each in terms.words(text)]


def _told(read: Anonymized) -> dict[str, Any]:
    return {
        "spans": [_span(span) | {"token": span.token} for span in read.spans],
        "masked": read.masked,
        "refused": read.refused,
        "hints": [_span(span) for span in read.hints],
    }


def _span(span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "label": span.label.value, "score": round(span.score, 4)}


def _known(each: Any) -> Known | str:
    if not isinstance(each, dict):
        return _text(each)
    label = each.get("label", Label.PERSON)
    if label not in set(Label):
        raise _WrongShape
    return Known(_text(each.get("surface")), Label(label), _text(each.get("token", "")))


def _list(asked: dict[str, Any], name: str) -> list[Any]:
    given = asked.get(name)
    if given is None:
        return []
    if not isinstance(given, list):
        raise _WrongShape
    return given


def _text(each: Any) -> str:
    if not isinstance(each, str):
        raise _WrongShape
    return each


def _bytes(answer: dict[str, Any]) -> bytes:
    try:
        return json.dumps(answer, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:  # half a character, as some keyboards leave it
        return json.dumps(answer).encode("ascii")
