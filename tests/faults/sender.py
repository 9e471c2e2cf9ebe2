"""Delivery with ears, and with words as the bot makes them, to be promised to and to be killed."""

from dataclasses import dataclass, field
from types import SimpleNamespace

from bot.delivery import Delivery
from bot.domain.staff import Actor

MIKA = Actor("U_MIKA")


async def compose(reading, row):
    """Words as the bot makes them: from the row's facts, and from what stands in the database now."""
    match row.op:
        case "home":
            return SimpleNamespace(view={"type": "home", "blocks": []})
        case "upload":
            return SimpleNamespace(filename="a4.pdf", title="t", content=b"pdf" * 100, comment="c")
        case "card":
            timers = await reading.timers.of(row.subject)
            return SimpleNamespace(text=f"card {row.subject} {len(timers)}", blocks=None)
        case _:
            return SimpleNamespace(text=f"{row.template} {row.facts.get('n')}", blocks=[{"type": "divider"}])


@dataclass
class Post:
    """Delivery with ears: whom it told, and what."""

    db: object
    client: object
    clock: object
    told: list = field(default_factory=list)
    late: list = field(default_factory=list)
    compose: object = compose
    allowed: object = staticmethod(lambda row: row.to != "C_FORBIDDEN")

    def __post_init__(self):
        self.delivery = self.anew()

    def anew(self, **given) -> Delivery:
        async def dead(row):
            self.told.append((row.key, row.why))

        async def late(oldest):
            self.late.append(oldest)

        settings = {"on_dead": dead, "on_late": late} | given
        return Delivery(self.db, self.client, self.compose, self.allowed, **settings)

    async def promise(self, *keys: str, **given) -> None:
        async with self.db.transaction(MIKA) as tx:
            for key in keys:
                await tx.outbox.add("said", **({"to": "C1", "key": key, "n": key} | given))

    async def card(self, subject: str = "c1", *, to: str = "C1") -> None:
        async with self.db.transaction(MIKA) as tx:
            await tx.outbox.card("triage", to=to, subject=subject)

    async def until_finished(self, *, step: float = 10, times: int = 400) -> None:
        for _ in range(times):
            await self.delivery.deliver_waiting()
            async with self.db.reading() as reading:
                if not await reading.outbox.unfinished(1):
                    return
            self.clock.advance(seconds=step)
        raise AssertionError(await self.states())

    async def states(self) -> dict[str, str]:
        async with self.db.reading() as reading:
            rows = await reading.connection.rows("SELECT key, state, why FROM outbox ORDER BY id", {})
        return {row["key"]: f"{row['state']} {row['why'] or ''}".strip() for row in rows}
