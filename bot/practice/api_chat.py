"""chat.*, reactions.* and pins.*: what the bot says."""

from typing import Any

from bot.practice.errors import SlackRefusal
from bot.practice.methods import Call, Reply, invalid_arguments, method
from bot.practice.payloads import shown
from bot.practice.validate import check_blocks
from bot.practice.world import BOT, Channel, Message

LONGEST_TEXT = 40_000


def content(call: Call) -> dict[str, Any]:
    """Text, blocks, attachments and metadata of a message, checked."""
    text, blocks = call.text("text"), call.data("blocks")
    attachments, metadata = call.data("attachments"), call.data("metadata")
    if not text and not blocks and not attachments:
        raise SlackRefusal("no_text")
    if len(text) > LONGEST_TEXT:
        raise SlackRefusal("msg_too_long")
    if blocks is not None:
        check_blocks(blocks)
    if metadata is not None:
        _check_metadata(metadata)
    return {"text": text, "blocks": blocks, "attachments": attachments, "metadata": metadata}


def _check_metadata(metadata: Any) -> None:
    fits = isinstance(metadata, dict) and isinstance(metadata.get("event_type"), str)
    if not fits or not isinstance(metadata.get("event_payload"), dict):
        raise SlackRefusal("invalid_metadata_format")


def may_post(call: Call, channel: Channel) -> None:
    """Refuse archived channels, and channels the bot is not in (public ones need chat:write.public)."""
    if channel.is_archived:
        raise SlackRefusal("is_archived")
    if BOT in channel.members:
        return
    app = call.workspace.app
    if channel.kind != "channel" or app.scopes is None or not app.may("chat:write.public"):
        raise SlackRefusal("not_in_channel")


def own_message(call: Call, channel: Channel, code: str) -> Message:
    """The bot's own message named by `ts`."""
    message = channel.messages.get(call.needed("ts"))
    if message is None:
        raise SlackRefusal("message_not_found")
    if message["user"] != BOT:
        raise SlackRefusal(code)
    return message


def thread_of(call: Call, channel: Channel) -> str | None:
    """The thread to answer in, if any; its parent must exist."""
    thread = call.text("thread_ts")
    if not thread:
        return None
    parent = channel.messages.get(thread)
    if parent is None:
        raise SlackRefusal("thread_not_found")
    return str(parent.get("thread_ts") or thread)


@method("chat.postMessage", "chat:write")
def post_message(call: Call) -> Reply:
    """Say something in a channel, or to a person (their id opens the DM)."""
    channel = call.workspace.channel(call.needed("channel"))
    may_post(call, channel)
    facts = content(call)
    message = call.workspace.new_message(BOT, thread_ts=thread_of(call, channel), **facts)
    call.workspace.post(channel, message)
    return {"channel": channel.id, "ts": message["ts"], "message": message}


@method("chat.update", "chat:write")
def update(call: Call) -> Reply:
    """Change one's own message."""
    channel = call.workspace.channel(call.needed("channel"))
    message = own_message(call, channel, "cant_update_message")
    facts = content(call)
    changes = {key: value for key, value in facts.items() if value is not None}
    if "text" not in call.arguments:
        del changes["text"]
    call.workspace.redraw(channel, message, changes)
    return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": shown(message)}


@method("chat.delete", "chat:write")
def delete(call: Call) -> Reply:
    """Take back one's own message."""
    channel = call.workspace.channel(call.needed("channel"))
    message = own_message(call, channel, "cant_delete_message")
    call.workspace.erase(channel, message["ts"])
    return {"channel": channel.id, "ts": message["ts"]}


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(call: Call) -> Reply:
    """Say something only one member of the channel sees."""
    workspace = call.workspace
    channel, user = workspace.channel(call.needed("channel")), call.needed("user")
    may_post(call, channel)
    workspace.human(user)
    if user not in channel.members:
        raise SlackRefusal("user_not_in_channel")
    facts = content(call)
    message = workspace.new_message(BOT, thread_ts=thread_of(call, channel), **facts)
    workspace.whisper(channel, user, message)
    return {"message_ts": message["ts"]}


@method("chat.getPermalink")
def permalink(call: Call) -> Reply:
    """The address of a message."""
    channel = call.workspace.channel(call.needed("channel"))
    ts = call.needed("message_ts")
    if ts not in channel.messages:
        raise SlackRefusal("message_not_found")
    return {
        "channel": channel.id,
        "permalink": f"{call.workspace.url}/archives/{channel.id}/p{ts.replace('.', '')}",
    }


@method("chat.scheduleMessage", "chat:write")
def schedule(call: Call) -> Reply:
    """Say something later."""
    workspace = call.workspace
    channel = workspace.channel(call.needed("channel"))
    may_post(call, channel)
    try:
        post_at = int(call.needed("post_at"))
    except ValueError:
        raise invalid_arguments("[ERROR] must be an integer [json-pointer:/post_at]") from None
    thread = thread_of(call, channel)
    return workspace.planned.add(channel, post_at, {**content(call), "thread_ts": thread})


@method("chat.deleteScheduledMessage", "chat:write")
def unschedule(call: Call) -> Reply:
    """Take back what was to be said later."""
    call.workspace.channel(call.needed("channel"))
    call.workspace.planned.drop(call.needed("scheduled_message_id"))
    return {}


@method("chat.scheduledMessages.list")
def scheduled(call: Call) -> Reply:
    """What is to be said later."""
    rows = call.workspace.planned.rows(call.text("channel"))
    return {"scheduled_messages": rows, "response_metadata": {"next_cursor": ""}}


def _reaction(call: Call) -> tuple[Channel, Message, list[dict[str, Any]], str]:
    channel = call.workspace.channel(call.needed("channel"))
    message = channel.messages.get(call.needed("timestamp"))
    if message is None:
        raise SlackRefusal("message_not_found")
    return channel, message, message.setdefault("reactions", []), call.needed("name").strip(":")


@method("reactions.add", "reactions:write")
def react(call: Call) -> Reply:
    """Put a sign on a message."""
    channel, _, reactions, name = _reaction(call)
    found = next((row for row in reactions if row["name"] == name), None)
    if found and BOT in found["users"]:
        raise SlackRefusal("already_reacted")
    if found:
        found["users"].append(BOT)
        found["count"] += 1
    else:
        reactions.append({"name": name, "users": [BOT], "count": 1})
    call.workspace.watch.changed("messages", channel.id)
    return {}


@method("reactions.remove", "reactions:write")
def unreact(call: Call) -> Reply:
    """Take a sign off a message."""
    channel, _, reactions, name = _reaction(call)
    found = next((row for row in reactions if row["name"] == name and BOT in row["users"]), None)
    if found is None:
        raise SlackRefusal("no_reaction")
    found["users"].remove(BOT)
    found["count"] -= 1
    if not found["users"]:
        reactions.remove(found)
    call.workspace.watch.changed("messages", channel.id)
    return {}


@method("pins.add", "pins:write")
def pin(call: Call) -> Reply:
    """Pin a message."""
    channel = call.workspace.channel(call.needed("channel"))
    message = channel.messages.get(call.needed("timestamp"))
    if message is None:
        raise SlackRefusal("message_not_found")
    if channel.id in message.get("pinned_to", []):
        raise SlackRefusal("already_pinned")
    message.setdefault("pinned_to", []).append(channel.id)
    call.workspace.watch.changed("messages", channel.id)
    return {}
