"""事例の1枚: written, looked through, approved, read by those invited, printed for the table."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot import codes, messages
from bot.domain.review_papers import BRIEF
from bot.domain.staff import Actor
from bot.usecases import briefs, review_drafts
from bot.usecases.briefs import NEEDED, Page
from bot.usecases.desk import Desk
from bot.usecases.review_desk import CONVENE
from handlers.callbacks import COUNSEL, options_of
from handlers.forms import Answers, Form
from handlers.replies import small_window
from handlers.review_papers import INVITED, MINE, again, keep_draft
from handlers.routing import Routes
from handlers.windows import Reply, Screen
from handlers.wording import Masked, asking_to_keep, confirmed, offering, unmasked

routes = Routes()

LONG = frozenset(BRIEF) - {"topic"}


def draw(
    keep: Mapping[str, Any],
    answers: Mapping[str, Any],
    round_: int = 0,
    found: Masked | None = None,
    drafted: str | None = None,
) -> Form:
    """Draw the parts of the page, and what was agreed to. `drafted`: whose draft it continues."""
    form = Form("brief", keep=keep, answers=answers, round=round_, tell_when_closed=True)
    if found is None:
        form.note("forms/brief_opening", drafted=drafted)
    for name, most in BRIEF.items():
        form.called(name, codes.label("brief_parts", name))
        form.text(name, optional=name not in NEEDED, long=name in LONG, limit=most)
    if found is not None:
        asking_to_keep(form, found, stays=True).line()
    form.choice("agreement", options_of("brief_agreements"), radio=True)
    return form.day("agreed_on", optional=True)


def draw_page(page: Page) -> Form:
    """Draw the page as those see it who may."""
    parts = [(name, page.brief.words[name]) for name in BRIEF if page.brief.words.get(name)]
    strange = [
        (name, page.brief.words[name][fact.start : fact.end])
        for name, facts in page.unusual.items()
        for fact in facts
    ]
    return Form("brief_page", keep={"r": page.review.id}).note(
        "forms/brief_page",
        r=page.review,
        c=page.consultation,
        b=page.brief,
        parts=parts,
        strange=strange if page.writes else [],
        until=page.until,
        approves=page.approves,
        writes=page.writes,
        prints=page.prints,
    )


@routes.button("brief.open", allow=INVITED)
async def read(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Read the page about the case of a review."""
    await screen.show(draw_page(await briefs.read(desk, actor, value)), instead_of=MINE)


@routes.button("brief.write", allow=COUNSEL)
async def write(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Write the page about the case of a review; the first draft is made from what was written."""
    drawn = await briefs.draw(desk, actor, value)
    answers: dict[str, Any] = {**drawn.words, "agreement": drawn.agreement}
    if drawn.agreed_on:
        answers["agreed_on"] = drawn.agreed_on.isoformat()
    draft = await review_drafts.begun(desk, actor, "brief", drawn.review.id)
    now = again(draft, answers, drawn.version)
    drafted = draft.saved_by if draft and now is not answers else None
    await screen.show(draw({"r": drawn.review.id, "v": drawn.version}, now, drafted=drafted), instead_of=MINE)


@routes.closing("brief.submit", allow=COUNSEL)
async def leave(view: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Keep what was in the form when its window was closed without sending."""
    await keep_draft(desk, actor, "brief", Answers.of(view), tuple(BRIEF))


@routes.form("brief.submit", allow=COUNSEL)
async def submit(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Keep the page; it is looked through before anybody invited sees it."""
    answers = unmasked(Answers.of(view), *BRIEF)
    words = {name: answers.text(name) for name in BRIEF}
    day: date | None = answers.day("agreed_on")
    keep = {name: answers.keep[name] for name in ("r", "v")}
    page = await offering(
        briefs.keep(
            desk,
            actor,
            keep["r"],
            words,
            answers.code("agreement"),
            day,
            confirmed(answers),
            version=keep["v"],
        ),
        answers,
        lambda now, round_, found: draw(keep, now.values, round_, found),
    )
    return draw_page(page)


@routes.button("brief.approve", allow=CONVENE)
async def approve(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Let those invited see the page as it was read."""
    review_id, _, version = value.partition("/")
    await screen.show(draw_page(await briefs.approve(desk, actor, review_id, int(version))), instead_of=MINE)


@routes.button("brief.print", allow=COUNSEL)
async def print_out(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Make the page as A4; it goes when its time is over."""
    await briefs.print_out(desk, actor, value, once=screen.press)
    await small_window(screen, messages.words("forms/paper_comes"))
