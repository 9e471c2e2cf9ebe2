"""Filling in, submitting and closing a modal, with the checks Slack makes before anything is sent."""

import re
from typing import Any

from bot.practice import payloads
from bot.practice.acts import Result, dispatch, result, unsent
from bot.practice.elements import STATEFUL, TYPED, Block, Element, chosen, every_element, is_empty
from bot.practice.errors import Mistake, SlackRefusal
from bot.practice.link import Answer
from bot.practice.surfaces import View
from bot.practice.validate import check_view
from bot.practice.words import say
from bot.practice.workspace import Workspace

LONGEST_INPUT = 3000
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
ADDRESS = re.compile(r"https?://\S+")
Offered = list[dict[str, Any]]


async def fill(workspace: Workspace, view: View, values: dict[str, Any]) -> Result:
    """Set what the person typed and chose; inputs with dispatch_action tell the bot."""
    outcome: Result = result(Answer(acked=True))
    for name, given in values.items():
        block, element = _field(view, name)
        value = _files(workspace, given) if element["type"] == "file_input" else given
        offered = await _offered(workspace, view, block, element, value)
        view.state.setdefault(block["block_id"], {})[element["action_id"]] = chosen(element, value, offered)
        if block["type"] != "input" or block.get("dispatch_action"):
            if not workspace.link.connections:
                return unsent("resting")
            outcome = await dispatch(workspace, view, block, element, value)
    workspace.watch.changed("views", only=view.user)
    return outcome


def _field(view: View, name: str) -> tuple[Block, Element]:
    pairs = [(block, element) for block, element in every_element(view.blocks) if element["type"] in STATEFUL]
    by_action = [pair for pair in pairs if pair[1]["action_id"] == name]
    by_block = [pair for pair in pairs if pair[0]["block_id"] == name]
    for found in (by_block, by_action):
        if len(found) == 1:
            return found[0]
    names = sorted({pair[0]["block_id"] for pair in pairs})
    raise Mistake(f"{len(by_block) + len(by_action)} fields called {name} in the view; it has {names}")


def _files(workspace: Workspace, given: Any) -> list[dict[str, Any]]:
    """Chosen files, by id, as Slack shows them in a form's state."""
    ids = given if isinstance(given, list) else [given] if given else []
    unknown = [file for file in ids if file not in workspace.world.files]
    if unknown:
        raise Mistake(f"no such files: {unknown}")
    return [workspace.world.files[file].as_slack(workspace.url) for file in ids]


async def _offered(
    workspace: Workspace, view: View, block: Block, element: Element, value: Any
) -> Offered | None:
    if not element["type"].endswith("external_select") or value in (None, "", []):
        return None
    wanted = value if isinstance(value, list) else [value]
    if all(isinstance(item, dict) for item in wanted):
        return list(wanted)
    return await suggest(workspace, view, block, element, "")


async def suggest(workspace: Workspace, view: View, block: Block, element: Element, text: str) -> Offered:
    """The options the bot offers in an external select while `text` stands there."""
    payload = payloads.suggestion(
        workspace, view.user, view, block_id=block["block_id"], action_id=element["action_id"], text=text
    )
    answer = await workspace.link.ask("interactive", element["action_id"], payload, reads_answer=True)
    offer = answer.payload if isinstance(answer.payload, dict) else {}
    grouped = [option for group in offer.get("option_groups") or [] for option in group["options"]]
    return list(offer.get("options") or []) + grouped


# What is checked before sending


def complaints(view: View) -> dict[str, str]:
    """What Slack itself would ask to be put right, by block."""
    found = {}
    for block in view.blocks:
        if block["type"] == "input":
            element = block["element"]
            state = view.state.get(block["block_id"], {}).get(element["action_id"], {})
            complaint = _complaint(block, element, state)
            if complaint:
                found[block["block_id"]] = complaint
    return found


def _complaint(block: Block, element: Element, state: dict[str, Any]) -> str | None:
    if is_empty(state):
        if block.get("optional"):
            return None
        return say("fill_in" if element["type"] in TYPED else "choose")
    if element["type"] in TYPED:
        return _typed_complaint(element, str(state["value"]))
    most = element.get("max_selected_items") or element.get("max_files")
    picked = next((value for value in state.values() if isinstance(value, list)), [])
    return say("too_many", count=most) if most and len(picked) > most else None


