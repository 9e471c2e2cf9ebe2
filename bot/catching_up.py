"""Direct messages that came while nobody listened are fetched from Slack, from where the desk last read."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.staff import THE_CLOCK
from bot.logs import where
from bot.store.trouble import StorageTrouble
from bot.usecases import letters
from bot.usecases.desk import Desk
from handlers.directory import Directory
from handlers.letters import as_written, is_a_persons

log = logging.getLogger(__name__)

PAGE = 100
LOOK_EVERY = 60.0
CATCH_UP_EVERY = 30  # looks
AT_EASE = 1.2  # seconds between two conversations, once there are many: Slack allows about 50 a minute
FEW = 20
OVERLAP = timedelta(hours=1)  # no two clocks agree, and catching up takes a while


async def for_ever(
    desk: Desk, slack: AsyncWebClient, directory: Directory, listening: Callable[[], bool]
) -> None:
    """Catch up at once, every half hour and after nobody listened. What goes wrong is tried again a minute later."""
    looks, missed = 0, False
    while True:
        try:
            if missed or looks % CATCH_UP_EVERY == 0:
                await once(desk, slack, directory)
            missed = not listening()
            looks += 1
        except (SlackApiError, aiohttp.ClientError, StorageTrouble, TimeoutError, OSError) as trouble:
            log.warning("could not catch up: %s", type(trouble).__name__)
        except Exception as error:  # noqa: BLE001 - one odd answer must not end the listening for good
            log.error("could not catch up: %s at %s", type(error).__name__, where(error))  # noqa: TRY400
        await asyncio.sleep(LOOK_EVERY)


async def once(desk: Desk, slack: AsyncWebClient, directory: Directory) -> int:
    """Fetch what is newer than the last message fetched in each direct message; give how many were new.

    Only this moves the positions: what Slack brings by itself may follow a message that got lost. What is fetched
    though it came already has its key in the inbox. A conversation never read before is read from when the desk last
    caught up; at the very first start, from now.
    """
    async with desk.db.reading() as ask:
        positions = await ask.letters.positions()
        last = await ask.timers.last_tick(letters.CAUGHT_UP)
        since = _mark(last - OVERLAP if last else ask.now)
    places: list[dict[str, Any]] = []
    async for page in await slack.conversations_list(types="im", limit=PAGE):
        places += [each for each in page["channels"] if not each.get("is_user_deleted")]
    new = 0
    for place in places:
        new += await _fetch(desk, slack, directory, place["id"], positions.get(place["id"], since))
        if len(places) > FEW:
            await asyncio.sleep(AT_EASE)
    async with desk.db.transaction(THE_CLOCK) as tx:
        await tx.timers.ticked(letters.CAUGHT_UP)
    return new


async def _fetch(desk: Desk, slack: AsyncWebClient, directory: Directory, channel: str, since: str) -> int:
    new, newest = 0, since
    async for page in await slack.conversations_history(channel=channel, oldest=since, limit=PAGE):
        for message in page["messages"]:
            newest = max(newest, message["ts"])
            if is_a_persons(message) and await directory.belongs(message["user"]):
                new += await letters.listen(desk, as_written(message, channel))
    if newest > since:
        async with desk.db.transaction(THE_CLOCK) as tx:
            await tx.letters.listened(channel, newest)
    return new


def _mark(at: datetime) -> str:
    return f"{at.timestamp():.6f}"
