"""Seats of people without Slack: entered by phone or fax, called when a seat is free, on a list that is audited."""

from bot.domain.seats import Place
from bot.usecases import seats
from tests.trainings import given_announced, joined, part_of, parts

GUEST = {"route": "fax", "name": "北村 佳代", "phone": "0749-22-0001", "agency": "多賀の相談室"}


async def _enters(desk, by, training, **answers):
    await by.open_home()
    await by.presses("seat.enter", training.id, where="home")
    return await by.fills_and_sends(**{**GUEST, **answers})


async def test_an_operator_enters_a_fax_and_reads_out_how_it_went(desk):
    training = await given_announced(desk, seats={"onsite": 1})

    await _enters(desk, desk.tanaka, training)

    said = await desk.tanaka.reads("view")
    assert "「『ダブルケアを支える』のお席をお取りしました。お待ちしています。」" in said
    (part,) = await parts(desk, training)
    assert (part.person, part.route, part.entered_by) == (None, "fax", "U_TANAKA")
    assert "北村" not in str(await desk.kept())
    assert "北村" not in part.attendee

    await desk.tanaka.close(clear=True)
    await _enters(desk, desk.tanaka, training, name="西村 尚", phone="090-1111-2222", route="phone")

    assert "キャンセル待ちの1番目でお預かりしました。空いたらお電話します。" in await desk.tanaka.reads(
        "view"
    )


async def test_the_same_person_entered_twice_is_one_however_it_is_written(desk):
    training = await given_announced(desk)
    await _enters(desk, desk.tanaka, training)
    await desk.tanaka.close(clear=True)

    await _enters(desk, desk.tanaka, training, name="北村　佳代", phone="０７４９（２２）０００１")
    assert len(await parts(desk, training)) == 1
    await desk.tanaka.close(clear=True)
    await _enters(
        desk, desk.tanaka, training, name="北村 和夫"
    )  # the control: a colleague at the same number

    assert len(await parts(desk, training)) == 2


async def test_who_has_no_slack_needs_a_name_and_a_number_and_a_member_needs_neither(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)

    nothing = await _enters(desk, desk.tanaka, training, name="", phone="")
    wrong = await desk.tanaka.fills_and_sends(name="北村 佳代", phone="12")
    outside = await desk.tanaka.fills_and_sends(person="U_GUEST")

    assert [each.split("~")[0] for each in nothing["errors"]] == ["name"]
    assert [each.split("~")[0] for each in wrong["errors"]] == ["phone"]
    assert [each.split("~")[0] for each in outside["errors"]] == ["person"]
    await desk.tanaka.fills_and_sends(name="", phone="", person="U_KITAMURA")
    assert (await part_of(desk, training, "U_KITAMURA")).route == "fax"
    assert "お席をお取りしました" in await desk.kitamura.reads()


async def test_a_seat_for_somebody_without_slack_is_called_out_and_taken_for_them(desk):
    training = await given_announced(desk, seats={"onsite": 1})
    await joined(desk, training, "U_SATO")
    await _enters(desk, desk.tanaka, training)
    await desk.sato.presses("seat.leave", where="bot")

    told = await desk.kondo.reads()
    assert "次の順番はSlackをお使いでない方です。*11月25日(水) 10時まで*" in told
    assert "北村" not in told
    await desk.kondo.presses("seat.people", where="bot")
    shown = await desk.kondo.reads("view")
    assert "*北村 佳代さん*　0749-22-0001" in shown
    assert "席が空き、11月25日(水) 10時までお取りしています" in shown
    await desk.kondo.presses("seat.accept", where="view")

    (part,) = [each for each in await parts(desk, training) if each.person is None]
    assert part.status is Place.CONFIRMED
    assert "参加決定" in await desk.kondo.reads("view")
    assert "roster.read" in [row["event"] for row in await desk.rows("SELECT event FROM audit")]
    await desk.kondo.presses("seat.leave", where="view")
    assert "取消" in await desk.kondo.reads("view")


async def test_names_of_who_has_no_slack_are_not_for_everybody(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)

    for act in ("seat.people", "seat.enter"):
        await desk.takagi.presses_anyway(act, training.id)
        assert "のためのものです" in await desk.takagi.refused()

    assert await desk.takagi.top_view() is None


async def test_after_the_deadline_an_organizer_still_lets_somebody_in_and_an_operator_does_not(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await desk.tanaka.presses_anyway("seat.enter", training.id)  # in time
    desk.clock.advance(days=11)
    await desk.kondo.presses_anyway("seat.enter", training.id)

    late = await desk.tanaka.fills_and_sends(**GUEST)
    assert "お申し込みの締切を過ぎました" in late["errors"]["route~0"]
    assert await parts(desk, training) == []
    await desk.kondo.fills_and_sends(**GUEST)

    assert len(await parts(desk, training)) == 1


async def test_a_long_list_comes_in_pages(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, seats={"onsite": 100})
    actor = await desk.actor("U_TANAKA")
    for number in range(23):
        said = seats.Joining(
            name=f"参加者{number:02}", phone=f"0749-22-{number:04}", agency="多" * 80, needs="車" * 400
        )
        await seats.enter(desk.bot.desk, actor, training.id, said, once=desk.once())
    await desk.settle()

    await desk.kondo.presses_anyway("seat.people", training.id)

    assert "参加者00" in await desk.kondo.reads("view")
    assert "全部で2枚・23人" in await desk.kondo.reads("view")
    assert "参加者22" not in await desk.kondo.reads("view")
    await desk.kondo.presses("seat.people", f"{training.id}/1", where="view")
    assert "参加者22" in await desk.kondo.reads("view")
    assert len(await desk.kondo.views()) == 1


async def test_words_somebody_typed_never_call_anybody(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await _enters(desk, desk.tanaka, training, name="<!channel>", agency="*太字* & <@U_SATO>")
    await desk.tanaka.close(clear=True)

    await desk.kondo.presses_anyway("seat.people", training.id)

    shown = str((await desk.kondo.top_view())["blocks"])
    assert "&lt;!channel&gt;" in shown
    assert "<!channel>" not in shown
    assert "<@U_SATO>" not in shown
