"""Everything that is said about what is destroyed, drawn for `bot/surfaces.py`."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from bot.domain.consultation import Status
from bot.domain.retention import Kind
from bot.messages import Message, render
from bot.reports import destruction
from bot.surfaces_facts import Facts

TEMPLATES = frozenset(
    {
        "clock_leapt",
        "destroyed",
        "expiry_near",
        "expiry_trouble",
        "paper_destruction",
        "paper_destruction_title",
    }
)
DAY, OTHER_DAY = date(2032, 4, 1), date(2033, 3, 31)
EARLY, LATE = (datetime(year, 4, 1, tzinfo=UTC) for year in (2026, 2032))


def expiry_messages(facts: Facts) -> Iterator[tuple[str, Message]]:
    """Give each message with its name."""
    rules = facts.organisation.retention
    found = (
        {str(kind): 10**6 for kind in Kind} if facts.worst else {"consultation": 12, "training_answers": 1}
    )
    yield "messages/destroyed", destruction.note(DAY, found, again=facts.worst)
    yield "messages/destroyed/nothing", destruction.note(DAY, {}, again=False)
    yield "messages/expiry_near", destruction.warning(facts.many(Status.CLOSED), rules)
    yield "messages/expiry_near/none", destruction.warning([], rules)
    for name, since, at, waits in (
        ("waits", EARLY, LATE, True),
        ("ahead", EARLY, LATE, False),
        ("back", LATE, EARLY, False),
    ):
        yield (
            f"messages/clock_leapt/{name}",
            render("messages/clock_leapt", since=since, until=at, waits=waits),
        )
    for why in ("left", "log", "silent"):
        yield (
            f"messages/expiry_trouble/{why}",
            render("messages/expiry_trouble", why=why, count=found["consultation"]),
        )
    yield "messages/paper_destruction", render("messages/paper_destruction")
    for n, until in enumerate((DAY, OTHER_DAY), 1):
        title = render("messages/paper_destruction_title", since=str(DAY), until=str(until))
        yield f"messages/paper_destruction_title/{n}", title
