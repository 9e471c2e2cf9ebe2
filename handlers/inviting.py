"""Asking people by name to come to a training, such as whoever answers for each municipality."""

import asyncio
from typing import Any

from bot import messages
from bot.domain.refusals import Missing
from bot.domain.staff import Actor
from bot.domain.training import Training
from bot.usecases import meetings, trainings
from bot.usecases.desk import Desk
from bot.usecases.training_desk import ORGANIZE
from handlers.directory import Directory
from handlers.forms import Answers, Form
from handlers.intake import offered
from handlers.replies import notice
from handlers.routing import Routes
from handlers.windows import Reply, Screen

routes = Routes()

AT_ONCE = 30  # each of them is looked up while Slack waits for our answer


def draw(desk: Desk, training: Training, asked: list[str], silent: list[str]) -> Form:
    """Draw the choice of people, below how many were asked and who has not answered."""
    form = Form("invite", keep={"t": training.id})
    form.note("forms/invite_opening", t=training, asked=asked, open=silent)
    form.people("people", most=AT_ONCE)
    return form.choice("municipality", offered(desk.organisation, "municipalities"), optional=True)


@routes.button("invite.open", allow=ORGANIZE)
async def open_form(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Ask people by name to come to a training."""
    training, asked, silent = await meetings.to_invite(desk, actor, value)
    await screen.show(draw(desk, training, asked, silent))


@routes.form("invite.submit", allow=ORGANIZE)
async def submit(view: dict[str, Any], actor: Actor, desk: Desk, directory: Directory) -> Reply:
    """Ask them; whoever was asked before is not asked again."""
    answers = Answers.of(view)
    people = answers.chosen("people")[:AT_ONCE]
    if not people:
        raise Missing("people")
    await asyncio.gather(*(directory.must_belong(each, "people") for each in people))
    sent = await trainings.invite(desk, actor, answers.keep["t"], people, answers.code("municipality"))
    told = messages.words("forms/invite_done", sent=sent, before=len(set(people)) - sent)
    return notice(told)
