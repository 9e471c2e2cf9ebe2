"""Asking for help: the form, from four doors (command, shortcut, Home, direct message)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.casework import Contact
from bot.domain.consultation import Consultation
from bot.domain.staff import Actor
from bot.organisation import Organisation
from bot.usecases import intake
from bot.usecases.desk import Desk
from handlers.forms import TYPED, Answers, Form, Option
from handlers.routing import Routes
from handlers.windows import Reply, Screen
from handlers.wording import Masked, confirmed, explained, keeping, offering, typed, unmasked

routes = Routes()

WORDS = ("story",)


def offered(organisation: Organisation, code_list: str) -> list[Option]:
    """What the organisation offers of a list."""
    return [(each.code, each.label) for each in organisation.offered(code_list)]


def draw(
    organisation: Organisation, answers: Mapping[str, Any] | None = None, *, round: int = 0,  # noqa: A002
    found: Masked | None = None, keep: Mapping[str, Any] | None = None,
) -> Form:  # fmt: skip
    """Draw the form. Four answers are needed; everything else may stay empty."""
    form = Form("intake", answers=answers, round=round, keep=keep)
    if len((answers or {}).get("story") or "") > TYPED:
        form.note("forms/story_cut", most=TYPED)
    if found is None:
        form.note("forms/intake_opening", organisation=organisation)
    else:
        explained(form, found).text("story", optional=True, long=True)
        keeping(form, found).line()
    form.choices("concerns", offered(organisation, "supporter_concerns"), most=5)
    form.choice("urgency", offered(organisation, "urgency"), radio=True)
    form.text("phone", limit=60)
    form.choices("best_times", offered(organisation, "best_times"), boxes=True)
    if found is None:
        form.text("story", optional=True, long=True)
    form.choices("privacy", offered(organisation, "callback_privacy"), optional=True, boxes=True)
    form.line().note("forms/intake_optional")
    form.choices("wishes", offered(organisation, "requested_support"), optional=True)
    form.text("name", optional=True, limit=60)
    form.text("agency", optional=True, limit=80)
    form.choice("supporter_field", offered(organisation, "supporter_fields"), optional=True)
    form.choice("municipality", offered(organisation, "municipalities"), optional=True)
    return form


def receipt(organisation: Organisation, consultation: Consultation) -> Form:
    """Draw the answer that comes at once: the number, who will call, and by when."""
    return Form("receipt").note(
        "forms/receipt",
        c=consultation,
        organisation=organisation,
        open_now=organisation.calendar.is_open(consultation.received_at),
        opening=organisation.calendar.next_opening(consultation.received_at),
    )


@routes.command("/相談")
async def command(screen: Screen, desk: Desk) -> None:
    """Ask the desk for help: opens the form, with what was typed after the command in it."""
    await screen.show(draw(desk.organisation, {"story": typed(screen.body.get("text") or "")}))


@routes.shortcut("intake.open", label="相談する")
async def shortcut(screen: Screen, desk: Desk) -> None:
    """Ask the desk for help, from the shortcut menu."""
    await screen.show(draw(desk.organisation))


@routes.button("intake.open")
async def button(screen: Screen, desk: Desk) -> None:
    """Ask the desk for help, from the Home."""
    await screen.show(draw(desk.organisation))


@routes.form("intake.submit")
async def submit(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Hand the request over; the receipt is shown at once."""
    answers = unmasked(Answers.of(view), *WORDS)
    request = request_of(answers)
    consultation = await offering(
        intake.receive(desk, actor, request, once=f"intake:{view['id']}"),
        answers,
        lambda now, round_, found: draw(
            desk.organisation, now.values, round=round_, found=found, keep=now.keep
        ),
    )
    return receipt(desk.organisation, consultation)


def request_of(answers: Answers) -> intake.Request:
    """Read the answers both intake forms have in common."""
    return intake.Request(
        concerns=answers.chosen("concerns"),
        urgency=answers.code("urgency") or "",
        contact=Contact(
            name=answers.text("name", limit=60),
            agency=answers.text("agency", limit=80),
            phone=answers.text("phone", limit=60),
            callable=answers.text("callable", limit=60),
        ),
        best_times=answers.chosen("best_times"),
        wishes=answers.chosen("wishes"),
        privacy=answers.chosen("privacy"),
        story=answers.text("story"),
        supporter_field=answers.code("supporter_field"),
        organization_type=answers.code("organization_type"),
        occupation=answers.code("occupation"),
        municipality=answers.code("municipality"),
        said=confirmed(answers),
    )


def by_phone(request: intake.Request, answers: Answers) -> intake.Request:
    """Add what only the operator's form asks: how it arrived, and when."""
    return replace(
        request,
        route=answers.code("route") or "phone",
        contacted_at=answers.moment("contacted_on", "contacted_at"),
    )
