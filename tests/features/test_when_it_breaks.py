"""When nothing can be stored, or something of ours breaks: a sentence, no half of anything, and nothing typed is lost."""

import pytest

from tests.desk import CARDS, FOUR

STORY = "訪問を断られています。"
FULL = "CREATE TRIGGER full BEFORE INSERT ON {table} BEGIN SELECT RAISE (ABORT, 'disk full'); END"


async def _stops_writing(desk, table):
    """From now on this table takes nothing, as if the disk were full."""
    async with desk.db.transaction(await desk.actor("U_ADMIN")) as tx:
        await tx.connection.rows(FULL.format(table=table), {})


async def _writes_again(desk):
    async with desk.db.transaction(await desk.actor("U_ADMIN")) as tx:
        await tx.connection.rows("DROP TRIGGER full", {})


@pytest.mark.parametrize("table", ["consultations", "contacts", "words", "audit", "outbox", "done_once"])
async def test_a_request_that_cannot_be_stored_is_no_half_request_and_is_sent_again(sqlite_desk, table):
    desk = sqlite_desk
    await _stops_writing(desk, table)
    await desk.takagi.command("/相談")
    answer = await desk.takagi.submit(**FOUR, story=STORY)

    assert answer["acked"]
    said = await desk.takagi.seen("view")
    assert "書いてくださった文は残っています" in said
    assert STORY in said
    assert "R8-" not in said
    for each in ("consultations", "contacts", "words"):
        assert await desk.how_many(each) == 0

    await _writes_again(desk)
    await desk.takagi.close()
    await desk.takagi.fills_and_sends()
    assert "R8-0001" in await desk.takagi.reads("view")
    assert await desk.how_many("consultations") == 1


async def test_a_claim_that_cannot_be_stored_is_nobodys(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_waiting()
    await _stops_writing(desk, "audit")

    await desk.sato.press("callback.claim", channel=CARDS)

    assert (await desk.row(number)).counselor is None
    [told] = [each["text"] for each in await desk.sato.messages(CARDS) if each.get("ephemeral")]
    assert "少しおいて" in told
    await _writes_again(desk)
    await desk.sato.presses("callback.claim", where=CARDS)
    assert (await desk.row(number)).counselor == "U_SATO"


async def test_a_message_that_cannot_be_stored_is_brought_again_by_slack(sqlite_desk):
    """Not acknowledged means: not accepted. Slack comes back with it."""
    desk = sqlite_desk
    await _stops_writing(desk, "inbox")
    desk.workspace.link.patience = 0.5
    answer = await desk.takagi.say("bot", STORY, wait=True)
    assert not answer["acked"]

    await _writes_again(desk)
    desk.workspace.link.patience = 3.0
    desk.clock.advance(minutes=1, seconds=5)
    await desk.takagi.sees("お声がけ、ありがとうございます", timeout=8)

    assert await desk.how_many("letters") == 1


async def test_what_breaks_is_told_with_a_number_that_stands_in_the_log_and_no_word_of_theirs(
    sqlite_desk, caplog
):
    desk = sqlite_desk
    await desk.takagi.command("/相談")
    organisation = desk.bot.desk.organisation
    object.__setattr__(desk.bot.desk, "organisation", None)  # something of ours is broken
    await desk.takagi.submit(**FOUR, story=STORY, name="湖北花子")
    object.__setattr__(desk.bot.desk, "organisation", organisation)

    said = await desk.takagi.seen("view")
    number = said.split("記録番号 ")[1][:4]
    assert number in caplog.text
    assert STORY in said
    for secret in (STORY, "湖北", "090-1234"):
        assert secret not in caplog.text
    await desk.takagi.close()
    await desk.takagi.fills_and_sends()
    assert await desk.how_many("consultations") == 1


async def test_all_well_nothing_of_the_kind_is_said(sqlite_desk):
    """The control of this file."""
    desk = sqlite_desk
    await desk.takagi.asks(story=STORY)

    assert "残っています" not in desk.told()
