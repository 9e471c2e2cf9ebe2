"""What the clock asks of trainings: announcing, reminding, passing seats on, ending. Late rather than never, once."""

import contextlib
from collections.abc import Mapping

from bot.domain import timeline
from bot.domain.certificate import unmarked
from bot.domain.events import Event
from bot.domain.refusals import NotFound
from bot.domain.seats import Place, Seats, address_is_missing, seats_of
from bot.domain.training import Stage, Training
from bot.store.database import Transaction
from bot.store.timers import Timer
from bot.usecases import seat_endings, trainings
from bot.usecases.desk import Desk
from bot.usecases.feedback import ask_practice
from bot.usecases.training_desk import show, tell, tell_organizer, thank, there


async def hold(tx: Transaction, timer: Timer) -> None:
    """Hold the training a timer is about, before the timer: as whoever changes a training does, or two would wait for
    each other.
    """
    with contextlib.suppress(NotFound):
        about = timer.subject
        if timeline.parts(timer.kind)[0] == "t_offer":
            about = (await tx.participations.get(about)).training
        await tx.trainings.get(about)


async def ring(desk: Desk, tx: Transaction, timer: Timer) -> None:
    """Do what has fallen due for a training, or for somebody's seat. The timer is finished in this transaction."""
    kind, _ = timeline.parts(timer.kind)
    if kind == "t_offer":
        await seat_endings.lapse(desk, tx, timer.subject)
        return
    try:
        training = await tx.trainings.get(timer.subject)
    except NotFound:
        return
    if kind == timeline.ANNOUNCE:
        await trainings.announce_now(desk, tx, training)
    elif kind in timeline.REMINDERS:
        await _remind(desk, tx, training, timer)
    elif kind in timeline.NOTES:
        await _before_the_deadline(desk, tx, training, timer)
    elif kind == timeline.DEADLINE:
        await show(tx, training)
    elif kind == timeline.BEGINS:
        await _begins(tx, training)
    elif kind == timeline.ENDS:
        await _ended(desk, tx, training)
    elif kind == timeline.ROSTER:
        await _roster(tx, training)
    elif kind == timeline.PRACTICE:
        await _ask_back(tx, training)


async def _remind(desk: Desk, tx: Transaction, training: Training, timer: Timer) -> None:
    """Remind everybody who has a seat and wants to be reminded, of a session that has not begun yet."""
    named = {timeline.named("", each.starts_at): each for each in training.plan.sessions}
    kind, moment = timeline.parts(timer.kind)
    session = named.get(f":{moment}")
    if session is None or training.stage is not Stage.ANNOUNCED or tx.now >= session.starts_at:
        return
    if later := timeline.put_off(tx.now, desk.organisation.trainings.quiet, session.starts_at):
        await tx.timers.set(training.id, timer.kind, later)
        return
    kind = await _nearest(tx, timer, timeline.REMINDERS)
    everybody = await tx.participations.of_training(training.id)
    if kind != "t_week" and address_is_missing(training, everybody):
        at = session.starts_at
        await tell_organizer(tx, training, "online_missing", at.isoformat(), starts_at=at)
    for part in everybody:
        if part.status is Place.CONFIRMED and part.reminders:
            key = f"{session.starts_at.isoformat()}:{kind}"
            await tell(tx, part, "training_reminder", key, kind=kind, starts_at=session.starts_at)


async def _nearest(tx: Transaction, timer: Timer, kinds: Mapping[str, object]) -> str:
    """Of all that is due about the same moment, the one that lies nearest to it; the others are over with it.

    `kinds`: farther ones first.
    """
    kind, moment = timeline.parts(timer.kind)
    due = [kind]
    for each in await tx.timers.of(timer.subject):
        other, about = timeline.parts(each.kind)
        if other in kinds and about == moment and each.due_at <= tx.now:
            await tx.timers.cancel(timer.subject, each.kind)
            due.append(other)
    return max(due, key=list(kinds).index)


async def _before_the_deadline(desk: Desk, tx: Transaction, training: Training, timer: Timer) -> None:
    """The deadline comes near: how many seats there are is the organizer's; who has not answered is asked again."""
    deadline = training.plan.deadline
    if deadline is None or timeline.named("", deadline) != f":{timeline.parts(timer.kind)[1]}":
        return
    if training.closed_because(tx.now):
        return
    if later := timeline.put_off(tx.now, desk.organisation.trainings.quiet, deadline):
        await tx.timers.set(training.id, timer.kind, later)
        return
    key = timeline.named(await _nearest(tx, timer, timeline.NOTES), deadline)
    everybody = await tx.participations.of_training(training.id)
    standing = seats_of(training.plan.seats, everybody)
    if template := worth_telling(standing, desk.organisation.trainings.few):
        await tell_organizer(tx, training, template, key)
    unanswered = await tx.trainings.unanswered(training.id)
    for person in unanswered:
        await tx.outbox.add(
            "unanswered_reminder",
            to=person,
            key=f"unanswered_reminder:{training.id}:{person}:{key}",
            training=training.id,
            person=person,
        )
    if unanswered:
        await tell_organizer(tx, training, "unanswered_reminded", key, people=unanswered)


def worth_telling(standing: Mapping[str, Seats], few: int) -> str | None:
    """What the organizer is told of the seats that are left: few, or many; None: neither."""
    limited = [each for each in standing.values() if each.free]
    if any(_is_few(each, few) for each in limited):
        return "seats_few"
    return "seats_free" if any(_is_free(each) for each in limited) else None


def _is_free(each: Seats) -> bool:
    """More than half of them."""
    return (each.free or 0) * 2 > each.capacity


def _is_few(each: Seats, few: int) -> bool:
    return 0 < (each.free or 0) <= few and not _is_free(each)


async def _begins(tx: Transaction, training: Training) -> None:
    """The first session begins."""
    starts = training.plan.starts_at
    if training.stage is Stage.ANNOUNCED and starts is not None and tx.now >= starts:
        await seat_endings.begun(tx, training)


async def _ended(desk: Desk, tx: Transaction, training: Training) -> None:
    """The last session is over: those who were there are thanked; what comes afterwards is kept in mind."""
    if (
        training.stage is not Stage.ANNOUNCED
        or training.plan.ends_at is None
        or tx.now < training.plan.ends_at
    ):
        return
    held = await tx.trainings.move(training, training.staged(Stage.HELD, ended_at=tx.now))
    await tx.audit.record(Event.TRAINING_HELD, held.id)
    await tx.timers.set(held.id, timeline.ROSTER, desk.organisation.calendar.next_opening(tx.now))
    await tx.timers.set(held.id, timeline.PRACTICE, timeline.asked_back(training.plan.ends_at))
    came = await there(tx, held)
    for part in came:
        await thank(tx, held, part)
    await show(tx, held, *(each.person for each in came))


async def _roster(tx: Transaction, training: Training) -> None:
    """The morning after: while anybody who had a seat is not marked yet, the organizer is reminded of the roster."""
    if training.stage is not Stage.HELD:
        return
    everybody = await tx.participations.of_training(training.id)
    if unmarked(training, everybody, await tx.participations.marks_of_training(training.id)):
        await tell_organizer(tx, training, "roster_waiting", "held")


async def _ask_back(tx: Transaction, training: Training) -> None:
    """Three months later: those who were there are asked once what changed in their work."""
    if training.stage is Stage.HELD:
        for part in await there(tx, training):
            await ask_practice(tx, part)
