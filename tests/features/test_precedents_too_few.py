"""似た事例: facts that too few share are shown to nobody, and nothing is found by them."""

import pytest

from bot.domain.refusals import NotFound
from bot.privacy.uniqueness import SEARCH_K, key_of
from bot.usecases import precedents
from tests.precedents import CASES, kept, record, released
from tests.searching import COUNSELOR, found, told


async def test_facts_that_too_few_share_are_left_out(desk):
    await told(desk, "alcohol", region="kosei", theme="refusal")
    await released(
        desk.bot.desk, *(record(f"other{n}", region="konan", theme="refusal") for n in range(SEARCH_K - 1))
    )
    actor = await desk.actor(COUNSELOR)

    (hit,) = (await precedents.search(desk.bot.desk, actor, "飲酒")).hits
    assert hit.record.region is None
    assert hit.record.theme == "refusal"
    assert hit.hidden == ["region"]
    assert (await precedents.one(desk.bot.desk, actor, "alcohol")).record.region is None

    async with desk.db.transaction(actor) as tx:  # the control: kept, whether released or not
        await kept(tx, *(record(f"same{n}", region="kosei", theme="refusal") for n in range(SEARCH_K - 1)))
    (hit,) = (await precedents.search(desk.bot.desk, actor, "飲酒")).hits
    assert hit.record.region == "kosei"
    assert hit.hidden == []


async def test_a_filter_never_says_what_was_left_out(desk):
    await told(desk, "alcohol", region="kosei", theme="refusal")
    await released(
        desk.bot.desk, *(record(f"other{n}", region="konan", theme="refusal") for n in range(SEARCH_K - 1))
    )

    assert await found(desk, "飲酒") == ["alcohol"]
    assert await found(desk, "飲酒", region="kosei") == []
    assert await found(desk, "飲酒", region="konan") == []
    assert await found(desk, "飲酒", theme="refusal") == ["alcohol"]


LONELY = {
    "situation": "彦根市に住む80代の男性。母と二人暮らし。ごみ屋敷の相談。",
    "region": "koto", "age_band": "senior", "sex": "male", "household": "parent_child", "theme": "refusal",
    "characteristics": ("hoarding", "c8050"),
}  # fmt: skip


async def lonely(desk) -> None:
    """A record nobody shares the area, the theme and the age of, among many."""
    await released(desk.bot.desk, *(record(f"other{n}", sex="male") for n in range(SEARCH_K)))
    await released(desk.bot.desk, record("lonely", **LONELY))


async def test_the_words_of_a_record_do_not_tell_what_was_left_out(desk):
    await lonely(desk)
    actor = await desk.actor(COUNSELOR)

    (hit,) = (await precedents.search(desk.bot.desk, actor, "ごみ屋敷")).hits
    one = await precedents.one(desk.bot.desk, actor, "lonely")

    assert hit.hidden == ["region", "theme", "age_band"]
    assert one.record.situation == "ある地域に住むある年代の男性。母と二人暮らし。ごみ屋敷の相談。"
    assert hit.record.situation == one.record.situation
    assert one.record.characteristics == ("hoarding",)  # 8050 tells the age

    async with desk.db.transaction(actor) as tx:  # the control: as soon as five share it
        await kept(tx, *(record(f"same{n}", **LONELY) for n in range(SEARCH_K - 1)))
    assert (await precedents.one(desk.bot.desk, actor, "lonely")).record.situation == LONELY["situation"]


async def test_what_was_left_out_is_found_neither_by_a_filter_nor_by_its_words(desk):
    await lonely(desk)

    for typed in ("彦根市", "80代", "彦根"):
        assert await found(desk, typed) == []
    assert await found(desk, characteristic="c8050") == []
    assert await found(desk, "男性 母") == ["lonely"]  # the control: what enough share is found
    assert await found(desk, characteristic="hoarding") == ["lonely"]


async def test_what_the_codes_do_not_know_the_words_do_not_tell(desk):
    await told(desk, *list(CASES)[:SEARCH_K], age_band=None, theme="role", situation="大津市の80代の女性。")

    one = await precedents.one(desk.bot.desk, await desk.actor(COUNSELOR), "hoard_dog")

    assert one.record.situation == "大津市のある年代の女性。"


async def test_filters_together_do_not_single_out_a_case(desk):
    await released(desk.bot.desk, *(record(f"other{n}") for n in range(SEARCH_K)))
    await told(desk, "foreign", theme="approach")
    coarsely = {"region": "konan", "age": "adult", "household": "parent_child"}

    assert await found(desk, characteristic="foreign", field="multicultural") == ["foreign"]
    assert await found(desk, **coarsely, characteristic="foreign", field="multicultural") == []

    for n in range(SEARCH_K - 2):
        await told(desk, "foreign", theme="approach", id=f"foreign{n}", of_case=str(n))
    assert await found(desk, **coarsely, characteristic="foreign", field="multicultural") == []
    await told(desk, "foreign", theme="approach", id="fifth", of_case="fifth")  # the control
    assert len(await found(desk, **coarsely, characteristic="foreign", field="multicultural")) == 5


async def test_one_case_that_was_opened_again_and_again_is_one_case(desk):
    rare = {"household": "siblings", "theme": "refusal"}
    await released(desk.bot.desk, *(record(f"other{n}", household="siblings") for n in range(SEARCH_K)))
    for n in range(SEARCH_K):
        await released(desk.bot.desk, record(f"again{n}", of_case="one", **rare))
    actor = await desk.actor(COUNSELOR)

    assert (await precedents.one(desk.bot.desk, actor, "again0")).hidden == ["region", "theme"]
    async with desk.db.reading() as ask:
        assert await ask.records.count_like(key_of(record("x", **rare)), 10) == 1

    await released(desk.bot.desk, *(record(f"apart{n}", **rare) for n in range(SEARCH_K - 1)))  # the control
    assert (await precedents.one(desk.bot.desk, actor, "again0")).hidden == []


async def test_what_not_even_all_together_share_is_not_shown(desk):
    await told(desk, *list(CASES)[: SEARCH_K - 1])
    assert await found(desk, "ごみ屋敷") == []
    with pytest.raises(NotFound):
        await precedents.one(desk.bot.desk, await desk.actor(COUNSELOR), "hoard_dog")

    await told(desk, "death")
    assert await found(desk, "ごみ屋敷") != []  # the control: one more, and there are five
    await precedents.one(desk.bot.desk, await desk.actor(COUNSELOR), "hoard_dog")


async def test_the_other_codes_of_a_record_do_not_tell_its_theme(desk):
    await told(desk, "alcohol", theme="legal", concerns=("legal", "refusal"))
    await released(desk.bot.desk, *(record(f"other{n}", theme="refusal") for n in range(SEARCH_K)))
    actor = await desk.actor(COUNSELOR)

    (hit,) = (await precedents.search(desk.bot.desk, actor, "飲酒")).hits
    assert "theme" in hit.hidden
    assert hit.record.concerns == ()
