"""What is due. Each sweep asks the database, so a late or a second run still does the right thing."""

from bot.domain.consultation import Consultation
from bot.domain.events import Event
from bot.domain.refusals import NotFound
from bot.domain.staff import THE_CLOCK
from bot.store.database import Transaction
from bot.store.timers import Timer
from bot.usecases import following, letters
from bot.usecases.desk import TOKYO, Desk, call_duty, show, tell, tell_coordinators, waits_again

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


async def next_actions(desk: Desk) -> None:
    """Remind each counselor, once per date, of next actions whose day has passed."""
    async with desk.db.transaction(THE_CLOCK) as tx:
        if not desk.organisation.calendar.is_open(tx.now):
            return
        for late in await tx.consultations.overdue_next(tx.now.astimezone(TOKYO).date()):
            await tell(tx, late.counselor, "next_action_passed", late, str(late.next_action_on))


async def digest(desk: Desk) -> None:
    """Tell the coordinators, once on each open day, what waits: danger and today's first."""
    async with desk.db.transaction(THE_CLOCK) as tx:
        if desk.organisation.calendar.is_open(tx.now) and await tx.consultations.waiting():
            day = tx.now.astimezone(TOKYO).date().isoformat()
            to = desk.organisation.channels.coordinators
            await tx.outbox.add("digest", to=to, key=f"digest:{day}", day=day)


async def timers(desk: Desk) -> None:
    """Do what has a time of its own: the duty call again, the next try, the question after two weeks."""
    async with desk.db.reading() as ask:
        due = await ask.timers.due(ask.now, AT_ONCE)
    for timer in due:
        async with desk.db.transaction(THE_CLOCK) as tx:
            if await tx.timers.finish(timer.id):
                await _ring(desk, tx, timer)


async def _ring(desk: Desk, tx: Transaction, timer: Timer) -> None:
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
        case "next_try":
            await tell(tx, consultation.counselor, "next_try", consultation, timer.due_at.isoformat())
        case "follow_up":
            await following.ask(desk, tx, consultation)


async def _duty_again(desk: Desk, tx: Transaction, consultation: Consultation, timer: Timer) -> None:
    """Nobody has claimed a dangerous one yet: call again, and tell the coordinators."""
    if consultation.counselor is not None or not consultation.is_waiting:
        return
    key = timer.due_at.isoformat()
    await call_duty(tx, desk, consultation, "again", key)
    await tell_coordinators(tx, desk, "danger_unclaimed", consultation, key)
    await tx.timers.set(consultation.id, "duty_again", tx.now + desk.duty_again)


async def _back_to_queue(desk: Desk, tx: Transaction, late: Consultation) -> None:
    released = late.released()
    await tx.consultations.move(late, released)
    await tx.audit.record(Event.CLAIM_EXPIRED, late.id, counselor=late.counselor)
    await tell(tx, late.counselor, "claim_expired", late, str(late.version))
    await tell_coordinators(tx, desk, "claim_expired_coord", released, str(late.version))
    await waits_again(tx, released)
    await show(tx, desk, released, late.counselor)
