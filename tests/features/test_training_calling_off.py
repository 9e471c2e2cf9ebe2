"""Calling off what was announced: everybody who joined hears it once, with the reason, and every seat ends."""

import pytest

from bot.domain.events import Event
from bot.domain.seats import Place
from bot.domain.training import Stage
from bot.usecases import seats, trainings
from tests.planning import posts
from tests.trainings import ORGANIZER, by_phone, given_announced, joined, messages_about, now


async def calls_off(desk, training, because="lecturer"):
    await desk.kondo.command("/研修")
    await desk.kondo.presses("training.open", training.id, where="view")
    await desk.kondo.presses("training.cancel", where="view")
    return await desk.kondo.fills_and_sends(because=because)


async def test_calling_off_is_told_once_with_the_reason_and_ends_every_seat(desk):
    training = await given_announced(desk, seats={"onsite": 1})
    [first] = await joined(desk, training, "U_TAKAGI")
    await joined(desk, training, "U_SATO", "U_MORI")
    await seats.leave(desk.bot.desk, await desk.actor("U_TAKAGI"), first.id)  # an offer is open now
    await joined(desk, training, "U_SUZUKI")
    await desk.passes(minutes=1)

    answer = await calls_off(desk, training)
    assert answer["errors"] is None
    await trainings.cancel(desk.bot.desk, await desk.actor(ORGANIZER), training.id, "venue")  # pressed again
    await desk.passes(days=2)  # the offer would have run out, too

    for person in ("U_SATO", "U_MORI", "U_SUZUKI"):
        [told] = await messages_about(desk, person, "開けなくなりました")
        assert "12月8日(火)の研修会「ダブルケアを支える」は、講師の都合で開けなくなりました。" in told
        assert "楽しみにしてくださっていたのに申し訳ありません" in told
    assert await messages_about(desk, "U_TAKAGI", "開けなくなりました") == []  # had given the seat back
    [post] = await posts(desk)
    assert "講師の都合で開けなくなりました" in str(post["blocks"])
    assert "seat.join" not in str(post["blocks"])
    off = await now(desk, training)
    assert (off.stage, off.ended_because) == (Stage.CANCELLED, "lecturer")
    async with desk.db.reading() as ask:
        left = {each.status for each in await ask.participations.of_training(training.id)}
    assert left == {Place.CANCELLED}
    assert (await desk.trail()).count(Event.TRAINING_CANCELLED) == 1


async def test_before_calling_off_it_says_who_hears_of_it_and_closing_does_nothing(sqlite_desk):
    """The control: asking is not doing."""
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    await by_phone(desk, training)
    await desk.kondo.command("/研修")
    await desk.kondo.presses("training.open", training.id, where="view")
    await desk.kondo.presses("training.cancel", where="view")

    seen = await desk.kondo.seen("view")
    assert "お申し込みの 2人 に" in seen
    assert "1人はお電話での方" in seen
    await desk.kondo.close()
    await desk.settle()
    assert (await now(desk, training)).stage is Stage.ANNOUNCED


@pytest.mark.parametrize("because", ["lecturer", "few", "weather", "infection", "venue", "other"])
async def test_every_reason_makes_a_sentence(sqlite_desk, because):
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    await calls_off(desk, training, because)

    [told] = await messages_about(desk, "U_TAKAGI", "開けなくなりました")
    assert "」は、" in told
    assert "\n" not in told.split("」は、")[1].split("開けなくなりました")[0]


async def test_the_organizers_window_says_it_is_off_and_offers_a_copy_only(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await calls_off(desk, training)

    assert "中止" in await desk.kondo.seen("view")
    assert await desk.kondo.has("training.copy", training.id, where="view")
    assert not await desk.kondo.has("training.edit", training.id, where="view")
    await desk.kondo.presses_anyway("training.cancel", training.id)
    await desk.kondo.presses_anyway("training.edit", training.id)
    assert "いま「中止」になっています" in (await desk.kondo.whispers("bot"))[-1]
