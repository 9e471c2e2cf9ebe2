"""Papers made in a process of their own.

Setting type takes half a second and some 80 MB. Here the desk carries neither, and the process is told nothing but the facts:
no settings, no keys, no tokens.
"""

import asyncio
import pickle
import sys
from pathlib import Path

from bot.reports.facts import AdviceFacts, ReceiptFacts

ROOT = Path(__file__).parents[2]
LONGEST = 60.0  # seconds


class NotPrinted(Exception):
    """The paper could not be made. What was on it is not told, so that no log repeats it."""


async def printed(facts: ReceiptFacts | AdviceFacts) -> bytes:
    """The paper for these facts, as PDF: a receipt or an advice. Raises `NotPrinted`."""
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
    from bot.reports.paper import advice, receipt

    facts = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by `printed`, in the process that started this one
    sys.stdout.buffer.write(receipt(facts) if isinstance(facts, ReceiptFacts) else advice(facts))


if __name__ == "__main__":
    _make()
