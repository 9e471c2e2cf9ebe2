"""The papers of reviews, drawn with made-up facts by what draws them in Slack: messages, windows, what stands on a Home."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot import messages
from bot.domain.consultation import Status
from bot.domain.review import Part, Stage
from bot.domain.review_papers import (
    ADVICE,
    BRIEF,
    DISSENT,
    ISSUE_LENGTH,
    ISSUES,
    TASK,
    TASKS,
    Advice,
    Attended,
    Brief,
    Issue,
    Notes,
    Prints,
    Step,
    Task,
)
from bot.homes_review_papers import Mine, Own, Papers
from bot.privacy.unusual import Fact
from bot.surfaces_facts import ID, NOW, Facts, every, longest
from bot.surfaces_reviews import FIRST, review, seat
from bot.usecases.briefs import Page
from bot.usecases.review_notes import Book
from bot.usecases.sittings import Room
from handlers import briefs, review_notes, sittings

DAY = (NOW + timedelta(days=16)).date()
# Messages, with more facts of their rows, case by case.
MORE: dict[str, tuple[dict[str, Any], ...]] = {
    "brief_paper": ({},),
    "brief_paper_title": ({},),
    "brief_ready": ({},),
    "brief_written": ({"b": "U_SATO"},),
    "review_role": ({},),
    "sitting_steps": (
        {"over": False, "step": 0, "leads": True},
        {"over": False, "step": 0, "leads": False},
        {"over": True, "step": 4, "leads": True},
        {"over": False, "step": None, "leads": True},
    ),
    "review_thanks": ({},),
    "notes_wanted": ({"papers_out": True}, {"papers_out": False}),
    "papers_out": ({},),
    "notes_ready": ({"presents": False}, {"presents": True}),
    "task_given": ({},),
    "task_near": ({},),
    "task_due": ({},),
    "task_late": ({},),
    "task_done": ({"who": "U_SATO"},),
    "review_advised": ({},),
    "advice_to_hand": ({},),
    "advice_paper": ({},),
    "advice_paper_title": ({},),
    "advice_followed": ({},),
    "notes_paper": ({},),
    "notes_paper_title": ({},),
}
TEMPLATES = frozenset(MORE)


def steps(facts: Facts) -> tuple[Step, ...]:
    """Steps that lie ahead."""
    names = [
        facts.line(60) if facts.worst else name for name in ("質問を順番に", "手がかりを持ち帰る", "感想")
    ]
    at = [FIRST + timedelta(minutes=30 * n) for n in range(len(names) + 1)]
    return tuple(Step(name, at[n], at[n + 1]) for n, name in enumerate(names))


def task(facts: Facts, n: int = 0, **changes: Any) -> Task:
    """One task."""
    return replace(Task(f"{n:032x}", ID, n, facts.user, DAY, facts.text[:TASK]), **changes)


def paper_messages(facts: Facts) -> Iterator[tuple[str, messages.Message]]:
    """Give each message with its name."""
    c = facts.consultation(Status.ADVISING)
    for template, cases in MORE.items():
        for role in every("meeting_roles") if template == "review_role" else ("adviser",):
            for stage in (Stage.PLANNED, Stage.FIXED) if template == "brief_ready" else (Stage.FIXED,):
                for n, more in enumerate(cases):
                    told = {
                        "r": review(facts, stage), "c": c, "s": seat(facts, part=Part.CHOSEN, role=role), "seats": [],
                        "slots": (), "now": NOW, "organisation": facts.organisation, "k": task(facts),
                        "steps": steps(facts), **more,
                    }  # fmt: skip
                    name = f"messages/{template}/{role}/{stage}/{n + 1}"
                    yield name, messages.render(f"messages/{template}", **told)


def page(facts: Facts, **changes: Any) -> Page:
    """The page about a case."""
    words = {name: facts.text[:most] for name, most in BRIEF.items()}
    brief = Brief(
        ID, words, longest("brief_agreements"), facts.user, NOW, DAY, approved_by=facts.user, approved_at=NOW
    )
    strange = {name: (Fact("animal", 0, 20, "動物"),) * (4 if facts.worst else 1) for name in words}
    usual = Page(review(facts), facts.consultation(Status.ADVISING), brief, FIRST, strange, True, True, True)
    return replace(usual, **changes)


def book(facts: Facts, **changes: Any) -> Book:
    """The record of a review."""
    issue = Issue(*(facts.text[:ISSUE_LENGTH] for _ in range(4)))
    notes = Notes(
        ID, (issue,) * (ISSUES if facts.worst else 1), facts.user, NOW, facts.text[:DISSENT], (facts.user,)
    )
    seats = tuple(seat(facts, n, part=Part.CHOSEN) for n in range(12 if facts.worst else 3))
    usual = Book(
        review(facts, Stage.HELD), facts.consultation(Status.ADVISING), notes,
        tuple(task(facts, n, done_at=NOW if n else None) for n in range(TASKS if facts.worst else 2)),
        {each.staff: Attended(each.staff, 89, 12_000) for each in seats[1:]}, seats, None,
    )  # fmt: skip
    return replace(usual, **changes)


def paper_modals(facts: Facts) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each window with its name."""
    c, keep = facts.consultation(Status.ADVISING), {"r": ID, "v": 3}
    told = page(facts)
    words = {**told.brief.words, "agreement": told.brief.agreement, "agreed_on": DAY.isoformat()}
    yield "forms/brief/blank", briefs.draw(keep, {}).view()
    yield "forms/brief/filled", briefs.draw(keep, words).view()
    yield "forms/brief/drafted", briefs.draw(keep, words, drafted=facts.user).view()
    yield "forms/brief/masked", briefs.draw(keep, words, 1, facts.found()).view()
    open_ = replace(told.brief, approved_by=None, approved_at=None, agreed_on=None)
    yield "forms/brief_page/approved", briefs.draw_page(told).view()
    yield "forms/brief_page/to_approve", briefs.draw_page(replace(told, brief=open_)).view()
    reader = replace(told, writes=False, approves=False, prints=False, until=None)
    yield "forms/brief_page/reader", briefs.draw_page(reader).view()

    room = Room(review(facts), c, seat(facts), steps(facts), None, over=False, brief=True, leads=True)
    for name, each in {
        "leads": room,
        "going": replace(room, step=1),
        "last": replace(room, step=2, steps=room.steps[-1:], writes=True),
        "over": replace(room, step=2, over=True, leads=False, brief=False),
    }.items():
        yield f"forms/review_room/{name}", sittings.draw(each).view()
    for role in every("meeting_roles"):
        yield f"forms/review_room/{role}", sittings.draw(replace(room, seat=seat(facts, role=role))).view()
    yield "forms/review_room/no_seat", sittings.draw(replace(room, seat=None, leads=False)).view()

    yield from _notes(facts)


