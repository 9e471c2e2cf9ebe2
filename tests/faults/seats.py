"""Random lives of trainings, act by act through the use cases, held against an independent book after every act."""

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot import organisation
from bot.domain.refusals import Refused
from bot.domain.staff import THE_CLOCK, Actor, Role
from bot.domain.training import Plan, Session
from bot.store.database import Database
from bot.usecases import rosters, seats, sweeps, trainings
from bot.usecases.desk import Desk
from tests.databases import Clock
from tests.faults.book import HOLDING, ORGANIZER, Book
from tests.faults.seat_checks import FORMATS, Life, against_the_book, apart, beyond_the_rules, fact

CALLER = Actor("U_TANAKA", frozenset({Role.OPERATOR}))
LEADER = Actor(ORGANIZER, frozenset({Role.ORGANIZER}))
PEOPLE = [f"U_P{number}" for number in range(7)]
BY_PHONE = [f"p{number}" for number in range(3)]
# What is compared: the words and the events of seats. Reminders and notes to the organizer have tests of their own.
WORDS = {
    "seat_confirmed", "seat_waitlisted", "seat_offered", "seat_lapsed", "seat_in_vain", "seat_given_up",
    "seat_to_call", "people_to_call", "training_changed", "training_cancelled",
}  # fmt: skip
EVENTS = {
    "seat.joined", "seat.waitlisted", "seat.offered", "seat.taken", "seat.lapsed", "seat.given_up", "seat.declined",
    "training.changed", "training.cancelled", "training.held",
}  # fmt: skip
PARTS = "SELECT id, training, attendee, format, status, turn, offer_expires_at, walk_in FROM participations WHERE training = :t"
SAID = "SELECT id, template, channel, subject, facts FROM outbox WHERE id > :after ORDER BY id"
NOTED = "SELECT id, event, subject, detail FROM audit WHERE id > :after ORDER BY id"


