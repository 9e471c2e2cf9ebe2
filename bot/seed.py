"""A believable year for practice and trials: made-up consultations, written by the very use cases that people press.

Nothing is sent: what the year's acts would have said is not promised, and what the clock would still say is marked
as said. The same number of consultations, seed and moment give the same year (but for the keys that seal it).
"""

import heapq
import logging
import tomllib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import date, datetime, time, timedelta
from itertools import accumulate, count
from pathlib import Path
from typing import Any, cast

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot import messages, organisation, seed_handovers, seed_reviews
from bot.config import Settings
from bot.domain.business_time import TOKYO, fiscal_year
from bot.domain.refusals import Refused
from bot.domain.staff import THE_CLOCK, Actor, Role
from bot.organisation import Organisation
from bot.seed_brought import OpenDays
from bot.seed_deeds import Act, Acts, Cast, counted
from bot.seed_directory import entries
from bot.seed_lives import FATES, Life
from bot.seed_trainings import Stretch, codes_drawn_by, events
from bot.seed_words import Dice, a_case, kinds_of_cases, read
from bot.store.database import Database, Reading, Transaction, open_database, the_time
from bot.store.outbox import Outbox
from bot.usecases import (
    advice_reviews,
    agreements,
    briefs,
    handover_answers,
    people,
    review_clock,
    review_follow,
    sittings,
    sweeps,
)
from bot.usecases.desk import Desk

STAFF = Path(__file__).with_name("practice_staff.toml")
SHORTEST = 60  # days; a younger fiscal year begins with the one before it
ENOUGH = 20  # consultations; of fewer, none is brought to anything
SLACK_MOST = 12  # consultations one supporter of the practice workspace has
FRESH = ("waits", "waits", "begun")  # what becomes of those that have only just come in
SWEPT = (time(10, 0, 30), time(16, 50))
EVERYTHING = 100_000
AT_REST = (
    sweeps.timers, sweeps.claims, sweeps.promises, sweeps.next_actions, sweeps.digest, review_clock.sweep,
    sittings.sweep, review_follow.sweep, briefs.sweep, handover_answers.remind, agreements.over,
    advice_reviews.remind,
)  # fmt: skip


class NotEmpty(Refused):
    """There are consultations already: how many."""

    template = "seed/not_empty"

    def __init__(self, held: int) -> None:
        self.held = held
        super().__init__(f"{held} consultations")


async def fill(settings: Settings, consultations: int, seed: int, *, now: datetime | None = None) -> None:
    """Write so many made-up consultations, from the fiscal year's beginning to this moment, into a fresh database.

    `now` is aware. Raises `NotEmpty` where there are consultations, and what `open_database` raises.
    """
    from bot.run import sqlite_folder

    sqlite_folder(settings)
    there = organisation.load(settings.yorisoi_organisation)
    year = Year(there, now or the_time(), seed)
    first, year.at = year.at, year.now  # the database is made now: what is due is reckoned from then
    ids = Dice(f"{seed}:ids")
    async with open_database(
        settings.database_url,
        master_key=settings.master_key,
        clock=lambda: year.at,
        new_id=lambda: f"{ids.getrandbits(128):032x}",
    ) as db:
        await _must_be_empty(db)
        year.at = first
        with _progress(consultations) as received, _patience(), codes_drawn_by(Dice(f"{seed}:papers")):
            await _play(db, year, year.everything(consultations), received)
        _say("done", days=(year.now.date() - year.start).days + 1, consultations=consultations)


