"""Something is handed over with consent, in a real browser: looked at, sent, taken; then the consent is withdrawn."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import NARROW, Opens, Screen
from tests.desk import COORDINATORS, Desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

STORY = "80代の母と50代の息子の世帯です。訪問しても玄関で断られます。"
MODAL = "[data-testid=modal]"
HOME = "[data-testid=home]"
RECEIVER = "U_KITAMURA"  # who answers for the office of the town


async def test_from_consent_to_its_withdrawal(screen: Opens, sqlite_desk: Desk):
    desk = sqlite_desk
    await desk.given_heard("U_SATO", story=STORY, municipality="252034")
    sato = await screen("U_SATO")
    await sato.opens("details.open", "相談の詳細", HOME)
    await sato.opens("linkage.open", "つなぐ", MODAL)
    await without_consent_nothing_goes(sato)
    await agrees(sato)
    await sends(sato, desk)

    kitamura = await screen(RECEIVER, "bot", size=NARROW)
    await expect(kitamura.find("file").first).to_contain_text("つなぎシート")
    await kitamura.picture("linkage-arrived-narrow")
    await kitamura.presses("package.accept")
    await kitamura.sees("「受け取り」です", MODAL)
    await kitamura.closes()
    await desk.settle()
    await sato.sees("受け取り", HOME)

    await is_taken_back(sato, desk)
    await kitamura.sees("取り下げられました")
    await kitamura.presses("package.give_back")
    await kitamura.sees("「返却・廃棄を確認」です", MODAL)
    await kitamura.closes()
    await desk.settle()

    yamamoto = await screen("U_YAMAMOTO", COORDINATORS)
    await yamamoto.sees("返却・廃棄を確認")
    [package] = await desk.rows("SELECT * FROM packages")
    assert package["state"] == "returned"
    assert "玄関" not in str(package)


async def without_consent_nothing_goes(sato: Screen) -> None:
    """Nobody was asked yet: it is said what helps meanwhile."""
    await sato.opens("linkage.start", "つなぐ準備", MODAL)
    await sato.ticks("purpose", "支援の計画をいっしょに立ててほしい")
    await sato.sends()
    await sato.sees("ここだけ、教えていただけますか。", MODAL)
    await sato.chooses("meeting", "重層的支援会議")
    await sato.chooses("municipality_1", "長浜市")
    await sato.sends()
    await sato.sees("いまは、何も渡せません", MODAL)
    await sato.picture("linkage-nothing")
    await sato.find("modal-close").click()
    await sato.sees_window("つなぐ")


async def agrees(sato: Screen) -> None:
    """The person said yes: to whom, to which fields, until when."""
    await sato.opens("agreement.open", "同意のこと", MODAL)
    await sato.chooses("who", "本人")
    await sato.chooses("how", "書面")
    await sato.picks("fields", "題目", "いま困っていること", "本人の望み", "支援者の連絡先")
    await sato.chooses("meeting", "重層的支援会議")
    await sato.chooses("municipality_1", "長浜市")
    await sato.types("office_1", "社会福祉課")
    await sato.answer("person_1").select_option(RECEIVER)
    await sato.picture("linkage-consent", of=sato.answer("fields"))
    await sato.sends()
    await sato.sees_window("つなぐ")
    await sato.sees("同意あり", MODAL)


async def sends(sato: Screen, desk: Desk) -> None:
    """The sheet is written, looked at whole, and sent as it was looked at."""
    await sato.opens("linkage.start", "つなぐ準備", MODAL)
    await sato.ticks("purpose", "支援の計画をいっしょに立ててほしい")
    await sato.ticks("chosen", "長浜市 重層的支援会議 社会福祉課")
    await sato.sends()
    await sato.sees_window("つなぎシート")
    await sato.types("trouble", "訪問しても、玄関で断られる。")
    await sato.types("wish", "この家で暮らしつづけたい。")
    await sato.ticks("supporter_contact", "この窓口を通す")
    await sato.sends()
    await sato.sees_window("送る前に見る")
    await sato.sees("この家で暮らしつづけたい。", MODAL)
    await sato.picture("linkage-preview")
    await sato.sends()
    await sato.sees_window("つなぐ")
    await sato.sees("お返事待ち", MODAL)
    await desk.settle()
    await sato.closes()


async def is_taken_back(sato: Screen, desk: Desk) -> None:
    """The consent is withdrawn: what was sent is found and asked back."""
    await sato.opens("details.open", "相談の詳細", HOME)
    await sato.opens("linkage.open", "つなぐ", MODAL)
    await sato.opens("agreement.withdraw", "取り下げ", MODAL)
    await sato.ticks("how", "電話・記録あり")
    await sato.sends()
    await sato.sees("返却をお願いするもの", MODAL)
    await sato.picture("linkage-withdrawn")
    await sato.closes()
    await desk.settle()
