"""What every act about a training does alike: who may, what is shown, who is told, and what the clock keeps in mind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.domain import entitlement, seats, timeline
from bot.domain.certificate import those_there
from bot.domain.events import Event
from bot.domain.seats import IN, Participation, Place
from bot.domain.staff import Actor, Role
from bot.domain.training import Stage, Training
from bot.store.database import Reading, Transaction
from bot.usecases.desk import Desk

ORGANIZE = frozenset({Role.ORGANIZER})
ENTER = frozenset({Role.ORGANIZER, Role.OPERATOR, Role.COORDINATOR})
COALESCED = timedelta(seconds=4)  # changes of the seat counter go together


def must_organize(actor: Actor) -> None:
    """Go on, or raise `NotYourRole`: trainings are the organizers'."""
    entitlement.require_role(actor, ORGANIZE)


async def show(tx: Transaction, training: Training, *people: str | None) -> None:
    """Bring what is seen up to date: the announcements, the organizer's Home, and the Homes of those concerned.

    The announcement of each channel is a subject of its own: one that is shut keeps no other waiting.
    """
    if training.stage not in {Stage.DRAFT, Stage.SCHEDULED, Stage.DROPPED}:
        for channel in training.channels:
            subject = f"{training.id}/{channel}"
            await tx.outbox.card(
                "announcement", to=channel, subject=subject, pause=COALESCED, training=training.id
            )
    for person in sorted({training.organizer, *people} - {None}, key=str):
        await tx.outbox.home(str(person))


async def tell(tx: Transaction, part: Participation, template: str, key: str, **facts: Any) -> None:
    """Promise somebody a message about their part in a training, once per `key`. Who has no Slack is told otherwise.

    The template is given `t` (Training), `p` (Participation), `seats`, `place_in_queue`, `now`, and the facts.
    """
    if part.person:
        await tx.outbox.add(
            template,
            to=part.person,
            key=f"{template}:{part.id}:{key}",
            subject=part.id,
            training=part.training,
            participation=part.id,
            **facts,
        )


async def known_codes(ask: Reading | Transaction, training: Training, person: str) -> dict[str, str]:
    """What is known of somebody before they say it: codes they gave the last time; for a town they were asked for, that."""
    found = await ask.participations.known_of(person, beside=training.id)
    asked_for = (await ask.trainings.invited_for(training.id)).get(person)
    return found | ({"municipality": asked_for} if asked_for else {})


class Coded(Protocol):
    """What somebody says of themselves, as codes; empty where they did not."""

    @property
    def supporter_field(self) -> str | None: ...
    @property
    def organization_type(self) -> str | None: ...
    @property
    def occupation(self) -> str | None: ...
    @property
    def municipality(self) -> str | None: ...


def with_codes(desk: Desk, part: Participation, said: Coded, known: Mapping[str, str]) -> Participation:
    """Give a part with the codes that are said now, or were here before; else those that are `known` of the person."""
    place = said.municipality or part.municipality or known.get("municipality")
    return replace(
        part,
        supporter_field=said.supporter_field or part.supporter_field or known.get("supporter_field"),
        organization_type=said.organization_type or part.organization_type or known.get("organization_type"),
        occupation=said.occupation or part.occupation or known.get("occupation"),
        municipality=place,
        region=desk.organisation.region_of(place) if place else part.region,
    )


def files_of(part: Participation) -> str:
    """The subject of somebody's files: in order among themselves, and news does not wait for one that will not go."""
    return f"{part.id}/file"


async def send_calendar(tx: Transaction, part: Participation, key: str) -> None:
    """Promise somebody the file for their calendar, as it is when it is sent, once per `key`."""
    if part.person:
        await tx.outbox.add(
            "calendar",
            op="upload",
            to=part.person,
            key=f"calendar:{part.id}:{key}",
            subject=files_of(part),
            training=part.training,
            participation=part.id,
        )


async def tell_organizer(tx: Transaction, training: Training, template: str, key: str, **facts: Any) -> None:
    """Promise the organizer a message about their training, once per `key`. The template is given `t`, `seats`, `now`."""
    await tx.outbox.add(
        template,
        to=training.organizer,
        key=f"{template}:{training.id}:{key}",
        training=training.id,
        **facts,
    )


async def not_announced_in(tx: Transaction, training_id: str, channel: str, *, outside: bool = False) -> None:
    """A channel does not take the announcement, or what became of it: the organizer hears of it, once a day.

    `outside`: another organisation reads along there, and the announcement waits until it does not any more.
    """
    training = await tx.trainings.get(training_id)
    key = f"{channel}:{tx.today.isoformat()}{':outside' if outside else ''}"
    await tell_organizer(tx, training, "announcement_not_delivered", key, channel=channel, outside=outside)


