"""From a plan to an announcement: the preview shows exactly what will be posted; then where, and when."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import news_trainings
from bot.domain.refusals import Missing, Refused
from bot.domain.staff import Actor
from bot.domain.training import UNSEEN, AfterStart, Stage, StageTooLate, Training
from bot.usecases import trainings
from bot.usecases.desk import Desk
from bot.usecases.training_desk import ORGANIZE
from handlers import training_windows as windows
from handlers.directory import Directory
from handlers.forms import Answers, Form
from handlers.replies import said
from handlers.routing import Routes
from handlers.training_form import answers_of, draw, fits, on_and_at
from handlers.windows import Reply, Screen

routes = Routes()

NOW, LATER = "now", "later"
MOST_CHANNELS = 10


async def preview(desk: Desk, training: Training, keep: Mapping[str, Any]) -> Form:
    """Draw what will be posted, made by what makes the post, and ask where and when."""
    async with desk.db.reading() as ask:
        known = replace(training, stage=Stage.ANNOUNCED)
        told = await news_trainings.about(ask, known, desk.organisation)
    channels = training.channels or (desk.organisation.channels.training,)
    return draw_preview(training, told, channels, keep)


def draw_preview(
    training: Training, told: dict[str, Any], channels: tuple[str | None, ...], keep: Mapping[str, Any]
) -> Form:
    """Draw the preview. `told`: what the announcement is told once it is out."""
    answers: dict[str, Any] = {"channels": [each for each in channels if each], "moment": NOW}
    if training.announce_at is not None:
        answers["moment"] = LATER
        answers["announce_on"], answers["announce_at"] = on_and_at(training.announce_at)
    form = Form("announce", keep={**keep, "t": training.id}, answers=answers)
    form.note("forms/announce_opening")
    form.note("messages/announcement", **told)
    form.note("forms/announce_choice", t=training)
    form.channels("channels", most=MOST_CHANNELS)
    form.choice("moment", [(NOW, form.word("now")), (LATER, form.word("later"))], radio=True)
    return form.day("announce_on", optional=True).clock("announce_at", optional=True)


async def next_form(desk: Desk, training: Training, keep: Mapping[str, Any]) -> Form:
    """Draw the preview; where it cannot be announced yet, the form with a word about what is missing."""
    if training.stage not in UNSEEN:
        raise StageTooLate(training.stage)
    if why := unready(training, desk.db.clock()):
        there = {**keep, "t": training.id, "plan": training.plan.stamp}
        return draw(desk.organisation, answers_of(training.plan), keep=there, why=why)
    return await preview(desk, training, keep)


def unready(training: Training, now: datetime) -> str | None:
    """Why a plan cannot be announced as it is, in words; None: it can."""
    try:
        fits(training.plan, now)
    except Refused as refused:
        return said(refused, now)
    return None


@routes.button("training.preview", allow=ORGANIZE)
async def open_preview(value: str, screen: Screen, desk: Desk) -> None:
    """See exactly what will be announced, and choose where and when."""
    async with desk.db.reading() as ask:
        training = await ask.trainings.get(value)
    await screen.show(
        await next_form(desk, training, windows.from_where(screen)), instead_of=windows.GIVES_WAY
    )


@routes.form("announce.submit", allow=ORGANIZE)
async def submit(
    view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk, directory: Directory
) -> Reply:
    """Announce a training in the chosen channels, at once or at the chosen time."""
    answers = Answers.of(view)
    channels = answers.chosen("channels")
    if not channels:
        raise Missing("channels")
    await directory.must_be_postable(channels, "channels")
    async with desk.db.reading() as ask:
        training = await ask.trainings.get(answers.keep["t"])
    if training.stage in UNSEEN and unready(training, desk.db.clock()):  # it was changed, or time went by
        return await next_form(desk, training, {"under": answers.keep.get("under", "")})
    await trainings.announce(desk, actor, training.id, channels, _moment(answers, training))
    return await windows.done(screen, view, desk, directory, actor, training.id)


def _moment(answers: Answers, training: Training) -> datetime | None:
    """When it is to be announced; None: now. It is of use to nobody once the deadline has passed."""
    if answers.code("moment") != LATER:
        return None
    at = answers.moment("announce_on", "announce_at")
    if at is None:
        raise Missing("announce_on")
    if training.plan.deadline is not None and at >= training.plan.deadline:
        raise AfterStart("announce_on")
    return at
