"""The Slack app manifest, drawn from the routes: least scopes, and nothing the desk does not use."""

from typing import Any

from bot import messages
from handlers import ROUTES

# Each scope with the reason it is asked for.
SCOPES = {
    "commands": "slash commands and shortcuts",
    "chat:write": "receipts, cards and reminders",
    "im:write": "writing first to the person concerned",
    "im:history": "messages to the bot, and what came while nobody listened",
    "im:read": "which direct messages there are to catch up on",
    "channels:read": "whether a channel is shared with another organisation",
    "groups:read": "the same for private channels, where the cards are",
    "channels:history": "whether an announcement whose answer got lost has arrived",
    "groups:history": "whether a card whose answer got lost has arrived",
    "users:read": "guests, strangers and deactivated people are turned away",
    "files:write": "papers for those who have no Slack",
    "files:read": "whether a paper whose answer got lost has arrived",
}
EVENTS = {"message": "message.im"}


def manifest() -> dict[str, Any]:
    """Give the manifest, ready for Slack's "create from a manifest"."""
    words = messages.form_words("commands")
    commands = [
        {"command": route.name, "should_escape": False, **words[route.name]}
        for route in ROUTES
        if route.kind == "command"
    ]
    shortcuts = [
        {
            "name": route.label,
            "type": "global",
            "callback_id": route.name,
            "description": words[route.name]["description"],
        }
        for route in ROUTES
        if route.kind == "shortcut"
    ]
    events = sorted(EVENTS.get(route.name, route.name) for route in ROUTES if route.kind == "event")
    return {
        "display_information": {
            "name": words["name"],
            "description": words["description"],
            "long_description": words["long_description"].strip(),
            "background_color": "#3d5a45",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": words["name"], "always_online": True},
            "shortcuts": shortcuts,
            "slash_commands": commands,
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": events},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }
