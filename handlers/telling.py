"""Telling the desk more: from one's own consultation, after calls that did not get through, or by a free message."""

from collections.abc import Mapping
from typing import Any

from bot.domain.entitlement import Act
from bot.domain.staff import Actor
from bot.usecases import letters, reading, telling
from bot.usecases.desk import Desk
from handlers.forms import Answers, Form
from handlers.opening import opener, refresh
from handlers.routing import Routes
from handlers.windows import Reply, Screen
from handlers.wording import Masked, asking_to_keep, confirmed, offering, unmasked

routes = Routes()

LONGEST = 1000


def draw(
    answers: Mapping[str, Any],
    round_: int = 0,
    found: Masked | None = None,
    keep: Mapping[str, Any] | None = None,
) -> Form:
    """Draw the form: some words, and another number to call if there is one."""
    form = Form("tell", answers=answers, round=round_, keep=keep)
    form.text("told", optional=True, long=True, limit=LONGEST)
    if found is not None:
        asking_to_keep(form, found).line()
    return form.text("phone", optional=True, limit=60)


opener(
    routes,
    "tell.open",
    "Tell the desk more about one's own consultation.",
    allow=None,
    act=Act.FOLLOW,
    draw=lambda c: draw({}, keep={"c": c.id}),
)


@routes.button("letter.tell")
async def tell_by_letter(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Hand what was written to the bot to whoever holds one's own consultation."""
    letter, _, consultation_id = value.partition("/")
    consultation = await reading.one(desk, actor, consultation_id, Act.FOLLOW)
    words = await letters.own_words(desk, actor, letter)
    await screen.show(draw({"told": words}, keep={"c": consultation.id}))


@routes.form("tell.submit")
async def tell(view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> Reply:
    """Pass it on."""
    answers = unmasked(Answers.of(view), "told")
    danger = await offering(
        telling.tell(
            desk,
            actor,
            answers.keep["c"],
            answers.text("told", limit=LONGEST),
            answers.text("phone", limit=60),
            confirmed(answers),
            once=f"tell:{view['id']}",
        ),
        answers,
        lambda now, round_, found: draw(now.values, round_, found, now.keep),
    )
    if beneath := view.get("previous_view_id"):
        await refresh(screen, beneath, {**view, "callback_id": "own.submit"}, actor, desk)
    return Form("notice").note("forms/told", danger=danger, organisation=desk.organisation)
