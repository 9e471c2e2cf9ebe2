"""修了証: asked for by whoever was there, looked up by whoever holds one."""

import contextlib
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers import SLACK_TROUBLE
from bot.domain.certificate import NAME
from bot.domain.seats import Participation
from bot.domain.staff import Actor
from bot.domain.training import Training
from bot.usecases import certificates
from bot.usecases.desk import Desk
from handlers.forms import Answers, Form
from handlers.opening import show_form
from handlers.routing import Routes
from handlers.windows import id_of

routes = Routes()

TYPED = 40


@routes.button("certificate.get")
async def get(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    desk: Desk,
) -> None:
    """Have the 修了証 of a training made; the name on it can be put right first."""
    training, part, name = await certificates.begin(desk, actor, action["value"])
    own = part.person == actor.id
    if own and not name:
        name = await _known_as(client, actor.id)
    await show_form(client, body, draw(training, part, name, own=own))
    await ack()


def draw(training: Training, part: Participation, name: str, *, own: bool) -> Form:
    """Draw the question for the name that stands on the paper."""
    form = Form("certificate", keep={"p": part.id}, answers={"name": name[:NAME]})
    return form.note("forms/certificate_opening", t=training, own=own).text("name", limit=NAME)


@routes.form("certificate.submit")
async def submit(ack: AsyncAck, view: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Have the paper made; it comes to the direct message of whoever asked."""
    answers = Answers.of(view)
    issued = await certificates.issue(
        desk, actor, answers.keep["p"], answers.text("name", limit=NAME), once=f"certificate:{id_of(view)}"
    )
    await ack(response_action="update", view=draw_made(issued).view())


def draw_made(issued: certificates.Issued) -> Form:
    """Draw what is said when the paper is being made."""
    return Form("certificate_made").note("forms/certificate_made", i=issued)


@routes.button("certificate.verify")
async def verify(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
    """Look whether a 修了証 is one of ours, by its number and code."""
    await show_form(client, body, draw_verify())
    await ack()


def draw_verify() -> Form:
    """Draw the form in which a paper is looked up."""
    form = Form("verify").note("forms/verify_opening").text("number", limit=TYPED).text("code", limit=TYPED)
    return form.text("name", optional=True, limit=TYPED * 2)


@routes.form("verify.submit")
async def submit_verify(ack: AsyncAck, view: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Say what the paper is about; whether the name is the one on it, never which name that is."""
    answers = Answers.of(view)
    number, code, name = (answers.text(each) for each in ("number", "code", "name"))
    found = await certificates.verify(desk, actor, number, code, name)
    await ack(response_action="update", view=draw_verified(found).view())


def draw_verified(found: certificates.Verified) -> Form:
    """Draw what a paper is about."""
    return Form("verified").note("forms/verified", v=found)


async def _known_as(client: AsyncWebClient, user: str) -> str:
    """The name Slack knows somebody by; empty where it does not say."""
    with contextlib.suppress(*SLACK_TROUBLE):
        person = (await client.users_info(user=user))["user"]
        return str((person.get("profile") or {}).get("real_name") or person.get("real_name") or "")
    return ""
