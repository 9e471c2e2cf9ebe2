"""What is said about reviews, made at the moment of saying it. It tells times, places and codes: nothing of the case."""

from datetime import datetime
from typing import Any

from bot.domain.review import Review, Seat, Slot, Stage
from bot.messages import Document, Message, render
from bot.organisation import Organisation
from bot.store.database import Reading
from bot.store.outbox import OutboxRow

INSTANTS = ("best",)
# Asked again only while there is something to answer.
TIMELY = frozenset({"review_reminder", "review_again"})


async def compose(ask: Reading, row: OutboxRow, organisation: Organisation) -> Message | Document | None:
    """Make what a row about a review promises, from what is true now. None: there is nothing to say any more."""
    review = await ask.reviews.get(str(row.facts["review"]))
    told = await about(ask, review, row.to)
    told |= {name: each for name, each in row.facts.items() if name not in {"review", "consultation"}}
    for name in INSTANTS:
        if told.get(name):
            told[name] = datetime.fromisoformat(str(told[name]))
    if row.op == "upload":
        from bot.reports import review_calendar  # with the first such file: it takes memory

        return review_calendar.paper(told, organisation)
    if row.template in TIMELY and not _to_answer(review, told["s"], ask.now):
        return None
    return render(f"messages/{row.template}", **told, organisation=organisation)


async def about(ask: Reading, review: Review, to: str) -> dict[str, Any]:
    """What every template about a review is told: `r`, `c` its consultation, `s` the reader's own seat or None, the
    slots that stand, who is there, `now`.
    """
    seats = await ask.reviews.seats(review.id)
    slots: list[Slot] = await ask.reviews.slots(review.id)
    return {
        "r": review,
        "c": await ask.consultations.get(review.consultation),
        "s": next((each for each in seats if each.staff == to), None),
        "seats": [each for each in seats if each.there],
        "slots": [each for each in slots if not each.withdrawn],
        "over": review.polled_until(ask.now),
        "now": ask.now,
    }


def _to_answer(review: Review, seat: Seat | None, now: datetime) -> bool:
    waits = seat is not None and seat.there and seat.answered_at is None
    return waits and review.stage is Stage.POLLING and not review.polled_until(now)
