"""The papers of reviews. All words are sealed under the key of the consultation they are about."""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from bot.domain.refusals import Changed, NotFound
from bot.domain.review import Review
from bot.domain.review_papers import Advice, Attended, Brief, File, Issue, Notes, Prints, Sitting, Task
from bot.store.queries import load, statement
from bot.store.rows import decode, encode
from bot.store.session import Row, Session

SQL = load("review_papers")


class ReviewPapers:
    """Rows in, papers out. It holds no rules and never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection

    async def brief(self, review: Review) -> Brief | None:
        """Open the one page, if there is one."""
        row = await SQL.brief(self._connection, review=review.id)
        if row is None:
            return None
        return decode(Brief, {**row, "words": await self._open(review, "briefs", review.id, row)})

    async def keep_brief(self, review: Review, was: Brief | None, to: Brief) -> None:
        """Write the page anew, or raise `Changed`, at the commit at the latest, where somebody did so meanwhile."""
        columns = encode(to)
        columns["words_sealed"] = await self._seal(
            review, "briefs", review.id, json.dumps(dict(columns.pop("words")), ensure_ascii=False)
        )
        self._written("brief", was, columns)

    async def notes(self, review: Review) -> Notes | None:
        """Open the notes, if there are some."""
        row = await SQL.notes(self._connection, review=review.id)
        if row is None:
            return None
        words = await self._open(review, "review_notes", review.id, row)
        issues = tuple(Issue(**each) for each in words["issues"])
        told = {**row, "issues": "[]", "writers": "[]", "dissent": words["dissent"]}
        return replace(decode(Notes, told), issues=issues, writers=tuple(words["writers"]))

    async def keep_notes(self, review: Review, was: Notes | None, to: Notes) -> None:
        """Write the notes anew, or raise `Changed`, at the commit at the latest, where somebody did so meanwhile."""
        words = {
            "issues": [asdict(each) for each in to.issues],
            "dissent": to.dissent,
            "writers": list(to.writers),
        }
        columns = encode(replace(to, issues=(), writers=()))
        del columns["issues"], columns["dissent"], columns["writers"]
        columns["words_sealed"] = await self._seal(
            review, "review_notes", review.id, json.dumps(words, ensure_ascii=False)
        )
        self._written("notes", was, columns)

    async def approved_at(self, review_id: str) -> datetime | None:
        """When its notes were approved, without opening them."""
        row = await SQL.approved_at(self._connection, review=review_id)
        return datetime.fromisoformat(row["approved_at"]) if row and row["approved_at"] else None

    async def with_brief(self) -> list[str]:
        """The reviews that have a page."""
        return [row["review"] async for row in SQL.with_brief(self._connection)]

    async def has_approved_brief(self, review_id: str) -> bool:
        """Whether there is an approved page, without opening it."""
        return await self.brief_approved_at(review_id) is not None

    async def brief_approved_at(self, review_id: str) -> datetime | None:
        """When its page was approved as it stands, without opening it."""
        row = await SQL.brief_approved_at(self._connection, review=review_id)
        return datetime.fromisoformat(row["approved_at"]) if row and row["approved_at"] else None

    async def lies(self, file: File) -> None:
        """Note that a paper lies in Slack as a file, before it is shown there."""
        await SQL.lies(self._connection, **encode(file))

    async def files(self) -> list[File]:
        """Every file that was not taken away."""
        return [decode(File, row) async for row in SQL.files(self._connection)]

    async def taken_away(self, file_id: str) -> bool:
        """Note that a file is being taken away. False: it was before."""
        return await SQL.taken_away(self._connection, file_id=file_id) is not None

    async def printed(self, review_id: str) -> None:
        """Note that a paper was printed for the table."""
        await SQL.printed(self._connection, review=review_id, printed_at=self._session.now)

    async def prints(self, review_id: str) -> Prints | None:
        """What was printed for the table, if anything, and whether it was collected."""
        row = await SQL.prints(self._connection, review=review_id)
        return decode(Prints, row) if row else None

    async def prints_unasked(self) -> list[str]:
        """The reviews that are over, whose prints nobody collected and nobody was asked about."""
        return [row["review"] async for row in SQL.prints_unasked(self._connection)]

    async def asked_for_prints(self, review_id: str) -> bool:
        """Note that somebody is asked for what was printed. False: they were before, or it was collected."""
        row = await SQL.asked_for_prints(self._connection, review=review_id, asked_at=self._session.now)
        return row is not None

    async def collected(self, review_id: str) -> bool:
        """Note that what was printed was collected and disposed of. False: it was before."""
        now, by = self._session.now, self._session.actor.id
        row = await SQL.collected(self._connection, review=review_id, collected_at=now, collected_by=by)
        return row is not None

    async def running(self) -> list[str]:
        """The reviews that began and did not end."""
        return [row["review"] async for row in SQL.running(self._connection)]

    async def over_unsaid(self) -> list[str]:
        """The reviews whose time is over and that nobody began here."""
        return [row["id"] async for row in SQL.over_unsaid(self._connection)]

    async def sitting(self, review_id: str) -> Sitting | None:
        """Give how far it has come, if it began."""
        row = await SQL.sitting(self._connection, review=review_id)
        return decode(Sitting, row) if row else None

    async def sit(self, sitting: Sitting) -> None:
        """Keep how far it has come."""
        await SQL.sit(self._connection, **encode(sitting))

    async def rise(self, review_id: str) -> None:
        """Let it be as if it had not begun: its time was changed."""
        await SQL.rise(self._connection, review=review_id)

    async def attended(self, review_id: str) -> list[Attended]:
        """Who was there."""
        return [decode(Attended, row) async for row in SQL.attended(self._connection, review=review_id)]

    async def attend(self, review_id: str, those: Iterable[Attended]) -> None:
        """Keep who was there; the last word counts."""
        await SQL.forget_attendance(self._connection, review=review_id)
        for each in those:
            await SQL.attend(self._connection, review=review_id, **encode(each))

    async def tasks(self, review: Review) -> list[Task]:
        """Open its tasks, in their order."""
        found = [row async for row in SQL.tasks(self._connection, review=review.id)]
        return [await self._task(review, row) for row in found]

    async def set_tasks(self, review: Review, tasks: Iterable[Task]) -> None:
        """Keep its tasks in place of those there were."""
        await SQL.forget_tasks(self._connection, review=review.id)
        for each in tasks:
            columns = encode(each)
            sealed = await self._seal(review, "review_tasks", each.id, columns.pop("text"))
            await SQL.set_task(self._connection, **columns, text_sealed=sealed)

    async def review_of_task(self, task_id: str) -> str:
        """Give the review a task belongs to, or raise `NotFound`."""
        row = await SQL.task(self._connection, id=task_id)
        if row is None:
            raise NotFound
        return str(row["review"])

    async def tasks_of(self, staff: str) -> list[tuple[str, str, str]]:
        """Somebody's open tasks: id, review, due day; sealed as they are."""
        found = SQL.tasks_of(self._connection, staff=staff)
        return [(row["id"], row["review"], row["due"]) async for row in found]

    async def tasks_due(self, until: date) -> list[Task]:
        """Open tasks of settled reviews that are due by then; their words stay sealed."""
        found = SQL.tasks_due(self._connection, until=until)
        return [decode(Task, {**row, "text": ""}) async for row in found]

    async def do_task(self, task_id: str) -> bool:
        """Note that it is done. False: it was before."""
        row = await SQL.do_task(
            self._connection, id=task_id, done_at=self._session.now, done_by=self._session.actor.id
        )
        return row is not None

    async def advice(self, review: Review) -> Advice | None:
        """Open what the supporter was told, if anything."""
        row = await SQL.advice(self._connection, review=review.id)
        if row is None:
            return None
        words = await self._open(review, "review_advice", review.id, row)
        return decode(Advice, {**row, "text": words["text"]})

    async def advised(self, since: datetime, until: datetime) -> list[str]:
        """The reviews whose supporter has no Slack and was advised between these moments."""
        return [row["review"] async for row in SQL.advised(self._connection, since=since, until=until)]

    async def advise(self, review: Review, advice: Advice) -> None:
        """Keep what the supporter is told; the last word counts."""
        columns = encode(advice)
        words = json.dumps({"text": columns.pop("text")}, ensure_ascii=False)
        sealed = await self._seal(review, "review_advice", review.id, words)
        await SQL.advise(self._connection, **columns, words_sealed=sealed)

    async def shred_brief(self, review_id: str) -> None:
        """Throw the page away: its time is over."""
        await SQL.shred_brief(self._connection, review=review_id)

    def _written(self, paper: str, was: Brief | Notes | None, columns: dict[str, Any]) -> None:
        if was is None:
            said = statement(SQL, f"keep_{paper}", self._connection, **columns)
            self._connection.later(*said)
            return
        del columns["version"]
        said = statement(SQL, f"move_{paper}", self._connection, was=was.version, **columns)
        self._connection.must(*said, otherwise=Changed())

    async def _task(self, review: Review, row: Row) -> Task:
        text = await self._session.keys.open(
            review.consultation, "review_tasks", "text", row["id"], row["text_sealed"]
        )
        return decode(Task, {**row, "text": text})

    async def _seal(self, review: Review, table: str, row: str, text: str) -> str:
        column = "text" if table == "review_tasks" else "words"
        return await self._session.keys.seal(review.consultation, table, column, row, text)

    async def _open(self, review: Review, table: str, row: str, columns: Row) -> Any:
        text = await self._session.keys.open(
            review.consultation, table, "words", row, columns["words_sealed"]
        )
        return json.loads(text)
