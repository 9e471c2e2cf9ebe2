"""Somebody cannot come to a review after all, or leaves the association; and nobody sits in two at one time."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.review import Clash, NotInvited, SlotFails, Stage
from bot.domain.staff import THE_CLOCK, Role
from bot.store.reviews import Reviews
from bot.usecases import people, review_times
from tests.desk import COORDINATORS
from tests.reviews import (
    ACADEMIC,
    CONVENER,
    HOLDER,
    OTHER,
    PSY,
    answers,
    at,
    attending,
    board,
    calendars,
    fixes,
    given_experts,
    given_fixed,
    given_poll,
    slots_of,
    stage_of,
    told_by,
)

# Late


async def test_who_declines_late_is_replaced_by_somebody_of_the_same_kind(desk):
    await given_experts(desk, U_MORI=Role.EXPERT_PSY)
    review = await given_fixed(desk)
    await desk.hayashi.presses("review.decline", where="bot")

    said = await desk.yamamoto.reads(COORDINATORS)
    assert "心理職が、あと1人ほしいところです" in said
    assert told_by((await calendars(desk, PSY))[-1])[0] == "CANCEL"
    await desk.yamamoto.presses("review.step_in", f"{review}/{OTHER}", where=COORDINATORS)
    await desk.mori.presses("review.accept", where="bot")
    await review_times.accept(desk.bot.desk, await desk.actor(OTHER), review)  # pressed twice

    assert await attending(desk, review) == {HOLDER, ACADEMIC, OTHER}
    assert "引き受けてくださいました" in await desk.yamamoto.reads(COORDINATORS)
    assert told_by((await calendars(desk, OTHER))[-1])[0] == "PUBLISH"


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
    assert "お願いできそうです" not in await desk.yamamoto.reads(COORDINATORS)
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
    assert (await desk.yamamoto.reads(COORDINATORS)).count("役割がなくなったため") == 2
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
