"""Texts are read in a process beside the desk: it may die at any moment, it never outlives the desk, and nobody waits."""

import asyncio
import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.privacy import beside
from bot.privacy.anonymizer import Known, Label, anonymize

NOTE = "中川ヨシ江さん（83歳）が、大津市膳所で転びました。電話は090-1234-5678です。"
LONG = (NOTE * 100)[:3000]


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[beside.Beside]:
    """A child of each test's own, with all the patience a busy machine needs."""
    monkeypatch.setattr(beside, "PATIENCE", 30.0)
    own = beside.Beside()
    monkeypatch.setattr(beside, "_beside", own)
    yield own
    own.close()


def here(text: str, *case, **more):
    """The same text read in this process; a line of JSON keeps four digits of a score."""
    read = anonymize(text, *case, **more)
    spans, hints = (
        tuple(replace(each, score=round(each.score, 4)) for each in found)
        for found in (read.spans, read.hints)
    )
    return replace(read, spans=spans, hints=hints)


def alike(one, other) -> bool:
    """Whether two readings are the same, wherever they were read."""
    return (one.masked, one.refused, [(each.start, each.end, each.label, each.token) for each in one.spans]) == (
        other.masked, other.refused, [(each.start, each.end, each.label, each.token) for each in other.spans]
    )  # fmt: skip


