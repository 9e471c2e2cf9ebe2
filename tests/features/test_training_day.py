"""The day itself: the code on the screen and on paper, the roster, who comes unannounced, and the papers for the door."""

import io
import re
import unicodedata
from dataclasses import replace
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from bot.domain.seats import Attendance, Place
from bot.domain.training import Session
from bot.usecases import letters, seats, trainings
from tests.desk import running
from tests.trainings import ORGANIZER, given_announced, joined, now


async def on_the_day(desk, *people, minutes=-30, **changes):
    """A training people have joined; the clock stands `minutes` from its beginning."""
    training = await given_announced(desk, **changes)
    parts = await joined(desk, training, *people)
    desk.clock.now = training.plan.starts_at + timedelta(minutes=minutes)
    await desk.ask_the_clock()
    return training, parts


async def the_screen(desk, training, who=None):
    """The organizer opens the window with the code."""
    who = who or desk.kondo
    await who.presses_anyway("check_in.screen", training.id)
    return await shown(who)


async def shown(who):
    """The code that stands on the screen, as people read it."""
    view = await who.top_view()
    heads = [each["text"]["text"] for each in view["blocks"] if each["type"] == "header"]
    read = "".join(unicodedata.normalize("NFKC", heads[0]).split()) if heads else ""
    return read if re.fullmatch(r"\d{6}", read) else None


async def marks(desk, training):
    async with desk.db.reading() as ask:
        found = await ask.participations.marks_of_training(training.id)
        return {(each.participation, each.session): each for each in found}


async def checks_in(desk, part, code):
    """Open the form and send the code."""
    person = desk.person(part.person)
    await person.presses_anyway("check_in.open", part.id)
    return await person.fills_and_sends(code=code)


async def chooses(desk, about, status):
    """Choose beside a name on the open roster."""
    view = await desk.kondo.top_view()
    for block in view["blocks"]:
        for element in [block.get("accessory") or {}, *block.get("elements", ())]:
            if any(each["value"] == f"{about}/{status}" for each in element.get("options", ())):
                answer = await desk.kondo.press(
                    element["action_id"],
                    view_id=view["id"],
                    block_id=block["block_id"],
                    choice=f"{about}/{status}",
                )
                await desk.settle()
                return answer
    raise AssertionError(f"{about} is not on this page")


async def file_of(desk, name):
    """The newest file of this name, as it came."""
    await desk.settle()
    files = [each for each in desk.workspace.world.files.values() if each.name == name and each.shared]
    assert files, [each.name for each in desk.workspace.world.files.values()]
    return files[-1].body


def text_of(pdf):
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


# The code


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


# On paper


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


# The roster


async def test_the_roster_shows_who_comes_and_a_choice_is_kept_at_once(desk):
    training, (takagi, _) = await on_the_day(desk, "U_TAKAGI", "U_SATO")
    session = training.plan.sessions[0]
    await desk.kondo.presses_anyway("roster.open", training.id)
    seen = await desk.kondo.reads("view")
    assert "<@U_TAKAGI>さん" in seen
    assert "まだの方 *2人*" in seen

    await chooses(desk, f"{takagi.id}/{session.id}", "partial")

    mark = (await marks(desk, training))[takagi.id, session.id]
    assert (mark.status, mark.minutes, mark.how, mark.by) == (Attendance.PARTIAL, 90, "roster", ORGANIZER)
    assert "90分" in await desk.kondo.reads("view")
    await desk.kondo.presses("roster.minutes", f"{takagi.id}/{session.id}", where="view")
    await desk.kondo.fills_and_sends(minutes="120")
    assert (await marks(desk, training))[takagi.id, session.id].minutes == 120
    assert "120分" in await desk.kondo.reads("view")
    await desk.kondo.presses("roster.rest", where="view")
    assert sorted(each.status for each in (await marks(desk, training)).values()) == ["attended", "partial"]
    async with desk.db.reading() as ask:
        events = [each.event for each in await ask.audit.trail(training.id)]
    assert events.count("roster.read") == 1
    assert events.count("attendance.marked") == 3


async def test_the_roster_is_corrected_for_sixty_days_and_no_longer(sqlite_desk):
    desk = sqlite_desk
    training, (takagi,) = await on_the_day(desk, "U_TAKAGI", minutes=200)
    about = f"{takagi.id}/{training.plan.sessions[0].id}"
    desk.clock.now = training.plan.ends_at + timedelta(days=59)
    await desk.kondo.presses_anyway("roster.open", training.id)
    await chooses(desk, about, "attended")
    desk.clock.advance(days=2)

    await chooses(desk, about, "absent")

    assert "60日が過ぎた" in await desk.kondo.refused()
    assert [each.status for each in (await marks(desk, training)).values()] == [Attendance.ATTENDED]


async def test_who_is_marked_after_the_end_is_thanked_once_and_who_was_not_there_is_not(sqlite_desk):
    desk = sqlite_desk
    training, (takagi, sato) = await on_the_day(desk, "U_TAKAGI", "U_SATO", minutes=0)
    session = training.plan.sessions[0].id
    await desk.kondo.presses_anyway("roster.open", training.id)
    await chooses(desk, f"{takagi.id}/{session}", "excused")
    await chooses(desk, f"{sato.id}/{session}", "absent")
    await desk.passes(hours=4)
    thanked = "SELECT channel FROM outbox WHERE template = 'training_thanks'"
    assert await desk.rows(thanked) == []

    for status in ("partial", "attended", "partial"):
        await chooses(desk, f"{takagi.id}/{session}", status)

    assert [row["channel"] for row in await desk.rows(thanked)] == ["U_TAKAGI"]


