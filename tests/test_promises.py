"""What the house promises of itself: names that fit together, and layers that hold."""

import inspect
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from importlinter.application.use_cases import lint_imports
from importlinter.configuration import configure

from bot import codes
from bot.config import Settings
from bot.domain.consultation import NOT_REACHED, STEPS, Status
from bot.domain.events import Event
from bot.domain.staff import Role
from handlers import FEATURES, ROUTES
from handlers.following import ANSWERS, HEAVINESS
from handlers.precedents import LISTS
from tests.ours import ROOT

# What a handler may ask for by name. `ack` is not among it: nobody can tell Slack "kept" before it is.
GIVEN = {"action", "command", "event", "shortcut", "value", "view", "actor", "desk", "directory", "screen"}


# Routes


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.kind} {route.name}")
def test_a_route_says_what_it_is_for_and_asks_only_for_what_there_is(route):
    assert route.summary.endswith(".")
    assert len(route.summary.split("\n")[0]) > 8
    asked = inspect.signature(route.handler).parameters
    assert set(asked) <= GIVEN
    assert all(each.default is inspect.Parameter.empty for each in asked.values())
    assert inspect.iscoroutinefunction(route.handler)


def test_an_argument_nobody_fills_would_be_seen():
    """The control: Bolt would hand `None` to this one without a word."""

    async def slip(actoor: Any) -> None:
        """A slip."""

    async def hasty(ack: Any) -> None:
        """Says it is kept, and keeps it afterwards."""

    assert not set(inspect.signature(slip).parameters) <= GIVEN
    assert not set(inspect.signature(hasty).parameters) <= GIVEN


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
