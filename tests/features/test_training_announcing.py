"""Announcing: in which channels and when, what becomes of a preview, and of a channel that does not take it."""

from datetime import timedelta

import pytest

from bot.domain.training import Stage
from bot.usecases import trainings
from tests.desk import TRAINING
from tests.planning import posts, previews
from tests.trainings import ORGANIZER, given_announced, given_draft, joined, now


async def shows_the_preview(desk, draft):
    await desk.kondo.command("/研修")
    await desk.kondo.presses("training.open", draft.id, where="view")
    await desk.kondo.presses("training.preview", where="view")


@pytest.mark.parametrize(
    ("channel", "change", "sentence"),
    [
        ("C_NOWHERE", {}, "見つからないものがありました"),
        ("C_SHARED", {}, "「外部共有」は、ほかの団体の方も見られる場所です"),
        ("C_GENERAL", {"kick": "BOT"}, "「全体」には、まだ「よりそい」が入っていません"),
        ("C_GENERAL", {"is_archived": True}, "「全体」は、いまは使われていないチャンネルです"),
        ("C_COORD", {"kick": "BOT"}, "見つからないものがありました"),
    ],
)
async def test_a_channel_that_does_not_fit_is_named_on_its_field(sqlite_desk, channel, change, sentence):
    desk = sqlite_desk
    draft = await given_draft(desk)
    if change:
        await desk.admin.change_channel(channel, **change)
    desk.bot.directory._places.clear()

    answer = await desk.kondo.sends_anyway(
        "announce.submit",
        {"t": draft.id},
        channels={"type": "multi_conversations_select", "selected_conversations": [TRAINING, channel]},
        moment={"type": "radio_buttons", "selected_option": {"value": "now"}},
    )

    assert sentence in str(answer["errors"]["channels~0"])
    assert (await now(desk, draft)).stage is Stage.DRAFT
    assert await posts(desk) == []


async def test_channels_that_fit_all_get_it(sqlite_desk):
    """The control of the test above."""
    desk = sqlite_desk
    draft = await given_draft(desk)
    await shows_the_preview(desk, draft)

    answer = await desk.kondo.fills_and_sends(channels=[TRAINING, "C_GENERAL"])

    assert answer["errors"] is None
    assert len(await posts(desk)) == 1
    assert "ダブルケアを支える" in await desk.takagi.reads("C_GENERAL")
    seen = await desk.kondo.seen("view")
    assert "「研修のお知らせ」「全体」" in seen
    assert "募集中・開催前" in seen


async def test_no_channel_at_all_is_asked_for(sqlite_desk):
    desk = sqlite_desk
    await shows_the_preview(desk, await given_draft(desk))

    answer = await desk.kondo.fills_and_sends(channels=[])

    assert list(answer["errors"]) == ["channels~0"]


async def test_it_is_announced_at_the_chosen_time_and_the_organizer_hears(desk):
    draft = await given_draft(desk)
    await shows_the_preview(desk, draft)
    await desk.kondo.fills_and_sends(moment="later", announce_on="2026-11-26", announce_at="09:30")
    assert (await now(desk, draft)).stage is Stage.SCHEDULED
    assert "11月26日(木) 9時30分" in await desk.kondo.seen("view")

    await desk.passes(days=1, hours=23)  # 09:00
    assert await posts(desk) == []
    await desk.passes(minutes=31)

    assert len(await posts(desk)) == 1
    assert (await now(desk, draft)).stage is Stage.ANNOUNCED
    assert "予約のとおり" in await desk.kondo.reads()
    await desk.passes(minutes=31)
    assert len(await posts(desk)) == 1


async def test_after_a_downtime_it_is_announced_late_rather_than_never(sqlite_desk):
    desk = sqlite_desk
    draft = await given_draft(desk)
    when = desk.clock.now + timedelta(hours=1)
    await trainings.announce(desk.bot.desk, await desk.actor(ORGANIZER), draft.id, [TRAINING], when)

    await desk.passes(days=3)

    assert len(await posts(desk)) == 1


