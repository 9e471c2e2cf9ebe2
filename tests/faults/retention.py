"""Many consultations in one database, over decades, under a clock that stalls, leaps and goes back, with backups brought back:
what is destroyed, and what is not, is held against plain arithmetic.

Each run with the same seed lives through the same. What people do is written by the rules of a consultation's life straight
to the store, many in one transaction; destroying, holding back, backing up and bringing back are the desk's own.
"""

import copy
import random
import re
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

from bot.domain.casework import Contact
from bot.domain.consultation import Consultation, Status
from bot.domain.refusals import Refused
from bot.domain.staff import THE_CLOCK, Actor, Role
from bot.privacy.anonymizer import Label
from bot.privacy.vault import NotReadable
from bot.store import backups, destroyed_log
from bot.store.backups import BackupRefused
from bot.store.case_names import CaseName
from bot.store.database import Database, Transaction, open_database
from bot.store.keys import KeyDestroyed
from bot.usecases import expiry, restoring
from bot.usecases.desk import Desk
from tests.databases import MASTER_KEY, Clock
from tests.faults.retention_book import LEFT, Arithmetic, Life, Verdict, another
from tests.faults.retention_papers import LEFT_OF_PAPERS, a_record, handed_on, reviewed

TOGETHER = 500  # lives under one clock
STEPS = 60
ADMIN = Actor("U_ADMIN", frozenset({Role.ADMIN}))
PLANTED = "植えた文"


