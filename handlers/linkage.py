"""つなぐ: what was agreed and sent, and the way from a purpose to a sheet that goes exactly as it was looked at."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.agreement import Receiver
from bot.domain.directory import Agency
from bot.domain.handover import MEETINGS
from bot.domain.staff import Actor
from bot.organisation import Organisation
from bot.usecases import handovers
from bot.usecases.desk import Desk
from bot.usecases.handover_ways import Local, Office
from bot.usecases.handovers import Draft, Found, Overview, Preview, Wanted
from bot.usecases.package_content import SUPPORTER, TEXTS, meeting_named, named
from bot.usecases.package_words import LIMIT
from handlers.callbacks import COUNSEL, options_of
from handlers.directory import Directory
from handlers.forms import BOXES, Answers, Form, Option
from handlers.routing import Routes
from handlers.windows import Reply, Screen, id_of, still_in_its_place
from handlers.wording import Masked, asking_to_keep, confirmed, offering, unmasked

routes = Routes()

SECRECY = "secrecy"
SHOWN = 12  # packages and agreements in the window
NOWHERE = frozenset({"outside", "unknown"})


def draw(told: Overview) -> Form:
    """Draw everything about つなぐ in a consultation; of very much, the newest."""
    shown = SHOWN
    while not (form := _overview(told, shown)).fits() and shown > 1:
        shown = max(1, shown - 3)
    return form


def _overview(told: Overview, shown: int) -> Form:
    packages = [each for each in told.packages if each.state != "dropped"]
    return Form("linkage", keep={"c": told.consultation.id}).note(
        "forms/linkage",
        c=told.consultation,
        o=told,
        agreements=told.agreements[-shown:],
        packages=packages[-shown:],
        earlier=max(0, len(told.agreements) - shown) + max(0, len(packages) - shown),
        places={each.id: called(each, told.local) for each in told.receivers.values()},
        batches={each.batch for each in packages if each.state == "draft"},
    )


def draw_start(told: Overview, organisation: Organisation) -> Form:
    """Draw the first questions: what for, whether abuse is feared, and to whom."""
    form = Form("linkage_start", keep={"c": told.consultation.id})
    form.note("forms/linkage_start_opening", o=told)
    form.choice("purpose", options_of("handover_purposes"), radio=True)
    form.choices("abuse", options_of("abuse_kinds"), optional=True, boxes=True)
    chosen = [
        (f"{a.id}/{each}", called(told.receivers[each], told.local))
        for a in told.standing
        for each in a.receivers
    ]
    if chosen:
        form.choices("chosen", chosen[-BOXES:], optional=True, boxes=True)
    form.line().note("forms/linkage_start_office", chosen=bool(chosen))
    form.choice("meeting", meetings(), optional=True)
    if told.agencies:
        form.choice("agency", agencies(told.agencies, organisation), optional=True)
    return place(form, 1, organisation)


def place(form: Form, n: int, organisation: Organisation) -> Form:
    """Three answers about one office: its town, its name, and who answers for it here."""
    form.choice(f"municipality_{n}", towns(organisation), optional=True)
    form.text(f"office_{n}", optional=True, limit=60)
    return form.person(f"person_{n}", optional=True)


def draw_told(found: Found, organisation: Organisation) -> Form:
    """Draw what is to be done instead: whom to call, or what helps while nothing may be sent."""
    called_there = [each for each in organisation.emergency if each.code]
    return Form("linkage_told", keep={"c": found.consultation.id}).note(
        "forms/linkage_told",
        c=found.consultation,
        r=found.route,
        town=found.town,
        near=found.near,
        emergency=called_there,
        organisation=organisation,
    )


def draw_package(
    found: Found, answers: Mapping[str, Any], *, round_: int = 0, masked: Masked | None = None, replaces: str = ""
) -> Form:  # fmt: skip
    """Draw the fields that may be written, with what is known in them."""
    keep = {
        "c": found.consultation.id, "u": found.purpose, "w": str(found.route.way),
        "r": "/".join(each.id for each in found.receivers),
    }  # fmt: skip
    keep |= {"a": found.agreement.id} if found.agreement else {}
    keep |= {"b": replaces} if replaces else {}
    form = Form("package", keep=keep, answers=answers, round=round_)
    if masked is not None:
        asking_to_keep(form, masked)
    form.note(
        "forms/package_opening", f=found, places=[called(each, found.local) for each in found.receivers]
    )
    if found.cut:
        form.note("forms/package_cut", most=LIMIT)
    for name in TEXTS:
        if name in found.fields:
            form.text(name, optional=True, long=True, limit=LIMIT)
    if SUPPORTER in found.fields:
        form.choice(SUPPORTER, options_of("supporter_contact_ways"), radio=True)
    if found.route.secrecy:
        form.choices(SECRECY, [(SECRECY, form.word("acknowledged"))], boxes=True)
    return form


def draw_preview(looked: Preview) -> Form:
    """Draw every sheet whole, as it goes."""
    first, _ = looked.sheets[0]
    keep = {"c": looked.consultation.id, "b": first.batch, "h": looked.digest}
    form = Form("package_preview", keep=keep).note(
        "forms/package_preview_opening", sheets=len(looked.sheets), batch=first.batch, people=looked.people
    )
    for _, content in looked.sheets:
        form.line().note("forms/package_parts", parts=content.parts)
    return form


def called(receiver: Receiver, local: Local) -> str:
    """A receiver as forms show it: its town and meeting, and its own name."""
    return f"{named(receiver, local.get(receiver.municipality))} {receiver.office}".strip()


def meetings() -> list[Option]:
    """The meetings something can go to, those of the two laws with their law."""
    return [(each, meeting_named(each)) for each in MEETINGS]


def towns(organisation: Organisation) -> list[Option]:
    """The municipalities, and the prefecture."""
    return [
        (each.code, each.label)
        for each in organisation.offered("municipalities")
        if each.more.get("kind") not in NOWHERE
    ]


def agencies(found: Sequence[Agency], organisation: Organisation) -> list[Option]:
    """Offices of the directory, with their towns."""
    names = {each.code: each.label for each in organisation.places.options()}
    return [(each.id, f"{names.get(each.municipality, '')} {each.name}".strip()) for each in found]


async def office(answers: Answers, directory: Directory, n: int = 1) -> Office | None:
    """Read one office of a form; None: nothing was said of it."""
    town, name, person = (answers.values.get(f"{each}_{n}") for each in ("municipality", "office", "person"))
    if not town and not answers.text(f"office_{n}"):
        return None
    if person:
        await directory.must_belong(person, f"person_{n}")
    return Office(
        answers.code("meeting"), town, answers.text(f"office_{n}") if name else "", person=person, n=n
    )


@routes.button("linkage.open", allow=COUNSEL)
async def open_linkage(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """See what was agreed to and handed to other agencies, and begin to hand something on."""
    await screen.show(draw(await handovers.overview(desk, actor, value)))


@routes.button("linkage.start", allow=COUNSEL)
async def open_start(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Begin to hand a case on to another agency."""
    told = await handovers.overview(desk, actor, value)
    await screen.show(draw_start(told, desk.organisation))


