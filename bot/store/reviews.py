"""Reviews: what is convened, who is invited, the slots and what each said to them. Words are sealed under the consultation's key."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.refusals import Changed, NotFound
from bot.domain.review import Answer, Plan, Review, Seat, Slot, Stage
from bot.store.queries import load, statement
from bot.store.rows import decode, encode
from bot.store.session import Row, Session

SQL = load("reviews")

_WORDS = ("question", "place")
_FIXED = frozenset({"consultation", "round", "created_at", "codes_version", "version"})


@dataclass(frozen=True, slots=True)
class Given:
    """A time that somebody was given for a review."""

    staff: str
    review: str
    stage: Stage
    starts_at: datetime
    ends_at: datetime
    fiscal_year: int


class Reviews:
    """Rows in, reviews out. It holds no rules and never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection

    async def add(self, review: Review) -> Review:
        """Keep a new one; give it with its round. The consultation is held by the caller, so that no two share one."""
        row = await SQL.last_round(self._connection, consultation=review.consultation)
        review = replace(review, round=int(row["last"]) + 1)
        await SQL.add(self._connection, **await self._columns(review))
        return review

    async def get(self, review_id: str) -> Review:
        """Give one, opened, or raise `NotFound`. In a transaction, whoever asks for it next waits until the commit."""
        ask = SQL.hold if self._session.changes else SQL.get
        row = await ask(self._connection, id=review_id)
        if row is None:
            raise NotFound
        return await self._opened(row)

    async def move(self, was: Review, to: Review) -> Review:
        """Write one step, or raise `Changed`, at the commit at the latest."""
        columns = {name: each for name, each in (await self._columns(to)).items() if name not in _FIXED}
        said = statement(SQL, "move", self._connection, was=was.version, **columns)
        self._connection.must(*said, otherwise=Changed())
        return replace(to, version=was.version + 1)

    async def of_consultation(self, consultation_id: str) -> list[Review]:
        """All of one consultation, the first first; words stay sealed in it."""
        return [
            _review(row) async for row in SQL.of_consultation(self._connection, consultation=consultation_id)
        ]

    async def before_us(self, since: datetime) -> list[Review]:
        """Those that are open, and those that ended since then, soonest first; words stay sealed."""
        return [_review(row) async for row in SQL.before_us(self._connection, since=since)]

    async def of_person(self, staff: str, since: datetime) -> list[Review]:
        """Those somebody is invited to that are open or ended since then; words stay sealed."""
        return [_review(row) async for row in SQL.of_person(self._connection, staff=staff, since=since)]

    async def invite(self, review_id: str, seat: Seat) -> None:
        """Keep a seat; who is invited again has the new one."""
        await SQL.invite(self._connection, review=review_id, **encode(seat))

    async def seats(self, review_id: str) -> list[Seat]:
        """Everybody who was ever invited, in order."""
        return [decode(Seat, row) async for row in SQL.seats(self._connection, review=review_id)]

    async def there(self, review_id: str) -> list[Seat]:
        """Those who are still among those invited, in order."""
        return [each for each in await self.seats(review_id) if each.there]

    async def offer(self, review_id: str, slots: Sequence[Slot]) -> list[Slot]:
        """Keep slots that are new (without an id); give them with their ids."""
        kept = [replace(each, id=each.id or self._session.new_id()) for each in slots]
        for each in kept:
            await SQL.offer(self._connection, review=review_id, **encode(each))
        return kept

    async def slots(self, review_id: str) -> list[Slot]:
        """Every slot that was ever proposed, in order of time."""
        return [decode(Slot, row) async for row in SQL.slots(self._connection, review=review_id)]

    async def answer(self, review: Review, answer: Answer) -> None:
        """Keep what somebody says to a slot; the last one counts."""
        sealed = None
        if answer.note:
            row = f"{answer.slot}:{answer.staff}"
            sealed = await self._session.keys.seal(
                review.consultation, "review_answers", "note", row, answer.note
            )
        await SQL.answer(
            self._connection,
            slot=answer.slot,
            staff=answer.staff,
            says=answer.says,
            at=answer.at,
            note_sealed=sealed,
        )

    async def answers(self, review: Review) -> list[Answer]:
        """What everybody said, opened."""
        found = [row async for row in SQL.answers(self._connection, review=review.id)]
        return [await self._answer(review, row) for row in found]

    async def _answer(self, review: Review, row: Row) -> Answer:
        note = ""
        if row["note_sealed"]:
            of = f"{row['slot']}:{row['staff']}"
            note = await self._session.keys.open(
                review.consultation, "review_answers", "note", of, row["note_sealed"]
            )
        return decode(Answer, {**row, "note": note})

    async def consultation_of(self, review_id: str) -> str:
        """The consultation it is about, to be held before it, or raise `NotFound`."""
        row = await SQL.consultation_of(self._connection, review=review_id)
        if row is None:
            raise NotFound
        return str(row["consultation"])

    async def open_diaries(self, people: Iterable[str]) -> None:
        """Hold what is known of the time of these until the commit: whoever gives them a time waits for it."""
        for staff in sorted(set(people)):
            await SQL.open_diary(self._connection, staff=staff, at=self._session.now)

    async def times(self, since: datetime) -> list[Given]:
        """What everybody was given that ends at `since` or later, in order of time."""
        return [decode(Given, row) async for row in SQL.times(self._connection, since=since)]

    async def open_seats(self, staff: str) -> list[tuple[str, str]]:
        """The open reviews somebody is still invited to, with their consultations."""
        found = SQL.open_seats(self._connection, staff=staff)
        return [(row["review"], row["consultation"]) async for row in found]

    async def guests(self) -> list[str]:
        """Everybody who is still invited to an open review."""
        return [row["staff"] async for row in SQL.guests(self._connection)]

    async def _columns(self, review: Review) -> dict[str, Any]:
        columns = encode(review)
        plan = asdict(columns.pop("plan"))
        words = {name: plan.pop(name) for name in _WORDS}
        columns["plan"] = json.dumps(plan | {"quorum": dict(review.plan.quorum)}, sort_keys=True)
        columns["words_sealed"] = None
        if any(words.values()):
            columns["words_sealed"] = await self._session.keys.seal(
                review.consultation, "reviews", "words", review.id, json.dumps(words, ensure_ascii=False)
            )
        return columns

    async def _opened(self, row: Row) -> Review:
        words: dict[str, str] = {}
        if row["words_sealed"]:
            words = json.loads(
                await self._session.keys.open(
                    row["consultation"], "reviews", "words", row["id"], row["words_sealed"]
                )
            )
        return _review(row, words)


def _review(row: Row, words: dict[str, str] | None = None) -> Review:
    given = json.loads(row["plan"]) | {"apart": json.dumps(json.loads(row["plan"])["apart"])}
    plan = decode(Plan, {**given, **dict.fromkeys(_WORDS, ""), **(words or {})})
    return decode(Review, {**row, "plan": plan})
