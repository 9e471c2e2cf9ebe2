"""What tests of つなぐ have in common: an agreement, a sheet that was sent, and the days of the desk."""

from datetime import date, timedelta

from bot.domain.agreement import Agreement, Withdrawal
from bot.domain.business_time import TOKYO
from bot.domain.handover import Package
from bot.usecases import agreements, handovers
from bot.usecases.agreements import Asked
from bot.usecases.handover_ways import Office
from bot.usecases.handovers import Draft, Wanted
from bot.usecases.package_content import Content

NAGAHAMA, MAIBARA, OTSU = "252034", "252140", "252018"
FIELDS = ("theme", "reason", "trouble", "wish", "supporter_contact")
TWO = (Office("juso", NAGAHAMA, "健康福祉部 社会福祉課"), Office("juso", MAIBARA, "くらし支援課", n=2))
WITH_MEMBER = (Office("juso", NAGAHAMA, "社会福祉課", person="U_KITAMURA"), Office("juso", MAIBARA, n=2))
SHIEN = Office("shien_juso", NAGAHAMA, "健康福祉部 社会福祉課")
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


async def takes_back(desk, agreement: Agreement, by: str = "U_SATO", **part) -> list[Package]:
    """The yes is taken back by word of mouth: all of it, or only for these receivers or fields."""
    said = Withdrawal(today(desk), "oral", **{name: frozenset(those) for name, those in part.items()})
    back = await agreements.take_back(
        desk.bot.desk, await desk.actor(by), agreement.id, said, once=desk.once()
    )
    await desk.settle()
    return back


async def drafted(desk, number: str, agreement: Agreement, by: str = "U_SATO", **changes):
    """The sheets for all receivers of an agreement, not sent yet."""
    told = {"way": "consent", "purpose": "plan", "receivers": agreement.receivers, "texts": TEXTS} | changes
    return await handovers.draft(
        desk.bot.desk, await desk.actor(by), await desk.id_of(number),
        Draft(told["way"], told["purpose"], told["receivers"], agreement.id, told["texts"]), once=desk.once(),
    )  # fmt: skip


async def by_law(desk, number, by="U_SATO", office=SHIEN, *, secrecy=True, texts=TEXTS):
    """A sheet without consent, drafted for a 支援会議."""
    way = await found(desk, number, Wanted("plan", office=office), by)
    draft = Draft(str(way.route.way), "plan", tuple(each.id for each in way.receivers), None, texts, secrecy)
    return await handovers.draft(
        desk.bot.desk, await desk.actor(by), await desk.id_of(number), draft, once=desk.once()
    )


async def send(desk, looked, by="U_SATO"):
    return await handovers.send(desk.bot.desk, await desk.actor(by), looked.sheets[0][0].batch, looked.digest)


async def sent(desk, number: str, agreement: Agreement, by: str = "U_SATO", **changes) -> list[Package]:
    await send(desk, await drafted(desk, number, agreement, by, **changes), by)
    await desk.settle()
    return await packages(desk, number)


async def packages(desk, number: str) -> list[Package]:
    async with desk.db.reading() as ask:
        return await ask.handovers.packages_of(await desk.id_of(number))


async def found(desk, number: str, wanted: Wanted, by: str = "U_SATO"):
    return await handovers.begin(desk.bot.desk, await desk.actor(by), await desk.id_of(number), wanted)


async def content(desk, package) -> Content:
    async with desk.db.reading() as ask:
        return Content.read(await ask.handovers.content(package))


async def token(desk, package, step="answer") -> str:
    async with desk.db.reading() as ask:
        return ask.handovers.token(package.id, step)


async def opens_linkage(somebody, number: str) -> None:
    """From the Home, through the consultation, to its window of つなぐ."""
    await somebody.open_home()
    await somebody.presses("details.open", await somebody.desk.id_of(number), where="home")
    await somebody.presses("linkage.open", where="view")
