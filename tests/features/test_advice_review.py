"""アドバイス内容の検討会: records are drawn by lot and read by others, and a sentence becomes a model."""

import asyncio
import json
from datetime import date

import pytest

from bot import codes
from bot.domain.advice_review import NotAReader, NothingToRead, ReadingOver
from bot.domain.refusals import InTheFuture, Missing, NotAllowed, NotFound, NotYourRole
from bot.domain.staff import THE_CLOCK, Role
from bot.usecases import advice_reviews, closing, expiry, people, record_reviews
from bot.usecases.advice_reviews import Said
from tests.advice_reviews import COUNSELORS, LAST, SINCE, WELL, closed, opened, recorded, samples


def other() -> str:
    return next(each.code for each in codes.options("supporter_concerns") if each.code != "approach")


async def test_a_coordinator_opens_one_others_read_and_a_sentence_becomes_a_model(desk):
    record = await recorded(desk)
    await desk.yamamoto.open_home()
    await desk.yamamoto.presses("advice.new", where="home")
    act = await desk.yamamoto.fills_and_sends(
        since="2026-11-01", last="2026-11-24", most="2", readers=["U_SUZUKI"]
    )
    assert not act.get("errors"), act
    assert "1件を読んでいます" in await desk.yamamoto.reads("view")

    await desk.suzuki.presses("advice.read", record, where="bot")
    text = await desk.suzuki.reads("view")
    assert "まず体調をうかがう。" in text
    assert "佐藤" not in text and "U_SATO" not in text
    await desk.suzuki.fills_and_sends(
        heard="well", safety="talk", finding="まず、体調のことからうかがう。", kind="model"
    )
    await desk.suzuki.open_home()
    assert "読んでいただきたい記録" not in await desk.suzuki.reads("home")

    await desk.yamamoto.close(clear=True)
    await desk.yamamoto.open_home()
    assert "1件のうち1件" in await desk.yamamoto.reads("home")
    await desk.yamamoto.presses("advice.open", where="home")
    assert "体調のこと" not in await desk.yamamoto.reads("view")  # until the reading is over
    await desk.yamamoto.presses("advice.close", where="view")
    assert "数が少ないため" in await desk.yamamoto.reads("view")
    await desk.yamamoto.presses("finding.model", where="view")
    await desk.yamamoto.fills_and_sends(sentence="まず、体調からうかがってみませんか。", theme="approach")
    assert "ことばの手本に加えました" in await desk.yamamoto.reads("view")

    number = await desk.given_heard("U_SATO")
    await desk.sato.presses("details.open", await desk.id_of(number), where="C_CALLBACKS")
    await desk.sato.presses("closing.open", where="view")
    await desk.sato.presses("models.open", where="view")
    assert "まず、体調からうかがってみませんか。" in await desk.sato.reads("view")
    assert not await desk.sato.has("model.retire", where="view")
    assert {"advice.opened", "advice.read", "advice.answered", "advice.closed", "finding.settled", "model.kept"} <= set(
        await desk.trail()
    )  # fmt: skip


async def test_nobody_is_given_what_they_had_a_part_in(desk):
    mine = {who: [await recorded(desk, who) for _ in range(2)] for who in COUNSELORS}

    await opened(desk, COUNSELORS)

    read = await samples(desk)
    assert len(read) == 5  # five of six of one region and theme
    for who, own in mine.items():
        assert all(read.get(record) != who for record in own)
    assert len(set(read.values())) == 3  # the control: all three read


async def test_what_all_readers_had_a_part_in_is_not_drawn(sqlite_desk):
    await recorded(sqlite_desk, "U_SATO")
    with pytest.raises(NothingToRead):
        await opened(sqlite_desk, ["U_SATO"])

    await opened(sqlite_desk, ["U_SATO", "U_SUZUKI"])  # the control
    assert set((await samples(sqlite_desk)).values()) == {"U_SUZUKI"}


async def test_who_only_wrote_down_a_visit_had_a_part_too(sqlite_desk):
    record = await recorded(sqlite_desk, "U_SATO")
    [link] = await sqlite_desk.rows("SELECT consultation FROM record_links WHERE record = :r", r=record)
    async with sqlite_desk.db.transaction(await sqlite_desk.actor("U_SUZUKI")) as tx:
        await tx.casework.write(link["consultation"], "note", "うかがいました。")
    with pytest.raises(NothingToRead):
        await opened(sqlite_desk, ["U_SUZUKI"])
    await opened(sqlite_desk, ["U_MORI"])  # the control


