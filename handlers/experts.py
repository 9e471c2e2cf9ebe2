"""専門職の都合: when those who sit in reviews can; what they belong to is a coordinator's to note."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from bot.domain.business_time import TOKYO
from bot.domain.directory import Agency
from bot.domain.expert import EXPERTS, SITTING, WEEKDAYS, Expert, read_hours, said_hours
from bot.domain.refusals import Missing
from bot.domain.staff import Actor, Role
from bot.messages import WEEKDAYS as WEEKDAYS_SAID
from bot.messages import label, said
from bot.organisation import Organisation
from bot.usecases import experts
from bot.usecases.desk import Desk
from bot.usecases.directory import places
from bot.usecases.experts import DESCRIBE, Stated
from handlers.forms import OPTIONS, Answers, Form, Option
from handlers.routing import Routes
from handlers.windows import Reply, Screen

routes = Routes()

MOST = 99
YEN = 100_000
SHOWN = 40  # at most, where not all fit
WAYS = "training_formats"


def draw_own(expert: Expert, now: datetime, *, theirs: bool) -> Form:
    """Draw when somebody can. `theirs`: whoever looks is that person; else the window says whose it is."""
    today = now.astimezone(TOKYO).date()
    off = [day for day in expert.days_off if day >= today]
    answers: dict[str, Any] = {
        name: said_hours(expert.hours.get(day, ())) for day, name in enumerate(WEEKDAYS)
    }
    answers |= {"off": [day.isoformat() for day in off], "most": expert.most, "ways": expert.ways}
    form = Form("expert_own", answers=answers, keep={"s": expert.staff, "v": expert.version})
    form.note("forms/expert_own_opening", staff=None if theirs else expert.staff)
    for name in WEEKDAYS:
        form.text(name, optional=True, limit=100)
    if off:
        form.choices("off", [(day.isoformat(), said(day)) for day in off][:OPTIONS], optional=True)
    form.day("off_since", optional=True).day("off_until", optional=True)
    form.number("most", most=MOST)
    return form.choices("ways", [(each, label(each, WAYS)) for each in ("onsite", "online")], boxes=True)


def draw_facts(organisation: Organisation, expert: Expert | None, agencies: Iterable[Agency]) -> Form:
    """Draw what somebody belongs to. None: it is to be chosen who. Agencies of their municipalities come first."""
    towns = expert.municipalities if expert else ()
    mine = expert.agency if expert else None
    answers: dict[str, Any] = {"municipalities": towns, "agency": mine}
    answers["honorarium"] = expert.honorarium if expert else None
    form = Form(
        "expert_facts", answers=answers, keep={"s": expert.staff, "v": expert.version} if expert else {}
    )
    form.note("forms/expert_facts_opening", staff=expert.staff if expert else None)
    if expert is None:
        form.person("person")
    form.choices("municipalities", list(places(organisation).items()), optional=True)
    offered = _agencies(
        organisation, sorted(agencies, key=lambda each: (each.id != mine, each.municipality not in towns))
    )
    if offered:
        form.choice("agency", offered, optional=True)
    return form.number("honorarium", most=YEN)


def _agencies(organisation: Organisation, agencies: Iterable[Agency]) -> list[Option]:
    names = places(organisation)
    return [(each.id, f"{each.name}（{names.get(each.municipality) or '県内'}）"[:75]) for each in agencies][
        :OPTIONS
    ]


def draw(
    organisation: Organisation, everybody: list[Expert], agencies: Mapping[str, Agency], now: datetime
) -> Form:
    """Draw everybody who may be invited. Where Slack would not take them all, a line says how many are left out."""
    shown = len(everybody)
    while True:
        form = Form("experts").note("forms/experts_opening", many=len(everybody))
        for each in everybody[:shown]:
            form.note("forms/expert", **_facts(organisation, each, agencies, now))
        if shown < len(everybody):
            form.note("forms/experts_more", more=len(everybody) - shown)
        if form.fits() or not shown:
            return form
        shown = min(shown - 1, SHOWN)


def _facts(
    organisation: Organisation, expert: Expert, agencies: Mapping[str, Agency], now: datetime
) -> dict[str, Any]:
    names, today = places(organisation), now.astimezone(TOKYO).date()
    return {
        "x": expert,
        "agency": agencies[expert.agency].name if expert.agency and expert.agency in agencies else "",
        "towns": [names[code] for code in expert.municipalities if code in names],
        "hours": [
            (name, said_hours(expert.hours[day]))
            for day, name in enumerate(WEEKDAYS_SAID)
            if expert.hours.get(day)
        ],
        "off": len([day for day in expert.days_off if day >= today]),
    }


def draw_kept(expert: Expert) -> Form:
    """Draw what is said to somebody who stated when they can."""
    return Form("expert_kept").note("forms/expert_kept", stated=expert.has_stated)


async def _list(desk: Desk, actor: Actor) -> Form:
    everybody, agencies = await experts.everybody(desk, actor)
    return draw(desk.organisation, everybody, agencies, desk.db.clock())


@routes.command("/都合", allow=SITTING)
async def command(screen: Screen, actor: Actor, desk: Desk) -> None:
    """Say when you can sit in reviews; a coordinator sees everybody."""
    if actor.has(*DESCRIBE) and not actor.has(*EXPERTS, Role.COUNSELOR, Role.SUPERVISOR):
        await screen.show(await _list(desk, actor))
    else:
        await screen.show(await _own(desk, actor, actor.id))


@routes.button("expert.own", allow=SITTING)
async def open_own(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Say when you can sit in reviews. The value may name whose it is: then a coordinator writes it for them."""
    staff = value if value != "-" else actor.id
    await screen.show(await _own(desk, actor, staff))


