"""Two people: nobody learns from a record that somebody else has not read, and what helped stays with it."""

import asyncio

import pytest

from bot.domain.refusals import AlreadyReviewed, NotAllowed, NotFound, NotYourRole, YourOwnOffer
from bot.domain.staff import THE_CLOCK
from bot.store.database import ConstraintBroken, StatementFailed
from bot.usecases import closing, record_reviews, records
from bot.usecases.record_reviews import RELEASED, WITHHELD
from bot.usecases.records import Said

OFFERED = Said("senior", "female", "alone", "approach", agreement="person", offered=True)


async def offered(desk, said=OFFERED, **given) -> str:
    """A record 佐藤 offered; its id."""
    number = await desk.given_closed(**given)
    record = await records.confirm(
        desk.bot.desk,
        await desk.actor("U_SATO"),
        await desk.id_of(number),
        {"situation": "訪問を断られる。"},
        said,
    )
    await desk.settle()
    return record.id


async def decides(desk, who: str, record: str, word: str):
    return await record_reviews.decide(desk.bot.desk, await desk.actor(who), record, word)


async def review(desk) -> dict:
    [row] = await desk.rows("SELECT * FROM record_reviews")
    return row


async def test_a_colleague_is_asked_on_their_home_reads_and_releases(desk):
    record = await offered(desk)
    await desk.sato.open_home()
    assert "確認をお願いしたい事例" not in await desk.sato.reads("home")  # never whoever offered it
    await desk.suzuki.open_home()
    assert "確認をお願いしたい事例" in await desk.suzuki.reads("home")

    await desk.suzuki.presses("record.read", record, where="home")
    assert "訪問を断られる。" in await desk.suzuki.reads("view")
    await desk.suzuki.presses("record.release", where="view")

    assert "ほかの相談員にも役立てています" in await desk.suzuki.reads("view")
    row = await review(desk)
    assert (row["decision"], row["offered_by"], row["reviewed_by"]) == ("released", "U_SATO", "U_SUZUKI")
    assert await desk.rows("SELECT record FROM precedents") == [{"record": record}]
    await desk.suzuki.open_home()
    assert "確認をお願いしたい事例" not in await desk.suzuki.reads("home")
    assert {"record.offered", "record.read", "record.released"} <= set(await desk.trail())


async def test_one_that_is_withheld_is_learnt_from_by_nobody(desk):
    record = await offered(desk)
    await desk.suzuki.open_home()
    await desk.suzuki.presses("record.read", record, where="home")

    await desk.suzuki.presses("record.withhold", where="view")

    assert "出していません" in await desk.suzuki.reads("view")
    assert (await review(desk))["decision"] == "withheld"
    assert await desk.how_many("precedents") == 0
    with pytest.raises(NotAllowed):
        await record_reviews.read(desk.bot.desk, await desk.actor("U_MORI"), record)


@pytest.mark.parametrize("word", [RELEASED, WITHHELD])
async def test_whoever_offered_it_is_never_the_second_person(sqlite_desk, word):
    desk = sqlite_desk
    record = await offered(desk)

    with pytest.raises(YourOwnOffer):
        await decides(desk, "U_SATO", record, word)

    assert (await review(desk))["decision"] is None
    await decides(desk, "U_MORI", record, word)  # the control: anybody else may
    assert (await review(desk))["decision"] == word


async def test_the_database_itself_wants_two_people(desk):
    await offered(desk)

    with pytest.raises((StatementFailed, ConstraintBroken)):
        async with desk.db.transaction(THE_CLOCK) as tx:
            await tx.connection.rows(
                "UPDATE record_reviews SET decision = 'released', reviewed_by = offered_by", {}
            )

    assert (await review(desk))["decision"] is None


@pytest.mark.parametrize("person", ["U_TANAKA", "U_TAKAGI", "U_ADMIN", "U_KONDO"])
async def test_no_other_role_reads_or_decides(sqlite_desk, person):
    desk = sqlite_desk
    record = await offered(desk)
    who = await desk.actor(person)

    with pytest.raises(NotYourRole):
        await record_reviews.read(desk.bot.desk, who, record)
    with pytest.raises(NotYourRole):
        await record_reviews.decide(desk.bot.desk, who, record, RELEASED)
    with pytest.raises(NotYourRole):
        await record_reviews.withdraw(desk.bot.desk, who, record)
    for button in ("record.read", "record.release", "record.withhold", "record.withdraw"):
        await desk.person(person).presses_anyway(button, record)

    assert (await review(desk))["decision"] is None
    assert await desk.how_many("precedents") == 0


