"""What the house promises of itself: names that fit together, layers that hold, words where words belong."""

import ast
import inspect
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from importlinter.application.use_cases import lint_imports
from importlinter.configuration import configure

from bot import codes, messages
from bot.config import Settings
from bot.domain.consultation import NOT_REACHED, STEPS, Status
from bot.domain.events import Event
from bot.domain.staff import Role
from bot.manifest import EVENTS, SCOPES, manifest
from bot.practice.methods import METHODS
from handlers import FEATURES, ROUTES
from handlers.following import ANSWERS, HEAVINESS
from handlers.precedents import LISTS

ROOT = Path(__file__).parents[1]
OURS = [
    *(ROOT / "handlers").glob("*.py"),
    *(ROOT / "schedules").glob("*.py"),
    *(path for path in (ROOT / "bot").rglob("*.py") if "practice" not in path.parts),
]

# What Bolt fills in by name, and what we do.
BOLTS = {"ack", "action", "body", "client", "command", "context", "event", "shortcut", "view"}
OWN = {"actor", "desk", "directory"}


# Routes


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.kind} {route.name}")
def test_a_route_says_what_it_is_for_and_asks_only_for_what_there_is(route):
    assert route.summary.endswith(".")
    assert len(route.summary.split("\n")[0]) > 8
    asked = inspect.signature(route.handler).parameters
    assert set(asked) <= BOLTS | OWN
    assert all(each.default is inspect.Parameter.empty for each in asked.values())
    assert "ack" in asked
    assert inspect.iscoroutinefunction(route.handler)


def test_an_argument_nobody_fills_would_be_seen():
    """The control: Bolt would hand `None` to this one without a word."""

    async def handler(ack: Any, actoor: Any) -> None:
        """A slip."""

    assert not set(inspect.signature(handler).parameters) <= BOLTS | OWN


def test_no_two_routes_answer_to_the_same_name():
    names = [(route.kind, route.name) for route in ROUTES]
    assert len(names) == len(set(names))


def test_every_feature_with_routes_is_put_in():
    made = {
        path.stem
        for path in (ROOT / "handlers").glob("*.py")
        if "routes = Routes()" in path.read_text(encoding="utf-8")
    }
    assert {feature.__name__.split(".")[-1] for feature in FEATURES} == made


def _buttons_in(text: str) -> set[str]:
    """The names of what is pressed; a row of menus is drawn from the list of what they narrow."""
    menus = {f"precedents.{name}" for name in LISTS if 'menu_button(m.label, "precedents." ~ m.name' in text}
    return menus | set(re.findall(r"""button\(\s*"[^"]*",\s*"([^"]+)\"""", text))


def test_every_button_that_is_drawn_has_somebody_who_answers_it():
    drawn = {
        name
        for path in (ROOT / "templates").rglob("*.j2")
        for name in _buttons_in(path.read_text(encoding="utf-8"))
    }
    answered = {route.name for route in ROUTES if route.kind == "action"}
    assert drawn - answered == set()
    assert answered - drawn == set()
    assert _buttons_in('{{ button("a", "nobody.answers", c.id) }}') - answered == {"nobody.answers"}


def test_every_form_that_can_be_sent_has_somebody_who_takes_it():
    sendable = {
        f"{path.stem}.submit"
        for path in (ROOT / "templates" / "forms").glob("*.toml")
        if "submit" in tomllib.loads(path.read_text(encoding="utf-8"))
    }
    taken = {route.name for route in ROUTES if route.kind == "view_submission"}
    assert sendable == taken


# Words


