"""How a review went: what was seen and found, who does what until when, who was there; approved, told, followed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date

from bot.domain import review_access
from bot.domain.consultation import Consultation, Status
from bot.domain.directory import NotOfStaff
from bot.domain.events import Event
from bot.domain.refusals import Changed, InThePast, Missing, NotFound
from bot.domain.review import Full, NotNow, Review, Seat, Stage
from bot.domain.review_access import Paper
from bot.domain.review_papers import (
    ADVICE,
    ISSUES,
    OVER,
    TASKS,
    Advice,
    Attended,
    Issue,
    NotApproved,
    Notes,
    OwnNotes,
    Prints,
    Task,
    TooLongForPage,
    begun,
    draft_name,
)
from bot.domain.staff import Actor, Role
from bot.store.database import Transaction
from bot.usecases import case_names, review_desk, review_rights
from bot.usecases.case_names import Confirmed, Screened
from bot.usecases.desk import NOTHING, Desk, ask_later, screened_about
from bot.usecases.papers import NothingToPrint
from bot.usecases.review_desk import tell
from bot.usecases.review_rights import entitled
from bot.usecases.sittings import attended


@dataclass(frozen=True, slots=True)
class Book:
    """The record of a review as somebody sees it, with what they may do about it."""

    review: Review
    consultation: Consultation
    notes: Notes | None
    tasks: tuple[Task, ...]
    attended: Mapping[str, Attended]
    seats: tuple[Seat, ...]
    advice: Advice | None
    writes: bool = False
    approves: bool = False
    advises: bool = False
    prints: bool = False
    pays: bool = False  # sees what is owed to whom
    papers: Prints | None = None  # for those who write or approve
    collects: bool = False


async def look(desk: Desk, actor: Actor, review_id: str) -> Book:
    """Open the record: for who writes it always, for others invited once it is approved. It stands in the trail."""
    async with desk.db.transaction(actor) as tx:
        review, consultation = await review_desk.both(tx, review_id)
        of = await review_rights.standings(desk, tx, actor, review, consultation)
        writes = review_access.may(Paper.WRITE_NOTES, of)
        approves = review_access.may(Paper.APPROVE_NOTES, of)
        if not writes and not approves:
            review_access.require(Paper.READ_NOTES, of)
        notes = await tx.review_papers.notes(review)
        if not (writes or approves) and (notes is None or notes.approved_at is None):
            raise NotApproved("notes")
        await tx.audit.record(Event.NOTES_READ, consultation.id, review=review.id)
        papers = await tx.review_papers.prints(review.id) if writes or approves else None
        return Book(
            review,
            consultation,
            notes,
            tuple(await tx.review_papers.tasks(review)),
            {each.staff: each for each in await tx.review_papers.attended(review.id)},
            tuple(each for each in await tx.reviews.seats(review.id) if each.attends),
            await tx.review_papers.advice(review),
            writes=writes and await _is_written(tx, review),
            approves=approves and review.stage is Stage.HELD and notes is not None,
            advises=review_access.may(Paper.ADVISE, of) and review.stage is Stage.APPROVED,
            prints=review_access.may(Paper.PRINT_NOTES, of) and review.stage is Stage.APPROVED,
            pays=approves,
            papers=papers,
            collects=writes and review.stage in OVER and papers is not None and papers.out,
        )


def digest(issue: Issue | None) -> str:
    """What tells whether an issue is still as somebody saw it."""
    told = json.dumps(asdict(issue), ensure_ascii=False) if issue else ""
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def told(advice: Advice | None) -> str:
    """What tells whether the advice is still as somebody saw it."""
    return digest(Issue(advice.text) if advice else None)


async def keep_issue(
    desk: Desk, actor: Actor, review_id: str, place: int, seen: str, issue: Issue, said: Confirmed = NOTHING
) -> None:
    """Keep one issue: a new one behind the others, or in place of the one that was `seen` there. Emptied, it goes.

    Raises `Missing`, `Full`, `Changed` and what `screened_about` raises.
    """
    words = await _read(desk, actor, review_id, asdict(issue), said)
    issue = Issue(**{name: text.strip() for name, text in words.texts.items()})
    async with desk.db.transaction(actor) as tx:
        review, was = await _open(desk, tx, actor, review_id)
        issues = list(was.issues)
        if issue in issues and (place >= len(issues) or issues[place] == issue):
            return  # sent twice
        if place >= len(issues):
            if not issue.issue:
                raise Missing("issue")
            if len(issues) >= ISSUES:
                raise Full("issue", ISSUES)
            issues.append(issue)
        else:
            if digest(issues[place]) != seen:
                raise Changed
            if not issue.issue and any((issue.view, issue.short, issue.long)):
                raise Missing("issue")
            issues[place : place + 1] = [issue] if issue.issue else []
        await _write(tx, review, was, replace(was, issues=tuple(issues)), words.said)


async def keep_dissent(
    desk: Desk, actor: Actor, review_id: str, seen: str, dissent: str, said: Confirmed = NOTHING
) -> None:
    """Keep what some saw otherwise, beside what was found."""
    words = await _read(desk, actor, review_id, {"dissent": dissent}, said)
    async with desk.db.transaction(actor) as tx:
        review, was = await _open(desk, tx, actor, review_id)
        if was.dissent == words["dissent"]:
            return
        if digest(Issue(was.dissent)) != seen:
            raise Changed
        await _write(tx, review, was, replace(was, dissent=words["dissent"]), words.said)


async def keep_task(
    desk: Desk,
    actor: Actor,
    review_id: str,
    task_id: str,
    text: str,
    who: str | None,
    due: date | None,
    said: Confirmed = NOTHING,
) -> None:
    """Keep what one person does until a day: a new one, or in place of `task_id`. Emptied, it goes."""
    words = await _read(desk, actor, review_id, {"task": text}, said)
    text = words["task"].strip()
    async with desk.db.transaction(actor) as tx:
        review, notes = await _open(desk, tx, actor, review_id)
        there = {each.id: each for each in await tx.review_papers.tasks(review)}
        await tx.casework.drop_draft(review.consultation, draft_name("notes_task", review.id, task_id))
        if text:
            await _must_do(tx, review, who, due)
        elif task_id not in there:
            raise Missing("task")
        if any((each.text, each.staff, each.due) == (text, who, due) for each in there.values()):
            return
        if text and task_id not in there and len(there) >= TASKS:
            raise Full("task", TASKS)
        task_id = task_id or tx.new_id()
        if text and who and due:
            there[task_id] = Task(task_id, review.id, 0, who, due, text)
        else:
            del there[task_id]
        await tx.review_papers.set_tasks(
            review, [replace(each, place=n) for n, each in enumerate(there.values(), 1)]
        )
        await tx.audit.record(Event.TASKS_SET, review.consultation, review=review.id)
        await case_names.confirm(tx, review.consultation, words.said)
        if actor.id not in notes.writers:
            await _write(tx, review, notes, notes)


async def _must_do(tx: Transaction, review: Review, who: str | None, due: date | None) -> None:
    if who is None:
        raise Missing("who")
    if due is None:
        raise Missing("due")
    supporter = (await tx.consultations.get(review.consultation)).supporter
    if who != supporter and not await tx.staff.roles_of(who):
        raise NotOfStaff("who")
    if due < tx.today:
        raise InThePast("due")


async def attend(desk: Desk, actor: Actor, review_id: str, staff: str, minutes: int) -> None:
    """Note how long somebody was there; nothing: not at all. What is owed follows from what is known of them."""
    async with desk.db.transaction(actor) as tx:
        review, notes = await _open(desk, tx, actor, review_id)
        if staff not in {each.staff for each in await tx.reviews.seats(review.id) if each.attends}:
            raise NotFound
        there = {each.staff: each for each in await tx.review_papers.attended(review.id)}
        there[staff] = await attended(tx, staff, minutes)
        await tx.review_papers.attend(review.id, there.values())
        await _write(tx, review, notes, notes)  # what is owed follows from it: somebody else settles it


async def approve(desk: Desk, actor: Actor, review_id: str, version: int) -> None:
    """Settle the record as it was read: those invited may read it, tasks are whose they are, papers close soon.

    Raises `OwnNotes` where whoever wrote at it settles it alone, unless the organisation lets them.
    """
    async with desk.db.transaction(actor) as tx:
        review, consultation = await review_desk.both(tx, review_id)
        of = await review_rights.must(desk, tx, actor, Paper.APPROVE_NOTES, review, consultation)
        was = await tx.review_papers.notes(review)
        if was is not None and was.approved_at is not None:
            return
        _must_stand(consultation)
        if was is None or not was.issues:
            raise NotApproved("notes")
        own = desk.organisation.reviews.own_record and review_access.may(Paper.APPROVE_OWN, of)
        if actor.id in was.writers and not own:
            raise OwnNotes
        settled = await tx.reviews.move(review, review.to(Stage.APPROVED))
        notes = replace(was, approved_by=actor.id, approved_at=tx.now)
        await tx.review_papers.keep_notes(review, replace(was, version=version), notes)
        await tx.audit.record(Event.NOTES_APPROVED, consultation.id, review=review.id)
        seats = {each.staff for each in await tx.reviews.seats(review.id) if each.attends}
        people = {each.staff for each in await tx.review_papers.attended(review.id) if each.minutes} & seats
        for person in sorted(people | {consultation.counselor or actor.id}):
            await tell(tx, person, "notes_ready", settled, "", presents=person == consultation.counselor)
        tasks = await tx.review_papers.tasks(review)
        for each in tasks:
            await tell(tx, each.staff, "task_given", settled, each.id, task=each.id)
        await review_desk.show(tx, seats | {each.staff for each in tasks} | {consultation.counselor or ""})


async def advice_drawn(desk: Desk, actor: Actor, review_id: str) -> tuple[Review, Advice | None, str]:
    """Give what the supporter was told, if anything, and a wording to begin with: this, or what was found to do."""
    async with desk.db.transaction(actor) as tx:
        review, consultation = await entitled(desk, tx, actor, review_id, Paper.ADVISE)
        notes = await tx.review_papers.notes(review)
        if notes is None or notes.approved_at is None:
            raise NotApproved("notes")
        await tx.audit.record(Event.NOTES_READ, consultation.id, review=review.id)
        advice = await tx.review_papers.advice(review)
    drawn = "\n".join(text for each in notes.issues for text in (each.short, each.long) if text)
    return review, advice, (advice.text if advice else drawn)[:ADVICE]


async def advise(
    desk: Desk, actor: Actor, review_id: str, text: str, said: Confirmed = NOTHING, *, seen: str | None = None
) -> None:
    """Tell the supporter what came of it, in plain words; after two weeks they are asked how it went.

    Whoever has no Slack is handed a page by whoever took their call. `seen`: digest of what they had been told before.
    """
    if not text.strip():
        raise Missing("advice")
    words = await _read(desk, actor, review_id, {"advice": text}, said, Paper.ADVISE)
    if (over := len(words["advice"]) - ADVICE) > 0:
        raise TooLongForPage("advice", over)
    async with desk.db.transaction(actor) as tx:
        review, consultation = await entitled(desk, tx, actor, review_id, Paper.ADVISE)
        if review.stage is not Stage.APPROVED:
            raise NotApproved("notes")
        _must_stand(consultation)
        was = await tx.review_papers.advice(review)
        await tx.casework.drop_draft(consultation.id, draft_name("review_advice", review.id))
        if was and was.text == words["advice"]:
            return
        if seen is not None and seen != told(was):
            raise Changed
        await tx.review_papers.advise(review, Advice(review.id, words["advice"], actor.id, tx.now))
        await tx.casework.write(consultation.id, "advice", words["advice"])
        await case_names.confirm(tx, consultation.id, words.said)
        await tx.audit.record(Event.REVIEW_ADVISED, consultation.id, review=review.id)
        if consultation.supporter:
            await tell(tx, consultation.supporter, "review_advised", review, tx.now.isoformat())
            await ask_later(tx, consultation, tx.now, ("follow_up",))
            await tx.outbox.home(consultation.supporter)
        else:
            to = await _hands_on(tx, consultation)
            await tell(tx, to, "advice_to_hand", review, tx.now.isoformat())


async def _hands_on(tx: Transaction, consultation: Consultation) -> str:
    """Who gives somebody without Slack their page: whoever took their call, where they may print it, or the holder."""
    entered = consultation.entered_by
    if entered and await tx.staff.roles_of(entered) & {Role.OPERATOR, Role.COORDINATOR}:
        return entered
    return consultation.counselor or tx.actor.id


async def print_notes(desk: Desk, actor: Actor, review_id: str, *, once: str) -> None:
    """Promise whoever presents or convenes the settled record as A4, in their own direct message."""
    async with desk.db.transaction(actor) as tx:
        review, consultation = await entitled(desk, tx, actor, review_id, Paper.PRINT_NOTES)
        if await tx.review_papers.approved_at(review.id) is None:
            raise NotApproved("notes")
        await tx.audit.record(Event.PAPER_PRINTED, consultation.id, paper="review_notes")
        await review_desk.send_paper(tx, review, "notes", once)


async def print_advice(desk: Desk, actor: Actor, review_id: str, *, once: str) -> None:
    """Promise whoever may have it the advice of a review as A4, in their own direct message."""
    async with desk.db.transaction(actor) as tx:
        review, consultation = await entitled(desk, tx, actor, review_id, Paper.READ_ADVICE)
        if await tx.review_papers.advice(review) is None:
            raise NothingToPrint
        await tx.audit.record(Event.PAPER_PRINTED, consultation.id, paper="review_advice")
        await review_desk.send_paper(tx, review, "advice", once)


async def do(desk: Desk, actor: Actor, task_id: str) -> None:
    """Somebody did what was theirs to do; pressed twice, once."""
    async with desk.db.transaction(actor) as tx:
        review, consultation, task = await _own_task(desk, tx, actor, task_id)
        if not await tx.review_papers.do_task(task_id):
            return
        await tx.audit.record(Event.TASK_DONE, consultation.id, review=review.id)
        if consultation.counselor and consultation.counselor != actor.id:
            await tell(tx, consultation.counselor, "task_done", review, task_id, who=actor.id)
        await review_desk.show(tx, {actor.id, task.staff})


async def read_task(desk: Desk, actor: Actor, task_id: str) -> tuple[Review, Consultation, Task]:
    """Open one task, for whose it is. The opening stands in the trail."""
    async with desk.db.transaction(actor) as tx:
        review, consultation, task = await _own_task(desk, tx, actor, task_id)
        await tx.audit.record(Event.WORDS_READ, consultation.id, why="task")
        return review, consultation, task


async def _own_task(
    desk: Desk, tx: Transaction, actor: Actor, task_id: str
) -> tuple[Review, Consultation, Task]:
    """Give a task of a settled review to whose it is, or raise `NotInvited` or `NotNow`."""
    review, consultation = await review_desk.both(tx, await tx.review_papers.review_of_task(task_id))
    task = next(each for each in await tx.review_papers.tasks(review) if each.id == task_id)
    of = await review_rights.standings(desk, tx, actor, review, consultation, tasks=[task.staff])
    review_access.require(Paper.DO_TASK, of)
    review.must_be(Stage.APPROVED)
    return review, consultation, task


async def _read(
    desk: Desk, actor: Actor, review_id: str, fields: Mapping[str, str], said: Confirmed,
    paper: Paper = Paper.WRITE_NOTES,
) -> Screened:  # fmt: skip
    """Read words with the names of the case, for who may write them."""
    consultation = await review_rights.writing(desk, actor, review_id, paper)
    return await screened_about(desk, actor, None, consultation.id, fields, said, stays=True)


async def _open(desk: Desk, tx: Transaction, actor: Actor, review_id: str) -> tuple[Review, Notes]:
    """Give the record to whoever writes at it, from the moment a review began until the record is approved."""
    review, consultation = await entitled(desk, tx, actor, review_id, Paper.WRITE_NOTES)
    _must_stand(consultation)
    if not await _is_written(tx, review):
        raise NotNow(review.stage)
    notes = await tx.review_papers.notes(review)
    return review, notes or Notes(review.id, (), actor.id, tx.now, version=-1)


async def _is_written(tx: Transaction, review: Review) -> bool:
    """Whether the record of a review is being written: it has begun, and the record is not approved."""
    if review.stage is Stage.HELD:
        return True
    sitting = begun(await tx.review_papers.sitting(review.id), review)
    return review.stage is Stage.FIXED and sitting is not None


def _must_stand(consultation: Consultation) -> None:
    """Go on, but where whoever asked took it back: nothing more is written, given or told of it."""
    if consultation.status is Status.WITHDRAWN:
        raise NotNow(Stage.CANCELLED)


async def _write(tx: Transaction, review: Review, was: Notes, to: Notes, said: Confirmed = NOTHING) -> None:
    writers = tuple(dict.fromkeys((*was.writers, tx.actor.id)))
    to = replace(to, written_by=tx.actor.id, written_at=tx.now, writers=writers)
    if was.version < 0:
        await tx.review_papers.keep_notes(review, None, replace(to, version=0))
    else:
        await tx.review_papers.keep_notes(review, was, to)
    await case_names.confirm(tx, review.consultation, said)
    await tx.audit.record(Event.NOTES_WRITTEN, review.consultation, review=review.id)
