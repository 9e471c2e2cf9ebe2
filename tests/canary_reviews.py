"""A case review's whole life over real Bolt, from whom it could go to, to what was learnt from the advice, with somebody named
in every free text: the directory, the experts' hours, the poll, the page, the record, the sheets, the reading afterwards.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.domain.staff import THE_CLOCK, Role
from bot.store.handovers import Handovers
from bot.usecases import people
from bot.usecases.package_content import spoken
from bot.usecases.review_polls import named
from tests.canary_life import Life, given, told
from tests.canary_words import GIVEN, typed
from tests.desk import CARDS, COORDINATORS, FOUR

SAID = {"source": "phone", "confirm_on": "2027-11-24"}
NAGAHAMA, MAIBARA = "252034", "252140"
FIELDS = ("theme", "reason", "household", "age_sex", "course", "trouble", "wish", "agencies", "strengths", "risks", "contact_how",
          "supporter_contact")  # fmt: skip
# Doors to it for whoever has nothing to do with it, by what they are about.
REVIEW_DOORS = (
    "review.open", "review.people", "review.edit", "review.answer", "brief.open", "brief.write", "brief.print", "sitting.open",
    "notes.open", "notes.dissent", "notes.advise", "advice.print",
)  # fmt: skip
CASE_DOORS = ("linkage.open", "linkage.start", "agreement.open", "details.open")
PACKAGE_DOORS = ("package.open", "package.answer", "package.print", "package.returned")


@dataclass
class Table:
    """Somebody's case is thought about together, and handed on."""

    life: Life
    id: str = ""  # the review
    it: str = ""  # its consultation
    number: str = ""

    async def whole(self) -> None:
        """From the directory to what was learnt."""
        await people.grant(self.desk.bot.desk, THE_CLOCK, "U_NISHI", Role.SUPERVISOR)
        for step in (
            self._listed, self._stated, self._heard, self._convened, self._answered, self._written, self.life.homes,
            self._sat, self._settled, self._advised, self._agreed, self._sent, self._sent_by_law, self._replied, self._taken_back,
            self.life.homes, self._left_alone, self._ended, self._read_together,
        ):  # fmt: skip
            await step()
            self.life.hear()

    @property
    def desk(self) -> Any:
        """Where it takes place."""
        return self.life.desk

    def _here(self, somebody: Any, *places: str) -> None:
        for place in places:
            self.life.by.setdefault(place, set()).add(somebody.id)

    # Where it could go, and who could come

    async def _listed(self) -> None:
        yamamoto, mori = self.desk.yamamoto, self.desk.mori
        agency = {"name": "みずうみ", "kind": "npo", "municipality": NAGAHAMA, **SAID}
        await self._entered("directory.add", NAGAHAMA, "agency", "note", "a person at an agency", **agency)
        await self._entered(
            "directory.edit", f"town:{NAGAHAMA}", "town", "section", "a person at a counter", **SAID
        )
        await self._entered(
            "directory.meetings", NAGAHAMA, "local_name", "name", "a person for a meeting", meeting="juso"
        )
        self._here(mori, "a directory's command")
        await mori.command("/つなぎ先", GIVEN["a directory's command"])
        await self.life.sends(mori, **given("directory"))
        await mori.fills_and_sends(words="朽木")
        for reader in (mori, yamamoto):
            await self.life.leaves(reader)
            await reader.command("/つなぎ先", "")
            await self._chooses(reader, "directory.place", NAGAHAMA)
            await self.life.leaves(reader)

    async def _entered(self, door: str, about: str, form: str, field: str, place: str, **said: str) -> None:
        """Enter an office: first with a person in it, which does not stand, then as it is."""
        somebody = self.desk.yamamoto
        self._here(somebody, place)
        await somebody.presses_anyway(door, about)
        await somebody.fills_and_sends(**{**said, field: typed(place)})
        view = await somebody.top_view()
        if view is None or view["callback_id"] != f"{form}.submit":  # nobody saw who it is
            await self.life.leaves(somebody)
            await somebody.presses_anyway(door, about)
        sent = await self.life.sends(somebody, **{**said, **given(form)})
        assert not sent.get("errors"), sent
        await self.life.leaves(somebody)

    async def _stated(self) -> None:
        hayashi = self.desk.hayashi
        await hayashi.command("/都合", "")
        for name in given("expert_own"):
            refused = await self.life.sends(hayashi, **given("expert_own", name))
            assert refused["errors"]
            await hayashi.fill({name: "9-17"})
        await hayashi.fills_and_sends(ways=["onsite"])
        await self.life.leaves(hayashi)

    # Thinking together

    async def _heard(self) -> None:
        """Whoever holds it has heard it: what was written then is what the page is drawn from."""
        mori, kitamura = self.desk.mori, self.desk.kitamura
        await kitamura.command("/相談")
        await self.life.sends(kitamura, **FOUR, **told("intake"))
        await self.life.leaves(kitamura)
        self.number = await self.desk.newest_number()
        self.it = await self.desk.id_of(self.number)
        await mori.presses("callback.claim", self.it, where=CARDS)
        await mori.presses_anyway("details.open", self.it)
        await mori.presses("hearing.open", where="view")
        await self.life.sends(mori, lacking=["place_to_be"], **told("hearing"), next_on="2027-03-01")
        await self.life.leaves(mori)

    async def _convened(self) -> None:
        yamamoto = self.desk.yamamoto
        await yamamoto.open_home()
        await yamamoto.presses("review.new", where="home")
        await self.life.sends(yamamoto, **given("review_new"))
        await self.life.leaves(yamamoto)
        await yamamoto.presses("review.new", where="home")
        await yamamoto.fills_and_sends(number=self.number)
        await self.life.sends(yamamoto, quorum="none", **given("review"), **told("review"))
        [row] = await self.desk.rows("SELECT id FROM reviews WHERE consultation = :c", c=self.it)
        self.id = row["id"]
        for person, role in (("U_HAYASHI", "adviser"), ("U_OKADA", "facilitator")):
            await self._chooses(yamamoto, "review.seat", f"{person}/required")
            await self._chooses(yamamoto, "review.role", f"{person}/{role}")
        await yamamoto.presses("review.slots", where="view")
        deadline = (self.desk.clock.now + timedelta(days=2)).date().isoformat()
        await yamamoto.fills_and_sends(deadline_on=deadline, deadline_at="12:00")
        await self.life.leaves(yamamoto)

    async def _chooses(self, somebody: Any, menu: str, ending: str) -> None:
        """Choose in the menu that offers it."""
        view = await somebody.top_view()
        [(block, element, value)] = [
            (block, element, option["value"])
            for block in view["blocks"]
            for element in [*block.get("elements", ()), block.get("accessory")]
            if element and element.get("action_id", "").split("#")[0] == menu
            for option in element["options"]
            if option["value"].endswith(ending)
        ]
        await somebody.press(
            action_id=element["action_id"], block_id=block.get("block_id"), view_id=view["id"], choice=value
        )
        await self.desk.settle()

    async def _answered(self) -> None:
        async with self.desk.db.reading() as ask:
            slots = [named(each.id) for each in await ask.reviews.slots(self.id)]
        yes = dict.fromkeys(slots, "yes")
        for person in (self.desk.hayashi, self.desk.okada, self.desk.mori):
            await person.presses("review.answer", where="bot")
            note = told("review_poll") if person is self.desk.hayashi else {}
            await self.life.sends(person, **yes, **note)
            await self.life.leaves(person)
        yamamoto = self.desk.yamamoto
        await yamamoto.presses("review.open", where=COORDINATORS)
        await yamamoto.presses("review.fix", where="view")
        await self.life.leaves(yamamoto)

    async def _written(self) -> None:
        mori, yamamoto, hayashi = self.desk.mori, self.desk.yamamoto, self.desk.hayashi
        await mori.presses_anyway("brief.write", self.id)
        await self.life.sends(mori, agreement="supporter", agreed_on="2026-11-24", **told("brief"))
        await self.life.leaves(mori)
        await yamamoto.presses_anyway("brief.open", self.id)
        await yamamoto.presses("brief.approve", where="view")
        await yamamoto.presses("brief.print", where="view")
        await self.life.leaves(yamamoto)
        await hayashi.presses("brief.open", where="bot")
        await self.life.leaves(hayashi)

    async def _sat(self) -> None:
        desk, mori = self.desk, self.desk.mori
        async with desk.db.reading() as ask:
            review = await ask.reviews.get(self.id)
        desk.clock.now = review.starts_at
        await desk.ask_the_clock()
        await desk.okada.presses_anyway("sitting.begin", self.id)
        await mori.presses_anyway("sitting.open", self.id)
        await self.life.leaves(mori)
        for form, field in (("issue", "view"), ("dissent", "dissent")):
            await mori.presses_anyway("notes.open", self.id)
            await mori.presses(f"notes.{form}", where="view")
            await self._closed(mori, f"a closed {form}", field)
        await mori.presses_anyway("notes.open", self.id)
        for form in ("issue", "dissent", "task"):
            await mori.presses(f"notes.{form}", where="view")
            more = {"who": mori.id, "due": "2027-03-31"} if form == "task" else {}
            await self.life.sends(mori, **more, **told(f"notes_{form}"))
        await self.life.leaves(mori)
        await desk.passes(minutes=review.plan.minutes + 5)

    async def _closed(self, somebody: Any, place: str, field: str) -> None:
        """Type into a window and close it: what was begun is kept, masked."""
        self._here(somebody, place)
        await somebody.fill({field: typed(place)})
        await somebody.close()
        await self.desk.settle()
        await self.life.leaves(somebody)
        await self.life.watch(self.life)

    async def _settled(self) -> None:
        nishi, hayashi, mori = self.desk.nishi, self.desk.hayashi, self.desk.mori
        await nishi.presses_anyway("notes.open", self.id)
        await nishi.presses("notes.approve", where="view")
        await self.life.leaves(nishi)
        await hayashi.presses("notes.open", where="bot")
        await self.life.leaves(hayashi)
        await mori.presses("task.open", where="bot")
        await mori.presses("task.done", where="view")
        await self.life.leaves(mori)

    async def _advised(self) -> None:
        mori, kitamura = self.desk.mori, self.desk.kitamura
        await mori.presses_anyway("notes.advise", self.id)
        await self.life.sends(mori, **told("review_advice"))
        await self.life.leaves(mori)
        await kitamura.presses("own.open", self.it, where="bot")
        await self.life.leaves(kitamura)
        await kitamura.presses("advice.print", where="bot")
        await mori.presses_anyway("advice.print", self.id)

    # Handing over

    async def _opens(self, door: str) -> Any:
        """Whoever holds it goes to つなぐ, and through this door."""
        mori = self.desk.mori
        await mori.presses_anyway("linkage.open", self.it)
        await mori.presses(door, where="view")
        return mori

    async def _agreed(self) -> None:
        mori = await self._opens("agreement.open")
        day = self.desk.clock.now.date()
        said = {
            "who": "person", "how": "written", "given_on": day.isoformat(), "until": (day + timedelta(days=90)).isoformat(),
            "fields": list(FIELDS), "meeting": "juso", "municipality_1": NAGAHAMA, "municipality_2": MAIBARA,
            "person_1": "U_TAKAGI",
        }  # fmt: skip
        self._here(mori, "a person agreed about")
        refused = await mori.fills_and_sends(**said, office_1=typed("a person agreed about"))
        if refused.get("errors"):
            await self.life.sends(mori, **said, **given("agreement"))
        else:
            mori = await self._opens("agreement.open")
            await self.life.sends(mori, **said, **given("agreement"))
        await self.life.leaves(mori)

    async def _sent(self) -> None:
        mori = await self._opens("linkage.start")
        view = await mori.top_view()
        [boxes] = [b["element"] for b in view["blocks"] if b.get("element", {}).get("action_id") == "chosen"]
        chosen = [each["value"] for each in boxes["options"]][-2:]
        await mori.fills_and_sends(purpose="plan", chosen=chosen)
        await self._written_and_sent(mori)

    async def _written_and_sent(self, mori: Any, **more: Any) -> None:
        await self.life.sends(mori, supporter_contact="via_desk", **more, **told("package"))
        assert (await mori.top_view())["callback_id"] == "package_preview.submit", await mori.reads("view")
        await mori.fills_and_sends()
        await self.life.leaves(mori)

    async def _sent_by_law(self) -> None:
        """To a 支援会議: nobody is asked, and it is known that it keeps secrets."""
        mori = await self._opens("linkage.start")
        office = {"purpose": "plan", "meeting": "shien_juso", "municipality_1": NAGAHAMA}
        self._here(mori, "a person written to")
        refused = await mori.fills_and_sends(**office, office_1=typed("a person written to"))
        if not refused.get("errors"):
            await self.life.leaves(mori)
            mori = await self._opens("linkage.start")
        await self.life.sends(mori, **office, **given("linkage_start"))
        await self._written_and_sent(mori, secrecy=["secrecy"])

    async def _packages(self) -> list[Any]:
        async with self.desk.db.reading() as ask:
            return [each for each in await ask.handovers.packages_of(self.it) if each.sent_at]

    async def _replied(self) -> None:
        tanaka, takagi = self.desk.tanaka, self.desk.takagi
        await takagi.presses("package.reject", where="bot")
        await self.life.sends(takagi, reason="full", **told("package_no"))
        await self.life.leaves(takagi)
        package = next(each for each in await self._packages() if each.state == "sent")
        async with self.desk.db.reading() as ask:
            code = spoken(Handovers(ask).token(package.id, "answer"))
        await tanaka.open_home()
        await tanaka.presses("package.reply", where="home")
        said = {"answer": "accepted", **told("package_answer", "words")}
        await self.life.sends(tanaka, **said, **given("package_answer", "number", "code"))
        await self.life.sends(tanaka, **said, number=package.number, code=code)
        await self.life.leaves(tanaka)
        for each in await self._packages():
            await self.desk.mori.presses_anyway("package.open", each.id)
            await self.desk.mori.presses_anyway("package.print", each.id)
            await self.life.leaves(self.desk.mori)

    async def _taken_back(self) -> None:
        mori = await self._opens("agreement.withdraw")
        await mori.fills_and_sends(how="oral")
        await self.life.leaves(mori)
        await self.desk.passes(days=8)

    async def _left_alone(self) -> None:
        for about, doors in (
            (self.id, REVIEW_DOORS), (self.it, CASE_DOORS), *((each.id, PACKAGE_DOORS) for each in await self._packages()),
        ):  # fmt: skip
            await self.life.is_curious(
                about, doors, "sato", "suzuki", "takagi", "tanaka", "kondo", "admin", "fujii"
            )

    # Learning from it

    async def _ended(self) -> None:
        mori = self.desk.mori
        await mori.presses_anyway("details.open", self.it)
        await mori.presses("closing.open", where="view")
        await self.life.sends(
            mori, primary="advice_closed", reason="resolved", lacking=["pets"], **told("closing")
        )
        await self.life.sends(
            mori, agreement="not_needed", age_band="adult", sex="female", household="parent_child", theme="approach",
            offered=["offered"], **told("record"),
        )  # fmt: skip
        await self.life.leaves(mori)
        [row] = await self.desk.rows("SELECT record FROM record_links WHERE consultation = :c", c=self.it)
        await self.desk.sato.open_home()
        await self.desk.sato.presses("record.read", row["record"], where="home")
        await self.desk.sato.presses("record.release", where="view")
        await self.life.leaves(self.desk.sato)
        for curious in (self.desk.hayashi, self.desk.okada):
            for door in REVIEW_DOORS:
                await curious.presses_anyway(door, self.id)
                await self.life.leaves(curious)

    async def _read_together(self) -> None:
        yamamoto, suzuki, sato = self.desk.yamamoto, self.desk.suzuki, self.desk.sato
        today = self.desk.clock.now.date().isoformat()
        await yamamoto.open_home()
        await yamamoto.presses("advice.new", where="home")
        await yamamoto.fills_and_sends(since="2026-11-01", last=today, most="5", readers=["U_FUJII"])
        await self.life.leaves(yamamoto)
        fujii = self.desk.fujii
        await fujii.presses("advice.read", where="bot")
        await self.life.sends(fujii, heard="well", kind="model", **told("advice_reading"))
        await yamamoto.open_home()
        await yamamoto.presses("advice.open", where="home")
        await yamamoto.presses("advice.close", where="view")
        await yamamoto.presses("advice.paper", where="view")
        await self.life.leaves(yamamoto)
        await yamamoto.open_home()
        await yamamoto.presses("advice.open", where="home")
        await yamamoto.presses("finding.model", where="view")
        await self.life.sends(yamamoto, theme="approach", **told("advice_model"))
        await self.life.leaves(yamamoto)
        for somebody in (sato, suzuki):
            await somebody.presses_anyway("models.open")
            await self.life.leaves(somebody)
        await yamamoto.presses_anyway("gaps.open")
        await self.life.leaves(yamamoto)
