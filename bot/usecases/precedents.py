"""似た事例: what others have learnt from cases like this one, for counselors alone.

A search changes nothing and takes a moment, so it reads beside the desk's writer. Before anything found is shown,
the reading stands in the audit trail, in a transaction of its own. What was typed is kept and noted nowhere.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot import codes
from bot.domain import entitlement
from bot.domain.casework import TEXTS, Record
from bot.domain.consultation import Consultation
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.precedents import (
    ALL,
    RANKED,
    Filters,
    Query,
    alike_to,
    asked,
    codes_of,
    plan,
    ranked,
    weighed,
)
from bot.domain.refusals import NotFound
from bot.domain.staff import Actor, Role
from bot.privacy import beside, coarse
from bot.privacy import terms as japanese
from bot.privacy.passages import Passage, passages
from bot.privacy.uniqueness import ANY, SEARCH_K, WIDENED, Key, key_of, shown_as
from bot.store.database import Reading, Transaction
from bot.store.precedents import Echo
from bot.usecases.desk import Desk

LEARN = frozenset({Role.COUNSELOR})
SHOWN = 5
LOOKED_AT = 40  # the best ones: whoever needs more asks in other words
TELLING = ("situation", "formulation")
TOLD = frozenset({"story", "told", "formulation", "advice", "summary", "closing"})
# A filter on a coarse fact says it of every hit: then that fact must be one that may be shown.
COARSE = {"theme": "theme", "region": "region", "age": "age_band", "household": "household"}


@dataclass(frozen=True, slots=True)
class Precedent:
    """A record as it may be shown: coarse facts that fewer than `SEARCH_K` records share are left out of it."""

    record: Record
    echoes: Sequence[Echo] = ()
    telling: Sequence[Passage] = ()
    advice: Sequence[Passage] = ()
    hidden: Sequence[str] = ()

    @property
    def helped(self) -> list[tuple[str, int]]:
        """Each answer to whether it helped, with how often it was given."""
        return list(Counter(each.answer for each in self.echoes if each.answer).items())


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. `library`: how many records there are to learn from; `asked`: whether anything was.

    `page`: how many times five come before these; `more`: whether any come behind.
    """

    hits: tuple[Precedent, ...] = ()
    library: int = 0
    asked: bool = True
    page: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True)
class _Present:
    """The consultation one asks about: its coded part, its texts, and its own records."""

    consultation: Consultation
    texts: tuple[str, ...] = ()
    own: frozenset[str] = field(default_factory=frozenset)


async def terms_of(desk: Desk, record: Record) -> tuple[str, ...]:
    """Read the terms by which a record is found. Ask before the transaction that releases it: reading takes a moment.

    What too few share at this moment is not among its words; nobody finds it by typing that.
    """
    async with desk.db.reading() as ask:
        shown = await _as_shown(ask, record)
    told = shown.record if shown else _left_out(record, WIDENED)
    read = await beside.words([*(getattr(told, name) for name in TEXTS), *_labels(told)])
    found = japanese.distinct(word for text in read for word in text)
    return (*found, *codes_of(record))


def _labels(record: Record) -> list[str]:
    """What its theme and its characteristics are called: whoever types that looks for it."""
    told = [("supporter_concerns", record.theme or "")]
    told += [("case_characteristics", each) for each in record.characteristics]
    return [codes.label(listed, each) for listed, each in told if each in codes.load(listed)]


async def search(
    desk: Desk,
    actor: Actor,
    text: str = "",
    filters: Filters | None = None,
    consultation_id: str | None = None,
    *,
    page: int = 0,
) -> Found:
    """Find at most five past cases: by typed words, or else by likeness to a consultation; `filters` narrow both.

    `page`: how often somebody asked for five more.
    """
    filters = filters or Filters()
    entitlement.require_role(actor, LEARN)
    present = await _present(desk, actor, consultation_id, read=not text) if consultation_id else None
    query = await _query(text, filters, present)
    async with desk.db.reading(actor) as ask:
        counts = await ask.precedents.counts(query.terms)
        worth = weighed(query, counts)
        if await _too_few(ask, filters):
            return Found((), counts.get(ALL, 0))
        own = present.own if present else frozenset[str]()
        nearest = await _chosen(ask, query, worth, counts, filters, own, SHOWN * (page + 1) + 1)
        chosen = nearest[SHOWN * page : SHOWN * (page + 1)]
        echoes = await ask.precedents.echoes([each.record.id for each in chosen])
    hits = await _told([replace(each, echoes=echoes[each.record.id]) for each in chosen], worth)
    if hits:
        async with desk.db.transaction(actor) as tx:
            ids = [each.record.id for each in hits]
            await tx.audit.record(Event.PRECEDENT_READ, consultation_id or "precedents", records=ids)
    something = bool(text or filters.terms or present)
    return Found(hits, counts.get(ALL, 0), something, page, more=len(nearest) > SHOWN * (page + 1))


