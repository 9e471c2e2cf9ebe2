"""A clock that leapt, a note that cannot be read, a job that stopped: nothing goes too early, and nobody is left unaware."""

import dataclasses
import json
from datetime import UTC, datetime, timedelta

import pytest

import schedules
from bot.domain.refusals import NotYourRole
from bot.domain.retention import Kind
from bot.domain.staff import THE_CLOCK
from bot.store import destroyed_log
from bot.usecases import closing, expiry, following, records
from schedules import Asked
from tests.desk import COORDINATORS
from tests.features.test_expiry import FIVE_YEARS_ON, WORDS, given_closed, left_of, until_swept
from tests.features.test_story_five_years_later import LIKE

ENDING = closing.Closing(("advice_closed",), "advice_closed", "resolved")


async def leapt_a_year(desk) -> None:
    """Eight days before it is due by a clock that is a year behind, the clock goes ahead by that year and stays there."""
    desk.clock.now = FIVE_YEARS_ON - timedelta(days=366)
    await desk.ask_the_clock()
    await expiry.clock_is_right(desk.bot.desk, await desk.actor("U_YAMAMOTO"))
    desk.clock.advance(days=1)
    await desk.ask_the_clock()
    await desk.ask_the_clock()
    desk.clock.advance(days=366)
    for _ in range(4):
        await desk.ask_the_clock()
        desk.clock.advance(hours=20)


async def test_a_leap_of_a_year_that_lasts_is_not_believed_without_a_persons_word(desk):
    consultation = await given_closed(desk)
    await leapt_a_year(desk)
    before = await left_of(desk, consultation)

    with pytest.raises(NotYourRole):
        await expiry.clock_is_right(desk.bot.desk, await desk.actor("U_SATO"))
    await expiry.clock_is_right(desk.bot.desk, await desk.actor("U_YAMAMOTO"))
    await desk.ask_the_clock()

    assert before["data_keys"] == 1
    assert (await left_of(desk, consultation))["data_keys"] == 0  # the control: with the word it goes
    assert await desk.rows("SELECT id FROM audit WHERE event = 'clock.confirmed'")


async def test_the_coordinators_hear_of_a_leap_and_say_that_the_date_is_right(sqlite_desk):
    desk = sqlite_desk
    consultation = await given_closed(desk)
    await leapt_a_year(desk)

    said = await desk.yamamoto.reads(COORDINATORS)
    assert "令和13年4月2日(水) 10時から令和14年4月2日(金) 10時へ進みました" in said
    assert said.count("令和14年4月2日(金) 10時へ進みました") == 1  # asked four times, said once
    assert said.count("進みました") == 2  # and once when the desk was first asked after years
    [row] = await desk.rows(
        "SELECT facts FROM outbox WHERE template = 'clock_leapt' ORDER BY id DESC LIMIT 1"
    )
    at = f"{datetime.fromisoformat(json.loads(row['facts'])['until']):%Y-%m-%dT%H:%M:%SZ}"
    await desk.yamamoto.presses("clock.right", at, where=COORDINATORS)
    await desk.ask_the_clock()

    assert (await left_of(desk, consultation))["data_keys"] == 0


async def test_a_clock_that_is_wrong_when_it_is_first_looked_at_is_not_believed_either(desk):
    consultation = await given_closed(desk)
    desk.clock.now = FIVE_YEARS_ON
    for _ in range(3):
        await expiry.sweep(desk.bot.desk)
        desk.clock.advance(days=1)
    before = await left_of(desk, consultation)
    await expiry.clock_is_right(desk.bot.desk, await desk.actor("U_YAMAMOTO"))  # the control
    await expiry.sweep(desk.bot.desk)

    assert before["data_keys"] == 1
    assert (await left_of(desk, consultation))["data_keys"] == 0
    assert await desk.rows("SELECT id FROM outbox WHERE template = 'clock_leapt'")


