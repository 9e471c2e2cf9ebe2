"""The roster: who has a seat and who was there, and who comes unannounced. Each is one complete change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain import check_in
from bot.domain.check_in import NoSeat, NotToday
from bot.domain.events import Event
from bot.domain.phone import Phone
from bot.domain.refusals import Missing, NotFound
from bot.domain.seats import THERE, Attendance, Mark, Participation, Place, minutes_of
from bot.domain.staff import Actor
from bot.domain.training import Session, Stage, StageTooLate, Training
from bot.store.database import Reading, Transaction
from bot.usecases.attendance import TAKES_PLACE, must_take_place, seen, there
from bot.usecases.desk import Desk, no_my_number
from bot.usecases.seats import as_told
from bot.usecases.training_desk import known_codes, must_organize, show, tell, thank, with_codes


@dataclass(frozen=True, slots=True)
class Row:
    """One person on the roster. `name`: as it was given or learnt, may be empty; `marks`: session → mark."""

    part: Participation
    name: str
    agency: str
    needs: str
    marks: Mapping[str, Mark]


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody with a seat, in the order they asked, and who came unannounced."""

    training: Training
    rows: Sequence[Row]
    now: datetime

    @property
    def unnamed(self) -> list[str]:
        """People of Slack whose name nobody has told yet."""
        return [each.part.person for each in self.rows if each.part.person and not each.name]


@dataclass(frozen=True, slots=True)
class WalkIn:
    """Who comes unannounced: a person of Slack, or a name. Codes but for name, agency and phone, which are sealed."""

    person: str | None = None
    name: str = ""
    agency: str = ""
    phone: str = ""
    format: str | None = None
    supporter_field: str | None = None
    organization_type: str | None = None
    occupation: str | None = None
    municipality: str | None = None


async def roster(desk: Desk, actor: Actor, training_id: str, *, again: bool = False) -> Roster:
    """Open the roster. The reading is audited, it holds names; not `again` where it lies open, or goes on a paper."""
    must_organize(actor)
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        _must_have_been_announced(training)
        if not again:
            await tx.audit.record(Event.ROSTER_READ, training.id)
        return Roster(training, await rows(tx, training), tx.now)


async def rows(tx: Transaction | Reading, training: Training) -> list[Row]:
    """Everybody on the roster. Whoever asks for it notes it in the trail."""
    marks: dict[str, dict[str, Mark]] = {}
    for each in await tx.participations.marks_of_training(training.id):
        marks.setdefault(each.participation, {})[each.session] = each
    answers = await tx.participations.answers_of_training(training.id)
    found = []
    for part in await tx.participations.of_training(training.id):
        if part.status is Place.CONFIRMED:
            said = answers.get(part.id, {})
            words = {name: said.get(name, "") for name in ("name", "agency", "needs")}
            found.append(Row(part, marks=marks.get(part.id, {}), **words))
    return found


async def keep_names(desk: Desk, actor: Actor, training_id: str, names: Mapping[str, str]) -> None:
    """Keep, sealed, what people of Slack are called: person → name. A name that was given stays."""
    must_organize(actor)
    if not names:
        return
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        answers = await tx.participations.answers_of_training(training.id)
        for part in await tx.participations.of_training(training.id):
            before = answers.get(part.id, {})
            if part.person and names.get(part.person) and not before.get("name"):
                await tx.participations.write_answers(part, {**before, "name": names[part.person]})


async def mark(
    desk: Desk,
    actor: Actor,
    participation_id: str,
    session_id: str,
    status: Attendance,
    minutes: int | None = None,
) -> None:
    """Write into the roster whether somebody was there; the last word counts. `minutes`: of a part, where known.

    Raises `NotToday` before the session, `RosterClosed` sixty days after the last one.
    """
    must_organize(actor)
    async with desk.db.transaction(actor) as tx:
        part = await tx.participations.get(participation_id)
        training = await tx.trainings.get(part.training)
        part = await tx.participations.get(participation_id)
        session = session_of(training, session_id)
        check_in.must_take_marks(training, session, status, tx.now)
        if part.status is not Place.CONFIRMED:
            raise NoSeat(part.status)
        marks = {each.session: each for each in await tx.participations.marks_of(part.id)}
        if await _write(tx, training, part, session, status, marks.get(session.id), minutes):
            await seen(tx, training, part.person)


async def mark_rest(desk: Desk, actor: Actor, training_id: str, session_id: str) -> int:
    """Write everybody nobody has said anything of as there. Gives how many they were."""
    must_organize(actor)
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        session = session_of(training, session_id)
        check_in.must_take_marks(training, session, Attendance.ATTENDED, tx.now)
        left = [each for each in await rows(tx, training) if session.id not in each.marks]
        for each in left:
            await _write(tx, training, each.part, session, Attendance.ATTENDED, None)
        if left:
            await seen(tx, training, *(each.part.person for each in left))
        return len(left)


async def _write(
    tx: Transaction,
    training: Training,
    part: Participation,
    session: Session,
    status: Attendance,
    before: Mark | None,
    minutes: int | None = None,
) -> bool:
    """Keep a mark. False: it said so before. Whoever writes lets it be `seen`."""
    counted = minutes_of(session, status, minutes)
    if before is not None and before.status is status and (minutes is None or before.minutes == counted):
        return False
    await tx.participations.mark(Mark(part.id, session.id, status, counted, "roster", tx.now, tx.actor.id))
    await tx.audit.record(
        Event.ATTENDANCE_MARKED, training.id, participation=part.id, session=session.id, status=status
    )
    if status in THERE:
        await thank(tx, training, part)
    return True


