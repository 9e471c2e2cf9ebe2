"""Reminders: in time, or late, never twice, never at night, of what is planned now, to who has a seat now."""

from bot.domain.staff import THE_CLOCK
from bot.domain.training import Stage
from bot.usecases import seats
from tests.trainings import given_announced, joined, now
from tests.trainings_in_time import SOON, at, move, on, reminders, said, slack_goes, slack_is_back, until

# Reminders


async def test_a_week_a_day_and_an_hour_before_whoever_has_a_seat_is_reminded(desk):
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")

    await until(desk, "12-01 12:59")
    assert await reminders(desk) == []
    await until(desk, "12-01 13:00")
    assert await reminders(desk) == ["before"]
    await until(desk, "12-07 13:00")
    assert await reminders(desk) == ["before", "before"]
    await until(desk, "12-08 12:00")
    assert await reminders(desk) == ["before", "before", "hour"]
    await until(desk, "12-08 12:30")
    assert await reminders(desk) == ["before", "before", "hour"]
    assert await reminders(desk, "U_SATO") == []  # has no seat


async def test_the_hour_before_says_where_and_how_to_check_in(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(
        desk, seats={"onsite": 30, "online": 0}, private={"online": "https://meet.example/abc"}
    )
    await joined(desk, training, "U_TAKAGI", format="online")
    await joined(desk, training, "U_SATO", format="onsite")

    await until(desk, "12-08 12:00")

    online, onsite = await desk.takagi.reads(), await desk.sato.reads()
    assert "https://meet.example/abc" in online.split(SOON)[1]
    assert "https://meet.example/abc" not in onsite.split(SOON)[1]
    assert "彦根市福祉センター" in onsite.split(SOON)[1]
    assert await desk.takagi.has("check_in.open", where="bot")


async def test_who_turned_them_off_hears_nothing_and_the_others_do(desk):
    training = await given_announced(desk)
    mine, _ = await joined(desk, training, "U_TAKAGI", "U_SATO")
    await seats.set_reminders(desk.bot.desk, await desk.actor("U_TAKAGI"), mine.id, wanted=False)

    await until(desk, "12-07 13:00")

    assert await reminders(desk) == []
    assert await reminders(desk, "U_SATO") == ["before"]
    await seats.set_reminders(desk.bot.desk, await desk.actor("U_TAKAGI"), mine.id, wanted=True)
    await until(desk, "12-08 12:00")
    assert await reminders(desk) == ["hour"]


async def test_who_joins_after_a_reminder_does_not_get_it_afterwards(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_SATO")
    await until(desk, "12-01 13:00")

    await joined(desk, training, "U_TAKAGI")
    await desk.passes(hours=1)

    assert await reminders(desk) == []
    assert await reminders(desk, "U_SATO") == ["before"]


async def test_who_gave_the_seat_back_is_not_reminded(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    mine, _ = await joined(desk, training, "U_TAKAGI", "U_SATO")
    await seats.leave(desk.bot.desk, await desk.actor("U_TAKAGI"), mine.id)

    await until(desk, "12-07 13:00")

    assert await reminders(desk) == []
    assert await reminders(desk, "U_SATO") == ["before"]


async def test_after_days_of_silence_only_the_nearest_is_said(desk):
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")

    desk.clock.now = at("12-08 12:20")  # a week, a day and an hour fell due meanwhile
    await desk.ask_the_clock()
    await desk.ask_the_clock()

    assert await reminders(desk) == ["hour"]


async def test_a_late_one_says_how_it_is_now(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")

    desk.clock.now = at("12-08 09:00")  # the day before was missed; the hour has not come
    await desk.ask_the_clock()
    assert await reminders(desk) == ["today"]

    await until(desk, "12-08 12:00")
    assert await reminders(desk) == ["today", "hour"]


async def test_once_it_has_begun_nobody_is_reminded(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")

    await until(desk, "12-08 13:00")

    assert await reminders(desk) == []


async def test_what_is_late_in_the_night_waits_for_the_morning(desk):
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")

    desk.clock.now = at("12-07 23:00")
    await desk.ask_the_clock()
    assert await reminders(desk) == []
    await until(desk, "12-08 07:59")
    assert await reminders(desk) == []
    await move(desk, training, fee=500)  # a change that touches no date does not lose it
    await until(desk, "12-08 08:00")

    assert await reminders(desk) == ["today"]


async def test_control_without_quiet_hours_it_would_be_said_at_night(sqlite_desk, monkeypatch):
    desk = sqlite_desk
    monkeypatch.setattr("bot.domain.timeline.put_off", lambda *_: None)
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")

    desk.clock.now = at("12-07 23:00")
    await desk.ask_the_clock()

    assert await reminders(desk) == ["before"]


async def test_control_without_the_collapse_three_would_come_at_once(sqlite_desk, monkeypatch):
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")

    async def each_for_itself(_tx, timer, _kinds):
        return timer.kind.split(":")[0]

    async def none_is_nearer(ask, *_):
        return ask.now

    monkeypatch.setattr("bot.usecases.training_clock._nearest", each_for_itself)
    monkeypatch.setattr("bot.news_reminders._nearer", none_is_nearer)

    desk.clock.now = at("12-08 12:20")
    await desk.ask_the_clock()

    assert await reminders(desk) == ["hour", "hour", "hour"]


async def test_it_says_how_far_off_it_is(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")

    await until(desk, "12-01 13:00")
    assert "まで、あと7日になりました" in await desk.takagi.reads()
    await until(desk, "12-07 13:00")
    assert "あす *12月8日(火) 13時から*" in await desk.takagi.reads()


async def test_what_begins_before_the_morning_is_said_at_night(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, sessions=on("12-08 07:00", 2), deadline=None)
    await joined(desk, training, "U_TAKAGI")
    await until(desk, "12-07 08:00")

    await until(desk, "12-08 02:00")  # the evening before was missed

    assert (await desk.takagi.reads()).count("*きょう 7時から*") == 1


async def test_a_moved_training_is_reminded_of_on_its_new_date(desk):
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    await until(desk, "12-01 13:00")
    assert await reminders(desk) == ["before"]

    await move(desk, training, sessions=on("12-15 13:00"))
    await until(desk, "12-08 12:00")
    assert await reminders(desk) == ["before"]  # of the old date, nothing more
    seen = await desk.takagi.reads()
    assert seen.count("*12月15日(火) 13時から*") == 0
    await until(desk, "12-08 13:00")
    assert (await desk.takagi.reads()).count("*12月15日(火) 13時から*") == 1
    await until(desk, "12-14 13:00")
    assert (await desk.takagi.reads()).count("*12月15日(火) 13時から*") == 2


async def test_a_training_moved_nearer_is_not_reminded_of_what_lies_behind(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, days=30, deadline=None)
    await joined(desk, training, "U_TAKAGI")

    await move(desk, training, sessions=on("11-27 13:00"))
    await desk.ask_the_clock()
    seen = await desk.takagi.reads()
    assert "*11月27日(金) 13時から*" not in seen

    await until(desk, "11-26 13:00")
    assert (await desk.takagi.reads()).count("*11月27日(金) 13時から*") == 1


async def test_a_clock_put_back_rings_nothing_again(desk):
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    await until(desk, "12-07 13:05")

    desk.clock.now = at("12-01 12:00")
    await desk.ask_the_clock()
    await move(desk, training, fee=500)
    for moment in ("12-06 13:00", "12-07 13:00", "12-07 13:10"):
        await until(desk, moment)

    assert (await reminders(desk)).count("before") <= 2  # the day once, the week at most once
    kinds = [row.facts["kind"] for row in await said(desk, "training_reminder")]
    assert sorted(kinds) == sorted(set(kinds))


async def test_of_several_days_each_has_its_own(sqlite_desk):
    desk = sqlite_desk
    sessions = (*on("12-08 13:00"), *on("12-15 13:00"))
    training = await given_announced(desk, sessions=sessions)
    await joined(desk, training, "U_TAKAGI")

    for moment in ("12-01 13:00", "12-07 13:00", "12-08 12:00", "12-08 13:00", "12-14 13:00", "12-15 12:00"):
        await until(desk, moment)

    seen = await desk.takagi.reads()
    assert await reminders(desk) == ["before", "before", "hour", "hour"]
    assert seen.count("*12月15日(火) 13時から*") == 1
    assert (await now(desk, training)).stage is Stage.ANNOUNCED


# Slack is away


async def test_slack_comes_back_in_time_and_the_reminder_is_late_but_there(desk):
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    slack_goes(desk)
    await until(desk, "12-07 13:00")
    assert await reminders(desk) == []

    await slack_is_back(desk, minutes=40)

    assert await reminders(desk) == ["before"]


async def test_slack_comes_back_after_the_beginning_and_nothing_is_said(desk):
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    slack_goes(desk)
    await until(desk, "12-08 12:00")

    await slack_is_back(desk, hours=1)

    assert await reminders(desk) == []


async def test_slack_comes_back_at_night_and_the_reminder_waits_for_the_morning(desk):
    training = await given_announced(desk, sessions=on("12-08 20:30", 1))
    mine, *_ = await joined(desk, training, "U_TAKAGI")
    slack_goes(desk)
    await until(desk, "12-01 20:00")  # quiet already: the week's falls due at eight in the morning
    await until(desk, "12-02 08:00")
    desk.clock.now = at("12-02 22:00")
    await slack_is_back(desk, minutes=1)
    assert "20時30分から*" not in await desk.takagi.reads()

    await seats.leave(desk.bot.desk, await desk.actor("U_TAKAGI"), mine.id)
    await desk.settle()  # what is said now does not wait for it
    assert [row.state for row in await said(desk, "seat_given_up")] == ["sent"]
    await joined(desk, training, "U_TAKAGI")
    await until(desk, "12-03 08:00")

    assert (await desk.takagi.reads()).count("20時30分から*") == 1


async def test_of_two_that_waited_for_slack_the_nearer_one_is_said(desk):
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    slack_goes(desk)
    await until(desk, "12-07 13:00")
    await until(desk, "12-08 12:00")

    await slack_is_back(desk, minutes=5)

    assert await reminders(desk) == ["hour"]


# Control


async def test_control_a_reminder_thrown_away_is_missed(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    desk.clock.now = at("12-08 12:20")
    async with desk.db.transaction(THE_CLOCK) as tx:
        for each in await tx.timers.due(tx.now):
            await tx.timers.cancel(each.subject, each.kind)

    await desk.ask_the_clock()

    assert await reminders(desk) == []
