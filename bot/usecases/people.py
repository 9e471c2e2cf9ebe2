"""Who works at the desk: roles granted and taken back, and what happens to the work of those who leave."""

from bot.domain.events import Event
from bot.domain.refusals import LastAdmin, NotAllowed
from bot.domain.review import DISCIPLINE_OF
from bot.domain.staff import THE_CLOCK, Actor, Role
from bot.store.database import Transaction
from bot.usecases import review_times
from bot.usecases.desk import Desk, show, tell, tell_coordinators, waits_again

GRANTABLE = frozenset(Role) - {Role.SYSTEM}
HOLDING = frozenset({Role.COUNSELOR, Role.COORDINATOR})


async def grant(desk: Desk, actor: Actor, person: str, role: Role) -> None:
    """Give somebody a role. Only an admin, or the desk itself at set-up, may."""
    _must_administer(actor)
    if role not in GRANTABLE:
        raise NotAllowed
    async with desk.db.transaction(actor) as tx:
        if role in await tx.staff.roles_of(person):
            return
        await tx.staff.grant(person, role)
        await tx.audit.record(Event.ROLE_GRANTED, person, role=role)
        await tx.outbox.home(person)


async def revoke(desk: Desk, actor: Actor, person: str, role: Role) -> None:
    """Take a role back. What the person held open goes back to the queue at once."""
    _must_administer(actor)
    async with desk.db.transaction(actor) as tx:
        held = await tx.staff.roles_of(person)
        if role not in held:
            return
        if role is Role.ADMIN and not actor.has(Role.SYSTEM) and await tx.staff.holders_of(role) == [person]:
            raise LastAdmin
        await tx.staff.revoke(person, role)
        await tx.audit.record(Event.ROLE_REVOKED, person, role=role)
        await tx.outbox.home(person)
        left = set(held) - {role}
        brings = {DISCIPLINE_OF[each] for each in left if each in DISCIPLINE_OF}
        await review_times.leave(tx, desk, person, brings)
        if not HOLDING & left:
            await _hand_back(desk, tx, person)


async def left(desk: Desk, person: str) -> None:
    """Somebody was deactivated in Slack, or is a member no more: every role ends, and what they held waits for hand-over."""
    async with desk.db.transaction(THE_CLOCK) as tx:
        for role in sorted(await tx.staff.roles_of(person)):
            await tx.staff.revoke(person, role)
            await tx.audit.record(Event.ROLE_REVOKED, person, role=role)
        await review_times.leave(tx, desk, person, ())
        await _hand_back(desk, tx, person)


async def _hand_back(desk: Desk, tx: Transaction, person: str) -> None:
    for consultation in await tx.consultations.held_by(person):
        released = consultation.released()
        await tx.consultations.move(consultation, released)
        await tx.audit.record(Event.RELEASED, released.id, by_holder=False)
        await tell_coordinators(tx, desk, "left_open", released, str(consultation.version))
        await waits_again(tx, released)
        await review_times.follow(tx, desk, consultation, released)
        await show(tx, desk, released, consultation.handover_to)
    for consultation in await tx.consultations.offered_to(person):
        declined = consultation.handover_declined(person)
        await tx.consultations.move(consultation, declined)
        await tx.audit.record(Event.HANDOVER_DECLINED, declined.id)
        await tell(tx, declined.counselor, "handover_declined", declined, str(consultation.version))
        await show(tx, desk, declined)


def _must_administer(actor: Actor) -> None:
    if not actor.has(Role.ADMIN, Role.SYSTEM):
        raise NotAllowed
