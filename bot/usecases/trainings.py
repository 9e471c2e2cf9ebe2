"""Planning, announcing, changing and calling off a training. Each function is one complete change."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import codes
from bot.domain.business_time import era_year, fiscal_year
from bot.domain.events import Event
from bot.domain.refusals import InThePast
from bot.domain.seats import Participation, Place, heard
from bot.domain.staff import THE_CLOCK, Actor
from bot.domain.text import must_be_link
from bot.domain.training import (
    OVER,
    UNSEEN,
    AfterStart,
    Plan,
    Stage,
    StageTooLate,
    Training,
    changes,
)
from bot.store.database import Transaction
from bot.usecases.desk import Desk, no_my_number
from bot.usecases.training_desk import (
    everybody_in,
    held_by_format,
    keep_time,
    must_organize,
    pass_on,
    send_calendar,
    show,
    tell,
    tell_minutes,
    tell_organizer,
)


async def plan(
    desk: Desk,
    actor: Actor,
    wanted: Plan,
    *,
    training_id: str | None = None,
    once: str = "",
    drawn_from: str = "",
) -> Training:
    """Write a draft, complete or not; with `training_id`, over the one there is. `once`: the form it came from.

    `drawn_from`: the stamp of the plan its form showed. Where it is another by now, `PlanChanged` is raised.
    """
    must_organize(actor)
    no_my_number({**wanted.words, **wanted.private})
    async with desk.db.transaction(actor) as tx:
        if training_id is None:
            new_id = tx.new_id()
            if once and (made := await tx.casework.once(once, new_id)) is not None:
                return await tx.trainings.get(made)
            return await _begun(tx, actor, new_id, wanted)
        training = await tx.trainings.get(training_id)
        if training.stage not in UNSEEN:
            raise StageTooLate(training.stage)
        training.plan.must_be_as_drawn(drawn_from, wanted)
        planned = await tx.trainings.move(training, training.planned(_same_sessions(training.plan, wanted)))
        await tx.audit.record(Event.TRAINING_PLANNED, planned.id)
        await keep_time(tx, desk, planned)
        await show(tx, planned)
        return planned


async def copy(desk: Desk, actor: Actor, training_id: str, *, once: str) -> Training:
    """Begin a draft from an earlier training: everything but its days, its deadline, its address and its minutes."""
    must_organize(actor)
    async with desk.db.transaction(actor) as tx:
        new_id = tx.new_id()
        if (made := await tx.casework.once(once, new_id)) is not None:
            return await tx.trainings.get(made)
        earlier = await tx.trainings.get(training_id)
        return await _begun(tx, actor, new_id, replace(earlier.plan, sessions=(), deadline=None, private={}))


async def announce(
    desk: Desk, actor: Actor, training_id: str, channels: Sequence[str], at: datetime | None = None
) -> Training:
    """Let it be known in these channels, now or at a chosen moment. Whether they fit is the caller's to see.

    Pressing twice changes nothing. Raises what `Plan.checked` raises.
    """
    must_organize(actor)
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        if training.stage is Stage.ANNOUNCED:
            return training
        training.plan.checked(tx.now)
        chosen = replace(training, channels=tuple(dict.fromkeys(channels)))
        if at is None or at <= tx.now:
            if at is not None:
                raise InThePast("announce_on")
            return await _out(tx, desk, training, chosen)
        if training.plan.starts_at is not None and at >= training.plan.starts_at:
            raise AfterStart("announce_on")
        scheduled = await tx.trainings.move(training, chosen.staged(Stage.SCHEDULED, announce_at=at))
        await keep_time(tx, desk, scheduled)
        await tx.audit.record(Event.TRAINING_PLANNED, scheduled.id, announce_at=at)
        await show(tx, scheduled)
        return scheduled


async def announce_now(desk: Desk, tx: Transaction, training: Training) -> None:
    """The chosen moment has come: let it be known, late rather than never. What cannot be any more, goes back to draft."""
    if training.stage is not Stage.SCHEDULED:
        return
    starts, deadline = training.plan.starts_at, training.plan.deadline
    begun = starts is None or starts <= tx.now
    if begun or (deadline is not None and deadline <= tx.now):
        back = await tx.trainings.move(training, training.staged(Stage.DRAFT, announce_at=None))
        why = "begun" if begun else "deadline"
        await tell_organizer(tx, back, "training_not_announced", str(back.version), why=why)
        await show(tx, back)
        return
    await _out(tx, desk, training, training)


async def withhold(desk: Desk, actor: Actor, training_id: str, *, unfinished: bool = False) -> Training:
    """Take back an announcement that was to come: it is a draft again.

    `unfinished`: nobody asked for it, but what was written since cannot be announced; the organizer is told.
    """
    must_organize(actor)
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        if training.stage is Stage.DRAFT:
            return training
        draft = await tx.trainings.move(training, training.staged(Stage.DRAFT, announce_at=None))
        await keep_time(tx, desk, draft)
        await tx.audit.record(Event.TRAINING_PLANNED, draft.id)
        if unfinished:
            await tell_organizer(tx, draft, "training_withheld", str(draft.version))
        await show(tx, draft)
        return draft


async def drop(desk: Desk, actor: Actor, training_id: str) -> Training:
    """Throw a draft away."""
    must_organize(actor)
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        if training.stage is Stage.DROPPED:
            return training
        dropped = await tx.trainings.move(training, training.staged(Stage.DROPPED, ended_at=tx.now))
        await keep_time(tx, desk, dropped)
        await tx.audit.record(Event.TRAINING_DROPPED, dropped.id)
        await show(tx, dropped)
        return dropped


async def change(
    desk: Desk, actor: Actor, training_id: str, wanted: Plan, *, drawn_from: str = "", reason: str = ""
) -> Training:
    """Change what was announced. Those who joined are told what is new for them, once; more seats go to who waits.

    Fewer seats than people who have one are refused with `TooFewSeats`, minutes that are no link with `NotALink`.
    `drawn_from`: as for `plan`. `reason`: why, in the organizer's words, told with what is new.
    """
    must_organize(actor)
    no_my_number({**wanted.words, **wanted.private, "reason": reason})
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        if training.stage in UNSEEN or training.stage in {Stage.CANCELLED, Stage.DROPPED}:
            raise StageTooLate(training.stage)
        wanted = _same_sessions(training.plan, wanted)
        everybody = await everybody_in(tx, training)
        link = wanted.private.get("minutes", "")
        if link and link != training.plan.private.get("minutes"):
            must_be_link(link, "minutes")
        if training.stage is Stage.HELD:  # links and words may follow; what was, was
            words = {**wanted.words, "title": training.title}
            wanted = replace(training.plan, words=words, private=wanted.private)
        training.plan.must_be_as_drawn(drawn_from, wanted)
        wanted.checked(tx.now, held_by_format(everybody), training.plan)
        if wanted == training.plan:
            return training
        news = {} if training.stage is Stage.HELD else changes(training.plan, wanted)
        edition = training.edition + bool(news)
        changed = await tx.trainings.move(training, replace(training.planned(wanted), edition=edition))
        await tx.audit.record(Event.TRAINING_CHANGED, changed.id, fields=sorted(news))
        if news:
            why = {"reason": {"said": reason}} if reason else {}
            await tx.trainings.note_change(changed, {**news, **why})
            told = await _tell_news(tx, changed, everybody, news)
            await _calendars(tx, changed, told)
        minutes = changed.plan.private.get("minutes")
        if changed.stage is Stage.HELD and minutes and minutes != training.plan.private.get("minutes"):
            await tell_minutes(tx, changed)
        await keep_time(tx, desk, changed)
        await pass_on(tx, desk, changed)
        await show(tx, changed, *(each.person for each in everybody))
        return changed


async def cancel(desk: Desk, actor: Actor, training_id: str, because: str) -> Training:
    """Call it off. Everybody who joined, waits or was offered a seat is told why, once. `because`: a code."""
    must_organize(actor)
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        if training.stage is Stage.CANCELLED:
            return training
        cancelled = training.staged(
            Stage.CANCELLED, ended_at=tx.now, ended_because=because, edition=training.edition + 1
        )
        cancelled = await tx.trainings.move(training, cancelled)
        await tx.audit.record(Event.TRAINING_CANCELLED, cancelled.id, because=because)
        everybody = await everybody_in(tx, cancelled)
        for each in everybody:
            await tx.timers.cancel(each.id, "t_offer")
            await tx.participations.move(each, each.placed(Place.CANCELLED))
        await _tell_all(tx, cancelled, everybody, "training_cancelled", "off")
        await _calendars(tx, cancelled, everybody)
        await keep_time(tx, desk, cancelled)
        await show(tx, cancelled, *(each.person for each in everybody))
        return cancelled


async def show_again(desk: Desk, actor: Actor, training_id: str) -> Training:
    """Bring the announcements up to date, and back where one could not be posted."""
    must_organize(actor)
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        await show(tx, training)
        return training


async def invite(
    desk: Desk, actor: Actor, training_id: str, people: Sequence[str], municipality: str | None = None
) -> int:
    """Ask people by name to come, for a municipality where one is named; each is asked once.

    Gives how many were asked now.
    """
    must_organize(actor)
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        training.must_be_open(tx.now)
        asked = [
            each
            for each in dict.fromkeys(people)
            if await tx.trainings.invite(training.id, each, municipality)
        ]
        for person in asked:
            await tx.outbox.add(
                "training_invited",
                to=person,
                key=f"training_invited:{training.id}:{person}",
                training=training.id,
                person=person,
            )
        await tx.audit.record(Event.TRAINING_INVITED, training.id, people=asked)
        await show(tx, training, *asked)
        return len(asked)


async def hand_to(desk: Desk, actor: Actor, training_id: str) -> Training:
    """Become the one who looks after a training, such as when a colleague is away."""
    must_organize(actor)
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        if training.organizer == actor.id or training.stage in OVER:
            return training
        taken = await tx.trainings.move(training, replace(training, organizer=actor.id))
        await tx.audit.record(Event.TRAINING_PLANNED, taken.id, organizer=actor.id)
        await show(tx, taken, training.organizer)
        return taken


async def _begun(tx: Transaction, actor: Actor, new_id: str, wanted: Plan) -> Training:
    year = fiscal_year(tx.now)
    serial = await tx.trainings.next_serial(year)
    training = await tx.trainings.add(
        Training(
            id=new_id,
            number=f"{era_year(year)}-T{serial:03d}",
            fiscal_year=year,
            stage=Stage.DRAFT,
            organizer=actor.id,
            created_at=tx.now,
            plan=wanted,
            codes_version=codes.VERSION,
        )
    )
    await tx.audit.record(Event.TRAINING_PLANNED, training.id)
    await show(tx, training)
    return training


async def _out(tx: Transaction, desk: Desk, was: Training, training: Training) -> Training:
    """Announce it. Its fiscal year is that of its first session."""
    starts = training.plan.starts_at
    out = training.staged(
        Stage.ANNOUNCED,
        announced_at=tx.now,
        announce_at=None,
        fiscal_year=fiscal_year(starts or tx.now),
    )
    out = await tx.trainings.move(was, out)
    await tx.audit.record(Event.TRAINING_ANNOUNCED, out.id, channels=out.channels)
    if tx.actor.id == THE_CLOCK.id:
        await tell_organizer(tx, out, "training_announced", str(out.version))
    await keep_time(tx, desk, out)
    await show(tx, out)
    return out


def _same_sessions(was: Plan, wanted: Plan) -> Plan:
    """Sessions of a form have no ids: each stays the one it was, so that calendars move it instead of doubling it.

    First the one of the same time, then of the same beginning; of the others the first stays the first.
    """
    given = sorted(wanted.sessions)
    ids = [each.id for each in given]
    left = [each for each in sorted(was.sessions) if each.id not in ids]
    for about in (lambda each: (each.starts_at, each.ends_at), lambda each: each.starts_at, lambda _: None):
        for n, each in enumerate(given):
            same = next((one for one in left if about(one) == about(each)), None)
            if not ids[n] and same is not None:
                ids[n] = same.id
                left.remove(same)
    kept = tuple(replace(each, id=id_) for each, id_ in zip(given, ids, strict=True))
    return replace(wanted, sessions=kept)


async def _tell_news(
    tx: Transaction, training: Training, everybody: Sequence[Participation], news: Iterable[str]
) -> list[Participation]:
    """Tell each what of the news is theirs, and nothing to whom nothing is left. Gives those who are told."""
    of_each: dict[tuple[str, ...], list[Participation]] = {}
    for each in everybody:
        if names := heard(news, training.plan, each):
            of_each.setdefault(names, []).append(each)
    for names, people in of_each.items():
        facts = {"edition": training.edition, "names": names}
        await _tell_all(tx, training, people, "training_changed", str(training.edition), **facts)
    return [each for people in of_each.values() for each in people]


async def _tell_all(
    tx: Transaction,
    training: Training,
    everybody: Sequence[Participation],
    template: str,
    key: str,
    **facts: Any,
) -> None:
    """Tell everybody who has Slack; of those who have none, the organizer hears that they are to be called."""
    for each in everybody:
        await tell(tx, each, template, key, **facts)
    if any(each.person is None for each in everybody):
        await tell_organizer(tx, training, "people_to_call", f"{template}:{key}", about=template, **facts)


async def _calendars(tx: Transaction, training: Training, everybody: Sequence[Participation]) -> None:
    """Send the file again to those who took it into their calendar."""
    for each in everybody:
        if each.calendar:
            await send_calendar(tx, each, str(training.edition))
