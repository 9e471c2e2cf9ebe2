"""A supporter tells the desk more while it works for them; it reaches whoever holds the consultation."""

from tests.desk import COORDINATORS


async def test_what_is_told_reaches_the_counselor_and_stands_with_the_story(desk):
    number = await desk.takagi.asks(story="訪問を拒まれています。")
    await desk.sato.presses("callback.claim", await desk.id_of(number))

    await desk.takagi.presses("own.open")
    await desk.takagi.presses("tell.open", where="view")
    await desk.takagi.fills_and_sends(told="きょうは15時からなら出られます。", phone="080-1111-2222")

    assert "お預かりしました" in await desk.takagi.reads("view")
    assert f"{number} の方から、お知らせが届きました" in (await desk.sato.reads()).replace("*", "")
    assert "折り返しの電話番号も変わっています" in await desk.sato.reads()
    assert "15時" not in await desk.sato.reads()
    await desk.sato.presses("details.open", await desk.id_of(number), where="bot")
    details = await desk.sato.reads("view")
    assert "きょうは15時からなら出られます。" in details
    assert "080-1111-2222" in details
    assert "consultation.told" in await desk.trail(number)


async def test_where_nobody_holds_it_the_coordinators_hear_of_it(sqlite_desk):
    desk = sqlite_desk
    number = await desk.takagi.asks()

    await desk.takagi.presses("own.open")
    await desk.takagi.presses("tell.open", where="view")
    await desk.takagi.fills_and_sends(told="あすの午前にお願いします。")

    assert "お知らせが届きました" in await desk.yamamoto.reads(COORDINATORS)
    assert "あすの午前" not in await desk.yamamoto.reads(COORDINATORS)
    assert await desk.yamamoto.has("callback.claim", await desk.id_of(number), where=COORDINATORS)


async def test_an_answer_to_three_calls_that_did_not_get_through_reaches_counselor_and_coordinators(
    sqlite_desk,
):
    desk = sqlite_desk
    number = await desk.takagi.asks()
    await desk.sato.presses("callback.claim", await desk.id_of(number))
    await desk.sato.presses("details.open", where="C_CALLBACKS")
    for _ in range(3):
        await desk.sato.presses("call.open", where="view")
        await desk.sato.fills_and_sends(outcome="no_answer")
        desk.clock.advance(hours=2)
    assert "つながりませんでした" in await desk.takagi.reads()

    await desk.takagi.writes("あすの10時なら出られます。")
    assert "つづいているご相談の担当に" in await desk.takagi.reads()
    await desk.takagi.presses("letter.tell")
    await desk.takagi.fills_and_sends()

    assert "お知らせが届きました" in await desk.sato.reads()
    assert "お知らせが届きました" in await desk.yamamoto.reads(COORDINATORS)
    await desk.yamamoto.presses("details.open", await desk.id_of(number), where=COORDINATORS)
    assert "あすの10時なら出られます。" in await desk.yamamoto.reads("view")


async def test_a_message_of_somebody_without_an_open_consultation_gets_the_form(sqlite_desk):
    desk = sqlite_desk

    await desk.kitamura.writes("すこし話せますか")

    assert "担当に伝える" not in await desk.kitamura.reads()
    assert await desk.kitamura.has("letter.ask", where="bot")


async def test_a_name_is_offered_masked_and_nothing_told_is_asked_for(sqlite_desk):
    desk = sqlite_desk
    number = await desk.takagi.asks()
    await desk.takagi.presses("own.open")
    await desk.takagi.presses("tell.open", where="view")

    nothing = await desk.takagi.fills_and_sends()
    wrong = await desk.takagi.fills_and_sends(phone="12")
    await desk.takagi.fills_and_sends(told="山田花子さんが入院しました。", phone="")

    assert [name.split("~")[0] for name in nothing["errors"]] == ["told"]
    assert [name.split("~")[0] for name in wrong["errors"]] == ["phone"]
    assert "Aさんが入院しました。" in str((await desk.takagi.top_view())["blocks"])
    await desk.takagi.fills_and_sends()
    assert "山田" not in desk.told()
    assert (await desk.trail(number)).count("consultation.told") == 1


async def test_words_of_danger_bring_the_list_first_and_call_whoever_is_on_duty(sqlite_desk):
    desk = sqlite_desk
    await desk.takagi.asks()

    await desk.takagi.presses("own.open")
    await desk.takagi.presses("tell.open", where="view")
    await desk.takagi.fills_and_sends(told="いま、包丁を持ち出しています。")

    assert "110" in await desk.takagi.reads("view")
    for person in (desk.sato, desk.yamamoto):
        assert "危険が心配な言葉がありました" in await person.reads()


async def test_nobody_else_tells_more_and_what_has_ended_is_reopened_first(sqlite_desk):
    desk = sqlite_desk
    number = await desk.takagi.asks()
    await desk.takagi.presses("own.open")
    await desk.takagi.presses("tell.open", where="view")
    form = await desk.takagi.top_view()
    await desk.yamamoto.presses("details.open", where="C_CALLBACKS")
    await desk.yamamoto.presses("consultation.withdraw", where="view")

    await desk.takagi.fills_and_sends(told="あすでお願いします。")

    assert "取下げ" in await desk.takagi.reads("view")
    assert "consultation.told" not in await desk.trail(number)
    assert form["callback_id"] == "tell.submit"
