"""Figures of trainings for the report: this fiscal year's and the last one's, on the screen or as a file."""

from bot import messages
from bot.domain.business_time import fiscal_year
from bot.domain.staff import Actor
from bot.reports.figures import report, said
from bot.store.training_figures import Figures
from bot.usecases import figures
from bot.usecases.desk import Desk
from handlers.forms import Form
from handlers.replies import small_window
from handlers.routing import Routes
from handlers.windows import Screen

routes = Routes()


def draw(counted: Figures, desk: Desk) -> Form:
    """Draw what may be read of a fiscal year."""
    return Form("figures").note(
        "forms/figures",
        r=report(counted, desk.organisation),
        this=fiscal_year(desk.db.clock()),
        told=messages.form_words("figures_sheet"),
        number=said,
    )


@routes.button("figures.open", allow=figures.SEE)
async def open_figures(screen: Screen, actor: Actor, desk: Desk) -> None:
    """See the figures of this fiscal year's trainings."""
    await screen.show(draw(await figures.of_year(desk, actor), desk))


@routes.button("figures.year", allow=figures.SEE)
async def other_year(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """See the figures of the other fiscal year in the same window."""
    counted = await figures.of_year(desk, actor, int(value))
    await screen.redraw(draw(counted, desk))


@routes.button("figures.sheet", allow=figures.SEE)
async def sheet(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Have the figures made into a file; it comes to the direct message of whoever pressed."""
    await small_window(screen, messages.words("forms/paper_comes"))
    await figures.sheet(desk, actor, int(value), once=screen.press)
