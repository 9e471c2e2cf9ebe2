"""○ △ ×: everybody invited answers for themselves; nobody sees it before its time; who is silent is asked again, kindly."""

from datetime import time

import pytest

from bot.domain.refusals import InThePast, Missing, NotAllowed
from bot.domain.review import (
    Answered,
    AtNight,
    Clash,
    ClosedDay,
    DeadlineTooLate,
    NobodyInvited,
    NotInvited,
    PollOpen,
    PollOver,
    Says,
    Stage,
)
from bot.practice.person import words
from bot.usecases import review_polls, review_times, reviews
from bot.usecases.desk import Identified
from tests.reviews import (
    ACADEMIC,
    CONVENER,
    DEADLINE,
    HOLDER,
    OTHER,
    PSY,
    answers,
    at,
    board,
    fixes,
    given_experts,
    given_fixed,
    given_people,
    given_poll,
    given_review,
    slots_of,
    stage_of,
    stated,
)

COORD = "C_COORD"


async def poll(desk, review, starts, own=None, deadline=DEADLINE):
    return await review_polls.poll(desk.bot.desk, await desk.actor(CONVENER), review, starts, own, deadline)


# Proposing


async def test_times_are_proposed_where_everybody_needed_is_free_and_the_desk_is_open(desk):
    await given_experts(desk)
    await stated(desk, PSY, hours={2: ((time(13), time(17)),)})  # Wednesday afternoons
    review = await given_review(desk)
    await given_people(desk, review, required=(PSY,), optional=(ACADEMIC,))

    _, found = await review_polls.proposals(desk.bot.desk, await desk.actor(CONVENER), review)

    assert found
    assert {each.starts_at.astimezone(at(1).tzinfo).weekday() for each in found} == {2}
    assert all(each.free == each.of == 3 for each in found)
    assert all(
        at(1).time().replace(hour=13) <= each.starts_at.timetz().replace(tzinfo=None) for each in found
    )


async def test_times_that_cannot_be_are_refused_kindly(sqlite_desk):
    await given_experts(sqlite_desk)
    review = await given_review(sqlite_desk)
    for starts, own, deadline, refusal, field in (
        ([], None, DEADLINE, Missing, "slots"),
        ([at(3)], at(20, month=11), DEADLINE, InThePast, "on"),
        ([at(3)], at(3, 20), DEADLINE, AtNight, "at"),
        ([at(3)], at(3, 7), DEADLINE, AtNight, "at"),
        ([at(3)], at(6), DEADLINE, ClosedDay, "on"),  # a Sunday
        ([at(3)], at(30), DEADLINE, ClosedDay, "on"),  # over New Year
        ([at(3)], None, at(20, month=11), InThePast, "deadline_on"),
        ([at(3)], None, at(4), DeadlineTooLate, "deadline_on"),
    ):
        with pytest.raises(refusal) as refused:
            await poll(sqlite_desk, review, starts, own, deadline)
        assert refused.value.field == field
    assert await stage_of(sqlite_desk, review) is Stage.PLANNED
    await poll(sqlite_desk, review, [at(3)], at(4, 15))  # the control
    assert await stage_of(sqlite_desk, review) is Stage.POLLING


async def test_nobody_is_asked_about_a_time_they_were_given_elsewhere(desk):
    await given_experts(desk)
    await given_fixed(desk)  # on the third at ten
    review = await given_review(desk)
    await given_people(desk, review, optional=(PSY,))

    with pytest.raises(Clash):
        await poll(desk, review, [], at(3, 11))
    await poll(desk, review, [], at(3, 11, 30))  # the control: right after it


async def test_without_anybody_there_is_nothing_to_propose(sqlite_desk):
    review = await given_review(sqlite_desk)
    await given_people(sqlite_desk, review, optional=())
    await reviews.seat(sqlite_desk.bot.desk, await sqlite_desk.actor(CONVENER), review, HOLDER, asked="none")
    with pytest.raises(NobodyInvited):
        await review_polls.proposals(sqlite_desk.bot.desk, await sqlite_desk.actor(CONVENER), review)


# Answering


