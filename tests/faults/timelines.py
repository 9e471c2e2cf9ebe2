"""Many trainings in one database, under one clock that stalls, leaps and goes back: what is said is held against the oracle.

Each run with the same seed lives through the same. Played at the use cases, without Slack; every reminder is also put into
words at that moment.
"""

import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from bot.domain.refusals import Refused
from bot.domain.staff import THE_CLOCK, Actor, Role
from bot.domain.training import Plan, Session
from bot.messages import Message
from bot.news import Composer
from bot.usecases import seats, sweeps, trainings
from bot.usecases.desk import Desk
from tests.databases import Clock
from tests.faults.reminders import Life, Word, unfit

ORGANIZER = Actor("U_KONDO", frozenset({Role.ORGANIZER}))
PEOPLE = [Actor(f"U_P{number}", frozenset()) for number in range(6)]
TOGETHER = 50  # trainings under one clock
ACTS = 8  # between two questions of the clock, at most
LONGEST = 4000
GRACE = timedelta(hours=2)  # what a forgetful clock still does late

TALK = """
SELECT id, channel, subject, facts FROM outbox WHERE template = 'training_reminder' AND id > :last ORDER BY id
"""


@dataclass
class Verdict:
    """What came of it. `wrong`: what should not have been said, or not then."""

    timelines: int = 0
    said: int = 0
    missed: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    last: int = 0  # the newest reminder that was looked at

    @property
    def clean(self) -> bool:
        """Whether every promise was kept."""
        return not (self.missed or self.twice or self.wrong)

    def __str__(self) -> str:
        met = ", ".join(f"{count} {name}" for name, count in sorted(self.met.items()))
        told = f"{self.timelines} timelines, {self.said} reminders ({met}): "
        told += f"{len(self.missed)} missed, {len(self.twice)} twice, {len(self.wrong)} wrong"
        return "\n".join([told, *self.missed[:3], *self.twice[:3], *self.wrong[:3]])


