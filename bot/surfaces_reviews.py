"""Case reviews, drawn with made-up facts by what draws them in Slack: messages, windows, and what stands on a Home."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot import messages
from bot.domain.business_time import TOKYO
from bot.domain.choosing import Choice, Failure
from bot.domain.consultation import Status
from bot.domain.expert import Expert
from bot.domain.panel import Member, Proposal
from bot.domain.review import (
    PEOPLE,
    SLOTS,
    Discipline,
    Format,
    Part,
    Plan,
    Review,
    Says,
    Seat,
    Slot,
    Stage,
)
from bot.domain.staff import Role
from bot.homes_reviews import Event, Own, Reviews
from bot.surfaces_facts import ID, NOW, Facts, every, longest, typed
from bot.usecases.review_desk import Board
from bot.usecases.review_polls import Poll
from handlers import review_windows as windows

PLACE = "<!channel> & <https://evil.example|会場> *太* _斜_ ~消~ `符`\n> 引用\n# 見出し "
FIRST = NOW.astimezone(TOKYO) + timedelta(days=9)
# Messages about a review, with more facts of their rows, case by case.
MORE: dict[str, tuple[dict[str, Any], ...]] = {
    "review_accepted": ({"who": "U_MORI"},),
    "review_again": ({},),
    "review_calendar": ({"comes": True}, {"comes": False}),
    "review_calendar_title": ({},),
    "review_cancelled": ({},),
    "review_elsewhere": ({},),
    "review_fixed": ({"moved": False}, {"moved": True}),
    "review_left": (
        {"who": "U_MORI", "why": "cannot", "required": True, "short": ["psychology:1"], "could": ["U_SATO"]},
        {"who": "U_MORI", "why": "gone", "required": False, "short": [], "could": []},
        {"who": "U_MORI", "why": "handed", "required": False, "short": [], "could": []},
    ),
    "review_poll": ({},),
    "review_ranked": (
        {"best": FIRST, "holds": 2, "silent": []},
        {"best": None, "holds": 0, "silent": ["U_MORI", "U_SATO"]},
    ),
    "review_reminder": ({},),
    "review_spared": ({"why": "spared"}, {"why": "handed"}),
    "review_step_in": ({},),
    "review_when": ({},),
}
TEMPLATES = frozenset(MORE)


def review(facts: Facts, stage: Stage = Stage.FIXED, **changes: Any) -> Review:
    """One review."""
    plan = Plan(
        format=Format.PCAGIP, minutes=240 if facts.worst else 90, online=facts.worst, budget=10**6,
        quorum=dict.fromkeys(map(str, Discipline), 3) if facts.worst else {"psychology": 1, "academic": 1},
        apart=every("review_apart"), question=facts.text[:1000], place=typed(200, PLACE) if facts.worst else "2階 会議室",
    )  # fmt: skip
    told: dict[str, Any] = {"deadline": FIRST - timedelta(days=1)} if stage is not Stage.PLANNED else {}
    if stage not in {Stage.PLANNED, Stage.POLLING}:
        told |= {"starts_at": FIRST, "ends_at": FIRST + timedelta(minutes=plan.minutes), "edition": 2}
    if stage is Stage.CANCELLED:
        told |= {"ended_at": NOW, "ended_because": longest("review_cancel_reasons")}
    usual = Review(ID, ID, 1, 2026, stage, facts.user, NOW, plan, "x", **told)
    return replace(usual, **changes)


def seat(facts: Facts, n: int = 0, **changes: Any) -> Seat:
    """Somebody invited."""
    who = facts.user if n == 0 else f"U{n:010d}"
    role = longest("meeting_roles") if facts.worst else "adviser"
    usual = Seat(who, Discipline.PSYCHOLOGY, role, required=n == 0, invited_at=NOW, answered_at=NOW)
    return replace(usual, **changes)


def review_messages(facts: Facts) -> Iterator[tuple[str, messages.Message]]:
    """Give each message with its name."""
    seats = (
        ("", seat(facts, part=Part.CHOSEN)),
        ("/welcome", seat(facts, part=Part.WELCOME)),
        ("/spared", seat(facts, part=Part.SPARED, answered_at=None)),
        ("/cannot", seat(facts, left_at=NOW, left_because="cannot")),
        ("/nobody", None),
    )
    for template, cases in MORE.items():
        for stage in Stage:
            if stage in {Stage.PLANNED, Stage.POLLING} and template not in {"review_poll", "review_left"}:
                continue
            for about, own in seats:
                for n, more in enumerate(cases):
                    for over in (False, True):
                        told = {**_about(facts, stage, own), **more, "over": over}
                        name = f"messages/{template}/{stage}{about}{f'/{n + 1}' if n else ''}"
                        yield (
                            f"{name}{'/over' if over else ''}",
                            messages.render(f"messages/{template}", **told),
                        )


def _about(facts: Facts, stage: Stage, own: Seat | None) -> dict[str, Any]:
    told = review(facts, stage)
    if told.deadline is None:
        told = replace(told, deadline=FIRST)
    return {
        "r": told, "c": facts.consultation(Status.ADVISING), "s": own, "seats": [own] if own else [],
        "slots": _slots(facts), "now": NOW, "organisation": facts.organisation,
    }  # fmt: skip


def _slots(facts: Facts) -> tuple[Slot, ...]:
    many = SLOTS if facts.worst else 3
    starts = [FIRST + timedelta(days=n, minutes=5 * n) for n in range(many)]
    return tuple(Slot(each, each + timedelta(minutes=95), f"{n:032x}") for n, each in enumerate(starts))


def _board(facts: Facts, stage: Stage, *, told: bool = True) -> Board:
    many = PEOPLE if facts.worst else 3
    people = tuple(f"U{n:010d}" for n in range(1, many))
    seats = tuple(
        seat(facts, n, part=list(Part)[n % 4], answered_at=NOW if told or n % 2 else None)
        for n in range(many)
    )
    failures = tuple(
        Failure(
            code,
            people,
            longest("review_conflicts") if code == "required_conflict" else None,
            {str(each): 2 for each in Discipline} if code == "short" else None,
            12_000,
        )
        for code in every("review_failures")
    )
    slots = _slots(facts)
    ranked = [
        Choice(slots[0], people, people[1:], maybes=1, yen=12_000, most_yen=60_000),
        Choice(slots[-1], people[:1]),
    ]
    ranked += [Choice(each, failures=failures) for each in slots[1:-1]]
    roles = frozenset({Role.EXPERT_PSY})
    members = tuple(
        Member(
            Expert(each.staff if n < many else f"U{n:010d}", roles, honorarium=5000), Discipline.PSYCHOLOGY,
            None if n % 3 or n < many else every("review_conflicts")[n % 6], (), 90 * n, n,
        )
        for n in range(many + (60 if facts.worst else 5))
        for each in [seats[min(n, many - 1)]]
    )  # fmt: skip
    return Board(
        review(facts, stage), facts.consultation(Status.ADVISING), seats, slots, members, NOW,
        tuple(ranked) if told and stage in {Stage.POLLING, Stage.FIXED} else (),
        tuple((each, facts.line(200)) for each in people) if told else (),
    )  # fmt: skip


def review_modals(facts: Facts) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each window with its name."""
    c = facts.consultation(Status.ADVISING)
    yield "forms/review_new", windows.draw_new().view()
    plan = windows.answers_of(review(facts).plan)
    yield "forms/review/blank", windows.draw_plan(c, windows.answers_of(Plan())).view()
    yield "forms/review/filled", windows.draw_plan(c, plan).view()
    yield "forms/review/another", windows.draw_plan(c, plan, running=review(facts, Stage.POLLING)).view()
    yield "forms/review/masked", windows.draw_plan(c, plan, 1, facts.found()).view()
    yield "forms/review/changed", windows.draw_plan(c, plan, keep={"r": ID, "polled": True}).view()
    for stage in Stage:
        for told in (False, True):
            board = _board(facts, stage, told=told)
            name = f"{stage}{'' if told else '/silent'}"
            yield f"forms/review_window/{name}", windows.draw_window(board).view()
            yield f"forms/review_people/{name}", windows.draw_people(board, every("review_apart")).view()
            yield f"forms/review_cancel/{name}", windows.draw_cancel(board).view()
    nobody = replace(_board(facts, Stage.PLANNED), seats=(), members=(), slots=())
    yield "forms/review_window/nobody", windows.draw_window(nobody).view()
    yield "forms/review_people/nobody", windows.draw_people(nobody).view()
    yield "forms/review_cancel/nobody", windows.draw_cancel(nobody).view()
    slots = _slots(facts)
    found = [Proposal(each.starts_at, each.ends_at, 4, 5) for each in slots[:10]]
    yield "forms/review_slots/first", windows.draw_slots(_board(facts, Stage.PLANNED), found).view()
    yield "forms/review_slots/again", windows.draw_slots(_board(facts, Stage.POLLING), found).view()
    yield "forms/review_slots/none", windows.draw_slots(nobody, []).view()
    poll = Poll(
        review(facts, Stage.POLLING), c, seat(facts), slots, {slots[0].id: Says.MAYBE}, facts.line(200)
    )
    yield "forms/review_poll/first", windows.draw_poll(replace(poll, said={}, note="")).view()
    yield "forms/review_poll/again", windows.draw_poll(poll).view()
    yield "forms/review_poll/behalf", windows.draw_poll(poll, behalf=True).view()
    yield "forms/review_poll/other", windows.draw_poll(poll, {}, 1, other=True).view()
    yield "forms/review_poll/masked", windows.draw_poll(poll, {"note": facts.text}, 1, facts.found()).view()


def home(facts: Facts, *, sits: bool, convenes: bool) -> Reviews:
    """What a Home tells about reviews."""
    c = facts.consultation(Status.ADVISING)
    polled, fixed = review(facts, Stage.POLLING), review(facts)
    own = [Own(polled, c, seat(facts, answered_at=None)), Own(fixed, c, seat(facts))] * facts.rows
    silent = tuple(f"U{n:010d}" for n in range(7 if facts.worst else 1))
    events = [
        Event(review(facts, stage), c, 8, () if ready else silent, ready)
        for stage in (Stage.PLANNED, Stage.POLLING, Stage.FIXED)
        for ready in (True, False)
    ] * facts.rows
    mine = [each for each in own if each.r is polled]
    return Reviews(
        own if sits else [],
        mine if sits else [],
        [each for each in own if each.r is fixed] if sits else [],
        events if convenes else [],
    )
