"""`make bench`: measures the bot against floors measured in the same run, prints the table and writes docs/bench.md."""

import asyncio
import logging
import os
import platform
import sqlite3
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from tests.bench import acknowledgements, anonymizers, choosing, claims, precedents
from tests.bench.place import Place, elsewhere
from tests.databases import PostgreSQLServer
from tests.faults import power
from tests.faults.process import ROOT, BotProcess

PAGE = ROOT / "docs" / "bench.md"
PRESSES = 512
CLAIMS = 1000
CONSULTATIONS = 1000
STARTS = 3


@dataclass
class Table:
    """The lines of the page. `missed`: the targets that were not met."""

    lines: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def row(self, what: str, floor: str, ours: str, target: str = "", *, met: bool | None = None) -> None:
        """Add a line: what, the floor, ours, the target, and whether it was met."""
        sign = {None: "", True: "○", False: "×"}[met]
        self.lines.append(f"| {what} | {floor} | {ours} | {target} | {sign} |")
        print(self.lines[-1], flush=True)
        if met is False:
            self.missed.append(what)


def p(share: int, times: list[float]) -> float:
    """The time within which `share` of a hundred were done."""
    return statistics.quantiles(times, n=100, method="inclusive")[share - 1]


async def acknowledged(table: Table, place: Place, folder: Path) -> None:
    """How long a press waits."""
    for name, measure in (
        ("直接（async_dispatch）", acknowledgements.directly),
        ("Socket Mode", acknowledgements.over_socket_mode),
    ):
        floor, ours = await measure(place, folder, PRESSES)
        for in_flight, share, most in ((1, 50, 10.0), (1, 99, None), (64, 50, None), (64, 99, 150.0)):
            found = p(share, ours[in_flight])
            table.row(
                f"「担当する」の受け取り、{name}、同時に{in_flight}、p{share}",
                f"{p(share, floor[in_flight]):.1f} ms",
                f"{found:.1f} ms",
                f"{most:.0f} ms 以下" if most else "",
                met=found <= most if most else None,
            )


async def a_second(table: Table, folder: Path) -> None:
    """How many claims a second."""
    found = await claims.on_sqlite(folder, CLAIMS)
    for in_flight in ("1", "64"):
        share = found[in_flight] / found["raw"]
        table.row(
            f"担当の引き受け、SQLite、同時に{in_flight}（5回のうち最も速いもの）",
            f"{found['raw']:.0f} 件/秒（sqlite3 で同じ文）",
            f"{found[in_flight]:.0f} 件/秒（{share:.2f} 倍）",
            "0.15 倍以上",
            met=share >= 0.15,
        )
    server = await asyncio.to_thread(PostgreSQLServer, folder)
    try:
        for in_flight, rate in (await claims.on_postgresql(server, CLAIMS)).items():
            table.row(f"担当の引き受け、PostgreSQL、同時に{in_flight}（同）", "", f"{rate:.0f} 件/秒")
    finally:
        server.stop()


async def started(table: Table, place: Place, folder: Path) -> None:
    """How long it takes until the desk is open."""
    database = f"sqlite:///{folder / 'start.db'}"
    await power.roles_granted(database)
    bot = BotProcess(SimpleNamespace(**vars(place)), database, folder)
    seconds = []
    for _ in range(STARTS):
        async with bot:
            seconds.append(bot.started)
            await bot.stop()
    bare = await _bare_python()
    table.row(
        f"起動して窓口が開くまで（{STARTS}回のうち最も遅いもの）", f"{bare:.2f} 秒（Python だけ）",
        f"{max(seconds):.2f} 秒", "3 秒未満", met=max(seconds) < 3,
    )  # fmt: skip
    async with bot:
        await _remembered(table, place, database, bot)


async def _remembered(table: Table, place: Place, database: str, bot: BotProcess) -> None:
    """How much memory it needs, at first and after many consultations."""
    await asyncio.sleep(2)
    rss = _rss(bot.pid)
    table.row("メモリー（RSS）、開いたあと", "", f"{rss:.0f} MB", "120 MB 以下", met=rss <= 120)
    began = time.monotonic()
    await place.do("asks", times=CONSULTATIONS)
    rate = CONSULTATIONS / (time.monotonic() - began)
    while await power.waiting(database):
        await asyncio.sleep(0.2)
    rss = _rss(bot.pid)
    table.row(
        f"メモリー（RSS）、{CONSULTATIONS:,}件の相談のあと",
        "",
        f"{rss:.0f} MB",
        "120 MB 以下",
        met=rss <= 120,
    )
    table.row("ひとりが続けて送る相談（用紙を開いて送るまで）", "", f"{rate:.0f} 件/秒")
    await bot.stop()


async def _bare_python() -> float:
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "pass")
    await process.wait()
    return time.perf_counter() - began


def _rss(pid: int) -> float:
    """Resident memory of a process, in MB (10⁶ bytes)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise AssertionError("no VmRSS")


def page(table: Table, seconds: float, load: float) -> str:
    """The page as it is written."""
    day = datetime.now(ZoneInfo("Asia/Tokyo")).strftime("%Y年%-m月%-d日")
    return "\n".join(
        [
            "# 速さと大きさ",
            "",
            "`make bench` が測って書いたものです。床は、同じときに同じ端末で測った、これより速くはならないという目安です。",
            "",
            f"- 測った日：{day}",
            f"- 端末：{os.cpu_count()}コア（{platform.machine()}）、{platform.system()}",
            f"- Python {platform.python_version()}、SQLite {sqlite3.sqlite_version}",
            f"- かかった時間：{seconds:.0f}秒。測りはじめに、ほかに動いていた仕事：平均 {load:.1f}（コアの数に近いほど、数字は悪く出ます）",
            "",
            "| 何を | 床 | よりそい | 目標 | 届いたか |",
            "| --- | --- | --- | --- | --- |",
            *table.lines,
            "",
        ]
    )


async def main() -> int:
    """Measure everything; give how many targets were missed."""
    if "--precedents" in sys.argv:
        return await precedents.alone(int(sys.argv[sys.argv.index("--precedents") + 1]))
    began, table, load = time.monotonic(), Table(), os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="yorisoi-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        async with elsewhere() as place:
            await acknowledged(table, place, folder)
            await started(table, place, folder)
        await a_second(table, folder)
        for line in [*await precedents.rows(folder), *choosing.rows()]:
            table.row(*line[:4], met=line[4])
    compared = await asyncio.to_thread(anonymizers.compared, held_out="--held-out" in sys.argv)
    anonymizers.rows(table, compared)
    written = page(table, time.monotonic() - began, load)
    PAGE.write_text(anonymizers.replaced(written, anonymizers.section(compared)), encoding="utf-8")
    print(
        f"{PAGE.relative_to(ROOT)} に書きました。届かなかった目標：{'、'.join(table.missed) or 'ありません'}"
    )
    return len(table.missed)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    sys.exit(1 if asyncio.run(main()) else 0)
