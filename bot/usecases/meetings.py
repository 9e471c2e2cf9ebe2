"""質問 → 回答, minutes, and which municipality has answered. Each act is one change; each reading is noted in the trail."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from bot.domain import meeting
from bot.domain.business_time import TOKYO
from bot.domain.events import Event
from bot.domain.meeting import Town
from bot.domain.refusals import InTheFuture, Missing, NotAllowed, Refused
from bot.domain.seats import IN, THERE, Participation
from bot.domain.staff import Actor
from bot.domain.text import must_be_link
from bot.domain.training import Stage, StageTooLate, Training
from bot.organisation import Organisation
from bot.store.database import Reading, Transaction
from bot.store.meetings import Question
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import NOTHING, Desk, no_my_number, screened, sounds_dangerous
from bot.usecases.training_desk import ORGANIZE, MinutesTold, must_organize, note_question, tell_minutes


class NotAmongThem(NotAllowed):
    """Questions and answers are for those who joined, wait for a seat, or were asked to come."""

    template = "refusals/not_among_them"


class QuestionsOver(Refused):
    """Nothing can be asked (any more): `why` is draft, cancelled or held."""

    template = "refusals/questions_over"

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class AnsweredBefore(Refused):
    """An answer cannot be older than its question, which was asked at `since`."""

    template = "refusals/answered_before"
    field = "on"

    def __init__(self, since: datetime) -> None:
        self.since = since
        super().__init__("answered before it was asked")


class NotHeldYet(Refused):
    """There are no minutes before the end."""

    template = "refusals/not_held_yet"
    field = "minutes"


@dataclass(frozen=True, slots=True)
class Board:
    """The questions of a training as one person may see them. `minutes`: the link, or empty; `asking`: one still may."""

    training: Training
    questions: tuple[Question, ...]
    minutes: str = ""
    asking: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered. `answerer`: as they are to be named; `on`: the day, today where it is left out."""

    text: str
    answerer: str
    on: date | None = None
    said: Confirmed = NOTHING  # about the names in the text


@dataclass(frozen=True, slots=True)
class Towns:
    """How the municipalities have answered. `marked`: whether anybody's attendance is known."""

    training: Training
    towns: tuple[Town, ...]
    expected: frozenset[str]
    marked: bool


@dataclass(frozen=True, slots=True)
class Published:
    """The minutes are there. `new`: the link is another than before, or the first."""

    told: MinutesTold
    new: bool


async def may_ask(desk: Desk, actor: Actor, training_id: str) -> Training:
    """Give the training to whoever may ask a question now; raises `NotAmongThem` or `QuestionsOver`."""
    async with desk.db.reading() as ask_:
        training = await ask_.trainings.get(training_id)
        await _must_be_among(ask_, training, actor)
        _must_take_questions(training, ask_.now)
        return training


async def ask(
    desk: Desk, actor: Actor, training_id: str, question: str, said: Confirmed = NOTHING, *, once: str
) -> bool:
    """Ask a question of the lecturer or for the meeting; the organizer hears of it, together with others.

    Gives whether it sounds like danger: then whoever asked is shown where to call first. Raises `Missing`, what `screened` raises, `NotAmongThem`, `QuestionsOver`.
    """
    if not question.strip():
        raise Missing("question")
    words = await screened({"question": question}, said)
    question = words["question"]
    danger = sounds_dangerous(question, *words.said.surfaces)
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        await _must_be_among(tx, training, actor)
        _must_take_questions(training, tx.now)
        if await tx.casework.once(once, training.id) is not None:
            return danger
        await tx.meetings.ask(training.id, question, await _place(tx, training, actor.id))
        await tx.audit.record(Event.QUESTION_ASKED, training.id)
        await note_question(tx, training)
    return danger


