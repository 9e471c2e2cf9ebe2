"""A time of a review is fixed, moved, asked about again, or called off, and everybody hears of it once."""

from dataclasses import replace

import pytest

from bot.domain.refusals import NotAllowed
from bot.domain.review import NotNow, SlotFails, Stage
from bot.domain.staff import Role
from bot.usecases import closing, review_polls, review_times, reviews
from tests.desk import COORDINATORS
from tests.reviews import (
    ACADEMIC,
    CONVENER,
    DEADLINE,
    HOLDER,
    OTHER,
    PSY,
    answers,
    at,
    attending,
    calendars,
    fixes,
    given_experts,
    given_fixed,
    given_people,
    given_poll,
    given_review,
    review_of,
    said_to,
    slots_of,
    stage_of,
    told_by,
)


async def test_whoever_is_to_come_hears_of_it_once_with_a_file_for_the_calendar(desk):
    await given_experts(desk)
    review = await given_poll(desk)
    for person, said in ((HOLDER, "○○"), (PSY, "○×"), (ACADEMIC, "○○")):
        await answers(desk, review, person, said)
    await desk.yamamoto.presses("review.open", where=COORDINATORS)
    await desk.yamamoto.presses("review.fix", where="view")
    await fixes(desk, review, 0)  # pressed twice

    kept = await review_of(desk, review)
    assert (kept.stage, kept.starts_at, kept.edition) == (Stage.FIXED, at(3), 1)
    assert await attending(desk, review) == {HOLDER, PSY, ACADEMIC}
    assert await said_to(desk, PSY, "として、よろしくお願いします") == 1
    [calendar] = await calendars(desk, PSY)
    assert told_by(calendar) == ("PUBLISH", 1, at(3), f"{review}@yorisoi")
    text = calendar.to_ical().decode()
    for secret in ("声をかける", "会議室", "佐藤", "U_"):
        assert secret not in text
    assert "R8-0001" in text


async def test_a_slot_that_fails_cannot_be_fixed(sqlite_desk):
    await given_experts(sqlite_desk)
    review = await given_poll(sqlite_desk)
    for person, said in ((HOLDER, "○○"), (PSY, "○×"), (ACADEMIC, "○○")):
        await answers(sqlite_desk, review, person, said)
    with pytest.raises(SlotFails):
        await fixes(sqlite_desk, review, 1)
    with pytest.raises(NotAllowed):
        await review_times.fix(
            sqlite_desk.bot.desk,
            await sqlite_desk.actor(HOLDER),
            review,
            (await slots_of(sqlite_desk, review))[0],
        )
    assert await stage_of(sqlite_desk, review) is Stage.POLLING


async def test_moved_everybody_hears_once_and_the_calendar_follows(desk):
    await given_experts(desk)
    review = await given_poll(desk)
    for person, said in ((HOLDER, "○○"), (PSY, "○○"), (ACADEMIC, "○○")):
        await answers(desk, review, person, said)
    await fixes(desk, review, 0)
    await fixes(desk, review, 1)

    assert await said_to(desk, PSY, "日時が変わりました") == 1
    assert [told_by(each)[:3] for each in await calendars(desk, PSY)] == [
        ("PUBLISH", 1, at(3)), ("PUBLISH", 2, at(4)),
    ]  # fmt: skip
    [first, second] = await calendars(desk, PSY)
    assert told_by(first)[3] == told_by(second)[3]


async def test_who_can_only_at_the_first_time_is_taken_out_when_it_moves(desk):
    await given_experts(desk, U_MORI=Role.EXPERT_PSY)
    review = await given_poll(desk, optional=(PSY, ACADEMIC, OTHER))
    for person, said in ((HOLDER, "○○"), (PSY, "○×"), (ACADEMIC, "○○"), (OTHER, "×○")):
        await answers(desk, review, person, said)
    await fixes(desk, review, 0)
    assert await calendars(desk, OTHER) == []
    await fixes(desk, review, 1)

    assert await attending(desk, review) == {HOLDER, ACADEMIC, OTHER}
    assert told_by((await calendars(desk, PSY))[-1])[:2] == ("CANCEL", 2)
    assert await said_to(desk, PSY, "お休みいただいて大丈夫です") == 1


