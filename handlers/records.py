"""The anonymized record: read, mended and confirmed by a person."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.entitlement import Act
from bot.domain.staff import Actor
from bot.usecases import reading, records
from bot.usecases.desk import Desk
from bot.usecases.records import TEXTS, Proposal
from handlers.callbacks import COUNSEL
from handlers.forms import TYPED, Answers, Form
from handlers.opening import closed_over, show_form
from handlers.routing import Routes
from handlers.wording import asking_to_keep, kept, offering, unmasked

routes = Routes()


def draw(
    proposal: Proposal,
    answers: Mapping[str, Any] | None = None,
    round_: int = 0,
    found: Mapping[str, str] | None = None,
) -> Form:
    """Draw the record for a person to read, mend and confirm."""
    c = proposal.consultation
    texts = answers if answers is not None else {name: getattr(proposal, name) for name in TEXTS}
    form = Form("record", answers=texts, round=round_, keep={"c": c.id})
    if found is not None:
        asking_to_keep(form, found)
    form.note("forms/record_opening", c=c)
    if any(len(texts.get(name) or "") > TYPED for name in TEXTS):
        form.note("forms/record_cut", most=TYPED)
    for name in TEXTS:
        form.text(name, optional=True, long=True)
    return form


@routes.button("record.open", allow=COUNSEL)
async def open_record(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    desk: Desk,
) -> None:
    """Read the anonymized record of a closed consultation, and confirm it."""
    await show_form(client, body, draw(await records.propose(desk, actor, action["value"])))
    await ack()


@routes.form("record.submit", allow=COUNSEL)
async def confirm(
    ack: AsyncAck, view: dict[str, Any], client: AsyncWebClient, actor: Actor, desk: Desk
) -> None:
    """Stand for the record; it stays when everything else has gone."""
    answers = unmasked(Answers.of(view), *TEXTS)
    consultation = await reading.one(desk, actor, answers.keep["c"], Act.RECORD)
    await offering(
        records.confirm(
            desk, actor, consultation.id, {name: answers.text(name) for name in TEXTS}, kept(answers)
        ),
        answers,
        lambda now, round_, found: draw(Proposal(consultation, "", "", "", ""), now.values, round_, found),
    )
    await closed_over(ack, client, view, actor, desk)
