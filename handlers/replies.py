"""How a refusal reaches whoever asked: on the field, in a small window, or as a line only they can see."""

import contextlib
from datetime import datetime
from typing import Any, cast

from markupsafe import Markup
from slack_bolt.async_app import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot import messages
from bot.answers import SLACK_TROUBLE
from bot.domain.refusals import Refused
from handlers.forms import Form
from handlers.windows import Screen, View

LINE = "said~"  # the block ids of what is said in a window
ASKED = (
    "type",
    "callback_id",
    "title",
    "submit",
    "close",
    "private_metadata",
    "notify_on_close",
    "clear_on_close",
)


class Offer(Exception):
    """The form, drawn anew with something to look at: masked words, or what else was found."""

    def __init__(self, view: dict[str, Any]) -> None:
        self.view = view
        super().__init__("an offer")


def answered(view: dict[str, Any], how: str = "update") -> BoltResponse:
    """Answer a sent form with another one."""
    return BoltResponse(status=200, body={"response_action": how, "view": view})


def said(refused: Refused, now: datetime) -> str:
    """Give the words of a refusal."""
    return messages.words(refused.template, now=now, **vars(refused))


def notice(text: str) -> dict[str, Any]:
    """Draw a small window that says one thing. `text` comes from a template: its facts are escaped already."""
    return Form("notice").note("forms/notice", text=Markup(text)).view()  # noqa: S704 - Slack, not HTML


async def explained(
    refused: Refused, screen: Screen, context: AsyncBoltContext, now: datetime
) -> BoltResponse:
    """Answer a refusal where it belongs. What was typed stays where it was typed."""
    body = screen.body
    text = said(refused, now)
    kind = body.get("type") or ("command" if "command" in body else "event")
    if kind == "view_submission":
        return _on_the_form(refused, text, body["view"])
    if kind == "view_closed":
        return BoltResponse(status=200)
    if kind == "command":
        told: dict[str, Any] = {"response_type": "ephemeral", "text": text}
        if typed := body.get("text"):
            told["blocks"] = given_back(text, typed).blocks
        return BoltResponse(status=200, body=told)
    with contextlib.suppress(*SLACK_TROUBLE):
        await _beside(text, screen, context)
    return BoltResponse(status=200)


def given_back(text: str, typed: str) -> messages.Message:
    """Slack keeps nothing of a command: give what was typed after it back, to its author alone."""
    words = Markup(text)  # noqa: S704 - from a template: its facts are escaped already
    return messages.render("forms/words_back", text=words, typed=messages.unescaped(typed))


def _on_the_form(refused: Refused, text: str, view: dict[str, Any]) -> BoltResponse:
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    meant = [each for each in inputs if refused.field and each.split("~")[0] == refused.field]
    if meant:
        return BoltResponse(status=200, body={"response_action": "errors", "errors": {meant[0]: text}})
    if view.get("previous_view_id") in {None, "", view.get("root_view_id")}:
        return answered(notice(text), "push")
    if not inputs:  # no room for one more window, and nothing typed that could be lost
        return answered(notice(text))
    return BoltResponse(status=200, body={"response_action": "errors", "errors": {inputs[-1]: text}})


async def small_window(screen: Screen, text: str) -> None:
    """Say one thing, in a small window over the one it was asked from.

    Where no more lie on each other, it stands in that one, below what was pressed: whatever was typed there stays.
    Where a window was opened already by the same press, it stands there instead.
    """
    if screen.shown:
        await screen.client.views_update(view_id=screen.shown, view=notice(text))
    elif screen.full or await screen.opened(notice(text)) is None:
        await screen.redraw(_with_line(screen, text))


def _with_line(screen: Screen, text: str) -> View:
    """Give the window something was pressed in, as it is, with one thing said below what was pressed."""
    view = screen.view
    line = messages.render("forms/notice", text=Markup(text)).blocks  # noqa: S704 - as in `notice`
    blocks = [each for each in view["blocks"] if not str(each.get("block_id", "")).startswith(LINE)]
    pressed = {each.get("block_id") for each in screen.body.get("actions") or ()}
    at = next((n for n, each in enumerate(blocks, 1) if each.get("block_id") in pressed), 0)
    blocks[at:at] = [{**each, "block_id": f"{LINE}{n}"} for n, each in enumerate(line)]
    return {name: view[name] for name in ASKED if view.get(name)} | {"blocks": blocks}


async def _beside(text: str, screen: Screen, context: AsyncBoltContext) -> None:
    """Never in silence: where no window can be opened, as a line in the direct message."""
    client, user = context.client, context.user_id or ""
    if screen.in_message and context.channel_id:
        await client.chat_postEphemeral(channel=context.channel_id, user=user, text=text)
    elif screen.body.get("trigger_id"):
        try:
            await small_window(screen, text)
        except SLACK_TROUBLE:
            direct = cast("dict[str, Any]", (await client.conversations_open(users=user))["channel"])
            await client.chat_postEphemeral(channel=str(direct["id"]), user=user, text=text)
