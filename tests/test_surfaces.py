"""Everything the bot can show, in ordinary and in the nastiest cases: complete, and within Slack's limits."""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot import messages
from bot.domain.refusals import Refused
from bot.practice.errors import SlackRefusal
from bot.practice.validate import check_blocks, check_view
from bot.surfaces import everything
from handlers.forms import BLOCKS, VIEW_BYTES
from tests.drawn import Surface, of, surfaces, walk, words

# Said on a terminal at start, never in Slack.
AT_START = re.compile(r"\{#- At (start|the self-check):")


def refused_by_the_workspace(surface: Surface) -> SlackRefusal | None:
    try:
        if surface["kind"] == "message":
            check_blocks(surface["payload"]["blocks"])
        else:
            check_view(surface["payload"], surface["kind"])
    except SlackRefusal as refusal:
        return refusal
    return None


# Complete


def names(case: str) -> set[str]:
    return {each["name"] for each in of(case)}


@pytest.mark.parametrize("case", ["sample", "worst"])
def test_every_message_form_and_refusal_is_there(case):
    there = {"/".join(name.split("/")[:2]) for name in names(case)}
    message_files = {f"messages/{path.stem}" for path in (messages.TEMPLATES / "messages").glob("*.j2")}
    written = {path.stem for path in (messages.TEMPLATES / "forms").glob("*.toml")}
    forms = {f"forms/{name}" for name in written if "close" in messages.form_words(name)}
    refusals = {
        f"refusals/{path.stem}"
        for path in (messages.TEMPLATES / "refusals").glob("*.j2")
        if not AT_START.match(path.read_text(encoding="utf-8"))
    }
    homes = {
        f"home/{role}" for role in ("supporter", "operator", "counselor", "coordinator", "organizer", "admin")
    }

    assert message_files - there == set()
    assert len(forms) > 15
    assert forms - there == set()
    assert refusals - there == set()
    assert homes - there == set()


def test_every_template_is_drawn():
    drawn: set[str] = set()
    kept, loader = messages._environment.cache, messages._environment.loader

    class Noting:
        def __getattr__(self, name: str) -> Any:
            return getattr(loader, name)

        def load(self, environment: Any, name: str, given: Any = None) -> Any:
            drawn.add(name)
            return loader.load(environment, name, given)

    messages._environment.cache, messages._environment.loader = {}, Noting()
    try:
        list(everything())
    finally:
        messages._environment.cache, messages._environment.loader = kept, loader

    folders = ("messages", "forms", "home", "refusals")
    written = {
        path.relative_to(messages.TEMPLATES).as_posix()
        for folder in folders
        for path in (messages.TEMPLATES / folder).rglob("*.j2")
        if not AT_START.match(path.read_text(encoding="utf-8"))
    }
    assert written - drawn == set()


def test_every_refusal_has_words_and_is_drawn():
    def every(kind: type) -> Iterator[type]:
        yield kind
        for each in kind.__subclasses__():
            yield from every(each)

    ours = [each for each in every(Refused) if each.__module__.partition(".")[0] in {"bot", "handlers"}]

    for kind in ours:
        path = messages.TEMPLATES / f"{kind.template}.j2"
        assert path.exists(), kind
        if kind.template.startswith("refusals/"):
            assert AT_START.match(path.read_text(encoding="utf-8")) or kind.template in names("sample"), kind


def test_every_confirmation_is_asked_somewhere():
    asked = {
        each["confirm"]["title"]["text"]
        for surface in of("sample")
        for each in walk(surface["payload"])
        if each.get("type") == "button" and "confirm" in each
    }

    assert asked == {each["title"] for each in messages.form_words("confirms").values()}


# Within Slack's limits


def test_slack_would_take_all_of_it():
    refused = {
        (each["case"], each["name"]): refusal.more
        for each in surfaces()
        if (refusal := refused_by_the_workspace(each))
    }

    assert refused == {}


# The numbers of Slack's documentation, counted here once more and not by the workspace's own checks.
TEXTS = {"header": 150, "section": 3000}


