"""似た事例: found by words and by likeness, and shown to counselors alone."""

import pytest

from bot.domain.events import Event
from bot.domain.refusals import NotAllowed, NotFound, NotYourRole
from bot.usecases import precedents, records
from tests.desk import CARDS
from tests.precedents import CASES, all_thirty, record, released
from tests.running import ROLES
from tests.searching import COUNSELOR, found, told


async def test_words_find_what_is_about_them(desk):
    await all_thirty(desk.bot.desk)

    assert set((await found(desk, "ごみ屋敷"))[:2]) == {
        "hoard_path",
        "hoard_dog",
    }  # who wrote it before who ticked it
    assert set(await found(desk, "ごみ屋敷")) == {"hoard_path", "hoard_dog", "hoard_neighbour"}
    assert set(await found(desk, "認知症")) == {"dementia_bank", "dementia_fire", "dementia_walk"}
    assert (await found(desk, "通帳をなくす"))[0] == "dementia_bank"
    assert (await found(desk, "家賃の滞納"))[0] == "debt_rent"
    assert (await found(desk, "犬"))[0] == "hoard_dog"
    assert await found(desk, "宇宙飛行士") == []


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ゴミ屋敷", {"hoard_dog", "hoard_path"}),
        ("ｺﾞﾐ屋敷", {"hoard_dog", "hoard_path"}),
        ("ひきこもり", {"hikikomori_son", "hikikomori_girl"}),
        ("引き籠り", {"hikikomori_son", "hikikomori_girl"}),
        ("ヒキコモリ", {"hikikomori_son", "hikikomori_girl"}),
        ("片付け", {"hoard_path"}),
        ("断わられる", {"hoard_path"}),
        ("ぱちんこ", {"gambling"}),
        ("グループ・ホーム", {"group_home"}),
        ("兄弟", {"young_carer"}),
        ("断り", {"hoard_path"}),
        ("片づける", {"hoard_path"}),
    ],
)
async def test_however_it_is_written_it_is_found(sqlite_desk, typed, expected):
    await all_thirty(sqlite_desk.bot.desk)
    assert expected <= set(await found(sqlite_desk, typed))


async def test_not_going_to_school_is_not_going_to_school(desk):
    await all_thirty(desk.bot.desk)

    best = await found(desk, "不登校")
    assert set(best[:2]) == {"truancy_boy", "truancy_entry"}
    assert "school_route" in await found(desk, "登校")  # the control: it is about going there


async def test_what_has_more_of_the_words_comes_first(desk):
    await all_thirty(desk.bot.desk)

    best = await found(desk, "認知症 火の始末")
    assert best[0] == "dementia_fire"
    assert "dementia_bank" in best


async def test_among_equals_the_newer_and_what_is_like_the_case_comes_first(desk):
    await told(desk, "hoard_dog", "hoard_path")
    await released(
        desk.bot.desk,
        *(
            record(f"same{n}", situation="電話で怒鳴られる。", supporter_field=each)
            for n, each in enumerate(("elderly", "justice", "elderly"))
        ),
    )
    number = await desk.given_claimed(supporter_field="justice", concerns=("approach",))

    assert (await found(desk, "怒鳴られる"))[:3] == ["same2", "same1", "same0"]
    assert (await found(desk, "怒鳴られる", await desk.id_of(number)))[0] == "same1"


@pytest.mark.parametrize(
    "typed",
    [
        '" OR *',
        "'; DROP TABLE precedents; --",
        "a & !b | c:*",
        "あ" * 3000,
        "訪問" * 1500,
        "👨‍👩‍👧",
        "*",
        " ",
        "\\",
    ],
)
async def test_whatever_is_typed_is_only_looked_for(desk, typed):
    await told(desk, "hoard_dog", "hoard_path", "alcohol", "delusion", "guardian")
    await found(desk, typed)

    assert set(await found(desk, "ごみ屋敷")) == {"hoard_dog", "hoard_path"}


async def test_what_is_like_a_consultation_is_found_by_its_words_and_its_codes(desk):
    await all_thirty(desk.bot.desk)
    number = await desk.given_heard(
        story="80代のお母さまの家に、働いていない息子さんが引きこもっています。部屋から出てきません。",
        formulation="断ることで暮らしを守っている。",
        advice="体調の話を続ける。",
    )

    best = await found(desk, consultation=await desk.id_of(number))

    assert best[0] == "hikikomori_son"
    assert len(best) <= 5
    assert "debt_card" not in best


async def test_another_consultation_finds_others(desk):
    await all_thirty(desk.bot.desk)
    number = await desk.given_waiting(story="アパートの家賃を払えず、借金もあるようです。", concerns=("gap",))
    await desk.sato.presses("callback.claim", where=CARDS)

    best = await found(desk, consultation=await desk.id_of(number))
    assert best[0] == "debt_rent"
    assert "hikikomori_son" not in best


