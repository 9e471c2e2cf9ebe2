"""○ △ × and the note beside them are their own person's until all are there, and only who is silent is asked again."""

from bot.domain.review import Says
from bot.domain.staff import THE_CLOCK
from bot.usecases import review_desk, review_polls
from tests.reviews import (
    ACADEMIC,
    CONVENER,
    DEADLINE,
    HOLDER,
    PSY,
    answers,
    at,
    board,
    given_experts,
    given_poll,
    review_of,
)


async def test_who_writes_for_another_sees_nothing_of_what_they_said_before(sqlite_desk):
    await given_experts(sqlite_desk)
    review = await given_poll(sqlite_desk)
    convener, psy = await sqlite_desk.actor(CONVENER), await sqlite_desk.actor(PSY)
    await answers(sqlite_desk, review, PSY, "○×", "15分おくれます")
    # Another time is asked about: whoever answered is asked again, and what they said to the first ones stays.
    await review_polls.poll(sqlite_desk.bot.desk, convener, review, [at(3), at(4), at(9)], None, DEADLINE)

    shown = await review_polls.to_answer(sqlite_desk.bot.desk, convener, review, staff=PSY)
    assert (dict(shown.said), shown.note) == ({}, "")
    own = await review_polls.to_answer(sqlite_desk.bot.desk, psy, review)  # the control
    assert (sorted(own.said.values()), own.note) == (sorted([Says.YES, Says.NO]), "15分おくれます")
    assert (await board(sqlite_desk, review)).notes == ()
    for person in (PSY, ACADEMIC, HOLDER):
        await answers(sqlite_desk, review, person, "○○○", "はい" if person == PSY else "")
    assert (await board(sqlite_desk, review)).notes == ((PSY, "はい"),)


async def test_only_the_silent_are_called_to_mind_and_nobody_who_answered_meanwhile(sqlite_desk):
    await given_experts(sqlite_desk)
    review = await given_poll(sqlite_desk)
    await answers(sqlite_desk, review, PSY, "○○")

    await sqlite_desk.passes(days=4)

    reminded = await sqlite_desk.rows("SELECT channel FROM outbox WHERE template = 'review_reminder'")
    assert sorted(each["channel"] for each in reminded) == sorted([HOLDER, ACADEMIC])
    # What was promised before somebody answered is not said any more.
    kept = await review_of(sqlite_desk, review)
    before = {person: len(await sqlite_desk.person(person).reads()) for person in (PSY, ACADEMIC)}
    async with sqlite_desk.db.transaction(THE_CLOCK) as tx:
        for person in (PSY, ACADEMIC):
            await review_desk.tell(tx, person, "review_reminder", kept, "once more")
    await sqlite_desk.settle()
    after = {person: len(await sqlite_desk.person(person).reads()) for person in (PSY, ACADEMIC)}
    assert after[PSY] == before[PSY]
    assert after[ACADEMIC] > before[ACADEMIC]  # the control
