"""A case review in a real browser, by everybody who has a part in it: from the wish for one to the advice on record."""

from datetime import timedelta

import pytest
from playwright.async_api import expect

from bot.domain.staff import THE_CLOCK, Role
from bot.usecases import people
from tests.browser.conftest import NARROW, Opens, Screen
from tests.desk import COORDINATORS, Desk
from tests.review_papers import PAGE, SUPERVISOR, given_sitting

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

STORY = "80代のお母さまと50代の息子さんの世帯です。犬が1頭いて、借金もあり、訪問しても玄関で断られます。"
MODAL = "[data-testid=modal]"
HOME = "[data-testid=home]"
PSY, ACADEMIC, SOCIAL_WORKER = "U_HAYASHI", "U_OKADA", "U_FUJII"
ROLES = {PSY: "助言者", ACADEMIC: "進行", SOCIAL_WORKER: "板書・記録"}


async def test_from_the_wish_to_the_advice_on_record(screen: Opens, sqlite_desk: Desk):
    desk = sqlite_desk
    await people.grant(desk.bot.desk, THE_CLOCK, SUPERVISOR, Role.SUPERVISOR)
    await desk.given_heard("U_SATO", story=STORY, municipality="252069")
    sato = await screen("U_SATO")
    await is_wished_for(sato)
    yamamoto = await screen("U_YAMAMOTO", COORDINATORS)
    await convenes(yamamoto, desk)
    for person in (*ROLES, "U_SATO"):
        await answers(await screen(person, "bot", size=NARROW), desk, busy=person == PSY)
    await fixes(yamamoto, desk)
    await writes_the_page(sato, desk)
    await lets_it_be_seen(yamamoto, desk)

    hayashi = await screen(PSY, "bot", size=NARROW)
    await hayashi.sees("として、よろしくお願いします")
    await hayashi.opens("brief.open", "事例の1枚")
    await hayashi.sees(PAGE["strengths"], MODAL)
    await hayashi.sees_not("書き直す", MODAL)
    await hayashi.picture("brief-narrow")
    await hayashi.closes()
    [review] = await desk.rows("SELECT * FROM reviews")
    async with desk.db.reading() as ask:
        starts_at = (await ask.reviews.get(review["id"])).starts_at
    await desk.passes(seconds=(starts_at - desk.clock.now - timedelta(hours=1)).total_seconds())
    await hayashi.sees("助言者のあなたへ")
    await hayashi.picture("review-role-narrow")
    await desk.passes(hours=1)

    await leads(await screen(ACADEMIC, "bot"), desk)
    await takes_notes(await screen(SOCIAL_WORKER, "bot"), desk)
    await settles(await screen(SUPERVISOR), desk)
    await advises(await screen("U_SATO", "bot"), desk)

    takagi = await screen("U_TAKAGI", "bot", size=NARROW)
    await takagi.sees("専門職といっしょに考えました")
    await takagi.picture("review-advised-narrow")
    await takagi.presses("advice.print")
    await desk.settle()
    await expect(takagi.find("file").last).to_contain_text("みんなで考えたこと")
    [advice] = await desk.rows("SELECT * FROM review_advice")
    assert "玄関" not in str(advice)


async def is_wished_for(sato: Screen) -> None:
    """Whoever holds the consultation asks for a review."""
    await sato.opens("details.open", "相談の詳細", HOME)
    await sato.presses("review.want", MODAL)
    await sato.page.get_by_role("button", name="お願いする", exact=True).click()
    await sato.closes()


async def convenes(yamamoto: Screen, desk: Desk) -> None:
    """The coordinator plans it, chooses who comes, and asks about times."""
    await yamamoto.sees("「ケース検討会をひらきたい」とご相談がありました")
    await yamamoto.opens("review.convene", "ケース検討会をひらく")
    await yamamoto.types("question", "断られても、また会ってもらうには")
    await yamamoto.ticks("format", "PCAGIP")
    await yamamoto.types("place", "3階 会議室")
    await yamamoto.chooses("quorum", "心理職1人と学識経験者1人")
    await yamamoto.picture("review-plan", of=yamamoto.answer("question"))
    await yamamoto.sends()

    await yamamoto.sees_window("来てほしい方")
    for person, role in ROLES.items():
        await menu(yamamoto, "review.seat", f"{person}/optional").select_option(label="できれば")
        await desk.settle()
        await menu(yamamoto, "review.role", f"{person}/adviser").select_option(label=role)
        await desk.settle()
    await yamamoto.picture("review-people")
    await yamamoto.opens("review.slots", "日時の候補")
    await yamamoto.answer("deadline_on").fill("2026-11-26")
    for box in (await yamamoto.answer("slots").locator("input").all())[3:]:
        await box.uncheck()
    await yamamoto.sends()
    await yamamoto.sees_window("検討会")
    await yamamoto.closes()
    await desk.settle()


def menu(one: Screen, action: str, value: str):
    """The menu of this action that offers `value`."""
    menus = one.window.locator(f'select[data-testid^="action-{action}"]')
    return menus.filter(has=one.page.locator(f'option[value$="{value}"]')).first


