"""Block Kit elements as a person uses them: finding them, choosing, and Slack's shape of their state."""

import secrets
from collections.abc import Iterator
from typing import Any

from bot.practice.errors import Mistake

Block = dict[str, Any]
Element = dict[str, Any]
State = dict[str, dict[str, dict[str, Any]]]

TYPED = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
PICKED = {  # element type → (key of the state, key of the initial choice, several?)
    "static_select": ("selected_option", "initial_option", False),
    "external_select": ("selected_option", "initial_option", False),
    "radio_buttons": ("selected_option", "initial_option", False),
    "multi_static_select": ("selected_options", "initial_options", True),
    "multi_external_select": ("selected_options", "initial_options", True),
    "checkboxes": ("selected_options", "initial_options", True),
    "users_select": ("selected_user", "initial_user", False),
    "multi_users_select": ("selected_users", "initial_users", True),
    "conversations_select": ("selected_conversation", "initial_conversation", False),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", True),
    "channels_select": ("selected_channel", "initial_channel", False),
    "multi_channels_select": ("selected_channels", "initial_channels", True),
    "datepicker": ("selected_date", "initial_date", False),
    "timepicker": ("selected_time", "initial_time", False),
    "datetimepicker": ("selected_date_time", "initial_date_time", False),
    "file_input": ("files", "", True),
}
BY_OPTION = {
    "static_select",
    "external_select",
    "radio_buttons",
    "multi_static_select",
    "multi_external_select",
    "checkboxes",
}
STATEFUL = TYPED | PICKED.keys() | {"rich_text_input"}


def elements_of(block: Block) -> list[Element]:
    """The elements of one block that may have an action id."""
    kind = block.get("type")
    if kind == "section":
        return [block["accessory"]] if block.get("accessory") else []
    if kind == "input":
        return [block["element"]]
    if kind in ("actions", "context_actions"):
        return list(block["elements"])
    return []


def every_element(blocks: list[Block]) -> Iterator[tuple[Block, Element]]:
    """Each element with the block it stands in."""
    for block in blocks:
        for element in elements_of(block):
            yield block, element


def named(blocks: list[Block]) -> list[Block]:
    """The blocks, with the ids Slack would make up where there are none."""
    return [_named(block) for block in blocks]


def _named(block: Block) -> Block:
    block = {**block, "block_id": block.get("block_id") or secrets.token_hex(3)}
    kind = block.get("type")
    if kind == "section" and block.get("accessory"):
        block["accessory"] = _with_action(block["accessory"])
    elif kind == "input":
        block["element"] = _with_action(block["element"])
    elif kind == "actions":
        block["elements"] = [_with_action(element) for element in block["elements"]]
    return block


def _with_action(element: Element) -> Element:
    if element.get("type") == "image" or element.get("action_id"):
        return element
    return {**element, "action_id": secrets.token_hex(3)}


def find(
    blocks: list[Block], action_id: str, block_id: str | None = None, value: str | None = None
) -> tuple[Block, Element] | None:
    """The element called `action_id`; `block_id` and `value` choose among several."""
    for block, element in every_element(blocks):
        if element.get("action_id") != action_id or (block_id and block["block_id"] != block_id):
            continue
        if value is None or element.get("value") == value or value in _option_values(element):
            return block, element
    return None


def _option_values(element: Element) -> list[str]:
    return [option["value"] for option in options_of(element)]


def options_of(element: Element) -> list[dict[str, Any]]:
    """All options of a choice, groups flattened."""
    grouped = [option for group in element.get("option_groups") or [] for option in group["options"]]
    return list(element.get("options") or []) + grouped


def initial(element: Element) -> dict[str, Any]:
    """The state of an element nobody touched."""
    kind = element["type"]
    if kind in PICKED:
        key, start, several = PICKED[kind]
        empty: Any = [] if several else None
        return {"type": kind, key: element.get(start, empty) if start else empty}
    if kind == "rich_text_input":
        return {"type": kind, "rich_text_value": element.get("initial_value")}
    return {"type": kind, "value": element.get("initial_value")}


def chosen(element: Element, choice: Any, offered: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The state after `choice`. Raises Mistake for what is not offered. `offered`: options of an external select."""
    kind = element["type"]
    if kind in TYPED:
        text = None if choice is None or choice == "" else str(choice)
        return {"type": kind, "value": text}
    if kind == "rich_text_input":
        return {"type": kind, "rich_text_value": choice}
    if kind not in PICKED:
        raise Mistake(f"{kind} holds nothing to fill in")
    key, _, several = PICKED[kind]
    if several:
        wanted = [] if choice is None else choice if isinstance(choice, list) else [choice]
        return {"type": kind, key: [_one(element, item, offered) for item in wanted]}
    return {"type": kind, key: None if choice in (None, "") else _one(element, choice, offered)}


def _one(element: Element, choice: Any, offered: list[dict[str, Any]] | None) -> Any:
    if element["type"] == "datetimepicker":
        return int(choice)
    if element["type"] not in BY_OPTION:
        return choice
    value = choice["value"] if isinstance(choice, dict) else str(choice)
    options = offered if offered is not None else options_of(element)
    if element["type"].endswith("external_select"):
        options = [*options, *_initial_options(element)]
    for option in options:
        if option["value"] == value:
            return option
    if isinstance(choice, dict) and element["type"].endswith("external_select") and "text" in choice:
        return choice
    raise Mistake(f"no option {value!r} in {element.get('action_id')}: {[o['value'] for o in options]}")


def _initial_options(element: Element) -> list[dict[str, Any]]:
    one = element.get("initial_option")
    return [one] if one else list(element.get("initial_options") or [])


def is_empty(state: dict[str, Any]) -> bool:
    """Whether nothing was chosen or written."""
    return all(value in (None, "", []) for key, value in state.items() if key != "type")


def fresh_state(blocks: list[Block], before: State | None = None) -> State:
    """The state of a surface just drawn. What was typed in the same block and action stays."""
    state: State = {}
    for block, element in every_element(blocks):
        if element["type"] not in STATEFUL:
            continue
        block_id, action_id = block["block_id"], element["action_id"]
        kept = (before or {}).get(block_id, {}).get(action_id)
        same = kept is not None and kept["type"] == element["type"]
        state.setdefault(block_id, {})[action_id] = kept if same and kept else initial(element)
    return state


def action_of(
    block: Block, element: Element, state: dict[str, Any] | None, choice: Any, ts: str
) -> dict[str, Any]:
    """The entry of `actions` in a block_actions payload."""
    action = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
    if element["type"] in ("button", "workflow_button"):
        shown = ("text", "value", "url", "style", "confirm")
        action |= {key: element[key] for key in shown if key in element}
    elif element["type"] == "overflow":
        action["selected_option"] = _one({**element, "type": "static_select"}, choice, None)
    elif state:
        action |= state
    if element.get("placeholder"):
        action["placeholder"] = element["placeholder"]
    return action | {"action_ts": ts}
