"""Who comes, after a time was fixed; and a consultation that changes hands: whoever holds it brings it."""

from dataclasses import replace

import pytest

from bot.domain.refusals import NotAllowed
from bot.domain.review import NotChoosable, Part, Stage
from bot.domain.staff import THE_CLOCK, Role
from bot.practice.person import words
from bot.usecases import callbacks, people, review_times, reviews
from tests.desk import COORDINATORS
from tests.reviews import (
    ACADEMIC,
    CONVENER,
    HOLDER,
    OTHER,
    PSY,
    answers,
    attending,
    before,
    board,
    calendars,
    chooses,
    fixes,
    given_experts,
    given_fixed,
    given_poll,
    given_review,
    invited,
    review_of,
    said_to,
    stated,
    told_by,
)


async def seat_of(desk, review: str, staff: str):
    return next((each for each in (await board(desk, review)).seats if each.staff == staff), None)


async def hands_over(desk, review: str, taker: str = OTHER) -> None:
    """佐藤 gives the consultation to somebody who says yes."""
    about = (await review_of(desk, review)).consultation
    await callbacks.offer(desk.bot.desk, await desk.actor(HOLDER), about, taker)
    await callbacks.accept(desk.bot.desk, await desk.actor(taker), about)
    await desk.settle()


# Another holder


async def test_who_takes_a_consultation_over_brings_it_instead(desk):
    await given_experts(desk)
    review = await given_poll(desk)
    await hands_over(desk, review)

    new, old = await seat_of(desk, review, OTHER), await seat_of(desk, review, HOLDER)
    assert (new.role, new.required, new.there) == ("presenter", True, True)
    assert (old.there, old.left_because) == (False, "handed")
    assert "都合を答える" in await desk.mori.reads()
    assert await said_to(desk, HOLDER, "ご相談の担当が替わりましたので") == 1
    assert "新しい担当の方に、あとをお願いしています" in await desk.yamamoto.reads(COORDINATORS)
    for person in (OTHER, PSY, ACADEMIC):
        await answers(desk, review, person, "○○")
    assert (await board(desk, review)).ranked  # who gave it away is not waited for


async def test_at_a_time_that_is_fixed_the_new_holder_is_asked_first(desk):
    await given_experts(desk)
    review = await given_fixed(desk)
    await hands_over(desk, review)

    assert (await seat_of(desk, review, OTHER)).part is Part.ASKED
    assert HOLDER not in await attending(desk, review)
    assert told_by((await calendars(desk, HOLDER))[-1])[:2] == ("CANCEL", 2)
    assert "事例提供者として加わっていただけないでしょうか" in await desk.mori.reads()
    await desk.mori.presses("review.accept", where="bot")
    assert OTHER in await attending(desk, review)
    assert told_by((await calendars(desk, OTHER))[-1])[0] == "PUBLISH"


async def test_given_back_and_taken_by_another_it_is_brought_by_them(desk):
    await given_experts(desk)
    review = await given_review(desk)
    about = (await review_of(desk, review)).consultation
    await callbacks.release(desk.bot.desk, await desk.actor(HOLDER), about)
    assert await invited(desk, review) == []
    await callbacks.claim(desk.bot.desk, await desk.actor(OTHER), about)
    assert await invited(desk, review) == [OTHER]


async def test_a_presenter_the_coordinators_chose_stays(sqlite_desk):
    await given_experts(sqlite_desk)
    review = await given_poll(sqlite_desk)
    actor = await sqlite_desk.actor(CONVENER)
    await reviews.seat(sqlite_desk.bot.desk, actor, review, HOLDER, role="participant")
    await reviews.seat(sqlite_desk.bot.desk, actor, review, ACADEMIC, role="presenter")
    await hands_over(sqlite_desk, review)
    assert (await seat_of(sqlite_desk, review, ACADEMIC)).role == "presenter"
    assert await seat_of(sqlite_desk, review, OTHER) is None
    assert (await seat_of(sqlite_desk, review, HOLDER)).there


async def test_a_new_holder_who_is_too_near_is_not_brought_in(desk):
    await given_experts(desk)
    await stated(desk, OTHER, ways=("online",))
    review = await given_poll(desk)
    await hands_over(desk, review)
    assert await seat_of(desk, review, OTHER) is None
    assert "事例提供者を、あらためてお選びください" in await desk.yamamoto.reads(COORDINATORS)


async def test_a_holder_who_leaves_the_association_is_followed_by_the_next_one(desk):
    await given_experts(desk)
    review = await given_poll(desk)
    await people.left(desk.bot.desk, HOLDER)
    assert (await seat_of(desk, review, HOLDER)).left_because == "gone"
    about = (await review_of(desk, review)).consultation
    await callbacks.claim(desk.bot.desk, await desk.actor(OTHER), about)
    assert (await seat_of(desk, review, OTHER)).role == "presenter"


# Who comes, once a time is fixed


