"""The code of the day: on the organizer's screen, on paper at the door, and typed by whoever comes."""

from typing import Any

from bot import messages, screens
from bot.domain.seats import Participation
from bot.domain.staff import Actor
from bot.domain.training import Training
from bot.usecases import attendance, rosters
from bot.usecases.desk import Desk
from bot.usecases.training_desk import ORGANIZE
from handlers.forms import Answers, Form
from handlers.replies import notice, small_window
from handlers.routing import Routes
from handlers.windows import Reply, Screen

routes = Routes()


def draw(training: Training, part: Participation) -> Form:
    """Draw the form for the code that is shown in the room, or to those who are online."""
    form = Form("check_in", keep={"p": part.id})
    return form.note("forms/check_in_opening", t=training, p=part).text("code", limit=40)


@routes.button("check_in.screen", allow=ORGANIZE)
async def open_screen(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Show the code of the day, large, for a screen; it stays fresh by itself."""
    view_id = await screen.show(await _drawn(desk, value))
    await attendance.show_screen(desk, actor, value, view_id)


@routes.button("check_in.renew", allow=ORGANIZE)
async def renew(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Draw the code as it is at this moment."""
    await screen.redraw(await _drawn(desk, value))
    await attendance.show_screen(desk, actor, value, screen.view["id"])


@routes.closing("check_in_screen.submit")
async def closed(view: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Keep a closed window fresh no longer."""
    await attendance.forget_screen(desk, actor, view["id"])


@routes.button("check_in.paper", allow=ORGANIZE)
async def paper(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Make the paper for the door, with a code to scan; it comes to the direct message of whoever pressed."""
    await rosters.promise_paper(desk, actor, value, "check_in_paper", once=screen.press)
    await small_window(screen, messages.words("forms/paper_comes"))


@routes.button("check_in.open")
async def open_form(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Open the form for the code that is shown in the room."""
    await screen.show(draw(*await attendance.may_arrive(desk, actor, value)))


@routes.form("check_in.submit")
async def submit(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Note whoever typed the right code as there."""
    answers = Answers.of(view)
    done = await attendance.arrive(desk, actor, answers.keep["p"], answers.text("code", limit=40))
    said = messages.words(
        "forms/check_in_done", t=done.training, p=done.part, session=done.session, already=done.already
    )
    return notice(said)


async def _drawn(desk: Desk, training_id: str) -> dict[str, Any]:
    async with desk.db.reading() as ask:
        training = await ask.trainings.get(training_id)
        attendance.must_take_place(training)
        return screens.view(await screens.facts(ask, training))
