"""A review while it is held: what one's role asks of one, steps that pass, a fixed end, and what is said after it."""

from datetime import timedelta

import pytest

from bot.domain.refusals import NotAllowed
from bot.domain.review import NotInvited, NotNow, Stage
from bot.domain.review_papers import NotYet
from bot.practice.person import words
from bot.usecases import review_notes, review_polls, review_times, reviews, sittings
from tests.review_papers import ISSUE, act, comes_to, given_held
from tests.reviews import (
    ACADEMIC,
    CONVENER,
    HOLDER,
    OTHER,
    PSY,
    answers,
    at,
    fixes,
    given_experts,
    given_poll,
    given_review,
    invited,
    review_of,
    stage_of,
    stated,
)


async def given_roles(desk) -> str:
    """A fixed review in which the psychologist advises and the academic leads; its id."""
    await given_experts(desk)
    review = await given_poll(desk)
    for person, role in ((PSY, "adviser"), (ACADEMIC, "facilitator")):
        await act(desk, CONVENER, reviews.seat, review, person, role=role)
    for person in await invited(desk, review):
        await answers(desk, review, person, "○○")
    await fixes(desk, review, 0)
    return review


async def sitting_of(desk, review: str):
    async with desk.db.reading() as ask:
        return await ask.review_papers.sitting(review)


async def card(desk, person=ACADEMIC) -> str:
    """The one message with the steps."""
    await desk.settle()
    found = [
        each
        for each in await desk.person(person).texts("bot")
        if "おわりにする" in each or "は終わりました" in each
    ]
    assert len(found) == 1
    return found[0]


async def test_each_hears_a_day_before_what_their_own_role_asks_and_only_that(sqlite_desk):
    review = await given_roles(sqlite_desk)
    await comes_to(sqlite_desk, review)  # nothing is said while the clock jumps over the day before
    sqlite_desk.clock.advance(days=-1)
    await sqlite_desk.ask_the_clock()
    await sqlite_desk.ask_the_clock()

    said = {person: await sqlite_desk.person(person).reads() for person in (PSY, ACADEMIC, HOLDER)}
    assert "助言者のあなたへ" in said[PSY]
    assert "進行のあなたへ" in said[ACADEMIC]
    assert "事例提供者のあなたへ" in said[HOLDER]
    assert said[ACADEMIC].count("進行のあなたへ") == 1
    assert "助言者のあなたへ" not in said[ACADEMIC] + said[HOLDER]
    assert "あなたへ" not in await sqlite_desk.person(OTHER).reads()


async def test_nobody_is_told_at_night(sqlite_desk):
    review = await given_roles(sqlite_desk)
    starts_at = (await review_of(sqlite_desk, review)).starts_at
    night = starts_at - timedelta(hours=13)  # nine in the evening
    sqlite_desk.clock.advance(seconds=(night - sqlite_desk.clock.now).total_seconds())
    await sqlite_desk.ask_the_clock()
    assert "あなたへ" not in await sqlite_desk.person(PSY).reads()

    await sqlite_desk.passes(hours=11, minutes=1)
    assert "助言者のあなたへ" in await sqlite_desk.person(PSY).reads()


async def test_the_card_tells_promises_steps_and_the_end(sqlite_desk):
    review = await given_roles(sqlite_desk)
    await comes_to(sqlite_desk, review)
    hayashi = sqlite_desk.hayashi
    await hayashi.open_home()
    await hayashi.presses("sitting.open", where="home")
    said = words(await hayashi.top_view())
    assert "11時30分に終わります" in said
    assert "責めません" in said
    assert "10時　約束ごとと事例提供者のねがい（10分）" in said
    assert "助言者のあなたへ" in said
    assert not await hayashi.has("sitting.begin", where="view")

    okada = sqlite_desk.okada
    await okada.open_home()
    await okada.presses("sitting.open", where="home")
    await okada.presses("sitting.begin", where="view")
    assert "*いま*" in str(await okada.top_view())


async def test_steps_pass_by_the_clock_in_one_message_and_no_more_than_one_edit_each(desk):
    review = await given_roles(desk)
    await comes_to(desk, review)
    await act(desk, ACADEMIC, sittings.begin, review)
    await act(desk, ACADEMIC, sittings.begin, review)
    assert "約束ごとと事例提供者のねがい" in await card(desk)
    edits = "SELECT wanted FROM outbox WHERE template = 'sitting_steps'"

    for _ in range(9):
        await desk.passes(minutes=1)
    assert (await sitting_of(desk, review)).step == 0
    assert [each["wanted"] for each in await desk.rows(edits)] == [1]
    await desk.passes(minutes=1)
    await desk.ask_the_clock()

    assert (await sitting_of(desk, review)).step == 1
    assert [each["wanted"] for each in await desk.rows(edits)] == [2]
    assert "10時55分まで" in await card(desk)


