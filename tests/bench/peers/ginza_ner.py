"""GiNZA's named entities, by themselves."""

import spacy
from labels import LABELS
from lines import serve

nlp = spacy.load("ja_ginza", exclude=["parser", "morphologizer", "compound_splitter", "bunsetu_recognizer"])


def find(text):
    return [(e.start_char, e.end_char, LABELS[e.label_], 0.85) for e in nlp(text).ents if e.label_ in LABELS]


serve(find)
