"""修了証: asked for by whoever was there, looked up by whoever holds one."""

import contextlib
from typing import Any

from bot.answers import SLACK_TROUBLE
from bot.domain.certificate import NAME
from bot.domain.seats import Participation
from bot.domain.staff import Actor
from bot.domain.training import Training
from bot.usecases import certificates
from bot.usecases.desk import Desk
from handlers.forms import Answers, Form
from handlers.routing import Routes
from handlers.windows import Reply, Screen, id_of

routes = Routes()

TYPED = 40


@routes.button("certificate.get")
async def get(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Have the 修了証 of a training made; the name on it can be put right first."""
    training, part, name = await certificates.begin(desk, actor, value)
    own = part.person == actor.id
    if own and not name:
        name = await _known_as(screen, actor.id)
    await screen.show(draw(training, part, name, own=own))


def draw(training: Training, part: Participation, name: str, *, own: bool) -> Form:
    """Draw the question for the name that stands on the paper."""
    form = Form("certificate", keep={"p": part.id}, answers={"name": name[:NAME]})
    return form.note("forms/certificate_opening", t=training, own=own).text("name", limit=NAME)


@routes.form("certificate.submit")
async def submit(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Have the paper made; it comes to the direct message of whoever asked."""
    answers = Answers.of(view)
    issued = await certificates.issue(
        desk, actor, answers.keep["p"], answers.text("name", limit=NAME), once=f"certificate:{id_of(view)}"
    )
    return draw_made(issued)


def draw_made(issued: certificates.Issued) -> Form:
    """Draw what is said when the paper is being made."""
    return Form("certificate_made").note("forms/certificate_made", i=issued)


@routes.button("certificate.verify")
async def verify(screen: Screen) -> None:
    """Look whether a 修了証 is one of ours, by its number and code."""
    await screen.show(draw_verify())


def draw_verify() -> Form:
    """Draw the form in which a paper is looked up."""
    form = Form("verify").note("forms/verify_opening").text("number", limit=TYPED).text("code", limit=TYPED)
    return form.text("name", optional=True, limit=TYPED * 2)


@routes.form("verify.submit")
async def submit_verify(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Say what the paper is about; whether the name is the one on it, never which name that is."""
    answers = Answers.of(view)
    number, code, name = (answers.text(each) for each in ("number", "code", "name"))
    found = await certificates.verify(desk, actor, number, code, name)
    return draw_verified(found)


def draw_verified(found: certificates.Verified) -> Form:
    """Draw what a paper is about."""
    return Form("verified").note("forms/verified", v=found)


async def _known_as(screen: Screen, user: str) -> str:
    """The name Slack knows somebody by; empty where it does not say."""
    with contextlib.suppress(*SLACK_TROUBLE):
        person = (await screen.client.users_info(user=user))["user"]
        return str((person.get("profile") or {}).get("real_name") or person.get("real_name") or "")
    return ""
