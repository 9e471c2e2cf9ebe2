"""The windows about seats: joining, one's own part, entering somebody, and those who have no Slack."""

import contextlib
import json
from collections.abc import Mapping
from typing import Any

from bot import messages
from bot.answers import SLACK_TROUBLE
from bot.domain.refusals import Refused
from bot.domain.staff import Actor
from bot.domain.training import Training
from bot.organisation import Organisation
from bot.usecases import seat_reading
from bot.usecases.desk import Desk
from bot.usecases.seat_reading import Guests, Standing
from bot.usecases.seats import Joining
from handlers.forms import Answers, Form, Option
from handlers.intake import offered
from handlers.replies import small_window
from handlers.windows import Screen
from handlers.wording import Masked, asking_to_keep, confirmed

WORDS = ("needs", "question")
LONGEST = {"needs": 500, "question": 1000}


def formats(standing: Standing) -> list[Option]:
    """The ways to take part, each with how many seats are left."""
    words = messages.form_words("join")
    found = []
    for code, each in standing.told["seats"].items():
        state = "open" if each.free is None else "free" if each.admits else "full"
        name = messages.label(code, "training_formats")
        found.append((code, messages.phrase(words[state], name=name, free=each.free)))
    return found


def joining(
    organisation: Organisation, standing: Standing, answers: Mapping[str, Any] | None = None, *,
    round: int = 0, found: Masked | None = None,  # noqa: A002
) -> Form:  # fmt: skip
    """Draw the form for joining: what the plan asks for, and nothing else."""
    plan = standing.training.plan
    form = Form("join", keep={"t": standing.training.id}, answers=answers, round=round)
    form.note("forms/join_opening", **standing.told)
    asked = [each for each in WORDS if each in plan.asks]
    if found is not None:
        _words(form, asked)
        asking_to_keep(form, found).line()
    if len(plan.seats) > 1:
        form.choice("format", formats(standing), radio=True)
    for name, limit in (("name", 60), ("agency", 80)):
        if name in plan.asks:
            form.text(name, limit=limit)
    for ask, name, list_ in _CODES:
        if ask in plan.asks:
            form.choice(name, offered(organisation, list_))
    if found is None:
        _words(form, asked)
    return form


_CODES = (
    ("occupation", "occupation", "occupations"),
    ("field", "supporter_field", "supporter_fields"),
    ("municipality", "municipality", "municipalities"),
)


def _words(form: Form, names: list[str] | tuple[str, ...]) -> None:
    for name in names:
        form.text(name, optional=True, long=True, limit=LONGEST[name])


def entering(
    organisation: Organisation, standing: Standing, answers: Mapping[str, Any] | None = None, *,
    round: int = 0, found: Masked | None = None,  # noqa: A002
) -> Form:  # fmt: skip
    """Draw the form for entering somebody who telephoned, faxed or came by."""
    form = Form("enter_seat", keep={"t": standing.training.id}, answers=answers, round=round)
    form.note("forms/join_opening", **standing.told)
    if found is not None:
        _words(form, WORDS)
        asking_to_keep(form, found).line()
    form.choice("route", offered(organisation, "routes"))
    if len(standing.training.plan.seats) > 1:
        form.choice("format", formats(standing), radio=True)
    form.text("name", optional=True, limit=60)
    form.text("phone", optional=True, limit=60)
    form.text("agency", optional=True, limit=80)
    form.choice("occupation", offered(organisation, "occupations"), optional=True)
    form.choice("supporter_field", offered(organisation, "supporter_fields"), optional=True)
    form.choice("organization_type", offered(organisation, "organization_types"), optional=True)
    form.choice("municipality", offered(organisation, "municipalities"), optional=True)
    if found is None:
        _words(form, WORDS)
    return form.person("person", optional=True)


def said(answers: Answers) -> Joining:
    """Read the answers both forms have in common."""
    return Joining(
        format=answers.code("format"),
        supporter_field=answers.code("supporter_field"),
        organization_type=answers.code("organization_type"),
        occupation=answers.code("occupation"),
        municipality=answers.code("municipality"),
        name=answers.text("name", limit=60),
        agency=answers.text("agency", limit=80),
        phone=answers.text("phone", limit=60),
        needs=answers.text("needs", limit=LONGEST["needs"]),
        question=answers.text("question", limit=LONGEST["question"]),
        said=confirmed(answers),
    )


def switching(standing: Standing) -> Form:
    """Draw the form for taking part another way."""
    part = standing.part
    given = {"format": part.format} if part else {}
    keep = {"t": standing.training.id, "p": part.id if part else ""}
    return Form("switch_seat", keep=keep, answers=given).choice("format", formats(standing), radio=True)


def own(standing: Standing) -> Form:
    """Draw one's own part in a training."""
    return _about_one("own_seat", standing)


def begun(standing: Standing, *, organizes: bool) -> Form:
    """Say that nobody is entered any more: it has begun. Organizers let in whoever came."""
    return Form("notice").note("forms/entry_begun", t=standing.training, organizes=organizes)


def entered(standing: Standing) -> Form:
    """Draw what can be read out to whoever telephoned."""
    return _about_one("entered_seat", standing)


def _about_one(name: str, standing: Standing) -> Form:
    keep = {"p": standing.part.id if standing.part else ""}
    return Form(name, keep=keep).note(f"forms/{name}", **standing.told)


def people(found: Guests) -> Form:
    """Draw a page of those who have no Slack."""
    training: Training = found.told["t"]
    keep = {"t": training.id, "page": found.told["page"]}
    return Form("seat_people", keep=keep).note("forms/seat_people", **found.told)


async def drawn_again(desk: Desk, actor: Actor, view: Mapping[str, Any]) -> Form | None:
    """Draw one of these windows as things are now; None: it is another window."""
    about = json.loads(view.get("private_metadata") or "{}")
    match view["callback_id"]:
        case "own_seat.submit":
            return own(await seat_reading.own(desk, actor, about["p"]))
        case "entered_seat.submit":
            return entered(await seat_reading.one(desk, actor, about["p"]))
        case "seat_people.submit":
            return people(await seat_reading.guests(desk, actor, about["t"], about["page"]))
    return None


async def fresh(screen: Screen, desk: Desk, actor: Actor) -> bool:
    """Where a button was pressed in one of these windows, draw it as things are now. False: in none of them."""
    view = screen.view
    if view.get("type") != "modal":
        return False
    with contextlib.suppress(Refused, *SLACK_TROUBLE):
        form = await drawn_again(desk, actor, view)
        if form is None:
            return False
        await screen.redraw(form)
    return True


async def answer(screen: Screen, template: str, told: Mapping[str, Any], *, in_dm: bool = True) -> None:
    """Answer whoever pressed: beside the message, as a line only they see, or in a small window.

    `in_dm` False: nothing is said in a direct message, because a message follows there.
    """
    text = messages.words(template, **told)
    channel = (screen.body.get("channel") or {}).get("id", "")
    with contextlib.suppress(*SLACK_TROUBLE):
        if not screen.in_message:
            await small_window(screen, text)
        elif in_dm or not channel.startswith("D"):
            await screen.client.chat_postEphemeral(channel=channel, user=screen.body["user"]["id"], text=text)


async def show_own(screen: Screen, desk: Desk, actor: Actor, part: str) -> None:
    """Open one's own part in a training."""
    await screen.show(own(await seat_reading.own(desk, actor, part)))
