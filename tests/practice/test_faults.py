"""The switches that make the Web API misbehave, and the clock that tests own."""

import time

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.practice import NotOnScreen, serve

from .conftest import Watchmaker, code, refused, until, web_client


def post(client):
    return client.chat_postMessage(channel="C_GENERAL", text="x")


async def count(workspace):
    return len(await workspace.person("U_SATO").messages("C_GENERAL"))


@pytest.mark.parametrize(("what", "kept"), [("drop_before", 0), ("drop_after", 1)])
async def test_a_dropped_call_did_or_did_not_happen(workspace, client, what, kept):
    workspace.faults.add(what=what, method="chat.postMessage", times=1)

    with pytest.raises(aiohttp.ClientError):
        await post(client)

    assert await count(workspace) == kept
    await post(client)
    assert await count(workspace) == kept + 1


async def test_too_many_requests_says_when_to_come_back(workspace, client):
    workspace.faults.add(what=429, method="chat.postMessage", retry_after=7, times=1)

    answer = await refused(post(client))

    assert (answer.status_code, answer["error"], answer.headers["Retry-After"]) == (429, "ratelimited", "7")
    assert await count(workspace) == 0
    assert (await post(client))["ok"]


@pytest.mark.parametrize("status", [500, 503])
async def test_a_broken_server_answers_nothing_useful(workspace, client, status):
    workspace.faults.add(what=status, times=1)

    with pytest.raises(SlackApiError) as caught:
        await post(client)

    assert caught.value.response.status_code == status
    assert await count(workspace) == 0


async def test_any_refusal_can_be_asked_for(workspace, client):
    workspace.faults.add(what="error", method="chat.postMessage", error="fatal_error", times=1)

    assert await code(post(client)) == "fatal_error"
    assert (await client.auth_test())["ok"]


async def test_a_delay_delays(workspace, client):
    workspace.faults.add(what="delay", seconds=0.15, times=1)
    started = time.monotonic()
    await post(client)
    slow = time.monotonic() - started
    started = time.monotonic()
    await post(client)

    assert slow > 0.15 > time.monotonic() - started


async def test_chance_is_repeatable(workspace, client):
    async def luck(seed):
        workspace.faults.clear()
        workspace.faults.add(what="error", method="api.test", chance=0.4, seed=seed)
        outcomes = []
        for _ in range(30):
            try:
                await client.api_test()
                outcomes.append(True)
            except SlackApiError:
                outcomes.append(False)
        return outcomes

    first = await luck(1)
    assert first == await luck(1) != await luck(2)
    assert 5 < first.count(False) < 20


async def test_the_switches_are_on_the_control_api_too(workspace, client):
    sato = workspace.person("U_SATO")
    await sato._request("POST", "faults", json={"rule": {"what": "503", "method": "auth.test"}})
    assert len((await sato._look("faults"))["rules"]) == 1
    with pytest.raises(SlackApiError):
        await client.auth_test()

    await sato._request("DELETE", "faults")

    assert (await client.auth_test())["ok"]
    with pytest.raises(NotOnScreen):
        await sato._request("POST", "faults", json={"rule": {"what": "earthquake"}})


# Time


async def test_what_is_planned_is_said_when_its_time_comes():
    clock = Watchmaker()
    async with serve(clock=clock) as workspace:
        client, sato = web_client(workspace), workspace.person("U_SATO")
        later = int(clock().timestamp()) + 600
        kept = await client.chat_scheduleMessage(channel="C_GENERAL", post_at=later, text="kept")
        dropped = await client.chat_scheduleMessage(channel="C_GENERAL", post_at=later, text="dropped")
        listed = await client.chat_scheduledMessages_list()
        await client.chat_deleteScheduledMessage(
            channel="C_GENERAL", scheduled_message_id=dropped["scheduled_message_id"]
        )

        clock.advance(seconds=599)
        await sato.not_sees("kept", "C_GENERAL", timeout=0.1)
        clock.advance(seconds=1)
        await sato.sees("kept", "C_GENERAL")
        await sato.not_sees("dropped", "C_GENERAL")

        assert len(listed["scheduled_messages"]) == 2
        assert (await client.chat_scheduledMessages_list())["scheduled_messages"] == []
        gone = client.chat_deleteScheduledMessage(
            channel="C_GENERAL", scheduled_message_id=kept["scheduled_message_id"]
        )
        assert await code(gone) == "invalid_scheduled_message_id"


@pytest.mark.parametrize(("days", "answer"), [(-1, "time_in_past"), (121, "time_too_far")])
async def test_the_past_and_the_far_future_cannot_be_planned(workspace, client, days, answer):
    when = int(workspace.clock.now().timestamp()) + days * 86_400

    assert await code(client.chat_scheduleMessage(channel="C_GENERAL", post_at=when, text="x")) == answer


async def test_a_workspace_without_a_clock_of_its_own_can_be_moved(workspace, client):
    sato = workspace.person("U_SATO")
    when = int(workspace.clock.now().timestamp()) + 3600
    await client.chat_scheduleMessage(channel="C_GENERAL", post_at=when, text="later")

    before = (await sato._look("clock"))["now"]
    await sato._request("POST", "clock", json={"advance_seconds": 3601})
    await sato.sees("later", "C_GENERAL")
    assert (await sato._look("clock"))["now"] > before

    await sato._request("POST", "clock", json={"now": "2030-01-01T00:00:00+00:00"})
    assert (await sato._look("clock"))["now"].startswith("2030-01-01T00:00")


async def test_a_given_clock_is_not_the_control_apis_to_move():
    async with serve(clock=Watchmaker()) as workspace:
        with pytest.raises(NotOnScreen, match="belongs to somebody else"):
            await workspace.person("U_SATO")._request("POST", "clock", json={"advance_seconds": 1})


async def test_timestamps_come_from_the_given_clock_and_still_differ():
    clock = Watchmaker()
    async with serve(clock=clock) as workspace:
        client = web_client(workspace)
        first, second = (await post(client))["ts"], (await post(client))["ts"]

    assert first.startswith(str(int(clock().timestamp())))
    assert second > first


async def test_traffic_keeps_two_thousand_rows(workspace, client):
    for _ in range(40):
        await client.api_test()
    for _ in range(1_990):
        workspace.traffic.note("bot→slack", "api", "x", "ok", 0.0, "{}", "{}")
    rows = workspace.traffic.after(0)

    assert len(rows) == 2_000
    assert workspace.traffic.count == 2_030
    assert rows[-1]["n"] == 2_030
    assert len(workspace.traffic.after(2_025)) == 5


async def test_the_inspector_shows_both_directions_without_tokens(workspace, client, app):
    await client.chat_postMessage(channel="U_SATO", text="見えますか")
    await workspace.person("U_SATO").say("bot", "はい", wait=False)
    await until(lambda: any(row["direction"] == "slack→bot" for row in workspace.traffic.after(0)))

    rows = await workspace.person("U_SATO").traffic()
    row = next(row for row in rows if row["method"] == "chat.postMessage")
    assert (row["status"], row["request"]["text"]) == ("ok", "見えますか")
    assert row["response"]["message"]["text"] == "見えますか"
    assert workspace.bot_token not in str(rows)
