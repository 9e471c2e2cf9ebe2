"""The floor: a Bolt app that acknowledges a press and does nothing else. As a program, over Socket Mode."""

import asyncio

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot import config, logs
from bot.run import until_told_to_stop
from bot.sockets import Sockets


def noop_app(slack: AsyncWebClient) -> AsyncApp:
    """An app as the bot makes it, with one listener."""

    async def authorize(**_):
        return AuthorizeResult(
            enterprise_id=None, team_id="T_PRACTICE", bot_user_id="U_YORISOI", bot_token=slack.token
        )

    app = AsyncApp(client=slack, authorize=authorize, process_before_response=True)

    @app.action("callback.claim")
    async def nothing(ack):
        await ack()

    return app


async def main() -> None:
    settings = config.load()
    logs.set_up("WARNING")
    async with aiohttp.ClientSession() as session:
        slack = AsyncWebClient(
            settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url, session=session
        )
        sockets = Sockets(noop_app(slack), settings.slack_app_token.get_secret_value(), slack)
        await sockets.start()
        await until_told_to_stop(lambda: print("open", flush=True))
        await sockets.close()


if __name__ == "__main__":
    asyncio.run(main())
