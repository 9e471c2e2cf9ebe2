"""Everything that is said about what is destroyed, drawn for `bot/surfaces.py`."""

from collections.abc import Iterator
from datetime import date

from bot.domain.consultation import Status
from bot.domain.retention import Kind
from bot.messages import Message, render
from bot.reports import destruction
from bot.surfaces_facts import Facts

TEMPLATES = frozenset({"destroyed", "expiry_near", "paper_destruction", "paper_destruction_title"})
DAY, OTHER_DAY = date(2032, 4, 1), date(2033, 3, 31)


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
    yield "messages/paper_destruction", render("messages/paper_destruction")
    for n, until in enumerate((DAY, OTHER_DAY), 1):
        title = render("messages/paper_destruction_title", since=str(DAY), until=str(until))
        yield f"messages/paper_destruction_title/{n}", title
