"""Whoever waits is known to somebody: after a call that came to nothing, after reopening, after a merge was undone."""

from datetime import UTC, datetime

import pytest

from bot.domain.consultation import Status
from bot.domain.staff import THE_CLOCK
from bot.usecases import callbacks, closing, hearing, people, sweeps
from tests.desk import CARDS, COORDINATORS

AGAIN = "もう一度おかけする時刻です"
UNWRITTEN = "聞き取りが、まだ書かれていないようです"
WAITS = "もう一度折り返しをお待ちです"
TEN_ON_WEDNESDAY = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)


async def _calls(desk, number, outcome="no_answer", by="U_SATO", **more):
    who, it = await desk.actor(by), await desk.id_of(number)
    await callbacks.call(desk.bot.desk, who, it, outcome=outcome, once=desk.once(), **more)
    await desk.settle()


async def _does(desk, act, number, *more, by="U_YAMAMOTO"):
    await act(desk.bot.desk, await desk.actor(by), await desk.id_of(number), *more)
    await desk.settle()


async def _until(desk, moment):
    desk.clock.now = moment
    await desk.ask_the_clock()


# After a call


@pytest.mark.parametrize("outcome", ["no_answer", "busy", "left_message", "wrong_number", "rescheduled"])
async def test_without_a_next_try_it_is_called_to_mind_on_each_open_day(sqlite_desk, outcome):
    desk = sqlite_desk
    number = await desk.given_claimed()
    await _calls(desk, number, outcome)
    await _until(desk, TEN_ON_WEDNESDAY.replace(hour=0, minute=59))
    assert AGAIN not in await desk.sato.reads()

    await _until(desk, TEN_ON_WEDNESDAY)
    assert (await desk.sato.reads()).count(AGAIN) == 1
    await _until(desk, TEN_ON_WEDNESDAY.replace(hour=7))
    assert (await desk.sato.reads()).count(AGAIN) == 1

    await _until(desk, TEN_ON_WEDNESDAY.replace(day=26))
    assert (await desk.sato.reads()).count(AGAIN) == 2


