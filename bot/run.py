"""The one place where the parts are put together: settings in, a working desk out, a quiet end on SIGTERM."""

import asyncio
import contextlib
import gc
import logging
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import aiohttp
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

import handlers
import schedules
from bot import catching_up, organisation
from bot.check import Workspace, slack_is_ready
from bot.config import Settings
from bot.delivery import Delivery
from bot.domain.business_time import TOKYO
from bot.domain.refusals import NotFound
from bot.domain.staff import THE_CLOCK, Role
from bot.inbox_worker import InboxWorker
from bot.news import Composer
from bot.privacy import beside
from bot.sockets import Sockets
from bot.store.database import Database, Transaction, open_database, the_time
from bot.store.outbox import OutboxRow
from bot.store.trouble import StorageTrouble
from bot.usecases import letters, people
from bot.usecases.desk import Desk
from bot.usecases.training_desk import not_announced_in
from handlers.directory import Directory

log = logging.getLogger(__name__)

SLACK_SECONDS = 10
DRAIN_SECONDS = 3.0
# A channel does not take the announcement any more: whoever organizes can mend that.
CHANNEL_SHUT = {"channel_not_found", "is_archived", "not_in_channel", "restricted_action"}
STOP_SECONDS = 4.5  # with what it takes to give back what did not finish
LOOK_SECONDS = 1.0
LEAP_SECONDS = 30.0  # the clock ahead of the time that went by
DEAD_MAN_SECONDS = 60.0


@dataclass(slots=True)
class Bot:
    """The running desk. Tests press its parts; `python -m bot run` waits for its end."""

    desk: Desk
    app: AsyncApp
    slack: AsyncWebClient
    directory: Directory
    delivery: Delivery
    inbox: InboxWorker
    where: Workspace
    sockets: Sockets | None = None


@asynccontextmanager
async def put_together(
    settings: Settings,
    *,
    bot_token: str,
    app_token: str,
    api_url: str,
    clock: Callable[[], datetime] = the_time,
    listen: bool = True,
    tick: bool = True,
) -> AsyncIterator[Bot]:
    """Open everything, in order; close it in reverse. `listen`: Socket Mode and workers; `tick`: the clock's jobs.

    Raises StartRefused, SettingsMistake, OrganisationMistakes or NotReady with the sentences to show.
    """
    there = organisation.load(settings.yorisoi_organisation)
    async with AsyncExitStack() as closing:
        db = await closing.enter_async_context(
            open_database(settings.database_url, master_key=settings.master_key, clock=clock)
        )
        closing.push_async_callback(_note_head, db)
        session = await closing.enter_async_context(
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SLACK_SECONDS))
        )
        slack = _client(
            bot_token, api_url, session, _unheard(), AsyncRateLimitErrorRetryHandler(max_retry_count=1)
        )
        where = await slack_is_ready(slack, app_token, there)
        desk = Desk(db, there, backups=settings.backups)
        await first_admin(desk, settings.yorisoi_first_admin)
        directory = Directory(db, _client(bot_token, api_url, session, _unheard()), where.team)
        app = _app(_client(None, api_url, session, _unheard()), where, bot_token)
        handlers.install(app, desk, directory)
        bot = Bot(
            desk=desk,
            app=app,
            slack=slack,
            directory=directory,
            delivery=_delivery(desk, _client(bot_token, api_url, session), directory),
            inbox=_inbox(desk),
            where=where,
        )
        if listen:
            beside.warm()
            await closing.enter_async_context(_listening(bot, app_token))
        if tick:
            await closing.enter_async_context(_ticking(bot))
        _leave_what_stays_alone()
        yield bot


def _leave_what_stays_alone() -> None:
    """Keep the collector from walking again and again over code and templates that stay as long as we do."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


async def until_told_to_stop(ready: Callable[[], None]) -> None:
    """Say that the desk is open, and wait for SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    ready()
    await stop.wait()


async def first_admin(desk: Desk, person: str | None) -> None:
    """The first admin is set at set-up; later ones are granted."""
    if person:
        async with desk.db.reading() as ask:
            if await ask.staff.holders_of(Role.ADMIN):
                return
        await people.grant(desk, THE_CLOCK, person, Role.ADMIN)


def _client(
    token: str | None, api_url: str, session: aiohttp.ClientSession, *again: AsyncRetryHandler
) -> AsyncWebClient:
    """A client on the shared session. `again`: what it tries a second time by itself.

    While somebody waits for an answer, nothing may wait as long as Slack's Retry-After asks. The outbox looks before
    it says anything again.
    """
    return AsyncWebClient(
        token=token, base_url=api_url, session=session, timeout=SLACK_SECONDS, retry_handlers=list(again)
    )


def _unheard() -> AsyncRetryHandler:
    """Ask once more where the connection broke."""
    return AsyncConnectionErrorRetryHandler()


def _app(slack: AsyncWebClient, where: Workspace, bot_token: str) -> AsyncApp:
    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id=where.team, bot_user_id=where.bot, bot_token=bot_token
        )

    return AsyncApp(
        client=slack,
        authorize=authorize,
        process_before_response=True,
        logger=logging.getLogger("slack_bolt.app"),
        raise_error_for_unhandled_request=False,
        ignoring_self_events_enabled=True,
    )