async def test_pressed_twice_it_is_said_once(desk):
    record = await offered(desk)

    await decides(desk, "U_SUZUKI", record, RELEASED)
    await decides(desk, "U_SUZUKI", record, RELEASED)

    assert (await desk.trail()).count("record.released") == 1
    assert await desk.how_many("precedents") == 1


async def test_of_two_who_decide_at_once_one_is_told_who_was_first(desk):
    record = await offered(desk)

    told = await asyncio.gather(
        decides(desk, "U_SUZUKI", record, RELEASED),
        decides(desk, "U_MORI", record, WITHHELD),
        return_exceptions=True,
    )

    [late] = [each for each in told if isinstance(each, Exception)]
    assert isinstance(late, AlreadyReviewed)
    row = await review(desk)
    assert (late.by, late.decision) == (row["reviewed_by"], row["decision"])
    assert await desk.how_many("precedents") == (row["decision"] == "released")


async def test_a_coordinator_takes_it_back_later(desk):
    record = await offered(desk)
    await decides(desk, "U_SUZUKI", record, RELEASED)
    await desk.yamamoto.presses_anyway("record.read", record)
    with pytest.raises(NotYourRole):  # the control: a counselor does not
        await record_reviews.withdraw(desk.bot.desk, await desk.actor("U_SUZUKI"), record)

    for _ in range(2):
        await record_reviews.withdraw(desk.bot.desk, await desk.actor("U_YAMAMOTO"), record)

    assert (await review(desk))["decision"] == "withheld"
    assert await desk.how_many("precedents") == 0
    assert await desk.how_many("records") == 1
    assert (await desk.trail()).count("record.withdrawn") == 1


async def test_one_that_nobody_offered_cannot_be_decided_or_read_by_others(sqlite_desk):
    desk = sqlite_desk
    record = await offered(desk, Said(agreement="person"))

    with pytest.raises(NotFound):
        await decides(desk, "U_SUZUKI", record, RELEASED)
    with pytest.raises(NotAllowed):
        await record_reviews.read(desk.bot.desk, await desk.actor("U_SUZUKI"), record)
    for who in ("U_SATO", "U_YAMAMOTO"):  # the control: its author and coordinators may read it
        assert (await record_reviews.read(desk.bot.desk, await desk.actor(who), record)).record.id == record


async def test_somebody_who_left_the_desk_decides_nothing(sqlite_desk):
    desk = sqlite_desk
    record = await offered(desk)
    await desk.suzuki.change_person("U_SUZUKI", deleted=True)
    await desk.settle()

    await desk.suzuki.presses_anyway("record.release", record)

    assert (await review(desk))["decision"] is None


async def test_the_details_of_a_closed_consultation_lead_to_its_record(sqlite_desk):
    desk = sqlite_desk
    await offered(desk)
    await decides(desk, "U_SUZUKI", (await review(desk))["record"], RELEASED)
    [row] = await desk.rows("SELECT id FROM consultations")
    await desk.yamamoto.presses_anyway("details.open", row["id"])

    await desk.yamamoto.presses("record.read", where="view")
    await desk.yamamoto.presses("record.withdraw", where="view")

    assert "出していません" in await desk.yamamoto.reads("view")
    assert (await review(desk))["decision"] == "withheld"


# Whether it helped


async def test_what_was_answered_before_and_after_stays_with_the_record(desk):
    number = await desk.given_heard()
    await desk.passes(days=14)
    await desk.takagi.presses("follow_up.hard")
    sato, consultation = await desk.actor("U_SATO"), await desk.id_of(number)
    await closing.close(
        desk.bot.desk, sato, consultation, closing.Closing(("advice_closed",), "advice_closed", "resolved")
    )
    assert await desk.how_many("record_echoes") == 0
    await records.confirm(desk.bot.desk, sato, consultation, {"situation": "訪問を断られる。"}, OFFERED)
    assert [each["answer"] for each in await desk.rows("SELECT * FROM record_echoes")] == ["hard"]

    await desk.passes(days=92)
    await desk.takagi.presses("follow_up.helped")

    echoes = await desk.rows("SELECT * FROM record_echoes ORDER BY at")
    assert [each["answer"] for each in echoes] == ["hard", "helped"]
    assert set(echoes[0]) == {"record", "question", "answer", "heaviness", "at"}


async def test_where_there_is_no_record_nothing_is_noted(sqlite_desk):
    """The control of the test above."""
    desk = sqlite_desk
    await desk.given_heard()
    await desk.passes(days=14)

    await desk.takagi.presses("follow_up.helped")

    assert await desk.how_many("record_echoes") == 0
