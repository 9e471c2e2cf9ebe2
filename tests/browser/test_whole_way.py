"""The whole way in a real browser, as people go it: from the first word to the confirmed record."""

import asyncio

import pytest
from playwright.async_api import expect

from tests.browser.conftest import NARROW, Opens, Screen, english
from tests.desk import CARDS, Desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

STORY = (
    "担当している山田花子さん（草津市、82歳）が訪問を拒まれます。息子さんも怒っていて、"
    "どう関わればよいか迷っています。"
)
MASKED = (
    "担当しているAさん（B市、80代）が訪問を拒まれます。息子さんも怒っていて、どう関わればよいか迷っています。"
)


async def fills_in(one: Screen, story: str = STORY) -> None:
    """The four answers and the story."""
    await one.picks("concerns", "本人・家族との関わり方")
    await one.ticks("urgency", "2〜3日以内")
    await one.types("phone", "090-1234-5678")
    await one.ticks("best_times", "午後の早い時間")
    await one.types("story", story)


async def asks(one: Screen) -> None:
    """Ask for help with nobody's name in it, and close the receipt."""
    await one.opens("intake.open", "相談する")
    await fills_in(one, "訪問を拒まれていて、どう関わればよいか迷っています。")
    await one.sends()
    await one.sees_window("お預かりしました")
    await one.closes()


async def test_three_people_go_the_whole_way_to_the_confirmed_record(screen: Opens, sqlite_desk: Desk):
    desk = sqlite_desk
    takagi = await screen("U_TAKAGI")
    await takagi.sees("うまくまとまっていなくて大丈夫です")
    await takagi.picture("home-supporter")
    await takagi.opens("intake.open", "相談する")
    await takagi.picture("asking")
    await fills_in(takagi)
    await takagi.ticks("privacy", "携帯のみにかける", "職場にはかけない")
    await takagi.sends()

    await takagi.sees_window("このように伏せました")
    assert await takagi.answer("story").input_value() == MASKED
    await takagi.picture("masked")
    await takagi.sends()
    await takagi.sees_window("お預かりしました")
    await takagi.sees("R8-0001", "[data-testid=modal]")
    await takagi.picture("receipt")
    await takagi.closes()
    assert "山田" not in desk.told()

    desk.clock.advance(minutes=8)
    sato = await screen("U_SATO", CARDS)
    await sato.sees("携帯のみにかける・職場にはかけない")
    await sato.sees_not("090-1234-5678")
    await sato.picture("card")
    await sato.presses("callback.claim")
    await sato.sees("さんが担当です")
    await sato.opens("details.open", "相談の詳細")
    await sato.sees("090-1234-5678", "[data-testid=modal]")
    await sato.sees(MASKED, "[data-testid=modal]")
    await sato.picture("details")

    await takagi.opens("own.open", "ご相談のようす")
    await takagi.opens("tell.open", "担当に伝える")
    await takagi.types("told", "きょうは15時からなら出られます。")
    await takagi.picture("telling")
    await takagi.sends()
    await takagi.sees("お知らせをお預かりしました", "[data-testid=modal]")
    await takagi.closes()

    desk.clock.advance(minutes=50)
    await sato.closes()
    await sato.goes("dm-bot")
    await sato.sees("の方から、お知らせが届きました")
    await sato.opens("details.open", "相談の詳細")
    await sato.sees("きょうは15時からなら出られます。", "[data-testid=modal]")
    await sato.opens("call.open", "電話したことを書く")
    await sato.ticks("outcome", "つながった")
    await sato.picture("call")
    await sato.sends()
    await sato.sees_window("相談の詳細")

    await sato.opens("hearing.open", "聞き取り")
    await sato.picks("characteristics", "サービス拒否")
    await sato.types("formulation", "拒否の背景に、先の見えない不安がありそうです。")
    await sato.presses("hearing.draft")
    await sato.sees("書きかけから続けています")
    await sato.find("modal-close").click()
    await sato.sees_window("相談の詳細")
    await sato.opens("hearing.open", "聞き取り")
    assert await sato.answer("formulation").input_value() == "拒否の背景に、先の見えない不安がありそうです。"
    await sato.types("advice", "主治医に同席をお願いする。")
    await sato.types("next_action", "電話でようすをうかがう")
    await sato.sends()
    await sato.sees("", "[data-testid^='error-next_on']")
    await sato.types("next_on", "2026-12-08")
    await sato.picture("hearing", of=sato.answer("formulation"))
    await sato.sends()
    await sato.sees_window("相談の詳細")
    await sato.sees("聞き取り済", "[data-testid=modal]")

    desk.clock.advance(days=2)
    await sato.opens("activity.open", "面談・訪問など")
    await sato.chooses("type", "面談")
    await sato.types("happened_on", "2026-11-26")
    await sato.types("minutes", "50")
    await sato.types("summary", "ご家族と、これからのことを話し合いました。")
    await sato.types("next_action", "2週間後に電話する")
    await sato.types("next_on", "2026-12-10")
    await sato.sends()
    await sato.sees_window("相談の詳細")
    await sato.sees("助言・対応中", "[data-testid=modal]")

    await sato.opens("closing.open", "終える")
    await sato.chooses("primary", "助言により終結")
    await sato.chooses("reason", "見通しが立った（相談者が判断）")
    await sato.picture("closing", of=sato.answer("primary"))
    await sato.types("closing_words", "また、いつでもどうぞ。")
    await sato.sends()
    await sato.sees_window("匿名化した事例記録")
    await sato.picture("record")
    await sato.ticks("agreement", "個人が分からないため、了解は要らない")
    await sato.sends()
    await sato.sees_window("相談の詳細")
    assert await desk.how_many("records") == 1
    await sato.closes()

    await takagi.goes("dm-bot")
    await takagi.sees("さんが担当します")
    await takagi.sees("ここで一区切りです")
    await takagi.picture("dm-supporter")
    await takagi.opens("own.open", "ご相談のようす")
    await takagi.sees("主治医に同席をお願いする。", "[data-testid=modal]")
    await takagi.sees_not("先の見えない不安", "[data-testid=modal]")
    await takagi.picture("own")

    yamamoto = await screen("U_YAMAMOTO", CARDS)
    await yamamoto.sees("終結")
    await yamamoto.opens("details.open", "相談の詳細")
    await yamamoto.sees("記録", "[data-testid=modal]")
    await yamamoto.sees_not("記録を確かめる", "[data-testid=modal]")