class Year:
    """When the made-up year begins and ends, what happens in it, and how far it has been played (`at`)."""

    def __init__(self, there: Organisation, now: datetime, seed: int) -> None:
        self.there, self.now, self.seed = there, now.astimezone(TOKYO), seed
        self.dice = Dice(f"{seed}:year")
        first = date(fiscal_year(now), 4, 1)
        young = (self.now.date() - first).days < SHORTEST
        self.start = date(first.year - 1, 4, 1) if young else first
        self.at = datetime.combine(self.start, time(8, 30), TOKYO)
        self.roles: dict[str, list[str]] = tomllib.loads(STAFF.read_text(encoding="utf-8"))
        self.cast = Cast.of(self.roles, read("words")["part_time"])
        self._days, self._weights = self._rhythm()

    def everything(self, consultations: int) -> list[Acts]:
        """Every life of the year, the clock's own among them, with `consultations` intakes in all."""
        lives: list[Acts] = [iter([Act(self.at, self._grant_roles)]), self._clock(), *self._trainings()]
        lives += entries(self.roles, self.at + timedelta(minutes=10))
        kinds, by_slack = kinds_of_cases(), dict.fromkeys(read("words")["supporters"], 0)
        if consultations > ENOUGH:
            brought = self._brought()
            lives += brought
            lives += seed_reviews.readings(self.cast, self.roles, OpenDays(self.there, self.now), self.seed)
            consultations -= len(brought)
        others = len(lives) - 2
        for n in range(len(FRESH) if consultations > ENOUGH else 0):
            lives.append(self._fresh(n, FRESH[n], kinds).acts())
            consultations -= 1
        while consultations > 0:
            life = self._life(len(lives) - others, consultations, kinds, by_slack)
            consultations -= 2 if life.fate == "twice" else 1
            lives.append(life.acts())
            if self.dice.happens(0.18):
                lives.append(iter([counted(self.dice, self.cast, self._moment("phone")[0])]))
        return lives

    def _brought(self) -> list[Acts]:
        """Those that are brought to a review, or handed on."""
        days = OpenDays(self.there, self.now)
        found = seed_reviews.entries(self.there, self.cast, self.roles, days, self.seed)
        return found + seed_handovers.entries(self.there, self.cast, days, self.seed)

    def _trainings(self) -> list[Acts]:
        organizers, operators = self.roles["organizer"], self.roles["operator"]
        return events(self.there, organizers, operators, Stretch(self.start, self.now), self.seed)

    def _life(self, name: int, left: int, kinds: dict[str, float], by_slack: dict[str, int]) -> Life:
        dice, words = Dice(f"{self.seed}:{name}"), read("words")
        free = [each for each, asked in by_slack.items() if asked < SLACK_MOST]
        routes = {code: weight for code, weight in words["routes"].items() if free or code != "slack"}
        route, fate = dice.weighed(routes), dice.weighed(FATES)
        supporter = dice.one(free) if route == "slack" or (free and dice.happens(0.01)) else None
        if supporter:
            by_slack[supporter] += 1
        received, contacted = self._moment(route)
        if fate == "twice" and (left < 2 or supporter or self.now - received < timedelta(days=3)):
            fate = "usual"
        case = a_case(dice, kinds)
        return Life(
            dice, self.there, self.cast, case, name=str(name), received=received, contacted=contacted,
            route=route, supporter=supporter, fate=fate,
        )  # fmt: skip

    def _fresh(self, n: int, fate: str, kinds: dict[str, float]) -> Life:
        """One that has only just come in, so that somebody waits whenever the year is looked at."""
        dice = Dice(f"{self.seed}:fresh:{n}")
        received = self.now - timedelta(minutes=11 * n + dice.randint(9, 14))
        by_slack = n == 0 or not self.there.calendar.is_open(received)
        asking = sorted(read("words")["supporters"])
        return Life(
            dice, self.there, self.cast, a_case(dice, kinds), name=f"fresh-{n}", received=received,
            contacted=received - timedelta(minutes=2), route="slack" if by_slack else "phone",
            supporter=asking[n % len(asking)] if by_slack else None, fate=fate,
        )  # fmt: skip

    def _rhythm(self) -> tuple[list[date], list[float]]:
        """Every day of the year with how much comes in until it, from the first on."""
        rhythm = read("words")["rhythm"]
        days = [self.start + timedelta(days=n) for n in range((self.now.date() - self.start).days + 1)]
        weights = [
            rhythm["months"][(day.month - 4) % 12]
            * rhythm["weekdays"][day.weekday()]
            * (1.0 if self.there.calendar.periods(day) or day.weekday() > 4 else 0.05)
            for day in days
        ]
        return days, list(accumulate(weights))

    def _moment(self, route: str) -> tuple[datetime, datetime]:
        """When something comes to the desk's knowledge, and when the person reached out. Never in the future."""
        for _ in range(1000):
            day = self.dice.choices(self._days, cum_weights=self._weights)[0]
            if route in {"slack", "email", "fax"} and self.dice.happens(0.3):  # also in the evening
                hour = self.dice.choice((7, 8, 17, 18, 19, 20, 21, 22))
            else:
                hour = self.dice.choices(range(9, 17), read("words")["rhythm"]["hours"])[0]
            contacted = datetime.combine(
                day, time(hour, self.dice.randrange(60), self.dice.randrange(60)), TOKYO
            )
            received = contacted
            if route != "slack":
                calendar = self.there.calendar
                seen = contacted if calendar.is_open(contacted) else calendar.next_opening(contacted)
                if route == "phone":
                    contacted = seen
                received = seen + timedelta(minutes=self.dice.randint(2, 12), seconds=self.dice.randrange(60))
            if received < self.now:
                return received, contacted
        return self.now, self.now

    def _clock(self) -> Acts:
        """The clock's own questions, twice a day."""
        for day in self._days:
            for when in SWEPT:
                yield Act(datetime.combine(day, when, TOKYO), sweeps.timers)
                yield Act(datetime.combine(day, when, TOKYO), sweeps.claims)

    async def _grant_roles(self, desk: Desk) -> None:
        for role, persons in self.roles.items():
            for person in persons:
                await people.grant(desk, THE_CLOCK, person, Role(role))


