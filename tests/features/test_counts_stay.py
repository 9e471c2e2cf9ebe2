"""P6: anonymized counts are never lost, neither to a key that is destroyed nor to somebody with SQL."""

import pytest

from bot.domain.refusals import Refused
from bot.domain.staff import THE_CLOCK
from bot.store.database import ConstraintBroken, StatementFailed
from bot.usecases import intake, records

ERASING = ("UPDATE records SET region = 'otsu'", "DELETE FROM records")


async def _recorded(desk) -> str:
    number = await desk.given_closed()
    sato, consultation = await desk.actor("U_SATO"), await desk.id_of(number)
    said = records.Said(agreement="not_needed")
    await records.confirm(desk.bot.desk, sato, consultation, {"situation": "訪問を断られる。"}, said)
    return consultation


async def _says(desk, sql: str) -> None:
    async with desk.db.transaction(THE_CLOCK) as tx:
        await tx.connection.rows(sql, {})


async def test_what_was_counted_outlives_the_key_and_the_words_do_not(desk):
    consultation = await _recorded(desk)
    tanaka = await desk.actor("U_TANAKA")
    await intake.count(desk.bot.desk, tanaka, kind="thanks", route="phone", at=None, once=desk.once())

    async with desk.db.transaction(THE_CLOCK) as tx:
        await tx.keys.destroy(consultation)

    assert await desk.how_many("records") == 1
    assert await desk.how_many("counted") == 1
    assert await desk.how_many("consultations") == 1
    with pytest.raises(Refused):  # the control: what is sealed is lost with its key
        async with desk.db.reading() as ask:
            await ask.casework.words_of(consultation)


@pytest.mark.parametrize("sql", ERASING)
async def test_the_database_itself_refuses_to_change_a_record(desk, sql):
    await _recorded(desk)

    with pytest.raises((StatementFailed, ConstraintBroken)):
        await _says(desk, sql)

    assert await desk.how_many("records") == 1


async def test_without_that_rule_a_record_could_be_changed(desk):
    """The control of the test above."""
    await _recorded(desk)
    where = " ON records" if desk.db.dialect == "postgresql" else ""
    await _says(desk, f"DROP TRIGGER records_are_not_edited{where}")
    if desk.db.dialect == "sqlite":
        await _says(desk, "DROP TRIGGER records_stay_what_they_were")

    await _says(desk, ERASING[0])

    assert (await desk.rows("SELECT region FROM records"))[0]["region"] == "otsu"
