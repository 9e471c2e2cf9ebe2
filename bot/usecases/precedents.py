"""似た事例: what others have learnt from cases like this one, for counselors alone.

A search changes nothing and takes a moment, so it reads beside the desk's writer. Before anything found is shown,
the reading stands in the audit trail, in a transaction of its own. What was typed is kept and noted nowhere.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain import entitlement
from bot.domain.casework import Record
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
from bot.domain.refusals import NotFound, NotYourRole
from bot.domain.staff import Actor, Role
from bot.privacy import beside
from bot.privacy import terms as japanese
from bot.privacy.passages import Passage, passages
from bot.privacy.uniqueness import ANY, SEARCH_K, WIDENED, Key, key_of, shown_as
from bot.store.database import Reading, Transaction
from bot.store.precedents import Echo
from bot.usecases.desk import Desk

LEARN = frozenset({Role.COUNSELOR})
SHOWN = 5
LOOKED_AT = 40  # the best ones, until five may be shown
TEXTS = ("situation", "formulation", "advice", "outcome")
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
    """What a search found. `library`: how many records there are to learn from; `asked`: whether anything was."""

    hits: tuple[Precedent, ...] = ()
    library: int = 0
    asked: bool = True


@dataclass(frozen=True, slots=True)
class _Present:
    """The consultation one asks about: its coded part, its texts, and its own records."""

    consultation: Consultation
    texts: tuple[str, ...] = ()
    own: frozenset[str] = field(default_factory=frozenset)


async def terms_of(record: Record) -> tuple[str, ...]:
    """Read the terms by which a record is found. Ask before the transaction that releases it: reading takes a moment."""
    read = await beside.words([getattr(record, name) for name in TEXTS])
    found = japanese.distinct(word for text in read for word in text)
    return (*found, *codes_of(record))


async def search(
    desk: Desk,
    actor: Actor,
    text: str = "",
    filters: Filters | None = None,
    consultation_id: str | None = None,
) -> Found:
    """Find at most five past cases: by typed words, or else by likeness to a consultation; `filters` narrow both."""
    filters = filters or Filters()
    _require(actor)
    present = await _present(desk, actor, consultation_id, read=not text) if consultation_id else None
    query = await _query(text, filters, present)
    async with desk.db.reading(actor) as ask:
        counts = await ask.precedents.counts(query.terms)
        worth = weighed(query, counts)
        chosen = await _chosen(ask, query, worth, counts, filters, present.own if present else frozenset())
        echoes = await ask.precedents.echoes([each.record.id for each in chosen])
    hits = await _told([replace(each, echoes=echoes[each.record.id]) for each in chosen], worth)
    if hits:
        async with desk.db.transaction(actor) as tx:
            ids = [each.record.id for each in hits]
            await tx.audit.record(Event.PRECEDENT_READ, consultation_id or "precedents", records=ids)
    something = bool(text or filters.terms or present)
    return Found(hits, counts.get(ALL, 0), something)


async def one(desk: Desk, actor: Actor, record_id: str) -> Precedent:
    """Open one precedent whole. Raises NotFound when it was withdrawn, or when too few are like it."""
    _require(actor)
    async with desk.db.transaction(actor) as tx:
        shown = await _as_shown(tx, await tx.precedents.get(record_id))
        if shown is None:
            raise NotFound
        await tx.audit.record(Event.PRECEDENT_READ, record_id)
        echoes = await tx.precedents.echoes([record_id])
    return replace(shown, echoes=echoes[record_id])


def _require(actor: Actor) -> None:
    if not actor.has(*LEARN):
        raise NotYourRole(tuple(sorted(LEARN)))


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


async def _chosen(
    ask: Reading,
    query: Query,
    worth: Mapping[str, float],
    counts: Mapping[str, int],
    filters: Filters,
    own: frozenset[str],
) -> list[Precedent]:
    """The best ones that may be shown, each with its coarse facts as they may be shown, nearest first."""
    candidates = await ask.precedents.candidates(plan(query, worth, counts, ask.precedents.budget), RANKED)
    best = [each.record for each in ranked(candidates, worth, typed=query.typed) if each.record not in own]
    records = await ask.precedents.released(best[:LOOKED_AT])
    chosen: list[Precedent] = []
    for each in best[:LOOKED_AT]:
        if len(chosen) == SHOWN:
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
    hidden = [each for each in wide if getattr(record, each)]
    left_out: dict[str, Any] = {**dict.fromkeys(hidden), "concerns": ()}
    return Precedent(replace(record, **left_out), hidden=hidden)


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
