"""Direct messages that came while nobody listened are fetched from Slack, from where the desk last read."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.staff import THE_CLOCK
from bot.store.trouble import StorageTrouble
from bot.usecases import letters
from bot.usecases.desk import Desk
from handlers.directory import Directory
from handlers.letters import is_a_persons

log = logging.getLogger(__name__)

PAGE = 100
NOTE_EVERY = 60.0
CATCH_UP_EVERY = 30  # notes
AT_EASE = 1.2  # seconds between two conversations, once there are many: Slack allows about 50 a minute
FEW = 20
LISTENING = "listening"


async def for_ever(
    desk: Desk, slack: AsyncWebClient, directory: Directory, listening: Callable[[], bool]
) -> None:
    """Catch up at once, every half hour and after nobody listened; note each minute that the desk is listening."""
    notes, missed = 0, False
    while True:
        try:
            if missed or notes % CATCH_UP_EVERY == 0:
                await once(desk, slack, directory)
            missed = not listening()
            if not missed:
                async with desk.db.transaction(THE_CLOCK) as tx:
                    await tx.timers.ticked(LISTENING)
            notes += 1
        except (SlackApiError, aiohttp.ClientError, StorageTrouble, TimeoutError, OSError) as trouble:
            log.warning("could not catch up: %s", type(trouble).__name__)
        await asyncio.sleep(NOTE_EVERY)


async def once(desk: Desk, slack: AsyncWebClient, directory: Directory) -> int:
    """Fetch what is newer than the last message read in each direct message; give how many were new.

    A conversation never read before is read from when the desk last listened; at the very first start, from now.
    """
    async with desk.db.reading() as ask:
        positions = await ask.letters.positions()
        since = _mark(await ask.timers.last_tick(LISTENING) or ask.now)
    places: list[dict[str, Any]] = []
    async for page in await slack.conversations_list(types="im", limit=PAGE):
        places += [each for each in page["channels"] if not each.get("is_user_deleted")]
    new = 0
    for place in places:
        new += await _fetch(desk, slack, directory, place["id"], positions.get(place["id"], since))
        if len(places) > FEW:
            await asyncio.sleep(AT_EASE)
    return new


async def _fetch(desk: Desk, slack: AsyncWebClient, directory: Directory, channel: str, since: str) -> int:
    new, newest = 0, since
    async for page in await slack.conversations_history(channel=channel, oldest=since, limit=PAGE):
        for message in page["messages"]:
            newest = max(newest, message["ts"])
            if is_a_persons(message) and not await directory.has_left(message["user"]):
                kept = {name: message[name] for name in ("user", "ts", "text") if name in message}
                new += await letters.listen(desk, {"channel": channel, **kept})
    if newest > since:
        async with desk.db.transaction(THE_CLOCK) as tx:
            await tx.letters.listened(channel, newest)
    return new


def _mark(at: datetime) -> str:
    return f"{at.timestamp():.6f}"