def _strings(path: Path) -> list[str]:
    """Every string of a module that is no docstring, f-strings in one piece."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and isinstance(node.body[0].value, ast.Constant)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documented
    ]


def _sentences(strings: list[str]) -> list[str]:
    """Those that say something in Japanese: with a full stop, or in the polite form."""
    says = re.compile("[ぁ-ん一-龥]。|(?:です|ます|ました|ません|ください|でしょうか|願い)(?![ぁ-ん]{2})")
    return [each for each in strings if says.search(each) and not PATTERN.search(each)]


# What can only be a pattern for reading: a group with a question mark, or a class of characters.
PATTERN = re.compile(r"\(\?|\[\S+\]")


# Sample words for drawing every surface and for a made-up year: said by nobody, to nobody.
SAMPLES = {
    "surfaces_facts.py",
    "surfaces_records.py",
    "surfaces_training_facts.py",
    "seed_words.py",
    "seed_lives.py",
}


SAID = [path for path in OURS if path.name not in SAMPLES]


@pytest.mark.parametrize("path", SAID, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sentence_for_people_stands_in_a_program(path):
    assert _sentences(_strings(path)) == []


def test_such_a_sentence_would_be_seen():
    for said in (
        "うまく受け取れませんでした。",
        "お待ちください",
        "相談です",
        "時間外のため{x}にお電話します",
    ):
        assert _sentences([said]) == [said]
    assert _sentences(["月火水木金土日", "ほんの少し前", "令和", "、。「」・", "[ぁ-ゖ]。"]) == []


def _named_in_programs() -> set[str]:
    return {each for path in OURS if not path.name.startswith("surfaces") for each in _strings(path)}


def _included() -> set[str]:
    """Templates that are part of others."""
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.j2"))
    return {each for text in texts for each in re.findall(r'include "messages/(\w+)\.j2"', text)}


def test_every_message_that_is_promised_has_its_words_and_every_words_a_promise():
    written = {path.stem for path in (ROOT / "templates" / "messages").glob("*.j2")}
    named = _named_in_programs()
    unused = {each for each in written - _included() if each not in named and f"messages/{each}" not in named}
    by_kind = {f"paper_{kind}{more}" for kind in ("receipt", "advice") for more in ("", "_title")}
    assert unused <= by_kind


def _promised() -> set[str]:
    """The template names use cases give to `tell`, `tell_coordinators` and the outbox."""
    found: set[str] = set()
    for path in OURS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            on_outbox = isinstance(node.func, ast.Attribute) and "outbox" in ast.unparse(node.func.value)
            position = {"tell": 2, "tell_coordinators": 2}.get(
                name, 0 if on_outbox and name in {"add", "card"} else None
            )
            if (
                position is not None
                and len(node.args) > position
                and isinstance(node.args[position], ast.Constant)
            ):
                found.add(str(node.args[position].value))
    return found


def test_no_promise_is_made_for_which_there_are_no_words():
    promised = _promised()
    assert len(promised) > 25  # the search itself finds something
    missing = {each for each in promised if not (ROOT / "templates" / "messages" / f"{each}.j2").exists()}
    assert missing == set()


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.j2")), ids=lambda path: path.stem)
def test_every_template_says_who_reads_it(path):
    first = path.read_text(encoding="utf-8")
    assert re.match(r"\{#-? .{12,}?\. ?-?#\}", first, re.DOTALL), first[:80]


def _glued(template: str) -> list[str]:
    """Bold words that touch a letter: Slack shows their asterisks instead."""
    said = re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL)
    said = said.replace("{{ gap }}", "\u200b")  # no width, and no letter
    said = re.sub(r"\{\{.*?\}\}", "X", said, flags=re.DOTALL)
    said = re.sub(r"\{%\s*(?:else|elif).*?%\}", "\n", said, flags=re.DOTALL)
    said = re.sub(r"\{%.*?%\}", "", said, flags=re.DOTALL)
    return re.findall(r"\w\*(?=\S)[^*\n]*\S\*|\*(?=\S)[^*\n]*\S\*\w", said)


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.j2")), ids=lambda path: path.stem)
def test_bold_words_stand_apart_so_that_slack_makes_them_bold(path):
    assert _glued(path.read_text(encoding="utf-8")) == []


def test_bold_words_that_touch_would_be_seen():
    assert _glued("合わせて*{{ hours }}時間*です") != []
    assert _glued("{% if a %}*三時間*{% else %}なし{% endif %}　*{{ b }}*") == []


# Codes


def _has(code_list: str, wanted: Any) -> None:
    there = set(codes.load(code_list).codes)
    assert set(map(str, wanted)) <= there, set(map(str, wanted)) - there


def test_every_code_a_program_names_stands_in_its_list():
    _has("statuses", Status)
    _has("audit_events", Event)
    _has("staff_roles", set(Role) - {Role.SYSTEM})
    _has("callback_outcomes", NOT_REACHED)
    _has("follow_up_answers", ANSWERS)
    _has("heaviness", HEAVINESS)
    with pytest.raises(AssertionError):
        _has("statuses", ["nowhere"])


def test_every_event_has_a_label_and_every_label_an_event():
    assert {str(each) for each in Event} == set(codes.load("audit_events").codes)


def test_every_kind_of_words_that_is_written_has_a_label():
    written = set()
    for path in (ROOT / "bot" / "usecases").glob("*.py"):
        source = path.read_text(encoding="utf-8")
        written |= set(re.findall(r'casework\.write\([^,]+, "([a-z_]+)"', source))
    written |= {"formulation", "advice", "next_action", "summary"}  # by their field's name
    assert written >= {"story", "handover", "call", "closing"}
    _has("word_kinds", written)


LABELLED = re.compile(r"""label(?:s)?\("([a-z_]+)\"""")