async def promise_paper(desk: Desk, actor: Actor, training_id: str, paper: str, *, once: str) -> None:
    """Promise a roster (`roster_sheet`, `roster_paper`) or the code at the door (`check_in_paper`), in one's own DM."""
    must_organize(actor)
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        if paper == "check_in_paper":
            must_take_place(training)
        _must_have_been_announced(training)
        event = Event.PAPER_PRINTED if paper == "check_in_paper" else Event.ROSTER_READ
        await tx.audit.record(event, training.id, paper=paper)
        key = f"{paper}:{training.id}:{actor.id}:{once}"
        await tx.outbox.add(paper, to=actor.id, op="upload", key=key, training=training.id)


async def minutes_given(
    desk: Desk, actor: Actor, participation_id: str, session_id: str
) -> tuple[Training, int | None]:
    """How long somebody was at a session, as far as it is noted; and the training it is about."""
    must_organize(actor)
    async with desk.db.reading(actor) as ask:
        part = await ask.participations.get(participation_id)
        training = await ask.trainings.get(part.training)
        marks = {each.session: each for each in await ask.participations.marks_of(part.id)}
    return training, marks[session_id].minutes if session_id in marks else None


async def may_let_in(desk: Desk, actor: Actor, training_id: str) -> Training:
    """Give the training where somebody may come unannounced at this moment. Raises `NotToday`."""
    must_organize(actor)
    async with desk.db.reading(actor) as ask:
        training = await ask.trainings.get(training_id)
        _must_be_the_day(training, ask.now)
    return training


async def walk_in(desk: Desk, actor: Actor, training_id: str, said: WalkIn, *, once: str) -> Participation:
    """Let somebody in who had no seat, beside the seats, and note that they are there.

    From an hour before the first session until the end of the last: else `NotToday`.
    """
    must_organize(actor)
    no_my_number({"name": said.name, "agency": said.agency, "phone": said.phone})
    if said.person is None and not said.name.strip():
        raise Missing("name")
    phone = Phone.parse(said.phone).kept if said.phone.strip() else ""
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        _must_be_the_day(training, tx.now)
        attendee = said.person or await _attendee(tx, said.name, phone)
        made = await tx.casework.once(once, attendee)
        known = await tx.participations.by_attendee(training.id, made or attendee)
        if made is not None and known is not None:
            return known
        part = await _let_in(desk, tx, training, said, known, attendee)
        words = {"name": said.name.strip(), "agency": said.agency.strip(), "phone": phone}
        before = await tx.participations.answers(part)
        given = {name: text for name, text in words.items() if text}
        if given:
            await tx.participations.write_answers(part, {**before, **given})
        if now := check_in.going_on(training.plan.sessions, tx.now):
            done = await there(tx, training, part, now[0], "roster", by=actor.id)
            await tell(tx, part, "checked_in", done.session.id, session=done.session.id, already=False)
        return part


async def _attendee(tx: Transaction, name: str, phone: str) -> str:
    """Who has no Slack is known by name and number, as where people are entered by phone; without a number by nothing:

    two of one name are two.
    """
    return "p:" + (await tx.keys.fingerprint("attendee", as_told(name, phone)) if phone else tx.new_id())


async def _let_in(
    desk: Desk, tx: Transaction, training: Training, said: WalkIn, known: Participation | None, attendee: str
) -> Participation:
    codes = await known_codes(tx, training, said.person) if said.person else {}
    if known is None:
        turn = training.last_turn + 1
        training = await tx.trainings.move(training, replace(training, last_turn=turn))
        part = Participation(
            id=tx.new_id(),
            training=training.id,
            attendee=attendee,
            person=said.person,
            format=said.format if said.format in training.plan.seats else next(iter(training.plan.seats)),
            status=Place.CONFIRMED,
            turn=turn,
            joined_at=tx.now,
            entered_by=tx.actor.id,
            route="meeting",
            walk_in=True,
        )
        part = with_codes(desk, part, said, codes)
        await tx.participations.add(part)
    else:
        let_in = known.status not in {Place.CONFIRMED, Place.OFFERED}
        held = known.format in training.plan.seats
        format_ = known.format if held else next(iter(training.plan.seats))
        part = known.placed(Place.CONFIRMED, walk_in=known.walk_in or let_in, format=format_)
        part = await tx.participations.move(known, with_codes(desk, part, said, codes))
        await tx.timers.cancel(part.id, "t_offer")
    await tx.audit.record(Event.SEAT_JOINED, training.id, participation=part.id, walk_in=part.walk_in)
    await show(tx, training, part.person)
    return part


def session_of(training: Training, session_id: str) -> Session:
    """The session of this id, or `NotFound`: it was taken out."""
    found = [each for each in training.plan.sessions if each.id == session_id]
    if not found:
        raise NotFound
    return found[0]


def _must_have_been_announced(training: Training) -> None:
    if training.stage not in TAKES_PLACE | {Stage.CANCELLED}:
        raise StageTooLate(training.stage)


def _must_be_the_day(training: Training, now: datetime) -> None:
    must_take_place(training)
    starts, ends = training.plan.starts_at, training.plan.ends_at
    if starts is None or ends is None or now > ends:
        raise NotToday(None)
    if now < starts - check_in.OPENS:
        raise NotToday(starts - check_in.OPENS)
