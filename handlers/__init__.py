"""Everything people can ask of the desk. Add a feature by adding its `routes` here."""

import json
import logging
import re
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.events import Event
from bot.domain.refusals import NotAllowed, Outsider, Refused, SharedChannel
from bot.domain.staff import Actor
from bot.store.trouble import StorageTrouble
from bot.usecases.desk import Desk
from handlers import (
    activities,
    advice_models,
    advice_reviews,
    agencies,
    agreements,
    announcing,
    briefs,
    callbacks,
    certificates,
    check_in,
    closing,
    contacts,
    details,
    entries,
    experts,
    expiry,
    feedback,
    figures,
    following,
    gaps,
    hearing,
    home,
    intake,
    inviting,
    letters,
    linkage,
    meetings,
    municipalities,
    packages,
    papers,
    people,
    precedents,
    proxy,
    record_reviews,
    records,
    releases,
    replacing,
    review_notes,
    reviews,
    roster,
    seats,
    seats_entry,
    sittings,
    telling,
    trainings,
)
from handlers.directory import Directory
from handlers.replies import Offer, answered, explained
from handlers.routing import connect
from handlers.windows import Screen, still_in_its_place

log = logging.getLogger(__name__)

FEATURES = (
    linkage, agreements, packages,
    intake, proxy, letters, telling, home, callbacks, contacts, details, hearing, activities, closing, records, record_reviews, replacing, following, papers, precedents,
    people,
    expiry,
    meetings, inviting,
    seats, seats_entry,
    check_in, roster,
    trainings, announcing,
    feedback, certificates, figures,
    releases,
    entries, agencies, municipalities, experts, gaps,
    reviews, briefs, sittings, review_notes,
    advice_reviews, advice_models,
)  # fmt: skip
ROUTES = [route for feature in FEATURES for route in feature.routes.routes]
ID = re.compile(r"[A-Za-z0-9_.#/-]{1,100}")
SILENT = {"user_change", "team_join", "app_home_opened", "message"}


def install(app: AsyncApp, desk: Desk, directory: Directory) -> None:
    """Give the app its routes, who is asking, and one place that answers refusals."""

    @app.middleware
    async def introduce(
        context: AsyncBoltContext,
        body: dict[str, Any],
        client: AsyncWebClient,
        next: Callable[[], Awaitable[Any]],  # noqa: A002
    ) -> None:
        """Give every handler `desk`, `actor` and `screen` by name; turn away whoever does not belong."""
        context["screen"] = Screen(client, body)
        context["desk"] = desk
        context["directory"] = directory
        if _event(body) in {"user_change", "team_join"}:  # news about somebody, asked by nobody
            context["actor"] = Actor(context.user_id or "slack")
        else:
            context["actor"] = await directory.actor(context.user_id or "")
            await directory.must_be_inside(context.channel_id, answered_apart="command" in body)
        await next()

    @app.error
    async def explain(error: Exception, body: dict[str, Any], context: AsyncBoltContext) -> BoltResponse:
        """Answer a refusal in words. Whatever else went wrong is ours: it gets a number, and the words stay."""
        if isinstance(error, Offer):
            return answered(still_in_its_place(body.get("view") or {}, error.view))
        if not isinstance(error, Refused):
            number = secrets.token_hex(2).upper()
            log.error("something broke %s: %s", number, type(error).__name__, exc_info=_traced(error))
            error = Broken(number)
        elif isinstance(error, NotAllowed | Outsider | SharedChannel):
            await _noted(desk, context.user_id, type(error).__name__, body)
        if (event := _event(body)) and isinstance(error, StorageTrouble | Broken):
            return BoltResponse(status=500)  # unacknowledged: Slack brings it again
        if event in SILENT:
            return BoltResponse(status=200)
        return await explained(error, context["screen"], context, desk.db.clock())

    connect(app, ROUTES)


class Broken(Refused):
    """Something broke that is ours to fix; `number` stands in the log."""

    template = "refusals/broken"

    def __init__(self, number: str) -> None:
        self.number = number
        super().__init__(number)


def _event(body: dict[str, Any]) -> str | None:
    event = body.get("event")
    return str(event.get("type")) if isinstance(event, dict) else None


def _traced(error: Exception) -> Any:
    """The way the error came, without its words: they might hold somebody's."""
    bare = RuntimeError(type(error).__name__).with_traceback(error.__traceback__)
    return (RuntimeError, bare, error.__traceback__)


async def _noted(desk: Desk, user_id: str | None, why: str, body: dict[str, Any]) -> None:
    """Note who was turned away from what. Who wrote a message is answered, once a day."""
    answer = _event(body) == "message"
    try:
        async with desk.db.transaction(Actor(user_id or "unknown")) as tx:
            await tx.audit.record(Event.REFUSED, user_id or "unknown", why=why, **_asked_for(body))
            if answer and user_id and why == Outsider.__name__:
                day = tx.now.date().isoformat()
                await tx.outbox.add("outsider", to=user_id, key=f"outsider:{user_id}:{day}")
    except StorageTrouble:
        log.warning("a refusal could not be noted")


def _asked_for(body: dict[str, Any]) -> dict[str, str]:
    """What was asked for, and about which row: as ids, never as anything that was typed."""
    if actions := body.get("actions"):
        asked, about = actions[0].get("action_id"), actions[0].get("value")
    elif view := body.get("view"):
        asked, about = view.get("callback_id"), json.loads(view.get("private_metadata") or "{}").get("c")
    else:
        asked, about = body.get("callback_id") or _event(body), None
    given = {"asked": asked, "about": about}
    return {name: value for name, value in given.items() if isinstance(value, str) and ID.fullmatch(value)}
