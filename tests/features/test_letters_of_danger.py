"""Words of danger in a direct message: called out until they are opened, or told in a form, and not for ever."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.organisation import Duty
from bot.usecases import letters, sweeps
from tests.desk import COORDINATORS, FOUR

NIGHT = datetime(2026, 11, 24, 12, 40, tzinfo=UTC)
WORDS = "いま、包丁を持って台所に立っています。"
CALLED = "危険が心配な言葉がありました"


async def _called(desk, where="bot"):
    return (await desk.yamamoto.reads(where)).count(CALLED)


async def test_asked_with_the_form_the_consultation_is_called_out_instead(desk):
    desk.clock.now = NIGHT
    await desk.takagi.writes(WORDS)
    assert await _called(desk) == 1

    await desk.takagi.asks(story="くわしくは、お電話で話します。")
    await desk.passes(minutes=10)

    assert await _called(desk) == 1
    assert (await desk.row("R8-0001")).danger
    assert (await desk.yamamoto.reads()).count("当番のお願いです。いのちやからだの危険") == 2


async def test_a_form_of_somebody_else_leaves_it_called_out(sqlite_desk):
    """The control: only its author's own words take its place."""
    desk = sqlite_desk
    desk.clock.now = NIGHT
    await desk.takagi.writes(WORDS)

    await desk.kitamura.asks()
    await desk.passes(minutes=10)

    assert await _called(desk) == 2
    assert not (await desk.row("R8-0001")).danger


async def test_told_to_an_open_consultation_it_is_called_out_there(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_waiting()
    desk.clock.now = NIGHT
    await desk.takagi.writes(WORDS)
    await desk.takagi.presses("letter.tell")
    await desk.takagi.fills_and_sends(told="すぐにかけてください。")

    said = await _called(desk)
    await desk.passes(minutes=10)

    assert await _called(desk) == said
    assert (await desk.row(number)).danger
    assert "当番のお願いです。いのちやからだの危険" in await desk.yamamoto.reads()


async def test_after_a_day_it_is_called_out_no_more(sqlite_desk):
    desk = sqlite_desk
    desk.clock.now = NIGHT
    await desk.takagi.writes(WORDS)
    await desk.passes(hours=23)
    assert await desk.rows("SELECT id FROM timers WHERE done_at IS NULL")  # the control

    await desk.passes(hours=2)

    assert await _called(desk) == 3
    assert await desk.rows("SELECT id FROM timers WHERE done_at IS NULL") == []


async def test_a_duty_that_sleeps_is_called_when_the_desk_opens(sqlite_desk):
    desk = sqlite_desk
    duty = Duty(people=("U_SATO",), outside_hours=False)
    asleep = replace(desk.bot.desk, organisation=desk.bot.desk.organisation.model_copy(update={"duty": duty}))
    desk.clock.now = NIGHT
    payload = {"user": "U_TAKAGI", "ts": "1.000001", "channel": "D1", "text": WORDS}
    await letters.listen(asleep, payload)
    await letters.arrived(asleep, payload)
    await desk.settle()
    desk.clock.advance(minutes=30)
    await sweeps.timers(asleep)
    await desk.settle()

    assert await _called(desk, COORDINATORS) == 1
    assert CALLED not in await desk.sato.reads()
    assert "duty.called" not in await desk.trail()
    desk.clock.now = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
    await sweeps.timers(asleep)
    await desk.settle()
    assert CALLED in await desk.sato.reads()


async def test_a_very_long_message_is_answered_and_the_danger_at_its_end_is_heard(sqlite_desk):
    desk = sqlite_desk
    desk.clock.now = NIGHT

    await desk.takagi.writes("長いお話です。" * 2400 + WORDS)

    assert "お声がけ、ありがとうございます" in await desk.takagi.reads()
    assert await _called(desk) == 1
    await desk.sato.presses("letter.open", where="bot")
    assert WORDS in await desk.sato.reads("view")


async def test_a_very_long_message_without_danger_is_answered_and_calls_nobody(sqlite_desk):
    """The control."""
    desk = sqlite_desk

    await desk.takagi.writes("長いお話です。" * 2400)

    assert "お声がけ、ありがとうございます" in await desk.takagi.reads()
    assert await _called(desk) == 0
    await desk.takagi.presses("letter.ask", where="bot")
    await desk.takagi.fills_and_sends(**FOUR)
    assert await desk.how_many("consultations") == 1
