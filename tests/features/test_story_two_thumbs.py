"""Story 5: two counselors press within 20 ms, one of them on a phone with a stale card."""

import asyncio

from tests.desk import CARDS


async def _card_of(desk, number):
    """The card as a phone shows it now, to be pressed when it is stale."""
    messages = await desk.suzuki.messages(CARDS)
    return next(each for each in messages if number in each["text"])


async def test_of_two_thumbs_one_has_it_and_the_other_is_told_kindly_who(desk):
    number = await desk.given_waiting()
    it = await desk.id_of(number)
    stale = await _card_of(desk, number)

    first, second = await asyncio.gather(
        desk.sato.press("callback.claim", channel=CARDS),
        desk.suzuki.presses_anyway("callback.claim", it, where=CARDS, message=stale),
    )

    assert first["acked"] and second["acked"]
    holder = (await desk.row(number)).counselor
    assert holder in {"U_SATO", "U_SUZUKI"}
    other = desk.suzuki if holder == "U_SATO" else desk.sato
    winner = desk.person(holder)
    [told] = await other.whispers()
    assert told.endswith(f"前に、<@{holder}>さんが担当になりました。ありがとうございます。")
    assert await winner.whispers() == []
    [card] = await desk.cards()
    assert f"<@{holder}>さんが担当です" in card
    assert (await desk.trail(number)).count("claim.taken") == 1
    supporter_hears = await desk.takagi.reads()
    assert supporter_hears.count("さんが担当します") == 1


async def test_the_phone_loses_its_network_and_presses_again(desk):
    number = await desk.given_waiting()
    it = await desk.id_of(number)
    stale = await _card_of(desk, number)
    await desk.sato.presses("callback.claim", where=CARDS)
    before = await desk.kept()

    for _ in range(3):
        await desk.sato.presses_anyway("callback.claim", it, where=CARDS, message=stale)

    assert await desk.kept() == before
    assert await desk.sato.whispers() == []
    assert len(await desk.cards()) == 1
    assert (await desk.trail(number)).count("claim.taken") == 1


async def test_every_press_arriving_twice_is_one_press(desk):
    number = await desk.given_waiting()
    desk.workspace.faults.add(what="duplicate")

    await desk.sato.presses("callback.claim", where=CARDS)
    await asyncio.sleep(0.1)

    assert (await desk.trail(number)).count("claim.taken") == 1
    assert await desk.sato.whispers() == []
    assert len(await desk.cards()) == 1


async def test_minutes_later_the_second_is_told_since_when(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_waiting()
    stale = await _card_of(desk, number)
    await desk.sato.presses("callback.claim", where=CARDS)

    desk.clock.advance(minutes=2)
    await desk.suzuki.presses_anyway("callback.claim", await desk.id_of(number), where=CARDS, message=stale)

    assert await desk.suzuki.whispers() == [
        "2分前に、<@U_SATO>さんが担当になりました。ありがとうございます。"
    ]


async def test_twelve_thumbs_on_one_card_leave_one_holder(desk):
    number = await desk.given_waiting()
    it = await desk.id_of(number)
    stale = await _card_of(desk, number)

    people = [desk.sato, desk.suzuki, desk.mori, desk.yamamoto] * 3
    await asyncio.gather(
        *(each.presses_anyway("callback.claim", it, where=CARDS, message=stale) for each in people)
    )

    row = await desk.row(number)
    assert row.counselor is not None
    assert (await desk.trail(number)).count("claim.taken") == 1
    losers = {"U_SATO", "U_SUZUKI", "U_MORI", "U_YAMAMOTO"} - {row.counselor}
    for loser in losers:
        said = await desk.person(loser).whispers()
        assert len(said) == 3
        assert all(f"<@{row.counselor}>さんが担当になりました" in each for each in said)


async def test_two_cards_are_two_claims(desk):
    """The control: it is the row that is taken once, not the day."""
    one, other = await desk.given_waiting(), await desk.given_waiting("U_KITAMURA")

    await asyncio.gather(
        desk.sato.presses_anyway("callback.claim", await desk.id_of(one), where=CARDS),
        desk.suzuki.presses_anyway("callback.claim", await desk.id_of(other), where=CARDS),
    )

    assert (await desk.row(one)).counselor == "U_SATO"
    assert (await desk.row(other)).counselor == "U_SUZUKI"


async def test_a_card_of_what_has_ended_says_where_it_is(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_waiting()
    stale = await _card_of(desk, number)
    await desk.takagi.open_home()
    await desk.takagi.presses("own.open", where="home")
    await desk.takagi.presses("consultation.withdraw", where="view")

    await desk.sato.presses_anyway("callback.claim", await desk.id_of(number), where=CARDS, message=stale)

    assert await desk.sato.whispers() == [
        "この相談は、いま「取下げ」になっています。ホームで新しいようすをご覧ください。"
    ]
