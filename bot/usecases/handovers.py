"""つなぐ: find the legal way, prepare what goes, look at exactly that, and send it. Each function is one complete change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot import codes
from bot.domain import entitlement
from bot.domain.agreement import Agreement, Consent, OutsideScope, Receiver, consent_of, standing
from bot.domain.consultation import ENDED, Consultation
from bot.domain.directory import Agency, Town
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.handover import (
    SECRET,
    NotAsPreviewed,
    Package,
    PackageMovedOn,
    Route,
    State,
    TooManyAtOnce,
    Way,
)
from bot.domain.refusals import Missing, TooLate
from bot.domain.staff import Actor
from bot.store.database import Reading, Transaction
from bot.store.handovers import Taken
from bot.usecases import case_names
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import NOTHING, Desk, screened_about, tell
from bot.usecases.handover_files import papers, upload
from bot.usecases.handover_ways import (
    MOST,
    Local,
    Office,
    dropped,
    lawful,
    local_names,
    office_of,
    receiver_of,
    report_to,
    under,
    way_to,
)
from bot.usecases.package_content import (
    FIELDS,
    SUPPORTER,
    TEXTS,
    Content,
    digest_of,
    hashes,
    made,
    together,
)
from bot.usecases.package_words import from_words

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the wizard asked first. `chosen`: "agreement/receiver" of what was agreed to; else an `office`."""

    purpose: str | None
    abuse: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    office: Office | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The way that was found. `texts`: what the fields could say, masked. `cut`: those that were longer.

    `town`, `near`: where a report can be taken to, as far as the directory knows.
    """

    consultation: Consultation
    route: Route
    purpose: str
    receivers: tuple[Receiver, ...] = ()
    agreement: Agreement | None = None
    texts: Texts = field(default_factory=dict)
    cut: bool = False
    local: Local = field(default_factory=dict)
    town: Town | None = None
    near: tuple[Agency, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """What may be written."""
        return self.agreement.fields if self.agreement else FIELDS


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form says. `receivers` are ids of one way; `secrecy`: the sender says that the law of the meeting binds them."""

    way: str
    purpose: str
    receivers: tuple[str, ...]
    agreement: str | None
    texts: Texts
    secrecy: bool = False
    said: Confirmed = NOTHING
    replaces: str = ""  # what was prepared before and is written again


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be sent: every sheet whole. `digest` is over all of them. `people`: members to whom it goes here."""

    consultation: Consultation
    sheets: tuple[tuple[Package, Content], ...]
    people: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """What was looked at."""
        return together([package for package, _ in self.sheets])


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything about つなぐ in a consultation. `merged`: those merged into it where something was agreed to or sent."""

    consultation: Consultation
    consent: Consent
    agreements: tuple[Agreement, ...]
    standing: tuple[Agreement, ...]
    taken: tuple[Taken, ...]
    packages: tuple[Package, ...]
    receivers: Mapping[str, Receiver]
    local: Local
    day: date
    agencies: tuple[Agency, ...] = ()  # of the directory, those nearest first
    merged: tuple[Consultation, ...] = ()


async def overview(desk: Desk, actor: Actor, consultation_id: str) -> Overview:
    """Look at what was agreed to and what was sent."""
    async with desk.db.reading(actor) as ask:
        consultation = await ask.consultations.get(consultation_id)
        entitlement.require(actor, Act.HAND_ON, consultation)
        agreements = await ask.handovers.agreements_of(consultation.id)
        receivers = await ask.handovers.receivers_of(consultation.id)
        return Overview(
            consultation=consultation,
            consent=consent_of(agreements, ask.today),
            agreements=tuple(agreements),
            standing=tuple(standing(agreements, ask.today)),
            taken=tuple([each for a in agreements for each in await ask.handovers.withdrawals_of(a.id)]),
            packages=tuple(await ask.handovers.packages_of(consultation.id)),
            receivers=receivers,
            local=await local_names(ask, receivers.values()),
            day=ask.today,
            agencies=await _nearest_first(ask, consultation.municipality),
            merged=tuple(
                [
                    await ask.consultations.get(each)
                    for each in await ask.case_names.merged(consultation.id)
                    if await ask.handovers.agreements_of(each) or await ask.handovers.packages_of(each)
                ]
            ),
        )


