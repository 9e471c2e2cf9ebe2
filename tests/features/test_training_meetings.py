"""Meetings: who is asked to come, which municipality has answered, questions and their answers, minutes."""

import asyncio

import pytest

from bot.domain.refusals import NotYourRole
from bot.domain.seats import Attendance, Mark
from bot.domain.training import Plan
from bot.privacy.anonymizer import anonymize
from bot.usecases import meetings, seats, trainings
from handlers.forms import Answers
from handlers.meetings import draw_questions
from handlers.training_form import plan_of
from tests.desk import TRAINING
from tests.trainings import ORGANIZER, given_announced, given_draft, joined, now

HIKONE, NAGAHAMA, OTSU = "252026", "252034", "252018"


async def given_meeting(desk, **changes):
    """A 市町地域共生担当者会議 of all municipalities, announced."""
    return await given_announced(
        desk, **{"kind": "municipal_meeting", "regions": (), "deadline": None, **changes}
    )


async def asks(desk, training, person, question):
    """Somebody asks a question, from the button under their confirmation."""
    await desk.person(person).presses_anyway("meeting.ask", training.id)
    return await desk.person(person).fills_and_sends(question=question)


async def questions_of(desk, training):
    async with desk.db.reading() as ask:
        return await ask.meetings.of_training(training.id)


async def answers(desk, training, text="来年度の様式をお使いください。", number=0, **more):
    """The organizer answers one of the questions, from the list."""
    asked = (await questions_of(desk, training))[number]
    await desk.kondo.presses_anyway("meeting.questions", training.id)
    await desk.kondo.presses("meeting.answer", asked.id, where="view")
    return await desk.kondo.fills_and_sends(**{"answer": text, "answerer": "滋賀県健康福祉政策課", **more})


async def given_held(desk, training):
    """Time goes by until the meeting is over."""
    await desk.passes(seconds=(training.plan.ends_at - desk.clock.now).total_seconds() + 60)
    return await now(desk, training)


async def there(desk, training, *parts):
    """These people were at the first session, as the roster says."""
    session = training.plan.sessions[0]
    async with desk.db.transaction(await desk.actor(ORGANIZER)) as tx:
        for part in parts:
            mark = Mark(
                part.id, session.id, Attendance.ATTENDED, session.minutes, "roster", tx.now, ORGANIZER
            )
            await tx.participations.mark(mark)


async def trail_of(desk, training):
    async with desk.db.reading() as ask:
        return [entry.event for entry in await ask.audit.trail(training.id)]


# Questions


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


async def test_many_long_questions_come_page_by_page_and_say_so(sqlite_desk):
    desk = sqlite_desk
    training = await given_meeting(desk)
    await joined(desk, training, "U_TAKAGI")
    actor, organizer = await desk.actor("U_TAKAGI"), await desk.actor(ORGANIZER)
    for number in range(25):
        text = f"{number:02d}番の質問です。" + "&" * 985
        await meetings.ask(desk.bot.desk, actor, training.id, text, once=desk.once())
    for asked in await questions_of(desk, training):
        said = meetings.Answer("<" * 2000, "県")
        await meetings.answer(desk.bot.desk, organizer, asked.id, said, once=desk.once())
    await desk.settle()

    async def read(person, opening):
        """Everything said, page by page; the workspace refuses a window Slack would refuse."""
        await person.presses_anyway(opening, training.id)
        found = [await person.reads("view")]
        while any(
            each["text"]["text"] == "つづきを読む"
            for block in (await person.top_view())["blocks"]
            for each in block.get("elements", ())
            if each["type"] == "button"
        ):
            await person.presses("meeting.page", _next(await person.top_view()), where="view")
            found.append(await person.reads("view"))
        return found

    for person, opening in ((desk.kondo, "meeting.questions"), (desk.takagi, "meeting.answers")):
        pages = await read(person, opening)
        assert len(pages) >= 3
        assert "25件のうち、1件めから" in pages[0]
        assert all(sum(f"{n:02d}番の質問" in page for page in pages) == 1 for n in range(25))


def _next(view):
    return next(
        each["value"]
        for block in view["blocks"]
        for each in block.get("elements", ())
        if each["type"] == "button" and each["text"]["text"] == "つづきを読む"
    )


