"""The form that comes back with masked words, in a real browser: accepted, put back, and added to."""

import pytest

from tests.browser.conftest import NARROW, Opens, Screen
from tests.desk import CARDS, Desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

FORMULATION = "山田花子さんは、ひだまりデイサービスに通っています。大将が毎朝むかえに来ます。"
ADVICE = "山田さんと、まず二人で話してみる。大将にも同席をお願いする。"


async def opens_hearing(desk: Desk, screen: Opens, *, size: tuple[int, int]) -> Screen:
    """Somebody who holds a case is about to write down what was heard."""
    await desk.given_claimed()
    sato = await screen("U_SATO", CARDS, size=size)
    await sato.opens("details.open", "相談の詳細")
    await sato.opens("hearing.open", "聞き取り")
    await sato.types("formulation", FORMULATION)
    await sato.types("advice", ADVICE)
    await sato.types("next_action", "電話でようすをうかがう")
    await sato.types("next_on", "2026-12-08")
    await sato.sends()
    await sato.sees_window("このように伏せました")
    return sato


async def test_what_was_masked_is_put_back_and_added_to_on_a_telephone(screen: Opens, sqlite_desk: Desk):
    desk = sqlite_desk
    sato = await opens_hearing(desk, screen, size=NARROW)
    shown = await sato.answer("formulation").input_value()
    assert shown.startswith("Aさんは、（デイサービス）に通っています。")
    assert (await sato.answer("advice").input_value()).startswith("Aさんと、まず二人で")
    await sato.ticks("keep", "ひだまりデイサービス → （デイサービス）")
    await sato.types("more_names", "大将")
    await sato.picture("masking-boxes-narrow", of=sato.answer("more_names"))

    await sato.sends()

    await sato.sees(
        "Aさんは、ひだまりデイサービスに通っています。Bが毎朝むかえに来ます。", "[data-testid=modal]"
    )
    await sato.sees("Aさんと、まず二人で話してみる。Bにも同席をお願いする。", "[data-testid=modal]")
    await sato.sees_not("山田", "[data-testid=modal]")
    await sato.sees_not("大将", "[data-testid=modal]")


async def test_one_tap_takes_it_as_it_is_offered(screen: Opens, sqlite_desk: Desk):
    desk = sqlite_desk
    sato = await opens_hearing(desk, screen, size=(1180, 780))
    await sato.sends()

    await sato.sees("Aさんは、（デイサービス）に通っています。", "[data-testid=modal]")
    await sato.sees_not("山田", "[data-testid=modal]")