class Played:
    """The database as use cases meet it while the year is played: many acts in one transaction, each at its own instant."""

    def __init__(self, db: Database, year: Year) -> None:
        self.dialect, self.alone, self._year = db.dialect, db.alone, year
        self.tx: Transaction | None = None

    def clock(self) -> datetime:
        """The instant that is being played."""
        return self._year.at

    @asynccontextmanager
    async def transaction(self, actor: Actor) -> AsyncIterator[Transaction]:
        """The transaction of the batch, at this act's instant and in its actor's name."""
        tx = cast("Transaction", self.tx)
        tx.now, tx.actor = self._year.at, actor
        yield tx

    @asynccontextmanager
    async def reading(self, actor: Actor = THE_CLOCK) -> AsyncIterator[Reading]:
        """The same, for questions."""
        async with self.transaction(actor) as tx:
            yield cast("Reading", tx)


class Unsaid:
    """An outbox that promises nothing: the people of a made-up year are not told of it."""

    async def add(self, *_: object, **__: object) -> None:
        """Promise nothing."""

    async def card(self, *_: object, **__: object) -> None:
        """Promise nothing."""

    async def home(self, *_: object) -> None:
        """Promise nothing."""

    async def window(self, *_: object, **__: object) -> None:
        """Promise nothing."""

    async def has(self, _key: str) -> bool:
        """Nothing was promised."""
        return False


class AlreadySaid(Unsaid):
    """An outbox in which every message stands as one that was sent; cards and Homes are drawn when they are due."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self.keys: set[str] = set()

    async def add(self, *args: Any, **facts: Any) -> None:
        """Promise it, to be marked as said, also where it would wait for the next opening."""
        self.keys.add(facts["key"])
        await self._outbox.add(*args, **{**facts, "not_before": None})

    async def has(self, key: str) -> bool:
        """Whether it was promised."""
        return await self._outbox.has(key)

    async def mark(self) -> None:
        """Mark as said what was promised here; what others promised stays as it was."""
        while rows := await self._outbox.lease(limit=EVERYTHING, seconds=60):
            mine = [row for row in rows if row.key in self.keys]
            for row in rows:
                await (self._outbox.sent(row, why="seed") if row in mine else self._outbox.release(row))
            if not mine:
                return


async def _must_be_empty(db: Database) -> None:
    async with db.reading() as ask:
        (row,) = await ask.connection.rows("SELECT COUNT(*) AS held FROM consultations", {})
    if row["held"]:
        raise NotEmpty(row["held"])


async def _play(db: Database, year: Year, lives: list[Acts], received: Any) -> None:
    """Play every act until now, in the order of the year.

    Each day is a transaction. Where other processes may be looking (PostgreSQL), the whole year is one: nobody must
    take a half-told year for the present.
    """
    played, order = Played(db, year), count()
    desk = Desk(cast("Database", played), year.there)
    due = [(act.at, next(order), act, life) for life in lives for act in [next(life)]]
    heapq.heapify(due)
    while due and due[0][0] <= year.now:
        async with db.transaction(THE_CLOCK) as tx:
            played.tx, day = tx, due[0][0].date()
            vars(tx)["outbox"] = Unsaid()
            while due and due[0][0] <= year.now and (not db.alone or due[0][0].date() == day):
                _, _, act, life = heapq.heappop(due)
                if act.at.date() != day:
                    day = act.at.date()
                    await tx.connection.settle()
                year.at = act.at
                await act.do(desk)
                received(act)
                following = next(life, None)
                if following is not None:
                    heapq.heappush(due, (following.at, next(order), following, life))
            if not due or due[0][0] > year.now:
                await _bring_to_rest(desk, tx, year)


async def _bring_to_rest(desk: Desk, tx: Transaction, year: Year) -> None:
    """Do what the clock would do now, and let it be as if it had been said."""
    said = AlreadySaid(Outbox(tx))
    vars(tx)["outbox"] = said
    last_open = max((at for at in _swept(year) if year.there.calendar.is_open(at)), default=year.now)
    for at in (last_open, year.now):
        year.at = at
        for sweep in AT_REST:
            await sweep(desk)
    await said.mark()


def _swept(year: Year) -> Iterator[datetime]:
    """The moments of the last two weeks at which the clock asked."""
    for back in range(14):
        for when in SWEPT:
            at = datetime.combine(year.now.date() - timedelta(days=back), when, TOKYO)
            if at <= year.now:
                yield at


@contextmanager
def _progress(consultations: int) -> Iterator[Any]:
    """Show how far it is, counted in intakes."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(messages.phrase(read("words")["progress"]), total=consultations)

        def received(act: Act) -> None:
            if act.intake:
                bar.advance(task)

        yield received


@contextmanager
def _patience() -> Iterator[None]:
    """A year in one transaction may hold the desk for a while: nobody waits for it."""
    log = logging.getLogger("bot.store.database")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)


def _say(name: str, **facts: object) -> None:
    print(messages.phrase(read("words")[name], **facts), flush=True)  # noqa: T201
