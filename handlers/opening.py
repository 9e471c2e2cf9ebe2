"""Windows over windows: a form about a consultation opens over its details, and the details are fresh after it."""

import contextlib
import json
from collections.abc import Callable
from typing import Any

from bot.answers import SLACK_TROUBLE
from bot.domain.casework import Written
from bot.domain.consultation import ENDED, Consultation
from bot.domain.entitlement import Act
from bot.domain.refusals import Refused
from bot.domain.staff import Actor, Role
from bot.usecases import reading
from bot.usecases.desk import Desk
from handlers.detail_view import draw as draw_details
from handlers.forms import Form
from handlers.routing import Routes
from handlers.windows import Screen


def opener(
    routes: Routes,
    name: str,
    about: str,
    *,
    allow: frozenset[Role] | None,
    act: Act,
    draw: Callable[[Consultation], Form],
) -> None:
    """Let a button open a form about a consultation, for whoever may do `act` to it. `about` is its help text."""

    async def open_form(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
        consultation = await reading.one(desk, actor, value, act)
        await screen.show(draw(consultation))

    open_form.__doc__ = about
    routes.button(name, allow=allow)(open_form)


async def closed_over(screen: Screen, view: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Close the sent form; where the details lie beneath it, show them as they are now."""
    beneath = view.get("previous_view_id") or view.get("root_view_id")
    if beneath and beneath != view["id"]:
        await refresh(screen, beneath, view, actor, desk)


async def fresh(screen: Screen, actor: Actor, desk: Desk) -> None:
    """Where a button was pressed in a window about a consultation, draw that window as things are now."""
    view = screen.view
    if screen.in_window:
        await refresh(screen, view["id"], view, actor, desk)


async def refresh(screen: Screen, view_id: str, view: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Draw a window again. One that is gone, or no longer theirs to see, is left alone: what was asked is done."""
    consultation = json.loads(view.get("private_metadata") or "{}").get("c")
    if not consultation:
        return
    with contextlib.suppress(Refused, *SLACK_TROUBLE):
        if view["callback_id"] == "own.submit":
            form = draw_own(*await reading.own_words(desk, actor, consultation))
        elif view["callback_id"] == "entered.submit":
            form = Form("entered", keep={"c": consultation}).note("forms/entered_withdrawn")
        else:
            form = draw_details(await reading.details(desk, actor, consultation), actor)
        await screen.client.views_update(view_id=view_id, view=form.view())


def draw_own(consultation: Consultation, written: list[Written]) -> Form:
    """Draw a supporter's own consultation. Where Slack would not take it all, the newest words stay."""
    shown = len(written)
    while True:
        form = Form("own", keep={"c": consultation.id})
        form.note(
            "forms/own",
            c=consultation,
            ended=consultation.status in ENDED,
            advised=any(each.kind in {"advice", "closing"} for each in written),
            written=written[len(written) - shown :],
            earlier=len(written) - shown,
        )
        if form.fits() or shown <= 1:
            return form
        shown = shown * 3 // 4
