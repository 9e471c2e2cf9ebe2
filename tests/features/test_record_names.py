"""Names in a record that stays: masked, put back where they are nobody's, and asked about."""

import json

from bot.usecases import case_names, closing
from tests.records import asks_unmasked, block, heard_and_closed, kept, opens, opens_record, options, typed


async def test_what_was_masked_in_the_record_joins_the_dictionary_of_the_case(sqlite_desk):
    desk = sqlite_desk
    consultation = await opens(desk)

    await desk.sato.fills_and_sends(agreement="person", situation="中川ヨシ江さんは訪問を断る。")
    await desk.sato.fills_and_sends()

    async with desk.db.reading() as ask:
        known = (await case_names.case_of(ask, consultation)).known
    assert "中川ヨシ江" in {each.surface for each in known}


async def test_a_name_somebody_adds_is_masked_in_every_text_and_kept_in_mind(sqlite_desk):
    desk = sqlite_desk
    consultation = await opens(desk, formulation="はなまるの不安が強い。")

    await desk.sato.fills_and_sends(agreement="person", more_names="はなまる", advice="はなまるの話を聞く。")

    record = await kept(desk)
    assert "はなまる" not in record["formulation"] + record["advice"]
    async with desk.db.reading() as ask:
        known = (await case_names.case_of(ask, consultation)).known
    assert "はなまる" in {each.surface for each in known}


async def test_what_was_masked_though_nobodys_name_is_put_back_with_one_tick(sqlite_desk):
    """Words that were kept before anything could be found in them."""
    desk = sqlite_desk
    number = await desk.given_heard()
    sato, consultation = await desk.actor("U_SATO"), await desk.id_of(number)
    async with desk.db.transaction(sato) as tx:
        await tx.casework.write(consultation, "summary", "中川ヨシ江さんの話を聞く。")
    ending = closing.Closing((), "advice_closed", "resolved")
    await closing.close(desk.bot.desk, sato, consultation, ending)
    await desk.settle()
    await desk.sato.open_home()
    await desk.sato.presses("record.open", where="home")
    assert "Aさんの話を聞く。" in await typed(desk.sato, "situation")
    [option] = (await block(desk.sato, "keep"))["element"]["options"]

    await desk.sato.fills_and_sends(agreement="person", keep=[option["value"]])

    assert "中川ヨシ江さんの話を聞く。" in (await kept(desk))["situation"]


async def test_a_tick_for_a_name_outlives_the_form_that_comes_back_for_something_else(sqlite_desk):
    desk = sqlite_desk
    await opens(desk)
    await desk.sato.fills_and_sends(agreement="person", advice="中川ヨシ江さんの話を聞く。")
    [option] = (await block(desk.sato, "keep"))["element"]["options"]

    await desk.sato.fills_and_sends(keep=[option["value"]], outcome="猫が23匹いる。")
    assert await typed(desk.sato, "outcome") == "猫がたくさんいる。"
    assert await typed(desk.sato, "advice") == "中川ヨシ江さんの話を聞く。"
    await desk.sato.fills_and_sends()

    assert (await kept(desk))["advice"] == "中川ヨシ江さんの話を聞く。"


async def test_words_too_long_for_a_box_are_counted(sqlite_desk):
    desk = sqlite_desk
    await opens(desk, story="「" + "わしの世話はいらんと言うとるやろ、" * 10 + "」と怒鳴る。")

    assert await typed(desk.sato, "situation") == "（発言）と怒鳴る。"
    assert "並べられないところが1つあります" in await desk.sato.reads("view")
    await desk.sato.fills_and_sends(agreement="person")
    assert (await kept(desk))["situation"] == "（発言）と怒鳴る。"


