"""Random lives of a consultation with 同意 and つなぎシート, each with a book of its own that says what must come back."""

import itertools
import random
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

from bot import organisation
from bot.domain.agreement import AgreementEnded, OutsideScope, Withdrawal
from bot.domain.casework import Contact
from bot.domain.handover import NoWay, OnlyCoordinators, State
from bot.domain.staff import Actor, Role
from bot.usecases import agreements, callbacks, handover_answers, handovers, intake
from bot.usecases.desk import Desk
from bot.usecases.handover_answers import Said
from bot.usecases.handover_ways import Office
from bot.usecases.handovers import Draft, Wanted
from tests.handovers import FIELDS, MAIBARA, NAGAHAMA, OTSU, agreed, packages, today

TOWNS = (NAGAHAMA, MAIBARA, "252077")
EVERYWHERE = (
    *((each, "juso") for each in TOWNS),
    *((each, meeting) for each in (*TOWNS, OTSU) for meeting in ("tantosha", "chiiki_care", "shien_konkyu")),
)
MOST = "most at once"
ACTS = (
    "agree", *["send"] * 6, "answer", "take_back", "refuse", "draft", "wait", "finish", "by_law", "want_back",
)  # fmt: skip


class Life:
    """One consultation, with a book of its own: what went where, with which fields, and what was taken back since."""

    def __init__(self, desk, number: str, dice: random.Random) -> None:
        self.desk, self.number, self.dice = desk, number, dice
        self.yes: dict[str, dict] = {}  # agreement → fields, receivers, until, dead
        self.out: dict[str, tuple[str, str, frozenset]] = {}  # package → agreement, receiver, fields
        self.must_be_back: set[str] = set()
        self.seen: Counter[str] = Counter()

    async def lives(self, steps: int) -> None:
        for _ in range(steps):
            await getattr(self, self.dice.choice(ACTS))()
            await self.holds()

    async def agree(self) -> None:
        dice = self.dice
        fields = tuple(dice.sample(FIELDS[:4], dice.randint(1, 4)))
        many = dice.sample(EVERYWHERE, dice.randint(1, 9))
        offices = tuple(Office(meeting, town, n=n) for n, (town, meeting) in enumerate(many, 1))
        until = today(self.desk) + timedelta(days=dice.randint(0, 20))
        made = await agreed(self.desk, self.number, fields=fields, offices=offices, until=until)
        self.yes[made.id] = {
            "fields": {*fields},
            "receivers": {*made.receivers},
            "until": until,
            "dead": False,
        }

    async def refuse(self) -> None:
        if self.dice.random() < 0.3:
            await agreed(self.desk, self.number, answer="refused", offices=())
            for each in self.yes.values():
                each["dead"] = True

    async def draft(self) -> None:
        await self.send(only_draft=True)

    async def by_law(self) -> None:
        """To a 支援会議, without asking: no withdrawal reaches it, for it rests on no agreement."""
        sato, c = await self.desk.actor("U_SATO"), await self.desk.id_of(self.number)
        office = Office("shien_konkyu", self.dice.choice(TOWNS))
        way = await handovers.begin(self.desk.bot.desk, sato, c, Wanted("plan", office=office))
        receivers = tuple(each.id for each in way.receivers)
        draft = Draft(str(way.route.way), "plan", receivers, None, {"trouble": "断られる。"}, secrecy=True)
        try:
            looked = await handovers.draft(self.desk.bot.desk, sato, c, draft, once=self.desk.once())
        except OnlyCoordinators:
            self.seen["refused by law"] += 1
            return
        await handovers.send(self.desk.bot.desk, sato, looked.sheets[0][0].batch, looked.digest)
        self.seen["by law"] += 1
        self.out[looked.sheets[0][0].id] = ("", receivers[0], frozenset({"trouble"}))

    async def want_back(self) -> None:
        """The desk itself wants one back."""
        if self.out and self.dice.random() < 0.5:
            package = self.dice.choice(sorted(self.out))
            await agreements.ask_back(self.desk.bot.desk, await self.desk.actor("U_SATO"), package)
            self.must_be_back.add(package)
            self.seen["wanted back"] += 1

    async def send(self, *, only_draft: bool = False) -> None:
        """Within the scope or beyond it, in time or too late: the book says what must come of it."""
        if not self.yes:
            return
        dice = self.dice
        agreement = dice.choice(sorted(self.yes))
        every = sorted({each for yes in self.yes.values() for each in yes["receivers"]})
        if not every:
            return
        told = self.yes[agreement]
        receiver = dice.choice(
            sorted(told["receivers"]) if told["receivers"] and dice.random() < 0.7 else every
        )
        pool = sorted(told["fields"]) if told["fields"] and dice.random() < 0.7 else list(FIELDS[:4])
        fields = frozenset(dice.sample(pool, dice.randint(1, len(pool))))
        lawful = (
            not told["dead"] and today(self.desk) <= told["until"]
            and fields <= told["fields"] and receiver in told["receivers"]
        )  # fmt: skip
        words = dict.fromkeys(fields, "断られる。")
        draft = Draft("consent", "plan", (receiver,), agreement, words, secrecy=True)
        sato = await self.desk.actor("U_SATO")
        c = await self.desk.id_of(self.number)
        try:
            looked = await handovers.draft(self.desk.bot.desk, sato, c, draft, once=self.desk.once())
            if not only_draft:
                await handovers.send(self.desk.bot.desk, sato, looked.sheets[0][0].batch, looked.digest)
        except (OutsideScope, AgreementEnded, NoWay):
            assert not lawful, (fields, told)
            self.seen["refused"] += 1
            return
        assert lawful, (fields, receiver, told)
        if not only_draft:
            self.seen["sent"] += 1
            self.out[looked.sheets[0][0].id] = (agreement, receiver, fields)

    async def answer(self) -> None:
        sato = await self.desk.actor("U_SATO")
        for each in await packages(self.desk, self.number):
            if each.state is State.SENT and self.dice.random() < 0.6:
                word = self.dice.choice(("accepted", "rejected"))
                await handover_answers.answer(self.desk.bot.desk, sato, each.id, Said(word, "full"))
                self.seen[word] += 1

    async def finish(self) -> None:
        sato = await self.desk.actor("U_SATO")
        for each in await packages(self.desk, self.number):
            if each.state is State.ACCEPTED and self.dice.random() < 0.5:
                await handover_answers.finish(self.desk.bot.desk, sato, each.id)
            if each.state is State.RETURN_ASKED and self.dice.random() < 0.3:
                await handover_answers.confirm_return(self.desk.bot.desk, sato, each.id)

    async def wait(self) -> None:
        self.desk.clock.advance(days=self.dice.randint(1, 9))

    async def take_back(self) -> None:
        if not self.yes:
            return
        agreement = self.dice.choice(sorted(self.yes))
        told = self.yes[agreement]
        receivers, fields = set(), set()
        if self.dice.random() < 0.5:
            receivers = {each for each in sorted(told["receivers"]) if self.dice.random() < 0.5}
            fields = {each for each in sorted(told["fields"]) if self.dice.random() < 0.3}
        said = Withdrawal(today(self.desk), "oral", frozenset(receivers), frozenset(fields))
        await agreements.take_back(
            self.desk.bot.desk, await self.desk.actor("U_SATO"), agreement, said, once=self.desk.once()
        )
        told["receivers"] -= receivers
        told["fields"] -= fields
        whole = not (receivers or fields) or not told["receivers"] or not told["fields"]
        if whole:
            told |= {"dead": True, "receivers": set(), "fields": set()}
        for package, (under, receiver, held) in self.out.items():
            if under == agreement and (whole or receiver in receivers or held & fields):
                self.must_be_back.add(package)
                self.seen["asked back"] += 1
                self.seen[MOST] = max(
                    self.seen[MOST], len({out[1] for out in self.out.values() if out[0] == agreement})
                )

    async def holds(self) -> None:
        """Exactly what must come back is asked back, whatever was answered; no draft outlives what it rests on."""
        now = {each.id: each for each in await packages(self.desk, self.number)}
        asked_back = {each.id for each in now.values() if each.state in {State.RETURN_ASKED, State.RETURNED}}
        assert asked_back == self.must_be_back
        gone_out = {each.id for each in now.values() if each.sent_at}
        assert gone_out == set(self.out)
        for each in now.values():
            if each.state is State.DRAFT:
                told = self.yes[each.agreement]
                assert each.receiver in told["receivers"] and set(each.fields) <= told["fields"]
                assert not told["dead"]