async def test_who_leads_goes_on_early_and_the_end_stays(desk):
    review = await given_roles(desk)
    await comes_to(desk, review)
    await act(desk, ACADEMIC, sittings.begin, review)
    await desk.passes(minutes=5)
    await desk.okada.presses("sitting.next", f"{review}/0", where="bot")
    await act(desk, ACADEMIC, sittings.go_on, review, 0)  # pressed twice

    sitting = await sitting_of(desk, review)
    assert sitting.step == 1
    steps = sittings.drawn_steps(await review_of(desk, review), sitting)
    assert steps[0].since == desk.clock.now
    assert steps[-1].until == (await review_of(desk, review)).ends_at


async def test_begun_late_it_still_ends_in_time(sqlite_desk):
    review = await given_roles(sqlite_desk)
    await comes_to(sqlite_desk, review)
    await sqlite_desk.passes(minutes=30)
    await act(sqlite_desk, ACADEMIC, sittings.begin, review)
    steps = sittings.drawn_steps(await review_of(sqlite_desk, review), await sitting_of(sqlite_desk, review))
    assert len(steps) == 5
    assert steps[-1].until == (await review_of(sqlite_desk, review)).ends_at


async def test_after_a_silence_of_the_clock_the_right_step_is_shown(desk):
    review = await given_roles(desk)
    await comes_to(desk, review)
    await act(desk, ACADEMIC, sittings.begin, review)
    await desk.passes(minutes=71)
    assert (await sitting_of(desk, review)).step == 3
    assert "手がかりを持ち帰る" in await card(desk)


async def test_it_ends_once_with_thanks_hours_and_what_is_owed(desk):
    review = await given_roles(desk)
    await stated(desk, PSY, honorarium=8000)
    await given_held(desk, review)
    await act(desk, CONVENER, sittings.end, review)
    await desk.passes(minutes=5)

    assert await stage_of(desk, review) is Stage.HELD
    said = await desk.sato.reads()
    assert said.count("大切な事例をお話しくださり") == 1
    assert "記録をまとめましょう" in await desk.okada.reads()  # nobody writes: whoever leads
    assert "記録をまとめましょう" not in await desk.hayashi.reads()
    assert (await desk.yamamoto.reads("C_COORD")).count("忘れないうちに") == 1
    there = {each["staff"]: each for each in await desk.rows("SELECT * FROM review_attendance")}
    assert set(there) == {PSY, ACADEMIC, HOLDER}
    assert (there[PSY]["minutes"], there[PSY]["honorarium"]) == (89, round(8000 * 89 / 60))
    assert there[ACADEMIC]["honorarium"] == 0


async def test_a_review_nobody_began_here_was_held_all_the_same(desk):
    review = await given_roles(desk)
    await comes_to(desk, review)
    await desk.passes(minutes=91)
    await desk.passes(minutes=1)

    assert await stage_of(desk, review) is Stage.HELD
    assert (await desk.sato.reads()).count("大切な事例をお話しくださり") == 1
    assert {each["minutes"] for each in await desk.rows("SELECT minutes FROM review_attendance")} == {90}


async def test_only_who_leads_leads_and_not_long_before(sqlite_desk):
    review = await given_roles(sqlite_desk)
    with pytest.raises(NotYet):
        await act(sqlite_desk, ACADEMIC, sittings.begin, review)
    await comes_to(sqlite_desk, review)
    for person in (PSY, HOLDER, OTHER, "U_TAKAGI"):
        for do, more in ((sittings.begin, ()), (sittings.go_on, (0,)), (sittings.end, ())):
            with pytest.raises(NotInvited):
                await act(sqlite_desk, person, do, review, *more)
    with pytest.raises(NotNow):
        await act(sqlite_desk, ACADEMIC, sittings.end, review)  # it did not begin
    assert await sitting_of(sqlite_desk, review) is None
    await act(sqlite_desk, CONVENER, sittings.begin, review)  # the control


