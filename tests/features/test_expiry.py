"""What is kept too long is destroyed: keys, words and whoever it was; codes, counts and the record stay."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.refusals import NotAllowed, NotFound
from bot.domain.retention import Destroyed, Kind
from bot.domain.staff import THE_CLOCK
from bot.usecases import closing, expiry, reading
from tests.desk import COORDINATORS

FIVE_YEARS_ON = datetime(2032, 4, 1, 1, tzinfo=UTC)  # the fiscal year 2026 and five more are over
WORDS = "ゆうべも眠れないと話していた。"


async def until_swept(desk, at: datetime) -> None:
    """The desk runs on until then; its clock is believed after a day, and because somebody says so."""
    desk.clock.now = at - timedelta(days=1)
    await desk.ask_the_clock()
    await expiry.clock_is_right(desk.bot.desk, await desk.actor("U_YAMAMOTO"))
    desk.clock.now = at
    await desk.ask_the_clock()


async def given_closed(desk, **answers) -> str:
    number = await desk.given_closed(story=WORDS, **answers)
    return await desk.id_of(number)


async def left_of(desk, consultation: str) -> dict[str, int]:
    tables = ("contacts", "words", "drafts", "record_links", "case_names")
    found = {}
    for table in tables:
        rows = await desk.rows(f"SELECT COUNT(*) AS n FROM {table} WHERE consultation = :c", c=consultation)
        found[table] = rows[0]["n"]
    keys = await desk.rows("SELECT COUNT(*) AS n FROM data_keys WHERE owner = :c", c=consultation)
    return {**found, "data_keys": keys[0]["n"]}


async def test_five_years_after_the_fiscal_year_nothing_of_the_words_is_left(desk):
    consultation = await given_closed(desk)
    before = await left_of(desk, consultation)

    await until_swept(desk, FIVE_YEARS_ON)

    assert before["data_keys"] == before["contacts"] == 1
    assert before["words"]
    assert set((await left_of(desk, consultation)).values()) == {0}
    [row] = await desk.rows("SELECT * FROM consultations WHERE id = :c", c=consultation)
    assert [row[name] for name in ("supporter", "counselor", "entered_by", "handover_to")] == [None] * 4
    assert (row["status"], row["concerns"], row["closing_reason"]) == ("closed", '["approach"]', "resolved")
    assert "retention.destroyed" in [
        each["event"]
        for each in await desk.rows("SELECT event FROM audit WHERE subject = :c", c=consultation)
    ]


async def test_the_day_before_everything_is_there(desk):
    consultation = await given_closed(desk)

    await until_swept(desk, FIVE_YEARS_ON - timedelta(days=1))

    assert (await left_of(desk, consultation))["data_keys"] == 1
    assert await desk.how_many("destructions") == 0


async def test_what_is_open_or_paused_never_expires(desk):
    heard = await desk.id_of(await desk.given_heard())
    paused = await desk.id_of(await desk.given_heard())
    await closing.suspend(desk.bot.desk, await desk.actor("U_SATO"), paused)

    await until_swept(desk, FIVE_YEARS_ON + timedelta(days=20 * 365))

    for each in (heard, paused):
        assert (await left_of(desk, each))["data_keys"] == 1


async def test_withdrawn_ones_have_a_rule_of_their_own(desk):
    consultation = await desk.id_of(await desk.given_waiting())
    await closing.withdraw(desk.bot.desk, await desk.actor("U_TAKAGI"), consultation)

    await until_swept(desk, datetime(2028, 4, 1, 1, tzinfo=UTC))

    assert (await left_of(desk, consultation))["data_keys"] == 0
    [row] = await desk.rows("SELECT kind, rule FROM destructions")
    assert dict(row) == {"kind": "withdrawn", "rule": "years:1"}


async def test_one_that_was_opened_again_counts_from_its_new_end(desk):
    consultation = await given_closed(desk)
    desk.clock.now = FIVE_YEARS_ON - timedelta(days=10)
    await closing.reopen(desk.bot.desk, await desk.actor("U_TAKAGI"), consultation)

    await until_swept(desk, FIVE_YEARS_ON + timedelta(days=30))

    assert (await left_of(desk, consultation))["data_keys"] == 1


async def test_what_was_merged_goes_with_what_it_was_merged_into(desk):
    into = await given_closed(desk)
    number = await desk.given_waiting(story=WORDS)
    merged = await desk.id_of(number)
    yamamoto = await desk.actor("U_YAMAMOTO")
    await closing.reopen(desk.bot.desk, yamamoto, into)
    await closing.merge(
        desk.bot.desk,
        yamamoto,
        merged,
        (await desk.rows("SELECT number FROM consultations WHERE id = :c", c=into))[0]["number"],
    )

    await until_swept(desk, FIVE_YEARS_ON + timedelta(days=400))
    still = await left_of(desk, merged)
    desk.clock.now = FIVE_YEARS_ON + timedelta(days=401)
    ending = closing.Closing(("advice_closed",), "advice_closed", "resolved")
    await closing.close(desk.bot.desk, yamamoto, into, ending)
    await until_swept(desk, datetime(2039, 4, 1, 1, tzinfo=UTC))

    assert still["data_keys"] == 1
    for each in (into, merged):
        assert (await left_of(desk, each))["data_keys"] == 0


async def test_a_clock_that_leapt_is_not_believed_for_most_of_a_day(desk):
    consultation = await given_closed(desk)
    await desk.ask_the_clock()

    desk.clock.now = FIVE_YEARS_ON
    await desk.ask_the_clock()
    await expiry.clock_is_right(desk.bot.desk, await desk.actor("U_YAMAMOTO"))
    desk.clock.advance(hours=12)
    await desk.ask_the_clock()
    unbelieved = await left_of(desk, consultation)
    desk.clock.advance(hours=12)
    await desk.ask_the_clock()

    assert unbelieved["data_keys"] == 1
    assert (await left_of(desk, consultation))["data_keys"] == 0


async def test_asked_twice_it_is_destroyed_once(desk):
    await given_closed(desk)
    await until_swept(desk, FIVE_YEARS_ON)
    rows = await desk.rows("SELECT * FROM destructions")

    again = await expiry.sweep(desk.bot.desk, at_once=True)

    assert not again
    assert await desk.rows("SELECT * FROM destructions") == rows
    async with desk.db.reading() as ask:
        assert await ask.destructions.verify() is None


async def test_nothing_happens_any_more_to_what_was_destroyed(desk):
    consultation = await given_closed(desk)
    await until_swept(desk, FIVE_YEARS_ON)
    sato, yamamoto = await desk.actor("U_SATO"), await desk.actor("U_YAMAMOTO")

    for act in (
        closing.reopen(desk.bot.desk, yamamoto, consultation),
        reading.details(desk.bot.desk, yamamoto, consultation),
        expiry.hold(desk.bot.desk, sato, consultation, "audit"),
    ):
        with pytest.raises(Destroyed):
            await act
    with pytest.raises(NotFound):  # not even by somebody who writes past the use cases
        async with desk.db.transaction(THE_CLOCK) as tx:
            await tx.keys.seal(consultation, "words", "text", "w", "x")


async def test_whoever_presses_on_a_destroyed_one_is_told_so(sqlite_desk):
    desk = sqlite_desk
    consultation = await given_closed(desk)
    await until_swept(desk, FIVE_YEARS_ON)

    await desk.yamamoto.presses_anyway("details.open", consultation)

    assert "保存の期間が過ぎ、令和14年4月1日に内容を廃棄しました" in await desk.yamamoto.refused()


async def test_what_was_said_to_the_supporter_is_forgotten_and_the_card_stays(desk):
    consultation = await given_closed(desk)
    await until_swept(desk, FIVE_YEARS_ON)

    rows = await desk.rows("SELECT op, template, channel, facts, subject FROM outbox")

    about = [row for row in rows if consultation in (row["subject"] + row["facts"])]
    assert [(row["op"], row["template"]) for row in about] == [("card", "card")]
    assert not [row for row in rows if row["template"] == "follow_up"]


# Holding back


async def test_what_is_held_back_stays_until_it_is_not_held_back_any_more(desk):
    consultation = await given_closed(desk)
    yamamoto = await desk.actor("U_YAMAMOTO")
    await expiry.hold(desk.bot.desk, yamamoto, consultation, "dispute")
    await expiry.hold(desk.bot.desk, yamamoto, consultation, "audit")  # pressed twice: the first stands

    await until_swept(desk, FIVE_YEARS_ON)
    held = await left_of(desk, consultation)
    await expiry.lift(desk.bot.desk, yamamoto, consultation)
    await until_swept(desk, FIVE_YEARS_ON + timedelta(days=1))

    assert held["data_keys"] == 1
    assert (await left_of(desk, consultation))["data_keys"] == 0
    events = await desk.rows("SELECT event, detail FROM audit WHERE subject = :c ORDER BY id", c=consultation)
    told = [row for row in events if row["event"].startswith("hold.")]
    assert [row["event"] for row in told] == ["hold.set", "hold.lifted"]
    assert json.loads(told[0]["detail"]) == {"reason": "dispute"}


async def test_a_hold_on_a_merged_one_holds_back_both(desk):
    into_number, merged = await desk.given_heard(), await desk.id_of(await desk.given_waiting())
    into = await desk.id_of(into_number)
    yamamoto = await desk.actor("U_YAMAMOTO")
    await closing.merge(desk.bot.desk, yamamoto, merged, into_number)
    ending = closing.Closing(("advice_closed",), "advice_closed", "resolved")
    await closing.close(desk.bot.desk, yamamoto, into, ending)
    await expiry.hold(desk.bot.desk, yamamoto, merged, "abuse")

    await until_swept(desk, FIVE_YEARS_ON)
    both = [(await left_of(desk, each))["data_keys"] for each in (into, merged)]
    await expiry.lift(desk.bot.desk, yamamoto, merged)
    await until_swept(desk, FIVE_YEARS_ON + timedelta(days=1))

    assert both == [1, 1]
    assert [(await left_of(desk, each))["data_keys"] for each in (into, merged)] == [0, 0]


async def test_only_coordinators_privacy_officers_and_admins_hold_back(desk):
    consultation = await given_closed(desk)

    for person in ("U_SATO", "U_TAKAGI", "U_TANAKA"):
        with pytest.raises(NotAllowed):
            await expiry.hold(desk.bot.desk, await desk.actor(person), consultation, "audit")
    await expiry.hold(desk.bot.desk, await desk.actor("U_ADMIN"), consultation, "audit")

    assert await desk.how_many("holds") == 1


async def test_a_coordinator_holds_back_and_lifts_in_the_details(sqlite_desk):
    desk = sqlite_desk
    consultation = await given_closed(desk)
    await desk.yamamoto.presses_anyway("details.open", consultation)

    await desk.yamamoto.presses("hold.open", consultation, where="view")
    await desk.yamamoto.fills_and_sends(reason="dispute")
    shown = str(await desk.yamamoto.top_view())

    assert "保存の期間が過ぎても廃棄しません" in shown
    assert "訴訟や調停にかかわるため" in shown
    assert "廃棄の対象に戻しますか" in shown
    assert "止めたままにする" in shown
    await desk.yamamoto.presses("hold.lift", consultation, where="view")
    assert "保存の期間が過ぎても廃棄しません" not in str(await desk.yamamoto.top_view())


# Who hears of it


async def test_the_coordinators_hear_of_it_and_print_the_certificate(sqlite_desk):
    desk = sqlite_desk
    await given_closed(desk)
    await until_swept(desk, FIVE_YEARS_ON)

    said = await desk.yamamoto.reads(COORDINATORS)
    assert "相談の文と連絡先　1件" in said
    await desk.yamamoto.presses("destruction.paper", "2032-04-01", where=COORDINATORS)

    files = await desk.rows("SELECT * FROM outbox WHERE template = 'paper_destruction'")
    assert [(row["state"], row["channel"]) for row in files] == [("sent", "U_YAMAMOTO")]


async def test_thirty_days_before_the_coordinators_hear_of_those_without_a_record(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_closed()
    desk.clock.now = FIVE_YEARS_ON - timedelta(days=32)
    await desk.ask_the_clock()
    early = await desk.yamamoto.reads(COORDINATORS)

    await desk.passes(days=4)
    await desk.passes(hours=12)

    assert "まもなく" not in early
    assert "記録がまだのものが 1件" in await desk.yamamoto.reads(COORDINATORS)
    assert number in await desk.yamamoto.reads(COORDINATORS)
    assert "まもなく廃棄するもの" in str(await desk.yamamoto.open_home())


async def test_what_would_go_can_be_looked_at_first(desk):
    await given_closed(desk)
    held = await given_closed(desk)
    await expiry.hold(desk.bot.desk, await desk.actor("U_YAMAMOTO"), held, "audit")
    desk.clock.now = FIVE_YEARS_ON

    told = {each.kind: each for each in await expiry.preview(desk.bot.desk)}

    assert (told[Kind.CONSULTATION].due, told[Kind.CONSULTATION].held) == (1, 1)
    assert told[Kind.CONSULTATION].oldest.date() == date(2026, 11, 24)
    assert await desk.how_many("destructions") == 0