def _notes(facts: Facts) -> Iterator[tuple[str, dict[str, Any]]]:
    told = book(facts)
    settled = replace(told.notes, approved_by=facts.user, approved_at=NOW) if told.notes else None
    advice = Advice(ID, facts.text[:ADVICE], facts.user, NOW)
    out = Prints(ID, NOW)
    collected = replace(out, collected_at=NOW, collected_by=facts.user)
    for name, each in {
        "empty": replace(told, notes=None, tasks=(), attended={}, writes=True),
        "writes": replace(told, writes=True),
        "approves": replace(told, approves=True, pays=True),
        "reads": replace(told, notes=settled),
        "to_advise": replace(told, notes=settled, advises=True, prints=True),
        "to_collect": replace(told, writes=True, approves=True, pays=True, papers=out, collects=True),
        "collected": replace(told, notes=settled, papers=collected),
        "advised": replace(told, notes=settled, advises=True, advice=advice),
    }.items():
        yield f"forms/notes_book/{name}", review_notes.draw(each).view()
    issue = dict.fromkeys(("issue", "view", "short", "long"), facts.text[:ISSUE_LENGTH])
    keep = {"r": ID, "n": 1, "d": "0" * 16, "t": ID}
    drawn = {
        "notes_issue": (review_notes.draw_issue, issue),
        "notes_dissent": (review_notes.draw_dissent, {"dissent": facts.text[:DISSENT]}),
        "notes_task": (review_notes.draw_task, {"task": facts.text[:TASK], "who": facts.user, "due": "2026-12-10"}),
        "review_advice": (review_notes.draw_advice, {"advice": facts.text[:ADVICE]}),
    }  # fmt: skip
    for name, (draw, answers) in drawn.items():
        yield f"forms/{name}/blank", draw(keep, {}).view()
        yield f"forms/{name}/filled", draw(keep, answers).view()
        yield f"forms/{name}/masked", draw(keep, answers, 1, facts.found()).view()
    c = facts.consultation(Status.ADVISING)
    yield "forms/own_task/open", review_notes.draw_own(ID, c, task(facts)).view()
    yield "forms/own_task/done", review_notes.draw_own(ID, c, task(facts, done_at=NOW)).view()


def home(facts: Facts, *, sits: bool, settles: bool) -> Papers:
    """What a Home tells about papers."""
    c = facts.consultation(Status.ADVISING)
    there = [
        Mine(review(facts), c, brief=True), Mine(review(facts, Stage.PLANNED), c, brief=True), Mine(review(facts), c)
    ] * facts.rows  # fmt: skip
    over = [
        Mine(review(facts, Stage.HELD), c, brief=each, notes=not each) for each in (True, False)
    ] * facts.rows
    return Papers(
        there if sits else [], there[:1] + there[2:] if sits else [], over if sits else [], over if settles else [],
        [Own(ID, c, DAY)] * facts.rows,
    )  # fmt: skip
