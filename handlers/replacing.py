"""A name was left in a record: saying so, and writing the record anew."""

from functools import partial
from typing import Any

from bot.domain.casework import TEXTS, Record
from bot.domain.staff import Actor
from bot.usecases import replacing
from bot.usecases.desk import Desk
from bot.usecases.record_reviews import REVIEW
from bot.usecases.replacing import COORDINATE
from handlers.forms import Form
from handlers.record_texts import Back, Sent, say_why, texts
from handlers.routing import Routes
from handlers.standing import STANDING, Looked, looked
from handlers.windows import Reply, Screen
from handlers.wording import Masked

routes = Routes()

OFFERED = "offered"


@routes.button("record.name", allow=REVIEW)
async def name(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Say that a name was left in a record; its author and the coordinators hear of it."""
    await replacing.name(desk, actor, value)
    view = screen.view
    if view.get("type") == "modal":
        await screen.redraw(draw_thanks())


@routes.button("record.replace", allow=COORDINATE)
async def open_again(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Write a record anew in which a name was left."""
    record, was_offered = await replacing.open_again(desk, actor, value)
    await screen.show(draw(record, was_offered=was_offered))


@routes.form("record_replace.submit", allow=COORDINATE)
async def send(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Let the new record stand in the place of the old one, whose words are erased."""
    sent = Sent.of(view)
    record = sent.answers.keep["r"]

    async def act() -> None:
        await replacing.in_its_place(
            desk,
            actor,
            record,
            sent.look.texts,
            names=sent.names,
            standing=sent.look.stays,
            offered=OFFERED in sent.answers.chosen(OFFERED),
        )

    await sent.taken(act, partial(draw_again, record))
    return draw_done()


def draw(record: Record, *, was_offered: bool) -> Form:
    """Draw a record to be written anew, from its own texts."""
    look = looked({each: getattr(record, each) for each in TEXTS}, {})
    given = {**look.texts, OFFERED: [OFFERED] if was_offered else []}
    form = Form("record_replace", answers=given, keep={"r": record.id}).note("forms/record_replace")
    return _fields(form, look, Masked())


def draw_again(record: str, back: Back) -> Form:
    """Draw it once more, as it was sent and with what was found in it."""
    given = {**back.values, **back.look.texts, STANDING: back.look.chosen}
    form = Form("record_replace", answers=given, round=back.round, keep={"r": record})
    say_why(form, back)
    return _fields(form, back.look, back.found if back.quiet else None)


def draw_done() -> Form:
    """Draw what is said when it was written anew."""
    return Form("record_replaced").note("forms/record_replaced")


def draw_thanks() -> Form:
    """Draw what is said to whoever saw that a name was left."""
    return Form("record_named").note("forms/record_named")


def _fields(form: Form, look: Looked, found: Masked | None) -> Form:
    texts(form, look, found)
    return form.choices(OFFERED, [(OFFERED, form.word("offer"))], optional=True, boxes=True)
