"""A case review is brought about in a real browser: convened, people chosen, slots asked about and answered, a time fixed."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Opens
from tests.desk import COORDINATORS, Desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

STORY = "80代のお母さまと50代の息子さんの世帯です。犬が1頭いて、借金もあり、訪問しても玄関で断られます。"
MODAL = "[data-testid=modal]"


async def test_from_the_consultation_to_a_time_that_is_fixed(screen: Opens, sqlite_desk: Desk):
    desk = sqlite_desk
    number = await desk.given_heard("U_SATO", story=STORY, municipality="252069")
    yamamoto = await screen("U_YAMAMOTO")
    await yamamoto.opens("review.new", "ケース検討会をひらく")
    await yamamoto.types("number", number)
    await yamamoto.sends()
    await yamamoto.sees("質問を順番に", MODAL)
    await yamamoto.types("question", "断られても、つながりつづけるには")
    await yamamoto.ticks("format", "PCAGIP")
    await yamamoto.types("place", "3階 会議室")
    await yamamoto.chooses("quorum", "心理職1人と学識経験者1人")
    await yamamoto.sends()

    await yamamoto.sees_window("来てほしい方")
    for person in ("U_HAYASHI", "U_OKADA", "U_FUJII"):
        menus = yamamoto.window.locator('select[data-testid^="action-review.seat"]')
        menu = menus.filter(has=yamamoto.page.locator(f'option[value$="{person}/optional"]'))
        await menu.first.select_option(label="できれば")
        await desk.settle()
    await yamamoto.picture("review-people")
    await yamamoto.opens("review.slots", "日時の候補")
    await yamamoto.answer("deadline_on").fill("2026-11-26")
    for box in (await yamamoto.answer("slots").locator("input").all())[3:]:
        await box.uncheck()
    await yamamoto.sends()
    await yamamoto.sees_window("ケース検討会")
    await yamamoto.closes()

    for person in ("U_HAYASHI", "U_OKADA", "U_FUJII", "U_SATO"):
        somebody = await screen(person, "bot")
        await desk.settle()
        await somebody.opens("review.answer", "ご都合")
        selects = await somebody.window.locator("select").all()
        assert len(selects) == 3
        for each in selects:
            await each.select_option(label="○ 出られます")
        if person == "U_HAYASHI":
            await selects[0].select_option(label="× 出られません")
        if person == "U_HAYASHI":
            await somebody.picture("review-answer")
        await somebody.sends()
        await expect(somebody.window).to_have_count(0)
        await somebody.sees("お答えをお預かりしました")

    coordinators = await screen("U_YAMAMOTO", COORDINATORS)
    await coordinators.sees("みなさんからそろいました")
    await coordinators.opens("review.open", "ケース検討会")
    await coordinators.sees("開けます", MODAL)
    await coordinators.sees("心理職が、あと1人たりません。", MODAL)
    await coordinators.picture("review-ranked", of=coordinators.window.get_by_text("あと1人たりません"))

    await coordinators.button("review.fix", MODAL).click()
    await coordinators.page.get_by_role("button", name="決める", exact=True).click()
    await coordinators.sees("日時決定", MODAL)
    hayashi = await screen("U_HAYASHI", "bot")
    await hayashi.sees("として、よろしくお願いします")
    await hayashi.sees("R8-0001 の検討会の予定")
