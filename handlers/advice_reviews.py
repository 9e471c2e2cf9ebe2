"""アドバイス内容の検討会: opened by those who lead, records read by others, summed up for the meeting."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bot import codes, messages
from bot.domain.advice_review import LEAD, LEFT, MOST, READ, TOPIC
from bot.domain.business_time import TOKYO
from bot.domain.casework import TEXTS
from bot.domain.refusals import Missing
from bot.domain.staff import Actor
from bot.privacy.suppression import shown
from bot.reports.figures import said
from bot.usecases import advice_reviews
from bot.usecases.advice_reviews import ANSWERS, KINDS, RUBRIC, SENTENCE, Board, Opened, Said
from bot.usecases.desk import Desk
from bot.usecases.training_desk import ORGANIZE
from handlers.callbacks import options_of
from handlers.forms import Answers, Form
from handlers.replies import small_window
from handlers.routing import Routes
from handlers.windows import Reply, Screen, id_of
from handlers.wording import Masked, asking_to_keep, confirmed, offering, unmasked

routes = Routes()

USUAL = "3"
READERS = 20


def draw_new(today: date, opener: str | None = None) -> Form:
    """Draw what opens a review: the month that is over is chosen."""
    last = today.replace(day=1) - timedelta(days=1)
    answers = {"since": last.replace(day=1).isoformat(), "last": last.isoformat(), "most": USUAL}
    form = Form("advice_new", answers=answers | {"readers": [opener] if opener else []})
    form.note("forms/advice_new").day("since").day("last")
    form.choice("most", [(str(n), messages.phrase(form.word("up_to"), n=n)) for n in MOST])
    return form.people("readers", most=READERS)


def draw_record(
    opened: Opened, answers: Mapping[str, Any] | None = None, round_: int = 0, found: Masked | None = None
) -> Form:
    """Draw a record with the questions. What was said before stands there."""
    kept: dict[str, Any] = dict(opened.sample.answers or {})
    if opened.finding is not None:
        kept |= {"kind": opened.finding.kind, "finding": opened.finding.text}
    form = Form("advice_reading", keep={"r": opened.record.id}, answers=answers or kept, round=round_)
    if found is not None:
        asking_to_keep(_finding(form), found).line()
    texts = {name: text for name in TEXTS if (text := getattr(opened.record, name))}
    form.note("forms/advice_reading", r=opened.record, texts=texts)
    for each in codes.options(RUBRIC):
        form.called(each.code, each.label, each.definition)
        form.choice(each.code, options_of(ANSWERS), optional=True)
    return _finding(form) if found is None else form


def _finding(form: Form) -> Form:
    form.text("finding", optional=True, long=True, limit=SENTENCE)
    return form.choice("kind", options_of(KINDS), optional=True)


def draw_board(board: Board, *, organizes: bool = False) -> Form:
    """Draw a review for those who lead it. Where Slack would not take all findings, a line says how many are left out."""
    many = len(board.findings)
    while True:
        form = Form("advice_board").note(
            "forms/advice_board",
            b=board,
            v=board.review,
            population=said(shown(sum(board.review.population.values()))),
        )
        if board.summary is not None:
            form.note(
                "forms/advice_summary",
                s=board.summary,
                v=board.review,
                number=said,
                questions=codes.options(RUBRIC),
                answers=codes.options(ANSWERS),
            )
            form.note(
                "forms/advice_findings",
                findings=board.findings[:many],
                more=len(board.findings) - many,
                organizes=organizes,
                v=board.review,
            )
        if form.fits() or not many:
            return form
        many -= 1


@routes.button("advice.new", allow=LEAD)
async def open_new(screen: Screen, actor: Actor, desk: Desk) -> None:
    """Open a review of what was advised."""
    await screen.show(draw_new(desk.db.clock().astimezone(TOKYO).date(), actor.id))


@routes.form("advice_new.submit", allow=LEAD)
async def submit_new(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Draw the records and ask those who read them."""
    answers = Answers.of(view)
    since, last = answers.day("since"), answers.day("last")
    if since is None or last is None:
        raise Missing("since" if since is None else "last")
    review = await advice_reviews.open_review(
        desk, actor, since, last, int(answers.code("most") or USUAL), answers.chosen("readers"), once=id_of(view)
    )  # fmt: skip
    return draw_board(await advice_reviews.board(desk, actor, review.id))


@routes.button("advice.read", allow=READ)
async def open_record(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Read a record somebody else advised in."""
    await screen.show(draw_record(await advice_reviews.read(desk, actor, value)))


@routes.form("advice_reading.submit", allow=READ)
async def submit_record(view: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Keep what was thought of a record."""
    answers = unmasked(Answers.of(view), "finding")
    record = answers.keep["r"]
    opened = await advice_reviews.seen(desk, actor, record)
    told = Said(
        {name: code for name in codes.load(RUBRIC).codes if (code := answers.code(name))},
        answers.code("kind"),
        answers.text("finding", limit=SENTENCE),
        confirmed(answers),
    )
    await offering(
        advice_reviews.answer(desk, actor, record, told),
        answers,
        lambda now, round_, found: draw_record(opened, now.values, round_, found),
    )


@routes.button("advice.open", allow=LEAD)
async def open_board(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """See how far the reading is, and after it what came of it."""
    board = await advice_reviews.board(desk, actor, value)
    await screen.show(draw_board(board, organizes=_organizes(actor)))


@routes.button("advice.close", allow=LEAD)
async def close(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """End the reading and sum it up."""
    await redrawn(screen, actor, await advice_reviews.close(desk, actor, value))


@routes.button("advice.paper", allow=LEAD)
async def paper(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Make the sums a paper for the meeting; it comes to the direct message of whoever pressed."""
    await advice_reviews.paper(desk, actor, value, once=screen.press)
    await small_window(screen, messages.words("forms/paper_comes"))


@routes.button("finding.topic", allow=LEAD)
async def topic(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Let a finding be a topic for trainings."""
    await redrawn(screen, actor, await advice_reviews.settle(desk, actor, value, TOPIC))


@routes.button("finding.leave", allow=LEAD)
async def leave(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Leave a finding as it is."""
    await redrawn(screen, actor, await advice_reviews.settle(desk, actor, value, LEFT))


async def redrawn(screen: Screen, actor: Actor, board: Board) -> None:
    """Draw the review's window as things are now, where it was pressed in one."""
    view = screen.view
    if view.get("type") == "modal":
        form = draw_board(board, organizes=_organizes(actor))
        await screen.redraw(form)


def _organizes(actor: Actor) -> bool:
    return actor.has(*ORGANIZE)
