"""The papers of reviews in the store: sealed, written once, and gone with the key of their consultation."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.refusals import Changed
from bot.domain.review_papers import Advice, Attended, Brief, Issue, Notes, Sitting, Task
from bot.store.expiry import SQL as EXPIRY
from bot.usecases import review_notes
from tests.review_papers import ISSUE, PAGE, act, given_brief, given_held, given_record, given_sitting
from tests.reviews import HOLDER, PSY

SEALED = ("briefs", "review_notes", "review_tasks", "review_advice")
STAYS = ("review_sittings", "review_attendance")


async def given_all(desk) -> str:
    """A review with every paper there is; its id."""
    review = await given_sitting(desk)
    await given_brief(desk, review)
    await given_held(desk, review)
    await given_record(desk, review)
    await act(desk, HOLDER, review_notes.advise, review, "玄関先で天気の話をしてみてください。")
    return review


async def test_what_is_kept_is_given_back(desk):
    review_id = await given_sitting(desk)
    async with desk.db.transaction(await desk.actor(HOLDER)) as tx:
        review, papers, now = await tx.reviews.get(review_id), tx.review_papers, tx.now
        brief = Brief(review_id, PAGE, "supporter", HOLDER, now, date(2026, 11, 20))
        notes = Notes(review_id, (ISSUE, Issue("お金")), HOLDER, now, "ちがう意見", (HOLDER, PSY))
        sitting = Sitting(review_id, now, HOLDER, 2, now)
        task = Task("t" * 32, review_id, 1, HOLDER, date(2026, 12, 10), "電話をする")
        advice = Advice(review_id, "ゆっくりで大丈夫です。", HOLDER, now)
        await papers.keep_brief(review, None, brief)
        await papers.keep_notes(review, None, notes)
        await papers.sit(sitting)
        await papers.attend(review_id, [Attended(PSY, 90, 12_000)])
        await papers.set_tasks(review, [task])
        await papers.advise(review, advice)
    async with desk.db.reading() as ask:
        review, papers = await ask.reviews.get(review_id), ask.review_papers
        assert await papers.brief(review) == brief
        assert await papers.notes(review) == notes
        assert await papers.sitting(review_id) == sitting
        assert await papers.attended(review_id) == [Attended(PSY, 90, 12_000)]
        assert await papers.tasks(review) == [task]
        assert await papers.advice(review) == advice
        assert await papers.approved_at(review_id) is None
        assert not await papers.has_approved_brief(review_id)
        assert await papers.tasks_of(HOLDER) == []  # theirs once the record is settled


async def test_of_two_who_write_at_once_one_is_told(desk):
    review_id = await given_sitting(desk)
    await given_brief(desk, review_id, approved=False)
    async with desk.db.reading() as ask:
        review = await ask.reviews.get(review_id)
        seen = await ask.review_papers.brief(review)
    for text in ("一人め", "二人め"):
        writing = desk.db.transaction(await desk.actor(HOLDER))
        to = replace(seen, words={**PAGE, "topic": text})
        if text == "二人め":
            with pytest.raises(Changed):
                async with writing as tx:
                    await tx.review_papers.keep_brief(review, seen, to)
        else:
            async with writing as tx:
                await tx.review_papers.keep_brief(review, seen, to)
    async with desk.db.reading() as ask:
        assert (await ask.review_papers.brief(review)).words["topic"] == "一人め"


async def test_no_word_of_theirs_lies_in_the_clear(desk):
    await given_all(desk)
    for table in SEALED:
        rows = await desk.rows(f"SELECT * FROM {table}")
        assert rows
        assert not any(each in str(rows) for each in ("介護", "暮らし", "玄関", "電話"))


async def test_they_go_with_the_consultation_and_the_hours_stay(desk):
    review = await given_all(desk)
    [row] = await desk.rows("SELECT consultation FROM reviews WHERE id = :r", r=review)
    there = {table: await desk.how_many(table) for table in (*SEALED, *STAYS)}
    assert all(there.values())
    async with desk.db.transaction(await desk.actor(HOLDER)) as tx:
        gone = await tx.expiry.shred_consultation(row["consultation"])

    assert {table: gone.counts[table] for table in SEALED} == {table: there[table] for table in SEALED}
    for table in SEALED:
        assert await desk.how_many(table) == 0
    for table in STAYS:
        assert await desk.how_many(table) == there[table]
    assert {
        f"shred_{each}" for each in ("review_briefs", "review_records", "review_tasks", "review_advice")
    } <= set(EXPIRY.available_queries)


async def test_another_consultations_papers_stay(desk):
    review = await given_all(desk)
    other = await desk.given_heard(HOLDER)
    async with desk.db.transaction(await desk.actor(HOLDER)) as tx:
        await tx.expiry.shred_consultation(await desk.id_of(other))
    book = await act(desk, HOLDER, review_notes.look, review)
    assert book.notes.issues == (ISSUE,)
