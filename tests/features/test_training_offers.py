"""Waiting for a seat and being offered one: in order, for a time that counts open hours, told once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import messages, news_trainings
from bot.domain.seats import Place
from bot.domain.training import Stage
from bot.usecases import seats, trainings
from tests.trainings import ORGANIZER, by_status, given_announced, joined, part_of


async def _full(desk, *waiting, **changes):
    """A training with one seat, which Sato has, and others who wait for it."""
    training = await given_announced(desk, seats={"onsite": 1}, **changes)
    await joined(desk, training, "U_SATO", *waiting)
    return training


async def test_a_seat_given_back_is_offered_to_who_waits_longest_and_taken_in_one_press(desk):
    training = await _full(desk, "U_TAKAGI", "U_KITAMURA")

    await desk.sato.presses("seat.leave", where="bot")

    assert await by_status(desk, training) == {
        "cancelled": ["U_SATO"], "offered": ["U_TAKAGI"], "waitlisted": ["U_KITAMURA"],
    }  # fmt: skip
    assert "お申し込みを取り消しました" in await desk.sato.reads()
    assert "*11月25日(水) 10時まで* お取りしています" in await desk.takagi.reads()
    assert "席が空きました" not in await desk.kitamura.reads()

    await desk.takagi.presses("seat.accept", where="bot")

    assert (await part_of(desk, training, "U_TAKAGI")).status is Place.CONFIRMED
    assert "お席をお取りしました" in await desk.takagi.reads()
    kept = await desk.kept()
    await desk.takagi.presses("seat.accept", where="bot")  # pressed twice is pressed once
    assert await desk.kept() == kept
    assert len([each for each in await desk.takagi.texts() if "お席をお取りしました" in each]) == 1


async def test_an_offer_counts_open_hours_and_goes_to_the_next_after_the_weekend(desk):
    training = await _full(desk, "U_TAKAGI", "U_KITAMURA", days=20)
    desk.clock.advance(days=3, hours=5)  # Friday, 15:00
    await desk.sato.presses("seat.leave", where="bot")
    assert "*11月30日(月) 15時まで* お取りしています" in await desk.takagi.reads()

    await desk.passes(days=2, hours=23, minutes=59)
    assert (await part_of(desk, training, "U_TAKAGI")).status is Place.OFFERED  # the weekend does not count
    await desk.passes(minutes=2)

    assert await by_status(desk, training) == {
        "cancelled": ["U_SATO"], "lapsed": ["U_TAKAGI"], "offered": ["U_KITAMURA"],
    }  # fmt: skip
    told = await desk.takagi.reads()
    assert "次にお待ちの方へおゆずりしました" in told
    assert "席が空きました" in await desk.kitamura.reads()
    await desk.takagi.presses("seat.accept", where="bot")
    assert "よければ、もう一度お申し込みください" in (await desk.takagi.whispers("bot"))[-1]
    assert (await part_of(desk, training, "U_TAKAGI")).status is Place.LAPSED


async def test_an_offer_that_ran_out_is_gone_even_before_the_clock_noticed(sqlite_desk):
    desk = sqlite_desk
    training = await _full(desk, "U_TAKAGI")
    await desk.sato.presses("seat.leave", where="bot")
    desk.clock.advance(days=2)

    await desk.takagi.presses("seat.accept", where="bot")

    assert "席は次の方へおゆずりします" in (await desk.takagi.whispers("bot"))[-1]
    assert (await part_of(desk, training, "U_TAKAGI")).status is Place.OFFERED
    await desk.ask_the_clock()
    assert (await part_of(desk, training, "U_TAKAGI")).status is Place.LAPSED


async def test_who_passes_an_offer_on_is_thanked_and_the_next_has_it_at_once(desk):
    training = await _full(desk, "U_TAKAGI", "U_KITAMURA")
    await desk.sato.presses("seat.leave", where="bot")

    await desk.takagi.presses("seat.leave", where="bot")

    assert (await part_of(desk, training, "U_KITAMURA")).status is Place.OFFERED
    assert "ありがとうございました" in (await desk.takagi.texts())[-1]


async def test_who_joins_again_waits_at_the_end(desk):
    training = await _full(desk, "U_TAKAGI", "U_KITAMURA")
    await desk.takagi.presses("seat.leave", where="bot")

    await desk.takagi.presses("seat.join", training.id, where="bot")

    part = await part_of(desk, training, "U_TAKAGI")
    assert part.status is Place.WAITLISTED
    assert part.turn > (await part_of(desk, training, "U_KITAMURA")).turn
    assert "キャンセル待ちの2番目でお預かりできました" in await desk.takagi.reads()


async def test_who_asks_anew_does_not_overtake_who_is_offered_the_seat(sqlite_desk):
    desk = sqlite_desk
    training = await _full(desk, "U_TAKAGI")
    await desk.sato.presses("seat.leave", where="bot")

    await desk.sato.presses("seat.join", training.id, where="bot")

    assert (await part_of(desk, training, "U_SATO")).status is Place.WAITLISTED
    assert (await part_of(desk, training, "U_TAKAGI")).status is Place.OFFERED


async def test_after_the_deadline_the_queue_still_moves(desk):
    training = await _full(desk, "U_TAKAGI")
    desk.clock.advance(days=11)

    await desk.sato.presses("seat.leave", where="bot")
    await desk.takagi.presses("seat.accept", where="bot")

    assert (await part_of(desk, training, "U_TAKAGI")).status is Place.CONFIRMED
    assert not await desk.sato.has("seat.join", where="bot")  # nothing to press that would be refused


async def test_a_training_called_off_while_an_offer_is_open_leaves_nothing_to_take(desk):
    training = await _full(desk, "U_TAKAGI")
    await desk.sato.presses("seat.leave", where="bot")

    await trainings.cancel(desk.bot.desk, await desk.actor(ORGANIZER), training.id, "weather")
    await desk.takagi.presses_anyway("seat.accept", (await part_of(desk, training, "U_TAKAGI")).id)

    assert "この催しは開けなくなりました" in await desk.takagi.refused()
    assert await by_status(desk, training) == {"cancelled": ["U_SATO", "U_TAKAGI"]}
    await desk.passes(days=3)
    assert "lapsed" not in await by_status(desk, training)


async def test_nobody_leaves_or_joins_once_it_began_and_who_waited_hears_it(desk):
    training = await _full(desk, "U_TAKAGI")
    await desk.passes(days=14, hours=3, minutes=5)

    assert "お席をご用意できないまま" in await desk.takagi.reads()
    await desk.sato.presses("seat.leave", where="bot")

    assert "もう始まっているので" in (await desk.sato.whispers("bot"))[-1]
    assert await by_status(desk, training) == {"confirmed": ["U_SATO"], "lapsed": ["U_TAKAGI"]}
    assert len([each for each in await desk.takagi.texts() if "ご用意できないまま" in each]) == 1


async def test_a_message_that_comes_late_tells_the_present_and_shows_nothing_dead(sqlite_desk):
    desk = sqlite_desk
    training = await _full(desk, "U_TAKAGI")
    sato, takagi = await part_of(desk, training, "U_SATO"), await part_of(desk, training, "U_TAKAGI")
    before = len(await desk.takagi.messages())

    desk.workspace.faults.add(what="503")
    await seats.leave(desk.bot.desk, await desk.actor("U_SATO"), sato.id)
    await desk.settle()
    await seats.leave(desk.bot.desk, await desk.actor("U_TAKAGI"), takagi.id)
    desk.workspace.faults.clear()
    await desk.passes(hours=2)

    late = (await desk.takagi.messages())[before:]
    assert len(late) == 2
    assert not await desk.takagi.has("seat.accept", where="bot")
    assert "席が空きました" not in await desk.takagi.reads()
    assert "お申し込みは、取り消してあります" in await desk.takagi.reads()


LIVE = {
    "seat_confirmed": Place.CONFIRMED,
    "seat_waitlisted": Place.WAITLISTED,
    "seat_offered": Place.OFFERED,
    "seat_lapsed": Place.LAPSED,
    "seat_given_up": Place.CANCELLED,
}


@pytest.mark.parametrize("template", LIVE)
async def test_what_a_message_shows_fits_whatever_became_of_it(sqlite_desk, template):
    desk = sqlite_desk
    training = await given_announced(desk)
    (part,) = await joined(desk, training, "U_TAKAGI")
    at = desk.clock.now
    async with desk.db.reading() as ask:
        about = await news_trainings.about(ask, training, desk.bot.desk.organisation)
    for status in Place:
        for stage in (Stage.ANNOUNCED, Stage.CANCELLED, Stage.HELD):
            for expires in (at + timedelta(hours=1), at - timedelta(hours=1)):
                p = replace(part, status=status, offer_expires_at=expires)
                t = replace(training, stage=stage, ended_because="weather")
                told = {**about, "t": t, "p": p, "queue": 2, "closed": t.closed_because(at)}
                said = messages.render(f"messages/{template}", **told)
                names = {each["action_id"] for each in _buttons(said.blocks)}
                lives = stage is Stage.ANNOUNCED and status is LIVE[template]
                lives = lives and (status is not Place.OFFERED or expires > at)
                assert bool(names - {"seat.own"}) is lives, (status, stage, names)
                assert training.title in said.text


def _buttons(blocks):
    for block in blocks:
        yield from block.get("elements", ()) if block["type"] == "actions" else ()
        if "accessory" in block:
            yield block["accessory"]
