"""The clock of trainings for tests: moments of that year, what was said by then, Slack away, and the organizer's changes.

The clock starts on November 24th at ten; the training of `tests.trainings` is on December 8th at one, closed on the 4th at one.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.business_time import TOKYO
from bot.domain.seats import Attendance, Mark, Participation
from bot.domain.training import Session, Training
from bot.store.outbox import OutboxRow
from bot.usecases import trainings
from bot.usecases.training_desk import thank
from tests.desk import Desk
from tests.trainings import ORGANIZER, given_announced, joined, now

SOON, TODAY, COMING = "まもなく始まります", "*きょう 13時から*", "*12月8日(火) 13時から*"


def at(written: str) -> datetime:
    """A moment of 2026 in Otsu: `12-08 13:00`."""
    return datetime.fromisoformat(f"2026-{written}").replace(tzinfo=TOKYO)


def on(written: str, hours: float = 3) -> tuple[Session, ...]:
    """One session that begins then."""
    return (Session(at(written), at(written) + timedelta(hours=hours)),)


async def until(desk: Desk, written: str) -> None:
    """The clock goes on to a moment in one leap, and then asks."""
    await desk.passes(seconds=(at(written) - desk.clock.now).total_seconds())


async def given_over(desk: Desk, *people: str, **changes: Any) -> tuple[Training, list[Participation]]:
    """A training these people joined, a minute after its end, and their seats."""
    training = await given_announced(desk, **changes)
    found = await joined(desk, training, *people)
    desk.clock.now = training.plan.ends_at + timedelta(minutes=1)
    await desk.ask_the_clock()
    return await now(desk, training), found


async def reminders(desk: Desk, person: str = "U_TAKAGI") -> list[str]:
    """Which reminders of the usual training this person has got, in order: before, today, hour."""
    seen = await desk.person(person).reads()
    marks = {SOON: "hour", TODAY: "today", COMING: "before"}
    found = [(n, name) for mark, name in marks.items() for n in range(len(seen)) if seen.startswith(mark, n)]
    return [name for _, name in sorted(found)]


async def said(desk: Desk, template: str) -> list[OutboxRow]:
    """Every promise of this kind, sent or not."""
    query = "SELECT DISTINCT subject FROM outbox WHERE template = :template"
    subjects = [row["subject"] for row in await desk.rows(query, template=template)]
    async with desk.db.reading() as ask:
        return [row for each in subjects for row in await ask.outbox.of(each) if row.template == template]


async def move(desk: Desk, training: Training, **changes: Any) -> Training:
    """The organizer changes the plan."""
    wanted = replace((await now(desk, training)).plan, **changes)
    changed = await trainings.change(desk.bot.desk, await desk.actor(ORGANIZER), training.id, wanted)
    await desk.settle()
    return changed


async def mark(
    desk: Desk, part: Participation, training: Training, status: Attendance = Attendance.ATTENDED
) -> None:
    """As the organizer's roster does."""
    there = await now(desk, training)
    async with desk.db.transaction(await desk.actor(ORGANIZER)) as tx:
        for session in there.plan.sessions:
            found = Mark(part.id, session.id, status, session.minutes, "roster", tx.now, ORGANIZER)
            await tx.participations.mark(found)
        if status is Attendance.ATTENDED:
            await thank(tx, await tx.trainings.get(training.id), part)
    await desk.settle()


def slack_goes(desk: Desk) -> None:
    """Slack takes no messages any more."""
    desk.workspace.faults.add(what="503", method="chat.postMessage")


async def slack_is_back(desk: Desk, **time: float) -> None:
    """After so much time it does again."""
    desk.workspace.faults.clear()
    desk.clock.advance(**time)
    await desk.settle()
