"""アドバイス内容の検討会: records of a time are drawn by lot, read by others, and what is found is used. Nobody is rated."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot import codes
from bot.domain import entitlement
from bot.domain.advice_review import (
    LEAD,
    LEARN,
    LEFT,
    MODEL,
    MOST,
    READ,
    TOPIC,
    AdviceReview,
    NotAReader,
    NothingToRead,
    ReadingOver,
    draw,
)
from bot.domain.business_time import TOKYO
from bot.domain.casework import Record
from bot.domain.events import Event
from bot.domain.refusals import InTheFuture, Missing, NotAllowed, NotFound
from bot.domain.staff import THE_CLOCK, Actor, Role
from bot.privacy.advice_summary import Summary, summed
from bot.store.advice_reviews import Finding, Model, Sample
from bot.store.database import Reading, Transaction
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import NOTHING, Desk, screened
from bot.usecases.training_desk import ORGANIZE

SENTENCE = 300  # characters of what was noticed
MODELS = 40
DAY = timedelta(days=1)
WEEK, REMINDED = timedelta(days=7), 2  # readers are asked again after a week, so many times
RECENT = timedelta(days=60)  # how long a review stands on Homes after the reading, and a topic for trainings
RUBRIC, ANSWERS, KINDS = "advice_rubric", "advice_answers", "finding_kinds"
ADVISE = frozenset({Role.COUNSELOR, Role.COORDINATOR})


@dataclass(frozen=True, slots=True)
class Board:
    """One review, for those who lead it. `summary`: None until the reading is over, `findings` too are shown then."""

    review: AdviceReview
    drawn: int
    read: int
    summary: Summary | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A record that was drawn, for whoever reads it: the anonymized record and nothing else."""

    record: Record
    sample: Sample
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody thought of a record: answers by question, and a sentence with what it is good for."""

    answers: Mapping[str, str]
    kind: str | None = None
    finding: str = ""
    said: Confirmed = NOTHING  # about names in the sentence


async def open_review(
    desk: Desk, actor: Actor, since: date, last: date, most: int, readers: tuple[str, ...], *, once: str
) -> AdviceReview:
    """Draw records of these days and ask the readers. Whoever advised then hears that records are read together."""
    entitlement.require_role(actor, LEAD)
    since, last = sorted((since, last))
    if not readers:
        raise Missing("readers")
    async with desk.db.transaction(actor) as tx:
        fresh = tx.new_id()
        if (made := await tx.casework.once(once, fresh)) is not None:
            return await tx.advice_reviews.get(made)
        if last > tx.today:
            raise InTheFuture("last")
        for each in readers:
            if not READ & await tx.staff.roles_of(each):
                raise NotAReader
        await tx.advice_reviews.take_turn()
        candidates, advisers = await tx.advice_reviews.candidates(_begin(since), _begin(last + DAY))
        seed, each_most = tx.new_id(), most if most in MOST else MOST[0]
        drawn, population = draw(candidates, readers, each_most, seed)
        if not drawn:
            raise NothingToRead
        review = AdviceReview(
            fresh, since, last, each_most, seed, readers, population, actor.id, tx.now, codes.VERSION
        )
        await tx.advice_reviews.add(review, drawn)
        await tx.audit.record(Event.ADVICE_OPENED, review.id, since=since, last=last, drawn=len(drawn))
        await _tell(tx, review, sorted({each.reader for each in drawn}), advisers)
        await tx.outbox.home(actor.id)
    return review


async def _tell(tx: Transaction, review: AdviceReview, readers: list[str], advisers: frozenset[str]) -> None:
    """Ask those who read. Those who advised are told the same, whether anything of theirs was drawn or not."""
    for person in readers:
        key = f"advice_asked:{review.id}:{person}"
        await tx.outbox.add("advice_asked", to=person, key=key, advice=review.id)
        await tx.outbox.home(person)
    for person in sorted(advisers):
        if ADVISE & await tx.staff.roles_of(person):
            key = f"advice_told:{review.id}:{person}"
            await tx.outbox.add("advice_told", to=person, key=key, advice=review.id)


async def read(desk: Desk, actor: Actor, record: str) -> Opened:
    """Open a record one was asked to read. Audited."""
    async with desk.db.transaction(actor) as tx:
        opened = await _opened(tx, actor, record)
        await tx.audit.record(Event.ADVICE_READ, record, review=opened.sample.review)
    return opened


async def seen(desk: Desk, actor: Actor, record: str) -> Opened:
    """The same for somebody who has it open already."""
    async with desk.db.reading(actor) as ask:
        return await _opened(ask, actor, record)


async def _opened(ask: Reading | Transaction, actor: Actor, record: str) -> Opened:
    sample = await _own(ask, actor, record)
    if not (await ask.advice_reviews.get(sample.review)).is_open:
        raise ReadingOver
    if await ask.advice_reviews.barred(record):
        raise NotAllowed
    finding = await ask.advice_reviews.finding_about(record)
    return Opened(await ask.records.get(record), sample, finding)


async def _own(ask: Reading | Transaction, actor: Actor, record: str) -> Sample:
    entitlement.require_role(actor, READ)
    sample = await ask.advice_reviews.sample(record)
    if sample.reader != actor.id:
        raise NotAllowed
    return sample


async def answer(desk: Desk, actor: Actor, record: str, told: Said) -> None:
    """Keep what somebody thought of a record; until the reading is over they may say it anew."""
    answers = _known(told.answers)
    if not answers:
        raise Missing(next(iter(codes.load(RUBRIC).codes)))
    if bool(told.finding) != bool(told.kind):
        raise Missing("finding" if told.kind else "kind")
    async with desk.db.reading(actor) as ask:
        await _own(ask, actor, record)
    words = await screened({"finding": told.finding}, told.said)
    async with desk.db.transaction(actor) as tx:
        sample = await _own(tx, actor, record)
        if not (await tx.advice_reviews.hold(sample.review)).is_open:
            raise ReadingOver
        await tx.advice_reviews.answer(record, answers)
        if told.kind:
            await tx.advice_reviews.note(sample, codes.load(KINDS).get(told.kind).code, words["finding"])
        else:
            await tx.advice_reviews.take_back(record)
        await tx.audit.record(Event.ADVICE_ANSWERED, record, review=sample.review)
        opener = (await tx.advice_reviews.get(sample.review)).opened_by
        if not await tx.advice_reviews.to_read(review=sample.review):
            key = f"advice_complete:{sample.review}"
            await tx.outbox.add("advice_complete", to=opener, key=key, advice=sample.review)
        for person in {actor.id, opener}:
            await tx.outbox.home(person)


async def remind(desk: Desk) -> None:
    """Ask those again who have something to read, a week after they were asked and once more the week after."""
    calendar = desk.organisation.calendar
    async with desk.db.transaction(THE_CLOCK) as tx:
        for review in await tx.advice_reviews.going_on():
            weeks = min((tx.now - review.opened_at) // WEEK, REMINDED)
            if not weeks:
                continue
            for person in sorted({each.reader for each in await tx.advice_reviews.to_read(review=review.id)}):
                await tx.outbox.add(
                    "advice_reminder",
                    to=person,
                    key=f"advice_reminder:{review.id}:{person}:{weeks}",
                    not_before=None if calendar.is_open(tx.now) else calendar.next_opening(tx.now),
                    advice=review.id,
                )


async def board(desk: Desk, actor: Actor, review_id: str) -> Board:
    """Open a review: how far the reading is, and after it the sums and the findings. Audited."""
    entitlement.require_role(actor, LEAD)
    async with desk.db.transaction(actor) as tx:
        found = await _board(tx, review_id)
        if found.summary is not None:
            await tx.audit.record(Event.ADVICE_SUMMED, review_id)
    return found


async def _board(ask: Reading | Transaction, review_id: str) -> Board:
    review = await ask.advice_reviews.get(review_id)
    drawn, done = await ask.advice_reviews.progress(review.id)
    if review.summary is None:
        return Board(review, drawn, done)
    findings = tuple(await ask.advice_reviews.findings(review.id))
    return Board(review, drawn, done, Summary.read(review.summary), findings)


async def close(desk: Desk, actor: Actor, review_id: str) -> Board:
    """End the reading: what was thought is summed up, and which record it was about is forgotten."""
    entitlement.require_role(actor, LEAD)
    async with desk.db.transaction(actor) as tx:
        review = await tx.advice_reviews.hold(review_id)
        if review.is_open:
            looks = await tx.advice_reviews.looks(review.id)
            summary = summed(looks, codes.load(RUBRIC).codes, codes.load(ANSWERS).codes)
            await tx.advice_reviews.close(review.id, summary)
            await tx.audit.record(Event.ADVICE_CLOSED, review.id, read=len(looks))
            for person in {*review.readers, review.opened_by, actor.id}:
                await tx.outbox.home(person)
        return await _board(tx, review.id)


async def paper(desk: Desk, actor: Actor, review_id: str, *, once: str) -> None:
    """Have the sums made as A4, for the meeting; it comes to the DM of whoever asks."""
    entitlement.require_role(actor, LEAD)
    async with desk.db.transaction(actor) as tx:
        review = await tx.advice_reviews.get(review_id)
        if review.summary is None:
            raise NotFound
        key = f"advice_summary:{review.id}:{actor.id}:{once}"
        await tx.outbox.add("advice_summary", to=actor.id, op="upload", key=key, advice=review.id)
        await tx.audit.record(Event.PAPER_PRINTED, review.id, paper="advice_summary")


async def settle(desk: Desk, actor: Actor, finding_id: str, settled_as: str) -> Board:
    """A finding becomes a topic for trainings, or is left. Said twice it is said once."""
    entitlement.require_role(actor, LEAD)
    if settled_as not in {TOPIC, LEFT}:
        raise NotFound
    async with desk.db.transaction(actor) as tx:
        finding = await _finding(tx, finding_id)
        await _settled(tx, finding, settled_as)
        return await _board(tx, finding.review)


async def finding_of(desk: Desk, actor: Actor, finding_id: str) -> Finding:
    """Give a finding: to those who lead; one that became a topic also to those who plan trainings."""
    entitlement.require_role(actor, LEAD | ORGANIZE)
    async with desk.db.reading(actor) as ask:
        finding = await _finding(ask, finding_id)
    if not actor.has(*LEAD) and finding.settled_as != TOPIC:
        raise NotAllowed
    return finding


async def keep_model(
    desk: Desk, actor: Actor, finding_id: str, text: str, theme: str | None, said: Confirmed = NOTHING
) -> Board:
    """Let counselors take up a sentence: ことばの手本. Pressed twice it is there once."""
    entitlement.require_role(actor, LEAD)
    if not text:
        raise Missing("sentence")
    words = await screened({"sentence": text}, said)
    async with desk.db.transaction(actor) as tx:
        finding = await _finding(tx, finding_id)
        if await _settled(tx, finding, MODEL):
            known = theme if theme in codes.load("supporter_concerns") else finding.theme
            model = await tx.advice_reviews.keep_model(finding, known or "", words["sentence"])
            await tx.audit.record(Event.MODEL_KEPT, model, finding=finding.id)
        return await _board(tx, finding.review)


async def models(desk: Desk, actor: Actor) -> list[Model]:
    """Give the sentences others found good, newest first."""
    entitlement.require_role(actor, LEARN)
    async with desk.db.reading(actor) as ask:
        return await ask.advice_reviews.models(MODELS)


async def retire(desk: Desk, actor: Actor, model_id: str) -> list[Model]:
    """Take a sentence out of use; pressed twice it is out once."""
    entitlement.require_role(actor, LEAD)
    async with desk.db.transaction(actor) as tx:
        if await tx.advice_reviews.retire(model_id):
            await tx.audit.record(Event.MODEL_RETIRED, model_id)
        return await tx.advice_reviews.models(MODELS)


async def _finding(ask: Reading | Transaction, finding_id: str) -> Finding:
    """One finding of a review whose reading is over: before that they belong to whoever wrote them."""
    finding = await ask.advice_reviews.finding(finding_id)
    if (await ask.advice_reviews.get(finding.review)).is_open:
        raise NotFound
    return finding


async def _settled(tx: Transaction, finding: Finding, settled_as: str) -> bool:
    if not await tx.advice_reviews.settle(finding.id, settled_as):
        return False
    await tx.audit.record(Event.FINDING_SETTLED, finding.id, settled_as=settled_as)
    await tx.outbox.home(tx.actor.id)
    if settled_as == TOPIC:
        for person in await tx.staff.holders_of(Role.ORGANIZER):
            await tx.outbox.home(person)
    return True


def _known(answers: Mapping[str, str]) -> dict[str, str]:
    rubric, offered = codes.load(RUBRIC), codes.load(ANSWERS)
    return {name: said for name, said in answers.items() if name in rubric and said in offered}


def _begin(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=TOKYO)
