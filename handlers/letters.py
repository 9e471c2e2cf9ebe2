"""Direct messages to the bot."""

from typing import Any

from bot.domain.staff import Actor
from bot.usecases import letters
from bot.usecases.desk import Desk
from handlers.callbacks import COUNSEL
from handlers.forms import Form
from handlers.intake import draw
from handlers.routing import Routes
from handlers.windows import Screen
from handlers.wording import typed

routes = Routes()


@routes.event("message")
async def message(event: dict[str, Any], desk: Desk) -> None:
    """Somebody wrote to the bot: kept before it is acknowledged, answered by the inbox."""
    if event.get("channel_type") == "im" and is_a_persons(event):
        await letters.listen(desk, as_written(event, event["channel"]))


def is_a_persons(message_: dict[str, Any]) -> bool:
    """Whether a person wrote these words just now: no edit, no bot, no join notice."""
    return bool(
        message_.get("user")
        and not message_.get("bot_id")
        and message_.get("subtype") in {None, "file_share", "thread_broadcast", "me_message"}
    )


def as_written(message_: dict[str, Any], channel: str) -> dict[str, Any]:
    """What is kept of a message: who, when, where, and the words as they were typed."""
    return {
        "user": message_["user"],
        "ts": message_["ts"],
        "channel": channel,
        "text": typed(message_.get("text", "")),
    }


@routes.button("letter.ask")
async def ask(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Open the form with what was written in it."""
    words = await letters.own_words(desk, actor, value)
    await screen.show(draw(desk.organisation, {"story": words}))


@routes.button("letter.open", allow=COUNSEL)
async def open_letter(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Read a message that speaks of danger."""
    letter = await letters.opened_by_duty(desk, actor, value)
    form = Form("letter").note("forms/letter", letter=letter)
    await screen.show(form)
