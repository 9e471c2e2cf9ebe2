"""Story 4: Friday 17:05 before a long weekend. Promises are kept on open days; nothing waits unseen."""

from datetime import UTC, datetime

import pytest

from bot.domain.consultation import Status
from tests.desk import CARDS, COORDINATORS

# 2026-11-20 is a Friday; Monday the 23rd is Labour Thanksgiving Day.
FIVE_PAST_FIVE = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)
TUESDAY_NINE = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


def _tokyo(moment):
    return moment.astimezone().astimezone(UTC).strftime("%m-%dT%H:%M")


async def test_today_asked_after_closing_is_promised_for_tuesday_and_the_duty_lead_hears_of_it(desk):
    desk.clock.now = FIVE_PAST_FIVE

    await desk.takagi.command("/相談")
    await desk.takagi.fills_and_sends(
        concerns=["approach"], urgency="u2", phone="090-1234-5678", best_times=["any"]
    )

    receipt = await desk.takagi.reads("view")
    assert (
        "いまは時間外のため、次に開く 11月24日(火) 9時以降、*11月24日(火) 10時まで* にお電話します" in receipt
    )
    assert "110番・119番" in receipt
    row = await desk.row("R8-0001")
    assert row.promised_at == datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    told = await desk.yamamoto.reads()
    assert "時間外に「本日中に話したい」の相談が届いています（R8-0001）" in told
    assert "duty.called" in await desk.trail("R8-0001")


async def test_the_duty_lead_sleeps_where_it_can_wait(sqlite_desk):
    """The control: the same hour, but in two or three days is soon enough."""
    desk = sqlite_desk
    desk.clock.now = FIVE_PAST_FIVE

    await desk.takagi.asks(urgency="u3")

    assert "当番のお願い" not in await desk.yamamoto.reads()
    assert "duty.called" not in await desk.trail("R8-0001")
    assert (await desk.row("R8-0001")).promised_at == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


async def test_the_same_wish_within_hours_calls_nobody_out(sqlite_desk):
    desk = sqlite_desk
    desk.clock.now = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)

    await desk.takagi.asks(urgency="u2")

    assert "当番のお願い" not in await desk.yamamoto.reads()
    assert (await desk.row("R8-0001")).promised_at == datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


async def test_tuesday_begins_with_it(sqlite_desk):
    desk = sqlite_desk
    desk.clock.now = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    await desk.given_waiting("U_KITAMURA", urgency="u4")
    await desk.given_waiting("U_KITAMURA", urgency="u3")
    desk.clock.now = FIVE_PAST_FIVE
    await desk.given_waiting(urgency="u2")

    for _ in range(5):
        await desk.passes(hours=13)
        assert "おはようございます" not in await desk.yamamoto.reads(COORDINATORS)
    desk.clock.now = TUESDAY_NINE
    await desk.ask_the_clock()

    digest = await desk.yamamoto.reads(COORDINATORS)
    assert "折り返しをお待ちの相談が 3件 あります" in digest
    lines = digest[digest.index("3件") :].split("\n")
    order = [line[line.index("R8-") :][:7] for line in lines if "・*R8-" in line]
    assert order[0] == "R8-0003"
    await desk.ask_the_clock()
    assert digest.count("おはようございます") == (await desk.yamamoto.reads(COORDINATORS)).count(
        "おはようございます"
    )


async def test_over_the_weekend_nobody_is_reminded_and_no_promise_is_late(sqlite_desk):
    desk = sqlite_desk
    desk.clock.now = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
    await desk.given_claimed(urgency="u3")
    before = await desk.sato.reads()

    for _ in range(6):
        await desk.passes(hours=10)

    assert (await desk.row("R8-0001")).status is Status.CLAIMED
    assert await desk.sato.reads() == before
    assert "過ぎました" not in await desk.yamamoto.reads(COORDINATORS)


async def test_a_promise_that_passes_is_told_once_and_only_then(sqlite_desk):
    desk = sqlite_desk
    desk.clock.now = FIVE_PAST_FIVE
    await desk.given_waiting(urgency="u2")
    desk.clock.now = datetime(2026, 11, 24, 0, 59, tzinfo=UTC)
    await desk.ask_the_clock()
    assert "過ぎました" not in await desk.yamamoto.reads(COORDINATORS)

    await desk.passes(minutes=1)
    await desk.passes(minutes=5)

    told = await desk.yamamoto.reads(COORDINATORS)
    assert (
        told.count("R8-0001* のお約束の時間（11月24日(火) 10時）が過ぎました。まだ、だれも担当していません")
        == 1
    )
    await desk.yamamoto.open_home()
    assert "お約束の時間を過ぎたもの" in await desk.yamamoto.reads("home")


@pytest.mark.parametrize(
    ("asked", "urgency", "promised"),
    [
        # Over New Year (12/29 to 1/3 closed; 2026-12-28 is a Monday, 2027-01-04 a Monday).
        ("2026-12-28T16:30+09:00", "u2", "2027-01-04T10:00+09:00"),
        ("2026-12-28T10:00+09:00", "u3", "2027-01-04T17:00+09:00"),
        ("2026-12-31T23:00+09:00", "u1", "2027-01-04T10:00+09:00"),
        # Golden Week 2027: 4/29 Thu, 5/3 Mon, 5/4 Tue, 5/5 Wed are holidays.
        ("2027-04-30T16:40+09:00", "u2", "2027-05-06T10:00+09:00"),
        ("2027-04-30T10:00+09:00", "u3", "2027-05-06T17:00+09:00"),
        ("2026-11-24T10:00+09:00", "u4", "2026-11-27T17:00+09:00"),
        ("2026-11-24T10:00+09:00", "u5", "2026-12-01T17:00+09:00"),
    ],
)
async def test_promises_are_kept_on_open_days_only(sqlite_desk, asked, urgency, promised):
    desk = sqlite_desk
    desk.clock.now = datetime.fromisoformat(asked).astimezone(UTC)

    number = await desk.given_waiting(urgency=urgency)

    assert (await desk.row(number)).promised_at == datetime.fromisoformat(promised)
    assert "に折り返します" in await desk.sato.reads(CARDS)