def state(pid: int) -> str:
    """What the system says of a process: "" when there is none, "Z" when only its name is left."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return ""


async def until(condition, seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


@pytest.mark.parametrize(
    "text",
    [
        NOTE,
        LONG,
        "",
        "𠮷田さん 👨‍👩‍👧‍👦 と ｱﾍﾞさん",
        "a\nb\r\nc\u2028d",
        "\ud800\x00「\"'\\",
        "ふつうの文です。",
    ],
)
async def test_what_is_read_beside_is_what_is_read_here(text):
    known, keep = ["湖北", Known("ひだまり", Label.FACILITY, "（施設）")], ["森"]

    read = await beside.read(text, known, keep, taken=["B"])

    assert read == here(text, known, keep, taken=["B"])


async def test_the_record_is_read_with_its_dates(fresh):
    text = "2025年4月に入院し、2026年5月に退院。"

    assert await beside.read(text, dates=True) == here(text, dates=True)
    assert await beside.read(text, dates=True) != await beside.read(text)
    assert fresh.pid


async def test_a_child_that_died_is_replaced(fresh):
    await beside.read(NOTE)
    first = fresh.pid
    os.kill(first, signal.SIGKILL)

    read = await beside.read(NOTE)

    assert alike(read, anonymize(NOTE))
    assert fresh.pid not in {None, first}


async def test_a_child_killed_while_it_reads_costs_no_answer(fresh):
    await beside.read(NOTE)
    first = fresh.pid
    os.kill(first, signal.SIGSTOP)
    asked = asyncio.create_task(beside.read(NOTE))
    await until(lambda: fresh.waits() > 0)
    assert not asked.done()

    os.kill(first, signal.SIGKILL)

    assert alike(await asked, anonymize(NOTE))
    assert fresh.pid not in {None, first}


async def test_a_child_that_hangs_is_not_waited_for(fresh, monkeypatch):
    await beside.read(NOTE)
    first = fresh.pid
    os.kill(first, signal.SIGSTOP)
    monkeypatch.setattr(beside, "PATIENCE", 0.05)
    monkeypatch.setattr(beside, "HUNG", 0.2)

    while not fresh.waits():  # on a busy machine a question is given up before it is asked
        assert alike(await beside.read(NOTE), anonymize(NOTE))
    assert fresh.pid == first  # it may only be slow
    await until(lambda: fresh.waits() > 0.2)
    while fresh.pid == first:  # whoever asks next finds that it hangs
        assert alike(await beside.read(NOTE), anonymize(NOTE))
    monkeypatch.setattr(beside, "PATIENCE", 30.0)
    assert alike(await beside.read(NOTE), anonymize(NOTE))


@pytest.mark.parametrize(
    "command",
    [
        (sys.executable, "-c", "raise SystemExit(3)"),
        (sys.executable, "-c", "import sys\nfor line in sys.stdin: print('?', flush=True)"),
        (
            sys.executable,
            "-c",
            'import sys\nfor line in sys.stdin: print(\'{"id": "0", "masked": ""}\', flush=True)',
        ),
        ("/nowhere/at/all",),
    ],
    ids=["ends at once", "says nonsense", "answers another question", "is not there"],
)
async def test_without_a_child_the_text_is_read_here(monkeypatch, command):
    broken = beside.Beside(command)
    monkeypatch.setattr(beside, "_beside", broken)

    assert alike(await beside.read(NOTE), anonymize(NOTE))
    assert not broken.free()  # and it is left alone for a while
    assert alike(await beside.read(NOTE), anonymize(NOTE))

    broken.close()


NEVER_ANSWERS = "import sys; print(len(sys.stdin.readline()), file=open(sys.argv[1], 'a')); sys.stdin.read()"


@pytest.mark.parametrize("let_go", [True, False])
async def test_whoever_was_let_go_in_the_middle_of_a_question_asks_no_other_child(tmp_path, let_go):
    heard = tmp_path / "heard"
    own = beside.Beside((sys.executable, "-c", NEVER_ANSWERS, str(heard)))
    heard.touch()
    try:
        asked = own.ask(NOTE)
        await until(lambda: heard.read_text().count("\n") == 1)

        if let_go:
            await asyncio.to_thread(own.close)
            with pytest.raises(beside.NoAnswer):
                asked.result(0)
            assert own.pid is None
        else:  # the control: where the child alone has gone, another one is asked
            os.kill(own.pid, signal.SIGKILL)
            await until(lambda: heard.read_text().count("\n") == 2)

        assert heard.read_text().count("\n") == (1 if let_go else 2)
    finally:
        await asyncio.to_thread(own.close)


async def test_many_ask_at_once_and_each_has_its_own_answer():
    texts = [f"{name}さんの件です。" for name in ("中川", "田中", "山本", "佐々木", "高橋")] * 8

    read = await asyncio.gather(*(beside.read(text) for text in texts))

    assert [each.text for each in read] == texts
    assert all(alike(each, anonymize(each.text)) for each in read)


async def test_who_asked_and_went_away_stops_nobody():
    gone = asyncio.create_task(beside.read(LONG))
    await asyncio.sleep(0)
    gone.cancel()

    assert alike(await beside.read(NOTE), anonymize(NOTE))
    with pytest.raises(asyncio.CancelledError):
        await gone


def test_two_loops_share_one_child(fresh):
    found: list[tuple[object, int | None]] = []

    def ask() -> None:
        found.append((asyncio.run(beside.read(NOTE)), fresh.pid))

    ask()
    threads = [threading.Thread(target=ask) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert {pid for _, pid in found} == {fresh.pid}
    assert all(alike(read, anonymize(NOTE)) for read, _ in found)


async def longest_pause(work) -> float:
    """The longest time for which a task that only ticks was kept from it while `work` was done."""
    longest, over = 0.0, False

    async def tick() -> None:
        nonlocal longest
        at = time.perf_counter()
        while not over:
            await asyncio.sleep(0)
            now = time.perf_counter()
            longest, at = max(longest, now - at), now

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0)
    for _ in range(5):
        await work()
    over = True
    await ticking
    return longest


async def test_a_long_text_does_not_hold_up_the_desk():
    async def inline() -> None:
        anonymize(LONG)

    await beside.read(LONG)
    anonymize(LONG)
    held_up = await longest_pause(inline)  # the control: on the loop itself
    pauses = [await longest_pause(lambda: beside.read(LONG)) for _ in range(3)]

    assert min(pauses) < held_up / 2


async def test_nothing_of_a_text_is_left_anywhere(caplog, fresh):
    caplog.set_level(logging.DEBUG)
    await beside.read(NOTE)
    os.kill(fresh.pid, signal.SIGSTOP)
    asked = asyncio.create_task(beside.read(NOTE))
    await until(lambda: fresh.waits() > 0)
    seen = [Path(f"/proc/{fresh.pid}/{each}").read_bytes() for each in ("cmdline", "environ")]
    os.kill(fresh.pid, signal.SIGKILL)
    await asked

    assert "中川" not in caplog.text
    assert all("中川".encode() not in each for each in seen)


async def test_the_child_is_given_no_secret_of_the_desk(monkeypatch):
    monkeypatch.setenv("YORISOI_MASTER_KEY", "a-secret")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "another")
    own = beside.Beside()
    monkeypatch.setattr(beside, "_beside", own)
    await beside.read(NOTE)

    environment = Path(f"/proc/{own.pid}/environ").read_bytes()

    own.close()
    assert b"PATH=" in environment
    assert b"YORISOI" not in environment
    assert b"SLACK" not in environment


async def test_a_text_nobody_could_have_typed_is_not_handed_over(fresh, monkeypatch):
    monkeypatch.setattr(beside, "MOST", 100)

    assert (await beside.read(LONG)).masked == anonymize(LONG).masked
    assert fresh.pid is None


PARENT = """
import asyncio, sys, time
from bot.privacy import beside
asyncio.run(beside.read("中川さんの件です。"))
print(beside._beside.pid, flush=True)
{then}
"""


@pytest.mark.parametrize("how", ["kill -9", "in peace"])
async def test_no_child_outlives_its_parent(how):
    then = "sys.stdin.read()" if how != "in peace" else ""
    parent = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PARENT.format(then=then)],
        cwd=beside.HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        child = int(await asyncio.to_thread(parent.stdout.readline))
        assert state(child) if how != "in peace" else True
        if how != "in peace":
            parent.kill()
        _, said = await asyncio.to_thread(parent.communicate)
        await until(lambda: state(child) in {"", "Z"})
        assert said == b""  # no warning of a process or a pipe left open
    finally:
        parent.kill()
        parent.wait()


async def test_it_ends_quietly_and_begins_again(fresh):
    await beside.read(NOTE)
    first = fresh.pid

    beside.end()

    assert state(first) in {"", "Z"}
    assert fresh.pid is None
    assert alike(await beside.read(NOTE), anonymize(NOTE))