async def test_too_late_after_a_downtime_it_goes_back_to_the_drafts(sqlite_desk):
    desk = sqlite_desk
    draft = await given_draft(desk)
    when = desk.clock.now + timedelta(hours=1)
    await trainings.announce(desk.bot.desk, await desk.actor(ORGANIZER), draft.id, [TRAINING], when)

    await desk.passes(days=30)

    assert await posts(desk) == []
    assert (await now(desk, draft)).stage is Stage.DRAFT
    said = await desk.kondo.reads()
    assert "はじまりの時刻までにお知らせできませんでした" in said
    assert "下書きに戻してあります" in said


@pytest.mark.parametrize(
    ("on", "at", "field", "sentence"),
    [
        ("2026-11-23", "09:00", "announce_on", "過ぎた日時のようです"),
        ("2026-12-09", "09:00", "announce_on", "締切やはじまりより後の日時のようです"),
        ("2026-12-05", "09:00", "announce_on", "締切やはじまりより後の日時のようです"),
        (None, None, "announce_on", "ここだけ、教えていただけますか"),
        ("2026-11-26", None, "announce_at", "ここだけ、教えていただけますか"),
    ],
)
async def test_a_moment_that_cannot_be_is_said_on_its_field(sqlite_desk, on, at, field, sentence):
    desk = sqlite_desk
    draft = await given_draft(desk)
    await shows_the_preview(desk, draft)

    given = {name: value for name, value in {"announce_on": on, "announce_at": at}.items() if value}
    answer = await desk.kondo.fills_and_sends(moment="later", **given)

    assert list(answer["errors"]) == [f"{field}~0"]
    assert sentence in await desk.kondo.refused(answer)
    assert (await now(desk, draft)).stage is Stage.DRAFT


async def test_what_was_to_come_can_be_taken_back_and_thrown_away(sqlite_desk):
    desk = sqlite_desk
    draft = await given_draft(desk)
    when = desk.clock.now + timedelta(hours=1)
    await trainings.announce(desk.bot.desk, await desk.actor(ORGANIZER), draft.id, [TRAINING], when)
    await desk.settle()
    await desk.kondo.command("/研修")
    await desk.kondo.presses("training.open", draft.id, where="view")

    await desk.kondo.presses("training.withhold", where="view")
    assert (await now(desk, draft)).stage is Stage.DRAFT
    await desk.passes(hours=2)
    assert await posts(desk) == []
    await desk.kondo.presses("training.drop", where="view")

    assert (await now(desk, draft)).stage is Stage.DROPPED
    await desk.kondo.close(clear=True)
    await desk.kondo.command("/研修")
    assert not await desk.kondo.has("training.open", draft.id, where="view")


async def given_scheduled(desk):
    draft = await given_draft(desk)
    when = desk.clock.now + timedelta(hours=1)
    await trainings.announce(desk.bot.desk, await desk.actor(ORGANIZER), draft.id, [TRAINING], when)
    await desk.settle()
    await desk.kondo.command("/研修")
    await desk.kondo.presses("training.open", draft.id, where="view")
    await desk.kondo.presses("training.edit", where="view")
    return draft


async def test_half_a_change_holds_back_what_was_to_be_announced(sqlite_desk):
    desk = sqlite_desk
    draft = await given_scheduled(desk)
    await desk.kondo.fill(onsite=None, purpose="書きなおしている途中")
    await desk.kondo.close()
    await desk.settle()

    await desk.passes(hours=2)
    assert (await now(desk, draft)).stage is Stage.DRAFT
    assert (await now(desk, draft)).plan.words["purpose"] == "書きなおしている途中"
    assert await posts(desk) == []
    assert (await desk.kondo.reads()).count("予約をいったん止め") == 1


