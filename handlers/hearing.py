"""聞き取り: writing down what was heard, how it is understood, what was advised, and what comes next."""

from collections.abc import Mapping
from typing import Any

from bot.domain.consultation import Consultation
from bot.domain.staff import Actor
from bot.organisation import Organisation
from bot.usecases import hearing
from bot.usecases.desk import Desk
from handlers.callbacks import COUNSEL
from handlers.drafts import drafting
from handlers.forms import Answers, Form
from handlers.intake import offered
from handlers.opening import closed_over
from handlers.routing import Routes
from handlers.windows import Screen
from handlers.wording import Masked, asking_to_keep, confirmed, offering, unmasked

routes = Routes()

WORDS = ("formulation", "advice", "next_action")


def draw(
    organisation: Organisation, answers: Mapping[str, Any], *, round: int = 0,  # noqa: A002
    found: Masked | None = None, keep: Mapping[str, Any] | None = None, drafted: str | None = None,
) -> Form:  # fmt: skip
    """Draw the form. `drafted`: whose draft it continues."""
    form = Form("hearing", answers=answers, round=round, keep=keep, tell_when_closed=True)
    if found is not None:
        _words(form)
        asking_to_keep(form, found).line()
    form.note("forms/hearing_opening", drafted=drafted)
    form.choices("concerns", offered(organisation, "supporter_concerns"), optional=True)
    form.choices("characteristics", offered(organisation, "case_characteristics"), optional=True)
    if found is None:
        _words(form)
    form.day("next_on")
    form.number("minutes", most=600)
    form.line().note("forms/hearing_more")
    form.choices("lacking", offered(organisation, "resource_gap_kinds"), optional=True)
    form.choice("supporter_field", offered(organisation, "supporter_fields"), optional=True)
    form.choice("organization_type", offered(organisation, "organization_types"), optional=True)
    form.choice("occupation", offered(organisation, "occupations"), optional=True)
    return form.choice("municipality", offered(organisation, "municipalities"), optional=True)


def _words(form: Form) -> None:
    form.text("formulation", optional=True, long=True)
    form.text("advice", optional=True, long=True)
    form.text("next_action", limit=500)


@routes.button("hearing.open", allow=COUNSEL)
async def open_hearing(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Write down a hearing; a draft that was begun, by whomever, is there."""
    consultation, draft = await hearing.begin(desk, actor, value, "hearing")
    answers = draft.answers if draft else known(consultation)
    form = draw(
        desk.organisation, answers, keep={"c": consultation.id}, drafted=draft.saved_by if draft else None
    )
    await screen.show(form)


def known(c: Consultation) -> dict[str, Any]:
    """What the intake already told, so that nobody types it twice."""
    return {
        "concerns": list(c.concerns),
        "characteristics": list(c.characteristics),
        "supporter_field": c.supporter_field,
        "organization_type": c.organization_type,
        "occupation": c.occupation,
        "municipality": c.municipality,
    }


drafting(routes, "hearing", WORDS, draw)


@routes.form("hearing.submit", allow=COUNSEL)
async def submit(view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> None:
    """Keep the hearing."""
    answers = unmasked(Answers.of(view), *WORDS)
    heard = hearing.Heard(
        concerns=answers.chosen("concerns"),
        characteristics=answers.chosen("characteristics"),
        formulation=answers.text("formulation"),
        advice=answers.text("advice"),
        next_action=answers.text("next_action", limit=500),
        next_on=answers.day("next_on"),
        minutes=answers.number("minutes"),
        supporter_field=answers.code("supporter_field"),
        organization_type=answers.code("organization_type"),
        occupation=answers.code("occupation"),
        municipality=answers.code("municipality"),
        lacking=answers.chosen("lacking"),
        said=confirmed(answers),
    )
    await offering(
        hearing.hear(desk, actor, answers.keep["c"], heard, once=f"hearing:{view['id']}"),
        answers,
        lambda now, round_, found: draw(
            desk.organisation, now.values, round=round_, found=found, keep=now.keep
        ),
    )
    await closed_over(screen, view, actor, desk)
