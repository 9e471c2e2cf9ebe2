"""Reading for an advice review: whoever had a part does not read, what is kept from others is not read, readers are reminded."""

import pytest

from bot import codes
from bot.domain.advice_review import NothingToRead
from bot.domain.refusals import NotAllowed
from bot.domain.review import Plan, Review, Stage
from bot.store.rows import instant
from bot.usecases import advice_reviews, closing, expiry, replacing
from tests.advice_reviews import WELL, closed, opened, recorded, samples


async def consultation_of(desk, record: str) -> str:
    """Where a record came from."""
    [row] = await desk.rows("SELECT consultation FROM record_links WHERE record = :r", r=record)
    return row["consultation"]


@pytest.mark.parametrize("why", ["named", "withdrawn", "held"])
async def test_a_record_that_is_kept_from_others_meanwhile_is_read_no_more(desk, why):
    record, fine = await recorded(desk), await recorded(desk)
    review = await opened(desk, ["U_SUZUKI"])
    it, suzuki = await consultation_of(desk, record), await desk.actor("U_SUZUKI")
    boss = await desk.actor("U_YAMAMOTO")

    if why == "named":
        await replacing.name(desk.bot.desk, await desk.actor("U_SATO"), record)
    elif why == "held":
        await expiry.hold(desk.bot.desk, boss, it, "dispute")
    else:
        await closing.reopen(desk.bot.desk, boss, it)
        await closing.withdraw(desk.bot.desk, boss, it)

    for act in (
        advice_reviews.read(desk.bot.desk, suzuki, record),
        advice_reviews.seen(desk.bot.desk, suzuki, record),
    ):
        with pytest.raises(NotAllowed):
            await act
    await advice_reviews.read(desk.bot.desk, suzuki, fine)  # the control
    await advice_reviews.answer(desk.bot.desk, suzuki, fine, WELL)
    await desk.settle()
    assert "読み終えてくださいました" in await desk.yamamoto.reads()  # nothing is left that could be read
    await closed(desk, review)
    if why == "named":  # and is drawn no more
        with pytest.raises(NothingToRead):
            await opened(desk, ["U_SUZUKI"])


async def test_who_called_or_convened_had_a_part_too(desk):
    called, convened = await recorded(desk), await recorded(desk)
    async with desk.db.transaction(await desk.actor("U_SUZUKI")) as tx:
        c = await tx.consultations.get(await consultation_of(desk, called))
        tx.connection.later(
            "INSERT INTO call_attempts (id, consultation, caller, at, outcome) VALUES ('t', :c, 'U_SUZUKI', :at, 'reached')",
            {"c": c.id, "at": instant(tx.now)},
        )
        other = await tx.consultations.get(await consultation_of(desk, convened))
        plan = Plan(question="どう会うか")
        review = Review("r" * 32, other.id, 1, 2026, Stage.PLANNED, "U_SUZUKI", tx.now, plan, codes.VERSION)
        await tx.reviews.add(review)
    with pytest.raises(NothingToRead):
        await opened(desk, ["U_SUZUKI"])
    await opened(desk, ["U_MORI"])  # the control


async def test_readers_are_asked_again_twice_and_only_who_has_something_left(desk):
    first, second = await recorded(desk), await recorded(desk)
    await opened(desk, ["U_SUZUKI", "U_MORI"])
    given = await samples(desk)
    for record in (first, second):
        if given[record] == "U_MORI":
            await advice_reviews.answer(desk.bot.desk, await desk.actor("U_MORI"), record, WELL)

    async def reminded(person) -> int:
        return (await desk.person(person).reads()).count("お時間のあるときに")

    await desk.passes(days=6)
    assert await reminded("U_SUZUKI") == 0
    for days, times in ((1, 1), (1, 1), (6, 2), (14, 2)):
        await desk.passes(days=days)
        await desk.passes(hours=12)  # where the desk was closed, when it opens
        await desk.passes(hours=12)
        assert await reminded("U_SUZUKI") == times, days
    assert await reminded("U_MORI") == 0
    assert "読み終えてくださいました" not in await desk.yamamoto.reads()

    await desk.suzuki.presses("advice.read", where="bot")
    await desk.suzuki.fills_and_sends(heard="well")
    assert (await desk.yamamoto.reads()).count("読み終えてくださいました") == 1
    assert await desk.yamamoto.has("advice.open", where="bot")
