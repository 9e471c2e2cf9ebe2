"""What every act about a review does alike: who may, who could be asked, how its slots stand, and who is told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot import codes
from bot.domain import choosing, entitlement
from bot.domain.business_time import TOKYO
from bot.domain.choosing import Choice, Wanted
from bot.domain.consultation import Consultation
from bot.domain.entitlement import Act
from bot.domain.expert import ONLINE, ONSITE, SITTING, Expert
from bot.domain.panel import Member, Side, conflict
from bot.domain.review import (
    PEOPLE,
    Answer,
    Full,
    NotChoosable,
    Review,
    Seat,
    Slot,
    Stage,
    scaled,
)
from bot.domain.review_papers import PASSING
from bot.domain.staff import Actor, Role
from bot.privacy.anonymizer.plain import same
from bot.store.database import Reading, Transaction
from bot.store.reviews import Given
from bot.usecases.desk import Desk

CONVENE = frozenset({Role.COORDINATOR})


@dataclass(frozen=True, slots=True)
class Board:
    """A review as those who convene it see it. `ranked`: its slots as judged, empty while answers are still private.

    `members`: everybody who could be asked, invited or not. `notes`: who said what with their answers, as private as these.
    """

    review: Review
    consultation: Consultation
    seats: tuple[Seat, ...]
    slots: tuple[Slot, ...]
    members: tuple[Member, ...]
    now: datetime
    ranked: tuple[Choice, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def there(self) -> tuple[Seat, ...]:
        """Those invited who are still among them."""
        return tuple(each for each in self.seats if each.there)

    @property
    def silent(self) -> tuple[Seat, ...]:
        """Those who have not answered."""
        return tuple(each for each in self.there if each.answered_at is None)

    @property
    def told(self) -> bool:
        """Whether the answers may be seen: everybody has answered, or the deadline is over."""
        return is_told(self.review, self.seats, self.now)

    @property
    def steps(self) -> list[tuple[str, int]]:
        """The steps of its format, with minutes that fit its length."""
        return steps_of(self.review.plan.format, self.review.plan.minutes)


def steps_of(format_: str, minutes: int) -> list[tuple[str, int]]:
    """The steps of a format, with minutes that fit a length."""
    drawn = codes.load("review_formats").get(format_).more["steps"]
    return scaled(((str(name), int(long)) for name, long in drawn), minutes)


def is_told(review: Review, seats: Iterable[Seat], now: datetime) -> bool:
    """Whether the answers to a poll may be seen now."""
    there = [each for each in seats if each.there]
    complete = bool(there) and all(each.answered_at for each in there)
    return review.stage is Stage.FIXED or (
        review.stage is Stage.POLLING and (complete or review.polled_until(now))
    )


async def held(tx: Transaction, actor: Actor, review_id: str) -> tuple[Review, Consultation]:
    """Give a review and its consultation to whoever convenes; both are held until the commit, in this order."""
    review, consultation = await both(tx, review_id)
    entitlement.require(actor, Act.CONVENE, consultation)
    return review, consultation


async def both(tx: Transaction, review_id: str) -> tuple[Review, Consultation]:
    """Give a review and its consultation, whoever asks: the consultation first, as everybody does, or two would wait
    for each other.
    """
    consultation = await tx.consultations.get(await tx.reviews.consultation_of(review_id))
    return await tx.reviews.get(review_id), consultation


async def board(ask: Reading | Transaction, actor: Actor, review_id: str) -> Board:
    """Read how a review stands, for whoever convenes."""
    consultation = await ask.consultations.get(await ask.reviews.consultation_of(review_id))
    review = await ask.reviews.get(review_id)
    entitlement.require(actor, Act.CONVENE, consultation)
    return await board_of(ask, review, consultation)


async def board_of(ask: Reading | Transaction, review: Review, consultation: Consultation) -> Board:
    """Read how it stands."""
    members = await members_of(ask, review, consultation)
    seats = await ask.reviews.seats(review.id)
    slots = await ask.reviews.slots(review.id)
    ranked: list[Choice] = []
    answers: list[Answer] = []
    if is_told(review, seats, ask.now) and review.stage in {Stage.POLLING, Stage.FIXED}:
        answers = await ask.reviews.answers(review)
        ranked = ranking(review, seats, slots, members, answers, ask.now)
    return Board(
        review,
        consultation,
        tuple(seats),
        tuple(slots),
        tuple(members),
        ask.now,
        ranked=tuple(ranked),
        notes=tuple((each.staff, each.note) for each in answers if each.note),
    )


def ranking(
    review: Review,
    seats: Iterable[Seat],
    slots: Iterable[Slot],
    members: Iterable[Member],
    answers: Iterable[Answer],
    now: datetime,
) -> list[Choice]:
    """Judge the slots that lie ahead, with those invited as they were asked."""
    invited = [each for each in seats if each.there]
    known = {each.staff: each for each in members}
    asked = [
        replace(known[each.staff], discipline=each.discipline) for each in invited if each.staff in known
    ]
    said = {(each.slot, each.staff): each.says for each in answers}
    ahead = [each for each in slots if each.starts_at > now]
    return choosing.rank(ahead, asked, said, wanted_of(review, invited))


def wanted_of(review: Review, invited: Iterable[Seat]) -> Wanted:
    """What the review asks of a slot."""
    required = frozenset(each.staff for each in invited if each.required)
    return Wanted(required, review.plan.quorum, review.plan.minutes, review.plan.budget)


async def members_of(ask: Reading | Transaction, review: Review, consultation: Consultation) -> list[Member]:
    """Everybody who sits in reviews, with what speaks against asking them to this one."""
    stated = {each.staff: each for each in await ask.experts.all()}
    roles: dict[str, set[Role]] = {}
    for grant in await ask.staff.list():
        roles.setdefault(grant.user_id, set()).add(grant.role)
    case = await side_of(ask, consultation, stated)
    april = datetime(review.fiscal_year, 4, 1, tzinfo=TOKYO)
    given: dict[str, list[Given]] = {}
    for each in await ask.reviews.times(min(april, ask.now)):
        if each.review != review.id:
            given.setdefault(each.staff, []).append(each)
    found = []
    for staff, those in sorted(roles.items()):
        if those & SITTING:
            expert = stated.get(staff) or Expert(staff, frozenset(those))
            found.append(_member(review, expert, given.get(staff, []), case))
    return found


async def choosable(tx: Transaction, review: Review, consultation: Consultation, staff: str) -> Member:
    """Give somebody who may be asked to this review, or raise `NotChoosable`."""
    members = await members_of(tx, review, consultation)
    member = next((each for each in members if each.staff == staff), None)
    if member is None or member.conflict:
        raise NotChoosable(member.conflict if member and member.conflict else "gone")
    return member


def must_have_room(seats: Iterable[Seat], staff: str) -> None:
    """Go on where there is room for this person beside the others who are invited, or raise `Full`."""
    if sum(each.there for each in seats if each.staff != staff) >= PEOPLE:
        raise Full("", PEOPLE)


def _member(review: Review, expert: Expert, given: Iterable[Given], case: Side) -> Member:
    this_year = [each for each in given if each.fiscal_year == review.fiscal_year]
    busy = tuple((each.starts_at, each.ends_at) for each in given if each.stage == Stage.FIXED)
    minutes = sum(int((each.ends_at - each.starts_at).total_seconds()) // 60 for each in this_year)
    way = ONLINE if review.plan.online else ONSITE
    why = conflict(expert, case, review.plan.apart, len(this_year), way)
    return Member(expert, expert.disciplines[0], why, busy, minutes, len(this_year))


async def side_of(ask: Reading | Transaction, c: Consultation, stated: Mapping[str, Expert]) -> Side:
    """What of a case nobody may share. Its agency is known by its name, or by whoever asked."""
    named = same((await ask.contacts.of(c.id)).agency)
    found = set()
    for each in await ask.agencies.all() if named else ():
        name = same(each.name)
        nearby = c.municipality in {None, each.municipality}
        if name in named or (named in name and nearby):
            found.add(each.id)
    asker = stated.get(c.supporter or "")
    if asker and asker.agency:
        found.add(asker.agency)
    return Side(frozenset(found), c.municipality, c.supporter)


async def unsure(ask: Reading, board: Board) -> tuple[str, ...]:
    """What of the plan's `apart` cannot be looked at, as nobody knows that of the case."""
    case = await side_of(ask, board.consultation, {each.staff: each.expert for each in board.members})
    known = {"agency": case.agencies, "municipality": case.municipality}
    return tuple(each for each in board.review.plan.apart if not known[each])


