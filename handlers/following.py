"""One tap, two weeks later: was it tried, did it help, how heavy is it now."""

from bot.domain.staff import Actor
from bot.usecases import following
from bot.usecases.desk import Desk
from handlers.routing import Routes

routes = Routes()

# What each tap says, as the codes of bot/codes/follow_up_answers.json and heaviness.json.
ANSWERS = ("helped", "hard", "not_yet", "again")
HEAVINESS = ("lighter", "same", "heavier")


def _answer(code: str) -> None:
    @routes.button(f"follow_up.{code}")
    async def tap(value: str, actor: Actor, desk: Desk) -> None:
        """Say, in one tap, how the advice went."""
        consultation, _, question = value.partition("/")
        await following.answer(desk, actor, consultation, question, answer=code)


def _weight(code: str) -> None:
    @routes.button(f"heaviness.{code}")
    async def tap(value: str, actor: Actor, desk: Desk) -> None:
        """Say, in one tap, how heavy it feels now."""
        consultation, _, question = value.partition("/")
        await following.answer(desk, actor, consultation, question, heaviness=code)


for each in ANSWERS:
    _answer(each)
for each in HEAVINESS:
    _weight(each)
