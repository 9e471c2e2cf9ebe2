"""Everything the bot can show, in ordinary and in the nastiest cases: complete, within Slack's limits, in Japanese."""

import copy
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

import handlers
from bot import messages
from bot.domain.refusals import Refused
from bot.practice.errors import SlackRefusal
from bot.practice.validate import check_blocks, check_view
from bot.surfaces import everything
from bot.surfaces_facts import NASTY, STORY, sample, worst
from handlers.forms import BLOCKS, VIEW_BYTES
from handlers.routing import Route

Surface = dict[str, Any]

# What people read here in Latin letters, and nothing else.
KNOWN = {
    "A",
    "B",
    "A4",
    "C",
    "DV",
    "FAX",
    "I",
    "LGWAN",
    "NPO",
    "O",
    "OT",
    "PCAGIP",
    "PT",
    "SOS",
    "ST",
    "Slack",
    "Web",
    "X",
}
NUMBER = re.compile(r"R\d+-T?\d+(-\d+)?")
LINK = re.compile(r"https://[!-;=?-~]*")
MENTION = re.compile(r"<(@[UW]|#[CG])[A-Z0-9_]+>")
WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")
# Said on a terminal at start, never in Slack.
AT_START = re.compile(r"\{#- At (start|the self-check):")


@cache
def surfaces() -> tuple[Surface, ...]:
    return tuple(everything())


def of(case: str) -> list[Surface]:
    return [each for each in surfaces() if each["case"] == case]


def walk(thing: Any) -> Iterator[dict[str, Any]]:
    """Every object in a payload, from the outside in."""
    if isinstance(thing, dict):
        yield thing
        for each in thing.values():
            yield from walk(each)
    elif isinstance(thing, list):
        for each in thing:
            yield from walk(each)


def words(surface: Surface, *kinds: str) -> list[str]:
    """Every text a person reads there."""
    told = [each["text"] for each in walk(surface["payload"]) if each.get("type") in kinds]
    return told + ([surface["payload"]["text"]] if surface["kind"] == "message" else [])


def elements(surface: Surface) -> list[dict[str, Any]]:
    return [each for each in walk(surface["payload"]) if "action_id" in each]


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


# Words


def latin(surface: Surface, *, without: tuple[str, ...] = ()) -> set[str]:
    """Latin words a person reads, beside those that are known here."""
    found: set[str] = set()
    for text in words(surface, "plain_text", "mrkdwn"):
        left = MENTION.sub("", NUMBER.sub("", LINK.sub("", text)))
        for typed in without:
            left = left.replace(typed, "")
        found |= set(WORD.findall(left))
    return found - KNOWN


def test_all_that_is_read_is_japanese():
    found = {each["name"]: told for each in of("sample") if (told := latin(each))}

    assert found == {"refusals/broken": {"F2C"}}  # the number of a mistake, to be told to whoever mends it


def test_words_in_another_language_would_be_seen():
    told = {"kind": "message", "payload": {"text": "エラー Error が起きました", "blocks": []}}

    assert latin(told) == {"Error"}


def test_nothing_is_said_of_nobody():
    odd = re.compile(r"\bNone\b|\bTrue\b|\bFalse\b|Undefined|\{\{|\{%|<@>|Role\.|Status\.")
    found = [
        (each["name"], text)
        for each in of("sample")
        for text in words(each, "plain_text", "mrkdwn")
        if odd.search(text) or not text.strip() or text != text.rstrip("・")
    ]

    assert found == []
    assert odd.search("<@None>さんが担当です")


def test_the_marks_of_templates_stay_at_home():
    marks = re.compile("[\ue000-\uf8ff]")

    assert [
        each["name"] for each in surfaces() if marks.search(json.dumps(each["payload"], ensure_ascii=False))
    ] == []
    drawn = messages.render("forms/notice", text="\ue003文")
    assert drawn.text == "文"


def test_a_line_stands_between_the_emergency_list_and_the_receipt():
    shown = next(each for each in of("sample") if each["name"] == "forms/receipt/open_danger")

    assert [block["type"] for block in shown["payload"]["blocks"]][:3] == ["section", "divider", "section"]


