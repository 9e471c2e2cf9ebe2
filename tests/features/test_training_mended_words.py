"""What those who take part read, and the doors they find: where there is a seat, what there is for them afterwards."""

import pytest

from bot.domain.seats import Attendance, Mark, Place
from bot.store.feedback import Said
from bot.usecases import feedback, seats
from bot.usecases.seats import Joining
from tests.desk import TRAINING
from tests.trainings import given_announced, joined, now, part_of
from tests.trainings_in_time import mark, on, until

BOTH = {"onsite": 1, "online": 2}
LATER = "修了証は、出席の記録がそろうと"


async def _own(desk, somebody, part):
    """Open one's own window and read it."""
    await somebody.presses_anyway("seat.own", part.id)
    return await somebody.reads("view")


# Where there is a seat


async def test_who_waits_hears_that_there_is_a_seat_the_other_way_and_takes_it(desk):
    training = await given_announced(desk, seats=BOTH)
    await joined(desk, training, "U_SATO", "U_TAKAGI", format="onsite")

    told = await desk.takagi.reads()

    assert (
        "「ダブルケアを支える」の会場は、いまは満席です。キャンセル待ちの1番目でお預かりできました。" in told
    )
    assert "オンラインには、あと2席あります。" in told
    part = await part_of(desk, training, "U_TAKAGI")
    assert "オンラインには、あと2席あります。" in await _own(desk, desk.takagi, part)
    await desk.takagi.close(clear=True)
    await desk.takagi.presses("seat.switch", where="bot")
    await desk.takagi.fills_and_sends(format="online")
    part = await part_of(desk, training, "U_TAKAGI")
    assert (part.format, part.status) == ("online", Place.CONFIRMED)


async def test_without_a_seat_the_other_way_none_is_promised(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, seats={"onsite": 1, "online": 1})
    await joined(desk, training, "U_MORI", format="online")
    await joined(desk, training, "U_SATO", "U_TAKAGI", format="onsite")
    one_way = await given_announced(desk, seats={"onsite": 1}, days=15)
    await joined(desk, one_way, "U_SATO", "U_SUZUKI")

    assert "の会場は、いまは満席です" in await desk.takagi.reads()
    assert "オンラインには" not in await desk.takagi.reads()
    assert not await desk.takagi.has("seat.switch", where="bot")
    assert "「ダブルケアを支える」は、いまは満席です" in await desk.suzuki.reads()


@pytest.mark.parametrize(
    ("seats_there", "words"), [(1, "キャンセル待ちに加わる"), (2, "申し込む")], ids=["full", "free"]
)
async def test_the_button_in_the_list_says_what_it_does(sqlite_desk, seats_there, words):
    desk = sqlite_desk
    training = await given_announced(desk, seats={"onsite": seats_there})
    await joined(desk, training, "U_SATO")

    await desk.takagi.command("/研修")

    assert words in (await desk.takagi.reads("view")).split("\n")


async def test_after_the_deadline_somebody_can_always_be_asked(sqlite_desk):
    desk = sqlite_desk
    await given_announced(desk, words={"title": "連絡先なし", "place": "会議室"})
    await given_announced(desk)

    await until(desk, "12-04 13:30")
    await desk.passes(seconds=10)

    announced = await desk.takagi.reads(TRAINING)
    assert f"席のご相談は、お電話（{desk.bot.desk.organisation.phone}）へどうぞ" in announced
    assert "席のご相談は、お問い合わせ先へどうぞ" in announced


async def test_who_said_no_finds_the_way_back_on_their_home(desk):
    training = await given_announced(desk)
    await seats.decline(desk.bot.desk, await desk.actor("U_TAKAGI"), training.id)
    await desk.takagi.open_home()
    assert "欠席のお返事をいただいています" in await desk.takagi.reads("home")

    await desk.takagi.presses("seat.join", training.id, where="home")

    assert (await part_of(desk, training, "U_TAKAGI")).status is Place.CONFIRMED
    home = await desk.takagi.reads("home")
    assert "参加が決まっています" in home
    assert "欠席のお返事" not in home


