"""Before the deadline, and when it is over: what the organizer hears, who is asked again, who is thanked, who is asked back."""

from datetime import datetime, timedelta

import pytest

from bot.domain.business_time import TOKYO
from bot.domain.seats import Attendance
from bot.domain.training import Session, Stage
from bot.usecases import seats, trainings
from tests.trainings import ORGANIZER, a_plan, given_announced, joined, now
from tests.trainings_in_time import at, mark, move, on, reminders, said, slack_goes, slack_is_back, until

THANKS = "へのご参加、ありがとうございました"
FEW, FREE, FULL = "*締切が近づきました*", "席には、まだ余裕があります", "満席になりました"
UNANSWERED = "のご都合は、いかがでしょうか"


# Near the deadline


@pytest.mark.parametrize(
    ("taken", "capacity", "note"),
    [(2, 30, FREE), (3, 6, FEW), (4, 6, FEW), (1, 1, None), (5, 0, None)],
)
async def test_near_the_deadline_the_organizer_hears_of_the_seats(sqlite_desk, taken, capacity, note):
    desk = sqlite_desk
    people = ["U_TAKAGI", "U_SATO", "U_SUZUKI", "U_MORI", "U_YAMAMOTO"][:taken]
    training = await given_announced(desk, seats={"onsite": capacity})
    await joined(desk, training, *people)
    before = await desk.kondo.reads()
    assert not [each for each in (FEW, FREE) if each in before]

    await until(desk, "12-01 13:00")
    seen = await desk.kondo.reads()
    assert [each for each in (FEW, FREE) if each in seen] == ([note] if note else [])
    await until(desk, "12-01 14:00")
    assert await desk.kondo.reads() == seen
    await until(desk, "12-03 13:00")

    assert (await desk.kondo.reads()).count(note or FEW) == (2 if note else 0)


async def test_the_last_seat_is_told_once(desk):
    training = await given_announced(desk, seats={"onsite": 2})
    await joined(desk, training, "U_TAKAGI")
    assert FULL not in await desk.kondo.reads()

    _, last = [*await joined(desk, training, "U_TAKAGI"), *await joined(desk, training, "U_SATO")]
    assert (await desk.kondo.reads()).count(FULL) == 1
    await seats.leave(desk.bot.desk, await desk.actor("U_SATO"), last.id)
    await joined(desk, training, "U_SUZUKI")

    assert (await desk.kondo.reads()).count(FULL) == 1


async def _invited(desk, training, *people: str) -> None:
    await trainings.invite(desk.bot.desk, await desk.actor(ORGANIZER), training.id, people)
    await desk.settle()


async def test_who_was_asked_and_has_not_answered_is_asked_twice_more(desk):
    training = await given_announced(desk)
    await _invited(desk, training, "U_TAKAGI", "U_SATO", "U_SUZUKI")
    await joined(desk, training, "U_SATO")
    await seats.decline(desk.bot.desk, await desk.actor("U_SUZUKI"), training.id)

    await until(desk, "12-01 13:00")
    assert (await desk.takagi.reads()).count(UNANSWERED) == 1
    assert UNANSWERED not in await desk.sato.reads()
    assert UNANSWERED not in await desk.suzuki.reads()
    assert "お返事をお待ちしている方が *1人*" in await desk.kondo.reads()
    await until(desk, "12-03 13:00")
    assert (await desk.takagi.reads()).count(UNANSWERED) == 2
    await until(desk, "12-04 13:05")

    assert (await desk.takagi.reads()).count(UNANSWERED) == 2


