"""つなぎ先: looking up municipalities and agencies, and keeping their entries right."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot import codes, messages
from bot.domain.directory import (
    EVERYWHERE,
    STAFF,
    Agency,
    Entry,
    PersonNamed,
    Town,
    a_year_after,
    does_juso,
    is_due,
    may_edit,
)
from bot.domain.refusals import Missing
from bot.domain.staff import Actor
from bot.domain.text import clean_line
from bot.organisation import Organisation
from bot.usecases import directory
from bot.usecases.desk import TOKYO, Desk
from bot.usecases.directory import EDIT, Asked, Found
from handlers.forms import Answers, Form, Option
from handlers.opening import show_form
from handlers.replies import Offer, small_window
from handlers.routing import Routes
from handlers.windows import back_to, id_of, still_in_its_place
from handlers.wording import typed

routes = Routes()

ANY = "any"
SHOWN = 30
NOBODY = "nobody"  # the boxes of what looks like a person's name and is none
UNSAID = frozenset({"undisclosed"})  # of the kinds of agencies, what no agency is
BOXES, VALUE = 10, 150


# Looking up


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
        places=[(ANY, form.word("any_place")), *_places(organisation)],
        kinds=[(ANY, form.word("any_kind")), *_kinds()],
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
            due=is_due(each, _day(now)),
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
        "due": is_due(town, _day(now)),
    }


async def _found(desk: Desk, actor: Actor, asked: Asked, round_: int = 0) -> Form:
    found = await directory.look(desk, actor, asked)
    return draw(desk.organisation, actor, asked, found, desk.db.clock(), round_)


def _asked(desk: Desk, answers: Answers, **changed: str | None) -> Asked:
    told = {**answers.keep, **changed}
    place, kind = told.get("m"), told.get("k")
    return Asked(
        answers.text("words", limit=100),
        place if place in directory.places(desk.organisation) else None,
        kind if kind in dict(_kinds()) else None,
    )


@routes.command("/つなぎ先", allow=STAFF)
async def command(
    ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, actor: Actor, desk: Desk
) -> None:
    """Look up agencies and municipalities."""
    asked = Asked(typed(body.get("text") or "").strip()[:100])
    await show_form(client, body, await _found(desk, actor, asked))
    await ack()


@routes.button("directory.open", allow=STAFF)
async def open_directory(
    ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, actor: Actor, desk: Desk
) -> None:
    """Look up agencies and municipalities, from the Home."""
    await show_form(client, body, await _found(desk, actor, Asked()))
    await ack()


@routes.form("directory.submit", allow=STAFF)
async def search(ack: AsyncAck, view: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Search for what was typed, in the same window."""
    answers = Answers.of(view)
    form = await _found(desk, actor, _asked(desk, answers), answers.round + 1)
    await ack(response_action="update", view=still_in_its_place(view, form.view()))


def _narrowing(key: str, about: str) -> Callable[..., Awaitable[None]]:
    async def narrow(
        ack: AsyncAck,
        action: dict[str, Any],
        body: dict[str, Any],
        client: AsyncWebClient,
        actor: Actor,
        desk: Desk,
    ) -> None:
        chosen = (action.get("selected_option") or {}).get("value")
        answers = Answers.of(body["view"])
        form = await _found(desk, actor, _asked(desk, answers, **{key: chosen}), answers.round + 1)
        view = still_in_its_place(body["view"], form.view())
        await client.views_update(view_id=body["view"]["id"], view=view)
        await ack()

    narrow.__doc__ = about
    return narrow


routes.button("directory.place", allow=STAFF)(_narrowing("m", "Look at one municipality."))
routes.button("directory.kind", allow=STAFF)(_narrowing("k", "Look at one kind of agency."))


# Keeping entries right


def draw_agency(
    organisation: Organisation, answers: Mapping[str, Any], keep: Mapping[str, Any], round_: int = 0,
    named: tuple[str, ...] = (),
) -> Form:  # fmt: skip
    """Draw the form of an agency. `named`: what looks like a person's name."""
    form = _asking(Form("agency", answers=answers, keep=keep, round=round_), named)
    form.text("name", limit=80).choice("kind", _kinds())
    form.choice("municipality", [*_places(organisation), (EVERYWHERE, form.word("everywhere"))])
    form.text("phone", optional=True, limit=60).text("note", optional=True, long=True, limit=300)
    form.person("owner", optional=True).day("confirm_on")
    if keep.get("v"):
        form.choice("active", [(each, form.word(each)) for each in ("used", "unused")], radio=True)
    return form


