"""Windows over windows, where Slack lets no more than three lie on each other."""

from typing import Any, cast

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers import code_of

NO_MORE = "push_limit_reached"


async def laid_over(client: AsyncWebClient, body: dict[str, Any], view: dict[str, Any]) -> str:
    """Open a window: over the one it was asked from, by itself, or in its place where no more lie on each other.

    Gives Slack's id of it.
    """
    beneath = body.get("view") or {}
    if beneath.get("type") != "modal":
        answer = await client.views_open(trigger_id=body["trigger_id"], view=view)
    else:
        try:
            answer = await client.views_push(trigger_id=body["trigger_id"], view=view)
        except SlackApiError as error:
            if code_of(error) != NO_MORE:
                raise
            answer = await client.views_update(view_id=beneath["id"], view=view)
    return str(cast("dict[str, Any]", answer["view"])["id"])