async def test_who_answers_while_slack_is_away_is_not_asked_any_more(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await _invited(desk, training, "U_TAKAGI", "U_SATO")
    slack_goes(desk)
    await until(desk, "12-01 13:00")
    await seats.decline(desk.bot.desk, await desk.actor("U_TAKAGI"), training.id)

    await slack_is_back(desk, minutes=5)

    assert UNANSWERED not in await desk.takagi.reads()
    assert (await desk.sato.reads()).count(UNANSWERED) == 1


async def test_days_without_the_bot_are_one_question(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await _invited(desk, training, "U_TAKAGI")

    desk.clock.now = at("12-03 18:00")
    await desk.ask_the_clock()

    assert (await desk.takagi.reads()).count(UNANSWERED) == 1
    assert (await desk.kondo.reads()).count(FREE) == 1


async def test_after_the_deadline_nobody_is_asked(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await _invited(desk, training, "U_TAKAGI")

    await until(desk, "12-04 14:00")

    assert UNANSWERED not in await desk.takagi.reads()
    assert FREE not in await desk.kondo.reads()


# The ending


async def test_it_ends_and_everybody_who_was_there_is_thanked(desk):
    training = await given_announced(desk)
    there, _ = await joined(desk, training, "U_TAKAGI", "U_SATO")
    await until(desk, "12-08 15:30")
    await mark(desk, there, training)
    assert THANKS not in await desk.takagi.reads()

    await until(desk, "12-08 16:00")

    assert (await now(desk, training)).stage is Stage.HELD
    assert (await desk.takagi.reads()).count(THANKS) == 1
    assert await desk.takagi.has("feedback.open", training.id, where="bot")
    assert await desk.takagi.has("certificate.get", there.id, where="bot")
    assert THANKS not in await desk.sato.reads()


async def test_whoever_is_marked_days_later_is_thanked_then_and_once(desk):
    training = await given_announced(desk)
    first, second = await joined(desk, training, "U_TAKAGI", "U_SATO")
    await until(desk, "12-08 15:30")
    await mark(desk, first, training)
    await until(desk, "12-08 16:00")

    await until(desk, "12-10 10:00")
    await mark(desk, second, training)
    await mark(desk, second, training)
    await mark(desk, first, training)

    assert (await desk.sato.reads()).count(THANKS) == 1
    assert (await desk.takagi.reads()).count(THANKS) == 1


async def test_where_nobody_was_marked_all_who_had_a_seat_are_thanked(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, seats={"onsite": 1})
    await joined(desk, training, "U_TAKAGI", "U_SATO")

    await until(desk, "12-08 16:00")
    await desk.passes(minutes=10)

    assert (await desk.takagi.reads()).count(THANKS) == 1
    assert THANKS not in await desk.sato.reads()  # waited in vain


async def test_thanks_for_a_late_evening_come_in_the_morning_and_not_to_who_was_away(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, sessions=on("12-08 18:00"))
    _, away = await joined(desk, training, "U_TAKAGI", "U_SATO")
    await until(desk, "12-08 21:00")
    assert (await now(desk, training)).stage is Stage.HELD
    assert THANKS not in await desk.takagi.reads()

    await mark(desk, away, training, Attendance.ABSENT)
    await until(desk, "12-09 08:00")

    assert (await desk.takagi.reads()).count(THANKS) == 1
    assert THANKS not in await desk.sato.reads()


async def test_an_empty_roster_is_called_to_mind_when_the_desk_opens(desk):
    training = await given_announced(desk)
    mine, *_ = await joined(desk, training, "U_TAKAGI")
    await until(desk, "12-08 16:00")
    assert "出席の記録がまだの方" not in await desk.kondo.reads()

    await until(desk, "12-09 09:00")
    assert (await desk.kondo.reads()).count("出席の記録がまだの方") == 1
    assert await desk.kondo.has("roster.open", training.id, where="bot")
    await mark(desk, mine, training)
    await until(desk, "12-10 09:00")

    assert (await desk.kondo.reads()).count("出席の記録がまだの方") == 1


async def test_a_roster_that_was_kept_is_not_called_to_mind(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    mine, *_ = await joined(desk, training, "U_TAKAGI")
    await until(desk, "12-08 16:00")
    await mark(desk, mine, training)

    await until(desk, "12-09 09:00")

    assert "出席の記録がまだの方" not in await desk.kondo.reads()


async def _asked_back(desk) -> list[str]:
    return [row.to for row in await said(desk, "practice_question")]


async def test_after_three_months_those_who_were_there_are_asked_once(desk):
    training = await given_announced(desk)
    there, _ = await joined(desk, training, "U_TAKAGI", "U_SATO")
    await until(desk, "12-08 15:30")
    await mark(desk, there, training)
    await until(desk, "12-08 16:00")
    await move(desk, training, private={"minutes": "https://example.com/minutes"})  # links may follow

    await desk.passes(days=89)
    assert await _asked_back(desk) == []
    await desk.passes(days=3)
    await desk.passes(days=3)

    assert await _asked_back(desk) == ["U_TAKAGI"]


async def test_a_training_that_is_off_says_nothing_more(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    await trainings.cancel(desk.bot.desk, await desk.actor(ORGANIZER), training.id, "lecturer")
    await desk.settle()

    for moment in ("12-01 13:00", "12-08 12:00", "12-08 16:00", "12-09 09:00"):
        await until(desk, moment)

    assert await reminders(desk) == []
    assert THANKS not in await desk.takagi.reads()
    async with desk.db.reading() as ask:
        assert await ask.timers.of(training.id) == []


async def test_a_leap_over_days_ends_it_and_says_only_what_is_still_true(desk):
    training = await given_announced(desk, seats={"onsite": 1})
    await _invited(desk, training, "U_SUZUKI")
    await joined(desk, training, "U_TAKAGI", "U_SATO")

    desk.clock.now = at("12-20 11:00")
    await desk.ask_the_clock()
    await desk.ask_the_clock()

    assert (await now(desk, training)).stage is Stage.HELD
    assert await reminders(desk) == []
    assert UNANSWERED not in await desk.suzuki.reads()
    assert (await desk.takagi.reads()).count(THANKS) == 1
    async with desk.db.reading() as ask:
        assert {each.kind for each in await ask.timers.of(training.id)} == {"t_practice", "t_roster"}


async def test_an_end_put_into_the_past_ends_it(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    await until(desk, "12-08 15:00")

    await move(desk, training, sessions=on("12-08 13:00", 1.5))  # it was over earlier than planned
    await desk.ask_the_clock()

    assert (await now(desk, training)).stage is Stage.HELD
    assert (await desk.takagi.reads()).count(THANKS) == 1


async def test_leap_day_and_the_end_of_the_fiscal_year(sqlite_desk):
    desk = sqlite_desk
    desk.clock.now = datetime(2028, 2, 1, 10, tzinfo=TOKYO)
    leap = datetime(2028, 2, 29, 13, tzinfo=TOKYO)
    last = datetime(2028, 3, 31, 13, tzinfo=TOKYO)
    for starts in (leap, last):
        plan = a_plan(desk.clock.now, sessions=(Session(starts, starts + timedelta(hours=2)),), deadline=None)
        made = await trainings.plan(desk.bot.desk, await desk.actor(ORGANIZER), plan, once=desk.once())
        await trainings.announce(desk.bot.desk, await desk.actor(ORGANIZER), made.id, ["C_TRAINING"])
        await joined(desk, made, "U_TAKAGI")
    for when in (leap - timedelta(days=1), last - timedelta(days=1)):
        desk.clock.now = when
        await desk.ask_the_clock()

    seen = await desk.takagi.reads()
    assert seen.count("*2月29日(火) 13時から*") == 1
    assert seen.count("*3月31日(金) 13時から*") == 1
