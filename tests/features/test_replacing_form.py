"""The form in which a record is written anew: it comes back with why, and the old words stand until it is taken."""

from bot.privacy.unusual import unusual_in
from tests.features.test_replacing import LEFT, MENDED, kept, row
from tests.records import block, box, options, typed

DOUBTFUL = "違っているかもしれません"
UNUSUAL = "めずらしい事実が、あと{}か所ありました"
TWO_SUMS = "借金が253万円、滞納が48万円ある。"


async def opens(desk) -> str:
    """A record in which a name was left lies before 山本, to be written anew."""
    record = await kept(desk)
    await desk.yamamoto.presses_anyway("record.replace", record)
    return record


async def stands(desk, record: str) -> bool:
    """Whether nothing was erased, and nothing kept in its place."""
    return (await row(desk, record))["situation"] == LEFT and await desk.how_many("records") == 1


async def new_of(desk, record: str) -> str:
    """The words that stand in its place."""
    [new] = await desk.rows("SELECT situation FROM records WHERE id <> :id", id=record)
    assert (await row(desk, record))["situation"] == ""
    return new["situation"]


async def test_what_needs_no_second_look_is_taken_at_once(sqlite_desk):
    """The control of all these."""
    desk = sqlite_desk
    record = await opens(desk)

    await desk.yamamoto.fills_and_sends(situation=MENDED)

    assert await new_of(desk, record) == MENDED


async def test_unusual_facts_come_back_with_general_words_and_why(desk):
    record = await opens(desk)
    assert UNUSUAL.format(2) not in await desk.yamamoto.reads("view")

    await desk.yamamoto.fills_and_sends(situation=TWO_SUMS)

    view = await desk.yamamoto.top_view()
    assert UNUSUAL.format(2) in str(view["blocks"][0])
    assert DOUBTFUL not in str(view)
    assert await typed(desk.yamamoto, "situation") == "借金がまとまった額、滞納がまとまった額ある。"
    assert await stands(desk, record)
    await desk.yamamoto.fills_and_sends(standing=[await box(desk.yamamoto, "48万円")])
    assert await new_of(desk, record) == "借金がまとまった額、滞納が48万円ある。"


async def test_where_a_tick_may_have_landed_elsewhere_it_is_shown_first_and_why(desk):
    record = await opens(desk)
    await desk.yamamoto.fills_and_sends(situation=TWO_SUMS)
    standing = [await box(desk.yamamoto, "48万円")]

    await desk.yamamoto.fills_and_sends(situation="滞納がまとまった額ある。", standing=standing)

    view = await desk.yamamoto.top_view()
    assert DOUBTFUL in str(view["blocks"][0])
    assert "めずらしい事実が、あと" not in str(view)
    assert await typed(desk.yamamoto, "situation") == "滞納が48万円ある。"
    assert await stands(desk, record)
    await desk.yamamoto.fills_and_sends()
    assert await new_of(desk, record) == "滞納が48万円ある。"


async def test_a_name_and_an_unusual_fact_come_back_one_after_the_other(sqlite_desk):
    """And what was said about the name outlives the second time."""
    desk = sqlite_desk
    record = await opens(desk)
    assert unusual_in("林さんの店に猫が23匹いる。")

    await desk.yamamoto.fills_and_sends(situation="林さんの店に猫が23匹いる。")
    assert "このように伏せて、残してよいですか" in str((await desk.yamamoto.top_view())["blocks"][0])
    assert await stands(desk, record)
    await desk.yamamoto.fills_and_sends(keep=options(await block(desk.yamamoto, "keep")))
    assert UNUSUAL.format(1) in str((await desk.yamamoto.top_view())["blocks"][0])
    assert await stands(desk, record)
    await desk.yamamoto.fills_and_sends()

    assert await new_of(desk, record) == "林さんの店に猫がたくさんいる。"


async def test_whether_others_may_learn_from_it_is_not_forgotten_when_it_comes_back(sqlite_desk):
    desk = sqlite_desk
    record = await opens(desk)
    assert await ticked(desk) == ["offered"]  # it was offered before
    await desk.yamamoto.fills_and_sends(situation=TWO_SUMS, offered=[])

    assert await ticked(desk) == []
    await desk.yamamoto.fills_and_sends()

    assert await new_of(desk, record)
    assert [each["record"] for each in await desk.rows("SELECT record FROM record_reviews")] == [record]


async def ticked(desk) -> list[str]:
    element = (await block(desk.yamamoto, "offered"))["element"]
    return [each["value"] for each in element.get("initial_options", ())]


async def test_the_form_comes_back_masked_and_takes_names_the_desk_did_not_find(desk):
    record = await kept(desk)
    await desk.yamamoto.presses_anyway("record.replace", record)

    await desk.yamamoto.fills_and_sends(situation="もじゃと中川ヨシ江さんが訪問を断る。", more_names="もじゃ")
    assert "このように伏せました" in str(await desk.yamamoto.seen("view"))
    await desk.yamamoto.fills_and_sends()

    [new] = await desk.rows("SELECT situation FROM records WHERE id <> :id", id=record)
    assert "もじゃ" not in new["situation"]
    assert "中川" not in new["situation"]


async def test_for_what_stays_it_is_asked_whether_it_may_stay(sqlite_desk):
    desk = sqlite_desk
    record = await kept(desk)
    await desk.yamamoto.presses_anyway("record.replace", record)

    await desk.yamamoto.fills_and_sends(situation="中川ヨシ江さんが訪問を断る。")

    assert "残してよいですか" in await desk.yamamoto.reads("view")
    assert "お預かりしてよいですか" not in await desk.yamamoto.reads("view")


async def test_a_name_is_unmasked_only_where_it_was_shown(sqlite_desk):
    """林さんの店 is a shop; 林さん who is angry is somebody."""
    desk = sqlite_desk
    record = await opens(desk)
    await desk.yamamoto.fills_and_sends(situation="林さんの店で倒れた。")
    keep = options(await block(desk.yamamoto, "keep"))

    await desk.yamamoto.fills_and_sends(keep=keep, advice="林さんは怒る。")

    assert await typed(desk.yamamoto, "advice") == "Aさんは怒る。"
    assert await stands(desk, record)
    await desk.yamamoto.fills_and_sends(keep=options(await block(desk.yamamoto, "keep")))
    assert (
        await new_of(desk, record) == "林さんの店で倒れた。"
    )  # the control: now that both were shown, both count
