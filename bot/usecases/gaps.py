"""社会資源の不足: noted by kind wherever a consultation is written about, and summed by region for those who act on it."""

from collections.abc import Iterable

from bot import codes
from bot.domain.business_time import fiscal_year
from bot.domain.consultation import Consultation
from bot.domain.events import Event
from bot.domain.refusals import NotFound, NotYourRole
from bot.domain.staff import Actor, Role
from bot.store.database import Transaction
from bot.store.gaps import Summed
from bot.usecases.desk import Desk

SEE = frozenset({Role.COORDINATOR, Role.ORGANIZER})
HEARING, ACTIVITY, CLOSING, REVIEW = "hearing", "activity", "closing", "review"  # codes of `gap_sources`


async def note(tx: Transaction, consultation: Consultation, kinds: Iterable[str], source: str) -> None:
    """Note what was lacking for a consultation; each kind counts once, whoever notes it again.

    `source`: a code of `gap_sources`. What is on no list is left out.
    """
    codes.load("gap_sources").get(source)
    known = codes.load("resource_gap_kinds")
    new = [
        kind
        for kind in dict.fromkeys(kinds)
        if kind in known and await tx.gaps.note(consultation, kind, source)
    ]
    if new:
        await tx.audit.record(Event.GAP_NOTED, consultation.id, kinds=new, source=source)


async def of_year(desk: Desk, actor: Actor, year: int | None = None) -> Summed:
    """Sum up this fiscal year (`year` None), or the one before."""
    if not actor.has(*SEE):
        raise NotYourRole(tuple(sorted(SEE)))
    async with desk.db.reading(actor) as ask:
        this = fiscal_year(ask.now)
        if year not in {None, this, this - 1}:
            raise NotFound
        asked = this if year is None else year
        return Summed(asked, this, await ask.gaps.summed(asked))
