"""What the clock asks of the desk.

Triggers live here, in memory. What is due lives in the database, so a restart loses nothing
and a job that runs late, or twice, still does the right thing.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.domain.business_time import TOKYO
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
    review_collecting,
    review_follow,
    sittings,
    sweeps,
)
from bot.usecases.desk import Desk

log = logging.getLogger(__name__)

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


def _of_the_desk(*those: Callable[[Desk], Awaitable[object]]) -> Callable[[Asked], Awaitable[None]]:
    """What answers where only the desk is asked: these, one after the other."""

    async def do(asked: Asked) -> None:
        for sweep in those:
            await sweep(asked.desk)

    return do


async def _leavers(asked: Asked) -> None:
    """Who holds something and was deactivated, even where Slack's own news of it got lost."""
    async with asked.desk.db.reading() as ask:
        holders = {*await ask.consultations.holders(), *await ask.reviews.guests()}
    for person in sorted(holders):
        if await asked.people.has_left(person):
            await people.left(asked.desk, person)


JOBS = [
    Job("claims", IntervalTrigger(seconds=20, timezone=TOKYO), _of_the_desk(sweeps.claims)),
    Job("promises", IntervalTrigger(seconds=20, timezone=TOKYO), _of_the_desk(sweeps.promises)),
    Job("forgotten", IntervalTrigger(minutes=5, timezone=TOKYO), _of_the_desk(sweeps.forgotten)),
    Job("timers", IntervalTrigger(seconds=10, timezone=TOKYO), _of_the_desk(sweeps.timers)),
    Job("next_actions", IntervalTrigger(minutes=5, timezone=TOKYO), _of_the_desk(sweeps.next_actions)),
    Job("reviews", IntervalTrigger(minutes=1, timezone=TOKYO), _of_the_desk(review_clock.sweep)),
    Job("sittings", IntervalTrigger(seconds=20, timezone=TOKYO), _of_the_desk(sittings.sweep)),
    Job(
        "review_tasks",
        IntervalTrigger(minutes=1, timezone=TOKYO),
        _of_the_desk(review_follow.sweep, review_collecting.sweep),
    ),
    Job("review_papers", IntervalTrigger(seconds=20, timezone=TOKYO), _of_the_desk(briefs.sweep)),
    Job("screens", IntervalTrigger(seconds=20, timezone=TOKYO), _of_the_desk(attendance.refresh)),
    Job("leavers", IntervalTrigger(seconds=50, timezone=TOKYO), _leavers),
    Job(
        "handovers",
        IntervalTrigger(minutes=5, timezone=TOKYO),
        _of_the_desk(handover_files.collect, handover_answers.remind, agreements.over),
    ),
    Job("readings", CronTrigger(hour=9, minute=30, timezone=TOKYO), _of_the_desk(advice_reviews.remind)),
    Job("digest", IntervalTrigger(minutes=1, timezone=TOKYO), _of_the_desk(sweeps.digest)),
    Job("tidy", CronTrigger(hour=3, minute=20, timezone=TOKYO), _of_the_desk(letters.tidy)),
    Job("records", CronTrigger(hour=3, minute=30, timezone=TOKYO), _of_the_desk(record_trail.note)),
    Job("expiry", CronTrigger(hour=3, minute=40, timezone=TOKYO), _of_the_desk(expiry.sweep, expiry.remind)),
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