async def note_question(tx: Transaction, training: Training) -> None:
    """Let the organizer know of questions: one live note an hour, however many there are."""
    if tx.actor.id == training.organizer:
        return
    asked, answered = await tx.meetings.counted(training.id)
    await tx.outbox.card(
        "question_asked",
        to=training.organizer,
        subject=f"{training.id}/questions/{tx.now:%Y%m%d%H}",
        pause=COALESCED,
        training=training.id,
        asked=asked,
        unanswered=asked - answered,
    )


@dataclass(frozen=True, slots=True)
class MinutesTold:
    """Who hears of minutes: so many `now`, so many did `before`, so many who were there are to be told `by_phone`."""

    now: int
    before: int
    by_phone: int


async def tell_minutes(tx: Transaction, training: Training) -> MinutesTold:
    """Let whoever was there, and whoever was asked to come, know of the minutes, each once.

    Who was there: as the roster says (`those_there`).
    """
    came = await there(tx, training)
    people = {each.person for each in came if each.person} | set(await tx.trainings.invitees(training.id))
    keys = {person: f"minutes_ready:{training.id}:{person}" for person in sorted(people)}
    new = [person for person, key in keys.items() if not await tx.outbox.has(key)]
    for person in new:
        await tx.outbox.add("minutes_ready", to=person, key=keys[person], training=training.id)
    return MinutesTold(len(new), len(keys) - len(new), sum(each.person is None for each in came))


async def keep_time(tx: Transaction, desk: Desk, training: Training) -> None:
    """Let the clock think of what the plan asks for.

    What has rung is not rung again, what is due or put off stays so, and what would lie behind is not begun.
    """
    wanted = timeline.timeline(training, desk.organisation.trainings.quiet)
    waiting = {each.kind: each.due_at for each in await tx.timers.of(training.id)}
    for kind in waiting:
        if timeline.parts(kind)[0] in timeline.PLANNED and kind not in wanted:
            await tx.timers.cancel(training.id, kind)
    for kind, due_at in wanted.items():
        if waiting.get(kind) != due_at and (due_at > tx.now or kind in timeline.EVEN_LATE):
            await tx.timers.set(training.id, kind, due_at)


async def there(ask: Reading | Transaction, training: Training) -> list[Participation]:
    """Those who were there, as far as the roster says (`those_there`)."""
    everybody = await ask.participations.of_training(training.id)
    return those_there(training, everybody, await ask.participations.marks_of_training(training.id))


async def thank(tx: Transaction, training: Training, part: Participation) -> None:
    """Thank somebody who was there, once, however often they are marked. Before the end it is too early."""
    if training.stage is Stage.HELD:
        await tell(tx, part, "training_thanks", "held")


async def tell_if_full(
    tx: Transaction, training: Training, everybody: Iterable[Participation], format_: str
) -> None:
    """Let the organizer hear, once an edition, that the last seat of a format is taken."""
    if seats.seats_of(training.plan.seats, everybody)[format_].free == 0:
        key = f"full:{format_}:{training.edition}"
        await tell_organizer(tx, training, "seats_few", key, full_format=format_)


async def everybody_in(tx: Transaction, training: Training) -> list[Participation]:
    """Those who have a seat, are offered one, or wait for one."""
    return [each for each in await tx.participations.of_training(training.id) if each.status in IN]


async def pass_on(tx: Transaction, desk: Desk, training: Training) -> list[Participation]:
    """Offer every free seat to whoever's turn it is. Gives those who were offered one now: `show` draws their Homes.

    Nothing is offered any more once the training has begun.
    """
    starts = training.plan.starts_at
    if training.stage is not Stage.ANNOUNCED or starts is None or tx.now >= starts:
        return []
    everybody = await tx.participations.of_training(training.id)
    turn = seats.to_be_offered(training.plan.seats, everybody)
    return [await _offer(tx, desk, training, each, starts) for each in turn]


async def _offer(
    tx: Transaction, desk: Desk, training: Training, part: Participation, starts: datetime
) -> Participation:
    expires = offer_expires(desk, tx.now, starts)
    offered = part.placed(Place.OFFERED, offered_at=tx.now, offer_expires_at=expires)
    offered = await tx.participations.move(part, offered)
    await tx.timers.set(offered.id, "t_offer", expires)
    await tx.audit.record(Event.SEAT_OFFERED, training.id, participation=offered.id)
    await tell(tx, offered, "seat_offered", str(offered.version))
    if offered.person is None:
        await tell_organizer(
            tx, training, "seat_to_call", f"{offered.id}:{offered.version}", participation=offered.id
        )
    return offered


def offer_expires(desk: Desk, now: datetime, starts: datetime) -> datetime:
    """Until when a seat offered now is kept: in business time, and never beyond the beginning."""
    minutes = desk.organisation.trainings.offer_minutes
    return min(desk.organisation.calendar.add_open_minutes(now, minutes), starts)


def held_by_format(everybody: Iterable[Participation]) -> dict[str, int]:
    """Format → seats that are taken up."""
    found: dict[str, int] = {}
    for each in everybody:
        if each.holds:
            found[each.format] = found.get(each.format, 0) + 1
    return found
