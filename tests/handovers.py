"""What tests of つなぐ have in common: an agreement, a sheet that was sent, and the days of the desk."""

from datetime import date, timedelta

from bot.domain.agreement import Agreement
from bot.domain.handover import Package
from bot.usecases import agreements, handovers
from bot.usecases.agreements import Asked
from bot.usecases.desk import TOKYO
from bot.usecases.handover_ways import Office
from bot.usecases.handovers import Draft, Wanted

NAGAHAMA, MAIBARA, OTSU = "252034", "252140", "252018"
FIELDS = ("theme", "reason", "trouble", "wish", "supporter_contact")
TWO = (Office("juso", NAGAHAMA, "健康福祉部 社会福祉課"), Office("juso", MAIBARA, "くらし支援課", n=2))
TEXTS = {
    "trouble": "訪問しても、玄関で断られる。",
    "wish": "この家で暮らしつづけたい。",
    "supporter_contact": "via_desk",
}


def today(desk) -> date:
    return desk.clock.now.astimezone(TOKYO).date()


def asked(desk, **changes) -> Asked:
    """A written yes to the 重層的支援会議 of two towns, for 90 days."""
    told = {
        "answer": "given", "who": "person", "how": "written", "relation": None, "fields": FIELDS, "offices": TWO,
        "given_on": today(desk), "until": today(desk) + timedelta(days=90),
    }  # fmt: skip
    return Asked(**{**told, **changes})


async def agreed(desk, number: str, by: str = "U_SATO", **changes) -> Agreement:
    return await agreements.record(
        desk.bot.desk,
        await desk.actor(by),
        await desk.id_of(number),
        asked(desk, **changes),
        once=desk.once(),
    )


async def drafted(desk, number: str, agreement: Agreement, by: str = "U_SATO", **changes):
    """The sheets for all receivers of an agreement, not sent yet."""
    told = {"way": "consent", "purpose": "plan", "receivers": agreement.receivers, "texts": TEXTS} | changes
    return await handovers.draft(
        desk.bot.desk, await desk.actor(by), await desk.id_of(number),
        Draft(told["way"], told["purpose"], told["receivers"], agreement.id, told["texts"]), once=desk.once(),
    )  # fmt: skip


async def sent(desk, number: str, agreement: Agreement, by: str = "U_SATO", **changes) -> list[Package]:
    looked = await drafted(desk, number, agreement, by, **changes)
    batch = looked.sheets[0][0].batch
    await handovers.send(desk.bot.desk, await desk.actor(by), batch, looked.digest)
    await desk.settle()
    return await packages(desk, number)


async def packages(desk, number: str) -> list[Package]:
    async with desk.db.reading() as ask:
        return await ask.handovers.packages_of(await desk.id_of(number))


async def found(desk, number: str, wanted: Wanted, by: str = "U_SATO"):
    return await handovers.begin(desk.bot.desk, await desk.actor(by), await desk.id_of(number), wanted)
