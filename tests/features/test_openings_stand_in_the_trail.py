"""Whoever opens words of a case for a review, or for another agency, is in its trail: each time, whichever door it was."""

import pytest

from bot.usecases import (
    briefs,
    handover_answers,
    handovers,
    review_notes,
    review_polls,
    reviews,
    sittings,
)
from bot.usecases.handover_ways import Office
from bot.usecases.handovers import Wanted
from tests.handovers import OTSU, agreed, drafted, packages, sent
from tests.review_papers import act, given_brief, given_held, given_record, given_sitting
from tests.reviews import CONVENER, HOLDER, PSY, given_experts, given_poll


async def trail_of(desk, review: str) -> list[str]:
    [row] = await desk.rows(
        "SELECT c.number FROM consultations AS c JOIN reviews AS r ON r.consultation = c.id WHERE r.id = :r",
        r=review,
    )
    return await desk.trail(row["number"])


async def opens(desk, review: str, person: str, do, *args, **more) -> list[str]:
    """What the trail of its case says after somebody opened something, and did not say before."""
    before = len(await trail_of(desk, review))
    await act(desk, person, do, *args, **more)
    return (await trail_of(desk, review))[before:]


async def test_what_is_opened_before_a_review_is_held(sqlite_desk):
    desk = sqlite_desk
    await given_experts(desk)
    review = await given_poll(desk)
    [row] = await desk.rows("SELECT consultation FROM reviews WHERE id = :r", r=review)
    case = row["consultation"]
    # The control: what shows nothing of the case is no opening.
    assert await opens(desk, review, PSY, review_polls.to_answer, review, opened=False) == []
    assert await opens(desk, review, CONVENER, review_polls.proposals, review) == []

    assert await opens(desk, review, PSY, review_polls.to_answer, review) == ["words.read"]
    assert await opens(desk, review, CONVENER, reviews.look, review) == ["words.read"]
    assert await opens(desk, review, CONVENER, reviews.question_from, case) == ["words.read"]
    assert await opens(desk, review, HOLDER, briefs.draw, review) == ["words.read"]
    await given_brief(desk, review)
    for person in (PSY, HOLDER, CONVENER, PSY):
        assert await opens(desk, review, person, briefs.read, review) == ["brief.read"]


async def test_what_is_opened_while_a_review_is_held_and_after(sqlite_desk):
    desk = sqlite_desk
    review = await given_sitting(desk)
    await given_held(desk, review)
    for person in (PSY, CONVENER):
        assert await opens(desk, review, person, sittings.enter, review) == ["words.read"]
    await given_record(desk, review)
    for person in (PSY, HOLDER, CONVENER):
        assert await opens(desk, review, person, review_notes.look, review) == ["notes.read"]
    assert await opens(desk, review, HOLDER, review_notes.advice_drawn, review) == ["notes.read"]
    [task] = await desk.rows("SELECT id FROM review_tasks")
    assert await opens(desk, review, HOLDER, review_notes.read_task, task["id"]) == ["words.read"]


@pytest.mark.parametrize("person", ["U_SATO", "U_YAMAMOTO"])
async def test_what_is_opened_of_a_sheet(sqlite_desk, person):
    desk = sqlite_desk
    number = await desk.given_heard()

    async def added(do, *args) -> list[str]:
        before = len(await desk.trail(number))
        await act(desk, person, do, *args)
        return (await desk.trail(number))[before:]

    agreement = await agreed(desk, number)
    case = await desk.id_of(number)
    assert await added(handovers.overview, case) == []  # the control: codes and days, no word of the case
    closed = Wanted("plan", office=Office("tantosha", OTSU))
    assert await added(handovers.begin, case, closed) == [
        "package.routed"
    ]  # nothing goes that way: none is opened
    open_ = Wanted("plan", chosen=(f"{agreement.id}/{agreement.receivers[0]}",))
    assert sorted(await added(handovers.begin, case, open_)) == ["package.routed", "words.read"]
    looked = await drafted(desk, number, agreement)
    assert await added(handovers.preview, looked.sheets[0][0].batch) == ["package.read"]
    await sent(desk, number, agreement)
    package = (await packages(desk, number))[-1]
    for _ in range(2):
        assert await added(handover_answers.opened, package.id) == ["package.read"]
