"""The whole desk for tests: real Bolt over the practice workspace's HTTP and WebSocket, on either database.

Given, when, then read as people do things: `await desk.takagi.asks(…)`, `await desk.sato.presses("callback.claim")`.
"""

import asyncio
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html import escape
from typing import Any

import schedules
from bot.domain.casework import Contact
from bot.practice import Person, Workspace, payloads
from bot.practice.person import words
from bot.practice.surfaces import View
from bot.run import Bot
from bot.store.rows import instant
from bot.usecases import callbacks, closing, hearing, intake
from tests.databases import Clock

KEPT = (
    "consultations", "contacts", "words", "case_names", "call_attempts", "hearings", "activities", "drafts", "followups",
    "records", "record_links", "counted", "letters", "role_grants", "fiscal_serials", "trainings",
    "training_sessions", "participations", "attendances", "certificates", "training_invitees", "training_questions",
    "towns", "agencies", "experts", "gaps",
    "feedback", "feedback_given", "holds", "destructions", "releases", "precedents",
    "reviews", "review_people", "review_slots", "review_answers",
    "agreements", "agreement_withdrawals", "handover_receivers", "packages",
    "briefs", "review_sittings", "review_notes", "review_attendance", "review_tasks", "review_advice", "review_files",
    "review_prints",
    "advice_reviews", "advice_samples", "advice_findings", "advice_models",
)  # fmt: skip


# What the workers that run beside the tests have in their hands, or could take now.
BUSY = """
SELECT key FROM inbox WHERE state = 'working' OR (state = 'waiting' AND (not_before IS NULL OR not_before <= :now))
UNION ALL
SELECT mine.key FROM outbox AS mine
WHERE mine.finished_at IS NULL AND (
    mine.state IN ('sending', 'checking')
    OR ((mine.not_before IS NULL OR mine.not_before <= :now) AND (mine.retry_at IS NULL OR mine.retry_at <= :now)
        AND (mine.subject = '' OR NOT EXISTS (
            SELECT 1 FROM outbox AS earlier
            WHERE earlier.subject = mine.subject AND earlier.finished_at IS NULL AND earlier.id < mine.id))))
"""
CARDS = "C_CALLBACKS"
COORDINATORS = "C_COORD"
TRAINING = "C_TRAINING"


# The four answers, and nothing else.
FOUR = {"concerns": ["approach"], "urgency": "u3", "phone": "090-1234-5678", "best_times": ["any"]}


