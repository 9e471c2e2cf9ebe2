"""Two forms about a case at the same moment: no letter is given twice, and nobody waits for a reader."""

import asyncio
import os
import signal

import pytest

from bot.domain.refusals import Changed
from bot.privacy import beside
from bot.privacy.anonymizer import Known, Label
from bot.usecases import case_names, hearing
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import Identified
from tests.case_names import NEXT, ODD, boxes, claimed, field, hears, letters, offered, opens, written


async def test_the_same_form_sent_twice_says_it_once(desk):
    number = await claimed(desk)
    it, sato = await desk.id_of(number), await desk.actor("U_SATO")
    said = Confirmed(frozenset({"森"}), (Known("原", Label.PERSON, "B"),), (ODD,))
    heard = hearing.Heard((), (), f"Bさんと{ODD}のこと。", "", "電話", None, said=said)
    heard = hearing.Heard(
        **{**{f: getattr(heard, f) for f in heard.__slots__}, "next_on": desk.clock.now.date()}
    )
    before = await desk.how_many("case_names")

    await asyncio.gather(*(hearing.hear(desk.bot.desk, sato, it, heard, once="the same") for _ in range(3)))

    assert await desk.how_many("case_names") == before + 3
    assert await written(desk, "formulation") == ["BさんとCのこと。"]


@pytest.mark.parametrize("when", ["before", "stopped"])
async def test_a_reader_killed_while_a_form_is_sent_costs_nobody_anything(desk, when):
    await claimed(desk)
    sato = await opens(desk, "hearing.open")
    await beside.read("中川さんの件です。")
    child = beside._beside.pid
    if child:  # on a machine where none could be started, this shows the same of the thread
        os.kill(child, signal.SIGKILL if when == "before" else signal.SIGSTOP)
    try:
        await sato.fills_and_sends(formulation="原さんと話した。", **NEXT)
        assert field(await sato.top_view(), "formulation") == "Bさんと話した。"
        await sato.fills_and_sends()
    finally:
        beside.end()

    assert await written(desk, "formulation") == ["Bさんと話した。"]


async def test_two_forms_open_at_once_never_give_one_letter_to_two_people(desk):
    number = await desk.given_claimed()
    it = await desk.id_of(number)
    first, second = [
        await offered(desk, it, text) for text in ("高橋一郎さんが怒る。", "伊藤花子さんが泣く。")
    ]
    assert (first[0], second[0]) == ("Aさんが怒る。", "Aさんが泣く。")

    await hears(desk, it, *first)
    with pytest.raises(Identified) as refused:
        await hears(desk, it, *second)
    again = refused.value.found["formulation"].masked
    await hears(desk, it, again, Confirmed(names=refused.value.names))

    assert await letters(desk, number) == {"高橋一郎": "A", "伊藤花子": "B"}
    assert set(await written(desk, "formulation", number)) == {"Aさんが怒る。", "Bさんが泣く。"}


async def test_the_form_that_came_second_shows_the_new_letter_and_passes(sqlite_desk):
    """The same in the window: the box of the old letter is gone."""
    desk = sqlite_desk
    number = await desk.given_claimed()
    it = await desk.id_of(number)
    sato = await opens(desk, "hearing.open", number)
    await sato.fills_and_sends(formulation="伊藤花子さんが泣く。", **NEXT)
    await hears(desk, it, *(await offered(desk, it, "高橋一郎さんが怒る。")))

    await sato.fills_and_sends()
    shown = await sato.top_view()
    assert field(shown, "formulation") == "Bさんが泣く。"
    assert list(boxes(shown)) == ["伊藤花子 → B"]
    await sato.fills_and_sends()

    assert await letters(desk, number) == {"高橋一郎": "A", "伊藤花子": "B"}


async def test_a_letter_given_between_the_reading_and_the_keeping_is_not_given_twice(desk):
    """Closer than any form: the store itself refuses, and nothing is kept."""
    number = await desk.given_claimed()
    it, sato = await desk.id_of(number), await desk.actor("U_SATO")
    async with desk.db.transaction(sato) as tx:
        await case_names.confirm(tx, it, Confirmed(names=(Known("高橋一郎", Label.PERSON, "A"),)))

    with pytest.raises(Changed):
        async with desk.db.transaction(sato) as tx:
            await tx.casework.write(it, "formulation", "Aさんが泣く。")
            await case_names.confirm(tx, it, Confirmed(names=(Known("伊藤花子", Label.PERSON, "A"),)))

    assert await letters(desk, number) == {"高橋一郎": "A"}
    assert await written(desk, "formulation", number) == []
    async with desk.db.transaction(sato) as tx:  # the control: a shorter name of the same person
        await case_names.confirm(tx, it, Confirmed(names=(Known("高橋", Label.PERSON, "A"),)))
    assert await letters(desk, number) == {"高橋一郎": "A", "高橋": "A"}


@pytest.mark.parametrize(
    ("label", "names", "token", "clash"),
    [
        (Label.ADDRESS, ("大津市膳所", "大津市堅田"), "B市", False),
        (Label.PERSON, ("高橋一郎", "伊藤花子"), "B", True),
    ],
)
async def test_two_places_in_one_town_share_its_letter_and_two_people_never_do(
    desk, label, names, token, clash
):
    number = await desk.given_claimed()
    it, sato = await desk.id_of(number), await desk.actor("U_SATO")
    first, second = (Confirmed(names=(Known(name, label, token),)) for name in names)
    async with desk.db.transaction(sato) as tx:
        await case_names.confirm(tx, it, first)

    if clash:
        with pytest.raises(Identified):
            await hears(desk, it, f"{token}の件。", second)
    else:
        await hears(desk, it, f"{token}の件。", second)

    assert await written(desk, "formulation", number) == ([] if clash else [f"{token}の件。"])
    assert set(await letters(desk, number)) == {*names[:1], *(() if clash else names[1:])}
