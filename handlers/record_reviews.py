"""The second person: somebody else reads an anonymized record before the others may learn from it."""

from bot.domain.casework import TEXTS
from bot.domain.staff import Actor, Role
from bot.usecases import record_reviews
from bot.usecases.desk import Desk
from bot.usecases.record_reviews import RELEASED, REVIEW, WITHHELD, Opened
from handlers.forms import Form
from handlers.routing import Routes
from handlers.windows import Screen

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
async def read(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Read an anonymized record."""
    await screen.show(draw(await record_reviews.read(desk, actor, value), actor))


@routes.button("record.release", allow=REVIEW)
async def release(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Let the others learn from a record somebody else offered."""
    await record_reviews.decide(desk, actor, value, RELEASED)
    await _fresh(screen, actor, desk, value)


@routes.button("record.withhold", allow=REVIEW)
async def withhold(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Keep a record somebody else offered from the others."""
    await record_reviews.decide(desk, actor, value, WITHHELD)
    await _fresh(screen, actor, desk, value)


@routes.button("record.withdraw", allow=frozenset({Role.COORDINATOR}))
async def withdraw(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Take a record back that others could learn from; it stays kept."""
    await record_reviews.withdraw(desk, actor, value)
    await _fresh(screen, actor, desk, value)


async def _fresh(screen: Screen, actor: Actor, desk: Desk, record: str) -> None:
    """Draw the window as things are now, where it was pressed in one."""
    view = screen.view
    if view.get("type") == "modal":
        now = draw(await record_reviews.seen(desk, actor, record), actor)
        await screen.redraw(now)
