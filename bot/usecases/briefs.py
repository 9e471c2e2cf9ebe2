"""事例の1枚: made from a consultation without anybody in it, checked by a person, seen by those invited for a while."""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot import codes
from bot.domain import review_access
from bot.domain.business_time import TOKYO
from bot.domain.consultation import Consultation, Status
from bot.domain.events import Event
from bot.domain.refusals import InTheFuture, Missing
from bot.domain.retention import Destroyed
from bot.domain.review import OPEN, Review
from bot.domain.review_access import Paper
from bot.domain.review_papers import (
    BRIEF,
    Brief,
    BriefGone,
    File,
    NotApproved,
    NotWritten,
    draft_name,
    must_fit,
)
from bot.domain.staff import THE_CLOCK, Actor, Role
from bot.privacy.household import BETWEEN, household_in
from bot.privacy.unusual import Fact, unusual_in, without
from bot.store.database import Reading, Transaction
from bot.usecases import case_names, review_desk, review_rights
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import NOTHING, Desk, screened_about
from bot.usecases.review_rights import entitled

# The kinds of words the course is drawn from; the rest a person writes.
COURSE = frozenset({"story", "told", "summary"})
# Who came along, as far as it tells which agencies there are.
AGENCIES = frozenset({"municipality", "partner", "medical", "minsei", "expert_legal"})
NEEDED = ("topic", "question")


