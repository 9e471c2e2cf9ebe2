"""Names are offered masked before anything is kept, in one click; what is no name can be put back."""

import pytest

from tests.desk import CARDS, FOUR

MY_NUMBER = "123456789018"
FREE = ("story", "name", "agency")


async def _sends(somebody, **answers):
    await somebody.command("/相談")
    return await somebody.fills_and_sends(**FOUR, **answers)


async def test_a_name_is_offered_masked_and_accepted_in_one_click(desk):
    await _sends(desk.takagi, story="中川ヨシ江さん（83歳）が、大津市膳所で転びました。")

    assert await desk.how_many("consultations") == 0
    offered = await desk.takagi.top_view()
    story = next(block for block in offered["blocks"] if block.get("block_id", "").startswith("story"))
    assert "中川" not in story["element"]["initial_value"]
    assert "80代" in story["element"]["initial_value"]
    assert "お名前のように見えるところがありました" in await desk.takagi.reads("view")

    await desk.takagi.fills_and_sends()

    assert await desk.how_many("consultations") == 1
    await desk.takagi.presses("own.open", where="bot")
    own = await desk.takagi.reads("view")
    assert "Aさん（80代）が" in own
    for secret in ("中川", "ヨシ江", "膳所", "83歳"):
        assert secret not in own


async def test_everything_else_that_was_answered_is_still_there(sqlite_desk):
    desk = sqlite_desk
    await _sends(
        desk.takagi, story="中川さんのことです。", privacy=["mobile_only"], wishes=["just_listen"], agency="みずうみ居宅",
        municipality="252018", supporter_field="elderly",
    )  # fmt: skip

    await desk.takagi.fills_and_sends()

    row = await desk.row("R8-0001")
    assert row.privacy == ("mobile_only",)
    assert row.wishes == ("just_listen",)
    assert (row.municipality, row.region, row.supporter_field) == ("252018", "otsu", "elderly")
    await desk.sato.presses("callback.claim", where=CARDS)
    await desk.sato.presses("details.open", where=CARDS)
    assert "みずうみ居宅" in await desk.sato.reads("view")


async def test_what_is_no_name_is_put_back(sqlite_desk):
    desk = sqlite_desk
    await _sends(desk.takagi, story="森さんという猫のことで、原さんと話しました。")
    view = await desk.takagi.top_view()
    keep = next(block for block in view["blocks"] if block.get("block_id", "").startswith("keep"))
    options = {option["text"]["text"]: option["value"] for option in keep["element"]["options"]}
    mori = next(value for label, value in options.items() if label.startswith("森"))

    await desk.takagi.fills_and_sends(keep=[mori])
    if not await desk.how_many("consultations"):  # asked once more
        await desk.takagi.fills_and_sends()

    await desk.takagi.presses("own.open", where="bot")
    own = await desk.takagi.reads("view")
    assert "森さんという猫" in own
    assert "原さん" not in own


async def test_putting_back_touches_no_letter_that_was_typed(sqlite_desk):
    """A letter somebody wrote is not the letter that stands for a name."""
    desk = sqlite_desk
    await _sends(desk.takagi, story="A型作業所とB型作業所に通う森さんという猫です。Aは合いません。")
    view = await desk.takagi.top_view()
    keep = next(block for block in view["blocks"] if block.get("block_id", "").startswith("keep"))
    [option] = keep["element"]["options"]

    await desk.takagi.fills_and_sends(keep=[option["value"]])

    await desk.takagi.presses("own.open", where="bot")
    assert "A型作業所とB型作業所に通う森さんという猫です。Aは合いません。" in await desk.takagi.reads("view")


async def test_two_writings_of_one_name_come_back_as_they_were(sqlite_desk):
    desk = sqlite_desk
    story = "中川ヨシ江さんが転びました。中川さんは元気です。"
    await _sends(desk.takagi, story=story)
    view = await desk.takagi.top_view()
    keep = next(block for block in view["blocks"] if block.get("block_id", "").startswith("keep"))

    await desk.takagi.fills_and_sends(keep=[option["value"] for option in keep["element"]["options"]])

    await desk.takagi.presses("own.open", where="bot")
    assert story in await desk.takagi.reads("view")


async def test_the_same_letter_in_two_answers_may_be_two_names(sqlite_desk):
    """A in the one answer is not A in the other: putting one back leaves the other masked."""
    desk = sqlite_desk
    await desk.given_claimed()
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("hearing.open", where="view")
    await desk.sato.fills_and_sends(
        formulation="森さんという猫がいます。",
        advice="原さんに同席をお願いする。",
        next_action="電話",
        next_on="2026-12-08",
    )
    view = await desk.sato.top_view()
    keep = next(block for block in view["blocks"] if block.get("block_id", "").startswith("keep"))
    values = [each["value"] for each in keep["element"]["options"] if each["text"]["text"].startswith("森")]

    await desk.sato.fills_and_sends(keep=values)

    seen = await desk.sato.reads("view")
    assert "森さんという猫がいます。" in seen
    assert "原さん" not in seen


async def test_a_name_typed_while_another_is_put_back_is_masked_in_its_turn(sqlite_desk):
    desk = sqlite_desk
    await _sends(desk.takagi, story="森さんという猫がいます。")
    view = await desk.takagi.top_view()
    keep = next(block for block in view["blocks"] if block.get("block_id", "").startswith("keep"))
    await desk.takagi.fills_and_sends(
        keep=[keep["element"]["options"][0]["value"]], story="森さんという猫がいます。原さんは元気です。"
    )
    assert await desk.how_many("consultations") == 0

    await desk.takagi.fills_and_sends()

    assert await desk.how_many("consultations") == 1
    await desk.takagi.presses("own.open", where="bot")
    own = await desk.takagi.reads("view")
    assert "森さんという猫がいます。" in own
    assert "原さん" not in own


