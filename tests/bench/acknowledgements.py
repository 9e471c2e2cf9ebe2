"""How long a press waits for its acknowledgement: at the bot's own door, and over Socket Mode."""

import asyncio
import time
from pathlib import Path
from types import SimpleNamespace

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.practice import Workspace
from bot.practice.seed import app_from, world_from
from bot.run import put_together
from tests.bench import claims
from tests.bench.noop import noop_app
from tests.bench.place import COUNSELORS, Place, press
from tests.faults.crowd import everybody
from tests.faults.process import THE_BOT, BotProcess
from tests.running import settings

FLIGHTS = (1, 64)
Times = dict[int, list[float]]  # milliseconds, by how many were in flight


async def directly(place: Place, folder: Path, many: int) -> tuple[Times, Times]:
    """`async_dispatch` in this process: an app that does nothing, and the bot."""
    database = f"sqlite:///{folder / 'direct.db'}"
    wanted = await claims.prepared(database, many * 2 + len(COUNSELORS))
    async with put_together(
        settings(database), bot_token=place.bot_token, app_token=place.app_token, api_url=place.api_url,
        listen=False, tick=False,
    ) as bot:  # fmt: skip
        floor = await _dispatched(noop_app(bot.slack), wanted, many)
        ours = await _dispatched(bot.app, wanted, many)
    return floor, ours


async def _dispatched(app: AsyncApp, wanted: list[str], many: int) -> Times:
    nowhere = _nowhere()
    bodies = [press(nowhere, each, number) for number, each in enumerate(wanted)]
    warm, rest = bodies[: len(COUNSELORS)], bodies[len(COUNSELORS) :]
    await _timed(app, warm, 1)
    return {
        in_flight: await _timed(app, rest[number * many : (number + 1) * many], in_flight)
        for number, in_flight in enumerate(FLIGHTS)
    }


async def _timed(app: AsyncApp, bodies: list[dict], in_flight: int) -> list[float]:
    hands = asyncio.Semaphore(in_flight)
    took = []

    async def one(body: dict) -> None:
        async with hands:
            began = time.perf_counter()
            answer = await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
            took.append((time.perf_counter() - began) * 1000)
        assert answer.status == 200, answer.body

    await asyncio.gather(*(one(each) for each in bodies))
    return took


def _nowhere() -> Workspace:
    """A workspace that is not served: it only draws payloads."""
    workspace = Workspace(None, None, None)
    workspace.world = world_from(everybody(len(COUNSELORS)), app_from(None), 0)
    workspace.url = "http://127.0.0.1"
    return workspace


async def over_socket_mode(place: Place, folder: Path, many: int) -> tuple[Times, Times]:
    """Practice workspace and bot each in a process of their own; measured where the press comes from."""
    floor = await _pressed(place, folder, many, ("-m", "tests.bench.noop"))
    ours = await _pressed(place, folder, many, THE_BOT)
    return floor, ours


async def _pressed(place: Place, folder: Path, many: int, program: tuple[str, ...]) -> Times:
    database = f"sqlite:///{folder / f'{program[1]}.db'}"
    wanted = await claims.prepared(database, many * 2 + len(COUNSELORS))
    times: Times = {}
    warm, rest = wanted[: len(COUNSELORS)], wanted[len(COUNSELORS) :]
    async with BotProcess(SimpleNamespace(**vars(place)), database, folder, program=program) as bot:
        await place.do("presses", consultations=warm, in_flight=1)
        for number, in_flight in enumerate(FLIGHTS):
            part = rest[number * many : (number + 1) * many]
            answer = await place.do("presses", consultations=part, in_flight=in_flight)
            assert answer["silent"] == 0, answer
            times[in_flight] = answer["ms"]
        await bot.stop()
    return times