@dataclass(frozen=True, slots=True)
class Page:
    """A brief as somebody sees it. `until`: when those invited see it no more; `unusual`: what still tells who it may be."""

    review: Review
    consultation: Consultation
    brief: Brief
    until: datetime | None
    unusual: Mapping[str, tuple[Fact, ...]]
    approves: bool = False
    writes: bool = False
    prints: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A first draft of the page, for a person to mend. `words`: by part of the brief."""

    review: Review
    words: Mapping[str, str]
    agreement: str | None = None
    agreed_on: date | None = None
    version: int = -1  # of the page that is there already


async def draw(desk: Desk, actor: Actor, review_id: str) -> Drawn:
    """Give the page as it was kept, or a first draft from what was written. The reading is audited."""
    async with desk.db.transaction(actor) as tx:
        review, consultation = await entitled(desk, tx, actor, review_id, Paper.WRITE_BRIEF)
        review.must_be(*OPEN)
        brief = await tx.review_papers.brief(review)
        if brief is not None:
            return Drawn(review, brief.words, brief.agreement, brief.agreed_on, brief.version)
        case = (await case_names.case_of(tx, consultation.id)).for_good()
        written = await tx.casework.words_of(consultation.id)
        there = {name for each in await tx.casework.activities_of(consultation.id) for name in each.people}
        await tx.audit.record(Event.WORDS_READ, consultation.id, why="brief")
    course = "\n".join(each.text for each in written if each.kind in COURSE)
    seen = await case_names.read_together({"course": course}, case, dates=True) if course.strip() else {}
    masked = seen["course"].masked if seen else ""
    course = without(masked, unusual_in(masked))
    words = dict.fromkeys(BRIEF, "") | {
        "topic": _labels("case_characteristics", consultation.characteristics)[: BRIEF["topic"]],
        "reason": _labels("supporter_concerns", consultation.concerns)[: BRIEF["reason"]],
        "question": review.plan.question[: BRIEF["question"]],
        "household": _whole(household_in(masked), BETWEEN, BRIEF["household"]),
        "course": _whole(course, "。", BRIEF["course"]),
        "agencies": _labels("people_roles", sorted(there & AGENCIES))[: BRIEF["agencies"]],
    }
    return Drawn(review, words)


async def keep(
    desk: Desk,
    actor: Actor,
    review_id: str,
    words: Mapping[str, str],
    agreement: str | None,
    agreed_on: date | None,
    said: Confirmed = NOTHING,
    *,
    version: int,
) -> Page:
    """Keep the page. Whoever is to see it sees it once it is approved; a change needs a new approval.

    `version`: of the page that was mended, -1 for the first. Raises `Missing`, `TooLongForPage`, `InTheFuture`,
    what `screened_about` raises, and `Changed`.
    """
    agreement = _told(words, agreement)
    must_fit(words)
    consultation = await review_rights.writing(desk, actor, review_id, Paper.WRITE_BRIEF)
    fields = {name: words.get(name, "") for name in BRIEF}
    seen = await screened_about(desk, actor, None, consultation.id, fields, said, stays=True)
    must_fit(seen.texts)
    async with desk.db.transaction(actor) as tx:
        review, consultation = await entitled(desk, tx, actor, review_id, Paper.WRITE_BRIEF)
        review.must_be(*OPEN)
        was = await tx.review_papers.brief(review)
        await tx.casework.drop_draft(consultation.id, draft_name("brief", review.id))
        day = _agreed_on(agreement, agreed_on, tx.now)
        texts = {name: seen[name].strip() for name in BRIEF}
        brief = Brief(review.id, texts, agreement, actor.id, tx.now, day, version=version + 1 if was else 0)
        if was and was.says_as(brief):
            return await _page(desk, tx, actor, review, consultation, was)
        await tx.review_papers.keep_brief(review, replace(was, version=version) if was else None, brief)
        await case_names.confirm(tx, consultation.id, seen.said)
        await tx.audit.record(Event.BRIEF_WRITTEN, consultation.id, review=review.id)
        if not actor.has(Role.COORDINATOR):
            await review_desk.tell_coordinators(tx, desk, "brief_written", review, str(version), b=actor.id)
        await _show(tx, review)
        return await _page(desk, tx, actor, review, consultation, brief)


def _told(words: Mapping[str, str], agreement: str | None) -> str:
    """What no page goes without stands in it, or raise `Missing`; gives whether somebody agreed, as a code."""
    for name in NEEDED:
        if not words.get(name, "").strip():
            raise Missing(name)
    if agreement is None:
        raise Missing("agreement")
    return agreement


def _agreed_on(agreement: str, on: date | None, now: datetime) -> date | None:
    """The day on which somebody agreed, where this kind of agreement has one; one that lies ahead is never right."""
    dated = codes.load("brief_agreements").get(agreement).more["dated"]
    if dated and on is None:
        raise Missing("agreed_on")
    if on and on > now.astimezone(TOKYO).date():
        raise InTheFuture("agreed_on")
    return on if dated else None


async def approve(desk: Desk, actor: Actor, review_id: str, version: int) -> Page:
    """Let those invited see the page as it was read: each of them is told once."""
    async with desk.db.transaction(actor) as tx:
        review, consultation = await entitled(desk, tx, actor, review_id, Paper.APPROVE_BRIEF)
        review.must_be(*OPEN)
        was = await tx.review_papers.brief(review)
        if was is None:
            raise NotApproved("brief")
        if was.approved_at is not None:
            return await _page(desk, tx, actor, review, consultation, was)
        brief = replace(was, approved_by=actor.id, approved_at=tx.now)
        await tx.review_papers.keep_brief(review, replace(was, version=version), brief)
        await tx.audit.record(Event.BRIEF_APPROVED, consultation.id, review=review.id)
        await _show(tx, review)
        for seat in await tx.reviews.seats(review.id):
            if review_access.sees(seat) and seat.staff != actor.id:
                await review_desk.tell(tx, seat.staff, "brief_ready", review, str(version))
        return await _page(desk, tx, actor, review, consultation, replace(brief, version=version + 1))


async def read(desk: Desk, actor: Actor, review_id: str) -> Page:
    """Open the page. Those invited open it once it is approved. Each opening stands in the trail.

    Raises `NotInvited`, `NotWritten`, `NotApproved`.
    """
    async with desk.db.transaction(actor) as tx:
        review, consultation = await review_desk.both(tx, review_id)
        of = await review_rights.must(desk, tx, actor, Paper.READ_BRIEF, review, consultation)
        brief = await tx.review_papers.brief(review)
        writes = review_access.may(Paper.WRITE_BRIEF, of)
        if brief is None or (brief.approved_at is None and not writes):
            if review.stage not in OPEN:
                raise BriefGone("brief")
            raise NotWritten("brief") if writes else NotApproved("brief")
        await tx.audit.record(Event.BRIEF_READ, consultation.id, review=review.id)
        return await _page(desk, tx, actor, review, consultation, brief)


async def print_out(desk: Desk, actor: Actor, review_id: str, *, once: str) -> None:
    """Promise whoever presents or convenes the approved page as A4, in their own direct message, until it expires."""
    async with desk.db.transaction(actor) as tx:
        review, consultation = await entitled(desk, tx, actor, review_id, Paper.PRINT_BRIEF)
        if not await tx.review_papers.has_approved_brief(review.id):
            raise NotApproved("brief")
        await tx.audit.record(Event.PAPER_PRINTED, consultation.id, paper="brief")
        await review_desk.send_paper(tx, review, "brief", once)


async def sweep(desk: Desk) -> None:
    """Let pages whose time is over go, and take away files in Slack that nobody may have any more."""
    async with desk.db.reading() as ask:
        due = []
        for review_id in await ask.review_papers.with_brief():
            review = await ask.reviews.get(review_id)
            over = await review_rights.until(desk, ask, review)
            taken_back = (await ask.consultations.get(review.consultation)).status is Status.WITHDRAWN
            if taken_back or (over is not None and over <= ask.now):
                due.append(review_id)
    for review_id in due:
        with contextlib.suppress(Destroyed):
            async with desk.db.transaction(THE_CLOCK) as tx:
                review, consultation = await review_desk.both(tx, review_id)
                await tx.review_papers.shred_brief(review.id)
                await tx.casework.drop_draft(consultation.id, draft_name("brief", review.id))
                await tx.audit.record(Event.BRIEF_EXPIRED, consultation.id, review=review.id)
                await review_desk.show(tx, (each.staff for each in await tx.reviews.seats(review.id)))
    await _collect(desk)


async def _collect(desk: Desk) -> None:
    """Take away files of papers that are gone or were changed since, and of those who may not print them any more."""
    async with desk.db.reading() as ask:
        over = [each for each in await ask.review_papers.files() if not await _may_lie(desk, ask, each)]
    for each in over:
        async with desk.db.transaction(THE_CLOCK) as tx:
            if await tx.review_papers.taken_away(each.file_id):
                key = f"file_gone:{each.file_id}"
                await tx.outbox.add("brief_paper", op="remove", to=each.staff, key=key, file=each.file_id)


async def _may_lie(desk: Desk, ask: Reading, file: File) -> bool:
    papers = ask.review_papers
    brief = file.paper == "brief"
    approved_at = await (papers.brief_approved_at if brief else papers.approved_at)(file.review)
    if approved_at is None or approved_at > file.at:
        return False
    consultation = await ask.consultations.get(await ask.reviews.consultation_of(file.review))
    if consultation.status is Status.WITHDRAWN:
        return False
    holder = Actor(file.staff, await ask.staff.roles_of(file.staff))
    of = await review_rights.standings(desk, ask, holder, await ask.reviews.get(file.review), consultation)
    return review_access.may(Paper.PRINT_BRIEF if brief else Paper.PRINT_NOTES, of)


async def _page(
    desk: Desk, tx: Transaction, actor: Actor, review: Review, consultation: Consultation, brief: Brief
) -> Page:
    of = await review_rights.standings(desk, tx, actor, review, consultation)
    return Page(
        review,
        consultation,
        brief,
        await review_rights.until(desk, tx, review),
        {name: tuple(facts) for name, text in brief.words.items() if (facts := unusual_in(text))},
        approves=review_access.may(Paper.APPROVE_BRIEF, of),
        writes=review_access.may(Paper.WRITE_BRIEF, of),
        prints=review_access.may(Paper.PRINT_BRIEF, of),
    )


async def _show(tx: Transaction, review: Review) -> None:
    """Bring the Homes of those invited and of the coordinators up to date."""
    await review_desk.show(tx, (each.staff for each in await tx.reviews.there(review.id)))


def _whole(text: str, end: str, most: int) -> str:
    """As much of a text as has room, up to an `end` where there is one."""
    return text if len(text) <= most else text[: text.rfind(end, 0, most) + 1 or most].removesuffix(BETWEEN)


def _labels(name: str, those: Iterable[str]) -> str:
    return "・".join(codes.label(name, each) for each in those)
