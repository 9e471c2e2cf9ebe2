"""Finding past cases that help with the present one: what is asked for, what is looked through, what comes first.

Pure. A record is known by its terms: words of its texts, and its codes written as terms (`theme_approach`), which no
word can be. Every term is worth the more the fewer records have it (as in BM25). Only so many records are looked at,
however many there are: those with the rarest terms, and of what is common the newest.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from bot.domain.casework import Record
from bot.domain.consultation import Consultation

ALL = ""  # the term that every record has
NEWEST = 150  # of what is common, only the newest
RANKED = 250  # records whose terms are compared one by one
TRIED = 6  # common words that are looked for one by one, while there is not enough
TOGETHER = 5  # of many words that are common, hardly a record has all
ASKED_WORDS = 24  # of what was typed
TELLING_WORDS = 14  # of what was written about a consultation
COMMON = 0.25  # a word more records than this share have says nothing about likeness
CODES_WEIGH = 0.6  # a code against a word as rare
LENGTH_WEIGHS = 0.3  # how much a long record is held back (BM25's b)
FAR = 0.35  # what scores less than this share of the best is not alike


@dataclass(frozen=True, slots=True)
class Filters:
    """What a precedent must have, as codes. None: anything."""

    theme: str | None = None
    field: str | None = None
    region: str | None = None
    age: str | None = None
    household: str | None = None
    characteristic: str | None = None
    disposition: str | None = None

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms of what was chosen."""
        chosen = ((each.name, getattr(self, each.name)) for each in fields(self))
        return tuple(code_term(name, code) for name, code in chosen if code)


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: words and codes with how much each counts, and what must be there."""

    words: Mapping[str, float]
    codes: Mapping[str, float]
    must: tuple[str, ...] = ()
    typed: bool = False  # the words were typed: nothing is found by codes alone

    @property
    def terms(self) -> tuple[str, ...]:
        """Every term that has to be counted."""
        return tuple(dict.fromkeys((*self.words, *self.codes, *self.must)))


@dataclass(frozen=True, slots=True)
class Step:
    """Records that have all of `terms`: all of them (`weight` apiece), or only the newest.

    `share`: which share of all records that would be, were the terms spread evenly.
    """

    terms: tuple[str, ...]
    weight: float
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Which records are looked at, of `total`: `rare` to the last, `common` the newest alone, the first step always, the
    others while there is not enough.
    """

    rare: tuple[Step, ...]
    common: tuple[Step, ...]
    total: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be alike: its place in the library, its id, its terms."""

    seq: int
    record: str
    terms: frozenset[str]


def code_term(kind: str, code: str) -> str:
    """Write a code as a term; a word has no underscore."""
    return f"{kind}_{code}"


def codes_of(record: Record) -> tuple[str, ...]:
    """Give the codes of a record as terms."""
    one = {
        "theme": record.theme,
        "field": record.supporter_field,
        "region": record.region,
        "age": record.age_band,
        "household": record.household,
    }
    terms = [code_term(kind, code) for kind, code in one.items() if code]
    terms += [code_term("characteristic", code) for code in record.characteristics]
    terms += [code_term("concern", code) for code in record.concerns]
    done = (*record.dispositions, record.primary_disposition)
    terms += [code_term("disposition", code) for code in dict.fromkeys(done) if code]
    return tuple(terms)


def alike_to(consultation: Consultation, words: Iterable[str]) -> Query:
    """Look for what is like a consultation. `words`: its terms, as often as they were written."""
    counts = Counter(words)
    return Query(
        words={term: 1 + math.log(times) for term, times in counts.items()}, codes=_codes(consultation)
    )


def asked(
    words: Sequence[str], filters: Filters, consultation: Consultation | None = None, *, typed: bool = True
) -> Query:
    """Look for typed words; what shares the consultation's codes comes first among equals. Without: the newest."""
    return Query(
        words=dict.fromkeys(words[:ASKED_WORDS], 1.0),
        codes=_codes(consultation) if consultation else {},
        must=filters.terms,
        typed=typed,
    )


