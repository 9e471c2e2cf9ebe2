"""A training's whole life over real Bolt, from its first draft to its figures, with somebody named in every free text."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.domain.training import Stage, Training
from bot.store.feedback import Said
from bot.usecases import feedback, seats
from tests.canary_life import Life, given, told
from tests.canary_words import GIVEN, typed
from tests.desk import TRAINING
from tests.trainings import given_announced, joined, now, part_of

OTHERS = ("U_KITAMURA", "U_SATO", "U_SUZUKI", "U_MORI", "U_TANAKA")
DOORS = (
    "roster.open", "roster.sheet", "roster.paper", "walk_in.open", "seat.people", "meeting.questions", "meeting.minutes",
    "training.edit", "feedback.results", "check_in.screen",
)  # fmt: skip
OWN_DOORS = ("seat.own", "certificate.get", "seat.calendar", "check_in.open")
PLAN = {
    "kind": "workshop", "types": ["lecture"], "concerns": ["multi_pro"], "from1": "13:00", "to1": "16:00", "onsite": "30",
    "asks": ["name", "agency", "needs", "question"],
}  # fmt: skip


@dataclass
class Course:
    """Somebody plans a training, others come to it."""

    life: Life
    training: Training | None = None

    async def whole(self) -> None:
        """From the first draft to the figures."""
        for step in (
            self._planned, self._entered, self._changed, self._joined, self._asked, self.life.homes, self._came,
            self._looked_back, self._proved, self._ended, self._met, self._called_off, self._counted,
        ):  # fmt: skip
            await step()
            self.life.hear()

    @property
    def desk(self) -> Any:
        """Where it takes place."""
        return self.life.desk

    @property
    def id(self) -> str:
        """Which training it is."""
        assert self.training
        return self.training.id

    async def _planned(self) -> None:
        kondo, day = self.desk.kondo, (self.desk.clock.now + timedelta(days=14)).date().isoformat()
        self.life.by["a training's command"] = {kondo.id}
        await kondo.command("/研修", GIVEN["a training's command"])
        await kondo.close(clear=True)  # a draft is kept
        await self.desk.settle()
        await kondo.command("/研修")
        await kondo.presses("training.new", where="view")
        plan = {name: text for name, text in given("training").items() if name != "reason"}
        await self.life.types(kondo, **PLAN, **plan, on1=day)
        await kondo.presses("training.draft", where="view")
        await self.life.sends(kondo)
        await kondo.fills_and_sends()  # what was previewed is announced
        await kondo.close(clear=True)
        [row] = await self.desk.rows("SELECT id FROM trainings WHERE stage = 'announced'")
        async with self.desk.db.reading() as ask:
            self.training = await ask.trainings.get(row["id"])

    async def _joined(self) -> None:
        takagi = self.desk.takagi
        await takagi.presses("seat.join", self.id, where=TRAINING)
        await self.life.sends(takagi, **given("join"), **told("join"))
        await takagi.close(clear=True)
        part = await part_of(self.desk, self.training, "U_TAKAGI")
        await takagi.presses_anyway("seat.calendar", part.id)
        for person in OTHERS:
            joining = seats.Joining(name="同席の人", agency="事業所")
            await seats.join(self.desk.bot.desk, await self.desk.actor(person), self.id, joining)
        await self.desk.settle()

    async def _changed(self) -> None:
        kondo = self.desk.kondo
        await self.desk.takagi.presses("seat.join", self.id, where=TRAINING)
        await self.life.sends(self.desk.takagi, name="高木", agency="事業所")  # somebody hears of a change
        await self.desk.takagi.close(clear=True)
        await kondo.presses_anyway("training.edit", self.id)
        await self.life.sends(
            kondo, onsite="31", place=f"{GIVEN['training.place']} 2階", **given("training", "reason")
        )
        await kondo.close(clear=True)
        part = await part_of(self.desk, self.training, "U_TAKAGI")
        await self.desk.takagi.presses_anyway("seat.leave", part.id)

    async def _entered(self) -> None:
        tanaka = self.desk.tanaka
        await tanaka.presses_anyway("seat.enter", self.id)
        await self.life.sends(tanaka, **given("enter_seat"), **told("enter_seat"))
        await tanaka.close(clear=True)
        await tanaka.presses_anyway("seat.people", self.id)
        await tanaka.close(clear=True)

    async def _asked(self) -> None:
        takagi, kondo = self.desk.takagi, self.desk.kondo
        await takagi.presses_anyway("meeting.ask", self.id)
        await self.life.sends(takagi, **told("ask_question"))
        await takagi.close(clear=True)
        await kondo.presses_anyway("meeting.questions", self.id)
        await kondo.presses("meeting.answer", where="view")
        await self.life.sends(kondo, **told("answer_question"), **given("answer_question"))
        await kondo.close(clear=True)
        await takagi.presses_anyway("meeting.answers", self.id)
        await takagi.close(clear=True)

    async def _came(self) -> None:
        takagi, kondo = self.desk.takagi, self.desk.kondo
        assert self.training
        self.desk.clock.now = self.training.plan.starts_at - timedelta(minutes=30)
        await self.desk.ask_the_clock()
        part = await part_of(self.desk, self.training, "U_TAKAGI")
        await takagi.presses_anyway("check_in.open", part.id)
        await self.life.sends(takagi, **given("check_in"))
        await takagi.close(clear=True)
        for button in ("check_in.screen", "check_in.paper"):
            await kondo.presses_anyway(button, self.id)
            await kondo.close(clear=True)
        await kondo.presses_anyway("roster.open", self.id)
        await kondo.presses("walk_in.open", where="view")
        await self.life.sends(kondo, **given("walk_in"))
        await kondo.presses("roster.rest", where="view")
        await kondo.close(clear=True)
        for button in ("roster.sheet", "roster.paper"):
            await kondo.presses_anyway(button, self.id)
            if await kondo.top_view():
                await kondo.close(clear=True)

    async def _looked_back(self) -> None:
        desk, takagi, kondo = self.desk, self.desk.takagi, self.desk.kondo
        desk.clock.now = (await now(desk, self.training)).plan.ends_at + timedelta(minutes=1)
        await desk.ask_the_clock()
        await takagi.presses("feedback.open", self.id, where="bot")
        await self.life.types(takagi, words=typed("a closed feedback"))
        await takagi.close(clear=True)
        await desk.settle()
        await self.life.watch(self.life)
        await takagi.presses("feedback.open", self.id, where="bot")
        await self.life.sends(takagi, satisfaction="5", **told("feedback"))
        await takagi.close(clear=True)
        for person in OTHERS:
            said = Said(satisfaction="4", words="よくわかりました。")
            await feedback.give(desk.bot.desk, await desk.actor(person), self.id, said)
        await desk.passes(days=30)
        part = await part_of(desk, self.training, "U_TAKAGI")
        await self.life.is_curious(self.id, DOORS, "kitamura", "mori", "admin")
        await self.life.is_curious(part.id, OWN_DOORS, "kitamura", "mori", "admin")
        await kondo.presses_anyway("feedback.results", self.id)
        await kondo.close(clear=True)

    async def _proved(self) -> None:
        takagi, mori = self.desk.takagi, self.desk.mori
        part = await part_of(self.desk, self.training, "U_TAKAGI")
        await takagi.presses_anyway("certificate.get", part.id)
        await self.life.sends(takagi, **given("certificate"))
        await takagi.close(clear=True)
        await mori.presses_anyway("certificate.verify")
        await self.life.sends(mori, **given("verify"))
        await mori.close(clear=True)

    async def _ended(self) -> None:
        kondo = self.desk.kondo
        await kondo.presses_anyway("meeting.minutes", self.id)
        await self.life.sends(kondo, **given("minutes"))
        await kondo.close(clear=True)
        await self.desk.takagi.presses_anyway("meeting.answers", self.id)
        await self.desk.takagi.close(clear=True)
        await kondo.presses_anyway("training.edit", self.id)
        await self.life.sends(kondo, **given("training_after", "materials", "minutes", "contact"))
        await kondo.close(clear=True)
        await kondo.presses_anyway("figures.open")
        await kondo.presses("figures.sheet", where="view")
        await kondo.close(clear=True)

    async def _counted(self) -> None:
        yamamoto = self.desk.yamamoto
        await self.desk.passes(days=31)  # the month is over
        for file in ("study_sheet", "study_list"):
            await yamamoto.open_home()
            await yamamoto.presses("study.open", where="home")
            await yamamoto.fills_and_sends(file=file)
            if file == "study_sheet":  # asked once more: nobody had these months counted before
                await yamamoto.fills_and_sends()
            await yamamoto.close(clear=True)

    async def _met(self) -> None:
        """A meeting is over, and what it was about is put right."""
        kondo = self.desk.kondo
        meeting = await given_announced(self.desk, kind="exchange")
        self.desk.clock.now = meeting.plan.ends_at + timedelta(minutes=1)
        await self.desk.ask_the_clock()
        await kondo.presses_anyway("training.edit", meeting.id)
        await self.life.sends(kondo, **given("training_after"))
        await kondo.close(clear=True)

    async def _called_off(self) -> None:
        """One with a single seat: it is passed on, kept for a guest, and then it does not take place."""
        desk, kondo = self.desk, self.desk.kondo
        last = await given_announced(desk, seats={"onsite": 1})
        [first, *_] = await joined(desk, last, "U_TAKAGI", "U_SATO", "U_MORI")
        await desk.tanaka.presses_anyway("seat.enter", last.id)
        await self.life.sends(desk.tanaka, **given("enter_seat"), **told("enter_seat"))
        await desk.tanaka.close(clear=True)
        await desk.takagi.presses_anyway("seat.leave", first.id)
        await desk.passes(days=4)
        await kondo.presses_anyway("training.cancel", last.id)
        await kondo.fills_and_sends(because="weather")
        await kondo.close(clear=True)
        assert (await now(desk, last)).stage is Stage.CANCELLED
        await desk.passes(hours=1)