async def test_a_fourth_window_takes_the_place_of_the_third(sqlite_desk):
    desk = sqlite_desk
    training, _ = await on_the_day(desk, "U_TAKAGI")
    await the_screen(desk, training)
    await desk.kondo.presses("roster.open", where="view")
    await desk.kondo.presses("walk_in.open", where="view")
    await desk.kondo.close()
    await desk.kondo.presses("check_in.screen", where="view")
    assert len(await desk.kondo.views()) == 3

    await desk.kondo.presses("roster.open", where="view")

    views = await desk.kondo.views()
    assert [each["callback_id"].split(".")[0] for each in views] == ["check_in_screen", "roster", "roster"]


async def test_before_the_day_only_a_told_absence_is_noted(sqlite_desk):
    desk = sqlite_desk
    training, (takagi, sato) = await on_the_day(desk, "U_TAKAGI", "U_SATO", minutes=-600)
    session = training.plan.sessions[0].id
    await desk.kondo.presses_anyway("roster.open", training.id)

    await chooses(desk, f"{sato.id}/{session}", "attended")
    assert "12時からできます" in await desk.kondo.refused()
    await desk.kondo.close()
    await chooses(desk, f"{takagi.id}/{session}", "excused")

    assert [each.status for each in (await marks(desk, training)).values()] == [Attendance.EXCUSED]


async def test_sixty_people_stand_on_three_pages_and_none_is_lost(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, seats={"onsite": 0})
    tanaka = await desk.actor("U_TANAKA")
    for n in range(45):
        said = seats.Joining(
            name=f"受講{n}号",
            phone=f"077-561-{n:04d}",
            agency="みずうみのほとり" * 2,
            needs="車いすの席をお願いします。" * 25,
        )
        await seats.enter(desk.bot.desk, tanaka, training.id, said, once=desk.once())
    desk.clock.now = training.plan.starts_at

    await desk.kondo.presses_anyway("roster.open", training.id)
    seen = await desk.kondo.reads("view")
    for _ in range(2):
        view = await desk.kondo.top_view()
        follow = [
            each
            for block in view["blocks"]
            for each in block.get("elements", ())
            if each.get("action_id", "").split("#")[0] == "roster.page"
            and each["text"]["text"].startswith("次")
        ]
        await desk.kondo.press(follow[0]["action_id"], view_id=view["id"])
        seen += await desk.kondo.reads("view")

    assert all(f"受講{n}号さん" in seen for n in range(45))
    assert "3ページ目（全3ページ）" in seen
    await desk.kondo.presses("roster.rest", where="view")
    assert len(await marks(desk, training)) == 45
    assert "3ページ目（全3ページ）" in await desk.kondo.reads("view")


async def test_the_roster_as_a_table_and_on_paper_names_everybody_and_reckons_nothing(desk):
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI", occupation="care_manager", needs="=車いすの席")
    tanaka = await desk.actor("U_TANAKA")
    typed = seats.Joining(name="=cmd()", phone="077-561-3811", agency="+1", municipality="252026")
    await seats.enter(desk.bot.desk, tanaka, training.id, typed, once=desk.once())
    await desk.settle()

    await desk.kondo.presses_anyway("roster.sheet", training.id)
    page = load_workbook(io.BytesIO(await file_of(desk, f"{training.number}-roster.xlsx"))).active
    await desk.kondo.close(clear=True)
    await desk.kondo.presses_anyway("roster.paper", training.id)
    (paper,) = text_of(await file_of(desk, f"{training.number}-roster.pdf"))

    rows = [[cell.value or "" for cell in row] for row in page.iter_rows()]
    assert rows[0][:3] == ["番号", "氏名", "所属"]
    assert rows[1][:4] == [1, "高木 陽子", "", "介護支援専門員（ケアマネジャー）"]
    assert rows[2][:3] == [2, "=cmd()", "+1"]
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n"}
    assert "高木陽子" in paper
    assert "=cmd()" in paper
    assert "ご署名" in paper
    async with desk.db.reading() as ask:
        told = [each.detail for each in await ask.audit.trail(training.id) if each.event == "roster.read"]
    assert [each.get("paper") for each in told] == ["roster_sheet", "roster_paper"]
    kept = str(await desk.rows("SELECT * FROM outbox")) + str(await desk.rows("SELECT * FROM participations"))
    assert "高木" not in kept
    assert "cmd()" not in kept


async def test_a_name_slack_does_not_tell_leaves_a_line_and_no_error(sqlite_desk):
    desk = sqlite_desk
    training, _ = await on_the_day(desk, "U_TAKAGI")
    desk.workspace.faults.add(what="503", method="users.info", times=20)

    await desk.kondo.presses_anyway("roster.sheet", training.id)

    page = load_workbook(io.BytesIO(await file_of(desk, f"{training.number}-roster.xlsx"))).active
    assert page["B2"].value == "（お名前は画面の名簿で）"


# Who comes unannounced


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
