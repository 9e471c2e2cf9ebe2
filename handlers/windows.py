"""Windows over windows, where Slack lets no more than three lie on each other. Every window is opened here."""

import contextlib
import json
from collections.abc import Mapping
from typing import Any, cast

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers import SLACK_TROUBLE, code_of

NO_MORE = "push_limit_reached"
INSTEAD = (
    "instead"  # in the metadata of a window that took the place of the one it was asked from: by which press
)
SHOWN, FULL = "yorisoi_shown", "yorisoi_full"  # noted on what Slack sent us, while we answer it


async def opened(client: AsyncWebClient, body: dict[str, Any], view: dict[str, Any]) -> str | None:
    """Open a window over the one it was asked from, or by itself. None: there is no room for one more.

    Gives Slack's id of it.
    """
    try:
        if (body.get("view") or {}).get("type") == "modal":
            answer = await client.views_push(trigger_id=body["trigger_id"], view=view)
        else:
            answer = await client.views_open(trigger_id=body["trigger_id"], view=view)
    except SlackApiError as error:
        if code_of(error) != NO_MORE:
            raise
        body[FULL] = True
        return None
    body[SHOWN] = str(cast("dict[str, Any]", answer["view"])["id"])
    return str(body[SHOWN])


async def laid_over(client: AsyncWebClient, body: dict[str, Any], view: dict[str, Any]) -> str:
    """Open a window: over the one it was asked from, by itself, or in its place where no more lie on each other.

    Gives Slack's id of it.
    """
    shown = await opened(client, body, view)
    if shown is None:
        shown = body[SHOWN] = str(body["view"]["id"])
        await client.views_update(view_id=shown, view=_marked(view, _press(body)))
    return shown


def took_its_place(view: Mapping[str, Any]) -> bool:
    """Whether this window stands where the one stood that it was asked from."""
    return bool(_told(view).get(INSTEAD))


def still_in_its_place(before: Mapping[str, Any], view: dict[str, Any]) -> dict[str, Any]:
    """Give a form that is drawn anew what is known of where it stands."""
    return _marked(view, _told(before)[INSTEAD]) if took_its_place(before) else view


def id_of(sent: Mapping[str, Any]) -> str:
    """Say which form was sent. Forms that stood in the same place, one after the other, are not the same."""
    return f"{sent['id']}:{_told(sent)[INSTEAD]}" if took_its_place(sent) else str(sent["id"])


async def back_to(ack: Any, client: AsyncWebClient, sent: dict[str, Any], view: dict[str, Any]) -> None:
    """Close a sent form; `view`, from which it was asked, is drawn anew: beneath it, or in its place again."""
    beneath = sent.get("previous_view_id")
    if took_its_place(sent) or beneath in {None, "", sent["id"]}:
        await ack(response_action="update", view=view)
        return
    with contextlib.suppress(*SLACK_TROUBLE):
        await client.views_update(view_id=str(beneath), view=view)
    await ack()


def _press(body: Mapping[str, Any]) -> str:
    return str(next((each["action_ts"] for each in body.get("actions") or ()), body["trigger_id"]))


def _marked(view: dict[str, Any], press: str) -> dict[str, Any]:
    told = json.dumps({**_told(view), INSTEAD: press}, ensure_ascii=False, separators=(",", ":"))
    return {**view, "private_metadata": told}


def _told(view: Mapping[str, Any]) -> dict[str, Any]:
    return dict(json.loads(view.get("private_metadata") or "{}"))
