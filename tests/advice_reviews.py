"""アドバイス内容の検討会 for tests: records with advice, and a review that is opened, answered and closed."""

from datetime import date

from bot.usecases import advice_reviews, records
from bot.usecases.advice_reviews import Said
from bot.usecases.records import Said as Confirms

SINCE, LAST = date(2026, 11, 1), date(2026, 11, 24)
COUNSELORS = ("U_SATO", "U_SUZUKI", "U_MORI")
WELL = Said({"heard": "well", "safety": "more"})


async def recorded(desk, by="U_SATO", theme="approach", *, offered=False, **given) -> str:
    """A consultation closed with advice, and its record; the record's id."""
    number = await desk.given_closed(by, **given)
    record = await records.confirm(
        desk.bot.desk,
        await desk.actor(by),
        await desk.id_of(number),
        {"situation": "訪問を断られる。", "advice": "まず体調をうかがう。"},
        Confirms("senior", "female", "alone", theme, agreement="person", offered=offered),
    )
    await desk.settle()
    return record.id


async def opened(desk, readers, most=5, by="U_YAMAMOTO", **more):
    review = await advice_reviews.open_review(
        desk.bot.desk, await desk.actor(by), SINCE, LAST, most, tuple(readers), once=desk.once(), **more
    )  # fmt: skip
    await desk.settle()
    return review


async def samples(desk) -> dict[str, str]:
    """Record → who reads it."""
    return {row["record"]: row["reader"] for row in await desk.rows("SELECT * FROM advice_samples")}


async def answered(desk, answers=WELL):
    for record, reader in (await samples(desk)).items():
        await advice_reviews.answer(desk.bot.desk, await desk.actor(reader), record, answers)


async def closed(desk, review):
    board = await advice_reviews.close(desk.bot.desk, await desk.actor("U_YAMAMOTO"), review.id)
    await desk.settle()
    return board