def _typed_complaint(element: Element, text: str) -> str | None:
    kind = element["type"]
    if kind == "number_input":
        return _number_complaint(element, text)
    if kind == "email_text_input" and not MAIL.fullmatch(text):
        return say("not_email")
    if kind == "url_text_input" and not ADDRESS.fullmatch(text):
        return say("not_url")
    if len(text) < element.get("min_length", 0):
        return say("too_short", count=element["min_length"])
    most = element.get("max_length", LONGEST_INPUT)
    return say("too_long", count=most) if len(text) > most else None


def _number_complaint(element: Element, text: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, text, re.ASCII):
        return say("not_number")
    if element.get("min_value") is not None and float(text) < float(element["min_value"]):
        return say("too_small", count=element["min_value"])
    if element.get("max_value") is not None and float(text) > float(element["max_value"]):
        return say("too_big", count=element["max_value"])
    return None


# Submitting and closing


async def submit(workspace: Workspace, view: View, values: dict[str, Any] | None) -> Result:
    """Press the modal's submit. The answer names errors by block, and what the bot did with the modal."""
    if values:
        await fill(workspace, view, values)
    nothing = {"errors": None, "response_action": None, "invalid": None}
    found = complaints(view)
    if found:
        return {
            "ok": True,
            "acked": False,
            "ms": 0.0,
            "payload": None,
            "warning": None,
            **nothing,
            "errors": found,
        }
    if not workspace.link.connections:
        return unsent("resting") | nothing
    name = view.facts.get("callback_id") or "view_submission"
    payload = payloads.submission(workspace, view.user, view)
    answer = await workspace.link.ask("interactive", name, payload, reads_answer=True)
    outcome = result(answer) | nothing
    return outcome | _after(workspace, view, answer) if answer.acked else outcome


def _after(workspace: Workspace, view: View, answer: Answer) -> dict[str, Any]:
    payload = answer.payload if isinstance(answer.payload, dict) else {}
    action = payload.get("response_action")
    try:
        if action == "errors":
            return _with_errors(view, payload)
        _move(workspace, view, action, payload.get("view"))
    except SlackRefusal as refusal:
        reasons = refusal.more.get("response_metadata", {}).get("messages") or [refusal.code]
        return {"response_action": action, "warning": say("view_broken"), "invalid": reasons}
    finally:
        workspace.watch.changed("views", only=view.user)
    return {"response_action": action}


def _with_errors(view: View, payload: dict[str, Any]) -> dict[str, Any]:
    errors = payload.get("errors")
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
        wrong = f"errors must name input blocks, one of {sorted(inputs)}: {errors}"
        return {"response_action": "errors", "warning": say("view_broken"), "invalid": [wrong]}
    return {"response_action": "errors", "errors": errors}


def _move(workspace: Workspace, view: View, action: str | None, facts: Any) -> None:
    surfaces = workspace.surfaces
    if action in ("update", "push"):
        check_view(facts, "modal")
        if action == "update":
            surfaces.redraw(view, facts)
        else:
            surfaces.show(view.user, facts, on=view, channel=view.channel)
    elif action == "clear":
        surfaces.clear(view.user)
    elif action is None:
        surfaces.pop(view)
    else:
        raise SlackRefusal("unknown_response_action")


async def close(workspace: Workspace, view: View, *, clear: bool) -> Result:
    """Close a modal without sending; the bot hears of it where it asked to."""
    clear = clear or bool(view.facts.get("clear_on_close"))
    closing = list(reversed(workspace.surfaces.stack(view.user))) if clear else [view]
    told = [payloads.closed(workspace, view.user, gone, cleared=clear) for gone in closing if _notifies(gone)]
    for gone in closing:
        workspace.surfaces.pop(gone)
    workspace.watch.changed("views", only=view.user)
    outcome = result(Answer(acked=True))
    for payload in told:
        outcome = result(await workspace.link.ask("interactive", "view_closed", payload), warns=False)
    return outcome


def _notifies(view: View) -> bool:
    return bool(view.facts.get("notify_on_close"))
