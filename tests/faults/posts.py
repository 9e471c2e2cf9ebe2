"""Everything the bot says, said through a Slack that fails four times in ten."""

from dataclasses import dataclass, field

from bot.domain.staff import Actor, Role
from bot.practice.world import BOT
from bot.store.outbox import OutboxRow
from bot.usecases import callbacks, intake
from bot.usecases.desk import tell
from tests.desk import Desk
from tests.faults.races import SUPPORTER

KINDS = ("drop_before", "drop_after", "500", "429")
FOUR_IN_TEN = 0.4
STEP_SECONDS = 61
STEPS = 200
A_STORY = 4  # posts of one consultation: receipt, card, who calls, one more word


def unlucky(desk: Desk, seed: int) -> None:
    """Four calls in ten go wrong, each way equally often."""
    left = 1.0
    for number, what in enumerate(KINDS):
        share = FOUR_IN_TEN / len(KINDS)
        desk.workspace.faults.add(what=what, chance=share / left, seed=seed * 10 + number)
        left -= share


async def promised(desk: Desk, posts: int) -> None:
    """Receive and claim until at least so many messages are promised."""
    counselors = [Actor(f"U_{name}", frozenset({Role.COUNSELOR})) for name in ("SATO", "SUZUKI", "MORI")]
    for number in range(-(-posts // A_STORY)):
        await _a_story(desk, counselors[number % len(counselors)], number)


async def _a_story(desk: Desk, counselor: Actor, number: int) -> None:
    there = desk.bot.desk
    request = intake.Request(("approach",), "u3", intake.Contact(phone="090-1234-5678"), ("any",))
    received = await intake.receive(there, SUPPORTER, request, once=f"posts:{number}")
    await callbacks.claim(there, counselor, received.id)
    async with there.db.transaction(counselor) as tx:
        await tell(tx, SUPPORTER.id, "keep_trying", await tx.consultations.get(received.id), "once more")


async def until_said(desk: Desk) -> None:
    """Let time pass until nothing is promised any more."""
    for _ in range(STEPS):
        await desk.bot.delivery.deliver_waiting()
        async with desk.db.reading() as ask:
            if not await ask.outbox.unfinished(1):
                return
        desk.clock.advance(seconds=STEP_SECONDS)
    raise AssertionError("some promises are never kept")


@dataclass
class Said:
    """What stands in Slack: how often each promise was said, what is missing, and what came in the wrong order."""

    promised: int = 0
    lost: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)


async def counted(desk: Desk) -> Said:
    """Compare every promise with every channel, by the mark each message carries."""
    said: dict[str, list[str]] = {}
    for channel in desk.workspace.world.channels.values():
        for message in channel.messages.values():
            if message["user"] == BOT:
                said.setdefault(message["metadata"]["event_payload"]["id"], []).append(message["ts"])
    async with desk.db.reading() as ask:
        rows = [row for row in await _all(ask) if row.op in {"post", "card"}]
    result = Said(len(rows))
    result.lost = [row.key for row in rows if row.mark not in said]
    result.extra = [row.key for row in rows for _ in said.get(row.mark, ())[1:]]
    result.extra += [f"nobody promised {mark}" for mark in said.keys() - {row.mark for row in rows}]
    by_story: dict[str, list[str]] = {}
    for row in rows:
        story = row.key.split(":")[2 if row.op == "card" else 1]
        by_story.setdefault(story, []).extend(said.get(row.mark, ())[:1])
    result.disordered = [story for story, times in by_story.items() if times != sorted(times)]
    return result


async def _all(ask) -> list[OutboxRow]:
    rows = await ask.connection.rows("SELECT DISTINCT subject FROM outbox", {})
    everything = [row for each in rows for row in await ask.outbox.of(each["subject"])]
    return sorted(everything, key=lambda row: row.id)