async def test_one_message_each_with_the_times_and_a_window_to_answer_in(sqlite_desk):
    await given_experts(sqlite_desk)
    review = await given_poll(sqlite_desk, starts=(at(3), at(4, 13, 30)))
    hayashi = sqlite_desk.hayashi
    said = await hayashi.reads()
    assert "12月3日(木) 10時〜11時30分" in said
    assert "12月4日(金) 13時30分〜15時" in said
    assert "どう声をかける" not in said  # what it is about stands in the window only

    await hayashi.presses("review.answer", where="bot")
    assert "どう声をかける" in words(await hayashi.top_view())
    first, second = (review_polls.named(each) for each in await slots_of(sqlite_desk, review))
    await hayashi.fills_and_sends(**{first: "yes", second: "no", "note": "10分おくれます"})

    assert "お答えをお預かりしました" in await hayashi.reads()
    assert len([each for each in await hayashi.messages("bot") if "検討会" in words(each)]) == 1
    await hayashi.presses("review.answer", where="bot")
    view = await hayashi.top_view()
    given = [
        each["element"].get("initial_option", {}).get("value") for each in view["blocks"] if "element" in each
    ]
    assert given[:2] == ["yes", "no"]


async def test_every_slot_wants_an_answer_and_a_note_names_nobody(sqlite_desk):
    await given_experts(sqlite_desk)
    review = await given_poll(sqlite_desk)
    first, second = await slots_of(sqlite_desk, review)
    actor = await sqlite_desk.actor(PSY)
    with pytest.raises(Missing):
        await review_polls.answer(sqlite_desk.bot.desk, actor, review, {first: Says.YES})
    both = {first: Says.YES, second: Says.NO}
    with pytest.raises(Identified):
        await review_polls.answer(sqlite_desk.bot.desk, actor, review, both, "山田花子さんの訪問のあとで")
    await review_polls.answer(sqlite_desk.bot.desk, actor, review, both, "訪問のあとで")  # the control


async def test_answers_are_nobodys_to_see_until_all_are_there(desk):
    await given_experts(desk)
    review = await given_poll(desk)
    await answers(desk, review, PSY, "○×", "15分おくれます")
    await answers(desk, review, ACADEMIC, "○△")

    standing = await board(desk, review)
    assert standing.ranked == ()
    assert standing.notes == ()
    assert [each.staff for each in standing.silent] == [HOLDER]
    with pytest.raises(PollOpen):
        await fixes(desk, review, 0)
    assert "みなさんからそろいました" not in await desk.yamamoto.reads(COORD)

    await answers(desk, review, HOLDER, "○○")

    standing = await board(desk, review)
    assert [each.holds for each in standing.ranked] == [True, False]
    assert standing.notes == ((PSY, "15分おくれます"),)
    assert (await desk.yamamoto.reads(COORD)).count("みなさんからそろいました") == 1
    await desk.yamamoto.presses("review.open", where=COORD)
    shown = words(await desk.yamamoto.top_view())
    assert "心理職が、あと1人たりません。" in shown
    assert "15分おくれます" in shown


async def test_answers_can_be_changed_until_the_deadline_and_not_after(desk):
    await given_experts(desk)
    review = await given_poll(desk)
    await answers(desk, review, PSY, "××")
    await answers(desk, review, PSY, "○○")
    desk.clock.now = DEADLINE
    with pytest.raises(PollOver):
        await answers(desk, review, PSY, "××")
    standing = await board(desk, review)
    assert standing.ranked  # whoever was silent stays so
    failures = {each.code for each in standing.ranked[0].failures}
    assert failures == {"required_silent", "short"}


async def test_only_those_invited_answer(sqlite_desk):
    await given_experts(sqlite_desk)
    review = await given_poll(sqlite_desk)
    for person in (OTHER, CONVENER, "U_TAKAGI"):
        with pytest.raises(NotInvited):
            await answers(sqlite_desk, review, person, "○○")
        await sqlite_desk.person(person).presses_anyway("review.answer", review)
        assert "どう声をかける" not in sqlite_desk.told()
    await answers(sqlite_desk, review, PSY, "○○")  # the control


