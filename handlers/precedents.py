"""似た事例: past cases to learn from, for counselors alone: from the details of a consultation, or from the Home."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from bot import messages
from bot.domain.precedents import Filters
from bot.domain.staff import Actor
from bot.organisation import Organisation
from bot.usecases import precedents
from bot.usecases.desk import Desk
from bot.usecases.precedents import LEARN, Found, Precedent
from handlers.callbacks import options_of
from handlers.forms import Answers, Form, Option
from handlers.intake import offered
from handlers.routing import Handler, Routes
from handlers.windows import Reply, Screen, still_in_its_place

routes = Routes()

ANY = "any"
WORDS = 200
# What a search can be narrowed to. The first ones are always there, the others when they are chosen or asked for.
FIRST = 2
LISTS = {
    "theme": "supporter_concerns",
    "field": "supporter_fields",
    "characteristic": "case_characteristics",
    "region": "welfare_regions",
    "age": "age_bands",
    "household": "households",
    "disposition": "dispositions",
}


def draw(
    organisation: Organisation,
    found: Found,
    *,
    words: str = "",
    filters: Filters | None = None,
    consultation: str | None = None,
    round: int = 0,  # noqa: A002
    wide: bool = False,
) -> Form:
    """Draw the search and what it found. Where Slack would not take all of it, the farthest stay away.

    `wide`: everything it can be narrowed to is there.
    """
    shown = len(found.hits)
    while True:
        form = _drawn(organisation, found, words, filters or Filters(), consultation, round, shown, wide=wide)
        if form.fits() or not shown:
            return form
        shown -= 1


def _drawn(
    organisation: Organisation, found: Found, words: str, filters: Filters, consultation: str | None, round_: int,
    shown: int, *, wide: bool,
) -> Form:  # fmt: skip
    chosen = {each.name: code for each in fields(filters) if (code := getattr(filters, each.name))}
    keep: dict[str, Any] = chosen | ({"c": consultation} if consultation else {})
    keep |= ({"wide": 1} if wide else {}) | ({"page": found.page} if found.page else {})
    form = Form("precedents", answers={"words": words}, round=round_, keep=keep)
    if consultation:
        form.reworded("alike")
    form.text("words", optional=True, limit=WORDS)
    nothing = bool(chosen) and not found.hits and bool(found.library)
    if nothing:
        form.note("forms/precedents_none")
    menus = [
        each
        for n, each in enumerate(_menus(organisation, chosen))
        if n < FIRST or wide or each["name"] in chosen
    ]
    form.note("forms/precedents_menus", menus=menus, more=bool(found.library) and len(menus) < len(LISTS))
    form.note("forms/precedents", found=found, typed=bool(words), alike=bool(consultation), shown=shown)
    for each in found.hits[:shown]:
        form.note("forms/precedents_hit", p=each)
    return form.note("forms/precedents_end", found=found) if found.hits else form


def _menus(organisation: Organisation, chosen: Mapping[str, str]) -> list[dict[str, Any]]:
    told = messages.form_words("precedents")["menus"]
    return [
        {
            "name": name,
            "label": told[name]["label"],
            "options": [(ANY, told[name]["any"]), *_options(organisation, name)],
            "chosen": chosen.get(name, ANY),
        }
        for name in LISTS
    ]


def _options(organisation: Organisation, name: str) -> list[Option]:
    return offered(organisation, "welfare_regions") if name == "region" else options_of(LISTS[name])


def draw_one(precedent: Precedent) -> Form:
    """Draw one past case whole."""
    return Form("precedent").note("forms/precedent", p=precedent, words=messages.form_words("precedent"))


async def _searched(
    desk: Desk, actor: Actor, words: str = "", filters: Filters | None = None, consultation: str | None = None,
    round_: int = 0, *, page: int = 0, wide: bool = False,
) -> Form:  # fmt: skip
    found = await precedents.search(desk, actor, words, filters, consultation, page=page)
    return draw(
        desk.organisation,
        found,
        words=words,
        filters=filters,
        consultation=consultation,
        round=round_,
        wide=wide,
    )


@routes.button("precedents.alike", allow=LEARN)
async def open_alike(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """See past cases like this consultation."""
    await screen.show(await _searched(desk, actor, consultation=value))


@routes.button("precedents.open", allow=LEARN)
async def open_search(screen: Screen, actor: Actor, desk: Desk) -> None:
    """Search past cases."""
    await screen.show(await _searched(desk, actor))


@routes.form("precedents.submit", allow=LEARN)
async def search(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Search for what was typed, in the same window."""
    form = await _again(desk, actor, Answers.of(view))
    return still_in_its_place(view, form)


def _redrawing(
    changed: Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]], about: str
) -> Handler:
    """What is pressed in the window: it searches again, with what is `changed` in what the window keeps."""

    async def redraw(action: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> None:
        answers = Answers.of(screen.view)
        form = await _again(desk, actor, answers, changed(action, answers.keep))
        view = still_in_its_place(screen.view, form)
        await screen.redraw(view)

    redraw.__doc__ = about
    return redraw


def _narrowing(name: str) -> Handler:
    return _redrawing(
        lambda action, _: {name: (action.get("selected_option") or {}).get("value")},
        "Narrow the search, or widen it again.",
    )


narrowing: dict[str, Callable[..., Any]] = {
    name: routes.button(f"precedents.{name}", allow=LEARN)(_narrowing(name)) for name in LISTS
}
routes.button("precedents.widen", allow=LEARN)(
    _redrawing(lambda *_: dict.fromkeys(LISTS), "Take back everything the search is narrowed to.")
)
routes.button("precedents.filters", allow=LEARN)(
    _redrawing(
        lambda _, keep: {"wide": 1, "page": _page(keep)}, "See everything the search can be narrowed to."
    )
)
routes.button("precedents.more", allow=LEARN)(
    _redrawing(lambda _, keep: {"page": _page(keep) + 1}, "See the next five past cases.")
)


def _page(keep: Mapping[str, Any]) -> int:
    return int(keep.get("page", 0))


async def _again(
    desk: Desk, actor: Actor, answers: Answers, changed: Mapping[str, Any] | None = None
) -> Form:
    """Search with what the window says now, and what was just chosen. A code nobody offers narrows nothing."""
    told = {**answers.keep, "page": 0, **(changed or {})}
    known = {name: told[name] for name in LISTS if _is_offered(desk.organisation, name, told.get(name))}
    return await _searched(
        desk, actor, answers.text("words"), Filters(**known), answers.keep.get("c"), answers.round + 1,
        page=_page(told), wide=bool(told.get("wide")),
    )  # fmt: skip


def _is_offered(organisation: Organisation, name: str, code: object) -> bool:
    return any(each == code for each, _ in _options(organisation, name))


@routes.button("precedents.read", allow=LEARN)
async def read(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Read one past case whole."""
    await screen.show(draw_one(await precedents.one(desk, actor, value)))
