"""Kill -9 again and again while twelve people work, and then count: what was acknowledged, what is there."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.events import Event
from bot.domain.staff import THE_CLOCK
from bot.manifest import manifest
from bot.practice import Workspace, serve
from bot.practice.person import words
from bot.practice.world import BOT
from bot.store.database import Reading, open_database
from tests.databases import MASTER_KEY
from tests.desk import CARDS
from tests.faults.crowd import Crowd, everybody
from tests.faults.process import THE_BOT, BotProcess
from tests.running import ROLES

NEWCOMERS_A_ROUND = 12
PATIENCE = 1.5
REDELIVERY = (0.0, 1.0, *[3.0] * 12)  # Slack does not give up while the bot is killed again and again
SETTLING_SECONDS = 60.0


@dataclass
class Verdict:
    """What came of it all. `lost`: acknowledged and not there. `doubled`: there more often than once. `odd`: the rest."""

    kills: int = 0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether every promise was kept."""
        return not (self.lost or self.doubled or self.odd)

    def __str__(self) -> str:
        shown = [*self.lost[:5], *self.doubled[:5], *self.odd[:5]]
        count = f"{len(self.lost)} lost, {len(self.doubled)} doubled, {len(self.odd)} odd"
        return "\n".join([f"{self.kills} kills, {self.acknowledged} acknowledged: {count}", *shown])


@asynccontextmanager
async def busy_place(rounds: int) -> AsyncIterator[Workspace]:
    """A practice workspace with people enough, whose Slack is a little less patient."""
    async with serve(manifest=manifest(), seed=everybody(rounds * NEWCOMERS_A_ROUND)) as workspace:
        workspace.link.patience = PATIENCE
        workspace.link.redelivery = REDELIVERY
        yield workspace


async def killed_under_load(
    database: str, folder: Path, *, kills: int, seed: int, program: tuple[str, ...] = THE_BOT
) -> Verdict:
    """Kill the bot so many times while everybody works; then let it finish in peace, and count."""
    await roles_granted(database)
    async with busy_place(kills + 2) as workspace:
        bot = BotProcess(workspace, database, folder, program=program)
        crowd = Crowd(workspace, seed)
        dice = random.Random(seed)
        crowd.come()
        for _ in range(kills):
            async with bot:  # killed at its end
                await _a_moment(crowd, dice)
        await crowd.leave()
        await hours_later(database)
        verdict = await counted(BotProcess(workspace, database, folder), database, crowd, workspace)
        verdict.kills = kills
        return verdict


async def counted(bot: BotProcess, database: str, crowd: Crowd, workspace: Workspace) -> Verdict:
    """Let the bot run once more, in peace, until nothing is left to do; and compare."""
    verdict = Verdict(acknowledged=crowd.acknowledged)
    async with bot:
        await _quiet(workspace, database)
        code, _ = await bot.stop()
    if code != 0:
        verdict.odd.append(f"exit code {code}")
    async with _open(database) as db, db.reading() as ask:
        await Count(ask, crowd, workspace, verdict).everything()
    return verdict


async def _a_moment(crowd: Crowd, dice: random.Random) -> None:
    """Some while; or exactly until so many acts were acknowledged, so that the others are in the middle of theirs."""
    if dice.random() < 0.3:
        await asyncio.sleep(dice.uniform(0.0, 0.5))
    else:
        await crowd.heard(dice.randint(1, 25), seconds=1.5)


async def roles_granted(database: str) -> None:
    """Give the people of the desk their roles before it ever opens."""
    async with _open(database) as db, db.transaction(THE_CLOCK) as tx:
        for role, persons in ROLES.items():
            for person in persons:
                await tx.staff.grant(person, role)


async def hours_later(database: str) -> None:
    """Nobody is left who could hold a lease: what was on its way is in doubt at once, and what waits is due."""
    async with _open(database) as db, db.transaction(THE_CLOCK) as tx:
        await tx.outbox.expire(everything=True)
        await tx.inbox.free_all()
        tx.connection.later("UPDATE outbox SET retry_at = NULL", {})
        tx.connection.later("UPDATE inbox SET not_before = NULL", {})


def _open(database: str):
    return open_database(database, master_key=MASTER_KEY, least_free=0)


async def _quiet(workspace: Workspace, database: str) -> None:
    """Until Slack has nothing more to bring, and the bot has said all it promised and applied all it accepted."""
    async with asyncio.timeout(SETTLING_SECONDS):
        while workspace.link._errands or await waiting(database):
            await asyncio.sleep(0.1)


async def waiting(database: str) -> int:
    """How much the outbox and the inbox still hold, asked from beside the running bot."""
    sql = (
        "SELECT (SELECT COUNT(*) FROM outbox WHERE finished_at IS NULL)"
        " + (SELECT COUNT(*) FROM inbox WHERE state IN ('waiting', 'working'))"
    )
    return int((await asyncio.to_thread(asked, database, sql))[0][0])


