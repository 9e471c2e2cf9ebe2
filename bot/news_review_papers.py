"""What is said about the papers of a review, made at the moment of saying it: codes and times, papers as files."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from bot import codes
from bot.domain.business_time import TOKYO
from bot.domain.consultation import Status
from bot.domain.review import Stage
from bot.domain.review_access import closes_at, sees
from bot.domain.review_papers import begun
from bot.domain.staff import Role
from bot.messages import Document, Message, form_words, render, words
from bot.news_reviews import about
from bot.organisation import Organisation
from bot.reports.apart import printed
from bot.reports.facts import BriefFacts, DeskFacts, NotesFacts, ReviewAdviceFacts
from bot.store.database import Reading
from bot.store.outbox import OutboxRow
from bot.usecases import sittings

Facts = Callable[
    [Reading, dict[str, Any], OutboxRow, Organisation],
    Awaitable[BriefFacts | ReviewAdviceFacts | NotesFacts | None],
]
REMINDERS = frozenset({"task_near", "task_due", "task_late"})
TEMPLATES = REMINDERS | {
    "brief_ready", "brief_written", "brief_paper", "review_role", "sitting_steps", "review_thanks", "notes_wanted", "notes_ready",
    "task_given", "task_done", "review_advised", "advice_to_hand", "advice_paper", "advice_followed", "notes_paper",
    "papers_out",
}  # fmt: skip


async def compose(ask: Reading, row: OutboxRow, organisation: Organisation) -> Message | Document | None:
    """Make what a row promises, from what is true now. None: there is nothing to say any more."""
    review = await ask.reviews.get(str(row.facts["review"]))
    told = await about(ask, review, row.to)
    told |= {name: each for name, each in row.facts.items() if name not in {"review", "consultation"}}
    if row.template in PAPERS:
        return await _paper(ask, told, row, organisation)
    match row.template:
        case "notes_wanted" | "papers_out":
            prints = await ask.review_papers.prints(review.id)
            told["papers_out"] = prints is not None and prints.out
            if row.template == "papers_out" and not told["papers_out"]:
                return None
        case "brief_ready":
            if not await ask.review_papers.has_approved_brief(review.id) or not (
                told["s"] and sees(told["s"])
            ):
                return None
        case "review_role":
            if review.stage is not Stage.FIXED or not (told["s"] and told["s"].attends):
                return None
        case "sitting_steps":
            sitting = begun(await ask.review_papers.sitting(review.id), review)
            told |= {
                "steps": sittings.drawn_steps(review, sitting),
                "step": sitting.step if sitting else None,
            }
            told["over"] = sitting is not None and sitting.ended_at is not None
            seat = told["s"]
            leads = seat is not None and seat.role == "facilitator"
            told["leads"] = leads or Role.COORDINATOR in await ask.staff.roles_of(row.to)
    if "task" in row.facts:
        task = next((t for t in await ask.review_papers.tasks(review) if t.id == row.facts["task"]), None)
        over = task is None or task.done_at is not None or told["c"].status is Status.WITHDRAWN
        if task is None or (over and row.template in REMINDERS):
            return None
        told["k"] = task
    return render(f"messages/{row.template}", **told, organisation=organisation)


async def _paper(
    ask: Reading, told: dict[str, Any], row: OutboxRow, organisation: Organisation
) -> Document | None:
    """A paper as a file, where there is anything to print."""
    made, name, title = PAPERS[row.template]
    facts = await made(ask, told, row, organisation)
    if facts is None:
        return None
    return Document(
        filename=f"{told['c'].number}-{name}.pdf",
        title=words(title, c=told["c"], r=told["r"]),
        content=await printed(facts),
        comment=words(f"messages/{row.template}", c=told["c"], r=told["r"]),
    )


async def _brief(
    ask: Reading, told: dict[str, Any], row: OutboxRow, organisation: Organisation
) -> BriefFacts | None:
    """The page, while it is approved and not yet gone."""
    review, c = told["r"], told["c"]
    brief = await ask.review_papers.brief(review)
    if brief is None or brief.approved_at is None:
        return None
    rules, approved_at = organisation.reviews, await ask.review_papers.approved_at(review.id)
    over = closes_at(review, rules.keeps, approved_at=approved_at, settled=rules.settled)
    return BriefFacts(
        desk=organisation.desk_name,
        number=c.number,
        title=brief.words["topic"],
        parts=tuple(
            (codes.label("brief_parts", name), text)
            for name, text in brief.words.items()
            if text and name != "topic"
        ),
        purpose=codes.label("review_purposes", review.plan.purpose),
        format=codes.label("review_formats", review.plan.format),
        agreement=codes.label("brief_agreements", brief.agreement),
        agreed_on=brief.agreed_on,
        starts_at=None if review.stage in {Stage.PLANNED, Stage.POLLING} else review.starts_at,
        until=over.astimezone(TOKYO).date() if over else None,
        made_at=row.created_at,
    )


async def _advice(
    ask: Reading, told: dict[str, Any], row: OutboxRow, organisation: Organisation
) -> ReviewAdviceFacts | None:
    """What the supporter is told, as it was told."""
    review, c, there = told["r"], told["c"], organisation
    advice = await ask.review_papers.advice(review)
    if advice is None:
        return None
    return ReviewAdviceFacts(
        desk=DeskFacts(name=there.desk_name, phone=there.phone, address=there.address, keeper=there.name),
        number=c.number,
        advised_at=review.starts_at or advice.told_at,
        advice=advice.text,
        made_at=row.created_at,
        asked=(review.plan.question,) if review.plan.question else (),
    )


async def _notes(
    ask: Reading, told: dict[str, Any], row: OutboxRow, organisation: Organisation
) -> NotesFacts | None:
    """The record, once it is settled; people stand by what they were in it."""
    review, c = told["r"], told["c"]
    notes = await ask.review_papers.notes(review)
    if notes is None or notes.approved_at is None:
        return None
    said = form_words("notes_book")
    roles = {
        each.staff: codes.label("meeting_roles", each.role) for each in await ask.reviews.seats(review.id)
    }
    roles = {c.supporter: said["supporter"]} | roles
    return NotesFacts(
        desk=organisation.desk_name,
        number=c.number,
        purpose=codes.label("review_purposes", review.plan.purpose),
        format=codes.label("review_formats", review.plan.format),
        held_at=review.starts_at or notes.approved_at,
        issues=tuple(
            tuple((said[name], text) for name, text in asdict(each).items() if text) for each in notes.issues
        ),
        dissent=notes.dissent,
        tasks=tuple(
            (roles.get(each.staff, said["other"]), each.due, each.text)
            for each in await ask.review_papers.tasks(review)
        ),
        people=tuple(
            (roles.get(each.staff, said["other"]), each.minutes)
            for each in await ask.review_papers.attended(review.id)
            if each.minutes
        ),
        approved_at=notes.approved_at,
        made_at=row.created_at,
    )


# How each is made, what its file is called, and its title.
PAPERS: dict[str, tuple[Facts, str, str]] = {
    "brief_paper": (_brief, "brief", "messages/brief_paper_title"),
    "advice_paper": (_advice, "review", "messages/advice_paper_title"),
    "notes_paper": (_notes, "notes", "messages/notes_paper_title"),
}
