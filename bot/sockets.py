"""Two Socket Mode connections, so that one is always live; a watchdog for the one that wedges; a quiet end."""

import asyncio
import contextlib
import logging
import time
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger(__name__)

CONNECTIONS = 2
WATCH_EVERY = 0.5
GRACE_SECONDS = 1.0
DRAIN_SECONDS = 5.0
CLOSE_SECONDS = 2.0
PING_SECONDS = 5.0


class Sockets:
    """The bot's ears. `start()`, then `drain()` before anything else is closed, then `close()`."""

    def __init__(
        self, app: AsyncApp, app_token: str, slack: AsyncWebClient, *, connections: int = CONNECTIONS
    ) -> None:
        self._handlers = [self._handler(app, app_token, slack) for _ in range(connections)]
        self._at_work = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._draining = False
        self._watch: asyncio.Task[None] | None = None
        self._connecting: list[asyncio.Task[None]] = []
        self._knocking: dict[int, asyncio.Task[None]] = {}

    async def start(self) -> None:
        """Connect; return when the first connection is live. The watchdog sees to the rest."""
        self._connecting = [asyncio.create_task(_connected_by(each)) for each in self._handlers]
        await asyncio.wait(self._connecting, return_when=asyncio.FIRST_COMPLETED)
        self._watch = asyncio.create_task(self._mend())

    def live(self) -> int:
        """How many connections are live now."""
        return sum(1 for each in self._handlers if _connected(each.client))

    def at_work(self) -> bool:
        """Whether somebody waits for an answer now."""
        return self._at_work > 0

    async def drain(self, seconds: float = DRAIN_SECONDS) -> bool:
        """Take nothing new (Slack brings it again), finish what runs. False: something did not finish in time."""
        self._draining = True
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        """Hang up. Does not wait for a peer that never answers."""
        for task in [self._watch, *self._connecting, *self._knocking.values()]:
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    await task
        await asyncio.gather(*(_hung_up(each) for each in self._handlers))

    def _handler(self, app: AsyncApp, app_token: str, slack: AsyncWebClient) -> AsyncSocketModeHandler:
        handler = AsyncSocketModeHandler(app, app_token, web_client=slack, ping_interval=PING_SECONDS)
        handle = handler.handle

        async def counted(client: Any, request: SocketModeRequest) -> None:
            if self._draining:
                return
            self._at_work += 1
            self._idle.clear()
            try:
                await handle(client, request)
            finally:
                self._at_work -= 1
                if not self._at_work:
                    self._idle.set()

        handler.client.socket_mode_request_listeners[:] = [counted]
        return handler

    async def _mend(self) -> None:
        """Where a connection stays down, throw away its spent ticket, so that it asks for a fresh one."""
        down_since: dict[int, float] = {}
        while True:
            await asyncio.sleep(WATCH_EVERY)
            for number, each in enumerate(self._handlers):
                if _connected(each.client):
                    down_since.pop(number, None)
                    continue
                since = down_since.setdefault(number, time.monotonic())
                if time.monotonic() - since > GRACE_SECONDS:
                    log.warning("connection %d is down; asking for a fresh ticket", number)
                    each.client.wss_uri = None
                    down_since[number] = time.monotonic()
                    self._knock(number, each.client)

    def _knock(self, number: int, client: Any) -> None:
        """Do not wait until the client looks again by itself. It sees to it that only one of us knocks."""
        before = self._knocking.get(number)
        if client.current_session is not None and (before is None or before.done()):
            self._knocking[number] = asyncio.create_task(_again(client))


def _connected(client: AsyncBaseSocketModeClient) -> bool:
    session = getattr(client, "current_session", None)
    return session is not None and not session.closed and not client.closed


async def _connected_by(handler: AsyncSocketModeHandler) -> None:
    await handler.connect_async()  # type: ignore[no-untyped-call]


async def _again(client: Any) -> None:
    with contextlib.suppress(Exception):
        await client.connect_to_new_endpoint()


async def _hung_up(handler: AsyncSocketModeHandler) -> None:
    with contextlib.suppress(asyncio.TimeoutError, TimeoutError, Exception):
        await asyncio.wait_for(handler.close_async(), CLOSE_SECONDS)  # type: ignore[no-untyped-call]