async def test_another_ones_record_opens_for_its_reader_alone(desk):
    record = await recorded(desk)
    await opened(desk, ["U_SUZUKI"])
    for who in ("U_SATO", "U_MORI", "U_YAMAMOTO"):
        with pytest.raises(NotAllowed):
            await advice_reviews.read(desk.bot.desk, await desk.actor(who), record)
        with pytest.raises(NotAllowed):
            await advice_reviews.answer(desk.bot.desk, await desk.actor(who), record, WELL)
    with pytest.raises(NotYourRole):
        await advice_reviews.read(desk.bot.desk, await desk.actor("U_KONDO"), record)

    await advice_reviews.read(desk.bot.desk, await desk.actor("U_SUZUKI"), record)  # the control


async def test_what_is_held_back_withheld_reopened_or_read_before_is_left_out(desk):
    boss = await desk.actor("U_YAMAMOTO")
    numbers = {}
    for name in ("held", "withheld", "reopened", "fine"):
        record = await recorded(desk, offered=name == "withheld")
        [row] = await desk.rows(
            "SELECT c.number, c.id FROM consultations AS c JOIN record_links AS l ON l.consultation = c.id"
            " WHERE l.record = :r",
            r=record,
        )
        numbers[name] = (record, row["id"])
    await expiry.hold(desk.bot.desk, boss, numbers["held"][1], "dispute")
    await record_reviews.decide(desk.bot.desk, await desk.actor("U_MORI"), numbers["withheld"][0], "withheld")
    await closing.reopen(desk.bot.desk, boss, numbers["reopened"][1])
    await closing.withdraw(desk.bot.desk, boss, numbers["reopened"][1])

    review = await opened(desk, ["U_SUZUKI"])

    assert set(await samples(desk)) == {numbers["fine"][0]}
    assert sum(review.population.values()) == 1
    with pytest.raises(NothingToRead):  # read before
        await opened(desk, ["U_SUZUKI"])


async def test_no_more_are_drawn_of_a_region_and_theme_than_was_said(desk):
    for _ in range(4):
        await recorded(desk)
    await recorded(desk, theme=other())

    review = await opened(desk, ["U_SUZUKI"], most=2)

    assert sorted(review.population.values()) == [1, 4]
    assert len(await samples(desk)) == 3


async def test_what_was_said_can_be_said_anew_until_the_reading_is_over(desk):
    record = await recorded(desk)
    review = await opened(desk, ["U_SUZUKI"])
    suzuki = await desk.actor("U_SUZUKI")
    with pytest.raises(Missing):
        await advice_reviews.answer(desk.bot.desk, suzuki, record, Said({"who": "well", "heard": "perfect"}))
    for text in ("ことばがやわらかい。", "まず、話をよく聴いている。"):
        told = Said({"heard": "well"}, "topic", text)
        await advice_reviews.answer(desk.bot.desk, suzuki, record, told)
    assert [row["text"] for row in await desk.rows("SELECT text FROM advice_findings")] == [
        "まず、話をよく聴いている。"
    ]

    await closed(desk, review)
    await closed(desk, review)  # pressed twice

    with pytest.raises(ReadingOver):
        await advice_reviews.answer(desk.bot.desk, suzuki, record, WELL)
    with pytest.raises(ReadingOver):
        await advice_reviews.read(desk.bot.desk, suzuki, record)
    assert (await desk.trail()).count("advice.closed") == 1
    assert await desk.rows("SELECT record FROM advice_findings") == [{"record": None}]


async def test_a_name_in_what_was_noticed_is_masked_before_it_is_kept(sqlite_desk):
    record = await recorded(sqlite_desk)
    await opened(sqlite_desk, ["U_SUZUKI"])
    await sqlite_desk.suzuki.presses("advice.read", record, where="bot")
    await sqlite_desk.suzuki.fills_and_sends(
        heard="well", finding="山田花子さんへのことばがよい。", kind="model"
    )
    assert await sqlite_desk.how_many("advice_findings") == 0

    await sqlite_desk.suzuki.fills_and_sends()

    [row] = await sqlite_desk.rows("SELECT text FROM advice_findings")
    assert "山田" not in row["text"]
    assert "花子" not in row["text"]


