"""Questions before a training and their answers, its minutes, and how the municipalities have answered."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot import messages
from bot.domain.business_time import TOKYO
from bot.domain.meeting import Town
from bot.domain.refusals import Refused
from bot.domain.staff import Actor
from bot.domain.training import MEETINGS, OVER, Training
from bot.organisation import Organisation
from bot.store.meetings import Question
from bot.usecases import meetings
from bot.usecases.desk import Desk
from bot.usecases.meetings import Board, Towns
from bot.usecases.training_desk import ORGANIZE
from handlers.forms import Answers, Form
from handlers.replies import notice
from handlers.routing import Routes
from handlers.windows import Reply, Screen, id_of
from handlers.wording import Masked, asking_to_keep, confirmed, offering, unmasked

routes = Routes()

QUESTION = 1000
ANSWER = 2000
ANSWERER = 80
AT_ONCE = 10  # questions in one window
NAMES = (10, 5, 2, 0)  # how many people of a municipality are named, the most that fits


def place_in(organisation: Organisation) -> Callable[[str], str]:
    """Give what says the name of a municipality."""
    listed = organisation.places.codes
    return lambda code: listed[code].label if code in listed else code


# Asking


def draw_ask(
    training: Training,
    answers: Mapping[str, Any] | None = None,
    round_: int = 0,
    found: Masked | None = None,
) -> Form:
    """Draw the form for one question."""
    form = Form("ask_question", answers=answers, round=round_, keep={"t": training.id})
    if found is None:
        form.note("forms/ask_question_opening", t=training)
    form.text("question", long=True, limit=QUESTION)
    return form if found is None else asking_to_keep(form, found)


@routes.button("meeting.ask")
async def open_ask(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Ask a question about a training one takes part in."""
    training = await meetings.may_ask(desk, actor, value)
    await screen.show(draw_ask(training))