async def test_an_operator_enters_a_phone_call_and_reads_out_the_promise(screen: Opens, sqlite_desk: Desk):
    tanaka = await screen("U_TANAKA")
    await tanaka.opens("proxy.open", "電話などの受付")
    await tanaka.types("contacted_at", "09:20")
    await tanaka.picture("proxy")
    await tanaka.picks("concerns", "多職種・多機関との連携")
    await tanaka.ticks("urgency", "本日中に話したい")
    await tanaka.types("phone", "1234")
    await tanaka.types("story", "生活保護の申請で、話がなかなか進まない。")
    await tanaka.sends()
    await tanaka.sees("市外局番から", "[data-testid^='error-phone']")
    await tanaka.types("phone", "077-561-3811 内線12")
    await tanaka.sends()

    await tanaka.sees_window("受け付けました")
    await tanaka.sees("そのまま読み上げられます", "[data-testid=modal]")
    await tanaka.picture("read-out")
    await tanaka.presses("paper.receipt")
    await tanaka.sees_window("お知らせ")
    await tanaka.closes()
    await tanaka.sees("この1週間に入力した受付", "[data-testid=home]")
    await tanaka.sees("11月24日(火) 9時20分のご連絡", "[data-testid=home]")
    await tanaka.picture("home-operator")
    await tanaka.goes("dm-bot")
    await expect(tanaka.find("file")).to_contain_text("お預かりの控え R8-0001")

    await tanaka.goes("home-tab")
    await tanaka.opens("proxy.open", "電話などの受付")
    await tanaka.opens("count.open", "相談ではない受付")
    await tanaka.chooses("kind", "間違い電話")
    await tanaka.chooses("route", "電話")
    await tanaka.picture("counting")
    await tanaka.sends()
    await tanaka.sees("1件として残しました", "[data-testid=modal]")
    await tanaka.closes()
    assert await sqlite_desk.how_many("consultations") == 1


async def test_a_coordinator_assigns_and_merges_and_an_admin_gives_a_role(screen: Opens, sqlite_desk: Desk):
    desk = sqlite_desk
    await desk.takagi.asks()
    desk.clock.advance(minutes=20)
    await desk.kitamura.asks(concerns=["approach", "isolation_burnout"], urgency="u2")
    yamamoto = await screen("U_YAMAMOTO", CARDS)
    first, second = (
        yamamoto.page.locator("[data-testid=message]", has_text=n) for n in ("R8-0001", "R8-0002")
    )

    await first.get_by_test_id("action-callback.assign").click()
    await yamamoto.sees_window("担当をお願いする")
    await yamamoto.answer("counselor").select_option("U_SUZUKI")
    await yamamoto.picture("assign")
    await yamamoto.sends()
    await expect(first).to_contain_text("さんが担当です")

    await second.get_by_test_id("action-details.open").click()
    await yamamoto.opens("merge.open", "まとめる")
    await yamamoto.answer("into").select_option("R8-0001")
    await yamamoto.picture("merge")
    await yamamoto.sends()
    await yamamoto.sees_window("相談の詳細")
    await yamamoto.closes()
    await expect(second).to_contain_text("ほかの受付にまとめました")
    await yamamoto.goes("channel-C_COORD")
    await yamamoto.presses("merge.undo")
    await yamamoto.find("confirm-yes").click()
    await yamamoto.goes(f"channel-{CARDS}")
    await expect(second).to_contain_text("に折り返します")

    desk.clock.advance(days=1, hours=8)
    await desk.ask_the_clock()
    await yamamoto.goes("home-tab")
    await yamamoto.sees("お約束の時間を過ぎたもの", "[data-testid=home]")
    await yamamoto.picture("home-coordinator")

    inoue = await screen("U_ADMIN")
    await inoue.opens("roles.open", "窓口の役割")
    await inoue.ticks("change", "役割をつける")
    await inoue.answer("person").select_option("U_KITAMURA")
    await inoue.answer("role").select_option("counselor")
    await inoue.picture("roles")
    await inoue.sends()
    await inoue.sees("@北村", "[data-testid=modal]")