class World:
    """Some lives, their desk, and two clocks: the one that is true, and the one the desk sees."""

    def __init__(
        self, url: str, folder: Path, clock: Clock, dice: random.Random, verdict: Verdict, *, forgetful: bool
    ) -> None:
        self.url, self.folder, self.clock, self.dice, self.verdict = url, folder, clock, dice, verdict
        self.true = clock.now
        self.lives: dict[str, Life] = {}
        self.rules = Arithmetic({"closed": self._rule(), "withdrawn": self._rule()})
        self._forgetful = forgetful  # what was destroyed is not noted beside the backups
        self._number = dice.randrange(10**6) * 10**6

    async def opened(self, url: str) -> None:
        """Go on in this database."""
        self._closing = AsyncExitStack()
        self.url = url
        db = await self._closing.enter_async_context(
            open_database(url, master_key=MASTER_KEY, clock=self.clock, least_free=0)
        )
        self.db: Database = db
        self.desk = Desk(db, self.rules.organisation(), backups=self.folder)

    async def closed(self) -> None:
        """Close it."""
        await self._closing.aclose()

    def _rule(self) -> tuple[str, int]:
        return self.dice.choice([("years", self.dice.randint(0, 5)), ("days", self.dice.randint(20, 1500))])

    # What people do

    async def begin(self, many: int) -> None:
        """So many consultations come in, with contacts and words."""
        async with self.db.transaction(THE_CLOCK) as tx:
            for _ in range(many):
                await self._begun(tx)
        owners = "SELECT d.owner, d.wrapped, w.id, w.text_sealed FROM data_keys AS d JOIN words AS w ON w.consultation = d.owner"
        async with self.db.reading() as ask:
            for row in await ask.connection.rows(owners, {}):
                if life := self.lives.get(row["owner"]):
                    life.wrapped, life.sealed = row["wrapped"], (row["id"], row["text_sealed"])
        self.verdict.lives += many

    async def _begun(self, tx: Transaction) -> None:
        self._number += 1
        c = Consultation(
            id=f"{self._number:032x}", number=f"R8-{self._number}", fiscal_year=2026, status=Status.RECEIVED,
            route="phone", contacted_at=tx.now, received_at=tx.now, promised_at=tx.now, urgency="u3",
            concerns=("approach",), supporter="U_TAKAGI",
        )  # fmt: skip
        await tx.consultations.add(c)
        await tx.contacts.put(c.id, Contact(phone="090-1234-5678", name=PLANTED))
        await tx.casework.write(c.id, "story", PLANTED)
        await tx.casework.keep_draft(c.id, "hearing", {"situation": PLANTED})
        await tx.case_names.put(c.id, CaseName(PLANTED, Label.PERSON, "A"))
        await tx.casework.once(f"once:{c.id}", c.id)
        await tx.timers.set(c.id, "promise", tx.now)
        await tx.outbox.add("received", to="U_TAKAGI", key=f"received:{c.id}", subject=c.id)
        if self._number % 3 == 0:
            await reviewed(tx, c, PLANTED)
        if self._number % 3 == 1:
            await handed_on(tx, c, PLANTED)
        self.lives[c.id] = Life(c.id)

    async def acts(self) -> None:
        """Some do something, all in one transaction."""
        there = [life for life in self.lives.values() if not life.gone]
        async with self.db.transaction(ADMIN) as tx:
            for life in self.dice.sample(there, min(len(there), TOGETHER // 6)):
                deed = self.dice.choices(DEEDS, WEIGHTS)[0]
                try:
                    await getattr(self, f"_{deed}")(tx, life)
                except Refused:
                    self.verdict.met["refusals"] += 1

    async def _closes(self, tx: Transaction, life: Life) -> None:
        c = await tx.consultations.get(life.id)
        await tx.consultations.move(
            c, c.closed(tx.now, dispositions=(), primary="advice_closed", reason="resolved")
        )
        life.status, life.ended = "closed", tx.now

    async def _withdraws(self, tx: Transaction, life: Life) -> None:
        c = await tx.consultations.get(life.id)
        await tx.consultations.move(c, c.withdrawn(tx.now))
        life.status, life.ended = "withdrawn", tx.now

    async def _reopens(self, tx: Transaction, life: Life) -> None:
        c = await tx.consultations.get(life.id)
        await tx.consultations.move(c, c.reopened(tx.now))
        life.status, life.ended = "open", None
        self.verdict.met["reopened"] += 1

    async def _pauses(self, tx: Transaction, life: Life) -> None:
        c = await tx.consultations.get(life.id)
        claimed = c.claimed_by("U_SATO", tx.now, tx.now)
        await tx.consultations.move(c, claimed.suspended())
        life.status = "paused"

    async def _merges(self, tx: Transaction, life: Life) -> None:
        other = self.dice.choice([each for each in self.lives.values() if not each.gone])
        c, into = await tx.consultations.get(life.id), await tx.consultations.get(other.id)
        await tx.consultations.move(c, c.merged(into, tx.now))
        life.status, life.into, life.ended = "merged", other.id, tx.now
        self.verdict.met["merged"] += 1

    async def _unmerges(self, tx: Transaction, life: Life) -> None:
        c = await tx.consultations.get(life.id)
        apart = c.unmerged()
        await tx.consultations.move(c, apart)
        life.status, life.into, life.ended = (
            "paused" if apart.status is Status.SUSPENDED else "open",
            None,
            None,
        )

    async def _holds(self, tx: Transaction, life: Life) -> None:
        await tx.consultations.get(life.id)
        await tx.destructions.hold(life.id, "audit")
        life.held = True
        self.verdict.met["held"] += 1

    async def _lifts(self, tx: Transaction, life: Life) -> None:
        await tx.consultations.get(life.id)
        await tx.destructions.lift(life.id)
        life.held = False

    async def _records(self, tx: Transaction, life: Life) -> None:
        c = await tx.consultations.get(life.id)
        if c.status is Status.CLOSED:
            self._number += 1
            await tx.records.add(a_record(f"{self._number:032x}", c, tx.now), c.id)
            life.records += 1

    # What the clock does

    async def step(self) -> None:
        """Time goes by; somebody does something; the clock asks, twice in a day."""
        self.true += timedelta(days=self.dice.choice([1, 20, 90, self.dice.uniform(1, 400)]))
        self.clock.now = self.true
        what = self.dice.choices(["on", "leap", "back", "restore", "down"], [60, 12, 6, 8, 10])[0]
        self.verdict.met[what] += 1
        await self.acts()
        if what == "down":
            return
        if what in {"leap", "back"}:
            await self._leaps(9000 if what == "leap" else -2000)
        if what == "restore" and self.url.startswith("sqlite"):
            await self._back_in_time()
        await self.swept()
        self.true += timedelta(hours=self.dice.uniform(20, 30))
        self.clock.now = self.true
        await self.swept(believed=True)

    async def _leaps(self, days: float) -> None:
        """The clock is wrong for some hours, or for days, and asks all the while."""
        by = timedelta(days=self.dice.uniform(0.5, 1) * days)
        longest = self.dice.choice([6, 30])
        for _ in range(3):
            self.true += timedelta(hours=self.dice.uniform(0, longest))
            self.clock.now = self.true + by
            await self.swept()
        self.clock.now = self.true

    async def swept(self, *, believed: bool = False) -> None:
        """The clock asks, and what came of it is looked at. `believed`: somebody said that its date is right."""
        if believed:
            await expiry.clock_is_right(self.desk, ADMIN)
        before = {life.id for life in self.lives.values() if life.gone}
        await expiry.sweep(self.desk)
        async with self.db.reading() as ask:
            rows = await ask.connection.rows("SELECT id FROM consultations WHERE expired_at IS NOT NULL", {})
        now_gone = {row["id"] for row in rows} & self.lives.keys()
        self.verdict.destroyed += len(now_gone - before)
        for each in now_gone - before:
            self._judge(self.lives[each])
        for each in now_gone:
            self.lives[each].gone = True
        if before - now_gone:
            self.verdict.readable += [f"{self.true} came back {each}" for each in before - now_gone]
        if believed:
            due = [life for life in self.lives.values() if not life.gone and self._is_due(life)]
            self.verdict.late += [
                f"{self.true} still there {life}" for life in due if not self._is_held(life)
            ]
        await self._look(now_gone)

    def _judge(self, life: Life) -> None:
        if not self._is_due(life):
            self.verdict.early.append(f"{self.true} (seen {self.clock.now}) {life}")
        if self._is_held(life):
            self.verdict.held.append(f"{self.true} {life}")

    def _root(self, life: Life) -> Life:
        """What it goes with; where that is gone already, nothing."""
        while life.status == "merged" and life.into and not self.lives[life.into].gone:
            life = self.lives[life.into]
        return life

    def _is_due(self, life: Life) -> bool:
        root = self._root(life)
        status = "closed" if root.status == "merged" else root.status
        if status not in self.rules.rules:
            return False
        with_it = any(
            each.status == "merged" and not each.gone and self._root(each) is root
            for each in self.lives.values()
        )
        statuses = {status, "closed"} if with_it else {status}
        return max(self.rules.due(each, root.ended) for each in statuses) <= self.true

    def _is_held(self, life: Life) -> bool:
        root = self._root(life)
        return any(
            each.held and self._root(each) is root
            for each in self.lives.values()
            if not each.gone or each is life
        )

    async def _look(self, gone: set[str]) -> None:
        """No key and no word of what is gone is left; every record is."""
        async with self.db.reading() as ask:
            for asked in (*LEFT, *LEFT_OF_PAPERS):
                left = gone & {row["id"] for row in await ask.connection.rows(asked, {})}
                self.verdict.readable += [
                    f"{self.true} something is left of {each}: {asked}" for each in left
                ]
            for each in self.dice.sample(sorted(gone), min(3, len(gone))):
                await self._cannot_open(ask, self.lives[each])
            [row] = await ask.connection.rows("SELECT COUNT(*) AS n FROM records", {})
        wanted = sum(life.records for life in self.lives.values())
        if row["n"] != wanted:
            self.verdict.lost.append(f"{self.true} {row['n']} records, not {wanted}")

    async def _cannot_open(self, ask, life: Life) -> None:
        """What somebody copied before cannot be opened with any key that is left."""
        row, sealed = life.sealed
        for owner in [life.id, *self.dice.sample(sorted(self.lives), min(3, len(self.lives)))]:
            try:
                await ask.keys.open(owner, "words", "text", row, sealed)
            except (KeyDestroyed, NotReadable):
                continue
            self.verdict.readable.append(f"{self.true} opened {life.id}")

    # Backups

    async def _back_in_time(self) -> None:
        """A backup is made; life goes on for some weeks; the backup comes back, in a file of its own."""
        self.verdict.met["backups"] += 1
        made = backups.make(self.url, self.folder, MASTER_KEY, self.clock.now, timedelta(days=35))
        made_at, book = self.clock.now, copy.deepcopy(self.lives)
        for _ in range(2):
            self.true += timedelta(days=self.dice.uniform(1, 20))
            self.clock.now = self.true
            await self.acts()
            await self.swept()
            self.true += timedelta(hours=21)
            self.clock.now = self.true
            await self.swept()
        if self._forgetful:
            (self.folder / destroyed_log.NAME).write_text("")
        place = self.folder.parent / f"back-{self.verdict.met['backups']}.db"
        url = f"sqlite:///{place}"
        age = self.clock.now - made_at
        try:
            await restoring.restore(
                made.path, url, MASTER_KEY, self.desk.organisation, self.folder, clock=self.clock
            )
        except BackupRefused as refused:
            self.verdict.met[f"refused {refused.why}"] += 1
            if refused.why != "too_old" or age <= timedelta(days=35):
                self.verdict.lost.append(f"{refused.why} after {age}")
            return
        if age > timedelta(days=35):
            self.verdict.readable.append(f"a backup came back after {age}")
        await self.closed()
        await self.opened(url)
        for each in book.values():
            each.gone = each.gone or self.lives[each.id].gone
            each.held = self.lives[each.id].held  # noted beside the backups, too
            each.held = self.lives[each.id].held  # noted beside the backups
        self.lives = book

    # The end

    async def ends(self) -> None:
        """Everything ends, nothing is held back any more; after the longest time nothing may be left."""
        async with self.db.transaction(ADMIN) as tx:
            for life in self.lives.values():
                if life.gone:
                    continue
                if life.held:
                    await self._lifts(tx, life)
                if life.status in {"open", "paused"}:
                    await self._closes(tx, life)
        self.true += timedelta(days=366 * 8)
        for hours in (0, 21):
            self.true += timedelta(hours=hours)
            self.clock.now = self.true
            await self.swept(believed=bool(hours))
        left = [life for life in self.lives.values() if not life.gone]
        self.verdict.late += [f"never destroyed: {life}" for life in left]
        async with self.db.reading() as ask:
            if await ask.destructions.verify() is not None or await ask.audit.verify() is not None:
                self.verdict.lost.append("a chain is broken")
        await self.closed()
        if self.url.startswith("sqlite"):
            self._search_the_file()

    def _search_the_file(self) -> None:
        path = Path(self.url.removeprefix("sqlite:///"))
        raw = b"".join(each.read_bytes() for each in path.parent.glob(path.name + "*"))
        wrapped = {life.wrapped.encode(): life.id for life in self.lives.values() if life.gone}
        lengths = {len(each) for each in wrapped}
        # SQLite writes the next column right behind it: what follows tells nothing of where it ends.
        kept = {raw[at.start() : at.start() + long] for at in re.finditer(rb"v1\.", raw) for long in lengths}
        found = [wrapped[each] for each in kept & wrapped.keys()]
        self.verdict.readable += [f"the key of {each} is in the file" for each in found]
        if PLANTED.encode() in raw:
            self.verdict.readable.append("the planted words are in the file")


DEEDS = ("closes", "withdraws", "reopens", "pauses", "merges", "unmerges", "holds", "lifts", "records")
WEIGHTS = (20, 5, 5, 3, 4, 2, 3, 5, 12)


async def lived_through(
    url: str,
    folder: Path,
    clock: Clock,
    *,
    seed: int,
    count: int,
    steps: int = STEPS,
    forgetful: bool = False,
) -> Verdict:
    """Live through `count` lives, some at a time, each time in a database of their own."""
    dice, verdict = random.Random(f"retention {seed}"), Verdict()
    world = 0
    while verdict.lives < count:
        world += 1
        place = folder / f"world-{world}"
        (place / "backups").mkdir(parents=True)
        here = (
            f"sqlite:///{place / 'desk.db'}" if url.startswith("sqlite") else another(url, f"world_{world}")
        )
        lived = World(here, place / "backups", clock, dice, verdict, forgetful=forgetful)
        await lived.opened(here)
        many = min(TOGETHER, count - verdict.lives)
        for part in range(3):  # they do not all come in at once
            await lived.begin(many // 3 + (many % 3 if part == 0 else 0))
            for _ in range(steps // 3):
                await lived.step()
        await lived.ends()
    return verdict
