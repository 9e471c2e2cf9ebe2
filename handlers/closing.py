"""Ending well: closing, withdrawing, pausing, opening again, merging and undoing."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot import codes
from bot.domain.consultation import Consultation
from bot.domain.entitlement import Act
from bot.domain.staff import Actor
from bot.messages import label
from bot.usecases import closing, reading, records
from bot.usecases.closing import Closing
from bot.usecases.desk import Desk
from handlers.callbacks import COORDINATE, COUNSEL, options_of
from handlers.forms import Answers, Form
from handlers.opening import closed_over, fresh, opener
from handlers.records import draw as draw_record
from handlers.routing import Routes
from handlers.windows import Reply, Screen
from handlers.wording import Masked, asking_to_keep, confirmed, offering, unmasked

routes = Routes()

SAME_WITHIN = timedelta(days=60)


def draw(
    answers: Mapping[str, Any],
    round_: int = 0,
    found: Masked | None = None,
    keep: Mapping[str, Any] | None = None,
) -> Form:
    """Draw the closing form; each reason with its one-sentence definition."""
    form = Form("closing", answers=answers, round=round_, keep=keep)
    if found is not None:
        asking_to_keep(_words(form), found).line()
    form.choice("primary", options_of("dispositions"))
    form.choices("dispositions", options_of("dispositions"), optional=True)
    form.choice("reason", options_of("closing_reasons"))
    form.note("forms/closing_reasons", reasons=codes.options("closing_reasons"))
    form.choices("lacking", options_of("resource_gap_kinds"), optional=True)
    return _words(form) if found is None else form


def _words(form: Form) -> Form:
    form.text("closing_words", optional=True, long=True, limit=1000)
    return form.note("forms/closing_models")


opener(
    routes,
    "closing.open",
    "End the support, with what came of it and why.",
    allow=COUNSEL,
    act=Act.CLOSE,
    draw=lambda c: draw({}, keep={"c": c.id}),
)


@routes.form("closing.submit", allow=COUNSEL)
async def close(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Close; the record is drawn up at once, to be read and confirmed."""
    answers = unmasked(Answers.of(view), "closing_words")
    ending = Closing(
        dispositions=answers.chosen("dispositions"),
        primary=answers.code("primary"),
        reason=answers.code("reason"),
        words=answers.text("closing_words", limit=1000),
        lacking=answers.chosen("lacking"),
        said=confirmed(answers),
    )
    closed = await offering(
        closing.close(desk, actor, answers.keep["c"], ending),
        answers,
        lambda now, round_, found: draw(now.values, round_, found, now.keep),
    )
    proposal = await records.propose(desk, actor, closed.id)
    return draw_record(proposal)


@routes.button("consultation.reopen")
async def reopen(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Open it again: one tap."""
    await closing.reopen(desk, actor, value)
    await fresh(screen, actor, desk)


@routes.button("consultation.withdraw")
async def withdraw(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Take it back; nobody asks why."""
    await closing.withdraw(desk, actor, value)
    await fresh(screen, actor, desk)


@routes.button("consultation.suspend", allow=COUNSEL)
async def suspend(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Pause it."""
    await closing.suspend(desk, actor, value)
    await fresh(screen, actor, desk)


@routes.button("merge.open", allow=COORDINATE)
async def open_merge(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Say which other intake this is the same as."""
    consultation = await reading.one(desk, actor, value, Act.MERGE)
    others = await reading.like(desk, actor, consultation.id, consultation.received_at - SAME_WITHIN)
    await screen.show(draw_merge(consultation, others))


def draw_merge(c: Consultation, others: list[Consultation]) -> Form:
    """Draw the choice among intakes that are open, by their codes only."""
    form = Form("merge" if others else "merge_none", keep={"c": c.id})
    form.note("forms/merge" if others else "forms/merge_none", c=c)
    if others:
        form.choice("into", [(each.number, _line(each)) for each in others])
    return form


@routes.form("merge.submit", allow=COORDINATE)
async def merge(view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> None:
    """Put the two together; it can be undone."""
    answers = Answers.of(view)
    await closing.merge(desk, actor, answers.keep["c"], answers.code("into") or "")
    await closed_over(screen, view, actor, desk)


@routes.button("merge.undo", allow=COORDINATE)
async def unmerge(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Undo a merge."""
    await closing.unmerge(desk, actor, value)
    await fresh(screen, actor, desk)


def _line(c: Consultation) -> str:
    parts = [
        c.number,
        label(c.region, "welfare_regions"),
        label(c.concerns[0], "supporter_concerns") if c.concerns else "",
    ]
    return " ".join(part for part in parts if part)[:75]
