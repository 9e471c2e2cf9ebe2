"""What a review leaves to do: somebody has it and a day, it is called to mind, and done with one press."""

from datetime import date

import pytest

from bot.domain.directory import NotOfStaff
from bot.domain.refusals import InThePast, Missing
from bot.domain.review import NotInvited
from bot.domain.staff import THE_CLOCK, Role
from bot.usecases import people, review_notes
from bot.usecases.desk import Identified
from tests.review_papers import DUE, act, given_over, given_record, look
from tests.reviews import HOLDER, OTHER, PSY, before


async def test_tasks_have_somebody_and_a_day(sqlite_desk):
    review = await given_over(sqlite_desk)
    keep = review_notes.keep_task
    for text, who, due, refusal, field in (
        ("", HOLDER, DUE, Missing, "task"),
        ("電話をする", None, DUE, Missing, "who"),
        ("電話をする", HOLDER, None, Missing, "due"),
        ("電話をする", HOLDER, date(2026, 12, 2), InThePast, "due"),
        ("電話をする", "U_KITAMURA", DUE, NotOfStaff, "who"),
        ("山田花子さんに電話をする", HOLDER, DUE, Identified, "task"),
    ):
        with pytest.raises(refusal) as refused:
            await act(sqlite_desk, HOLDER, keep, review, "", text, who, due)
        assert refused.value.field == field
    await act(sqlite_desk, HOLDER, keep, review, "", "電話をする", HOLDER, DUE)
    await act(sqlite_desk, HOLDER, keep, review, "", "電話をする", HOLDER, DUE)
    await act(sqlite_desk, HOLDER, keep, review, "", "ようすを書く", "U_TAKAGI", DUE)  # the supporter's own
    one, two = (await look(sqlite_desk, HOLDER, review)).tasks
    await act(sqlite_desk, HOLDER, keep, review, one.id, "", None, None)
    assert [each.id for each in (await look(sqlite_desk, HOLDER, review)).tasks] == [two.id]


async def test_a_task_is_called_to_mind_and_done_with_one_press(desk):
    review = await given_over(desk)
    await given_record(desk, review)  # due on the tenth
    sato = desk.sato
    await desk.passes(days=5)  # the eighth
    assert "あした" not in await sato.reads()
    await desk.passes(days=1)
    await desk.passes(minutes=10)
    assert (await sato.reads()).count("は、あした") == 1
    await desk.passes(days=1)
    assert (await sato.reads()).count("いかがでしょうか") == 1
    await desk.passes(days=2)
    assert "まだのようです" not in await desk.yamamoto.reads("C_COORD")
    await desk.passes(days=1)
    await desk.passes(minutes=10)
    assert (await desk.yamamoto.reads("C_COORD")).count("まだのようです") == 1

    await sato.presses("task.open", where="bot")
    assert "娘さんに電話で" in await before(sato)
    await sato.presses("task.done", where="view")
    await sato.open_home()
    assert not await sato.has("task.done", where="home")
    trail = await desk.trail()
    [task] = await desk.rows("SELECT id FROM review_tasks")
    await act(desk, HOLDER, review_notes.do, task["id"])
    assert await desk.trail() == trail


async def test_a_task_is_its_own_persons_alone(sqlite_desk):
    review = await given_over(sqlite_desk)
    await given_record(sqlite_desk, review)
    [task] = await sqlite_desk.rows("SELECT id, text_sealed FROM review_tasks")
    assert "電話" not in task["text_sealed"]
    for person in (PSY, OTHER, "U_TAKAGI", "U_TANAKA"):
        for do in (review_notes.read_task, review_notes.do):
            with pytest.raises(NotInvited):
                await act(sqlite_desk, person, do, task["id"])
    await act(sqlite_desk, HOLDER, review_notes.do, task["id"])  # the control


async def test_a_task_of_somebody_who_left_is_the_coordinators_to_know(desk):
    review = await given_over(desk)
    await given_record(desk, review)  # due on the tenth
    await people.revoke(desk.bot.desk, THE_CLOCK, HOLDER, Role.COUNSELOR)
    await desk.passes(days=6)
    assert "あした" not in await desk.sato.reads()
    assert "まだのようです" not in await desk.yamamoto.reads("C_COORD")
    await desk.passes(days=1)
    await desk.passes(minutes=10)
    assert (await desk.yamamoto.reads("C_COORD")).count("まだのようです") == 1
    assert "いかがでしょうか" not in await desk.sato.reads()
    await desk.sato.open_home()
    assert not await desk.sato.has("task.open", where="home")
