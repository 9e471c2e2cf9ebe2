"""What people do, as the app hears it: commands, buttons, Home, shortcuts, events, files."""

import aiohttp

from bot.practice import serve

from .conftest import actions, bolt, button, code, connected, listening, option, until, web_client

MANIFEST = {
    "display_information": {"name": "よりそい"},
    "features": {
        "bot_user": {"display_name": "よりそい"},
        "slash_commands": [{"command": "/soudan", "description": "相談する", "usage_hint": "[ひとこと]"}],
        "shortcuts": [
            {"name": "相談する", "type": "global", "callback_id": "ask", "description": "相談を始めます"},
            {
                "name": "この発言を相談する",
                "type": "message",
                "callback_id": "about",
                "description": "発言から",
            },
        ],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "im:history"]}},
    "settings": {"event_subscriptions": {"bot_events": ["message.im", "app_home_opened"]}},
}


async def test_the_sidebar_shows_what_the_manifest_offers():
    async with serve(manifest=MANIFEST) as workspace:
        state = await workspace.person("U_TAKAGI").state()
        nobody = state["bot"]["connected"]
        async with connected(workspace, bolt(workspace)):
            state = await workspace.person("U_TAKAGI").state()

    assert state["me"]["title"].startswith("介護支援専門員")
    assert state["commands"] == [
        {"command": "/soudan", "description": "相談する", "usage_hint": "[ひとこと]"}
    ]
    assert [row["type"] for row in state["shortcuts"]] == ["global", "message"]
    assert (nobody, state["bot"]["connected"]) == (0, 1)
    channels = {c["id"] for c in state["channels"]}
    assert channels == {"C_GENERAL", "C_TRAINING", "D_TAKAGI"}


async def test_what_the_manifest_does_not_offer_is_not_sent():
    async with serve(manifest=MANIFEST) as workspace, listening(workspace) as ear:
        takagi = workspace.person("U_TAKAGI")
        unknown = await takagi.command("/other")
        known = await takagi.command("/soudan")
        await takagi.say("C_GENERAL", "x")
        await takagi.say("bot", "y")

    assert "/other" in unknown["warning"]
    assert known["acked"]
    assert [request.type for request in ear.heard] == ["slash_commands", "events_api"]


async def test_a_command_has_slacks_shape_and_its_answer_is_private(workspace, app):
    got = []

    @app.command("/soudan")
    async def soudan(ack, body):
        got.append(body)
        await ack("お話をうかがいます")

    outcome = await workspace.person("U_SATO").command("/soudan", "いそぎ", channel="C_CALLBACKS")

    assert outcome["payload"] == {"text": "お話をうかがいます"}
    assert {key: got[0][key] for key in ("command", "text", "user_id", "channel_id", "user_name")} == {
        "command": "/soudan",
        "text": "いそぎ",
        "user_id": "U_SATO",
        "channel_id": "C_CALLBACKS",
        "user_name": "sato",
    }
    assert got[0]["channel_name"] == "privategroup"
    await workspace.person("U_SATO").sees("お話をうかがいます", "C_CALLBACKS")
    await workspace.person("U_SUZUKI").not_sees("お話をうかがいます", "C_CALLBACKS")


async def test_a_button_tells_its_message_and_value(workspace, app, client):
    got = []

    @app.action("take")
    async def take(ack, body):
        got.append(body)
        await ack()

    metadata = {"event_type": "o", "event_payload": {}}
    row = actions(button("take", value="1"), block_id="row")
    first = await client.chat_postMessage(channel="C_CALLBACKS", text="x", blocks=[row], metadata=metadata)
    await client.chat_postMessage(
        channel="C_CALLBACKS", text="y", blocks=[actions(button("take", value="2"))]
    )
    sato = workspace.person("U_SATO")

    await sato.press("take")
    await sato.press("take", value="1")
    await sato.press("take", channel="C_CALLBACKS", ts=first["ts"])

    assert [body["actions"][0]["value"] for body in got] == ["2", "1", "1"]
    body = got[2]
    assert body["container"] == {
        "type": "message",
        "message_ts": first["ts"],
        "channel_id": "C_CALLBACKS",
        "is_ephemeral": False,
    }
    assert body["channel"] == {"id": "C_CALLBACKS", "name": "privategroup"}
    assert body["message"]["ts"] == first["ts"]
    assert "metadata" not in body["message"]
    assert body["actions"][0]["block_id"] == "row"
    assert body["trigger_id"] and body["response_url"]