def asked(database: str, sql: str) -> list[tuple]:
    """Ask beside the bot, without its code."""
    if database.startswith("sqlite:///"):
        import sqlite3

        connection = sqlite3.connect(f"file:{database.removeprefix('sqlite:///')}?mode=ro", uri=True)
    else:
        import psycopg

        connection = psycopg.connect(database)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


@dataclass
class Count:
    """Compares what the crowd remembers with what the database and Slack hold."""

    ask: Reading
    crowd: Crowd
    workspace: Workspace
    verdict: Verdict

    async def everything(self) -> None:
        """Count forms, claims, letters and messages; and follow the chain."""
        await self._forms()
        await self._claims()
        await self._letters()
        await self._messages()
        if (broken := await self.ask.audit.verify()) is not None:
            self.verdict.odd.append(f"the audit chain breaks at {broken}")
        self.verdict.odd += [f"refused: {words}" for words in self.crowd.refused]
        if self.workspace.link.lost_events:
            self.verdict.odd.append(f"{self.workspace.link.lost_events} events Slack gave up")

    async def _rows(self, sql: str) -> list[dict]:
        return await self.ask.connection.rows(sql, {})

    async def _forms(self) -> None:
        done = {
            row["key"].removeprefix("intake:"): row["subject"]
            for row in await self._rows("SELECT key, subject FROM done_once WHERE key LIKE 'intake:%'")
        }
        numbers = {
            row["id"]: row["number"] for row in await self._rows("SELECT id, number FROM consultations")
        }
        for view, form in self.crowd.forms.items():
            if form.number and view not in done:
                self.verdict.lost.append(f"form {view}, receipt {form.number}")
            elif form.number and numbers.get(done[view]) != form.number:
                self.verdict.odd.append(f"form {view}: receipt {form.number}, kept {numbers.get(done[view])}")
        self._each_once("consultation of a form", Counter(done.values()))
        if strays := set(numbers) - set(done.values()):
            self.verdict.doubled.append(f"{len(strays)} consultations without a form of their own")
        serials = sorted(int(number.split("-")[1]) for number in numbers.values())
        if serials != list(range(1, len(serials) + 1)):
            self.verdict.odd.append("receipt numbers have gaps")

    async def _claims(self) -> None:
        rows = await self._rows("SELECT id, counselor FROM consultations")
        holders = {row["id"]: row["counselor"] for row in rows}
        for claim in self.crowd.claims:
            holder = holders.get(claim.consultation)
            if claim.told and holder and f"<@{holder}>" in claim.told:
                continue
            if holder != claim.person:
                self.verdict.lost.append(f"claim of {claim.person} on {claim.consultation}, held by {holder}")
        claimed = await self._rows(f"SELECT subject FROM audit WHERE event = '{Event.CLAIMED}'")
        self._each_once("claim", Counter(row["subject"] for row in claimed))
        held = {each for each, holder in holders.items() if holder}
        if held != {row["subject"] for row in claimed}:
            self.verdict.odd.append("what is held and what was claimed differ")

    async def _letters(self) -> None:
        kept = Counter(
            (row["author"], row["ts"]) for row in await self._rows("SELECT author, ts FROM letters")
        )
        for letter, acknowledged in self.crowd.letters.items():
            if letter not in kept:
                said = "acknowledged" if acknowledged else "written"
                self.verdict.lost.append(f"letter {letter}, {said}")
        self._each_once("letter", kept)

    async def _messages(self) -> None:
        """One card, one receipt, one word of who calls; one answer to each newcomer; each promise said once."""
        rows = await self._rows("SELECT key, op, template, state, why FROM outbox")
        self.verdict.odd += [
            f"{row['key']}: {row['state']} {row['why']}" for row in rows if row["state"] != "sent"
        ]
        marks: Counter[str] = Counter()
        for channel in self.workspace.world.channels.values():
            for message in channel.messages.values():
                if message["user"] == BOT and message.get("metadata"):
                    marks[message["metadata"]["event_payload"]["id"]] += 1
        self._each_once("message", marks)
        said = [row for row in rows if row["op"] in {"post", "card"} and row["why"] != "nothing_to_say"]
        if len(marks) < len(said):
            self.verdict.lost.append(f"{len(said) - len(marks)} messages promised and not said")
        numbers = [row["number"] for row in await self._rows("SELECT number FROM consultations")]
        cards = [words(each) for each in self.workspace.world.channels[CARDS].messages.values()]
        for number in numbers:
            if (cards_of := sum(number in card for card in cards)) != 1:
                (self.verdict.doubled if cards_of else self.verdict.lost).append(
                    f"{cards_of} cards of {number}"
                )
        answered = Counter(author for author, _ in self.crowd.letters)
        for author in answered:
            answers = self._answers_to(author)
            if answers != 1:
                (self.verdict.doubled if answers else self.verdict.lost).append(
                    f"{answers} answers to {author}"
                )

    def _answers_to(self, author: str) -> int:
        channel = self.workspace.world.dm(author)
        return sum(message["user"] == BOT for message in channel.messages.values())

    def _each_once(self, what: str, counted: Counter) -> None:
        self.verdict.doubled += [
            f"{what} {key}: {times} times" for key, times in counted.items() if times > 1
        ]
