"""同意: written down as it was said, taken back in whole or in part, and what was sent under it asked back."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot import codes
from bot.domain import entitlement
from bot.domain.agreement import Agreement, Answer, Withdrawal
from bot.domain.consultation import ENDED, Consultation
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.handover import ASKED_BY_DESK, OUT, Package, PackageMovedOn, State, Way
from bot.domain.refusals import InTheFuture, Missing, TooLate
from bot.domain.staff import THE_CLOCK, Actor
from bot.store.database import Transaction
from bot.usecases.desk import Desk, tell
from bot.usecases.handover_files import letter, take_down
from bot.usecases.handover_ways import Office, at_the_desk, dropped, held, office_of, receiver_of
from bot.usecases.handovers import Overview, overview
from bot.usecases.package_content import FIELDS, hashes

TOLD_FOR = timedelta(days=14)  # an agreement that ended longer ago is no news


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody was asked and said, as it is entered."""

    answer: str
    who: str | None
    how: str | None
    relation: str | None
    fields: tuple[str, ...]
    offices: tuple[Office, ...]
    given_on: date | None
    until: date | None


async def record(desk: Desk, actor: Actor, consultation_id: str, asked: Asked, *, once: str) -> Agreement:
    """Write down what somebody said when they were asked. `once`: the form it came from."""
    offices = [await office_of(each) for each in asked.offices]
    if asked.given_on is None:
        raise Missing("given_on")
    if asked.answer == Answer.GIVEN and asked.until is None:
        raise Missing("until")
    async with desk.db.transaction(actor) as tx:
        consultation = await tx.consultations.get(consultation_id)
        entitlement.require(actor, Act.AGREE, consultation)
        new_id = tx.new_id()
        if (made := await tx.casework.once(once, new_id)) is not None:
            return await tx.handovers.agreement(made)
        if consultation.status in ENDED:
            raise TooLate(consultation.status)
        given = asked.answer == Answer.GIVEN
        receivers = [await receiver_of(tx, desk.organisation, each) for each in offices if given]
        agreement = Agreement(
            new_id, consultation.id, Answer(asked.answer), _listed("agreement_people", asked.who, "who"),
            _listed("agreement_ways", asked.how, "how"), asked.relation,
            tuple(each for each in FIELDS if each in asked.fields), tuple(each.id for each in receivers),
            asked.given_on, asked.until or asked.given_on, actor.id, asked.given_on,
        ).checked(tx.today)  # fmt: skip
        for each in receivers:
            await tx.handovers.add_receiver(consultation.id, each)
        await tx.handovers.add_agreement(agreement)
        await tx.audit.record(
            Event.AGREEMENT_RECORDED, consultation.id, agreement=agreement.id, answer=agreement.answer,
            fields=agreement.fields, receivers=agreement.receivers, until=agreement.until,
        )  # fmt: skip
        if agreement.answer is Answer.REFUSED:
            for package in await tx.handovers.packages_of(consultation.id):
                if package.state is State.DRAFT and package.way is Way.CONSENT:
                    await dropped(tx, package)
        return agreement


async def take_back(
    desk: Desk, actor: Actor, agreement_id: str, taken: Withdrawal, *, once: str
) -> list[Package]:
    """Write down that an agreement, or a part of it, is taken back; gives every package that is asked back.

    Also from a consultation that is closed: what was sent is still out there.
    """
    _listed("withdrawal_ways", taken.how, "how")
    async with desk.db.transaction(actor) as tx:
        agreement = await tx.handovers.agreement(agreement_id)
        consultation = await tx.consultations.get(agreement.consultation)
        entitlement.require(actor, Act.AGREE, consultation)
        agreement = await tx.handovers.agreement(agreement_id)
        if taken.on > tx.today:
            raise InTheFuture("on")
        if agreement.answer is not Answer.GIVEN or agreement.withdrawn_on is not None:
            return []
        if await tx.casework.once(once, agreement.id) is not None:
            return []
        left = agreement.withdrawn(taken)
        await tx.handovers.take_back(agreement, left, taken)
        await tx.audit.record(
            Event.AGREEMENT_WITHDRAWN, consultation.id, agreement=agreement.id, on=taken.on, how=taken.how,
            receivers=taken.receivers, fields=taken.fields, whole=left.withdrawn_on is not None,
        )  # fmt: skip
        whole = left.withdrawn_on is not None
        because = "withdrawn" if whole else "narrowed"
        return [
            await _ask_back(tx, desk, consultation, each, because)
            for each in await tx.handovers.packages_under(agreement.id)
            if (whole or taken.touches(each.receiver, each.fields)) and each.state in {*OUT, State.DRAFT}
        ]


async def ask_back(desk: Desk, actor: Actor, package_id: str) -> Package:
    """Ask for one sheet back, because the desk wants it back: it went astray, or is needed no more. Twice is once."""
    async with desk.db.transaction(actor) as tx:
        consultation, package = await held(tx, actor, package_id)
        if package.state in {State.RETURN_ASKED, State.RETURNED}:
            return package
        if package.state is State.DRAFT:
            raise PackageMovedOn(package.state)
        return await _ask_back(tx, desk, consultation, package, ASKED_BY_DESK)


async def under(desk: Desk, actor: Actor, agreement_id: str) -> tuple[Overview, Agreement]:
    """Look at an agreement and all that hangs on it."""
    async with desk.db.reading(actor) as ask:
        agreement = await ask.handovers.agreement(agreement_id)
    return await overview(desk, actor, agreement.consultation), agreement


async def _ask_back(
    tx: Transaction, desk: Desk, consultation: Consultation, package: Package, because: str
) -> Package:
    """Ask the receiver for it, whatever they answered; what never went out is dropped."""
    if package.state is State.DRAFT:
        return await dropped(tx, package)
    asked = package.asked_back(because, tx.now, hashes(package.id, tx.handovers.token(package.id, "return")))
    await tx.handovers.move(package, asked)
    await tx.audit.record(
        Event.PACKAGE_RETURN_ASKED, consultation.id, package=package.id, before=package.state, because=because
    )
    receiver = await tx.handovers.receiver(package.receiver)
    if receiver.person:
        await tell(tx, receiver.person, "package_return", consultation, package.id, package=package.id)
    await tell(
        tx, desk.organisation.channels.coordinators, "return_asked", consultation, package.id, package=package.id
    )  # fmt: skip
    for person in dict.fromkeys((tx.actor.id, *await at_the_desk(tx, [package.sent_by]))):
        await letter(tx, package, person, "asked")
        await tx.outbox.home(person)
    await take_down(tx, await tx.handovers.files_of(asked))
    return asked


async def over(desk: Desk) -> None:
    """Tell, once, of agreements whose last day is behind: nothing new goes out under them; what now?"""
    async with desk.db.transaction(THE_CLOCK) as tx:
        if not desk.organisation.calendar.is_open(tx.now):
            return
        for each in await tx.handovers.ended_between(tx.today - TOLD_FOR, tx.today):
            consultation = await tx.consultations.get(each.consultation)
            out = sum(p.state in OUT for p in await tx.handovers.packages_under(each.id))
            to = consultation.counselor or desk.organisation.channels.coordinators
            if out or consultation.status not in ENDED:
                await tell(
                    tx, to, "agreement_over", consultation, f"{each.id}:{each.until}", agreement=each.id, out=out
                )  # fmt: skip


def _listed(name: str, code: str | None, field: str) -> str:
    if code is None or code not in codes.load(name):
        raise Missing(field)
    return code
