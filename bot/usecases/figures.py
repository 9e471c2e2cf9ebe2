"""Figures of a fiscal year's trainings, for the report: read, or asked for as a file."""

from bot.domain import entitlement
from bot.domain.business_time import fiscal_year
from bot.domain.events import Event
from bot.domain.refusals import NotFound
from bot.domain.staff import Actor, Role
from bot.store.training_figures import Figures
from bot.usecases.desk import Desk

SEE = frozenset({Role.ORGANIZER, Role.COORDINATOR, Role.SUPERVISOR})


async def of_year(desk: Desk, actor: Actor, year: int | None = None) -> Figures:
    """Count this fiscal year (`year` None), or the one before."""
    async with desk.db.reading(actor) as ask:
        return await ask.training_figures.of_year(_allowed(actor, fiscal_year(ask.now), year))


async def sheet(desk: Desk, actor: Actor, year: int, *, once: str) -> None:
    """Promise the figures as a file, in the direct message of whoever asks. `once`: the press."""
    async with desk.db.transaction(actor) as tx:
        year = _allowed(actor, fiscal_year(tx.now), year)
        await tx.audit.record(Event.PAPER_PRINTED, f"figures:{year}", paper="figures_sheet")
        await tx.outbox.add(
            "figures_sheet",
            op="upload",
            to=actor.id,
            key=f"figures_sheet:{year}:{actor.id}:{once}",
            year=year,
        )


def _allowed(actor: Actor, this: int, year: int | None) -> int:
    entitlement.require_role(actor, SEE)
    if year is None:
        return this
    if year not in {this, this - 1}:
        raise NotFound
    return year