class Somebody(Person):
    """A person at the practice workspace, with the desk's own acts."""

    desk: "Desk"

    async def presses(
        self, action: str, value: str | None = None, *, where: str | None = None
    ) -> dict[str, Any]:
        """Press the newest button of this name (and value): in the top modal, the Home, or a conversation."""
        for place in [where] if where else ["view", "home", "bot", CARDS, COORDINATORS, TRAINING]:
            found = await self._find(place, action, value)
            if found:
                answer = await self.press(**found)
                await self.desk.settle()
                return answer
        raise AssertionError(f"{self.id} has no button {action} ({value}) before them")

    async def has(self, action: str, value: str | None = None, *, where: str) -> bool:
        """Whether there is such a button before this person."""
        return bool(await self._find(where, action, value))

    async def _find(self, place: str, action: str, value: str | None) -> dict[str, Any] | None:
        if place == "view":
            view = await self.top_view()
            return view and _pressable(view["blocks"], action, value, view_id=view["id"])
        if place == "home":
            home = await self.home()
            return home and _pressable(home["blocks"], action, value, home=True)
        try:
            messages = await self.messages(place)
        except Exception:
            return None
        for message in reversed(messages):
            found = _pressable(
                message.get("blocks") or [],
                action,
                value,
                channel=message.get("channel", place),
                ts=message["ts"],
            )
            if found:
                found["channel"] = place
                return found
        return None

    async def fills_and_sends(self, **answers: Any) -> dict[str, Any]:
        """Fill in the form before this person, and send it."""
        answer = await self.submit(answers)
        await self.desk.settle()
        return answer

    async def open_home(self) -> Any:
        """Open the bot's Home and see it as it is now."""
        await super().open_home()
        await self.desk.settle()
        return await self.home()

    async def writes(self, text: str) -> None:
        """Write to the bot in the direct message; Slack escapes three characters on the way."""
        await self.say("bot", escape(text, quote=False))
        await self.desk.settle()

    async def asks(self, **answers: Any) -> str:
        """Ask the desk for help by the slash command; give the receipt number."""
        await self.command("/相談")
        await self.fills_and_sends(**{**FOUR, **answers})
        view = await self.top_view()
        if view and view["callback_id"] == "intake.submit":  # offered masked: that will do
            await self.fills_and_sends()
        number = await self.desk.newest_number()
        await self.close(clear=True)
        return number

    async def reads(self, where: str = "bot") -> str:
        """All that stands there."""
        await self.desk.settle()
        return await self.seen(where)

    async def whispers(self, where: str = CARDS) -> list[str]:
        """What was said there to this person alone."""
        await self.desk.settle()
        return [words(each) for each in await self.messages(where) if each.get("ephemeral")]

    async def refused(self, act: dict[str, Any] | None = None) -> str:
        """The words of the refusal just given: on the field, in a small window, or as a line only they see."""
        if act and act.get("errors"):
            return " ".join(act["errors"].values())
        view = await self.top_view()
        if view and view["callback_id"] == "notice.submit":
            return words(view).split("\n")[1]
        said = await self.whispers("bot")
        return said[-1] if said else ""

    async def presses_anyway(
        self, action: str, value: str = "-", *, where: str = "bot", message: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Press a button that is not (any more) before them: on a stale copy of a message, or on none."""
        place = self.desk.workspace
        channel = place.world.dm(self.id) if where == "bot" else place.world.channels[where]
        stale = message or {"type": "message", "user": "BOT", "text": "", "ts": "1.000001", "blocks": []}
        pressed = {
            "type": "button", "action_id": action, "block_id": "b", "value": value,
            "action_ts": place.clock.new_ts(), "text": {"type": "plain_text", "text": "-"},
        }  # fmt: skip
        body = payloads.message_action(place, self.id, channel, stale, action=pressed, state={})
        answer = await place.link.ask("interactive", action, body)
        await self.desk.settle()
        return {"acked": answer.acked}

    async def sends_anyway(
        self, callback: str, about: dict[str, Any], /, *, closed: bool = False, **values: Any
    ) -> dict[str, Any]:
        """Send (or close) a form that is not (any more) before them. Values are Slack's own element states."""
        place = self.desk.workspace
        facts = {
            "type": "modal", "callback_id": callback, "private_metadata": json.dumps(about),
            "blocks": [{"type": "input", "block_id": f"{name}~0", "element": {}} for name in values],
        }  # fmt: skip
        state = {f"{name}~0": {name: value} for name, value in values.items()}
        view = View("V" + place.clock.new_ts(), self.id, facts, "", state)
        if closed:
            body = payloads.closed(place, self.id, view, cleared=False)
        else:
            body = payloads.submission(place, self.id, view)
        answer = await place.link.ask("interactive", callback, body, reads_answer=True)
        await self.desk.settle()
        return {"acked": answer.acked, **(answer.payload or {})}


def _pressable(
    blocks: list[dict[str, Any]], action: str, value: str | None, **place: Any
) -> dict[str, Any] | None:
    for block in blocks:
        for element in [*block.get("elements", ()), block.get("accessory"), block.get("element")]:
            if not isinstance(element, dict) or element.get("action_id", "").split("#")[0] != action:
                continue
            if value is None or element.get("value") == value:
                return {"action_id": element["action_id"], "block_id": block.get("block_id"), **place}
    return None


@dataclass
class Desk:
    """The running bot, the workspace around it, and the clock of both."""

    bot: Bot
    workspace: Workspace
    clock: Clock
    url: str
    _people: dict[str, Somebody] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def db(self):
        return self.bot.desk.db

    def person(self, user: str) -> Somebody:
        if user not in self._people:
            somebody = Somebody(self.workspace.url, user, session=self.workspace.session)
            somebody.desk = self
            self._people[user] = somebody
        return self._people[user]

    def __getattr__(self, name: str) -> Somebody:
        return self.person(f"U_{name.upper()}")

    async def settle(self) -> None:
        """Until everything promised is said and everything accepted is applied, as far as the clock allows."""
        async with asyncio.timeout(30):
            while True:
                await self.bot.inbox.work_waiting()
                await self.bot.delivery.deliver_waiting()
                if not await self.rows(BUSY, now=instant(self.clock.now)):
                    return
                await asyncio.sleep(0.005)

    async def rows(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        async with self.db.reading() as ask:
            return await ask.connection.rows(sql, parameters)

    # Given

    async def given_waiting(
        self, supporter: str = "U_TAKAGI", *, settled: bool = True, **answers: Any
    ) -> str:
        """A consultation that waits for a call-back; its receipt number. `settled`: all about it is said."""
        request = intake.Request(
            **{
                "concerns": ("approach",),
                "urgency": "u3",
                "contact": Contact(phone="090-1234-5678"),
                "best_times": ("any",),
                **answers,
            }
        )
        actor = await self.bot.directory.actor(supporter)
        number = (await intake.receive(self.bot.desk, actor, request, once=self.once())).number
        if settled:
            await self.settle()
        return number

    async def given_claimed(self, by: str = "U_SATO", **answers: Any) -> str:
        """A consultation somebody has promised to call back."""
        number = await self.given_waiting(**answers)
        await callbacks.claim(self.bot.desk, await self.actor(by), await self.id_of(number))
        await self.settle()
        return number

    async def given_heard(self, by: str = "U_SATO", days: int = 14, **answers: Any) -> str:
        """A consultation that was heard, its next action `days` from now."""
        heard = {
            "formulation": "疲れがたまっているようです。", "advice": "主治医に同席をお願いする。",
            "next_action": "電話でようすをうかがう",
        }  # fmt: skip
        heard |= {name: answers.pop(name) for name in tuple(heard) if name in answers}
        number = await self.given_claimed(by, **answers)
        day = (self.clock.now + timedelta(days=days, hours=9)).date()
        await hearing.hear(
            self.bot.desk,
            await self.actor(by),
            await self.id_of(number),
            hearing.Heard(concerns=(), characteristics=(), next_on=day, **heard),
            once=self.once(),
        )
        await self.settle()
        return number

    async def given_closed(self, by: str = "U_SATO", **answers: Any) -> str:
        """A consultation that was heard and closed; its record is not confirmed yet."""
        number = await self.given_heard(by, **answers)
        ending = closing.Closing(("advice_closed",), "advice_closed", "resolved", "またどうぞ。")
        await closing.close(self.bot.desk, await self.actor(by), await self.id_of(number), ending)
        await self.settle()
        return number

    def once(self) -> str:
        return f"test:{next(self._numbers)}"

    async def actor(self, user: str):
        return await self.bot.directory.actor(user)

    async def kept(self) -> dict[str, list[dict[str, Any]]]:
        """Everything the desk keeps about people and their requests, but not the trail and the messages."""
        return {table: await self.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in KEPT}

    async def passes(self, **time: float) -> None:
        """Time goes by; the clock asks its questions."""
        self.clock.advance(**time)
        await self.ask_the_clock()

    async def ask_the_clock(self) -> None:
        asked = schedules.Asked(self.bot.desk, self.bot.directory)
        for job in schedules.JOBS:
            await job.do(asked)
        await self.settle()

    async def ask_the_clock_in_a_storm(self) -> None:
        """The same while Slack is away: a question that fails is asked again next time."""
        asked = schedules.Asked(self.bot.desk, self.bot.directory)
        for job in schedules.JOBS:
            await schedules.tick(job, asked)
        await self.settle()

    async def row(self, number: str):
        async with self.db.reading() as ask:
            return await ask.consultations.numbered(number)

    async def id_of(self, number: str) -> str:
        return (await self.row(number)).id

    async def newest_number(self) -> str:
        async with self.db.reading() as ask:
            rows = await ask.connection.rows(
                "SELECT number FROM consultations ORDER BY received_at DESC, number DESC LIMIT 1", {}
            )
        return rows[0]["number"]

    async def how_many(self, table: str) -> int:
        async with self.db.reading() as ask:
            rows = await ask.connection.rows(f"SELECT COUNT(*) AS n FROM {table}", {})
        return rows[0]["n"]

    async def trail(self, number: str | None = None) -> list[str]:
        """What the audit trail says of a consultation, in order."""
        subject = await self.id_of(number) if number else None
        async with self.db.reading() as ask:
            return [entry.event for entry in await ask.audit.trail(subject)]

    async def cards(self) -> list[str]:
        """The words of the cards in the call-back channel."""
        messages = await self.sato.messages(CARDS)
        return [words(each) for each in messages if not each.get("ephemeral")]

    def told(self) -> str:
        """Everything the bot ever sent to Slack, as one text."""
        return "\n".join(
            json.dumps(row.get("request"), ensure_ascii=False)
            for row in self.workspace.traffic.after(0)
            if row["direction"] == "bot→slack"
        )


async def until(condition, seconds: float = 5.0) -> None:
    """Wait until `condition()` holds."""
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.02)


def open_minutes(minutes: float) -> timedelta:
    return timedelta(minutes=minutes)
