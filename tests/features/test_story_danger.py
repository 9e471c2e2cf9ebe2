"""Story 7: "いま、包丁を…" at 21:40. Emergency list first, the duty called until somebody has it, every minute kept."""

from datetime import UTC, datetime

import pytest

from tests.desk import CARDS, COORDINATORS, FOUR

TWENTY_TO_TEN_PM = datetime(2026, 11, 24, 12, 40, tzinfo=UTC)
STORY = "いま、包丁を持って台所に立っています。"
FIRST = "いのちやからだの危険が心配なときは、先にこちらへお願いします。"


def _calls(said):
    return said.count("当番のお願いです")


async def test_the_list_comes_first_and_the_duty_is_called_every_ten_minutes_until_claimed(desk):
    desk.clock.now = TWENTY_TO_TEN_PM

    await desk.takagi.command("/相談")
    await desk.takagi.fills_and_sends(**FOUR, story=STORY)

    receipt = await desk.takagi.reads("view")
    assert receipt.index(FIRST) < receipt.index("R8-0001")
    for line in ("警察 *110*", "救急・消防 *119*", "滋賀県高齢者権利擁護支援センター *077-522-0799*"):
        assert line in receipt
    assert (await desk.takagi.reads()).index("110番・119番") < (await desk.takagi.reads()).index("R8-0001")
    assert "*いのちやからだの危険が心配です*" in (await desk.cards())[0]
    assert "まだ、だれも担当していません" in await desk.yamamoto.reads(COORDINATORS)
    for person in (desk.yamamoto, desk.sato):
        assert _calls(await person.reads()) == 1

    await desk.passes(minutes=9)
    assert _calls(await desk.sato.reads()) == 1
    await desk.passes(minutes=1)
    await desk.passes(minutes=10)
    assert _calls(await desk.sato.reads()) == 3
    assert "20分前に届いた、危険が心配な相談です" in await desk.yamamoto.reads(COORDINATORS)

    desk.clock.advance(minutes=5)
    await desk.sato.presses("callback.claim", where="bot")
    await desk.passes(minutes=29)

    assert (await desk.row("R8-0001")).counselor == "U_SATO"
    assert _calls(await desk.sato.reads()) <= 3
    async with desk.db.reading() as ask:
        trail = [
            (entry.event, entry.at.strftime("%H:%M"))
            for entry in await ask.audit.trail(await desk.id_of("R8-0001"))
        ]
    assert trail == [
        ("consultation.received", "12:40"),
        ("duty.called", "12:40"),
        ("duty.called", "12:50"),
        ("duty.called", "13:00"),
        ("claim.taken", "13:05"),
    ]


async def test_a_quiet_evening_calls_nobody(sqlite_desk):
    """The control: the same hour, words without danger."""
    desk = sqlite_desk
    desk.clock.now = TWENTY_TO_TEN_PM

    await desk.takagi.command("/相談")
    await desk.takagi.fills_and_sends(**FOUR, story="包丁研ぎの会を手伝っています。")
    receipt = await desk.takagi.reads("view")
    await desk.passes(minutes=10)

    harmless = FIRST not in receipt
    assert harmless == (_calls(await desk.sato.reads()) == 0)
    await desk.takagi.close(clear=True)
    await desk.takagi.asks(story="話がかみ合わず、困っています。")
    assert not (await desk.row("R8-0002")).danger


@pytest.mark.parametrize(
    "story",
    [
        "もう死にたいと言っています。",
        "もう　死 に た い　と言っています。",
        "ホウチョウを振り回しています。",
        "首をつると言っています。",
    ],
)
async def test_danger_is_heard_however_it_is_written(sqlite_desk, story):
    desk = sqlite_desk

    await desk.takagi.asks(story=story)

    assert (await desk.row("R8-0001")).danger
    assert _calls(await desk.sato.reads()) == 1


async def test_choosing_danger_is_enough(sqlite_desk):
    desk = sqlite_desk
    desk.clock.now = TWENTY_TO_TEN_PM

    await desk.takagi.command("/相談")
    await desk.takagi.fills_and_sends(**{**FOUR, "urgency": "u1"})

    assert FIRST in await desk.takagi.reads("view")
    assert (await desk.row("R8-0001")).promised_at == datetime(2026, 11, 25, 1, 0, tzinfo=UTC)


async def test_the_operator_reads_the_list_out_first_too(sqlite_desk):
    desk = sqlite_desk
    await desk.tanaka.command("/受付")
    await desk.tanaka.fills_and_sends(**FOUR, story=STORY)

    said = await desk.tanaka.reads("view")

    assert said.index(FIRST) < said.index("そのまま読み上げられます")


