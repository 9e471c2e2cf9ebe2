"""The anonymizer beside what others offer, in one run: what is covered, what is masked wrongly, how fast, how large.

Each is a program that reads a note a line and answers before the next one is sent; all are asked the same, in turn.
`python -m tests.bench.anonymizers` writes this part of the page alone; `--held-out` adds the notes kept for the end.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from tests.faults.process import ROOT
from tests.privacy.scoring import Note, Score, Span, read, score

PAGE = ROOT / "docs" / "bench.md"
NOTES = ROOT / "tests" / "privacy"
PEERS = ROOT / "tests" / "bench" / "peers"
PEERS_PYTHON = ROOT / ".venv-peers" / "bin" / "python"
SETS = {"notes_dev": "調整に使ったもの", "notes_styles": "ほかの書き手の、いろいろな書き方"}
HELD_OUT = {"notes_held_out": "最後まで見ずに取っておいたもの"}
STARTS = 3
WARM = 5
TITLE = "## 匿名化のくらべ"
SHORT = "長浜市の中川さんから電話がありました。"


@dataclass(frozen=True)
class Contestant:
    """Somebody who masks: a name for the page, and how it is started."""

    name: str
    command: tuple[str, ...]
    folder: Path


@dataclass
class Measured:
    """What came of one. `scores` by set of notes; times in seconds, memory in MB (10⁶ bytes)."""

    name: str
    cold: float = 0.0
    rss: float = 0.0
    scores: dict[str, Score] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    characters: int = 0

    @property
    def speed(self) -> float:
        """Characters a second, one note at a time."""
        return self.characters / sum(self.took)

    @property
    def p95(self) -> float:
        """Within how many seconds 95 of a hundred notes were answered."""
        return statistics.quantiles(self.took, n=100, method="inclusive")[94]


OURS = Contestant("よりそい", (sys.executable, "-m", "bot", "anonymize"), ROOT)
OTHERS = tuple(
    Contestant(name, (str(PEERS_PYTHON), f"{program}.py"), PEERS)
    for name, program in (
        ("Presidio + GiNZA", "presidio_ginza"),
        ("GiNZA", "ginza_ner"),
        ("Sudachi の固有名詞", "sudachi_nouns"),
    )
)


class Program:
    """A running one."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def answers(self, note_id: str, text: str) -> list[Span]:
        """Ask about one text and wait."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"id": note_id, "text": text}, ensure_ascii=False) + "\n")
        self._process.stdin.flush()
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert told["id"] == note_id
        return [(each["start"], each["end"], each["label"]) for each in told["spans"]]

    @property
    def most_memory(self) -> float:
        """The most it ever held, in MB."""
        for line in Path(f"/proc/{self._process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
        raise AssertionError("no VmHWM")


@contextmanager
def started(who: Contestant) -> Iterator[Program]:
    """Start it; it ends with its input."""
    with subprocess.Popen(
        who.command, cwd=who.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        encoding="utf-8",
    ) as process:  # fmt: skip
        try:
            yield Program(process)
        finally:
            assert process.stdin
            process.stdin.close()
            process.wait(timeout=60)


def measured(who: Contestant, sets: dict[str, list[Note]]) -> Measured:
    """Start it some times, then ask about every note of every set, one at a time."""
    found = Measured(who.name)
    for n in range(STARTS):
        began = time.perf_counter()
        with started(who) as program:
            program.answers("short", SHORT)
            found.cold = max(found.cold, time.perf_counter() - began)
            if n == STARTS - 1:
                _ask(program, found, sets)
    return found


def _ask(program: Program, found: Measured, sets: dict[str, list[Note]]) -> None:
    for note in next(iter(sets.values()))[:WARM]:
        program.answers(note.id, note.text)
    for name, notes in sets.items():
        pairs = []
        for note in notes:
            began = time.perf_counter()
            spans = program.answers(note.id, note.text)
            found.took.append(time.perf_counter() - began)
            found.characters += len(note.text)
            pairs.append((note, spans))
        found.scores[name] = score(pairs)
    found.rss = program.most_memory


def compared(*, held_out: bool = False) -> list[Measured]:
    """Everybody who is here, ours first."""
    names = [*SETS, *(HELD_OUT if held_out else ())]
    sets = {name: read(NOTES / f"{name}.jsonl") for name in names if (NOTES / f"{name}.jsonl").exists()}
    return [measured(each, sets) for each in (OURS, *(OTHERS if PEERS_PYTHON.exists() else ()))]


class Table(Protocol):
    """The table of targets."""

    def row(self, what: str, floor: str, ours: str, target: str = "", *, met: bool | None = None) -> None:
        """Add a line."""


def rows(table: Table, found: Sequence[Measured]) -> None:
    """What is to be reached whatever the notes: speed, memory, start; beside the strongest peer, where it is here."""
    ours, other = found[0], found[1] if len(found) > 1 else None
    often = ours.speed / other.speed if other else None
    told = "（Presidio + GiNZA）"
    table.row(
        "匿名化、1件ずつ", f"{other.speed:,.0f} 文字/秒{told}" if other else "",
        f"{ours.speed:,.0f} 文字/秒" + (f"（{often:.0f} 倍）" if often else ""), "30,000 文字/秒、20 倍以上",
        met=ours.speed >= 30_000 and (often is None or often >= 20),
    )  # fmt: skip
    for what, value, unit, most, theirs in (
        ("1件の95%が終わるまで", ours.p95 * 1000, "ms", 10, other and other.p95 * 1000),
        ("メモリー（最大）", ours.rss, "MB", 250, other and other.rss),
        ("起動して最初の答えまで", ours.cold * 1000, "ms", 500, other and other.cold * 1000),
    ):
        floor = f"{theirs:.0f} {unit}{told}" if theirs else ""
        table.row(f"匿名化、{what}", floor, f"{value:.1f} {unit}", f"{most} {unit} 以下", met=value <= most)


def section(found: Sequence[Measured]) -> list[str]:
    """The lines of the page."""
    ours, others = found[0], found[1:]
    lines = [
        TITLE,
        "",
        "同じ相談文（どれも作りもの）を、1件ずつ、順に渡して測りました。「覆った」は、印のついたところの全部の文字が伏せられたことです。",
        "",
    ]
    if not others:
        lines += ["ほかのしくみは、`make peers` で入れると、いっしょに測ります。", ""]
    lines += [
        "| | 文字/秒 | 1件の95%が終わるまで | メモリー（最大） | 起動して最初の答えまで |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {m.name} | {m.speed:,.0f} | {m.p95 * 1000:.1f} ms | {m.rss:.0f} MB | {m.cold:.2f} 秒 |"
            for m in found
        ),
        "",
    ]
    for name in ours.scores:
        lines += _scores(name, found)
    if others:
        lines += ["よりそいは、ほかのしくみの何倍か：", ""]
        lines += [f"- {_ratios(ours, each)}" for each in others]
        lines.append("")
    return lines


def _scores(name: str, found: Sequence[Measured]) -> list[str]:
    told = found[0].scores[name]
    lines = [
        f"{(SETS | HELD_OUT)[name]}（`{name}`、{told.notes}件）",
        "",
        "| | 氏名を覆った | 直接の手がかりを覆った | 残りのない相談文 | 伏せた文字の正しさ | 1件あたりの余分 |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for each in found:
        s = each.scores[name]
        lines.append(
            f"| {each.name} | {s.share('PERSON'):.1f} % | {s.direct:.1f} % | {s.tight}/{s.notes} "
            f"| {s.precision:.1f} % | {s.false_per_note:.2f} |"
        )
    return [*lines, ""]


def _ratios(ours: Measured, other: Measured) -> str:
    """How ours stands to another, in words."""
    missed = [sum((m.marked - m.covered).values()) for m in ours.scores.values()]
    theirs = [sum((m.marked - m.covered).values()) for m in other.scores.values()]
    return (
        f"{other.name}：速さ {ours.speed / other.speed:.2f} 倍、95%の時間 {ours.p95 / other.p95:.2f} 倍、"
        f"メモリー {ours.rss / other.rss:.2f} 倍、起動 {ours.cold / other.cold:.2f} 倍、"
        f"見のがした印 {sum(missed) / max(1, sum(theirs)):.2f} 倍"
    )


def replaced(page: str, lines: Sequence[str]) -> str:
    """The page with this section anew; the other sections stay."""
    before, _, rest = page.partition(TITLE)
    _, mark, after = rest.partition("\n## ")
    return before.rstrip() + "\n\n" + "\n".join(lines) + (f"\n## {after}" if mark else "")


def main() -> None:
    """Write this part of the page."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--held-out", action="store_true")
    asked.add_argument("--print", action="store_true", help="only print")
    told = asked.parse_args()
    lines = section(compared(held_out=told.held_out))
    print("\n".join(lines))
    if not told.print:
        PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8"), lines), encoding="utf-8")


if __name__ == "__main__":
    main()
