"""The record of a review: issues and what is done about them, kept, approved by somebody else, told and followed."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from bot.domain.directory import NotOfStaff
from bot.domain.refusals import Changed, InThePast, Missing
from bot.domain.review import Full, NotInvited, NotNow, Stage
from bot.domain.review_papers import Issue, NotApproved, OwnNotes
from bot.domain.staff import THE_CLOCK, Role
from bot.practice.person import words
from bot.usecases import closing, people, review_notes, reviews, sittings
from bot.usecases.desk import Identified
from bot.usecases.papers import NothingToPrint
from bot.usecases.review_notes import digest
from tests.review_papers import (
    ISSUE,
    SUPERVISOR,
    act,
    comes_to,
    given_approved,
    given_held,
    given_record,
    given_sitting,
)
from tests.reviews import ACADEMIC, CONVENER, HOLDER, OTHER, PSY, review_of, stage_of, stated

DUE = date(2026, 12, 10)


async def given_over(desk, **more) -> str:
    """A review that is over; its id."""
    review = await given_sitting(desk, **more)
    await given_held(desk, review)
    return review


async def look(desk, person: str, review: str):
    return await act(desk, person, review_notes.look, review)


async def before(person) -> str:
    await person.desk.settle()
    return words(await person.top_view())


async def files(desk) -> list[str]:
    return [each.name for each in desk.workspace.world.files.values()]


async def test_the_record_is_written_in_windows_and_approved_by_another(desk):
    review = await given_over(desk)
    await people.grant(desk.bot.desk, THE_CLOCK, SUPERVISOR, Role.SUPERVISOR)
    sato, suzuki = desk.sato, desk.person(SUPERVISOR)
    await sato.open_home()
    await sato.presses("notes.open", where="home")
    await sato.presses("notes.issue", where="view")
    await sato.fills_and_sends(
        issue="山田花子さんに会えない", view=ISSUE.view, short=ISSUE.short, long=ISSUE.long
    )
    assert "このように伏せました" in await before(sato)
    await sato.fills_and_sends()
    await sato.presses("notes.dissent", where="view")
    await sato.fills_and_sends(dissent="急がず、半年待つという見方もあった。")
    await sato.presses("notes.task", where="view")
    await sato.fills_and_sends(task="娘さんに電話をする", who=HOLDER, due="2026-12-10")
    said = await before(sato)
    assert "山田" not in said
    assert "急がず、半年待つ" in said
    assert "12月10日(木)まで" in said

    await suzuki.open_home()
    await suzuki.presses("notes.open", where="home")
    await suzuki.presses("notes.approve", where="view")

    assert await stage_of(desk, review) is Stage.APPROVED
    assert "確かめて、確定しました" in await before(suzuki)
    assert "記録がまとまりました" in await desk.hayashi.reads()
    assert "お願いすることが決まりました" in await sato.reads()
    await desk.hayashi.presses("notes.open", where="bot")
    said = await before(desk.hayashi)
    assert "急がず、半年待つ" in said
    assert "謝金" not in said
    assert "直す" not in said


async def test_whoever_wrote_does_not_settle_it_alone_unless_the_organisation_says_so(desk):
    review = await given_over(desk)
    await act(desk, CONVENER, review_notes.keep_issue, review, 99, "", ISSUE)
    await act(desk, HOLDER, review_notes.keep_dissent, review, digest(Issue("")), "ほかの見方もあった。")
    book = await look(desk, CONVENER, review)
    with pytest.raises(OwnNotes):
        await act(desk, CONVENER, review_notes.approve, review, book.notes.version)
    assert await stage_of(desk, review) is Stage.HELD

    rules = desk.bot.desk.organisation.reviews.model_copy(update={"own_record": True})
    own = replace(
        desk.bot.desk, organisation=desk.bot.desk.organisation.model_copy(update={"reviews": rules})
    )
    await review_notes.approve(own, await desk.actor(CONVENER), review, book.notes.version)
    assert await stage_of(desk, review) is Stage.APPROVED


async def test_who_may_not_approve_does_not(sqlite_desk):
    review = await given_over(sqlite_desk)
    await given_record(sqlite_desk, review, approved=False)
    for person in (PSY, ACADEMIC, HOLDER, OTHER, "U_TANAKA"):
        with pytest.raises(NotInvited):
            await act(sqlite_desk, person, review_notes.approve, review, 0)
    with pytest.raises(Changed):  # not as it was read
        await act(sqlite_desk, CONVENER, review_notes.approve, review, 7)
    assert await stage_of(sqlite_desk, review) is Stage.HELD
    book = await look(sqlite_desk, CONVENER, review)
    await act(sqlite_desk, CONVENER, review_notes.approve, review, book.notes.version)
    await act(sqlite_desk, CONVENER, review_notes.approve, review, book.notes.version)
    assert (await sqlite_desk.sato.reads()).count("お願いすることが決まりました") == 1


async def test_an_empty_record_is_not_approved(sqlite_desk):
    review = await given_over(sqlite_desk)
    with pytest.raises(NotApproved):
        await act(sqlite_desk, CONVENER, review_notes.approve, review, 0)


async def test_the_record_is_for_those_invited_once_approved_and_until_it_closes(desk):
    review = await given_over(desk)
    await given_record(desk, review, approved=False)
    with pytest.raises(NotApproved):
        await look(desk, PSY, review)
    assert (await look(desk, HOLDER, review)).notes.issues == (ISSUE,)
    await given_approved(desk, review)

    assert (await look(desk, PSY, review)).notes.issues == (ISSUE,)
    for person in (OTHER, "U_TAKAGI", "U_TANAKA"):
        with pytest.raises(NotInvited):
            await look(desk, person, review)
    await desk.passes(days=7, minutes=-1)
    assert (await look(desk, PSY, review)).notes.issues == (ISSUE,)
    await desk.passes(minutes=1)  # a week after it was settled
    with pytest.raises(NotInvited):
        await look(desk, PSY, review)
    assert (await look(desk, HOLDER, review)).notes.issues == (ISSUE,)


async def test_what_is_left_half_written_survives(desk):
    review = await given_over(desk)
    sato = desk.sato
    typed = {name: {"type": "plain_text_input", "value": text} for name, text in (
        ("view", "山田花子さんは、断ることで暮らしを守っている。"), ("short", ""))}  # fmt: skip
    await sato.sends_anyway(
        "notes_issue.submit", {"r": review, "n": 99, "d": digest(None)}, closed=True, **typed
    )

    [issue] = (await look(desk, HOLDER, review)).notes.issues
    assert issue.issue == "（書きかけ）"
    assert "断ることで暮らしを守っている" in issue.view
    assert "山田" not in issue.view


async def test_issues_are_changed_taken_away_and_never_overwritten(desk):
    review = await given_over(desk)
    keep = review_notes.keep_issue
    other = Issue("お金のこと")
    for issue in (ISSUE, ISSUE, other):  # the first was sent twice
        await act(desk, HOLDER, keep, review, 99, "", issue)
    assert (await look(desk, HOLDER, review)).notes.issues == (ISSUE, other)

    changed = replace(other, view="見通しがない。")
    await act(desk, HOLDER, keep, review, 1, digest(other), changed)
    with pytest.raises(Changed):
        await act(desk, CONVENER, keep, review, 1, digest(other), replace(other, view="別の見方。"))
    with pytest.raises(Missing):
        await act(desk, HOLDER, keep, review, 1, digest(changed), replace(changed, issue=" "))
    await act(desk, HOLDER, keep, review, 0, digest(ISSUE), Issue(""))
    assert (await look(desk, HOLDER, review)).notes.issues == (changed,)

    for n in range(3):
        await act(desk, HOLDER, keep, review, 99, "", Issue(f"課題{n}"))
    with pytest.raises(Full):
        await act(desk, HOLDER, keep, review, 99, "", Issue("もうひとつの課題"))
    with pytest.raises(Identified):
        await act(desk, HOLDER, keep, review, 0, digest(changed), Issue("山田花子さんのこと"))


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


async def test_nothing_is_written_before_it_began_nor_after_it_is_settled(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    with pytest.raises(NotNow):
        await act(sqlite_desk, HOLDER, review_notes.keep_issue, review, 99, "", ISSUE)
    await comes_to(sqlite_desk, review)
    await act(sqlite_desk, CONVENER, sittings.begin, review)
    await act(sqlite_desk, HOLDER, review_notes.keep_issue, review, 99, "", ISSUE)  # while it goes on
    await sqlite_desk.passes(hours=2)
    await given_approved(sqlite_desk, review)
    for do, more in (
        (review_notes.keep_issue, (99, "", Issue("あとから"))),
        (review_notes.keep_task, ("", "あとから", HOLDER, DUE)),
        (review_notes.attend, (PSY, 60)),
    ):
        with pytest.raises(NotNow):
            await act(sqlite_desk, HOLDER, do, review, *more)


async def test_the_supporter_hears_it_in_plain_words_and_has_it_on_paper(desk):
    review = await given_over(desk)
    await given_record(desk, review)
    with pytest.raises(NothingToPrint):
        await act(desk, "U_TAKAGI", review_notes.print_advice, review, once="0")
    _, _, drawn = await act(desk, HOLDER, review_notes.advice_drawn, review)
    assert drawn == f"{ISSUE.short}\n{ISSUE.long}"
    sato, takagi = desk.sato, desk.takagi
    await sato.presses("notes.advise", where="bot")
    await sato.fills_and_sends(advice="山田花子さんには、玄関先で天気の話をしてみてください。")
    await sato.fills_and_sends()

    assert "専門職といっしょに考えました" in await takagi.reads()
    await takagi.presses("own.open", where="bot")
    said = await before(takagi)
    assert "玄関先で天気の話" in said
    assert "山田" not in said
    await takagi.presses("advice.print", where="bot")
    assert any(name.endswith("-review.pdf") for name in await files(desk))
    sent = "専門職といっしょに考えました"
    await act(desk, HOLDER, review_notes.advise, review, (await look(desk, HOLDER, review)).advice.text)
    assert (await takagi.reads()).count(sent) == 1

    await desk.passes(days=14, hours=1)  # asked how it went
    assert await takagi.has("follow_up.helped", where="bot")
    for person in (PSY, OTHER):
        with pytest.raises(NotInvited):
            await act(desk, person, review_notes.print_advice, review, once="1")
    for person in (HOLDER, CONVENER, "U_TANAKA"):
        await act(desk, person, review_notes.print_advice, review, once="1")


async def test_nothing_is_told_before_the_record_is_settled(sqlite_desk):
    review = await given_over(sqlite_desk)
    await given_record(sqlite_desk, review, approved=False)
    for do, more in ((review_notes.advice_drawn, ()), (review_notes.advise, ("天気の話をする。",))):
        with pytest.raises(NotApproved):
            await act(sqlite_desk, HOLDER, do, review, *more)
        with pytest.raises(NotInvited):
            await act(sqlite_desk, PSY, do, review, *more)
    assert (await review_of(sqlite_desk, review)).stage is Stage.HELD


async def test_who_has_no_slack_is_handed_a_page_by_whoever_took_their_call(desk):
    review = await given_over(desk)
    await given_record(desk, review)
    await _alter(desk, review)

    await act(desk, HOLDER, review_notes.advise, review, "玄関先で天気の話をしてみてください。")

    tanaka = desk.tanaka
    assert "お渡しください" in await tanaka.reads()
    await tanaka.presses("advice.print", where="bot")
    assert any(name.endswith("-review.pdf") for name in await files(desk))
    assert "専門職といっしょに" not in await desk.takagi.reads()


async def _case(desk, review: str):
    async with desk.db.reading() as ask:
        return await ask.consultations.get((await ask.reviews.get(review)).consultation)


async def _alter(desk, review: str) -> None:
    """Let it be as if an operator had entered it for somebody without Slack."""
    case = await _case(desk, review)
    async with desk.db.transaction(await desk.actor("U_TANAKA")) as tx:
        tx.connection.later(
            "UPDATE consultations SET supporter = NULL, entered_by = 'U_TANAKA' WHERE id = :id",
            {"id": case.id},
        )


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


async def test_a_consultation_that_was_taken_back_is_written_and_told_about_no_more(desk):
    review = await given_over(desk)
    await given_record(desk, review, approved=False)
    case = await _case(desk, review)
    book = await look(desk, CONVENER, review)
    await act(desk, "U_TAKAGI", closing.withdraw, case.id)
    for do, more in (
        (review_notes.keep_issue, (99, "", Issue("あとから"))),
        (review_notes.keep_task, ("", "あとから", HOLDER, DUE)),
        (review_notes.approve, (book.notes.version,)),
    ):
        with pytest.raises(NotNow):
            await act(desk, CONVENER, do, review, *more)
    assert await stage_of(desk, review) is Stage.HELD


async def test_nothing_is_told_about_a_consultation_that_was_taken_back(sqlite_desk):
    review = await given_over(sqlite_desk)
    await given_record(sqlite_desk, review)
    await act(sqlite_desk, "U_TAKAGI", closing.withdraw, (await _case(sqlite_desk, review)).id)
    with pytest.raises(NotNow):
        await act(sqlite_desk, CONVENER, review_notes.advise, review, "天気の話をする。")
    assert await sqlite_desk.how_many("review_advice") == 0


async def test_the_settled_record_is_on_paper_with_what_some_saw_otherwise_and_nobody_in_it(sqlite_desk):
    review = await given_over(sqlite_desk)
    await act(
        sqlite_desk, HOLDER, review_notes.keep_dissent, review, digest(Issue("")), "半年は待つ、という見方。"
    )
    with pytest.raises(NotApproved):
        await act(sqlite_desk, CONVENER, review_notes.print_notes, review, once="0")
    await given_record(sqlite_desk, review)
    await sqlite_desk.yamamoto.presses_anyway("notes.open", review)
    await sqlite_desk.yamamoto.presses("notes.print", where="view")
    [file] = [each for each in sqlite_desk.workspace.world.files.values() if each.name.endswith("-notes.pdf")]
    said = "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(file.body)).pages)
    for part in (
        ISSUE.issue,
        ISSUE.view,
        ISSUE.short,
        ISSUE.long,
        "半年は待つ、という見方。",
        "事例提供者令和8年12月10日(木)まで",
        "89分",
    ):
        assert part in said
    for name in ("佐藤", "林", "山本", "U_"):
        assert name not in said
    for person in (PSY, ACADEMIC, OTHER, "U_TAKAGI", "U_TANAKA", SUPERVISOR):
        with pytest.raises(NotInvited):
            await act(sqlite_desk, person, review_notes.print_notes, review, once="1")

    await act(sqlite_desk, "U_TAKAGI", closing.withdraw, (await _case(sqlite_desk, review)).id)
    await sqlite_desk.ask_the_clock()
    assert not any(name.endswith("-notes.pdf") for name in await files(sqlite_desk))


async def test_who_has_no_slack_is_asked_by_telephone_how_it_went(desk):
    review = await given_over(desk)
    await given_record(desk, review)
    await _alter(desk, review)
    await act(desk, HOLDER, review_notes.advise, review, "玄関先で天気の話をしてみてください。")
    await desk.passes(days=13)
    assert "2週間ほどになります" not in await desk.sato.reads()
    await desk.passes(days=1, minutes=1)
    await desk.passes(minutes=10)
    assert (await desk.sato.reads()).count("2週間ほどになります") == 1
    assert await desk.sato.has("activity.open", where="bot")


async def test_a_supporter_with_slack_is_not_asked_twice(sqlite_desk):
    review = await given_over(sqlite_desk)
    await given_record(sqlite_desk, review)
    await act(sqlite_desk, HOLDER, review_notes.advise, review, "玄関先で天気の話をしてみてください。")
    await sqlite_desk.passes(days=14, hours=1)
    assert "2週間ほどになります" not in await sqlite_desk.sato.reads()


async def test_a_page_is_handed_on_by_somebody_who_can_print_it(sqlite_desk):
    review = await given_over(sqlite_desk)
    await given_record(sqlite_desk, review)
    await _alter(sqlite_desk, review)
    await people.revoke(sqlite_desk.bot.desk, THE_CLOCK, "U_TANAKA", Role.OPERATOR)
    await act(sqlite_desk, HOLDER, review_notes.advise, review, "玄関先で天気の話をしてみてください。")
    assert "お渡しください" not in await sqlite_desk.tanaka.reads()
    await sqlite_desk.sato.presses("advice.print", where="bot")
    assert any(name.endswith("-review.pdf") for name in await files(sqlite_desk))


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


async def test_whoever_sat_in_it_finds_no_door_to_a_record_that_is_still_being_written(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    await given_held(sqlite_desk, review)
    await given_record(sqlite_desk, review, approved=False)

    await sqlite_desk.hayashi.open_home()
    assert "記録は、いままとめているところです" in await sqlite_desk.hayashi.reads("home")
    assert not await sqlite_desk.hayashi.has("notes.open", where="home")
    await sqlite_desk.sato.open_home()  # the control: whoever presents writes at it
    assert await sqlite_desk.sato.has("notes.open", where="home")

    await given_approved(sqlite_desk, review)
    await sqlite_desk.hayashi.open_home()
    assert await sqlite_desk.hayashi.has("notes.open", where="home")


async def test_two_who_write_the_advice_do_not_write_over_each_other(desk):
    review = await given_over(desk)
    await given_record(desk, review)
    sato, yamamoto = desk.sato, desk.yamamoto
    for person in (sato, yamamoto):
        await person.presses_anyway("notes.advise", review)
    await sato.fills_and_sends(advice="玄関先で天気の話をしてみてください。")
    await desk.passes(minutes=1)
    await yamamoto.fills_and_sends(advice="犬の話をしてみてください。")

    assert "ほかの方が書きかえました" in await yamamoto.refused()
    assert (await look(desk, HOLDER, review)).advice.text == "玄関先で天気の話をしてみてください。"
