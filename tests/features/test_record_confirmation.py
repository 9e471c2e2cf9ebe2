"""The record that stays, kept: what it holds for good, and what becomes of words that were not kept yet."""

import hashlib
import json

import pytest

from bot.domain.staff import THE_CLOCK
from bot.store.rows import encode
from bot.usecases import closing, record_trail, records
from bot.usecases.records import AlreadyKept, Said
from tests.records import block, box, confirms, heard_and_closed, kept, opens, opens_record, typed


async def test_a_record_keeps_what_was_said_with_it_and_a_hash_over_everything(desk):
    await desk.given_closed()
    said = Said("senior", "female", "alone", "approach", "learning", "family")

    record = await confirms(desk, {"situation": "訪問を断られる。"}, said)

    row = await kept(desk)
    assert (row["age_band"], row["sex"], row["household"], row["theme"]) == (
        "senior",
        "female",
        "alone",
        "approach",
    )
    assert (row["purpose"], row["agreement"], row["ruleset"]) == ("learning", "family", records.RULESET)
    assert row["likeness"] == 1
    told = {**encode(record), "hash": ""}
    assert (
        record.hash
        == hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    )


async def test_a_record_that_was_changed_behind_the_desks_back_is_named(desk):
    await desk.given_closed()
    record = await confirms(desk, {"situation": "訪問を断られる。"})
    async with desk.db.reading() as ask:
        assert await record_trail.verify(ask) == ()

    where = " ON records" if desk.db.dialect == "postgresql" else ""
    async with desk.db.transaction(THE_CLOCK) as tx:
        for trigger in ("records_are_not_edited", "records_stay_what_they_were"):
            await tx.connection.rows(f"DROP TRIGGER IF EXISTS {trigger}{where}", {})
        await tx.connection.rows("UPDATE records SET sex = 'male'", {})

    async with desk.db.reading() as ask:
        assert await record_trail.verify(ask) == (record.id,)


async def test_words_of_somebody_who_comes_second_do_not_vanish(desk):
    await opens(desk, story="訪問を断られる。")
    await confirms(desk, {"situation": "もう残した。"}, by="U_YAMAMOTO")

    answer = await desk.sato.fills_and_sends(agreement="person", situation="一時間かけて直した文。")

    assert (await kept(desk))["situation"] == "もう残した。"
    assert "先に残してくださいました" in await desk.sato.reads("view") + str(answer)
    await desk.sato.close()
    view = await desk.sato.top_view()
    assert view is not None
    assert view["callback_id"] == "record.submit"  # the form is still open under what was said


async def test_the_same_words_of_the_same_person_are_kept_once(desk):
    """The control of the test above."""
    await desk.given_closed()

    first = await confirms(desk, {"situation": "訪問を断られる。"})
    again = await confirms(desk, {"situation": "訪問を断られる。"})

    assert again.id == first.id
    for texts, by in (
        ({"situation": "ほかの文。"}, "U_SATO"),
        ({"situation": "訪問を断られる。"}, "U_YAMAMOTO"),
    ):
        with pytest.raises(AlreadyKept) as refused:
            await confirms(desk, texts, by=by)
        assert refused.value.by == "U_SATO"
    assert await desk.how_many("records") == 1


async def test_a_record_that_is_kept_is_not_drawn_up_again(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_closed()
    await confirms(desk, {"situation": "訪問を断られる。"})

    with pytest.raises(AlreadyKept):
        await records.propose(desk.bot.desk, await desk.actor("U_YAMAMOTO"), await desk.id_of(number))


async def test_a_window_that_is_closed_keeps_what_was_typed(desk):
    await opens(desk)
    standing = [await box(desk.sato, "253万円")]
    await desk.sato.fill(
        situation="父はある仕事で、借金がまとまった額ある。中川ヨシ江さんと話す。", standing=standing
    )

    await desk.sato.close(clear=True)
    await desk.settle()
    [draft] = await desk.rows("SELECT * FROM drafts")
    assert draft["form"] == "record"
    assert "借金" not in str(draft)  # sealed
    await opens_record(desk)

    assert "書きかけから続けています" in await desk.sato.reads("view")
    assert await typed(desk.sato, "situation") == "父はある仕事で、借金が253万円ある。Aさんと話す。"
    assert "住職" in str(await block(desk.sato, "standing"))  # what was not ticked can still be
    await desk.sato.fills_and_sends(agreement="person")
    assert "253万円ある。Aさんと話す。" in (await kept(desk))["situation"]
    assert await desk.how_many("drafts") == 0


async def test_a_window_that_was_only_looked_at_leaves_no_draft(sqlite_desk):
    """The control of the test above."""
    desk = sqlite_desk
    await opens(desk)

    await desk.sato.close(clear=True)
    await desk.settle()

    assert await desk.how_many("drafts") == 0


async def test_a_draft_of_an_earlier_closing_is_not_taken_for_this_one(sqlite_desk):
    desk = sqlite_desk
    consultation = await opens(desk)
    await desk.sato.fill(situation="まえの下書き。")
    await desk.sato.close(clear=True)
    await desk.settle()
    sato = await desk.actor("U_SATO")
    desk.clock.advance(minutes=5)
    await closing.reopen(desk.bot.desk, sato, consultation)
    await heard_and_closed(desk, await desk.newest_number())

    assert (await records.propose(desk.bot.desk, sato, consultation)).draft is None
