"""Nothing promised is lost, nothing is said twice, whatever the network does."""

import asyncio
import json
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace

import pytest
from aiohttp import ClientSession, web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.courier import Courier
from bot.delivery import Delivery
from bot.domain.refusals import NotFound
from bot.domain.staff import THE_CLOCK, Actor
from bot.store.database import open_database
from tests.databases import MASTER_KEY

MIKA = Actor("U_MIKA")


@dataclass
class SlackLike:
    """The part of Slack that delivery talks to. `fault(method, n)` says what goes wrong with the n-th call."""

    url: str = ""
    messages: list[dict] = field(default_factory=list)
    files: dict[str, dict] = field(default_factory=dict)
    homes: list[tuple[str, dict]] = field(default_factory=list)
    calls: list[tuple[str, dict]] = field(default_factory=list)
    fault: object = None
    answer_slowly: asyncio.Event | None = None

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        given = (
            dict(await request.post()) if request.content_type != "application/json" else await request.json()
        )
        given = {key: _read(value) for key, value in {**request.query, **given}.items()}
        self.calls.append((method, given))
        what = self.fault(method, len(self.calls)) if self.fault else None
        if what == "drop_before":
            return _closed(request)
        if what == "500_before":
            return web.Response(status=500, text="oh")
        if what == "429":
            return web.json_response(
                {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "7"}
            )
        if what and what.startswith("error:"):
            return web.json_response({"ok": False, "error": what.removeprefix("error:")})
        answer = getattr(self, method.replace(".", "_"))(given)
        if self.answer_slowly is not None:
            await self.answer_slowly.wait()
        if what == "drop_after":
            return _closed(request)
        if what == "500_after":
            return web.Response(status=503, text="oh")
        return web.json_response(answer)

    def chat_postMessage(self, given: dict) -> dict:
        ts = f"{1795482000 + len(self.messages)}.000100"
        self.messages.append(given | {"ts": ts, "edits": 0})
        return {"ok": True, "ts": ts, "channel": given["channel"]}

    def chat_update(self, given: dict) -> dict:
        for message in self.messages:
            if (message["channel"], message["ts"]) == (given["channel"], given["ts"]):
                message.update(given, edits=message["edits"] + 1)
                return {"ok": True, "ts": given["ts"], "channel": given["channel"]}
        return {"ok": False, "error": "message_not_found"}

    def chat_postEphemeral(self, given: dict) -> dict:
        self.messages.append(given | {"ts": "0", "ephemeral": True})
        return {"ok": True, "message_ts": "0"}

    def conversations_open(self, given: dict) -> dict:
        return {"ok": True, "channel": {"id": "D" + given["users"]}}

    def conversations_history(self, given: dict) -> dict:
        said = [
            m for m in reversed(self.messages) if m["channel"] == given["channel"] and "ephemeral" not in m
        ]
        start = int(given.get("cursor") or 0)
        until = start + int(given["limit"])
        if not given.get("include_all_metadata"):
            said = [{k: v for k, v in each.items() if k != "metadata"} for each in said]
        cursor = str(until) if until < len(said) else ""
        return {"ok": True, "messages": said[start:until], "response_metadata": {"next_cursor": cursor}}

    def views_publish(self, given: dict) -> dict:
        self.homes.append((given["user_id"], given["view"]))
        return {"ok": True, "view": {}}

    def files_getUploadURLExternal(self, given: dict) -> dict:
        file_id = f"F{len(self.files) + 1}"
        self.files[file_id] = {"id": file_id, "name": given["filename"], "channels": []}
        return {"ok": True, "file_id": file_id, "upload_url": f"{self.url}upload?file={file_id}"}

    def upload(self, given: dict) -> dict:
        return {"ok": True}

    def files_completeUploadExternal(self, given: dict) -> dict:
        (file,) = given["files"]
        self.files[file["id"]]["channels"].append(given["channel_id"])
        return {"ok": True, "files": [{"id": file["id"]}]}

    def files_info(self, given: dict) -> dict:
        file = self.files.get(given["file"])
        return {"ok": True, "file": file} if file else {"ok": False, "error": "file_not_found"}

    @property
    def texts(self) -> list[str]:
        return [each["text"] for each in self.messages]

    def called(self, method: str) -> int:
        return sum(each == method for each, _ in self.calls)


def _read(value):
    if isinstance(value, str) and value[:1] in "[{":
        return json.loads(value)
    return value


def _closed(request: web.Request) -> web.StreamResponse:
    request.transport.close()
    return web.Response()


@pytest.fixture
async def slack():
    space = SlackLike()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", space.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    space.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    yield space
    await runner.cleanup()


@pytest.fixture
async def client(slack):
    async with ClientSession() as session:
        yield AsyncWebClient("xoxb-x", base_url=slack.url, session=session, retry_handlers=[], timeout=5)


async def compose(reading, row):
    """Words as the bot makes them: from the row's facts, and from what stands in the database now."""
    match row.op:
        case "home":
            return SimpleNamespace(view={"type": "home", "blocks": []})
        case "upload":
            return SimpleNamespace(filename="a4.pdf", title="t", content=b"pdf" * 100, comment="c")
        case "card":
            timers = await reading.timers.of(row.subject)
            return SimpleNamespace(text=f"card {row.subject} {len(timers)}", blocks=None)
        case _:
            return SimpleNamespace(text=f"{row.template} {row.facts.get('n')}", blocks=[{"type": "divider"}])


@dataclass
class Post:
    """Delivery with ears: whom it told, and what."""

    db: object
    client: object
    clock: object
    told: list = field(default_factory=list)
    late: list = field(default_factory=list)
    compose: object = compose
    allowed: object = staticmethod(lambda row: row.to != "C_FORBIDDEN")

    def __post_init__(self):
        self.delivery = self.anew()

    def anew(self, **given) -> Delivery:
        async def dead(row):
            self.told.append((row.key, row.why))

        async def late(oldest):
            self.late.append(oldest)

        settings = {"on_dead": dead, "on_late": late} | given
        return Delivery(self.db, self.client, self.compose, self.allowed, **settings)

    async def promise(self, *keys: str, **given) -> None:
        async with self.db.transaction(MIKA) as tx:
            for key in keys:
                await tx.outbox.add("said", **({"to": "C1", "key": key, "n": key} | given))

    async def card(self, subject: str = "c1", *, to: str = "C1") -> None:
        async with self.db.transaction(MIKA) as tx:
            await tx.outbox.card("triage", to=to, subject=subject)

    async def until_finished(self, *, step: float = 10, times: int = 400) -> None:
        for _ in range(times):
            await self.delivery.deliver_waiting()
            async with self.db.reading() as reading:
                if not await reading.outbox.unfinished(1):
                    return
            self.clock.advance(seconds=step)
        raise AssertionError(await self.states())

    async def states(self) -> dict[str, str]:
        async with self.db.reading() as reading:
            rows = await reading.connection.rows("SELECT key, state, why FROM outbox ORDER BY id", {})
        return {row["key"]: f"{row['state']} {row['why'] or ''}".strip() for row in rows}


@pytest.fixture
def post(db, client, clock):
    return Post(db, client, clock)


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
