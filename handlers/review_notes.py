"""The record of a review: issues, who does what, who was there; approved; advice for the supporter; tasks done."""

from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Any

from bot import messages
from bot.domain.refusals import Changed, NotFound
from bot.domain.review_papers import ADVICE, DISSENT, ISSUE, ISSUE_LENGTH, ISSUES, TASK, TASKS, Issue
from bot.domain.staff import Actor
from bot.usecases import review_collecting, review_drafts, review_notes
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import Desk
from bot.usecases.review_notes import Book, digest, told
from handlers.callbacks import COUNSEL
from handlers.forms import Answers, Form
from handlers.replies import small_window
from handlers.review_papers import INVITED, MINE, again, keep_draft, left
from handlers.routing import Routes
from handlers.windows import Reply, Screen
from handlers.wording import Masked, asking_to_keep, confirmed, offering, unmasked

routes = Routes()

LENGTHS = (0, 15, 30, 45, 60, 75, 90, 105, 120, 150, 180, 240)


def draw(book: Book) -> Form:
    """Draw the record, with what the reader may do about it."""
    pattern = messages.form_words("notes_book")
    people = []
    for seat in book.seats:
        there = book.attended.get(seat.staff)
        minutes = there.minutes if there else 0
        about = f"{book.review.id}/{seat.staff}/"
        options = [
            (f"{about}{each}", messages.phrase(pattern["minutes"], n=each) if each else pattern["absent"])
            for each in sorted({*LENGTHS, minutes})
        ]
        people.append({"seat": seat, "there": there, "options": options, "chosen": f"{about}{minutes}"})
    return Form("notes_book", keep={"r": book.review.id}).note(
        "forms/notes_book",
        r=book.review,
        c=book.consultation,
        notes=book.notes,
        tasks=book.tasks,
        people=people,
        advice=book.advice,
        writes=book.writes,
        approves=book.approves,
        advises=book.advises,
        prints=book.prints,
        pays=book.pays,
        papers=book.papers,
        collects=book.collects,
        most_issues=ISSUES,
        most_tasks=TASKS,
    )


def _drawn(
    form: Form, texts: Mapping[str, tuple[bool, int]], found: Masked | None, opening: str | None = None
) -> Form:
    """Draw texts (optional, how long), and what is asked about names in them."""
    if opening and found is None:
        form.note(opening)
    for name, (optional, most) in texts.items():
        form.text(name, optional=optional, long=True, limit=most)
    return form if found is None else asking_to_keep(form, found, stays=True)


def draw_issue(
    keep: Mapping[str, Any], answers: Mapping[str, Any], round_: int = 0, found: Masked | None = None
) -> Form:
    """Draw one issue: what it is, how it is seen, what can be done soon and later."""
    form = Form("notes_issue", keep=keep, answers=answers, round=round_, tell_when_closed=True)
    return _drawn(form, dict.fromkeys(ISSUE, (True, ISSUE_LENGTH)), found, "forms/notes_issue_opening")


def draw_dissent(
    keep: Mapping[str, Any], answers: Mapping[str, Any], round_: int = 0, found: Masked | None = None
) -> Form:
    """Draw what some saw otherwise."""
    form = Form("notes_dissent", keep=keep, answers=answers, round=round_, tell_when_closed=True)
    return _drawn(form, {"dissent": (True, DISSENT)}, found)


def draw_task(
    keep: Mapping[str, Any], answers: Mapping[str, Any], round_: int = 0, found: Masked | None = None
) -> Form:
    """Draw what one person does until a day."""
    form = Form("notes_task", keep=keep, answers=answers, round=round_, tell_when_closed=True)
    _drawn(form, {"task": (True, TASK)}, found)
    return form.person("who", optional=True).day("due", optional=True)


def draw_advice(
    keep: Mapping[str, Any], answers: Mapping[str, Any], round_: int = 0, found: Masked | None = None
) -> Form:
    """Draw what the supporter is told."""
    form = Form("review_advice", keep=keep, answers=answers, round=round_, tell_when_closed=True)
    return _drawn(form, {"advice": (False, ADVICE)}, found, "forms/review_advice_opening")


