"""Checking in by the code of the day, typed in a form or sent as a message; and the window that shows the code."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.domain import check_in
from bot.domain.check_in import NoSeat, NotToday, TooManyTries, WrongCode, was_there
from bot.domain.events import Event
from bot.domain.refusals import NotAllowed
from bot.domain.seats import Attendance, Mark, Participation, Place, minutes_of
from bot.domain.staff import THE_CLOCK, Actor
from bot.domain.training import Session, Stage, StageTooLate, Training
from bot.store.check_in import Screen
from bot.store.database import Transaction
from bot.usecases.desk import Desk
from bot.usecases.training_desk import must_organize, tell

TOGETHER = timedelta(seconds=2)  # people who check in at once are counted on the screen at once
TAKES_PLACE = frozenset({Stage.ANNOUNCED, Stage.HELD})


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """Somebody is noted as there. `already`: they were before."""

    training: Training
    part: Participation
    session: Session
    already: bool


async def may_arrive(desk: Desk, actor: Actor, participation_id: str) -> tuple[Training, Participation]:
    """Go on where this person may check in at this moment. Raises `NoSeat`, `NotToday`."""
    async with desk.db.reading(actor) as ask:
        part = await ask.participations.get(participation_id)
        training = await ask.trainings.get(part.training)
        if part.person != actor.id:
            raise NotAllowed
        _for_now(training, part, ask.now)
        return training, part


async def arrive(desk: Desk, actor: Actor, participation_id: str, typed: str) -> CheckedIn:
    """Type the code that is shown. Whoever is noted as there already needs none.

    Raises `NoSeat`, `NotToday`, `WrongCode`, and `TooManyTries` after five wrong ones.
    """
    async with desk.db.transaction(actor) as tx:
        part = await tx.participations.get(participation_id)
        if part.person != actor.id:
            raise NotAllowed
        training = await tx.trainings.get(part.training)
        part = await tx.participations.get(participation_id)
        sessions = _for_now(training, part, tx.now)
        marks = {each.session: each for each in await tx.participations.marks_of(part.id)}
        if all(was_there(marks.get(each.id)) for each in sessions):
            return CheckedIn(training, part, sessions[0], already=True)
        if await _too_many(tx, actor.id):
            raise TooManyTries
        found = _fitting(tx, sessions, typed, tx.now)
        if found is not None:
            return await there(tx, training, part, *found, by=actor.id)
        await tx.check_in.tried(actor.id)
    raise WrongCode


async def arrive_by_message(tx: Transaction, author: str, text: str, sent_at: datetime) -> bool:
    """Take a direct message for the code of a session that goes on. False: it is a letter like any other.

    The moment it was sent counts, so that nobody is late because the desk was.
    """
    if not check_in.looks_like_one(text):
        return False
    at = min(sent_at, tx.now)
    too_many = await _too_many(tx, author)
    seated: tuple[Training, Participation] | None = None
    for each in await tx.trainings.open_ones(at):
        sessions = check_in.going_on(each.plan.sessions, at)
        if not sessions:
            continue
        training = await tx.trainings.get(each.id)
        part = await tx.participations.by_attendee(training.id, author)
        seat = part if part is not None and part.status is Place.CONFIRMED else None
        seated = (training, seat) if seat else seated
        found = None if too_many else _fitting(tx, sessions, text, at)
        if found and seat:
            done = await there(tx, training, seat, *found, by=author)
            key = f"{done.session.id}:{sent_at.isoformat()}"
            await tell(tx, seat, "checked_in", key, session=done.session.id, already=done.already)
        elif found:
            await _answer(tx, author, "check_in_no_seat", training, sent_at)
        if found:
            return True
    if seated is not None:
        if not too_many:
            await tx.check_in.tried(author)
        mine, part = seated
        await _answer(tx, author, "check_in_wrong", mine, sent_at, too_many=too_many, participation=part.id)
    return seated is not None


async def may_check_in(tx: Transaction, person: str) -> bool:
    """Whether a session goes on for which this person has a seat, and is not noted as there."""
    for each in await tx.trainings.open_ones(tx.now):
        sessions = check_in.going_on(each.plan.sessions, tx.now)
        part = await tx.participations.by_attendee(each.id, person) if sessions else None
        if part is not None and part.status is Place.CONFIRMED:
            marks = {mark.session: mark for mark in await tx.participations.marks_of(part.id)}
            if not all(was_there(marks.get(session.id)) for session in sessions):
                return True
    return False


async def _answer(
    tx: Transaction,
    author: str,
    template: str,
    training: Training,
    sent_at: datetime,
    **facts: Any,
) -> None:
    key = f"{template}:{author}:{sent_at.isoformat()}"
    await tx.outbox.add(template, to=author, key=key, training=training.id, **facts)


def must_take_place(training: Training) -> None:
    """Go on, or raise `StageTooLate`: nobody comes to what is not announced, or called off."""
    if training.stage not in TAKES_PLACE:
        raise StageTooLate(training.stage)


def _for_now(training: Training, part: Participation, now: datetime) -> list[Session]:
    """The sessions this person may check in for at this moment: one at least."""
    must_take_place(training)
    if part.status is not Place.CONFIRMED:
        raise NoSeat(part.status)
    sessions = check_in.going_on(training.plan.sessions, now)
    if not sessions:
        raise NotToday(check_in.opens_next(training.plan.sessions, now))
    return sessions


def _fitting(
    tx: Transaction, sessions: Iterable[Session], typed: str, at: datetime
) -> tuple[Session, str] | None:
    seal = partial(tx.vault.fingerprint, "check_in")
    for session in sessions:
        if how := check_in.how(seal, session.id, typed, at):
            return session, how
    return None


async def _too_many(tx: Transaction, person: str) -> bool:
    return await tx.check_in.tries(person, tx.now - check_in.WITHIN) >= check_in.TRIES


async def there(
    tx: Transaction, training: Training, part: Participation, session: Session, how: str, *, by: str
) -> CheckedIn:
    """Note that somebody is here; who is noted already stays as they are."""
    marks = {each.session: each for each in await tx.participations.marks_of(part.id)}
    if was_there(marks.get(session.id)):
        return CheckedIn(training, part, session, already=True)
    minutes = minutes_of(session, Attendance.ATTENDED)
    await tx.participations.mark(Mark(part.id, session.id, Attendance.ATTENDED, minutes, how, tx.now, by))
    await tx.audit.record(Event.CHECKED_IN, training.id, participation=part.id, session=session.id, how=how)
    await seen(tx, training, part.person)
    return CheckedIn(training, part, session, already=False)


async def seen(tx: Transaction, training: Training, *people: str | None) -> None:
    """Bring the count on the screens, and the Homes of those it is about, up to date. All at once, in one order:

    whoever draws the Homes of the same people in another training would else wait for us, and we for them.
    """
    for each in await tx.check_in.shown_of(training.id):
        await _fresh(tx, each, TOGETHER)
    for person in sorted({each for each in people if each}):
        await tx.outbox.home(person)


async def show_screen(desk: Desk, actor: Actor, training_id: str, view: str) -> None:
    """Keep a window with the code fresh from now until the last session is over."""
    must_organize(actor)
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        ends = training.plan.ends_at
        await tx.check_in.forget_over()
        if training.stage in TAKES_PLACE and ends is not None and ends >= tx.now:
            await tx.check_in.show(Screen(view, training.id, actor.id), ends + check_in.WINDOW)


async def forget_screen(desk: Desk, actor: Actor, view: str) -> None:
    """Somebody closed a window."""
    async with desk.db.transaction(actor) as tx:
        await tx.check_in.forget(view)


async def refresh(desk: Desk) -> None:
    """Draw every open window with a code again: the code changes, and people come."""
    async with desk.db.reading() as ask:
        shown = await ask.check_in.shown()
    if shown:
        async with desk.db.transaction(THE_CLOCK) as tx:
            for each in shown:
                await _fresh(tx, each)


async def _fresh(tx: Transaction, screen: Screen, pause: timedelta | None = None) -> None:
    await tx.outbox.window(
        "check_in_screen", to=screen.person, view=screen.view, pause=pause, training=screen.training
    )
