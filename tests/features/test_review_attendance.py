"""Who was at a review, and how long: put right, settled by somebody else, thanked for, and owed."""

import pytest

from bot.domain.refusals import NotFound
from bot.domain.review import NotInvited
from bot.domain.review_papers import OwnNotes
from bot.usecases import review_notes, reviews
from tests.review_papers import (
    DUE,
    ISSUE,
    act,
    given_approved,
    given_held,
    given_over,
    given_record,
    given_sitting,
    look,
)
from tests.reviews import ACADEMIC, CONVENER, HOLDER, OTHER, PSY, before, stated


async def test_who_was_there_how_long_is_put_right(desk):
    review = await given_over(desk)
    await stated(desk, PSY, honorarium=6000)
    await act(desk, HOLDER, review_notes.attend, review, PSY, 60)
    await act(desk, HOLDER, review_notes.attend, review, ACADEMIC, 0)
    there = (await look(desk, CONVENER, review)).attended
    assert (there[PSY].minutes, there[PSY].honorarium) == (60, 6000)
    assert there[ACADEMIC].minutes == 0
    for person in (PSY, OTHER):
        with pytest.raises(NotInvited):
            await act(desk, person, review_notes.attend, review, PSY, 240)


async def test_who_was_absent_is_not_thanked_for_coming(sqlite_desk):
    review = await given_over(sqlite_desk)
    await act(sqlite_desk, HOLDER, review_notes.attend, review, ACADEMIC, 0)
    await given_record(sqlite_desk, review)
    assert "記録がまとまりました" not in await sqlite_desk.okada.reads()
    assert "記録がまとまりました" in await sqlite_desk.hayashi.reads()  # the control
    assert (await look(sqlite_desk, ACADEMIC, review)).notes.issues == (
        ISSUE,
    )  # and may read it all the same


async def test_whoever_put_hours_right_does_not_settle_them_alone(sqlite_desk):
    review = await given_over(sqlite_desk)
    await act(sqlite_desk, HOLDER, review_notes.keep_issue, review, 99, "", ISSUE)
    await act(sqlite_desk, CONVENER, review_notes.attend, review, PSY, 120)
    book = await look(sqlite_desk, CONVENER, review)
    with pytest.raises(OwnNotes):
        await act(sqlite_desk, CONVENER, review_notes.approve, review, book.notes.version)
    await given_approved(sqlite_desk, review)  # the control: somebody else does


async def test_whoever_wrote_only_what_somebody_does_does_not_settle_it_alone_either(sqlite_desk):
    review = await given_over(sqlite_desk)
    await act(sqlite_desk, HOLDER, review_notes.keep_issue, review, 99, "", ISSUE)
    await act(sqlite_desk, CONVENER, review_notes.keep_task, review, "", "電話をかけてみる。", PSY, DUE)
    book = await look(sqlite_desk, CONVENER, review)
    with pytest.raises(OwnNotes):
        await act(sqlite_desk, CONVENER, review_notes.approve, review, book.notes.version)
    await given_approved(sqlite_desk, review)  # the control: somebody else does


async def test_only_those_who_came_have_hours(sqlite_desk):
    review = await given_over(sqlite_desk)
    with pytest.raises(NotFound):
        await act(sqlite_desk, HOLDER, review_notes.attend, review, OTHER, 60)
    assert OTHER not in (await look(sqlite_desk, CONVENER, review)).attended
    await act(sqlite_desk, HOLDER, review_notes.attend, review, PSY, 60)  # the control


async def test_what_is_owed_to_whom_is_for_those_who_settle_it(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    await act(sqlite_desk, CONVENER, reviews.seat, review, PSY, role="board_writer")
    await stated(sqlite_desk, ACADEMIC, honorarium=6000)
    await given_held(sqlite_desk, review)
    await sqlite_desk.hayashi.presses_anyway("notes.open", review)
    said = await before(sqlite_desk.hayashi)
    assert "出席と時間" in said
    assert "謝金" not in said
    await sqlite_desk.yamamoto.presses_anyway("notes.open", review)
    assert "謝金 8,900円" in await before(sqlite_desk.yamamoto)
