"""Random lives of reviews that share their people: invited, polled, answered, fixed, moved, left, called off, over.

What the desk keeps is held against plain rules after every step: nobody sits in two at once, nobody sits who may not, a
quorum that was asked for is there when a time is fixed, and who is out sees nothing. Each run with the same seed lives
through the same.
"""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot import organisation
from bot.domain import review_access
from bot.domain.business_time import TOKYO
from bot.domain.consultation import Consultation, Status
from bot.domain.expert import Expert
from bot.domain.refusals import Refused
from bot.domain.review import DISCIPLINE_OF, OPEN, Plan, Review, Says, Seat, Stage
from bot.domain.review_access import Standing
from bot.domain.staff import THE_CLOCK, Actor, Role
from bot.store.database import Database
from bot.store.trouble import StorageTrouble
from bot.usecases import people, review_clock, review_polls, review_times, reviews
from bot.usecases.desk import Desk
from bot.usecases.review_desk import is_told
from tests.databases import Clock

TOGETHER = 10  # reviews that are alive at once, with the same people
STEPS = 14
COORDINATOR = Actor("U_YAMAMOTO", frozenset({Role.COORDINATOR}))
ROLES = (Role.EXPERT_PSY, Role.EXPERT_ACADEMIC, Role.EXPERT_LEGAL, Role.EXPERT_SW, Role.COUNSELOR)
STAFF = tuple(f"U_E{n}" for n in range(10))
TOWNS = ("252018", "252026", None)
QUORUMS = ({}, {"psychology": 1}, {"psychology": 1, "academic": 1}, {"social_work": 1})
DEEDS = {
    "seats": 8, "polls": 10, "answers": 30, "closes": 4, "fixes": 16, "two_at_once": 4, "declines": 6, "steps_in": 6,
    "accepts": 4, "cancels": 2, "loses_role": 4, "gets_role": 14, "time": 5,
}  # fmt: skip


@dataclass
class Verdict:
    """What was met, and what was wrong."""

    lives: int = 0
    met: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = ", ".join(f"{many} {name}" for name, many in sorted(self.met.items()))
        return "\n".join([f"{self.lives} lives ({told}): {len(self.wrong)} mistakes", *self.wrong[:5]])


