"""A time is fixed, moved, asked about again, called off; somebody cannot come after all, or leaves the association."""

import asyncio
from dataclasses import replace

import icalendar
import pytest

from bot.domain.refusals import NotAllowed
from bot.domain.review import Clash, NotInvited, NotNow, SlotFails, Stage
from bot.domain.staff import THE_CLOCK, Role
from bot.practice.person import words
from bot.store.reviews import Reviews
from bot.usecases import closing, people, review_polls, review_times, reviews
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
    board,
    fixes,
    given_experts,
    given_fixed,
    given_people,
    given_poll,
    given_review,
    review_of,
    slots_of,
    stage_of,
)

COORD = "C_COORD"


async def files(desk, person: str) -> list[icalendar.Calendar]:
    """The calendar files somebody was sent, in order."""
    await desk.settle()
    kept = desk.workspace.world.files
    sent = [each for one in await desk.person(person).messages("bot") for each in one.get("files") or ()]
    return [
        icalendar.Calendar.from_ical(kept[each["id"]].body) for each in sent if each["name"].endswith(".ics")
    ]


def told(calendar: icalendar.Calendar):
    [event] = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), int(event["SEQUENCE"]), event.decoded("dtstart"), str(event["UID"])


async def said_to(desk, person: str, words_: str) -> int:
    """How many messages to somebody hold these words."""
    await desk.settle()
    return sum(words_ in words(each) for each in await desk.person(person).messages("bot"))


# Fixing


async def test_whoever_is_to_come_hears_of_it_once_with_a_file_for_the_calendar(desk):
    await given_experts(desk)
    review = await given_poll(desk)
    for person, said in ((HOLDER, "○○"), (PSY, "○×"), (ACADEMIC, "○○")):
        await answers(desk, review, person, said)
    await desk.yamamoto.presses("review.open", where=COORD)
    await desk.yamamoto.presses("review.fix", where="view")
    await fixes(desk, review, 0)  # pressed twice

    kept = await review_of(desk, review)
    assert (kept.stage, kept.starts_at, kept.edition) == (Stage.FIXED, at(3), 1)
    assert await attending(desk, review) == {HOLDER, PSY, ACADEMIC}
    assert await said_to(desk, PSY, "として、よろしくお願いします") == 1
    [calendar] = await files(desk, PSY)
    assert told(calendar) == ("PUBLISH", 1, at(3), f"{review}@yorisoi")
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
    assert [told(each)[:3] for each in await files(desk, PSY)] == [
        ("PUBLISH", 1, at(3)), ("PUBLISH", 2, at(4)),
    ]  # fmt: skip
    [first, second] = await files(desk, PSY)
    assert told(first)[3] == told(second)[3]


async def test_who_can_only_at_the_first_time_is_taken_out_when_it_moves(desk):
    await given_experts(desk, U_MORI=Role.EXPERT_PSY)
    review = await given_poll(desk, optional=(PSY, ACADEMIC, OTHER))
    for person, said in ((HOLDER, "○○"), (PSY, "○×"), (ACADEMIC, "○○"), (OTHER, "×○")):
        await answers(desk, review, person, said)
    await fixes(desk, review, 0)
    assert await files(desk, OTHER) == []
    await fixes(desk, review, 1)

    assert await attending(desk, review) == {HOLDER, ACADEMIC, OTHER}
    assert told((await files(desk, PSY))[-1])[:2] == ("CANCEL", 2)
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
    assert told((await files(desk, PSY))[-1])[:2] == ("CANCEL", 2)
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
    assert told((await files(desk, PSY))[-1])[:2] == ("CANCEL", 2)
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


# Late


async def test_who_declines_late_is_replaced_by_somebody_of_the_same_kind(desk):
    await given_experts(desk, U_MORI=Role.EXPERT_PSY)
    review = await given_fixed(desk)
    await desk.hayashi.presses("review.decline", where="bot")

    said = await desk.yamamoto.reads(COORD)
    assert "心理職が、あと1人ほしいところです" in said
    assert told((await files(desk, PSY))[-1])[0] == "CANCEL"
    await desk.yamamoto.presses("review.step_in", f"{review}/{OTHER}", where=COORD)
    await desk.mori.presses("review.accept", where="bot")
    await review_times.accept(desk.bot.desk, await desk.actor(OTHER), review)  # pressed twice

    assert await attending(desk, review) == {HOLDER, ACADEMIC, OTHER}
    assert "引き受けてくださいました" in await desk.yamamoto.reads(COORD)
    assert told((await files(desk, OTHER))[-1])[0] == "PUBLISH"


async def test_who_has_another_review_at_that_time_is_neither_named_nor_asked(desk):
    await given_experts(desk, U_MORI=Role.EXPERT_PSY)
    await given_fixed(desk, starts=(at(3, 11),), optional=(ACADEMIC, OTHER))
    review = await given_fixed(desk, starts=(at(3, 13),), optional=(PSY, ACADEMIC))
    late = await given_poll(desk, starts=(at(3, 15),), optional=(PSY, ACADEMIC))
    del late
    async with desk.db.transaction(await desk.actor(CONVENER)) as tx:  # over the time of the other one
        kept = await tx.reviews.get(review)
        await tx.reviews.move(kept, replace(kept, starts_at=at(3, 12), ends_at=at(3, 13, 30)))
    await review_times.decline(desk.bot.desk, await desk.actor(PSY), review)
    await desk.settle()
    assert "お願いできそうです" not in await desk.yamamoto.reads(COORD)
    with pytest.raises(Clash):
        await review_times.step_in(desk.bot.desk, await desk.actor(CONVENER), review, OTHER)


