"""A review while it is held: its opening card, its steps one after the other, its end."""

from collections.abc import Awaitable, Callable

from bot.domain.staff import Actor
from bot.usecases import sittings
from bot.usecases.desk import Desk
from bot.usecases.sittings import Room
from handlers.forms import Form
from handlers.review_papers import INVITED, MINE
from handlers.routing import Routes
from handlers.windows import Screen

routes = Routes()


def draw(room: Room) -> Form:
    """Draw the opening card: what was promised to each other, the steps, and the end."""
    return Form("review_room", keep={"r": room.review.id}).note(
        "forms/review_room",
        r=room.review,
        c=room.consultation,
        s=room.seat,
        steps=room.steps,
        step=room.step,
        over=room.over,
        brief=room.brief,
        leads=room.leads,
        writes=room.writes,
    )


@routes.button("sitting.open", allow=INVITED)
async def enter(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Open the card of a case review: what was promised to each other, the steps, one's own part."""
    await screen.show(draw(await sittings.enter(desk, actor, value)), instead_of=MINE)


def _acts(name: str, act: Callable[[Desk, Actor, str], Awaitable[None]], about: str) -> None:
    """Let a button do something to a review that is held; pressed in its window, that shows how it stands."""

    async def press(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
        await act(desk, actor, value)
        if screen.in_window:
            room = await sittings.enter(desk, actor, value.partition("/")[0])
            await screen.show(draw(room), instead_of=MINE)

    press.__doc__ = about
    routes.button(name, allow=INVITED)(press)


async def _next(desk: Desk, actor: Actor, value: str) -> None:
    review_id, _, step = value.partition("/")
    await sittings.go_on(desk, actor, review_id, int(step))


_acts("sitting.begin", sittings.begin, "Let a case review begin.")
_acts("sitting.next", _next, "Go on to the next step of a case review.")
_acts("sitting.end", sittings.end, "Let a case review end.")
