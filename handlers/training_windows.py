"""The windows about trainings: what an organizer has before them, one training with all its acts, and what is open to all."""

import contextlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot import news_trainings
from bot.answers import SLACK_TROUBLE
from bot.domain.refusals import Refused
from bot.domain.seats import IN, Participation, Place, seats_of
from bot.domain.staff import Actor
from bot.domain.training import OVER, UNSEEN, Training
from bot.store.database import Reading
from bot.usecases.desk import Desk
from bot.usecases.figures import SEE
from bot.usecases.training_desk import ENTER, ORGANIZE, must_organize
from handlers.directory import Directory
from handlers.forms import Answers, Form
from handlers.windows import Reply, Screen, took_its_place

LOOKS_BACK = timedelta(days=2 * 366)
SHOWN = 25
LIST, OPEN, WINDOW = "trainings", "trainings_open", "training_window"
# Windows that make room for the next one instead of lying beneath it: Slack lets three lie on each other.
GIVES_WAY = frozenset({"training.submit", "announce.submit"})


async def listed(desk: Desk, actor: Actor) -> Form:
    """Draw what somebody has before them: an organizer everything, others what they can join."""
    async with desk.db.reading() as ask:
        if actor.has(*ORGANIZE):
            return await _organizers(ask)
        return await _open_ones(ask, actor)


async def window(desk: Desk, directory: Directory, actor: Actor, training_id: str) -> Form:
    """Draw one training for an organizer: where it stands, and what can be done."""
    must_organize(actor)
    async with desk.db.reading() as ask:
        training = await ask.trainings.get(training_id)
        about = await news_trainings.about(ask, training, desk.organisation)
        everybody = await ask.participations.of_training(training.id)
        invited = await ask.trainings.invitees(training.id)
        unanswered = await ask.trainings.unanswered(training.id)
    names = await directory.names_of(training.channels)
    return draw_window(about, everybody, invited, unanswered, names, actor)


def draw_window(
    about: dict[str, Any],
    everybody: list[Participation],
    invited: list[str],
    unanswered: list[str],
    channels: Sequence[str | None],
    actor: Actor,
) -> Form:
    """Draw the window. `about`: what every template about a training is told; `channels`: their names, "" gone, None unknown."""
    training: Training = about["t"]
    form = Form(WINDOW, keep={"t": training.id})
    return form.note(
        "forms/training_window",
        **about,
        offered=_how_many(everybody, Place.OFFERED),
        declined=_how_many(everybody, Place.DECLINED),
        invited=len(invited),
        unanswered=unanswered,
        channels=channels,
        user=actor.id,
    )


async def told_by(ask: Reading, training: Training) -> dict[str, int]:
    """How many people hear of a change, and how many of them by telephone."""
    there = [each for each in await ask.participations.of_training(training.id) if each.status in IN]
    return {"people": len(there), "by_phone": sum(each.person is None for each in there)}


# Windows over windows


def from_where(screen: Screen) -> dict[str, str]:
    """What lies beneath the window that is opened now, to be kept in it: it is drawn anew when that one is done."""
    view = screen.view
    if view.get("type") != "modal":
        return {}
    if view["callback_id"] in GIVES_WAY:
        under = Answers.of(view).keep.get("under")
        return {"under": str(under)} if under else {}
    name = str(view["callback_id"]).removesuffix(".submit")
    return {"under": name} if name in {LIST, OPEN, WINDOW} else {}


async def done(
    screen: Screen, view: dict[str, Any], desk: Desk, directory: Directory, actor: Actor, training_id: str
) -> Reply:
    """Close the form that was sent, and draw what lies beneath as things are now; else show the training in its place."""
    under, beneath = Answers.of(view).keep.get("under"), view.get("previous_view_id")
    if under and beneath and not took_its_place(view):
        drawn = (
            await window(desk, directory, actor, training_id)
            if under == WINDOW
            else await listed(desk, actor)
        )
        with contextlib.suppress(*SLACK_TROUBLE):
            await screen.client.views_update(view_id=beneath, view=drawn.view())
        return None
    return await window(desk, directory, actor, training_id)


async def fresh(screen: Screen, desk: Desk, directory: Directory, actor: Actor) -> None:
    """Where a button was pressed in the window of a training, draw that window as things are now."""
    view = screen.view
    if view.get("type") != "modal":
        return
    training_id = Answers.of(view).keep.get("t")
    with contextlib.suppress(Refused, *SLACK_TROUBLE):
        if training_id and view["callback_id"] in {f"{WINDOW}.submit", *GIVES_WAY}:
            drawn = await window(desk, directory, actor, str(training_id))
            await screen.redraw(drawn)


async def _organizers(ask: Reading) -> Form:
    to_come = await ask.trainings.to_come(ask.now)
    earlier = await ask.trainings.since(ask.now - LOOKS_BACK)
    coming = [each for each in to_come if each.stage not in UNSEEN and each.stage not in OVER]
    seats = {each.id: await _seats(ask, each) for each in coming[:SHOWN]}
    return draw_list(
        drafts=[each for each in to_come if each.stage in UNSEEN],
        coming=coming,
        over=[each for each in earlier if each.stage in OVER],
        seats=seats,
    )


def draw_list(
    *, drafts: list[Training], coming: list[Training], over: list[Training], seats: dict[str, Any]
) -> Form:
    """Draw an organizer's list; long ones are shortened aloud."""
    shown = SHOWN
    while True:
        form = Form(LIST).note(
            "forms/trainings", drafts=drafts, coming=coming, over=over, seats=seats, shown=shown
        )
        if form.fits() or shown <= 1:
            return form
        shown -= 1


async def _open_ones(ask: Reading, actor: Actor) -> Form:
    coming = await ask.trainings.open_ones(ask.now)
    mine = {each.training: each for each in await ask.participations.of_person(actor.id)}
    return draw_open(
        coming=coming,
        seats={each.id: await _seats(ask, each) for each in coming[:SHOWN]},
        closed={each.id: each.closed_because(ask.now) for each in coming},
        mine={name: part for name, part in mine.items() if part.status in IN},
        enters=actor.has(*ENTER),
        counts=actor.has(*SEE),
    )


def draw_open(
    *,
    coming: list[Training],
    seats: dict[str, Any],
    closed: dict[str, str | None],
    mine: dict[str, Participation],
    enters: bool,
    counts: bool,
) -> Form:
    """Draw what anybody can join; long lists are shortened aloud. `counts`: they may read the figures."""
    shown = SHOWN
    while True:
        form = Form(OPEN).note(
            "forms/trainings_open",
            coming=coming,
            seats=seats,
            closed=closed,
            mine=mine,
            enters=enters,
            counts=counts,
            shown=shown,
        )
        if form.fits() or shown <= 1:
            return form
        shown -= 1


async def _seats(ask: Reading, training: Training) -> dict[str, Any]:
    return seats_of(training.plan.seats, await ask.participations.of_training(training.id))


def _how_many(everybody: list[Participation], status: Place) -> int:
    return sum(each.status is status for each in everybody)
