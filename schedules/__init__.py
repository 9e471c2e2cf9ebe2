"""What the clock asks of the desk.

Triggers live here, in memory. What is due lives in the database, so a restart loses nothing
and a job that runs late, or twice, still does the right thing.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.domain.refusals import Changed
from bot.domain.staff import THE_CLOCK
from bot.usecases import (
    advice_reviews,
    agreements,
    attendance,
    briefs,
    expiry,
    handover_answers,
    handover_files,
    letters,
    people,
    record_trail,
    review_clock,
    review_follow,
    sittings,
    sweeps,
)
from bot.usecases.desk import Desk

log = logging.getLogger(__name__)

TOKYO = ZoneInfo("Asia/Tokyo")
MISSED = 3
DAYS = timedelta(days=2)  # what is asked once a day, and was not for longer than this, is not asked any more


class Leavers(Protocol):
    """Who can say whether somebody was deactivated."""

    async def has_left(self, user_id: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What a job may use."""

    desk: Desk
    people: Leavers


@dataclass(frozen=True, slots=True)
class Job:
    """One question of the clock: its name, when it is asked, and what answers."""

    name: str
    when: BaseTrigger
    do: Callable[[Asked], Awaitable[None]]


async def _claims(asked: Asked) -> None:
    await sweeps.claims(asked.desk)


async def _promises(asked: Asked) -> None:
    await sweeps.promises(asked.desk)


async def _forgotten(asked: Asked) -> None:
    await sweeps.forgotten(asked.desk)


async def _next_actions(asked: Asked) -> None:
    await sweeps.next_actions(asked.desk)


async def _timers(asked: Asked) -> None:
    await sweeps.timers(asked.desk)


async def _leavers(asked: Asked) -> None:
    """Who holds something and was deactivated, even where Slack's own news of it got lost."""
    async with asked.desk.db.reading() as ask:
        holders = {*await ask.consultations.holders(), *await ask.reviews.guests()}
    for person in sorted(holders):
        if await asked.people.has_left(person):
            await people.left(asked.desk, person)


async def _reviews(asked: Asked) -> None:
    await review_clock.sweep(asked.desk)


async def _sittings(asked: Asked) -> None:
    """Steps of reviews that are going on, and what is said before and after one."""
    await sittings.sweep(asked.desk)


async def _review_tasks(asked: Asked) -> None:
    """What was decided in reviews, and how it went where nobody can be asked in Slack."""
    await review_follow.sweep(asked.desk)


async def _review_papers(asked: Asked) -> None:
    """Pages about cases whose time is over, and files nobody may have any more."""
    await briefs.sweep(asked.desk)


async def _screens(asked: Asked) -> None:
    await attendance.refresh(asked.desk)


async def _handovers(asked: Asked) -> None:
    """Whoever has not answered, what has not come back, and agreements whose last day is behind."""
    await handover_files.collect(asked.desk)
    await handover_answers.remind(asked.desk)
    await agreements.over(asked.desk)


async def _readings(asked: Asked) -> None:
    """Whoever still has a record to read for an advice review."""
    await advice_reviews.remind(asked.desk)


async def _digest(asked: Asked) -> None:
    await sweeps.digest(asked.desk)


async def _expiry(asked: Asked) -> None:
    """What is kept too long goes; what goes soon without a record is said."""
    await expiry.sweep(asked.desk)
    await expiry.remind(asked.desk)


async def _records(asked: Asked) -> None:
    await record_trail.note(asked.desk)


async def _tidy(asked: Asked) -> None:
    await letters.tidy(asked.desk)


JOBS = [
    Job("claims", IntervalTrigger(seconds=20, timezone=TOKYO), _claims),
    Job("promises", IntervalTrigger(seconds=20, timezone=TOKYO), _promises),
    Job("forgotten", IntervalTrigger(minutes=5, timezone=TOKYO), _forgotten),
    Job("timers", IntervalTrigger(seconds=10, timezone=TOKYO), _timers),
    Job("next_actions", IntervalTrigger(minutes=5, timezone=TOKYO), _next_actions),
    Job("reviews", IntervalTrigger(minutes=1, timezone=TOKYO), _reviews),
    Job("sittings", IntervalTrigger(seconds=20, timezone=TOKYO), _sittings),
    Job("review_tasks", IntervalTrigger(minutes=1, timezone=TOKYO), _review_tasks),
    Job("review_papers", IntervalTrigger(seconds=20, timezone=TOKYO), _review_papers),
    Job("screens", IntervalTrigger(seconds=20, timezone=TOKYO), _screens),
    Job("leavers", IntervalTrigger(seconds=50, timezone=TOKYO), _leavers),
    Job("handovers", IntervalTrigger(minutes=5, timezone=TOKYO), _handovers),
    Job("readings", CronTrigger(hour=9, minute=30, timezone=TOKYO), _readings),
    Job("digest", IntervalTrigger(minutes=1, timezone=TOKYO), _digest),
    Job("tidy", CronTrigger(hour=3, minute=20, timezone=TOKYO), _tidy),
    Job("records", CronTrigger(hour=3, minute=30, timezone=TOKYO), _records),
    Job("expiry", CronTrigger(hour=3, minute=40, timezone=TOKYO), _expiry),
]


def install(scheduler: AsyncIOScheduler, asked: Asked) -> None:
    """Give the jobs to the scheduler; each is asked once right away, so that what fell due meanwhile is late, not lost."""
    for job in JOBS:
        scheduler.add_job(
            tick,
            job.when,
            args=[job, asked],
            id=job.name,
            coalesce=True,
            misfire_grace_time=None,
            max_instances=1,
            next_run_time=datetime.now(TOKYO),
        )


async def tick(job: Job, asked: Asked) -> None:
    """Ask one question, and note that it was asked. A failure is logged and asked again next time."""
    try:
        await job.do(asked)
        async with asked.desk.db.transaction(THE_CLOCK) as tx:
            await tx.timers.ticked(job.name)
    except Changed:
        log.info("%s met a person at the same row; asked again next time", job.name)
    except Exception:
        log.exception("the clock's question %s failed", job.name)


async def silent(asked: Asked, *, daily: bool = False) -> list[str]:
    """Give the questions that were not asked three times in a row, or (`daily`) for two days: the dead-man alarm."""
    quiet = []
    async with asked.desk.db.reading() as ask:
        for job in JOBS:
            often = isinstance(job.when, IntervalTrigger)
            if often is daily:
                continue
            last = await ask.timers.last_tick(job.name)
            if last is not None and ask.now - last > (MISSED * job.when.interval if often else DAYS):
                quiet.append(job.name)
    return quiet


async def watched(asked: Asked, told: bool) -> bool:
    """Look whether the clock still asks; where it does not, tell the coordinators, once until it asks again.

    `told`: whether they know of it already. Gives whether they know now.
    """
    quiet = await silent(asked)
    if await silent(asked, daily=True):
        await expiry.fell_silent(asked.desk)
    for name in quiet:
        log.error("the clock has not asked %s three times in a row", name)
    if quiet and not told:
        async with asked.desk.db.transaction(THE_CLOCK) as tx:
            to = asked.desk.organisation.channels.coordinators
            await tx.outbox.add("alarm_clock", to=to, key=f"alarm_clock:{tx.now.isoformat()}")
    return bool(quiet)
