"""The day itself: the code on the screen and on paper, and who comes unannounced."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.seats import Attendance, Place
from bot.domain.training import Session
from bot.usecases import letters, seats, trainings
from tests.running import running
from tests.the_day import checks_in, file_of, marks, on_the_day, shown, text_of, the_screen
from tests.trainings import ORGANIZER, given_announced, joined, now


async def test_who_types_the_code_of_the_screen_is_noted_as_there(desk):
    training, (takagi, sato) = await on_the_day(desk, "U_TAKAGI", "U_SATO")
    session = training.plan.sessions[0]
    code = await the_screen(desk, training)

    await checks_in(desk, takagi, code)

    assert "受付をしました" in await desk.takagi.reads("view")
    mark = (await marks(desk, training))[takagi.id, session.id]
    assert (mark.status, mark.minutes, mark.how, mark.by) == (Attendance.ATTENDED, 180, "code", "U_TAKAGI")
    assert (sato.id, session.id) not in await marks(desk, training)
    await desk.passes(seconds=20)
    assert "受付がすんだ方　*1人*（参加予定 2人）" in await desk.kondo.reads("view")
    async with desk.db.reading() as ask:
        assert "attendance.checked_in" in [each.event for each in await ask.audit.trail(training.id)]


async def test_a_code_as_a_message_checks_in_and_is_no_letter(desk):
    training, (takagi,) = await on_the_day(desk, "U_TAKAGI", minutes=5)
    code = await the_screen(desk, training)

    await desk.takagi.writes(f" {code[:3]} {code[3:]} ")

    assert "「ダブルケアを支える」の受付をしました。13時からです。" in await desk.takagi.reads()
    assert len(await marks(desk, training)) == 1
    assert await desk.how_many("letters") == 0
    await desk.takagi.writes(code)
    assert "受付はもうすんでいます" in await desk.takagi.reads()
    assert len(await marks(desk, training)) == 1


async def test_six_digits_without_a_training_going_on_are_a_letter_like_any_other(sqlite_desk):
    """The control."""
    desk = sqlite_desk
    await on_the_day(desk, "U_TAKAGI", minutes=-61)

    await desk.takagi.writes("123456")

    assert await desk.how_many("letters") == 1


async def test_a_code_counts_from_when_it_was_sent_even_where_it_is_read_later(sqlite_desk, clock):
    desk = sqlite_desk
    training, (takagi,) = await on_the_day(desk, "U_TAKAGI", minutes=5)
    code = await the_screen(desk, training)
    sent_at = f"{clock.now.timestamp():.6f}"
    clock.advance(minutes=30)
    payload = {"user": "U_TAKAGI", "ts": sent_at, "channel": "D_X", "text": code}
    await letters.listen(desk.bot.desk, payload)
    await desk.settle()

    assert (takagi.id, training.plan.sessions[0].id) in await marks(desk, training)


async def test_yesterdays_code_is_wrong_and_after_five_wrong_ones_somebody_helps(sqlite_desk):
    desk = sqlite_desk
    training, (takagi, sato) = await on_the_day(desk, "U_TAKAGI", "U_SATO")
    old = await the_screen(desk, training)
    desk.clock.advance(minutes=6)
    await desk.takagi.presses_anyway("check_in.open", takagi.id)

    for n in range(5):
        answer = await desk.takagi.fills_and_sends(code=old if n else "000000")
        assert "番号が合いませんでした" in await desk.takagi.refused(answer)
    right = await the_screen(desk, training)
    answer = await desk.takagi.fills_and_sends(code=right)
    assert "会場の受付の方か、研修担当へお声がけください" in await desk.takagi.refused(answer)
    assert await marks(desk, training) == {}

    await checks_in(desk, sato, right)  # the control: another one may
    assert [each.by for each in (await marks(desk, training)).values()] == ["U_SATO"]
    desk.clock.advance(minutes=11)
    await desk.takagi.fills_and_sends(code=await the_screen(desk, training))
    assert len(await marks(desk, training)) == 2


async def test_wrong_codes_by_message_are_answered_kindly_and_counted_too(sqlite_desk):
    desk = sqlite_desk
    training, _ = await on_the_day(desk, "U_TAKAGI")

    for n in range(6):
        await desk.takagi.writes(f"00000{n}")

    said = await desk.takagi.texts("bot")
    assert sum("番号が合いませんでした" in each for each in said) == 5
    assert "番号が合わないことが続いた" in said[-1]
    await desk.takagi.writes(await the_screen(desk, training))
    assert await marks(desk, training) == {}
    assert await desk.how_many("letters") == 0


async def test_who_only_waits_or_never_asked_is_sent_to_the_door(sqlite_desk):
    desk = sqlite_desk
    training, (_, waiting) = await on_the_day(desk, "U_TAKAGI", "U_SATO", seats={"onsite": 1})
    code = await the_screen(desk, training)

    await desk.sato.presses_anyway("check_in.open", waiting.id)
    assert "キャンセル待ちでお預かりしています" in await desk.sato.refused()
    await desk.sato.writes(code)
    await desk.mori.writes(code)

    for who in (desk.sato, desk.mori):
        assert "会場の受付の方にお声がけください" in await who.reads()
    assert await marks(desk, training) == {}
    await desk.takagi.writes(code)  # the control
    assert len(await marks(desk, training)) == 1


async def test_nobody_checks_in_for_somebody_else(sqlite_desk):
    desk = sqlite_desk
    training, (takagi,) = await on_the_day(desk, "U_TAKAGI")
    code = await the_screen(desk, training)

    await desk.sato.presses_anyway("check_in.open", takagi.id)
    assert "開けるのは" in await desk.sato.refused()
    await desk.sato.sends_anyway(
        "check_in.submit", {"p": takagi.id}, code={"type": "plain_text_input", "value": code}
    )

    assert await marks(desk, training) == {}


@pytest.mark.parametrize(("minutes", "said"), [(-61, "12時からできます"), (181, "受付は終わりました")])
async def test_before_and_after_it_is_said_when(sqlite_desk, minutes, said):
    desk = sqlite_desk
    training, (takagi,) = await on_the_day(desk, "U_TAKAGI", minutes=minutes)

    await desk.takagi.presses_anyway("check_in.open", takagi.id)

    assert said in await desk.takagi.refused()
    assert await the_screen(desk, training) is None


async def test_the_screen_keeps_itself_fresh_and_a_closed_one_is_forgotten(desk):
    training, _ = await on_the_day(desk, "U_TAKAGI", minutes=-62)
    assert await the_screen(desk, training) is None
    assert "12時からここに出ます" in await desk.kondo.reads("view")

    await desk.passes(minutes=2)
    first = await shown(desk.kondo)
    await desk.passes(minutes=2)
    second = await shown(desk.kondo)
    assert first
    assert second
    assert first != second
    assert await desk.how_many("check_in_screens") == 1

    await desk.kondo.close()
    await desk.settle()
    assert await desk.how_many("check_in_screens") == 0


async def test_a_window_that_vanished_is_forgotten_without_noise(sqlite_desk):
    desk = sqlite_desk
    training, _ = await on_the_day(desk, "U_TAKAGI")
    await the_screen(desk, training)
    desk.workspace.surfaces.clear(ORGANIZER)  # the telephone was switched off: nobody says that it closed
    assert await desk.how_many("check_in_screens") == 1

    await desk.passes(seconds=20)

    assert await desk.how_many("check_in_screens") == 0
    rows = await desk.rows("SELECT state, why FROM outbox WHERE op = 'window'")
    assert [(row["state"], row["why"]) for row in rows] == [("sent", "window_closed")]
    assert "届け" not in await desk.yamamoto.reads("C_COORD")


async def test_after_a_restart_the_screen_goes_on(tmp_path, workspace, clock):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    async with running(url, workspace, clock) as desk:
        training, _ = await on_the_day(desk, "U_TAKAGI")
        first = await the_screen(desk, training)
    clock.advance(minutes=10)

    async with running(url, workspace, clock) as desk:
        await desk.ask_the_clock()

        second = await shown(desk.kondo)
        assert second != first
        await desk.takagi.writes(second)
        assert len(await marks(desk, training)) == 1


async def test_only_organizers_see_the_code(sqlite_desk):
    desk = sqlite_desk
    training, _ = await on_the_day(desk, "U_TAKAGI")

    for action in (
        "check_in.screen",
        "roster.open",
        "roster.sheet",
        "roster.paper",
        "check_in.paper",
        "walk_in.open",
    ):
        await desk.takagi.presses_anyway(action, training.id)
        assert "研修担当" in await desk.takagi.refused(), action
    assert not desk.workspace.world.files


async def test_the_paper_for_the_door_has_a_page_with_a_code_for_each_session_and_the_code_counts(desk):
    training = await given_announced(desk)
    first = training.plan.sessions[0]
    second = Session(first.starts_at + timedelta(days=1), first.ends_at + timedelta(days=1))
    training = await trainings.change(
        desk.bot.desk,
        await desk.actor(ORGANIZER),
        training.id,
        replace(training.plan, sessions=(first, second)),
    )
    training = await now(desk, training)
    (takagi,) = await joined(desk, training, "U_TAKAGI")
    await desk.kondo.presses_anyway("check_in.paper", training.id)

    pages = text_of(await file_of(desk, f"{training.number}-door.pdf"))

    assert len(pages) == 2
    codes = [re.search(r"[A-Z]{4}-\d{4}", page).group() for page in pages]
    assert codes[0] != codes[1]
    assert "令和8年12月8日(火)13時から16時まで" in pages[0]
    assert "Slackをお使いでない方は" in pages[0]
    desk.clock.now = first.starts_at
    await desk.takagi.writes(codes[1])
    assert await marks(desk, training) == {}
    await checks_in(desk, takagi, codes[0].lower().replace("-", " "))
    (mark,) = (await marks(desk, training)).values()
    assert (mark.session, mark.how) == (first.id, "paper")
    desk.clock.now = second.starts_at
    await desk.takagi.writes(codes[1])
    assert {each.session for each in (await marks(desk, training)).values()} == {
        each.id for each in training.plan.sessions
    }


async def test_who_is_there_already_still_checks_in_for_the_next_session(sqlite_desk):
    desk = sqlite_desk
    starts = desk.clock.now.replace(hour=4, minute=0, second=0, microsecond=0) + timedelta(days=14)
    hour = timedelta(hours=1)
    two = (Session(starts, starts + hour), Session(starts + 1.5 * hour, starts + 3 * hour))
    training, (takagi,) = await on_the_day(desk, "U_TAKAGI", minutes=40, sessions=two, deadline=None)
    await desk.kondo.presses_anyway("check_in.paper", training.id)
    pages = text_of(await file_of(desk, f"{training.number}-door.pdf"))
    codes = [re.search(r"[A-Z]{4}-\d{4}", page).group() for page in pages]

    await checks_in(desk, takagi, codes[0])
    assert len(await marks(desk, training)) == 1
    await checks_in(desk, takagi, codes[1])

    assert len(await marks(desk, training)) == 2


async def test_who_comes_unannounced_is_let_in_beside_the_seats(desk):
    training, (takagi, waiting) = await on_the_day(desk, "U_TAKAGI", "U_SATO", seats={"onsite": 1})
    session = training.plan.sessions[0].id
    await desk.kondo.presses_anyway("roster.open", training.id)

    for given in ({"name": "飛入 花子", "agency": "みずうみ"}, {"person": "U_SATO"}, {"person": "U_MORI"}):
        await desk.kondo.presses("walk_in.open", where="view")
        await desk.kondo.fills_and_sends(**given)

    seen = await desk.kondo.reads("view")
    assert "飛入 花子さん（みずうみ）　当日参加" in seen
    assert "<@U_MORI>さん" in seen
    async with desk.db.reading() as ask:
        everybody = await ask.participations.of_training(training.id)
        found = seats.seats.seats_of(training.plan.seats, everybody)["onsite"]
    assert (found.taken, found.waiting) == (1, 0)
    assert len([each for each in everybody if each.walk_in and each.status is Place.CONFIRMED]) == 3
    there = await marks(desk, training)
    assert (waiting.id, session) in there
    assert (takagi.id, session) not in there
    assert len(there) == 3
    assert "受付をしました" in await desk.mori.reads()


async def test_who_was_entered_by_telephone_is_the_same_person_at_the_door(sqlite_desk):
    desk = sqlite_desk
    training, _ = await on_the_day(desk, "U_TAKAGI", minutes=-60 * 24 * 7, seats={"onsite": 1})
    said = seats.Joining(name="電話 太郎", phone="077-561-3811")
    tanaka = await desk.actor("U_TANAKA")
    waiting = await seats.enter(desk.bot.desk, tanaka, training.id, said, once=desk.once())
    desk.clock.now = training.plan.starts_at
    await desk.ask_the_clock()
    await desk.kondo.presses_anyway("walk_in.open", training.id)

    await desk.kondo.fills_and_sends(name="電話太郎", phone="０７７ー５６１ー３８１１")

    async with desk.db.reading() as ask:
        part = await ask.participations.get(waiting.id)
    assert (part.status, part.walk_in) == (Place.CONFIRMED, True)
    assert [each.participation for each in (await marks(desk, training)).values()] == [waiting.id]


async def test_the_same_name_and_number_twice_lets_one_in(sqlite_desk):
    desk = sqlite_desk
    training, _ = await on_the_day(desk)
    await desk.kondo.presses_anyway("walk_in.open", training.id)

    await desk.kondo.fills_and_sends(name="飛入 花子", phone="077-561-3811")
    await desk.kondo.presses_anyway("walk_in.open", training.id)
    await desk.kondo.fills_and_sends(name="飛入　花子", phone="077-561-3811")

    assert await desk.how_many("participations") == 1
    await desk.kondo.presses_anyway("walk_in.open", training.id)
    await desk.kondo.fills_and_sends(name="飛入 次郎")
    assert await desk.how_many("participations") == 2


@pytest.mark.parametrize(("minutes", "may"), [(-61, False), (-60, True), (180, True), (181, False)])
async def test_people_are_let_in_from_an_hour_before_until_the_end(sqlite_desk, minutes, may):
    desk = sqlite_desk
    training, _ = await on_the_day(desk, minutes=minutes)

    await desk.kondo.presses_anyway("walk_in.open", training.id)

    assert (await desk.kondo.top_view() is not None) is may


async def test_somebody_without_a_name_is_asked_for_one_and_a_guest_is_not_let_in(sqlite_desk):
    desk = sqlite_desk
    training, _ = await on_the_day(desk)
    await desk.kondo.presses_anyway("walk_in.open", training.id)

    answer = await desk.kondo.fills_and_sends(agency="みずうみ")
    assert list(answer["errors"]) == ["name~0"]
    answer = await desk.kondo.fills_and_sends(person="U_GUEST")

    assert list(answer["errors"]) == ["person~0"]
    assert await desk.how_many("participations") == 0


async def test_a_training_that_is_off_has_no_code_and_takes_no_marks(sqlite_desk):
    desk = sqlite_desk
    training, (takagi,) = await on_the_day(desk, "U_TAKAGI")
    code = await the_screen(desk, training)
    await trainings.cancel(desk.bot.desk, await desk.actor(ORGANIZER), training.id, "lecturer")
    await desk.settle()

    await desk.takagi.presses_anyway("check_in.open", takagi.id)
    await desk.takagi.sends_anyway(
        "check_in.submit", {"p": takagi.id}, code={"type": "plain_text_input", "value": code}
    )

    assert await marks(desk, training) == {}