async def begin(desk: Desk, actor: Actor, consultation_id: str, wanted: Wanted) -> Found:
    """Find the one legal way, and what the sheet could say. The answer stands in the trail, whatever it is."""
    if wanted.purpose is None or wanted.purpose not in codes.load("handover_purposes"):
        raise Missing("purpose")
    new = None
    if not wanted.abuse and not wanted.chosen:
        new = await office_of(wanted.office or Office(None))
    async with desk.db.transaction(actor) as tx:
        consultation = await _open(tx, actor, consultation_id)
        receivers, agreement = await _chosen(tx, consultation, () if wanted.abuse else wanted.chosen)
        if new is not None:
            receivers = [await receiver_of(tx, desk.organisation, new)]
        agreements = await tx.handovers.agreements_of(consultation.id)
        way = await way_to(tx, agreements, wanted.abuse, receivers, agreed=agreement is not None)
        if way.sends and new is not None:
            await tx.handovers.add_receiver(consultation.id, receivers[0])
        await tx.audit.record(
            Event.PACKAGE_ROUTED, consultation.id, way=way.way, reasons=way.reasons, abuse=way.report,
            agreement=agreement and agreement.id, receivers=[each.id for each in receivers],
        )  # fmt: skip
        town, near = await report_to(tx, consultation.municipality, way.report)
        texts, cut = await from_words(tx, consultation, wanted.purpose) if way.sends else ({}, False)
        local = await local_names(tx, receivers)
        return Found(
            consultation, way, wanted.purpose, tuple(receivers), agreement, texts, cut, local, town, near
        )  # fmt: skip


async def again(desk: Desk, actor: Actor, consultation_id: str, drafted: Draft) -> Found:
    """The same way once more, for a form that comes back."""
    async with desk.db.reading(actor) as ask:
        consultation = await ask.consultations.get(consultation_id)
        entitlement.require(actor, Act.HAND_ON, consultation)
        there = await ask.handovers.receivers_of(consultation.id)
        receivers = tuple(there[each] for each in drafted.receivers if each in there)
        agreement = await ask.handovers.agreement(drafted.agreement) if drafted.agreement else None
        way = Route(Way(drafted.way), secrecy=any(each.meeting in SECRET for each in receivers))
        local = await local_names(ask, receivers)
        return Found(consultation, way, drafted.purpose, receivers, agreement, local=local)


async def redo(desk: Desk, actor: Actor, batch: str) -> tuple[Found, Draft]:
    """What was prepared, to be written again: with the words as they stand on the sheet."""
    looked = await preview(desk, actor, batch)
    package, content = looked.sheets[0]
    names = {codes.label("handover_fields", each): each for each in TEXTS}
    texts = {
        names[each.label]: each.text for each in content.parts if each.kind == "text" and each.label in names
    }
    drafted = Draft(
        package.way, package.purpose, tuple(each.receiver for each, _ in looked.sheets), package.agreement, texts,
        package.secrecy, replaces=batch,
    )  # fmt: skip
    return await again(desk, actor, looked.consultation.id, drafted), drafted


async def draft(desk: Desk, actor: Actor, consultation_id: str, drafted: Draft, *, once: str) -> Preview:
    """Write one sheet for each receiver, exactly as it would go; nothing goes yet. `once`: the form it came from."""
    typed = {name: text for name, text in drafted.texts.items() if name in TEXTS and text}
    if not typed:
        raise Missing("trouble")
    words = await screened_about(desk, actor, Act.HAND_ON, consultation_id, typed, drafted.said, stays=True)
    texts = {**words.texts, SUPPORTER: drafted.texts.get(SUPPORTER, "")}
    async with desk.db.transaction(actor) as tx:
        consultation = await _open(tx, actor, consultation_id)
        batch = tx.new_id()
        if (there := await tx.casework.once(once, batch)) is not None:
            return await _preview(tx, consultation, there)
        await case_names.confirm(tx, consultation.id, words.said)
        for earlier in await tx.handovers.in_batch(drafted.replaces):
            if earlier.consultation == consultation.id and earlier.state is State.DRAFT:
                await dropped(tx, earlier)
        for receiver_id in drafted.receivers[:MOST]:
            await _write(tx, desk, actor, consultation, drafted, receiver_id, texts, batch)
        return await _preview(tx, consultation, batch)


async def preview(desk: Desk, actor: Actor, batch: str) -> Preview:
    """Look again at what was prepared. The reading is audited."""
    async with desk.db.transaction(actor) as tx:
        consultation, packages = await _batch(tx, actor, batch)
        await tx.audit.record(Event.PACKAGE_READ, consultation.id, package=packages[0].id)
        return await _preview(tx, consultation, batch)


async def send(desk: Desk, actor: Actor, batch: str, digest: str) -> Consultation:
    """Send what was looked at: these sheets and no others. Pressed twice, they go once.

    Raises `NotAsPreviewed`, and whatever has become of the agreement since.
    """
    async with desk.db.transaction(actor) as tx:
        consultation, packages = await _batch(tx, actor, batch)
        packages = _live(packages)
        if all(each.state is State.SENT for each in packages):
            return consultation
        if consultation.status in ENDED:
            raise TooLate(consultation.status)
        if together(packages) != digest:
            raise NotAsPreviewed
        for each in packages:
            if each.state is not State.DRAFT:
                raise PackageMovedOn(each.state)
            if digest_of(await tx.handovers.content(each)) != each.digest:
                raise NotAsPreviewed
            await _out(tx, actor, consultation, each)
        return consultation


async def drop(desk: Desk, actor: Actor, batch: str) -> Consultation:
    """Throw away what was prepared and never sent."""
    async with desk.db.transaction(actor) as tx:
        consultation, packages = await _batch(tx, actor, batch)
        for each in packages:
            if each.state is State.DRAFT:
                await dropped(tx, each)
        return consultation


