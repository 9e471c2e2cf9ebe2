"""How a refusal reaches whoever asked: on the field, in a small window, or as a line only they can see."""

import contextlib
from datetime import datetime
from typing import Any

from markupsafe import Markup
from slack_bolt.async_app import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot import messages
from bot.answers import SLACK_TROUBLE
from bot.domain.refusals import Refused
from handlers.forms import Form


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
    refused: Refused, body: dict[str, Any], context: AsyncBoltContext, now: datetime
) -> BoltResponse:
    """Answer a refusal where it belongs. What was typed stays where it was typed."""
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
        await _beside(text, body, context)
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
    if view.get("previous_view_id") and view.get("previous_view_id") != view.get("root_view_id") and inputs:
        # No room for one more window.
        return BoltResponse(status=200, body={"response_action": "errors", "errors": {inputs[-1]: text}})
    return answered(notice(text), "push")


async def _beside(text: str, body: dict[str, Any], context: AsyncBoltContext) -> None:
    client, trigger = context.client, body.get("trigger_id")
    container = body.get("container", {}).get("type")
    if container == "message" and context.channel_id:
        await client.chat_postEphemeral(channel=context.channel_id, user=context.user_id or "", text=text)
    elif trigger and container == "view" and body.get("view", {}).get("type") == "modal":
        await client.views_push(trigger_id=trigger, view=notice(text))
    elif trigger:
        await client.views_open(trigger_id=trigger, view=notice(text))
