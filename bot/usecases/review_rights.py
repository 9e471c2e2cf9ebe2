"""Who may do what with the papers of a review: the table of `review_access`, asked of the rows as they are now."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain import review_access
from bot.domain.consultation import Consultation
from bot.domain.review import Review
from bot.domain.review_access import Paper, Standing
from bot.domain.staff import Actor, Role
from bot.store.database import Reading, Transaction
from bot.usecases import review_desk
from bot.usecases.desk import Desk


async def entitled(
    desk: Desk, tx: Transaction, actor: Actor, review_id: str, paper: Paper
) -> tuple[Review, Consultation]:
    """Give a review and its consultation to whoever may do this with its papers, or raise `NotInvited`.

    Both are held until the commit.
    """
    review, consultation = await review_desk.both(tx, review_id)
    await must(desk, tx, actor, paper, review, consultation)
    return review, consultation


async def writing(desk: Desk, actor: Actor, review_id: str, paper: Paper) -> Consultation:
    """Look who writes, before what they wrote is read with the names of the case."""
    async with desk.db.reading(actor) as ask:
        consultation = await ask.consultations.get(await ask.reviews.consultation_of(review_id))
        await must(desk, ask, actor, paper, await ask.reviews.get(review_id), consultation)
        return consultation


async def must(
    desk: Desk,
    ask: Reading | Transaction,
    actor: Actor,
    paper: Paper,
    review: Review,
    consultation: Consultation,
) -> set[Role | Standing]:
    """Go on where the table lets this person do this, or raise `NotInvited`; give everything they are to the review."""
    of = await standings(desk, ask, actor, review, consultation)
    review_access.require(paper, of)
    return of


async def standings(
    desk: Desk,
    ask: Reading | Transaction,
    actor: Actor,
    review: Review,
    consultation: Consultation,
    tasks: Iterable[str] = (),
) -> set[Role | Standing]:
    """Everything this person is to this review now. `tasks`: those whose tasks it is asked about."""
    rules = desk.organisation.reviews
    return review_access.standings(
        actor,
        review,
        consultation,
        await ask.reviews.seats(review.id),
        ask.now,
        approved_at=await ask.review_papers.approved_at(review.id),
        keeps=rules.keeps,
        settled=rules.settled,
        tasks=tasks,
    )


async def until(desk: Desk, ask: Reading | Transaction, review: Review) -> datetime | None:
    """When those invited see the papers no more, as far as it is known."""
    approved_at = await ask.review_papers.approved_at(review.id)
    rules = desk.organisation.reviews
    return review_access.closes_at(review, rules.keeps, approved_at=approved_at, settled=rules.settled)
