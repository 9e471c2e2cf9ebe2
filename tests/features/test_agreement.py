"""同意: noted and taken back. Whatever went out under it is found, all of it, and asked back; nothing goes beyond it, or after it."""

import itertools
import random
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest

import bot.usecases.agreements as taking_back
from bot import organisation
from bot.domain.agreement import AgreementEnded, OutsideScope, UntilWhen, Withdrawal
from bot.domain.casework import Contact
from bot.domain.directory import PersonNamed
from bot.domain.handover import NoWay, OnlyCoordinators, State
from bot.domain.refusals import InTheFuture, Missing, NotAllowed
from bot.domain.staff import Actor, Role
from bot.usecases import agreements, callbacks, closing, handover_answers, handovers, intake
from bot.usecases.desk import Desk
from bot.usecases.handover_answers import Said
from bot.usecases.handover_ways import Office
from bot.usecases.handovers import Draft, Wanted
from tests.handovers import FIELDS, MAIBARA, NAGAHAMA, OTSU, agreed, asked, drafted, packages, sent, today


async def takes_back(desk, agreement, by="U_SATO", **part):
    said = Withdrawal(today(desk), "oral", **{name: frozenset(those) for name, those in part.items()})
    back = await agreements.take_back(
        desk.bot.desk, await desk.actor(by), agreement.id, said, once=desk.once()
    )
    await desk.settle()
    return back


async def test_what_somebody_said_is_kept_in_codes_and_never_by_name(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number, how="proxy", relation="guardian")
    [row] = await desk.rows("SELECT * FROM agreements")
    assert (row["who"], row["how"], row["relation"], row["answer"]) == (
        "person",
        "proxy",
        "guardian",
        "given",
    )
    assert (row["explained_by"], row["given_on"]) == ("U_SATO", today(desk).isoformat())
    assert agreement.fields == tuple(each for each in handovers.FIELDS if each in FIELDS)
    assert len(agreement.receivers) == 2
    [office, _] = await desk.rows("SELECT * FROM handover_receivers")
    assert "課" not in str(office)
    assert "agreement.recorded" in await desk.trail(number)
    with pytest.raises(PersonNamed):
        await agreed(desk, number, offices=(Office("juso", NAGAHAMA, "山田花子さん"),))


async def test_what_is_missing_is_asked_for_and_nothing_is_kept(sqlite_desk):
    number = await sqlite_desk.given_heard()
    for changes, refused in (
        ({"fields": ()}, Missing), ({"offices": ()}, Missing), ({"until": None}, Missing), ({"given_on": None}, Missing),
        ({"until": today(sqlite_desk) + timedelta(days=367)}, UntilWhen), ({"how": "proxy"}, Missing),
        ({"offices": (Office("case_review", NAGAHAMA),)}, Missing), ({"offices": (Office("juso", None, "課"),)}, Missing),
    ):  # fmt: skip
        with pytest.raises(refused):
            await agreed(sqlite_desk, number, **changes)
    assert await sqlite_desk.rows("SELECT * FROM agreements UNION ALL SELECT * FROM agreements") == []
    assert await sqlite_desk.how_many("handover_receivers") == 0


async def test_the_same_form_sent_twice_is_one_agreement(desk):
    number = await desk.given_heard()
    sato, c = await desk.actor("U_SATO"), await desk.id_of(number)
    one = await agreements.record(desk.bot.desk, sato, c, asked(desk), once="form")
    assert await agreements.record(desk.bot.desk, sato, c, asked(desk), once="form") == one
    assert await desk.how_many("agreements") == 1


async def test_taken_back_in_part_only_what_it_touches_comes_back(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number)
    [first, second] = await sent(desk, number, agreement)

    back = await takes_back(desk, agreement, receivers=[second.receiver])

    assert [each.id for each in back] == [second.id]
    assert [each.state for each in await packages(desk, number)] == ["sent", "return_asked"]
    with pytest.raises(OutsideScope):
        await drafted(desk, number, agreement, receivers=(second.receiver,))
    await drafted(desk, number, agreement, receivers=(first.receiver,))
    back = await takes_back(desk, agreement, fields=["wish"])
    assert [(each.id, each.state) for each in back] == [
        (first.id, State.RETURN_ASKED),
        (back[1].id, State.DROPPED),
    ]
    assert {each.return_because for each in back} == {"narrowed", None}
    with pytest.raises(OutsideScope):
        await drafted(desk, number, agreement, receivers=(first.receiver,))
    left = {"trouble": "断られる。"}
    assert await sent(desk, number, agreement, receivers=(first.receiver,), texts=left)
    assert len(await desk.rows("SELECT * FROM agreement_withdrawals")) == 2


