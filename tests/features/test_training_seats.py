"""Asking for a seat: one press, or a form where something is asked; one's own window; several ways to take part."""

import asyncio

import pytest

from bot.domain.seats import Place
from bot.usecases import seats, trainings
from tests.desk import TRAINING
from tests.trainings import (
    ORGANIZER,
    a_plan,
    by_status,
    given_announced,
    given_draft,
    joined,
    now,
    part_of,
    parts,
)

# One press


async def test_one_press_gives_a_seat_and_says_so_at_once_and_in_a_message(desk):
    plan = a_plan(desk.clock.now)
    training = await given_announced(desk, private={"online": "https://meet.example/1"}, words=plan.words)

    await desk.takagi.presses("seat.join", training.id, where=TRAINING)

    assert await desk.takagi.whispers(TRAINING) == [
        "「ダブルケアを支える」のお席をお取りしました。くわしいことは、メッセージでお送りします。"
    ]
    told = await desk.takagi.reads()
    assert "「ダブルケアを支える」のお席をお取りしました。お待ちしています。" in told
    assert "12月8日(火) 13時〜16時" in told
    assert "彦根市福祉センター 2階会議室" in told
    for action in ("seat.calendar", "seat.leave", "seat.own"):
        assert await desk.takagi.has(action, where="bot")
    assert (await part_of(desk, training, "U_TAKAGI")).status is Place.CONFIRMED
    assert await desk.sato.whispers(TRAINING) == []  # the control: nobody else saw the line


async def test_pressing_again_shows_how_one_stands_and_changes_nothing(desk):
    training = await given_announced(desk)
    await desk.takagi.presses("seat.join", training.id, where=TRAINING)
    kept = await desk.kept()
    said = await desk.takagi.texts()

    await desk.takagi.presses("seat.join", training.id, where=TRAINING)

    assert "「ダブルケアを支える」のお席をお取りしています。" in await desk.takagi.reads("view")
    assert await desk.kept() == kept
    assert await desk.takagi.texts() == said


async def test_the_last_seat_pressed_by_two_at_once_is_given_once_and_each_hears_once(desk):
    training = await given_announced(desk, seats={"onsite": 1})

    await asyncio.gather(
        desk.takagi.presses("seat.join", training.id, where=TRAINING),
        desk.kitamura.presses("seat.join", training.id, where=TRAINING),
    )
    await desk.settle()

    standing = await by_status(desk, training)
    assert sorted(standing) == ["confirmed", "waitlisted"]
    first, second = standing["confirmed"][0], standing["waitlisted"][0]
    assert {first, second} == {"U_TAKAGI", "U_KITAMURA"}
    seated = await desk.person(first).texts()
    waiting = await desk.person(second).texts()
    assert len([each for each in seated if "お席をお取りしました" in each]) == 1
    assert len([each for each in waiting if "キャンセル待ちの1番目でお預かりできました" in each]) == 1
    assert len(seated) == len(waiting) == 1


async def test_a_draft_and_a_training_that_is_over_cannot_be_joined(sqlite_desk):
    desk = sqlite_desk
    draft = await given_draft(desk)
    training = await given_announced(desk)
    desk.clock.advance(days=11)  # the deadline is over

    await desk.takagi.presses_anyway("seat.join", draft.id)
    assert "まだお申し込みを始めていません" in await desk.takagi.refused()
    await desk.takagi.presses_anyway("seat.join", training.id)
    assert "お申し込みの締切を過ぎました" in await desk.takagi.refused()
    desk.clock.advance(days=3, hours=4)
    await desk.takagi.presses_anyway("seat.join", training.id)
    assert "もう始まっているので" in await desk.takagi.refused()

    assert await parts(desk, training) == []


# Forms


async def test_what_the_plan_asks_is_asked_and_a_name_in_a_question_is_offered_masked(desk):
    training = await given_announced(
        desk, asks=("name", "agency", "occupation", "municipality", "needs", "question")
    )

    await desk.takagi.presses("seat.join", training.id, where=TRAINING)
    assert await parts(desk, training) == []
    await desk.takagi.fills_and_sends(
        name="高木 みどり", agency="彦根の相談室", occupation="care_manager", municipality="252026",
        needs="車いすで伺います。", question="山田花子さんのような世帯には、どう声をかけますか。",
    )  # fmt: skip
    assert "Aさんのような世帯" in str((await desk.takagi.top_view())["blocks"])
    assert await parts(desk, training) == []
    await desk.takagi.fills_and_sends()

    assert "お席をお取りしています" in await desk.takagi.reads("view")
    part = await part_of(desk, training, "U_TAKAGI")
    assert (part.occupation, part.municipality, part.region) == ("care_manager", "252026", "koto")
    async with desk.db.reading() as ask:
        assert await ask.participations.answers(part) == {
            "name": "高木 みどり", "agency": "彦根の相談室", "needs": "車いすで伺います。",
        }  # fmt: skip
        questions = await ask.meetings.of_training(training.id)
    assert [each.text for each in questions] == ["Aさんのような世帯には、どう声をかけますか。"]
    assert "山田" not in desk.told()


