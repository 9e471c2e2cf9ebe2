"""Danger that is told later, at night, or in a free message: it is called out until somebody has it, and then called."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.casework import Contact
from bot.domain.consultation import Status
from bot.domain.staff import THE_CLOCK
from bot.organisation import Duty
from bot.usecases import callbacks, closing, intake, telling
from tests.desk import COORDINATORS

NIGHT = datetime(2026, 11, 24, 12, 40, tzinfo=UTC)
WORDS = "いま、包丁を持って台所に立っています。"


def _calls(said):
    return said.count("当番のお願いです")


async def _tells(desk, number, told, once="t"):
    asker, it = await desk.actor("U_TAKAGI"), await desk.id_of(number)
    danger = await telling.tell(desk.bot.desk, asker, it, told, "", once=once)
    await desk.settle()
    return danger


def _asleep(desk, people=("U_YAMAMOTO", "U_SATO")):
    """The same desk where nobody is to be called outside its hours."""
    duty = Duty(people=people, repeat_minutes=10, outside_hours=False)
    there = desk.bot.desk.organisation.model_copy(update={"duty": duty})
    return replace(desk.bot.desk, organisation=there)


# Told later


async def test_danger_told_later_is_as_danger_told_at_first(desk):
    desk.clock.now = NIGHT
    number = await desk.given_waiting(urgency="u4")

    assert await _tells(desk, number, WORDS)

    row = await desk.row(number)
    assert row.danger
    assert row.promised_at == datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
    assert "*いのちやからだの危険が心配です*" in (await desk.cards())[0]
    await desk.passes(minutes=10)
    assert _calls(await desk.sato.reads()) == 1
    await desk.sato.presses("callback.claim", await desk.id_of(number), where="bot")
    await desk.passes(minutes=10)
    assert _calls(await desk.suzuki.reads()) == 0
    assert (await desk.trail(number)).count("duty.called") == 2


async def test_other_words_told_later_call_nobody(sqlite_desk):
    """The control: the same, without danger."""
    desk = sqlite_desk
    desk.clock.now = NIGHT
    number = await desk.given_waiting(urgency="u4")
    before = await desk.row(number)

    assert not await _tells(desk, number, "あすは夕方がよいです。")
    await desk.passes(minutes=10)

    row = await desk.row(number)
    assert (row.danger, row.promised_at) == (False, before.promised_at)
    assert _calls(await desk.sato.reads()) == 0


@pytest.mark.parametrize("given", ["given_claimed", "given_heard"])
async def test_who_holds_it_is_to_call_soon_or_it_is_called_out(sqlite_desk, given):
    desk = sqlite_desk
    desk.clock.now = NIGHT
    number = await getattr(desk, given)(by="U_SUZUKI")

    await _tells(desk, number, WORDS)
    assert "まず、お電話をお願いします" in await desk.suzuki.reads()
    await desk.passes(minutes=29)
    assert (await desk.row(number)).counselor == "U_SUZUKI"
    await desk.passes(minutes=1)
    await desk.passes(minutes=1)

    assert (await desk.row(number)).counselor is None
    assert _calls(await desk.sato.reads()) == 1
    assert "claim.expired" in await desk.trail(number)


async def test_a_call_that_was_made_keeps_it_with_its_holder(sqlite_desk):
    """The control of the test above."""
    desk = sqlite_desk
    desk.clock.now = NIGHT
    number = await desk.given_claimed(by="U_SUZUKI")
    await _tells(desk, number, WORDS)
    who, it = await desk.actor("U_SUZUKI"), await desk.id_of(number)
    await callbacks.call(desk.bot.desk, who, it, outcome="reached", once="c")

    await desk.passes(minutes=60)

    assert (await desk.row(number)).counselor == "U_SUZUKI"


async def test_what_was_paused_waits_again(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_heard()
    who, it = await desk.actor("U_SATO"), await desk.id_of(number)
    await closing.suspend(desk.bot.desk, who, it)

    await _tells(desk, number, WORDS)
    await desk.passes(minutes=10)

    assert (await desk.row(number)).status is Status.REOPENED
    assert _calls(await desk.yamamoto.reads()) == 1


# Claims and urgency


@pytest.mark.parametrize(("story", "holder"), [(WORDS, None), ("眠れません。", "U_SUZUKI")])
async def test_at_night_a_claim_on_danger_runs_out_by_the_clock_on_the_wall(sqlite_desk, story, holder):
    desk = sqlite_desk
    desk.clock.now = NIGHT
    number = await desk.given_claimed(by="U_SUZUKI", urgency="u3", story=story)

    await desk.passes(minutes=31)

    assert (await desk.row(number)).counselor == holder


async def test_where_the_duty_sleeps_the_claim_does_too(sqlite_desk):
    desk = sqlite_desk
    desk.clock.now = NIGHT
    number = await desk.given_waiting(urgency="u4", story=WORDS)
    row = await desk.row(number)

    assert _asleep(desk).claim_expires(row, NIGHT) == datetime(2026, 11, 25, 0, 30, tzinfo=UTC)


async def test_raised_to_danger_its_holder_hears_of_it_and_the_claim_runs_out_sooner(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed(by="U_SUZUKI", urgency="u4")
    coordinator, it = await desk.actor("U_YAMAMOTO"), await desk.id_of(number)

    await callbacks.reclassify(desk.bot.desk, coordinator, it, "u1")
    await desk.settle()

    assert "危険が心配な相談に変わりました" in await desk.suzuki.reads()
    said = await desk.yamamoto.reads(COORDINATORS)
    assert "<@U_SUZUKI>さんが担当しています" in said
    assert "当番の方へも知らせています" not in said  # nobody on duty was called: it is held
    await desk.passes(minutes=31)
    assert (await desk.row(number)).counselor is None


async def test_raised_by_the_holder_nobody_tells_them_what_they_did(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed(by="U_SUZUKI", urgency="u4")
    holder, it = await desk.actor("U_SUZUKI"), await desk.id_of(number)

    await callbacks.reclassify(desk.bot.desk, holder, it, "u2")
    await callbacks.reclassify(desk.bot.desk, holder, it, "u1")
    await desk.settle()

    assert "危険が心配な相談に変わりました" not in await desk.suzuki.reads()


# What is said, to whom, and in which order


async def test_an_alarm_waits_for_no_message_that_is_stuck(desk):
    number = await desk.given_waiting("U_KITAMURA", urgency="u4")
    stuck = "UPDATE outbox SET finished_at = NULL, state = 'pending', retry_at = '2099' WHERE template = 'receipt'"
    async with desk.db.transaction(THE_CLOCK) as tx:
        tx.connection.later(stuck, {})
    coordinator, it = await desk.actor("U_YAMAMOTO"), await desk.id_of(number)

    await callbacks.reclassify(desk.bot.desk, coordinator, it, "u1")
    await callbacks.assign(desk.bot.desk, coordinator, it, "U_SUZUKI")
    await desk.settle()

    assert "危険が心配な相談です" in await desk.yamamoto.reads(COORDINATORS)
    assert _calls(await desk.sato.reads()) + (await desk.sato.reads()).count("担当が決まりました") == 1
    assert number not in await desk.suzuki.reads()  # the control: other news keep their order


async def test_where_nobody_on_duty_is_called_nobody_says_so(sqlite_desk):
    desk = sqlite_desk
    desk.clock.now = NIGHT
    request = intake.Request(("approach",), "u1", Contact(phone="090-1234-5678"), ("any",))

    await intake.receive(_asleep(desk), await desk.actor("U_TAKAGI"), request, once="asleep")
    await desk.settle()

    said = await desk.yamamoto.reads(COORDINATORS)
    assert "危険が心配な相談です" in said
    assert "当番の方へも知らせています" not in said
    assert _calls(await desk.sato.reads()) == 0
    assert "duty.called" not in await desk.trail("R8-0001")
    await desk.given_waiting(urgency="u1")  # the control: the duty that listens
    assert "当番の方へも知らせています" in await desk.yamamoto.reads(COORDINATORS)
    assert "duty.called" in await desk.trail("R8-0002")
