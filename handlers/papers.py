"""Papers: an A4 for the fax, the drawer or the boss."""

from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot import messages
from bot.domain.staff import Actor
from bot.usecases import papers
from bot.usecases.desk import Desk
from handlers.replies import small_window
from handlers.routing import Routes

routes = Routes()


def _paper(paper: str) -> None:
    @routes.button(f"paper.{paper}")
    async def press(
        ack: AsyncAck,
        action: dict[str, Any],
        body: dict[str, Any],
        client: AsyncWebClient,
        actor: Actor,
        desk: Desk,
    ) -> None:
        """Make a paper; it comes to the direct message of whoever pressed."""
        await papers.make(desk, actor, action["value"], paper, once=str(action.get("action_ts", "")))
        await small_window(client, body, messages.words("forms/paper_comes"))
        await ack()


for each in ("receipt", "advice"):
    _paper(each)
