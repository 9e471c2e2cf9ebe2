"""Roles: who works at the desk, granted and taken back by an admin; and Slack's own news about people."""

from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot import codes
from bot.domain.refusals import Missing
from bot.domain.staff import Actor, Role
from bot.store.staff import Grant
from bot.usecases import people
from bot.usecases.desk import Desk
from handlers.directory import Directory
from handlers.forms import Answers, Form
from handlers.opening import show_form
from handlers.routing import Routes

routes = Routes()

ADMINISTER = frozenset({Role.ADMIN})


def draw(grants: list[Grant]) -> Form:
    """Draw who holds what, and the form that changes it."""
    held: dict[str, list[str]] = {}
    for grant in grants:
        held.setdefault(grant.user_id, []).append(grant.role)
    form = Form("roles").note("forms/roles", held=held)
    form.choice("change", [("grant", form.word("grant")), ("revoke", form.word("revoke"))], radio=True)
    form.person("person")
    return form.choice(
        "role",
        [(each.code, each.label) for each in codes.options("staff_roles") if each.code in people.GRANTABLE],
    )


@routes.command("/役割", allow=ADMINISTER)
async def command(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, desk: Desk) -> None:
    """Grant a role of the desk, or take one back."""
    await show_form(client, body, draw(await _grants(desk)))
    await ack()


@routes.button("roles.open", allow=ADMINISTER)
async def button(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, desk: Desk) -> None:
    """Grant a role of the desk, or take one back, from the Home."""
    await show_form(client, body, draw(await _grants(desk)))
    await ack()


@routes.form("roles.submit", allow=ADMINISTER)
async def submit(ack: AsyncAck, view: dict[str, Any], actor: Actor, desk: Desk, directory: Directory) -> None:
    """Keep the change; what a leaver held goes back to the queue."""
    answers = Answers.of(view)
    person, role = answers.code("person"), answers.code("role")
    if not person or not role:
        raise Missing("person" if not person else "role")
    if answers.code("change") == "revoke":
        await people.revoke(desk, actor, person, Role(role))
    else:
        await directory.must_belong(person, "person")
        await people.grant(desk, actor, person, Role(role))
    await ack(response_action="update", view=draw(await _grants(desk)).view())


@routes.event("user_change")
async def user_change(ack: AsyncAck, event: dict[str, Any], desk: Desk, directory: Directory) -> None:
    """Slack says that somebody changed: who was deactivated, or became a guest, holds nothing from now on."""
    if directory.heard_of(event["user"]):
        await people.left(desk, event["user"]["id"])
    await ack()


async def _grants(desk: Desk) -> list[Grant]:
    async with desk.db.reading() as ask:
        return await ask.staff.list()
