"""The anonymized record: read, mended and confirmed by a person."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.casework import TEXTS
from bot.domain.consultation import Consultation
from bot.domain.entitlement import Act
from bot.domain.staff import Actor
from bot.privacy.uniqueness import SEARCH_K
from bot.usecases import reading, records
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import Desk, Identified
from bot.usecases.records import ABOUT, DRAFT, READ, Proposal, Said, Unusual, save_draft
from handlers.callbacks import COUNSEL, options_of
from handlers.drafts import keep_closed
from handlers.forms import TYPED, Answers, Form, Option
from handlers.opening import closed_over, show_form
from handlers.replies import Offer
from handlers.routing import Routes
from handlers.standing import STANDING, Looked, answered, looked
from handlers.wording import Masked, asking_to_keep, confirmed_for_good, keeping, masked_in, unmasked

routes = Routes()

OFFERED = "offered"
BOXES, LETTERS = "boxes", "letters"  # what a draft keeps besides the answers
NOT_SAID = "not_said"  # instead of a code, where somebody rather leaves a fact out
KEPT_WITH = ("purpose", "agreement")
# What was masked, as it is told: by kind, never by name.
TOLD_AS = {
    "PERSON": "name", "ADDRESS": "place", "FACILITY": "agency", "ORG": "agency", "AGE": "time", "DATE": "time",
    "DATE_OF_BIRTH": "time",
}  # fmt: skip


def draw(
    proposal: Proposal,
    answers: Mapping[str, Any] | None = None,
    round_: int = 0,
    found: Masked | None = None,
    look: Looked | None = None,
    *,
    quiet: bool = False,
    more: int = 0,
) -> Form:
    """Draw the record for a person to read, mend and confirm.

    `answers`: as they were sent, where it comes back; `found`: what was masked in them, and whether nothing is to be
    said about it (`quiet`); `look`: texts and boxes; `more`: how many unusual facts were found in what was sent.
    """
    c, draft = proposal.consultation, proposal.draft
    if draft and answers is None:
        answers = draft.answers
        look = answered(Answers(draft.answers, {}, {STANDING: _listed(answers.get(BOXES))}), TEXTS)
    look = look or looked({name: getattr(proposal, name) for name in TEXTS}, proposal.unusual)
    given = _prefilled(proposal) if answers is None else dict(answers)
    given |= {**look.texts, STANDING: look.chosen}
    form = Form("record", answers=given, round=round_, keep=_carried(proposal), tell_when_closed=True)
    if found is not None and not quiet:
        asking_to_keep(form, found, stays=True)
    if more:
        form.note("refusals/unusual", places=more)
    form.note(
        "forms/record_opening", c=c, found=_grouped(proposal), again=round_ > 0, doubtful=look.doubtful,
        drafted=draft.saved_by if draft else None,
    )  # fmt: skip
    if proposal.cut or any(len(text) > TYPED for text in look.texts.values()):
        form.note("forms/record_cut", most=READ)
    for name in TEXTS:
        form.text(name, optional=True, long=True)
    if found is None or quiet:
        shown = Identified(proposal.seen, proposal.own, proposal.namesakes)
        keeping(form, found or masked_in(Answers({}, {}), shown)[1])
    if look.boxes:
        form.note("forms/record_unusual", too_long=look.too_long)
    if look.options:
        form.choices(STANDING, look.options, optional=True, boxes=True)
    form.line().note("forms/record_about", alike=proposal.alike, enough=SEARCH_K)
    for name in ABOUT:
        if options := _choices(form, name, c):
            form.choice(name, options, optional=True)
    for name in KEPT_WITH:
        form.choice(name, options_of(records.CHOICES[name]), radio=True)
    return form.choices(OFFERED, [(OFFERED, form.word("offer"))], optional=True, boxes=True)


def _listed(values: object) -> tuple[str, ...]:
    return tuple(map(str, values)) if isinstance(values, list) else ()


def _grouped(proposal: Proposal) -> dict[str, int]:
    """How many places of each kind were masked."""
    spans = (span for seen in proposal.seen.values() for span in seen.spans)
    return dict(Counter(TOLD_AS.get(str(span.label), "number") for span in spans))


def _prefilled(proposal: Proposal) -> dict[str, Any]:
    told = {name: getattr(proposal, name) or NOT_SAID for name in ABOUT}
    return {**told, "purpose": "support"}


def _choices(form: Form, name: str, c: Consultation) -> list[Option]:
    """What may be said of it; the theme is one of what was asked about."""
    options = options_of(records.CHOICES[name])
    if name == "theme":
        options = [each for each in options if each[0] in c.concerns]
    return [*options, (NOT_SAID, form.word("not_said"))] if options else []


def _carried(proposal: Proposal) -> dict[str, Any]:
    """What the form has to know when it comes back: ids, codes and numbers."""
    letters = {LETTERS: proposal.letters} if proposal.letters else {}
    return {"c": proposal.consultation.id, **letters}


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
    sent = Answers.of(view)
    answers = unmasked(sent, *TEXTS)
    consultation = await reading.one(desk, actor, answers.keep["c"], Act.RECORD)
    look = answered(answers, TEXTS)
    texts = {name: replace(answers, values=dict(look.texts)).text(name) for name in TEXTS}
    look = replace(look, texts=texts)
    said = _said(answers, look, confirmed_for_good(sent, *TEXTS))
    again = await _again(desk, consultation, answers, said)
    values, earlier = masked_in(answers, Identified({}))
    if look.doubtful:
        raise Offer(draw(again, values.values, answers.round + 1, earlier, look, quiet=True).view())
    try:
        await records.confirm(desk, actor, consultation.id, texts, said)
    except Identified as refused:
        masked, found = masked_in(replace(answers, values={**answers.values, **texts}), refused)
        look = replace(look, texts={name: masked.values[name] for name in TEXTS})
        raise Offer(draw(again, masked.values, answers.round + 1, found, look).view()) from None
    except Unusual as refused:
        look = look.removing(refused.found)
        form = draw(again, values.values, answers.round + 1, earlier, look, quiet=True, more=refused.places)
        raise Offer(form.view()) from None
    await closed_over(ack, client, view, actor, desk)


@routes.closing("record.submit", allow=COUNSEL)
async def closed(ack: AsyncAck, view: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Keep what was made of the record so far when its window is closed; what is as it was drawn up needs no draft."""
    answers = Answers.of(view)
    typed = {name: str(answers.values.get(name) or "") for name in TEXTS}
    if answers.round or any(text != answers.began.get(name, "") for name, text in typed.items()):
        beside = {BOXES: list(answers.shown.get(STANDING, ())), LETTERS: answers.keep.get(LETTERS, "")}
        answers = replace(answers, values={**answers.values, **beside})
        await keep_closed(desk, actor, DRAFT, answers, TEXTS, save_draft)
    await ack()


def _said(answers: Answers, look: Looked, names: Confirmed) -> Said:
    told = {name: code for name in ABOUT if (code := answers.code(name)) != NOT_SAID}
    return Said(
        **told,
        purpose=answers.code("purpose"),
        agreement=answers.code("agreement"),
        offered=OFFERED in answers.chosen(OFFERED),
        standing=look.stays,
        letters=str(answers.keep.get(LETTERS, "")),
        names=names,
    )


async def _again(desk: Desk, consultation: Consultation, answers: Answers, said: Said) -> Proposal:
    """What the form says besides the answers, when it comes back."""
    return Proposal(
        consultation,
        letters=str(answers.keep.get(LETTERS, "")),
        alike=await records.alike(desk, consultation, said),
    )
