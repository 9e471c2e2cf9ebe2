"""What the trail holds of each record, and whether records are still what it says."""

import hashlib
import json
from dataclasses import replace

from bot.domain.casework import TEXTS, Record
from bot.domain.events import Event
from bot.domain.staff import THE_CLOCK
from bot.store.database import Reading
from bot.store.records import day
from bot.store.rows import encode
from bot.usecases.desk import Desk

PAGE = 500
SINCE_2 = (
    "age_band", "sex", "household", "theme", "purpose", "agreement", "unusual", "likeness", "of_case",
)  # fmt: skip


async def verify(ask: Reading) -> tuple[str, ...]:
    """Give the ids of records that are not what the trail says was kept, or not there. There should be none.

    A record the trail does not tell of yet counts only by its own hash, until the night after it was made.
    """
    noted = {each.subject: each for each in reversed(await ask.audit.told(Event.RECORD_KEPT))}
    last = max((day(each.at) for each in noted.values()), default=None)
    broken = set(noted)
    erased = await ask.replacements.erased()
    after = ""
    while page := await ask.records.page(after, PAGE):
        for each in page:
            told = noted.get(each.id)
            right = told.detail["hash"] == each.hash if told else last is None or each.made_at >= last
            whole = each.hash == hash_of(each) or (
                each.id in erased and not any(getattr(each, name) for name in TEXTS)
            )
            (broken.discard if right and whole else broken.add)(each.id)
        after = page[-1].id
    return tuple(sorted(broken))


async def note(desk: Desk) -> None:
    """Let the trail tell of every record that was kept since, in an order that leads to nobody: at night, by the clock."""
    more = True
    while more:
        async with desk.db.transaction(THE_CLOCK) as tx:
            found = await tx.records.unnoted(PAGE)
            for record, kept, offered in found:
                await tx.audit.record(Event.RECORD_KEPT, record, hash=kept)
                if offered:
                    await tx.audit.record(Event.RECORD_OFFERED, record)
        more = len(found) == PAGE


def hash_of(record: Record) -> str:
    """Give the hash over all that a record says, its own left out; of an earlier ruleset over what there was then."""
    told = encode(replace(record, hash=""))
    if record.ruleset == "2026-11":
        told = {name: value for name, value in told.items() if name not in SINCE_2}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