async def test_nobody_steps_in_unasked(sqlite_desk):
    await given_experts(sqlite_desk, U_MORI=Role.EXPERT_PSY)
    review = await given_fixed(sqlite_desk)
    with pytest.raises(NotInvited):
        await review_times.accept(sqlite_desk.bot.desk, await sqlite_desk.actor(OTHER), review)


# Leaving


async def test_who_leaves_the_association_leaves_every_open_review(desk):
    await given_experts(desk)
    fixed = await given_fixed(desk)
    polled = await given_poll(desk, starts=(at(8),))
    await people.revoke(desk.bot.desk, THE_CLOCK, PSY, Role.EXPERT_PSY)
    await desk.settle()

    for review in (fixed, polled):
        seat = next(each for each in (await board(desk, review)).seats if each.staff == PSY)
        assert (seat.there, seat.left_because) == (False, "gone")
    assert (await desk.yamamoto.reads(COORD)).count("役割がなくなったため") == 2
    with pytest.raises(NotInvited):
        await answers(desk, polled, PSY, "○")
    assert await attending(desk, fixed) == {HOLDER, ACADEMIC}


async def test_another_role_that_goes_changes_nothing(sqlite_desk):
    await given_experts(sqlite_desk)
    await people.grant(sqlite_desk.bot.desk, THE_CLOCK, PSY, Role.OPERATOR)
    review = await given_fixed(sqlite_desk)
    await people.revoke(sqlite_desk.bot.desk, THE_CLOCK, PSY, Role.OPERATOR)
    assert PSY in await attending(sqlite_desk, review)


async def test_a_deactivated_guest_is_found_by_the_clock(desk):
    await given_experts(desk)
    review = await given_fixed(desk)
    await people.left(desk.bot.desk, PSY)
    assert PSY not in await attending(desk, review)


# Nobody twice


async def test_two_reviews_fixed_at_once_never_share_a_person_at_one_time(desk):
    await given_experts(desk)
    both = [await given_poll(desk, starts=(at(3),)) for _ in range(2)]
    for review in both:
        for person in (HOLDER, PSY, ACADEMIC):
            await answers(desk, review, person, "○")

    done = await asyncio.gather(*(fixes(desk, review, 0) for review in both), return_exceptions=True)

    stages = [await stage_of(desk, review) for review in both]
    assert sorted(stages) == [Stage.FIXED, Stage.POLLING]
    assert [type(each) for each in done if each] == [SlotFails]


async def test_control_without_the_diaries_both_are_fixed(desk, monkeypatch):
    """The race is real: on PostgreSQL only what is held keeps the second one back."""
    if desk.db.dialect == "sqlite":
        pytest.skip("has one writer")
    await given_experts(desk)
    both = [await given_poll(desk, starts=(at(3),)) for _ in range(2)]
    for review in both:
        for person in (HOLDER, PSY, ACADEMIC):
            await answers(desk, review, person, "○")
    met = asyncio.Barrier(2)
    times = Reviews.times

    async def unheld(self, people_) -> None:
        del self, people_

    async def meeting(self, since):
        found = await times(self, since)
        async with asyncio.timeout(1):
            await met.wait()
        return found

    monkeypatch.setattr(Reviews, "open_diaries", unheld)
    monkeypatch.setattr(Reviews, "times", meeting)
    actor = await desk.actor(CONVENER)
    slots = [(review, (await slots_of(desk, review))[0]) for review in both]
    await asyncio.gather(*(review_times.fix(desk.bot.desk, actor, *each) for each in slots))
    monkeypatch.undo()
    assert [await stage_of(desk, review) for review in both] == [Stage.FIXED, Stage.FIXED]


async def test_another_place_is_told_to_those_who_come(sqlite_desk):
    await given_experts(sqlite_desk)
    review = await given_fixed(sqlite_desk)
    plan = (await review_of(sqlite_desk, review)).plan
    await reviews.change(
        sqlite_desk.bot.desk, await sqlite_desk.actor(CONVENER), review, replace(plan, place="別館")
    )
    await sqlite_desk.settle()
    assert await said_to(sqlite_desk, PSY, "場所が変わりました") == 1
    assert told((await files(sqlite_desk, PSY))[-1])[:2] == ("PUBLISH", 2)


# Old buttons, other years, other ends


async def test_a_button_from_before_a_time_was_fixed_does_not_move_it(desk):
    await given_experts(desk)
    review = await given_poll(desk)
    for person in (HOLDER, PSY, ACADEMIC):
        await answers(desk, review, person, "○○")
    first, second = await slots_of(desk, review)
    await desk.yamamoto.presses("review.open", where=COORD)
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
    assert "ほかのご相談とひとつにまとめたため" in await sqlite_desk.yamamoto.reads(COORD)


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