async def _nearest_first(ask: Reading, municipality: str | None) -> tuple[Agency, ...]:
    """The offices of the directory, those of the case's own municipality first."""
    near = await ask.agencies.of(municipality) if municipality else []
    return tuple(dict.fromkeys([*near, *await ask.agencies.all()]))


async def _open(tx: Transaction, actor: Actor, consultation_id: str) -> Consultation:
    consultation = await tx.consultations.get(consultation_id)
    entitlement.require(actor, Act.HAND_ON, consultation)
    if consultation.status in ENDED:
        raise TooLate(consultation.status)
    return consultation


async def _chosen(
    tx: Transaction, consultation: Consultation, chosen: Sequence[str]
) -> tuple[list[Receiver], Agreement | None]:
    """The receivers that were chosen of one agreement, and that agreement."""
    if not chosen:
        return [], None
    if len(chosen) > MOST:
        raise TooManyAtOnce
    pairs = [each.partition("/")[::2] for each in chosen]
    if len({agreement for agreement, _ in pairs}) > 1:
        raise OutsideScope
    agreements = await tx.handovers.agreements_of(consultation.id)
    agreement = under(agreements, pairs[0][0], tx.today)
    ids = [receiver for _, receiver in pairs]
    agreement.must_cover((), ids, tx.today)
    return [await tx.handovers.receiver(each) for each in ids], agreement


async def _write(
    tx: Transaction, desk: Desk, actor: Actor, consultation: Consultation, drafted: Draft, receiver_id: str,
    texts: Texts, batch: str,
) -> None:  # fmt: skip
    receiver = (await tx.handovers.receivers_of(consultation.id)).get(receiver_id)
    if receiver is None:
        raise OutsideScope
    package = Package(
        id=tx.new_id(),
        number=await tx.handovers.next_number(consultation.id, consultation.number),
        consultation=consultation.id,
        batch=batch,
        agreement=drafted.agreement,
        receiver=receiver.id,
        way=Way(drafted.way),
        purpose=drafted.purpose,
        fields=tuple(each for each in FIELDS if texts.get(each)),
        secrecy=drafted.secrecy,
        digest="",
        state=State.DRAFT,
        made_by=actor.id,
        made_at=tx.now,
    )
    agreement = await lawful(tx, actor, consultation, package, receiver)
    token = tx.handovers.token(package.id, "answer")
    local = (await local_names(tx, [receiver])).get(receiver.municipality)
    content = made(desk.organisation, package, receiver, agreement, texts, token, local)
    await tx.handovers.add_package(replace(package, digest=content.digest), content.written)
    await tx.audit.record(
        Event.PACKAGE_DRAFTED, consultation.id, package=package.id, way=package.way, agreement=package.agreement,
        receiver=receiver.id, fields=package.fields,
    )  # fmt: skip


async def _out(tx: Transaction, actor: Actor, consultation: Consultation, package: Package) -> None:
    """One sheet goes: to the sender as PDF and as a table, and to the receiver where they are a member here."""
    receiver = await tx.handovers.receiver(package.receiver)
    await lawful(tx, actor, consultation, package, receiver)
    out = package.sent(actor.id, tx.now, hashes(package.id, tx.handovers.token(package.id, "answer")))
    await tx.handovers.move(package, out)
    await tx.audit.record(
        Event.PACKAGE_SENT, consultation.id, package=package.id, way=package.way, agreement=package.agreement,
        receiver=receiver.id, digest=package.digest, secrecy=package.secrecy,
    )  # fmt: skip
    await papers(tx, out, actor.id, "sent")
    if receiver.person:
        await upload(tx, out, "package_paper", receiver.person, "sent")
        await tell(tx, receiver.person, "package_arrived", consultation, package.id, package=package.id)
    await tx.outbox.home(actor.id)


async def _batch(tx: Transaction, actor: Actor, batch: str) -> tuple[Consultation, list[Package]]:
    """What was prepared together, its consultation held until the commit, for whoever may; else `PackageMovedOn`."""
    packages = await tx.handovers.in_batch(batch)
    if not packages:
        raise PackageMovedOn(State.DROPPED)
    consultation = await tx.consultations.get(packages[0].consultation)
    entitlement.require(actor, Act.HAND_ON, consultation)
    return consultation, await tx.handovers.in_batch(batch)


async def _preview(tx: Transaction, consultation: Consultation, batch: str) -> Preview:
    packages = _live(await tx.handovers.in_batch(batch))
    sheets = [(each, Content.read(await tx.handovers.content(each))) for each in packages]
    to = [(await tx.handovers.receiver(each.receiver, named=False)).person for each in packages]
    return Preview(consultation, tuple(sheets), tuple(dict.fromkeys(filter(None, to))))


def _live(packages: Sequence[Package]) -> list[Package]:
    """Those that were not dropped, because a part of what they rest on was taken back; the others still go."""
    live = [each for each in packages if each.state is not State.DROPPED]
    if not live:
        raise PackageMovedOn(State.DROPPED)
    return live