async def test_a_short_pause_is_nothing_to_speak_of(desk):
    await desk.ask_the_clock()
    desk.clock.advance(days=3)
    await desk.ask_the_clock()

    assert not await desk.rows("SELECT id FROM outbox WHERE template = 'clock_leapt'")


# The note beside the backups


@pytest.fixture
def noting(desk, tmp_path):
    """The desk, with a place for its backups."""
    folder = tmp_path / "backups"
    folder.mkdir()
    return dataclasses.replace(desk.bot.desk, backups=folder)


async def test_where_the_note_cannot_be_read_what_is_due_goes_all_the_same_and_somebody_hears(desk, noting):
    consultation = await given_closed(desk)
    (noting.backups / destroyed_log.NAME).mkdir()
    desk.clock.now = FIVE_YEARS_ON
    await expiry.sweep(noting)
    await expiry.clock_is_right(noting, await desk.actor("U_YAMAMOTO"))
    desk.clock.advance(days=1)

    assert (await expiry.sweep(noting))[Kind.CONSULTATION] == 1
    assert (await left_of(desk, consultation))["data_keys"] == 0
    [row] = await desk.rows("SELECT facts FROM outbox WHERE template = 'expiry_trouble'")
    assert json.loads(row["facts"])["why"] == "log"


async def noted(desk, noting, consultation: str) -> None:
    async with desk.db.reading() as ask:
        mark = await ask.destructions.mark(Kind.CONSULTATION, consultation)
    (noting.backups / destroyed_log.NAME).write_text(f"2026-11-24T00:00:00+00:00 {mark}\n")


async def test_what_is_held_or_open_is_not_destroyed_by_a_line_in_the_note(desk, noting):
    held, is_open, over = [await given_closed(desk) for _ in range(3)]
    yamamoto = await desk.actor("U_YAMAMOTO")
    await expiry.hold(noting, yamamoto, held, "abuse")
    await closing.reopen(noting, yamamoto, is_open)

    done = {}
    for each in (held, is_open, over):
        await noted(desk, noting, each)
        done[each] = (await expiry.sweep(noting)).total()

    assert done == {held: 0, is_open: 0, over: 1}  # the last is the control: the note is heeded
    assert [(await left_of(desk, each))["data_keys"] for each in (held, is_open, over)] == [1, 1, 0]
    [row] = await desk.rows("SELECT facts FROM outbox WHERE template = 'expiry_trouble'")
    assert json.loads(row["facts"]) == {"count": 1, "why": "left"}


async def test_nobody_without_the_keys_can_write_a_line_that_destroys(desk, noting):
    import hashlib

    consultation = await given_closed(desk)
    line = hashlib.sha256(f"yorisoi destroyed consultation {consultation}".encode()).hexdigest()
    (noting.backups / destroyed_log.NAME).write_text(f"2026-01-01 {line}\n2026-01-01 {line[:32]}\n")

    assert not await expiry.sweep(noting)
    assert (await left_of(desk, consultation))["data_keys"] == 1


# The job


async def test_a_daily_question_that_is_not_asked_for_days_is_missed(desk):
    asked = Asked(desk.bot.desk, None)
    async with desk.db.transaction(THE_CLOCK) as tx:
        await tx.timers.ticked("expiry")
    desk.clock.advance(days=1, hours=23)
    assert await schedules.silent(asked, daily=True) == []
    desk.clock.advance(hours=2)

    assert await schedules.silent(asked, daily=True) == ["expiry"]
    for _ in range(3):
        await schedules.watched(asked, True)

    [row] = await desk.rows("SELECT facts FROM outbox WHERE template = 'expiry_trouble'")
    assert json.loads(row["facts"])["why"] == "silent"


# What is held back, merged, counted


async def test_what_is_held_back_is_not_announced_as_about_to_go(sqlite_desk):
    desk = sqlite_desk
    number, other = await desk.given_closed(), await desk.given_closed()
    yamamoto = await desk.actor("U_YAMAMOTO")
    await expiry.hold(desk.bot.desk, yamamoto, await desk.id_of(number), "dispute")
    desk.clock.now = FIVE_YEARS_ON - timedelta(days=20)
    await desk.ask_the_clock()
    await desk.passes(hours=12)

    said = await desk.yamamoto.reads(COORDINATORS)
    assert number not in said
    assert other in said  # the control