async def test_what_was_unmasked_at_the_door_is_masked_in_the_record_all_the_same(sqlite_desk):
    desk = sqlite_desk
    number = await asks_unmasked(desk, "中川ヨシ江さんは訪問を断る。")
    consultation = await heard_and_closed(desk, number)
    async with desk.db.reading() as ask:
        written = await ask.casework.words_of(consultation)
    assert "中川ヨシ江さんは訪問を断る。" in {
        each.text for each in written
    }  # the control: in the notes it stands

    await opens_record(desk)
    assert "Aさんは訪問を断る。" in await typed(desk.sato, "situation")
    await desk.sato.fills_and_sends(agreement="person")

    assert (await kept(desk))["situation"] == "Aさんは訪問を断る。"
    assert await desk.how_many("record_reviews") == 0
    async with desk.db.reading() as ask:
        written = await ask.casework.words_of(consultation)
    assert "中川ヨシ江さんは訪問を断る。" in {
        each.text for each in written
    }  # who asked said it stays in the notes: nobody said otherwise


async def test_what_is_unmasked_in_the_record_needs_a_second_person(desk):
    number = await asks_unmasked(desk, "中川ヨシ江さんは訪問を断る。")
    await heard_and_closed(desk, number)
    await opens_record(desk)
    assert "もう一人が確かめるまで" in str(await block(desk.sato, "keep"))

    await desk.sato.fills_and_sends(agreement="person", keep=options(await block(desk.sato, "keep")))

    record = await kept(desk)
    assert "中川ヨシ江さん" in record["situation"]
    assert json.loads(record["unusual"]) == ["unmasked"]
    assert await desk.how_many("record_reviews") == 1


async def test_a_name_is_unmasked_only_where_it_was_shown(sqlite_desk):
    """林さんの店 is a shop; 林さん who is angry is somebody."""
    desk = sqlite_desk
    await opens(desk, story="訪問を断られる。")
    await desk.sato.fills_and_sends(agreement="person", situation="林さんの店で倒れた。")

    await desk.sato.fills_and_sends(keep=options(await block(desk.sato, "keep")), advice="林さんは怒る。")

    assert await desk.how_many("records") == 0
    assert await typed(desk.sato, "situation") == "Aさんの店で倒れた。"
    assert await typed(desk.sato, "advice") == "Aさんは怒る。"
    [box_] = (await block(desk.sato, "keep"))["element"]["options"]  # the old tick is gone
    await desk.sato.fills_and_sends(keep=[box_["value"]])  # now that both were shown, both count
    assert ((await kept(desk))["situation"], (await kept(desk))["advice"]) == (
        "林さんの店で倒れた。", "林さんは怒る。",
    )  # fmt: skip


async def test_a_name_that_was_unmasked_where_it_stands_is_asked_no_more(sqlite_desk):
    """The control of the test above; other words may be typed, and the same sign in another word is no new place."""
    desk = sqlite_desk
    await opens(desk, story="訪問を断られる。")
    await desk.sato.fills_and_sends(agreement="person", situation="林さんの店で倒れた。林業の町。")

    await desk.sato.fills_and_sends(keep=options(await block(desk.sato, "keep")), advice="声をかける。")

    assert (await kept(desk))["situation"] == "林さんの店で倒れた。林業の町。"


async def test_a_surname_of_two_people_is_asked_about(sqlite_desk):
    desk = sqlite_desk
    await opens(desk, story="訪問を断られる。")

    await desk.sato.fills_and_sends(
        agreement="person", situation="中川ヨシ江さんと中川太郎さん。中川さんは怒る。"
    )

    assert await typed(desk.sato, "situation") == "AさんとBさん。Cさんは怒る。"
    assert "「中川」という名字の方が2人（A・B）いる" in await desk.sato.reads("view")


async def test_a_surname_of_one_person_is_not_asked_about(sqlite_desk):
    """The control of the test above."""
    desk = sqlite_desk
    await opens(desk, story="訪問を断られる。")

    await desk.sato.fills_and_sends(agreement="person", situation="中川ヨシ江さんと林さん。中川さんは怒る。")

    assert await typed(desk.sato, "situation") == "AさんとBさん。Aさんは怒る。"
    assert "という名字の方が" not in await desk.sato.reads("view")
