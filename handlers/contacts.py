"""Putting right how to reach a supporter, from the details."""

from typing import Any

from bot.domain.consultation import Consultation
from bot.domain.entitlement import Act
from bot.domain.staff import Actor
from bot.usecases import contacts
from bot.usecases.desk import Desk
from handlers.callbacks import COUNSEL
from handlers.forms import Answers, Form
from handlers.opening import closed_over, opener
from handlers.routing import Routes
from handlers.windows import Screen

routes = Routes()


def draw(c: Consultation) -> Form:
    """Draw the form: the number that is right, and who may be asked for."""
    return Form("contact", keep={"c": c.id}).text("phone", limit=60).text("callable", optional=True, limit=60)


opener(
    routes,
    "contact.open",
    "Put right how to reach the supporter.",
    allow=COUNSEL,
    act=Act.CALL,
    draw=draw,
)


@routes.form("contact.submit", allow=COUNSEL)
async def correct(view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> None:
    """Keep the number that is right."""
    answers = Answers.of(view)
    phone, callable_ = answers.text("phone", limit=60), answers.text("callable", limit=60)
    await contacts.correct(desk, actor, answers.keep["c"], phone, callable_)
    await closed_over(screen, view, actor, desk)
