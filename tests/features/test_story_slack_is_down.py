"""Story 12: Slack is down for 40 minutes, people press again, the box comes back. Nothing lost, nothing twice."""

from collections import Counter

from tests.desk import CARDS, COORDINATORS, until
from tests.running import running


async def _down(desk):
    """Slack answers nothing and lets nobody in."""
    desk.workspace.faults.add(what="503")
    desk.workspace.faults.add(what="refuse_handshake")
    desk.workspace.faults.add(what="close", times=10)

    async def nobody_connected():
        return not desk.workspace.link.connections

    await until(nobody_connected)


async def _up(desk):
    desk.workspace.faults.clear()

    async def connected():
        return bool(desk.workspace.link.connections)

    await until(connected, seconds=20)


async def _all_that_was_said(desk):
    """Every message of the bot, in every place, ephemerals apart."""
    said = []
    for channel in desk.workspace.world.channels.values():
        for message in channel.messages.values():
            if message.get("bot_id"):
                said.append(
                    (
                        channel.id,
                        message["text"],
                        (message.get("metadata") or {}).get("event_payload", {}).get("id"),
                    )
                )
    return said


async def test_for_forty_minutes_slack_is_down_and_then_all_is_said_once(desk):
    one, other = (
        await desk.given_waiting(),
        await desk.given_waiting("U_KITAMURA", story="いま、包丁を持っています。"),
    )
    await desk.sato.presses("callback.claim", await desk.id_of(one), where=CARDS)
    said_before = len(await _all_that_was_said(desk))

    await _down(desk)
    press = await desk.suzuki.press("callback.claim", channel=CARDS, value=await desk.id_of(other))
    assert not press["acked"]
    assert press["warning"]
    assert (await desk.row(other)).counselor is None
    for _ in range(4):
        desk.clock.advance(minutes=10)
        await desk.ask_the_clock_in_a_storm()
    assert len(await _all_that_was_said(desk)) == said_before
    waiting = await desk.rows("SELECT COUNT(*) AS n FROM outbox WHERE finished_at IS NULL")
    assert waiting[0]["n"] > 0

    await _up(desk)
    await desk.passes(minutes=2)

    async def all_said():
        await desk.settle()
        left = await desk.rows("SELECT template FROM outbox WHERE finished_at IS NULL")
        if left:
            desk.clock.advance(seconds=61)
        return not left

    await until(all_said, seconds=20)
    said = await _all_that_was_said(desk)
    marks = Counter(mark for _, _, mark in said if mark)
    assert max(marks.values()) == 1
    assert "まだだれも担当していません" in await desk.yamamoto.reads(COORDINATORS)

    again = await desk.suzuki.press("callback.claim", channel=CARDS, value=await desk.id_of(other))
    await desk.settle()
    assert again["acked"]
    assert (await desk.row(other)).counselor == "U_SUZUKI"
    assert (await desk.trail(other)).count("claim.taken") == 1
    assert len(await desk.cards()) == 2


async def test_a_press_whose_answer_got_lost_is_pressed_again_and_is_one_claim(desk):
    number = await desk.given_waiting()
    desk.workspace.link.patience = 0.3
    desk.workspace.faults.add(what="lose_ack", times=1)

    first = await desk.sato.press("callback.claim", channel=CARDS)
    second = (
        await desk.sato.press("callback.claim", channel=CARDS) if not await _held(desk, number) else first
    )
    await desk.settle()

    assert not first["acked"]
    assert (await desk.row(number)).counselor == "U_SATO"
    await desk.sato.presses_anyway("callback.claim", await desk.id_of(number), where=CARDS)
    assert (await desk.trail(number)).count("claim.taken") == 1
    assert second is not None
    assert len(await desk.cards()) == 1


async def _held(desk, number):
    return (await desk.row(number)).counselor is not None


async def test_a_request_whose_answer_got_lost_and_is_sent_again_is_one_request(desk):
    desk.workspace.link.patience = 0.5
    await desk.takagi.command("/相談")
    desk.workspace.faults.add(what="lose_ack", times=1)

    lost = await desk.takagi.fills_and_sends(
        concerns=["approach"], urgency="u3", phone="090-1234-5678", best_times=["any"], story="眠れません。"
    )
    desk.workspace.link.patience = 3.0
    again = await desk.takagi.fills_and_sends()

    assert not lost["acked"] and again["acked"]
    assert await desk.how_many("consultations") == 1
    assert await desk.how_many("words") == 1
    assert "R8-0001" in await desk.takagi.reads("view")
    assert len(await desk.cards()) == 1


async def test_a_message_written_while_nobody_listened_is_answered_when_somebody_does(sqlite_desk):
    desk = sqlite_desk
    await desk.takagi.writes("こんにちは。")
    desk.clock.advance(minutes=15)
    await _down(desk)
    await desk.takagi.say("bot", "もう一度、話を聴いてほしいです。", wait=False)
    desk.clock.advance(minutes=20)
    await _up(desk)

    async def answered():
        await desk.settle()
        return (await desk.takagi.seen()).count("お声がけ、ありがとうございます") == 2

    await until(answered, seconds=10)
    await desk.passes(minutes=6)
    assert (await desk.takagi.reads()).count("お声がけ、ありがとうございます") == 2


async def test_a_restart_says_what_was_promised_and_nothing_twice(database_url, workspace, clock):
    async with running(database_url, workspace, clock) as desk:
        await desk.given_waiting()
        before = len(await _all_that_was_said(desk))
        workspace.faults.add(what="503", method="chat.postMessage")
        number = await _entered_while_posts_fail(desk)
    workspace.faults.clear()
    clock.advance(minutes=2)

    async with running(database_url, workspace, clock) as desk:
        said = await _all_that_was_said(desk)
        assert (await desk.row(number)).status == "received"

    marks = Counter(mark for _, _, mark in said if mark)
    assert max(marks.values()) == 1
    assert len(said) == before + 2  # the receipt and the card


async def _entered_while_posts_fail(desk):
    await desk.kitamura.command("/相談")
    await desk.kitamura.submit(concerns=["approach"], urgency="u3", phone="090-1234-5678", best_times=["any"])
    await until(_tried(desk), seconds=5)
    return await desk.newest_number()


def _tried(desk):
    async def tried():
        rows = await desk.rows(
            "SELECT attempt FROM outbox WHERE template = 'receipt' AND finished_at IS NULL"
        )
        return bool(rows) and rows[0]["attempt"] > 0

    return tried