async def test_given_back_it_waits_again_and_the_duty_is_called_again(sqlite_desk):
    desk = sqlite_desk
    desk.clock.now = TWENTY_TO_TEN_PM
    number = await desk.given_claimed(by="U_SUZUKI", story=STORY)
    before = _calls(await desk.sato.reads())
    await desk.suzuki.presses("details.open", where=CARDS)
    await desk.suzuki.presses("callback.release", where="view")
    await desk.suzuki.fills_and_sends()
    assert (await desk.row(number)).counselor is None

    await desk.passes(minutes=10)

    assert _calls(await desk.sato.reads()) > before


async def test_a_claim_that_runs_out_calls_the_duty_again(sqlite_desk):
    desk = sqlite_desk
    desk.clock.now = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    number = await desk.given_claimed(by="U_SUZUKI", urgency="u1")
    before = _calls(await desk.sato.reads())

    await desk.passes(minutes=31)
    assert (await desk.row(number)).counselor is None
    await desk.passes(minutes=10)

    assert _calls(await desk.sato.reads()) > before


async def test_raised_to_danger_by_hand_it_calls_the_duty_too(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_waiting(urgency="u3")
    await desk.sato.presses("callback.urgency", where=CARDS)
    await desk.sato.fills_and_sends(urgency="u1")

    assert (await desk.row(number)).urgency == "u1"
    assert _calls(await desk.yamamoto.reads()) == 1
    assert "R8-0001" in await desk.yamamoto.reads(COORDINATORS)


async def test_a_withdrawn_one_calls_nobody_any_more(sqlite_desk):
    desk = sqlite_desk
    await desk.given_waiting(story=STORY)
    await desk.takagi.presses("own.open", where="home")
    await desk.takagi.presses("consultation.withdraw", where="view")
    before = _calls(await desk.sato.reads())

    await desk.passes(minutes=11)

    assert _calls(await desk.sato.reads()) <= before


# The same words in a direct message: no form yet, but the duty knows.


async def test_danger_in_a_direct_message_is_answered_with_the_list_and_the_duty_is_called(sqlite_desk):
    desk = sqlite_desk
    desk.clock.now = TWENTY_TO_TEN_PM

    await desk.takagi.writes(STORY)

    answer = await desk.takagi.reads()
    assert answer.index("先にこちらへお願いします") < answer.index("うまくまとまっていなくて大丈夫です")
    for person in (desk.yamamoto, desk.sato):
        said = await person.reads()
        assert "危険が心配な言葉がありました" in said
        assert "包丁" not in said
        assert "U_TAKAGI" not in said
    await desk.sato.presses("letter.open", where="bot")
    opened = await desk.sato.reads("view")
    assert "<@U_TAKAGI>さんから" in opened
    assert STORY in opened
    trail = await desk.trail()
    assert trail.count("duty.called") == 1
    assert trail.count("words.read") == 1


async def test_a_direct_message_that_speaks_of_danger_is_called_out_until_somebody_opened_it(desk):
    desk.clock.now = TWENTY_TO_TEN_PM
    await desk.takagi.writes(STORY)
    await desk.passes(minutes=10)
    await desk.passes(minutes=10)
    called = (await desk.yamamoto.reads()).count("危険が心配な言葉がありました")
    assert called == 3

    await desk.sato.presses("letter.open", where="bot")
    await desk.passes(minutes=10)
    await desk.passes(minutes=10)

    assert (await desk.yamamoto.reads()).count("危険が心配な言葉がありました") == called


async def test_a_direct_message_without_danger_is_opened_by_nobody(sqlite_desk):
    desk = sqlite_desk
    await desk.takagi.writes("少し話を聴いてほしいです。")
    await desk.settle()
    [letter] = await desk.rows("SELECT id FROM letters")

    await desk.sato.presses_anyway("letter.open", letter["id"])

    assert await desk.sato.top_view() is None
    assert "危険" not in await desk.yamamoto.reads()
    assert "access.refused" in await desk.trail()


async def test_danger_in_the_second_line_of_a_talk_is_heard(sqlite_desk):
    desk = sqlite_desk
    desk.clock.now = TWENTY_TO_TEN_PM
    await desk.takagi.writes("こんばんは。")
    await desk.settle()
    desk.clock.advance(minutes=1)
    await desk.takagi.writes(STORY)

    answer = await desk.takagi.reads()

    assert "先にこちらへお願いします" in answer
    assert "危険が心配な言葉がありました" in await desk.sato.reads()
