"""Questions about a meeting and their answers: who may ask and read, and what is told to whom."""

import asyncio

import pytest

from bot.domain.refusals import NotYourRole
from bot.privacy.anonymizer import anonymize
from bot.usecases import meetings, seats, trainings
from tests.meetings import HIKONE, answers, asks, given_held, given_meeting, questions_of, trail_of
from tests.trainings import ORGANIZER, given_announced, given_draft, joined


async def test_a_question_reaches_the_organizer_and_its_answer_everybody_who_is_in(desk):
    training = await given_meeting(desk, seats={"onsite": 2})
    await joined(desk, training, "U_TAKAGI", municipality=HIKONE)
    await joined(desk, training, "U_KITAMURA", "U_SUZUKI")  # the third waits for a seat

    await asks(desk, training, "U_TAKAGI", "重層の交付金の様式は変わりますか。")

    assert "ご質問をお預かりしました" in await desk.takagi.reads("view")
    assert "質問が届いています" in await desk.kondo.reads()
    assert "交付金" not in await desk.kondo.reads()  # words stay inside the window
    await desk.kondo.presses("meeting.questions", training.id, where="bot")
    listed = await desk.kondo.reads("view")
    assert "重層の交付金の様式は変わりますか。" in listed
    assert "彦根市" in listed
    assert "お答え待ち" in listed
    await desk.kondo.close(clear=True)

    await answers(desk, training)

    refreshed = await desk.kondo.reads("view")
    assert "お答えずみ" in refreshed
    assert "すべてお答えずみです" in refreshed
    assert "お答えが届きました" in await desk.takagi.reads()
    assert "来年度の様式" not in await desk.takagi.reads()
    await desk.takagi.close(clear=True)
    await desk.takagi.presses("meeting.answers", training.id, where="bot")
    for person in (desk.kitamura, desk.suzuki):
        await person.presses_anyway("meeting.answers", training.id)
        read = await person.reads("view")
        assert "重層の交付金の様式は変わりますか。" in read
        assert "来年度の様式をお使いください。" in read
        assert "滋賀県健康福祉政策課（11月24日(火)）" in read
        assert "彦根市" in read
        assert "あなたの質問" not in read
        assert "U_TAKAGI" not in str(await person.top_view())
    assert "あなたの質問" in await desk.takagi.reads("view")
    trail = await trail_of(desk, training)
    assert {"question.asked", "question.read", "question.answered"} <= set(trail)