@routes.form("linkage_start.submit", allow=COUNSEL)
async def start(view: dict[str, Any], actor: Actor, desk: Desk, directory: Directory) -> Reply:
    """Find the legal way: to the sheet, to whom to call, or to what helps while nothing may be sent."""
    answers = Answers.of(view)
    abuse, chosen = answers.chosen("abuse"), answers.chosen("chosen")
    typed = None if abuse or chosen else await office(answers, directory)
    if agency := None if abuse or chosen else answers.code("agency"):
        if person := answers.values.get("person_1"):
            await directory.must_belong(person, "person_1")
        typed = Office(answers.code("meeting"), agency=agency, person=person)
    elif typed is None and not (abuse or chosen):
        typed = Office(answers.code("meeting"))
    wanted = Wanted(answers.code("purpose"), abuse, chosen, typed)
    found = await handovers.begin(desk, actor, answers.keep["c"], wanted)
    form = draw_package(found, found.texts) if found.route.sends else draw_told(found, desk.organisation)
    return still_in_its_place(view, form)


@routes.form("package.submit", allow=COUNSEL)
async def prepare(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Write the sheets as they would go, and show them whole."""
    answers = unmasked(Answers.of(view), *TEXTS)
    keep = answers.keep
    texts = {name: answers.text(name, limit=LIMIT) for name in TEXTS}
    drafted = Draft(
        keep["w"], keep["u"], tuple(keep["r"].split("/")), keep.get("a"),
        {**texts, SUPPORTER: answers.code(SUPPORTER) or ""}, SECRECY in answers.chosen(SECRECY), confirmed(answers),
        replaces=keep.get("b", ""),
    )  # fmt: skip
    found = await handovers.again(desk, actor, keep["c"], drafted)
    once = f"package:{id_of(view)}:{drafted.replaces or '-'}"
    looked = await offering(
        handovers.draft(desk, actor, keep["c"], drafted, once=once),
        answers,
        lambda now, round_, masked: draw_package(
            found, now.values, round_=round_, masked=masked, replaces=drafted.replaces
        ),
    )
    return still_in_its_place(view, draw_preview(looked))


@routes.form("package_preview.submit", allow=COUNSEL)
async def send(view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> Reply:
    """Send what was looked at."""
    keep = Answers.of(view).keep
    await handovers.send(desk, actor, keep["b"], keep["h"])
    return await screen.back_to(draw(await handovers.overview(desk, actor, keep["c"])))


@routes.button("package.preview", allow=COUNSEL)
async def open_preview(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Look again at what was prepared, and send it."""
    await screen.show(draw_preview(await handovers.preview(desk, actor, value)))


@routes.button("package.redo", allow=COUNSEL)
async def redo(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Write again what was prepared and not sent."""
    found, drafted = await handovers.redo(desk, actor, value)
    form = draw_package(found, drafted.texts, replaces=drafted.replaces)
    view = screen.view
    await screen.redraw(still_in_its_place(view, form))


@routes.button("package.drop", allow=COUNSEL)
async def drop(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Throw away what was prepared and not sent."""
    consultation = await handovers.drop(desk, actor, value)
    await fresh(screen, actor, desk, consultation.id)


async def fresh(screen: Screen, actor: Actor, desk: Desk, consultation_id: str) -> None:
    """Where something was pressed in the window of つなぐ, draw it as things are now."""
    view = screen.view
    if view.get("callback_id") == "linkage.submit":
        form = draw(await handovers.overview(desk, actor, consultation_id))
        await screen.redraw(still_in_its_place(view, form))
