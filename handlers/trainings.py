"""The organizer's doors: planning a training, keeping drafts, copying, changing and calling it off."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from bot import codes
from bot.domain.refusals import Missing
from bot.domain.staff import Actor
from bot.domain.training import UNSEEN, Plan, PlanChanged, Stage, StageTooLate, Training
from bot.usecases import trainings
from bot.usecases.desk import Desk, no_my_number
from bot.usecases.training_desk import ORGANIZE
from handlers import announcing, training_form
from handlers import training_windows as windows
from handlers.directory import Directory
from handlers.forms import Answers, Form
from handlers.routing import Routes
from handlers.training_form import Typed, answers_of, draw, draw_after, plan_of
from handlers.windows import Reply, Screen
from handlers.wording import typed

routes = Routes()

Act = Callable[[Desk, Actor, str], Awaitable[Any]]

COMMAND = "/研修"


@routes.command(COMMAND)
async def command(screen: Screen, actor: Actor, desk: Desk) -> None:
    """See the trainings and meetings there are; an organizer plans them here."""
    title = typed(screen.body.get("text") or "").strip()
    if title and actor.has(*ORGANIZE):
        no_my_number({"title": title})
        await screen.show(draw(desk.organisation, {"name": title}, keep={}))
    else:
        await screen.show(await windows.listed(desk, actor))


@routes.button("training.new", allow=ORGANIZE)
async def new(screen: Screen, desk: Desk) -> None:
    """Plan a new training."""
    await screen.show(
        draw(desk.organisation, {}, keep=windows.from_where(screen)), instead_of=windows.GIVES_WAY
    )


@routes.button("training.open", allow=ORGANIZE)
async def open_window(value: str, screen: Screen, actor: Actor, desk: Desk, directory: Directory) -> None:
    """See where a training stands, and do what it needs."""
    await screen.show(await windows.window(desk, directory, actor, value), instead_of=windows.GIVES_WAY)


@routes.button("training.edit", allow=ORGANIZE)
async def edit(value: str, screen: Screen, desk: Desk) -> None:
    """Change a draft, or what was announced already."""
    await screen.show(await _form(desk, value, windows.from_where(screen)), instead_of=windows.GIVES_WAY)


@routes.button("training.copy", allow=ORGANIZE)
async def copy(action: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> None:
    """Begin a new draft from an earlier training."""
    draft = await trainings.copy(desk, actor, action["value"], once=_pressed_once(screen, action))
    await screen.show(await _form(desk, draft.id, windows.from_where(screen)), instead_of=windows.GIVES_WAY)


def _one_press(name: str, act: Act, about: str) -> None:
    """Let a button do something to a training; its window then shows how it stands. `about` is its help text."""

    async def press(value: str, screen: Screen, actor: Actor, desk: Desk, directory: Directory) -> None:
        if act is trainings.show_again:
            directory.look_again()  # a channel was mended, perhaps just now
        await act(desk, actor, value)
        await windows.fresh(screen, desk, directory, actor)

    press.__doc__ = about
    routes.button(name, allow=ORGANIZE)(press)


_one_press(
    "training.withhold", trainings.withhold, "Take an announcement that was to come back to the drafts."
)
_one_press("training.drop", trainings.drop, "Throw a draft away.")
_one_press("training.take", trainings.hand_to, "Look after a training from now on.")
_one_press(
    "training.repost",
    trainings.show_again,
    "Bring the announcements up to date, and back where one could not be posted or was deleted.",
)


@routes.button("training.more_days", allow=ORGANIZE)
async def more_days(screen: Screen, desk: Desk) -> None:
    """Make room for one more day in the form."""
    view = screen.view
    answers = Answers.of(view)
    keep = {**answers.keep, "days": int(answers.keep.get("days", 1)) + 1}
    form = await _redrawn(desk, answers, keep)
    await screen.redraw(form)


@routes.button("training.draft", allow=ORGANIZE)
async def save_draft(screen: Screen, actor: Actor, desk: Desk) -> None:
    """Keep what is in the form so far; the window stays open."""
    view = screen.view
    answers = Answers.of(view)
    kept = await _kept(desk, actor, answers, view["id"])
    keep = {**answers.keep, **({"t": kept.id, "plan": kept.plan.stamp} if kept else {})}
    form = draw(desk.organisation, answers.values, keep=keep, round=answers.round, drafted=desk.db.clock())
    await screen.redraw(form)


@routes.closing("training.submit", allow=ORGANIZE)
async def closed(view: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Keep what was in the form when its window was closed without sending.

    Where somebody else wrote into the plan meanwhile, what was typed becomes a draft of its own.
    """
    answers = await training_form.without_numbers(Answers.of(view))
    try:
        await _kept(desk, actor, answers, view["id"])
    except PlanChanged:
        await _kept_apart(desk, actor, answers, view["id"])


@routes.form("training.submit", allow=ORGANIZE)
async def submit(
    view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk, directory: Directory
) -> Reply:
    """Keep the plan and show what will be announced; change what was announced already."""
    answers = Answers.of(view)
    base = await _before(desk, answers)
    read = plan_of(answers, base.plan if base else Plan(), whole=True)
    with read.on_its_rows():
        no_my_number({**read.plan.words, **read.plan.private})
        if base is not None and answers.keep.get("live"):
            reason, seen = training_form.reason_of(answers), _drawn_from(answers)
            changed = await trainings.change(desk, actor, base.id, read.plan, drawn_from=seen, reason=reason)
            return await windows.done(screen, view, desk, directory, actor, changed.id)
        training_form.fits(read.plan, desk.db.clock())
        planned = await _planned(desk, actor, read, base, answers, view["id"])
    under = {name: value for name, value in answers.keep.items() if name == "under"}
    return await announcing.next_form(desk, planned, under)


