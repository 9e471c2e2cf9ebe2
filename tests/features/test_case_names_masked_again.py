"""A name that was missed is masked where it was written before, as soon as somebody names it."""

import asyncio
import json

import pytest

from bot.domain.events import Event
from bot.domain.staff import THE_CLOCK
from bot.privacy import beside
from bot.privacy.anonymizer import Known, Label
from bot.usecases import case_names
from bot.usecases.case_names import Confirmed
from tests.case_names import NEXT, ODD, boxes, claimed, hears, letters, opens, told, written


async def test_who_says_later_that_it_is_a_name_after_all_is_heard(sqlite_desk):
    desk = sqlite_desk
    await claimed(desk)
    sato = await opens(desk, "call.open")
    await sato.fills_and_sends(outcome="reached", note="森さんという猫がいる。")
    await sato.fills_and_sends(keep=list(boxes(await sato.top_view()).values()))

    await opens(desk, "hearing.open")
    await sato.fills_and_sends(formulation="森さんのこと。原さんのこと。", **NEXT)
    await sato.fills_and_sends(more_names="森")

    assert (await told(desk)).kept == frozenset()
    [formulation] = await written(desk, "formulation")
    assert "森" not in formulation
    assert "森" not in "".join(await written(desk, "call"))  # where it was left standing, too


async def test_a_name_missed_before_is_masked_there_as_well(desk):
    await claimed(desk)
    sato = await opens(desk, "call.open")
    note = f"{ODD}が電話に出られた。あすかけなおす。"
    await sato.fills_and_sends(outcome="reached", note=note)
    assert await written(desk, "call") == [note]

    await opens(desk, "hearing.open")
    await sato.fills_and_sends(formulation=f"原さんと{ODD}。", **NEXT)
    await sato.fills_and_sends(more_names=ODD)

    token = (await letters(desk))[ODD]
    assert token
    assert await written(desk, "call") == [f"{token}が電話に出られた。あすかけなおす。"]
    assert (await desk.trail("R8-0001")).count("words.masked_again") == 1
    [said] = await desk.rows("SELECT detail FROM audit WHERE event = 'words.masked_again'")
    assert json.loads(said["detail"]) == {"words": 1}


async def test_a_name_only_the_earlier_words_hold_gets_its_letter_there(sqlite_desk):
    desk = sqlite_desk
    await claimed(desk)
    sato = await opens(desk, "call.open")
    await sato.fills_and_sends(outcome="reached", note=f"{ODD}と船長が出られた。")
    await opens(desk, "hearing.open")
    await sato.fills_and_sends(formulation="原さんのこと。", **NEXT)

    await sato.fills_and_sends(more_names=f"{ODD}、船長")

    known = await letters(desk)
    assert await written(desk, "call") == [f"{known[ODD]}と{known['船長']}が出られた。"]
    assert len({known[ODD], known["船長"], known["原"], known["中川ヨシ江"]}) == 4


async def test_nothing_is_written_again_where_nothing_was_missed(sqlite_desk):
    desk = sqlite_desk
    await claimed(desk)
    before = await desk.rows("SELECT id, text_sealed FROM words")
    sato = await opens(desk, "hearing.open")

    await sato.fills_and_sends(formulation="原さんのこと。", **NEXT)
    await sato.fills_and_sends()

    after = await desk.rows("SELECT id, text_sealed FROM words")
    assert all(each in after for each in before)
    assert "words.masked_again" not in await desk.trail("R8-0001")


async def test_earlier_words_are_read_while_everybody_else_may_write(sqlite_desk, monkeypatch):
    """On SQLite there is one writer: whoever reads inside a transaction holds up the whole desk."""
    desk = sqlite_desk
    number = await desk.given_claimed()
    it, sato = await desk.id_of(number), await desk.actor("U_SATO")
    async with desk.db.transaction(sato) as tx:
        for _ in range(5):
            await tx.casework.write(it, "summary", f"{ODD}が来た。" + "訪問を断られる。" * 300)
    real, read = beside.read, []

    async def watched(text, *case, **more):
        async with asyncio.timeout(2), desk.db.transaction(THE_CLOCK) as tx:
            await tx.audit.record(Event.DETAILS_READ, it)
        read.append(len(text))
        return await real(text, *case, **more)

    monkeypatch.setattr(beside, "read", watched)
    said = Confirmed(added=(ODD,))
    await hears(desk, it, "電話の件。", said)

    assert all(text.startswith("Aが来た。") for text in await written(desk, "summary", number))
    assert sum(read) < 500  # only sentences in which it may stand
    monkeypatch.setattr(beside, "read", real)


async def test_what_was_written_while_earlier_words_were_read_is_masked_too(sqlite_desk, monkeypatch):
    desk = sqlite_desk
    number = await desk.given_claimed()
    it, sato = await desk.id_of(number), await desk.actor("U_SATO")
    async with desk.db.transaction(sato) as tx:
        await tx.casework.write(it, "summary", f"{ODD}が来た。")
    real = case_names.read_again

    async def slow(*asked):
        seen = await real(*asked)
        monkeypatch.setattr(case_names, "read_again", real)
        async with desk.db.transaction(sato) as tx:
            await tx.casework.write(it, "summary", f"また{ODD}が来た。")
        return seen

    monkeypatch.setattr(case_names, "read_again", slow)
    await hears(desk, it, "電話の件。", Confirmed(added=(ODD,)))

    assert set(await written(desk, "summary", number)) == {"Aが来た。", "またAが来た。"}


@pytest.mark.parametrize("given", [True, False])
async def test_a_letter_given_while_earlier_words_were_read_is_not_given_there_too(
    sqlite_desk, monkeypatch, given
):
    desk = sqlite_desk
    number = await desk.given_claimed()
    it, sato = await desk.id_of(number), await desk.actor("U_SATO")
    async with desk.db.transaction(sato) as tx:
        await tx.casework.write(it, "summary", f"{ODD}が来た。")
    real = case_names.read_again

    async def slow(*asked):
        seen = await real(*asked)
        monkeypatch.setattr(case_names, "read_again", real)
        if given:
            async with desk.db.transaction(sato) as tx:
                named = Confirmed(names=(Known("船長", Label.PERSON, "A"),))
                await case_names.confirm(tx, it, named)
        return seen

    monkeypatch.setattr(case_names, "read_again", slow)
    await hears(desk, it, "電話の件。", Confirmed(added=(ODD,)))

    letter = "B" if given else "A"  # the control: where nobody had it given away, it is the first one
    assert (await letters(desk, number))[ODD] == letter
    assert await written(desk, "summary", number) == [f"{letter}が来た。"]
