"""A control: the same desk on a Bolt app as it comes, which acknowledges first and keeps afterwards.

Run as a program, with the settings of the bot. It must lose what it acknowledged when it is killed.
"""

import asyncio
from contextlib import AsyncExitStack

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

import handlers
from bot import config, logs, organisation, run
from bot.check import slack_is_ready
from bot.domain.consultation import Consultation, Status
from bot.store.database import open_database
from bot.usecases import callbacks, intake, letters
from bot.usecases.desk import Desk
from handlers.directory import Directory
from handlers.forms import Answers
from handlers.intake import receipt, request_of


def install(app: AsyncApp) -> None:
    """The three acts of the crowd, each acknowledged before anything is kept."""

    @app.action("callback.claim")
    async def claim(ack, action, actor, desk):
        await ack()
        await callbacks.claim(desk, actor, action["value"])

    @app.event("message")
    async def message(event, desk):
        await letters.listen(desk, {name: event[name] for name in ("user", "ts", "channel", "text")})

    @app.view("intake.submit")
    async def submit(ack, view, actor, desk):
        request = request_of(Answers.of(view))
        await ack(response_action="update", view=receipt(desk.organisation, hoped_for(desk, request)).view())
        await intake.receive(desk, actor, request, once=f"intake:{view['id']}")


def hoped_for(desk: Desk, request: intake.Request) -> Consultation:
    """A receipt can be drawn before there is anything to receive."""
    now = desk.db.clock()
    return Consultation(
        "",
        "R8-0000",
        2026,
        Status.RECEIVED,
        "slack",
        now,
        now,
        desk.promise(request.urgency, now),
        request.urgency,
    )


async def main() -> None:
    settings = config.load()
    logs.set_up("WARNING")
    async with AsyncExitStack() as closing:
        db = await closing.enter_async_context(
            open_database(settings.database_url, master_key=settings.master_key)
        )
        session = await closing.enter_async_context(aiohttp.ClientSession())
        bot_token = settings.slack_bot_token.get_secret_value()
        app_token = settings.slack_app_token.get_secret_value()
        slack = run._client(bot_token, settings.slack_api_url, session, patient=True)
        there = organisation.load(None)
        where = await slack_is_ready(slack, app_token, there)
        desk = Desk(db, there)

        async def authorize(**_):
            return AuthorizeResult(
                enterprise_id=None, team_id=where.team, bot_user_id=where.bot, bot_token=bot_token
            )

        app = AsyncApp(client=slack, authorize=authorize)
        install(app)
        directory = Directory(db, slack, where.team)
        handlers.install(app, desk, directory)
        sender = run._client(bot_token, settings.slack_api_url, session, patient=False)
        bot = run.Bot(desk, app, slack, directory, run._delivery(desk, sender), run._inbox(desk), where)
        await closing.enter_async_context(run._listening(bot, app_token))
        await run.until_told_to_stop(lambda: print("open", flush=True))


if __name__ == "__main__":
    asyncio.run(main())
