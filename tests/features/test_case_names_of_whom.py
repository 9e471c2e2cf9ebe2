"""Whose names a case knows, and who may open its dictionary."""

import pytest

from bot.domain.casework import Contact
from bot.domain.entitlement import Act
from bot.domain.refusals import NotAllowed
from bot.domain.staff import THE_CLOCK
from bot.usecases import closing, intake
from bot.usecases.desk import Identified, screened_about
from tests.case_names import ODD, boxes, claimed, field, letters, opens, written
from tests.desk import CARDS, FOUR


async def test_names_of_whoever_asked_are_known_and_cannot_be_put_back(desk):
    await desk.takagi.command("/相談")
    await desk.takagi.fills_and_sends(
        **{
            **FOUR,
            "name": "湖北花子",
            "agency": "みずうみ居宅",
            "story": "うちのみずうみ居宅の件です。湖北です。",
        }
    )
    offered = await desk.takagi.top_view()
    assert not [said for said in boxes(offered) if "みずうみ" in said or "湖北" in said]
    await desk.takagi.fills_and_sends()
    await desk.takagi.close(clear=True)
    await desk.sato.presses("callback.claim", where=CARDS)

    sato = await opens(desk, "call.open")
    await sato.fills_and_sends(outcome="reached", note="湖北と話した。")

    assert "湖北" not in field(await sato.top_view(), "note")


@pytest.mark.parametrize("who", ["U_SUZUKI", "U_TANAKA", "U_KITAMURA"])
async def test_whoever_may_not_write_about_a_case_learns_none_of_its_names(desk, who):
    number = await claimed(desk)
    it, stranger = await desk.id_of(number), await desk.actor(who)
    asked = {"note": "中川ヨシ江の件。"}

    for act in (Act.CALL, Act.HEAR, Act.CLOSE, Act.RELEASE, Act.OFFER, Act.RECORD, Act.FOLLOW):
        with pytest.raises(NotAllowed):
            await screened_about(desk.bot.desk, stranger, act, it, asked)
    sealed = await desk.sato.sends_anyway("call.submit", {"c": it})  # the control: who holds it is answered
    assert sealed["acked"]
    with pytest.raises(Identified):
        await screened_about(desk.bot.desk, await desk.actor("U_SATO"), Act.CALL, it, asked)


async def test_opening_the_dictionary_stands_in_the_trail(sqlite_desk):
    desk = sqlite_desk
    await claimed(desk)
    sato = await opens(desk, "call.open")
    before = (await desk.trail("R8-0001")).count("words.read")

    await sato.fills_and_sends(outcome="reached", note="中川ヨシ江さんの件。")  # comes back
    assert (await desk.trail("R8-0001")).count("words.read") == before + 1

    await sato.fills_and_sends()
    trail = await desk.trail("R8-0001")
    assert trail.count("words.read") == before + 1
    assert "callback.called" in trail


async def test_the_dictionary_is_sealed_for_its_place_and_goes_with_its_key(desk):
    number = await claimed(desk)
    rows = await desk.rows("SELECT * FROM case_names")
    assert rows
    assert "中川" not in str(rows)
    it = await desk.id_of(number)

    async with desk.db.transaction(THE_CLOCK) as tx:
        await tx.keys.destroy(it)

    async with desk.db.reading() as ask:
        assert await ask.case_names.of(it) == []


async def test_a_merged_consultation_brings_its_names_along_without_its_letters(desk):
    first = await claimed(desk)
    await desk.kitamura.command("/相談")
    await desk.kitamura.fills_and_sends(**{**FOUR, "story": f"原さんのこと。{ODD}も。"})
    await desk.kitamura.fills_and_sends(more_names=ODD)
    second = await desk.newest_number()
    assert second != first
    assert (await letters(desk, second))["原"] == "A"

    await closing.merge(desk.bot.desk, await desk.actor("U_YAMAMOTO"), await desk.id_of(second), first)
    await desk.settle()

    assert ODD in await letters(desk, first)
    sato = await opens(desk, "call.open")
    await sato.fills_and_sends(outcome="reached", note=f"中川ヨシ江さんと、{ODD}と、原さんの件。")
    note = field(await sato.top_view(), "note")
    assert note.startswith("Aさんと、")
    assert ODD not in note
    assert "原" not in note
    assert len(set(note) & set("ABCD")) == 3  # three people, three letters


async def test_names_that_stand_only_in_another_case_are_nobodys_here(sqlite_desk):
    desk = sqlite_desk
    await claimed(desk)
    sato = await opens(desk, "call.open")
    await sato.fills_and_sends(outcome="reached", note="原さんが出られた。")
    await sato.fills_and_sends(more_names=ODD)
    await sato.close(clear=True)
    request = intake.Request(
        ("approach",), "u3", Contact(phone="090-1234-5678"), ("any",), story=f"{ODD}のこと。"
    )

    other = await intake.receive(desk.bot.desk, await desk.actor("U_KITAMURA"), request, once="other")

    assert await written(desk, "story", other.number) == [f"{ODD}のこと。"]