class Bare:
    """The desk without Slack: its database, its rules, its clock, and 佐藤 who holds every case."""

    def __init__(self, db, clock) -> None:
        self.db, self.clock, self.bot = db, clock, SimpleNamespace(desk=Desk(db, organisation.load()))
        self._numbers = itertools.count()

    def once(self) -> str:
        return f"life:{next(self._numbers)}"

    async def actor(self, user: str) -> Actor:
        return Actor(user, frozenset({Role.COUNSELOR}))

    async def id_of(self, number: str) -> str:
        async with self.db.reading() as ask:
            return (await ask.consultations.numbered(number)).id

    async def given(self) -> str:
        request = intake.Request(("approach",), "u3", Contact(phone="090-1234-5678"), ("any",))
        received = await intake.receive(self.bot.desk, Actor("U_TAKAGI"), request, once=self.once())
        await callbacks.claim(self.bot.desk, await self.actor("U_SATO"), received.id)
        return received.number


async def lived(db, clock, lives: int, steps: int, seed: int) -> Counter[str]:
    seen: Counter[str] = Counter()
    bare = Bare(db, clock)
    for n in range(lives):
        life = Life(bare, await bare.given(), random.Random(seed + n))
        await life.lives(steps)
        most = max(seen[MOST], life.seen[MOST])
        seen += life.seen
        seen[MOST] = most
    return seen
