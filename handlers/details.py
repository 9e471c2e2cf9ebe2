"""Opening a consultation: contact and words, for the entitled only, each opening audited."""

from bot.domain.staff import Actor
from bot.usecases import reading
from bot.usecases.desk import Desk
from handlers import detail_view
from handlers.opening import draw_own
from handlers.routing import Routes
from handlers.windows import Screen

routes = Routes()


@routes.button("details.open")
async def open_details(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Open contact, words and history of a consultation."""
    details = await reading.details(desk, actor, value)
    await screen.show(detail_view.draw(details, actor))


@routes.button("own.open")
async def open_own(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Show a supporter their own consultation: where it is, and what was advised."""
    consultation, written = await reading.own_words(desk, actor, value)
    await screen.show(draw_own(consultation, written))