@routes.form("ask_question.submit")
async def submit_ask(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Keep the question; the organizer hears that there is one."""
    answers = unmasked(Answers.of(view), "question")
    training = await meetings.may_ask(desk, actor, answers.keep["t"])
    danger = await offering(
        meetings.ask(
            desk,
            actor,
            training.id,
            answers.text("question", limit=QUESTION),
            confirmed(answers),
            once=f"question:{id_of(view)}",
        ),
        answers,
        lambda now, round_, found: draw_ask(training, now.values, round_, found),
    )
    return Form("notice").note("forms/ask_question_done", danger=danger, organisation=desk.organisation)


# Reading


def _paged(draw: Callable[[Sequence[Question], int], Form], asked: Sequence[Question], start: int) -> Form:
    """Draw as many questions from `start` as one window holds."""
    start = start if 0 <= start < len(asked) else 0
    many = AT_ONCE
    while True:
        form = draw(asked[start : start + many], start)
        if form.fits() or many == 1:
            return form
        many = max(1, many * 2 // 3)


def draw_questions(organisation: Organisation, board: Board, start: int = 0) -> Form:
    """Draw all questions, for an organizer."""

    def page(shown: Sequence[Question], start: int) -> Form:
        return Form("questions", keep={"t": board.training.id, "s": start}).note(
            "forms/questions",
            t=board.training,
            shown=shown,
            start=start,
            total=len(board.questions),
            waiting=sum(each.answered_at is None for each in board.questions),
            over=not board.asking and board.training.stage in {"announced", "held"},
            kind="questions",
            place=place_in(organisation),
        )

    return _paged(page, board.questions, start)


def draw_answers(organisation: Organisation, board: Board, me: str, start: int = 0) -> Form:
    """Draw questions and answers as those who take part read them."""

    def page(shown: Sequence[Question], start: int) -> Form:
        return Form("answers", keep={"t": board.training.id, "s": start}).note(
            "forms/answers",
            t=board.training,
            shown=shown,
            start=start,
            total=len(board.questions),
            minutes=board.minutes,
            asking=board.asking,
            meeting=board.training.plan.kind in MEETINGS,
            me=me,
            kind="answers",
            place=place_in(organisation),
        )

    return _paged(page, board.questions, start)


async def _window(desk: Desk, actor: Actor, kind: str, training_id: str, start: int = 0) -> Form:
    if kind == "questions":
        return draw_questions(desk.organisation, await meetings.questions(desk, actor, training_id), start)
    return draw_answers(desk.organisation, await meetings.answers(desk, actor, training_id), actor.id, start)


@routes.button("meeting.questions", allow=ORGANIZE)
async def open_questions(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Read the questions about a training, and answer them."""
    await screen.show(await _window(desk, actor, "questions", value))


@routes.button("meeting.answers")
async def open_answers(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Read the answers, and the minutes, of a training one takes part in."""
    await screen.show(await _window(desk, actor, "answers", value))


@routes.button("meeting.page")
async def turn(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Go on reading in the same window."""
    kind, training_id, start = value.split("/")
    form = await _window(desk, actor, kind, training_id, int(start))
    await screen.redraw(form)


# Answering


def draw_answer(
    organisation: Organisation,
    training: Training,
    question: Question,
    answers: Mapping[str, Any],
    round_: int = 0,
    found: Masked | None = None,
    start: int = 0,
) -> Form:
    """Draw the form for an answer, below its question."""
    keep = {"q": question.id, "t": training.id, "s": start}
    form = Form("answer_question", answers=answers, round=round_, keep=keep)
    if found is None:
        form.note("forms/answer_question_opening", q=question, place=place_in(organisation))
    form.text("answer", long=True, limit=ANSWER)
    if found is not None:
        asking_to_keep(form, found).line()
    return form.text("answerer", limit=ANSWERER).day("on")


@routes.button("meeting.answer", allow=ORGANIZE)
async def open_answer(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Answer a question, or put an answer right."""
    training, question = await meetings.question(desk, actor, value)
    at = (question.answered_at or desk.db.clock()).astimezone(TOKYO)
    given = {"answer": question.answer, "answerer": question.answerer, "on": at.date().isoformat()}
    start = int(Answers.of(screen.view).keep.get("s", 0))
    await screen.show(draw_answer(desk.organisation, training, question, given, start=start))


@routes.form("answer_question.submit", allow=ORGANIZE)
async def submit_answer(view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> Reply:
    """Keep the answer; whoever asked hears that there is one."""
    answers = unmasked(Answers.of(view), "answer")
    training, question = await meetings.question(desk, actor, answers.keep["q"])
    start = int(answers.keep.get("s", 0))
    given = meetings.Answer(
        text=answers.text("answer", limit=ANSWER),
        answerer=answers.text("answerer", limit=ANSWERER),
        on=answers.day("on"),
        said=confirmed(answers),
    )
    await offering(
        meetings.answer(desk, actor, question.id, given, once=f"answer:{id_of(view)}"),
        answers,
        lambda now, round_, found: draw_answer(
            desk.organisation, training, question, now.values, round_, found, start
        ),
    )
    if view.get("previous_view_id"):
        with contextlib.suppress(Refused):
            form = await _window(desk, actor, "questions", training.id, start)
            return await screen.back_to(form)
    return None


# Minutes


@routes.button("meeting.minutes", allow=ORGANIZE)
async def open_minutes(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Add the minutes of a training that is over."""
    training = await meetings.to_publish(desk, actor, value)
    await screen.show(draw_minutes(training))


def draw_minutes(training: Training) -> Form:
    """Draw the form for the link to the minutes."""
    given = {"minutes": training.plan.private.get("minutes", "")}
    form = Form("minutes", keep={"t": training.id}, answers=given)
    return form.note("forms/minutes_opening", t=training).text("minutes", limit=1000)


@routes.form("minutes.submit", allow=ORGANIZE)
async def submit_minutes(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Keep the link; whoever was there or was asked to come hears of it, once."""
    answers = Answers.of(view)
    link = answers.text("minutes", limit=1000)
    done = await meetings.publish_minutes(desk, actor, answers.keep["t"], link)
    said = messages.words("forms/minutes_done", told=done.told, new=done.new)
    return notice(said)


# Municipalities


def draw_towns(organisation: Organisation, found: Towns, *, inviting: bool) -> Form:
    """Draw how the municipalities have answered; where not everybody can be named, numbers stay."""
    expected = [each for each in found.towns if each.code in found.expected]
    for names in NAMES:
        form = Form("towns", keep={"t": found.training.id}).note(
            "forms/towns",
            t=found.training,
            expected=expected,
            groups=_groups(found),
            coming=sum(len(each.coming) for each in found.towns),
            waiting=sum(each.waiting for each in found.towns),
            there=sum(len(each.there) for each in found.towns),
            marked=found.marked,
            over=found.training.stage in OVER,
            inviting=inviting,
            names=names,
            place=place_in(organisation),
        )
        if form.fits():
            break
    return form


def _groups(found: Towns) -> dict[str, list[Town]]:
    """The municipalities by what they answered; once attendance is known, first by who was there."""
    towns = [each for each in found.towns if each.anybody or each.code in found.expected]
    if not found.marked:
        return {
            name: [each for each in towns if each.answer == name] for name in ("coming", "cannot", "open")
        }
    groups = {"there": [each for each in towns if each.there]}
    absent = [each for each in towns if not each.there]
    groups["missed"] = [each for each in absent if each.answer == "coming"]
    return groups | {name: [each for each in absent if each.answer == name] for name in ("cannot", "open")}


@routes.button("meeting.towns", allow=ORGANIZE)
async def open_towns(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """See how the municipalities have answered, and who was there."""
    found = await meetings.towns(desk, actor, value)
    inviting = found.training.closed_because(desk.db.clock()) is None
    await screen.show(draw_towns(desk.organisation, found, inviting=inviting))