async def tell(tx: Transaction, to: str, template: str, review: Review, key: str, **facts: Any) -> None:
    """Promise somebody, or a channel, a message about a review, once per `key`. It tells codes and times only."""
    await tx.outbox.add(
        template,
        to=to,
        key=key_of(template, review, to, key),
        subject=f"{review.id}/{to}",
        review=review.id,
        consultation=review.consultation,
        **facts,
    )


def key_of(template: str, review: Review, to: str, key: str) -> str:
    """The name of a promise."""
    return f"{template}:{review.id}:{to}:{key}"


async def tell_coordinators(
    tx: Transaction, desk: Desk, template: str, review: Review, key: str, **facts: Any
) -> None:
    """Promise the coordinators' channel a message about a review."""
    await tell(tx, desk.organisation.channels.coordinators, template, review, key, **facts)


async def send_calendar(tx: Transaction, to: str, review: Review) -> None:
    """Promise somebody the file for their calendar, as it is when it is sent, once an edition."""
    await tx.outbox.add(
        "review_calendar",
        op="upload",
        to=to,
        key=f"review_calendar:{review.id}:{to}:{review.edition}",
        subject=f"{review.id}/{to}/file",
        review=review.id,
        consultation=review.consultation,
    )


async def send_paper(tx: Transaction, review: Review, paper: str, once: str) -> None:
    """Promise whoever acts a paper of a review as A4, in their own direct message. `paper`: brief, notes or advice.

    What is for the table is to be collected afterwards.
    """
    to, template = tx.actor.id, f"{paper}_paper"
    key = f"{template}:{review.id}:{to}:{once}"
    if template in PASSING and not await tx.outbox.has(key):
        await tx.review_papers.printed(review.id)
    await tx.outbox.add(
        template,
        op="upload",
        to=to,
        key=key,
        subject=f"{review.id}/{to}/{paper}",
        review=review.id,
        consultation=review.consultation,
    )


async def ask_again(tx: Transaction, review: Review, to: str) -> None:
    """Let the one message with which somebody is asked show the present."""
    await tx.outbox.card(
        "review_poll",
        to=to,
        subject=f"{review.id}/{to}",
        review=review.id,
        consultation=review.consultation,
    )


async def show(tx: Transaction, people: Iterable[str]) -> None:
    """Bring the Homes of those concerned and of the coordinators up to date."""
    for person in sorted({*people, *await tx.staff.holders_of(Role.COORDINATOR)}):
        await tx.outbox.home(person)