async def test_called_off_with_a_reason_everybody_who_was_asked_hears_once(desk):
    await given_experts(desk)
    review = await given_fixed(desk)
    await desk.yamamoto.open_home()
    await desk.yamamoto.presses("review.open", where="home")
    await desk.yamamoto.presses("review.cancel", where="view")
    await desk.yamamoto.fills_and_sends(because="weather")
    await review_times.cancel(desk.bot.desk, await desk.actor(CONVENER), review, "weather")

    assert await stage_of(desk, review) is Stage.CANCELLED
    assert await said_to(desk, PSY, "天候などのため、取りやめになりました") == 1
    assert told_by((await calendars(desk, PSY))[-1])[:2] == ("CANCEL", 2)
    with pytest.raises(NotNow):
        await review_polls.poll(desk.bot.desk, await desk.actor(CONVENER), review, [at(8)], None, DEADLINE)


async def test_one_nobody_was_asked_to_is_called_off_in_silence(sqlite_desk):
    await given_experts(sqlite_desk)
    review = await given_review(sqlite_desk)
    await given_people(sqlite_desk, review)
    await review_times.cancel(sqlite_desk.bot.desk, await sqlite_desk.actor(CONVENER), review, "resolved")
    assert "検討会" not in await sqlite_desk.hayashi.reads()


async def test_asked_again_the_old_answers_are_there_and_the_time_is_free(desk):
    await given_experts(desk)
    review = await given_fixed(desk)
    await review_polls.poll(
        desk.bot.desk, await desk.actor(CONVENER), review, [at(3), at(9)], None, at(1, 12)
    )
    await desk.settle()

    assert await stage_of(desk, review) is Stage.POLLING
    assert await said_to(desk, PSY, "もう一度うかがう") == 1
    assert told_by((await calendars(desk, PSY))[-1])[:2] == ("CANCEL", 2)
    assert await attending(desk, review) == set()
    await desk.hayashi.presses("review.answer", where="bot")
    view = await desk.hayashi.top_view()
    given = [
        each["element"].get("initial_option", {}).get("value") for each in view["blocks"] if "element" in each
    ]
    assert given[:2] == ["yes", None]
    other = await given_poll(desk, starts=(at(3),))  # the third is free again
    assert other


async def test_the_clock_holds_it_when_it_ends(desk):
    await given_experts(desk)
    review = await given_fixed(desk)
    desk.clock.now = at(3, 11, 29)
    await desk.ask_the_clock()
    assert await stage_of(desk, review) is Stage.FIXED
    desk.clock.now = at(3, 11, 30)
    await desk.ask_the_clock()
    assert (await review_of(desk, review)).ended_at == at(3, 11, 30)
    assert await stage_of(desk, review) is Stage.HELD
    with pytest.raises(NotNow):
        await review_times.decline(desk.bot.desk, await desk.actor(PSY), review)


async def test_a_consultation_that_is_withdrawn_takes_its_review_with_it(desk):
    await given_experts(desk)
    review = await given_fixed(desk)
    kept = await review_of(desk, review)
    await closing.withdraw(desk.bot.desk, await desk.actor(HOLDER), kept.consultation)
    await desk.ask_the_clock()
    assert await stage_of(desk, review) is Stage.CANCELLED
    assert await said_to(desk, PSY, "ご相談が取り下げられたため") == 1


async def test_another_place_is_told_to_those_who_come(sqlite_desk):
    await given_experts(sqlite_desk)
    review = await given_fixed(sqlite_desk)
    plan = (await review_of(sqlite_desk, review)).plan
    await reviews.change(
        sqlite_desk.bot.desk, await sqlite_desk.actor(CONVENER), review, replace(plan, place="別館")
    )
    await sqlite_desk.settle()
    assert await said_to(sqlite_desk, PSY, "場所が変わりました") == 1
    assert told_by((await calendars(sqlite_desk, PSY))[-1])[:2] == ("PUBLISH", 2)


# Old buttons, other years, other ends


