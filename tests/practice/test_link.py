"""Socket Mode: tickets, several connections, acks, redelivery, goodbyes."""

import asyncio
import time
from contextlib import AsyncExitStack

import aiohttp
import pytest

from bot.practice import serve

from .conftest import Watchmaker, bolt, code, connected, listening, until, web_client


async def handshake(session, url):
    """The status of a WebSocket handshake, and the first message when it was let in."""
    try:
        async with session.ws_connect(url) as socket:
            return 101, await socket.receive_json(timeout=3)
    except aiohttp.WSServerHandshakeError as problem:
        return problem.status, None


async def test_a_ticket_is_for_one_handshake(workspace):
    opened = await web_client(workspace, workspace.app_token).apps_connections_open(
        app_token=workspace.app_token
    )
    async with aiohttp.ClientSession() as session:
        first, hello = await handshake(session, opened["url"])
        second, _ = await handshake(session, opened["url"])
        forged, _ = await handshake(session, opened["url"].replace("ticket=", "ticket=x"))

    assert (first, second, forged) == (101, 403, 403)
    assert hello["type"] == "hello"
    assert hello["num_connections"] == 1
    assert hello["connection_info"] == {"app_id": "A_YORISOI"}


async def test_a_refused_handshake_spends_its_ticket(workspace):
    opened = await web_client(workspace, workspace.app_token).apps_connections_open(
        app_token=workspace.app_token
    )
    workspace.faults.add(what="refuse_handshake", times=1)
    async with aiohttp.ClientSession() as session:
        assert (await handshake(session, opened["url"]))[0] == 503
        assert (await handshake(session, opened["url"]))[0] == 403


async def test_each_payload_goes_to_one_of_several_connections(workspace):
    takagi = workspace.person("U_TAKAGI")
    async with listening(workspace) as one, listening(workspace) as two:
        for _ in range(10):
            assert (await takagi.shortcut("s"))["acked"]

        assert (len(one.heard), len(two.heard)) == (5, 5)
        ids = [request.envelope_id for ear in (one, two) for request in ear.heard]
        assert len(set(ids)) == 10


async def test_there_are_at_most_ten_connections(workspace):
    async with AsyncExitStack() as stack:
        for _ in range(10):
            await stack.enter_async_context(listening(workspace))
        url = "ws" + workspace.url[4:] + "/link/?ticket=" + workspace.link.new_ticket()
        async with aiohttp.ClientSession() as session:
            _, message = await handshake(session, url)

    assert (message["type"], message["reason"]) == ("disconnect", "too_many_websockets")


async def test_an_unacked_event_comes_again_on_another_connection():
    clock = Watchmaker()
    async with serve(clock=clock) as workspace:
        workspace.link.patience = 0.05
        takagi = workspace.person("U_TAKAGI")
        async with listening(workspace, acks=False) as one, listening(workspace, acks=False) as two:
            await takagi.say("bot", "こんにちは", wait=False)
            heard = await until(lambda: one.heard + two.heard if len(one.heard + two.heard) == 2 else None)
            assert (len(one.heard), len(two.heard)) == (1, 1)

            clock.advance(seconds=61)
            await until(lambda: len(one.heard + two.heard) == 3)
            clock.advance(seconds=299)
            await asyncio.sleep(0.1)
            assert len(one.heard + two.heard) == 3
            clock.advance(seconds=2)
            await until(lambda: len(one.heard + two.heard) == 4)
            clock.advance(hours=1)
            await asyncio.sleep(0.1)
            everything = one.heard + two.heard

    assert len(everything) == 4
    assert len({request.envelope_id for request in everything}) == 4
    assert {request.payload["event_id"] for request in everything} == {heard[0].payload["event_id"]}
    assert sorted(request.retry_attempt for request in everything) == [0, 1, 2, 3]
    assert {request.retry_reason for request in everything if request.retry_attempt} == {"timeout"}
    assert workspace.link.lost_events == 1


async def test_an_acked_event_comes_once():
    clock = Watchmaker()
    async with serve(clock=clock) as workspace, listening(workspace) as ear:
        assert (await workspace.person("U_TAKAGI").say("bot", "x"))["acked"]
        clock.advance(hours=1)
        await asyncio.sleep(0.15)
        assert len(ear.heard) == 1


