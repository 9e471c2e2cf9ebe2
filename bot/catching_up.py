"""Direct messages that came while nobody listened are fetched from Slack, from where the desk last read."""

import asyncio
import logging

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.staff import THE_CLOCK
from bot.store.trouble import StorageTrouble
from bot.usecases import letters
from bot.usecases.desk import Desk
from handlers.letters import is_a_persons

log = logging.getLogger(__name__)
PAGE = 100


async def for_ever(desk: Desk, slack: AsyncWebClient, every: float) -> None:
    """Catch up at once, and again and again: Slack may bring an event hours late, or never."""
    while True:
        try:
            await once(desk, slack)
        except (SlackApiError, aiohttp.ClientError, StorageTrouble, TimeoutError, OSError) as trouble:
            log.warning("could not catch up: %s", type(trouble).__name__)
        await asyncio.sleep(every)


async def once(desk: Desk, slack: AsyncWebClient) -> int:
    """Fetch what is newer than the last message read in each direct message; give how many were new.

    A direct message never listened to before starts now: what was written before the desk opened is not answered.
    """
    async with desk.db.reading() as ask:
        positions = await ask.letters.positions()
    new = 0
    async for page in await slack.conversations_list(types="im", limit=PAGE):
        for place in page["channels"]:
            channel = place["id"]
            if channel not in positions:
                await _begin(desk, channel)
            elif not place.get("is_user_deleted"):
                new += await _fetch(desk, slack, channel, positions[channel])
    return new


async def _begin(desk: Desk, channel: str) -> None:
    async with desk.db.transaction(THE_CLOCK) as tx:
        await tx.letters.listened(channel, f"{tx.now.timestamp():.6f}")


async def _fetch(desk: Desk, slack: AsyncWebClient, channel: str, since: str) -> int:
    new, newest = 0, since
    async for page in await slack.conversations_history(channel=channel, oldest=since, limit=PAGE):
        for message in page["messages"]:
            newest = max(newest, message["ts"])
            if is_a_persons(message):
                kept = {
                    "channel": channel,
                    **{name: message[name] for name in ("user", "ts", "text") if name in message},
                }
                new += await letters.listen(desk, kept)
    if newest > since:
        async with desk.db.transaction(THE_CLOCK) as tx:
            await tx.letters.listened(channel, newest)
    return new