def beyond(surface: Surface) -> list[str]:
    """What is longer, or more, than Slack takes."""
    found = []
    payload = surface["payload"]
    most = 50 if surface["kind"] == "message" else 100
    limits = {"button": ("text", 75), "input": ("label", 2000)}
    if len(payload["blocks"]) > most:
        found.append("blocks")
    if surface["kind"] == "message" and not 0 < len(payload["text"]) <= 3000:
        found.append("text")
    if surface["kind"] == "modal":
        found += [
            key for key in ("title", "submit", "close") if len(payload.get(key, {}).get("text", "")) > 24
        ]
        found += ["metadata"] if len(payload["private_metadata"]) > 3000 else []
        inputs = any(block["type"] == "input" for block in payload["blocks"])
        found += ["submit"] if inputs and "submit" not in payload else []
    if len(json.dumps(payload, ensure_ascii=False).encode()) > 250_000:
        found.append("bytes")
    for each in walk(payload):
        kind = each.get("type")
        if kind in TEXTS and "text" in each and not 0 < len(each["text"]["text"]) <= TEXTS[kind]:
            found.append(kind)
        if kind == "context" and (
            len(each["elements"]) > 10 or any(len(e["text"]) > 3000 for e in each["elements"])
        ):
            found.append("context")
        if kind == "actions" and not 0 < len(each["elements"]) <= 25:
            found.append("actions")
        if kind in limits and len(each[limits[kind][0]]["text"]) > limits[kind][1]:
            found.append(kind)
        few = 10 if kind in {"checkboxes", "radio_buttons"} else 100
        if "options" in each and not 0 < len(each["options"]) <= few:
            found.append("options")
        for option in each.get("options", ()):
            if len(option["text"]["text"]) > 75 or not 0 < len(option["value"]) <= 150:
                found.append("option")
        if len(each.get("value") or "") > 2000 or len(each.get("initial_value") or "") > 3000:
            found.append("value")
        if (
            len(each.get("placeholder", {}).get("text", "")) > 150
            or len(each.get("hint", {}).get("text", "")) > 2000
        ):
            found.append("hint")
        if "confirm" in each and "deny" in each.get("confirm", {}):
            ask = each["confirm"]
            lengths = zip(("title", "text", "confirm", "deny"), (100, 300, 30, 30), strict=True)
            found += [name for name, limit in lengths if len(ask[name]["text"]) > limit]
    return found


def test_nothing_is_longer_or_more_than_slack_takes():
    assert {each["name"]: found for each in surfaces() if (found := beyond(each))} == {}


def test_the_checks_see_what_is_too_much():
    plain = next(each for each in of("sample") if each["name"] == "forms/call/blank")
    broken = copy.deepcopy(plain)
    broken["payload"]["blocks"] += [{"type": "divider"}] * 100
    long = copy.deepcopy(plain)
    long["payload"]["title"]["text"] = "長" * 25

    assert refused_by_the_workspace(plain) is None
    assert refused_by_the_workspace(broken)
    assert refused_by_the_workspace(long)
    assert beyond(broken) == ["blocks"]
    assert beyond(long) == ["title"]


def test_a_long_history_is_shortened_aloud():
    shown = next(each for each in of("worst") if each["name"] == "forms/details/advising/coordinator")
    short = next(each for each in of("sample") if each["name"] == "forms/details/advising/coordinator")

    assert any("ほかに" in text and "件あります" in text for text in words(shown, "mrkdwn"))
    assert not any("件あります" in text for text in words(short, "mrkdwn"))
    assert len(shown["payload"]["blocks"]) <= BLOCKS
    assert len(json.dumps(shown["payload"], ensure_ascii=False).encode()) <= VIEW_BYTES


def test_blank_lines_somebody_typed_do_not_multiply_blocks():
    drawn = messages.render("forms/notice", text="行\n\n" * 900)

    assert len(drawn.blocks) == 1
    assert drawn.blocks[0]["text"]["text"].count("\n\n") == 899
