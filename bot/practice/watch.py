"""Tells pages that look on what changed, without telling them what it became: they ask."""

import asyncio
from contextlib import suppress

from aiohttp import web

Change = tuple[str, str | None]


class Watch:
    """The open pages, each with the changes it has not heard of yet."""

    def __init__(self) -> None:
        self._pages: dict[web.WebSocketResponse, tuple[str, set[Change], asyncio.Event]] = {}

    def changed(self, what: str, channel: str | None = None, *, only: str | None = None) -> None:
        """Something changed, for everyone or for one person `only`."""
        for user, changes, woken in self._pages.values():
            if only is None or only == user:
                changes.add((what, channel))
                woken.set()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Keep one page informed until it goes away. Many changes of one kind arrive as one."""
        page = web.WebSocketResponse(timeout=1.0, heartbeat=30, compress=False)
        await page.prepare(request)
        changes: set[Change] = set()
        woken = asyncio.Event()
        self._pages[page] = (request.query.get("as", ""), changes, woken)
        teller = asyncio.create_task(_tell(page, changes, woken))
        try:
            async for _ in page:
                pass
        finally:
            del self._pages[page]
            teller.cancel()
        return page

    async def close(self) -> None:
        """Let every page go."""
        for page in list(self._pages):
            await page.close()


async def _tell(page: web.WebSocketResponse, changes: set[Change], woken: asyncio.Event) -> None:
    with suppress(ConnectionError, RuntimeError):
        while True:
            await woken.wait()
            woken.clear()
            batch = sorted(changes, key=str)
            changes.clear()
            for what, channel in batch:
                await page.send_json({"what": what} | ({"channel": channel} if channel else {}))
            await asyncio.sleep(0.02)
