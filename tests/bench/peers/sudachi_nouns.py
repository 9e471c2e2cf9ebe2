"""Sudachi's proper nouns: names of people and places, and the rest of them as organisations."""

from lines import serve
from sudachipy import Dictionary, SplitMode

tokenizer = Dictionary(dict="core").create(mode=SplitMode.C)
LABELS = {"人名": "PERSON", "地名": "ADDRESS"}


def find(text):
    spans = []
    for word in tokenizer.tokenize(text):
        kind = word.part_of_speech()
        if kind[1] != "固有名詞":
            continue
        label = LABELS.get(kind[2], "ORG")
        if spans and spans[-1][1] == word.begin() and spans[-1][2] == label:
            spans[-1] = (spans[-1][0], word.end(), label, 1.0)
        else:
            spans.append((word.begin(), word.end(), label, 1.0))
    return spans


serve(find)