async def test_who_is_out_does_not_enter(sqlite_desk):
    review = await given_roles(sqlite_desk)
    await act(sqlite_desk, PSY, sittings.enter, review)
    await act(sqlite_desk, PSY, review_times.decline, review)
    for person in (PSY, OTHER):
        with pytest.raises(NotInvited):
            await act(sqlite_desk, person, sittings.enter, review)
    await comes_to(sqlite_desk, review)
    await sqlite_desk.passes(days=15)
    with pytest.raises(NotAllowed):
        await act(sqlite_desk, ACADEMIC, sittings.enter, review)


async def test_before_a_time_is_fixed_there_is_no_card(sqlite_desk):
    review = await given_review(sqlite_desk)
    with pytest.raises(NotNow):
        await act(sqlite_desk, HOLDER, sittings.enter, review)


async def given_begun(desk) -> str:
    """A review that began; its id."""
    review = await given_roles(desk)
    await comes_to(desk, review)
    await act(desk, ACADEMIC, sittings.begin, review)
    return review


async def test_called_off_after_it_began_nobody_is_thanked_for_it(desk):
    review = await given_begun(desk)
    await act(desk, CONVENER, review_times.cancel, review, "few")
    await desk.ask_the_clock()
    await desk.passes(hours=2)

    assert await stage_of(desk, review) is Stage.CANCELLED
    assert await desk.how_many("review_attendance") == 0
    assert "大切な事例をお話しくださり" not in await desk.sato.reads()
    assert "予定が変わった" in await desk.okada.reads()
    for do, more in ((sittings.go_on, (0,)), (sittings.end, ())):
        with pytest.raises(NotNow):
            await act(desk, CONVENER, do, review, *more)


async def test_moved_after_it_began_it_begins_anew_at_its_time(desk):
    review = await given_begun(desk)
    await fixes(desk, review, 1)  # a day later
    with pytest.raises(NotNow):  # between two questions of the clock
        await act(desk, ACADEMIC, sittings.go_on, review, 0)
    with pytest.raises(NotNow):
        await act(desk, HOLDER, review_notes.keep_issue, review, 99, "", ISSUE)
    await desk.ask_the_clock()
    await desk.passes(hours=2)
    assert await stage_of(desk, review) is Stage.FIXED
    assert "大切な事例をお話しくださり" not in await desk.sato.reads()

    await comes_to(desk, review)
    await act(desk, ACADEMIC, sittings.begin, review)
    steps = sittings.drawn_steps(await review_of(desk, review), await sitting_of(desk, review))
    assert (steps[0].since, steps[0].minutes) == (at(4), 10)


async def test_asked_about_again_after_it_began_it_is_not_over(desk):
    review = await given_begun(desk)
    await act(desk, CONVENER, review_polls.poll, review, [at(18), at(21)], None, at(16))
    await desk.ask_the_clock()
    assert await sitting_of(desk, review) is None
    assert await desk.how_many("review_attendance") == 0


async def test_whoever_is_late_to_press_costs_nobody_their_hours(desk):
    review = await given_roles(desk)
    await stated(desk, PSY, honorarium=6000)
    await comes_to(desk, review)
    await desk.passes(minutes=80)
    await act(desk, ACADEMIC, sittings.begin, review)
    await desk.passes(minutes=10)
    there = {each["staff"]: each for each in await desk.rows("SELECT * FROM review_attendance")}
    assert (there[PSY]["minutes"], there[PSY]["honorarium"]) == (90, 9000)


async def test_after_the_fixed_end_it_does_not_begin(sqlite_desk):
    review = await given_roles(sqlite_desk)
    await comes_to(sqlite_desk, review)
    sqlite_desk.clock.advance(minutes=90)
    await act(sqlite_desk, ACADEMIC, sittings.begin, review)
    assert await sitting_of(sqlite_desk, review) is None
    await sqlite_desk.ask_the_clock()
    await sqlite_desk.ask_the_clock()
    assert await stage_of(sqlite_desk, review) is Stage.HELD
    assert {each["minutes"] for each in await sqlite_desk.rows("SELECT minutes FROM review_attendance")} == {
        90
    }


async def test_whoever_keeps_the_time_sees_the_steps_and_no_button_that_is_not_theirs(sqlite_desk):
    review = await given_roles(sqlite_desk)
    await act(sqlite_desk, CONVENER, reviews.seat, review, PSY, role="timekeeper")
    await comes_to(sqlite_desk, review)
    await act(sqlite_desk, ACADEMIC, sittings.begin, review)
    assert "約束ごとと事例提供者のねがい" in await sqlite_desk.hayashi.reads()
    for person, leads in ((sqlite_desk.hayashi, False), (sqlite_desk.okada, True)):
        for button in ("sitting.next", "sitting.end"):
            assert await person.has(button, where="bot") is leads