async def one(desk: Desk, actor: Actor, record_id: str) -> Precedent:
    """Open one precedent whole. Raises NotFound when it was withdrawn, or when too few are like it."""
    entitlement.require_role(actor, LEARN)
    async with desk.db.transaction(actor) as tx:
        shown = await _as_shown(tx, await tx.precedents.get(record_id))
        if shown is None:
            raise NotFound
        await tx.audit.record(Event.PRECEDENT_READ, record_id)
        echoes = await tx.precedents.echoes([record_id])
    return replace(shown, echoes=echoes[record_id])


async def _present(desk: Desk, actor: Actor, consultation_id: str, *, read: bool) -> _Present:
    """Open the consultation one asks about; its words only where likeness is asked for, and then audited."""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.FIND_ALIKE, consultation)
        own = frozenset(each.id for each in await tx.records.of(consultation.id))
        if not read:
            return _Present(consultation, own=own)
        await tx.audit.record(Event.WORDS_READ, consultation.id, why="precedents")
        written = await tx.casework.words_of(consultation.id)
    return _Present(consultation, tuple(each.text for each in written if each.kind in TOLD), own)


async def _query(text: str, filters: Filters, present: _Present | None) -> Query:
    if text or present is None:
        read = await beside.words([text])
        return asked(
            japanese.distinct(read[0]), filters, present.consultation if present else None, typed=bool(text)
        )
    read = await beside.words(present.texts)
    said = (term for words in read for word in words for term in word.terms)
    return replace(alike_to(present.consultation, said), must=filters.terms)


async def _too_few(ask: Reading, filters: Filters) -> bool:
    """Whether coarse facts chosen together with others are those of fewer cases than may be told apart."""
    coarsely = sum(bool(getattr(filters, name)) for name in COARSE)
    if coarsely < 2 or len(filters.terms) == coarsely:
        return False
    return await ask.precedents.cases(filters.terms, SEARCH_K) < SEARCH_K


async def _chosen(
    ask: Reading,
    query: Query,
    worth: Mapping[str, float],
    counts: Mapping[str, int],
    filters: Filters,
    own: frozenset[str],
    most: int,
) -> list[Precedent]:
    """The best ones that may be shown, each with its coarse facts as they may be shown, nearest first."""
    candidates = await ask.precedents.candidates(plan(query, worth, counts, ask.precedents.budget), RANKED)
    best = [each.record for each in ranked(candidates, worth, typed=query.typed) if each.record not in own]
    records = await ask.precedents.released(best[:LOOKED_AT])
    chosen: list[Precedent] = []
    for each in best[:LOOKED_AT]:
        if len(chosen) == most:
            break
        shown = await _as_shown(ask, records[each], filters) if each in records else None
        if shown is not None:
            chosen.append(shown)
    return chosen


async def _as_shown(
    ask: Reading | Transaction, record: Record, filters: Filters | None = None
) -> Precedent | None:
    """Leave out the coarse facts that too few records share. None: it is not shown at all, or not in this search."""

    async def count(key: Key) -> int:
        return await ask.records.count_like(key, SEARCH_K)

    key = await shown_as(key_of(record), count, SEARCH_K)
    if key is None:
        return None
    wide = [each for each in WIDENED if getattr(key, each) == ANY]
    if filters and any(fact in wide for name, fact in COARSE.items() if getattr(filters, name)):
        return None
    # What the codes do not know, the words do not tell either: nobody counted how many share it.
    shown = _left_out(record, [*wide, *(each for each in WIDENED if not getattr(record, each))])
    if filters and filters.characteristic and filters.characteristic not in shown.characteristics:
        return None
    return Precedent(shown, hidden=[each for each in wide if getattr(record, each)])


def _left_out(record: Record, facts: Sequence[str]) -> Record:
    """The record without these coarse facts: neither as codes nor in its words."""
    telling = frozenset[str]().union(*(coarse.TOLD_BY.get(each, ()) for each in facts))
    left: dict[str, Any] = {
        **dict.fromkeys(facts),
        **{name: coarse.without(getattr(record, name), facts) for name in TEXTS},
        "concerns": (),
        "characteristics": tuple(each for each in record.characteristics if each not in telling),
    }
    return replace(record, **left)


async def _told(chosen: Sequence[Precedent], worth: Mapping[str, float]) -> tuple[Precedent, ...]:
    """Choose from each text the sentences that tell why it was found, and what was advised."""
    texts = [getattr(each.record, name) for each in chosen for name in (*TELLING, "advice")]
    read = list(zip(texts, await beside.words(texts), strict=True))
    return tuple(
        replace(
            each,
            telling=passages(read[3 * n : 3 * n + 2], worth, 2),
            advice=passages([read[3 * n + 2]], worth, 2),
        )
        for n, each in enumerate(chosen)
    )
