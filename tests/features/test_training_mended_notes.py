"""What organizers are told near the deadline, the day before, on the day and after it, mended after a trial."""

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from bot.domain.seats import Attendance
from bot.usecases import feedback, letters, rosters, trainings
from tests.planning import windows
from tests.trainings import ORGANIZER, given_announced, given_draft, joined, part_of
from tests.trainings_in_time import given_over, mark, said, until


async def writes(desk, person, text):
    """Somebody writes an ordinary message to the bot."""
    payload = {"user": person, "ts": f"{desk.clock.now.timestamp():.6f}", "channel": "D1", "text": text}
    await letters.listen(desk.bot.desk, payload)
    await letters.arrived(desk.bot.desk, payload)
    await desk.settle()


# Notes to the organizer


async def test_near_the_deadline_it_is_not_said_again_that_a_way_is_full(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, seats={"onsite": 4, "online": 1})
    await joined(desk, training, "U_TAKAGI", format="online")
    assert "オンラインが *満席になりました*" in await desk.kondo.reads()
    await joined(desk, training, "U_SATO", "U_MORI", "U_SUZUKI", format="onsite")

    await until(desk, "12-01 13:00")

    seen = await desk.kondo.reads()
    assert seen.count("満席になりました") == 1
    assert "*締切が近づきました*。会場は、あと1席です。" in seen


async def test_an_address_that_is_missing_is_noted_before_it_is_announced_and_the_day_before(desk):
    draft = await given_draft(desk, seats={"onsite": 5, "online": 0})
    await desk.kondo.presses_anyway("training.preview", draft.id)
    assert "オンラインの参加先が、まだ入っていません" in await desk.kondo.reads("view")
    await desk.kondo.close(clear=True)
    training = await trainings.announce(desk.bot.desk, await desk.actor(ORGANIZER), draft.id, ["C_TRAINING"])
    await joined(desk, training, "U_TAKAGI", format="online")

    await until(desk, "12-06 13:00")
    assert await said(desk, "online_missing") == []
    await until(desk, "12-07 13:00")
    await until(desk, "12-08 12:30")

    assert (await desk.kondo.reads()).count("*参加先がまだ入っていません*") == 1


@pytest.mark.parametrize("how", ["address", "nobody"])
async def test_control_who_has_an_address_or_nobody_online_is_not_told(sqlite_desk, how):
    desk = sqlite_desk
    private = {"online": "https://meet.example/1"} if how == "address" else {}
    training = await given_announced(desk, seats={"onsite": 5, "online": 0}, private=private)
    await joined(desk, training, "U_TAKAGI", format="online" if how == "address" else "onsite")

    await until(desk, "12-08 12:30")

    assert await said(desk, "online_missing") == []
    draft = await given_draft(
        desk, private=private, seats={"onsite": 5, "online": 0} if private else {"onsite": 5}
    )
    await desk.kondo.presses_anyway("training.preview", draft.id)
    assert "まだ入っていません" not in await desk.kondo.reads("view")


# On the day


async def test_an_ordinary_message_on_the_day_is_answered_with_how_to_check_in(desk):
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI", "U_SATO")
    await writes(desk, "U_TAKAGI", "受付は どうすればいいですか")
    line = "研修の受付は、画面の番号だけをお送りください。"
    assert line not in await desk.takagi.reads()  # the control: not yet
    desk.clock.now = training.plan.starts_at - timedelta(minutes=20)
    await mark(desk, await part_of(desk, training, "U_SATO"), training)

    for person in ("U_TAKAGI", "U_SATO", "U_MORI"):
        await writes(desk, person, "受付は どうすればいいですか")

    counted = [(await desk.person(each).reads()).count(line) for each in ("U_TAKAGI", "U_SATO", "U_MORI")]
    assert counted == [1, 0, 0]  # she is noted already; he has no seat
    assert "お声がけ、ありがとうございます" in await desk.takagi.reads()


@pytest.mark.parametrize("door", ["list", "window", "screen"])
async def test_after_somebody_was_let_in_the_roster_says_who_it_was(sqlite_desk, door):
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    desk.clock.now = training.plan.starts_at - timedelta(minutes=20)
    if door == "list":
        await desk.kondo.command("/研修")
        await desk.kondo.presses("training.open", training.id, where="view")
    elif door == "window":
        await desk.kondo.presses_anyway("training.open", training.id)
    if door == "screen":
        await desk.kondo.presses_anyway("check_in.screen", training.id)
    else:
        await desk.kondo.presses("check_in.screen", where="view")
    await desk.kondo.presses("roster.open", where="view")

    for given, line in (
        ({"name": "飛入 花子"}, "飛入 花子さんを、名簿に加えました。"),
        ({"person": "U_MORI"}, "<@U_MORI>さんを"),
    ):
        await desk.kondo.presses("walk_in.open", where="view")
        await desk.kondo.fills_and_sends(**given)
        assert (await windows(desk.kondo))[-1] == "roster"
        assert line in await desk.kondo.reads("view")
        await desk.passes(seconds=5)
        assert (await windows(desk.kondo))[-1] == "roster"  # the code is not drawn over it


async def test_the_roster_says_how_long_a_part_was_and_which_half_was_guessed(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    takagi, sato = await joined(desk, training, "U_TAKAGI", "U_SATO")
    desk.clock.now = training.plan.ends_at + timedelta(minutes=1)
    await desk.ask_the_clock()
    organizer, session = await desk.actor(ORGANIZER), training.plan.sessions[0].id
    await rosters.mark(desk.bot.desk, organizer, takagi.id, session, Attendance.PARTIAL, 120)
    await rosters.mark(desk.bot.desk, organizer, sato.id, session, Attendance.PARTIAL)

    await desk.kondo.presses_anyway("roster.open", training.id)
    seen = await desk.kondo.reads("view")
    assert "　120分　" in seen
    assert "　90分（半分として）　" in seen
    await desk.kondo.presses("roster.sheet", where="view")
    (file,) = [each for each in desk.workspace.world.files.values() if each.shared]
    cells = [str(cell) for row in load_workbook(io.BytesIO(file.body)).active.values for cell in row]
    assert "一部出席（120分）" in cells
    assert "一部出席（90分）" in cells


# Feedback


@pytest.mark.parametrize(
    ("people", "days", "hopeful"),
    [(5, 1, True), (5, 31, False), (4, 1, False)],
)
async def test_nobody_is_told_to_wait_for_feedback_that_cannot_come(sqlite_desk, people, days, hopeful):
    desk = sqlite_desk
    everybody = ["U_TAKAGI", "U_SATO", "U_SUZUKI", "U_MORI", "U_YAMAMOTO"]
    training, _ = await given_over(desk, *everybody[:people])
    desk.clock.advance(days=days)

    found = await feedback.results(desk.bot.desk, await desk.actor(ORGANIZER), training.id)
    await desk.kondo.presses_anyway("feedback.results", training.id)
    seen = await desk.kondo.reads("view")

    assert (found.enough, found.hopeful) == (False, hopeful)
    assert ("もう少しお待ちください" in seen) is hopeful
    assert ("5人に満たないため、お見せしないことにしています。" in seen) is not hopeful
