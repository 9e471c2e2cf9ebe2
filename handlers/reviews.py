"""ケース検討会: convened from a consultation, people chosen, slots asked about and answered, a time fixed and changed."""

from collections.abc import Awaitable, Callable
from datetime import datetime, time
from typing import Any

from bot import codes
from bot.domain.business_time import TOKYO
from bot.domain.certificate import typed_number
from bot.domain.refusals import Missing, NotFound
from bot.domain.review import OPEN, Format, NoSuchNumber, NotNow, Plan, Purpose, Says, Stage
from bot.domain.staff import Actor
from bot.usecases import review_desk, review_polls, review_times, reviews
from bot.usecases.desk import Desk
from bot.usecases.review_desk import CONVENE, Board
from handlers import review_windows as windows
from handlers.callbacks import COUNSEL
from handlers.forms import Answers, Form
from handlers.opening import fresh
from handlers.replies import Offer
from handlers.routing import Routes
from handlers.windows import Reply, Screen, id_of
from handlers.wording import Masked, confirmed, offering, unmasked

routes = Routes()

UNTIL = time(17)  # where a deadline has a day and no time
# Windows that make room for the next one: Slack lets three lie on each other.
GIVES_WAY = frozenset({"review_people.submit", "review_window.submit"})


async def _window(desk: Desk, actor: Actor, review_id: str) -> Form:
    return windows.draw_window(await reviews.look(desk, actor, review_id))


def _open(board: Board) -> Board:
    """The board itself, while the review can still change."""
    if board.review.stage not in OPEN:
        raise NotNow(board.review.stage)
    return board


async def _people(desk: Desk, actor: Actor, review_id: str) -> Form:
    async with desk.db.reading(actor) as ask:
        board = _open(await review_desk.board(ask, actor, review_id))
        return windows.draw_people(board, await review_desk.unsure(ask, board))


# Asking for one, and convening


