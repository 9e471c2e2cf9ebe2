"""What was printed of a review for its table: collected and disposed of by somebody, asked for once where nobody said so."""

import json
from datetime import timedelta

import pytest

from bot.domain.refusals import NotFound
from bot.domain.review import NotInvited, NotNow
from bot.domain.staff import THE_CLOCK, Role
from bot.usecases import briefs, people, review_collecting, review_notes, review_times
from tests.review_papers import (
    SUPERVISOR,
    act,
    given_approved,
    given_brief,
    given_held,
    given_record,
    given_sitting,
    look,
)
from tests.reviews import ACADEMIC, CONVENER, HOLDER, OTHER, PSY, before, review_of

COLLECT = "notes.collect"
ASKS = "手もとに残っていないでしょうか"
WANTED = "刷った紙は集めましたか"


async def given_printed(desk) -> str:
    """A review whose page was printed for its table; its id."""
    review = await given_sitting(desk)
    await given_brief(desk, review)
    await act(desk, CONVENER, briefs.print_out, review, once="1")
    return review


async def prints_of(desk, review: str):
    async with desk.db.reading() as ask:
        return await ask.review_papers.prints(review)


async def collected(desk) -> list[dict]:
    rows = await desk.rows("SELECT * FROM audit WHERE event = 'papers.collected'")
    return [json.loads(each["detail"]) for each in rows]


async def next_day(desk, days: int = 1) -> None:
    """It is half past ten, Tokyo, some days on."""
    now = desk.clock.now
    to = (now + timedelta(days=days)).replace(hour=1, minute=30, second=0, microsecond=0)
    await desk.passes(seconds=(to - now).total_seconds())


async def test_one_press_notes_that_the_papers_were_collected_and_the_record_says_who_and_when(desk):
    review = await given_printed(desk)
    await given_held(desk, review)
    yamamoto = desk.yamamoto
    await yamamoto.open_home()
    await yamamoto.presses("notes.open", where="home")
    assert "処分まで済んだら" in await before(yamamoto)

    await yamamoto.presses(COLLECT, where="view")

    said = await before(yamamoto)
    assert CONVENER in said
    assert "集めて処分したと書きとめました" in said
    assert not await yamamoto.has(COLLECT, where="view")
    there = await prints_of(desk, review)
    assert (there.collected_by, there.collected_at) == (CONVENER, desk.clock.now)
    assert await collected(desk) == [{"review": review}]

    await act(desk, HOLDER, review_collecting.collect, review)  # again, by somebody else
    assert await prints_of(desk, review) == there
    assert len(await collected(desk)) == 1


async def test_what_is_printed_after_that_is_to_be_collected_anew_and_a_press_that_comes_twice_is_one(desk):
    review = await given_printed(desk)
    first = await prints_of(desk, review)
    await given_held(desk, review)
    await given_record(desk, review)
    await act(desk, CONVENER, review_notes.print_notes, review, once="2")
    assert await prints_of(desk, review) == first  # the control: nobody had collected the first ones
    await act(desk, CONVENER, review_collecting.collect, review)
    await act(desk, CONVENER, review_notes.print_notes, review, once="2")
    assert not (await prints_of(desk, review)).out

    await desk.passes(minutes=1)
    await act(desk, CONVENER, review_notes.print_notes, review, once="3")

    again = await prints_of(desk, review)
    assert again.out
    assert again.printed_at > first.printed_at
    assert (await look(desk, CONVENER, review)).collects


