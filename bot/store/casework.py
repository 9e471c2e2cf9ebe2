"""What is written about a consultation: words, attempts, hearings, activities, drafts, follow-ups."""

import json
from datetime import datetime, timedelta

from bot.domain.casework import Activity, Attempt, Draft, FollowUp, Hearing, Written
from bot.domain.refusals import NotFound
from bot.store.queries import load
from bot.store.rows import decode, encode
from bot.store.session import Session

SQL = load("casework")
MARKS_KEPT = timedelta(days=90)


class Casework:
    """Codes in the clear, every sentence sealed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection

    async def write(self, consultation: str, kind: str, text: str) -> None:
        """Keep words of the present actor; nothing written is nothing kept."""
        if not text:
            return
        row = self._session.new_id()
        sealed = await self._session.keys.seal(consultation, "words", "text", row, text)
        await SQL.write(
            self._connection,
            id=row,
            consultation=consultation,
            kind=kind,
            author=self._session.actor.id,
            at=self._session.now,
            text_sealed=sealed,
        )

    async def words_of(self, consultation: str) -> list[Written]:
        """Open all that was written, in order. The reading is audited by whoever asks."""
        rows = [row async for row in SQL.words_of(self._connection, consultation=consultation)]
        return [
            Written(
                row["id"],
                row["kind"],
                row["author"],
                datetime.fromisoformat(row["at"]),
                await self._session.keys.open(consultation, "words", "text", row["id"], row["text_sealed"]),
            )
            for row in rows
        ]

    async def add_attempt(self, attempt: Attempt) -> None:
        """Enter one call into the ledger."""
        await SQL.add_attempt(self._connection, **encode(attempt))

    async def attempts_of(self, consultation: str) -> list[Attempt]:
        """Every call, in order."""
        rows = SQL.attempts_of(self._connection, consultation=consultation)
        return [decode(Attempt, row) async for row in rows]

    async def add_hearing(self, hearing: Hearing) -> None:
        """Keep the coded part of a hearing."""
        await SQL.add_hearing(self._connection, **encode(hearing))

    async def hearings_of(self, consultation: str) -> list[Hearing]:
        """Every hearing, in order."""
        rows = SQL.hearings_of(self._connection, consultation=consultation)
        return [decode(Hearing, row) async for row in rows]

    async def add_activity(self, activity: Activity) -> None:
        """Keep the coded part of an interview, a visit or other work."""
        await SQL.add_activity(self._connection, **encode(activity))

    async def activities_of(self, consultation: str) -> list[Activity]:
        """Every activity, in order."""
        rows = SQL.activities_of(self._connection, consultation=consultation)
        return [decode(Activity, row) async for row in rows]

    async def keep_draft(self, consultation: str, form: str, answers: dict[str, object]) -> None:
        """Keep a form that was begun; it belongs to the consultation, not to who began it."""
        text = json.dumps(answers, ensure_ascii=False)
        await SQL.keep_draft(
            self._connection,
            consultation=consultation,
            form=form,
            saved_by=self._session.actor.id,
            saved_at=self._session.now,
            answers_sealed=await self._session.keys.seal(
                consultation, "drafts", "answers", f"{consultation}/{form}", text
            ),
        )

    async def draft_of(self, consultation: str, form: str) -> Draft | None:
        """Open the draft of a form, where there is one."""
        row = await SQL.draft_of(self._connection, consultation=consultation, form=form)
        if row is None:
            return None
        text = await self._session.keys.open(
            consultation, "drafts", "answers", f"{consultation}/{form}", row["answers_sealed"]
        )
        return Draft(row["saved_by"], datetime.fromisoformat(row["saved_at"]), json.loads(text))

    async def drafts_of(self, consultation: str) -> list[str]:
        """Which forms were begun and not sent; they stay sealed."""
        return [row["form"] async for row in SQL.drafts_of(self._connection, consultation=consultation)]

    async def drop_draft(self, consultation: str, form: str) -> None:
        """The form was sent: its draft has served."""
        await SQL.drop_draft(self._connection, consultation=consultation, form=form)

    async def ask_followup(self, consultation: str) -> str:
        """Note that the supporter is being asked how it went; give the question's id."""
        row: str = self._session.new_id()
        await SQL.ask_followup(
            self._connection, id=row, consultation=consultation, asked_at=self._session.now
        )
        return row

    async def answer_followup(
        self, question: str, *, answer: str | None = None, heaviness: str | None = None
    ) -> FollowUp:
        """Keep a tap. The latest counts."""
        row = await SQL.answer_followup(
            self._connection, id=question, answered_at=self._session.now, answer=answer, heaviness=heaviness
        )
        if row is None:
            raise NotFound
        return decode(FollowUp, row)

    async def followup(self, question: str) -> FollowUp:
        """Give one question asked back, or raise `NotFound`."""
        row = await SQL.followup(self._connection, id=question)
        if row is None:
            raise NotFound
        return decode(FollowUp, row)

    async def followups_of(self, consultation: str) -> list[FollowUp]:
        """Every question asked back, in order."""
        rows = SQL.followups_of(self._connection, consultation=consultation)
        return [decode(FollowUp, row) async for row in rows]

    async def count(self, kind: str, route: str, at: datetime) -> None:
        """Count an intake that was no consultation."""
        await SQL.count(
            self._connection,
            id=self._session.new_id(),
            kind=kind,
            route=route,
            at=at,
            entered_by=self._session.actor.id,
        )

    async def once(self, key: str, subject: str) -> str | None:
        """Mark an act as done. None: it is the first time; otherwise what the first one made."""
        if await SQL.once(self._connection, key=key, subject=subject, at=self._session.now) is not None:
            return None
        row = await SQL.done(self._connection, key=key)
        return str(row["subject"])

    async def tidy(self) -> None:
        """Forget which forms were sent more than 90 days ago: no window stays open for so long."""
        await SQL.forget_once(self._connection, before=self._session.now - MARKS_KEPT)