def test_every_list_a_template_or_a_form_names_is_there():
    named = set()
    for path in (ROOT / "templates").rglob("*.j2"):
        named |= set(LABELLED.findall(path.read_text(encoding="utf-8")))
    for path in (ROOT / "handlers").glob("*.py"):
        source = path.read_text(encoding="utf-8")
        named |= set(
            re.findall(r'(?:offered\(organisation, |options_of\(|codes\.options\()"([a-z_]+)"', source)
        )
    assert len(named) > 12
    assert named <= set(codes.names())


def test_the_urgencies_of_the_rules_are_those_of_the_list():
    assert {each.code for each in codes.options("urgency")} == {"u1", "u2", "u3", "u4", "u5"}


def test_the_table_of_steps_knows_every_status():
    assert set(STEPS) == set(Status)
    assert all(steps <= set(Status) for steps in STEPS.values())


def test_the_example_of_settings_names_exactly_the_settings():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert {each.lower() for each in re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)} == set(
        Settings.model_fields
    )


# Layers


def _holds(contracts: Path) -> bool:
    """Whether every contract is kept. A fresh graph each time: what was kept yesterday does not count."""
    configure()
    return lint_imports(config_filename=str(contracts), cache_dir=None, no_logo=True)


def test_the_folders_keep_their_direction(capsys):
    assert _holds(ROOT / "pyproject.toml"), capsys.readouterr().out


def test_a_step_against_the_direction_would_be_seen(tmp_path, monkeypatch):
    """The control: a rule that imports a use case."""
    for folder, source in {"rules": "from toy.acts import x\n", "acts": "x = 1\n"}.items():
        (tmp_path / "toy" / folder).mkdir(parents=True)
        (tmp_path / "toy" / folder / "__init__.py").write_text(source)
    (tmp_path / "toy" / "__init__.py").write_text("")
    contracts = tmp_path / "contracts.toml"
    contracts.write_text(
        '[tool.importlinter]\nroot_package = "toy"\n[[tool.importlinter.contracts]]\n'
        'name = "down only"\ntype = "layers"\nlayers = ["toy.acts", "toy.rules"]\n'
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert not _holds(contracts)
    (tmp_path / "toy" / "rules" / "__init__.py").write_text("")
    assert _holds(contracts)


# The manifest: Slack's public rules for what ours holds, written out as data.

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
