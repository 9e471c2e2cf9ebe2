"""What is held back from being destroyed, and the certificate of what was destroyed."""

from datetime import date, datetime
from typing import Any

from bot import messages
from bot.domain.consultation import Consultation
from bot.domain.entitlement import Act
from bot.domain.staff import Actor, Role
from bot.usecases import expiry
from bot.usecases.desk import Desk
from handlers.callbacks import options_of
from handlers.forms import Answers, Form
from handlers.opening import closed_over, fresh, opener
from handlers.replies import small_window
from handlers.routing import Routes
from handlers.windows import Screen

routes = Routes()

KEEPERS = frozenset({Role.COORDINATOR, Role.PRIVACY_OFFICER, Role.ADMIN})


def draw(consultation: Consultation) -> Form:
    """Draw the form that asks why it is held back."""
    form = Form("hold", keep={"c": consultation.id}).note("forms/hold_opening", c=consultation)
    return form.choice("reason", options_of("hold_reasons"))


opener(
    routes,
    "hold.open",
    "Hold a consultation back from being destroyed when its time is over.",
    allow=KEEPERS,
    act=Act.HOLD,
    draw=draw,
)


@routes.form("hold.submit", allow=KEEPERS)
async def hold(view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> None:
    """Hold it back, for the reason given."""
    answers = Answers.of(view)
    await expiry.hold(desk, actor, answers.keep["c"], answers.code("reason"))
    await closed_over(screen, view, actor, desk)


@routes.button("hold.lift", allow=KEEPERS)
async def lift(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Hold it back no more."""
    await expiry.lift(desk, actor, value)
    await fresh(screen, actor, desk)


@routes.button("clock.right", allow=KEEPERS)
async def clock_is_right(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Somebody says that the desk's date is right: what is due by it may go."""
    await expiry.clock_is_right(desk, actor, datetime.fromisoformat(value))
    await small_window(screen, messages.words("forms/clock_is_right"))


@routes.button("destruction.paper", allow=KEEPERS)
async def print_certificate(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Make the certificate of what was destroyed on a day; it comes to the direct message of whoever pressed."""
    day = date.fromisoformat(value)
    await expiry.paper(desk, actor, day, day, once=screen.press)
    await small_window(screen, messages.words("forms/paper_comes"))