async def test_what_is_not_asked_does_not_stand_in_the_form_and_codes_are_remembered(sqlite_desk):
    desk = sqlite_desk
    first = await given_announced(desk, asks=("occupation",))
    second = await given_announced(desk, asks=("occupation", "field"), days=20)
    await desk.takagi.presses("seat.join", first.id, where=TRAINING)
    form = await desk.takagi.reads("view")
    assert "職種" in form
    assert "配慮してほしいこと" not in form
    await desk.takagi.fills_and_sends(occupation="care_manager")
    await desk.takagi.close(clear=True)

    await desk.takagi.presses("seat.join", second.id, where=TRAINING)

    given = [
        b["element"].get("initial_option") for b in (await desk.takagi.top_view())["blocks"] if "element" in b
    ]
    assert [each and each["value"] for each in given] == ["care_manager", None]


async def test_the_same_form_sent_twice_asks_its_question_once(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, asks=("question",))
    await desk.takagi.presses("seat.join", training.id, where=TRAINING)
    view = await desk.takagi.top_view()
    actor = await desk.actor("U_TAKAGI")
    for _ in range(2):
        await seats.join(
            desk.bot.desk,
            actor,
            training.id,
            seats.Joining(question="資料はありますか。"),
            once=f"join:{view['id']}",
        )

    assert await desk.how_many("training_questions") == 1
    await seats.join(
        desk.bot.desk, actor, training.id, seats.Joining(question="駐車場は。"), once="join:another"
    )
    assert await desk.how_many("training_questions") == 2  # the control: another form is another question


# Several ways to take part


async def test_each_way_to_take_part_has_its_own_seats(desk):
    training = await given_announced(
        desk, seats={"onsite": 1, "online": 0}, private={"online": "https://meet.example/abc"}
    )
    await joined(desk, training, "U_SATO", format="onsite")

    await desk.takagi.presses("seat.join", training.id, where=TRAINING)
    form = await desk.takagi.reads("view")
    assert "会場（満席・キャンセル待ち）" in form
    await desk.takagi.fills_and_sends(format="onsite")
    assert (await part_of(desk, training, "U_TAKAGI")).status is Place.WAITLISTED
    await desk.kitamura.presses("seat.join", training.id, where=TRAINING)
    await desk.kitamura.fills_and_sends(format="online")

    assert (await part_of(desk, training, "U_KITAMURA")).status is Place.CONFIRMED
    assert "https://meet.example/abc" in await desk.kitamura.reads()
    for somewhere in ("bot", "view"):
        assert "meet.example" not in await desk.takagi.reads(somewhere)
    assert "meet.example" not in await desk.sato.reads(TRAINING)


async def test_who_has_a_seat_keeps_it_where_the_other_way_is_full(desk):
    training = await given_announced(desk, seats={"onsite": 1, "online": 1})
    await joined(desk, training, "U_SATO", format="onsite")
    await joined(desk, training, "U_TAKAGI", format="online")

    await desk.takagi.presses("seat.own", where="bot")
    await desk.takagi.presses("seat.switch", where="view")
    answer = await desk.takagi.fills_and_sends(format="onsite")

    assert "いまのお席は、そのままにしてあります" in await desk.takagi.refused(answer)
    part = await part_of(desk, training, "U_TAKAGI")
    assert (part.format, part.status) == ("online", Place.CONFIRMED)


async def test_a_change_of_the_way_gives_the_seat_that_became_free_to_who_waits(desk):
    training = await given_announced(desk, seats={"onsite": 1, "online": 0})
    await joined(desk, training, "U_TAKAGI", format="onsite")
    await joined(desk, training, "U_SATO", format="onsite")

    await desk.takagi.presses("seat.own", where="bot")
    await desk.takagi.presses("seat.switch", where="view")
    await desk.takagi.fills_and_sends(format="online")

    assert (await part_of(desk, training, "U_TAKAGI")).format == "online"
    assert (await part_of(desk, training, "U_SATO")).status is Place.OFFERED
    assert "席が空きました" in await desk.sato.reads()


async def test_who_is_offered_a_seat_does_not_lose_it_by_trying_the_other_way(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, seats={"onsite": 1, "online": 1})
    await joined(desk, training, "U_SATO", format="onsite")
    await joined(desk, training, "U_MORI", format="online")
    await joined(desk, training, "U_TAKAGI", format="onsite")
    await desk.sato.presses("seat.leave", where="bot")
    assert (await part_of(desk, training, "U_TAKAGI")).status is Place.OFFERED

    await desk.takagi.presses("seat.own", where="bot")
    await desk.takagi.presses("seat.switch", where="view")
    answer = await desk.takagi.fills_and_sends(format="online")

    assert "そちらは、いま満席です" in await desk.takagi.refused(answer)
    assert (await part_of(desk, training, "U_TAKAGI")).status is Place.OFFERED


