"""After a training: the form that nobody's name is on, what it told the organizer, and the question after three months."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot import codes, messages
from bot.domain.refusals import Refused
from bot.domain.staff import Actor
from bot.organisation import Organisation
from bot.privacy import beside
from bot.privacy.anonymizer import holds_my_number
from bot.store.feedback import Said
from bot.usecases import feedback
from bot.usecases.desk import Desk, Identified
from bot.usecases.training_desk import ORGANIZE
from handlers.forms import Answers, Form, Option
from handlers.intake import offered
from handlers.replies import notice
from handlers.routing import Routes
from handlers.windows import Reply, Screen
from handlers.wording import Masked, asking_to_keep, confirmed, masked_in, offering, plain, unmasked

routes = Routes()

WISHES = 5
SHOWN = 20  # words in one window


def draw(
    organisation: Organisation, answers: Mapping[str, Any], *, keep: Mapping[str, Any], round: int = 0,  # noqa: A002
    found: Masked | None = None, title: str = "", saved: bool = False,
) -> Form:  # fmt: skip
    """Draw the form. `title` stands above it where it is opened; `saved`: what is in it was kept a moment ago."""
    form = Form("feedback", answers=answers, round=round, keep=keep, tell_when_closed=True)
    if found is not None:
        form.text("words", optional=True, long=True, limit=feedback.WORDS)
        asking_to_keep(form, found).line()
    form.note("forms/feedback_opening", title=title, saved=saved)
    form.choice("satisfaction", _listed("satisfaction"), optional=True, radio=True)
    form.choice("usefulness", _listed("usefulness"), optional=True, radio=True)
    form.choice("pace", _listed("training_pace"), optional=True, radio=True)
    form.choices("wishes", offered(organisation, "supporter_concerns"), optional=True, most=WISHES)
    if found is None:
        form.text("words", optional=True, long=True, limit=feedback.WORDS)
    return form.note("forms/feedback_draft")


@routes.button("feedback.open")
async def open_feedback(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Say what a training was like; nobody's name is kept with it."""
    training, begun = await feedback.begin(desk, actor, value)
    form = draw(desk.organisation, begun or {}, keep={"t": training.id}, title=training.title)
    await screen.show(form)


@routes.button("feedback.draft")
async def save(screen: Screen, actor: Actor, desk: Desk) -> None:
    """Keep what is in the form so far; the window stays open."""
    view = screen.view
    typed = Answers.of(view)
    answers, found = await _kept(desk, actor, unmasked(typed, "words"))
    again = answers.values != typed.values
    form = draw(
        desk.organisation, answers.values, round=answers.round + again, found=found, keep=answers.keep,
        saved=True,
    )  # fmt: skip
    await screen.redraw(form)


@routes.closing("feedback.submit")
async def closed(view: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Keep what was in the form when its window was closed without sending: masked, as nobody can be asked any more."""
    answers = unmasked(Answers.of(view), "words")
    if holds_my_number(text := str(answers.values.get("words") or "")):
        answers = replace(answers, values={**answers.values, "words": (await beside.read(text)).masked})
    try:
        if any(plain(answers).values()):
            await _kept(desk, actor, answers)
    except Refused:
        pass  # sent meanwhile from another window


@routes.form("feedback.submit")
async def submit(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Hand it over."""
    answers = unmasked(Answers.of(view), "words")
    said = Said(
        satisfaction=answers.code("satisfaction"),
        usefulness=answers.code("usefulness"),
        pace=answers.code("pace"),
        wishes=answers.chosen("wishes"),
        words=answers.text("words", limit=feedback.WORDS),
    )
    await offering(
        feedback.give(desk, actor, answers.keep["t"], said, confirmed(answers)),
        answers,
        lambda now, round_, found: draw(
            desk.organisation, now.values, round=round_, found=found, keep=now.keep
        ),
    )
    return notice(messages.words("forms/feedback_thanks"))


@routes.button("feedback.results", allow=ORGANIZE)
async def open_results(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Read what those who were there said; it is noted that somebody did."""
    found = await feedback.results(desk, actor, value)
    await screen.show(draw_results(found))


@routes.button("feedback.words", allow=ORGANIZE)
async def more_words(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Read on in what was written."""
    training, _, start = value.partition("/")
    found = await feedback.results(desk, actor, training)
    await screen.redraw(draw_results(found, int(start)))


def draw_results(found: feedback.Results, start: int = 0) -> Form:
    """Draw the answers, and as many of the words from `start` on as fit into one window."""
    most = SHOWN
    while True:
        form = Form("feedback_results").note(
            "forms/feedback_results",
            r=found,
            words=found.words[start : start + most],
            start=start,
            following=start + most if start + most < len(found.words) else None,
            before=max(0, start - SHOWN) if start else None,
        )
        if form.fits() or most == 1:
            return form
        most = max(1, most * 3 // 4)


def _practice(code: str) -> None:
    @routes.button(f"practice.{code}")
    async def tap(value: str, actor: Actor, desk: Desk) -> None:
        """Say, in one tap, what came of a training after three months."""
        await feedback.practice(desk, actor, value, code)


for each in codes.options("practice_change"):
    _practice(each.code)


async def _kept(desk: Desk, actor: Actor, answers: Answers) -> tuple[Answers, Masked | None]:
    """Keep what is in the form, masked where it points at somebody; give it as kept, and what was masked."""
    found, now = None, answers
    try:
        words = await feedback.save_draft(desk, actor, now.keep["t"], plain(now), confirmed(now))
    except Identified as refused:
        now, found = masked_in(answers, refused)
        words = await feedback.save_draft(desk, actor, now.keep["t"], plain(now), confirmed(answers))
    return replace(now, values={**now.values, **words.texts}), found


def _listed(code_list: str) -> list[Option]:
    return [(each.code, each.label) for each in codes.options(code_list)]