async def test_a_topic_reaches_those_who_plan_trainings_with_its_theme(sqlite_desk):
    record = await recorded(sqlite_desk)
    review = await opened(sqlite_desk, ["U_SUZUKI"])
    told = Said({"heard": "talk"}, "topic", "断られたあとの一言を学びたい。")
    await advice_reviews.answer(sqlite_desk.bot.desk, await sqlite_desk.actor("U_SUZUKI"), record, told)
    [finding] = await sqlite_desk.rows("SELECT id FROM advice_findings")
    kondo, boss = await sqlite_desk.actor("U_KONDO"), await sqlite_desk.actor("U_YAMAMOTO")
    with pytest.raises(NotFound):  # nobody reads it before the reading is over
        await advice_reviews.settle(sqlite_desk.bot.desk, boss, finding["id"], "topic")
    await closed(sqlite_desk, review)
    with pytest.raises(NotAllowed):  # it is no topic yet
        await advice_reviews.finding_of(sqlite_desk.bot.desk, kondo, finding["id"])

    for _ in range(2):
        await advice_reviews.settle(sqlite_desk.bot.desk, boss, finding["id"], "topic")
    await sqlite_desk.kondo.open_home()
    assert "断られたあと" not in await sqlite_desk.kondo.reads("home")
    await sqlite_desk.kondo.presses("finding.plan", where="home")

    view = json.dumps(await sqlite_desk.kondo.top_view(), ensure_ascii=False)
    assert "断られたあとの一言を学びたい。" in view
    assert codes.label("supporter_concerns", "approach") in view
    assert (await sqlite_desk.trail()).count("finding.settled") == 1


async def test_a_sentence_is_taken_out_of_use_by_those_who_lead(desk):
    record = await recorded(desk)
    review = await opened(desk, ["U_SUZUKI"])
    told = Said({"heard": "well"}, "model", "よく続けてこられましたね。")
    await advice_reviews.answer(desk.bot.desk, await desk.actor("U_SUZUKI"), record, told)
    await closed(desk, review)
    [finding] = await desk.rows("SELECT id FROM advice_findings")
    boss = await desk.actor("U_YAMAMOTO")
    for _ in range(2):
        await advice_reviews.keep_model(
            desk.bot.desk, boss, finding["id"], "よく続けてこられましたね。", None
        )
    [model] = await advice_reviews.models(desk.bot.desk, await desk.actor("U_MORI"))
    with pytest.raises(NotYourRole):
        await advice_reviews.models(desk.bot.desk, await desk.actor("U_TAKAGI"))
    with pytest.raises(NotYourRole):
        await advice_reviews.retire(desk.bot.desk, await desk.actor("U_MORI"), model.id)

    assert await advice_reviews.retire(desk.bot.desk, boss, model.id) == []
    assert (await desk.trail()).count("model.kept") == 1


async def test_who_may_not_and_what_makes_no_sense_is_refused(sqlite_desk):
    await recorded(sqlite_desk)
    with pytest.raises(NotYourRole):
        await opened(sqlite_desk, ["U_SUZUKI"], by="U_SATO")
    with pytest.raises(NotAReader):
        await opened(sqlite_desk, ["U_SUZUKI", "U_TAKAGI"])
    with pytest.raises(Missing):
        await opened(sqlite_desk, [])
    with pytest.raises(InTheFuture):
        await advice_reviews.open_review(
            sqlite_desk.bot.desk,
            await sqlite_desk.actor("U_YAMAMOTO"),
            SINCE,
            date(2099, 1, 1),
            1,
            ("U_SUZUKI",),
            once="x",
        )
    assert await sqlite_desk.how_many("advice_reviews") == 0

    await people.grant(sqlite_desk.bot.desk, THE_CLOCK, "U_SATO", Role.SUPERVISOR)  # the control
    await opened(sqlite_desk, ["U_SUZUKI"], by="U_SATO")


async def test_two_who_open_at_once_draw_no_record_twice_and_one_press_is_one(desk):
    for _ in range(3):
        await recorded(desk)
    boss = await desk.actor("U_YAMAMOTO")

    async def opens(once):
        return await advice_reviews.open_review(desk.bot.desk, boss, SINCE, LAST, 2, ("U_SUZUKI",), once=once)

    found = await asyncio.gather(opens("a"), opens("b"), opens("a"))

    assert found[0].id == found[2].id != found[1].id
    assert len(await samples(desk)) == 3  # two, and what was left


async def test_what_nobody_came_to_read_is_drawn_another_time(desk):
    first, second = await recorded(desk), await recorded(desk)
    review = await opened(desk, ["U_SUZUKI"])
    await advice_reviews.answer(desk.bot.desk, await desk.actor("U_SUZUKI"), first, WELL)
    await closed(desk, review)

    await opened(desk, ["U_MORI"])

    assert await samples(desk) == {first: "U_SUZUKI", second: "U_MORI"}


async def test_a_record_that_is_withheld_meanwhile_is_read_no_more(desk):
    record = await recorded(desk, offered=True)
    await opened(desk, ["U_SUZUKI"])
    suzuki = await desk.actor("U_SUZUKI")
    await advice_reviews.read(desk.bot.desk, suzuki, record)  # the control

    await record_reviews.decide(desk.bot.desk, await desk.actor("U_MORI"), record, "withheld")

    with pytest.raises(NotAllowed):
        await advice_reviews.read(desk.bot.desk, suzuki, record)
    await desk.suzuki.open_home()
    assert "読んでいただきたい記録" not in await desk.suzuki.reads("home")
