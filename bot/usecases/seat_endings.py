"""Seats nobody took in time: an offer runs out, or it begins while somebody still waits. The clock asks for both."""

from bot.domain.events import Event
from bot.domain.refusals import NotFound
from bot.domain.seats import Participation, Place
from bot.domain.training import Training
from bot.store.database import Transaction
from bot.usecases.desk import Desk
from bot.usecases.training_desk import pass_on, show, tell, tell_organizer


async def lapse(desk: Desk, tx: Transaction, participation_id: str) -> None:
    """An offer was not answered in time: it goes to the next, and whoever had it is told kindly."""
    try:
        part = await tx.participations.get(participation_id)
    except NotFound:
        return
    training = await tx.trainings.get(part.training)
    part = await tx.participations.get(participation_id)
    if part.status is not Place.OFFERED or part.offer_expires_at is None:
        return
    if part.offer_expires_at > tx.now:
        await tx.timers.set(part.id, "t_offer", part.offer_expires_at)
        return
    starts = training.plan.starts_at
    if starts is not None and part.offer_expires_at >= starts:
        await begun(tx, training)  # it ran until the beginning: nobody is the next
        return
    lapsed = await tx.participations.move(part, part.placed(Place.LAPSED))
    await tx.audit.record(Event.SEAT_LAPSED, training.id, participation=lapsed.id)
    await tell(tx, lapsed, "seat_lapsed", str(lapsed.version))
    await _to_be_called(tx, training, "seat_lapsed", [lapsed])
    offered = await pass_on(tx, desk, training)
    await show(tx, training, lapsed.person, *(each.person for each in offered))


async def begun(tx: Transaction, training: Training) -> None:
    """It begins: who waited in vain is told, once, and nobody is offered anything any more."""
    waited: list[Participation] = []
    for part in await tx.participations.of_training(training.id):
        if part.status in {Place.WAITLISTED, Place.OFFERED}:
            await tx.timers.cancel(part.id, "t_offer")
            lapsed = await tx.participations.move(part, part.placed(Place.LAPSED))
            await tx.audit.record(Event.SEAT_LAPSED, training.id, participation=lapsed.id)
            offered = part.status is Place.OFFERED
            await tell(tx, lapsed, "seat_in_vain", str(lapsed.version), offered=offered)
            waited.append(lapsed)
    await _to_be_called(tx, training, "seat_in_vain", waited)
    await show(tx, training, *(each.person for each in waited))


async def _to_be_called(tx: Transaction, training: Training, about: str, parts: list[Participation]) -> None:
    """Those who have no Slack hear by telephone what `about` tells the others: the organizer is told, once."""
    by_phone = [f"{each.id}:{each.version}" for each in parts if each.person is None]
    if by_phone:
        await tell_organizer(tx, training, "people_to_call", f"{about}:{by_phone[0]}", about=about)
