"""Notes in, spans out: one JSON object a line, in the same order, one at a time."""

import json
import sys
from collections.abc import Callable, Iterable

Found = tuple[int, int, str, float]  # start, end, label, score
MARK = "＊"


def serve(find: Callable[[str], Iterable[Found]]) -> None:
    """Answer every line on standard input until it ends."""
    for line in sys.stdin:
        note = json.loads(line)
        spans = sorted(find(note["text"]))
        told = {
            "id": note["id"],
            "spans": [{"start": s, "end": e, "label": label, "score": score} for s, e, label, score in spans],
            "masked": masked(note["text"], spans),
        }
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def masked(text: str, spans: Iterable[Found]) -> str:
    """The text with a mark for each span."""
    parts, at = [], 0
    for start, end, _, _ in spans:
        if end > at:
            parts += [text[at : max(at, start)], MARK]
            at = end
    return "".join([*parts, text[at:]])
