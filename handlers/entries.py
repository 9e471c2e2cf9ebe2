"""つなぎ先: looking up municipalities and agencies, and saying that an entry still holds."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any

from bot import codes, messages
from bot.domain.business_time import TOKYO
from bot.domain.directory import STAFF, PersonNamed, Town, does_juso, is_due, may_edit
from bot.domain.refusals import Missing
from bot.domain.staff import Actor
from bot.domain.text import clean_line
from bot.organisation import Organisation
from bot.usecases import directory
from bot.usecases.desk import Desk
from bot.usecases.directory import EDIT, Asked, Found
from handlers.forms import Answers, Form, Option
from handlers.replies import Offer, small_window
from handlers.routing import Routes
from handlers.windows import Reply, Screen, still_in_its_place
from handlers.wording import typed

routes = Routes()

ANY = "any"
SHOWN = 30
NOBODY = "nobody"  # the boxes of what looks like a person's name and is none
UNSAID = frozenset({"undisclosed"})  # of the kinds of agencies, what no agency is
BOXES, VALUE = 10, 150


def draw(
    organisation: Organisation, actor: Actor, asked: Asked, found: Found, now: datetime, round_: int = 0
) -> Form:
    """Draw the search and what it found. Where Slack would not take all of it, a line says how many are left out."""
    shown = SHOWN
    while True:
        form = _drawn(organisation, actor, asked, found, now, round_, shown)
        if form.fits() or not shown:
            return form
        shown -= 5


def _drawn(
    organisation: Organisation,
    actor: Actor,
    asked: Asked,
    found: Found,
    now: datetime,
    round_: int,
    shown: int,
) -> Form:
    keep = {name: code for name, code in (("m", asked.municipality), ("k", asked.kind)) if code}
    form = Form("directory", answers={"words": asked.words}, round=round_, keep=keep)
    form.text("words", optional=True, limit=100)
    form.note(
        "forms/directory_menus",
        places=[(ANY, form.word("any_place")), *places(organisation)],
        kinds=[(ANY, form.word("any_kind")), *kinds()],
        place=asked.municipality or ANY,
        kind=asked.kind or ANY,
        adds=actor.has(*EDIT),
        town=asked.municipality or "-",
    )
    if found.town:
        form.note(
            "forms/directory_town",
            **town_facts(organisation, found.town, now),
            edits=may_edit(actor, found.town),
        )
    everything = [*found.agencies, *found.unused]
    form.note("forms/directory_found", found=found, asked=asked, hidden=len(everything) - shown)
    for each in everything[:shown]:
        form.note(
            "forms/directory_agency",
            a=each,
            place=directory.places(organisation).get(each.municipality, form.word("everywhere")),
            edits=may_edit(actor, each),
            due=is_due(each, day(now)),
        )
    return form


def town_facts(organisation: Organisation, town: Town, now: datetime) -> dict[str, Any]:
    """What is said about a municipality: where cases go, and what its meetings are called, each with its basis."""
    planned = town.municipality in codes.load("juso_2021_municipalities")
    meetings = [
        {"label": each.label, **each.more, "local": town.meetings.get(each.code, "")}
        for each in directory.meetings_of_towns()
        if each.code in town.meetings or each.code in {"juso", "shien_juso", "shien_konkyu"}
    ]
    return {
        "t": town,
        "name": directory.places(organisation).get(town.municipality, ""),
        "planned": planned,
        "juso": does_juso(town, planned),
        "meetings": meetings,
        "due": is_due(town, day(now)),
    }


async def searched(desk: Desk, actor: Actor, asked: Asked, round_: int = 0) -> Form:
    """Search, and draw the window with what was found."""
    found = await directory.look(desk, actor, asked)
    return draw(desk.organisation, actor, asked, found, desk.db.clock(), round_)


def asked_in(desk: Desk, answers: Answers, **changed: str | None) -> Asked:
    """Read what is looked for from the window."""
    told = {**answers.keep, **changed}
    place, kind = told.get("m"), told.get("k")
    return Asked(
        answers.text("words", limit=100),
        place if place in directory.places(desk.organisation) else None,
        kind if kind in dict(kinds()) else None,
    )


@routes.command("/つなぎ先", allow=STAFF)
async def command(screen: Screen, actor: Actor, desk: Desk) -> None:
    """Look up agencies and municipalities."""
    asked = Asked(typed(screen.body.get("text") or "").strip()[:100])
    await screen.show(await searched(desk, actor, asked))


@routes.button("directory.open", allow=STAFF)
async def open_directory(screen: Screen, actor: Actor, desk: Desk) -> None:
    """Look up agencies and municipalities, from the Home."""
    await screen.show(await searched(desk, actor, Asked()))


@routes.form("directory.submit", allow=STAFF)
async def search(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Search for what was typed, in the same window."""
    answers = Answers.of(view)
    form = await searched(desk, actor, asked_in(desk, answers), answers.round + 1)
    return still_in_its_place(view, form)


