"""Meetings for tests: one that was announced, questions about it with their answers, and who was there."""

from bot.domain.seats import Attendance, Mark
from tests.trainings import ORGANIZER, given_announced, now

HIKONE, NAGAHAMA, OTSU = "252026", "252034", "252018"


async def given_meeting(desk, **changes):
    """A 市町地域共生担当者会議 of all municipalities, announced."""
    return await given_announced(
        desk, **{"kind": "municipal_meeting", "regions": (), "deadline": None, **changes}
    )


async def asks(desk, training, person, question):
    """Somebody asks a question, from the button under their confirmation."""
    await desk.person(person).presses_anyway("meeting.ask", training.id)
    return await desk.person(person).fills_and_sends(question=question)


async def questions_of(desk, training):
    async with desk.db.reading() as ask:
        return await ask.meetings.of_training(training.id)


async def answers(desk, training, text="来年度の様式をお使いください。", number=0, **more):
    """The organizer answers one of the questions, from the list."""
    asked = (await questions_of(desk, training))[number]
    await desk.kondo.presses_anyway("meeting.questions", training.id)
    await desk.kondo.presses("meeting.answer", asked.id, where="view")
    return await desk.kondo.fills_and_sends(**{"answer": text, "answerer": "滋賀県健康福祉政策課", **more})


async def given_held(desk, training):
    """Time goes by until the meeting is over."""
    await desk.passes(seconds=(training.plan.ends_at - desk.clock.now).total_seconds() + 60)
    return await now(desk, training)


async def there(desk, training, *parts):
    """These people were at the first session, as the roster says."""
    session = training.plan.sessions[0]
    async with desk.db.transaction(await desk.actor(ORGANIZER)) as tx:
        for part in parts:
            mark = Mark(
                part.id, session.id, Attendance.ATTENDED, session.minutes, "roster", tx.now, ORGANIZER
            )
            await tx.participations.mark(mark)


async def trail_of(desk, training):
    async with desk.db.reading() as ask:
        return [entry.event for entry in await ask.audit.trail(training.id)]