async def test_a_record_is_not_like_the_consultation_it_came_from(desk):
    await all_thirty(desk.bot.desk)
    number = await desk.given_closed(story="家賃の滞納が続き、住まいを失いそうです。")
    it = await desk.id_of(number)
    own = record("own", situation="家賃の滞納が続き、住まいを失いそう。")
    await released(desk.bot.desk, own)
    assert "own" in await found(desk, consultation=it)

    async with desk.db.transaction(await desk.actor(COUNSELOR)) as tx:
        tx.connection.later(
            "INSERT INTO record_links (consultation, record) VALUES (:consultation, 'own')",
            {"consultation": it},
        )

    assert "own" not in await found(desk, consultation=it)
    assert "own" in await found(desk, "家賃の滞納")


async def test_filters_narrow_words_and_likeness(desk):
    await all_thirty(desk.bot.desk)
    number = await desk.given_heard(
        story="引きこもりの方がいます。", advice="続ける。", formulation="ひとり。"
    )
    it = await desk.id_of(number)

    assert await found(desk, "引きこもり", field="children") == ["hikikomori_girl"]
    assert await found(desk, "引きこもり", field="justice") == []
    assert (await found(desk, consultation=it, field="children"))[0] == "hikikomori_girl"
    assert set(await found(desk, consultation=it, field="children")) <= {"hikikomori_girl", "young_carer"}
    assert await found(desk, characteristic="addiction", field="livelihood") == ["gambling"]
    assert set(await found(desk, characteristic="dementia")) == {
        "dementia_bank",
        "dementia_fire",
        "dementia_walk",
    }
    assert set(await found(desk, disposition="outreach")) == set()
    assert len(await found(desk, disposition="advice_closed")) == 5


async def test_nothing_asked_is_nothing_found(desk):
    await all_thirty(desk.bot.desk)
    answer = await precedents.search(desk.bot.desk, await desk.actor(COUNSELOR))
    assert (answer.hits, answer.library, answer.asked) == ((), len(CASES), False)


@pytest.mark.parametrize(
    "person", [ROLES[role][-1] for role in ROLES if role != "counselor"] + ["U_TAKAGI", "U_KITAMURA"]
)
async def test_nobody_but_counselors_learns_anything(desk, person):
    await all_thirty(desk.bot.desk)
    it = await desk.id_of(await desk.given_claimed())
    actor = await desk.actor(person)

    for ask in (
        precedents.search(desk.bot.desk, actor, "ごみ屋敷"),
        precedents.search(desk.bot.desk, actor, consultation_id=it),
        precedents.one(desk.bot.desk, actor, "hoard_dog"),
    ):
        with pytest.raises(NotYourRole):
            await ask
    assert Event.PRECEDENT_READ not in await desk.trail()


async def test_a_counselor_may_not_ask_about_somebody_elses_consultation(desk):
    await all_thirty(desk.bot.desk)
    it = await desk.id_of(await desk.given_claimed(by="U_SUZUKI", story="ごみ屋敷です。"))

    with pytest.raises(NotAllowed):
        await found(desk, consultation=it)
    with pytest.raises(NotAllowed):
        await found(desk, "ごみ屋敷", it)
    assert await found(desk, "ごみ屋敷") != []


async def test_reading_is_noted_with_ids_alone(desk):
    await all_thirty(desk.bot.desk)
    number = await desk.given_claimed(story="ごみ屋敷です。")
    it = await desk.id_of(number)

    hits = await found(desk, consultation=it)
    await found(desk, "宇宙飛行士")  # finds nothing: nothing was read
    await precedents.one(desk.bot.desk, await desk.actor(COUNSELOR), hits[0])

    async with desk.db.reading() as ask:
        read = [each for each in await ask.audit.trail() if each.event == Event.PRECEDENT_READ]
        words = [each for each in await ask.audit.trail(it) if each.event == Event.WORDS_READ]
    assert [(each.subject, each.detail) for each in read] == [(it, {"records": hits}), (hits[0], {})]
    assert [each.detail for each in words] == [{"why": "precedents"}]


async def test_typed_words_open_nothing_of_the_consultation(desk):
    await all_thirty(desk.bot.desk)
    it = await desk.id_of(await desk.given_claimed(story="ごみ屋敷です。"))
    await found(desk, "認知症", it)

    async with desk.db.reading() as ask:
        assert Event.WORDS_READ not in {each.event for each in await ask.audit.trail(it)}


async def test_what_was_withdrawn_is_found_no_more(desk):
    await all_thirty(desk.bot.desk)
    actor = await desk.actor(COUNSELOR)
    assert "hoard_dog" in await found(desk, "ごみ屋敷")

    async with desk.db.transaction(actor) as tx:
        await tx.precedents.remove("hoard_dog")
        tx.connection.later("UPDATE record_reviews SET decision = 'withheld' WHERE record = 'hoard_dog'", {})

    assert "hoard_dog" not in await found(desk, "ごみ屋敷")
    with pytest.raises(NotFound):
        await precedents.one(desk.bot.desk, actor, "hoard_dog")


def test_every_text_of_a_record_is_read_for_its_terms():
    assert precedents.TEXTS == records.TEXTS
