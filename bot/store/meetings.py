"""質問 → 回答: what was asked before a meeting or of a lecturer, and what was answered, by whom and when."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.refusals import NotFound
from bot.store.queries import load
from bot.store.session import Row, Session
from bot.store.trainings import owner

SQL = load("meetings")


@dataclass(frozen=True, slots=True)
class Question:
    """One question, opened. `answerer`: who answered, as they are to be named; empty while nobody did."""

    id: str
    training: str
    asked_by: str
    asked_at: datetime
    municipality: str | None
    text: str
    answer: str = ""
    answerer: str = ""
    answered_by: str | None = None
    answered_at: datetime | None = None


class Meetings:
    """Questions and answers, sealed under the training's key."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection

    async def ask(self, training_id: str, text: str, municipality: str | None) -> str:
        """Keep a question; give its id."""
        row: str = self._session.new_id()
        sealed = await self._session.keys.seal(owner(training_id), "training_questions", "text", row, text)
        await SQL.ask(
            self._connection,
            id=row,
            training=training_id,
            asked_by=self._session.actor.id,
            asked_at=self._session.now,
            municipality=municipality,
            text_sealed=sealed,
        )
        return row

    async def get(self, question_id: str) -> Question:
        """Open one, or raise `NotFound`."""
        row = await SQL.get(self._connection, id=question_id)
        if row is None:
            raise NotFound
        return await self._opened(row)

    async def of_training(self, training_id: str) -> list[Question]:
        """Open all, in the order they were asked."""
        found = [row async for row in SQL.of_training(self._connection, training=training_id)]
        return [await self._opened(row) for row in found]

    async def counted(self, training_id: str) -> tuple[int, int]:
        """How many questions were asked, and how many of them have an answer. Opens none."""
        row = await SQL.counted(self._connection, training=training_id)
        return int(row["asked"]), int(row["answered"])

    async def places_said(self, training_id: str) -> dict[str, str]:
        """Where those who were asked to come, or have answered, last said they come from, at whatever training."""
        found = SQL.places_said(self._connection, training=training_id)
        return {row["person"]: row["municipality"] async for row in found}

    async def answer(self, question: Question, text: str, answerer: str, at: datetime) -> None:
        """Keep an answer, who gave it, and when; the last one counts."""
        keys, of = self._session.keys, owner(question.training)
        await SQL.answer(
            self._connection,
            id=question.id,
            answer_sealed=await keys.seal(of, "training_questions", "answer", question.id, text),
            answerer_sealed=await keys.seal(of, "training_questions", "answerer", question.id, answerer),
            answered_by=self._session.actor.id,
            answered_at=at,
        )

    async def _opened(self, row: Row) -> Question:
        keys, of = self._session.keys, owner(row["training"])
        opened = {}
        for name in ("text", "answer", "answerer"):
            sealed = row[f"{name}_sealed"]
            opened[name] = (
                await keys.open(of, "training_questions", name, row["id"], sealed) if sealed else ""
            )
        answered = row["answered_at"] and datetime.fromisoformat(row["answered_at"])
        return Question(
            id=row["id"],
            training=row["training"],
            asked_by=row["asked_by"],
            asked_at=datetime.fromisoformat(row["asked_at"]),
            municipality=row["municipality"],
            answered_by=row["answered_by"],
            answered_at=answered or None,
            **opened,
        )
