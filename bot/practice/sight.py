"""What one person sees: the sidebar, the messages of a channel, the open modals."""

from itertools import islice
from typing import Any

from bot.practice.acts import channel_for
from bot.practice.errors import Mistake
from bot.practice.payloads import shown
from bot.practice.workspace import Workspace
from bot.practice.world import BOT, BOT_ID, Channel, Message

USUALLY = 200
MOST = 5_000


def state_for(workspace: Workspace, user: str) -> dict[str, Any]:
    """The sidebar: who I am, who else is here, channels with unread counts, what can be typed."""
    world, app = workspace.world, workspace.app
    if user not in world.people:
        raise Mistake(f"no such person: {user}")
    commands = [
        {
            "command": row["command"],
            "description": row.get("description", ""),
            "usage_hint": row.get("usage_hint", ""),
        }
        for row in app.commands.values()
    ]
    shortcuts = [
        {
            "callback_id": row["callback_id"],
            "name": row.get("name", ""),
            "description": row.get("description", ""),
            "type": row.get("type", "global"),
        }
        for row in app.shortcuts.values()
    ]
    return {
        "me": _card(workspace, user),
        "people": [_card(workspace, person) for person in world.people],
        "channels": [_place(channel, user) for channel in world.seen_by(user)],
        "commands": commands,
        "shortcuts": shortcuts,
        "bot": {"id": BOT, "bot_id": BOT_ID, "name": app.name, "connected": len(workspace.link.connections)},
        "team": {"id": world.team.id, "name": world.team.name},
        "now": workspace.clock.now().isoformat(),
    }


def _card(workspace: Workspace, user: str) -> dict[str, Any]:
    human = workspace.world.people[user]
    return {key: value for key, value in vars(human).items() if key != "updated"}


def _place(channel: Channel, user: str) -> dict[str, Any]:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_im": bool(channel.im_with),
        "is_private": channel.is_private,
        "is_ext_shared": channel.is_ext_shared,
        "is_archived": channel.is_archived,
        "unread": channel.unread(user),
        "topic": channel.topic,
        "members": list(channel.members),
    }


def messages_for(workspace: Workspace, query: dict[str, Any]) -> dict[str, Any]:
    """The newest messages of a channel or a thread, oldest first, this person's ephemerals among them.

    `all`: replies too, among the rest. `limit`: how many (200 unless told).
    """
    user = query["as"]
    channel = channel_for(workspace, user, query.get("channel"))
    limit = min(MOST, int(query.get("limit") or USUALLY))
    thread = query.get("thread_ts")
    if thread:
        timestamps = [thread, *channel.threads.get(thread, [])][-limit:]
    elif query.get("all"):
        timestamps = list(islice(reversed(channel.messages), limit))
    else:
        timestamps = channel.order[-limit:]
    seen = [_drawn(channel.messages[ts], user) for ts in timestamps if ts in channel.messages]
    everything = bool(query.get("all"))
    for message in channel.whispers.get(user, ()):
        if (
            everything
            or message.get("thread_ts") == thread
            or (thread is None and not message.get("thread_ts"))
        ):
            seen.append(_drawn(message, user) | {"ephemeral": True})
    seen.sort(key=lambda message: str(message["ts"]))
    return {"messages": seen, "channel": channel.id}


def _drawn(message: Message, user: str) -> Message:
    message = shown(message)
    if message.get("files"):
        message["files"] = [
            file | {"page_url": f"/practice/file/{file['id']}?as={user}"} for file in message["files"]
        ]
    return message


def views_for(workspace: Workspace, user: str) -> list[dict[str, Any]]:
    """The modals in front of a person, the top one last."""
    return [view.as_slack(workspace.world.team.id) for view in workspace.surfaces.stack(user)]
