"""A counselor who searches the library: what lies in it, and what they find."""

from bot.domain.precedents import Filters
from bot.usecases import precedents
from tests.precedents import record, released

COUNSELOR = "U_SATO"


async def found(desk, text: str = "", consultation: str | None = None, **filters) -> list[str]:
    """The ids of what a counselor finds, nearest first."""
    answer = await precedents.search(
        desk.bot.desk, await desk.actor(COUNSELOR), text, Filters(**filters), consultation
    )
    return [each.record.id for each in answer.hits]


async def told(desk, *names: str, **changes) -> None:
    """These of the thirty, released, with these facts."""
    await released(desk.bot.desk, *(record(name, **changes) for name in names))
