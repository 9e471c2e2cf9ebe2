"""アドバイス内容の検討会 in the store: anonymized records and codes. No question here is asked by person who advised."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.advice_review import AdviceReview, Candidate, Drawn
from bot.domain.refusals import NotFound
from bot.privacy.advice_summary import Look, Summary
from bot.store.queries import load
from bot.store.rows import decode, encode
from bot.store.session import Row, Session

SQL = load("advice_reviews")


@dataclass(frozen=True, slots=True)
class Sample:
    """A record that was drawn. `answers`: question → answer, as far as it was read; gone when the reading is over."""

    record: str
    review: str
    theme: str
    reader: str
    answers: dict[str, str] | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What somebody noticed. `settled_as`: what became of it, or None."""

    id: str
    review: str
    kind: str
    theme: str
    text: str
    settled_as: str | None


@dataclass(frozen=True, slots=True)
class Model:
    """ことばの手本: a sentence others may take up."""

    id: str
    theme: str
    text: str
    kept_at: datetime


class AdviceReviews:
    """Keeps and gives; it holds no rules."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection

    async def take_turn(self) -> None:
        """Wait until no other review is being drawn; until the commit nobody else draws one."""
        await SQL.take_turn(self._connection)

    async def candidates(self, since: datetime, until: datetime) -> tuple[list[Candidate], frozenset[str]]:
        """Give the records that could be drawn; and everybody who advised in that time, whatever is drawn."""
        touched: dict[str, set[str]] = {}
        gave = set()
        async for row in SQL.people(self._connection, since=since, until=until):
            touched.setdefault(row["record"], set()).add(row["person"])
            if row["gave"]:
                gave.add(str(row["person"]))
        found = [
            Candidate(
                row["record"],
                row["region"] or "",
                row["theme"] or "",
                frozenset(touched.get(row["record"], ())),
            )
            async for row in SQL.closed(self._connection, since=since, until=until)
        ]
        return found, frozenset(gave)

    async def add(self, review: AdviceReview, drawn: Iterable[Drawn]) -> None:
        """Keep a new review and what was drawn for it."""
        told = encode(review)
        for name in ("closed_by", "closed_at", "summary"):
            del told[name]
        await SQL.add(self._connection, **told)
        for each in drawn:
            await SQL.draw(
                self._connection, record=each.record, review=review.id, theme=each.theme, reader=each.reader
            )

    async def get(self, review: str) -> AdviceReview:
        """One review. Raises NotFound."""
        return _one(await SQL.get(self._connection, id=review))

    async def hold(self, review: str) -> AdviceReview:
        """The same, its row held until the commit."""
        return _one(await SQL.hold(self._connection, id=review))

    async def recent(self, since: datetime) -> list[AdviceReview]:
        """Those that are being read, were closed since, or have something to decide; newest first."""
        return [decode(AdviceReview, row) async for row in SQL.recent(self._connection, since=since)]

    async def progress(self, review: str) -> tuple[int, int]:
        """How many were drawn, and how many of them were read."""
        row = await SQL.progress(self._connection, review=review)
        return int(row["drawn"]), int(row["read"])

    async def sample(self, record: str) -> Sample:
        """One record that was drawn. Raises NotFound."""
        row = await SQL.sample(self._connection, record=record)
        if row is None:
            raise NotFound
        return decode(Sample, row)

    async def to_read(self, reader: str = "", review: str = "") -> list[Sample]:
        """What somebody, or anybody, has still to read; of one review, or of all."""
        rows = SQL.to_read(self._connection, reader=reader, review=review)
        return [decode(Sample, row) async for row in rows]

    async def barred(self, record: str) -> bool:
        """Whether a record that was drawn is kept from others since: withheld, named, withdrawn or held back."""
        return await SQL.barred(self._connection, record=record) is not None

    async def going_on(self) -> list[AdviceReview]:
        """Those whose reading is not over, the longest first."""
        return [await self.get(row["id"]) async for row in SQL.going_on(self._connection)]

    async def answer(self, record: str, answers: Mapping[str, str]) -> None:
        """Keep what somebody thought of a record."""
        told = json.dumps(dict(answers))
        await SQL.answer(self._connection, record=record, answers=told, at=self._session.now)

    async def looks(self, review: str) -> list[Look]:
        """What was thought of the records, to be summed up at once."""
        rows = SQL.looks(self._connection, review=review)
        return [Look(row["theme"], row["giver"], json.loads(row["answers"])) async for row in rows]

    async def close(self, review: str, summary: Summary) -> None:
        """Keep the sums, and forget what was thought of which record. What was not read may be drawn again."""
        await SQL.close(
            self._connection,
            id=review,
            by=self._session.actor.id,
            at=self._session.now,
            summary=summary.written(),
        )
        await SQL.give_back(self._connection, review=review)
        await SQL.forget_answers(self._connection, review=review)
        await SQL.forget_records(self._connection, review=review)

    # What was noticed, and what comes of it

    async def note(self, sample: Sample, kind: str, text: str) -> None:
        """Keep what somebody noticed about a record; a second time it takes the place of the first."""
        await SQL.note(
            self._connection,
            id=self._session.new_id(),
            review=sample.review,
            record=sample.record,
            kind=kind,
            theme=sample.theme,
            text=text,
        )

    async def take_back(self, record: str) -> None:
        """Forget what was noticed about a record."""
        await SQL.take_back(self._connection, record=record)

    async def finding(self, finding: str) -> Finding:
        """One finding. Raises NotFound."""
        row = await SQL.finding(self._connection, id=finding)
        if row is None:
            raise NotFound
        return decode(Finding, row)

    async def finding_about(self, record: str) -> Finding | None:
        """What was noticed about a record, while the reading goes on."""
        row = await SQL.finding_about(self._connection, record=record)
        return decode(Finding, row) if row else None

    async def findings(self, review: str) -> list[Finding]:
        """Everything that was noticed in a review."""
        return [decode(Finding, row) async for row in SQL.findings(self._connection, review=review)]

    async def settle(self, finding: str, settled_as: str) -> bool:
        """Say what becomes of a finding. False: that was said before."""
        row = await SQL.settle(
            self._connection,
            id=finding,
            settled_as=settled_as,
            by=self._session.actor.id,
            at=self._session.now,
        )
        return row is not None

    async def topics(self, since: datetime) -> list[Finding]:
        """What was found worth a training since then."""
        return [decode(Finding, row) async for row in SQL.topics(self._connection, since=since)]

    async def keep_model(self, finding: Finding, theme: str, text: str) -> str:
        """Let others take up a sentence. Gives its id."""
        new = self._session.new_id()
        await SQL.keep(
            self._connection,
            id=new,
            finding=finding.id,
            theme=theme,
            text=text,
            by=self._session.actor.id,
            at=self._session.now,
        )
        return new

    async def models(self, most: int) -> list[Model]:
        """The sentences in use, newest first."""
        return [decode(Model, row) async for row in SQL.models(self._connection, most=most)]

    async def retire(self, model: str) -> bool:
        """Take a sentence out of use. False: it was not in use."""
        by, at = self._session.actor.id, self._session.now
        return await SQL.retire(self._connection, id=model, by=by, at=at) is not None


def _one(row: Row | None) -> AdviceReview:
    if row is None:
        raise NotFound
    return decode(AdviceReview, row)