async def test_a_way_that_is_not_there_is_refused(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)

    answer = await desk.takagi.sends_anyway(
        "join.submit",
        {"t": training.id},
        format={"type": "radio_buttons", "selected_option": {"value": "online"}},
    )

    assert "この参加のしかたでは開いていません" in answer["errors"]["format~0"]
    assert await parts(desk, training) == []


# One's own window


async def test_ones_own_window_shows_what_can_be_done_and_follows_what_is_done(desk):
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    await desk.takagi.presses("seat.own", where="bot")
    assert await desk.takagi.has("seat.calendar", where="view")
    assert not await desk.takagi.has("check_in.open", where="view")

    await desk.takagi.presses("seat.reminders_off", where="view")
    assert (await part_of(desk, training, "U_TAKAGI")).reminders is False
    assert "お知らせは、止めてあります" in await desk.takagi.reads("view")
    await desk.takagi.presses("seat.reminders_on", where="view")
    assert (await part_of(desk, training, "U_TAKAGI")).reminders is True
    await desk.takagi.presses("seat.leave", where="view")

    assert "お申し込みは、取り消してあります" in await desk.takagi.reads("view")
    assert await desk.takagi.has("seat.join", where="view")


async def test_on_the_day_the_window_lets_one_check_in_from_an_hour_before(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    desk.clock.advance(days=14, hours=1, minutes=55)  # 11:55
    await desk.takagi.presses("seat.own", where="bot")
    assert not await desk.takagi.has("check_in.open", where="view")
    await desk.takagi.close(clear=True)
    desk.clock.advance(minutes=5)

    await desk.takagi.presses("seat.own", where="bot")

    assert await desk.takagi.has("check_in.open", where="view")


@pytest.mark.parametrize(
    "act", ["seat.own", "seat.leave", "seat.accept", "seat.reminders_off", "seat.calendar"]
)
async def test_nobody_acts_for_somebody_else(sqlite_desk, act):
    desk = sqlite_desk
    training = await given_announced(desk)
    (part,) = await joined(desk, training, "U_TAKAGI")
    kept = await desk.kept()

    await desk.kitamura.presses_anyway(act, part.id)

    assert "お声がけください" in await desk.kitamura.refused()
    assert await desk.kept() == kept


async def test_somebody_says_they_cannot_come_even_after_the_deadline(desk):
    training = await given_announced(desk, kind="municipal_meeting")
    await trainings.invite(desk.bot.desk, await desk.actor(ORGANIZER), training.id, ["U_TAKAGI", "U_MORI"])
    await desk.settle()
    assert "お誘いです" in await desk.takagi.reads()
    desk.clock.advance(days=11)

    await desk.takagi.presses("seat.decline", training.id, where="bot")
    await desk.takagi.presses("seat.decline", training.id, where="bot")

    assert (await part_of(desk, training, "U_TAKAGI")).status is Place.DECLINED
    assert "欠席のお返事を承りました" in (await desk.takagi.whispers("bot"))[-1]
    async with desk.db.reading() as ask:
        assert await ask.trainings.unanswered(training.id) == ["U_MORI"]


async def test_the_seat_counter_follows(desk):
    training = await given_announced(desk, seats={"onsite": 2})
    assert "あと2席" in await desk.takagi.reads(TRAINING)

    await desk.takagi.presses("seat.join", training.id, where=TRAINING)
    await desk.passes(seconds=10)

    assert "あと1席" in await desk.takagi.reads(TRAINING)
    assert (await now(desk, training)).last_turn == 1


async def test_a_slip_of_the_thumb_gives_nobodys_seat_back(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, kind="exchange")
    await joined(desk, training, "U_TAKAGI")

    await desk.takagi.presses("seat.decline", training.id, where=TRAINING)

    assert (await part_of(desk, training, "U_TAKAGI")).status is Place.CONFIRMED
    assert await desk.takagi.has("seat.leave", where="view")
    await desk.mori.presses("seat.decline", training.id, where=TRAINING)  # the control: who has none answers
    assert (await part_of(desk, training, "U_MORI")).status is Place.DECLINED


async def test_after_a_cancellation_the_calendar_is_asked_for_anew(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    (part,) = await joined(desk, training, "U_TAKAGI")
    actor = await desk.actor("U_TAKAGI")
    await seats.to_calendar(desk.bot.desk, actor, part.id)
    assert (await part_of(desk, training, "U_TAKAGI")).calendar

    await seats.leave(desk.bot.desk, actor, part.id)
    await joined(desk, training, "U_TAKAGI")

    assert not (await part_of(desk, training, "U_TAKAGI")).calendar
