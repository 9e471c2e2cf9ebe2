"""A control: the same desk on a Bolt app as it comes, which acknowledges first and keeps afterwards.

Run as a program, with the settings of the bot. It must lose what it acknowledged when it is killed.
"""

import asyncio

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

import handlers
from bot import config, logs, run
from bot.domain.consultation import Consultation, Status
from bot.usecases import callbacks, intake, letters
from bot.usecases.desk import Desk
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
    bot_token = settings.slack_bot_token.get_secret_value()
    app_token = settings.slack_app_token.get_secret_value()
    tokens = {"bot_token": bot_token, "app_token": app_token, "api_url": settings.slack_api_url}
    async with run.put_together(settings, **tokens, listen=False, tick=False) as bot:

        async def authorize(**_):
            return AuthorizeResult(
                enterprise_id=None, team_id=bot.where.team, bot_user_id=bot.where.bot, bot_token=bot_token
            )

        bot.app = AsyncApp(client=bot.slack, authorize=authorize)
        install(bot.app)  # first come, first served: ours before the desk's own
        handlers.install(bot.app, bot.desk, bot.directory)
        async with run._listening(bot, app_token):
            await run.until_told_to_stop(lambda: print("open", flush=True))


if __name__ == "__main__":
    asyncio.run(main())
