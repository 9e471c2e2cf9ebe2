"""似た事例: found by words and by likeness, shown to counselors alone, and never by facts that too few share."""

import logging

import pytest

from bot.domain.events import Event
from bot.domain.precedents import Filters
from bot.domain.refusals import NotAllowed, NotFound, NotYourRole
from bot.logs import TALKATIVE
from bot.practice.person import words
from bot.privacy.uniqueness import SEARCH_K, key_of
from bot.usecases import precedents, records
from tests.desk import CARDS, ROLES
from tests.precedents import CASES, all_thirty, kept, record, released

COUNSELOR = "U_SATO"


async def found(desk, text: str = "", consultation: str | None = None, **filters) -> list[str]:
    """The ids of what a counselor finds, nearest first."""
    answer = await precedents.search(
        desk.bot.desk, await desk.actor(COUNSELOR), text, Filters(**filters), consultation
    )
    return [each.record.id for each in answer.hits]


async def told(desk, *names: str, **changes) -> None:
    """These of the thirty, released, with these facts."""
    await released(desk.bot.desk, *(record(name, **changes) for name in names))


async def chooses(desk, menu: str, code: str) -> None:
    """Choose from one of the menus of the window."""
    place = await desk.sato._find("view", menu, None)
    await desk.sato.press(**place, choice=code)
    await desk.settle()


async def before(desk) -> str:
    """All that stands in the window before the counselor."""
    await desk.settle()
    return words(await desk.sato.top_view())


# Words


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


# Likeness


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


# Filters


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


# k


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


# Who


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


# What is shown


async def test_the_telling_sentences_carry_the_words_that_were_looked_for(sqlite_desk):
    desk = sqlite_desk
    await all_thirty(desk.bot.desk)
    long = (
        "前置きが続きます。" * 3
        + "これはとても長い文で、" * 12
        + "ここに烏骨鶏が出てきます。"
        + "おわりです。"
    )
    await released(desk.bot.desk, record("long", situation=long, theme="refusal"))
    actor = await desk.actor(COUNSELOR)

    hit = (await precedents.search(desk.bot.desk, actor, "烏骨鶏")).hits[0]

    (passage,) = hit.telling
    assert [words for words, marked in passage if marked] == ["烏骨鶏"]
    assert len("".join(words for words, _ in passage)) <= 115
    assert "".join(words for words, _ in passage).startswith("…")


async def test_a_counselor_finds_reads_and_comes_back(desk):
    await all_thirty(desk.bot.desk)
    async with desk.db.transaction(await desk.actor(COUNSELOR)) as tx:
        for question, answer in (("q1", "helped"), ("q2", "helped"), ("q3", "hard")):
            tx.connection.later(
                "INSERT INTO record_echoes (record, question, answer, heaviness, at)"
                " VALUES ('hikikomori_son', :question, :answer, 'lighter', '2026')",
                {"question": question, "answer": answer},
            )
    await desk.given_claimed(story="息子さんが引きこもり、部屋から出てきません。")

    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("precedents.alike", where="view")
    seen = await before(desk)
    assert "似た事例" in seen
    assert "\u200b*引きこもり*\u200b" in seen
    assert "体調の話から続ける。" in seen
    assert "試してみて、役に立った 2件、試してみたが、難しかった 1件" in seen
    assert "高齢・介護・湖南圏域・18～64歳・女性・親と子" in seen

    await desk.sato.presses("precedents.read", "hikikomori_son", where="view")
    seen = await before(desk)
    assert "引きこもりの息子が部屋から出てこない。" in seen
    assert "いまの気持ちは「少し軽くなった」" in seen

    await desk.sato.close()
    await desk.sato.fills_and_sends(words="通帳")
    seen = await before(desk)
    assert "通帳" in seen
    assert "認知症" in seen
    assert "引きこもり" not in seen
    view = await desk.sato.top_view()
    assert "通帳" not in view["private_metadata"]

    await desk.sato.fills_and_sends(words="")
    assert "引きこもり" in await before(desk)  # what is like the consultation again


async def test_a_choice_narrows_at_once_and_keeps_what_was_typed(sqlite_desk):
    desk = sqlite_desk
    await all_thirty(desk.bot.desk)
    await desk.sato.open_home()
    await desk.sato.presses("precedents.open", where="home")
    assert f"いま{len(CASES)}件の事例があります" in await desk.sato.reads("view")
    await desk.sato.fills_and_sends(words="引きこもり")
    assert (await desk.sato.reads("view")).count("くわしく") == 2

    await chooses(desk, "precedents.field", "children")
    seen = await desk.sato.reads("view")
    assert seen.count("くわしく") == 1
    assert "漫画" in seen
    assert "\n引きこもり" in seen
    await chooses(desk, "precedents.field", "justice")
    assert (
        "項目を戻すと、広くさがせます" in (await desk.sato.reads("view")).split("困りごと")[0]
    )  # first of all
    await desk.sato.presses("precedents.widen", where="view")
    assert (await desk.sato.reads("view")).count("くわしく") == 2
    assert "項目を戻す" not in await desk.sato.reads("view")  # the control


async def test_five_are_the_nearest_of_more_and_the_next_are_one_press_away(sqlite_desk):
    desk = sqlite_desk
    await released(
        desk.bot.desk, *(record(f"r{n}", situation=f"訪問を断られる{n}番目の家。") for n in range(8))
    )
    await desk.sato.open_home()
    await desk.sato.presses("precedents.open", where="home")
    await desk.sato.fills_and_sends(words="訪問")
    first = await desk.sato.reads("view")
    assert "近いものから5件" in first
    assert "これですべて" not in first

    await desk.sato.presses("precedents.more", where="view")

    then = await desk.sato.reads("view")
    assert "近いものから6〜8件目" in then
    assert then.count("くわしく") == 3
    assert not await desk.sato.has("precedents.more", where="view")
    told = [{line for line in each.split("\n") if "番目の家" in line} for each in (first, then)]
    assert len(told[0]) == 5
    assert not told[0] & told[1]
    await chooses(desk, "precedents.theme", "approach")
    assert "近いものから5件" in await desk.sato.reads("view")  # something else is asked: from the beginning