class Game:
    """Plays on one database. `acts`: what was done, in words, to be read when something is wrong."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self.desk, self.db, self.clock = Desk(db, organisation.load()), db, clock
        self.acts: list[str] = []
        self.done = 0
        self._said = self._noted = 0
        self._once = 0

    async def play(self, seed: str, acts: int, many: int = 2) -> list[str]:
        """Live through so many acts of so many trainings at once; give what went wrong, the first time only."""
        dice = random.Random(seed)
        self.acts = []
        await self._look_away()
        lives = [await self._announced(dice) for _ in range(many)]
        await self._look_away()
        for _ in range(acts):
            going_on = [each for each in lives if not each.book.closed(self.clock.now)]
            if not going_on and dice.random() < 0.3:
                break
            life = dice.choice(going_on if going_on and dice.random() < 0.85 else lives)
            refused, expected = await self._act(dice, life, lives)
            self.done += 1
            wrong = [] if refused in expected.split("|") else [f"refused {refused!r}, expected {expected!r}"]
            wrong += await self._mistakes(lives)
            if wrong:
                return [f"seed {seed!r}, act {len(self.acts)}", *wrong, *self.acts]
        return []

    async def _act(self, dice: random.Random, life: Life, lives: list[Life]) -> tuple[str, str]:
        some = [line.state for line in life.book.lines.values()]
        acts: dict[Callable[..., Awaitable[tuple[str, str]]], int] = {
            self._joins: 34, self._enters: 12, self._leaves: 26 if "waitlisted" in some else 8,
            self._accepts: 30 if "offered" in some else 1, self._declines: 4, self._changes: 12, self._cancels: 1,
            self._walks_in: 20 if life.book.starts - self.clock.now < timedelta(hours=1) else 0,
        }  # fmt: skip
        if dice.random() < (0.22 if "offered" in some else 0.08):
            return await self._time(dice, lives)
        (act,) = dice.choices(list(acts), list(acts.values()))
        return await act(dice, life)

    # What people do

    async def _joins(self, dice: random.Random, life: Life) -> tuple[str, str]:
        back = [each for each in PEOPLE if each in life.ids and not life.book.within(each)]
        who = dice.choice(back if back and dice.random() < 0.3 else PEOPLE)
        format_ = dice.choice((None, None, None, *FORMATS))
        said = None if format_ is None else seats.Joining(format=format_)
        self._note(life, "join", who, format_)
        found, refused = await self._try(seats.join(self.desk, Actor(who), life.training.id, said))
        self._known(life, who, found)
        return refused, life.book.join(self.clock.now, who, format_)

    async def _enters(self, dice: random.Random, life: Life) -> tuple[str, str]:
        who, by = dice.choice([*BY_PHONE, *PEOPLE[:2]]), dice.choice((CALLER, LEADER))
        format_ = dice.choice((None, *FORMATS))
        slack = who in PEOPLE
        said = seats.Joining(format=format_, name=f"名前{who}", phone=f"077-000-000{who[-1]}")
        self._once += 1
        self._note(life, "enter", who, format_)
        found, refused = await self._try(
            seats.enter(
                self.desk,
                by,
                life.training.id,
                said,
                person=who if slack else None,
                once=f"game:{self._once}",
            )
        )
        self._known(life, who, found)
        late = by is LEADER
        expected = life.book.join(
            self.clock.now, who, format_ or self._default(life, who), slack=slack, late=late
        )
        return refused, expected

    def _default(self, life: Life, who: str) -> str:
        line = life.book.lines.get(who)
        return line.format if line and line.format in life.book.seats else next(iter(life.book.seats))

    async def _leaves(self, dice: random.Random, life: Life) -> tuple[str, str]:
        who = self._somebody(dice, life, dice.choice(("waitlisted", "offered", "confirmed", "confirmed")))
        self._note(life, "leave", who)
        if who not in life.ids:
            return "", ""
        by = Actor(who) if who in PEOPLE else CALLER
        _, refused = await self._try(seats.leave(self.desk, by, life.ids[who]))
        return refused, life.book.leave(self.clock.now, who)

    async def _accepts(self, dice: random.Random, life: Life) -> tuple[str, str]:
        who = self._somebody(dice, life, "offered")
        self._note(life, "accept", who)
        if who not in life.ids:
            return "", ""
        by = Actor(who) if who in PEOPLE else LEADER
        _, refused = await self._try(seats.accept(self.desk, by, life.ids[who]))
        return refused, life.book.accept(self.clock.now, who)

    async def _walks_in(self, dice: random.Random, life: Life) -> tuple[str, str]:
        who = dice.choice(PEOPLE)
        self._note(life, "walk in", who)
        self._once += 1
        said = rosters.WalkIn(person=who)
        found, refused = await self._try(
            rosters.walk_in(self.desk, LEADER, life.training.id, said, once=f"game:{self._once}")
        )
        self._known(life, who, found)
        return refused, life.book.walk_in(self.clock.now, who)

    async def _declines(self, dice: random.Random, life: Life) -> tuple[str, str]:
        who = dice.choice(PEOPLE)
        self._note(life, "decline", who)
        found, refused = await self._try(seats.decline(self.desk, Actor(who), life.training.id))
        self._known(life, who, found)
        return refused, life.book.decline(self.clock.now, who)

    async def _cancels(self, dice: random.Random, life: Life) -> tuple[str, str]:
        self._note(life, "cancel")
        _, refused = await self._try(trainings.cancel(self.desk, LEADER, life.training.id, "lecturer"))
        if life.book.stage == "cancelled":
            return refused, ""
        return refused, "StageTooLate" if life.book.stage == "held" else life.book.cancel()

    async def _changes(self, dice: random.Random, life: Life) -> tuple[str, str]:
        book, plan = life.book, life.training.plan
        wanted, news = self._another_plan(dice, plan)
        self._note(life, "change", wanted.seats, wanted.starts_at, f"news={sorted(news)}")
        if book.stage == "held":
            return "", ""
        expected = self._expected_of(life, wanted)
        found, refused = await self._try(trainings.change(self.desk, LEADER, life.training.id, wanted))
        if found is not None:
            life.training = found
        if not expected and wanted != plan and wanted.starts_at and wanted.ends_at:
            book.change(
                self.clock.now,
                seats=dict(wanted.seats),
                starts=wanted.starts_at,
                ends=wanted.ends_at,
                news=news,
            )
        return refused, expected

    def _expected_of(self, life: Life, wanted: Plan) -> str:
        """The names of the refusals that may answer another plan."""
        book, now, found = life.book, self.clock.now, []
        if book.stage == "cancelled":
            return "StageTooLate"
        if wanted.starts_at and wanted.ends_at and wanted.ends_at <= wanted.starts_at:
            found.append("EndsBeforeStart")
        if wanted.starts_at != book.starts and wanted.starts_at and wanted.starts_at <= now:
            found.append("InThePast")
        if book.deadline and wanted.starts_at and book.deadline > wanted.starts_at:
            found.append("DeadlineAfterStart")
        for format_ in FORMATS:
            held = sum(
                line.format == format_ and line.state in HOLDING and not line.beside
                for line in book.lines.values()
            )
            if held and wanted.seats.get(format_) != 0 and held > wanted.seats.get(format_, -1):
                found.append("TooFewSeats")
        return "|".join(found)

    def _another_plan(self, dice: random.Random, plan: Plan) -> tuple[Plan, set[str]]:
        """Another plan, and what is news in it."""
        news, given = set[str](), dict(plan.seats)
        if dice.random() < 0.7:
            for format_, seats_ in list(given.items()):
                given[format_] = dice.choice((0, *[max(1, seats_ + dice.randint(-2, 3))] * 8))
        if dice.random() < 0.25:
            news.add("seats")
            if len(given) == 2:
                del given[dice.choice(FORMATS)]
            else:
                given[next(each for each in FORMATS if each not in given)] = dice.randint(1, 3)
        if dice.random() < 0.3:
            days = timedelta(days=dice.choice((-2, -1, 1, 2, 7)))
            with_ids = dice.random() < 0.5
            moved = [
                Session(each.starts_at + days, each.ends_at + days, each.id if with_ids else "")
                for each in plan.sessions
            ]
            plan = replace(plan, sessions=tuple(moved))
            news.add("sessions")
        if dice.random() < 0.1:
            hours = timedelta(minutes=dice.choice((-90, -30, 60)))
            longer = [replace(each, ends_at=each.ends_at + hours) for each in plan.sessions]
            plan = replace(plan, sessions=tuple(longer))
            news.add("sessions")
        if dice.random() < 0.3:
            plan = replace(plan, words={**plan.words, "place": f"会議室{dice.randrange(10**6)}"})
            news.add("place")
        if dice.random() < 0.15:
            plan = replace(plan, private={"online": f"https://example.jp/{dice.randrange(10**6)}"})
            news.add("online")
        return replace(plan, seats=given), news

    def _somebody(self, dice: random.Random, life: Life, state: str) -> str:
        """Mostly one in this state, now and then anybody."""
        lines = life.book.lines
        found = [who for who, line in lines.items() if line.state == state] or list(lines)
        return dice.choice(found if found and dice.random() < 0.85 else [*PEOPLE, *BY_PHONE])

    # What the clock does

    async def _time(self, dice: random.Random, lives: list[Life]) -> tuple[str, str]:
        """Time goes by: some minutes, or exactly until something falls due. Now and then the clock does not ask."""
        now, book = self.clock.now, dice.choice(lives).book
        due = [line.until for line in book.lines.values() if line.until]
        due += [
            each
            for each in (book.deadline, book.starts - timedelta(minutes=40), book.starts, book.ends)
            if each and dice.random() < 0.2
        ]
        steps = (
            timedelta(minutes=1),
            timedelta(hours=1),
            timedelta(hours=9),
            timedelta(days=1),
            timedelta(days=2),
        )
        later = now + dice.choice(steps)
        ahead = [each for each in due if each > now]
        if ahead and dice.random() < 0.4:
            later = min(ahead) + dice.choice((-1, 0, 1)) * timedelta(seconds=1)
        self.clock.now = max(now, later)
        asks = dice.random() < 0.8
        self.acts.append(f"{self.clock.now:%m-%d %H:%M:%S}{'' if asks else ', and the clock sleeps'}")
        if asks:
            await sweeps.timers(self.desk)
            for life in lives:
                life.book.tick(self.clock.now)
        return "", ""

    # Looking

    async def _mistakes(self, lives: list[Life]) -> list[str]:
        wrong: list[str] = []
        async with self.db.reading() as ask:
            said = await ask.connection.rows(SAID, {"after": self._said})
            noted = await ask.connection.rows(NOTED, {"after": self._noted})
            for life in lives:
                rows = await ask.connection.rows(PARTS, {"t": life.training.id})
                wrong += beyond_the_rules(life, rows, self.clock.now) + against_the_book(life, rows)
                life.before = {row["id"]: row for row in rows}
        self._said = max([self._said, *(row["id"] for row in said)])
        self._noted = max([self._noted, *(row["id"] for row in noted)])
        names = {part: who for life in lives for who, part in life.ids.items()}
        told = Counter(
            (row["channel"], row["template"], names.get(fact(row, "participation") or "", ""))
            for row in said
            if row["template"] in WORDS
        )
        wrong += apart("words", told, Counter(each for life in lives for each in life.book.told))
        events = Counter(
            (row["event"], names.get(fact(row, "participation", "detail") or "", ""))
            for row in noted
            if row["event"] in EVENTS
        )
        wrong += apart("trail", events, Counter(each for life in lives for each in life.book.noted))
        for life in lives:
            life.book.told.clear()
            life.book.noted.clear()
        return wrong

    # Beginning

    async def _announced(self, dice: random.Random) -> Life:
        starts = self.clock.now.replace(minute=0, second=0) + timedelta(
            days=dice.randint(1, 7), hours=dice.randint(0, 5)
        )
        ends = starts + timedelta(hours=3)
        formats = dice.choice((FORMATS, FORMATS[:1], FORMATS[:1]))
        given = {each: dice.randint(1, 3) for each in formats}
        deadline = dice.choice((None, starts - timedelta(hours=20)))
        plan = Plan(
            seats=given, sessions=(Session(starts, ends),), deadline=deadline,
            words={"title": "学びの会", "place": "会議室"},
        )  # fmt: skip
        self._once += 1
        made = await trainings.plan(self.desk, LEADER, plan, once=f"game:{self._once}")
        out = await trainings.announce(self.desk, LEADER, made.id, ["C_TRAINING"])
        self.acts.append(f"{out.number} {given} {starts:%m-%d %H:%M} deadline {deadline}")
        return Life(out, Book(dict(given), starts, ends, deadline, self._expires))

    def _expires(self, now: datetime, starts: datetime) -> datetime:
        there = self.desk.organisation
        return min(there.calendar.add_open_minutes(now, there.trainings.offer_minutes), starts)

    async def _try(self, act: Awaitable[Any]) -> tuple[Any, str]:
        try:
            return await act, ""
        except Refused as refused:
            return None, type(refused).__name__

    def _known(self, life: Life, who: str, found: Any) -> None:
        if found is not None:
            life.ids[who] = found.id

    def _note(self, life: Life, act: str, *about: object) -> None:
        self.acts.append(f"{life.training.number} {act} {' '.join(str(each) for each in about)}")

    async def _look_away(self) -> None:
        """What was said and noted until now is not looked at."""
        async with self.db.reading() as ask:
            (said,) = await ask.connection.rows("SELECT COALESCE(MAX(id), 0) AS id FROM outbox", {})
            (noted,) = await ask.connection.rows("SELECT COALESCE(MAX(id), 0) AS id FROM audit", {})
        self._said, self._noted = said["id"], noted["id"]


async def lived_through(
    db: Database, clock: Clock, seed: int, games: int, acts: int = 40
) -> tuple[int, list[str]]:
    """Play so many games; give how many acts there were, and what went wrong in the first bad one."""
    game = Game(db, clock)
    for number in range(games):
        if wrong := await game.play(f"{seed}:{number}", acts):
            return game.done, wrong
        async with db.transaction(THE_CLOCK) as tx:  # what is over rings no more
            tx.connection.later("DELETE FROM timers", {})
    async with db.reading() as ask:
        broken = await ask.audit.verify()
    return game.done, [] if broken is None else [f"the trail is broken at {broken}"]
