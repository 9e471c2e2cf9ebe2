"""The ledger and the contact as they were: calls entered in the evening, and a number that was misheard."""

import pytest

from tests.desk import CARDS

NUMBER = "077-561-3811 内線12"


async def _opens(somebody, form, **answers):
    if await somebody.top_view() is None:
        await somebody.presses("details.open", where=CARDS)
    await somebody.presses(form, where="view")
    return await somebody.fills_and_sends(**answers)


async def test_three_tries_entered_in_the_evening_are_three(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()
    desk.clock.advance(hours=9)

    for at in ("10:30", "13:00", "16:30"):
        await _opens(desk.sato, "call.open", outcome="no_answer", called_on="2026-11-24", called_at=at)

    row = await desk.row(number)
    assert (row.failed_calls, row.needs_decision) == (3, True)
    details = await desk.sato.reads("view")
    for said in ("10時30分　応答なし", "13時　応答なし", "16時30分　応答なし"):
        assert said in details


async def test_without_their_times_they_are_one(sqlite_desk):
    """The control."""
    desk = sqlite_desk
    number = await desk.given_claimed()

    for _ in range(3):
        await _opens(desk.sato, "call.open", outcome="no_answer")

    assert (await desk.row(number)).failed_calls == 1


@pytest.mark.parametrize(
    ("when", "field", "words"),
    [
        ({"called_on": "2026-11-24", "called_at": "10:01"}, "called_at", "まだ来ていない日時"),
        ({"called_on": "2025-11-01", "called_at": "10:00"}, "called_on", ""),
        ({"called_on": "2026-11-24"}, "called_at", ""),
        ({"called_at": "09:00"}, "called_on", ""),
    ],
)
async def test_a_call_lies_behind_and_has_day_and_time(sqlite_desk, when, field, words):
    desk = sqlite_desk
    await desk.given_claimed()

    answer = await _opens(desk.sato, "call.open", outcome="no_answer", **when)

    assert list(answer["errors"]) == [f"{field}~0"]
    assert words in answer["errors"][f"{field}~0"]
    assert await desk.how_many("call_attempts") == 0


@pytest.mark.parametrize("who", ["sato", "yamamoto"])
async def test_a_wrong_number_is_put_right_by_who_calls(desk, who):
    number = await desk.given_claimed()
    somebody = getattr(desk, who)

    await _opens(somebody, "contact.open", phone=NUMBER, callable="事務の方")

    details = await somebody.reads("view")
    assert "077-561-3811 内線12" in details
    assert "事務の方" in details
    assert "090-1234-5678" not in details
    assert "連絡先を直しました" in details
    assert (await desk.trail(number)).count("contact.corrected") == 1


async def test_who_may_be_asked_for_stays_where_only_the_number_was_wrong(sqlite_desk):
    desk = sqlite_desk
    await desk.given_claimed()
    await _opens(desk.sato, "contact.open", phone=NUMBER, callable="事務の方")

    await _opens(desk.sato, "contact.open", phone="080-1111-2222")
    await _opens(desk.sato, "contact.open", phone="080-1111-2222")

    details = await desk.sato.reads("view")
    assert "080-1111-2222" in details
    assert "事務の方" in details
    assert (await desk.trail("R8-0001")).count("contact.corrected") == 2


@pytest.mark.parametrize("phone", ["12", "1234-5678-9012", "電話"])
async def test_what_cannot_be_called_is_said_on_the_number(sqlite_desk, phone):
    desk = sqlite_desk
    await desk.given_claimed()

    answer = await _opens(desk.sato, "contact.open", phone=phone)

    assert list(answer["errors"]) == ["phone~0"]
    assert "contact.corrected" not in await desk.trail("R8-0001")


@pytest.mark.parametrize("who", ["U_SUZUKI", "U_TANAKA", "U_TAKAGI"])
async def test_nobody_else_puts_it_right(sqlite_desk, who):
    desk = sqlite_desk
    it = await desk.id_of(await desk.given_claimed())
    kept = await desk.kept()

    await desk.person(who).sends_anyway(
        "contact.submit", {"c": it}, phone={"type": "plain_text_input", "value": "080-1111-2222"}
    )

    assert await desk.kept() == kept
    assert "access.refused" in await desk.trail()


async def test_a_number_told_later_keeps_its_extension(sqlite_desk):
    desk = sqlite_desk
    await desk.given_claimed()
    await desk.takagi.presses("own.open")
    await desk.takagi.presses("tell.open", where="view")
    await desk.takagi.fills_and_sends(phone=NUMBER)

    await desk.sato.presses("details.open", where=CARDS)

    assert "077-561-3811 内線12" in await desk.sato.reads("view")