async def test_a_short_list_has_no_second_page(sqlite_desk):
    desk = sqlite_desk
    training = await given_meeting(desk)
    await joined(desk, training, "U_TAKAGI")
    await asks(desk, training, "U_TAKAGI", "駐車場はありますか。")

    await desk.kondo.presses("meeting.questions", training.id, where="bot")

    assert not await desk.kondo.has("meeting.page", where="view")
    assert "件めから" not in await desk.kondo.reads("view")


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


# Invitations


async def test_people_are_asked_by_name_once_and_those_asked_may_ask_questions(desk):
    training = await given_meeting(desk)

    await desk.kondo.presses_anyway("invite.open", training.id)
    await desk.kondo.fills_and_sends(people=["U_TAKAGI", "U_KITAMURA"], municipality=HIKONE)

    assert "2人に、出席をお願いしました" in await desk.kondo.reads("view")
    await desk.kondo.close(clear=True)
    await desk.kondo.presses_anyway("invite.open", training.id)
    assert "これまでに2人" in await desk.kondo.reads("view")
    await desk.kondo.fills_and_sends(people=["U_TAKAGI", "U_SUZUKI"])
    again = await desk.kondo.reads("view")
    assert "1人に、出席をお願いしました" in again
    assert "1人には、前にお願いしてありました" in again
    for person in (desk.takagi, desk.kitamura, desk.suzuki):
        assert (await person.reads()).count(training.title) == 1
    assert training.title not in await desk.mori.reads()  # the control: nobody else

    await asks(desk, training, "U_KITAMURA", "別の者が出てもよいですか。")
    (asked,) = await questions_of(desk, training)
    assert asked.municipality == HIKONE


async def test_guests_strangers_and_leavers_are_not_asked_to_come(sqlite_desk):
    desk = sqlite_desk
    training = await given_meeting(desk)

    for stranger in ("U_GUEST", "U_STRANGER", "U_GONE"):
        await desk.kondo.presses_anyway("invite.open", training.id)
        refused = await desk.kondo.fills_and_sends(people=["U_TAKAGI", stranger])
        assert "メンバーの方ではない" in refused["errors"]["people~0"]
        await desk.kondo.close(clear=True)

    assert await desk.how_many("training_invitees") == 0


async def test_only_organizers_ask_people_to_come_and_only_while_it_is_open(sqlite_desk):
    desk = sqlite_desk
    draft, training = await given_draft(desk), await given_meeting(desk)
    await desk.tanaka.presses_anyway("invite.open", training.id)
    await desk.kondo.presses_anyway("invite.open", draft.id)
    await desk.kondo.presses_anyway("invite.open", training.id)
    await given_held(desk, training)
    await desk.kondo.fills_and_sends(people=["U_TAKAGI"])

    assert "研修担当" in (await desk.tanaka.whispers("bot"))[0]
    assert await desk.tanaka.top_view() is None
    assert len(await desk.kondo.whispers("bot")) == 1
    assert await desk.how_many("training_invitees") == 0
    with pytest.raises(NotYourRole):
        await trainings.invite(desk.bot.desk, await desk.actor("U_TANAKA"), training.id, ["U_TAKAGI"])


# Municipalities


async def test_the_municipalities_are_counted_by_what_they_answered(desk):
    training = await given_meeting(desk)
    organizer = await desk.actor(ORGANIZER)
    await trainings.invite(desk.bot.desk, organizer, training.id, ["U_KITAMURA"], NAGAHAMA)
    await trainings.invite(desk.bot.desk, organizer, training.id, ["U_SUZUKI"], OTSU)
    await trainings.invite(desk.bot.desk, organizer, training.id, ["U_MORI"])

    await desk.kondo.presses_anyway("meeting.towns", training.id)
    before = (await desk.kondo.reads("view")).replace("*", "")
    await desk.kondo.close(clear=True)
    await joined(desk, training, "U_TAKAGI", "U_SATO", municipality=HIKONE)
    await seats.decline(desk.bot.desk, await desk.actor("U_KITAMURA"), training.id)
    await seats.enter(
        desk.bot.desk, await desk.actor("U_TANAKA"), training.id,
        seats.Joining(name="町田 通", phone="077-561-3811", municipality="252069"), once=desk.once(),
    )  # fmt: skip
    await desk.settle()
    await desk.kondo.presses_anyway("meeting.towns", training.id)
    after = (await desk.kondo.reads("view")).replace("*", "")

    assert "19市町のうち、0から返事がありました。" in before
    assert "19市町のうち、3から返事がありました。" in after
    assert "出席 2、欠席 1、まだのところ 16" in after
    assert "出席のお返事は3人です。" in after
    lines = after.split("\n")
    coming, cannot, silent = (
        lines.index(each) for each in ("出席の返事", "欠席の返事", "まだお返事のない市町")
    )
    where = {line.split("　")[0]: number for number, line in enumerate(lines) if line.startswith("・")}
    assert coming < where["・彦根市"] < cannot
    assert "2人　<@U_TAKAGI>さん、<@U_SATO>さん" in lines[where["・彦根市"]]
    assert "1人　Slackのない方1人" in lines[where["・草津市"]]
    assert "町田" not in after
    assert "お願いしていないところ：近江八幡市、守山市" in after
    assert cannot < where["・長浜市"] < silent
    assert silent < where["・大津市"]
    assert "<@U_SUZUKI>" in lines[where["・大津市"]]
    assert "<@U_MORI>" in lines[where["・市町のわからない方"]]
    assert "roster.read" in await trail_of(desk, training)


