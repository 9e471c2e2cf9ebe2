"""What is said after a training: who has said something, and what was said, with nothing that joins the two."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from bot.store.queries import load
from bot.store.session import Row, Session
from bot.store.trainings import owner

SQL = load("feedback")
_CODED = ("satisfaction", "usefulness", "pace")


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said; who it was is not known. Codes, and words in which nobody is named any more."""

    satisfaction: str | None = None
    usefulness: str | None = None
    pace: str | None = None
    wishes: tuple[str, ...] = ()
    words: str = ""


def draft_owner(training_id: str, attendee: str) -> str:
    """Whose key seals what somebody has begun and not sent; it is destroyed when they send."""
    return f"feedback:{training_id}:{attendee}"


class Feedback:
    """Two tables that must never be joined. It holds no rules and never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection

    async def has_given(self, training_id: str, attendee: str) -> bool:
        """Whether somebody has said something already."""
        return await SQL.given(self._connection, training=training_id, attendee=attendee) is not None

    async def give(self, training_id: str, attendee: str, said: Said) -> bool:
        """Keep that somebody said something, and apart from it what was said. False: they had already.

        Whoever asks for it holds the training's row, so that two who send at once are mixed one after the other.
        """
        if await SQL.give(self._connection, training=training_id, attendee=attendee) is None:
            return False
        row = secrets.token_hex(16)  # drawn by lot: it tells neither who, nor when, nor after whom
        sealed = None
        if said.words:
            sealed = await self._session.keys.seal(owner(training_id), "feedback", "words", row, said.words)
        await self._mix(training_id, {"id": row, "words_sealed": sealed, **_codes(said)})
        await self.drop_draft(training_id, attendee)
        return True

    async def of_training(self, training_id: str) -> list[Said]:
        """Open all that was said, in an order drawn by lot. Whoever asks for it notes it in the trail."""
        rows = [row async for row in SQL.of_training(self._connection, training=training_id)]
        return [await self._opened(row) for row in rows]

    async def keep_draft(self, training_id: str, attendee: str, answers: dict[str, Any]) -> None:
        """Keep what is in somebody's form so far, for nobody but them."""
        place, whose = f"{training_id}/{attendee}", draft_owner(training_id, attendee)
        text = json.dumps(answers, ensure_ascii=False)
        sealed = await self._session.keys.seal(whose, "feedback_drafts", "answers", place, text)
        await SQL.keep_draft(self._connection, training=training_id, attendee=attendee, answers_sealed=sealed)

    async def draft_of(self, training_id: str, attendee: str) -> dict[str, Any] | None:
        """Open what somebody has begun; None: nothing."""
        row = await SQL.draft_of(self._connection, training=training_id, attendee=attendee)
        if row is None:
            return None
        place, whose = f"{training_id}/{attendee}", draft_owner(training_id, attendee)
        text = await self._session.keys.open(
            whose, "feedback_drafts", "answers", place, row["answers_sealed"]
        )
        return dict(json.loads(text))

    async def drop_draft(self, training_id: str, attendee: str) -> None:
        """Forget what was begun, and make it unreadable for ever."""
        if await SQL.drop_draft(self._connection, training=training_id, attendee=attendee) is not None:
            await self._session.keys.destroy(draft_owner(training_id, attendee))

    async def _mix(self, training_id: str, new: dict[str, Any]) -> None:
        """Write both tables of this training anew, each in its own order.

        A database notes with each row by which transaction, and where in the file, it was written. Were only the new
        rows written, that alone would join them.
        """
        rows = [dict(row) async for row in SQL.of_training(self._connection, training=training_id)]
        await SQL.forget(self._connection, training=training_id)
        for row in sorted([*rows, {**new, "training": training_id}], key=lambda row: str(row["id"])):
            await SQL.keep(self._connection, **row)
        givers = [row["attendee"] async for row in SQL.givers(self._connection, training=training_id)]
        await SQL.forget_givers(self._connection, training=training_id)
        for attendee in givers:
            await SQL.keep_giver(self._connection, training=training_id, attendee=attendee)

    async def _opened(self, row: Row) -> Said:
        words = ""
        if row["words_sealed"]:
            words = await self._session.keys.open(
                owner(row["training"]), "feedback", "words", row["id"], row["words_sealed"]
            )
        coded = {name: row[name] for name in _CODED}
        return Said(**coded, wishes=tuple(json.loads(row["wishes"])), words=words)


def _codes(said: Said) -> dict[str, Any]:
    return {**{name: getattr(said, name) for name in _CODED}, "wishes": json.dumps(said.wishes)}
