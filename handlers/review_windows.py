"""The windows and forms about case reviews, drawn from what is known."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot import codes, messages
from bot.domain.consultation import Consultation
from bot.domain.panel import Member, Proposal
from bot.domain.review import LONGEST, OPEN, SHORTEST, Part, Plan, Review, Seat, Stage
from bot.usecases.review_desk import Board, steps_of
from bot.usecases.review_polls import Poll, named
from bot.usecases.review_times import short_of
from bot.usecases.reviews import QUESTION
from handlers.callbacks import options_of
from handlers.forms import Form, Option
from handlers.wording import Masked, asking_to_keep

PLACE = 200
NOTE = 200
BUDGET = 1_000_000
PEOPLE_SHOWN = 40  # two blocks each
RANKED_SHOWN = 20
LENGTHS = tuple(range(SHORTEST, LONGEST + 1, 15))
BY_THEMSELVES = frozenset({"cannot", "gone"})
ASKS = ("required", "optional", "none")


def draw_new() -> Form:
    """Draw the question which consultation it is about."""
    return Form("review_new").text("number", limit=30)


def draw_plan(
    c: Consultation,
    answers: Mapping[str, Any],
    round_: int = 0,
    found: Masked | None = None,
    keep: Mapping[str, Any] | None = None,
    running: Review | None = None,
) -> Form:
    """Draw the plan of a review. `keep` has the review (`r`) where it is changed; without the length once it is polled.

    `running`: another one of this consultation that is open.
    """
    kept = {"c": c.id, **(keep or {})}
    form = Form("review", answers=answers, round=round_, keep=kept)
    if "r" in kept:
        form.reworded("changing")
    long = int(answers.get("minutes") or Plan().minutes)
    if found is None:
        formats = [(each.label, steps_of(each.code, long)) for each in codes.options("review_formats")]
        form.note("forms/review_opening", c=c, formats=formats, minutes=long, running=running)
    form.text("question", long=True, limit=QUESTION)
    if found is not None:
        asking_to_keep(form, found).line()
    form.choice("purpose", options_of("review_purposes")).choice(
        "format", options_of("review_formats"), radio=True
    )
    if not kept.get("polled"):
        lengths = [(str(each), messages.phrase("{{ n }}分", n=each)) for each in LENGTHS]
        form.choice("minutes", lengths)
    how = messages.form_words("review")["how"]
    form.choice("how", [("onsite", how["onsite"]), ("online", how["online"])], radio=True)
    form.text("place", optional=True, limit=PLACE)
    form.choice("quorum", options_of("review_quorums"))
    form.choices("apart", options_of("review_apart"), optional=True, boxes=True)
    return form.number("budget", most=BUDGET)


def answers_of(plan: Plan) -> dict[str, Any]:
    """What the form says of a plan that is there already."""
    quorums = {each.code: each.more["quorum"] for each in codes.options("review_quorums")}
    wanted = {name: many for name, many in plan.quorum.items() if many}
    return {
        "purpose": plan.purpose,
        "question": plan.question,
        "format": plan.format,
        "minutes": str(plan.minutes),
        "how": "online" if plan.online else "onsite",
        "place": plan.place,
        "quorum": next((code for code, each in quorums.items() if each == wanted), "none"),
        "apart": list(plan.apart),
        "budget": plan.budget,
    }


def draw_people(board: Board, unsure: Sequence[str] = ()) -> Form:
    """Draw who could be asked, each with a choice; those who cannot be asked stand apart with the reason.

    `unsure`: codes of review_apart that cannot be looked at, as nobody knows that of the case.
    """
    shown = PEOPLE_SHOWN
    while True:
        form = _people(board, shown, unsure)
        if form.fits() or shown <= 1:
            return form
        shown -= 4


def _people(board: Board, shown: int, unsure: Sequence[str]) -> Form:
    seats = {each.staff: each for each in board.there}
    can = [each for each in board.members if each.conflict is None or each.staff in seats]
    wanted = board.review.plan.quorum
    can.sort(
        key=lambda each: (
            each.staff not in seats,
            each.discipline not in wanted,
            str(each.discipline),
            each.minutes,
            each.staff,
        )
    )
    form = Form("review_people", keep={"r": board.review.id})
    return form.note(
        "forms/review_people",
        r=board.review,
        quorum=list(board.review.plan.quorum.items()),
        unsure=unsure,
        can=[_asked(form, board, each, seats.get(each.staff)) for each in can[:shown]],
        more=max(0, len(can) - shown),
        cannot=[each for each in board.members if each.conflict and each.staff not in seats],
    )


def _asked(form: Form, board: Board, member: Member, seat: Seat | None) -> dict[str, Any]:
    review, expert = board.review, member.expert
    known = {"agency": expert.agency, "municipality": expert.municipalities}
    if review.stage is Stage.FIXED and seat and seat.part is Part.SPARED:
        seat = None
    about = f"{review.id}/{member.staff}/"
    asked = "none" if seat is None else "required" if seat.required else "optional"
    roles = [(about + code, label) for code, label in options_of("meeting_roles")] if seat else []
    return {
        "m": member,
        "asks": [(about + each, form.word(each)) for each in ASKS],
        "asked": about + asked,
        "roles": roles,
        "role": about + seat.role if seat else None,
        "blank": [form.word(each) for each in review.plan.apart if not known[each]],
        "silent": board.review.stage is Stage.POLLING and not board.told and seat in board.silent,
    }


def draw_window(board: Board) -> Form:
    """Draw how a review stands, and what can be done next. Of a time that is fixed, what the others would be."""
    review, shown = board.review, RANKED_SHOWN
    fixed = review.stage is Stage.FIXED
    others = [each for each in board.ranked if not fixed or each.slot.starts_at != review.starts_at]
    short = [each.split(":") for each in short_of(review, board.seats)] if fixed else []
    while True:
        form = Form("review_window", keep={"r": review.id}).note(
            "forms/review_window",
            r=review,
            c=board.consultation,
            steps=board.steps,
            there=board.there,
            silent=board.silent,
            short=short,
            missed=[
                each.staff for each in board.seats if each.required and each.left_because in BY_THEMSELVES
            ],
            conflicts={each.staff: each.conflict for each in board.members},
            ranked=others[:shown],
            notes=board.notes,
            over=board.told,
            open=review.stage in OPEN,
        )
        if form.fits() or shown <= 1:
            return form
        shown -= 2


def draw_slots(board: Board, proposals: Sequence[Proposal], answers: Mapping[str, Any] | None = None) -> Form:
    """Draw the times that could be asked about, those that were asked about before first."""
    polled = board.review.stage is not Stage.PLANNED
    before = [each for each in board.slots if not each.withdrawn and each.starts_at > board.now and polled]
    words = messages.form_words("review_slots")
    options: list[Option] = [
        (each.starts_at.isoformat(), _said(words["there"], start=each.starts_at, end=each.ends_at))
        for each in before
    ]
    options += [
        (
            each.starts_at.isoformat(),
            _said(words["option"], start=each.starts_at, end=each.ends_at, free=each.free, of=each.of),
        )
        for each in proposals
    ]
    chosen = [value for value, _ in (options if not polled else options[: len(before)])]
    form = Form("review_slots", keep={"r": board.review.id}, answers={"slots": chosen, **(answers or {})})
    form.note("forms/review_slots_opening", people=len(board.there), found=bool(proposals))
    if options:
        form.choices("slots", options, optional=True, boxes=True)
    return (
        form.day("on", optional=True)
        .clock("at", optional=True)
        .day("deadline_on")
        .clock("deadline_at", optional=True)
    )


def draw_poll(
    poll: Poll,
    answers: Mapping[str, Any] | None = None,
    round_: int = 0,
    found: Masked | None = None,
    *,
    behalf: bool = False,
    other: bool = False,
) -> Form:
    """Draw the slots with ○ △ × for each, and a note. `behalf`: a coordinator writes it for whoever said it.

    `other`: they are not those that were shown before.
    """
    given = {named(each.id): poll.said.get(each.id) for each in poll.slots} | {"note": poll.note}
    keep = {"r": poll.review.id} | ({"s": poll.seat.staff} if behalf else {})
    form = Form("review_poll", keep=keep, answers=given if answers is None else answers, round=round_)
    if found is None:
        staff = poll.seat.staff if behalf else None
        form.note("forms/review_poll_opening", r=poll.review, c=poll.consultation, staff=staff, other=other)
    pattern = messages.form_words("review_poll")["slot"]
    for each in poll.slots:
        name = named(each.id)
        form.called(name, _said(pattern, start=each.starts_at, end=each.ends_at))
        form.choice(name, options_of("poll_answers"))
    form.text("note", optional=True, long=True, limit=NOTE)
    return form if found is None else asking_to_keep(form, found)


def draw_cancel(board: Board) -> Form:
    """Draw the question why a review is called off."""
    people = sum(each.invited_at is not None for each in board.there)
    form = Form("review_cancel", keep={"r": board.review.id})
    form.note("forms/review_cancel_opening", r=board.review, c=board.consultation, people=people)
    return form.choice("because", options_of("review_cancel_reasons"))


def _said(pattern: str, **facts: Any) -> str:
    return messages.unescaped(messages.phrase(pattern, **facts))
