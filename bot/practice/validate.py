"""Block Kit, checked whole: blocks of a message, a modal, Home. Refuses as Slack does, with pointers."""

import json
from collections import Counter
from typing import Any

from bot.practice.checks import Problems, check_fields, listed, wrong
from bot.practice.elements import elements_of
from bot.practice.errors import SlackRefusal
from bot.practice.limits import (
    BLOCK_OF,
    CHARTS,
    HOME_FIELDS,
    MESSAGE_BLOCKS,
    MODAL_FIELDS,
    TABLES,
    VIEW_BLOCKS,
    VIEW_BYTES,
)

AT_MOST = {"table": TABLES, "data_visualization": CHARTS}


def check_blocks(blocks: Any, surface: str = "message") -> None:
    """Refuse blocks that Slack would refuse: invalid_blocks, with a pointer for everything wrong."""
    problems = problems_in(blocks, surface, "/blocks")
    if problems:
        raise SlackRefusal(
            "invalid_blocks", errors=problems, response_metadata={"messages": _marked(problems)}
        )


def check_view(view: Any, kind: str | None = None) -> None:
    """Refuse a view that Slack would refuse: invalid_arguments, with a pointer for everything wrong."""
    problems: Problems = []
    if not isinstance(view, dict):
        wrong(problems, "must be an object", "/view")
    else:
        _check_view(view, kind, problems)
    if problems:
        raise SlackRefusal("invalid_arguments", response_metadata={"messages": _marked(problems)})
    if len(json.dumps(view, ensure_ascii=False)) > VIEW_BYTES:
        raise SlackRefusal("view_too_large")


def _marked(problems: Problems) -> list[str]:
    return [f"[ERROR] {problem}" for problem in problems]


def _check_view(view: dict[str, Any], kind: str | None, problems: Problems) -> None:
    found = view.get("type")
    if found not in ("modal", "home") or (kind and found != kind):
        wrong(problems, f"unsupported type: {found}", "/view/type")
        return
    fields, required = (MODAL_FIELDS, ("title", "blocks")) if found == "modal" else (HOME_FIELDS, ("blocks",))
    check_fields(view, fields, required, "/view", problems)
    if view.get("blocks") is not None:
        problems += problems_in(view["blocks"], found, "/view/blocks")
    blocks = view["blocks"] if isinstance(view.get("blocks"), list) else []
    asks = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
    if found == "modal" and asks and not view.get("submit"):
        wrong(problems, "missing required field: submit (the modal has an input block)", "/view")


def problems_in(blocks: Any, surface: str, pointer: str) -> Problems:
    """Everything wrong with blocks on a surface: "message", "modal" or "home"."""
    problems: Problems = []
    most = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    if surface not in BLOCK_OF:
        wrong(problems, f"unsupported surface: {surface}", "/surface")
        return problems
    listed(BLOCK_OF[surface], most, 0)(blocks, pointer, problems)
    if not problems:
        _across(blocks, surface, pointer, problems)
    return problems


def _across(blocks: list[dict[str, Any]], surface: str, pointer: str, problems: Problems) -> None:
    kinds = Counter(block["type"] for block in blocks)
    for kind, most in AT_MOST.items():
        if kinds[kind] > most:
            wrong(problems, f"no more than {most} {kind} blocks allowed", pointer)
    taken: set[str] = set()
    focused = 0
    for index, block in enumerate(blocks):
        here = f"{pointer}/{index}"
        block_id = block.get("block_id")
        if block_id is not None and block_id in taken:
            wrong(problems, f"block_id already exists: {block_id}", f"{here}/block_id")
        taken.add(block_id or "")
        focused += _within(block, here, problems)
        if surface != "modal" and block["type"] == "input" and block["element"]["type"] == "file_input":
            wrong(problems, "unsupported type: file_input", f"{here}/element/type")
    if focused > 1:
        wrong(problems, "only one element may have focus_on_load", pointer)


def _within(block: dict[str, Any], pointer: str, problems: Problems) -> int:
    """Action ids differ within a block. Answers how many elements want the focus."""
    actions: set[str] = set()
    elements = elements_of(block)
    for index, element in enumerate(elements):
        action_id = element.get("action_id")
        if action_id is not None and action_id in actions:
            wrong(problems, f"action_id already exists: {action_id}", f"{pointer}/elements/{index}/action_id")
        actions.add(action_id or "")
    return sum(1 for element in elements if element.get("focus_on_load"))
