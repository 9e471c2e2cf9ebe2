"""A Slack that fails as told, a client of it, and a delivery that speaks to it."""

import pytest
from aiohttp import ClientSession, web
from slack_sdk.web.async_client import AsyncWebClient

from tests.faults.sender import Post
from tests.faults.slack_like import SlackLike


@pytest.fixture
async def slack():
    space = SlackLike()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", space.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    space.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    yield space
    await runner.cleanup()


@pytest.fixture
async def client(slack):
    async with ClientSession() as session:
        yield AsyncWebClient("xoxb-x", base_url=slack.url, session=session, retry_handlers=[], timeout=5)


@pytest.fixture
def post(db, client, clock):
    return Post(db, client, clock)
