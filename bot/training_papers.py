"""Files about trainings: for calendars, rosters, the code at the door, certificates. Each is made when it is sent."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.messages import Document
from bot.store.database import Reading
from bot.store.outbox import OutboxRow

Made = Callable[[Reading, OutboxRow, dict[str, Any]], Awaitable[Document | None]]


async def paper(ask: Reading, row: OutboxRow, told: dict[str, Any]) -> Document | None:
    """Make the file a row promises; `told` is what a template about a training is told."""
    return await _kinds()[row.template](ask, row, told)


def _kinds() -> dict[str, Made]:
    """What makes each kind. Read in with the first file: a desk that makes none keeps their libraries out of memory."""
    from bot.reports import calendar, certificate, roster

    return {
        "certificate": certificate.paper,
        "calendar": calendar.paper,
        "roster_sheet": roster.sheet,
        "roster_paper": roster.paper,
        "check_in_paper": roster.door,
    }
