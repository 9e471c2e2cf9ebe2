"""What was acknowledged is there after the process was killed."""

import asyncio
import os
import signal
import subprocess
import sys

from bot.store.database import open_database
from tests.databases import MASTER_KEY

ROUNDS = 5
WRITER = """
import asyncio, itertools, sys
from bot.domain.staff import THE_CLOCK
from bot.store.database import open_database

async def main(url, start, early):
    async with open_database(url, master_key=bytes(range(32))) as db:
        for number in itertools.count(int(start)):
            async with db.transaction(THE_CLOCK) as tx:
                await tx.audit.record("act", f"c{number}")
                await tx.outbox.add("said", to="C1", key=f"k{number}")
                if early == "early":
                    await tx.timers.of("c1")
                    print(number, flush=True)
                    await asyncio.sleep(0.003)
            if early != "early":
                print(number, flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


async def acknowledged_before_the_kill(url: str, start: int, early: str) -> list[int]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITER, url, str(start), early, stdout=subprocess.PIPE
    )
    lines = [await process.stdout.readline() for _ in range(20 + start % 7)]
    os.kill(process.pid, signal.SIGKILL)
    rest = await process.stdout.read()
    await process.wait()
    whole = b"".join(lines) + rest[: rest.rfind(b"\n") + 1]
    return [int(each) for each in whole.split()]


async def there(url: str) -> tuple[set[str], set[str]]:
    async with open_database(url, master_key=MASTER_KEY) as db, db.reading() as reading:
        assert await reading.audit.verify() is None
        promised = await reading.outbox.unfinished(100_000)
        return {each.subject for each in await reading.audit.trail()}, {each.key for each in promised}


async def test_no_acknowledged_act_is_lost_and_none_is_half_there(database_url):
    acknowledged: set[int] = set()
    for turn in range(ROUNDS):
        acknowledged.update(await acknowledged_before_the_kill(database_url, turn * 100_000, "after"))
    acts, promises = await there(database_url)
    assert {f"c{number}" for number in acknowledged} <= acts
    assert {each[1:] for each in acts} == {each[1:] for each in promises}


async def test_control_an_acknowledgement_before_the_commit_loses_acts(database_url):
    acknowledged: set[int] = set()
    for turn in range(ROUNDS):
        acknowledged.update(await acknowledged_before_the_kill(database_url, turn * 100_000, "early"))
    acts, _ = await there(database_url)
    assert {f"c{number}" for number in acknowledged} - acts
