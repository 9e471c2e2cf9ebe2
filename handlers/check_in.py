"""The code of the day: on the organizer's screen, on paper at the door, and typed by whoever comes."""

from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot import messages, screens
from bot.domain.seats import Participation
from bot.domain.staff import Actor
from bot.domain.training import Training
from bot.usecases import attendance, rosters
from bot.usecases.desk import Desk
from bot.usecases.training_desk import ORGANIZE
from handlers.forms import Answers, Form
from handlers.opening import show_form
from handlers.replies import notice, small_window
from handlers.routing import Routes
from handlers.windows import laid_over

routes = Routes()


def draw(training: Training, part: Participation) -> Form:
    """Draw the form for the code that is shown in the room, or to those who are online."""
    form = Form("check_in", keep={"p": part.id})
    return form.note("forms/check_in_opening", t=training, p=part).text("code", limit=40)


@routes.button("check_in.screen", allow=ORGANIZE)
async def screen(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    desk: Desk,
) -> None:
    """Show the code of the day, large, for a screen; it stays fresh by itself."""
    view_id = await laid_over(client, body, await _drawn(desk, action["value"]))
    await attendance.show_screen(desk, actor, action["value"], view_id)
    await ack()


@routes.button("check_in.renew", allow=ORGANIZE)
async def renew(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    desk: Desk,
) -> None:
    """Draw the code as it is at this moment."""
    view_id = body["view"]["id"]
    await client.views_update(view_id=view_id, view=await _drawn(desk, action["value"]))
    await attendance.show_screen(desk, actor, action["value"], view_id)
    await ack()


@routes.closing("check_in_screen.submit")
async def closed(ack: AsyncAck, view: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Keep a closed window fresh no longer."""
    await attendance.forget_screen(desk, actor, view["id"])
    await ack()


@routes.button("check_in.paper", allow=ORGANIZE)
async def paper(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    desk: Desk,
) -> None:
    """Make the paper for the door, with a code to scan; it comes to the direct message of whoever pressed."""
    once = str(action.get("action_ts", ""))
    await rosters.promise_paper(desk, actor, action["value"], "check_in_paper", once=once)
    await small_window(client, body, messages.words("forms/paper_comes"))
    await ack()


@routes.button("check_in.open")
async def open_form(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    desk: Desk,
) -> None:
    """Open the form for the code that is shown in the room."""
    await show_form(client, body, draw(*await attendance.may_arrive(desk, actor, action["value"])))
    await ack()


@routes.form("check_in.submit")
async def submit(ack: AsyncAck, view: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Note whoever typed the right code as there."""
    answers = Answers.of(view)
    done = await attendance.arrive(desk, actor, answers.keep["p"], answers.text("code", limit=40))
    said = messages.words(
        "forms/check_in_done", t=done.training, p=done.part, session=done.session, already=done.already
    )
    await ack(response_action="update", view=notice(said))


async def _drawn(desk: Desk, training_id: str) -> dict[str, Any]:
    async with desk.db.reading() as ask:
        training = await ask.trainings.get(training_id)
        attendance.must_take_place(training)
        return screens.view(await screens.facts(ask, training))
