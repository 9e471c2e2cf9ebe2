"""What the made-up year hands on with consent: sheets in every state, through the acts people press."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from bot.domain.agreement import Withdrawal
from bot.domain.handover import Package
from bot.organisation import Organisation
from bot.seed_brought import Brought, OpenDays, all_brought
from bot.seed_deeds import Act, Acts, Cast
from bot.seed_words import read
from bot.usecases import agreements, handover_answers, handovers
from bot.usecases.agreements import Asked
from bot.usecases.desk import Desk
from bot.usecases.handover_answers import ACCEPTED, REJECTED, Said
from bot.usecases.handover_ways import Office
from bot.usecases.handovers import Draft, Preview

LASTS = timedelta(days=180)


def entries(there: Organisation, cast: Cast, days: OpenDays, seed: int) -> list[Acts]:
    """Give the lives of every consultation of which something is handed on."""
    return all_brought("linked", partial(Linked, there, cast), days, seed)


class Linked(Brought):
    """One consultation with an agreement, and sheets for the meetings of some towns."""

    agreement = ""

    def _onward(self) -> Sequence[Act]:
        return [
            *self._act_at("agreed", 11, self._agree),
            *self._act_at("sent", 10, self._send),
            *self._act_at("sent", 15, self._hear_back),
            *self._act_at("withdrawn", 11, self._take_back),
            *self._act_at("withdrawn", 16, self._come_back),
            *self._act_at("drafted", 11, self._prepare_more),
        ]

    async def _agree(self, desk: Desk) -> None:
        today, sheet = self.days.on(self.given["agreed"]), read("reviews")["sheet"]
        offices = tuple(
            Office("juso", town, sheet["offices"][town], n=n)
            for n, town in enumerate(self.given["municipalities"], 1)
        )
        asked = Asked(
            "given", "person", "written", None, tuple(sheet["texts"]), offices, today, today + LASTS
        )
        made = await agreements.record(desk, self.holder, self.id, asked, once=self._once("agreement"))
        self.agreement = made.id

    async def _prepare(self, desk: Desk, purpose: str) -> Preview:
        async with desk.db.reading() as ask:
            agreement = await ask.handovers.agreement(self.agreement)
        texts = read("reviews")["sheet"]["texts"]
        drafted = Draft("consent", purpose, agreement.receivers, agreement.id, texts)
        return await handovers.draft(desk, self.holder, self.id, drafted, once=self._once("sheet"))

    async def _send(self, desk: Desk) -> None:
        looked = await self._prepare(desk, "plan")
        await handovers.send(desk, self.holder, looked.sheets[0][0].batch, looked.digest)

    async def _prepare_more(self, desk: Desk) -> None:
        await self._prepare(desk, "roles")

    async def _hear_back(self, desk: Desk) -> None:
        for package, state in zip(await self._sheets(desk), self.given["to"], strict=True):
            if state == "rejected":
                said = Said(REJECTED, "full", read("reviews")["sheet"]["rejected"])
                await handover_answers.answer(desk, self.holder, package.id, said)
            elif state != "sent":
                await handover_answers.answer(desk, self.holder, package.id, Said(ACCEPTED))
            if state == "done":
                await handover_answers.finish(desk, self.holder, package.id)

    async def _take_back(self, desk: Desk) -> None:
        taken = Withdrawal(self.days.on(self.given["withdrawn"]), "phone")
        await agreements.take_back(desk, self.holder, self.agreement, taken, once=self._once("withdrawal"))

    async def _come_back(self, desk: Desk) -> None:
        for package, state in zip(await self._sheets(desk), self.given["to"], strict=True):
            if state == "returned":
                await handover_answers.confirm_return(desk, self.holder, package.id)

    async def _sheets(self, desk: Desk) -> list[Package]:
        """What was sent, in the order in which it was prepared."""
        async with desk.db.reading() as ask:
            return sorted(await ask.handovers.packages_of(self.id), key=lambda each: each.number)
