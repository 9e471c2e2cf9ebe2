"""What the card and the Home offer about call-backs: claim, give back, hand over, call, decide."""

from collections.abc import Mapping
from typing import Any

from bot import codes
from bot.domain.consultation import Consultation
from bot.domain.entitlement import Act
from bot.domain.staff import Actor, Role
from bot.usecases import callbacks
from bot.usecases.desk import Desk
from handlers.forms import Answers, Form, Option
from handlers.opening import closed_over, fresh, opener
from handlers.routing import Routes
from handlers.windows import ALL_OF_THEM, Reply, Screen
from handlers.wording import Masked, asking_to_keep, confirmed, offering, unmasked

routes = Routes()

COUNSEL = frozenset({Role.COUNSELOR, Role.COORDINATOR})
COORDINATE = frozenset({Role.COORDINATOR})


@routes.button("callback.claim", allow=COUNSEL)
async def claim(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Promise to call back. The first to press has it."""
    await callbacks.claim(desk, actor, value)
    await fresh(screen, actor, desk)


def draw_urgency(c: Consultation) -> Form:
    """Draw the choice of urgency."""
    return Form("urgency", keep={"c": c.id}, answers={"urgency": c.urgency}).choice(
        "urgency", options_of("urgency"), radio=True
    )


opener(
    routes,
    "callback.urgency",
    "Change how urgent it is.",
    allow=COUNSEL,
    act=Act.RECLASSIFY,
    draw=draw_urgency,
)


@routes.form("urgency.submit", allow=COUNSEL)
async def urgency(view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> None:
    """Keep the other urgency; the promise may come nearer, never later."""
    answers = Answers.of(view)
    await callbacks.reclassify(desk, actor, answers.keep["c"], answers.code("urgency") or "u3")
    await closed_over(screen, view, actor, desk)


def draw_assign(c: Consultation) -> Form:
    """Draw the choice of a counselor."""
    return Form("assign", keep={"c": c.id}).note("forms/about", c=c).person("counselor")


opener(
    routes,
    "callback.assign",
    "Ask somebody to make the call.",
    allow=COORDINATE,
    act=Act.ASSIGN,
    draw=draw_assign,
)


@routes.form("assign.submit", allow=COORDINATE)
async def assign(view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> None:
    """Give the call to somebody; they are told."""
    answers = Answers.of(view)
    await callbacks.assign(desk, actor, answers.keep["c"], answers.code("counselor") or "")
    await closed_over(screen, view, actor, desk)


def draw_release(
    answers: Mapping[str, Any],
    round_: int = 0,
    found: Masked | None = None,
    keep: Mapping[str, Any] | None = None,
) -> Form:
    """Draw the note for whoever takes it next."""
    form = Form("release", answers=answers, round=round_, keep=keep).note("forms/release")
    form.text("note", optional=True, long=True, limit=1000)
    return asking_to_keep(form, found) if found is not None else form


opener(
    routes,
    "callback.release",
    "Give it back to the queue.",
    allow=COUNSEL,
    act=Act.RELEASE,
    draw=lambda c: draw_release({}, keep={"c": c.id}),
)


@routes.form("release.submit", allow=COUNSEL)
async def release(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Back to the queue, with the note."""
    answers = unmasked(Answers.of(view), "note")
    await offering(
        callbacks.release(
            desk, actor, answers.keep["c"], answers.text("note", limit=1000), confirmed(answers)
        ),
        answers,
        lambda now, round_, found: draw_release(now.values, round_, found, now.keep),
    )
    return ALL_OF_THEM


def draw_handover(
    answers: Mapping[str, Any],
    round_: int = 0,
    found: Masked | None = None,
    keep: Mapping[str, Any] | None = None,
) -> Form:
    """Draw the offer: to whom, with which words."""
    form = Form("handover", answers=answers, round=round_, keep=keep).note("forms/handover")
    form.person("taker").text("note", optional=True, long=True, limit=1000)
    return asking_to_keep(form, found) if found is not None else form


opener(
    routes,
    "handover.open",
    "Ask a colleague to take over.",
    allow=COUNSEL,
    act=Act.OFFER,
    draw=lambda c: draw_handover({}, keep={"c": c.id}),
)


@routes.form("handover.submit", allow=COUNSEL)
async def handover(view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> None:
    """Offer it; the giver keeps it until the taker accepts."""
    answers = unmasked(Answers.of(view), "note")
    await offering(
        callbacks.offer(
            desk,
            actor,
            answers.keep["c"],
            answers.code("taker") or "",
            answers.text("note", limit=1000),
            confirmed(answers),
        ),
        answers,
        lambda now, round_, found: draw_handover(now.values, round_, found, now.keep),
    )
    await closed_over(screen, view, actor, desk)


@routes.button("handover.accept", allow=COUNSEL)
async def accept(value: str, actor: Actor, desk: Desk) -> None:
    """Say yes to a hand-over."""
    await callbacks.accept(desk, actor, value)


@routes.button("handover.decline", allow=COUNSEL)
async def decline(value: str, actor: Actor, desk: Desk) -> None:
    """Say no to a hand-over."""
    await callbacks.decline(desk, actor, value)


def draw_call(
    answers: Mapping[str, Any],
    round_: int = 0,
    found: Masked | None = None,
    keep: Mapping[str, Any] | None = None,
) -> Form:
    """Draw the line of the call-back ledger."""
    form = Form("call", answers=answers, round=round_, keep=keep)
    form.choice("outcome", options_of("callback_outcomes"), radio=True)
    form.day("called_on", optional=True).clock("called_at", optional=True)
    form.day("next_try_on", optional=True).clock("next_try_at", optional=True)
    form.text("note", optional=True, long=True, limit=1000)
    return asking_to_keep(form, found) if found is not None else form


opener(
    routes,
    "call.open",
    "Enter a call and what came of it.",
    allow=COUNSEL,
    act=Act.CALL,
    draw=lambda c: draw_call({}, keep={"c": c.id}),
)


@routes.form("call.submit", allow=COUNSEL)
async def call(view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> None:
    """Enter the call into the ledger."""
    answers = unmasked(Answers.of(view), "note")
    await offering(
        callbacks.call(
            desk,
            actor,
            answers.keep["c"],
            outcome=answers.code("outcome") or "",
            at=answers.moment("called_on", "called_at"),
            next_try_at=answers.moment("next_try_on", "next_try_at"),
            note=answers.text("note", limit=1000),
            said=confirmed(answers),
            once=f"call:{view['id']}",
        ),
        answers,
        lambda now, round_, found: draw_call(now.values, round_, found, now.keep),
    )
    await closed_over(screen, view, actor, desk)


@routes.button("callback.keep_trying", allow=COORDINATE)
async def keep_trying(value: str, actor: Actor, desk: Desk) -> None:
    """Decide that the desk goes on calling."""
    await callbacks.keep_trying(desk, actor, value)


def options_of(code_list: str) -> list[Option]:
    """Everything that may be chosen from a list now."""
    return [(each.code, each.label) for each in codes.options(code_list)]