async def test_once_it_is_fixed_roles_can_change_and_somebody_can_be_spared(sqlite_desk):
    await given_experts(sqlite_desk)
    review = await given_fixed(sqlite_desk)
    await sqlite_desk.yamamoto.open_home()
    await sqlite_desk.yamamoto.presses("review.open", where="home")
    assert "人数はそろっています" in await before(sqlite_desk.yamamoto)
    await sqlite_desk.yamamoto.presses("review.people", where="view")
    await chooses(sqlite_desk.yamamoto, "review.role", f"{PSY}/facilitator")
    await chooses(sqlite_desk.yamamoto, "review.seat", f"{ACADEMIC}/none")

    assert (await seat_of(sqlite_desk, review, PSY)).role == "facilitator"
    assert ACADEMIC not in await attending(sqlite_desk, review)
    assert await said_to(sqlite_desk, ACADEMIC, "今回はお願いせずに進める") == 2  # the card, and one message
    assert told_by((await calendars(sqlite_desk, ACADEMIC))[-1])[0] == "CANCEL"
    assert "出られなくなりました" not in await sqlite_desk.yamamoto.reads(COORDINATORS)
    await sqlite_desk.yamamoto.presses("review.open", where="view")
    assert "学識経験者が、あと1人ほしいところです" in await before(sqlite_desk.yamamoto)
    with pytest.raises(NotAllowed):
        await reviews.seat(sqlite_desk.bot.desk, await sqlite_desk.actor(HOLDER), review, PSY, asked="none")


async def test_somebody_else_can_be_asked_to_step_in_from_the_list(sqlite_desk):
    await given_experts(sqlite_desk, U_MORI=Role.EXPERT_LEGAL)
    review = await given_fixed(sqlite_desk)
    actor = await sqlite_desk.actor(CONVENER)
    for _ in range(2):  # pressed twice
        await reviews.seat(sqlite_desk.bot.desk, actor, review, OTHER, asked="optional")
    await sqlite_desk.settle()

    assert (await sqlite_desk.mori.reads()).count("急なお願いで恐れ入ります") == 1
    await sqlite_desk.mori.presses("review.accept", where="bot")
    assert OTHER in await attending(sqlite_desk, review)
    with pytest.raises(NotChoosable):
        await reviews.seat(sqlite_desk.bot.desk, actor, review, "U_TANAKA", asked="optional")


async def test_who_steps_in_does_what_the_one_who_left_was_to_do_and_the_quorum_is_there_again(desk):
    await given_experts(desk, U_MORI=Role.EXPERT_PSY)
    review = await given_fixed(desk, optional=(PSY, ACADEMIC))
    actor = await desk.actor(CONVENER)
    await reviews.seat(desk.bot.desk, actor, review, PSY, role="board_writer")
    await review_times.decline(desk.bot.desk, await desk.actor(PSY), review)
    await review_times.step_in(desk.bot.desk, actor, review, OTHER)
    assert (await seat_of(desk, review, OTHER)).role == "board_writer"
    await review_times.accept(desk.bot.desk, await desk.actor(OTHER), review)

    first = (await board(desk, review)).ranked[0]
    assert first.slot.starts_at == (await review_of(desk, review)).starts_at
    assert first.holds
    await desk.yamamoto.presses("review.open", where=COORDINATORS)
    shown = words(await desk.yamamoto.top_view())
    assert "人数はそろっています" in shown
    assert "森" in shown or OTHER in shown
    assert (await review_of(desk, review)).stage is Stage.FIXED


async def test_who_is_left_out_for_the_budget_could_step_in_and_who_said_no_could_not(sqlite_desk):
    await given_experts(sqlite_desk, U_MORI=Role.EXPERT_PSY, U_NISHI=Role.EXPERT_PSY)
    review = await given_poll(sqlite_desk, optional=(PSY, ACADEMIC, OTHER, "U_NISHI"))
    for person, said in ((HOLDER, "○○"), (PSY, "○○"), (ACADEMIC, "○○"), (OTHER, "×○"), ("U_NISHI", "△○")):
        await answers(sqlite_desk, review, person, said)
    await stated(sqlite_desk, "U_NISHI", honorarium=9000)
    actor = await sqlite_desk.actor(CONVENER)
    plan = (await review_of(sqlite_desk, review)).plan
    await reviews.change(sqlite_desk.bot.desk, actor, review, replace(plan, budget=100))
    await fixes(sqlite_desk, review, 0)
    assert await attending(sqlite_desk, review) == {HOLDER, PSY, ACADEMIC}
    await review_times.decline(sqlite_desk.bot.desk, await sqlite_desk.actor(PSY), review)
    await sqlite_desk.settle()

    [press] = await sqlite_desk.rows("SELECT facts FROM outbox WHERE template = 'review_left'")
    assert "U_NISHI" in str(press["facts"])
    assert OTHER not in str(press["facts"])


async def test_roles_that_go_leave_a_new_holder_where_they_are(sqlite_desk):
    await given_experts(sqlite_desk)
    review = await given_poll(sqlite_desk)
    await people.grant(sqlite_desk.bot.desk, THE_CLOCK, OTHER, Role.OPERATOR)
    await hands_over(sqlite_desk, review)
    await people.revoke(sqlite_desk.bot.desk, THE_CLOCK, OTHER, Role.OPERATOR)
    assert (await seat_of(sqlite_desk, review, OTHER)).there
