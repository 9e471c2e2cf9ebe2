"""The doors of organizers, operators and coordinators to trainings: what their Homes say, and the way to the figures."""

from datetime import timedelta

import pytest

from bot.domain.staff import THE_CLOCK, Role
from bot.usecases import people, trainings
from handlers.forms import Form
from tests.desk import TRAINING
from tests.trainings import ORGANIZER, given_announced, given_draft


async def test_the_operators_home_says_whom_to_ask(sqlite_desk):
    desk = sqlite_desk
    await given_announced(desk)

    await desk.tanaka.open_home()

    assert "担当：<@U_KONDO>さん" in await desk.tanaka.reads("home")


@pytest.mark.parametrize("person", ["U_YAMAMOTO", "U_MORI"])
async def test_coordinators_and_supervisors_reach_the_figures(desk, person):
    if person == "U_MORI":
        await people.grant(desk.bot.desk, THE_CLOCK, person, Role.SUPERVISOR)
    somebody = desk.person(person)
    await somebody.command("/研修")

    await somebody.presses("figures.open", where="view")

    assert (await somebody.top_view())["title"]["text"] == "年度のまとめ"


async def test_who_may_not_read_the_figures_has_no_door_to_them(sqlite_desk):
    desk = sqlite_desk
    for somebody in (desk.tanaka, desk.takagi):
        await somebody.command("/研修")
        assert not await somebody.has("figures.open", where="view")


async def test_an_organizers_own_trainings_come_first_and_nothing_is_said_to_be_missing(sqlite_desk):
    desk = sqlite_desk
    draft = await given_draft(desk, days=20)
    await desk.kondo.open_home()
    alone = await desk.kondo.reads("home")
    assert alone.index("お知らせ中のものは、まだありません。") < alone.index("下書き")
    assert "募集中の研修" not in alone
    await given_announced(desk)
    await desk.kondo.open_home()
    home = await desk.kondo.reads("home")

    assert "お知らせ中のものは、まだありません。" not in home
    assert home.index("研修の予定") < home.index("募集中の研修")
    assert await desk.kondo.has("training.open", draft.id, where="home")


async def test_what_announces_itself_says_when(sqlite_desk):
    desk = sqlite_desk
    draft = await given_draft(desk)
    actor = await desk.actor(ORGANIZER)
    later = desk.clock.now + timedelta(days=1)
    await trainings.announce(desk.bot.desk, actor, draft.id, [TRAINING], at=later)
    await given_draft(desk, days=20)

    await desk.kondo.open_home()

    assert (await desk.kondo.reads("home")).count("11月25日(水) 10時にお知らせします") == 1


def test_only_channels_are_offered_where_channels_are_chosen():
    form = Form("announce").channels("channels", most=10)

    (block,) = form.view()["blocks"]

    assert block["element"]["filter"] == {
        "include": ["public", "private"],
        "exclude_external_shared_channels": True,
        "exclude_bot_users": True,
    }
