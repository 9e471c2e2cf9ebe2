"""What is due. Each sweep asks the database, so a late or a second run still does the right thing."""

import logging

from bot.domain.consultation import ENDED, Consultation, Status
from bot.domain.events import Event
from bot.domain.refusals import NotFound
from bot.domain.staff import THE_CLOCK
from bot.logs import where
from bot.store.database import Transaction
from bot.store.timers import Timer
from bot.store.trouble import StorageTrouble
from bot.usecases import directory, following, letters, review_times, training_clock
from bot.usecases.desk import (
    TO_CALL_AGAIN,
    Desk,
    call_duty,
    call_out,
    show,
    tell,
    tell_coordinators,
    waits_again,
)

log = logging.getLogger(__name__)

AT_ONCE = 50


async def claims(desk: Desk) -> None:
    """Remind those whose promised call comes near; bring back to the queue what was not called in time."""
    async with desk.db.transaction(THE_CLOCK) as tx:
        for late in (await tx.consultations.expiring(tx.now))[:AT_ONCE]:
            await _back_to_queue(desk, tx, late)
        for near in await tx.consultations.due_soon(desk.remind_until(tx.now)):
            await tell(tx, near.counselor, "claim_near", near, str(near.claimed_at))


async def promises(desk: Desk) -> None:
    """Tell the coordinators, once each, of promised times that have passed without a call."""
    async with desk.db.transaction(THE_CLOCK) as tx:
        for late in await tx.consultations.unkept(tx.now):
            await tell_coordinators(tx, desk, "promise_passed", late, late.promised_at.isoformat())


async def forgotten(desk: Desk) -> None:
    """Let every consultation that was called and not heard be called to mind: on each open day, until it is."""
    async with desk.db.transaction(THE_CLOCK) as tx:
        for each in (await tx.consultations.forgotten())[:AT_ONCE]:
            calls = await tx.casework.attempts_of(each.id)
            again = not calls or calls[-1].outcome in TO_CALL_AGAIN
            await tx.timers.set(each.id, "next_try" if again else "hearing", desk.next_morning(tx.now))


async def next_actions(desk: Desk) -> None:
    """Remind each counselor, once per date, of next actions whose day has passed."""
    async with desk.db.transaction(THE_CLOCK) as tx:
        if not desk.organisation.calendar.is_open(tx.now):
            return
        for late in await tx.consultations.overdue_next(tx.today):
            await tell(tx, late.counselor, "next_action_passed", late, str(late.next_action_on))


async def digest(desk: Desk) -> None:
    """Tell the coordinators, once on each open day, what waits: danger and today's first."""
    async with desk.db.transaction(THE_CLOCK) as tx:
        if desk.organisation.calendar.is_open(tx.now) and await tx.consultations.waiting():
            day = tx.today.isoformat()
            to = desk.organisation.channels.coordinators
            await tx.outbox.add("digest", to=to, key=f"digest:{day}", day=day)


async def timers(desk: Desk) -> None:
    """Do what has a time of its own: the duty call again, the next try, the question after two weeks.

    One that cannot be done, or whose training somebody holds for long, keeps no other waiting: it is tried again
    next time.
    """
    async with desk.db.reading() as ask:
        due = await ask.timers.due(ask.now, AT_ONCE)
    for timer in due:
        try:
            async with desk.db.transaction(THE_CLOCK) as tx:
                if timer.kind.startswith("t_"):
                    await training_clock.hold(tx, timer)
                if await tx.timers.finish(timer.id):
                    await _ring(desk, tx, timer)
        except StorageTrouble as trouble:
            if trouble.reason != "busy":
                raise
            log.warning("timer %d (%s) has to wait: %s", timer.id, timer.kind, trouble.reason)
        except Exception as error:  # noqa: BLE001 - whatever it is, the others are due too
            why, place = type(error).__name__, where(error)
            log.error("timer %d (%s) failed: %s at %s", timer.id, timer.kind, why, place)  # noqa: TRY400


async def _ring(desk: Desk, tx: Transaction, timer: Timer) -> None:
    if timer.kind.startswith("t_"):
        await training_clock.ring(desk, tx, timer)
        return
    if timer.kind.startswith("d_"):
        await directory.ring(desk, tx, timer)
        return
    if timer.kind == "letter_again":
        await letters.call_duty_again(desk, tx, timer.subject, timer.due_at.isoformat())
        return
    try:
        consultation = await tx.consultations.get(timer.subject)
    except NotFound:
        return
    match timer.kind:
        case "duty_again":
            await _duty_again(desk, tx, consultation, timer)
        case "next_try" | "hearing":
            await _not_forgotten(desk, tx, consultation, timer)
        case "follow_up":
            await following.ask(desk, tx, consultation)
        case "follow_up_late":
            await following.ask(desk, tx, consultation, late=True)


async def _not_forgotten(desk: Desk, tx: Transaction, c: Consultation, timer: Timer) -> None:
    """Call to mind what is to be done after a call: whoever holds it hears of it, or the coordinators."""
    if c.status in ENDED | {Status.SUSPENDED}:
        return
    key = timer.due_at.isoformat()
    if c.needs_decision:
        await tell_coordinators(tx, desk, "cannot_reach_decide", c, key)
    elif timer.kind == "next_try":
        await tell(tx, c.counselor or desk.organisation.channels.coordinators, "next_try", c, key)
    elif c.status is Status.CALLBACK_PENDING:
        await tell(tx, c.counselor or desk.organisation.channels.coordinators, "hearing_due", c, key)


async def _duty_again(desk: Desk, tx: Transaction, consultation: Consultation, timer: Timer) -> None:
    """Nobody has claimed a dangerous one yet: call again, and tell the coordinators."""
    if consultation.counselor is not None or not consultation.is_waiting:
        return
    key = timer.due_at.isoformat()
    await call_duty(tx, desk, consultation, "again", key)
    to = desk.organisation.channels.coordinators
    await call_out(tx, to, "danger_unclaimed", consultation, key)
    await tx.timers.set(consultation.id, "duty_again", desk.duty_again(tx.now))


async def _back_to_queue(desk: Desk, tx: Transaction, late: Consultation) -> None:
    released = late.released()
    await tx.consultations.move(late, released)
    await tx.audit.record(Event.CLAIM_EXPIRED, late.id, counselor=late.counselor)
    await tell(tx, late.counselor, "claim_expired", late, str(late.version))
    await tell_coordinators(tx, desk, "claim_expired_coord", released, str(late.version))
    await waits_again(tx, released)
    await review_times.follow(tx, desk, late, released)
    if released.danger:  # a call was to be made, whatever was heard before
        await tx.timers.set(released.id, "duty_again", tx.now)
    await show(tx, desk, released, late.counselor)