class World:
    """Some trainings, their people, and the clock. `forgetful`: what fell due while nobody asked is thrown away."""

    def __init__(
        self, desk: Desk, clock: Clock, dice: random.Random, verdict: Verdict, *, forgetful: bool
    ) -> None:
        self.desk = desk
        self.clock = clock
        self.dice = dice
        self.verdict = verdict
        self.lives: list[Life] = []
        self._compose = Composer(desk.organisation)
        self._forgetful = forgetful
        self._heard: set[Word] = set()

    @property
    def going(self) -> list[Life]:
        """Those that are not over."""
        return [life for life in self.lives if not life.over]

    # What people do

    async def begin(self) -> None:
        """A training is announced; some join at once."""
        plan = self._plan()
        draft = await trainings.plan(self.desk, ORGANIZER, plan, once=f"t{self.dice.random()}")
        await trainings.announce(self.desk, ORGANIZER, draft.id, ["C_TRAINING"])
        life = Life(draft.id)
        life.planned([each.starts_at for each in plan.sessions], _end(plan), self.clock.now)
        self.lives.append(life)
        for _ in range(self.dice.randint(2, 5)):
            await self._joins(life)

    async def act(self) -> None:
        """Somebody does something."""
        life = self.dice.choice(self.going)
        deed = self.dice.choices(
            [self._joins, self._leaves, self._listens, self._moves, self._edits], [4, 2, 2, 1.5, 1.5]
        )[0]
        try:
            await deed(life)
        except Refused:
            self.verdict.met["refusals"] += 1

    async def _joins(self, life: Life) -> None:
        person = self.dice.choice(PEOPLE)
        part = await seats.join(self.desk, person, life.id)
        life.seated[person.id] = part.id

    async def _leaves(self, life: Life) -> None:
        if life.seated:
            person = self.dice.choice(sorted(life.seated))
            await seats.leave(self.desk, Actor(person, frozenset()), life.seated[person])
            del life.seated[person]

    async def _listens(self, life: Life) -> None:
        if life.seated:
            person = self.dice.choice(sorted(life.seated))
            wanted = person in life.silent
            part = life.seated[person]
            await seats.set_reminders(self.desk, Actor(person, frozenset()), part, wanted=wanted)
            (life.silent.discard if wanted else life.silent.add)(person)

    async def _moves(self, life: Life) -> None:
        """The dates change: all of them, or one comes or goes."""
        async with self.desk.db.reading() as ask:
            plan = (await ask.trainings.get(life.id)).plan
        sessions = sorted(plan.sessions)
        how = self.dice.choice(["anew", "one more", "one less", "shifted"])
        if how == "one less" and len(sessions) > 1:
            sessions.remove(self.dice.choice(sessions))
        elif how == "one more" and len(sessions) < 4:
            sessions += self._sessions(1)
        elif how == "shifted":
            by = timedelta(minutes=self.dice.randint(-3000, 6000))
            sessions = [Session(each.starts_at + by, each.ends_at + by) for each in sessions]
        else:
            sessions = self._sessions(self.dice.randint(1, 3))
        if any(one.ends_at > other.starts_at for one, other in pairwise(sorted(sessions))):
            return
        wanted = replace(
            plan, sessions=tuple(Session(each.starts_at, each.ends_at) for each in sorted(sessions))
        )
        await trainings.change(self.desk, ORGANIZER, life.id, wanted)
        life.planned([each.starts_at for each in sessions], _end(wanted), self.clock.now)
        self.verdict.met["moved dates"] += 1

    async def _edits(self, life: Life) -> None:
        """Something else than the dates changes."""
        async with self.desk.db.reading() as ask:
            plan = (await ask.trainings.get(life.id)).plan
        await trainings.change(self.desk, ORGANIZER, life.id, replace(plan, fee=plan.fee + 500))
        life.planned(life.starts, _end(plan), self.clock.now)

    def _plan(self) -> Plan:
        sessions = self._sessions(self.dice.choices([1, 2, 3], [6, 2, 1])[0])
        return Plan(seats={"onsite": 0}, sessions=tuple(sessions), words={"title": "ダブルケアを支える"})

    def _sessions(self, many: int) -> list[Session]:
        found: list[Session] = []
        at = self.clock.now
        for _ in range(many):
            at += timedelta(minutes=self.dice.randint(5, self.dice.choice([600, 5000, 16000])))
            found.append(Session(at, at + timedelta(minutes=self.dice.randint(30, 180))))
            at = found[-1].ends_at
        return found

    # What the clock does

    def passes(self) -> None:
        """Time goes on a little; or nobody asks for hours or days; or the clock is put forward or back."""
        what = self.dice.choices(["on", "down", "forward", "back"], [60, 5, 1, 2])[0]
        minutes = {
            "on": self.dice.uniform(0.2, 100),
            "down": self.dice.uniform(120, self.dice.choice([600, 3600])),
            "forward": self.dice.uniform(60, 3000),
            "back": -self.dice.uniform(1, 3000),
        }[what]
        self.clock.now += timedelta(minutes=minutes)
        self.verdict.met[what] += 1

    async def asks(self) -> None:
        """The clock asks, until nothing is due any more."""
        now = self.clock.now
        wanted = {word for life in self.going for word in life.asked(now)} - self._heard
        if self._forgetful:
            async with self.desk.db.transaction(THE_CLOCK) as tx:
                for timer in await tx.timers.due(now - GRACE, 10_000):
                    await tx.timers.cancel(timer.subject, timer.kind)
        for _ in range(LONGEST):
            async with self.desk.db.reading() as ask:
                if not await ask.timers.due(now, 1):
                    break
            await sweeps.timers(self.desk)
        else:
            self.verdict.wrong.append("something is due for ever")
        await self._judge(wanted)

    async def _judge(self, wanted: set[Word]) -> None:
        """Hold what was said just now against what had to be said."""
        now, verdict = self.clock.now, self.verdict
        said = [word async for word in self._talk()]
        verdict.said += len(said)
        verdict.missed += [f"{now} missed {word}" for word in wanted - set(said)]
        verdict.wrong += [f"{now} nobody asked for {word}" for word in set(said) - wanted]
        again = [word for word in said if word in self._heard]
        at_once = Counter((training, person, start) for training, person, start, _ in said)
        verdict.twice += [f"{now} again {word}" for word in again]
        verdict.twice += [f"{now} together {word}" for word, count in at_once.items() if count > 1]
        lives = {life.id: life for life in self.lives}
        for word in said:
            if why := unfit(lives[word[0]], word, now):
                verdict.wrong.append(f"{now} {why}: {word}")
        self._heard.update(said)

    async def _talk(self) -> AsyncIterator[Word]:
        async with self.desk.db.reading() as ask:
            for row in await ask.connection.rows(TALK, {"last": self.verdict.last}):
                self.verdict.last = row["id"]
                facts = json.loads(row["facts"])
                start = datetime.fromisoformat(facts["starts_at"])
                yield facts["training"], row["channel"], start, facts["kind"]
                [promise] = [each for each in await ask.outbox.of(row["subject"]) if each.id == row["id"]]
                if not isinstance(await self._compose(ask, promise), Message):
                    self.verdict.missed.append(f"{self.clock.now} kept back: {promise.key}")


def _end(plan: Plan) -> datetime:
    return max(each.ends_at for each in plan.sessions)


async def lived_through(
    desk: Desk, clock: Clock, *, seed: int, count: int, forgetful: bool = False
) -> Verdict:
    """Live through `count` timelines, some at a time, until all are over."""
    dice, verdict = random.Random(f"timelines {seed}"), Verdict()
    while verdict.timelines < count:
        together = min(TOGETHER, count - verdict.timelines)
        world = World(desk, clock, dice, verdict, forgetful=forgetful)
        for _ in range(together):
            await world.begin()
        steps = 0
        while world.going and steps < LONGEST:
            steps += 1
            world.passes()
            for _ in range(dice.randint(0, ACTS)):
                await world.act()
            await world.asks()
        verdict.timelines += together
    return verdict