async def _book(desk: Desk, actor: Actor, review_id: str) -> Form:
    return draw(await review_notes.look(desk, actor, review_id))


@routes.button("notes.open", allow=INVITED)
async def read(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Read the record of a case review, or write at it."""
    await screen.show(await _book(desk, actor, value), instead_of=MINE)


# Writing


@routes.button("notes.issue", allow=INVITED)
async def issue(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Write down an issue that was looked at, or change one."""
    review_id, _, place = value.partition("/")
    book = await review_notes.look(desk, actor, review_id)
    issues = book.notes.issues if book.notes else ()
    there = issues[int(place)] if int(place) < len(issues) else None
    keep = {"r": review_id, "n": int(place), "d": digest(there)}
    await screen.show(draw_issue(keep, {name: getattr(there, name, "") for name in ISSUE}), instead_of=MINE)


def _issue(answers: Answers) -> Issue:
    return Issue(**{name: answers.text(name, limit=ISSUE_LENGTH) for name in ISSUE})


@routes.form("notes_issue.submit", allow=INVITED)
async def keep_issue(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Keep an issue of a case review."""
    answers = unmasked(Answers.of(view), *ISSUE)
    k = answers.keep
    await offering(
        review_notes.keep_issue(desk, actor, k["r"], k["n"], k["d"], _issue(answers), confirmed(answers)),
        answers,
        lambda now, round_, found: draw_issue(now.keep, now.values, round_, found),
    )
    return await _book(desk, actor, k["r"])


@routes.closing("notes_issue.submit", allow=INVITED)
async def leave_issue(view: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Keep what was in the form when its window was closed without sending."""
    answers = Answers.of(view)
    k = answers.keep

    def keep(now: Answers, said: Confirmed) -> Awaitable[None]:
        return review_notes.keep_issue(desk, actor, k["r"], k["n"], k["d"], _issue(now), said)

    if any(answers.values.get(name) for name in ISSUE):
        begun = answers.values.get("issue") or messages.form_words("notes_issue")["begun"]
        answers = replace(answers, values={**answers.values, "issue": begun})
        try:
            await left(answers, ISSUE, keep)
        except Changed:  # somebody wrote there meanwhile: what was typed stands behind the others
            k = {**k, "n": ISSUES, "d": ""}
            await left(answers, ISSUE, keep)


@routes.button("notes.dissent", allow=INVITED)
async def dissent(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Write down what some saw otherwise."""
    book = await review_notes.look(desk, actor, value)
    text = book.notes.dissent if book.notes else ""
    await screen.show(
        draw_dissent({"r": book.review.id, "d": digest(Issue(text))}, {"dissent": text}), instead_of=MINE
    )


@routes.form("notes_dissent.submit", allow=INVITED)
async def keep_dissent(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Keep what some saw otherwise."""
    answers = unmasked(Answers.of(view), "dissent")
    k, text = answers.keep, answers.text("dissent", limit=DISSENT)
    await offering(
        review_notes.keep_dissent(desk, actor, k["r"], k["d"], text, confirmed(answers)),
        answers,
        lambda now, round_, found: draw_dissent(now.keep, now.values, round_, found),
    )
    return await _book(desk, actor, k["r"])


@routes.closing("notes_dissent.submit", allow=INVITED)
async def leave_dissent(view: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Keep what was in the form when its window was closed without sending."""
    answers = Answers.of(view)
    k = answers.keep

    def keep(now: Answers, said: Confirmed) -> Awaitable[None]:
        return review_notes.keep_dissent(desk, actor, k["r"], k["d"], now.text("dissent"), said)

    if answers.values.get("dissent"):
        await left(answers, ("dissent",), keep)


@routes.button("notes.task", allow=INVITED)
async def task(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Write down who does what until when, or change it."""
    review_id, _, task_id = value.partition("/")
    book = await review_notes.look(desk, actor, review_id)
    there = next((each for each in book.tasks if each.id == task_id), None)
    answers = {"task": there.text, "who": there.staff, "due": there.due.isoformat()} if there else {}
    draft = await review_drafts.begun(desk, actor, "notes_task", review_id, task_id)
    await screen.show(draw_task({"r": review_id, "t": task_id}, again(draft, answers)), instead_of=MINE)


@routes.form("notes_task.submit", allow=INVITED)
async def keep_task(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Keep who does what until when."""
    answers = unmasked(Answers.of(view), "task")
    k, text = answers.keep, answers.text("task", limit=TASK)
    who, due = answers.values.get("who"), answers.day("due")
    await offering(
        review_notes.keep_task(desk, actor, k["r"], k["t"], text, who, due, confirmed(answers)),
        answers,
        lambda now, round_, found: draw_task(now.keep, now.values, round_, found),
    )
    return await _book(desk, actor, k["r"])


@routes.closing("notes_task.submit", allow=INVITED)
async def leave_task(view: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Keep what was in the form when its window was closed without sending."""
    await keep_draft(desk, actor, "notes_task", Answers.of(view), ("task",))


@routes.button("notes.attend", allow=INVITED)
async def attend(action: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> None:
    """Say how long somebody was at a case review."""
    try:
        review_id, staff, minutes = action["selected_option"]["value"].split("/")
    except KeyError:
        raise NotFound from None
    await review_notes.attend(desk, actor, review_id, staff, int(minutes))
    await screen.show(await _book(desk, actor, review_id), instead_of=MINE)


# Approving, telling, doing


@routes.button("notes.approve", allow=INVITED)
async def approve(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Settle the record of a case review as it was read."""
    review_id, _, version = value.partition("/")
    await review_notes.approve(desk, actor, review_id, int(version))
    await screen.show(await _book(desk, actor, review_id), instead_of=MINE)


@routes.button("notes.print", allow=COUNSEL)
async def print_notes(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Make the settled record of a case review as A4."""
    await review_notes.print_notes(desk, actor, value, once=screen.press)
    await small_window(screen, messages.words("forms/paper_comes"))


@routes.button("notes.collect", allow=INVITED)
async def collect(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Say that the printed papers of a case review were collected and disposed of."""
    await review_collecting.collect(desk, actor, value)
    if screen.in_window:
        await screen.show(await _book(desk, actor, value), instead_of=MINE)
    else:
        await small_window(screen, messages.words("forms/papers_thanks"))


@routes.button("notes.advise", allow=COUNSEL)
async def advice(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Write to the supporter what came of a case review."""
    review, before, text = await review_notes.advice_drawn(desk, actor, value)
    draft = await review_drafts.begun(desk, actor, "review_advice", review.id)
    keep = {"r": review.id, "v": told(before)}
    await screen.show(draw_advice(keep, again(draft, {"advice": text}, keep["v"])), instead_of=MINE)


@routes.closing("review_advice.submit", allow=COUNSEL)
async def leave_advice(view: dict[str, Any], actor: Actor, desk: Desk) -> None:
    """Keep what was in the form when its window was closed without sending."""
    await keep_draft(desk, actor, "review_advice", Answers.of(view), ("advice",))


@routes.form("review_advice.submit", allow=COUNSEL)
async def advise(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Tell the supporter what came of a case review."""
    answers = unmasked(Answers.of(view), "advice")
    review_id, text = answers.keep["r"], answers.text("advice")
    await offering(
        review_notes.advise(desk, actor, review_id, text, confirmed(answers), seen=answers.keep.get("v")),
        answers,
        lambda now, round_, found: draw_advice(now.keep, now.values, round_, found),
    )
    return await _book(desk, actor, review_id)


@routes.button("advice.print")
async def print_advice(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Make what came of a case review as A4."""
    await review_notes.print_advice(desk, actor, value, once=screen.press)
    await small_window(screen, messages.words("forms/paper_comes"))


@routes.button("task.open")
async def open_task(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Read what one took over in a case review."""
    review, consultation, task = await review_notes.read_task(desk, actor, value)
    await screen.show(draw_own(review.id, consultation, task))


def draw_own(review_id: str, c: Any, task: Any) -> Form:
    """Draw one task for whose it is."""
    return Form("own_task", keep={"r": review_id}).note("forms/own_task", c=c, k=task)


@routes.button("task.done")
async def done(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Say that what one took over in a case review is done."""
    await review_notes.do(desk, actor, value)
    await small_window(screen, messages.words("forms/task_thanks"))
