"""Papers made in a process of their own.

Setting type takes some 80 MB and, the first time, more than half a second. Here the desk carries neither, and the process
is told nothing but the facts: no settings, no keys, no tokens. It sets one paper after the other, and ends when it has had
none for a while, or when the desk is gone.
"""

import asyncio
import atexit
import contextlib
import pickle
import subprocess
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import IO

from bot.reports.facts import (
    AdviceFacts,
    AdviceSummaryFacts,
    BriefFacts,
    CertificateFacts,
    DestructionFacts,
    DoorFacts,
    LinkageFacts,
    NotesFacts,
    ReceiptFacts,
    ReturnFacts,
    ReviewAdviceFacts,
    RosterFacts,
)

ROOT = Path(__file__).parents[2]
LONGEST = 60.0  # seconds one paper may take
RESTS = 30.0  # seconds without a paper after which the process ends
SIZE = 8  # bytes that say how long what follows is
# What a paper is told → the module and the function that draw it.
PAPERS: dict[type, tuple[str, str]] = {
    ReceiptFacts: ("bot.reports.paper", "receipt"),
    AdviceFacts: ("bot.reports.paper", "advice"),
    RosterFacts: ("bot.reports.roster_page", "roster"),
    DoorFacts: ("bot.reports.door", "door"),
    DestructionFacts: ("bot.reports.destruction_page", "destruction"),
    CertificateFacts: ("bot.reports.certificate_page", "certificate"),
    LinkageFacts: ("bot.reports.linkage_page", "linkage"),
    NotesFacts: ("bot.reports.review_notes_page", "review_notes"),
    BriefFacts: ("bot.reports.brief_page", "brief"),
    ReviewAdviceFacts: ("bot.reports.review_advice_page", "review_advice"),
    AdviceSummaryFacts: ("bot.reports.advice_summary_page", "advice_summary"),
    ReturnFacts: ("bot.reports.linkage_page", "letter"),
}


class NotPrinted(Exception):
    """The paper could not be made. What was on it is not told, so that no log repeats it."""


async def printed(facts: object) -> bytes:
    """The paper for these facts, as PDF: whichever `PAPERS` knows. Raises `NotPrinted`."""
    return await asyncio.to_thread(_setter.printed, pickle.dumps(facts))


class _Child:
    """The process. Everything here waits."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            (sys.executable, "-m", "bot.reports.apart"),
            cwd=ROOT,
            env={},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def printed(self, facts: bytes) -> bytes:
        """The paper. Raises `NotPrinted`."""
        assert self._process.stdin  # noqa: S101
        assert self._process.stdout  # noqa: S101
        late = threading.Timer(LONGEST, self._process.kill)
        late.daemon = True
        late.start()
        try:
            _put(self._process.stdin, facts)
            return _take(self._process.stdout)
        except (OSError, EOFError) as error:
            raise NotPrinted from error
        finally:
            late.cancel()

    def end(self) -> None:
        """Let it go and wait until it has."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.kill()
        self._process.wait()


class _Setter:
    """The process there is at the moment, if any; one paper at a time."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._child: _Child | None = None
        self._rests: threading.Timer | None = None

    def printed(self, facts: bytes) -> bytes:
        """The paper. One that waited and has gone meanwhile is replaced. Raises `NotPrinted`."""
        with self._turn:
            if self._rests:
                self._rests.cancel()
            if self._child:
                with contextlib.suppress(NotPrinted):
                    return self._done(self._child.printed(facts))
                self._gone()
            self._child = _Child()
            try:
                return self._done(self._child.printed(facts))
            except NotPrinted:
                self._gone()
                raise

    def end(self) -> None:
        """End the process. The next paper starts another."""
        with self._turn:
            self._gone()

    def _done(self, paper: bytes) -> bytes:
        self._rests = threading.Timer(RESTS, self.end)
        self._rests.daemon = True
        self._rests.start()
        return paper

    def _gone(self) -> None:
        child, self._child = self._child, None
        if child:
            child.end()


_setter = _Setter()
atexit.register(_setter.end)


def _put(pipe: IO[bytes], told: bytes) -> None:
    pipe.write(len(told).to_bytes(SIZE) + told)
    pipe.flush()


def _take(pipe: IO[bytes]) -> bytes:
    """What was put in at the other end. Raises EOFError where that is gone."""
    size = pipe.read(SIZE)
    told = pipe.read(int.from_bytes(size)) if len(size) == SIZE else b""
    if not told or len(told) < int.from_bytes(size):
        raise EOFError
    return told


def _make() -> None:
    """What the process does: facts in, PDF out, until nobody asks any more."""
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            facts = pickle.loads(_take(sys.stdin.buffer))  # noqa: S301 - written by `printed`, in the process that started this one
            module, function = PAPERS[type(facts)]
            _put(sys.stdout.buffer, getattr(import_module(module), function)(facts))


if __name__ == "__main__":
    _make()
