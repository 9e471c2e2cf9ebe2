"""The record that stays, in a real browser: read on a phone, confirmed, and looked at by a second person."""

import json

import pytest

from tests.browser.conftest import NARROW, Opens
from tests.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

STORY = (
    "ひとり暮らしの80代の女性です。猫が23匹いて、借金が253万円あります。訪問を断られることが続いています。"
)


async def test_a_record_is_read_confirmed_and_looked_at_by_a_second_person(screen: Opens, sqlite_desk: Desk):
    desk = sqlite_desk
    await desk.given_closed(story=STORY)
    sato = await screen("U_SATO", size=NARROW)
    await sato.opens("record.open", "匿名化した事例記録")
    await sato.sees("おつかれさまでした", "[data-testid=modal]")
    await sato.picture("record-unusual-narrow", of=sato.answer("standing"))

    await sato.types("advice", "中川ヨシ江さんの話を、短く聞くことから続ける。")
    await sato.ticks("agreement", "相談者の了解あり")
    await sato.ticks("standing", "23匹")
    await sato.ticks("offered", "ほかの相談員にも")
    await sato.sends()
    await sato.sees_window("このように伏せました")
    await sato.sends()
    await desk.settle()
    await sato.sees_not("記録を確かめてください", "[data-testid=home]")

    [record] = await desk.rows("SELECT * FROM records")
    assert "中川" not in record["advice"]
    assert "猫が23匹いて、借金がまとまった額あります" in record["situation"]
    assert json.loads(record["unusual"]) == ["animal"]

    suzuki = await screen("U_SUZUKI")
    await suzuki.goes("home-tab")
    await suzuki.sees("確認をお願いしたい事例", "[data-testid=home]")
    await desk.settle()
    await suzuki.picture("home-review")
    await suzuki.opens("record.read", "匿名化した事例記録")
    await suzuki.presses("record.release")
    await suzuki.sees("ほかの相談員にも役立てています", "[data-testid=modal]")
