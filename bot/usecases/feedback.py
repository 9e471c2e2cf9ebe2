"""After a training: what it was like, said by nobody in particular; and, three months later, what came of it.

Feedback is anonymous and yet given once. The transaction that stores it is acted by `SOMEBODY`: nothing it writes names
the person but the one row that says that they have given, which tells neither what nor when.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot import codes
from bot.domain.events import Event
from bot.domain.refusals import Missing, NotAllowed, Refused
from bot.domain.seats import Participation
from bot.domain.staff import Actor
from bot.domain.training import Stage, Training
from bot.privacy.suppression import SMALLEST
from bot.store.database import Reading, Transaction
from bot.store.feedback import Said
from bot.usecases.case_names import Confirmed, Screened
from bot.usecases.desk import NOTHING, Desk, screened
from bot.usecases.training_desk import must_organize, there

SOMEBODY = Actor("somebody")
LISTS = {"satisfaction": "satisfaction", "usefulness": "usefulness", "pace": "training_pace"}
WORDS = 1000
AWAITED = timedelta(days=30)  # afterwards nobody is told to wait for more of it


class NotThere(Refused):
    """Only those who were there can say what it was like."""

    template = "refusals/not_there"


class TooSoon(Refused):
    """Nobody has seen the end of it yet, or it did not take place."""

    template = "refusals/feedback_too_soon"


class AlreadyGiven(Refused):
    """Everybody says it once; what was said cannot be found again, to be changed."""

    template = "refusals/already_given"


@dataclass(frozen=True, slots=True)
class Question:
    """How one question was answered: each answer with how many gave it, and its share of 100."""

    name: str
    code_list: str
    answers: int
    counted: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Results:
    """What those who were there said. Below `SMALLEST` answers, `enough` is False and nothing else is told but

    `hopeful`: whether there may be enough of them yet.
    """

    training: Training
    enough: bool
    answers: int = 0
    questions: tuple[Question, ...] = ()
    wishes: tuple[tuple[str, int, int], ...] = ()
    words: tuple[str, ...] = ()
    hopeful: bool = True


async def begin(desk: Desk, actor: Actor, training_id: str) -> tuple[Training, dict[str, Any] | None]:
    """Look whether somebody may say something, and give what they had begun to write, if anything."""
    async with desk.db.reading(actor) as ask:
        training = await _may(ask, actor, training_id)
        return training, await ask.feedback.draft_of(training.id, actor.id)


async def save_draft(
    desk: Desk, actor: Actor, training_id: str, answers: dict[str, Any], said: Confirmed = NOTHING
) -> Screened:
    """Keep what is in the form so far, for its writer alone; gives its words as they are kept. Words that point at somebody raise `Identified`."""
    words = await screened({"words": str(answers.get("words") or "")}, said)
    async with desk.db.transaction(SOMEBODY) as tx:
        training = await _may(tx, actor, training_id)
        await tx.feedback.keep_draft(training.id, actor.id, {**answers, **words.texts})
    return words


async def give(
    desk: Desk, actor: Actor, training_id: str, said: Said, about_names: Confirmed = NOTHING
) -> Training:
    """Say what it was like, once. Raises `AlreadyGiven` the second time, and `Missing` where nothing is said."""
    if said == Said():
        raise Missing("satisfaction")
    said = replace(said, words=(await screened({"words": said.words}, about_names))["words"])
    async with desk.db.transaction(SOMEBODY) as tx:
        training = await _may(tx, actor, training_id)
        if not await tx.feedback.give(training.id, actor.id, said):
            raise AlreadyGiven
        await tx.audit.record(Event.FEEDBACK_GIVEN, training.id)
        return training


async def results(desk: Desk, actor: Actor, training_id: str) -> Results:
    """Read what was said; it is noted that somebody did. What fewer than five answered is not told."""
    must_organize(actor)
    async with desk.db.transaction(actor) as tx:
        training = await tx.trainings.get(training_id)
        everything = await tx.feedback.of_training(training.id)
        await tx.audit.record(Event.FEEDBACK_READ, training.id)
        asked = [each for each in await there(tx, training) if each.person]
        ends = training.plan.ends_at
        over = ends is not None and tx.now > ends + AWAITED
    if len(everything) < SMALLEST:
        return Results(training, enough=False, hopeful=len(asked) >= SMALLEST and not over)
    wished = [each.wishes for each in everything if each.wishes]
    return Results(
        training,
        enough=True,
        answers=len(everything),
        questions=tuple(_question(name, everything) for name in LISTS),
        wishes=_wished(wished) if len(wished) >= SMALLEST else (),
        words=tuple(each.words for each in everything if each.words),
    )


async def ask_practice(tx: Transaction, part: Participation) -> None:
    """Promise somebody the question what came of it: one message, which shows their answer when there is one."""
    if part.person:
        await tx.outbox.card(
            "practice_question",
            to=part.person,
            subject=part.id,
            training=part.training,
            participation=part.id,
        )


async def practice(desk: Desk, actor: Actor, participation_id: str, answer: str) -> Participation:
    """Keep what came of it, in one tap; the last one counts. `answer`: a code of practice_change."""
    codes.label("practice_change", answer)
    async with desk.db.transaction(actor) as tx:
        part = await tx.participations.get(participation_id)
        await tx.trainings.get(part.training)
        part = await tx.participations.get(participation_id)  # as it is, now that the training is held
        if part.person != actor.id:
            raise NotAllowed
        if part.practice == answer:
            return part
        part = await tx.participations.move(part, replace(part, practice=answer))
        await tx.audit.record(Event.FOLLOW_UP_ANSWERED, part.training, participation=part.id, answer=answer)
        await ask_practice(tx, part)
        return part


async def may_say(ask: Reading | Transaction, training: Training, part: Participation) -> bool:
    """Whether somebody was there and has said nothing yet. For nobody's eyes but theirs."""
    was_there = any(each.id == part.id for each in await there(ask, training))
    return was_there and not await ask.feedback.has_given(training.id, part.attendee)


async def _may(ask: Reading | Transaction, actor: Actor, training_id: str) -> Training:
    """Give the training, where this person was there, its first session is over and they have said nothing yet."""
    training = await ask.trainings.get(training_id)
    ends = min((each.ends_at for each in training.plan.sessions), default=None)
    if training.stage not in {Stage.ANNOUNCED, Stage.HELD} or ends is None or ask.now < ends:
        raise TooSoon
    if not any(each.attendee == actor.id for each in await there(ask, training)):
        raise NotThere
    if await ask.feedback.has_given(training.id, actor.id):
        raise AlreadyGiven
    return training


def _question(name: str, everything: Collection[Said]) -> Question:
    given = [answer for each in everything if (answer := getattr(each, name))]
    known = [each.code for each in codes.options(LISTS[name])]
    if len(given) < SMALLEST:
        return Question(name, LISTS[name], 0, ())
    counted = Counter(given)
    found = tuple((code, counted[code], round(100 * counted[code] / len(given))) for code in known)
    return Question(name, LISTS[name], len(given), found)


def _wished(wished: Collection[tuple[str, ...]]) -> tuple[tuple[str, int, int], ...]:
    counted = Counter(code for each in wished for code in each)
    return tuple((code, count, round(100 * count / len(wished))) for code, count in counted.most_common())