async def test_the_silent_are_reminded_once_a_day_never_at_night_and_nobody_else(desk):
    await given_experts(desk)
    review = await given_poll(desk)  # until the thirtieth, 17 o'clock
    await answers(desk, review, PSY, "○○")
    await desk.ask_the_clock()
    assert "いかがでしょうか" not in await desk.okada.reads()  # too early

    for day, hour in ((27, 17), (27, 18), (27, 22), (28, 3), (28, 9), (29, 9), (30, 9), (30, 12)):
        desk.clock.now = at(day, hour, month=11)
        await desk.ask_the_clock()

    assert (await desk.okada.reads()).count("いかがでしょうか") == 4  # 27, 28, 29, 30
    assert "いかがでしょうか" not in await desk.hayashi.reads()


async def test_at_the_deadline_the_coordinators_hear_once_who_is_missing(desk):
    await given_experts(desk)
    review = await given_poll(desk)
    for person in (PSY, HOLDER):
        await answers(desk, review, person, "○○")
    desk.clock.now = DEADLINE
    for _ in range(3):
        await desk.passes(minutes=5)

    said = await desk.yamamoto.reads(COORD)
    assert said.count("ご都合をうかがう期間が終わりました") == 1
    assert "学識" not in said.split("ご都合をうかがう期間が終わりました")[1].split("候補")[0]
    assert review


async def test_it_can_be_closed_early(desk):
    await given_experts(desk)
    review = await given_poll(desk)
    await answers(desk, review, PSY, "○○")
    await desk.yamamoto.open_home()
    await desk.yamamoto.presses("review.open", where="home")
    await desk.yamamoto.presses("review.close_poll", where="view")
    assert "開けます" not in words(await desk.yamamoto.top_view())
    with pytest.raises(PollOver):
        await answers(desk, review, ACADEMIC, "○○")
    assert "期間が終わりました" in await desk.okada.reads()


async def test_who_cannot_at_all_declines_and_the_others_are_not_waited_for(sqlite_desk):
    await given_experts(sqlite_desk)
    review = await given_poll(sqlite_desk)
    for person in (PSY, HOLDER):
        await answers(sqlite_desk, review, person, "○○")
    await sqlite_desk.okada.presses("review.decline", where="bot")
    assert [each.staff for each in (await board(sqlite_desk, review)).there] == [PSY, HOLDER]
    said = await sqlite_desk.yamamoto.reads(COORD)
    assert "学識経験者が、あと1人ほしいところです" in said
    assert "みなさんからそろいました" in said
    assert "承知しました" in await sqlite_desk.okada.reads()
    with pytest.raises(NotInvited):
        await answers(sqlite_desk, review, ACADEMIC, "○○")
    await review_times.decline(
        sqlite_desk.bot.desk, await sqlite_desk.actor(ACADEMIC), review
    )  # pressed twice


# Asked again, on the telephone, by an old window


async def test_every_time_that_is_proposed_can_be_asked_about(sqlite_desk):
    await given_experts(sqlite_desk)
    await given_fixed(sqlite_desk)  # on the third at ten, with all three
    review = await given_review(sqlite_desk)
    await given_people(sqlite_desk, review, optional=(PSY, ACADEMIC))
    for day in (2, 4):  # so that everybody could come on the third best
        await stated(sqlite_desk, PSY, days_off=(at(day).date(),))
    actor = await sqlite_desk.actor(CONVENER)

    _, found = await review_polls.proposals(sqlite_desk.bot.desk, actor, review)
    await poll(sqlite_desk, review, [each.starts_at for each in found], deadline=at(26, month=11))

    assert await stage_of(sqlite_desk, review) is Stage.POLLING
    assert not [each for each in found if each.starts_at < at(3, 11, 30) and at(3) < each.ends_at]


async def test_a_time_that_was_asked_about_stays_though_somebody_was_given_it_elsewhere(desk):
    await given_experts(desk)
    review = await given_poll(desk, starts=(at(3),))
    await given_fixed(desk, starts=(at(3),))
    await poll(desk, review, [at(3), at(8)])
    for person in (HOLDER, PSY, ACADEMIC):
        await answers(desk, review, person, "○○")
    first, second = sorted((await board(desk, review)).ranked, key=lambda each: each.slot)
    assert "required_busy" in {each.code for each in first.failures}
    assert second.holds


