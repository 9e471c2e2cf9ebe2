"""つなぎ先: the municipalities' counters, and what they call their meetings."""

from collections.abc import Mapping
from typing import Any

from bot.domain.directory import STAFF, Entry, Town
from bot.domain.refusals import Missing
from bot.domain.staff import Actor
from bot.organisation import Organisation
from bot.usecases import directory
from bot.usecases.desk import Desk
from bot.usecases.directory import Asked
from handlers.callbacks import options_of
from handlers.entries import NOBODY, asked_day, asking, line, naming, searched
from handlers.forms import Answers, Form
from handlers.routing import Routes
from handlers.windows import Reply, Screen

routes = Routes()


def draw_town(
    organisation: Organisation, answers: Mapping[str, Any], keep: Mapping[str, Any], round_: int = 0,
    named: tuple[str, ...] = (),
) -> Form:  # fmt: skip
    """Draw the form of a municipality's counter."""
    form = asking(Form("town", answers=answers, keep=keep, round=round_), named)
    form.note("forms/town_opening", name=directory.places(organisation).get(keep["m"], ""))
    form.text("section", optional=True, limit=80).text("phone", optional=True, limit=60)
    form.choice("juso", options_of("juso_states"), optional=True)
    form.choice("source", options_of("directory_sources"))
    return form.person("owner", optional=True).day("confirm_on")


def draw_local_name(
    organisation: Organisation,
    town: Town,
    answers: Mapping[str, Any],
    round_: int = 0,
    named: tuple[str, ...] = (),
) -> Form:
    """Draw the form of what a municipality calls one of its meetings."""
    form = Form("local_name", answers=answers, keep={"m": town.municipality}, round=round_)
    asking(form, named).note(
        "forms/local_name_opening",
        name=directory.places(organisation).get(town.municipality, ""),
        meetings=town.meetings,
    )
    meetings = [
        (each.code, f"{each.label}（{each.more['basis']}）") for each in directory.meetings_of_towns()
    ]
    return form.choice("meeting", meetings).text("name", optional=True, limit=60)


@routes.form("town.submit", allow=STAFF)
async def keep_town(view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> Reply:
    """Keep what is known of a municipality's counter."""
    answers = Answers.of(view)
    town = Town(
        municipality=str(answers.keep["m"]),
        section=line(answers, "section", 80),
        phone=line(answers, "phone", 60),
        juso=answers.code("juso"),
        source=answers.code("source"),
        owner=answers.code("owner") or None,
        confirm_on=asked_day(answers),
        version=int(answers.keep["v"]),
    )
    kept = await naming(
        directory.keep_town(desk, actor, town, nobody=answers.chosen(NOBODY)),
        answers,
        lambda now, named: draw_town(desk.organisation, now.values, now.keep, now.round + 1, named),
    )
    return await screen.back_to(await searched(desk, actor, Asked(municipality=kept.municipality), 1))


@routes.button("directory.meetings", allow=STAFF)
async def open_local_name(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Note what a municipality calls one of its meetings."""
    town = _town(await directory.one(desk, actor, f"town:{value}"))
    await screen.show(draw_local_name(desk.organisation, town, {}))


@routes.form("local_name.submit", allow=STAFF)
async def call_meeting(view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> Reply:
    """Keep what a municipality calls one of its meetings."""
    answers = Answers.of(view)
    place, meeting = str(answers.keep["m"]), answers.code("meeting")
    if not meeting:
        raise Missing("meeting")
    town = _town(await directory.one(desk, actor, f"town:{place}"))
    kept = await naming(
        directory.call_meeting(
            desk, actor, place, meeting, line(answers, "name", 60), nobody=answers.chosen(NOBODY)
        ),
        answers,
        lambda now, named: draw_local_name(desk.organisation, town, now.values, now.round + 1, named),
    )
    return await screen.back_to(await searched(desk, actor, Asked(municipality=kept.municipality), 1))


def _town(entry: Entry) -> Town:
    if not isinstance(entry, Town):
        raise TypeError(type(entry).__name__)
    return entry
