"""From the list of trainings windows lie three deep: everything behind them is reached, and nothing fails in silence."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.seats import Place
from bot.practice.person import words
from bot.usecases import seats
from tests.desk import TRAINING
from tests.trainings import ORGANIZER, given_announced, given_draft, joined, now, part_of

HANDLERS = Path(__file__).parents[2] / "handlers"
QUESTION = "資料は当日に配られますか。"


async def from_the_list(somebody, training):
    """The window of a training, over the list."""
    await somebody.command("/研修")
    await somebody.presses("training.open", training.id, where="view")


async def on_top(somebody):
    return (await somebody.top_view())["callback_id"].removesuffix(".submit")


async def beneath(somebody):
    """What lies there, the top one last."""
    return [each["callback_id"].removesuffix(".submit") for each in await somebody.views()]


async def given_asked(desk, **changes):
    """A meeting somebody asked a question about."""
    training = await given_announced(
        desk, **{"kind": "municipal_meeting", "regions": (), "deadline": None, **changes}
    )
    await joined(desk, training, "U_TAKAGI", question=QUESTION)
    return training


async def given_over(desk, training):
    await desk.passes(seconds=(training.plan.ends_at - desk.clock.now).total_seconds() + 60)
    return await now(desk, training)


async def uploads(desk, template):
    return await desk.rows("SELECT id FROM outbox WHERE template = :t", t=template)


# What an organizer does from the list


@pytest.mark.parametrize("deep", [True, False])
async def test_an_organizer_answers_from_the_list_and_sees_the_questions_again(desk, deep):
    training = await given_asked(desk)
    if deep:
        await from_the_list(desk.kondo, training)
    else:  # the control: from a message there is room
        await desk.kondo.presses_anyway("training.open", training.id)
    lay = await beneath(desk.kondo)
    await desk.kondo.presses("meeting.questions", where="view")

    await desk.kondo.presses("meeting.answer", where="view")
    assert await on_top(desk.kondo) == "answer_question"
    masked = await desk.kondo.fills_and_sends(
        answer="佐藤さんから当日お渡しします。", answerer="滋賀県健康福祉政策課"
    )
    assert masked["response_action"] == "update"
    assert "お答えずみ" not in await desk.kondo.reads("view")
    await desk.kondo.fills_and_sends()

    assert await beneath(desk.kondo) == [*lay, "questions"]
    assert "お答えずみ" in words(await desk.kondo.top_view())
    await desk.kondo.presses("meeting.answer", where="view")  # and once more
    assert await on_top(desk.kondo) == "answer_question"
    await desk.kondo.fills_and_sends(answer="当日お渡しします。")
    assert await beneath(desk.kondo) == [*lay, "questions"]
    assert "→ 当日お渡しします。" in words(await desk.kondo.top_view())


async def test_minutes_are_delivered_from_the_list(desk):
    training = await given_over(desk, await given_asked(desk))
    await from_the_list(desk.kondo, training)
    await desk.kondo.presses("meeting.questions", where="view")

    await desk.kondo.presses("meeting.minutes", where="view")
    await desk.kondo.fills_and_sends(minutes="https://example.jp/kiroku")

    assert await beneath(desk.kondo) == ["trainings", "training_window", "notice"]
    assert "ができました" in await desk.takagi.reads()


async def test_people_are_asked_to_come_from_the_window_of_the_municipalities(desk):
    training = await given_asked(desk)
    await from_the_list(desk.kondo, training)
    await desk.kondo.presses("meeting.towns", where="view")

    await desk.kondo.presses("invite.open", where="view")
    await desk.kondo.fills_and_sends(people=["U_MORI"])

    assert "1人に、出席をお願いしました" in words(await desk.kondo.top_view())
    assert training.title in await desk.mori.reads()


async def test_after_entering_somebody_those_without_slack_are_listed(desk):
    training = await given_announced(desk)
    await from_the_list(desk.kondo, training)
    await desk.kondo.presses("seat.enter", where="view")
    await desk.kondo.fills_and_sends(name="彦根 はる", phone="0749-22-1234")

    await desk.kondo.presses("seat.people", where="view")

    assert await on_top(desk.kondo) == "seat_people"
    assert "彦根 はるさん" in words(await desk.kondo.top_view())


async def test_the_file_of_figures_comes_once_and_is_promised_in_the_window(desk):
    training = await given_over(desk, await given_asked(desk))
    await from_the_list(desk.kondo, training)
    await desk.kondo.presses("figures.open", where="view")

    await desk.kondo.presses("figures.sheet", where="view")

    assert await on_top(desk.kondo) == "figures"  # it is not taken away
    assert "用紙を作っています" in words(await desk.kondo.top_view())
    assert len(await uploads(desk, "figures_sheet")) == 1
    await desk.kondo.presses("figures.year", where="view")
    assert "用紙を作っています" not in words(await desk.kondo.top_view())


async def test_no_file_of_figures_is_promised_where_no_window_can_tell_of_it(sqlite_desk):
    desk = sqlite_desk
    training = await given_over(desk, await given_asked(desk))
    await from_the_list(desk.kondo, training)
    await desk.kondo.presses("figures.open", where="view")
    desk.workspace.faults.add(what="503", method="views.push", times=20)

    await desk.kondo.presses("figures.sheet", where="view")

    assert await uploads(desk, "figures_sheet") == []
    assert len(await desk.kondo.whispers("bot")) == 1


async def test_what_follows_the_roster_comes_back_to_it(desk):
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    desk.clock.now = training.plan.starts_at
    await desk.ask_the_clock()
    await from_the_list(desk.kondo, training)
    await desk.kondo.presses("roster.open", where="view")

    await desk.kondo.presses("walk_in.open", where="view")
    await desk.kondo.fills_and_sends(person="U_MORI")

    assert await beneath(desk.kondo) == ["trainings", "training_window", "roster"]
    assert "<@U_MORI>さん" in words(await desk.kondo.top_view())
    await desk.kondo.presses("roster.sheet", where="view")
    assert await on_top(desk.kondo) == "roster"
    assert "用紙を作っています" in words(await desk.kondo.top_view())
    await desk.kondo.close()
    await desk.kondo.presses("walk_in.open", where="view")  # from the window of the training itself
    await desk.kondo.fills_and_sends(person="U_SUZUKI")
    assert await beneath(desk.kondo) == ["trainings", "training_window", "roster"]


async def test_the_roster_in_the_place_of_the_code_is_not_drawn_over_by_it(desk):
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    desk.clock.now = training.plan.starts_at
    await desk.ask_the_clock()
    await from_the_list(desk.kondo, training)
    await desk.kondo.presses("check_in.screen", where="view")
    await desk.passes(minutes=3)
    assert await on_top(desk.kondo) == "check_in_screen"
    assert await desk.how_many("check_in_screens") == 1

    await desk.kondo.presses("roster.open", where="view")
    await desk.passes(minutes=3)

    assert await on_top(desk.kondo) == "roster"
    assert await desk.how_many("check_in_screens") == 0


# What a supporter does from the list


async def test_a_supporter_asks_from_the_answers(desk):
    training = await given_asked(desk)
    await desk.takagi.command("/研修")
    await desk.takagi.presses("seat.own", where="view")
    await desk.takagi.presses("meeting.answers", where="view")

    await desk.takagi.presses("meeting.ask", where="view")
    await desk.takagi.fills_and_sends(question="駐車場はありますか。")

    assert "ご質問をお預かりしました" in words(await desk.takagi.top_view())
    async with desk.db.reading() as ask:
        assert len(await ask.meetings.of_training(training.id)) == 2
    await desk.takagi.close()
    assert await on_top(desk.takagi) == "own_seat"


# A refusal where no more windows lie on each other


async def test_a_refusal_stands_in_the_third_window_once(desk):
    training = await given_asked(desk)
    await from_the_list(desk.kondo, training)
    await desk.kondo.presses("meeting.towns", where="view")
    await given_over(desk, training)
    before = words(await desk.kondo.top_view())

    for _ in range(2):
        await desk.kondo.presses("invite.open", where="view")

        assert await beneath(desk.kondo) == ["trainings", "training_window", "towns"]
        after = words(await desk.kondo.top_view())
        (said,) = set(after.split("\n")) - set(before.split("\n"))
        assert said in after.split("出席をお願いする\n")[1]  # where it was pressed
        assert len(after) == len(before) + len(said) + 1


@pytest.mark.parametrize("deep", [True, False])
async def test_what_was_typed_stays_when_a_button_of_its_form_is_refused(sqlite_desk, deep):
    desk = sqlite_desk
    training = await given_draft(desk)
    if deep:
        await from_the_list(desk.kondo, training)
    else:
        await desk.kondo.presses_anyway("training.open", training.id)
    await desk.kondo.presses("training.edit", where="view")
    await desk.kondo.fill(name="番号は123456789018です", place="彦根市役所")

    await desk.kondo.presses("training.draft", where="view")

    assert "12桁" in await desk.kondo.reads("view")
    assert await on_top(desk.kondo) == ("training" if deep else "notice")
    form = next(each for each in await desk.kondo.views() if each["callback_id"] == "training.submit")
    typed = form["state"]["values"]
    assert typed["name~0"]["name"]["value"] == "番号は123456789018です"
    assert typed["place~0"]["place"]["value"] == "彦根市役所"
    if deep:
        await desk.kondo.fills_and_sends(name="ダブルケアを支える")
        assert await on_top(desk.kondo) == "announce"


async def given_announced_and_joined(desk):
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    return training


async def test_a_refusal_that_no_window_can_tell_comes_as_a_line_in_the_direct_message(sqlite_desk):
    desk = sqlite_desk
    training = await given_asked(desk)
    await desk.kondo.open_home()
    await desk.kondo.presses("training.open", where="home")
    await given_over(desk, training)
    desk.workspace.faults.add(what="503", method="views.push", times=20)

    await desk.kondo.presses("invite.open", where="view")

    assert len(await desk.kondo.whispers("bot")) == 1


# What stands in the windows


async def test_nobody_is_let_in_once_it_was_held(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced_and_joined(desk)
    await from_the_list(desk.kondo, training)
    assert await desk.kondo.has("walk_in.open", where="view")  # the control
    await given_over(desk, training)

    await from_the_list(desk.kondo, training)

    assert not await desk.kondo.has("walk_in.open", where="view")
    await desk.kondo.presses("roster.open", where="view")
    assert not await desk.kondo.has("walk_in.open", where="view")


# Waiting, and trying the other way to take part


async def test_who_waits_keeps_the_turn_where_the_other_way_is_full(desk):
    training = await given_announced(desk, seats={"onsite": 1, "online": 1})
    await joined(desk, training, "U_SATO", format="onsite")
    await joined(desk, training, "U_MORI", format="online")
    await joined(desk, training, "U_TAKAGI", "U_SUZUKI", format="onsite")
    before = await part_of(desk, training, "U_TAKAGI")

    await desk.takagi.presses("seat.own", where="bot")
    await desk.takagi.presses("seat.switch", where="view")
    answer = await desk.takagi.fills_and_sends(format="online")

    assert "いまお待ちの順番は、そのままにしてあります" in await desk.takagi.refused(answer)
    after = await part_of(desk, training, "U_TAKAGI")
    assert (after.format, after.status, after.turn) == ("onsite", Place.WAITLISTED, before.turn)
    await desk.sato.presses("seat.leave", where="bot")
    assert (await part_of(desk, training, "U_TAKAGI")).status is Place.OFFERED


async def test_who_waits_goes_where_there_is_a_seat_or_where_it_is_held_at_all(desk):
    training = await given_announced(desk, seats={"onsite": 1, "online": 1})
    await joined(desk, training, "U_SATO", format="onsite")
    await joined(desk, training, "U_TAKAGI", "U_SUZUKI", format="onsite")
    takagi, suzuki = await desk.actor("U_TAKAGI"), await desk.actor("U_SUZUKI")

    await seats.join(desk.bot.desk, takagi, training.id, seats.Joining(format="online"))
    assert (await part_of(desk, training, "U_TAKAGI")).status is Place.CONFIRMED
    async with desk.db.transaction(await desk.actor(ORGANIZER)) as tx:
        there = await tx.trainings.get(training.id)
        gone = replace(there, plan=replace(there.plan, seats={"online": 1}))
        await tx.trainings.move(there, gone)
    await seats.join(desk.bot.desk, suzuki, training.id, seats.Joining(format="online"))

    part = await part_of(desk, training, "U_SUZUKI")
    assert (part.format, part.status) == ("online", Place.WAITLISTED)
    assert await desk.suzuki.has("seat.join", where=TRAINING)


# One way to open a window over others


def _pushing(text: str) -> bool:
    return "views_push" in text


def test_windows_are_laid_on_each_other_in_one_place_only():
    pushing = [path.name for path in HANDLERS.glob("*.py") if _pushing(path.read_text(encoding="utf-8"))]

    assert pushing == ["windows.py"]
    assert not _pushing("await client.views_update(view_id=view_id, view=view)")  # the control
