"""Which offices something may go to, and along which way: the table of the law, asked of the rows as they are now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot import codes
from bot.domain import directory, entitlement
from bot.domain.agreement import (
    Agreement,
    AgreementEnded,
    Consent,
    OutsideScope,
    Receiver,
    consent_of,
    standing,
)
from bot.domain.consultation import Consultation
from bot.domain.directory import PersonNamed
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.handover import (
    MEETINGS,
    NoWay,
    OnlyCoordinators,
    Package,
    Route,
    SecrecyFirst,
    Way,
    route,
)
from bot.domain.refusals import Missing
from bot.domain.staff import Actor, Role
from bot.domain.text import clean_line
from bot.organisation import Organisation
from bot.privacy import beside
from bot.privacy.anonymizer import Label
from bot.store.database import Reading, Transaction
from bot.usecases.desk import no_my_number
from bot.usecases.package_content import named

OFFICE = 60  # characters
NEAR = 5
MOST = 3  # receivers of one form
OFFICES = frozenset({Label.FACILITY, Label.ORG, Label.ADDRESS})  # what the name of an office may look like
TOLD = frozenset({Role.OPERATOR, Role.COUNSELOR, Role.COORDINATOR})  # who hears what became of a sheet
PLANNED = "juso_2021_municipalities"
Local = Mapping[str, Mapping[str, str]]  # municipality → meeting → what it is called there


@dataclass(frozen=True, slots=True)
class Office:
    """An office as somebody enters it: one of the directory, or a municipality with a name. `n`: its place in the form."""

    meeting: str | None
    municipality: str | None = None
    office: str = ""
    agency: str | None = None
    person: str | None = None
    n: int = 1


@dataclass(frozen=True, slots=True)
class Linkage:
    """One package, and its receiver in codes."""

    p: Package
    place: str


async def linkages(ask: Reading | Transaction, packages: Iterable[Package]) -> list[Linkage]:
    """Packages with the places they went to; what offices call themselves stays sealed."""
    found = []
    for each in packages:
        receiver = await ask.handovers.receiver(each.receiver, named=False)
        found.append(Linkage(each, named(receiver, await ask.local_names.of(receiver.municipality))))
    return found


async def office_of(entered: Office) -> Office:
    """Give an office whose name is one: names of offices stay as they are, names of people are refused."""
    if entered.meeting not in MEETINGS:
        raise Missing("meeting")
    if entered.agency:
        return entered
    if not entered.municipality:
        raise Missing(f"municipality_{entered.n}")
    if not entered.office:
        return entered
    field = f"office_{entered.n}"
    no_my_number({field: entered.office})
    name = clean_line(entered.office, limit=OFFICE)
    seen = await beside.read(name)
    if people := [seen.text[each.start : each.end] for each in seen.spans if each.label not in OFFICES]:
        raise PersonNamed(field, tuple(people))
    return replace(entered, office=name)


async def receiver_of(tx: Transaction, organisation: Organisation, office: Office) -> Receiver:
    """Give the receiver an office is; nothing is kept yet."""
    name, town = office.office, office.municipality
    if office.agency:
        agency = await tx.agencies.get(office.agency)
        name, town = agency.name, agency.municipality
        if town == directory.EVERYWHERE:
            town = next(
                each.code for each in organisation.places.options() if each.more["kind"] == "prefecture"
            )
    return Receiver(tx.new_id(), str(town), str(office.meeting), name, office.agency, office.person)


async def local_names(ask: Reading | Transaction, receivers: Iterable[Receiver]) -> Local:
    """What the towns of these receivers call their meetings."""
    towns = {each.municipality for each in receivers}
    return {each: await ask.local_names.of(each) for each in sorted(towns)}


async def does_juso(ask: Reading | Transaction, municipality: str) -> bool:
    """Whether a municipality is known to do 重層的支援体制整備事業. Not known is no."""
    town = await ask.towns.get(municipality)
    return bool(directory.does_juso(town, municipality in codes.load(PLANNED)))


async def way_to(
    ask: Reading | Transaction, agreements: Sequence[Agreement], abuse: Sequence[str],
    receivers: Sequence[Receiver], *, agreed: bool,
) -> Route:  # fmt: skip
    """What the table says of all of these together; what is closed for one is closed.

    `agreed`: they stand in an agreement. For an office nobody was asked about, an agreement about others is none.
    """
    if abuse:
        return route(abuse, Consent.NONE, "", juso=False)
    consent = consent_of(agreements, ask.today)
    if consent is Consent.STANDING and not agreed:
        consent = Consent.NONE
    found = [
        route((), consent, each.meeting, juso=await does_juso(ask, each.municipality)) for each in receivers
    ]
    return next((each for each in found if not each.sends), max(found, key=lambda each: each.secrecy))


def under(agreements: Sequence[Agreement], agreement_id: str | None, day: date) -> Agreement:
    """Give the agreement of this id where something may go out under it now; else raise `AgreementEnded` or `OutsideScope`."""
    agreement = next((each for each in agreements if each.id == agreement_id), None)
    if agreement is None:
        raise OutsideScope
    if agreement not in standing(agreements, day):  # over, taken back, or followed by a no
        state = agreement.on(day)
        raise AgreementEnded(Consent.REFUSED if state is Consent.STANDING else state)
    return agreement


async def lawful(
    tx: Transaction, actor: Actor, consultation: Consultation, package: Package, receiver: Receiver
) -> Agreement | None:
    """Go on only along the way the table gives now, and within what was agreed to. Gives the agreement, if it is by one."""
    agreements = await tx.handovers.agreements_of(consultation.id)
    by_consent = package.way is Way.CONSENT
    agreement = under(agreements, package.agreement, tx.today) if by_consent else None
    if agreement is not None:
        agreement.must_cover(package.fields, [receiver.id], tx.today)
    way = await way_to(tx, agreements, (), [receiver], agreed=by_consent)
    if way.way is not package.way:
        raise NoWay(way.reasons)
    if way.secrecy and not package.secrecy:
        raise SecrecyFirst
    if way.against_their_will and not actor.has(Role.COORDINATOR):
        raise OnlyCoordinators
    return agreement


async def held(tx: Transaction, actor: Actor, package_id: str) -> tuple[Consultation, Package]:
    """The package as it is once its consultation is held until the commit, for whoever hands on; else `NotAllowed`."""
    package = await tx.handovers.package(package_id)
    consultation = await tx.consultations.get(package.consultation)
    entitlement.require(actor, Act.HAND_ON, consultation)
    return consultation, await tx.handovers.package(package_id)


async def dropped(tx: Transaction, package: Package) -> Package:
    """A draft that never goes out: no word of it stays."""
    gone = package.dropped()
    await tx.handovers.move(package, gone)
    await tx.handovers.forget_content(package)
    await tx.audit.record(Event.PACKAGE_DROPPED, package.consultation, package=package.id)
    return gone


async def report_to(
    ask: Reading | Transaction, municipality: str | None, abuse: Iterable[str]
) -> tuple[directory.Town | None, tuple[directory.Agency, ...]]:
    """The municipality's counter and its offices that take such reports, as the directory knows them."""
    kinds = {codes.load("abuse_kinds").get(each).more["near"] for each in abuse}
    if not kinds or not municipality:
        return None, ()
    near = [each for each in await ask.agencies.of(municipality) if each.kind in kinds]
    return await ask.towns.get(municipality), tuple(near[:NEAR])


async def at_the_desk(tx: Transaction, people: Iterable[str | None]) -> list[str]:
    """Those of them who still work at the desk, each once: who has left hears of no case any more."""
    there = []
    for person in dict.fromkeys(filter(None, people)):
        if TOLD & await tx.staff.roles_of(person):
            there.append(person)
    return there
