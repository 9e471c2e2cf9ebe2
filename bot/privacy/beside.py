"""Reading a text in a process beside the desk, so that the desk goes on answering meanwhile.

One child for each process, started at the first question (or by `warm`) and shared by all event loops. It is the same
`python -m bot anonymize` anybody can run: a line of JSON in, a line of JSON out, in turn. It ends when its standard input
does, so it never outlives the desk. It is given neither the settings nor the secrets of the desk, and nothing of a text is
written to a log, a file or a command line. Where the child cannot answer, the same pure function does, in a thread.
"""

import asyncio
import atexit
import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from bot.privacy import terms
from bot.privacy.anonymizer import Anonymized, Known, Label, Span, anonymize
from bot.privacy.terms import Word

COMMAND = (sys.executable, "-m", "bot", "anonymize")
HERE = Path(__file__).resolve().parents[2]
PATIENCE = 1.2  # seconds: whoever sent a form waits three at most
HUNG = 10.0  # seconds after which a child that says nothing is taken for lost
RESTS = 30.0  # seconds in which a child that could not be started is not tried again
MOST = 100_000  # characters; longer than anything the desk takes, and read without the child
_INHERITED = ("PATH", "LANG", "LC_ALL", "TZ", "HOME", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV", "PYTHONPATH")

Line = dict[str, Any]


class NoAnswer(Exception):
    """The child is gone, or said something else. Holds nothing of what was asked."""


class Child:
    """One process: a question in, an answer out, in turn. Everything here waits; call it from a thread of its own."""

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        """Raises OSError where it cannot be started."""
        self._process = subprocess.Popen(  # noqa: S603 - our own program, nothing of a text in its words
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=HERE,
            env={
                **{name: os.environ[name] for name in _INHERITED if name in os.environ},
                "PYTHONUTF8": "1",
            },
            start_new_session=True,  # Ctrl-C is for the desk: it ends this one when it has no more questions
        )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def ask(self, question: Line) -> Line:
        """Give its answer. Raises NoAnswer."""
        assert self._process.stdin  # noqa: S101
        assert self._process.stdout  # noqa: S101
        try:
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
            self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline())
            if answer["id"] == question["id"] and "masked" in answer:
                return dict(answer)
        except (OSError, ValueError, KeyError, TypeError):
            pass
        raise NoAnswer

    def kill(self) -> None:
        """End it now; whoever waits for its answer hears at once that there is none."""
        self._process.kill()

    def end(self) -> None:
        """Let it go and wait until it has."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            self._process.wait(1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Beside:
    """The child, whoever it is at the moment, and the thread that talks to it."""

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self._questions: queue.SimpleQueue[tuple[Future[Line], Line] | None] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._child: Child | None = None
        self._numbers = 0
        self._asked_at: float | None = None
        self._rests_until = 0.0

    @property
    def pid(self) -> int | None:
        """The process id of the child, where there is one."""
        return self._child.pid if self._child else None

    def ask(self, text: str, **more: Any) -> Future[Line]:
        """Ask for a text to be read. The future raises NoAnswer where nobody could."""
        future: Future[Line] = Future()
        with self._starting:
            self._numbers += 1
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="anonymizer", daemon=True)
                self._thread.start()
            self._questions.put((future, {"id": str(self._numbers), "text": text, **more}))
        return future

    def waits(self) -> float:
        """For how many seconds the child has been asked the same question."""
        since = self._asked_at
        return 0.0 if since is None else time.monotonic() - since

    def free(self) -> bool:
        """Whether it is worth asking: a child that hangs is ended, one that would not start is left alone a while."""
        child, waits = self._child, self.waits()
        if child is not None and waits > HUNG:
            child.kill()
        return waits < PATIENCE and time.monotonic() >= self._rests_until

    def close(self) -> None:
        """End the child and the thread. The next question starts both again."""
        with self._starting:
            thread, self._thread = self._thread, None
            if thread is None or not thread.is_alive():
                return
            self._questions.put(None)
        thread.join(1)
        if thread.is_alive() and self._child:  # in the middle of a question nobody waits for any more
            self._child.kill()
            thread.join(5)

    def _work(self) -> None:
        try:
            while (asked := self._questions.get()) is not None:
                future, question = asked
                if not future.set_running_or_notify_cancel():
                    continue
                self._asked_at = time.monotonic()
                try:
                    future.set_result(self._answered(question))
                except Exception:  # noqa: BLE001 - what went wrong may hold a text
                    future.set_exception(NoAnswer())
                finally:
                    self._asked_at = None
        finally:
            self._let_go()

    def _answered(self, question: Line) -> Line:
        """Ask the child; where it has gone, ask a new one, once."""
        for _ in range(2):
            if self._thread is not threading.current_thread():
                raise NoAnswer  # let go while it waited: whoever is next has a child of their own
            try:
                self._child = self._child or Child(self._command)
                return self._child.ask(question)
            except (NoAnswer, OSError):
                self._let_go()
        self._rests_until = time.monotonic() + RESTS
        raise NoAnswer

    def _let_go(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()


_beside = Beside()
atexit.register(_beside.close)


def warm() -> None:
    """Start the child now, so that the first question is answered as quickly as the second."""
    _beside.ask("")


def end() -> None:
    """End the child. The next question starts another."""
    _beside.close()


async def read(
    text: str,
    known: Sequence[str | Known] = (),
    keep: Collection[str] = (),
    *,
    dates: bool = False,
    taken: Collection[str] = (),
) -> Anonymized:
    """Read a text like `anonymize` (see there), while everybody else is answered. Never fails for want of a child."""
    if not text:
        return Anonymized(text, (), text, refused=False)
    if len(text) <= MOST and _beside.free():
        asked = _beside.ask(
            text, known=[_told(each) for each in known], keep=list(keep), dates=dates, taken=list(taken)
        )
        try:
            async with asyncio.timeout(PATIENCE):
                told: Line = await asyncio.wrap_future(asked)
            return _understood(text, told)
        except (TimeoutError, NoAnswer, LookupError, ValueError):
            pass
    return await asyncio.to_thread(_read_here, text, known, keep, dates=dates, taken=taken)


_here = threading.Lock()


def _read_here(text: str, *case: Any, **more: Any) -> Anonymized:
    """Read it in this process: one text at a time, the dictionary takes no two."""
    with _here:
        return anonymize(text, *case, **more)


async def words(texts: Sequence[str]) -> list[list[Word]]:
    """Give the words that texts can be found by, like `terms.words` (see there), while everybody else is answered."""
    if any(texts) and sum(map(len, texts)) <= MOST and _beside.free():
        try:
            async with asyncio.timeout(PATIENCE):
                told: Line = await asyncio.wrap_future(_beside.ask("", words=list(texts)))
            return [[Word(start, end, tuple(found)) for start, end, found in each] for each in told["words"]]
        except (TimeoutError, NoAnswer, LookupError, ValueError, TypeError):
            pass
    return await asyncio.to_thread(lambda: [terms.words(each) if each else [] for each in texts])


def _told(known: str | Known) -> str | Line:
    if isinstance(known, str):
        return known
    return {"surface": known.surface, "label": known.label.value, "token": known.token}


def _understood(text: str, told: Mapping[str, Any]) -> Anonymized:
    spans, hints = (tuple(map(_span, told[name])) for name in ("spans", "hints"))
    return Anonymized(text, spans, told["masked"], told["refused"], hints)


def _span(told: Mapping[str, Any]) -> Span:
    return Span(told["start"], told["end"], Label(told["label"]), told["score"], told.get("token", ""))
