"""Opening a consultation: contact and words, for the entitled only, each opening audited."""

from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.staff import Actor
from bot.usecases import reading
from bot.usecases.desk import Desk
from handlers import detail_view
from handlers.opening import draw_own, show_form
from handlers.routing import Routes

routes = Routes()


@routes.button("details.open")
async def open_details(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    desk: Desk,
) -> None:
    """Open contact, words and history of a consultation."""
    details = await reading.details(desk, actor, action["value"])
    await show_form(client, body, detail_view.draw(details, actor))
    await ack()


@routes.button("own.open")
async def open_own(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    desk: Desk,
) -> None:
    """Show a supporter their own consultation: where it is, and what was advised."""
    consultation, written = await reading.own_words(desk, actor, action["value"])
    await show_form(client, body, draw_own(consultation, written))
    await ack()
