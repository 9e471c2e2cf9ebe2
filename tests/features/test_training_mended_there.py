"""Who was there, while the roster tells only a part: nobody is passed over because of one word about somebody else."""

import pytest

from bot.domain.business_time import fiscal_year
from bot.domain.seats import Attendance, Place
from bot.usecases import feedback, meetings, rosters
from tests.trainings import ORGANIZER, given_announced, joined, now
from tests.trainings_in_time import mark, move, said, until

THANKS = "へのご参加、ありがとうございました"
ROSTER = "出席の記録がまだの方"
PEOPLE = ("U_TAKAGI", "U_SATO", "U_SUZUKI")


async def held(desk, **marked: Attendance):
    """It is over; of some the roster says something: an absence is told beforehand, everything else on the day."""
    training = await given_announced(desk)
    parts = dict(zip(PEOPLE, await joined(desk, training, *PEOPLE), strict=True))
    for person, status in marked.items():
        if status is Attendance.EXCUSED:
            organizer, session = await desk.actor(ORGANIZER), training.plan.sessions[0]
            await rosters.mark(desk.bot.desk, organizer, parts[person].id, session.id, status)
    await until(desk, "12-08 15:30")
    for person, status in marked.items():
        await mark(desk, parts[person], training, status)
    await until(desk, "12-08 16:00")
    return training, parts


async def thanked(desk) -> list[str]:
    return sorted([each for each in PEOPLE if THANKS in await desk.person(each).reads()])


async def counted(desk, training) -> int:
    async with desk.db.reading() as ask:
        figures = await ask.training_figures.of_year(fiscal_year(training.plan.starts_at))
    return figures.participants


@pytest.mark.parametrize("away", [Attendance.EXCUSED, Attendance.ABSENT])
async def test_one_absence_does_not_make_everybody_else_absent(desk, away):
    training, parts = await held(desk, U_SUZUKI=away)

    assert await thanked(desk) == ["U_SATO", "U_TAKAGI"]
    assert await counted(desk, training) == 2
    found, _ = await feedback.begin(desk.bot.desk, await desk.actor("U_TAKAGI"), training.id)
    assert found.id == training.id
    with pytest.raises(feedback.NotThere):
        await feedback.begin(desk.bot.desk, await desk.actor("U_SUZUKI"), training.id)
    await until(desk, "12-09 09:00")
    assert f"{ROSTER}が 2人" in await desk.kondo.reads()
    await until(desk, "12-09 10:00")
    await desk.passes(days=92)
    assert sorted(row.to for row in await said(desk, "practice_question")) == ["U_SATO", "U_TAKAGI"]
    assert parts["U_SUZUKI"].status is Place.CONFIRMED


async def test_while_nobody_is_marked_everybody_with_a_seat_was_there(desk):
    """The control: nothing is said of anybody."""
    training, _ = await held(desk)

    assert await thanked(desk) == sorted(PEOPLE)
    assert await counted(desk, training) == 3
    await until(desk, "12-09 09:00")
    assert f"{ROSTER}が 3人" in await desk.kondo.reads()


async def test_who_checks_in_leaves_the_others_to_the_roster_of_which_the_organizer_is_reminded(desk):
    training, parts = await held(desk, U_TAKAGI=Attendance.ATTENDED)
    assert await thanked(desk) == ["U_TAKAGI"]
    assert await counted(desk, training) == 1

    await until(desk, "12-09 09:00")
    assert (await desk.kondo.reads()).count(f"{ROSTER}が 2人") == 1
    await mark(desk, parts["U_SATO"], training)

    assert await thanked(desk) == ["U_SATO", "U_TAKAGI"]
    assert await counted(desk, training) == 2


async def test_a_roster_that_tells_of_everybody_is_not_called_to_mind(sqlite_desk):
    """The control: nobody with a seat is left, whatever is said of them."""
    desk = sqlite_desk
    marked = {"U_TAKAGI": Attendance.ATTENDED, "U_SATO": Attendance.ABSENT, "U_SUZUKI": Attendance.EXCUSED}
    await held(desk, **marked)

    await until(desk, "12-09 09:00")

    assert ROSTER not in await desk.kondo.reads()


async def test_who_gave_the_seat_back_is_nobody_to_be_marked(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, deadline=None)
    await joined(desk, training, "U_TAKAGI")
    await desk.takagi.presses_anyway("seat.decline", training.id)
    await desk.takagi.presses("seat.leave", where="view")

    await until(desk, "12-09 09:00")

    assert (await now(desk, training)).stage == "held"
    assert ROSTER not in await desk.kondo.reads()


async def test_the_minutes_reach_whoever_was_there_and_not_who_was_away(desk):
    training, _ = await held(desk, U_SUZUKI=Attendance.EXCUSED)

    await move(desk, training, private={"minutes": "https://example.com/minutes"})

    assert sorted(row.to for row in await said(desk, "minutes_ready")) == ["U_SATO", "U_TAKAGI"]


async def test_an_absence_told_beforehand_is_no_day_that_was(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, kind="municipal_meeting")
    (part,) = await joined(desk, training, "U_TAKAGI", municipality="252026")
    organizer, session = await desk.actor(ORGANIZER), training.plan.sessions[0]

    await rosters.mark(desk.bot.desk, organizer, part.id, session.id, Attendance.EXCUSED)
    assert not (await meetings.towns(desk.bot.desk, organizer, training.id)).marked
    await until(desk, "12-08 13:10")
    await rosters.mark(desk.bot.desk, organizer, part.id, session.id, Attendance.ATTENDED)

    assert (await meetings.towns(desk.bot.desk, organizer, training.id)).marked