async def questions(desk: Desk, actor: Actor, training_id: str) -> Board:
    """Open all questions, for an organizer: those without an answer first."""
    must_organize(actor)
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        await tx.audit.record(Event.QUESTIONS_READ, training.id)
        found = await tx.meetings.of_training(training.id)
        found.sort(key=lambda each: each.answered_at is not None)
        minutes = training.plan.private.get("minutes", "")
        return Board(training, tuple(found), minutes, _over(training, tx.now) is None)


async def answers(desk: Desk, actor: Actor, training_id: str) -> Board:
    """Open what was answered, and one's own questions, for those who are among them and whoever asked.

    The minutes are for those who are among them.
    """
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        among = await _among(tx, training, actor)
        found = await tx.meetings.of_training(training.id)
        if not among and not any(each.asked_by == actor.id for each in found):
            raise NotAmongThem
        await tx.audit.record(Event.QUESTIONS_READ, training.id, why="answers")
        shown = [each for each in found if each.answered_at is not None or each.asked_by == actor.id]
        shown.sort(key=lambda each: each.answered_at is None)
        minutes = training.plan.private.get("minutes", "") if among else ""
        return Board(training, tuple(shown), minutes, among and _over(training, tx.now) is None)


async def question(desk: Desk, actor: Actor, question_id: str) -> tuple[Training, Question]:
    """Open one question, for an organizer who answers it."""
    must_organize(actor)
    async with desk.db.transaction(actor) as tx:
        found = await tx.meetings.get(question_id)
        await tx.audit.record(Event.QUESTIONS_READ, found.training)
        return await tx.trainings.get(found.training), found


async def answer(desk: Desk, actor: Actor, question_id: str, said: Answer, *, once: str) -> Training:
    """Answer a question; the last answer counts. Whoever asked hears of each new one once.

    Raises `Missing`, what `screened` raises, `InTheFuture`, `AnsweredBefore`.
    """
    must_organize(actor)
    for name in ("text", "answerer"):
        if not getattr(said, name).strip():
            raise Missing(_FIELDS[name])
    no_my_number({"answerer": said.answerer})
    said = replace(said, text=(await screened({"answer": said.text}, said.said))["answer"])
    async with desk.db.transaction(actor) as tx:
        asked = await tx.meetings.get(question_id)
        training = await tx.trainings.get(asked.training)
        at = _answered_at(said.on, asked, tx.now)
        if await tx.casework.once(once, asked.id) is not None:
            return training
        await tx.meetings.answer(asked, said.text, said.answerer, at)
        await tx.audit.record(Event.QUESTION_ANSWERED, training.id, question=asked.id)
        if said.text != asked.answer and asked.asked_by != actor.id:
            await tx.outbox.add(
                "question_answered",
                to=asked.asked_by,
                key=f"question_answered:{asked.id}:{once}",
                training=training.id,
            )
        return training


async def publish_minutes(desk: Desk, actor: Actor, training_id: str, link: str) -> Published:
    """Add the link to the minutes once it is over; whoever was there or was asked to come is told, once.

    Raises `NotALink`, `NotHeldYet`, `StageTooLate`.
    """
    must_organize(actor)
    link = link.strip()
    no_my_number({"minutes": link})
    must_be_link(link, "minutes")
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        _must_be_over(training, tx.now)
        new = training.plan.private.get("minutes") != link
        if new:
            private = {**training.plan.private, "minutes": link}
            training = await tx.trainings.move(
                training, training.planned(replace(training.plan, private=private))
            )
            await tx.audit.record(Event.TRAINING_CHANGED, training.id, fields=["minutes"])
        return Published(await tell_minutes(tx, training), new)


async def to_publish(desk: Desk, actor: Actor, training_id: str) -> Training:
    """Give a training that is over, to whoever may add its minutes."""
    must_organize(actor)
    async with desk.db.reading() as ask_:
        training = await ask_.trainings.get(training_id)
        _must_be_over(training, ask_.now)
        return training


