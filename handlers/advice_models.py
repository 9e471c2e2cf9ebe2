"""What findings become: ことばの手本 for those who advise, and topics for those who plan trainings."""

from collections.abc import Mapping
from typing import Any

from bot import messages
from bot.domain.advice_review import LEAD, LEARN
from bot.domain.staff import Actor
from bot.store.advice_reviews import Finding, Model
from bot.usecases import advice_reviews
from bot.usecases.advice_reviews import SENTENCE
from bot.usecases.desk import Desk
from bot.usecases.training_desk import ORGANIZE
from handlers import training_form
from handlers.advice_reviews import draw_board
from handlers.callbacks import options_of
from handlers.forms import Answers, Form
from handlers.routing import Routes
from handlers.windows import Reply, Screen
from handlers.wording import Masked, asking_to_keep, confirmed, offering, unmasked

routes = Routes()


def draw_model(
    finding: str, answers: Mapping[str, Any], round_: int = 0, found: Masked | None = None
) -> Form:
    """Draw the sentence that is to be a model, to be put into its last words."""
    form = Form("advice_model", keep={"f": finding}, answers=answers, round=round_)
    if found is not None:
        asking_to_keep(_sentence(form), found)
    else:
        _sentence(form.note("forms/advice_model"))
    return form.choice("theme", options_of("supporter_concerns"), optional=True)


def _sentence(form: Form) -> Form:
    return form.text("sentence", long=True, limit=SENTENCE)


def draw_models(models: list[Model], *, leads: bool) -> Form:
    """Draw the sentences in use. `leads`: whoever looks may take one out."""
    shown = len(models)
    while True:
        form = Form("advice_models").note("forms/advice_models", models=models[:shown], leads=leads)
        if form.fits() or not shown:
            return form
        shown -= 1


@routes.button("finding.model", allow=LEAD)
async def open_model(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Make a finding a sentence others may take up."""
    finding = await advice_reviews.finding_of(desk, actor, value)
    await screen.show(draw_model(finding.id, {"sentence": finding.text, "theme": finding.theme}))


@routes.form("advice_model.submit", allow=LEAD)
async def submit_model(view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> Reply:
    """Keep the sentence."""
    answers = unmasked(Answers.of(view), "sentence")
    finding = answers.keep["f"]
    board = await offering(
        advice_reviews.keep_model(
            desk, actor, finding, answers.text("sentence", limit=SENTENCE), answers.code("theme"), confirmed(answers)
        ),
        answers,
        lambda now, round_, found: draw_model(finding, now.values, round_, found),
    )  # fmt: skip
    return await screen.back_to(draw_board(board, organizes=actor.has(*ORGANIZE)))


@routes.button("finding.plan", allow=ORGANIZE)
async def plan_training(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Plan a training about what was found: its form, with the theme filled in."""
    finding = await advice_reviews.finding_of(desk, actor, value)
    await screen.show(training_form.draw(desk.organisation, answers_of(finding), keep={}))


def answers_of(finding: Finding) -> dict[str, Any]:
    """Give a topic as answers of a training's form."""
    words = messages.form_words("advice_board")
    theme = messages.label(finding.theme, "supporter_concerns")
    name = messages.phrase(words["training"], theme=theme) if theme else words["training_open"]
    return {"name": name, "purpose": finding.text, "concerns": [finding.theme] if finding.theme else []}


@routes.button("models.open", allow=LEARN)
async def open_models(screen: Screen, actor: Actor, desk: Desk) -> None:
    """Read sentences others found good when they advised."""
    models = await advice_reviews.models(desk, actor)
    await screen.show(draw_models(models, leads=actor.has(*LEAD)))


@routes.button("model.retire", allow=LEAD)
async def retire(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Take a sentence out of use."""
    models = await advice_reviews.retire(desk, actor, value)
    await screen.redraw(draw_models(models, leads=True))
