"""A consultation's whole life over real Bolt, from every door to the library, with somebody named in every free text."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from handlers.wording import MORE
from tests.canary_words import GIVEN, NICKNAMES, PEOPLE, planted, typed
from tests.desk import CARDS, FOUR
from tests.precedents import all_thirty

NEXT = {"next_on": "2026-12-08"}
ROUNDS = 4  # a record may be looked at more than once before it is kept
DOORS = (
    "details.open", "own.open", "tell.open", "contact.open", "call.open", "hearing.open", "activity.open", "handover.open",
    "callback.release", "closing.open", "record.open", "merge.open", "paper.advice", "paper.receipt", "precedents.alike",
)  # fmt: skip
EVERY_ROLE = (
    "takagi",
    "kitamura",
    "tanaka",
    "sato",
    "suzuki",
    "mori",
    "yamamoto",
    "kondo",
    "admin",
    "hayashi",
    "okada",
    "nishi",
    "fujii",
)


def given(form: str, *names: str) -> dict[str, str]:
    """What is typed into these fields, of which names may be told, or into all of them."""
    fields = {place.partition(".")[2]: text for place, text in GIVEN.items() if place.startswith(f"{form}.")}
    return {name: fields[name] for name in names or fields}


def told(form: str, *names: str) -> dict[str, str]:
    """What is typed into these free texts of a form, or into all of them."""
    fields = {place.partition(".")[2]: typed(place) for place in PEOPLE if place.startswith(f"{form}.")}
    return {name: fields[name] for name in names or fields}


@dataclass
class Life:
    """Somebody lives through all of it. `fields`: which were typed into; `by`: who typed what is planted where.

    `watch`: looks at what is kept, while there are drafts and after each stretch of the way.
    """

    desk: Any
    watch: Callable[["Life"], Awaitable[None]]
    it: str = ""
    traffic: list[dict[str, Any]] = field(default_factory=list)
    fields: set[tuple[str, str]] = field(default_factory=set)
    by: dict[str, set[str]] = field(default_factory=dict)

    def hear(self) -> None:
        """Keep what went over the wire: the workspace itself forgets."""
        after = self.traffic[-1]["n"] if self.traffic else 0
        rows = self.desk.workspace.traffic.after(after)
        assert not rows or rows[0]["n"] == after + 1, "some of the traffic is lost"
        self.traffic += rows

    def note(self, somebody: Any, form: str, answers: dict[str, Any]) -> None:
        """Remember who typed which canary into which field."""
        for name, text in answers.items():
            for (place, _), canary in planted().items():
                if isinstance(text, str) and canary in text:
                    self.fields.add((form, name))
                    self.by.setdefault(place, set()).add(somebody.id)

    async def types(self, somebody: Any, **answers: Any) -> None:
        """Type into the form in front, without sending it."""
        view = await somebody.top_view()
        self.note(somebody, view["callback_id"], answers)
        await somebody.fill(answers)

    async def sends(self, somebody: Any, **answers: Any) -> dict[str, Any]:
        """Send a form, and accept what is offered until it is taken; name there whom the desk could not find."""
        self.hear()
        view = await somebody.top_view()
        form = view["callback_id"]
        self.note(somebody, form, answers)
        sent: dict[str, Any] = await somebody.fills_and_sends(**answers)
        for _ in range(ROUNDS):
            view = await somebody.top_view()
            if sent.get("errors") or view is None or view["callback_id"] != form or not _masked(view):
                break
            more = {MORE: NICKNAMES[form.partition(".")[0]]} if _asks_for_more(view) else {}
            self.note(somebody, form, more)
            sent = await somebody.fills_and_sends(**more)
        self.hear()
        return sent

    async def leaves(self, somebody: Any) -> None:
        """Close whatever is open before them."""
        if await somebody.top_view():
            await somebody.close(clear=True)

    async def is_curious(self, about: str, buttons: tuple[str, ...], *names: str) -> None:
        """Whoever has nothing to do with it tries every door to it."""
        for name in names:
            somebody = getattr(self.desk, name)
            for button in buttons:
                await somebody.presses_anyway(button, about)
                await self.leaves(somebody)
        self.hear()

    async def homes(self) -> None:
        """Everybody looks at their Home."""
        for name in EVERY_ROLE:
            await getattr(self.desk, name).open_home()
        self.hear()
        await self.watch(self)

    async def at_the_desk(self) -> None:
        """From the doors to the library."""
        await all_thirty(self.desk.bot.desk)
        for step in (
            self._asked, self._written, self._telephoned, self.homes, self._called, self._heard, self._handed_on,
            self._told_more, self._merged, self.homes, self._closed, self._learnt_from, self._in_danger, self.homes,
        ):  # fmt: skip
            await step()

    # The doors

    async def _asked(self) -> None:
        takagi = self.desk.takagi
        self.by["a command"] = {takagi.id}
        self.desk.workspace.faults.add(what="error", method="views.open", times=1)
        await takagi.command("/相談", typed("a command"))  # something breaks, and is written down
        await self.leaves(takagi)
        await takagi.command("/相談", typed("a command"))
        await takagi.close(clear=True)
        await takagi.command("/相談")
        for name in ("story", "name"):
            refused = await self.sends(takagi, **{**FOUR, name: f"番号は{GIVEN['a personal number']}です"})
            assert refused["errors"]
        await self.sends(takagi, **FOUR, **given("intake", "name", "agency"), **told("intake"))
        await takagi.close(clear=True)

    async def _written(self) -> None:
        kitamura, sato = self.desk.kitamura, self.desk.sato
        for place in ("a letter", "a letter to tell", "a letter of danger"):
            self.by[place] = {kitamura.id}
        await kitamura.writes(typed("a letter"))
        await kitamura.presses("letter.ask", where="bot")
        await self.sends(kitamura, **{**FOUR, "phone": GIVEN["intake.phone"]})
        await kitamura.close(clear=True)
        self.desk.clock.advance(hours=2)  # another talk
        await kitamura.writes(typed("a letter to tell"))
        await kitamura.presses("letter.tell", where="bot")
        await self.sends(kitamura)
        await kitamura.close(clear=True)
        await kitamura.writes("死にたいと聞きました。" + typed("a letter of danger"))
        await sato.presses("letter.open", where="bot")
        await sato.close(clear=True)
        self.by["a line in the channel"] = {sato.id}
        await sato.say(CARDS, typed("a line in the channel"))

    async def _telephoned(self) -> None:
        tanaka = self.desk.tanaka
        self.by["a desk's command"] = {tanaka.id}
        await tanaka.command("/受付", typed("a desk's command"))
        await self.sends(tanaka, **{**FOUR, **given("proxy"), **told("proxy")})
        await tanaka.presses("paper.receipt", where="view")
        await tanaka.close(clear=True)

    # The desk

    async def _called(self) -> None:
        sato = self.desk.sato
        self.it = await self.desk.id_of("R8-0001")
        await sato.presses("callback.claim", self.it, where=CARDS)
        await sato.presses("details.open", self.it, where=CARDS)
        await sato.presses("contact.open", where="view")
        await self.sends(sato, **given("contact"))
        await sato.presses("call.open", where="view")
        await self.sends(sato, outcome="reached", **told("call"))

    async def _heard(self) -> None:
        sato = self.desk.sato
        for form, draft in (("hearing", "formulation"), ("activity", "summary")):
            await sato.presses(f"{form}.open", where="view")
            await self.types(sato, **{draft: typed(f"a draft of {form}")})
            await sato.presses(f"{form}.draft", where="view")
            await self.watch(self)
            if form == "hearing":
                await self.types(sato, advice=typed("a closed hearing") + GIVEN["a personal number"])
                await sato.close()
                await self.desk.settle()
                await self.watch(self)
                await sato.presses("hearing.open", where="view")
            more = {"type": "interview", "happened_on": "2026-11-24"} if form == "activity" else {}
            await self.sends(sato, **more, **told(form), **NEXT)
        await sato.presses("paper.advice", where="view")
        await sato.close(clear=True)

    async def _handed_on(self) -> None:
        sato, suzuki = self.desk.sato, self.desk.suzuki
        await sato.presses("details.open", self.it, where=CARDS)
        await sato.presses("handover.open", where="view")
        await self.sends(sato, taker=suzuki.id, **told("handover"))
        await sato.close(clear=True)
        await suzuki.presses("handover.accept", where="bot")
        await suzuki.presses("details.open", self.it, where=CARDS)
        await suzuki.presses("callback.release", where="view")
        await self.sends(suzuki, **told("release"))
        await suzuki.presses("callback.claim", self.it, where=CARDS)

    async def _told_more(self) -> None:
        takagi = self.desk.takagi
        await takagi.presses("own.open", self.it, where="bot")
        await takagi.presses("tell.open", where="view")
        await self.sends(takagi, **told("tell"), **given("tell"))
        await takagi.close(clear=True)

    async def _merged(self) -> None:
        yamamoto = self.desk.yamamoto
        await yamamoto.presses("details.open", await self.desk.id_of("R8-0002"), where=CARDS)
        await yamamoto.presses("merge.open", where="view")
        await yamamoto.fills_and_sends(into="R8-0001")
        await yamamoto.close(clear=True)
        await self.is_curious(self.it, DOORS, "kitamura", "mori", "tanaka", "kondo", "admin")
        await self.desk.passes(days=14)

    # The end

    async def _closed(self) -> None:
        takagi, suzuki = self.desk.takagi, self.desk.suzuki
        await takagi.presses("follow_up.helped", where="bot")
        await suzuki.presses("details.open", self.it, where=CARDS)
        await suzuki.presses("closing.open", where="view")
        await self.sends(suzuki, primary="advice_closed", reason="resolved", **told("closing"))
        await self.sends(
            suzuki, agreement="not_needed", age_band="adult", sex="female", household="parent_child",
            theme="approach", offered=["offered"], **told("record"),
        )  # fmt: skip
        assert await self.desk.how_many("record_links"), await suzuki.reads("view")
        if await suzuki.top_view():
            await suzuki.close(clear=True)
        await takagi.presses("own.open", self.it, where="bot")
        await takagi.close(clear=True)
        await suzuki.presses("details.open", self.it, where=CARDS)
        await suzuki.close(clear=True)

    async def _learnt_from(self) -> None:
        sato, mori = self.desk.sato, self.desk.mori
        [row] = await self.desk.rows("SELECT record FROM record_links")
        await sato.open_home()
        await sato.presses("record.read", row["record"], where="home")
        await sato.presses("record.release", where="view")
        await sato.close(clear=True)
        await mori.open_home()
        await mori.presses("precedents.open", where="home")
        await self.sends(mori, **told("precedents"))
        await mori.fills_and_sends(words="被保険者番号 お住まい デイサービス")
        assert await mori.has("precedents.read", row["record"], where="view")
        await mori.presses("precedents.read", row["record"], where="view")
        await self.watch(self)
        await mori.presses("record.name", row["record"], where="view")
        await mori.close(clear=True)
        await self._replaced(row["record"])
        it = await self.desk.id_of("R8-0003")
        await mori.presses("callback.claim", it, where=CARDS)
        await mori.presses("details.open", it, where=CARDS)
        await mori.presses("precedents.alike", where="view")
        await mori.close(clear=True)

    async def _replaced(self, record: str) -> None:
        """Somebody saw a name in it: it is written anew, and another one takes its place."""
        yamamoto = self.desk.yamamoto
        await yamamoto.open_home()
        await yamamoto.presses("record.replace", record, where="home")
        await self.sends(yamamoto, **told("record_replace"))
        await yamamoto.close(clear=True)
        assert await self.desk.how_many("records") > 1

    async def _in_danger(self) -> None:
        """One for whom it may be too late: the duty is called, it is given to somebody, nobody answers, it is taken back."""
        kitamura, yamamoto, sato = self.desk.kitamura, self.desk.yamamoto, self.desk.sato
        await kitamura.command("/相談")
        words = "死にたいと話しています。" + typed("intake.story")
        await self.sends(
            kitamura, **{**FOUR, "urgency": "u1", "phone": GIVEN["intake.phone"], "story": words}
        )
        await kitamura.close(clear=True)
        await self.desk.passes(minutes=40)
        it = await self.desk.id_of(await self.desk.newest_number())
        await yamamoto.presses("callback.assign", it, where=CARDS)
        await yamamoto.fills_and_sends(counselor=sato.id)
        await self.desk.passes(hours=2)
        for _ in range(4):
            if await sato.has("callback.claim", it, where=CARDS):
                await sato.presses("callback.claim", it, where=CARDS)
            await sato.presses("details.open", it, where=CARDS)
            await sato.presses("call.open", where="view")
            await self.sends(sato, outcome="no_answer", note=typed("call.note"))
            await sato.close(clear=True)
            await self.desk.passes(hours=3)
        await self.desk.passes(days=3)
        await kitamura.presses("own.open", it, where="bot")
        await kitamura.presses("consultation.withdraw", where="view")
        await kitamura.close(clear=True)


def _masked(view: dict[str, Any]) -> bool:
    """Whether a form came back: with words masked, or to be looked at once more."""
    return "伏せました" in view["title"]["text"] or view["callback_id"] in {
        "record.submit",
        "record_replace.submit",
    }


def _asks_for_more(view: dict[str, Any]) -> bool:
    return any(str(block.get("block_id", "")).partition("~")[0] == MORE for block in view["blocks"])