async def towns(desk: Desk, actor: Actor, training_id: str) -> Towns:
    """Show an organizer who answers for each municipality, and who was there. Noted like a look into the roster."""
    must_organize(actor)
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        await tx.audit.record(Event.ROSTER_READ, training.id, why="towns")
        everybody = await tx.participations.of_training(training.id)
        invited = await tx.trainings.invited_for(training.id)
        marks = await tx.participations.marks_of_training(training.id)
        place_of = meeting.places(everybody, invited, await tx.meetings.places_said(training.id))
        expected = expected_towns(desk.organisation, training)
        there = {each.participation for each in marks if each.status in THERE}
        found = meeting.by_town(everybody, invited, place_of, there, expected)
        return Towns(training, tuple(found.values()), frozenset(expected), bool(there))


async def to_invite(desk: Desk, actor: Actor, training_id: str) -> tuple[Training, list[str], list[str]]:
    """Give a training people can still be asked to, who was asked, and who of them has not answered."""
    must_organize(actor)
    async with desk.db.reading() as ask_:
        training = await ask_.trainings.get(training_id)
        training.must_be_open(ask_.now)
        asked = await ask_.trainings.invitees(training.id)
        return training, asked, await ask_.trainings.unanswered(training.id)


def expected_towns(organisation: Organisation, training: Training) -> tuple[str, ...]:
    """The municipalities an answer is expected of: those the plan names, and for a 担当者会議 without any, all of them."""
    plan = training.plan
    if plan.municipalities:
        return plan.municipalities
    if plan.kind != "municipal_meeting":
        return ()
    listed = [each for each in organisation.offered("municipalities") if each.more["region"]]
    return tuple(each.code for each in listed if not plan.regions or each.more["region"] in plan.regions)


_FIELDS = {"text": "answer", "answerer": "answerer"}


async def _among(ask_: Reading | Transaction, training: Training, actor: Actor) -> bool:
    if actor.has(*ORGANIZE):
        return True
    part: Participation | None = await ask_.participations.by_attendee(training.id, actor.id)
    if part is not None and part.status in IN:
        return True
    return actor.id in await ask_.trainings.invitees(training.id)


async def _must_be_among(ask_: Reading | Transaction, training: Training, actor: Actor) -> None:
    if not await _among(ask_, training, actor):
        raise NotAmongThem


def _must_take_questions(training: Training, now: datetime) -> None:
    if why := _over(training, now):
        raise QuestionsOver(why)


def _over(training: Training, now: datetime) -> str | None:
    """Why no questions are taken; None: they are, from the announcement until the end of the last session."""
    if training.stage in {Stage.HELD, Stage.CANCELLED}:
        return str(training.stage)
    if training.stage is not Stage.ANNOUNCED:
        return "draft"
    ended = training.plan.ends_at
    return str(Stage.HELD) if ended is not None and now >= ended else None


def _must_be_over(training: Training, now: datetime) -> None:
    ended = training.plan.ends_at
    if training.stage is Stage.HELD or (training.stage is Stage.ANNOUNCED and ended and now >= ended):
        return
    if training.stage is Stage.ANNOUNCED:
        raise NotHeldYet
    raise StageTooLate(training.stage)


async def _place(tx: Transaction, training: Training, person: str) -> str | None:
    """The municipality somebody asks for, as far as anybody said."""
    part = await tx.participations.by_attendee(training.id, person)
    everybody = [part] if part else []
    invited = await tx.trainings.invited_for(training.id)
    said = await tx.meetings.places_said(training.id)
    return meeting.places(everybody, invited, said).get(person)


def _answered_at(on: date | None, asked: Question, now: datetime) -> datetime:
    """The moment of an answer given on a day: now, for today."""
    today = now.astimezone(TOKYO).date()
    if on is None or on == today:
        return now
    if on > today:
        raise InTheFuture("on")
    if on < asked.asked_at.astimezone(TOKYO).date():
        raise AnsweredBefore(asked.asked_at)
    return datetime.combine(on, time(12), TOKYO)
