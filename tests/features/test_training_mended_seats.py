"""Seats under less usual turns: a format that is gone, two taps at once, two of one name, no Slack and no seat."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.seats import Place
from bot.domain.staff import Actor
from bot.usecases import feedback, rosters, seats, trainings
from bot.usecases.desk import Desk as UseCases
from tests.desk import TRAINING
from tests.faults.seats import LEADER
from tests.faults.test_training_races import announced, desk_on
from tests.trainings import ORGANIZER, by_phone, by_status, given_announced, joined, now, part_of, parts
from tests.trainings_in_time import at, said, until

IN_VAIN = "お席をご用意できないまま"
KEPT_IN_VAIN = "お返事をお待ちしているあいだに、始まる時間になりました"


async def change(desk, training, **changes):
    wanted = replace((await now(desk, training)).plan, **changes)
    await trainings.change(desk.bot.desk, await desk.actor(ORGANIZER), training.id, wanted)
    await desk.settle()


async def to_call(desk) -> list[str]:
    """What the organizer is asked to tell by telephone."""
    return [str(row.facts["about"]) for row in await said(desk, "people_to_call")]


# A format that is gone


async def both_formats(desk):
    return await given_announced(desk, seats={"onsite": 5, "online": 5})


async def test_who_once_took_part_in_a_format_that_is_gone_joins_by_one_press(desk):
    training = await both_formats(desk)
    (part,) = await joined(desk, training, "U_TAKAGI", format="online")
    await seats.leave(desk.bot.desk, await desk.actor("U_TAKAGI"), part.id)
    await change(desk, training, seats={"onsite": 5})

    await desk.takagi.presses("seat.join", training.id, where=TRAINING)

    again = await part_of(desk, training, "U_TAKAGI")
    assert (again.status, again.format) == (Place.CONFIRMED, "onsite")


async def test_who_telephones_again_after_a_format_is_gone_is_entered(sqlite_desk):
    desk = sqlite_desk
    training = await both_formats(desk)
    part = await by_phone(desk, training, format="online")
    await seats.leave(desk.bot.desk, await desk.actor("U_TANAKA"), part.id)
    await change(desk, training, seats={"onsite": 5})

    again = await by_phone(desk, training)

    assert (again.id, again.status, again.format) == (part.id, Place.CONFIRMED, "onsite")


async def test_a_format_that_is_still_held_is_kept(sqlite_desk):
    """The control."""
    desk = sqlite_desk
    training = await both_formats(desk)
    (part,) = await joined(desk, training, "U_TAKAGI", format="online")
    await seats.leave(desk.bot.desk, await desk.actor("U_TAKAGI"), part.id)

    (again,) = await joined(desk, training, "U_TAKAGI")

    assert (again.status, again.format) == (Place.CONFIRMED, "online")


async def test_who_joins_by_another_format_has_a_new_file_for_the_calendar(desk):
    training = await both_formats(desk)
    (part,) = await joined(desk, training, "U_TAKAGI", format="onsite")
    takagi = await desk.actor("U_TAKAGI")
    await seats.to_calendar(desk.bot.desk, takagi, part.id)
    await desk.settle()
    assert await desk.how_many("outbox WHERE template = 'calendar'") == 1

    for _ in range(2):
        await seats.join(desk.bot.desk, takagi, training.id, seats.Joining(format="online"))
        await desk.settle()

    assert await desk.how_many("outbox WHERE template = 'calendar'") == 2


async def test_who_has_no_file_is_sent_none_by_joining_another_way(sqlite_desk):
    """The control."""
    desk = sqlite_desk
    training = await both_formats(desk)
    await joined(desk, training, "U_TAKAGI", format="onsite")

    await joined(desk, training, "U_TAKAGI", format="online")

    assert await desk.how_many("outbox WHERE template = 'calendar'") == 0


# Two at once


@pytest.mark.parametrize("act", ["calendar", "reminders", "practice"])
async def test_two_taps_at_once_are_one_and_nobody_is_told_of_a_change(db, act):
    training, desk, who = await announced(db), desk_on(db), Actor("U_A")
    part = await seats.join(desk, who, training.id)

    def tap(desk: UseCases):
        if act == "calendar":
            return seats.to_calendar(desk, who, part.id)
        if act == "reminders":
            return seats.set_reminders(desk, who, part.id, wanted=False)
        return feedback.practice(desk, who, part.id, "tried")

    for _ in range(5):
        found = await asyncio.gather(*(tap(desk) for _ in range(4)), return_exceptions=True)
        assert [each for each in found if isinstance(each, BaseException)] == []


async def test_taps_while_it_is_called_off_are_no_change_by_somebody_else(db):
    training, desk = await announced(db, 200), desk_on(db)
    people = [Actor(f"U_{n}") for n in range(12)]
    own = [(await seats.join(desk, who, training.id)).id for who in people]

    async def taps() -> None:
        for who, part in zip(people, own, strict=True):
            await seats.set_reminders(desk, who, part, wanted=False)

    await asyncio.gather(taps(), trainings.cancel(desk, LEADER, training.id, "few"))

    async with db.reading() as ask:
        assert {each.status for each in await ask.participations.of_training(training.id)} == {
            Place.CANCELLED
        }


# At the door


async def on_the_day(desk):
    training = await given_announced(desk)
    desk.clock.now = at("12-08 13:05")
    await desk.ask_the_clock()
    return training, await desk.actor(ORGANIZER)


async def test_two_of_one_name_without_a_number_are_two(desk):
    training, organizer = await on_the_day(desk)
    guest = rosters.WalkIn(name="佐藤")

    for form in ("first", "second", "second"):  # the last is a form that was sent twice
        await rosters.walk_in(desk.bot.desk, organizer, training.id, guest, once=form)

    assert len(await parts(desk, training)) == 2
    assert len({each.attendee for each in await parts(desk, training)}) == 2
    assert await desk.how_many("attendances") == 2


async def test_one_number_is_one_person_at_the_door(sqlite_desk):
    """The control: by name and number somebody is known."""
    desk = sqlite_desk
    training, organizer = await on_the_day(desk)
    guest = rosters.WalkIn(name="佐藤", phone="0749-22-1234")

    for form in ("first", "second"):
        await rosters.walk_in(desk.bot.desk, organizer, training.id, guest, once=form)

    assert len(await parts(desk, training)) == 1


# No Slack, and no seat


async def test_of_an_offer_by_telephone_that_ran_out_the_organizer_hears(desk):
    training = await given_announced(desk, seats={"onsite": 1})
    (first,) = await joined(desk, training, "U_SATO")
    await by_phone(desk, training)
    await seats.leave(desk.bot.desk, await desk.actor("U_SATO"), first.id)
    await desk.settle()
    assert await to_call(desk) == []

    await desk.passes(days=3)
    await desk.passes(days=1)

    assert await by_status(desk, training) == {"cancelled": ["U_SATO"], "lapsed": ["phone"]}
    assert await to_call(desk) == ["seat_lapsed"]
    assert "時間が過ぎたので、次の方へおゆずりしました" in await desk.kondo.reads()
    assert await desk.kondo.has("seat.people", training.id, where="bot")


async def test_of_those_who_waited_in_vain_by_telephone_the_organizer_hears_once(desk):
    training = await given_announced(desk, seats={"onsite": 1})
    await joined(desk, training, "U_TAKAGI", "U_SATO")
    await by_phone(desk, training)
    await by_phone(desk, training, name="電話 花子", phone="0749-22-5678")

    await until(desk, "12-08 13:00")
    await until(desk, "12-08 13:10")

    assert await to_call(desk) == ["seat_in_vain"]
    assert "お席の決まらなかった方がいらっしゃいます" in await desk.kondo.reads()
    assert (await desk.sato.reads()).count(IN_VAIN) == 1


async def test_where_everybody_has_slack_nobody_is_called(sqlite_desk):
    """The control: a seat by telephone is no call either."""
    desk = sqlite_desk
    training = await given_announced(desk, seats={"onsite": 2})
    await by_phone(desk, training)
    await joined(desk, training, "U_TAKAGI", "U_SATO")

    await until(desk, "12-08 13:10")

    assert IN_VAIN in await desk.sato.reads()
    assert await to_call(desk) == []


async def test_who_was_offered_a_seat_until_it_began_is_not_told_that_there_was_none(desk):
    training = await given_announced(desk, seats={"onsite": 1}, deadline=None)
    first, *_ = await joined(desk, training, "U_TAKAGI", "U_SATO", "U_SUZUKI")
    await until(desk, "12-08 12:30")
    await seats.leave(desk.bot.desk, await desk.actor("U_TAKAGI"), first.id)
    await desk.settle()
    assert (await part_of(desk, training, "U_SATO")).offer_expires_at == training.plan.starts_at

    await until(desk, "12-08 13:00")

    seen = await desk.sato.reads()
    assert seen.count(KEPT_IN_VAIN) == 1
    assert IN_VAIN not in seen
    assert "おゆずりしました" not in seen
    assert (await desk.suzuki.reads()).count(IN_VAIN) == 1  # the control: for her there was none


async def test_whose_offer_outlives_a_beginning_that_was_moved_is_told_so(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, seats={"onsite": 1}, deadline=None)
    first, *_ = await joined(desk, training, "U_TAKAGI", "U_SATO")
    await until(desk, "12-07 16:00")
    await seats.leave(desk.bot.desk, await desk.actor("U_TAKAGI"), first.id)
    session = training.plan.sessions[0]
    earlier = timedelta(hours=3)
    moved = replace(session, starts_at=session.starts_at - earlier, ends_at=session.ends_at - earlier)
    await change(desk, training, sessions=(moved,))

    await until(desk, "12-08 14:00")

    assert (await desk.sato.reads()).count(KEPT_IN_VAIN) == 1
