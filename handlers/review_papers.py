"""What the windows about the papers of a review have in common: who may knock, and which make room for the next one."""

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.expert import SITTING
from handlers.forms import Form
from handlers.opening import show_form

INVITED = SITTING  # whether they are invited to this one is the table's to say
MINE = frozenset({
    "brief_page.submit", "review_room.submit", "notes_book.submit", "review_window.submit",
})  # fmt: skip


async def show(client: AsyncWebClient, body: dict[str, Any], form: Form) -> None:
    """Open a window: over the one it was asked from, or in its place where that is one about the same review."""
    view = body.get("view") or {}
    if view.get("type") == "modal" and view["callback_id"] in MINE:
        await client.views_update(view_id=view["id"], view=form.view())
    else:
        await show_form(client, body, form)