@routes.form("training_after.submit", allow=ORGANIZE)
async def submit_after(
    view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk, directory: Directory
) -> Reply:
    """Add what follows when a training is over: links, and where the record is."""
    answers = Answers.of(view)
    async with desk.db.reading() as ask:
        training = await ask.trainings.get(answers.keep["t"])
    wanted = replace(
        training.plan,
        words=training_form.words_of(answers, training.plan, whole=True),
        private=training_form.secrets_of(answers, training.plan),
    )
    await trainings.change(desk, actor, training.id, wanted, drawn_from=_drawn_from(answers))
    return await windows.done(screen, view, desk, directory, actor, training.id)


@routes.button("training.cancel", allow=ORGANIZE)
async def ask_to_cancel(value: str, screen: Screen, desk: Desk) -> None:
    """Call a training off: say why first."""
    async with desk.db.reading() as ask:
        training = await ask.trainings.get(value)
        told = await windows.told_by(ask, training)
    if training.stage is not Stage.ANNOUNCED:
        raise StageTooLate(training.stage)
    await screen.show(draw_cancel(training, told, windows.from_where(screen)), instead_of=windows.GIVES_WAY)


@routes.form("cancel_training.submit", allow=ORGANIZE)
async def cancel(
    view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk, directory: Directory
) -> Reply:
    """Call a training off; everybody who joined is told why."""
    answers = Answers.of(view)
    because = answers.code("because")
    if because is None:
        raise Missing("because")
    training = await trainings.cancel(desk, actor, answers.keep["t"], because)
    return await windows.done(screen, view, desk, directory, actor, training.id)


def draw_cancel(training: Training, told: dict[str, int], keep: dict[str, str]) -> Form:
    """Draw the question before a training is called off."""
    form = Form("cancel_training", keep={**keep, "t": training.id})
    form.note("forms/cancel_training_opening", t=training, **told)
    reasons = [(each.code, each.label) for each in codes.options("training_cancel_reasons")]
    return form.choice("because", reasons, radio=True)


async def _form(desk: Desk, training_id: str, under: dict[str, str]) -> Form:
    """Draw the form a training is changed with, as it is in this moment."""
    async with desk.db.reading() as ask:
        training = await ask.trainings.get(training_id)
        told = await windows.told_by(ask, training)
    if training.stage is Stage.HELD:
        return draw_after(training, under)
    answers, keep = answers_of(training.plan), {**under, "t": training.id, "plan": training.plan.stamp}
    if training.stage is Stage.ANNOUNCED:
        return draw(desk.organisation, answers, keep={**keep, "live": 1}, told=told)
    if training.stage not in UNSEEN:
        raise StageTooLate(training.stage)
    return draw(desk.organisation, answers, keep=keep)


async def _redrawn(desk: Desk, answers: Answers, keep: dict[str, Any]) -> Form:
    told = None
    if keep.get("live"):
        async with desk.db.reading() as ask:
            told = await windows.told_by(ask, await ask.trainings.get(keep["t"]))
    return draw(desk.organisation, answers.values, keep=keep, round=answers.round, told=told)


async def _before(desk: Desk, answers: Answers) -> Training | None:
    """The training the form is about, if there is one yet."""
    if not (training_id := answers.keep.get("t")):
        return None
    async with desk.db.reading() as ask:
        return await ask.trainings.get(training_id)


async def _kept(desk: Desk, actor: Actor, answers: Answers, view_id: str) -> Training | None:
    """Keep a draft as it is, complete or not; nothing where nothing was written.

    What is to be announced by itself and cannot be any more, is a draft again: the organizer hears of it.
    """
    base = await _before(desk, answers)
    read = plan_of(answers, base.plan if base else Plan(), whole=False)
    if base is None and training_form.is_empty(read.plan):
        return None
    with read.on_its_rows():
        kept = await _planned(desk, actor, read, base, answers, view_id)
    if kept.stage is Stage.SCHEDULED and announcing.unready(kept, desk.db.clock()):
        return await trainings.withhold(desk, actor, kept.id, unfinished=True)
    return kept


async def _kept_apart(desk: Desk, actor: Actor, answers: Answers, view_id: str) -> None:
    """Keep what was typed as another draft; nothing where nothing was typed."""
    base = await _before(desk, answers)
    read = plan_of(answers, base.plan if base else Plan(), whole=False)
    if read.plan.stamp != _drawn_from(answers):
        await trainings.plan(desk, actor, read.plan, once=f"training:{view_id}:apart")


def _drawn_from(answers: Answers) -> str:
    """The stamp of the plan the form showed; the empty string where there was none yet."""
    return str(answers.keep.get("plan", ""))


async def _planned(
    desk: Desk, actor: Actor, read: Typed, base: Training | None, answers: Answers, view_id: str
) -> Training:
    if base is not None:
        seen = _drawn_from(answers)
        return await trainings.plan(desk, actor, read.plan, training_id=base.id, drawn_from=seen)
    made = await trainings.plan(desk, actor, read.plan, once=f"training:{view_id}")
    if _as_typed(made.plan) != _as_typed(read.plan):  # it was kept from this window before
        made = await trainings.plan(desk, actor, read.plan, training_id=made.id)
    return made


def _as_typed(plan: Plan) -> Plan:
    return replace(plan, sessions=tuple(sorted(replace(each, id="") for each in plan.sessions)))


def _pressed_once(screen: Screen, action: dict[str, Any]) -> str:
    """Say when two presses are the same: on the same window, as it was drawn."""
    view = screen.view
    where = f"{view.get('id')}:{view.get('hash')}" if view else action.get("action_ts")
    return f"copy:{action['value']}:{where}"
