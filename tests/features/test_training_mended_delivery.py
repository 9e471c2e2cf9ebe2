"""What is shut, slow or broken in one place keeps nothing waiting elsewhere, and whoever organizes hears of it."""

import asyncio
import time
from datetime import timedelta

import pytest

from bot.domain.refusals import ChannelRefused
from bot.domain.training import Stage
from bot.usecases import certificates, seats, trainings
from handlers.directory import Directory
from tests.desk import CARDS, COORDINATORS, TRAINING
from tests.trainings import ORGANIZER, given_announced, given_draft, joined, now
from tests.trainings_in_time import at, mark, until

OPEN, SHUT = TRAINING, COORDINATORS  # the second is a private channel
NOT_TAKEN = "載せられないチャンネル"
READ_ALONG = "ほかの団体の方も見られる"


async def announced_in(desk, *channels):
    made = await given_draft(desk)
    out = await trainings.announce(desk.bot.desk, await desk.actor(ORGANIZER), made.id, list(channels))
    await desk.settle()
    return out


async def becomes(desk, channel, **change):
    """The channel changes; fifty seconds later nobody believes any more what it was."""
    await desk.admin.change_channel(channel, **change)
    desk.bot.directory._places.clear()


async def posts(desk, channel):
    return [each for each in await desk.admin.messages(channel) if not each.get("ephemeral")]


