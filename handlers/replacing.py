"""A name was left in a record: saying so, and writing the record anew."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.casework import TEXTS, Record
from bot.domain.staff import Actor
from bot.usecases import replacing
from bot.usecases.desk import Desk, Identified
from bot.usecases.record_reviews import REVIEW
from bot.usecases.records import Unusual
from bot.usecases.replacing import COORDINATE
from handlers.forms import Answers, Form
from handlers.opening import show_form
from handlers.replies import Offer
from handlers.routing import Routes
from handlers.standing import STANDING, Looked, answered, looked
from handlers.wording import Masked, asking_to_keep, confirmed_for_good, keeping, masked_in, unmasked

routes = Routes()

OFFERED = "offered"


@routes.button("record.name", allow=REVIEW)
async def name(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    desk: Desk,
) -> None:
    """Say that a name was left in a record; its author and the coordinators hear of it."""
    await replacing.name(desk, actor, action["value"])
    view = body.get("view") or {}
    if view.get("type") == "modal":
        await client.views_update(view_id=view["id"], view=draw_thanks().view())
    await ack()


@routes.button("record.replace", allow=COORDINATE)
async def open_again(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    desk: Desk,
) -> None:
    """Write a record anew in which a name was left."""
    record, was_offered = await replacing.open_again(desk, actor, action["value"])
    await show_form(client, body, draw(record, was_offered=was_offered))
    await ack()


@routes.form("record_replace.submit", allow=COORDINATE)
async def send(ack: AsyncAck, view: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Let the new record stand in the place of the old one, whose words are erased."""
    sent = Answers.of(view)
    answers = unmasked(sent, *TEXTS)
    look = answered(answers, TEXTS)
    texts = {each: replace(answers, values=dict(look.texts)).text(each) for each in TEXTS}
    look = replace(look, texts=texts)
    values, earlier = masked_in(answers, Identified({}))
    try:
        await replacing.in_its_place(
            desk,
            actor,
            answers.keep["r"],
            texts,
            names=confirmed_for_good(sent, *TEXTS),
            standing=look.stays,
            offered=OFFERED in answers.chosen(OFFERED),
        )
    except Identified as refused:
        masked, found = masked_in(replace(answers, values={**answers.values, **texts}), refused)
        look = replace(look, texts={each: masked.values[each] for each in TEXTS})
        raise Offer(_drawn(masked.values, answers, look, found).view()) from None
    except Unusual as refused:
        raise Offer(
            _drawn(values.values, answers, look.removing(refused.found), earlier, quiet=True).view()
        ) from None
    await ack(response_action="update", view=draw_done().view())


def draw(record: Record, *, was_offered: bool) -> Form:
    """Draw a record to be written anew, from its own texts."""
    form = Form("record_replace", answers=_given(record, was_offered=was_offered), keep={"r": record.id})
    form.note("forms/record_replace")
    return _texts(form, Masked(), looked({each: getattr(record, each) for each in TEXTS}, {}), asked=True)


def draw_done() -> Form:
    """Draw what is said when it was written anew."""
    return Form("record_replaced").note("forms/record_replaced")


def draw_thanks() -> Form:
    """Draw what is said to whoever saw that a name was left."""
    return Form("record_named").note("forms/record_named")


def _given(record: Record, *, was_offered: bool) -> dict[str, Any]:
    return {**{each: getattr(record, each) for each in TEXTS}, OFFERED: [OFFERED] if was_offered else []}


def _drawn(
    values: Mapping[str, Any], answers: Answers, look: Looked, found: Masked, *, quiet: bool = False
) -> Form:
    """Draw it again, with what was found in it."""
    given = {**values, **look.texts, STANDING: look.chosen}
    form = Form("record_replace", answers=given, round=answers.round + 1, keep={"r": answers.keep["r"]})
    if not quiet:
        asking_to_keep(form, found, stays=True)
    return _texts(form, found, look, asked=quiet)


def _texts(form: Form, found: Masked, look: Looked, *, asked: bool) -> Form:
    for each in TEXTS:
        form.text(each, optional=True, long=True)
    if asked:
        keeping(form, found)
    if look.boxes:
        form.note("forms/record_unusual", too_long=look.too_long)
    if look.options:
        form.choices(STANDING, look.options, optional=True, boxes=True)
    return form.choices(OFFERED, [(OFFERED, form.word("offer"))], optional=True, boxes=True)