async def answers(somebody: Screen, desk: Desk, *, busy: bool) -> None:
    """Somebody invited says when they can; whoever is `busy` cannot at the first time."""
    await somebody.opens("review.answer", "ご都合")
    selects = await somebody.window.locator("select").all()
    assert len(selects) == 3
    for each in selects:
        await each.select_option(label="○ 出られます")
    if busy:
        await selects[0].select_option(label="× 出られません")
        await somebody.picture("review-answer")
    await somebody.sends()
    await expect(somebody.window).to_have_count(0)
    await somebody.sees("お答えをお預かりしました")
    await desk.settle()


async def fixes(yamamoto: Screen, desk: Desk) -> None:
    """The coordinator sees which time holds, and why one does not."""
    await yamamoto.sees("みなさんからそろいました")
    await yamamoto.opens("review.open", "検討会")
    await yamamoto.sees("心理職が、あと1人たりません。", MODAL)
    await yamamoto.picture("review-ranked", of=yamamoto.window.get_by_text("あと1人たりません"))
    await yamamoto.button("review.fix", MODAL).click()
    await yamamoto.page.get_by_role("button", name="決める", exact=True).click()
    await yamamoto.sees("日時決定", MODAL)
    await yamamoto.closes()
    await desk.settle()


async def writes_the_page(sato: Screen, desk: Desk) -> None:
    """Whoever brings the case writes its page; it is nobody's else to see yet."""
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


async def lets_it_be_seen(yamamoto: Screen, desk: Desk) -> None:
    """The coordinator reads the page and lets those invited see it."""
    await yamamoto.opens("brief.open", "事例の1枚")
    await yamamoto.presses("brief.approve", MODAL)
    await yamamoto.page.get_by_role("button", name="見せる", exact=True).click()
    await yamamoto.sees("読めるのは", MODAL)
    await desk.settle()
    await yamamoto.closes()


async def leads(okada: Screen, desk: Desk) -> None:
    """Whoever leads begins, sees the steps pass, and it ends in time."""
    await okada.sees("進行のあなたへ")
    await okada.opens("sitting.open", "検討会")
    await okada.picture("review-room")
    await okada.presses("sitting.begin", MODAL)
    await okada.sees("いま", MODAL)
    await okada.closes()
    await desk.passes(minutes=10)
    await okada.sees("55分まで")
    await okada.picture("review-steps", of=okada.button("sitting.next"))
    await desk.passes(minutes=80)
    await okada.sees("おつかれさまでした")


async def takes_notes(fujii: Screen, desk: Desk) -> None:
    """Whoever writes notes what was seen, what some saw otherwise, and who does what."""
    await fujii.opens("notes.open", "検討会の記録")
    await fujii.presses("notes.issue", MODAL)
    await fujii.sees_window("課題")
    await fujii.types("issue", "訪問を断られる")
    await fujii.types("view", "断ることで、ふたりの暮らしを守っている。")
    await fujii.types("short", "玄関先で、天気の話をする。")
    await fujii.sends()
    await fujii.sees_window("検討会の記録")
    await fujii.presses("notes.dissent", MODAL)
    await fujii.sees_window("ちがう意見")
    await fujii.types("dissent", "半年は待つ、という見方もあった。")
    await fujii.sends()
    await fujii.presses("notes.task", MODAL)
    await fujii.sees_window("すること")
    await fujii.types("task", "娘さんに電話でようすをうかがう")
    await fujii.types("due", "2026-12-10")
    await fujii.answer("who").select_option("U_SATO")
    await fujii.sends()
    await fujii.sees("12月10日(木)まで", MODAL)
    await fujii.picture("notes-book")
    await fujii.closes()
    await desk.settle()


async def settles(suzuki: Screen, desk: Desk) -> None:
    """Somebody who did not write the record settles it."""
    await suzuki.opens("notes.open", "検討会の記録", HOME)
    await suzuki.presses("notes.approve", MODAL)
    await suzuki.page.get_by_role("button", name="確定する", exact=True).click()
    await suzuki.sees("確かめて、確定しました", MODAL)
    await desk.settle()


async def advises(sato: Screen, desk: Desk) -> None:
    """Whoever brought the case tells the supporter, and does what is theirs to do."""
    await sato.opens("notes.advise", "相談者に伝える言葉")
    await sato.types("advice", "玄関先で、天気の話をひとつしてみてください。")
    await sato.picture("review-advising")
    await sato.sends()
    await sato.sees("相談者にお伝えしたこと", MODAL)
    await sato.closes()
    await desk.settle()
    await sato.presses("task.done")
    await sato.sees("できたことを書きとめました")


async def test_who_is_not_invited_finds_no_door(screen: Opens, sqlite_desk: Desk):
    desk = sqlite_desk
    await given_sitting(desk)
    mori = await screen("U_MORI")
    await desk.settle()
    await mori.sees("相談支援者サポート窓口")
    await mori.sees_not("検討会の紙", HOME)
    sato = await screen("U_SATO")  # the control
    await sato.sees("検討会の紙", HOME)