async def goes_by(desk, minutes=10):
    for _ in range(minutes // 2):
        await desk.passes(minutes=2)


# One channel and the others


@pytest.mark.parametrize("change", [{"kick": "BOT"}, {"is_ext_shared": True}, {"is_archived": True}])
async def test_a_channel_that_is_shut_does_not_freeze_the_announcement_in_another(desk, change):
    training = await announced_in(desk, SHUT, OPEN)
    await becomes(desk, SHUT, **change)

    await joined(desk, training, "U_TAKAGI")
    await goes_by(desk)

    assert "あと29席" in await desk.takagi.reads(OPEN)


@pytest.mark.parametrize("change", [{"kick": "BOT"}, {"is_ext_shared": True}])
async def test_what_is_called_off_is_called_off_wherever_it_can_be_said(desk, change):
    training = await announced_in(desk, SHUT, OPEN)
    assert await desk.takagi.has("seat.join", where=OPEN)
    await becomes(desk, SHUT, **change)

    await trainings.cancel(desk.bot.desk, await desk.actor(ORGANIZER), training.id, "weather")
    await goes_by(desk)

    assert "開けなくなりました" in await desk.takagi.reads(OPEN)
    assert not await desk.takagi.has("seat.join", where=OPEN)


async def test_in_each_channel_there_is_one_announcement_and_all_are_kept_fresh(desk):
    """The control of the two above."""
    training = await announced_in(desk, SHUT, OPEN)
    await joined(desk, training, "U_TAKAGI")
    await goes_by(desk)

    for channel in (SHUT, OPEN):
        [post] = await posts(desk, channel)
        assert "あと29席" in str(post)


# Whoever organizes hears of it


async def test_a_private_channel_the_bot_was_taken_out_of_is_told_and_mended_at_once(sqlite_desk):
    """Slack does not say then that the bot was taken out, but that there is no such channel."""
    desk = sqlite_desk
    training = await announced_in(desk, SHUT, OPEN)
    await becomes(desk, SHUT, kick="BOT")
    await joined(desk, training, "U_TAKAGI")
    await goes_by(desk)
    assert (await desk.kondo.reads()).count(NOT_TAKEN) == 1
    assert READ_ALONG not in await desk.kondo.reads()
    assert "あと29席" not in str(await posts(desk, SHUT))

    await desk.admin.change_channel(SHUT, invite="BOT")
    await desk.kondo.presses("training.repost", where="bot")
    await goes_by(desk)

    [post] = [each for each in await posts(desk, SHUT) if "ダブルケア" in str(each)]
    assert "あと29席" in str(post)


async def test_a_channel_others_read_along_in_is_told_once_a_day_and_waited_for(sqlite_desk):
    desk = sqlite_desk
    training = await announced_in(desk, SHUT, OPEN)
    await becomes(desk, SHUT, is_ext_shared=True)
    await joined(desk, training, "U_TAKAGI")
    await goes_by(desk, 20)
    said = await desk.kondo.reads()
    assert said.count(NOT_TAKEN) == 1
    assert said.count(READ_ALONG) == 1

    await desk.passes(days=1)
    await goes_by(desk)
    assert (await desk.kondo.reads()).count(NOT_TAKEN) == 2
    assert "あと29席" not in str(await posts(desk, SHUT))

    await becomes(desk, SHUT, is_ext_shared=False)
    await goes_by(desk)
    [post] = [each for each in await posts(desk, SHUT) if "ダブルケア" in str(each)]
    assert "あと29席" in str(post)


async def test_of_channels_that_take_it_the_organizer_hears_nothing(sqlite_desk):
    """The control of the two above."""
    desk = sqlite_desk
    training = await announced_in(desk, SHUT, OPEN)
    await joined(desk, training, "U_TAKAGI")
    await goes_by(desk, 20)

    assert NOT_TAKEN not in await desk.kondo.reads()


async def test_what_the_desk_says_in_its_own_channel_waits_until_the_bot_is_there_again(sqlite_desk):
    """A card is never given up: nobody else would post it again."""
    desk = sqlite_desk
    await becomes(desk, CARDS, kick="BOT")
    number = await desk.given_waiting()
    await goes_by(desk)

    await becomes(desk, CARDS, invite="BOT")
    await goes_by(desk)

    assert [each for each in await desk.cards() if number in each]
    assert NOT_TAKEN not in await desk.kondo.reads()


# Files


@pytest.mark.parametrize("broken", [True, False])
async def test_a_file_that_cannot_be_uploaded_holds_back_nothing_else(desk, broken):
    """Not broken: the control, in which the file comes too."""
    training = await given_announced(desk)
    [part] = await joined(desk, training, "U_TAKAGI")
    if broken:
        desk.workspace.faults.add(what="503", method="files.getUploadURLExternal")
    await seats.to_calendar(desk.bot.desk, await desk.actor("U_TAKAGI"), part.id)
    await desk.settle()

    await until(desk, "12-07 13:00")
    await trainings.cancel(desk.bot.desk, await desk.actor(ORGANIZER), training.id, "weather")
    await goes_by(desk)

    seen = await desk.takagi.reads()
    assert "12月8日(火) 13時から" in seen
    assert "開けなくなりました" in seen
    files = await desk.rows("SELECT state FROM outbox WHERE op = 'upload' AND template = 'calendar'")
    assert {row["state"] == "sent" for row in files} == {not broken}


async def test_a_certificate_that_cannot_be_uploaded_holds_back_no_question(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    [part] = await joined(desk, training, "U_TAKAGI")
    await until(desk, "12-08 17:00")
    await mark(desk, part, training)
    desk.workspace.faults.add(what="503", method="files.getUploadURLExternal")
    takagi = await desk.actor("U_TAKAGI")
    await certificates.issue(desk.bot.desk, takagi, part.id, "高木 みどり", once=desk.once())
    await desk.settle()

    await desk.passes(seconds=(at("12-08 16:00") + timedelta(days=91) - desk.clock.now).total_seconds())
    await goes_by(desk)

    assert await desk.takagi.has("practice.changed", part.id, where="bot")


# Many channels


CHANNELS = [f"C_X{number}" for number in range(10)]


async def ten_channels(desk):
    for each in CHANNELS:
        await desk.admin.change_channel(each, name=each.lower(), members=["BOT", "U_KONDO"])


def asked_about(desk):
    """How often Slack was asked what a channel is."""
    rows = desk.workspace.traffic.after(0)
    return sum(row["method"] == "conversations.info" for row in rows if row["direction"] == "bot→slack")


async def announces(desk, draft):
    return await desk.kondo.sends_anyway(
        "announce.submit",
        {"t": draft.id},
        channels={"type": "multi_conversations_select", "selected_conversations": CHANNELS},
        moment={"type": "radio_buttons", "selected_option": {"value": "now"}},
    )


async def test_announcing_in_ten_channels_does_not_ask_after_one_after_the_other(sqlite_desk):
    desk = sqlite_desk
    draft = await given_draft(desk)
    await ten_channels(desk)
    desk.workspace.faults.add(what="delay", method="conversations.info", seconds=0.4)

    began = time.monotonic()
    answer = await announces(desk, draft)

    assert time.monotonic() - began < 10 * 0.4
    assert answer["acked"]
    assert (await now(desk, draft)).stage is Stage.ANNOUNCED


async def test_what_channels_are_is_asked_once_a_minute_and_not_for_every_window(sqlite_desk):
    desk = sqlite_desk
    draft = await given_draft(desk)
    await ten_channels(desk)
    before = asked_about(desk)
    await announces(desk, draft)
    assert asked_about(desk) - before == len(CHANNELS)

    await desk.kondo.command("/研修")
    await desk.kondo.presses("training.open", draft.id, where="view")
    assert "「c_x0」「c_x1」" in await desk.kondo.seen("view")
    assert asked_about(desk) - before == len(CHANNELS)

    desk.bot.directory._places.clear()  # the control: fifty seconds later
    await desk.kondo.presses("training.repost", where="view")
    assert asked_about(desk) - before >= 2 * len(CHANNELS)


async def test_a_window_does_not_wait_for_the_names_of_channels(sqlite_desk):
    desk = sqlite_desk
    draft = await given_draft(desk)
    await ten_channels(desk)
    await announces(desk, draft)
    await desk.kondo.command("/研修")
    desk.bot.directory._places.clear()
    desk.workspace.faults.add(what="delay", method="conversations.info", seconds=30)

    await desk.kondo.presses("training.open", draft.id, where="view")

    view = await desk.kondo.top_view()
    assert view["callback_id"] == "training_window.submit"
    assert all(f"<#{each}>" in str(view) for each in CHANNELS)


async def test_a_channel_that_is_not_there_any_more_is_said_to_be_gone(sqlite_desk):
    """The control of the test above: only what was not told in time is left to Slack to name."""
    desk = sqlite_desk
    training = await announced_in(desk, SHUT, OPEN)
    await becomes(desk, SHUT, kick="BOT")
    await desk.kondo.command("/研修")
    await desk.kondo.presses("training.open", training.id, where="view")

    seen = await desk.kondo.seen("view")
    assert "（いまは見つからないチャンネル）「研修のお知らせ」" in seen
    assert "<#" not in str(await desk.kondo.top_view())


async def test_bad_news_of_a_channel_is_not_remembered_when_it_is_chosen_again(sqlite_desk):
    """Who is told to invite the bot, does so and presses again is not told so once more."""
    desk = sqlite_desk
    directory: Directory = desk.bot.directory
    await becomes(desk, SHUT, kick="BOT")
    with pytest.raises(ChannelRefused):
        await directory.must_be_postable([OPEN, SHUT], "channels")

    await desk.admin.change_channel(SHUT, invite="BOT")

    await directory.must_be_postable([OPEN, SHUT], "channels")
    async with asyncio.TaskGroup() as group:  # asked for by many at once, it is the same answer
        for _ in range(5):
            group.create_task(directory.must_be_postable([OPEN, SHUT], "channels"))
