"""修了証: given to who was there all the time, and looked up by whoever holds one. Each is one complete change."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.domain.business_time import fiscal_year
from bot.domain.certificate import (
    NAME,
    TRIES,
    TRIES_WITHIN,
    Certificate,
    NoSuchCertificate,
    TooManyLookups,
    fiscal_bounds,
    must_have_earned,
    new_code,
    numbered,
    typed_number,
)
from bot.domain.events import Event
from bot.domain.refusals import Missing, NotAllowed, NotFound
from bot.domain.seats import Attendance, Participation, overall
from bot.domain.staff import Actor
from bot.domain.text import Empty, clean_line
from bot.domain.training import Training
from bot.store.database import Reading, Transaction
from bot.usecases.desk import Desk, no_my_number
from bot.usecases.training_desk import ENTER, files_of

DRAW: Callable[[str], str] = secrets.choice


@dataclass(frozen=True, slots=True)
class Issued:
    """A paper on its way, and what its holder has attended in the fiscal year of the training."""

    certificate: Certificate
    training: Training
    year: int
    minutes_in_year: int


@dataclass(frozen=True, slots=True)
class Verified:
    """What a paper of this number says. `stands`: it is still so. `named`: whether the name is the one on it; None: not asked."""

    certificate: Certificate
    training: Training
    stands: bool
    named: bool | None


async def begin(desk: Desk, actor: Actor, participation_id: str) -> tuple[Training, Participation, str]:
    """Look whether there is a paper for this, and give the name that is known, or the empty string.

    One's own; for who has no Slack, whoever enters people here, and it is noted that they saw the name.
    """
    async with desk.db.transaction(actor) as tx:
        part = await tx.participations.get(participation_id)
        _must_be_theirs(actor, part)
        training = await tx.trainings.get(part.training)
        must_have_earned(training, await tx.participations.marks_of(part.id), tx.now)
        if part.person is None:
            await tx.audit.record(Event.ROSTER_READ, training.id, participation=part.id)
        return training, part, (await tx.participations.answers(part)).get("name", "")


async def issue(desk: Desk, actor: Actor, participation_id: str, name: str, *, once: str) -> Issued:
    """Promise the paper, in the direct message of whoever asks. Asked for again, it is the same paper.

    The name is kept sealed. `once`: the form it came from.
    """
    try:
        name = clean_line(name, limit=NAME)
    except Empty:
        raise Missing("name") from None
    no_my_number({"name": name})
    async with desk.db.transaction(actor) as tx:
        part = await tx.participations.get(participation_id)
        _must_be_theirs(actor, part)
        training = await tx.trainings.get(part.training)
        minutes = must_have_earned(training, await tx.participations.marks_of(part.id), tx.now)
        certificate = await _written(tx, training, part, minutes, name)
        answers = await tx.participations.answers(part)
        if answers.get("name") != name:
            await tx.participations.write_answers(part, {**answers, "name": name})
        await tx.audit.record(
            Event.CERTIFICATE_ISSUED, training.id, participation=part.id, number=certificate.number
        )
        await tx.outbox.add(
            "certificate",
            op="upload",
            to=actor.id,
            key=f"certificate:{certificate.number}:{actor.id}:{once}",
            subject=files_of(part),
            training=training.id,
            participation=part.id,
        )
        year = fiscal_year(training.plan.starts_at or tx.now)
        return Issued(certificate, training, year, await minutes_in_year(tx, part.attendee, year))


async def verify(desk: Desk, actor: Actor, number: str, code: str, name: str = "") -> Verified:
    """Say what the paper of this number and code is about; whether it bears `name`, never which name it bears.

    Raises `NoSuchCertificate` and, after ten tries within ten minutes of the clock, `TooManyLookups`.
    """
    number, code = typed_number(number), typed_number(code).replace("-", "")
    async with desk.db.transaction(actor) as tx:
        await _count_try(tx, actor)
        try:
            certificate = await tx.certificates.numbered(number)
        except NotFound:
            certificate = None
        right = certificate is not None and hmac.compare_digest(certificate.code.encode(), code.encode())
        found = await _found(tx, certificate, name) if certificate is not None and right else None
        named = found.named if found else None
        await tx.audit.record(
            Event.CERTIFICATE_VERIFIED, certificate.number if certificate else "-", right=right, named=named
        )
    if found is None:
        raise NoSuchCertificate
    return found


async def minutes_in_year(ask: Reading | Transaction, attendee: str, year: int) -> int:
    """Minutes somebody attended in the sessions of a fiscal year."""
    return await ask.participations.minutes_between(attendee, *fiscal_bounds(year))


async def _written(
    tx: Transaction, training: Training, part: Participation, minutes: int, name: str
) -> Certificate:
    """The paper there is, with the name as it is given now; or a new one."""
    there = await tx.certificates.of(part.id)
    if there is None:
        number = numbered(training, await tx.certificates.next_serial(training.id))
        there = Certificate(
            number=number,
            participation=part.id,
            issued_at=tx.now,
            minutes=minutes,
            code=new_code(DRAW),
            name_hash=await tx.certificates.fingerprint(number, name),
        )
        await tx.certificates.add(there)
        return there
    again = replace(there, minutes=minutes, name_hash=await tx.certificates.fingerprint(there.number, name))
    if again != there:
        await tx.certificates.correct(again)
    return again


async def _found(tx: Transaction, certificate: Certificate, name: str) -> Verified:
    part = await tx.participations.get(certificate.participation)
    training = await tx.trainings.get(part.training)
    marks = await tx.participations.marks_of(part.id)
    named = None
    if name.strip() and certificate.name_hash:  # after years the name is kept no more
        named = hmac.compare_digest(
            await tx.certificates.fingerprint(certificate.number, name), certificate.name_hash
        )
    stands = overall(training.plan.sessions, marks) is Attendance.ATTENDED
    return Verified(certificate, training, stands, named)


async def _count_try(tx: Transaction, actor: Actor) -> None:
    """Let the next try pass, or raise `TooManyLookups`."""
    window = int(tx.now.timestamp()) // TRIES_WITHIN
    for n in range(TRIES):
        if await tx.casework.once(f"verify:{actor.id}:{window}:{n}", "tried") is None:
            return
    raise TooManyLookups


def _must_be_theirs(actor: Actor, part: Participation) -> None:
    if part.person != actor.id and not (part.person is None and actor.has(*ENTER)):
        raise NotAllowed
