"""What an administrator changes while the workspace runs: people and channels."""

from typing import Any

from bot.practice.errors import Mistake
from bot.practice.workspace import Workspace
from bot.practice.world import BOT, HUMAN_FIELDS, Channel, Human

CHANGEABLE = frozenset({"name", "topic", "is_private", "is_ext_shared", "is_archived"})


def change_person(workspace: Workspace, body: dict[str, Any]) -> dict[str, Any]:
    """Change a person or add one; the bot hears user_change or team_join."""
    changes = {
        key: value for key, value in body.items() if key in HUMAN_FIELDS and key not in ("id", "is_bot")
    }
    unknown = body.keys() - HUMAN_FIELDS
    if unknown:
        raise Mistake(f"people have no {sorted(unknown)}")
    world, now = workspace.world, int(workspace.clock.now().timestamp())
    human = world.people.get(body["id"])
    joined = human is None
    if human is None:
        name = changes.get("name", body["id"].lower())
        human = world.people[body["id"]] = Human(body["id"], name, name, name)
    for key, value in changes.items():
        setattr(human, key, value)
    human.updated = now
    kind = "team_join" if joined else "user_change"
    user = human.as_slack(world.team.id, with_email=workspace.app.may("users:read.email"))
    workspace.tell(kind, {"type": kind, "user": user, "cache_ts": now})
    workspace.watch.changed("state")
    return {"ok": True, "person": user}


def change_channel(workspace: Workspace, body: dict[str, Any]) -> dict[str, Any]:
    """Change a channel or add one. `members` replaces, `invite` and `kick` name one person ("BOT" is the bot)."""
    unknown = body.keys() - CHANGEABLE - {"id", "members", "invite", "kick"}
    if unknown:
        raise Mistake(f"channels have no {sorted(unknown)}")
    channel = workspace.world.channels.get(body["id"])
    if channel is None:
        created = int(workspace.clock.now().timestamp())
        channel = workspace.world.channels[body["id"]] = Channel(
            body["id"], body.get("name", ""), created=created
        )
    before = (channel.name, channel.is_archived, channel.is_ext_shared)
    for key in CHANGEABLE & body.keys():
        setattr(channel, key, body[key])
    _tell_changes(workspace, channel, before)
    _change_members(workspace, channel, body)
    workspace.watch.changed("state")
    return {"ok": True, "channel": channel.as_slack()}


def _tell_changes(workspace: Workspace, channel: Channel, before: tuple[str, bool, bool]) -> None:
    if BOT not in channel.members:
        return
    name, archived, shared = before
    prefix = "group" if channel.is_private else "channel"
    if channel.name != name:
        facts = {"id": channel.id, "name": channel.name, "created": channel.created}
        workspace.tell(f"{prefix}_rename", {"type": f"{prefix}_rename", "channel": facts})
    if channel.is_archived != archived:
        kind = f"{prefix}_archive" if channel.is_archived else f"{prefix}_unarchive"
        workspace.tell(kind, {"type": kind, "channel": channel.id, "user": ""})
    if channel.is_ext_shared != shared:
        kind = "channel_shared" if channel.is_ext_shared else "channel_unshared"
        workspace.tell(kind, {"type": kind, "channel": channel.id, "connected_team_id": "T_ELSEWHERE"})


def _change_members(workspace: Workspace, channel: Channel, body: dict[str, Any]) -> None:
    wanted = list(body["members"]) if "members" in body else list(channel.members)
    wanted += [body["invite"]] if "invite" in body else []
    members = [BOT if member == "BOT" else member for member in wanted]
    kicked = BOT if body.get("kick") == "BOT" else body.get("kick")
    before = list(channel.members)
    channel.members = {member: None for member in members if member != kicked}
    for member in channel.members:
        if member not in before:
            workspace.tell_joined(channel, member)
    for member in before:
        if member not in channel.members:
            _tell_left(workspace, channel, member)


def _tell_left(workspace: Workspace, channel: Channel, member: str) -> None:
    if member == BOT:
        kind = "group_left" if channel.is_private else "channel_left"
        workspace.tell(kind, {"type": kind, "channel": channel.id, "actor_id": ""})
    elif BOT in channel.members:
        kind = {"channel": "C", "group": "G"}.get(channel.kind, "D")
        event = {"type": "member_left_channel", "user": member, "channel": channel.id, "channel_type": kind}
        workspace.tell("member_left_channel", event | {"team": workspace.world.team.id})