async def test_at_an_ordinary_training_not_even_the_municipality_of_who_asked_is_shown(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI", municipality=HIKONE)
    await joined(desk, training, "U_KITAMURA")
    await asks(desk, training, "U_TAKAGI", "資料はあとで読めますか。")
    await answers(desk, training, "はい、あとでお送りします。")

    await desk.kitamura.presses_anyway("meeting.answers", training.id)

    assert "はい、あとでお送りします。" in await desk.kitamura.reads("view")
    assert "彦根市" not in await desk.kitamura.reads("view")


async def test_who_has_no_part_in_it_neither_asks_nor_reads_nor_answers(desk):
    training = await given_meeting(desk)
    await joined(desk, training, "U_TAKAGI")
    await asks(desk, training, "U_TAKAGI", "会場に駐車場はありますか。")
    await desk.takagi.close(clear=True)

    await desk.mori.presses_anyway("meeting.ask", training.id)
    await desk.mori.presses_anyway("meeting.answers", training.id)
    await desk.takagi.presses_anyway("meeting.questions", training.id)
    await desk.takagi.presses_anyway("meeting.towns", training.id)
    asked = (await questions_of(desk, training))[0]
    await desk.takagi.presses_anyway("meeting.answer", asked.id)

    assert [
        said.count("お申し込みの方と、出席をお願いした方のもの") for said in await desk.mori.whispers("bot")
    ] == [
        1,
        1,
    ]
    assert len([said for said in await desk.takagi.whispers("bot") if "研修担当" in said]) == 3
    assert await desk.mori.top_view() is None
    assert await desk.takagi.top_view() is None
    assert "駐車場" not in await desk.mori.reads("bot")
    assert (await trail_of(desk, training)).count("question.read") == 0
    with pytest.raises(NotYourRole):
        await meetings.questions(desk.bot.desk, await desk.actor("U_TANAKA"), training.id)
    # The control: who is among them does read.
    await desk.takagi.presses_anyway("meeting.answers", training.id)
    assert "駐車場" in await desk.takagi.reads("view")


async def test_whoever_gave_the_seat_back_reads_no_more_but_the_answer_to_an_own_question(sqlite_desk):
    desk = sqlite_desk
    training = await given_meeting(desk)
    parts = await joined(desk, training, "U_TAKAGI", "U_KITAMURA")
    await asks(desk, training, "U_TAKAGI", "会場に駐車場はありますか。")
    await answers(desk, training, "20台あります。")
    for part, person in zip(parts, ("U_TAKAGI", "U_KITAMURA"), strict=True):
        await seats.leave(desk.bot.desk, await desk.actor(person), part.id)
    await desk.settle()

    await desk.takagi.close(clear=True)
    await desk.takagi.presses_anyway("meeting.answers", training.id)
    await desk.kitamura.presses_anyway("meeting.answers", training.id)

    assert "20台あります。" in await desk.takagi.reads("view")
    assert not await desk.takagi.has("meeting.ask", where="view")
    assert await desk.kitamura.top_view() is None


async def test_a_name_in_a_question_or_an_answer_is_offered_masked_before_it_is_kept(desk):
    training = await given_meeting(desk)
    await joined(desk, training, "U_TAKAGI")
    words = "山田花子さんのことで困っています。"
    assert anonymize(words).spans  # the control: the words do point at somebody

    await asks(desk, training, "U_TAKAGI", words)

    assert "このように伏せて" in await desk.takagi.reads("view")
    assert "Aさんのことで困っています。" in str(await desk.takagi.top_view())
    assert await questions_of(desk, training) == []
    await desk.takagi.fills_and_sends()
    assert [each.text for each in await questions_of(desk, training)] == ["Aさんのことで困っています。"]

    await answers(desk, training, "鈴木一郎さんへお電話ください。")
    assert "Aさんへお電話ください。" in str(await desk.kondo.top_view())
    assert (await questions_of(desk, training))[0].answer == ""
    await desk.kondo.fills_and_sends()
    (kept,) = await questions_of(desk, training)
    assert kept.answer == "Aさんへお電話ください。"
    assert "山田" not in desk.told()
    kept = str(await desk.rows("SELECT * FROM training_questions"))
    assert "困っています" not in kept  # sealed


async def test_what_is_no_name_can_be_put_back_and_twelve_digits_are_refused(sqlite_desk):
    desk = sqlite_desk
    training = await given_meeting(desk)
    await joined(desk, training, "U_TAKAGI")

    refused = await asks(desk, training, "U_TAKAGI", "番号は 123456789018 です。")
    empty = await desk.takagi.fills_and_sends(question=" ")
    await desk.takagi.fills_and_sends(question="山田花子さんのことで困っています。")
    (option,) = [
        each["value"]
        for block in (await desk.takagi.top_view())["blocks"]
        for each in (block.get("element") or {}).get("options", ())
    ]
    await desk.takagi.fills_and_sends(keep=[option])

    assert "12桁の番号" in refused["errors"]["question~0"]
    assert list(empty["errors"]) == ["question~0"]
    assert [each.text for each in await questions_of(desk, training)] == [
        "山田花子さんのことで困っています。"
    ]


async def test_what_slack_gives_a_meaning_to_is_shown_as_it_was_typed(sqlite_desk):
    desk = sqlite_desk
    training = await given_meeting(desk)
    await joined(desk, training, "U_TAKAGI")
    await asks(desk, training, "U_TAKAGI", "<!channel> と <#C1> & =cmd()")
    await answers(desk, training, "<!here> です。", answerer="<!everyone>")

    await desk.takagi.presses("meeting.answers", training.id, where="bot")

    for person in (desk.takagi, desk.kondo):
        drawn = str(await person.top_view())
        assert "&lt;!channel&gt; と &lt;#C1&gt; &amp; =cmd()" in drawn
        assert "&lt;!here&gt;" in drawn
        assert "<!" not in drawn
    assert "<!channel>" in (await questions_of(desk, training))[0].text  # the control: it was kept as typed


async def test_thirty_questions_in_an_hour_are_one_note_that_counts_them(desk):
    training = await given_meeting(desk)
    await joined(desk, training, "U_TAKAGI")
    actor = await desk.actor("U_TAKAGI")

    async def thirty():
        for number in range(30):
            await meetings.ask(desk.bot.desk, actor, training.id, f"質問{number}", once=desk.once())
        await desk.settle()
        desk.clock.advance(seconds=5)
        await desk.settle()

    def notes(texts):
        return [each for each in texts if "質問が届いています" in each]

    await thirty()
    first = notes(await desk.kondo.texts())
    desk.clock.advance(hours=1)
    await thirty()
    second = notes(await desk.kondo.texts())

    assert len(first) == 1
    assert "30件、お答えを待っているものが30件" in first[0]
    assert len(second) == 2
    assert "60件" in second[1]


async def test_a_question_sent_twice_is_one_and_an_answer_sent_twice_is_told_once(desk):
    training = await given_meeting(desk)
    await joined(desk, training, "U_TAKAGI")
    actor, organizer = await desk.actor("U_TAKAGI"), await desk.actor(ORGANIZER)
    for _ in range(2):
        await meetings.ask(desk.bot.desk, actor, training.id, "駐車場はありますか。", once="question:V1")
    (asked,) = await questions_of(desk, training)
    said = meetings.Answer("20台あります。", "滋賀県健康福祉政策課")

    async def heard(answer, once):
        await meetings.answer(desk.bot.desk, organizer, asked.id, answer, once=once)
        await desk.settle()
        return (await desk.takagi.reads()).count("お答えが届きました")

    assert await heard(said, "answer:V1") == 1
    assert await heard(said, "answer:V1") == 1
    assert await heard(meetings.Answer("20台あります。", "会場"), "answer:V2") == 1  # the same answer
    assert (
        await heard(meetings.Answer("30台あります。", "会場"), "answer:V3") == 2
    )  # the control: another one


async def test_two_who_answer_at_once_leave_one_answer_whole(desk):
    training = await given_meeting(desk)
    await joined(desk, training, "U_TAKAGI")
    await meetings.ask(
        desk.bot.desk, await desk.actor("U_TAKAGI"), training.id, "何時まで。", once=desk.once()
    )
    (asked,) = await questions_of(desk, training)
    organizer = await desk.actor(ORGANIZER)

    given = [meetings.Answer(f"{hour}時です。", f"{hour}時の方") for hour in (15, 16)]
    await asyncio.gather(
        *(meetings.answer(desk.bot.desk, organizer, asked.id, each, once=desk.once()) for each in given)
    )

    (kept,) = await questions_of(desk, training)
    assert (kept.answer, kept.answerer) in {(each.text, each.answerer) for each in given}


async def test_the_day_of_an_answer_lies_between_its_question_and_today(sqlite_desk):
    desk = sqlite_desk
    training = await given_meeting(desk)
    await joined(desk, training, "U_TAKAGI")
    await asks(desk, training, "U_TAKAGI", "駐車場はありますか。")
    desk.clock.advance(days=3)

    later = await answers(desk, training, on="2026-11-28")
    earlier = await desk.kondo.fills_and_sends(on="2026-11-23")
    nobody = await desk.kondo.fills_and_sends(on="2026-11-25", answerer="")
    await desk.kondo.fills_and_sends(on="2026-11-25", answerer="会場の方")

    assert "まだ来ていない" in later["errors"]["on~0"]
    assert "11月24日(火)より前" in earlier["errors"]["on~0"].replace(" ", "")
    assert list(nobody["errors"]) == ["answerer~0"]
    assert "会場の方（11月25日(水)）" in await desk.kondo.reads("view")


async def test_questions_are_taken_until_the_end_and_answered_any_time_after(desk):
    training = await given_meeting(desk)
    await joined(desk, training, "U_TAKAGI")
    await asks(desk, training, "U_TAKAGI", "次の会はいつですか。")
    await desk.takagi.close(clear=True)
    desk.clock.advance(seconds=(training.plan.ends_at - desk.clock.now).total_seconds() - 60)
    await asks(desk, training, "U_TAKAGI", "この会の資料は届きますか。")
    await desk.takagi.close(clear=True)

    held = await given_held(desk, training)
    await desk.takagi.presses_anyway("meeting.ask", training.id)

    assert held.stage == "held"
    assert "この会は終わりました" in (await desk.takagi.whispers("bot"))[-1]
    assert len(await questions_of(desk, training)) == 2
    await answers(desk, training)
    assert "お答えが届きました" in await desk.takagi.reads()


async def test_nothing_is_asked_about_a_draft_or_what_was_called_off(sqlite_desk):
    desk = sqlite_desk
    draft = await given_draft(desk)
    training = await given_meeting(desk)
    await desk.kondo.presses_anyway("meeting.ask", draft.id)
    await trainings.cancel(desk.bot.desk, await desk.actor(ORGANIZER), training.id, "weather")
    await desk.settle()

    await desk.kondo.presses_anyway("meeting.ask", training.id)

    assert "告知のあとから" in (await desk.kondo.whispers("bot"))[0]
    assert "開けなくなりました" in (await desk.kondo.whispers("bot"))[1]
    assert await desk.kondo.top_view() is None


async def test_a_question_whose_window_stayed_open_too_long_is_refused_and_stays_in_it(sqlite_desk):
    desk = sqlite_desk
    training = await given_meeting(desk)
    await joined(desk, training, "U_TAKAGI")
    await desk.takagi.presses_anyway("meeting.ask", training.id)
    await given_held(desk, training)

    await desk.takagi.fills_and_sends(question="次の会はいつですか。")

    assert "この会は終わりました" in await desk.takagi.reads("view")
    assert [each["callback_id"] for each in await desk.takagi.views()] == [
        "ask_question.submit",
        "notice.submit",
    ]
    assert await questions_of(desk, training) == []


async def test_whoever_asks_with_words_of_danger_is_shown_where_to_call_first(sqlite_desk):
    desk = sqlite_desk
    training = await given_meeting(desk)
    await joined(desk, training, "U_TAKAGI")

    await asks(desk, training, "U_TAKAGI", "いま、包丁を持ち出しているご家族への声のかけ方を知りたいです。")
    danger = await desk.takagi.reads("view")
    await desk.takagi.close(clear=True)
    await asks(desk, training, "U_TAKAGI", "駐車場はありますか。")
    plain = await desk.takagi.reads("view")

    assert "110" in danger
    assert "/相談" in danger
    assert "110" not in plain
