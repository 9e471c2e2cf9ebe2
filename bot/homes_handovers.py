"""つないだもの on somebody's Home: what they gave, as long as it is theirs to see, and what must come back."""

from dataclasses import dataclass, field

from bot.domain.handover import State
from bot.domain.staff import Role
from bot.store.database import Reading
from bot.usecases.handover_ways import TOLD, Linkage, linkages

MOST = 60


@dataclass(frozen=True, slots=True)
class Linkages:
    """What a Home tells about つなぎ. Lists may be longer than is shown."""

    given: list[Linkage] = field(default_factory=list)
    to_return: list[Linkage] = field(default_factory=list)


async def facts(ask: Reading, user: str, roles: frozenset[Role]) -> Linkages:
    """Read it. The giver sees where it is, not what is in it; who has left the desk sees nothing."""
    if not roles & TOLD:
        return Linkages()
    given = [each for each in await ask.handovers.given_by(user) if each.in_sight(ask.now)]
    back = await ask.handovers.waiting(State.RETURN_ASKED) if Role.COORDINATOR in roles else []
    return Linkages(await linkages(ask, given[:MOST]), await linkages(ask, back[:MOST]))
