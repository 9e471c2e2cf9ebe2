"""After a sheet went out: what its receiver said, when it came back, and who is reminded. Each is one complete change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot import codes
from bot.domain.agreement import Receiver
from bot.domain.certificate import TRIES, TRIES_WITHIN, TooManyLookups, typed_number
from bot.domain.consultation import Consultation
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.handover import (
    REMIND_AFTER,
    AnswerButtonOver,
    NoSuchAnswerCode,
    Package,
    PackageMovedOn,
    State,
)
from bot.domain.refusals import Missing, NotAllowed, NotFound
from bot.domain.staff import THE_CLOCK, Actor
from bot.store.database import Transaction
from bot.usecases import case_names
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import NOTHING, Desk, no_my_number, screened, screened_about, tell
from bot.usecases.handover_files import letter, papers
from bot.usecases.handover_ways import TOLD, at_the_desk, held, local_names
from bot.usecases.package_content import Content, fits

ENTER = TOLD  # who may enter an answer that came with its code
ACCEPTED, REJECTED, RETURNED = "accepted", "rejected", "returned"


@dataclass(frozen=True, slots=True)
class Said:
    """What a receiver said. `answer`: accepted, rejected or returned; `reason` is a code, `words` their own."""

    answer: str | None
    reason: str | None = None
    words: str = ""
    names: Confirmed = NOTHING


@dataclass(frozen=True, slots=True)
class Opened:
    """A package with all that is in it."""

    consultation: Consultation
    package: Package
    receiver: Receiver
    content: Content | None
    reply: str
    local: Mapping[str, str]


async def opened(desk: Desk, actor: Actor, package_id: str) -> Opened:
    """Open a package: what was sent, and what was said. The reading is audited."""
    async with desk.db.transaction(actor) as tx:
        consultation, package = await held(tx, actor, package_id)
        await tx.audit.record(Event.PACKAGE_READ, consultation.id, package=package.id)
        receiver = await tx.handovers.receiver(package.receiver)
        content = None
        if package.state is not State.DROPPED:
            content = Content.read(await tx.handovers.content(package))
        local = (await local_names(tx, [receiver])).get(receiver.municipality, {})
        reply = await tx.handovers.reply(package)
        return Opened(consultation, package, receiver, content, reply, local)


async def answer(desk: Desk, actor: Actor, package_id: str, said: Said) -> Package:
    """Enter what a receiver said by telephone, paper or mail; for the counselor and the coordinators."""
    consultation_id = await _consultation(desk, actor, package_id)
    words = await screened_about(desk, actor, Act.HAND_ON, consultation_id, {"words": said.words}, said.names)
    async with desk.db.transaction(actor) as tx:
        consultation, package = await held(tx, actor, package_id)
        await case_names.confirm(tx, consultation.id, words.said)
        return await _answered(tx, desk, consultation, package, said, words["words"])


async def answer_by_code(desk: Desk, actor: Actor, number: str, code: str, said: Said) -> Package:
    """Enter it with the number and the code that stand on the paper, without seeing the case. The code serves once.

    Raises `NoSuchAnswerCode` and, after ten tries within ten minutes, `TooManyLookups`.
    """
    if not actor.has(*ENTER):
        raise NotAllowed
    words = await screened({"words": said.words}, said.names)
    no_my_number({"number": number, "code": code})
    number, code = typed_number(number), typed_number(code).replace("-", "")
    async with desk.db.transaction(actor) as tx:
        await _count_try(tx, actor)
        package = await _of_code(tx, number, code)
        if package is not None:
            consultation = await tx.consultations.get(package.consultation)
            return await _answered(tx, desk, consultation, package, said, words["words"])
        await tx.audit.record(Event.REFUSED, actor.id, why="answer_code")
    raise NoSuchAnswerCode


async def answer_by_token(desk: Desk, actor: Actor, package_id: str, token: str, said: Said) -> Package:
    """The receiver answers by the button in their own direct message; it serves once. Pressed twice, it is one answer."""
    words = await screened({"words": said.words}, said.names)
    async with desk.db.transaction(actor) as tx:
        package = await tx.handovers.package(package_id)
        consultation = await tx.consultations.get(package.consultation)
        package = await tx.handovers.package(package_id)
        receiver = await tx.handovers.receiver(package.receiver)
        if receiver.person != actor.id:
            raise NotAllowed
        if package.state == said.answer and package.answered_through == actor.id:
            return package
        if package.token_hash is None:
            raise PackageMovedOn(package.state)
        if not _in_time(package, tx.now) or not fits(package, token=token):
            raise AnswerButtonOver
        return await _answered(tx, desk, consultation, package, said, words["words"])


async def finish(desk: Desk, actor: Actor, package_id: str) -> Package:
    """The receiver has begun: nothing more is to be done here."""
    return await _step(desk, actor, package_id, State.DONE, Package.done, Event.PACKAGE_DONE)


async def confirm_return(desk: Desk, actor: Actor, package_id: str) -> Package:
    """Somebody of the desk saw, or was told, that a sheet was returned or destroyed."""

    def step(package: Package, now: datetime) -> Package:
        return package.returned(actor.id, now)

    return await _step(desk, actor, package_id, State.RETURNED, step, Event.PACKAGE_RETURNED)


async def print_again(desk: Desk, actor: Actor, package_id: str, *, once: str) -> None:
    """Have the sheet, or the letter that asks for it back, once more: the same bytes."""
    async with desk.db.transaction(actor) as tx:
        consultation, package = await held(tx, actor, package_id)
        if package.state in {State.DRAFT, State.DROPPED}:
            raise PackageMovedOn(package.state)
        await tx.audit.record(Event.PAPER_PRINTED, consultation.id, package=package.id)
        if package.state in {State.RETURN_ASKED, State.RETURNED}:
            await letter(tx, package, actor.id, once)
        else:
            await papers(tx, package, actor.id, once)


async def remind(desk: Desk) -> None:
    """Say again, each week, who has not answered and what has not come back: late rather than never, in open hours."""
    async with desk.db.transaction(THE_CLOCK) as tx:
        if not desk.organisation.calendar.is_open(tx.now):
            return
        for each in await tx.handovers.waiting(State.SENT):
            if week := _weeks(tx, each.sent_at):
                await _remind_pending(tx, desk, each, week)
        for each in await tx.handovers.waiting(State.RETURN_ASKED):
            if week := _weeks(tx, each.return_asked_at):
                consultation = await tx.consultations.get(each.consultation)
                to = desk.organisation.channels.coordinators
                key = f"{each.id}:{week}"
                await tell(tx, to, "return_waiting", consultation, key, package=each.id)


async def _remind_pending(tx: Transaction, desk: Desk, package: Package, week: int) -> None:
    consultation = await tx.consultations.get(package.consultation)
    receiver = await tx.handovers.receiver(package.receiver)
    key = f"{package.id}:{week}"
    for person in await _givers(tx, desk, consultation, package):
        await tell(tx, person, "package_pending", consultation, key, package=package.id)
    if receiver.person and _in_time(package, tx.now):
        await tell(tx, receiver.person, "package_arrived", consultation, key, package=package.id)


async def _givers(tx: Transaction, desk: Desk, consultation: Consultation, package: Package) -> list[str]:
    """Who hears of a sheet: who sent it and who holds the case, as far as they are here; else the coordinators."""
    here = await at_the_desk(tx, (package.sent_by, consultation.counselor))
    return here or [desk.organisation.channels.coordinators]


def _weeks(tx: Transaction, since: datetime | None) -> int:
    return (tx.now - since) // REMIND_AFTER if since else 0


async def _consultation(desk: Desk, actor: Actor, package_id: str) -> str:
    async with desk.db.reading(actor) as ask:
        return (await ask.handovers.package(package_id)).consultation


async def _step(
    desk: Desk, actor: Actor, package_id: str, to: State, step: Callable[[Package, datetime], Package], event: Event
) -> Package:  # fmt: skip
    async with desk.db.transaction(actor) as tx:
        consultation, package = await held(tx, actor, package_id)
        if package.state is to:
            return package
        moved = step(package, tx.now)
        await tx.handovers.move(package, moved)
        await tx.audit.record(event, consultation.id, package=package.id)
        await _homes(tx, consultation, package)
        return moved


async def _answered(
    tx: Transaction, desk: Desk, consultation: Consultation, package: Package, said: Said, words: str
) -> Package:  # fmt: skip
    """Write down what the receiver said; who gave it hears of it. The same answer again is one answer."""
    through = tx.actor.id
    if said.answer not in {ACCEPTED, REJECTED, RETURNED}:
        raise Missing("answer")
    if package.state == said.answer:
        return package
    if said.answer == REJECTED and said.reason not in codes.load("rejection_reasons"):
        raise Missing("reason")
    if said.answer == RETURNED:
        moved, event = package.returned(through, tx.now), Event.PACKAGE_RETURNED
    else:
        accepted = said.answer == ACCEPTED
        reason = None if accepted else said.reason
        moved = package.answered(accepted=accepted, reason=reason, through=through, at=tx.now)
        event = Event.PACKAGE_ACCEPTED if accepted else Event.PACKAGE_REJECTED
    await tx.handovers.move(package, moved)
    if words:
        await tx.handovers.keep_reply(package, words)
    await tx.audit.record(event, consultation.id, package=package.id, reason=moved.reason)
    for person in await _givers(tx, desk, consultation, package):
        if person != through:
            await tell(
                tx, person, "package_answered", consultation, f"{package.id}:{moved.state}", package=package.id
            )  # fmt: skip
    if moved.state is State.RETURNED:
        to = desk.organisation.channels.coordinators
        await tell(tx, to, "package_answered", consultation, f"{package.id}:back", package=package.id)
    await _homes(tx, consultation, package)
    return moved


async def _homes(tx: Transaction, consultation: Consultation, package: Package) -> None:
    for person in dict.fromkeys((package.sent_by, consultation.counselor, tx.actor.id)):
        if person and person[:1] in "UW":
            await tx.outbox.home(person)


async def _of_code(tx: Transaction, number: str, code: str) -> Package | None:
    try:
        package = await tx.handovers.numbered(number)
    except NotFound:
        return None
    return package if _in_time(package, tx.now) and fits(package, code=code) else None


def _in_time(package: Package, now: datetime) -> bool:
    return package.token_until is not None and now < package.token_until


async def _count_try(tx: Transaction, actor: Actor) -> None:
    window = int(tx.now.timestamp()) // TRIES_WITHIN
    for n in range(TRIES):
        if await tx.casework.once(f"answer:{actor.id}:{window}:{n}", "tried") is None:
            return
    raise TooManyLookups
