"""What is promised is said once and in order, and trouble is told to somebody and stops nobody else."""

from datetime import timedelta

import pytest

from bot.domain.refusals import NotFound
from tests.faults.sender import MIKA, compose

# What is promised, is said.


async def test_said_once_after_the_commit_and_never_before(post, slack):
    with pytest.raises(ZeroDivisionError):
        async with post.db.transaction(MIKA) as tx:
            await tx.outbox.add("said", to="C1", key="never")
            raise ZeroDivisionError
    await post.promise("k1")
    await post.promise("k1")
    await post.delivery.deliver_waiting()
    await post.delivery.deliver_waiting()
    assert slack.texts == ["said k1"]
    assert slack.messages[0]["metadata"]["event_type"] == "yorisoi_outbox"
    assert await post.states() == {"k1": "sent"}


async def test_a_person_is_written_to_directly(post, slack):
    await post.promise("k1", "k2", to="U_TAKAGI")
    await post.delivery.deliver_waiting()
    assert [each["channel"] for each in slack.messages] == ["DU_TAKAGI", "DU_TAKAGI"]


async def test_one_subjects_messages_keep_their_order_others_pass(post, slack):
    failing = {"said a1"}
    slack.fault = lambda method, _: (
        "500_before" if failing and slack.calls[-1][1].get("text") in failing else None
    )
    await post.promise("a1", "a2", "a3", subject="a")
    await post.promise("b1", subject="b")
    await post.delivery.deliver_waiting()
    assert slack.texts == ["said b1"]
    failing.clear()
    await post.until_finished()
    assert slack.texts == ["said b1", "said a1", "said a2", "said a3"]


async def test_not_before_its_time_and_it_blocks_nobody_until_then(post, slack, clock):
    await post.promise("later", subject="a", not_before=clock.now + timedelta(hours=2))
    await post.promise("now", subject="a")
    await post.delivery.deliver_waiting()
    assert slack.texts == ["said now"]
    clock.advance(hours=2)
    await post.delivery.deliver_waiting()
    assert slack.texts == ["said now", "said later"]


async def test_nothing_to_say_any_more_is_not_said(post, slack):
    async def nothing(_reading, _row):
        return None

    post.compose = nothing
    post.delivery = post.anew()
    await post.promise("k1")
    await post.delivery.deliver_waiting()
    assert (slack.messages, await post.states()) == ([], {"k1": "sent nothing_to_say"})


async def test_a_forbidden_channel_hears_nothing_and_somebody_is_told(post, slack):
    await post.promise("k1", to="C_FORBIDDEN")
    await post.delivery.deliver_waiting()
    assert (slack.calls, post.told) == ([], [("k1", "not_allowed")])


# Trouble.


async def test_a_pause_is_kept_for_the_whole_channel(post, slack, clock):
    slack.fault = lambda method, n: "429" if n == 1 else None
    delivery = post.delivery = post.anew(together=1)
    await post.promise("k1", "k2")
    await delivery.deliver_waiting()
    clock.advance(seconds=6)
    await delivery.deliver_waiting()
    assert slack.called("chat.postMessage") == 1
    clock.advance(seconds=2)
    await delivery.deliver_waiting()
    assert sorted(slack.texts) == ["said k1", "said k2"]


async def test_a_definite_no_is_final_and_told_once(post, slack, clock):
    slack.fault = lambda method, n: "error:channel_not_found"
    await post.promise("k1")
    for _ in range(5):
        await post.delivery.deliver_waiting()
        clock.advance(minutes=2)
    assert (slack.called("chat.postMessage"), post.told) == (1, [("k1", "channel_not_found")])


async def test_whoever_could_not_be_told_is_told_later(post, slack):
    slack.fault = lambda method, n: "error:channel_not_found"
    heard = []

    async def deaf_once(row):
        heard.append(row.key)
        if len(heard) == 1:
            raise ConnectionError

    delivery = post.anew(on_dead=deaf_once)
    await post.promise("k1")
    await delivery.deliver_waiting()
    await delivery.deliver_waiting()
    await delivery.look_out()
    assert heard == ["k1", "k1"]


async def test_a_revoked_token_loses_nothing(post, slack, clock):
    slack.fault = lambda method, n: "error:token_revoked" if n < 4 else None
    await post.promise("k1")
    await post.until_finished(step=61)
    assert (slack.texts, post.told) == (["said k1"], [])


async def test_words_that_cannot_be_made_stop_nobody_else(post, slack, clock):
    async def broken(reading, row):
        if row.key == "bad":
            raise KeyError("山田花子")
        if row.key == "gone":
            raise NotFound("c1")
        return await compose(reading, row)

    post.compose = broken
    post.delivery = post.anew()
    await post.promise("bad", "gone", "good")
    await post.until_finished()
    assert slack.texts == ["said good"]
    assert sorted(post.told) == [("bad", "KeyError"), ("gone", "NotFound")]


async def test_no_log_repeats_what_was_said(post, slack, caplog):
    async def broken(_reading, _row):
        raise KeyError("山田花子")

    post.compose = broken
    post.delivery = post.anew()
    await post.promise("bad")
    await post.delivery.deliver_waiting()
    assert "KeyError" in caplog.text
    assert "山田花子" not in caplog.text


async def test_the_alarm_rings_once_when_the_oldest_waits_over_five_minutes(post, slack, clock):
    slack.fault = lambda method, n: "500_before"
    await post.promise("k1")
    await post.promise("tomorrow", not_before=clock.now + timedelta(days=1))
    since = clock.now
    for _ in range(8):
        await post.delivery.deliver_waiting()
        await post.delivery.look_out()
        assert bool(post.late) == (clock.now - since > timedelta(minutes=5))
        clock.advance(minutes=1)
    assert post.late == [since]
    slack.fault = None
    clock.advance(minutes=2)
    await post.delivery.deliver_waiting()
    await post.delivery.look_out()
    assert post.late == [since]
