"""Who may come in: tokens, scopes, unknown methods, foreign pages."""

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.practice import NotOnScreen, serve

from .conftest import code, refused, section, web_client


async def test_auth_test_says_who_and_with_which_scopes(workspace, client):
    answer = await client.auth_test()

    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == (
        "U_YORISOI",
        "B_YORISOI",
        "T_PRACTICE",
    )
    assert "chat:write" in answer.headers["x-oauth-scopes"]


@pytest.mark.parametrize(
    ("token", "method", "answer"),
    [
        (None, "auth.test", "not_authed"),
        ("xoxb-other", "auth.test", "invalid_auth"),
        ("xapp-practice", "auth.test", "not_allowed_token_type"),
        ("xoxb-practice", "apps.connections.open", "not_allowed_token_type"),
        ("xoxb-practice", "admin.users.list", "unknown_method"),
        ("xoxb-practice", "files.upload", "unknown_method"),
    ],
)
async def test_a_wrong_key_or_door_is_named(workspace, token, method, answer):
    client = AsyncWebClient(token=token, base_url=workspace.api_url)

    assert await code(client.api_call(method)) == answer


async def test_a_token_may_also_come_in_the_form(workspace):
    async with (
        aiohttp.ClientSession() as session,
        session.post(workspace.api_url + "auth.test", data={"token": workspace.bot_token}) as response,
    ):
        assert (await response.json())["ok"]


async def test_only_what_the_manifest_asks_for_is_allowed():
    manifest = {"oauth_config": {"scopes": {"bot": ["chat:write"]}}}
    async with serve(manifest=manifest) as workspace:
        client = web_client(workspace)
        assert (await client.chat_postMessage(channel="C_GENERAL", text="x"))["ok"]
        assert (await client.auth_test()).headers["x-oauth-scopes"] == "chat:write"

        answer = await refused(client.users_info(user="U_SATO"))
        history = await refused(client.conversations_history(channel="C_CALLBACKS"))

    assert (answer["error"], answer["needed"], answer["provided"]) == (
        "missing_scope",
        "users:read",
        "chat:write",
    )
    assert history["error"] == "missing_scope"


async def test_each_kind_of_channel_has_its_own_scope():
    manifest = {"oauth_config": {"scopes": {"bot": ["im:history", "channels:read"]}}}
    async with serve(manifest=manifest) as workspace:
        client = web_client(workspace)
        assert (await client.conversations_history(channel="U_SATO"))["ok"]
        assert (await client.conversations_info(channel="C_GENERAL"))["ok"]

        private = await refused(client.conversations_info(channel="C_CALLBACKS"))
        answer = await refused(client.conversations_history(channel="C_GENERAL"))

    assert (answer["needed"], private["needed"]) == ("channels:history", "groups:read")


async def test_email_needs_its_own_scope():
    seed = {"people": [{"id": "U_SATO", "name": "sato", "email": "sato@example.test"}]}
    for scopes, expected in (
        (["users:read"], None),
        (["users:read", "users:read.email"], "sato@example.test"),
    ):
        async with serve(manifest={"oauth_config": {"scopes": {"bot": scopes}}}, seed=seed) as workspace:
            user = (await web_client(workspace).users_info(user="U_SATO"))["user"]
        assert user["profile"].get("email") == expected


