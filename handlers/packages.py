"""What became of a つなぎシート: opened, answered, finished, returned."""

from collections.abc import Mapping
from typing import Any

from bot import messages
from bot.domain.handover import STEPS, Package, State
from bot.domain.staff import Actor
from bot.usecases import agreements, handover_answers, handovers
from bot.usecases.desk import Desk
from bot.usecases.handover_answers import ACCEPTED, ENTER, REJECTED, RETURNED, Opened, Said
from bot.usecases.package_content import named
from handlers import linkage
from handlers.callbacks import COUNSEL, options_of
from handlers.forms import Answers, Form, Option
from handlers.replies import notice, small_window
from handlers.routing import Routes
from handlers.windows import Reply, Screen, still_in_its_place
from handlers.wording import Masked, asking_to_keep, confirmed, offering, unmasked

routes = Routes()

WORDS = 500
STATES = {ACCEPTED: State.ACCEPTED, REJECTED: State.REJECTED, RETURNED: State.RETURNED}
OF_STAFF = ENTER


def draw(told: Opened) -> Form:
    """Draw a sheet with all that is in it, and what can be done with it now."""
    form = Form("package_shown", keep={"c": told.consultation.id, "p": told.package.id})
    place = f"{named(told.receiver, told.local)} {told.receiver.office}".strip()
    form.note("forms/package_shown", c=told.consultation, p=told.package, place=place, reply=told.reply)
    if told.content:
        form.line().note("forms/package_parts", parts=told.content.parts)
    return form


def draw_answer(
    answers: Mapping[str, Any], *, package: Package | None = None, keep: Mapping[str, Any] | None = None,
    round_: int = 0, masked: Masked | None = None,
) -> Form:  # fmt: skip
    """Draw the form for what a receiver said. Without a package: with the number and the code of the paper."""
    keep = keep if keep is not None else ({"p": package.id, "s": str(package.state)} if package else {})
    form = Form("package_answer", keep=keep, answers=answers, round=round_)
    if masked is not None:
        asking_to_keep(form, masked)
    form.note("forms/package_answer_opening", by_code="p" not in keep)
    if "p" not in keep:
        form.text("number", limit=40).text("code", limit=40)
    form.choice("answer", _answers(keep.get("s")), radio=True)
    form.choice("reason", options_of("rejection_reasons"), optional=True)
    return form.text("words", optional=True, long=True, limit=WORDS)


def draw_no(
    package_id: str, token: str, answers: Mapping[str, Any], round_: int = 0, masked: Masked | None = None
) -> Form:
    """Draw the form in which a receiver says why not."""
    form = Form("package_no", keep={"p": package_id, "t": token}, answers=answers, round=round_)
    if masked is not None:
        asking_to_keep(form, masked)
    form.note("forms/package_no_opening").choice("reason", options_of("rejection_reasons"), radio=True)
    return form.text("words", optional=True, long=True, limit=WORDS)


def _answers(state: str | None) -> list[Option]:
    """What can be said of it from where it is."""
    steps = STEPS[State(state)] if state else frozenset(STATES.values())
    labels = dict(options_of("package_states"))
    return [(each, labels[to]) for each, to in STATES.items() if to in steps]


@routes.button("package.open", allow=COUNSEL)
async def open_package(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Open a sheet that was sent, with what was said to it."""
    await screen.show(draw(await handover_answers.opened(desk, actor, value)))


@routes.button("package.answer", allow=COUNSEL)
async def open_answer(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Enter what a receiver said by telephone, on paper or by mail."""
    told = await handover_answers.opened(desk, actor, value)
    await screen.show(draw_answer({}, package=told.package))


@routes.button("package.reply", allow=OF_STAFF)
async def open_reply(screen: Screen) -> None:
    """Enter what a receiver said, with the number and the code that stand on the sheet."""
    await screen.show(draw_answer({}))


@routes.form("package_answer.submit", allow=OF_STAFF)
async def answer(view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> Reply:
    """Keep what a receiver said."""
    answers = unmasked(Answers.of(view), "words")
    keep, said = answers.keep, _said(answers, answers.code("answer"))
    if by_code := "p" not in keep:
        number, code = answers.text("number"), answers.text("code")
        act = handover_answers.answer_by_code(desk, actor, number, code, said)
    else:
        act = handover_answers.answer(desk, actor, keep["p"], said)
    package = await offering(
        act,
        answers,
        lambda now, round_, masked: draw_answer(now.values, keep=now.keep, round_=round_, masked=masked),
    )
    if by_code:
        return notice(messages.words("forms/package_thanks", p=package))
    told = await handovers.overview(desk, actor, package.consultation)
    return await screen.back_to(linkage.draw(told))


@routes.button("package.accept")
async def accept(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Take a sheet that was handed to one's own office; the button serves once."""
    await _by_token(value, screen, actor, desk, ACCEPTED)


@routes.button("package.give_back")
async def give_back(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Say that a sheet was returned or destroyed; the button serves once."""
    await _by_token(value, screen, actor, desk, RETURNED)


async def _by_token(value: str, screen: Screen, actor: Actor, desk: Desk, said: str) -> None:
    package_id, _, token = value.partition(":")
    package = await handover_answers.answer_by_token(desk, actor, package_id, token, Said(said))
    await small_window(screen, messages.words("forms/package_thanks", p=package))


@routes.button("package.reject")
async def open_no(value: str, screen: Screen) -> None:
    """Say why one's own office cannot take a sheet."""
    package_id, _, token = value.partition(":")
    await screen.show(draw_no(package_id, token, {}))


@routes.form("package_no.submit")
async def reject(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Keep why one's own office cannot take a sheet."""
    answers = unmasked(Answers.of(view), "words")
    package_id, token = answers.keep["p"], answers.keep["t"]
    said = _said(answers, REJECTED)
    package = await offering(
        handover_answers.answer_by_token(desk, actor, package_id, token, said),
        answers,
        lambda now, round_, masked: draw_no(package_id, token, now.values, round_, masked),
    )
    return notice(messages.words("forms/package_thanks", p=package))


@routes.button("package.done", allow=COUNSEL)
async def done(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Say that a receiver has begun and nothing more is to be done here."""
    await handover_answers.finish(desk, actor, value)
    await _again(screen, actor, desk, value)


@routes.button("package.returned", allow=COUNSEL)
async def returned(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Confirm that a sheet was returned or destroyed."""
    package = await handover_answers.confirm_return(desk, actor, value)
    if screen.in_window:
        await _again(screen, actor, desk, package.id)
    else:
        await small_window(screen, messages.words("forms/package_thanks", p=package))


@routes.button("package.ask_back", allow=COUNSEL)
async def ask_back(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Ask for a sheet back that went astray or is needed no more."""
    await agreements.ask_back(desk, actor, value)
    await _again(screen, actor, desk, value)


@routes.button("package.print", allow=COUNSEL)
async def print_again(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Have a sheet, or the letter that asks for it back, once more; it comes to the direct message."""
    await handover_answers.print_again(desk, actor, value, once=screen.press)
    await small_window(screen, messages.words("forms/paper_comes"))


async def _again(screen: Screen, actor: Actor, desk: Desk, package_id: str) -> None:
    """Draw the window of the sheet as things are now."""
    view = screen.view
    if view.get("callback_id") == "package_shown.submit":
        form = draw(await handover_answers.opened(desk, actor, package_id))
        await screen.redraw(still_in_its_place(view, form))


def _said(answers: Answers, word: str | None) -> Said:
    return Said(word, answers.code("reason"), answers.text("words", limit=WORDS), confirmed(answers))
