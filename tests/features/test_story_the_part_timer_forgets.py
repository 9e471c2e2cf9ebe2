"""Story 6: claimed on Monday, silence. Reminded, back to the queue, nobody shamed, nothing lost."""

from datetime import UTC, datetime

from bot.domain.consultation import Status
from tests.desk import CARDS, COORDINATORS

MONDAY_TEN = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)


async def test_a_silent_claim_is_reminded_returned_told_and_taken_by_another_with_the_draft(desk):
    desk.clock.now = MONDAY_TEN
    number = await desk.given_claimed(by="U_MORI")
    await desk.mori.presses("details.open", where=CARDS)
    await desk.mori.presses("hearing.open", where="view")
    await desk.mori.fill(formulation="家族も疲れているようです。", next_action="来週また電話する")
    await desk.mori.presses("hearing.draft", where="view")
    await desk.mori.close(clear=True)

    # Eight open hours later, on Tuesday at ten, it would run out: a quarter of an hour before, a word.
    await desk.passes(hours=23, minutes=44)
    assert "難しそうでしたら、引き継ぎもできます" not in await desk.mori.reads()
    await desk.passes(minutes=2)
    reminded = await desk.mori.reads()
    assert (
        reminded.count(
            "R8-0001* の折り返しのお約束は 11月17日(火) 17時です。難しそうでしたら、引き継ぎもできます"
        )
        == 1
    )

    await desk.passes(minutes=15)
    row = await desk.row(number)
    assert (row.status, row.counselor) == (Status.RECEIVED, None)
    assert "いったん受付に戻しました。書きかけの記録は残っています" in await desk.mori.reads()
    assert "*R8-0001* が受付に戻りました" in await desk.yamamoto.reads(COORDINATORS)
    assert "担当する" in (await desk.cards())[0]
    assert "U_MORI" not in await desk.yamamoto.reads(COORDINATORS)

    await desk.suzuki.presses("callback.claim", where=CARDS)
    await desk.suzuki.presses("details.open", where=CARDS)
    assert "聞き取りの書きかけがあります" in await desk.suzuki.reads("view")
    await desk.suzuki.presses("hearing.open", where="view")
    draft = await desk.suzuki.reads("view")
    assert "<@U_MORI>さんの書きかけから続けています" in draft
    assert "家族も疲れているようです。" in draft
    assert "draft.read" in await desk.trail(number)

    await desk.suzuki.fills_and_sends(next_on="2026-12-01")
    row = await desk.row(number)
    assert (row.status, row.counselor) == (Status.HEARING_DONE, "U_SUZUKI")
    assert await desk.how_many("drafts") == 0


async def test_one_call_however_it_went_keeps_the_claim(sqlite_desk):
    """The control: the same silence after one attempt."""
    desk = sqlite_desk
    desk.clock.now = MONDAY_TEN
    number = await desk.given_claimed(by="U_MORI")
    await desk.mori.presses("details.open", where=CARDS)
    await desk.mori.presses("call.open", where="view")
    await desk.mori.fills_and_sends(outcome="no_answer")

    await desk.passes(days=1, minutes=1)

    row = await desk.row(number)
    assert (row.status, row.counselor) == (Status.CALLBACK_PENDING, "U_MORI")
    assert "いったん受付に戻しました" not in await desk.mori.reads()
    assert "受付に戻りました" not in await desk.yamamoto.reads(COORDINATORS)


async def test_the_clock_asking_twice_reminds_once(sqlite_desk):
    desk = sqlite_desk
    desk.clock.now = MONDAY_TEN
    await desk.given_claimed(by="U_MORI")
    await desk.passes(hours=23, minutes=50)

    await desk.ask_the_clock()
    await desk.passes(minutes=1)

    assert (await desk.mori.reads()).count("折り返しのお約束は") == 1


async def test_a_machine_that_slept_over_the_end_brings_it_back_late_rather_than_never(desk):
    desk.clock.now = MONDAY_TEN
    number = await desk.given_claimed(by="U_MORI")

    await desk.passes(days=5)

    assert (await desk.row(number)).counselor is None
    assert (await desk.mori.reads()).count("いったん受付に戻しました") == 1


async def test_a_claim_goes_back_to_the_queue_only_once_and_can_be_taken_again_by_the_same(sqlite_desk):
    desk = sqlite_desk
    desk.clock.now = MONDAY_TEN
    number = await desk.given_claimed(by="U_MORI")
    await desk.passes(days=1, minutes=1)

    await desk.mori.presses("callback.claim", where=CARDS)
    await desk.passes(minutes=30)

    row = await desk.row(number)
    assert (row.status, row.counselor) == (Status.CLAIMED, "U_MORI")
    assert (await desk.trail(number)).count("claim.expired") == 1


async def test_what_was_heard_already_stays_with_whoever_took_it_over(sqlite_desk):
    """A hand-over after the hearing is no promise to call: it waits for its next action's day."""
    desk = sqlite_desk
    desk.clock.now = MONDAY_TEN
    number = await desk.given_heard(by="U_MORI", days=21)
    await desk.mori.presses("details.open", where=CARDS)
    await desk.mori.presses("handover.open", where="view")
    await desk.mori.fills_and_sends(taker="U_SUZUKI")
    await desk.suzuki.presses("handover.accept", where="bot")

    await desk.passes(days=10)

    row = await desk.row(number)
    assert (row.status, row.counselor) == (Status.HEARING_DONE, "U_SUZUKI")


async def test_an_urgent_claim_expires_sooner(sqlite_desk):
    desk = sqlite_desk
    desk.clock.now = MONDAY_TEN
    number = await desk.given_claimed(by="U_MORI", urgency="u2")

    await desk.passes(hours=1, minutes=59)
    assert (await desk.row(number)).counselor == "U_MORI"
    await desk.passes(minutes=1)

    assert (await desk.row(number)).counselor is None
