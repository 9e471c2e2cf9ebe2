"""Fifty people want the same call-back at the same moment, through the use case the button calls."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot import organisation
from bot.domain.casework import Contact
from bot.domain.events import Event
from bot.domain.refusals import AlreadyClaimed
from bot.domain.staff import Actor, Role
from bot.store.database import Database
from bot.usecases import callbacks, intake
from bot.usecases.desk import Desk

RACERS = 50
SUPPORTER = Actor("U_TAKAGI")

# Tries to claim for somebody; gives who holds it then. Whoever is named there has been told so.
Try = Callable[[Desk, Actor, str], Awaitable[str]]


@dataclass
class Race:
    """Who was told what. `winners`: the people told that a consultation is theirs."""

    attempts: int = 0
    winners: dict[str, set[str]] = field(default_factory=dict)
    told: dict[str, Counter[str]] = field(default_factory=dict)


def desk_on(db: Database) -> Desk:
    """A desk without Slack: the use cases themselves."""
    return Desk(db, organisation.load())


def racer(number: int) -> Actor:
    """One of the counselors."""
    return Actor(f"U_R{number}", frozenset({Role.COUNSELOR}))


async def waiting(
    desk: Desk, many: int, name: str = "race", who: Callable[[int], Actor] = lambda _number: SUPPORTER
) -> list[str]:
    """So many consultations that wait for a call; their ids. `name` tells one lot from another."""
    request = intake.Request(("approach",), "u3", Contact(phone="090-1234-5678"), ("any",))
    received = [
        await intake.receive(desk, who(number), request, once=f"{name}:{number}") for number in range(many)
    ]
    return [each.id for each in received]


async def by_the_use_case(desk: Desk, who: Actor, consultation: str) -> str:
    """The claim as the button makes it."""
    try:
        return str((await callbacks.claim(desk, who, consultation)).counselor)
    except AlreadyClaimed as refused:
        return refused.by


async def by_reading_first(desk: Desk, who: Actor, consultation: str) -> str:
    """A control: look, then write, and nobody asks whether it is still as it was."""
    async with desk.db.reading() as ask:
        found = await ask.consultations.get(consultation)
    if found.counselor is not None:
        return found.counselor
    async with desk.db.transaction(who) as tx:
        tx.connection.later(
            "UPDATE consultations SET status = 'claimed', counselor = :who WHERE id = :id",
            {"who": who.id, "id": consultation},
        )
    return who.id


async def race(desk: Desk, consultations: list[str], how: Try, seed: int = 1) -> Race:
    """Everybody tries everything, each in an order of their own, all at once."""
    result = Race(
        winners={each: set() for each in consultations}, told={each: Counter() for each in consultations}
    )

    async def runs(who: Actor) -> None:
        order = list(consultations)
        random.Random(f"{seed}{who.id}").shuffle(order)
        for consultation in order:
            holder = await how(desk, who, consultation)
            result.attempts += 1
            result.told[consultation][holder] += 1
            if holder == who.id:
                result.winners[consultation].add(who.id)

    async with asyncio.TaskGroup() as group:
        for number in range(RACERS):
            group.create_task(runs(racer(number)))
    return result


async def mistakes(desk: Desk, result: Race) -> list[str]:
    """What is wrong: more than one winner, somebody told another name, a row, a trail or a promise that differs."""
    wrong = []
    async with desk.db.reading() as ask:
        trail = [each for each in await ask.audit.trail() if each.event == Event.CLAIMED]
        claimed = Counter(each.subject for each in trail)
        for consultation, winners in result.winners.items():
            row = await ask.consultations.get(consultation)
            told = await ask.outbox.of(consultation)
            if winners != {row.counselor}:
                wrong.append(f"{consultation}: won by {sorted(winners)}, held by {row.counselor}")
            if set(result.told[consultation]) != {row.counselor}:
                wrong.append(f"{consultation}: people were told {dict(result.told[consultation])}")
            if claimed[consultation] != 1 or sum(each.template == "claimed" for each in told) != 1:
                wrong.append(f"{consultation}: {claimed[consultation]} claims in the trail")
        if await ask.audit.verify() is not None:
            wrong.append("the audit chain is broken")
    return wrong