async def test_a_button_from_before_a_time_was_fixed_does_not_move_it(desk):
    await given_experts(desk)
    review = await given_poll(desk)
    for person in (HOLDER, PSY, ACADEMIC):
        await answers(desk, review, person, "○○")
    first, second = await slots_of(desk, review)
    await desk.yamamoto.presses("review.open", where=COORDINATORS)
    await desk.yamamoto.presses("review.fix", f"{review}/{first}/polling", where="view")
    await desk.yamamoto.presses_anyway("review.fix", f"{review}/{second}/polling")
    assert (await review_of(desk, review)).starts_at == at(3)
    assert await said_to(desk, PSY, "日時が変わりました") == 0
    await desk.yamamoto.presses("review.fix", f"{review}/{second}/fixed", where="view")
    assert (await review_of(desk, review)).starts_at == at(4)  # the control


async def test_it_counts_in_the_year_in_which_it_is_held(desk):
    await given_experts(desk)
    desk.clock.now = at(29, month=3, hour=9).replace(year=2027)
    april = at(8, month=4).replace(year=2027)
    review = await given_poll(desk, starts=(april,), deadline=april.replace(day=1))
    assert (await review_of(desk, review)).fiscal_year == 2026
    for person in (HOLDER, PSY, ACADEMIC):
        await answers(desk, review, person, "○")
    await fixes(desk, review, 0)
    assert (await review_of(desk, review)).fiscal_year == 2027


async def test_a_consultation_that_was_merged_says_so_and_the_coordinators_hear(sqlite_desk):
    await given_experts(sqlite_desk)
    review = await given_fixed(sqlite_desk)
    other = await sqlite_desk.given_heard("U_MORI")
    kept = await review_of(sqlite_desk, review)
    await closing.merge(sqlite_desk.bot.desk, await sqlite_desk.actor(CONVENER), kept.consultation, other)
    await sqlite_desk.ask_the_clock()
    assert await said_to(sqlite_desk, PSY, "ほかのご相談とひとつにまとめたため、取りやめになりました") == 1
    assert "ほかのご相談とひとつにまとめたため" in await sqlite_desk.yamamoto.reads(COORDINATORS)


async def test_called_off_while_asked_again_no_old_date_is_told(sqlite_desk):
    await given_experts(sqlite_desk)
    review = await given_fixed(sqlite_desk)
    actor = await sqlite_desk.actor(CONVENER)
    await review_polls.poll(sqlite_desk.bot.desk, actor, review, [at(9)], None, at(1, 12))
    await review_times.cancel(sqlite_desk.bot.desk, actor, review, "few")
    await sqlite_desk.settle()
    assert await said_to(sqlite_desk, PSY, "12月3日(木)のケース検討会") == 0
    assert await said_to(sqlite_desk, PSY, "出られる方がそろわないため、取りやめになりました") == 1


async def test_who_never_answered_is_not_thanked_for_an_answer(sqlite_desk):
    await given_experts(sqlite_desk, U_MORI=Role.EXPERT_LEGAL)
    review = await given_poll(sqlite_desk, optional=(PSY, ACADEMIC, OTHER))
    for person in (HOLDER, PSY, ACADEMIC):
        await answers(sqlite_desk, review, person, "○○")
    sqlite_desk.clock.now = DEADLINE
    await fixes(sqlite_desk, review, 0)
    assert await said_to(sqlite_desk, OTHER, "今回はお休み") == 2  # the card, and one message
    assert await said_to(sqlite_desk, OTHER, "お答えくださり") == 0


@pytest.mark.parametrize("button", ["review.people", "review.slots", "review.edit", "review.cancel"])
async def test_an_old_button_of_one_that_was_called_off_opens_nothing_to_change(sqlite_desk, button):
    desk = sqlite_desk
    await given_experts(desk)
    review = await given_poll(desk)
    await review_times.cancel(desk.bot.desk, await desk.actor(CONVENER), review, "few")
    await desk.settle()
    await desk.yamamoto.presses_anyway(button, review)
    await desk.settle()
    assert "いま「取りやめ」です" in desk.told()
    assert await desk.yamamoto.top_view() is None