async def test_where_somebody_may_be_in_danger_it_is_called_to_mind_soon(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed(urgency="u1")
    await _calls(desk, number)

    await desk.passes(minutes=30)

    assert AGAIN in await desk.sato.reads()


async def test_what_got_through_and_was_not_written_is_called_to_mind(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()
    await _calls(desk, number, "reached")

    await _until(desk, TEN_ON_WEDNESDAY)

    assert UNWRITTEN in await desk.sato.reads()
    assert AGAIN not in await desk.sato.reads()


async def test_what_was_written_is_not(sqlite_desk):
    """The control."""
    desk = sqlite_desk
    number = await desk.given_claimed()
    await _calls(desk, number, "reached")
    day = datetime(2026, 12, 8).date()
    heard = hearing.Heard((), (), "", "", "電話", day)
    await hearing.hear(
        desk.bot.desk, await desk.actor("U_SATO"), await desk.id_of(number), heard, once=desk.once()
    )

    await _until(desk, TEN_ON_WEDNESDAY)

    assert UNWRITTEN not in await desk.sato.reads()


async def test_three_that_failed_are_told_to_the_coordinators_until_they_decide(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()
    for _ in range(3):
        await _calls(desk, number)
        desk.clock.advance(hours=2)

    for moment in (TEN_ON_WEDNESDAY, TEN_ON_WEDNESDAY.replace(hour=2), TEN_ON_WEDNESDAY.replace(day=26)):
        await _until(desk, moment)

    said = await desk.yamamoto.reads(COORDINATORS)
    assert said.count("どうするか、決めていただけますか") == 3
    await _does(desk, callbacks.keep_trying, number)
    await desk.passes(hours=1)
    await _until(desk, TEN_ON_WEDNESDAY.replace(day=27))
    assert (await desk.yamamoto.reads(COORDINATORS)).count("どうするか、決めていただけますか") == 3
    assert AGAIN in await desk.sato.reads()


async def test_where_nobody_holds_it_the_coordinators_are_told(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()
    await _calls(desk, number)
    await _does(desk, callbacks.release, number, by="U_SATO")

    await _until(desk, TEN_ON_WEDNESDAY)

    assert AGAIN in await desk.yamamoto.reads(COORDINATORS)
    assert AGAIN not in await desk.sato.reads()


@pytest.mark.parametrize("ends", [closing.withdraw, closing.suspend])
async def test_what_is_over_or_paused_calls_nobody_to_mind(sqlite_desk, ends):
    desk = sqlite_desk
    number = await desk.given_claimed()
    await _calls(desk, number)
    await _does(desk, ends, number)

    await _until(desk, TEN_ON_WEDNESDAY)

    assert AGAIN not in await desk.sato.reads() + await desk.yamamoto.reads(COORDINATORS)


async def test_while_merged_nothing_is_due_and_taken_apart_it_is_again(sqlite_desk):
    desk = sqlite_desk
    first = await desk.given_waiting()
    number = await desk.given_claimed()
    await _calls(desk, number)
    await _does(desk, closing.merge, number, first)
    await _until(desk, TEN_ON_WEDNESDAY)
    assert AGAIN not in await desk.sato.reads()

    await _does(desk, closing.unmerge, number)
    await desk.ask_the_clock()
    await _until(desk, TEN_ON_WEDNESDAY.replace(day=26))

    assert AGAIN in await desk.sato.reads()


async def test_a_timer_that_cannot_be_kept_keeps_no_other_waiting(sqlite_desk):
    desk = sqlite_desk
    await desk.takagi.writes("いま、包丁を持って台所に立っています。")
    number = await desk.given_claimed()
    await _calls(desk, number, next_try_at=TEN_ON_WEDNESDAY)
    async with desk.db.transaction(THE_CLOCK) as tx:
        tx.connection.later("UPDATE letters SET text_sealed = 'broken'", {})
    desk.clock.now = TEN_ON_WEDNESDAY

    await sweeps.timers(desk.bot.desk)
    await desk.settle()

    assert AGAIN in await desk.sato.reads()


# Opened again, taken apart, given to somebody else


@pytest.mark.parametrize("ended", ["given_closed", "given_heard"])
async def test_opened_again_the_coordinators_hear_of_it(desk, ended):
    number = await getattr(desk, ended)()
    if ended == "given_heard":
        await _does(desk, closing.suspend, number)
    assert WAITS not in await desk.yamamoto.reads(COORDINATORS)

    await desk.takagi.presses("consultation.reopen", where="bot")

    assert f"*{number}* の方が、{WAITS}" in await desk.yamamoto.reads(COORDINATORS)
    await desk.yamamoto.presses("callback.assign", await desk.id_of(number), where=COORDINATORS)
    await desk.yamamoto.fills_and_sends(counselor="U_MORI")
    assert (await desk.row(number)).counselor == "U_MORI"


@pytest.mark.parametrize(("urgency", "calls"), [("u1", 1), ("u3", 0)])
async def test_opened_again_danger_calls_the_duty(sqlite_desk, urgency, calls):
    desk = sqlite_desk
    number = await desk.given_claimed(urgency=urgency)
    await _does(desk, closing.withdraw, number)
    before = (await desk.trail(number)).count("duty.called")

    await _does(desk, closing.reopen, number)
    await desk.passes(minutes=1)

    assert (await desk.trail(number)).count("duty.called") == before + calls


@pytest.mark.parametrize(("given", "told"), [("given_waiting", True), ("given_claimed", False)])
async def test_taken_apart_what_waits_is_told(sqlite_desk, given, told):
    desk = sqlite_desk
    first = await desk.given_waiting("U_KITAMURA")
    number = await getattr(desk, given)()
    await _does(desk, closing.merge, number, first)

    await _does(desk, closing.unmerge, number)

    assert (WAITS in await desk.yamamoto.reads(COORDINATORS)) == told


async def test_who_held_it_hears_who_has_it_now(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()

    await _does(desk, callbacks.assign, number, "U_MORI")

    assert f"*{number}* は、<@U_MORI>さんが担当することになりました" in await desk.sato.reads()
    assert "担当することになりました" not in await desk.mori.reads()


async def test_a_pause_leaves_nothing_to_decide_and_a_hearing_no_failed_call(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()
    for _ in range(3):
        await _calls(desk, number)
        desk.clock.advance(hours=2)
    assert (await desk.row(number)).needs_decision
    await _does(desk, closing.suspend, number)
    assert not (await desk.row(number)).needs_decision

    other = await desk.given_claimed()
    await _calls(desk, other)
    await desk.sato.presses("details.open", await desk.id_of(other), where=CARDS)
    await desk.sato.presses("hearing.open", where="view")
    await desk.sato.fills_and_sends(next_action="電話", next_on="2026-12-08")
    row = await desk.row(other)
    assert (row.status, row.failed_calls) == (Status.HEARING_DONE, 0)


async def test_a_late_word_about_a_claim_says_how_things_are_now(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()
    desk.workspace.faults.add(what="503", method="chat.postMessage")
    await people.revoke(desk.bot.desk, THE_CLOCK, "U_TANAKA", "operator")
    await callbacks.release(desk.bot.desk, await desk.actor("U_SATO"), await desk.id_of(number))
    await closing.withdraw(desk.bot.desk, await desk.actor("U_YAMAMOTO"), await desk.id_of(number))
    await desk.settle()
    desk.workspace.faults.clear()
    desk.clock.advance(minutes=10)
    await desk.settle()

    said = await desk.yamamoto.reads(COORDINATORS)
    assert "になりました。お電話はもう要りません" in said
    assert "お約束は" not in said