async def test_after_it_was_held_who_was_there_comes_first(desk):
    training = await given_meeting(desk, municipalities=(HIKONE, NAGAHAMA, OTSU))
    hikone = await joined(desk, training, "U_TAKAGI", "U_SATO", municipality=HIKONE)
    await joined(desk, training, "U_KITAMURA", municipality=NAGAHAMA)
    held = await given_held(desk, training)
    await desk.kondo.presses_anyway("meeting.towns", training.id)
    unmarked = await desk.kondo.reads("view")
    await desk.kondo.close(clear=True)

    await there(desk, held, hikone[0])
    await desk.kondo.presses_anyway("meeting.towns", training.id)
    told = (await desk.kondo.reads("view")).replace("*", "")

    assert "当日の出席は、まだ記録されていません" in unmarked
    assert "3市町のうち、2から返事がありました。" in told
    assert "当日の出席は1人でした。1市町から来てくださいました。" in told
    lines = told.split("\n")
    assert lines[lines.index("出席した市町") + 1] == "・彦根市　1人　<@U_TAKAGI>さん"
    assert lines[lines.index("申込みがあり、出席の記録がない市町") + 1].startswith("・長浜市　1人")
    assert lines[lines.index("まだお返事のない市町") + 1] == "まだどなたにもお願いしていないところ：大津市"
    assert not await desk.kondo.has("invite.open", where="view")


async def test_a_meeting_of_two_regions_expects_their_municipalities_only(sqlite_desk):
    desk = sqlite_desk
    training = await given_meeting(desk, regions=("koto", "kohoku"))
    workshop = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI", municipality=OTSU)

    await desk.kondo.presses_anyway("meeting.towns", training.id)
    told = (await desk.kondo.reads("view")).replace("*", "")
    await desk.kondo.close(clear=True)
    await desk.kondo.presses_anyway("meeting.towns", workshop.id)

    assert "7市町のうち、0から返事がありました。" in told
    assert "・大津市　1人　<@U_TAKAGI>さん" in told
    assert "市町のうち" not in await desk.kondo.reads("view")


@pytest.mark.parametrize(
    ("kind", "chosen", "asked"),
    [
        ("municipal_meeting", [], ("municipality",)),
        ("municipal_meeting", ["agency"], ("agency",)),
        ("workshop", [], ()),
    ],
)
def test_a_meeting_of_municipalities_asks_for_the_municipality_where_nothing_else_was_chosen(
    kind, chosen, asked
):
    answers = Answers({"kind": kind, "asks": chosen}, {})

    assert plan_of(answers, Plan(), whole=False).plan.asks == asked


async def test_somebody_is_counted_where_they_said_they_come_from_before(sqlite_desk):
    desk = sqlite_desk
    earlier, training = await given_announced(desk), await given_meeting(desk)
    await joined(desk, earlier, "U_TAKAGI", municipality=HIKONE)
    await joined(desk, training, "U_TAKAGI", "U_KITAMURA")

    await desk.kondo.presses_anyway("meeting.towns", training.id)
    told = await desk.kondo.reads("view")

    assert "・彦根市　1人　<@U_TAKAGI>さん" in told
    assert "・市町のわからない方　1人　<@U_KITAMURA>さん" in told


# Minutes


