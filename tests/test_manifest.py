"""The manifest: Slack's public rules for what ours holds, and no scope or event too many."""

import json
import re
from typing import Any

import pytest

from bot import messages
from bot.manifest import EVENTS, SCOPES, manifest
from bot.practice.methods import METHODS
from handlers import ROUTES
from tests.ours import OURS, ROOT

# Slack's public rules, written out as data.
NAME, LINE = {"least": 1, "most": 35}, {"least": 1, "most": 140}
RULES: dict[str, Any] = {
    "display_information": {
        "name": NAME, "description": LINE, "long_description": {"least": 175, "most": 4000},
        "background_color": {"least": 4, "most": 7, "like": r"#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?"},
    },
    "features": {
        "app_home": {"home_tab_enabled": bool, "messages_tab_enabled": bool, "messages_tab_read_only_enabled": bool},
        "bot_user": {"display_name": {"least": 1, "most": 80}, "always_online": bool},
        "shortcuts": [1, 10, {
            "name": {"least": 1, "most": 24}, "type": {"least": 6, "most": 7, "like": "global|message"},
            "callback_id": {"least": 1, "most": 255}, "description": {"least": 1, "most": 150},
        }],
        "slash_commands": [1, 50, {
            "command": {"least": 2, "most": 32, "like": r"/[^\sA-Z]+"}, "should_escape": bool,
            "description": {"least": 1, "most": 2000}, "usage_hint": {"least": 1, "most": 1000},
        }],
    },
    "oauth_config": {"scopes": {"bot": [0, 255, {"least": 1, "most": 50}]}},
    "settings": {
        "event_subscriptions": {"bot_events": [0, 100, {"least": 1, "most": 50}]},
        "interactivity": {"is_enabled": bool},
        "org_deploy_enabled": bool, "socket_mode_enabled": bool, "token_rotation_enabled": bool,
    },
}  # fmt: skip
OPTIONAL = {"usage_hint"}


def _wrong(given: Any, rule: Any, where: str = "") -> list[str]:
    """Every place of the manifest that Slack's rules do not let."""
    if rule is bool:
        return [] if isinstance(given, bool) else [where]
    if isinstance(rule, list):
        least, most, each = rule
        if not isinstance(given, list) or not least <= len(given) <= most:
            return [where]
        return [wrong for n, item in enumerate(given) for wrong in _wrong(item, each, f"{where}[{n}]")]
    if "most" in rule and isinstance(rule["most"], int):
        fits = isinstance(given, str) and rule["least"] <= len(given) <= rule["most"]
        return [] if fits and re.fullmatch(rule.get("like", ".*"), given, re.DOTALL) else [where]
    unknown = [f"{where}.{name}" for name in given if name not in rule]
    missing = [f"{where}.{name}" for name in rule if name not in given and name not in OPTIONAL]
    inner = [
        wrong
        for name, value in given.items()
        if name in rule
        for wrong in _wrong(value, rule[name], f"{where}.{name}")
    ]
    return [*unknown, *missing, *inner]


def test_slack_would_take_the_manifest():
    assert _wrong(manifest(), RULES) == []


def test_slack_would_not_take_these():
    for change in (
        lambda m: m["display_information"].update(name="あ" * 36),
        lambda m: m["display_information"].update(long_description="短い"),
        lambda m: m["display_information"].update(background_color="green"),
        lambda m: m["features"]["shortcuts"][0].update(name="あ" * 25),
        lambda m: m["features"]["slash_commands"][0].update(command="相談"),
        lambda m: m["features"]["slash_commands"][0].update(command="/Soudan Suru"),
        lambda m: m.update(surprise={}),
        lambda m: m["settings"].pop("socket_mode_enabled"),
    ):
        changed = manifest()
        change(changed)
        assert _wrong(changed, RULES)


def test_the_public_schema_says_the_same_where_it_is_at_hand():
    schema = ROOT.parent / "shared" / "manifest.schema.json"
    if not schema.exists():
        pytest.skip("the schema is not here")
    import jsonschema

    jsonschema.validate(manifest(), json.loads(schema.read_text(encoding="utf-8")))


# Which kinds of conversation are read, and why a scope is needed beyond what a method asks for.
READ = {
    "conversations.history": {"im:history", "groups:history", "channels:history"},
    "conversations.replies": {"im:history", "groups:history", "channels:history"},
}
FOR_MENUS = {"commands"}


def _called() -> set[str]:
    """Every Web API method the bot calls, by Slack's name."""
    called = set()
    for path in OURS:
        for name in re.findall(
            r"\b(?:slack|client|_slack)\.([a-z]+_[A-Za-z_]+)\(", path.read_text(encoding="utf-8")
        ):
            called.add(name.replace("_", ".", 1))
    return called & set(METHODS)


def test_every_method_the_bot_calls_is_let_by_a_scope():
    called = _called()
    assert {"chat.postMessage", "views.open", "users.info", "conversations.history"} <= called
    for name in called:
        needed = METHODS[name].scopes
        assert not needed or set(needed) & set(SCOPES), name


def test_every_scope_has_a_method_that_needs_it():
    needed = {scope for name in _called() for scope in (READ.get(name) or METHODS[name].scopes)}
    assert set(SCOPES) - needed - FOR_MENUS == set()
    assert "mpim:history" not in needed  # the control: what is not read is not asked for
    assert all(reason for reason in SCOPES.values())


def test_every_event_that_is_asked_for_is_heard_and_the_other_way_round():
    heard = {EVENTS.get(route.name, route.name) for route in ROUTES if route.kind == "event"}
    assert set(manifest()["settings"]["event_subscriptions"]["bot_events"]) == heard


def test_the_help_of_a_command_is_in_japanese():
    words = messages.form_words("commands")
    for route in ROUTES:
        if route.kind in {"command", "shortcut"}:
            assert re.search("[ぁ-ん]", words[route.name]["description"])
