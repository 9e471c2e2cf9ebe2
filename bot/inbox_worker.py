"""Accepted events take effect: after the acknowledgement, in order, again and again until they did."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from bot.domain.refusals import Refused
from bot.domain.staff import THE_CLOCK
from bot.logs import where
from bot.store.database import Database
from bot.store.inbox import Event
from bot.store.trouble import StorageTrouble

log = logging.getLogger(__name__)
TRIES = 8
_LEASE_SECONDS = 60.0
_DRAIN_SECONDS = 8.0

Apply = Callable[[str, dict[str, Any]], Awaitable[None]]


class InboxWorker:
    """Applies what the inbox holds: `run()` beside the bot, `work_waiting()` in tests and commands.

    `apply(kind, payload)` may be called again after a crash. Where that would matter, its use case says
    `tx.inbox.applied(key)` in its own transaction and does nothing when the answer is False.
    `on_dead(key, kind)` hears of each event that could not be applied in eight tries, or was refused.
    """

    def __init__(
        self,
        db: Database,
        apply: Apply,
        *,
        on_dead: Callable[[str, str], Awaitable[None]] | None = None,
        poll: float = 1.0,
    ) -> None:
        self._db = db
        self._apply = apply
        self._on_dead = on_dead
        self._poll = poll
        self._wake = asyncio.Event()
        self._stopping = False
        self._recovered = False
        self._running: asyncio.Task[Any] | None = None
        self._present: Event | None = None

    async def run(self) -> None:
        """Apply until `stop()`: at once after each commit that accepted something, and every second."""
        self._running = asyncio.current_task()
        forget = self._db.on_commit(self._wake.set)
        try:
            while not self._stopping:
                self._wake.clear()
                try:
                    worked = await self._work_one()
                except StorageTrouble as trouble:
                    log.warning("the inbox cannot be read now: %s", trouble.reason)
                    worked = False
                except Exception as error:  # noqa: BLE001 - the desk must not go deaf over one mistake
                    log.error("the inbox stumbled: %s at %s", type(error).__name__, where(error))  # noqa: TRY400
                    worked = False
                if not worked:
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(self._poll):
                            await self._wake.wait()
        finally:
            forget()
            self._running = None

    async def work_waiting(self) -> None:
        """Apply until nothing is due any more."""
        while await self._work_one():
            pass

    async def stop(self, seconds: float = _DRAIN_SECONDS) -> None:
        """Take nothing new and let the present event finish; one that cannot is given back, to be applied later."""
        self._stopping = True
        self._wake.set()
        running = self._running
        if running is None or running is asyncio.current_task():
            return
        _, left = await asyncio.wait([running], timeout=seconds)
        if left and self._present is not None:
            async with self._db.transaction(THE_CLOCK) as tx:
                await tx.inbox.release(self._present)

    async def _work_one(self) -> bool:
        """Apply the oldest event that waits; False when there is none."""
        if self._stopping:
            return False
        async with self._db.transaction(THE_CLOCK) as tx:
            if self._db.alone and not self._recovered:
                await tx.inbox.free_all()
            events = await tx.inbox.next_waiting(seconds=_LEASE_SECONDS)
        self._recovered = True
        for self._present in events:
            await self._work(self._present)
        self._present = None
        return bool(events)

    async def _work(self, event: Event) -> None:
        try:
            await self._apply(event.kind, event.payload)
        except StorageTrouble:
            await self._later(event)
        except Refused as refused:  # an answer: asking again would not change it
            await self._set_aside(event, type(refused).__name__)
        except Exception as error:  # noqa: BLE001 - one event must not stop the others
            place = where(error)
            log.error("cannot apply %s %s: %s at %s", event.kind, event.key, type(error).__name__, place)  # noqa: TRY400
            if event.attempt + 1 >= TRIES:
                await self._set_aside(event, type(error).__name__)
            else:
                await self._later(event)
        else:
            async with self._db.transaction(THE_CLOCK) as tx:
                await tx.inbox.applied(event.key)

    async def _later(self, event: Event) -> None:
        async with self._db.transaction(THE_CLOCK) as tx:
            await tx.inbox.again(event, timedelta(seconds=min(2**event.attempt, 300)))

    async def _set_aside(self, event: Event, why: str) -> None:
        async with self._db.transaction(THE_CLOCK) as tx:
            ours = await tx.inbox.dead(event)
        log.warning("set aside %s %s: %s", event.kind, event.key, why)
        if ours and self._on_dead is not None:
            try:
                await self._on_dead(event.key, event.kind)
            except Exception as error:  # noqa: BLE001 - whoever is told must not stop whoever tells
                log.error("on_dead: %s", type(error).__name__)  # noqa: TRY400