async def merged_into(desk, into_number: str) -> str:
    merged = await desk.id_of(await desk.given_waiting(story=WORDS))
    await closing.merge(desk.bot.desk, await desk.actor("U_YAMAMOTO"), merged, into_number)
    return merged


async def test_what_was_merged_into_a_withdrawn_one_is_kept_as_long_as_any_other(desk):
    number, alone = await desk.given_waiting(), await desk.id_of(await desk.given_waiting())
    into, merged = await desk.id_of(number), await merged_into(desk, number)
    for each in (into, alone):
        await closing.withdraw(desk.bot.desk, await desk.actor("U_TAKAGI"), each)

    await until_swept(desk, datetime(2028, 4, 1, 1, tzinfo=UTC))
    after_a_year = [(await left_of(desk, each))["data_keys"] for each in (into, merged, alone)]
    await until_swept(desk, FIVE_YEARS_ON)

    assert after_a_year == [1, 1, 0]
    assert [(await left_of(desk, each))["data_keys"] for each in (into, merged)] == [0, 0]
    rules = await desk.rows("SELECT rule FROM destructions WHERE subject = :c", c=merged)
    assert [row["rule"] for row in rules] == ["years:5"]


async def test_looking_first_tells_as_many_as_are_destroyed(desk):
    number = await desk.given_heard()
    await merged_into(desk, number)
    await closing.close(desk.bot.desk, await desk.actor("U_YAMAMOTO"), await desk.id_of(number), ENDING)
    await given_closed(desk)
    desk.clock.now = FIVE_YEARS_ON

    told = {each.kind: each.due for each in await expiry.preview(desk.bot.desk)}
    done = await expiry.sweep(desk.bot.desk, at_once=True)

    assert told[Kind.CONSULTATION] == done[Kind.CONSULTATION] == 3


# What is left leads nowhere


async def test_an_answer_in_a_record_does_not_lead_back_to_the_consultation(desk):
    sato, number = await desk.actor("U_SATO"), await desk.given_heard(story=WORDS)
    consultation = await desk.id_of(number)
    await desk.passes(days=15)
    [asked] = await desk.rows("SELECT id FROM followups WHERE consultation = :c", c=consultation)
    await closing.close(desk.bot.desk, sato, consultation, ENDING)
    await records.confirm(desk.bot.desk, sato, consultation, {"situation": "訪問を断られる。"}, LIKE)
    await following.answer(
        desk.bot.desk, await desk.actor("U_TAKAGI"), consultation, asked["id"], answer="helped"
    )
    await until_swept(desk, FIVE_YEARS_ON)

    [echo] = await desk.rows("SELECT * FROM record_echoes")
    assert echo["answer"] == "helped"  # the control: it is still counted
    assert not await desk.rows(
        "SELECT 1 AS x FROM record_echoes AS e JOIN followups AS f ON f.id = e.question OR f.answered_at = e.at"
    )


async def test_a_ledger_whose_end_was_cut_off_is_seen(sqlite_desk):
    desk = sqlite_desk
    await given_closed(desk)
    await given_closed(desk)
    await until_swept(desk, FIVE_YEARS_ON)
    async with desk.db.reading() as ask:
        whole, head = await ask.destructions.verify(), await ask.destructions.head()
        another = await ask.destructions.verify((1, "0" * 64))
    async with desk.db.transaction(THE_CLOCK) as tx:
        await tx.connection.rows("DROP TRIGGER destructions_are_not_erased", {})
        await tx.connection.rows("DELETE FROM destructions WHERE number = 2", {})

    async with desk.db.reading() as ask:
        assert (whole, head[0], another, await ask.destructions.verify()) == (None, 2, 1, 2)
