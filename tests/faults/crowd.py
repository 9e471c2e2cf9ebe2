"""Twelve people who press, write and send at once, and remember what they were told was done."""

import asyncio
import random
import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bot.practice import NotOnScreen, Person, Workspace
from bot.practice.person import words
from bot.practice.seed import EXAMPLE
from tests.desk import CARDS, FOUR

SUPPORTERS = tuple(f"U_S{number}" for number in range(6))
COUNSELORS = ("U_SATO", "U_SUZUKI", "U_MORI", "U_YAMAMOTO")
WRITERS = 2
NUMBER = re.compile(r"R\d+-\d{4,}")
LOOKED_AT = 60  # the newest cards a counselor looks through


@dataclass
class Form:
    """One form somebody filled in: how often it was sent, and the number on the receipt once there was one."""

    person: str
    sent: int = 0
    number: str = ""


@dataclass(frozen=True)
class Claim:
    """A press that was acknowledged. `told`: the words only this person saw, or nothing."""

    person: str
    consultation: str
    told: str


@dataclass
class Crowd:
    """Everybody at once, until `leave()`. What it remembers is what was acknowledged."""

    workspace: Workspace
    seed: int
    forms: dict[str, Form] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    letters: dict[tuple[str, str], bool] = field(default_factory=dict)  # (author, ts): acknowledged at once
    refused: list[str] = field(default_factory=list)
    acknowledged: int = 0

    def __post_init__(self) -> None:
        self._over = False
        self._newcomers = 0
        self._heard = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def come(self) -> None:
        """Let everybody begin."""
        everybody = [
            *(self._supporter(user) for user in SUPPORTERS),
            *(self._counselor(user) for user in COUNSELORS),
            *(self._writer(number) for number in range(WRITERS)),
        ]
        self._tasks = [asyncio.create_task(each) for each in everybody]

    async def leave(self) -> None:
        """Let everybody finish what they are at, and go."""
        self._over = True
        await asyncio.gather(*self._tasks)

    async def heard(self, many: int, seconds: float) -> None:
        """Wait until `many` more acts were acknowledged, or for so long."""
        until = self.acknowledged + many
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.acknowledged < until:
                    self._heard.clear()
                    await self._heard.wait()

    async def _supporter(self, user: str) -> None:
        """Asks for help, again and again. A form nobody took is sent once more, as it is."""
        person, dice = self.workspace.person(user), random.Random(f"{self.seed}{user}")
        while await self._somebody_listens():
            view = await person.top_view()
            if view is None or view["callback_id"] != "intake.submit":
                await self._opens(person, view)
            else:
                await self._sends(person, str(view["id"]))
            await asyncio.sleep(dice.uniform(0, 0.05))

    async def _opens(self, person: Person, view: dict[str, Any] | None) -> None:
        if view is not None:
            await person.close(clear=True)
        await person.command("/相談")

    async def _sends(self, person: Person, view: str) -> None:
        form = self.forms.setdefault(view, Form(person.id))
        form.sent += 1
        answer = await person.submit({**FOUR, "story": "夜間の対応について、相談させてください。"})
        if not answer["acked"]:
            return
        seen = await person.seen("view")
        if answer.get("response_action") == "update" and (number := NUMBER.search(seen)):
            form.number = number[0]
            self._acknowledge()
        else:
            self.refused.append(seen)
        await person.close(clear=True)

    async def _counselor(self, user: str) -> None:
        """Presses 担当する on cards that others press too."""
        person, dice = self.workspace.person(user), random.Random(f"{self.seed}{user}")
        while await self._somebody_listens():
            waiting = list(self._waiting())
            if waiting:
                await self._presses(person, *dice.choice(waiting[:3]))
            await asyncio.sleep(dice.uniform(0, 0.05))

    async def _presses(self, person: Person, ts: str, consultation: str) -> None:
        before = self._whispered(person.id)
        try:
            answer = await person.press("callback.claim", channel=CARDS, ts=ts, value=consultation)
        except NotOnScreen:  # redrawn while the finger came down
            return
        if answer["acked"]:
            now = self._whispered(person.id)
            self.claims.append(
                Claim(person.id, consultation, words(now) if now and now is not before else "")
            )
            self._acknowledge()

    def _waiting(self) -> Iterator[tuple[str, str]]:
        """Cards with the button, of the newest ones the oldest first."""
        messages = list(self.workspace.world.channels[CARDS].messages.values())[-LOOKED_AT:]
        for message in messages:
            for block in message.get("blocks") or ():
                for element in block.get("elements") or ():
                    if str(element.get("action_id", "")).split("#")[0] == "callback.claim":
                        yield message["ts"], element["value"]

    def _whispered(self, user: str) -> dict[str, Any] | None:
        whispers = self.workspace.world.channels[CARDS].whispers.get(user)
        return whispers[-1] if whispers else None

    async def _writer(self, number: int) -> None:
        """A newcomer writes a line or three to the bot and goes; then the next one comes."""
        dice = random.Random(f"{self.seed}writer{number}")
        while await self._somebody_listens():
            person = self.workspace.person(newcomer(self._newcomers))
            self._newcomers += 1
            for line in range(dice.randint(1, 3)):
                said = await person.say("bot", f"どこに相談したらよいか迷っています（{line + 1}）。")
                self.letters[person.id, said["ts"]] = said["acked"]
                if said["acked"]:
                    self._acknowledge()
                await asyncio.sleep(dice.uniform(0, 0.05))

    def _acknowledge(self) -> None:
        self.acknowledged += 1
        self._heard.set()

    async def _somebody_listens(self) -> bool:
        """Wait until the bot is connected; False: it is time to go."""
        while not self.workspace.link.connections and not self._over:
            await asyncio.sleep(0.01)
        return not self._over


def newcomer(number: int) -> str:
    """The id of the next person who has never written before."""
    return f"U_W{number}"


def everybody(newcomers: int) -> dict[str, Any]:
    """The seed of a workspace with the example's people, the supporters and so many newcomers."""
    example = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    more = [*SUPPORTERS, *(newcomer(number) for number in range(newcomers))]
    return {"people": [*example["people"], *({"id": user, "name": user.lower()} for user in more)]}