async def test_minutes_are_told_once_to_those_who_were_there_or_were_asked(desk):
    training = await given_meeting(desk)
    organizer = await desk.actor(ORGANIZER)
    await trainings.invite(desk.bot.desk, organizer, training.id, ["U_SUZUKI"], OTSU)
    parts = await joined(desk, training, "U_TAKAGI", "U_KITAMURA")
    await desk.kondo.presses_anyway("meeting.minutes", training.id)
    early = (await desk.kondo.whispers("bot"))[-1]
    held = await given_held(desk, training)
    await there(desk, held, parts[0])

    await desk.kondo.presses_anyway("meeting.questions", training.id)
    await desk.kondo.presses("meeting.minutes", training.id, where="view")
    wrong = await desk.kondo.fills_and_sends(minutes="共有フォルダー")
    await desk.kondo.fills_and_sends(minutes="https://example.org/minutes?a=1&b=2")

    assert "まだ終わっていない会" in early
    assert "リンクのようには見えませんでした" in wrong["errors"]["minutes~0"]
    assert "お知らせしました" in await desk.kondo.reads("view")
    for person, heard in ((desk.takagi, 1), (desk.suzuki, 1), (desk.kitamura, 0), (desk.mori, 0)):
        told = await person.reads()
        assert told.count("議事録ができました") == heard
        assert "example.org" not in told
    await desk.takagi.presses("meeting.answers", training.id, where="bot")
    assert "https://example.org/minutes?a=1&amp;b=2" in str(await desk.takagi.top_view())

    await meetings.publish_minutes(desk.bot.desk, organizer, training.id, "https://example.org/better")
    await there(desk, held, parts[1])
    await meetings.publish_minutes(desk.bot.desk, organizer, training.id, "https://example.org/better")
    await desk.settle()
    assert (await desk.takagi.reads()).count("議事録ができました") == 1
    assert (await desk.kitamura.reads()).count("議事録ができました") == 1  # marked later, told then
    assert (await now(desk, training)).plan.private["minutes"] == "https://example.org/better"
    assert "example.org" not in str(await desk.rows("SELECT * FROM trainings"))  # sealed


async def test_minutes_written_into_the_plan_of_what_was_held_are_told_as_well(sqlite_desk):
    desk = sqlite_desk
    training = await given_meeting(desk)
    await joined(desk, training, "U_TAKAGI")
    held = await given_held(desk, training)
    organizer = await desk.actor(ORGANIZER)
    plan = held.plan

    for private in ({}, {"minutes": "https://example.org/m"}, {"minutes": "https://example.org/m"}):
        changed = type(plan)(**{**{name: getattr(plan, name) for name in plan.__slots__}, "private": private})
        await trainings.change(desk.bot.desk, organizer, training.id, changed)
    await desk.settle()

    assert (await desk.takagi.reads()).count("議事録ができました") == 1


async def test_people_without_slack_are_told_of_the_minutes_by_the_organizer(sqlite_desk):
    desk = sqlite_desk
    training = await given_meeting(desk)
    await seats.enter(
        desk.bot.desk, await desk.actor("U_TANAKA"), training.id,
        seats.Joining(name="町田 通", phone="077-561-3811"), once=desk.once(),
    )  # fmt: skip
    await desk.settle()
    await given_held(desk, training)

    await desk.kondo.presses_anyway("meeting.minutes", training.id)
    await desk.kondo.fills_and_sends(minutes="https://example.org/m")

    assert "Slackをお使いでない方が1人" in await desk.kondo.reads("view")


async def test_the_announcement_tells_the_agenda_and_never_the_minutes(sqlite_desk):
    desk = sqlite_desk
    words = {"title": "第2回 担当者会議", "agenda": "1 交付金\n2 意見交換", "place": "県庁"}
    private = {"minutes": "https://example.org/m", "online": "https://example.org/o"}
    training = await given_meeting(desk, words=words, private=private)
    await joined(desk, training, "U_TAKAGI")

    told = await desk.takagi.reads(TRAINING)
    await desk.takagi.presses_anyway("meeting.ask", training.id)

    assert "1 交付金" in told
    assert "example.org" not in told
    assert "1 交付金" in await desk.takagi.reads("view")


async def test_a_page_beyond_the_end_is_the_first_one(sqlite_desk):
    desk = sqlite_desk
    training = await given_meeting(desk)
    await joined(desk, training, "U_TAKAGI")
    await asks(desk, training, "U_TAKAGI", "駐車場はありますか。")
    board = await meetings.questions(desk.bot.desk, await desk.actor(ORGANIZER), training.id)

    drawn = str(draw_questions(desk.bot.desk.organisation, board, 40).view())

    assert "駐車場はありますか。" in drawn
    assert "件めから" not in drawn