class World:
    """Some reviews with the same people, and a book of its own about who holds what."""

    def __init__(self, desk: Desk, clock: Clock, dice: random.Random, verdict: Verdict) -> None:
        self.desk, self.db = desk, desk.db
        self.clock, self.dice, self.verdict = clock, dice, verdict
        self.roles: dict[str, set[Role]] = {each: set() for each in STAFF}
        self.alive: list[str] = []
        self.ended: list[str] = []  # over, or called off: looked at as well
        self.towns: dict[str, str | None] = {}
        self.out: set[tuple[str, str]] = set()  # who declined, and was not asked again

    async def begin(self) -> None:
        """People with roles and towns, consultations, and a review of each."""
        async with self.db.transaction(THE_CLOCK) as tx:
            for n, staff in enumerate(STAFF):
                for role in await tx.staff.roles_of(staff):
                    await tx.staff.revoke(staff, role)
                role = ROLES[n % len(ROLES)]
                await tx.staff.grant(staff, role)
                self.roles[staff] = {role}
                town = self.dice.choice(TOWNS)
                known = await tx.experts.get(staff)
                await tx.experts.keep(
                    Expert(staff, municipalities=(town,) if town else (), most=None, version=known.version)
                )
                self.towns[staff] = town
        for _ in range(TOGETHER):
            await self._begun()

    async def _begun(self) -> None:
        self.verdict.lives += 1
        number = self.verdict.lives
        base = self.dice.getrandbits(64)
        async with self.db.transaction(THE_CLOCK) as tx:
            c = Consultation(
                id=f"{base:032x}", number=f"R8-{number}", fiscal_year=2026, status=Status.RECEIVED, route="phone",
                contacted_at=tx.now, received_at=tx.now, promised_at=tx.now, urgency="u3",
                municipality=self.dice.choice(TOWNS),
            )  # fmt: skip
            await tx.consultations.add(c)
            plan = Plan(
                minutes=60,
                quorum=self.dice.choice(QUORUMS),
                apart=("agency", "municipality"),
                question="どう関わるか",
            )
            review = Review(
                f"{base + 1:032x}", c.id, 0, 2026, Stage.PLANNED, COORDINATOR.id, tx.now, plan, "x"
            )
            await tx.reviews.add(review)
        self.alive.append(review.id)

    # What people do

    async def step(self) -> None:
        """Somebody does something, mostly what comes next; what the desk keeps is looked at."""
        review = self.dice.choice(self.alive)
        deed = self.dice.choices(list(DEEDS), list(DEEDS.values()))[0]
        if self.dice.random() < 0.7:
            async with self.db.reading() as ask:
                kept, seats = await ask.reviews.get(review), await ask.reviews.seats(review)
                deed = self._next(kept, seats, ask.now) or deed
        await self._tried(deed, getattr(self, f"_{deed}")(review))
        await self.look()

    def _next(self, review: Review, seats: list[Seat], now: datetime) -> str | None:
        if review.stage is Stage.PLANNED:
            return "polls" if any(each.there for each in seats) else "seats"
        if review.stage is Stage.POLLING:
            return "fixes" if is_told(review, seats, now) else "answers"
        if review.stage is Stage.FIXED:
            return self.dice.choice(["fixes", "declines", "steps_in", "accepts", "two_at_once", None, None])
        self._over(review.id)
        return "begins"

    def _over(self, review: str) -> None:
        self.alive.remove(review)
        self.ended.append(review)

    async def _begins(self, _review: str) -> None:
        await self._begun()

    async def _tried(self, deed: str, act) -> None:
        try:
            await act
            self.verdict.met[deed] += 1
        except (Refused, StorageTrouble) as refused:
            if isinstance(refused, StorageTrouble) and refused.reason != "busy":
                raise
            self.verdict.met["refusals"] += 1

    async def _seats(self, review: str) -> None:
        for staff in self.dice.sample(STAFF, 4):
            asked = self.dice.choice(["required", "optional", "optional", "optional", "none"])
            await reviews.seat(self.desk, COORDINATOR, review, staff, asked=asked)
            if asked != "none":
                self.out.discard((review, staff))

    async def _polls(self, review: str) -> None:
        days = self._days()
        starts = [
            self.dice.choice(days) + timedelta(minutes=self.dice.choice([0, 30, 60, 90])) for _ in range(3)
        ]
        await review_polls.poll(
            self.desk, COORDINATOR, review, starts, None, min(starts) - timedelta(hours=1)
        )

    def _days(self) -> list[datetime]:
        """Ten in the morning on the next open days: few, so that reviews meet."""
        day = self.clock.now.astimezone(TOKYO).replace(hour=10, minute=0, second=0, microsecond=0)
        ahead = [day + timedelta(days=n) for n in range(1, 15)]
        return [each for each in ahead if self.desk.organisation.calendar.periods(each.date())][:2]

    async def _answers(self, review: str) -> None:
        async with self.db.reading() as ask:
            seats = [each for each in await ask.reviews.seats(review) if each.there]
            slots = [each for each in await ask.reviews.slots(review) if not each.withdrawn]
        for seat in seats:
            says = {each.id: self.dice.choice([Says.YES, Says.YES, Says.MAYBE, Says.NO]) for each in slots}
            await review_polls.answer(self.desk, self._actor(seat.staff), review, says)

    def _actor(self, staff: str) -> Actor:
        return Actor(staff, frozenset(self.roles[staff]))

    async def _closes(self, review: str) -> None:
        await review_polls.close_poll(self.desk, COORDINATOR, review)

    async def _fixes(self, review: str) -> None:
        async with self.db.reading() as ask:
            before = await ask.reviews.get(review)
            slots = [each for each in await ask.reviews.slots(review) if not each.withdrawn]
        last: Refused | None = None
        for slot in self.dice.sample(slots, len(slots)):
            try:
                fixed = await review_times.fix(self.desk, COORDINATOR, review, slot.id)
            except Refused as refused:
                last = refused
                continue
            if (
                fixed.edition > before.edition
            ):  # else it was fixed there already, and some may have left since
                await self._whole(fixed)
            return
        raise last or Refused

    async def _whole(self, review: Review) -> None:
        """What was asked for is there, right after a time was fixed."""
        async with self.db.reading() as ask:
            seats = await ask.reviews.seats(review.id)
        coming = [str(each.discipline) for each in seats if each.attends]
        for name, many in review.plan.quorum.items():
            if coming.count(name) < many:
                self.verdict.wrong.append(f"{review.id}: {name} is missing")
        if any(each.required and each.there and not each.attends for each in seats):
            self.verdict.wrong.append(f"{review.id}: somebody required does not come")

    async def _two_at_once(self, review: str) -> None:
        other = self.dice.choice(self.alive)
        both = [self._tried("fixes", self._fixes(each)) for each in {review, other}]
        await asyncio.gather(*both)

    async def _declines(self, review: str) -> None:
        staff = self.dice.choice(STAFF)
        await review_times.decline(self.desk, self._actor(staff), review)
        self.out.add((review, staff))

    async def _steps_in(self, review: str) -> None:
        staff = self.dice.choice(STAFF)
        await review_times.step_in(self.desk, COORDINATOR, review, staff)
        self.out.discard((review, staff))

    async def _accepts(self, review: str) -> None:
        for staff in self.dice.sample(STAFF, 5):
            await self._tried("accepts", review_times.accept(self.desk, self._actor(staff), review))

    async def _cancels(self, review: str) -> None:
        await review_times.cancel(self.desk, COORDINATOR, review, "few")
        self._over(review)
        await self._begun()

    async def _loses_role(self, _review: str) -> None:
        staff = self.dice.choice(STAFF)
        for role in sorted(self.roles[staff]):
            await people.revoke(self.desk, THE_CLOCK, staff, role)
        self.roles[staff] = set()

    async def _gets_role(self, _review: str) -> None:
        staff = min(STAFF, key=lambda each: (len(self.roles[each]), self.dice.random()))
        role = self.dice.choice(ROLES)
        await people.grant(self.desk, THE_CLOCK, staff, role)
        self.roles[staff].add(role)

    async def _time(self, _review: str) -> None:
        self.clock.advance(hours=self.dice.choice([1, 5, 20, 50]))
        await review_clock.sweep(self.desk)
        async with self.db.reading() as ask:
            for each in await ask.reviews.before_us(ask.now):
                if each.stage is Stage.FIXED and each.ends_at and each.ends_at <= ask.now:
                    self.verdict.wrong.append(f"{each.id} is over and was not held")

    # What must hold

    async def look(self, *, back: bool = False) -> None:
        """Read it as plain rows, and hold it against plain rules. `back`: also those that have ended."""
        looked_at = [*self.alive, *(self.ended if back else ())]
        async with self.db.reading() as ask:
            rows = await ask.connection.rows(TIMES, {})
            kept = [(await ask.reviews.get(each), await ask.reviews.seats(each)) for each in looked_at]
            cases = {each.id: await ask.consultations.get(each.consultation) for each, _ in kept}
        by_person: dict[str, list[tuple[str, str, str]]] = {}
        for row in rows:
            by_person.setdefault(row["staff"], []).append((row["starts_at"], row["ends_at"], row["id"]))
        for staff, times in by_person.items():
            for (_, ends, one), (starts, _, other) in zip(sorted(times), sorted(times)[1:], strict=False):
                if starts < ends:
                    self.verdict.wrong.append(f"{staff} sits in {one} and {other}")
        for review, seats in kept:
            self._may_they(review, seats, cases[review.id])

    def _may_they(self, review: Review, seats: list[Seat], case: Consultation) -> None:
        for seat in seats:
            who = f"{seat.staff} in {review.id} ({review.stage})"
            brings = {DISCIPLINE_OF[each] for each in self.roles[seat.staff]}
            if review.stage in OPEN and seat.there and seat.discipline not in brings:
                self.verdict.wrong.append(f"{who} brings nothing")
            if seat.there and case.municipality and case.municipality == self.towns[seat.staff]:
                self.verdict.wrong.append(f"{who} is of the case's town")
            seen = review_access.standings(self._actor(seat.staff), review, case, seats, self.clock.now)
            since = review.deadline if review.stage is Stage.POLLING else review.ends_at
            over = since is not None and self.clock.now >= since + review_access.KEEPS
            over = over or review.stage is Stage.CANCELLED
            gone = (review.id, seat.staff) in self.out or seat.discipline not in brings or over
            if gone and Standing.INVITED in seen:
                self.verdict.wrong.append(f"{who} still sees it")


TIMES = """
SELECT p.staff, r.id, r.starts_at, r.ends_at FROM review_people AS p JOIN reviews AS r ON r.id = p.review
WHERE r.stage = 'fixed' AND p.left_at IS NULL AND p.part IN ('chosen', 'welcome')
"""


async def lived_through(db: Database, clock: Clock, *, seed: int, count: int) -> Verdict:
    """So many lives, some at a time."""
    verdict = Verdict()
    dice, desk = random.Random(seed), Desk(db, organisation.load())
    while verdict.lives < count:
        world = World(desk, clock, random.Random(dice.random()), verdict)
        await world.begin()
        for _ in range(STEPS * TOGETHER):
            await world.step()
        await world.look(back=True)
        clock.advance(days=40)
        await review_clock.sweep(world.desk)
        await world.look(back=True)
        for review in list(world.alive):
            await world._tried("cancels", review_times.cancel(world.desk, COORDINATOR, review, "other"))
    return verdict
