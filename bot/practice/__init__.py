"""The practice workspace: a Slack-like server on this machine, for demo, training, development and tests.

It imports nothing of the bot, and the bot cannot tell the difference.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any

import aiohttp
from aiohttp import web

from bot.practice.front import application
from bot.practice.person import NotOnScreen, Person
from bot.practice.workspace import Workspace

__all__ = ["NotOnScreen", "Person", "Workspace", "run_forever", "serve"]

LOOPBACK = "127.0.0.1"


@asynccontextmanager
async def serve(
    manifest: dict[str, Any] | None = None,
    seed: dict[str, Any] | None = None,
    port: int = 0,
    clock: Callable[[], datetime] | None = None,
) -> AsyncIterator[Workspace]:
    """Run a practice workspace while the block lasts. `port` 0 takes any free one; OSError if it is taken."""
    workspace = Workspace(manifest, seed, clock)
    runner = web.AppRunner(application(workspace), access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    agenda = asyncio.create_task(workspace.agenda.run())
    try:
        site = web.TCPSite(runner, LOOPBACK, port)
        await site.start()
        workspace.url = f"http://{LOOPBACK}:{runner.addresses[0][1]}"
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            workspace.session = session
            yield workspace
    finally:
        await workspace.watch.close()
        await workspace.link.close()
        agenda.cancel()
        with suppress(asyncio.CancelledError):
            await agenda
        await runner.cleanup()


async def run_forever(
    port: int, manifest: dict[str, Any] | None = None, seed: dict[str, Any] | None = None
) -> None:
    """Run a practice workspace until cancelled."""
    async with serve(manifest=manifest, seed=seed, port=port):
        await asyncio.Event().wait()
