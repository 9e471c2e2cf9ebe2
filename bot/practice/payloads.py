"""The payloads Slack sends, built from what is known of people, places and views."""

import secrets
from typing import TYPE_CHECKING, Any

from bot.practice.surfaces import View
from bot.practice.world import APP, BOT, Channel, Message

if TYPE_CHECKING:
    from bot.practice.workspace import Workspace

TOKEN = "practice"  # noqa: S105 - the legacy verification token, meaningless here


def _who(workspace: "Workspace", user: str) -> dict[str, Any]:
    human = workspace.world.people[user]
    return {
        "id": user,
        "username": human.name,
        "name": human.name,
        "team_id": human.team(workspace.world.team.id),
    }


def _team(workspace: "Workspace") -> dict[str, Any]:
    return {"id": workspace.world.team.id, "domain": workspace.world.team.domain}


def _frame(workspace: "Workspace", kind: str, user: str) -> dict[str, Any]:
    return {
        "type": kind,
        "user": _who(workspace, user),
        "api_app_id": APP,
        "token": TOKEN,
        "team": _team(workspace),
        "enterprise": None,
        "is_enterprise_install": False,
    }


def place(channel: Channel) -> dict[str, Any]:
    """The short channel object of interactive payloads."""
    names = {"im": "directmessage", "group": "privategroup"}
    return {"id": channel.id, "name": names.get(channel.kind, channel.name)}


def shown(message: Message) -> Message:
    """A message as others see it: without its metadata."""
    return {key: value for key, value in message.items() if key != "metadata"}


def message_action(
    workspace: "Workspace",
    user: str,
    channel: Channel,
    message: Message,
    *,
    action: dict[str, Any],
    state: dict[str, Any],
) -> dict[str, Any]:
    """block_actions from a message."""
    whispered = bool(message.get("is_ephemeral"))
    container = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel.id,
        "is_ephemeral": whispered,
    }
    if message.get("thread_ts"):
        container["thread_ts"] = message["thread_ts"]
    reply = workspace.surfaces.new_reply(user, channel.id, message["ts"], whispered=whispered)
    body = _frame(workspace, "block_actions", user) | {
        "container": container,
        "trigger_id": workspace.surfaces.new_trigger(user, channel.id),
        "channel": place(channel),
        "state": {"values": state},
        "response_url": f"{workspace.url}/response/{reply}",
        "actions": [action],
    }
    return body if whispered else body | {"message": shown(message)}


def view_action(workspace: "Workspace", user: str, view: View, action: dict[str, Any]) -> dict[str, Any]:
    """block_actions from a modal or from Home."""
    return _frame(workspace, "block_actions", user) | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": workspace.surfaces.new_trigger(user, view.channel, view.id),
        "view": view.as_slack(workspace.world.team.id),
        "state": {"values": view.state},
        "actions": [action],
    }


def submission(workspace: "Workspace", user: str, view: View) -> dict[str, Any]:
    """view_submission, with response URLs for conversation selects that ask for them."""
    urls = []
    for block in view.blocks:
        element = block.get("element") or {}
        if element.get("response_url_enabled"):
            state = view.state[block["block_id"]][element["action_id"]]
            channel = state.get("selected_conversation") or state.get("selected_channel")
            if channel:
                url = f"{workspace.url}/response/{workspace.surfaces.new_reply(user, channel)}"
                urls.append(
                    {
                        "block_id": block["block_id"],
                        "action_id": element["action_id"],
                        "channel_id": channel,
                        "response_url": url,
                    }
                )
    return _frame(workspace, "view_submission", user) | {
        "trigger_id": workspace.surfaces.new_trigger(user, view.channel, view.id),
        "view": view.as_slack(workspace.world.team.id),
        "response_urls": urls,
    }


def closed(workspace: "Workspace", user: str, view: View, *, cleared: bool) -> dict[str, Any]:
    """view_closed."""
    body = _frame(workspace, "view_closed", user)
    return body | {"view": view.as_slack(workspace.world.team.id), "is_cleared": cleared}


def suggestion(
    workspace: "Workspace", user: str, view: View, *, block_id: str, action_id: str, text: str
) -> dict[str, Any]:
    """block_suggestion: what an external select asks while somebody types."""
    return _frame(workspace, "block_suggestion", user) | {
        "action_id": action_id,
        "block_id": block_id,
        "value": text,
        "container": {"type": "view", "view_id": view.id},
        "view": view.as_slack(workspace.world.team.id),
    }


def global_shortcut(workspace: "Workspace", user: str, callback_id: str) -> dict[str, Any]:
    """A shortcut from the ⚡ menu."""
    body = _frame(workspace, "shortcut", user)
    trigger = workspace.surfaces.new_trigger(user)
    return body | {"callback_id": callback_id, "trigger_id": trigger, "action_ts": workspace.clock.new_ts()}


def message_shortcut(
    workspace: "Workspace", user: str, callback_id: str, channel: Channel, message: Message
) -> dict[str, Any]:
    """A shortcut from a message's menu."""
    reply = workspace.surfaces.new_reply(user, channel.id)
    return _frame(workspace, "message_action", user) | {
        "callback_id": callback_id,
        "trigger_id": workspace.surfaces.new_trigger(user, channel.id),
        "action_ts": workspace.clock.new_ts(),
        "message_ts": message["ts"],
        "message": shown(message),
        "channel": place(channel),
        "response_url": f"{workspace.url}/response/{reply}",
    }


def command(workspace: "Workspace", user: str, channel: Channel, name: str, text: str) -> dict[str, Any]:
    """A slash command, as Socket Mode carries it."""
    team, human = workspace.world.team, workspace.world.people[user]
    return {
        "token": TOKEN,
        "team_id": human.team(team.id),
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": place(channel)["name"],
        "user_id": user,
        "user_name": human.name,
        "command": name,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": f"{workspace.url}/response/{workspace.surfaces.new_reply(user, channel.id)}",
        "trigger_id": workspace.surfaces.new_trigger(user, channel.id),
    }


def event_callback(workspace: "Workspace", event: dict[str, Any], *, shared: bool) -> dict[str, Any]:
    """The frame around an event."""
    team = workspace.world.team.id
    return {
        "token": TOKEN,
        "team_id": team,
        "context_team_id": team,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": "Ev" + secrets.token_hex(8).upper(),
        "event_time": int(workspace.clock.now().timestamp()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team,
                "user_id": BOT,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{secrets.token_hex(8)}",
    }
