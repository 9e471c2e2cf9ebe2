"""A case review in a real browser: from a time that is fixed to the advice on record, with all its papers."""

from datetime import timedelta

import pytest
from playwright.async_api import expect

from bot.domain.staff import THE_CLOCK, Role
from bot.usecases import people, reviews
from tests.browser.conftest import NARROW, Opens
from tests.desk import COORDINATORS, Desk
from tests.review_papers import PAGE, SUPERVISOR, act, given_sitting
from tests.reviews import (
    ACADEMIC,
    CONVENER,
    PSY,
    answers,
    fixes,
    given_experts,
    given_poll,
    invited,
    review_of,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

MODAL = "[data-testid=modal]"
HOME = "[data-testid=home]"


async def given_fixed_review(desk: Desk) -> str:
    """A review the day before tomorrow's: the psychologist advises, the academic leads."""
    await given_experts(desk)
    await people.grant(desk.bot.desk, THE_CLOCK, SUPERVISOR, Role.SUPERVISOR)
    review = await given_poll(desk)
    for person, role in ((PSY, "adviser"), (ACADEMIC, "facilitator")):
        await act(desk, CONVENER, reviews.seat, review, person, role=role)
    for person in await invited(desk, review):
        await answers(desk, review, person, "○○")
    await fixes(desk, review, 0)
    return review


async def test_from_a_fixed_review_to_the_advice_on_record(screen: Opens, sqlite_desk: Desk):
    desk = sqlite_desk
    review = await given_fixed_review(desk)

    sato = await screen("U_SATO")
    await sato.goes("home-tab")
    await sato.opens("brief.write", "事例の1枚", HOME)
    for name, text in PAGE.items():
        await sato.types(name, text)
    await sato.ticks("agreement", "ご本人の了解（口頭・記録あり）")
    await sato.types("agreed_on", "2026-11-20")
    await sato.picture("brief-writing", of=sato.answer("household"))
    await sato.sends()
    await sato.sees("まだ、書いた方とコーディネーターだけに見えています", MODAL)
    await sato.closes()
    await desk.settle()

    yamamoto = await screen("U_YAMAMOTO", COORDINATORS)
    await yamamoto.opens("brief.open", "事例の1枚")
    await yamamoto.presses("brief.approve", MODAL)
    await yamamoto.page.get_by_role("button", name="見せる", exact=True).click()
    await yamamoto.sees("読めるのは", MODAL)
    await desk.settle()
    await yamamoto.closes()

    hayashi = await screen("U_HAYASHI", "bot", size=NARROW)
    await hayashi.opens("brief.open", "事例の1枚")
    await hayashi.sees(PAGE["strengths"], MODAL)
    await hayashi.sees_not("書き直す", MODAL)
    await hayashi.picture("brief-narrow")
    await hayashi.closes()

    starts_at = (await review_of(desk, review)).starts_at
    await desk.passes(seconds=(starts_at - desk.clock.now - timedelta(hours=1)).total_seconds())
    await hayashi.sees("助言者のあなたへ")
    await hayashi.picture("review-role-narrow")
    await desk.passes(hours=1)

    okada = await screen("U_OKADA", "bot")
    await okada.sees("進行のあなたへ")
    await okada.opens("sitting.open", "ケース検討会")
    await okada.picture("review-room")
    await okada.presses("sitting.begin", MODAL)
    await okada.sees("いま", MODAL)
    await okada.closes()
    await desk.passes(minutes=10)
    await okada.sees("10時55分まで")
    await okada.picture("review-steps", of=okada.button("sitting.next"))
    await desk.passes(minutes=80)
    await okada.sees("おつかれさまでした")

    await okada.opens("notes.open", "検討会の記録")
    await okada.presses("notes.issue", MODAL)
    await okada.sees_window("課題")
    await okada.types("issue", "訪問を断られる")
    await okada.types("view", "断ることで、ふたりの暮らしを守っている。")
    await okada.types("short", "玄関先で、天気の話をする。")
    await okada.sends()
    await okada.sees_window("検討会の記録")
    await okada.presses("notes.dissent", MODAL)
    await okada.sees_window("ちがう意見")
    await okada.types("dissent", "半年は待つ、という見方もあった。")
    await okada.sends()
    await okada.presses("notes.task", MODAL)
    await okada.sees_window("すること")
    await okada.types("task", "娘さんに電話でようすをうかがう")
    await okada.types("due", "2026-12-10")
    await okada.answer("who").select_option("U_SATO")
    await okada.sends()
    await okada.sees("12月10日(木)まで", MODAL)
    await okada.picture("notes-book")
    await okada.closes()

    suzuki = await screen(SUPERVISOR)
    await suzuki.goes("home-tab")
    await suzuki.opens("notes.open", "検討会の記録", HOME)
    await suzuki.presses("notes.approve", MODAL)
    await suzuki.page.get_by_role("button", name="確定する", exact=True).click()
    await suzuki.sees("確かめて、確定しました", MODAL)
    await desk.settle()

    sato = await screen("U_SATO", "bot")
    await sato.opens("notes.advise", "相談者に伝える言葉")
    await sato.types("advice", "玄関先で、天気の話をひとつしてみてください。")
    await sato.sends()
    await sato.sees("相談者にお伝えしたこと", MODAL)
    await sato.closes()
    await desk.settle()
    await sato.presses("task.done")
    await sato.sees("できたことを書きとめました")

    takagi = await screen("U_TAKAGI", "bot", size=NARROW)
    await takagi.sees("専門職といっしょに考えました")
    await takagi.picture("review-advised-narrow")
    await takagi.presses("advice.print")
    await desk.settle()
    await expect(takagi.find("file").last).to_contain_text("みんなで考えたこと")
    [advice] = await desk.rows("SELECT * FROM review_advice")
    assert "玄関" not in str(advice)


async def test_who_is_not_invited_finds_no_door(screen: Opens, sqlite_desk: Desk):
    desk = sqlite_desk
    await given_sitting(desk)
    mori = await screen("U_MORI")
    await mori.goes("home-tab")
    await desk.settle()
    await mori.sees_not("ケース検討会の紙", HOME)
    sato = await screen("U_SATO")  # the control
    await sato.goes("home-tab")
    await sato.sees("ケース検討会の紙", HOME)
