"""The buttons and forms on everything the bot can show: somebody answers them, and ids and codes are all they carry."""

import json
import re
from typing import Any

import handlers
from handlers.routing import Route
from tests.drawn import Surface, surfaces, walk


def elements(surface: Surface) -> list[dict[str, Any]]:
    return [each for each in walk(surface["payload"]) if "action_id" in each]


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
