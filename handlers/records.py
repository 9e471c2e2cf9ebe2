"""The anonymized record: read, mended and confirmed by a person."""

from collections import Counter
from dataclasses import replace
from functools import partial
from typing import Any

from bot.domain.casework import TEXTS
from bot.domain.consultation import Consultation
from bot.domain.entitlement import Act
from bot.domain.staff import Actor
from bot.privacy.uniqueness import SEARCH_K
from bot.usecases import reading, records
from bot.usecases.desk import Desk, Identified
from bot.usecases.records import ABOUT, DRAFT, READ, Proposal, Said, save_draft
from handlers.callbacks import COUNSEL, options_of
from handlers.drafts import keep_closed
from handlers.forms import TYPED, Answers, Form, Option
from handlers.opening import closed_over
from handlers.record_texts import Back, Sent, say_why, texts
from handlers.routing import Routes
from handlers.standing import STANDING, answered, looked
from handlers.windows import Screen
from handlers.wording import Masked, masked_in

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


def draw(proposal: Proposal, back: Back | None = None) -> Form:
    """Draw the record for a person to read, mend and confirm. `back`: as it was sent, where it comes back."""
    c, draft = proposal.consultation, proposal.draft
    given = dict(back.values) if back else _prefilled(proposal)
    look = looked({name: getattr(proposal, name) for name in TEXTS}, proposal.unusual)
    if back:
        look = back.look
    elif draft:
        given = dict(draft.answers)
        look = answered(Answers(given, {}, {STANDING: _listed(given.get(BOXES))}), TEXTS)
    given |= {**look.texts, STANDING: look.chosen}
    form = Form(
        "record",
        answers=given,
        round=back.round if back else 0,
        keep=_carried(proposal),
        tell_when_closed=True,
    )
    if back:
        say_why(form, back)
    form.note(
        "forms/record_opening", c=c, found=_grouped(proposal), again=back is not None,
        drafted=draft.saved_by if draft else None,
    )  # fmt: skip
    if proposal.cut or any(len(text) > TYPED for text in look.texts.values()):
        form.note("forms/record_cut", most=READ)
    texts(form, look, _masked(proposal, back))
    form.line().note("forms/record_about", alike=proposal.alike, enough=SEARCH_K)
    for name in ABOUT:
        if options := _choices(form, name, c):
            form.choice(name, options, optional=True)
    for name in KEPT_WITH:
        form.choice(name, options_of(records.CHOICES[name]), radio=True)
    return form.choices(OFFERED, [(OFFERED, form.word("offer"))], optional=True, boxes=True)


def _masked(proposal: Proposal, back: Back | None) -> Masked | None:
    """What is masked in the texts, unless the form asks about it above them."""
    if back:
        return back.found if back.quiet else None
    return masked_in(Answers({}, {}), Identified(proposal.seen, proposal.own, proposal.namesakes))[1]


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
async def open_record(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Read the anonymized record of a closed consultation, and confirm it."""
    await screen.show(draw(await records.propose(desk, actor, value)))


@routes.form("record.submit", allow=COUNSEL)
async def confirm(view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> None:
    """Stand for the record; it stays when everything else has gone."""
    sent = Sent.of(view)
    consultation = await reading.one(desk, actor, sent.answers.keep["c"], Act.RECORD)
    said = _said(sent)
    again = await _again(desk, consultation, sent.answers, said)
    await sent.taken(
        lambda: records.confirm(desk, actor, consultation.id, sent.look.texts, said), partial(draw, again)
    )
    await closed_over(screen, view, actor, desk)


@routes.closing("record.submit", allow=COUNSEL)
async def closed(view: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Keep what was made of the record so far when its window is closed; what is as it was drawn up needs no draft."""
    answers = Answers.of(view)
    typed = {name: str(answers.values.get(name) or "") for name in TEXTS}
    if answers.round or any(text != answers.began.get(name, "") for name, text in typed.items()):
        beside = {BOXES: list(answers.shown.get(STANDING, ())), LETTERS: answers.keep.get(LETTERS, "")}
        answers = replace(answers, values={**answers.values, **beside})
        await keep_closed(desk, actor, DRAFT, answers, TEXTS, save_draft)


def _said(sent: Sent) -> Said:
    answers = sent.answers
    told = {name: code for name in ABOUT if (code := answers.code(name)) != NOT_SAID}
    return Said(
        **told,
        purpose=answers.code("purpose"),
        agreement=answers.code("agreement"),
        offered=OFFERED in answers.chosen(OFFERED),
        standing=sent.look.stays,
        letters=str(answers.keep.get(LETTERS, "")),
        names=sent.names,
    )


async def _again(desk: Desk, consultation: Consultation, answers: Answers, said: Said) -> Proposal:
    """What the form says besides the answers, when it comes back."""
    return Proposal(
        consultation,
        letters=str(answers.keep.get(LETTERS, "")),
        alike=await records.alike(desk, consultation, said),
    )
