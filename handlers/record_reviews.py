"""The second person: somebody else reads an anonymized record before the others may learn from it."""

from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.casework import TEXTS
from bot.domain.staff import Actor, Role
from bot.usecases import record_reviews
from bot.usecases.desk import Desk
from bot.usecases.record_reviews import RELEASED, REVIEW, WITHHELD, Opened
from handlers.forms import Form
from handlers.opening import show_form
from handlers.routing import Routes

routes = Routes()


def draw(opened: Opened, actor: Actor) -> Form:
    """Draw a record that was kept, and what this person may say about it."""
    record, review = opened.record, opened.review
    own = actor.id in {record.confirmed_by, review.offered_by if review else None}
    return Form("record_kept", keep={"r": record.id}).note(
        "forms/record_kept",
        r=record,
        review=review,
        texts={name: text for name in TEXTS if (text := getattr(record, name))},
        own=own,
        named=opened.named,
        decided_here=review is not None and actor.id == review.reviewed_by,
        coordinates=actor.has(Role.COORDINATOR),
    )


@routes.button("record.read", allow=REVIEW)
async def read(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    desk: Desk,
) -> None:
    """Read an anonymized record."""
    await show_form(client, body, draw(await record_reviews.read(desk, actor, action["value"]), actor))
    await ack()


@routes.button("record.release", allow=REVIEW)
async def release(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    desk: Desk,
) -> None:
    """Let the others learn from a record somebody else offered."""
    await record_reviews.decide(desk, actor, action["value"], RELEASED)
    await _fresh(client, body, actor, desk, action["value"])
    await ack()


@routes.button("record.withhold", allow=REVIEW)
async def withhold(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    desk: Desk,
) -> None:
    """Keep a record somebody else offered from the others."""
    await record_reviews.decide(desk, actor, action["value"], WITHHELD)
    await _fresh(client, body, actor, desk, action["value"])
    await ack()


@routes.button("record.withdraw", allow=frozenset({Role.COORDINATOR}))
async def withdraw(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    desk: Desk,
) -> None:
    """Take a record back that others could learn from; it stays kept."""
    await record_reviews.withdraw(desk, actor, action["value"])
    await _fresh(client, body, actor, desk, action["value"])
    await ack()


async def _fresh(client: AsyncWebClient, body: dict[str, Any], actor: Actor, desk: Desk, record: str) -> None:
    """Draw the window as things are now, where it was pressed in one."""
    view = body.get("view") or {}
    if view.get("type") == "modal":
        now = draw(await record_reviews.seen(desk, actor, record), actor)
        await client.views_update(view_id=view["id"], view=now.view())