async def test_a_letter_for_each_receiver_comes_to_whoever_sent_it_and_says_nothing_of_the_case(sqlite_desk):
    number = await sqlite_desk.given_heard()
    agreement = await agreed(sqlite_desk, number)
    await sent(sqlite_desk, number, agreement)
    await takes_back(sqlite_desk, agreement, by="U_YAMAMOTO")
    for person in (sqlite_desk.sato, sqlite_desk.yamamoto):
        assert (await person.reads()).count("返却をお願いする手紙です") == 2
    assert f"{number}-1-return.pdf" in sqlite_desk.told()
    assert "玄関" not in sqlite_desk.told()


async def test_from_a_closed_consultation_what_is_out_there_can_still_be_asked_back(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number)
    await sent(desk, number, agreement)
    ending = closing.Closing(("advice_closed",), "advice_closed", "resolved", "またどうぞ。")
    await closing.close(desk.bot.desk, await desk.actor("U_SATO"), await desk.id_of(number), ending)
    assert len(await takes_back(desk, agreement)) == 2


async def test_when_its_last_day_is_behind_nothing_new_goes_and_somebody_is_asked_what_now(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number, until=today(desk) + timedelta(days=7))
    await sent(desk, number, agreement)
    await desk.passes(days=7)
    assert "期間が" not in await desk.sato.reads()
    await desk.passes(days=1)
    await desk.passes(hours=1)
    assert (await desk.sato.reads()).count("の同意の期間が") == 1
    with pytest.raises(AgreementEnded):
        await drafted(desk, number, agreement)
    await desk.sato.presses("agreement.withdraw", agreement.id, where="bot")
    await desk.sato.fills_and_sends(how="oral")
    assert [each.state for each in await packages(desk, number)] == ["return_asked", "return_asked"]


async def test_a_day_to_come_and_a_stranger_take_nothing_back(sqlite_desk):
    number = await sqlite_desk.given_heard()
    agreement = await agreed(sqlite_desk, number)
    tomorrow = Withdrawal(today(sqlite_desk) + timedelta(days=1), "oral")
    with pytest.raises(InTheFuture):
        await agreements.take_back(
            sqlite_desk.bot.desk, await sqlite_desk.actor("U_SATO"), agreement.id, tomorrow, once="x"
        )
    for stranger in ("U_MORI", "U_TAKAGI", "U_TANAKA", "U_ADMIN"):
        with pytest.raises(NotAllowed):
            await takes_back(sqlite_desk, agreement, by=stranger)
    assert await takes_back(sqlite_desk, agreement) == []  # nothing had gone out
    assert await takes_back(sqlite_desk, agreement) == []  # and it was taken back already


# Random lives

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


async def test_in_random_lives_every_package_is_found_and_nothing_goes_beyond_or_after(sqlite_db, clock):
    seen = await lived(sqlite_db, clock, 60, 22, 2026)

    of_all = (
        "sent",
        "refused",
        "accepted",
        "rejected",
        "asked back",
        "by law",
        "refused by law",
        "wanted back",
    )
    assert min(seen[each] for each in of_all) > 10
    assert seen[MOST] > 2  # receivers under one agreement that was taken back


async def test_of_forty_receivers_each_is_asked_whatever_it_had_said(sqlite_db, clock):
    bare = Bare(sqlite_db, clock)
    number, sato = await bare.given(), await bare.actor("U_SATO")
    offices = tuple(Office("tantosha", NAGAHAMA, f"事業所{n}", n=n) for n in range(40))
    agreement = await agreed(bare, number, offices=offices)
    for n in range(0, 40, 3):
        looked = await drafted(bare, number, agreement, receivers=agreement.receivers[n : n + 3])
        await handovers.send(bare.bot.desk, sato, looked.sheets[0][0].batch, looked.digest)
    for n, each in enumerate(await packages(bare, number)):
        if n % 4:
            said = Said("accepted") if n % 4 > 1 else Said("rejected", "full")
            await handover_answers.answer(bare.bot.desk, sato, each.id, said)
        if n % 4 == 3:
            await handover_answers.finish(bare.bot.desk, sato, each.id)
    everything = {each.id: each.state for each in await packages(bare, number)}
    assert len(everything) == 40 and len(set(everything.values())) == 4

    back = await agreements.take_back(
        bare.bot.desk, sato, agreement.id, Withdrawal(today(bare), "oral"), once="x"
    )

    assert {each.id: each.before for each in back} == everything
    letters = await sqlite_rows(bare, "SELECT facts FROM outbox WHERE template = 'package_letter'")
    assert len(letters) == 40


async def sqlite_rows(bare, sql):
    async with bare.db.reading() as ask:
        return await ask.connection.rows(sql, {})


async def test_a_withdrawal_that_forgets_those_that_were_answered_would_be_seen(
    sqlite_db, clock, monkeypatch
):
    """The control."""
    monkeypatch.setattr(taking_back, "OUT", frozenset({State.SENT}))
    with pytest.raises(AssertionError):
        await lived(sqlite_db, clock, 600, 22, 2026)


async def test_the_same_on_either_database(db, clock):
    assert (await lived(db, clock, 6, 20, 7))["sent"]