async def test_there_is_no_way_back_once_it_is_closed(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await seats.decline(desk.bot.desk, await desk.actor("U_TAKAGI"), training.id)
    await until(desk, "12-04 13:30")

    await desk.takagi.open_home()

    assert "欠席のお返事をいただいています" in await desk.takagi.reads("home")
    assert not await desk.takagi.has("seat.join", training.id, where="home")


async def test_the_home_says_seats_of_each_way_in_one_line(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, seats={"onsite": 2, "online": 1})
    await joined(desk, training, "U_SATO", "U_MORI", format="online")
    await joined(desk, training, "U_SUZUKI", format="onsite")

    await desk.takagi.open_home()

    line = "研修会　会場 あと1席、オンライン 満席（1人がお待ちです）。申込みは12月4日(金) 13時まで"
    assert line in await desk.takagi.reads("home")


# On the day


@pytest.mark.parametrize(
    ("way", "said"), [("online", "このままご参加ください。"), ("onsite", "どうぞお席へ。")]
)
async def test_who_checks_in_is_greeted_where_they_are(desk, way, said):
    training = await given_announced(desk, seats={"onsite": 5, "online": 5})
    await joined(desk, training, "U_TAKAGI", "U_SATO", format=way)
    await until(desk, "12-08 12:50")
    await desk.kondo.presses_anyway("check_in.screen", training.id)
    heads = [each for each in (await desk.kondo.top_view())["blocks"] if each["type"] == "header"]
    code = "".join(each for each in heads[0]["text"]["text"] if each.isdigit())

    await desk.takagi.writes("000000" if code != "000000" else "000001")
    await desk.takagi.writes(code)
    await desk.sato.presses_anyway("check_in.open", (await part_of(desk, training, "U_SATO")).id)
    opening = await desk.sato.reads("view")
    await desk.sato.fills_and_sends(code=code)

    assert "番号が合いませんでした" in await desk.takagi.reads()
    assert said in await desk.takagi.reads()
    assert said in await desk.sato.reads("view")
    assert ("会場" in opening) == (way == "onsite")


async def test_who_is_online_is_not_sent_to_the_door(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, seats={"onsite": 5, "online": 5})
    await joined(desk, training, "U_TAKAGI", format="online")
    await joined(desk, training, "U_SATO", format="onsite")
    await until(desk, "12-08 12:50")

    for _ in range(6):
        desk.clock.advance(seconds=1)
        await desk.takagi.writes("000000")
        await desk.sato.writes("000000")

    assert "会場の受付" not in await desk.takagi.reads()
    assert "<@U_KONDO>さんも付けられます" in await desk.takagi.reads()
    assert "会場の受付の方に" in await desk.sato.reads()


# Afterwards


@pytest.mark.parametrize(
    ("status", "given"),
    [(Attendance.ATTENDED, True), (Attendance.PARTIAL, False), (None, False)],
    ids=["all", "partly", "not said"],
)
async def test_the_paper_is_offered_where_it_will_be_given(desk, status, given):
    training = await given_announced(desk)
    (part,) = await joined(desk, training, "U_TAKAGI")
    await until(desk, "12-08 15:30")
    if status:
        await mark(desk, part, training, status)
    await until(desk, "12-08 16:00")

    told = await desk.takagi.reads()
    window = await _own(desk, desk.takagi, part)

    assert "ご参加、ありがとうございました" in told
    assert await desk.takagi.has("certificate.get", part.id, where="bot") == given
    assert await desk.takagi.has("certificate.get", part.id, where="view") == given
    assert (LATER in told) == (status is None)
    assert (LATER in window) == (status is None)
    if given:
        await desk.takagi.presses("certificate.get", part.id, where="view")
        assert "修了証を、A4の用紙でお作りします" in await desk.takagi.reads("view")


async def test_of_two_days_the_paper_comes_when_both_are_marked(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, sessions=(*on("12-08 13:00"), *on("12-09 13:00")))
    (part,) = await joined(desk, training, "U_TAKAGI")
    await until(desk, "12-08 12:50")
    await _first_day_marked(desk, training, part)
    await until(desk, "12-09 16:00")

    assert LATER in await desk.takagi.reads()
    assert "記録は、まだ途中です" in await _own(desk, desk.takagi, part)
    await desk.takagi.close(clear=True)
    await mark(desk, part, training)

    assert "はじめから終わりまで" in await _own(desk, desk.takagi, part)
    assert await desk.takagi.has("certificate.get", part.id, where="view")


async def _first_day_marked(desk, training, part):
    """Mark the first session alone, as the code of its day does."""
    session = training.plan.sessions[0]
    async with desk.db.transaction(await desk.actor("U_KONDO")) as tx:
        found = Mark(part.id, session.id, Attendance.ATTENDED, session.minutes, "code", tx.now, "U_TAKAGI")
        await tx.participations.mark(found)


async def test_ones_own_window_tells_when_it_was_and_asks_for_words_once(desk):
    training = await given_announced(desk)
    (part,) = await joined(desk, training, "U_TAKAGI")
    await until(desk, "12-08 15:30")
    await mark(desk, part, training)
    await until(desk, "12-08 16:00")
    assert (await now(desk, training)).stage == "held"

    before = await _own(desk, desk.takagi, part)
    assert "12月8日(火) 13時" in before
    assert "はじめから終わりまで、ご出席いただきました" in before
    assert await desk.takagi.has("feedback.open", where="view")
    await desk.takagi.close(clear=True)
    actor = await desk.actor("U_TAKAGI")
    await feedback.give(desk.bot.desk, actor, training.id, Said(satisfaction="5"))

    assert "12月8日(火) 13時" in await _own(desk, desk.takagi, part)
    assert not await desk.takagi.has("feedback.open", where="view")


async def test_who_was_not_there_is_not_asked_what_it_was_like(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    there, away = await joined(desk, training, "U_TAKAGI", "U_SATO")
    await until(desk, "12-08 15:30")
    await mark(desk, there, training)
    await mark(desk, away, training, Attendance.ABSENT)
    await until(desk, "12-08 16:00")

    assert "ご欠席と承っています" in await _own(desk, desk.sato, away)
    assert not await desk.sato.has("feedback.open", where="view")
    await _own(desk, desk.takagi, there)
    assert await desk.takagi.has("feedback.open", where="view")


# People without Slack


async def _called(desk, training, name, phone):
    """Somebody telephones the operator and has a seat, or waits for one."""
    said = Joining(name=name, phone=phone)
    actor = await desk.actor("U_TANAKA")
    return await seats.enter(desk.bot.desk, actor, training.id, said, once=desk.once())


async def test_who_has_no_slack_gets_the_paper_from_the_operator_and_the_organizer(desk):
    training = await given_announced(desk)
    whole = await _called(desk, training, "北村 佳代", "0749-22-0001")
    part = await _called(desk, training, "西村 尚", "0749-22-0002")
    await until(desk, "12-08 15:30")
    await mark(desk, whole, training)
    await mark(desk, part, training, Attendance.PARTIAL)
    await desk.kondo.presses_anyway("training.open", training.id)
    await desk.kondo.presses("seat.people", training.id, where="view")
    assert not await desk.kondo.has("certificate.get", whole.id, where="view")
    await until(desk, "12-08 16:00")

    await desk.tanaka.open_home()
    await desk.tanaka.presses("seat.people", training.id, where="home")
    assert not await desk.tanaka.has("certificate.get", part.id, where="view")
    await desk.tanaka.presses("certificate.get", whole.id, where="view")
    await desk.tanaka.fills_and_sends(name="北村 佳代")
    assert "修了証（R8-T001-001）です" in await desk.tanaka.reads()
    await desk.kondo.close(clear=True)
    await desk.kondo.presses_anyway("training.open", training.id)
    await desk.kondo.presses("seat.people", training.id, where="view")

    assert await desk.kondo.has("certificate.get", whole.id, where="view")
    assert not await desk.kondo.has("certificate.get", part.id, where="view")


async def test_the_list_stays_on_the_operators_home_for_sixty_days(sqlite_desk):
    desk = sqlite_desk
    training, nobody = await given_announced(desk), await given_announced(desk)
    await _called(desk, training, "北村 佳代", "0749-22-0001")
    await joined(desk, nobody, "U_TAKAGI")
    await until(desk, "12-08 16:00")
    await desk.passes(days=59)
    await desk.tanaka.open_home()
    assert await desk.tanaka.has("seat.people", training.id, where="home")
    assert not await desk.tanaka.has("seat.people", nobody.id, where="home")

    await desk.passes(days=2)
    await desk.tanaka.open_home()

    assert not await desk.tanaka.has("seat.people", training.id, where="home")


async def test_whose_offer_ran_out_is_blamed_for_nothing_and_can_be_entered_again(desk):
    training = await given_announced(desk, seats={"onsite": 1})
    (first,) = await joined(desk, training, "U_SATO")
    guest = await _called(desk, training, "北村 佳代", "0749-22-0001")
    await seats.leave(desk.bot.desk, await desk.actor("U_SATO"), first.id)
    await until(desk, "11-26 12:00")
    await desk.tanaka.presses_anyway("seat.people", training.id)

    shown = await desk.tanaka.reads("view")

    assert "お取りしていた時間が過ぎました。" in shown
    assert "お返事のないまま" not in shown
    await desk.tanaka.presses("seat.enter", training.id, where="view")
    await desk.tanaka.fills_and_sends(route="phone", name="北村 佳代", phone="0749-22-0001")
    async with desk.db.reading() as ask:
        assert (await ask.participations.get(guest.id)).status is Place.CONFIRMED


async def test_whose_offer_ran_out_is_not_entered_again_once_it_is_closed(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, seats={"onsite": 1})
    (first,) = await joined(desk, training, "U_SATO")
    await _called(desk, training, "北村 佳代", "0749-22-0001")
    await seats.leave(desk.bot.desk, await desk.actor("U_SATO"), first.id)
    await until(desk, "12-04 14:00")

    await desk.tanaka.presses_anyway("seat.people", training.id)

    assert "お取りしていた時間が過ぎました。" in await desk.tanaka.reads("view")
    assert not await desk.tanaka.has("seat.enter", where="view")