@pytest.mark.parametrize(
    ("method", "arguments", "answer"),
    [
        ("chat.postMessage", {"channel": "C_NOWHERE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C_GENERAL"}, "no_text"),
        ("chat.postMessage", {"channel": "C_GENERAL", "text": "x" * 40_001}, "msg_too_long"),
        (
            "chat.postMessage",
            {"channel": "C_GENERAL", "text": "x", "thread_ts": "1.000000"},
            "thread_not_found",
        ),
        ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
        (
            "chat.postMessage",
            {"channel": "C_GENERAL", "text": "x", "metadata": {"a": 1}},
            "invalid_metadata_format",
        ),
        ("chat.update", {"channel": "C_GENERAL", "ts": "1.000000", "text": "x"}, "message_not_found"),
        ("chat.delete", {"channel": "C_GENERAL", "ts": "1.000000"}, "message_not_found"),
        ("chat.postEphemeral", {"channel": "C_COORD", "user": "U_SATO", "text": "x"}, "user_not_in_channel"),
        ("chat.getPermalink", {"channel": "C_GENERAL", "message_ts": "1.000000"}, "message_not_found"),
        ("users.info", {"user": "U_NOBODY"}, "user_not_found"),
        ("conversations.open", {"users": "U_NOBODY"}, "user_not_found"),
        ("conversations.open", {"users": "U_GONE"}, "user_disabled"),
        ("conversations.history", {"channel": "C_GENERAL", "cursor": "zzz"}, "invalid_cursor"),
        ("views.open", {"trigger_id": "1.2.x", "view": {}}, "invalid_arguments"),
        ("files.info", {"file": "F0"}, "file_not_found"),
        ("bots.info", {"bot": "B0"}, "bot_not_found"),
        ("api.test", {"error": "my_error"}, "my_error"),
    ],
)
async def test_every_refusal_has_its_code(client, method, arguments, answer):
    assert await code(client.api_call(method, json=arguments)) == answer


async def test_archived_and_unjoined_channels_take_no_message(workspace, client):
    workspace.world.channels["C_GENERAL"].is_archived = True
    del workspace.world.channels["C_TRAINING"].members["U_YORISOI"]
    del workspace.world.channels["C_COORD"].members["U_YORISOI"]

    assert await code(client.chat_postMessage(channel="C_GENERAL", text="x")) == "is_archived"
    assert await code(client.chat_postMessage(channel="C_TRAINING", text="x")) == "not_in_channel"
    assert await code(client.conversations_history(channel="C_TRAINING")) == "not_in_channel"
    assert await code(client.chat_postMessage(channel="C_COORD", text="x")) == "channel_not_found"

    await client.conversations_join(channel="C_TRAINING")
    assert (await client.chat_postMessage(channel="C_TRAINING", text="x"))["ok"]


async def test_what_people_wrote_is_not_the_bots_to_change(workspace, client):
    ts = (await workspace.person("U_SATO").say("C_GENERAL", "mine"))["ts"]

    assert await code(client.chat_update(channel="C_GENERAL", ts=ts, text="x")) == "cant_update_message"
    assert await code(client.chat_delete(channel="C_GENERAL", ts=ts)) == "cant_delete_message"


@pytest.mark.parametrize("path", ["/practice/state?as=U_SATO", "/api/auth.test", "/"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.test"}, 403),
        ({"Host": "127.0.0.1.evil.test"}, 403),
        ({"Origin": "http://evil.test"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 200),
    ],
)
async def test_pages_of_other_sites_are_kept_out(workspace, path, headers, status):
    address = workspace.url + path
    async with aiohttp.ClientSession() as session, session.get(address, headers=headers) as response:
        assert response.status == status


async def test_the_own_page_may_come_in_and_runs_nothing_foreign(workspace):
    headers = {"Origin": workspace.url}
    async with (
        aiohttp.ClientSession() as session,
        session.get(workspace.url + "/", headers=headers) as response,
    ):
        policy = response.headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


async def test_a_person_cannot_do_what_is_not_on_their_screen(workspace, client):
    await client.chat_postMessage(channel="C_COORD", text="x", blocks=[section()])
    sato = workspace.person("U_SATO")

    for act in (sato.messages("C_COORD"), sato.say("C_COORD", "x"), sato.press("nothing"), sato.submit()):
        with pytest.raises(NotOnScreen):
            await act
    with pytest.raises(NotOnScreen):
        await workspace.person("U_NOBODY").messages()
