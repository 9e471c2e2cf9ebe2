"""What a review keeps: its step, its people, its slots, what was said to them; words only under the consultation's key."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.refusals import Changed, NotFound
from bot.domain.review import Answer, Discipline, Format, NotNow, Plan, Review, Says, Seat, Slot, Stage

NOON = datetime(2026, 12, 1, 3, tzinfo=UTC)
PLAN = Plan(
    format=Format.PCAGIP,
    quorum={"psychology": 1},
    apart=("agency", "municipality"),
    question="どう声をかけるか",
    place="2階",
)


async def given_review(desk, **changed) -> Review:
    await desk.given_closed()
    consultation = await desk.row("R8-0001")
    review = Review("r1", consultation.id, 0, 2026, Stage.PLANNED, "U_YAMAMOTO", NOON, PLAN, "2026.1")
    async with desk.bot.desk.db.transaction(await desk.actor("U_YAMAMOTO")) as tx:
        return await tx.reviews.add(replace(review, **changed))


async def test_it_comes_back_as_it_was_and_goes_on_step_by_step(desk):
    review = await given_review(desk)
    async with desk.bot.desk.db.transaction(await desk.actor("U_YAMAMOTO")) as tx:
        assert await tx.reviews.get("r1") == review == replace(review, round=1)
        polling = await tx.reviews.move(review, review.to(Stage.POLLING, deadline=NOON))
    async with desk.bot.desk.db.reading() as ask:
        assert await ask.reviews.get("r1") == polling
        (listed,) = await ask.reviews.before_us(NOON)
        assert listed.plan == replace(PLAN, question="", place="")
        assert await ask.reviews.of_consultation(review.consultation) == [listed]
        with pytest.raises(NotFound):
            await ask.reviews.get("r2")


async def test_a_step_from_an_old_version_is_refused(desk):
    review = await given_review(desk)
    with pytest.raises(Changed):
        async with desk.bot.desk.db.transaction(await desk.actor("U_YAMAMOTO")) as tx:
            await tx.reviews.move(replace(review, version=5), review.to(Stage.POLLING))
    with pytest.raises(NotNow):
        review.to(Stage.APPROVED)


async def test_people_slots_and_answers_stay_and_the_last_answer_counts(desk):
    review = await given_review(desk)
    seat = Seat("U_MORI", Discipline.PSYCHOLOGY, required=True, invited_at=NOON)
    async with desk.bot.desk.db.transaction(await desk.actor("U_YAMAMOTO")) as tx:
        await tx.reviews.invite("r1", seat)
        (slot,) = await tx.reviews.offer("r1", [Slot(NOON, NOON + timedelta(hours=1))])
        for says in (Says.NO, Says.MAYBE):
            await tx.reviews.answer(review, Answer(slot.id, "U_MORI", says, NOON, note="15分おくれます"))
    async with desk.bot.desk.db.reading() as ask:
        assert await ask.reviews.seats("r1") == [seat]
        assert await ask.reviews.slots("r1") == [slot]
        assert await ask.reviews.answers(review) == [
            Answer(slot.id, "U_MORI", Says.MAYBE, NOON, "15分おくれます")
        ]
        assert [each.id for each in await ask.reviews.of_person("U_MORI", NOON)] == ["r1"]
        assert await ask.reviews.of_person("U_SATO", NOON) == []


async def test_without_the_key_nothing_that_was_typed_can_be_read(desk):
    review = await given_review(desk)
    async with desk.bot.desk.db.transaction(await desk.actor("U_YAMAMOTO")) as tx:
        await tx.keys.destroy(review.consultation)
    with pytest.raises(Exception):  # noqa: B017, PT011 - whichever way it is said
        async with desk.bot.desk.db.reading() as ask:
            await ask.reviews.get("r1")