async def test_choices_in_a_message_carry_slacks_shapes(workspace, app, client):
    got = []

    @app.action({"type": "block_actions", "block_id": "row"})
    async def chosen(ack, body):
        got.append(body)
        await ack()

    elements = [
        {"type": "static_select", "action_id": "s", "options": [option("a"), option("b")]},
        {"type": "overflow", "action_id": "o", "options": [option("x"), option("y")]},
        {"type": "datepicker", "action_id": "d"},
        {"type": "users_select", "action_id": "u"},
    ]
    await client.chat_postMessage(channel="C_GENERAL", text="x", blocks=[actions(*elements, block_id="row")])
    sato = workspace.person("U_SATO")
    for action_id, choice in (("s", "b"), ("o", "y"), ("d", "2026-12-01"), ("u", "U_MORI")):
        await sato.press(action_id, choice=choice)

    found = [body["actions"][0] for body in got]
    assert found[0]["selected_option"] == option("b")
    assert found[1]["selected_option"] == option("y")
    assert found[2]["selected_date"] == "2026-12-01"
    assert found[3]["selected_user"] == "U_MORI"
    assert got[3]["state"]["values"]["row"]["s"]["selected_option"] == option("b")
    assert "o" not in got[3]["state"]["values"]["row"]


async def test_a_response_url_answers_five_times(workspace, app, client):
    urls = []

    @app.action("take")
    async def take(ack, body):
        urls.append(body["response_url"])
        await ack()

    posted = await client.chat_postMessage(channel="C_CALLBACKS", text="x", blocks=[actions(button("take"))])
    sato, suzuki = workspace.person("U_SATO"), workspace.person("U_SUZUKI")
    await sato.press("take")
    async with aiohttp.ClientSession() as session:

        async def answer(**body):
            async with session.post(urls[0], json=body) as response:
                return response.status

        assert await answer(text="private") == 200
        assert await answer(text="public", response_type="in_channel") == 200
        assert await answer(text="changed", replace_original=True) == 200
        await sato.sees("private", "C_CALLBACKS")
        await suzuki.sees("public", "C_CALLBACKS")
        await suzuki.sees("changed", "C_CALLBACKS")
        await suzuki.not_sees("private", "C_CALLBACKS")
        assert await answer(delete_original=True) == 200
        await suzuki.not_sees("changed", "C_CALLBACKS")
        assert await answer(text="five") == 200
        assert await answer(text="six") == 404
    await sato.not_sees("six", "C_CALLBACKS")
    assert await code(client.chat_delete(channel="C_CALLBACKS", ts=posted["ts"])) == "message_not_found"


async def test_a_button_on_an_ephemeral_can_replace_it(workspace, app, client):
    @app.action("take")
    async def take(ack, body, respond):
        await ack()
        await respond("done" if body["container"]["is_ephemeral"] else "wrong", replace_original=True)

    block = actions(button("take", "押す"))
    await client.chat_postEphemeral(channel="C_CALLBACKS", user="U_SATO", text="x", blocks=[block])
    await workspace.person("U_SATO").press("take")

    assert await workspace.person("U_SATO").texts("C_CALLBACKS") == ["done"]


async def test_home_is_drawn_when_opened_and_its_buttons_work(workspace, app):
    got = []

    @app.event("app_home_opened")
    async def opened(event, client):
        got.append(event)
        await client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": [actions(button("h", "家"))]}
        )

    @app.action("h")
    async def h(ack, body):
        got.append(body)
        await ack()

    takagi = workspace.person("U_TAKAGI")
    assert await takagi.home() is None
    view = await takagi.open_home()
    await takagi.press("h")

    assert (view["type"], got[0]["tab"], got[0]["channel"]) == ("home", "home", "D_TAKAGI")
    assert "view" not in got[0]
    assert got[1]["container"] == {"type": "view", "view_id": view["id"]}
    assert await workspace.person("U_SATO").home() is None
    await takagi.open_home()
    assert got[2]["view"]["id"] == view["id"]


