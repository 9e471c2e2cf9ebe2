"""同意: noted as it was said, and taken back."""

from datetime import date, timedelta
from typing import Any

from bot.domain.agreement import Agreement, Withdrawal
from bot.domain.handover import Package
from bot.domain.refusals import Missing
from bot.domain.staff import Actor
from bot.organisation import Organisation
from bot.usecases import agreements, handovers
from bot.usecases.agreements import Asked
from bot.usecases.desk import Desk
from bot.usecases.handover_ways import MOST, Office
from bot.usecases.handovers import Overview
from handlers import linkage
from handlers.callbacks import COUNSEL, options_of
from handlers.directory import Directory
from handlers.forms import BOXES, Answers, Form
from handlers.routing import Routes
from handlers.windows import Reply, Screen, id_of, still_in_its_place

routes = Routes()

USUALLY = timedelta(days=182)
PLACES = (1, 2)
ALL, SOME = "all", "some"


def draw(told: Overview, organisation: Organisation) -> Form:
    """Draw the form for what somebody was asked and said."""
    usual = {"given_on": told.day.isoformat(), "until": (told.day + USUALLY).isoformat(), "answer": "given"}
    form = Form("agreement", keep={"c": told.consultation.id}, answers=usual)
    form.note("forms/agreement_opening", o=told)
    form.choice("answer", options_of("agreement_answers"), radio=True)
    form.choice("who", options_of("agreement_people"))
    form.day("given_on")
    form.choice("how", options_of("agreement_ways"), optional=True)
    form.choice("relation", options_of("agreement_relations"), optional=True)
    form.day("until", optional=True)
    form.choices("fields", options_of("handover_fields"), optional=True)
    form.line().note("forms/agreement_receivers", agencies=bool(told.agencies))
    form.choice("meeting", linkage.meetings(), optional=True)
    if told.agencies:
        form.choices("agencies", linkage.agencies(told.agencies, organisation), optional=True, most=MOST)
    for n in PLACES:
        linkage.place(form, n, organisation)
    return form


def draw_withdrawal(told: Overview, agreement: Agreement) -> Form:
    """Draw the form for what is taken back: all of it unless said otherwise."""
    form = Form("withdrawal", keep={"a": agreement.id}, answers={"on": told.day.isoformat(), "extent": ALL})
    out = [each for each in told.packages if each.agreement == agreement.id and each.sent_at]
    form.note("forms/withdrawal_opening", c=told.consultation, a=agreement, out=len(out))
    form.day("on").choice("how", options_of("withdrawal_ways"), radio=True)
    form.choice("extent", [(each, form.word(each)) for each in (ALL, SOME)], radio=True)
    named = [(each, linkage.called(told.receivers[each], told.local)) for each in agreement.receivers]
    form.choices("receivers", named[:BOXES], optional=True, boxes=True)
    labels = dict(options_of("handover_fields"))
    return form.choices("fields", [(each, labels[each]) for each in agreement.fields], optional=True)


def draw_withdrawn(told: Overview, back: list[Package]) -> Form:
    """Draw what is asked back, and from whom."""
    places = {each.id: linkage.called(told.receivers[each.receiver], told.local) for each in back}
    form = Form("withdrawn", keep={"c": told.consultation.id})
    return form.note("forms/withdrawn", c=told.consultation, packages=back, places=places)


@routes.button("agreement.open", allow=COUNSEL)
async def open_agreement(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Write down whether somebody agrees that something is handed on, to whom and until when."""
    told = await handovers.overview(desk, actor, value)
    await screen.show(draw(told, desk.organisation))


@routes.form("agreement.submit", allow=COUNSEL)
async def record(
    view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk, directory: Directory
) -> Reply:
    """Keep what somebody said."""
    answers = Answers.of(view)
    offices = [Office(answers.code("meeting"), agency=each) for each in answers.chosen("agencies")]
    offices += [each for n in PLACES if (each := await linkage.office(answers, directory, n))]
    asked = Asked(
        answers.code("answer") or "", answers.code("who"), answers.code("how"), answers.code("relation"),
        answers.chosen("fields"), tuple(offices), answers.day("given_on"), answers.day("until"),
    )  # fmt: skip
    await agreements.record(desk, actor, answers.keep["c"], asked, once=f"agreement:{id_of(view)}")
    told = await handovers.overview(desk, actor, answers.keep["c"])
    return await screen.back_to(linkage.draw(told))


@routes.button("agreement.withdraw", allow=COUNSEL)
async def open_withdrawal(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Write down that an agreement, or a part of it, is taken back."""
    told, agreement = await agreements.under(desk, actor, value)
    await screen.show(draw_withdrawal(told, agreement))


@routes.form("withdrawal.submit", allow=COUNSEL)
async def withdraw(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Keep that it is taken back, and ask for everything that was sent."""
    answers = Answers.of(view)
    some = answers.code("extent") == SOME
    receivers, fields = (
        frozenset(answers.chosen(each)) if some else frozenset() for each in ("receivers", "fields")
    )
    if some and not receivers and not fields:
        raise Missing("receivers")
    taken = Withdrawal(answers.day("on") or date.min, answers.code("how") or "", receivers, fields)
    back = await agreements.take_back(desk, actor, answers.keep["a"], taken, once=f"withdrawal:{id_of(view)}")
    told, _ = await agreements.under(desk, actor, answers.keep["a"])
    form = draw_withdrawn(told, [each for each in back if each.return_asked_at])
    return still_in_its_place(view, form)
