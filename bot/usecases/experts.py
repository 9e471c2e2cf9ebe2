"""What those who sit in reviews state about themselves, and what a coordinator notes about them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.directory import Agency
from bot.domain.events import Event
from bot.domain.expert import SITTING, WAYS, Expert, NotAnExpert, Stretch, with_days_off
from bot.domain.refusals import Changed, Missing, NotAllowed
from bot.domain.staff import Actor, Role
from bot.store.database import Transaction
from bot.usecases.desk import Desk
from bot.usecases.directory import places

DESCRIBE = frozenset({Role.COORDINATOR})


@dataclass(frozen=True, slots=True)
class Stated:
    """When somebody can. `off`: the days off that stay; `since` and `until`: more of them. `version`: what was shown."""

    hours: dict[int, tuple[Stretch, ...]]
    off: tuple[date, ...]
    since: date | None
    until: date | None
    most: int | None
    ways: tuple[str, ...]
    version: int


async def of(desk: Desk, actor: Actor, staff: str) -> Expert:
    """Open what is known of somebody: they themselves, or a coordinator."""
    async with desk.db.reading(actor) as ask:
        expert = await ask.experts.get(staff)
    _must_be_theirs(actor, staff)
    if not expert.active:
        raise NotAnExpert
    return expert


async def everybody(desk: Desk, actor: Actor) -> tuple[list[Expert], dict[str, Agency]]:
    """Those who may be invited, and the agencies in use, by id, with those they belong to."""
    if not actor.has(*DESCRIBE):
        raise NotAllowed
    async with desk.db.reading(actor) as ask:
        experts = await ask.experts.all(ask.now)
        agencies = {each.id: each for each in await ask.agencies.all()}
        for each in experts:
            if each.agency and each.agency not in agencies:
                agencies[each.agency] = await ask.agencies.get(each.agency)
    return experts, agencies


async def state(desk: Desk, actor: Actor, staff: str, stated: Stated) -> Expert:
    """Keep when somebody can. They say it themselves, or a coordinator writes it for them. The same twice is once."""
    _must_be_theirs(actor, staff)
    if not stated.ways or not set(stated.ways) <= set(WAYS):
        raise Missing("ways")
    async with desk.db.transaction(actor) as tx:
        before = await _sitting(tx, staff)
        off = with_days_off(stated.off, stated.since, stated.until, tx.today)
        hours = {day: each for day, each in stated.hours.items() if each}
        after = replace(before, hours=hours, days_off=off, most=stated.most, ways=_in_order(stated.ways))
        return await _keep(tx, before, after, stated.version, "availability")


async def describe(
    desk: Desk,
    actor: Actor,
    staff: str,
    *,
    agency: str | None,
    municipalities: tuple[str, ...],
    honorarium: int | None,
    version: int,
) -> Expert:
    """Note what somebody belongs to, which decides about conflicts, and the honorarium. The same twice is once."""
    if not actor.has(*DESCRIBE):
        raise NotAllowed
    async with desk.db.transaction(actor) as tx:
        before = await _sitting(tx, staff)
        if agency is not None:
            await tx.agencies.get(agency)
        known = places(desk.organisation)
        towns = tuple(each for each in known if each in municipalities)
        after = replace(before, agency=agency, municipalities=towns, honorarium=honorarium)
        return await _keep(tx, before, after, version, "belonging")


def _must_be_theirs(actor: Actor, staff: str) -> None:
    if not (actor.has(*DESCRIBE) or (actor.id == staff and actor.has(*SITTING))):
        raise NotAllowed


async def _sitting(tx: Transaction, staff: str) -> Expert:
    expert = await tx.experts.get(staff)
    if not expert.active:
        raise NotAnExpert
    return expert


async def _keep(tx: Transaction, before: Expert, after: Expert, version: int, what: str) -> Expert:
    if after == before and before.version:
        return before
    if version != before.version:
        raise Changed
    after = replace(after, stated_at=tx.now if what == "availability" else before.stated_at)
    await tx.experts.keep(after)
    await tx.audit.record(Event.EXPERT_STATED, after.staff, what=what)
    return after


def _in_order(ways: Iterable[str]) -> tuple[str, ...]:
    return tuple(each for each in WAYS if each in set(ways))
