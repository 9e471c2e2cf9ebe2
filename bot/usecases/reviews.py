"""ケース検討会, until its time is fixed: asked for, convened, people chosen, slots polled and answered."""

from dataclasses import replace

from bot import codes
from bot.domain import entitlement
from bot.domain.business_time import fiscal_year
from bot.domain.consultation import ENDED, Consultation
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.refusals import Missing, TooLate
from bot.domain.review import (
    OPEN,
    Plan,
    Review,
    Seat,
    Stage,
)
from bot.domain.staff import Actor
from bot.privacy.unusual import unusual_in, without
from bot.store.database import Transaction
from bot.usecases import case_names, review_desk, review_times
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import NOTHING, Desk, no_my_number, screened_about, tell_coordinators
from bot.usecases.review_desk import Board, ask_again, held, show, tell
from bot.usecases.review_polls import tell_if_complete

QUESTION = 1000
DRAWN = 300  # characters of the words a question is drawn from


async def want(desk: Desk, actor: Actor, consultation_id: str) -> None:
    """Let the coordinators know, once a day, that whoever holds a consultation would like it reviewed."""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.ASK_REVIEW, consultation)
        _must_go_on(consultation)
        day = tx.now.date().isoformat()
        await tell_coordinators(tx, desk, "review_wanted", consultation, day)
        await tx.audit.record(Event.REVIEW_WANTED, consultation.id)


async def question_from(desk: Desk, actor: Actor, consultation_id: str) -> str:
    """Draw a first wording of the question from what was asked, as it would stand in a record. The reading is audited."""
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.CONVENE, consultation)
        _must_go_on(consultation)
        case = (await case_names.case_of(tx, consultation.id)).for_good()
        written = await tx.casework.words_of(consultation.id)
        await tx.audit.record(Event.WORDS_READ, consultation.id, why="review")
    asked = "\n".join(each.text for each in written if each.kind == "story")
    if not asked.strip():
        return ""
    seen = await case_names.read_together({"question": asked}, case, dates=True)
    text = seen["question"].masked
    return without(text, unusual_in(text))[:DRAWN].strip()


async def convene(
    desk: Desk, actor: Actor, consultation_id: str, plan: Plan, said: Confirmed = NOTHING, *, once: str
) -> Review:
    """Begin a review. Whoever holds the consultation is asked to bring it.

    The question is read with the names of the case. The place is where people meet, and stays as it is typed.
    """
    words, plan = await _screened(desk, actor, consultation_id, plan, said)
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.CONVENE, consultation)
        _must_go_on(consultation)
        fresh = tx.new_id()
        if (made := await tx.casework.once(once, fresh)) is not None:
            return await tx.reviews.get(made)
        review = await tx.reviews.add(
            Review(
                fresh,
                consultation.id,
                0,
                fiscal_year(tx.now),
                Stage.PLANNED,
                actor.id,
                tx.now,
                plan,
                codes.VERSION,
            )
        )
        await case_names.confirm(tx, consultation.id, words)
        await tx.audit.record(Event.REVIEW_CONVENED, consultation.id, review=review.id)
        await review_times.bring(tx, review, consultation)
        await show(tx, ())
    return review


async def change(desk: Desk, actor: Actor, review_id: str, plan: Plan, said: Confirmed = NOTHING) -> Review:
    """Change what was planned. Once times are proposed the length stays; who comes hears of another place."""
    async with desk.db.reading() as ask:
        about = await ask.reviews.consultation_of(review_id)
    words, plan = await _screened(desk, actor, about, plan, said)
    async with desk.db.transaction(actor) as tx:
        review, consultation = await held(tx, actor, review_id)
        review.must_be(*OPEN)
        if review.stage is not Stage.PLANNED:
            plan = replace(plan, minutes=review.plan.minutes)
        if plan == review.plan:
            return review
        elsewhere = (plan.place, plan.online) != (review.plan.place, review.plan.online)
        told = review.stage is Stage.FIXED and elsewhere
        changed = await tx.reviews.move(
            review, replace(review, plan=plan, edition=review.edition + int(told))
        )
        await case_names.confirm(tx, consultation.id, words)
        await tx.audit.record(Event.REVIEW_CHANGED, consultation.id, review=review.id)
        seats = await tx.reviews.seats(review.id) if told else []
        for seat in seats:
            if seat.attends:
                await tell(tx, seat.staff, "review_elsewhere", changed, str(changed.edition))
                await review_desk.send_calendar(tx, seat.staff, changed)
        await show(tx, (each.staff for each in seats))
    return changed


async def look(desk: Desk, actor: Actor, review_id: str) -> Board:
    """Open a review, for whoever convenes: its question is about a case, so the opening is audited."""
    async with desk.db.transaction(actor) as tx:
        board = await review_desk.board(tx, actor, review_id)
        await tx.audit.record(Event.WORDS_READ, board.consultation.id, why="review")
    return board


async def seat(
    desk: Desk, actor: Actor, review_id: str, staff: str, *, asked: str | None = None, role: str | None = None
) -> None:
    """Choose somebody: `asked` is required, optional or none (no longer), `role` a code of meeting_roles.

    While a poll is open, who is added is asked at once; once a time is fixed they are asked to step in.
    """
    async with desk.db.transaction(actor) as tx:
        review, consultation = await held(tx, actor, review_id)
        review.must_be(*OPEN)
        if review.stage is Stage.FIXED:
            await review_times.reseat(tx, desk, review, consultation, staff, asked=asked, role=role)
            return
        seats = {each.staff: each for each in await tx.reviews.seats(review.id)}
        before = seats.get(staff)
        now = await _seated(tx, review, consultation, before, staff, asked, role)
        if now is None or now == before:
            return
        if now.there:
            review_desk.must_have_room(seats.values(), staff)
        await tx.reviews.invite(review.id, now)
        await tx.audit.record(Event.REVIEW_SEATED, consultation.id, review=review.id, staff=staff)
        if now.invited_at is not None:
            await ask_again(tx, review, staff)
        await tell_if_complete(tx, desk, review)
        await show(tx, (staff,))


async def _seated(
    tx: Transaction,
    review: Review,
    consultation: Consultation,
    before: Seat | None,
    staff: str,
    asked: str | None,
    role: str | None,
) -> Seat | None:
    if asked == "none":
        if before is None or not before.there:
            return None
        return replace(before, left_at=tx.now, left_because="spared")
    there = before if before is not None and before.there else None
    if there is None:
        if asked is None:
            return None
        member = await review_desk.choosable(tx, review, consultation, staff)
        invited = tx.now if review.stage is Stage.POLLING else None
        there = Seat(staff, member.discipline, "participant", invited_at=invited)
    required = there.required if asked is None else asked == "required"
    return replace(there, required=required, role=role or there.role)


def _must_go_on(consultation: Consultation) -> None:
    if consultation.status in ENDED:
        raise TooLate(consultation.status)


async def _screened(
    desk: Desk, actor: Actor, consultation_id: str, plan: Plan, said: Confirmed
) -> tuple[Confirmed, Plan]:
    if not plan.question.strip():
        raise Missing("question")
    no_my_number({"place": plan.place})
    words = await screened_about(
        desk, actor, Act.CONVENE, consultation_id, {"question": plan.question}, said, stays=True
    )
    return words.said, replace(plan, question=words["question"])
