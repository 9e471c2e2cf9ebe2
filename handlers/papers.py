"""Papers: an A4 for the fax, the drawer or the boss."""

from bot import messages
from bot.domain.staff import Actor
from bot.usecases import papers
from bot.usecases.desk import Desk
from handlers.replies import small_window
from handlers.routing import Routes
from handlers.windows import Screen

routes = Routes()


def _paper(paper: str) -> None:
    @routes.button(f"paper.{paper}")
    async def press(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
        """Make a paper; it comes to the direct message of whoever pressed."""
        await papers.make(desk, actor, value, paper, once=screen.press)
        await small_window(screen, messages.words("forms/paper_comes"))


for each in ("receipt", "advice"):
    _paper(each)
