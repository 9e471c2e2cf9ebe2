"""つなぎ先: the entries of agencies, written and mended by those who look after them."""

from collections.abc import Mapping
from typing import Any

from bot.domain.directory import EVERYWHERE, STAFF, Agency, Entry, a_year_after, is_due
from bot.domain.staff import Actor
from bot.organisation import Organisation
from bot.usecases import directory
from bot.usecases.desk import Desk
from bot.usecases.directory import EDIT, Asked
from handlers.callbacks import options_of
from handlers.entries import NOBODY, asked_day, asking, day, kinds, line, naming, places, searched
from handlers.forms import Answers, Form
from handlers.municipalities import draw_town
from handlers.routing import Routes
from handlers.windows import Reply, Screen, id_of

routes = Routes()


def draw_agency(
    organisation: Organisation, answers: Mapping[str, Any], keep: Mapping[str, Any], round_: int = 0,
    named: tuple[str, ...] = (),
) -> Form:  # fmt: skip
    """Draw the form of an agency. `named`: what looks like a person's name."""
    form = asking(Form("agency", answers=answers, keep=keep, round=round_), named)
    form.text("name", limit=80).choice("kind", kinds())
    form.choice("municipality", [*places(organisation), (EVERYWHERE, form.word("everywhere"))])
    form.text("phone", optional=True, limit=60).text("note", optional=True, long=True, limit=300)
    form.choice("source", options_of("directory_sources"), optional=True)
    form.person("owner", optional=True).day("confirm_on")
    if keep.get("v"):
        form.choice("active", [(each, form.word(each)) for each in ("used", "unused")], radio=True)
    return form


@routes.button("directory.add", allow=EDIT)
async def add(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Add an agency to the directory."""
    known = value in directory.places(desk.organisation)
    answers = {
        "municipality": value if known else None,
        "owner": actor.id,
        "confirm_on": a_year_after(day(desk.db.clock())).isoformat(),
    }
    await screen.show(draw_agency(desk.organisation, answers, {}))


@routes.button("directory.edit", allow=STAFF)
async def edit(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Change an entry of the directory."""
    entry = await directory.one(desk, actor, value)
    answers, today = answers_of(entry), day(desk.db.clock())
    if entry.confirm_on is None or is_due(entry, today):
        answers["confirm_on"] = a_year_after(today).isoformat()
    await screen.show(_form_of(desk.organisation, entry, answers))


def answers_of(entry: Entry) -> dict[str, Any]:
    """Give an entry as the answers of its form."""
    told: dict[str, Any] = {"owner": entry.owner, "phone": entry.phone, "source": entry.source}
    told["confirm_on"] = entry.confirm_on.isoformat() if entry.confirm_on else None
    if isinstance(entry, Agency):
        told |= {name: getattr(entry, name) for name in ("name", "kind", "municipality", "note")}
        return told | {"active": "used" if entry.active else "unused"}
    return told | {"section": entry.section, "juso": entry.juso}


def _form_of(organisation: Organisation, entry: Entry, answers: Mapping[str, Any]) -> Form:
    if isinstance(entry, Agency):
        return draw_agency(organisation, answers, {"a": entry.id, "v": entry.version})
    return draw_town(organisation, answers, {"m": entry.municipality, "v": entry.version})


@routes.form("agency.submit", allow=STAFF)
async def keep_agency(view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> Reply:
    """Keep an agency as it was written."""
    answers = Answers.of(view)
    agency = Agency(
        id=str(answers.keep.get("a", "")),
        name=line(answers, "name", 80),
        kind=answers.code("kind") or "",
        municipality=answers.code("municipality") or "",
        phone=line(answers, "phone", 60),
        note=answers.text("note", limit=300),
        source=answers.code("source"),
        owner=answers.code("owner") or None,
        confirm_on=asked_day(answers),
        active=answers.code("active") != "unused",
        version=int(answers.keep.get("v", 0)),
    )
    act = directory.keep_agency(desk, actor, agency, once=id_of(view), nobody=answers.chosen(NOBODY))
    kept = await naming(
        act,
        answers,
        lambda now, named: draw_agency(desk.organisation, now.values, now.keep, now.round + 1, named),
    )
    place = kept.municipality if kept.municipality != EVERYWHERE else None
    return await screen.back_to(await searched(desk, actor, Asked(municipality=place, kind=kept.kind), 1))
