"""Claiming, giving back, handing over, assigning, changing the urgency, and the ledger of calls."""

from datetime import UTC, datetime

import pytest

from bot.domain.consultation import Status
from tests.desk import CARDS, COORDINATORS


async def _opens(somebody, form, **answers):
    """Open the details, then a form from there, and send it."""
    if await somebody.top_view() is None:
        await somebody.presses("details.open", where=CARDS)
    await somebody.presses(form, where="view")
    return await somebody.fills_and_sends(**answers)


async def _calls(desk, outcome="no_answer", **more):
    return await _opens(desk.sato, "call.open", outcome=outcome, **more)


# Claim and release


async def test_who_claims_is_told_what_was_promised_and_the_supporter_who_will_call(sqlite_desk):
    desk = sqlite_desk
    await desk.given_waiting(privacy=("mobile_only",))

    await desk.sato.presses("callback.claim", where=CARDS)

    told = await desk.sato.reads()
    assert "*R8-0001* をお願いします。お約束は *11月25日(水) 17時まで* です。" in told
    assert "携帯のみにかける" in told
    said = await desk.takagi.reads()
    assert (
        "受付番号 R8-0001 は、<@U_SATO>さんが担当します。\n*11月25日(水) 17時まで* にお電話します。" in said
    )


async def test_it_is_claimed_from_the_home_too(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_waiting()

    await desk.suzuki.open_home()

    await desk.suzuki.presses("callback.claim", where="home")

    assert (await desk.row(number)).counselor == "U_SUZUKI"
    assert "あなたの担当" in await desk.suzuki.reads("home")


async def test_given_back_with_a_note_it_waits_for_another_who_reads_the_note(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()

    await _opens(desk.sato, "callback.release", note="午前中は会議だそうです。")

    row = await desk.row(number)
    assert (row.status, row.counselor) == (Status.RECEIVED, None)
    assert await desk.sato.top_view() is None
    assert "*R8-0001* が受付に戻りました" in await desk.yamamoto.reads(COORDINATORS)
    assert "午前中は会議" not in await desk.yamamoto.reads(COORDINATORS) + await desk.yamamoto.reads(CARDS)
    await desk.suzuki.presses("callback.claim", where=CARDS)
    await desk.suzuki.presses("details.open", where=CARDS)
    assert "*申し送り*" in await desk.suzuki.reads("view")
    assert "午前中は会議だそうです。" in await desk.suzuki.reads("view")


async def test_giving_back_what_was_heard_keeps_what_was_heard(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_heard()

    await _opens(desk.sato, "callback.release")

    row = await desk.row(number)
    assert (row.status, row.counselor) == (Status.HEARING_DONE, None)
    await desk.suzuki.presses("callback.claim", where=CARDS)
    assert (await desk.row(number)).status is Status.HEARING_DONE


async def test_a_colleague_gives_back_nothing_of_others(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()

    await desk.suzuki.sends_anyway("release.submit", {"c": await desk.id_of(number)})

    assert (await desk.row(number)).counselor == "U_SATO"


# Assign


async def test_a_coordinator_asks_somebody_and_they_are_told(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_waiting()
    await desk.yamamoto.presses("callback.assign", where=CARDS)
    await desk.yamamoto.fills_and_sends(counselor="U_MORI")

    assert (await desk.row(number)).counselor == "U_MORI"
    assert "*R8-0001* の折り返しをお願いします" in await desk.mori.reads()
    assert "<@U_MORI>さんが担当します" in await desk.takagi.reads()
    assert "claim.assigned" in await desk.trail(number)


async def test_assigning_takes_it_over_from_whoever_held_it(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()
    await desk.yamamoto.presses("callback.assign", where=CARDS)
    await desk.yamamoto.fills_and_sends(counselor="U_MORI")

    assert (await desk.row(number)).counselor == "U_MORI"
    await desk.sato.presses_anyway("details.open", await desk.id_of(number))
    assert await desk.sato.top_view() is None


@pytest.mark.parametrize("form", ["callback.assign", "handover.open"])
@pytest.mark.parametrize("person", ["U_TAKAGI", "U_TANAKA", "U_ADMIN", "U_GUEST", "U_GONE"])
async def test_a_call_is_given_to_counselors_only_and_the_choice_says_so(sqlite_desk, form, person):
    desk = sqlite_desk
    number = await desk.given_claimed()
    before = await desk.row(number)
    field = "counselor" if form == "callback.assign" else "taker"

    answer = await _opens(desk.yamamoto, "handover.open", taker=person) if form == "handover.open" else None
    if answer is None:
        await desk.yamamoto.presses("callback.assign", where=CARDS)
        answer = await desk.yamamoto.fills_and_sends(counselor=person)

    assert answer["errors"] == {
        f"{field}~0": "この方は、相談担当ではないようです。相談担当の方から選んでください。"
    }
    assert await desk.row(number) == before


async def test_handing_over_to_oneself_is_said_on_the_choice(sqlite_desk):
    desk = sqlite_desk
    await desk.given_claimed()

    answer = await _opens(desk.sato, "handover.open", taker="U_SATO")

    assert list(answer["errors"]) == ["taker~0"]
    assert "この内容を開けるのは" not in str(answer["errors"])


# Hand over


async def test_the_giver_keeps_it_until_the_taker_says_yes(desk):
    number = await desk.given_claimed()
    await _opens(desk.sato, "handover.open", taker="U_SUZUKI", note="夕方につながりやすいです。")

    row = await desk.row(number)
    assert (row.counselor, row.handover_to) == ("U_SATO", "U_SUZUKI")
    asked = await desk.suzuki.reads()
    assert "<@U_SATO>さんから、*R8-0001* の引き継ぎのお願いです" in asked
    assert "夕方" not in asked
    assert "引き継ぎのお願い" in await desk.suzuki.reads("home")

    await desk.suzuki.presses("handover.accept", where="bot")

    row = await desk.row(number)
    assert (row.counselor, row.handover_to, row.status) == ("U_SUZUKI", None, Status.CLAIMED)
    assert "<@U_SUZUKI>さんが引き継ぎました。ありがとうございました" in await desk.sato.reads()
    assert "<@U_SUZUKI>さんが担当します" in await desk.takagi.reads()
    await desk.suzuki.presses("details.open", where=CARDS)
    assert "夕方につながりやすいです。" in await desk.suzuki.reads("view")


async def test_a_no_leaves_it_with_the_giver_who_is_told(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()
    await _opens(desk.sato, "handover.open", taker="U_SUZUKI")

    await desk.suzuki.presses("handover.decline", where="home")

    row = await desk.row(number)
    assert (row.counselor, row.handover_to) == ("U_SATO", None)
    assert "引き継ぎは、今回は難しいそうです" in await desk.sato.reads()
    await desk.suzuki.presses_anyway("handover.accept", await desk.id_of(number))
    assert (await desk.row(number)).counselor == "U_SATO"


@pytest.mark.parametrize("twice", ["handover.accept", "handover.decline"])
async def test_saying_it_twice_is_saying_it_once(sqlite_desk, twice):
    desk = sqlite_desk
    number = await desk.given_claimed()
    await _opens(desk.sato, "handover.open", taker="U_SUZUKI")
    it = await desk.id_of(number)
    await desk.suzuki.presses_anyway(twice, it)
    kept = await desk.kept()

    await desk.suzuki.presses_anyway(twice, it)

    assert await desk.kept() == kept
    assert "access.refused" not in await desk.trail()


async def test_somebody_who_was_not_asked_cannot_say_yes(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()
    await _opens(desk.sato, "handover.open", taker="U_SUZUKI")

    await desk.mori.presses_anyway("handover.accept", await desk.id_of(number))

    assert (await desk.row(number)).counselor == "U_SATO"


# Urgency


@pytest.mark.parametrize(
    ("to", "promised"), [("u2", "2026-11-24T17:00+09:00"), ("u1", "2026-11-24T11:00+09:00")]
)
async def test_more_urgent_brings_the_promise_nearer(sqlite_desk, to, promised):
    desk = sqlite_desk
    number = await desk.given_waiting()
    await desk.sato.presses("callback.urgency", where=CARDS)
    await desk.sato.fills_and_sends(urgency=to)

    row = await desk.row(number)
    assert (row.urgency, row.promised_at) == (to, datetime.fromisoformat(promised))


@pytest.mark.parametrize("to", ["u4", "u5"])
async def test_less_urgent_never_makes_the_promise_later(sqlite_desk, to):
    desk = sqlite_desk
    number = await desk.given_waiting()
    promised = (await desk.row(number)).promised_at
    desk.clock.advance(days=1)
    await desk.sato.presses("callback.urgency", where=CARDS)
    await desk.sato.fills_and_sends(urgency=to)

    row = await desk.row(number)
    assert (row.urgency, row.promised_at) == (to, promised)


# The ledger


async def test_three_failures_at_different_times_and_a_coordinator_decides(desk):
    number = await desk.given_claimed()
    await _calls(desk)
    desk.clock.advance(hours=2)
    await _calls(desk, "busy")
    assert not (await desk.row(number)).needs_decision
    assert await desk.takagi.reads() == await desk.takagi.reads()
    desk.clock.advance(hours=2)
    await _calls(desk, "away")

    row = await desk.row(number)
    assert (row.status, row.needs_decision, row.failed_calls) == (Status.CALLBACK_PENDING, True, 3)
    assert "*R8-0001* は、3回おかけしてもつながりませんでした" in await desk.yamamoto.reads(COORDINATORS)
    assert "かけてよい時間を、ひとことお知らせいただけますか" in await desk.takagi.reads()
    assert "3回おかけしましたが、つながっていません" in (await desk.cards())[0]
    await desk.yamamoto.open_home()
    assert "どうするか決めていただきたいもの" in await desk.yamamoto.reads("home")
    await desk.passes(days=30)
    assert (await desk.row(number)).status is Status.CALLBACK_PENDING  # nothing ever closes silently

    await desk.yamamoto.presses("callback.keep_trying", where=COORDINATORS)

    row = await desk.row(number)
    assert (row.needs_decision, row.failed_calls) == (False, 0)
    assert "引き続きお電話することになりました" in await desk.sato.reads()
    assert "callback.goes_on" in await desk.trail(number)


async def test_after_the_decision_three_more_are_tried_before_the_next(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()
    for _ in range(3):
        await _calls(desk)
        desk.clock.advance(hours=2)
    await desk.yamamoto.presses("callback.keep_trying", where=COORDINATORS)
    for tries in (1, 2):
        await _calls(desk)
        desk.clock.advance(hours=2)
        row = await desk.row(number)
        assert (row.failed_calls, row.needs_decision) == (tries, False)

    await _calls(desk)

    assert (await desk.row(number)).needs_decision
    assert (await desk.yamamoto.reads(COORDINATORS)).count("3回おかけしてもつながりませんでした") == 2
    assert (await desk.takagi.reads()).count("3回おかけしましたが") == 2


async def test_three_tries_within_the_hour_are_one_try(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()
    for _ in range(3):
        await _calls(desk)
        desk.clock.advance(minutes=15)

    row = await desk.row(number)
    assert (row.failed_calls, row.needs_decision) == (1, False)
    assert "3回おかけ" not in await desk.yamamoto.reads(COORDINATORS)


async def test_reaching_them_clears_what_failed_before(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()
    for outcome in ("no_answer", "no_answer", "reached", "no_answer"):
        await _calls(desk, outcome)
        desk.clock.advance(hours=2)

    row = await desk.row(number)
    assert (row.failed_calls, row.needs_decision) == (1, False)


async def test_a_next_try_is_called_to_mind_at_its_time(sqlite_desk):
    desk = sqlite_desk
    await desk.given_claimed()
    await _calls(desk, next_try_on="2026-11-24", next_try_at="15:30")

    await desk.passes(hours=5, minutes=29)
    assert "もう一度おかけする時刻です" not in await desk.sato.reads()
    await desk.passes(minutes=1)

    assert (await desk.sato.reads()).count("もう一度おかけする時刻です") == 1
    assert "次は 11月24日(火) 15時30分" in await desk.sato.reads("view")


async def test_the_ledger_is_written_once_however_often_the_form_arrives(desk):
    await desk.given_claimed()
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("call.open", where="view")
    desk.workspace.faults.add(what="duplicate", times=1)

    await desk.sato.fills_and_sends(outcome="no_answer", note="留守番電話でした。")

    assert await desk.how_many("call_attempts") == 1
    assert await desk.how_many("words") == 1


async def test_a_coordinator_may_write_down_a_call_before_anybody_claimed(sqlite_desk):
    """Somebody rang the desk while the card still waited: the call is real, whoever holds the card."""
    desk = sqlite_desk
    number = await desk.given_waiting()

    await _opens(desk.yamamoto, "call.open", outcome="no_answer")

    assert await desk.how_many("call_attempts") == 1
    row = await desk.row(number)
    assert row.is_waiting
    assert "担当する" in (await desk.cards())[0]
    assert (await desk.row(number)).failed_calls == 1


async def test_every_step_stands_in_the_trail_in_order(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()
    await _calls(desk)
    await _opens(desk.sato, "callback.release")

    assert [event for event in await desk.trail(number) if not event.startswith("details.")] == [
        "consultation.received", "claim.taken", "callback.called", "claim.released",
    ]  # fmt: skip


async def test_a_reopened_one_that_nobody_calls_is_told_as_late(desk):
    """What was tried before it was closed does not count for the new promise."""
    desk.clock.now = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    number = await desk.given_claimed()
    await _calls(desk, "reached")
    await _opens(desk.sato, "hearing.open", next_action="電話", next_on="2026-12-08")
    await _opens(desk.sato, "closing.open", primary="advice_closed", reason="resolved")
    await desk.sato.close(clear=True)
    await desk.takagi.presses("consultation.reopen", where="bot")
    await desk.suzuki.presses("callback.claim", where=CARDS)
    await _opens(desk.suzuki, "callback.release")
    assert (await desk.row(number)).is_waiting

    await desk.passes(days=3)

    assert "*R8-0001* のお約束の時間" in await desk.yamamoto.reads(COORDINATORS)
