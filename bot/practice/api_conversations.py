"""conversations.*: places, and what was said there."""

import base64
from collections.abc import Sequence
from typing import Any

from bot.practice.errors import SlackRefusal
from bot.practice.methods import Call, Reply, demand, method
from bot.practice.payloads import shown
from bot.practice.world import BOT, Channel, Message

PREFIX = {"im": "im", "group": "groups", "channel": "channels"}


def cursor_at(place: str) -> str:
    """A cursor that remembers `place`."""
    return base64.b64encode(f"at:{place}".encode()).decode()


def place_of(cursor: str) -> str:
    """What a cursor remembers; refuses one not given here."""
    try:
        text = base64.b64decode(cursor, validate=True).decode()
    except ValueError:
        raise SlackRefusal("invalid_cursor") from None
    if not text.startswith("at:"):
        raise SlackRefusal("invalid_cursor")
    return text.removeprefix("at:")


def page(call: Call, rows: Sequence[Any], most: int = 1000) -> tuple[list[Any], Reply]:
    """One page of `rows`, and the response_metadata that leads to the next."""
    start = int(place_of(call.text("cursor"))) if call.text("cursor") else 0
    end = start + call.number("limit", 100, most)
    more = cursor_at(str(end)) if end < len(rows) else ""
    return list(rows[start:end]), {"response_metadata": {"next_cursor": more}}


def readable(call: Call, verb: str = "history") -> Channel:
    """The channel asked for, if the bot is in it and its token carries the scope for its kind."""
    channel = call.workspace.channel(call.needed("channel"))
    demand(call, f"{PREFIX[channel.kind]}:{verb}")
    if verb == "history" and BOT not in channel.members:
        raise SlackRefusal("not_in_channel")
    return channel


def _given(call: Call, message: Message) -> Message:
    return message if call.flag("include_all_metadata") else shown(message)


@method("conversations.history", "channels:history", "groups:history", "im:history")
def history(call: Call) -> Reply:
    """Top-level messages, newest first, within oldest and latest."""
    channel = readable(call)
    limit, cursor = call.number("limit", 100, 999), call.text("cursor")
    before = place_of(cursor) if cursor else call.text("latest")
    inclusive = call.flag("inclusive") and not cursor
    oldest = call.text("oldest")
    oldest = "" if oldest == "0" else oldest
    found = channel.newest(
        limit + 1, before=before, oldest=oldest, inclusive=inclusive, oldest_too=call.flag("inclusive")
    )
    messages = [_given(call, channel.messages[ts]) for ts in found[:limit]]
    more = len(found) > limit
    reply: Reply = {"messages": messages, "has_more": more, "pin_count": 0}
    if more:
        reply["response_metadata"] = {"next_cursor": cursor_at(found[limit - 1])}
    return reply


@method("conversations.replies", "channels:history", "groups:history", "im:history")
def replies(call: Call) -> Reply:
    """A message and its answers, oldest first."""
    channel = readable(call)
    ts = call.needed("ts")
    message = channel.messages.get(ts)
    if message is None:
        raise SlackRefusal("thread_not_found")
    parent = message.get("thread_ts") or ts
    answers = [a for a in channel.threads.get(parent, []) if _inside(call, a)]
    rows, metadata = page(call, [parent, *answers])
    messages = [_given(call, channel.messages[row]) for row in rows if row in channel.messages]
    return {"messages": messages, "has_more": bool(metadata["response_metadata"]["next_cursor"]), **metadata}


def _inside(call: Call, ts: str) -> bool:
    oldest, latest, inclusive = call.text("oldest"), call.text("latest"), call.flag("inclusive")
    after = not oldest or ts > oldest or (inclusive and ts == oldest)
    return after and (not latest or ts < latest or (inclusive and ts == latest))


@method("conversations.info", "channels:read", "groups:read", "im:read")
def info(call: Call) -> Reply:
    """What a place is."""
    return {"channel": readable(call, "read").as_slack()}


@method("conversations.members", "channels:read", "groups:read", "im:read")
def members(call: Call) -> Reply:
    """Who is in a place."""
    rows, metadata = page(call, list(readable(call, "read").members))
    return {"members": rows, **metadata}


def _wanted(call: Call) -> list[Channel]:
    kinds = set((call.text("types") or "public_channel").split(","))
    names = {"im": "im", "group": "private_channel", "channel": "public_channel"}
    for kind in kinds & {"im", "private_channel", "public_channel"}:
        demand(call, {"im": "im:read", "private_channel": "groups:read"}.get(kind, "channels:read"))
    hide = call.flag("exclude_archived")
    return [
        channel
        for channel in call.workspace.world.channels.values()
        if names[channel.kind] in kinds and not (hide and channel.is_archived)
    ]


@method("conversations.list", "channels:read", "groups:read", "im:read")
def list_all(call: Call) -> Reply:
    """All places the bot may know of."""
    known = [c for c in _wanted(call) if c.kind == "channel" or BOT in c.members]
    rows, metadata = page(call, known)
    return {"channels": [channel.as_slack() for channel in rows], **metadata}


@method("users.conversations", "channels:read", "groups:read", "im:read")
def of_user(call: Call) -> Reply:
    """The places somebody is in (by default the bot)."""
    user = call.text("user") or BOT
    call.workspace.human(user)
    mine = [c for c in _wanted(call) if user in c.members and (c.kind == "channel" or BOT in c.members)]
    rows, metadata = page(call, mine)
    return {"channels": [channel.as_slack() for channel in rows], **metadata}


@method("conversations.open", "im:write", "mpim:write")
def open_dm(call: Call) -> Reply:
    """The direct message with one person."""
    workspace = call.workspace
    if call.text("channel"):
        channel = workspace.channel(call.text("channel"))
        return {"channel": {"id": channel.id}}
    users = call.data("users") if call.text("users").startswith("[") else call.text("users")
    names = users if isinstance(users, list) else [name for name in users.split(",") if name]
    if not names:
        raise SlackRefusal("users_list_not_supplied")
    if len(names) > 1:
        raise SlackRefusal("not_enough_users")
    human = workspace.human(names[0])
    if human.deleted:
        raise SlackRefusal("user_disabled")
    if human.is_bot:
        raise SlackRefusal("cannot_dm_bot")
    existed = "D" + human.id[1:] in workspace.world.channels
    channel = workspace.world.dm(human.id)
    answer: Reply = {"channel": channel.as_slack() if call.flag("return_im") else {"id": channel.id}}
    return answer | ({"no_op": True, "already_open": True} if existed else {})


@method("conversations.join", "channels:join")
def join(call: Call) -> Reply:
    """Enter a public channel."""
    channel = call.workspace.channel(call.needed("channel"))
    if channel.kind != "channel":
        raise SlackRefusal("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackRefusal("is_archived")
    if BOT not in channel.members:
        channel.members[BOT] = None
        call.workspace.tell_joined(channel, BOT)
    return {"channel": channel.as_slack()}