async def test_only_who_has_not_said_something_to_every_time_is_asked_again(desk):
    await given_experts(desk)
    review = await given_poll(desk)
    await answers(desk, review, PSY, "○×")
    desk.clock.now = at(28, 9, month=11)  # a day on which the silent are reminded
    await poll(desk, review, [at(3)])  # one goes, none comes
    await desk.settle()
    await desk.ask_the_clock()

    assert "もう一度うかがう" not in await desk.hayashi.reads()
    assert "もう一度うかがう" in await desk.okada.reads()
    assert "いかがでしょうか" not in await desk.okada.reads()  # they were asked today
    await poll(desk, review, [at(3), at(9)])
    await desk.settle()
    assert "もう一度うかがう" in await desk.hayashi.reads()  # the control: a new one


async def test_nobody_is_reminded_at_night_even_where_the_deadline_is_early(sqlite_desk):
    await given_experts(sqlite_desk)
    await given_poll(sqlite_desk, deadline=at(30, 6, month=11))
    for hour in (1, 5):
        sqlite_desk.clock.now = at(30, hour, month=11)
        await sqlite_desk.ask_the_clock()
    assert "いかがでしょうか" not in await sqlite_desk.okada.reads()
    sqlite_desk.clock.now = at(29, 12, month=11)
    await sqlite_desk.ask_the_clock()
    assert "いかがでしょうか" in await sqlite_desk.okada.reads()  # the control


async def test_a_window_that_is_no_longer_true_is_shown_anew(sqlite_desk):
    await given_experts(sqlite_desk)
    review = await given_poll(sqlite_desk)
    await sqlite_desk.hayashi.presses("review.answer", where="bot")
    first, second = (review_polls.named(each) for each in await slots_of(sqlite_desk, review))
    await poll(sqlite_desk, review, [at(3), at(9)])
    await sqlite_desk.hayashi.fills_and_sends(**{first: "yes", second: "no"})

    assert "12月9日(水)" in words(await sqlite_desk.hayashi.top_view())
    assert PSY in {each.staff for each in (await board(sqlite_desk, review)).silent}
    _, third = (review_polls.named(each) for each in await slots_of(sqlite_desk, review))
    await sqlite_desk.hayashi.fills_and_sends(**{third: "maybe"})
    assert PSY not in {each.staff for each in (await board(sqlite_desk, review)).silent}


async def test_what_was_said_on_the_telephone_is_written_by_a_coordinator_once(desk):
    await given_experts(desk)
    review = await given_poll(desk)
    await answers(desk, review, PSY, "○○")
    yamamoto = desk.yamamoto
    await yamamoto.open_home()
    await yamamoto.presses("review.open", where="home")
    await yamamoto.presses("review.people", where="view")
    shown = await yamamoto.top_view()
    assert words(shown).count("電話で聞いた答えを書く") == 2  # not for who has answered
    await yamamoto.presses("review.answer_for", f"{review}/{ACADEMIC}", where="view")
    assert "お電話などで聞いた" in words(await yamamoto.top_view())
    first, second = (review_polls.named(each) for each in await slots_of(desk, review))
    await yamamoto.fills_and_sends(**{first: "yes", second: "no"})

    assert "お答えをお預かりしました" in await desk.okada.reads()
    assert (await board(desk, review)).ranked == ()  # the others' are as private as before
    told = await review_polls.to_answer(desk.bot.desk, await desk.actor(ACADEMIC), review)
    assert sorted(told.said.values()) == [Says.NO, Says.YES]
    with pytest.raises(Answered):
        await review_polls.to_answer(desk.bot.desk, await desk.actor(CONVENER), review, staff=PSY)
    for person in (PSY, OTHER):
        with pytest.raises(NotAllowed):
            await review_polls.to_answer(desk.bot.desk, await desk.actor(person), review, staff=HOLDER)
    with pytest.raises(NotInvited):
        await review_polls.to_answer(desk.bot.desk, await desk.actor(CONVENER), review, staff=OTHER)


async def test_only_the_last_note_is_kept(sqlite_desk):
    await given_experts(sqlite_desk)
    review = await given_poll(sqlite_desk)
    await answers(sqlite_desk, review, PSY, "○○", "15分おくれます")
    await poll(sqlite_desk, review, [at(4), at(9)])
    await answers(sqlite_desk, review, PSY, "○○", "はじめからいます")
    for person in (HOLDER, ACADEMIC):
        await answers(sqlite_desk, review, person, "○○")
    assert (await board(sqlite_desk, review)).notes == ((PSY, "はじめからいます"),)
