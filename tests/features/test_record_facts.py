"""Unusual facts in a record that stays: general words stand for them, unless a person says otherwise."""

import json

import pytest

from bot.usecases.record_gate import Unusual
from tests.records import block, box, chosen, confirms, kept, opens, typed


async def test_what_a_person_ticks_stands_again_and_a_second_person_is_asked(desk):
    await opens(desk)

    await desk.sato.fills_and_sends(agreement="supporter", standing=[await box(desk.sato, "253万円")])

    record = await kept(desk)
    assert "父はある仕事で、借金が253万円あります。" in record["situation"]
    assert json.loads(record["unusual"]) == ["sum"]
    [review] = await desk.rows("SELECT * FROM record_reviews")
    assert (review["record"], review["offered_by"], review["decision"]) == (record["id"], "U_SATO", None)


async def test_where_nothing_unusual_stands_nobody_else_is_asked(desk):
    """The control of the test above."""
    await opens(desk)

    await desk.sato.fills_and_sends(agreement="supporter")

    assert json.loads((await kept(desk))["unusual"]) == []
    assert await desk.how_many("record_reviews") == 0


async def test_what_is_typed_later_comes_back_with_a_general_word_and_its_own_box(sqlite_desk):
    desk = sqlite_desk
    await opens(desk)

    await desk.sato.fills_and_sends(
        agreement="person",
        situation="猫が23匹いる。",
        advice="待つ。",
        household="couple",
        offered=["offered"],
    )

    assert await desk.how_many("records") == 0
    assert await typed(desk.sato, "situation") == "猫がたくさんいる。"
    assert await typed(desk.sato, "advice") == "待つ。"  # nothing typed is lost
    assert (await chosen(desk.sato, "agreement"), await chosen(desk.sato, "household")) == (
        "person",
        "couple",
    )
    await desk.sato.fills_and_sends(standing=[await box(desk.sato, "23匹")])
    record = await kept(desk)
    assert record["situation"] == "猫が23匹いる。"
    assert json.loads(record["unusual"]) == ["animal"]


async def test_where_the_text_was_rewritten_what_is_put_back_is_shown_first(sqlite_desk):
    desk = sqlite_desk
    await opens(desk, story="借金が253万円、滞納が48万円ある。")
    standing = [await box(desk.sato, "48万円")]

    await desk.sato.fills_and_sends(
        agreement="person", situation="滞納がまとまった額ある。", standing=standing
    )

    assert await desk.how_many("records") == 0
    assert await typed(desk.sato, "situation") == "滞納が48万円ある。"
    assert "違っているかもしれません" in await desk.sato.reads("view")
    await desk.sato.fills_and_sends()
    assert (await kept(desk))["situation"] == "滞納が48万円ある。"


async def test_two_of_a_kind_are_put_back_where_each_stood(sqlite_desk):
    desk = sqlite_desk
    await opens(desk, story="借金が253万円、滞納が48万円、家賃が48万円ある。")

    await desk.sato.fills_and_sends(agreement="person", standing=[await box(desk.sato, "253万円")])

    assert (await kept(desk))["situation"] == "借金が253万円、滞納がまとまった額、家賃がまとまった額ある。"


async def test_a_name_and_an_unusual_fact_at_once_both_come_back(sqlite_desk):
    desk = sqlite_desk
    await opens(desk)
    standing = [await box(desk.sato, "253万円")]

    await desk.sato.fills_and_sends(
        agreement="person", formulation="中川ヨシ江さんは猫が23匹いる。", standing=standing
    )
    assert "中川" not in await typed(desk.sato, "formulation")
    await desk.sato.fills_and_sends()
    assert "たくさん" in await typed(desk.sato, "formulation")
    assert "253万円" in await typed(desk.sato, "situation")
    await desk.sato.fills_and_sends()

    record = await kept(desk)
    assert "253万円" in record["situation"]
    assert "23匹" not in record["formulation"]
    assert json.loads(record["unusual"]) == ["sum"]


async def test_an_unusual_fact_nobody_spoke_for_does_not_pass(sqlite_desk):
    desk = sqlite_desk
    await desk.given_closed()

    with pytest.raises(Unusual) as refused:
        await confirms(desk, {"situation": "猫が23匹いる。"})

    assert (refused.value.field, refused.value.places) == ("situation", 1)


async def test_an_unusual_fact_stands_only_where_it_was_ticked(sqlite_desk):
    desk = sqlite_desk
    await opens(desk, story="借金が253万円ある。")

    await desk.sato.fills_and_sends(
        agreement="person", standing=[await box(desk.sato, "253万円")], advice="隣人の貯金も253万円ある。"
    )
    assert await desk.how_many("records") == 0
    assert await typed(desk.sato, "situation") == "借金が253万円ある。"
    assert await typed(desk.sato, "advice") == "隣人の貯金もまとまった額ある。"
    await desk.sato.fills_and_sends(situation="借金が253万円ある。滞納も253万円ある。")

    assert await desk.how_many("records") == 0
    assert await typed(desk.sato, "situation") == "借金がまとまった額ある。滞納もまとまった額ある。"
    await desk.sato.fills_and_sends()
    record = await kept(desk)
    assert "253" not in record["situation"] + record["advice"]


async def test_a_form_that_came_back_says_at_its_top_why(sqlite_desk):
    desk = sqlite_desk
    await opens(desk, story="訪問を断られる。")
    assert "あと1か所ありました" not in await desk.sato.reads("view")

    await desk.sato.fills_and_sends(agreement="person", advice="猫が23匹いる。")

    view = await desk.sato.top_view()
    assert "めずらしい事実が、あと1か所ありました" in str(view["blocks"][0])


async def test_nothing_typed_is_lost_where_general_words_are_longer(sqlite_desk):
    desk = sqlite_desk
    await opens(desk, story="訪問を断られる。")
    head, tail = "猫が23匹いる。", "おわりのことば。"
    filled = ("訪問を断られる。" * 400)[: 3000 - len(head + tail)]

    await desk.sato.fills_and_sends(agreement="person", situation=head + filled + tail)

    now = await typed(desk.sato, "situation")
    assert now.startswith("猫が■いる。")
    assert now.endswith(tail)
    assert len(now) <= 3000
    await desk.sato.fills_and_sends()
    assert (await kept(desk))["situation"] == now


async def test_more_facts_than_boxes_are_counted(sqlite_desk):
    desk = sqlite_desk
    await opens(desk, story="訪問を断られる。")
    text = "".join(f"{1201 + n}円と" for n in range(130)) + "。"

    await desk.sato.fills_and_sends(agreement="person", situation=text)

    assert len((await block(desk.sato, "standing"))["element"]["options"]) == 100
    assert "並べられないところが30つあります" in await desk.sato.reads("view")
