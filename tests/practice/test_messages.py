"""What the bot says, and what people see of it."""

import pytest

from .conftest import actions, button, code, section


async def test_a_message_has_slacks_shape(workspace, client):
    answer = await client.chat_postMessage(channel="C_GENERAL", text="おはようございます")

    message = answer["message"]
    assert answer["channel"] == "C_GENERAL"
    assert message["ts"] == answer["ts"]
    assert (message["user"], message["bot_id"], message["app_id"]) == ("U_YORISOI", "B_YORISOI", "A_YORISOI")
    await workspace.person("U_SATO").sees("おはよう", "C_GENERAL")


async def test_timestamps_differ_and_grow(client):
    stamps = [(await client.chat_postMessage(channel="C_GENERAL", text="x"))["ts"] for _ in range(20)]

    assert stamps == sorted(set(stamps))


async def test_a_persons_id_means_their_direct_message(workspace, client):
    posted = await client.chat_postMessage(channel="U_SATO", text="こんにちは")
    opened = await client.conversations_open(users="U_SATO", return_im=True)

    assert posted["channel"] == opened["channel"]["id"]
    assert opened["channel"]["user"] == "U_SATO"
    await workspace.person("U_SATO").sees("こんにちは")
    await workspace.person("U_SUZUKI").not_sees("こんにちは")


async def test_an_ephemeral_is_seen_by_one_person_only(workspace, client):
    ts = (await client.chat_postEphemeral(channel="C_CALLBACKS", user="U_SATO", text="ないしょ"))[
        "message_ts"
    ]

    await workspace.person("U_SATO").sees("ないしょ", "C_CALLBACKS")
    await workspace.person("U_SUZUKI").not_sees("ないしょ", "C_CALLBACKS")
    history = await client.conversations_history(channel="C_CALLBACKS")
    assert history["messages"] == []
    assert await code(client.chat_update(channel="C_CALLBACKS", ts=ts, text="x")) == "message_not_found"


async def test_an_update_changes_in_place(workspace, client):
    ts = (await client.chat_postMessage(channel="C_GENERAL", text="old", blocks=[section("old")]))["ts"]

    await client.chat_update(channel="C_GENERAL", ts=ts, text="new", blocks=[section("new")])

    messages = await workspace.person("U_SATO").messages("C_GENERAL")
    assert [m["ts"] for m in messages] == [ts]
    assert messages[0]["edited"]
    assert await workspace.person("U_SATO").texts("C_GENERAL") == ["new"]


async def test_an_update_keeps_what_it_does_not_name(workspace, client):
    ts = (await client.chat_postMessage(channel="C_GENERAL", text="words", blocks=[section("block")]))["ts"]

    changes = {"channel": "C_GENERAL", "ts": ts, "blocks": [section("changed")]}
    await client.api_call("chat.update", json=changes)
    kept = (await workspace.person("U_SATO").messages("C_GENERAL"))[0]
    await client.chat_update(channel="C_GENERAL", ts=ts, text="bare", blocks=[])
    bare = (await workspace.person("U_SATO").messages("C_GENERAL"))[0]

    assert (kept["text"], kept["blocks"][0]["text"]["text"]) == ("words", "changed")
    assert (bare["text"], bare["blocks"]) == ("bare", [])


async def test_a_deleted_message_is_gone(workspace, client):
    ts = (await client.chat_postMessage(channel="C_GENERAL", text="x"))["ts"]
    await client.chat_delete(channel="C_GENERAL", ts=ts)

    assert await workspace.person("U_SATO").messages("C_GENERAL") == []


async def test_metadata_is_given_back_only_when_asked_for(workspace, client):
    metadata = {"event_type": "outbox", "event_payload": {"id": "7"}}
    await client.chat_postMessage(channel="C_GENERAL", text="x", metadata=metadata)

    with_it = await client.conversations_history(channel="C_GENERAL", include_all_metadata=True)
    without = await client.conversations_history(channel="C_GENERAL")
    assert with_it["messages"][0]["metadata"] == metadata
    assert "metadata" not in without["messages"][0]
    assert "metadata" not in (await workspace.person("U_SATO").messages("C_GENERAL"))[0]


async def test_metadata_outlives_an_update(client):
    metadata = {"event_type": "outbox", "event_payload": {"id": "7"}}
    ts = (await client.chat_postMessage(channel="C_GENERAL", text="x", metadata=metadata))["ts"]
    await client.chat_update(channel="C_GENERAL", ts=ts, text="y")

    history = await client.conversations_history(channel="C_GENERAL", include_all_metadata=True)
    assert history["messages"][0]["metadata"] == metadata


