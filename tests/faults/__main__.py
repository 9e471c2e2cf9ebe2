"""Long runs: `python -m tests.faults --seed 1 --count 50` (`make faults SEED=1 COUNT=50`).

COUNT kills of the whole bot on SQLite and a fifth of it on PostgreSQL, COUNT × 50 attempts to claim on each,
COUNT × 10 faulty posts, COUNT × 5 random lives of two trainings each, COUNT × 20 timelines of reminders on
SQLite and a fifth of them on PostgreSQL, COUNT × 200 lives of consultations until they are destroyed on SQLite and a
tenth of them on PostgreSQL, COUNT × 20 lives of case reviews on SQLite and a fifth of them on PostgreSQL. Each run with the same seed meets the same faults. Exit code 1: a promise was broken.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.manifest import manifest
from bot.practice import serve
from bot.store.database import open_database
from tests.databases import MASTER_KEY, Clock, PostgreSQLServer
from tests.faults import posts, power, races, retention, reviews, seats, timelines
from tests.running import running

Campaign = Callable[[str, Path, int, int], Awaitable[tuple[bool, str]]]


async def kills(database: str, folder: Path, seed: int, count: int) -> tuple[bool, str]:
    """Kill -9 under load."""
    times = count if database.startswith("sqlite") else max(1, count // 5)
    verdict = await power.killed_under_load(database, folder, kills=times, seed=seed)
    return verdict.clean, str(verdict)


async def claims(database: str, _folder: Path, seed: int, count: int) -> tuple[bool, str]:
    """Fifty racers, each after every consultation."""
    async with open_database(database, master_key=MASTER_KEY) as db:
        desk = races.desk_on(db)
        result = await races.race(desk, await races.waiting(desk, count), races.by_the_use_case, seed)
        wrong = await races.mistakes(desk, result)
    return not wrong, "\n".join([f"{result.attempts} attempts: {len(wrong)} mistakes", *wrong[:5]])


async def faulty_posts(database: str, _folder: Path, seed: int, count: int) -> tuple[bool, str]:
    """Everything said through a Slack that fails four times in ten."""
    clock = Clock()
    async with serve(manifest=manifest(), clock=clock) as place, running(database, place, clock) as desk:
        posts.unlucky(desk, seed)
        await posts.promised(desk, count * 10)
        await posts.until_said(desk)
        said = await posts.counted(desk)
    wrong = [*said.lost, *said.extra, *said.disordered]
    told = f"{said.promised} posts: {len(said.lost)} lost, {len(said.extra)} extra, {len(said.disordered)} disordered"
    return not wrong, "\n".join([told, *wrong[:5]])


async def lives_of_trainings(database: str, _folder: Path, seed: int, count: int) -> tuple[bool, str]:
    """Joining, leaving, offering, expiring, changing and calling off, held against an independent book."""
    clock = Clock()
    async with open_database(database, master_key=MASTER_KEY, clock=clock) as db:
        acts, wrong = await seats.lived_through(db, clock, seed, count * 5)
    return not wrong, "\n".join([f"{acts} acts in {count * 10} trainings: {len(wrong)} mistakes", *wrong])


async def reminders(database: str, _folder: Path, seed: int, count: int) -> tuple[bool, str]:
    """Downtime, leaps of the clock both ways, moved dates: who had to be reminded of what was, once."""
    clock = Clock()
    async with open_database(database, master_key=MASTER_KEY, clock=clock) as db:
        times = count * 20 if database.startswith("sqlite") else count * 4
        verdict = await timelines.lived_through(races.desk_on(db), clock, seed=seed, count=times)
    return verdict.clean, str(verdict)


async def kept_and_destroyed(database: str, folder: Path, seed: int, count: int) -> tuple[bool, str]:
    """Decades of consultations that end, open again, are merged, held back, backed up and brought back."""
    times = count * 200 if database.startswith("sqlite") else count * 20
    verdict = await retention.lived_through(database, folder, Clock(), seed=seed, count=times)
    return verdict.clean, str(verdict)


async def lives_of_reviews(database: str, _folder: Path, seed: int, count: int) -> tuple[bool, str]:
    """Reviews that share their people: polled, fixed, moved, left, called off."""
    clock = Clock()
    times = count * 20 if database.startswith("sqlite") else count * 4
    async with open_database(database, master_key=MASTER_KEY, clock=clock) as db:
        verdict = await reviews.lived_through(db, clock, seed=seed, count=times)
    return not verdict.wrong, str(verdict)


CAMPAIGNS: dict[str, Campaign] = {
    "kills": kills,
    "claims": claims,
    "posts": faulty_posts,
    "seats": lives_of_trainings,
    "timelines": reminders,
    "retention": kept_and_destroyed,
    "reviews": lives_of_reviews,
}


async def everything(seed: int, count: int, only: list[str]) -> bool:
    """Each campaign on each database; True: every promise was kept."""
    good = True
    with tempfile.TemporaryDirectory(prefix="yorisoi-faults-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = await asyncio.to_thread(PostgreSQLServer, folder)
        try:
            for campaign in only:
                for kind in ("sqlite", "postgresql"):
                    place = folder / f"{campaign}-{kind}"
                    place.mkdir()
                    url = f"sqlite:///{place / 'desk.db'}" if kind == "sqlite" else server.a_database()
                    began = time.monotonic()
                    kept, told = await CAMPAIGNS[campaign](url, place, seed, count)
                    good = good and kept
                    mark = "kept  " if kept else "BROKEN"
                    print(
                        f"{mark} {campaign:10}{kind:11}{time.monotonic() - began:7.1f} s  {told}", flush=True
                    )
        finally:
            server.stop()
    return good


def main() -> None:
    """Read the numbers, run, and say how it went."""
    asked = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--count", type=int, default=50)
    asked.add_argument("--only", nargs="*", choices=CAMPAIGNS, default=list(CAMPAIGNS))
    given = asked.parse_args()
    logging.disable(logging.CRITICAL)
    sys.exit(0 if asyncio.run(everything(given.seed, given.count, given.only)) else 1)


if __name__ == "__main__":
    main()