async def _own(desk: Desk, actor: Actor, staff: str) -> Form:
    return draw_own(await experts.of(desk, actor, staff), desk.db.clock(), theirs=staff == actor.id)


@routes.form("expert_own.submit", allow=SITTING)
async def keep_own(view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> Reply:
    """Keep when somebody can."""
    answers = Answers.of(view)
    staff = str(answers.keep["s"])
    hours = {
        day: stretches
        for day, name in enumerate(WEEKDAYS)
        if (stretches := read_hours(answers.text(name, limit=100), name))
    }
    stated = Stated(
        hours=hours,
        off=tuple(date.fromisoformat(each) for each in answers.chosen("off")),
        since=answers.day("off_since"),
        until=answers.day("off_until"),
        most=answers.number("most"),
        ways=answers.chosen("ways"),
        version=int(answers.keep["v"]),
    )
    kept = await experts.state(desk, actor, staff, stated)
    return await _done(screen, actor, desk, kept)


@routes.button("expert.list", allow=DESCRIBE)
async def open_list(screen: Screen, actor: Actor, desk: Desk) -> None:
    """See everybody who sits in reviews, and when they can."""
    await screen.show(await _list(desk, actor))


@routes.button("expert.facts", allow=DESCRIBE)
async def open_facts(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Note what somebody belongs to, and their honorarium; without a value, of somebody who is to be chosen."""
    _, agencies = await experts.everybody(desk, actor)
    expert = None if value == "-" else await experts.of(desk, actor, value)
    await screen.show(draw_facts(desk.organisation, expert, agencies.values()))


@routes.form("expert_facts.submit", allow=DESCRIBE)
async def keep_facts(view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> Reply:
    """Keep what somebody belongs to."""
    answers = Answers.of(view)
    staff = str(answers.keep.get("s") or answers.code("person") or "")
    if not staff:
        raise Missing("person")
    kept = await experts.describe(
        desk,
        actor,
        staff,
        agency=answers.code("agency"),
        municipalities=answers.chosen("municipalities"),
        honorarium=answers.number("honorarium"),
        version=int(answers.keep.get("v", 0)),
    )
    return await _done(screen, actor, desk, kept)


async def _done(screen: Screen, actor: Actor, desk: Desk, kept: Expert) -> Reply:
    """Close the form: a coordinator sees the list as it is now, everybody else that it was kept."""
    if actor.has(*DESCRIBE):
        return await screen.back_to(await _list(desk, actor))
    return draw_kept(kept)
