"""The roster of the day: in its window, as a table and on paper."""

import io
from datetime import timedelta

from openpyxl import load_workbook

from bot.domain.seats import Attendance
from bot.usecases import seats
from tests.the_day import chooses, file_of, marks, on_the_day, text_of, the_screen
from tests.trainings import ORGANIZER, given_announced, joined


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
