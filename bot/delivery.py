"""What was promised is said: from the outbox to Slack, at least once, and once only where Slack lets us look."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.answers import SLACK_TROUBLE, Again, Dead, Outcome, PutOff, Sent, judged
from bot.courier import LEASE_SECONDS, Courier, Try, mistake
from bot.domain.refusals import Refused
from bot.domain.staff import THE_CLOCK
from bot.logs import where
from bot.messages import Document, Home, Later, Message, Window
from bot.store.database import Database, Reading
from bot.store.outbox import OutboxRow
from bot.store.trouble import StorageTrouble

log = logging.getLogger(__name__)

LATE = timedelta(minutes=5)
_SEEN_PAUSE = timedelta(seconds=60)
_NO_CHANNEL = "channel_not_found"
_DRAIN_SECONDS = 8.0
_GIVES_BACK_SECONDS = 1.0
_GIVES_WAY_SECONDS = 0.5
_GLANCE_SECONDS = 0.02


Content = Message | Document | Home | Window | Later | None
Compose = Callable[[Reading, OutboxRow], Awaitable[Content]]


class Delivery:
    """Keeps the promises of the outbox: `run()` beside the bot, `deliver_waiting()` in tests and commands."""

    def __init__(
        self,
        db: Database,
        slack: AsyncWebClient,
        compose: Compose,
        allowed: Callable[[OutboxRow], bool],
        *,
        inside: Callable[[str], Awaitable[bool | None]] | None = None,
        waits: Callable[[OutboxRow], bool] = lambda _row: True,
        on_outside: Callable[[OutboxRow], Awaitable[None]] | None = None,
        on_dead: Callable[[OutboxRow], Awaitable[None]] | None = None,
        on_late: Callable[[datetime], Awaitable[None]] | None = None,
        together: int = 4,
        poll: float = 1.0,
    ) -> None:
        """`slack` retries nothing by itself; `allowed` judges a row; `poll` is in seconds.

        `inside` says of a channel whether only this workspace sees it: while others do, nothing is said there, and
        `on_outside` hears of the row at each try. None: Slack knows no such channel, or not any more; then it is said
        when there is one again, or never where `waits` says of the row that it does not wait for that.

        `on_dead` hears of each row that could not be said, at least once; `on_late` since when the oldest waits.
        """
        self._db = db
        self._courier = Courier(db, slack)
        self._compose = compose
        self._allowed = allowed
        self._inside = inside
        self._waits = waits
        self._on_outside = on_outside
        self._on_dead = on_dead
        self._on_late = on_late
        self._together = together
        self._poll = poll
        self._wake = asyncio.Event()
        self._stopping = False
        self._recovered = False
        self._late_told = False
        self._under_way: set[asyncio.Task[None]] = set()
        self._running: asyncio.Task[Any] | None = None
        self._somebody_waits: Callable[[], bool] = lambda: False

    def gives_way(self, somebody_waits: Callable[[], bool]) -> None:
        """Let whoever waits for an answer go first: `run` begins nothing new meanwhile, for half a second at most."""
        self._somebody_waits = somebody_waits

    async def run(self) -> None:
        """Deliver until `stop()`: at once after each commit that promised something, and every second."""
        self._running = asyncio.current_task()
        forget = self._db.on_commit(self._wake.set)
        looked = 0.0
        try:
            while not self._stopping:
                self._wake.clear()
                await self._after_those_who_wait()
                try:
                    leased = await self._start_some()
                    if time.monotonic() - looked > 30:
                        looked = time.monotonic()
                        await self.look_out()
                except StorageTrouble as trouble:
                    log.warning("the outbox cannot be read now: %s", trouble.reason)
                    leased = 0
                except Exception as error:  # noqa: BLE001 - the desk must not fall silent over one mistake
                    log.error("the outbox stumbled: %s at %s", type(error).__name__, where(error))  # noqa: TRY400
                    leased = 0
                if not leased:
                    await self._pause()
        finally:
            forget()
            self._running = None

    async def deliver_waiting(self) -> None:
        """Deliver until nothing is due any more."""
        while await self._start_some() or self._under_way:
            if self._under_way:
                await asyncio.wait(set(self._under_way), return_when=asyncio.FIRST_COMPLETED)
        await self._tell_of_the_dead()

    async def stop(self, seconds: float = _DRAIN_SECONDS) -> None:
        """Take nothing new, let what is under way arrive. What cannot is given back for whoever delivers next."""
        self._stopping = True
        self._wake.set()
        if self._running is not None and self._running is not asyncio.current_task():
            await asyncio.wait([self._running], timeout=2)  # it may be taking its last ones just now
        if self._under_way:
            _, left = await asyncio.wait(set(self._under_way), timeout=seconds)
            for task in left:
                task.cancel()
            if left:
                await asyncio.wait(left, timeout=_GIVES_BACK_SECONDS)

    async def look_out(self) -> None:
        """Say once when the oldest promise has waited over five minutes; tell of the dead nobody heard about."""
        await self._tell_of_the_dead()
        async with self._db.reading() as reading:
            waiting = await reading.outbox.waiting()
            late = waiting.oldest is not None and reading.now - waiting.oldest > LATE
        if late and not self._late_told and waiting.oldest is not None:
            log.warning("the oldest of %d promises waits since %s", waiting.count, waiting.oldest)
            if self._on_late is not None:
                await _guarded(self._on_late(waiting.oldest), "on_late")
        self._late_told = late

    async def _after_those_who_wait(self) -> None:
        until = time.monotonic() + _GIVES_WAY_SECONDS
        while self._somebody_waits() and not self._stopping and time.monotonic() < until:  # noqa: ASYNC110 - a glance
            await asyncio.sleep(_GLANCE_SECONDS)

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self._poll):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _start_some(self) -> int:
        """Take as many rows as there are hands free; gives how many."""
        free = self._together - len(self._under_way)
        if free <= 0 or self._stopping:
            return 0
        async with self._db.transaction(THE_CLOCK) as tx:
            await tx.outbox.expire(everything=self._db.alone and not self._recovered)
            rows = await tx.outbox.lease(limit=free, seconds=LEASE_SECONDS)
        self._recovered = True
        for row in rows:
            task = asyncio.create_task(self._deliver(row))
            self._under_way.add(task)
            task.add_done_callback(self._arrived)
        return len(rows)

    def _arrived(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a delivery could not be noted: %s", type(error).__name__)

    async def _deliver(self, row: OutboxRow) -> None:
        """Try one row and note what came of it. If even that fails, the lease runs out and it is in doubt."""
        outcome = await self._outcome(row)
        for pause in (0.1, 0.5, 2.0, 5.0):
            try:
                await self._note(row, outcome)
                break
            except StorageTrouble:
                await asyncio.sleep(pause)
        if isinstance(outcome, Dead):
            await self._tell_of_the_dead()

    async def _note(self, row: OutboxRow, outcome: Outcome) -> None:
        async with self._db.transaction(THE_CLOCK) as tx:
            match outcome:
                case Sent(posted_in, ts, why):
                    await tx.outbox.sent(row, posted_in=posted_in, ts=ts, why=why)
                case Again(why, doubt, after, pause):
                    after = after or timedelta(seconds=min(2**row.attempt, 60))
                    if pause:
                        await tx.outbox.hold(row, after)
                    await tx.outbox.again(row, after=after, why=why, doubt=doubt)
                case PutOff(until):
                    await tx.outbox.put_off(row, until)
                case Dead(why):
                    await tx.outbox.dead(row, why)

    async def _outcome(self, row: OutboxRow) -> Outcome:
        if not self._allowed(row):
            return Dead("not_allowed")
        if (kept_back := await self._kept_back(row)) is not None:
            return kept_back
        began = time.monotonic()
        try:
            async with self._db.reading() as reading:
                content = await self._compose(reading, row)
        except StorageTrouble as trouble:
            return Again(trouble.reason, doubt=row.in_doubt)
        except Refused as refused:
            return Dead(type(refused).__name__)
        except Exception as error:  # noqa: BLE001 - one bad template must not stop the others
            log.error("no words for %s: %s at %s", row.template, type(error).__name__, where(error))  # noqa: TRY400
            return mistake(row, type(error).__name__)
        if content is None:
            return Sent(why="nothing_to_say")
        if isinstance(content, Later):
            return PutOff(content.until)
        a_try = Try(row, content, row.to, row.in_doubt, began)
        try:
            return await self._courier.carry(a_try)
        except asyncio.CancelledError:
            if not self._stopping:
                raise
            return Again("stopped", doubt=a_try.doubt)

    async def _kept_back(self, row: OutboxRow) -> Outcome | None:
        """Where another organisation can read along, a row waits until it cannot any more; where there is no such
        channel, until there is.
        """
        if self._inside is None or not row.to.startswith(("C", "G")):
            return None
        try:
            inside = await self._inside(row.to)
        except SLACK_TROUBLE as error:
            return judged(error, doubt=row.in_doubt, was_in_doubt=row.in_doubt)
        if inside:
            return None
        if inside is None:
            log.error("channel %s is not known to Slack", row.to)
            waits = self._waits(row)
            return Again(_NO_CHANNEL, doubt=row.in_doubt, after=_SEEN_PAUSE) if waits else Dead(_NO_CHANNEL)
        log.error("channel %s is seen from outside: nothing is said there", row.to)
        if self._on_outside is not None:
            await _guarded(self._on_outside(row), "on_outside")
        return Again("seen_from_outside", doubt=row.in_doubt, after=_SEEN_PAUSE)

    async def _tell_of_the_dead(self) -> None:
        async with self._db.reading() as reading:
            untold = await reading.outbox.untold()
        for row in untold:
            log.warning("could not say %s (%s): %s", row.template, row.key, row.why)
            if self._on_dead is not None and not await _guarded(self._on_dead(row), "on_dead"):
                continue
            async with self._db.transaction(THE_CLOCK) as tx:
                await tx.outbox.told(row.id)


async def _guarded(work: Awaitable[None], name: str) -> bool:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - whoever is told must not stop whoever tells
        log.error("%s: %s at %s", name, type(error).__name__, where(error))  # noqa: TRY400
        return False
    return True