def test_what_a_home_leaves_out_is_said_in_small_print():
    shown = next(each for each in of("worst") if each["name"] == "home/coordinator")
    told = [
        block for block in shown["payload"]["blocks"] if "ほかに" in json.dumps(block, ensure_ascii=False)
    ]

    assert len(told) > 3
    assert {block["type"] for block in told} == {"context"}


# What somebody typed stays words


def unsafe(text: str) -> bool:
    """Whether mrkdwn holds anything for Slack to act on beside the mention of a person or a channel."""
    return bool(re.search(r"[<>]|&(?!amp;|lt;|gt;)", MENTION.sub("", text)))


def test_nobody_can_write_a_mention_or_a_link():
    found = [
        (each["case"], each["name"]) for each in surfaces() for text in words(each, "mrkdwn") if unsafe(text)
    ]

    assert found == []
    assert unsafe("<!channel>")
    assert unsafe("<#U012>") and unsafe("<@C012>")
    assert unsafe("<https://evil.example|よりそい>")
    assert not unsafe(messages.escape("<!channel>"))


def test_a_mention_by_the_bot_itself_is_one():
    claimed = next(each for each in of("sample") if each["name"] == "refusals/already_claimed")

    assert any(MENTION.search(text) for text in words(claimed, "mrkdwn"))


def test_messages_and_homes_hold_no_words_of_anybody():
    for facts in (sample(), worst()):
        secret = [
            facts.contact.name,
            facts.contact.agency,
            facts.contact.phone,
            *facts.texts,
            STORY[:20],
            NASTY[:20],
        ]
        for each in of(facts.case):
            if each["kind"] != "modal":
                told = json.dumps(each["payload"], ensure_ascii=False)
                assert not [word for word in secret if word and word in told], each["name"]


# Buttons and forms


def base(action_id: str) -> str:
    return action_id.split("#", maxsplit=1)[0]


def route(kind: str, name: str) -> Route | None:
    return next((each for each in handlers.ROUTES if (each.kind, each.name) == (kind, name)), None)


def test_every_button_and_form_has_somebody_who_answers():
    for each in surfaces():
        payload = each["payload"]
        for block in payload["blocks"]:
            pressed = [
                e for e in [*block.get("elements", ()), block.get("accessory")] if e and "action_id" in e
            ]
            if block.get("dispatch_action"):
                pressed.append(block["element"])
            for element in pressed:
                assert route("action", base(element["action_id"])), (each["name"], element["action_id"])
        if "submit" in payload:
            assert route("view_submission", payload["callback_id"]), each["name"]
        if payload.get("notify_on_close"):
            assert route("view_closed", payload["callback_id"]), each["name"]
    assert route("action", "nobody.answers") is None


def test_ids_are_unique_on_each_surface():
    for each in surfaces():
        actions = [element["action_id"] for element in elements(each)]
        blocks = [block["block_id"] for block in each["payload"]["blocks"] if "block_id" in block]
        assert len(actions) == len(set(actions)), each["name"]
        assert len(blocks) == len(set(blocks)), each["name"]


def test_what_travels_with_buttons_and_windows_is_ids_and_codes():
    code = re.compile(r"[-A-Za-z0-9_/:.]{1,200}")
    for each in surfaces():
        for element in walk(each["payload"]):
            if element.get("type") == "button":
                assert code.fullmatch(element["value"]), (each["name"], element)
        if each["kind"] == "modal":
            kept = json.loads(each["payload"]["private_metadata"])
            assert all(isinstance(value, int) or code.fullmatch(value) for value in kept.values()), each[
                "name"
            ]
    assert not code.fullmatch("お名前")


def test_each_line_can_be_printed_and_read_again():
    for each in surfaces():
        assert json.loads(json.dumps(each, ensure_ascii=False)) == each
        assert each["kind"] in {"message", "modal", "home"}
        assert each["case"] in {"sample", "worst"}
    assert len({(each["case"], each["name"]) for each in surfaces()}) == len(surfaces())
