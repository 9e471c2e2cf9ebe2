"""March 31, 23:58: numbers on both sides of the fiscal year, and a fax that is entered late."""

from datetime import UTC, datetime

from tests.desk import FOUR

LAST_MINUTES = datetime(2027, 3, 31, 14, 58, tzinfo=UTC)  # 23:58 in Otsu


async def test_the_year_turns_at_midnight_in_otsu(desk):
    desk.clock.now = LAST_MINUTES
    assert await desk.takagi.asks() == "R8-0001"
    desk.clock.advance(minutes=1, seconds=59)
    assert await desk.given_waiting() == "R8-0002"
    desk.clock.advance(seconds=1)
    assert await desk.given_waiting() == "R9-0001"
    desk.clock.advance(hours=10)

    row = await desk.row("R9-0001")
    assert row.fiscal_year == 2027
    assert (await desk.row("R8-0002")).fiscal_year == 2026
    assert await desk.given_waiting() == "R9-0002"


async def test_a_late_fax_belongs_to_the_year_it_was_sent_in(sqlite_desk):
    desk = sqlite_desk
    desk.clock.now = datetime(2027, 4, 1, 0, 30, tzinfo=UTC)
    await desk.given_waiting()
    await desk.tanaka.command("/受付")
    await desk.tanaka.fills_and_sends(**FOUR, route="fax", contacted_on="2027-03-31", contacted_at="23:58")
    await desk.settle()

    row = await desk.row("R8-0001")
    assert (row.fiscal_year, row.route) == (2026, "fax")
    assert row.contacted_at == LAST_MINUTES
    assert row.received_at == datetime(2027, 4, 1, 0, 30, tzinfo=UTC)
    assert row.promised_at > row.received_at  # the promise counts from when the desk knew
    assert (await desk.row("R9-0001")).fiscal_year == 2027


async def test_a_record_belongs_to_the_year_of_its_consultation(sqlite_desk):
    desk = sqlite_desk
    desk.clock.now = LAST_MINUTES
    number = await desk.given_closed()
    desk.clock.advance(days=2)
    await desk.sato.open_home()
    await desk.sato.presses("record.open", where="home")
    await desk.sato.fills_and_sends(agreement="not_needed")

    [record] = await desk.rows("SELECT fiscal_year FROM records")
    assert record["fiscal_year"] == (await desk.row(number)).fiscal_year == 2026


async def test_reopened_in_another_year_it_keeps_its_number(sqlite_desk):
    desk = sqlite_desk
    desk.clock.now = LAST_MINUTES
    number = await desk.given_closed()
    desk.clock.advance(days=30)

    await desk.takagi.presses("consultation.reopen", where="bot")

    assert (await desk.row(number)).status == "reopened"
    assert await desk.how_many("consultations") == 1


async def test_numbers_have_no_gaps_whatever_is_refused_between(desk):
    assert await desk.takagi.asks() == "R8-0001"
    await desk.takagi.command("/相談")
    await desk.takagi.fills_and_sends(**{**FOUR, "phone": "だめ"})
    await desk.takagi.close()
    await desk.takagi.command("/相談")
    await desk.takagi.fills_and_sends(**FOUR, story="中川ヨシ江さんのことです。")
    await desk.takagi.close()

    assert await desk.takagi.asks() == "R8-0002"


async def test_the_ten_thousandth_number_is_as_long_as_it_needs(sqlite_desk):
    desk = sqlite_desk
    await desk.given_waiting()
    async with desk.db.transaction(await desk.actor("U_ADMIN")) as tx:
        await tx.connection.rows("UPDATE fiscal_serials SET last = 9999 RETURNING last", {})

    assert await desk.given_waiting() == "R8-10000"
    assert "R8-10000" in "\n".join(await desk.cards())
