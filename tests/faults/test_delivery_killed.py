"""A sender killed in the middle, and 500 posts with 40 % faults: nothing is lost, nothing is said twice."""

import asyncio
import random
from collections import Counter

from slack_sdk.errors import SlackApiError

from bot.courier import Courier
from bot.domain.staff import THE_CLOCK
from bot.store.database import open_database
from tests.databases import MASTER_KEY
from tests.faults.sender import Post

# Killed in the middle.


async def test_a_sender_killed_after_slack_accepted_leaves_doubt_and_the_doubt_is_looked_up(
    post, slack, clock
):
    slack.answer_slowly = asyncio.Event()  # accepted, and then the process is gone
    await post.promise("k1")
    killed = asyncio.create_task(post.delivery.deliver_waiting())
    async with asyncio.timeout(5):
        while not slack.messages:
            await asyncio.sleep(0.005)
    for task in list(post.delivery._under_way):
        task.cancel()
    await asyncio.wait([killed])
    assert await post.states() == {"k1": "sending"}
    slack.answer_slowly = None

    post.delivery = post.anew()  # the next process
    if not post.db.alone:  # the first might still be alive: nobody touches its lease before its time
        await post.delivery.deliver_waiting()
        assert await post.states() == {"k1": "sending"}
        clock.advance(minutes=3)
    await post.delivery.deliver_waiting()
    assert await post.states() == {"k1": "sent looked_up"}
    assert slack.texts == ["said k1"]


async def test_a_sender_killed_before_slack_heard_is_made_good(post, slack, clock):
    async with post.db.transaction(THE_CLOCK) as tx:
        await tx.outbox.add("said", to="C1", key="k1", n="k1")
    async with post.db.transaction(THE_CLOCK) as tx:
        (row,) = await tx.outbox.lease(limit=9, seconds=60)
    clock.advance(minutes=3)
    await post.delivery.deliver_waiting()
    assert slack.texts == ["said k1"]
    async with post.db.transaction(THE_CLOCK) as tx:  # the one thought dead wakes up and is not believed
        assert not await tx.outbox.dead(row, "late")
    assert await post.states() == {"k1": "sent"}


async def test_a_doubt_is_looked_up_through_many_pages(post, slack):
    slack.fault = lambda method, n: "drop_after" if n == 1 else None
    await post.promise("k1")
    await post.delivery.deliver_waiting()
    slack.messages += [{"channel": "C1", "text": "talk", "ts": f"179548{n}.1"} for n in range(3000, 3500)]
    await post.until_finished()
    assert (slack.texts.count("said k1"), slack.called("conversations.history")) == (1, 3)


async def test_it_runs_is_woken_by_a_commit_and_stops_after_what_is_under_way(post, slack):
    running = asyncio.create_task(post.delivery.run())
    await asyncio.sleep(0.02)
    slack.answer_slowly = asyncio.Event()
    await post.promise("k1")
    async with asyncio.timeout(0.9):  # sooner than the next look
        while not slack.messages:
            await asyncio.sleep(0.005)
    stopping = asyncio.create_task(post.delivery.stop())
    async with asyncio.timeout(5):
        await running  # it takes nothing any more
        await post.promise("k2")
        slack.answer_slowly.set()
        await stopping
    assert await post.states() == {"k1": "sent", "k2": "pending"}


# 500 posts, 40 % faults.
FAULTS = ("drop_before", "drop_after", "500_before", "500_after", "429")


def four_in_ten(seed: int):
    dice = random.Random(seed)
    return lambda method, n: dice.choice(FAULTS) if dice.random() < 0.4 else None


async def test_five_hundred_faulty_posts_none_lost_none_extra(post, slack):
    keys = [f"k{number}" for number in range(500)]
    slack.fault = four_in_ten(2)
    for start in range(0, 500, 50):
        await post.promise(*keys[start : start + 50], subject=f"c{start // 50 % 7}")
    await post.until_finished()
    assert Counter(slack.texts) == {f"said {key}": 1 for key in keys}
    assert post.told == []
    for subject in range(7):  # and in order
        mine = [k for k in keys if int(k[1:]) // 50 % 7 == subject]
        said = [text.removeprefix("said ") for text in slack.texts]
        assert [key for key in said if key in set(mine)] == mine


async def test_control_blind_repetition_says_things_twice(client, slack):
    slack.fault = four_in_ten(2)
    for number in range(500):
        for _ in range(50):
            try:
                await client.chat_postMessage(channel="C1", text=f"said k{number}")
            except (TimeoutError, SlackApiError, OSError):
                continue
            except Exception as error:
                assert "Disconnected" in type(error).__name__, error
                continue
            break
    assert len(slack.texts) > 550


async def test_control_without_the_look_up_things_are_said_twice(post, slack, monkeypatch):
    async def blind(_self, _a_try):
        return None

    monkeypatch.setattr(Courier, "_look_up", blind)
    slack.fault = four_in_ten(2)
    await post.promise(*(f"k{number}" for number in range(100)))
    await post.until_finished()
    assert len(slack.texts) > 110


async def test_two_processes_share_the_work_and_nothing_is_said_twice(postgresql, client, slack, clock):
    url = postgresql.a_database()
    async with (
        open_database(url, master_key=MASTER_KEY, clock=clock) as one,
        open_database(url, master_key=MASTER_KEY, clock=clock) as two,
    ):
        first, second = Post(one, client, clock), Post(two, client, clock)
        await first.promise(*(f"k{number}" for number in range(200)))
        await asyncio.gather(first.until_finished(), second.until_finished())
        assert Counter(slack.texts) == {f"said k{number}": 1 for number in range(200)}
    postgresql.drop(url)