async def test_help_can_be_asked_with_the_keyboard_alone(screen: Opens, sqlite_desk: Desk):
    takagi = await screen("U_TAKAGI", "bot")
    keys = takagi.page.keyboard
    await takagi.find("composer").focus()
    await keys.type("/相談 訪問を拒まれていて、迷っています。")
    await keys.press("Enter")
    await takagi.sees_window("相談する")

    async def reaches(name: str) -> None:
        """Tab on until the focus is in this answer."""
        for _ in range(40):
            if await takagi.answer(name).evaluate("node => node.contains(document.activeElement)"):
                return
            await keys.press("Tab")
        raise AssertionError(f"Tab never reaches {name}")

    await reaches("concerns")
    await keys.press("ArrowDown")
    await expect(takagi.answer("concerns").get_by_role("option").first).to_be_visible()
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await keys.press("Escape")
    await reaches("urgency")
    await keys.press("Space")
    await keys.press("ArrowDown")
    await keys.press("ArrowDown")
    await reaches("phone")
    await keys.type("090-1234-5678")
    await reaches("best_times")
    await keys.press("Space")
    assert await takagi.answer("story").input_value() == "訪問を拒まれていて、迷っています。"
    await keys.press("Control+Enter")
    await takagi.sees_window("お預かりしました")
    await keys.press("Escape")

    await expect(takagi.window).to_have_count(0)
    kept = await sqlite_desk.row("R8-0001")
    assert (kept.urgency, len(kept.concerns), len(kept.best_times)) == ("u3", 1, 1)


async def test_help_can_be_asked_on_a_narrow_screen(screen: Opens, sqlite_desk: Desk):
    takagi = await screen("U_TAKAGI", size=NARROW, touch=True)
    await takagi.is_japanese()
    await takagi.opens("intake.open", "相談する")
    await takagi.picture("narrow-asking")
    await fills_in(takagi)
    await takagi.sends()
    await takagi.sees_window("このように伏せました")
    await takagi.sends()
    await takagi.sees_window("お預かりしました")
    await takagi.is_japanese()

    too_wide = await takagi.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert too_wide <= 0
    assert await sqlite_desk.how_many("consultations") == 1


async def test_two_side_by_side_press_at_once_and_one_has_it(screen: Opens, sqlite_desk: Desk):
    desk = sqlite_desk
    await desk.takagi.asks()
    both = await screen(
        "", query=f"left=U_SATO&right=U_SUZUKI&channel={CARDS}&right_channel={CARDS}", size=(1320, 780)
    )
    left, right = (
        both.find(f"pane-{side}").get_by_test_id("action-callback.claim") for side in ("left", "right")
    )
    await expect(left).to_be_visible()
    await expect(right).to_be_visible()
    await both.picture("side-by-side")

    await asyncio.gather(left.dispatch_event("click"), right.dispatch_event("click"))
    await both.sees("さんが担当です", "[data-testid=pane-left]")
    await both.sees("さんが担当です", "[data-testid=pane-right]")
    await both.sees("ありがとうございます", ".panes")

    holder = (await desk.row("R8-0001")).counselor
    assert holder in {"U_SATO", "U_SUZUKI"}
    assert (await desk.trail("R8-0001")).count("claim.taken") == 1
    whispers = both.page.locator(".whispered")
    await expect(whispers).to_have_count(1)
    await expect(whispers).to_contain_text("佐藤" if holder == "U_SATO" else "鈴木")
    assert len(await desk.cards()) == 1


@pytest.mark.parametrize("words", ["Please try again", "書き直して Submit", "invalid"])
def test_english_would_be_seen(words: str):
    assert english(words) != []
    assert english("R8-0042 を Slack と FAX で。Aさん、B市。") == []
