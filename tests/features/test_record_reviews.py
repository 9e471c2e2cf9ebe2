"""Two people: nobody learns from a record that somebody else has not read, and what helped stays with it."""

import asyncio

import pytest

from bot import messages
from bot.domain.events import Event
from bot.domain.refusals import AlreadyReviewed, NotAllowed, NotFound, NotYourRole, YourOwnOffer
from bot.domain.staff import THE_CLOCK
from bot.store.database import ConstraintBroken, StatementFailed
from bot.store.rows import instant
from bot.usecases import closing, precedents, record_reviews, record_trail, records
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
    assert {"record.read", "record.released"} <= set(await desk.trail())


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

    for said in (
        "decision = 'released', reviewed_by = offered_by",
        "decision = 'released'",
        "decision = 'withdrawn', withdrawn_by = 'U_YAMAMOTO'",
        "decision = 'withdrawn', reviewed_by = 'U_MORI'",
        "decision = 'withheld', reviewed_by = 'U_MORI', withdrawn_by = 'U_YAMAMOTO'",
        "reviewed_by = 'U_MORI'",
    ):
        with pytest.raises((StatementFailed, ConstraintBroken)):
            async with desk.db.transaction(THE_CLOCK) as tx:
                await tx.connection.rows(f"UPDATE record_reviews SET {said}", {})
        assert (await review(desk))["decision"] is None

    async with desk.db.transaction(THE_CLOCK) as tx:  # the control
        await tx.connection.rows(
            "UPDATE record_reviews SET decision = 'released', reviewed_by = 'U_MORI'", {}
        )


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

    now = await review(desk)
    assert (now["decision"], now["reviewed_by"], now["withdrawn_by"]) == (
        "withdrawn",
        "U_SUZUKI",
        "U_YAMAMOTO",
    )
    assert await desk.how_many("precedents") == 0
    assert await desk.how_many("records") == 1
    assert (await desk.trail()).count("record.withdrawn") == 1


async def test_whoever_comes_late_is_told_who_withdrew_it_and_not_that_a_colleague_held_it_back(desk):
    record = await offered(desk)
    await decides(desk, "U_MORI", record, RELEASED)
    with pytest.raises(AlreadyReviewed) as before:  # the control: until then it was that colleague's word
        await decides(desk, "U_SUZUKI", record, WITHHELD)
    assert (before.value.by, before.value.decision) == ("U_MORI", RELEASED)
    await record_reviews.withdraw(desk.bot.desk, await desk.actor("U_YAMAMOTO"), record)

    for who in ("U_MORI", "U_SUZUKI"):
        with pytest.raises(AlreadyReviewed) as late:
            await decides(desk, who, record, RELEASED)
        assert (late.value.by, late.value.decision) == ("U_YAMAMOTO", "withdrawn")
    said = messages.words("refusals/already_reviewed", by="U_YAMAMOTO", decision="withdrawn")
    assert "役立てるのをやめました" in said
    assert "確かめてくださいました" not in said


async def test_one_that_nobody_offered_cannot_be_decided_or_read_by_others(sqlite_desk):
    desk = sqlite_desk
    record = await offered(desk, Said(agreement="person"))

    with pytest.raises(NotFound):
        await decides(desk, "U_SUZUKI", record, RELEASED)
    with pytest.raises(NotAllowed):
        await record_reviews.read(desk.bot.desk, await desk.actor("U_SUZUKI"), record)
    for who in ("U_SATO", "U_YAMAMOTO"):  # the control: its author and coordinators may read it
        assert (await record_reviews.read(desk.bot.desk, await desk.actor(who), record)).record.id == record


async def test_once_released_others_read_it_only_as_a_precedent(desk):
    record = await offered(desk)
    suzuki = await desk.actor("U_SUZUKI")
    assert (
        await record_reviews.read(desk.bot.desk, suzuki, record)
    ).record.household == "alone"  # the control
    await decides(desk, "U_MORI", record, RELEASED)

    with pytest.raises(NotAllowed):
        await record_reviews.read(desk.bot.desk, suzuki, record)
    with pytest.raises(NotFound):  # too few are like it
        await precedents.one(desk.bot.desk, suzuki, record)
    for who in ("U_SATO", "U_MORI", "U_YAMAMOTO"):
        await record_reviews.read(desk.bot.desk, await desk.actor(who), record)


async def test_whoever_holds_the_case_reads_its_record_though_a_coordinator_confirmed_it(desk):
    number = await desk.given_closed()
    kept = await records.confirm(
        desk.bot.desk, await desk.actor("U_YAMAMOTO"), await desk.id_of(number), {}, Said(agreement="person")
    )

    assert (await record_reviews.read(desk.bot.desk, await desk.actor("U_SATO"), kept.id)).record == kept
    with pytest.raises(NotAllowed):  # the control
        await record_reviews.read(desk.bot.desk, await desk.actor("U_SUZUKI"), kept.id)


async def test_withdrawing_a_consultation_takes_back_what_nobody_has_looked_at(desk):
    record = await offered(desk)
    [row] = await desk.rows("SELECT id FROM consultations")
    takagi = await desk.actor("U_TAKAGI")
    await closing.reopen(desk.bot.desk, takagi, row["id"])
    assert await desk.how_many("record_reviews") == 1  # the control
    await closing.withdraw(desk.bot.desk, takagi, row["id"])

    with pytest.raises(NotFound):
        await decides(desk, "U_MORI", record, RELEASED)

    assert await desk.how_many("precedents") == await desk.how_many("record_reviews") == 0


async def test_nothing_that_stays_leads_from_a_record_to_whose_it_was(desk):
    one, other = await offered(desk), await offered(desk)
    cases = {each["consultation"] for each in await desk.rows("SELECT consultation FROM record_links")}
    async with desk.db.reading() as ask:
        trail = await ask.audit.trail()
    assert {each.subject for each in trail if each.event == Event.RECORD_CONFIRMED} == cases  # the control
    assert not {one, other} & {each.subject for each in trail}

    await desk.passes(days=1)  # a night
    await record_trail.note(desk.bot.desk)

    async with desk.db.reading() as ask:
        later = [each for each in (await ask.audit.trail())[len(trail) :] if each.subject in {one, other}]
    kept, said = Event.RECORD_KEPT, Event.RECORD_OFFERED
    assert [(each.subject, each.event, each.actor) for each in later] == [
        (record, event, THE_CLOCK.id) for record in sorted((one, other)) for event in (kept, said)
    ]
    moments = {each.at for each in trail}
    stays = await desk.rows("SELECT * FROM records") + await desk.rows("SELECT * FROM record_reviews")
    told = {str(value) for row in stays for value in row.values()}
    assert not told & {instant(each) for each in moments}
    assert not told & cases


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
    assert (await review(desk))["decision"] == "withdrawn"


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
    assert [each["question"] for each in echoes] == ["1", "2"]  # which of them it was, and not whose
    moments = {each["answered_at"] for each in await desk.rows("SELECT answered_at FROM followups")}
    assert not moments & {each["at"] for each in echoes}


async def test_where_there_is_no_record_nothing_is_noted(sqlite_desk):
    """The control of the test above."""
    desk = sqlite_desk
    await desk.given_heard()
    await desk.passes(days=14)

    await desk.takagi.presses("follow_up.helped")

    assert await desk.how_many("record_echoes") == 0
