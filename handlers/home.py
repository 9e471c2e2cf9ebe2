"""The App Home: each person's own page. It is drawn when it is sent, so it always shows the present."""

from typing import Any

from bot.domain.staff import Actor
from bot.usecases.desk import Desk
from handlers.routing import Routes

routes = Routes()


@routes.event("app_home_opened")
async def opened(event: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Somebody opened their Home."""
    if event.get("tab") == "home":
        async with desk.db.transaction(actor) as tx:
            await tx.outbox.home(actor.id)


@routes.button("home.refresh")
async def refresh(actor: Actor, desk: Desk) -> None:
    """Draw the Home again."""
    async with desk.db.transaction(actor) as tx:
        await tx.outbox.home(actor.id)