def _codes(consultation: Consultation) -> dict[str, float]:
    terms = [code_term("concern", code) for code in consultation.concerns]
    terms += [code_term("characteristic", code) for code in consultation.characteristics]
    if consultation.supporter_field:
        terms.append(code_term("field", consultation.supporter_field))
    return dict.fromkeys(terms, CODES_WEIGH)


def weighed(query: Query, counts: Mapping[str, int]) -> dict[str, float]:
    """Say what each term of a query is worth. Terms nobody has are left out, and of many words the lesser ones."""
    total = counts.get(ALL, 0)
    worth = {
        term: weight * rarity(counts[term], total)
        for term, weight in (*query.words.items(), *query.codes.items())
        if counts.get(term)
    }
    if query.typed:
        return worth
    dull = max(COMMON * total, 5)
    telling = [each for each in worth if each in query.words and counts[each] <= dull]
    telling = sorted(telling, key=lambda each: (-worth[each], each))[:TELLING_WORDS]
    return {term: worth[term] for term in worth if term in query.codes or term in telling}


def rarity(records: int, total: int) -> float:
    """BM25's worth of a term that so many records of all have; always above 0."""
    return math.log(1 + (max(total - records, 0) + 0.5) / (records + 0.5))


def plan(query: Query, worth: Mapping[str, float], counts: Mapping[str, int], budget: int) -> Plan:
    """Choose what to look through, rarest terms first, until `budget` records were looked at, whatever is asked."""
    if any(not counts.get(each) for each in query.must):
        return Plan((), ())
    fewest = min((counts[each] for each in query.must), default=counts.get(ALL, 0))
    found_by = [each for each in worth if each in query.words or not query.typed]
    found_by.sort(key=lambda each: (counts[each], each))
    rare, common, left = [], [], budget
    for term in found_by:
        cost = min(counts[term], fewest)
        if cost <= left:
            left -= cost
            rare.append(Step((term, *query.must), worth[term]))
        else:
            common.append(term)
    newest = (
        Step(terms, sum(worth.get(each, 0.0) for each in terms), _share(terms, counts))
        for terms in _together(query, found_by, common)
    )
    return Plan(tuple(rare), tuple(newest), counts.get(ALL, 0))


def _together(query: Query, found_by: Sequence[str], common: Sequence[str]) -> list[tuple[str, ...]]:
    """Where something is common: first what has all the words, then the two rarest of it, then each, rarest first."""
    if not found_by and query.must and not query.typed:
        return [query.must]
    together = [tuple(common[:2]), *((each,) for each in common[:TRIED])]
    if common and query.typed and len(found_by) <= TOGETHER:
        together.insert(0, tuple(found_by))
    return [(*each, *query.must) for each in dict.fromkeys(together) if each]


def _share(terms: Iterable[str], counts: Mapping[str, int]) -> float:
    total = max(counts.get(ALL, 0), 1)
    return math.prod(min(counts[each] / total, 1.0) for each in terms)


def ranked(
    candidates: Iterable[Candidate], worth: Mapping[str, float], *, typed: bool = False
) -> list[Candidate]:
    """Put what shares most first, the newer of equals before the older; what is far from the best is left out."""
    there = list(candidates)
    if not worth:
        return sorted(there, key=lambda each: -each.seq)
    average = sum(len(each.terms) for each in there) / max(len(there), 1)
    scores = {each.seq: _score(each, worth, average) for each in there}
    best = max(scores.values(), default=0.0)
    enough = best * (FAR / 2 if typed else FAR)
    near = [each for each in there if scores[each.seq] >= enough and scores[each.seq] > 0]
    return sorted(near, key=lambda each: (-scores[each.seq], -each.seq))


def _score(candidate: Candidate, worth: Mapping[str, float], average: float) -> float:
    shared = sum(worth[term] for term in candidate.terms & worth.keys())
    return shared * 2 / (1 + (1 - LENGTH_WEIGHS) + LENGTH_WEIGHS * len(candidate.terms) / max(average, 1.0))
