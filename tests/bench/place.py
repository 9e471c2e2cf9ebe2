"""A practice workspace in a process of its own, driven line by line: so that nobody measured shares its loop.

One JSON object on each line in, one on each line out. The first line out tells where it is.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.manifest import manifest
from bot.practice import Workspace, payloads, serve
from tests.desk import CARDS, FOUR
from tests.faults.crowd import everybody, newcomer

COUNSELORS = tuple(newcomer(number) for number in range(40))
SUPPORTERS = 3000
ASKING = 100
ONE_LINE = 8 * 1024 * 1024


def press(workspace: Workspace, consultation: str, number: int) -> dict[str, Any]:
    """The payload of 担当する, pressed on a card by one of the counselors in turn."""
    button = {
        "type": "button", "action_id": "callback.claim", "block_id": "b", "value": consultation,
        "action_ts": workspace.clock.new_ts(), "text": {"type": "plain_text", "text": "担当する"},
    }  # fmt: skip
    card = {"type": "message", "user": "U_YORISOI", "text": "card", "ts": "1.000001", "blocks": []}
    counselor = COUNSELORS[number % len(COUNSELORS)]
    return payloads.message_action(
        workspace, counselor, workspace.world.channels[CARDS], card, action=button, state={}
    )


async def presses(workspace: Workspace, consultations: list[str], in_flight: int) -> dict[str, Any]:
    """Press for each, so many at once; give the milliseconds from envelope to acknowledgement."""
    hands = asyncio.Semaphore(in_flight)
    took: list[float] = []
    silent = 0

    async def one(number: int, consultation: str) -> None:
        nonlocal silent
        async with hands:
            body = press(workspace, consultation, number)
            answer = await workspace.link.ask("interactive", "callback.claim", body)
        took.append(answer.ms)
        silent += not answer.acked

    await asyncio.gather(*(one(*each) for each in enumerate(consultations)))
    return {"ms": took, "silent": silent}


async def asks(workspace: Workspace, times: int) -> dict[str, Any]:
    """Ask the desk for help so many times, by the form, a hundred people in turn."""
    for number in range(times):
        person = workspace.person(f"U_S{number % ASKING}")
        await person.command("/相談")
        answer = await person.submit({**FOUR, "story": "訪問を断られることが続いています。"})
        assert answer["acked"], answer
        await person.close(clear=True)
    return {}


async def main() -> None:
    people = everybody(len(COUNSELORS))
    people["people"] += [{"id": f"U_S{number}", "name": f"s{number}"} for number in range(6, SUPPORTERS)]
    async with serve(manifest=manifest(), seed=people) as workspace:
        workspace.link.patience = 20.0
        _tell({"url": workspace.url, "api_url": workspace.api_url})
        lines = asyncio.StreamReader(limit=ONE_LINE)
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
        )
        while line := await lines.readline():
            given = json.loads(line)
            what = given.pop("do")
            _tell(await (presses if what == "presses" else asks)(workspace, **given))


def _tell(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


@dataclass
class Place:
    """The same from outside."""

    process: asyncio.subprocess.Process
    url: str
    api_url: str
    bot_token: str = Workspace.bot_token
    app_token: str = Workspace.app_token

    async def do(self, what: str, **given: Any) -> dict[str, Any]:
        """Have it do something, and hear what came of it."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": what, **given}).encode() + b"\n")
        return await _heard(self.process)


async def _heard(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    line = await process.stdout.readline()
    if not line:
        raise AssertionError("the practice workspace has gone")
    return dict(json.loads(line))


@asynccontextmanager
async def elsewhere() -> AsyncIterator[Place]:
    """A practice workspace in another process while the block lasts."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.place", stdin=-1, stdout=-1, limit=ONE_LINE
    )
    try:
        yield Place(process, **await _heard(process))
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


if __name__ == "__main__":
    asyncio.run(main())