async def test_where_nothing_was_printed_for_the_table_nobody_is_asked_and_nothing_is_noted(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    await given_brief(sqlite_desk, review)
    await given_held(sqlite_desk, review)
    await given_record(sqlite_desk, review)
    await act(sqlite_desk, HOLDER, review_notes.advise, review, "ゆっくりで大丈夫です。")
    await act(
        sqlite_desk, HOLDER, review_notes.print_advice, review, once="1"
    )  # for whoever asked, not for the table

    for person in (CONVENER, HOLDER, SUPERVISOR):
        book = await look(sqlite_desk, person, review)
        assert (book.papers, book.collects) == (None, False)
    with pytest.raises(NotFound):
        await act(sqlite_desk, CONVENER, review_collecting.collect, review)
    await next_day(sqlite_desk)
    await next_day(sqlite_desk, 20)
    told = await sqlite_desk.yamamoto.reads() + await sqlite_desk.sato.reads()
    assert "刷った紙" not in told
    assert WANTED not in await sqlite_desk.yamamoto.reads("C_COORD")
    assert await collected(sqlite_desk) == []


async def test_the_first_reminder_asks_for_papers_only_where_some_are_out(sqlite_desk):
    review = await given_printed(sqlite_desk)
    await given_held(sqlite_desk, review)
    assert "記録をまとめましょう" in await sqlite_desk.yamamoto.reads("C_COORD")
    assert WANTED in await sqlite_desk.yamamoto.reads("C_COORD")

    await sqlite_desk.yamamoto.presses(COLLECT, where="C_COORD")

    assert not (await prints_of(sqlite_desk, review)).out
    assert "書きとめました" in await before(sqlite_desk.yamamoto)


async def test_whoever_convened_is_asked_once_after_the_record_is_settled_while_the_desk_is_open(desk):
    review = await given_printed(desk)
    await given_held(desk, review)
    await given_record(desk, review, approved=False)
    await next_day(desk)
    assert ASKS not in await desk.yamamoto.reads()  # the control: it is still being written
    await given_approved(desk, review)
    await desk.passes(hours=12)  # at night
    assert ASKS not in await desk.yamamoto.reads()
    await next_day(desk, 3)  # over the weekend
    told = await desk.yamamoto.reads()
    assert told.count(ASKS) == 1
    async with desk.db.transaction(THE_CLOCK) as tx:  # as the outbox does after ninety days
        tx.connection.later("DELETE FROM outbox WHERE template = 'papers_out'", {})
    await next_day(desk)
    await next_day(desk, 10)
    assert (await desk.yamamoto.reads()).count(ASKS) == 1
    assert ASKS not in await desk.sato.reads()

    await desk.yamamoto.presses(COLLECT, where="bot")
    assert not (await prints_of(desk, review)).out


async def test_what_fell_due_while_the_desk_stood_still_is_asked_when_it_opens_not_at_night(sqlite_desk):
    review = await given_printed(sqlite_desk)
    await given_held(sqlite_desk, review)
    await given_record(sqlite_desk, review)
    night = sqlite_desk.clock.now.replace(hour=13, minute=0) + timedelta(days=4)  # 22 o'clock, Tokyo
    await sqlite_desk.passes(seconds=(night - sqlite_desk.clock.now).total_seconds())
    assert ASKS not in await sqlite_desk.yamamoto.reads()
    await next_day(sqlite_desk)
    assert (await sqlite_desk.yamamoto.reads()).count(ASKS) == 1


async def test_once_it_is_noted_nobody_is_asked(sqlite_desk):
    review = await given_printed(sqlite_desk)
    await given_held(sqlite_desk, review)
    await given_record(sqlite_desk, review)
    await act(sqlite_desk, HOLDER, review_collecting.collect, review)
    for _ in range(3):
        await next_day(sqlite_desk, 7)
    assert ASKS not in await sqlite_desk.yamamoto.reads()


async def test_a_record_nobody_settles_leaves_no_papers_forgotten(sqlite_desk):
    review = await given_printed(sqlite_desk)
    await given_held(sqlite_desk, review)
    await next_day(sqlite_desk, 12)
    assert ASKS not in await sqlite_desk.yamamoto.reads()  # the control: those invited still read it
    await next_day(sqlite_desk, 7)
    assert (await sqlite_desk.yamamoto.reads()).count(ASKS) == 1


async def test_of_a_review_that_is_called_off_papers_are_asked_for_too(sqlite_desk):
    review = await given_printed(sqlite_desk)
    with pytest.raises(NotNow):  # they are needed
        await act(sqlite_desk, CONVENER, review_collecting.collect, review)
    await act(sqlite_desk, CONVENER, review_times.cancel, review, "few")
    await next_day(sqlite_desk, 7)
    assert (await sqlite_desk.yamamoto.reads()).count(ASKS) == 1
    await sqlite_desk.yamamoto.presses(COLLECT, where="bot")
    assert (await prints_of(sqlite_desk, review)).collected_by == CONVENER


async def test_where_whoever_convened_convenes_no_more_the_coordinators_are_asked(sqlite_desk):
    review = await given_printed(sqlite_desk)
    await given_held(sqlite_desk, review)
    await given_record(sqlite_desk, review)
    assert (await review_of(sqlite_desk, review)).convener == CONVENER
    await people.grant(sqlite_desk.bot.desk, THE_CLOCK, SUPERVISOR, Role.COORDINATOR)
    await people.revoke(sqlite_desk.bot.desk, THE_CLOCK, CONVENER, Role.COORDINATOR)
    await next_day(sqlite_desk, 5)
    assert ASKS not in await sqlite_desk.yamamoto.reads()
    assert (await sqlite_desk.yamamoto.reads("C_COORD")).count(ASKS) == 1


async def test_only_whoever_may_write_the_record_notes_it(sqlite_desk):
    review = await given_printed(sqlite_desk)
    await given_held(sqlite_desk, review)
    await given_record(sqlite_desk, review)
    for person in (ACADEMIC, PSY, OTHER, SUPERVISOR, "U_TANAKA", "U_TAKAGI"):
        with pytest.raises(NotInvited):
            await act(sqlite_desk, person, review_collecting.collect, review)
    book = await look(sqlite_desk, PSY, review)
    assert (book.papers, book.collects) == (None, False)
    book = await look(
        sqlite_desk, SUPERVISOR, review
    )  # who settles it sees that they are out, and cannot say so
    assert book.papers.out
    assert not book.collects
    assert await collected(sqlite_desk) == []
    await act(sqlite_desk, HOLDER, review_collecting.collect, review)  # the control
    assert len(await collected(sqlite_desk)) == 1