async def test_fewer_than_five_are_all_there_are(sqlite_desk):
    """The control of the test above."""
    desk = sqlite_desk
    await released(
        desk.bot.desk, *(record(f"r{n}", situation=f"訪問を断られる{n}番目の家。") for n in range(5))
    )
    await desk.sato.open_home()
    await desk.sato.presses("precedents.open", where="home")

    await desk.sato.fills_and_sends(words="訪問")

    assert "これですべてです" in await desk.sato.reads("view")
    assert not await desk.sato.has("precedents.more", where="view")


async def test_all_it_can_be_narrowed_to_is_above_what_was_found(sqlite_desk):
    desk = sqlite_desk
    await all_thirty(desk.bot.desk)
    await desk.sato.open_home()
    await desk.sato.presses("precedents.open", where="home")
    await desk.sato.fills_and_sends(words="引きこもり")
    assert not await desk.sato.has("precedents.household", where="view")

    await desk.sato.presses("precedents.filters", where="view")

    assert (await desk.sato.reads("view")).index("世帯") < (await desk.sato.reads("view")).index("くわしく")
    await chooses(desk, "precedents.household", "parent_child")
    assert await desk.sato.has("precedents.disposition", where="view")  # they stay


async def test_what_a_characteristic_or_a_theme_is_called_finds_it(desk):
    house = [
        record(f"house{n}", situation="片づけが進まない。", characteristics=("hoarding",), theme="harassment")
        for n in range(5)
    ]
    async with desk.db.transaction(await desk.actor(COUNSELOR)) as tx:
        await kept(tx, *(record(f"k{n}", theme="harassment") for n in range(5)))  # enough to say the theme
    await released(desk.bot.desk, *house, *(record(f"r{n}", situation="通院が続かない。") for n in range(5)))

    assert set(await found(desk, "ごみ屋敷")) == {each.id for each in house}
    assert set(await found(desk, "ハラスメント")) == {each.id for each in house}
    assert await found(desk, "不登校") == []  # the control: nobody has that


async def test_a_courtesy_brings_nothing(sqlite_desk):
    desk = sqlite_desk
    courtesy = "お忙しいところすみません。いつも大変お世話になっております。"
    await released(
        desk.bot.desk, *(record(f"r{n}", situation=f"{courtesy}認知症の母のこと。") for n in range(5))
    )

    assert await found(desk, courtesy) == []
    assert len(await found(desk, f"{courtesy}認知症です。")) == 5  # the control


@pytest.mark.parametrize("theme", [None, "approach"])
async def test_where_it_has_no_theme_its_first_characteristic_is_its_title(sqlite_desk, theme):
    desk = sqlite_desk
    house = [
        record(f"house{n}", situation="片づけが進まない。", characteristics=("hoarding",), theme=theme)
        for n in range(5)
    ]
    await released(desk.bot.desk, *house)
    await desk.sato.open_home()
    await desk.sato.presses("precedents.open", where="home")

    await desk.sato.fills_and_sends(words="片づけ")

    seen = await desk.sato.reads("view")
    assert ("*ごみ屋敷・不衛生な住環境*" in seen) == (theme is None)
    assert "支援の事例" not in seen


async def test_an_empty_library_says_how_it_is_filled(sqlite_desk):
    desk = sqlite_desk
    await desk.given_claimed(story="息子さんが引きこもっています。")
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("precedents.alike", where="view")

    assert "まだ、ここに並ぶ事例がありません" in await desk.sato.reads("view")


async def test_where_nothing_is_like_it_the_window_says_what_to_do(sqlite_desk):
    desk = sqlite_desk
    await all_thirty(desk.bot.desk)
    await desk.sato.open_home()
    await desk.sato.presses("precedents.open", where="home")
    await desk.sato.fills_and_sends(words="宇宙飛行士")

    assert "ことばを減らすか、別の言い方にすると" in await desk.sato.reads("view")


async def test_a_coordinator_is_not_offered_the_library(sqlite_desk):
    desk = sqlite_desk
    await desk.given_claimed()
    await desk.yamamoto.presses("details.open", where=CARDS)
    assert not await desk.yamamoto.has("precedents.alike", where="view")
    await desk.yamamoto.open_home()
    assert not await desk.yamamoto.has("precedents.open", where="home")
    await desk.sato.presses("details.open", where=CARDS)
    assert await desk.sato.has("precedents.alike", where="view")  # the control


async def test_what_was_typed_is_kept_and_noted_nowhere(sqlite_desk, caplog):
    desk = sqlite_desk
    await all_thirty(desk.bot.desk)
    await desk.sato.open_home()
    await desk.sato.presses("precedents.open", where="home")
    caplog.set_level(logging.DEBUG)
    for name in TALKATIVE:
        caplog.set_level(logging.WARNING, logger=name)
    await desk.sato.fills_and_sends(words="琵琶湖花子のこと 烏骨鶏 123456789012")

    said = str(await desk.kept()) + str(await desk.rows("SELECT * FROM audit")) + caplog.text
    for word in ("琵琶湖", "花子", "烏骨鶏", "123456789012"):
        assert word not in said


def test_every_text_of_a_record_is_read_for_its_terms():
    assert precedents.TEXTS == records.TEXTS
