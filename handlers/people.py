"""Roles: who works at the desk, granted and taken back by an admin; and Slack's own news about people."""

from typing import Any

from bot import codes
from bot.domain.refusals import Missing
from bot.domain.staff import Actor, Role
from bot.store.staff import Grant
from bot.usecases import people
from bot.usecases.desk import Desk
from handlers.directory import Directory
from handlers.forms import Answers, Form
from handlers.routing import Routes
from handlers.windows import Reply, Screen

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
async def command(screen: Screen, desk: Desk) -> None:
    """Grant a role of the desk, or take one back."""
    await screen.show(draw(await _grants(desk)))


@routes.button("roles.open", allow=ADMINISTER)
async def button(screen: Screen, desk: Desk) -> None:
    """Grant a role of the desk, or take one back, from the Home."""
    await screen.show(draw(await _grants(desk)))


@routes.form("roles.submit", allow=ADMINISTER)
async def submit(view: dict[str, Any], actor: Actor, desk: Desk, directory: Directory) -> Reply:
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
    return draw(await _grants(desk))


@routes.event("user_change")
async def user_change(event: dict[str, Any], desk: Desk, directory: Directory) -> None:
    """Slack says that somebody changed: who was deactivated, or became a guest, holds nothing from now on."""
    if directory.heard_of(event["user"]):
        await people.left(desk, event["user"]["id"])


async def _grants(desk: Desk) -> list[Grant]:
    async with desk.db.reading() as ask:
        return await ask.staff.list()
