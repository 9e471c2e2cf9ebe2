"""Time in the practice workspace: one clock, which a test may own, and an agenda that follows it."""

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

Now = Callable[[], datetime]
GLANCE = 0.02  # seconds between looks at a clock that somebody else moves


class Clock:
    """What time it is. With a source of its own it follows that; else it is real time plus what was advanced."""

    def __init__(self, source: Now | None = None) -> None:
        self.source = source
        self.ahead = timedelta()
        self._last_ts = 0

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        return self.source() if self.source else datetime.now(UTC) + self.ahead

    def steady(self) -> float:
        """Seconds for measuring short spans (trigger ids, response URLs); never jumps with the wall clock."""
        return self.source().timestamp() if self.source else time.monotonic() + self.ahead.total_seconds()

    def advance(self, seconds: float) -> None:
        """Move time; only where nobody else owns the clock."""
        self.ahead += timedelta(seconds=seconds)

    def new_ts(self) -> str:
        """A message timestamp: from the clock, never twice, always later than the one before."""
        micros = max(int(self.now().timestamp() * 1_000_000), self._last_ts + 1)
        self._last_ts = micros
        return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"


class Agenda:
    """Things to do at an instant of the clock. Runs them late rather than never."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._woken = asyncio.Event()

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        """Promise to run `act` once the clock shows `when`."""
        heapq.heappush(self._due, (when, next(self._order), act))
        self._woken.set()

    async def wait(self, when: datetime) -> None:
        """Return once the clock shows `when`."""
        if when <= self.clock.now():
            return
        done = asyncio.Event()
        self.at(when, done.set)
        await done.wait()

    def wake(self) -> None:
        """Look at the clock again: somebody moved it."""
        self._woken.set()

    async def run(self) -> None:
        """Serve the agenda until cancelled."""
        while True:
            self._woken.clear()
            self._do_what_is_due()
            await self._rest()

    def _do_what_is_due(self) -> None:
        while self._due and self._due[0][0] <= self.clock.now():
            _, _, act = heapq.heappop(self._due)
            act()

    async def _rest(self) -> None:
        if not self._due:
            await self._woken.wait()
            return
        left = (self._due[0][0] - self.clock.now()).total_seconds()
        pause = GLANCE if self.clock.source else max(0.001, left)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), pause)