async def test_shortcuts_global_and_on_a_message(workspace, app, client):
    got = []

    @app.shortcut("ask")
    async def ask(ack, body):
        got.append(body)
        await ack()

    @app.shortcut("about")
    async def about(ack, body):
        got.append(body)
        await ack()

    ts = (await client.chat_postMessage(channel="C_GENERAL", text="発言"))["ts"]
    await workspace.person("U_SATO").shortcut("ask")
    await workspace.person("U_SATO").shortcut("about", channel="C_GENERAL", ts=ts)

    assert [body["type"] for body in got] == ["shortcut", "message_action"]
    assert got[1]["message"]["text"] == "発言"
    assert got[1]["response_url"]


async def test_a_direct_message_is_an_event_with_its_channel_type(workspace):
    async with listening(workspace) as ear:
        outcome = await workspace.person("U_TAKAGI").say("bot", "聞いてください")

    payload = ear.heard[0].payload
    event = payload["event"]
    assert outcome["acked"]
    assert (event["type"], event["channel_type"], event["user"]) == ("message", "im", "U_TAKAGI")
    assert (event["text"], event["ts"], event["channel"]) == ("聞いてください", outcome["ts"], "D_TAKAGI")
    assert payload["type"] == "event_callback"
    assert payload["authorizations"][0]["user_id"] == "U_YORISOI"
    assert payload["event_id"].startswith("Ev")


async def test_a_shared_channel_says_so_in_its_events(workspace):
    async with listening(workspace) as ear:
        await workspace.person("U_STRANGER").say("C_SHARED", "x")
        await workspace.person("U_SATO").say("C_GENERAL", "<@U_YORISOI> x")
        await until(lambda: len(ear.heard) == 3)

    shared = {r.payload["event"]["channel"]: r.payload["is_ext_shared_channel"] for r in ear.heard}
    assert shared == {"C_SHARED": True, "C_GENERAL": False}
    assert "app_mention" in {r.payload["event"]["type"] for r in ear.heard}


async def test_changes_of_people_and_channels_are_events(workspace):
    admin = workspace.person("U_ADMIN")
    async with listening(workspace) as ear:
        await admin.change_person("U_SATO", deleted=True)
        await admin.change_person("U_NEW", real_name="新田")
        await admin.change_channel("C_GENERAL", invite="U_NEW")
        await admin.change_channel("C_GENERAL", kick="U_NEW")
        await admin.change_channel("C_GENERAL", is_ext_shared=True)
        await admin.change_channel("C_GENERAL", name="みんな")
        await until(lambda: len(ear.heard) == 6)

    assert [request.payload["event"]["type"] for request in ear.heard] == [
        "user_change",
        "team_join",
        "member_joined_channel",
        "member_left_channel",
        "channel_shared",
        "channel_rename",
    ]
    user = await web_client(workspace).users_info(user="U_SATO")
    assert user["user"]["deleted"]


async def test_the_bots_own_words_reach_it_as_events_that_bolt_ignores(workspace, client):
    heard = []
    app = bolt(workspace)

    @app.event("message")
    async def message(event):
        heard.append(event["text"])

    async with connected(workspace, app):
        ts = (await client.chat_postMessage(channel="U_SATO", text="x"))["ts"]
        await client.chat_update(channel="D_SATO", ts=ts, text="y")
        await workspace.person("U_SATO").say("bot", "z")
        await until(lambda: heard)

    rows = [row for row in workspace.traffic.after(0) if row["kind"] == "events_api"]
    sent = [row["request"]["payload"]["event"] for row in rows]
    assert {(event.get("subtype"), event.get("bot_id")) for event in sent} == {
        (None, "B_YORISOI"),
        ("message_changed", None),
        (None, None),
    }
    assert heard == ["z"]
