"""What is said about entries of the directory, made at the moment of saying it: nothing, where it was confirmed since."""

from bot.domain.directory import Agency, Entry, is_due
from bot.messages import Message, render
from bot.organisation import Organisation
from bot.store.database import Reading
from bot.store.directory import entry
from bot.store.outbox import OutboxRow


async def compose(ask: Reading, row: OutboxRow, organisation: Organisation) -> Message | None:
    """Make what a row about an entry promises."""
    found = await entry(ask, str(row.facts["place"]))
    if not is_due(found, ask.today):
        return None
    return told(row.template, found, organisation)


def told(template: str, found: Entry, organisation: Organisation) -> Message:
    """Say it. The names are those of offices."""
    places = {each.code: each.label for each in organisation.offered("municipalities")}
    town = places.get(found.municipality, "")
    name = found.name if isinstance(found, Agency) else town
    return render(f"messages/{template}", e=found, name=name, place=town if isinstance(found, Agency) else "")
