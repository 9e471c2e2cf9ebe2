"""Cards and homes are edited and not said again; whispers and files are heard once."""

import asyncio
from collections import Counter

from tests.faults.sender import MIKA

# The card.


async def test_a_card_is_posted_once_and_edited_ever_after(post, slack):
    for number in range(3):
        async with post.db.transaction(MIKA) as tx:
            await tx.timers.set("c1", f"k{number}", tx.now)
            await tx.outbox.card("triage", to="C1", subject="c1")
        await post.delivery.deliver_waiting()
    assert [(each["text"], each["edits"]) for each in slack.messages] == [("card c1 3", 2)]
    async with post.db.reading() as reading:
        row = await reading.outbox.at("C1", slack.messages[0]["ts"])
    assert row.subject == "c1"


async def test_many_wishes_are_one_edit(post, slack):
    await post.card()
    await post.delivery.deliver_waiting()
    for _ in range(20):
        await post.card()
    await post.delivery.deliver_waiting()
    assert (slack.called("chat.postMessage"), slack.called("chat.update")) == (1, 1)


async def test_a_wish_that_comes_while_the_card_is_on_its_way_is_drawn_too(post, slack):
    slack.answer_slowly = asyncio.Event()
    await post.card()
    under_way = asyncio.create_task(post.delivery.deliver_waiting())
    async with asyncio.timeout(5):
        while not slack.messages:
            await asyncio.sleep(0.005)
    async with post.db.transaction(MIKA) as tx:
        await tx.timers.set("c1", "k", tx.now)
        await tx.outbox.card("triage", to="C1", subject="c1")
    slack.answer_slowly.set()
    await under_way
    await post.delivery.deliver_waiting()
    assert slack.texts == ["card c1 1"]


async def test_a_card_somebody_deleted_is_posted_anew(post, slack):
    await post.card()
    await post.delivery.deliver_waiting()
    slack.messages.clear()
    await post.card()
    await post.delivery.deliver_waiting()
    assert slack.texts == ["card c1 0"]
    await post.card()
    await post.delivery.deliver_waiting()
    assert [each["edits"] for each in slack.messages] == [1]


async def test_a_card_whose_first_answer_got_lost_is_found_and_edited(post, slack):
    slack.fault = lambda method, n: "drop_after" if n == 1 else None
    await post.card()
    await post.until_finished()
    assert [each["edits"] for each in slack.messages] == [1]


async def test_homes_are_published_anew_and_coalesce(post, slack):
    for _ in range(5):
        async with post.db.transaction(MIKA) as tx:
            await tx.outbox.home("U1")
            await tx.outbox.home("U2")
    slack.fault = lambda method, n: "500_after" if n == 1 else None
    await post.until_finished()
    assert sorted(user for user, _ in slack.homes) in (["U1", "U1", "U2"], ["U1", "U2", "U2"])


# Whispers and files.


async def test_a_whisper_is_heard_once_or_not_at_all(post, slack):
    faults = ["drop_after", "drop_before", "500_after", None]
    slack.fault = lambda method, n: faults[n - 1] if n <= 4 else None
    for number in range(4):
        await post.promise(f"k{number}", op="whisper", user="U1", subject="s")
    await post.until_finished()
    assert max(Counter(slack.texts).values()) == 1
    assert slack.called("chat.postEphemeral") == 4


async def test_a_rate_limited_whisper_is_heard_later(post, slack):
    slack.fault = lambda method, n: "429" if n == 1 else None
    await post.promise("k", op="whisper", user="U1")
    await post.until_finished()
    assert slack.texts == ["said k"]


async def test_a_file_is_shared_once_whichever_answer_is_lost(post, slack):
    for lost in ("files.getUploadURLExternal", "upload", "files.completeUploadExternal"):
        for how in ("drop_before", "drop_after", "500_before", "500_after"):
            slack.files.clear()
            pending = [how]

            def fault(method, _n, lost=lost, pending=pending):
                return pending.pop() if method == lost and pending else None

            slack.fault = fault
            await post.promise(f"{lost}:{how}", op="upload")
            await post.until_finished()
            assert not pending
            assert [f["channels"] for f in slack.files.values() if f["channels"]] == [["C1"]], (lost, how)