def _delivery(desk: Desk, slack: AsyncWebClient, directory: Directory) -> Delivery:
    channels = desk.organisation.channels

    def announces(row: OutboxRow) -> bool:
        return row.template == "announcement" and row.op == "card"

    async def on_outside(row: OutboxRow) -> None:
        if announces(row):
            async with desk.db.transaction(THE_CLOCK) as tx:
                await not_announced_in(tx, str(row.facts["training"]), row.to, outside=True)

    def allowed(row: OutboxRow) -> bool:
        """Only the desk's own channels, and people themselves; announcements go where an organizer wants them."""
        if announces(row):
            return True
        return row.to in {channels.callbacks, channels.coordinators} or row.to[:1] in {"U", "W"}

    async def on_dead(row: OutboxRow) -> None:
        log.error("message %d (%s) could not be delivered: %s", row.id, row.template, row.why)
        if row.template == "not_delivered" or row.op in {"home", "window"}:
            return
        async with desk.db.transaction(THE_CLOCK) as tx:
            if row.template == "announcement" and row.why in CHANNEL_SHUT:
                await not_announced_in(tx, str(row.facts["training"]), row.to)
                return
            number = await _number(tx, str(row.facts.get("consultation") or row.subject))
            await tx.outbox.add(
                "not_delivered",
                to=channels.coordinators,
                key=f"not_delivered:{row.id}",
                row=row.id,
                number=number,
            )

    async def on_late(since: datetime) -> None:
        log.error("the oldest message waits since %s", since.isoformat())
        async with desk.db.transaction(THE_CLOCK) as tx:
            await tx.outbox.add("alarm_late", to=channels.coordinators, key=f"alarm_late:{since.isoformat()}")

    return Delivery(
        desk.db,
        slack,
        Composer(desk.organisation),
        allowed,
        inside=directory.is_inside,
        waits=lambda row: not announces(row),  # whoever organizes mends it, and has it posted again
        on_outside=on_outside,
        on_dead=on_dead,
        on_late=on_late,
    )


async def _number(tx: Transaction, subject: str) -> str | None:
    try:
        return (await tx.consultations.get(subject)).number
    except NotFound:
        return None


def _inbox(desk: Desk) -> InboxWorker:
    async def apply(kind: str, payload: dict[str, object]) -> None:
        if kind == "message":
            await letters.arrived(desk, payload)

    async def on_dead(key: str, kind: str) -> None:
        log.error("an event (%s) could not be applied", kind)
        async with desk.db.transaction(THE_CLOCK) as tx:
            await tx.outbox.add(
                "not_applied", to=desk.organisation.channels.coordinators, key=f"not_applied:{key}"
            )

    return InboxWorker(desk.db, apply, on_dead=on_dead)


@asynccontextmanager
async def _listening(bot: Bot, app_token: str) -> AsyncIterator[None]:
    """Workers first, ears last; on the way out the other way round, with nothing left half done."""
    bot.sockets = sockets = Sockets(bot.app, app_token, bot.slack)
    bot.delivery.gives_way(sockets.at_work)
    work = [
        asyncio.create_task(bot.delivery.run(), name="delivery"),
        asyncio.create_task(bot.inbox.run(), name="inbox"),
    ]
    try:
        await sockets.start()
        catching = catching_up.for_ever(bot.desk, bot.slack, bot.directory, lambda: sockets.live() > 0)
        work.append(asyncio.create_task(catching, name="catching up"))
        yield
    finally:
        if not await bot.sockets.drain():
            log.warning("something did not finish in time; it will be asked again")
        for task in work[2:]:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await asyncio.gather(
                    bot.delivery.stop(DRAIN_SECONDS),
                    bot.inbox.stop(DRAIN_SECONDS),
                    bot.sockets.close(),
                    return_exceptions=True,
                )
        for task in work:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task


@asynccontextmanager
async def _ticking(bot: Bot) -> AsyncIterator[None]:
    scheduler = AsyncIOScheduler(timezone=TOKYO)
    asked = schedules.Asked(bot.desk, bot.directory)
    schedules.install(scheduler, asked)
    scheduler.start()
    watching = asyncio.create_task(_watch_the_clock(asked))
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


async def _watch_the_clock(asked: schedules.Asked) -> None:
    """Ask everything at once where the clock leapt ahead (a machine that slept, the practice clock); sound the alarm
    where it stands still. One after the other, so that a leap is no alarm.
    """
    told, looked = False, time.monotonic()
    shown, at = asked.desk.db.clock(), looked
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        now, here = asked.desk.db.clock(), time.monotonic()
        leapt = (now - shown).total_seconds() - (here - at)
        shown, at = now, here
        if leapt > LEAP_SECONDS:
            for job in schedules.JOBS:
                await schedules.tick(job, asked)
        if here - looked < DEAD_MAN_SECONDS:
            continue
        looked = here
        try:
            told = await schedules.watched(asked, told)
        except Exception as error:  # noqa: BLE001 - who watches the clock must not stop with it
            log.error("nobody could look at the clock: %s", type(error).__name__)  # noqa: TRY400


async def _note_head(db: Database) -> None:
    """Leave the end of the trail in the log: kept there, it shows later whether the end was cut off."""
    head = None
    with contextlib.suppress(StorageTrouble):
        async with db.reading() as ask:
            head = await ask.audit.head()
    if head is not None:
        log.info("the trail ends at %s:%s", *head)


def sqlite_folder(settings: Settings) -> None:
    """Make the folder of the embedded database, where there is none."""
    if settings.database_url.startswith("sqlite:///"):
        Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