@routes.button("review.want", allow=COUNSEL)
async def want(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Ask the coordinators to convene a case review."""
    await reviews.want(desk, actor, value)
    await fresh(screen, actor, desk)


@routes.button("review.new", allow=CONVENE)
async def new(screen: Screen) -> None:
    """Convene a case review: say of which consultation."""
    await screen.show(windows.draw_new())


@routes.form("review_new.submit", allow=CONVENE)
async def numbered(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Find the consultation a case review is to be about."""
    number = typed_number(Answers.of(view).text("number", limit=30))
    if not number:
        raise Missing("number")
    async with desk.db.reading() as ask:
        try:
            consultation = await ask.consultations.numbered(number)
        except NotFound as none:
            raise NoSuchNumber from none
    return await _begun(desk, actor, consultation.id)


@routes.button("review.convene", allow=CONVENE)
async def convene(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Convene a case review of a consultation."""
    await screen.show(await _begun(desk, actor, value))


async def _begun(desk: Desk, actor: Actor, consultation_id: str) -> Form:
    question = await reviews.question_from(desk, actor, consultation_id)
    async with desk.db.reading() as ask:
        consultation = await ask.consultations.get(consultation_id)
        others = await ask.reviews.of_consultation(consultation_id)
    running = next((each for each in others if each.stage in OPEN), None)
    return windows.draw_plan(consultation, windows.answers_of(Plan(question=question)), running=running)


@routes.button("review.edit", allow=CONVENE)
async def edit(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Change the plan of a case review."""
    board = _open(await reviews.look(desk, actor, value))
    keep = {"r": board.review.id, "polled": board.review.stage is not Stage.PLANNED}
    form = windows.draw_plan(board.consultation, windows.answers_of(board.review.plan), keep=keep)
    await screen.show(form, instead_of=GIVES_WAY)


@routes.form("review.submit", allow=CONVENE)
async def submit(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Keep the plan, and go on with who is to come."""
    answers = unmasked(Answers.of(view), "question")
    keep = {name: each for name, each in answers.keep.items() if name in {"r", "polled"}}
    async with desk.db.reading() as ask:
        consultation = await ask.consultations.get(answers.keep["c"])
    plan, said = _plan(answers), confirmed(answers)

    def again(now: Answers, round_: int, found: Masked) -> Form:
        return windows.draw_plan(consultation, now.values, round_, found, keep)

    if "r" in keep:
        await offering(reviews.change(desk, actor, keep["r"], plan, said), answers, again)
        drawn = await _window(desk, actor, keep["r"])
    else:
        act = reviews.convene(desk, actor, consultation.id, plan, said, once=f"review:{id_of(view)}")
        review = await offering(act, answers, again)
        drawn = await _people(desk, actor, review.id)
    return drawn


def _plan(answers: Answers) -> Plan:
    quorum = codes.load("review_quorums").get(answers.code("quorum") or "none").more["quorum"]
    return Plan(
        purpose=Purpose(answers.code("purpose") or Purpose.CASE),
        format=Format(answers.code("format") or Format.FREE),
        minutes=int(answers.code("minutes") or Plan().minutes),
        online=answers.code("how") == "online",
        quorum=dict(quorum),
        apart=answers.chosen("apart"),
        budget=answers.number("budget"),
        question=answers.text("question", limit=reviews.QUESTION),
        place=answers.text("place", limit=windows.PLACE),
    )


# Its window, and who is to come


def _opens(name: str, draw: Callable[[Desk, Actor, str], Awaitable[Form]], about: str) -> None:
    """Let a button open a window about a review. `about` is its help text."""

    async def press(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
        await screen.show(await draw(desk, actor, value), instead_of=GIVES_WAY)

    press.__doc__ = about
    routes.button(name, allow=CONVENE)(press)


async def _slots(desk: Desk, actor: Actor, review_id: str) -> Form:
    return windows.draw_slots(*await review_polls.proposals(desk, actor, review_id))


async def _cancel(desk: Desk, actor: Actor, review_id: str) -> Form:
    return windows.draw_cancel(_open(await reviews.look(desk, actor, review_id)))


_opens("review.open", _window, "See how a case review stands, and do what it needs.")
_opens("review.people", _people, "Choose who is asked to a case review.")
_opens("review.slots", _slots, "Propose times for a case review, or other ones.")
_opens("review.cancel", _cancel, "Call a case review off: say why first.")


def _chooses(name: str, what: str, about: str) -> None:
    """Let a choice beside somebody take effect at once. `about` is its help text."""

    async def choose(action: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> None:
        review_id, staff, chosen = action["selected_option"]["value"].split("/")
        await reviews.seat(desk, actor, review_id, staff, **{what: chosen})
        drawn = await _people(desk, actor, review_id)
        await screen.redraw(drawn)

    choose.__doc__ = about
    routes.button(name, allow=CONVENE)(choose)


_chooses("review.seat", "asked", "Ask somebody to a case review, or no longer.")
_chooses("review.role", "role", "Say what somebody does in a case review.")


# The poll


@routes.form("review_slots.submit", allow=CONVENE)
async def ask_for_times(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Ask everybody invited which times suit them."""
    answers = Answers.of(view)
    day = answers.day("deadline_on")
    if day is None:
        raise Missing("deadline_on")
    clock = answers.values.get("deadline_at")
    deadline = datetime.combine(day, time.fromisoformat(clock) if clock else UNTIL, TOKYO)
    starts = [datetime.fromisoformat(each) for each in answers.chosen("slots")]
    review_id = answers.keep["r"]
    await review_polls.poll(desk, actor, review_id, starts, answers.moment("on", "at"), deadline)
    return await _window(desk, actor, review_id)


@routes.button("review.answer")
async def open_poll(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Say when one could come to a case review."""
    await screen.show(windows.draw_poll(await review_polls.to_answer(desk, actor, value)))


@routes.button("review.answer_for", allow=CONVENE)
async def open_poll_for(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Write down when somebody could come to a case review, as they said on the telephone."""
    review_id, _, staff = value.partition("/")
    poll = await review_polls.to_answer(desk, actor, review_id, staff=staff)
    await screen.show(windows.draw_poll(poll, behalf=True))


@routes.form("review_poll.submit")
async def answer(view: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Keep the answers; they can be changed until the deadline."""
    answers = unmasked(Answers.of(view), "note")
    review_id, staff = answers.keep["r"], answers.keep.get("s")
    poll = await review_polls.to_answer(desk, actor, review_id, staff=staff, opened=False)
    if not {review_polls.named(each.id) for each in poll.slots} <= answers.values.keys():
        again = windows.draw_poll(
            poll, answers.values, answers.round + 1, behalf=staff is not None, other=True
        )
        raise Offer(again.view())
    says = {each.id: Says(said) for each in poll.slots if (said := answers.code(review_polls.named(each.id)))}
    note = answers.text("note", limit=windows.NOTE)
    await offering(
        review_polls.answer(desk, actor, review_id, says, note, confirmed(answers), staff=staff),
        answers,
        lambda now, round_, found: windows.draw_poll(
            poll, now.values, round_, found, behalf=staff is not None
        ),
    )


# Its time


def _acts(name: str, act: Callable[[Desk, Actor, str], Awaitable[Any]], about: str) -> None:
    """Let a button do something to a review; its window then shows how it stands. `about` is its help text."""

    async def press(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
        await act(desk, actor, value)
        await screen.show(await _window(desk, actor, value.partition("/")[0]), instead_of=GIVES_WAY)

    press.__doc__ = about
    routes.button(name, allow=CONVENE)(press)


async def _fix(desk: Desk, actor: Actor, value: str) -> None:
    review_id, slot_id, sees = value.split("/")
    await review_times.fix(desk, actor, review_id, slot_id, sees=Stage(sees))


async def _step_in(desk: Desk, actor: Actor, value: str) -> None:
    review_id, _, staff = value.partition("/")
    await review_times.step_in(desk, actor, review_id, staff)


_acts("review.close_poll", review_polls.close_poll, "Let the time to answer end now.")
_acts("review.fix", _fix, "Fix the time of a case review, or move it to another one.")
_acts("review.step_in", _step_in, "Ask somebody to step in for a case review.")


@routes.form("review_cancel.submit", allow=CONVENE)
async def cancel(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Call a case review off; everybody who was asked is told why."""
    answers = Answers.of(view)
    review_id = answers.keep["r"]
    await review_times.cancel(desk, actor, review_id, answers.code("because"))
    return await _window(desk, actor, review_id)


@routes.button("review.decline")
async def decline(value: str, actor: Actor, desk: Desk) -> None:
    """Say that one cannot come to a case review."""
    await review_times.decline(desk, actor, value)


@routes.button("review.accept")
async def accept(value: str, actor: Actor, desk: Desk) -> None:
    """Step in for a case review."""
    await review_times.accept(desk, actor, value)
