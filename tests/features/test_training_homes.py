"""The trainings on each person's Home: their own, what is open, and what an organizer has before them."""

import pytest

from bot.domain.seats import Attendance, Mark
from bot.usecases import trainings
from tests.desk import TRAINING
from tests.trainings import ORGANIZER, given_announced, given_draft, joined


def _section(home, title):
    return home[home.index(title) :] if title in home else ""


async def _marked(desk, training, part, minutes):
    async with desk.db.transaction(await desk.actor(ORGANIZER)) as tx:
        session = training.plan.sessions[0].id
        await tx.participations.mark(
            Mark(part.id, session, Attendance.ATTENDED, minutes, "roster", tx.now, ORGANIZER)
        )


async def test_what_is_open_stands_on_everybodys_home_and_is_joined_from_there(desk):
    training = await given_announced(desk, seats={"onsite": 2})
    await desk.kitamura.open_home()
    home = await desk.kitamura.reads("home")
    assert "募集中の研修" in home
    assert "*ダブルケアを支える*　12月8日(火) 13時" in home
    assert "研修会　あと2席。申込みは12月4日(金) 13時まで" in home
    assert "あなたの研修" not in home

    await desk.kitamura.presses("seat.join", training.id, where="home")

    assert "お席をお取りしています" in await desk.kitamura.reads("view")
    home = await desk.kitamura.reads("home")
    assert "参加が決まっています" in _section(home, "あなたの研修")
    assert "募集中の研修" not in home
    await desk.kitamura.close(clear=True)
    await desk.kitamura.presses("seat.own", where="home")
    assert "お席をお取りしています" in await desk.kitamura.reads("view")


async def test_a_draft_is_on_nobodys_home_but_the_organizers(sqlite_desk):
    desk = sqlite_desk
    draft = await given_draft(desk)
    for person in (desk.kitamura, desk.kondo, desk.tanaka):
        await person.open_home()

    assert "ダブルケアを支える" not in await desk.kitamura.reads("home")
    assert "ダブルケアを支える" not in await desk.tanaka.reads("home")
    assert "下書き　*ダブルケアを支える*" in await desk.kondo.reads("home")
    assert await desk.kondo.has("training.open", draft.id, where="home")
    assert await desk.kondo.has("training.new", where="home")
    assert not await desk.kitamura.has("training.new", where="home")


async def test_the_organizer_sees_seats_the_queue_and_who_has_not_answered(desk):
    training = await given_announced(desk, seats={"onsite": 2, "online": 0})
    await trainings.invite(
        desk.bot.desk, await desk.actor(ORGANIZER), training.id, ["U_TAKAGI", "U_KITAMURA", "U_MORI"]
    )
    await joined(desk, training, "U_TAKAGI", "U_SATO", "U_SUZUKI", format="onsite")
    await desk.mori.presses("seat.decline", training.id, where="bot")
    await desk.kondo.open_home()

    home = await desk.kondo.reads("home")

    assert f"*{training.number}　ダブルケアを支える*" in home
    assert "会場 2人／2席（お待ち 1人）・オンライン 0人・お返事のない方 1人（<@U_KITAMURA>さん）" in home
    assert await desk.kondo.has("training.open", training.id, where="home")


async def test_the_queue_and_an_offer_stand_on_ones_own_home(desk):
    training = await given_announced(desk, seats={"onsite": 1})
    await joined(desk, training, "U_SATO", "U_TAKAGI")
    await desk.takagi.open_home()
    assert "キャンセル待ちの1番目です" in await desk.takagi.reads("home")

    await desk.sato.presses("seat.leave", where="bot")

    assert "*席が空きました。11月25日(水) 10時までお取りしています*" in await desk.takagi.reads("home")


async def test_hours_are_counted_for_the_fiscal_year_and_shown_where_there_are_any(desk):
    training = await given_announced(desk)
    (part, _) = await joined(desk, training, "U_TAKAGI", "U_MORI")
    desk.clock.advance(days=15)
    await desk.ask_the_clock()
    await _marked(desk, training, part, 170)
    for person in (desk.takagi, desk.mori):
        await person.open_home()

    assert "今年度の研修 2時間50分" in await desk.takagi.reads("home")
    assert "終わりました" in await desk.takagi.reads("home")
    assert "今年度の研修" not in await desk.mori.reads("home")
    desk.clock.advance(days=120)  # after the first of April
    await desk.takagi.open_home()
    assert "今年度の研修" not in await desk.takagi.reads("home")


async def test_the_operator_has_a_door_for_the_telephone(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    for person in (desk.tanaka, desk.kitamura):
        await person.open_home()

    assert "電話などの研修の申し込み" in await desk.tanaka.reads("home")
    assert await desk.tanaka.has("seat.enter", training.id, where="home")
    assert not await desk.tanaka.has("seat.people", training.id, where="home")
    assert not await desk.kitamura.has("seat.enter", training.id, where="home")


@pytest.mark.parametrize("person", ["U_KONDO", "U_KITAMURA", "U_TANAKA", "U_YAMAMOTO"])
async def test_many_trainings_are_shortened_with_a_line_that_says_so(sqlite_desk, person):
    desk = sqlite_desk
    for number in range(14):
        await given_announced(desk, days=14 + number)
        await given_draft(desk, days=14 + number)
    for _ in range(20):
        await desk.given_waiting()
    somebody = desk.person(person)
    await somebody.open_home()

    view = await somebody.home()

    assert len(view["blocks"]) <= 100
    home = await somebody.reads("home")
    assert "ほかに" in home
    joins = str(view["blocks"]).count("'seat.join")
    assert 1 <= joins <= 5


async def test_a_cancelled_training_leaves_the_homes(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    await desk.takagi.open_home()
    assert "ダブルケアを支える" in await desk.takagi.reads("home")

    await trainings.cancel(desk.bot.desk, await desk.actor(ORGANIZER), training.id, "weather")
    await desk.passes(seconds=10)

    assert "ダブルケアを支える" not in await desk.takagi.reads("home")
    assert "開けなくなりました" in await desk.takagi.reads(TRAINING)


async def test_words_of_a_title_are_words(sqlite_desk):
    desk = sqlite_desk
    words = {"title": "=cmd() <!channel> *強調* & more", "place": "会議室"}
    await given_announced(desk, words=words)
    await desk.kitamura.open_home()

    shown = str((await desk.kitamura.home())["blocks"])

    assert "&lt;!channel&gt;" in shown
    assert "<!channel>" not in shown