async def test_a_whole_change_is_announced_as_it_is_then(sqlite_desk):
    """The control of the test above."""
    desk = sqlite_desk
    draft = await given_scheduled(desk)
    await desk.kondo.fill(purpose="書きなおした")
    await desk.kondo.close()
    await desk.settle()

    await desk.passes(hours=2)
    assert (await now(desk, draft)).stage is Stage.ANNOUNCED
    assert "書きなおした" in str(await posts(desk))
    assert "予約をいったん止め" not in await desk.kondo.reads()


async def test_from_the_preview_one_goes_back_and_forth(sqlite_desk):
    desk = sqlite_desk
    await previews(desk)
    await desk.kondo.presses("training.edit", where="view")
    assert (await desk.kondo.top_view())["callback_id"] == "training.submit"
    await desk.kondo.fills_and_sends(name="べつの名前")
    view = await desk.kondo.top_view()
    assert "べつの名前" in str(view["blocks"])
    await desk.kondo.presses("training.edit", where="view")
    await desk.kondo.fills_and_sends(name="三つめの名前")
    await desk.kondo.fills_and_sends()

    assert [each["text"].split("\n")[0] for each in await posts(desk)] == ["研修会　三つめの名前"]
    assert "三つめの名前" in await desk.kondo.seen("view")  # the list beneath is fresh
    assert await desk.how_many("trainings") == 1


async def test_a_preview_left_open_until_it_is_too_late_goes_back_to_the_form(sqlite_desk):
    desk = sqlite_desk
    await previews(desk)
    desk.clock.advance(days=30)

    await desk.kondo.fills_and_sends()

    assert (await desk.kondo.top_view())["callback_id"] == "training.submit"
    assert "過ぎた日時のようです" in await desk.kondo.seen("view")
    assert await posts(desk) == []


@pytest.mark.parametrize("change", [{"kick": "BOT"}, {"is_archived": True}])
async def test_a_channel_the_bot_cannot_write_in_any_more_is_told_once_and_mended(sqlite_desk, change):
    desk = sqlite_desk
    draft = await given_draft(desk)
    when = desk.clock.now + timedelta(hours=1)
    await trainings.announce(desk.bot.desk, await desk.actor(ORGANIZER), draft.id, [TRAINING], when)
    await desk.admin.change_channel(TRAINING, **change)
    desk.bot.directory._places.clear()

    await desk.passes(hours=2)
    await joined(desk, draft, "U_TAKAGI")
    await desk.passes(minutes=1)

    said = await desk.kondo.reads()
    assert said.count("載せられないチャンネルがありました") == 1
    assert "ダブルケアを支える" in said
    mended = {"invite": "BOT"} if "kick" in change else {"is_archived": False}
    await desk.admin.change_channel(TRAINING, **mended)
    desk.bot.directory._places.clear()
    await desk.kondo.presses("training.repost", where="bot")
    await desk.passes(minutes=1)
    assert len(await posts(desk)) == 1


async def test_nothing_is_said_of_channels_that_take_it(sqlite_desk):
    """The control of the test above."""
    desk = sqlite_desk
    await given_announced(desk)
    await desk.passes(hours=2)

    assert "載せられない" not in await desk.kondo.reads()


async def test_an_announcement_whose_answer_got_lost_is_found_again_and_not_posted_twice(sqlite_desk):
    """In a public channel, too: what was said is looked up before it is said again."""
    desk = sqlite_desk
    draft = await given_draft(desk)
    desk.workspace.faults.add(what="drop_after", method="chat.postMessage", times=1)
    await trainings.announce(desk.bot.desk, await desk.actor(ORGANIZER), draft.id, [TRAINING])
    await desk.settle()
    for _ in range(3):
        await desk.passes(minutes=1)

    assert len(await posts(desk)) == 1
    assert "載せられない" not in await desk.kondo.reads()
    await joined(desk, draft, "U_TAKAGI")
    await desk.passes(minutes=1)
    assert "あと29席" in str(await posts(desk))
