"""似た事例 in a real browser: from the details of a consultation, narrowed, read whole, and on a telephone."""

import pytest

from tests.browser.conftest import NARROW, Opens, Screen
from tests.desk import CARDS, Desk
from tests.precedents import all_thirty

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

WINDOW = "[data-testid=modal]"
STORY = "80代のお母さまの家に、50代の息子さんが引きこもっておられます。部屋から出てこられません。"


async def helped(desk: Desk, record: str) -> None:
    """What was advised there helped."""
    async with desk.db.transaction(await desk.actor("U_SATO")) as tx:
        tx.connection.later(
            "INSERT INTO record_echoes (record, question, answer, heaviness, at)"
            " VALUES (:record, 'q', 'helped', 'lighter', '2026')",
            {"record": record},
        )


async def opened(desk: Desk, screen: Opens, **how: tuple[int, int]) -> Screen:
    """A counselor before what is like their consultation."""
    await all_thirty(desk.bot.desk)
    await helped(desk, "hikikomori_son")
    await desk.given_heard(story=STORY, concerns=("approach",))
    sato = await screen("U_SATO", CARDS, **how)
    await sato.opens("details.open", "相談の詳細")
    await sato.opens("precedents.alike", "似た事例")
    return sato


async def test_a_counselor_reads_what_others_learnt(screen: Opens, sqlite_desk: Desk):
    sato = await opened(sqlite_desk, screen, size=NARROW)

    await sato.sees("体調の話から続ける。", WINDOW)
    await sato.sees("試してみて、役に立った", WINDOW)
    assert "息子" in await sato.window.locator("strong").all_inner_texts()  # the words they share stand out
    await sato.picture("precedents-narrow")
    await sato.find("action-precedents.read").click()  # that of the nearest one
    await sato.sees_window("事例")
    await sato.sees("いまの気持ちは「少し軽くなった」", WINDOW)
    await sato.picture("precedent-narrow")
    await sato.find("modal-close").last.click()
    await sato.sees_window("似た事例")


async def test_a_counselor_searches_and_narrows(screen: Opens, sqlite_desk: Desk):
    sato = await opened(sqlite_desk, screen)

    await sato.types("words", "ごみ屋敷")
    await sato.sends()
    await sato.sees("通り道だけを本人と決める。", WINDOW)
    await sato.sees_not("漫画", WINDOW)
    await sato.picture("precedents")
    await sato.find("action-precedents.filters").click()
    await sato.find("action-precedents.field").select_option(label="高齢・介護")
    await sato.sees_not("通り道", WINDOW)
    await sato.sees("保健所と一緒に訪問する。", WINDOW)
    assert await sato.answer("words").input_value() == "ごみ屋敷"
