"""The few sentences of a text that tell why it was found, with the words that were looked for marked in them.

Pure. Texts come with their words (`bot.privacy.terms.words`); offsets are code points of the text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.privacy.terms import Word

LONGEST = 110  # characters of a passage
BEFORE = 30  # characters shown before the first marked word of a sentence that is too long
CUT = "…"
SENTENCE = re.compile(r"[^\n。]+[。]?")
Piece = tuple[str, bool]  # some words, and whether they were looked for
Passage = tuple[Piece, ...]
Text = tuple[str, Sequence[Word]]


def passages(texts: Sequence[Text], worth: Mapping[str, float], most: int) -> tuple[Passage, ...]:
    """Give the `most` sentences with the most telling words, in the order they stand; else the first one.

    `worth`: what each term is worth.
    """
    found: list[tuple[float, int, Passage]] = []
    for text, words in texts:
        for start, end in _sentences(text):
            inside = [each for each in words if start <= each.start and each.end <= end]
            hits = [each for each in inside if any(term in worth for term in each.terms)]
            telling = {term for each in hits for term in each.terms if term in worth}
            score = sum(worth[term] for term in telling)
            found.append((score, len(found), _marked(text, start, end, hits)))
    best = sorted(found, key=lambda each: (-each[0], each[1]))[:most]
    told = [each for each in best if each[0] > 0] or best[:1]
    return tuple(passage for _, _, passage in sorted(told, key=lambda each: each[1]))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    for each in SENTENCE.finditer(text):
        start = each.start() + len(each[0]) - len(each[0].lstrip())
        end = start + len(each[0].strip())
        if start < end:
            yield start, end


def _marked(text: str, start: int, end: int, hits: Sequence[Word]) -> Passage:
    """Cut a sentence into pieces, marked and not; a long one to what stands around its first marked word."""
    spans = _joined(hits)
    pieces: list[Piece] = []
    if end - start > LONGEST:
        first = spans[0][0] if spans else start
        if first - start > BEFORE:
            start = min(first - BEFORE, end - LONGEST)
            pieces.append((CUT, False))
    last = min(end, start + LONGEST)
    at = start
    for one, other in spans:
        if start <= one and other <= last:
            pieces += [(text[at:one], False), (text[one:other], True)]
            at = other
    pieces.append((text[at:last] + (CUT if last < end else ""), False))
    return tuple(piece for piece in pieces if piece[0])


def _joined(hits: Sequence[Word]) -> list[tuple[int, int]]:
    """Words that lie in or beside each other, as one."""
    spans: list[tuple[int, int]] = []
    for each in sorted(hits, key=lambda word: (word.start, -word.end)):
        if spans and each.start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], each.end))
        else:
            spans.append((each.start, each.end))
    return spans