def draw_town(
    organisation: Organisation, answers: Mapping[str, Any], keep: Mapping[str, Any], round_: int = 0,
    named: tuple[str, ...] = (),
) -> Form:  # fmt: skip
    """Draw the form of a municipality's counter."""
    form = _asking(Form("town", answers=answers, keep=keep, round=round_), named)
    form.note("forms/town_opening", name=directory.places(organisation).get(keep["m"], ""))
    form.text("section", optional=True, limit=80).text("phone", optional=True, limit=60)
    form.choice("juso", [(each.code, each.label) for each in codes.options("juso_states")], optional=True)
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
    _asking(form, named).note(
        "forms/local_name_opening",
        name=directory.places(organisation).get(town.municipality, ""),
        meetings=town.meetings,
    )
    meetings = [
        (each.code, f"{each.label}（{each.more['basis']}）") for each in directory.meetings_of_towns()
    ]
    return form.choice("meeting", meetings).text("name", optional=True, limit=60)


@routes.button("directory.add", allow=EDIT)
async def add(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    desk: Desk,
) -> None:
    """Add an agency to the directory."""
    known = action["value"] in directory.places(desk.organisation)
    answers = {
        "municipality": action["value"] if known else None,
        "owner": actor.id,
        "confirm_on": a_year_after(_day(desk.db.clock())).isoformat(),
    }
    await show_form(client, body, draw_agency(desk.organisation, answers, {}))
    await ack()


@routes.button("directory.edit", allow=STAFF)
async def edit(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    desk: Desk,
) -> None:
    """Change an entry of the directory."""
    found = await directory.one(desk, actor, action["value"])
    answers, today = answers_of(found), _day(desk.db.clock())
    if found.confirm_on is None or is_due(found, today):
        answers["confirm_on"] = a_year_after(today).isoformat()
    await show_form(client, body, _form_of(desk.organisation, found, answers))
    await ack()


def answers_of(found: Entry) -> dict[str, Any]:
    """Give an entry as the answers of its form."""
    told: dict[str, Any] = {"owner": found.owner, "phone": found.phone}
    told["confirm_on"] = found.confirm_on.isoformat() if found.confirm_on else None
    if isinstance(found, Agency):
        told |= {name: getattr(found, name) for name in ("name", "kind", "municipality", "note")}
        return told | {"active": "used" if found.active else "unused"}
    return told | {"section": found.section, "juso": found.juso}


def _form_of(organisation: Organisation, found: Entry, answers: Mapping[str, Any]) -> Form:
    if isinstance(found, Agency):
        return draw_agency(organisation, answers, {"a": found.id, "v": found.version})
    return draw_town(organisation, answers, {"m": found.municipality, "v": found.version})


@routes.form("agency.submit", allow=STAFF)
async def keep_agency(
    ack: AsyncAck, view: dict[str, Any], client: AsyncWebClient, actor: Actor, desk: Desk
) -> None:
    """Keep an agency as it was written."""
    answers = Answers.of(view)
    agency = Agency(
        id=str(answers.keep.get("a", "")),
        name=_line(answers, "name", 80),
        kind=answers.code("kind") or "",
        municipality=answers.code("municipality") or "",
        phone=_line(answers, "phone", 60),
        note=answers.text("note", limit=300),
        owner=answers.code("owner") or None,
        confirm_on=_asked_day(answers),
        active=answers.code("active") != "unused",
        version=int(answers.keep.get("v", 0)),
    )
    act = directory.keep_agency(desk, actor, agency, once=id_of(view), nobody=answers.chosen(NOBODY))
    kept = await _naming(
        act,
        answers,
        lambda now, named: draw_agency(desk.organisation, now.values, now.keep, now.round + 1, named),
    )
    place = kept.municipality if kept.municipality != EVERYWHERE else None
    await back_to(
        ack, client, view, (await _found(desk, actor, Asked(municipality=place, kind=kept.kind), 1)).view()
    )