async def test_a_late_ack_ends_the_redelivery(workspace):
    workspace.link.patience = 0.1
    workspace.link.redelivery = (0.0, 0.4, 0.4)
    async with listening(workspace, acks=False) as ear:
        await workspace.person("U_TAKAGI").say("bot", "x", wait=False)
        await until(lambda: len(ear.heard) == 2)
        await ear.ack(ear.heard[0])
        await asyncio.sleep(0.5)

        assert len(ear.heard) == 2


async def test_a_lost_ack_brings_the_event_again(workspace):
    workspace.link.patience = 0.05
    workspace.faults.add(what="lose_ack", times=1)
    async with listening(workspace) as ear:
        await workspace.person("U_TAKAGI").say("bot", "x", wait=False)
        await until(lambda: len(ear.heard) == 2)

    assert len({request.payload["event_id"] for request in ear.heard}) == 1


async def test_an_event_before_anyone_is_connected_is_not_lost(workspace):
    await workspace.person("U_TAKAGI").say("bot", "x")
    async with listening(workspace) as ear:
        await until(lambda: ear.heard)

    assert ear.heard[0].retry_attempt == 1


async def test_a_press_nobody_acks_is_a_sentence_after_a_while(workspace):
    workspace.link.patience = 0.05
    async with listening(workspace, acks=False) as ear:
        outcome = await workspace.person("U_TAKAGI").shortcut("s")
        await asyncio.sleep(0.15)

    assert not outcome["acked"]
    assert "うまく受け取れませんでした" in outcome["warning"]
    assert len(ear.heard) == 1


async def test_a_press_with_nobody_there_is_a_sentence_at_once(workspace):
    started = time.monotonic()
    outcome = await workspace.person("U_TAKAGI").command("/x")

    assert "休んでいます" in outcome["warning"]
    assert time.monotonic() - started < 1


async def test_only_what_reads_answers_is_marked_so(workspace, client):
    async with listening(workspace) as ear:
        takagi = workspace.person("U_TAKAGI")
        await takagi.command("/x")
        await takagi.shortcut("s")
        await takagi.say("bot", "x")

    marks = {request.type: request.accepts_response_payload for request in ear.heard}
    assert marks == {"slash_commands": True, "interactive": False, "events_api": False}


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
async def test_a_goodbye_makes_bolt_come_back_and_nothing_is_lost(workspace, reason):
    app = bolt(workspace)

    @app.shortcut("s")
    async def s(ack):
        await ack()

    async with connected(workspace, app):
        before = {connection.number for connection in workspace.link.connections}
        workspace.faults.add(what="disconnect", reason=reason)
        await until(lambda: {c.number for c in workspace.link.connections if c.usable()} - before)

        assert (await workspace.person("U_TAKAGI").shortcut("s"))["acked"]


async def test_a_cut_line_redelivers_what_was_on_it(workspace):
    async with listening(workspace, acks=False) as one, listening(workspace) as two:
        await workspace.person("U_TAKAGI").say("bot", "x", wait=False)
        await until(lambda: one.heard or two.heard)
        if two.heard:
            await workspace.person("U_TAKAGI").say("bot", "y", wait=False)
            await until(lambda: one.heard)
        before = len(two.heard)
        started = time.monotonic()
        workspace.faults.add(what="close", times=1)
        await until(lambda: len(two.heard) > before)

    assert time.monotonic() - started < 2
    assert two.heard[-1].retry_attempt == 1


async def test_an_envelope_may_be_made_to_come_twice(workspace):
    workspace.faults.add(what="duplicate", times=1)
    async with listening(workspace) as one, listening(workspace) as two:
        await workspace.person("U_TAKAGI").shortcut("s")
        await until(lambda: one.heard and two.heard)

    assert one.heard[0].envelope_id == two.heard[0].envelope_id


async def test_an_envelope_may_be_made_to_come_late(workspace):
    workspace.faults.add(what="late", seconds=0.2, times=1)
    async with listening(workspace):
        slow = await workspace.person("U_TAKAGI").shortcut("s")
        quick = await workspace.person("U_TAKAGI").shortcut("s")

    assert slow["acked"]
    assert slow["ms"] > 190 > quick["ms"]


async def test_hello_counts_the_connections(workspace):
    async with listening(workspace) as one, listening(workspace) as two:
        await until(lambda: one.messages and two.messages)

    assert (one.messages[0]["num_connections"], two.messages[0]["num_connections"]) == (1, 2)


async def test_a_bot_token_opens_no_socket(workspace, client):
    assert await code(client.api_call("apps.connections.open")) == "not_allowed_token_type"