async def test_ones_own_name_in_the_story_is_masked_too(sqlite_desk):
    desk = sqlite_desk
    await _sends(desk.takagi, name="湖北花子", story="わたし湖北花子は疲れました。")

    await desk.takagi.fills_and_sends()

    await desk.takagi.presses("own.open", where="bot")
    assert "湖北" not in await desk.takagi.reads("view")


@pytest.mark.parametrize(
    "number", [MY_NUMBER, "1234-5678-9018", "１２３４　５６７８　９０１８", "1234 5678 9018"]
)
@pytest.mark.parametrize("field", FREE)
async def test_twelve_digits_are_refused_on_their_field_and_the_rest_stays(sqlite_desk, field, number):
    desk = sqlite_desk
    answer = await _sends(desk.takagi, **{field: f"番号は{number}です"})

    assert answer["errors"] == {
        f"{field}~0": "12桁の番号はお預かりしないことにしています。消してから、もう一度お送りください。ほかの文はそのまま残してあります。"
    }
    assert await desk.how_many("consultations") == 0
    assert number in await desk.takagi.reads("view")

    await desk.takagi.fills_and_sends(**{field: "番号は消しました"})
    assert await desk.how_many("consultations") == 1


async def test_twelve_digits_are_no_phone_number_either(sqlite_desk):
    desk = sqlite_desk
    await desk.takagi.command("/相談")

    answer = await desk.takagi.fills_and_sends(**{**FOUR, "phone": MY_NUMBER})

    assert list(answer["errors"]) == ["phone~0"]
    assert await desk.how_many("consultations") == 0


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ("call", {"outcome": "no_answer", "note": "{}"}),
        ("callback.release", {"note": "{}"}),
        ("handover", {"taker": "U_SUZUKI", "note": "{}"}),
        ("hearing", {"formulation": "{}", "next_action": "電話", "next_on": "2026-12-08"}),
        ("hearing", {"advice": "{}", "next_action": "電話", "next_on": "2026-12-08"}),
        ("hearing", {"next_action": "{}", "next_on": "2026-12-08"}),
        ("activity", {
            "type": "interview", "happened_on": "2026-11-24", "summary": "{}", "next_action": "電話",
            "next_on": "2026-12-08",
        }),
        ("closing", {"primary": "advice_closed", "reason": "resolved", "closing_words": "{}"}),
    ],
)  # fmt: skip
async def test_every_form_of_the_desk_refuses_twelve_digits_and_offers_names_masked(
    sqlite_desk, form, fields
):
    desk = sqlite_desk
    number = await desk.given_heard()
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses(form if "." in form else f"{form}.open", where="view")
    [free] = [name for name, value in fields.items() if value == "{}"]
    before = await desk.how_many("words")

    refused = await desk.sato.fills_and_sends(**{**fields, free: f"番号は{MY_NUMBER}"})
    assert [each.split("~")[0] for each in refused["errors"]] == [free]
    assert "12桁の番号" in next(iter(refused["errors"].values()))

    await desk.sato.fills_and_sends(**{**fields, free: "中川ヨシ江さんは元気です。"})
    assert await desk.how_many("words") == before
    offered = await desk.sato.reads("view")
    assert "Aさんは元気です。" in offered
    assert "のように見えるところがありました" in offered

    await desk.sato.fills_and_sends()
    assert await desk.how_many("words") > before
    assert (await desk.row(number)).id
    if await desk.sato.top_view() is None:
        await desk.yamamoto.presses("details.open", where=CARDS)
    seen = await desk.sato.reads("view") + await desk.yamamoto.reads("view")
    assert "中川" not in seen


@pytest.mark.parametrize("how", ["button", "closing the window"])
async def test_a_draft_holds_no_name_and_no_twelve_digits(sqlite_desk, how):
    desk = sqlite_desk
    await desk.given_claimed()
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("hearing.open", where="view")
    await desk.sato.fill(formulation="中川ヨシ江さんは不安そうです。")
    if how == "button":
        await desk.sato.presses("hearing.draft", where="view")
    await desk.sato.close()
    await desk.settle()

    await desk.sato.presses("hearing.open", where="view")
    again = await desk.sato.reads("view")
    assert "Aさんは不安そうです。" in again
    assert "中川" not in again

    await desk.sato.fill(formulation=f"番号は{MY_NUMBER}")
    await desk.sato.presses("hearing.draft", where="view")
    assert "12桁の番号はお預かりしない" in await desk.sato.reads("view")
    await desk.sato.close(clear=True)
    await desk.settle()
    async with desk.db.reading() as ask:
        draft = await ask.casework.draft_of(await desk.id_of("R8-0001"), "hearing")
    assert MY_NUMBER not in str(draft.answers)


async def test_masked_words_longer_than_the_field_are_not_cut(sqlite_desk):
    """Where a mask is longer than what it hides, nothing may fall off the end."""
    desk = sqlite_desk
    await desk.given_claimed()
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("callback.release", where="view")
    note = "、".join(["9歳の子"] * 180)[:990] + "おわりまで"

    answer = await desk.sato.fills_and_sends(note=note)

    if not answer.get("errors"):
        offered = await desk.sato.top_view()
        text = next(block for block in offered["blocks"] if block.get("block_id", "").startswith("note"))
        assert text["element"]["initial_value"].endswith("おわりまで")
