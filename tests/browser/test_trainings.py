"""A training in a real browser: planned, announced, joined, checked in, thanked for and certified."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import NARROW, Opens, Screen
from tests.desk import TRAINING, Desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

TITLE = "ダブルケアを支える"


async def plans(kondo: Screen) -> None:
    """Fill in the plan of a training with one seat."""
    await kondo.types("name", TITLE)
    await kondo.types("purpose", "ダブルケアの世帯を、分野をこえて支える見方を学びます。")
    await kondo.types("on1", "2026-12-08")
    await kondo.types("from1", "13:30")
    await kondo.types("to1", "12:00")
    await kondo.types("place", "彦根市福祉センター 2階会議室")
    await kondo.types("onsite", "1")
    await kondo.types("lecturers", "湖北 みずほ")
    await kondo.picks("regions", "湖東圏域", "湖北圏域")


async def test_a_training_goes_from_the_plan_to_the_certificate(screen: Opens, sqlite_desk: Desk):
    desk = sqlite_desk
    kondo = await screen("U_KONDO")
    await kondo.opens("training.new", "催しの計画")
    await plans(kondo)
    await kondo.picture("training-plan", of=kondo.answer("name"))
    await kondo.sends()
    await kondo.sees("おわり", "[data-testid^='error-to1']")
    await kondo.types("to1", "16:30")
    await kondo.sends()
    await kondo.sees_window("このように載ります")
    await kondo.picture("training-preview")
    await kondo.answer("channels").get_by_role("combobox").click()
    offered = await kondo.answer("channels").get_by_role("option").all_inner_texts()
    assert any("研修" in each for each in offered)
    assert all(each.startswith("#") for each in offered)  # no direct message is a channel
    await kondo.page.keyboard.press("Escape")
    await kondo.sends()
    await kondo.sees_window("催しのようす")
    await desk.settle()
    await kondo.closes()

    await kondo.goes(f"channel-{TRAINING}")
    await kondo.sees("あと1席")
    await kondo.picture("training-announced")
    takagi = await screen("U_TAKAGI", TRAINING, size=NARROW)
    await takagi.presses("seat.join")
    await takagi.sees("お席をお取りしました")
    sato = await screen("U_SATO", TRAINING)
    await sato.presses("seat.join")
    await sato.sees("キャンセル待ちの1番目")
    await desk.settle()
    await desk.passes(seconds=5)
    await kondo.sees("キャンセル待ち 1人")
    takagi = await screen("U_TAKAGI", "bot", size=NARROW)
    await takagi.sees("彦根市福祉センター")
    await takagi.picture("training-joined-narrow")
    await sato.goes("dm-bot")
    await sato.sees("1番目")
    await sato.picture("training-waiting")

    await desk.passes(days=14, hours=3, minutes=10)  # 8 December, 13:10
    await kondo.goes("home-tab")
    await kondo.sees("研修の予定", "[data-testid=home]")
    await kondo.picture("home-organizer")
    await kondo.opens("training.open", "催しのようす")
    await kondo.picture("training-window")
    await kondo.opens("check_in.screen", "当日の受付")
    code = await kondo.page.locator("[data-testid=modal] h3, [data-testid=modal] .header").first.inner_text()
    await kondo.picture("training-code")
    await takagi.find("composer").fill("".join(each for each in code if each.isdigit()))
    await takagi.page.keyboard.press("Enter")
    await takagi.sees("の受付をしました")
    await kondo.closes()

    await desk.passes(hours=4)
    await takagi.sees("修了証")
    await takagi.opens("feedback.open", "ご感想をお聞かせください")
    await takagi.ticks("satisfaction", "とてもよかった")
    await takagi.picture("training-feedback-narrow")
    await takagi.sends()
    await takagi.sees("ありがとうございました", "[data-testid=modal]")
    await takagi.closes()
    await takagi.opens("certificate.get", "修了証")
    await takagi.types("name", "高木 まどか")
    await takagi.sends()
    await takagi.sees("R8-T001-001", "[data-testid=modal]")
    await desk.settle()
    await takagi.picture("training-certificate-narrow")
    await takagi.closes()
    await expect(takagi.find("file").last).to_contain_text("修了証")
    await kondo.goes("home-tab")
    await kondo.opens("training.open", "催しのようす")
    await kondo.opens("roster.open", "名簿")
    await kondo.picture("training-roster")