async def test_history_turns_pages_newest_first(client):
    for n in range(7):
        await client.chat_postMessage(channel="C_GENERAL", text=str(n))

    seen, cursor = [], None
    while cursor != "":
        page = await client.conversations_history(channel="C_GENERAL", limit=3, cursor=cursor)
        seen.append([m["text"] for m in page["messages"]])
        assert page["has_more"] == bool(page.get("response_metadata", {}).get("next_cursor"))
        cursor = page.get("response_metadata", {}).get("next_cursor", "")

    assert seen == [["6", "5", "4"], ["3", "2", "1"], ["0"]]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({"oldest": 1}, "432"),
        ({"latest": 3}, "210"),
        ({"oldest": 1, "latest": 3}, "2"),
        ({"oldest": 1, "latest": 3, "inclusive": True}, "321"),
        ({}, "43210"),
    ],
)
async def test_history_within_bounds(client, bounds, expected):
    stamps = [(await client.chat_postMessage(channel="C_GENERAL", text=str(n)))["ts"] for n in range(5)]
    arguments = {
        key: stamps[value] if key in ("oldest", "latest") else value for key, value in bounds.items()
    }

    history = await client.conversations_history(channel="C_GENERAL", **arguments)

    assert "".join(m["text"] for m in history["messages"]) == expected


async def test_a_thread_gathers_its_answers(workspace, client):
    ts = (await client.chat_postMessage(channel="C_GENERAL", text="top"))["ts"]
    reply = await client.chat_postMessage(channel="C_GENERAL", text="one", thread_ts=ts)
    await workspace.person("U_SATO").say("C_GENERAL", "two", thread_ts=reply["ts"])

    thread = await client.conversations_replies(channel="C_GENERAL", ts=ts)
    history = await client.conversations_history(channel="C_GENERAL")
    assert [m["text"] for m in thread["messages"]] == ["top", "one", "two"]
    assert [m["text"] for m in history["messages"]] == ["top"]
    assert history["messages"][0]["reply_count"] == 2


async def test_lists_turn_pages(client):
    names, cursor = [], None
    while cursor != "":
        page = await client.users_list(limit=5, cursor=cursor)
        names += [user["id"] for user in page["members"]]
        cursor = page["response_metadata"]["next_cursor"]

    assert len(names) == len(set(names)) == 17
    kinds = await client.conversations_list(types="public_channel,private_channel")
    assert {c["id"] for c in kinds["channels"]} == {
        "C_CALLBACKS",
        "C_COORD",
        "C_GENERAL",
        "C_TRAINING",
        "C_SHARED",
    }
    mine = await client.users_conversations(user="U_SATO", types="private_channel")
    assert [c["id"] for c in mine["channels"]] == ["C_CALLBACKS"]
    assert "U_SATO" in (await client.conversations_members(channel="C_CALLBACKS"))["members"]


async def test_guests_strangers_and_shared_channels_look_so(client):
    guest = (await client.users_info(user="U_GUEST"))["user"]
    stranger = (await client.users_info(user="U_STRANGER"))["user"]

    assert (guest["is_restricted"], guest["is_ultra_restricted"]) == (True, True)
    assert stranger["is_stranger"]
    assert stranger["team_id"] != (await client.team_info())["team"]["id"]
    assert (await client.users_info(user="U_GONE"))["user"]["deleted"]
    assert (await client.conversations_info(channel="C_SHARED"))["channel"]["is_ext_shared"]
    assert not (await client.users_info(user="U_SATO"))["user"]["is_restricted"]


async def test_signs_pins_and_addresses(workspace, client):
    ts = (await client.chat_postMessage(channel="C_GENERAL", text="x"))["ts"]
    await client.reactions_add(channel="C_GENERAL", timestamp=ts, name="memo")
    await client.pins_add(channel="C_GENERAL", timestamp=ts)

    message = (await workspace.person("U_SATO").messages("C_GENERAL"))[0]
    assert message["reactions"] == [{"name": "memo", "users": ["U_YORISOI"], "count": 1}]
    assert message["pinned_to"] == ["C_GENERAL"]
    assert (
        await code(client.reactions_add(channel="C_GENERAL", timestamp=ts, name="memo")) == "already_reacted"
    )
    await client.reactions_remove(channel="C_GENERAL", timestamp=ts, name="memo")
    assert (
        await code(client.reactions_remove(channel="C_GENERAL", timestamp=ts, name="memo")) == "no_reaction"
    )
    link = (await client.chat_getPermalink(channel="C_GENERAL", message_ts=ts))["permalink"]
    assert link.startswith(workspace.url)


async def test_unread_is_counted_until_it_is_read(workspace, client):
    sato = workspace.person("U_SATO")
    for _ in range(3):
        await client.chat_postMessage(channel="C_CALLBACKS", text="x")

    async def unread():
        channels = (await sato.state())["channels"]
        return next(c["unread"] for c in channels if c["id"] == "C_CALLBACKS")

    assert await unread() == 3
    await sato.read("C_CALLBACKS")
    assert await unread() == 0


async def test_words_are_what_a_person_reads_in_order(workspace, client):
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "題"}},
        section("本文", accessory=button("x", "横")),
        actions(button("y", "下"), button("z", "右")),
    ]
    await client.chat_postMessage(channel="C_GENERAL", text="知らせ", blocks=blocks)

    assert await workspace.person("U_SATO").texts("C_GENERAL") == ["題\n本文\n横\n下\n右"]
    with pytest.raises(AssertionError, match="does not see"):
        await workspace.person("U_SATO").sees("知らせ", "C_GENERAL", timeout=0.05)
