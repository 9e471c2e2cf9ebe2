"""The lives of made-up consultations: who does what when, act by act, each through the use case a person would press.

A life is a generator of acts. Acts that lie in the future are not played: so what is open is open for a reason.
"""

from collections.abc import Generator
from datetime import datetime, timedelta

from bot.domain.business_time import TOKYO
from bot.domain.events import Event
from bot.domain.staff import Actor
from bot.seed_deeds import Act, Acts, Deeds
from bot.usecases import callbacks, closing, hearing, intake, record_reviews, records, sweeps
from bot.usecases.closing import Closing
from bot.usecases.desk import ASKED_AT, ASKED_BACK, Desk

Part = Generator[Act, None, datetime]  # gives when its last act was
NOT_REACHED = {"no_answer": 6, "away": 4, "busy": 2, "left_message": 2}
FATES = {"usual": 80, "withdrawn": 5, "unreachable": 4, "suspended": 4, "again": 5, "twice": 2}


class Life(Deeds):
    """One consultation from the first word on."""

    def acts(self) -> Acts:
        """Every act of this life, in order."""
        yield Act(self.received, self._ask, intake=True)
        at = self.received
        if self.fate == "waits":
            return
        if self.fate == "begun":
            yield from self._begun(at)
            return
        if self.fate == "twice":
            at = yield from self._merged(at)
        if self.fate == "withdrawn" and self.dice.happens(0.5):
            yield self._withdrawn(self._later(at, 5, 200))
            return
        at = yield from self._claimed(at)
        at, reached = yield from self._called(at)
        if not reached:
            yield from self._closed(self._later(at, 30, 600), "no_contact", "no_contact")
            return
        if self.fate == "withdrawn":
            yield self._withdrawn(self._later(at, 30, 900))
            return
        at = yield from self._heard(at)
        at = yield from self._rounds(at)
        if self.fate == "suspended":
            at = yield from self._suspended(at)
        at = yield from self._ended(at)
        if self.fate == "again":
            at = yield from self._again(at)
            yield from self._ended(at)

    def _begun(self, at: datetime) -> Acts:
        """Claimed and called just now; the hearing is a draft."""
        self.holder = self.cast.counselor(self.dice, at)
        heard = self._hearing(at, 20)
        yield Act(at + timedelta(minutes=1), self._claim(self.holder))
        yield self._call(at + timedelta(minutes=2), "reached")
        yield Act(at + timedelta(minutes=8), self._draft(heard, self.holder))

    def _merged(self, at: datetime) -> Part:
        """The same request comes in by a second door; a coordinator puts the two together."""
        first, coordinator = self, self.cast.coordinators[0]

        async def ask_twice(desk: Desk) -> None:
            operator = first.dice.one(first.cast.operators)
            c = await intake.enter(desk, operator, first.request, once=first._once("twin"))
            first.other = c.id

        async def merge(desk: Desk) -> None:
            await closing.merge(desk, coordinator, first.other, first.number)

        async def unmerge(desk: Desk) -> None:
            await closing.unmerge(desk, coordinator, first.other)

        twin, merged = at + timedelta(minutes=4), self._later(at + timedelta(minutes=5), 5, 40)
        yield Act(twin, ask_twice, intake=True)
        yield Act(merged, merge)
        if self.dice.happens(0.2):
            yield Act(merged + timedelta(minutes=1), unmerge)
            yield Act(merged + timedelta(minutes=3), merge)
        return merged + timedelta(minutes=4)

    def _claimed(self, at: datetime, *, forgets: bool = True) -> Part:
        urgent = self.request.urgency in {"u1", "u2"} or self.request.story in self.words["dangers"]
        when = at + timedelta(minutes=self.dice.randint(2, 8)) if urgent else self._later(at, 4, 150)
        self.holder = self.cast.counselor(self.dice, when)
        if self.dice.happens(0.12):
            yield Act(when, self._assign(self.holder))
        else:
            yield Act(when, self._claim(self.holder))
        if not forgets or urgent:
            return when
        if self.dice.happens(0.03):  # nobody calls, and it goes back to the queue
            late = self.there.claim_expires(self.request.urgency, when) + timedelta(minutes=1)
            yield Act(late, sweeps.claims)
            return (yield from self._claimed(late, forgets=False))
        if self.dice.happens(0.03):
            back = self._later(when, 2, 30)
            yield Act(back, self._release(self.holder))
            return (yield from self._claimed(back, forgets=False))
        return when

    def _called(self, at: datetime) -> Generator[Act, None, tuple[datetime, bool]]:
        """Call until somebody answers. After three failures on different tries a coordinator decides."""
        dice, at = self.dice, at + timedelta(minutes=self.dice.randint(2, 14))
        misses = 3 if self.fate == "unreachable" else dice.choices((0, 1, 2, 3), (70, 18, 8, 4))[0]
        outcomes = {
            code: weight
            for code, weight in NOT_REACHED.items()
            if code != "left_message" or "no_message" not in self.request.privacy
        }
        for n in range(misses):
            again = self._later(at, 90, 420)
            yield self._call(at, dice.weighed(outcomes), again)
            at = again
            if n == 2:
                decided = at + timedelta(minutes=3)
                yield Act(decided, self._keep_trying)
                at = decided + timedelta(minutes=5)
        if self.fate == "unreachable":
            yield self._call(at, "no_answer")
            return at, False
        if dice.happens(0.08):
            again = self._later(at, 60, 300)
            yield self._call(at, "rescheduled", again)
            at = again
        yield self._call(at, "reached")
        return at, True

    def _heard(self, at: datetime) -> Part:
        minutes, who = self.dice.randint(15, 70), self.holder
        at += timedelta(minutes=minutes)
        heard = self._hearing(at, minutes)

        async def hear(desk: Desk) -> None:
            c = await hearing.hear(desk, who, self.id, heard, once=self._once("hearing"))
            self.region = c.region

        if self.dice.happens(0.1):
            yield Act(at - timedelta(minutes=minutes // 2), self._draft(heard, who))
        yield Act(at, hear)
        return at

    def _rounds(self, at: datetime) -> Part:
        """Interviews, visits and other work, each near the day that was agreed."""
        for n in range(self.dice.choices(range(6), (16, 32, 24, 14, 9, 5))[0]):
            then = max(self._planned(), self._later(at, 30, 60))
            yield from self._asked_back(at, then)
            if self.dice.happens(0.05):
                then = yield from self._handed_over(then)
            self.next_on = self._next_on(then)
            yield Act(then, self._act(self._work(then, n), self.holder))
            at = then
        return at

    def _handed_over(self, at: datetime) -> Part:
        """Ask a colleague to take over; most say yes and call at once."""
        giver, taker = self.holder, self.cast.counselor(self.dice, at, but=self.holder)
        note, yes = self.dice.one(self.words["handovers"]), self.dice.happens(0.85)

        async def offer(desk: Desk) -> None:
            await callbacks.offer(desk, giver, self.id, taker.id, note)

        async def answer(desk: Desk) -> None:
            await (callbacks.accept if yes else callbacks.decline)(desk, taker, self.id)

        yield Act(at, offer)
        at += timedelta(minutes=self.dice.randint(5, 25))
        yield Act(at, answer)
        if yes:
            self.holder = taker
            at += timedelta(minutes=self.dice.randint(3, 12))
            yield self._call(at, "reached")
        return at + timedelta(minutes=10)

    def _asked_back(self, at: datetime, then: datetime) -> Generator[Act, None, None]:
        """Two weeks after the last advice a supporter with Slack is asked; most answer in a tap or two."""
        day = (at + ASKED_BACK["follow_up"]).astimezone(TOKYO).date()
        asked = datetime.combine(day, ASKED_AT, TOKYO)
        if self.supporter is None or asked >= then - timedelta(hours=2):
            return
        yield Act(asked, sweeps.timers)
        if self.dice.happens(0.7):
            answer = self.dice.weighed({"helped": 45, "hard": 25, "not_yet": 25, "again": 5})
            heaviness = self.dice.weighed({"lighter": 5, "same": 4, "heavier": 1})
            yield Act(asked + timedelta(minutes=self.dice.randint(2, 90)), self._answer(answer, heaviness))

    def _suspended(self, at: datetime) -> Part:
        who, pause = self.holder, self._later(at, 30, 300)

        async def suspend(desk: Desk) -> None:
            await closing.suspend(desk, who, self.id)

        yield Act(pause, suspend)
        return (yield from self._again(pause))

    def _again(self, at: datetime) -> Part:
        """It is opened again after some weeks, and waits in the queue like a new one."""
        back = self._on((at + timedelta(days=self.dice.randint(12, 80))).astimezone(TOKYO).date())
        who = Actor(self.supporter) if self.supporter else self.cast.coordinators[0]

        async def reopen(desk: Desk) -> None:
            await closing.reopen(desk, who, self.id)

        yield Act(back, reopen)
        claimed = yield from self._claimed(back, forgets=False)
        called = claimed + timedelta(minutes=self.dice.randint(3, 14))
        yield self._call(called, "reached")
        return (yield from self._heard(called))

    def _ended(self, at: datetime) -> Part:
        """What was agreed is done, and it comes to its end."""
        then = max(self._planned(), self._later(at, 30, 60))
        yield from self._asked_back(at, then)
        primary = self.dice.weighed(
            {"advice_closed": 50, "listening": 10, "to_other": 10, "info": 6, "to_multi_agency": 4}
        )
        if self.case.kind in {"training", "burnout"}:
            primary = {"training": "training", "burnout": "listening"}[self.case.kind]
        if self.case.kind == "rights" and self.dice.happens(0.4):
            primary = "to_rights"
        reasons = {
            "resolved": 40,
            "advice_done": 38,
            "no_need": 6,
            "subject_moved": 4,
            "transferred_job": 3,
            "declined": 2,
        }
        reason = "handed_over" if primary.startswith("to_") else self.dice.weighed(reasons)
        return (yield from self._closed(then, primary, reason))

    def _closed(self, at: datetime, primary: str, reason: str) -> Part:
        who, dice, words = self.holder, self.dice, self.words
        told = dice.one(words["closings"]) if primary != "no_contact" and dice.happens(0.7) else ""
        ending = Closing(tuple(dict.fromkeys(self.used)), primary, reason, told)
        texts, said = self._record(), self._said()

        async def close(desk: Desk) -> None:
            await closing.close(desk, who, self.id, ending)

        async def confirm(desk: Desk) -> None:
            async with desk.db.transaction(who) as tx:  # the record is read before it is confirmed
                await tx.audit.record(Event.WORDS_READ, self.id, why="record")
            self.record = (await records.confirm(desk, who, self.id, texts, said)).id

        yield Act(at, close)
        if dice.happens(0.97):
            at = at + timedelta(minutes=dice.randint(2, 9)) if dice.happens(0.8) else self._later(at, 60, 900)
            yield Act(at, confirm)
            if said.offered:
                yield from self._reviewed(at)
        return at

    def _reviewed(self, at: datetime) -> Acts:
        """Some days later a colleague reads what was offered; most may be learnt from."""
        at = self._on((at + timedelta(days=self.dice.randint(1, 9))).astimezone(TOKYO).date())
        reader = self.cast.counselor(self.dice, at, but=self.holder)
        word = record_reviews.RELEASED if self.dice.happens(0.9) else record_reviews.WITHHELD

        async def review(desk: Desk) -> None:
            await record_reviews.decide(desk, reader, self.record, word)

        if reader != self.holder:
            yield Act(at, review)
