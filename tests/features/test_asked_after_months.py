"""Two weeks and three months later: one tap, also after the closing; and who wants to talk again is called."""

from datetime import UTC, datetime

import pytest

from bot.domain.consultation import Status
from bot.usecases import closing, records
from tests.desk import COORDINATORS

ASKED = "は、その後いかがでしたか"


async def _asks(desk, days):
    desk.clock.advance(days=days, hours=1)
    await desk.ask_the_clock()


async def test_three_months_after_the_closing_they_are_asked_and_answer_in_one_tap(desk):
    number = await desk.given_closed()
    await _asks(desk, 20)
    assert ASKED not in await desk.takagi.reads()

    await _asks(desk, 72)

    assert "以前お話ししたこと（受付番号 R8-0001）は、その後いかがでしたか" in await desk.takagi.reads()
    await desk.takagi.presses("follow_up.helped", where="bot")
    assert "「試してみて、役に立った」と承りました" in await desk.takagi.reads()
    assert (await desk.row(number)).status is Status.CLOSED
    assert "その後のお返事がありました" in await desk.sato.reads()
    await _asks(desk, 100)
    assert (await desk.takagi.reads()).count(ASKED) == 1


async def test_while_it_goes_on_they_are_asked_twice(sqlite_desk):
    desk = sqlite_desk
    await desk.given_heard(days=60)

    await _asks(desk, 14)
    assert (await desk.takagi.reads()).count(ASKED) == 1
    await _asks(desk, 77)
    assert (await desk.takagi.reads()).count(ASKED) == 2
    await _asks(desk, 100)
    assert (await desk.takagi.reads()).count(ASKED) == 2


async def test_who_was_never_heard_is_asked_nothing(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()
    await _closes(desk, number)

    await _asks(desk, 100)

    assert ASKED not in await desk.takagi.reads()


async def _closes(desk, number, by="U_SATO", words="", reason="resolved"):
    ending = closing.Closing(("advice_closed",), "advice_closed", reason, words)
    await closing.close(desk.bot.desk, await desk.actor(by), await desk.id_of(number), ending)
    await desk.settle()


async def test_what_was_asked_before_the_closing_is_answered_after_it_and_the_library_hears(desk):
    number = await desk.given_heard()
    await _asks(desk, 14)
    await _closes(desk, number)
    sato, consultation = await desk.actor("U_SATO"), await desk.id_of(number)
    said = records.Said(agreement="person")
    await records.confirm(desk.bot.desk, sato, consultation, {"situation": "訪問を断られる。"}, said)
    assert await desk.takagi.has("heaviness.lighter", where="bot")

    await desk.takagi.presses("follow_up.helped", where="bot")

    assert "「試してみて、役に立った」と承りました" in await desk.takagi.reads()
    assert [each["answer"] for each in await desk.rows("SELECT answer FROM record_echoes")] == ["helped"]
    assert (await desk.row(number)).status is Status.CLOSED


async def test_what_was_asked_before_it_was_taken_back_takes_its_buttons_with_it(sqlite_desk):
    """The control of the test above."""
    desk = sqlite_desk
    number = await desk.given_heard()
    await _asks(desk, 14)

    await closing.withdraw(desk.bot.desk, await desk.actor("U_TAKAGI"), await desk.id_of(number))
    await desk.settle()

    assert not await desk.takagi.has("follow_up.helped", where="bot")
    assert not await desk.takagi.has("heaviness.lighter", where="bot")


async def test_to_talk_again_after_the_closing_opens_it_again(desk):
    number = await desk.given_closed()
    await _asks(desk, 92)

    await desk.takagi.presses("follow_up.again", where="bot")

    row = await desk.row(number)
    assert (row.status, row.counselor) == (Status.REOPENED, None)
    assert row.promised_at > desk.clock.now
    assert "のご相談を再開しました" in await desk.takagi.reads()
    assert "もう一度折り返しをお待ちです" in await desk.yamamoto.reads(COORDINATORS)


@pytest.mark.parametrize(("answer", "again"), [("again", 1), ("hard", 0)])
async def test_to_talk_again_while_it_goes_on_is_called_to_mind(sqlite_desk, answer, again):
    desk = sqlite_desk
    number = await desk.given_heard(days=60)
    await _asks(desk, 14)

    await desk.takagi.presses(f"follow_up.{answer}", where="bot")

    assert ("お電話をお願いします" in await desk.sato.reads()) == bool(again)
    desk.clock.now = datetime(2026, 12, 9, 1, 0, tzinfo=UTC)
    await desk.ask_the_clock()
    assert (await desk.sato.reads()).count("もう一度おかけする時刻です") == again
    assert (await desk.row(number)).counselor == "U_SATO"


async def test_after_a_merge_was_undone_they_are_still_asked(sqlite_desk):
    desk = sqlite_desk
    first = await desk.given_waiting("U_KITAMURA")
    number = await desk.given_heard(days=60)
    coordinator, it = await desk.actor("U_YAMAMOTO"), await desk.id_of(number)
    await closing.merge(desk.bot.desk, coordinator, it, first)
    await _asks(desk, 14)
    assert ASKED not in await desk.takagi.reads()

    await closing.unmerge(desk.bot.desk, coordinator, it)
    await desk.ask_the_clock()

    assert (await desk.takagi.reads()).count(ASKED) == 1


async def test_how_heavy_it_is_stands_in_the_trail(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_heard()
    await _asks(desk, 14)
    before = (await desk.trail(number)).count("follow_up.answered")

    await desk.takagi.presses("heaviness.lighter", where="bot")

    assert (await desk.trail(number)).count("follow_up.answered") == before + 1


@pytest.mark.parametrize(
    ("by", "reason", "refused"),
    [("U_SATO", "resolved", False), ("U_YAMAMOTO", "resolved", True), ("U_SATO", "other", True)],
)
async def test_a_second_closing_is_the_same_one_or_says_that_it_was_too_late(
    sqlite_desk, by, reason, refused
):
    desk = sqlite_desk
    number = await desk.given_heard()
    await _closes(desk, number, words="またどうぞ。")

    answer = await desk.person(by).sends_anyway(
        "closing.submit",
        {"c": await desk.id_of(number)},
        primary={"type": "static_select", "selected_option": {"value": "advice_closed"}},
        reason={"type": "static_select", "selected_option": {"value": reason}},
        closing_words={"type": "plain_text_input", "value": "ほかの言葉です。"},
    )

    assert ("この相談は、いま" in str(answer)) == refused
    assert (await desk.trail(number)).count("consultation.closed") == 1


@pytest.mark.parametrize(("hour", "greeted"), [(0, True), (5, False)])
async def test_the_digest_says_good_morning_in_the_morning_only(sqlite_desk, hour, greeted):
    desk = sqlite_desk
    desk.clock.now = datetime(2026, 11, 24, hour, 10, tzinfo=UTC)
    await desk.given_waiting()

    await desk.ask_the_clock()

    said = await desk.yamamoto.reads(COORDINATORS)
    assert "きょう、折り返しをお待ちの相談が 1件 あります" in said
    assert ("おはようございます" in said) == greeted