def _narrowing(key: str, about: str) -> Callable[..., Awaitable[None]]:
    async def narrow(action: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> None:
        chosen = (action.get("selected_option") or {}).get("value")
        answers = Answers.of(screen.view)
        form = await searched(desk, actor, asked_in(desk, answers, **{key: chosen}), answers.round + 1)
        view = still_in_its_place(screen.view, form)
        await screen.redraw(view)

    narrow.__doc__ = about
    return narrow


routes.button("directory.place", allow=STAFF)(_narrowing("m", "Look at one municipality."))
routes.button("directory.kind", allow=STAFF)(_narrowing("k", "Look at one kind of agency."))


@routes.button("directory.confirm", allow=STAFF)
async def confirm(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Say that an entry of the directory still holds."""
    kept = await directory.confirm(desk, actor, value)
    view = screen.view
    if view.get("callback_id") == "directory.submit":
        answers = Answers.of(view)
        form = await searched(desk, actor, asked_in(desk, answers), answers.round + 1)
        await screen.redraw(still_in_its_place(view, form))
    else:
        await small_window(screen, messages.words("forms/directory_confirmed", e=kept))


# What the forms of entries have in common


async def naming(
    act: Awaitable[Any], answers: Answers, draw_again: Callable[[Answers, tuple[str, ...]], Form]
) -> Any:
    """Do the act; where a person seems to be named, draw the form again with a box for each that is nobody's name."""
    try:
        return await act
    except PersonNamed as refused:
        named = dict.fromkeys((*answers.chosen(NOBODY), *refused.surfaces))
        fits = tuple(each for each in named if len(each) <= VALUE)[:BOXES]
        raise Offer(draw_again(answers, fits).view()) from None


def asking(form: Form, named: tuple[str, ...]) -> Form:
    """Ask, at the top of a form that came back, which of these are nobody's name."""
    if named:
        form.also("person_named").note("forms/person_named")
        form.choices(NOBODY, [(each, each) for each in named], optional=True, boxes=True)
    return form


def asked_day(answers: Answers) -> date:
    """Read when it is to be confirmed again, which no entry goes without."""
    asked_for = answers.day("confirm_on")
    if asked_for is None:
        raise Missing("confirm_on")
    return asked_for


def line(answers: Answers, name: str, limit: int) -> str:
    """Read one line as it is kept; empty where nothing was written."""
    text = answers.text(name, limit=limit)
    return clean_line(text, limit=limit) if text else ""


def places(organisation: Organisation) -> list[Option]:
    """The municipalities of the prefecture."""
    return list(directory.places(organisation).items())


def kinds() -> list[Option]:
    """The kinds of agencies."""
    return [
        (each.code, each.label) for each in codes.options("organization_types") if each.code not in UNSAID
    ]


def day(now: datetime) -> date:
    """The day in Tokyo."""
    return now.astimezone(TOKYO).date()
