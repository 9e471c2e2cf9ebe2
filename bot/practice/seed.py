"""What a practice workspace starts with: people and channels from TOML, the app from its manifest."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.practice.world import BOT, HUMAN_FIELDS, Channel, Human, Team, World

EXAMPLE = Path(__file__).parent / "example.toml"


@dataclass(frozen=True)
class App:
    """The bot as its manifest describes it. Without a manifest everything is allowed and nothing is listed."""

    name: str = "よりそい"
    scopes: frozenset[str] | None = None
    events: frozenset[str] | None = None
    commands: dict[str, dict[str, Any]] = field(default_factory=dict)
    shortcuts: dict[str, dict[str, Any]] = field(default_factory=dict)
    described: bool = False

    def may(self, scope: str) -> bool:
        """Whether the bot token carries `scope`."""
        return self.scopes is None or scope in self.scopes

    def hears(self, event: str) -> bool:
        """Whether the app subscribed to `event`."""
        return self.events is None or event in self.events


def app_from(manifest: dict[str, Any] | None) -> App:
    """Read a Slack app manifest."""
    if manifest is None:
        return App()
    features = manifest.get("features", {})
    settings = manifest.get("settings", {})
    name = features.get("bot_user", {}).get("display_name") or manifest.get("display_information", {}).get(
        "name"
    )
    return App(
        name=name or "よりそい",
        scopes=frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
        commands={item["command"]: item for item in features.get("slash_commands", [])},
        shortcuts={item["callback_id"]: item for item in features.get("shortcuts", [])},
        described=True,
    )


def world_from(seed: dict[str, Any] | None, app: App, created: int) -> World:
    """People and places. What `seed` leaves out comes from the example."""
    plan = tomllib.loads(EXAMPLE.read_text(encoding="utf-8")) | (seed or {})
    people = {row["id"]: human_from(row, created) for row in plan["people"]}
    people[BOT] = Human(BOT, "yorisoi", app.name, app.name, is_bot=True, updated=created)
    channels = {row["id"]: channel_from(row, people, created) for row in plan["channels"]}
    return World(Team(**plan["team"]), people, channels)


def human_from(row: dict[str, Any], created: int) -> Human:
    """One person; unknown keys are refused."""
    unknown = row.keys() - HUMAN_FIELDS
    if unknown:
        raise ValueError(f"unknown keys of a person: {sorted(unknown)}")
    return Human(**{"real_name": row["name"], "display_name": row["name"], "updated": created, **row})


def channel_from(row: dict[str, Any], people: dict[str, Human], created: int) -> Channel:
    """One channel; members who do not exist are left out."""
    members = (BOT if member == "BOT" else member for member in row.get("members", []))
    facts = {key: value for key, value in row.items() if key != "members"}
    return Channel(**facts, members={member: None for member in members if member in people}, created=created)
