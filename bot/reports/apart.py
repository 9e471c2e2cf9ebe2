"""Papers made in a process of their own.

Setting type takes half a second and some 80 MB. Here the desk carries neither, and the process is told nothing but the facts:
no settings, no keys, no tokens.
"""

import asyncio
import pickle
import sys
from importlib import import_module
from pathlib import Path

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
LONGEST = 60.0  # seconds
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
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.reports.apart"),
        cwd=ROOT,
        env={},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(LONGEST):
            pdf, _ = await process.communicate(pickle.dumps(facts))
    except TimeoutError as error:
        raise NotPrinted(f"not ready after {LONGEST:.0f} seconds") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise NotPrinted(f"ended with {process.returncode}")
    return pdf


def _make() -> None:
    """What the process does: facts in, PDF out."""
    facts = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by `printed`, in the process that started this one
    module, function = PAPERS[type(facts)]
    sys.stdout.buffer.write(getattr(import_module(module), function)(facts))


if __name__ == "__main__":
    _make()