@routes.form("town.submit", allow=STAFF)
async def keep_town(
    ack: AsyncAck, view: dict[str, Any], client: AsyncWebClient, actor: Actor, desk: Desk
) -> None:
    """Keep what is known of a municipality's counter."""
    answers = Answers.of(view)
    town = Town(
        municipality=str(answers.keep["m"]),
        section=_line(answers, "section", 80),
        phone=_line(answers, "phone", 60),
        juso=answers.code("juso"),
        owner=answers.code("owner") or None,
        confirm_on=_asked_day(answers),
        version=int(answers.keep["v"]),
    )
    kept = await _naming(
        directory.keep_town(desk, actor, town, nobody=answers.chosen(NOBODY)),
        answers,
        lambda now, named: draw_town(desk.organisation, now.values, now.keep, now.round + 1, named),
    )
    await back_to(
        ack, client, view, (await _found(desk, actor, Asked(municipality=kept.municipality), 1)).view()
    )


@routes.button("directory.meetings", allow=STAFF)
async def open_local_name(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    desk: Desk,
) -> None:
    """Note what a municipality calls one of its meetings."""
    found = await directory.one(desk, actor, f"town:{action['value']}")
    await show_form(client, body, draw_local_name(desk.organisation, _town(found), {}))
    await ack()


@routes.form("local_name.submit", allow=STAFF)
async def call_meeting(
    ack: AsyncAck, view: dict[str, Any], client: AsyncWebClient, actor: Actor, desk: Desk
) -> None:
    """Keep what a municipality calls one of its meetings."""
    answers = Answers.of(view)
    place, meeting = str(answers.keep["m"]), answers.code("meeting")
    if not meeting:
        raise Missing("meeting")
    found = _town(await directory.one(desk, actor, f"town:{place}"))
    kept = await _naming(
        directory.call_meeting(
            desk, actor, place, meeting, _line(answers, "name", 60), nobody=answers.chosen(NOBODY)
        ),
        answers,
        lambda now, named: draw_local_name(desk.organisation, found, now.values, now.round + 1, named),
    )
    await back_to(
        ack, client, view, (await _found(desk, actor, Asked(municipality=kept.municipality), 1)).view()
    )


@routes.button("directory.confirm", allow=STAFF)
async def confirm(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    desk: Desk,
) -> None:
    """Say that an entry of the directory still holds."""
    kept = await directory.confirm(desk, actor, action["value"])
    view = body.get("view") or {}
    if view.get("callback_id") == "directory.submit":
        answers = Answers.of(view)
        form = await _found(desk, actor, _asked(desk, answers), answers.round + 1)
        await client.views_update(view_id=view["id"], view=still_in_its_place(view, form.view()))
    else:
        await small_window(client, body, messages.words("forms/directory_confirmed", e=kept))
    await ack()


async def _naming(
    act: Awaitable[Any], answers: Answers, draw_again: Callable[[Answers, tuple[str, ...]], Form]
) -> Any:
    """Do the act; where a person seems to be named, draw the form again with a box for each that is nobody's name."""
    try:
        return await act
    except PersonNamed as refused:
        named = dict.fromkeys((*answers.chosen(NOBODY), *refused.surfaces))
        fits = tuple(each for each in named if len(each) <= VALUE)[:BOXES]
        raise Offer(draw_again(answers, fits).view()) from None


def _asking(form: Form, named: tuple[str, ...]) -> Form:
    if named:
        form.also("person_named").note("forms/person_named")
        form.choices(NOBODY, [(each, each) for each in named], optional=True, boxes=True)
    return form


def _asked_day(answers: Answers) -> date:
    day = answers.day("confirm_on")
    if day is None:
        raise Missing("confirm_on")
    return day


def _line(answers: Answers, name: str, limit: int) -> str:
    text = answers.text(name, limit=limit)
    return clean_line(text, limit=limit) if text else ""


def _town(found: Entry) -> Town:
    if not isinstance(found, Town):
        raise TypeError(type(found).__name__)
    return replace(found)


def _places(organisation: Organisation) -> list[Option]:
    return list(directory.places(organisation).items())


def _kinds() -> list[Option]:
    return [
        (each.code, each.label) for each in codes.options("organization_types") if each.code not in UNSAID
    ]


def _day(now: datetime) -> date:
    return now.astimezone(TOKYO).date()
