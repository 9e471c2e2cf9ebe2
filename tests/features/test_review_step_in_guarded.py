"""Who steps in late is held to what everybody is: not where they have a conflict of interest, and at one place at a time."""

import asyncio
import contextlib
from dataclasses import replace

import pytest

from bot.domain.review import Clash, NotChoosable, SlotFails
from bot.domain.staff import Role
from bot.store.reviews import Reviews
from bot.usecases import review_times, reviews
from tests.reviews import (
    ACADEMIC,
    CONVENER,
    HOLDER,
    OTHER,
    PSY,
    answers,
    at,
    attending,
    given_experts,
    given_fixed,
    given_poll,
    slots_of,
)

SUPPORTER = "U_TAKAGI"  # whose case it is


async def test_who_was_given_another_time_meanwhile_does_not_step_in(sqlite_desk):
    desk = sqlite_desk
    await given_experts(desk, U_MORI=Role.EXPERT_PSY)
    convener, mori = await desk.actor(CONVENER), await desk.actor(OTHER)
    review = await given_fixed(desk)  # from ten to half past eleven
    other = await given_fixed(desk, starts=(at(3, 13),), optional=(OTHER, ACADEMIC))
    await review_times.step_in(desk.bot.desk, convener, review, OTHER)
    async with desk.db.transaction(convener) as tx:  # before they said yes
        kept = await tx.reviews.get(other)
        await tx.reviews.move(kept, replace(kept, starts_at=at(3, 11), ends_at=at(3, 12, 30)))

    with pytest.raises(Clash):
        await review_times.accept(desk.bot.desk, mori, review)
    assert OTHER not in await attending(desk, review)

    await review_times.cancel(desk.bot.desk, convener, other, "few")
    await review_times.accept(desk.bot.desk, mori, review)
    assert OTHER in await attending(desk, review)  # the control


async def test_who_has_a_conflict_of_interest_is_not_asked_late_either(sqlite_desk):
    desk = sqlite_desk
    await given_experts(desk, U_MORI=Role.EXPERT_PSY, U_TAKAGI=Role.EXPERT_PSY)
    convener = await desk.actor(CONVENER)
    review = await given_fixed(desk)
    await review_times.decline(desk.bot.desk, await desk.actor(PSY), review)

    with pytest.raises(NotChoosable) as by_the_button:
        await review_times.step_in(desk.bot.desk, convener, review, SUPPORTER)
    with pytest.raises(NotChoosable) as by_the_window:
        await reviews.seat(desk.bot.desk, convener, review, SUPPORTER, asked="required")
    assert {by_the_button.value.why, by_the_window.value.why} == {"supporter"}

    await review_times.step_in(desk.bot.desk, convener, review, OTHER)
    await review_times.accept(desk.bot.desk, await desk.actor(OTHER), review)
    assert OTHER in await attending(desk, review)  # the control


async def test_who_says_yes_while_another_time_is_fixed_for_them_is_at_one_of_both(desk, monkeypatch):
    if desk.db.dialect == "sqlite":
        pytest.skip("has one writer")
    await given_experts(desk, U_MORI=Role.EXPERT_PSY)
    convener, mori = await desk.actor(CONVENER), await desk.actor(OTHER)
    review = await given_fixed(desk)
    other = await given_poll(desk, starts=(at(3, 13),), optional=(OTHER, ACADEMIC))
    for person in (HOLDER, OTHER, ACADEMIC):
        await answers(desk, other, person, "○")
    [slot] = await slots_of(desk, other)
    await review_times.step_in(desk.bot.desk, convener, review, OTHER)
    for person in (HOLDER, ACADEMIC):  # who is free for the other one
        await review_times.decline(desk.bot.desk, await desk.actor(person), review)
    async with desk.db.transaction(convener) as tx:
        kept = await tx.reviews.get(review)
        await tx.reviews.move(kept, replace(kept, starts_at=at(3, 12), ends_at=at(3, 13, 30)))
    met, times = asyncio.Barrier(2), Reviews.times

    async def meeting(self, since):
        """Whoever looked for what is taken goes on when the other one has looked, too, or after a while."""
        found = await times(self, since)
        with contextlib.suppress(TimeoutError, asyncio.BrokenBarrierError):
            async with asyncio.timeout(0.5):
                await met.wait()
        return found

    monkeypatch.setattr(Reviews, "times", meeting)
    done = await asyncio.gather(
        review_times.fix(desk.bot.desk, convener, other, slot),
        review_times.accept(desk.bot.desk, mori, review),
        return_exceptions=True,
    )
    monkeypatch.undo()

    assert [type(each) in {Clash, SlotFails} for each in done].count(True) == 1
    assert [OTHER in await attending(desk, each) for each in (review, other)].count(True) == 1
