"""What was promised is said: from the outbox to Slack, at least once, and once only where Slack lets us look.

An answer that got lost leaves doubt. Before such a message is sent again, the channel is searched for the mark
every message carries in its metadata. What can be repeated without harm (edits, Home) simply is.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers import Again, Dead, Outcome, Sent, code_of, judged
from bot.domain.refusals import Refused
from bot.domain.staff import THE_CLOCK
from bot.messages import Document, Home, Message
from bot.store.database import Database, Reading
from bot.store.outbox import OutboxRow
from bot.store.trouble import StorageTrouble

log = logging.getLogger(__name__)

MARK = "yorisoi_outbox"
LATE = timedelta(minutes=5)
_LEASE_SECONDS = 120.0  # far longer than a call may take, so that a lost lease means a lost sender
_DRAIN_SECONDS = 8.0
_PAGES = 10
_PAGE = 200
_MISTAKES = 5  # tries at words that cannot be made
_GIVES_WAY_SECONDS = 0.5
_GLANCE_SECONDS = 0.02


Content = Message | Document | Home | None
Compose = Callable[[Reading, OutboxRow], Awaitable[Content]]


@dataclass
class _Try:
    """One attempt at one row. `doubt`: as things stand, it may have arrived."""

    row: OutboxRow
    content: Any
    channel: str
    doubt: bool
    began: float

    def about_to_send(self) -> None:
        """From here on a lost answer leaves doubt. Raises TimeoutError when the lease is no longer safe."""
        if time.monotonic() - self.began > _LEASE_SECONDS / 2:
            raise TimeoutError
        self.doubt = True


class Delivery:
    """Keeps the promises of the outbox: `run()` beside the bot, `deliver_waiting()` in tests and commands."""

    def __init__(
        self,
        db: Database,
        slack: AsyncWebClient,
        compose: Compose,
        allowed: Callable[[str], bool],
        *,
        on_dead: Callable[[OutboxRow], Awaitable[None]] | None = None,
        on_late: Callable[[datetime], Awaitable[None]] | None = None,
        together: int = 4,
        poll: float = 1.0,
    ) -> None:
        """`slack` retries nothing by itself; `allowed` judges a row's `to`; `poll` is in seconds.

        `on_dead` hears of each row that could not be said, at least once; `on_late` since when the oldest waits.
        """
        self._db = db
        self._slack = slack
        self._compose = compose
        self._allowed = allowed
        self._on_dead = on_dead
        self._on_late = on_late
        self._together = together
        self._poll = poll
        self._wake = asyncio.Event()
        self._stopping = False
        self._recovered = False
        self._late_told = False
        self._under_way: set[asyncio.Task[None]] = set()
        self._direct: dict[str, str] = {}
        self._running: asyncio.Task[Any] | None = None
        self._somebody_waits: Callable[[], bool] = lambda: False

    def gives_way(self, somebody_waits: Callable[[], bool]) -> None:
        """Let whoever waits for an answer go first: `run` begins nothing new meanwhile, for half a second at most."""
        self._somebody_waits = somebody_waits

    async def run(self) -> None:
        """Deliver until `stop()`: at once after each commit that promised something, and every second."""
        self._running = asyncio.current_task()
        forget = self._db.on_commit(self._wake.set)
        looked = 0.0
        try:
            while not self._stopping:
                self._wake.clear()
                await self._after_those_who_wait()
                try:
                    leased = await self._start_some()
                    if time.monotonic() - looked > 30:
                        looked = time.monotonic()
                        await self.look_out()
                except StorageTrouble as trouble:
                    log.warning("the outbox cannot be read now: %s", trouble.reason)
                    leased = 0
                if not leased:
                    await self._pause()
        finally:
            forget()
            self._running = None

    async def deliver_waiting(self) -> None:
        """Deliver until nothing is due any more."""
        while await self._start_some() or self._under_way:
            if self._under_way:
                await asyncio.wait(set(self._under_way), return_when=asyncio.FIRST_COMPLETED)
        await self._tell_of_the_dead()

    async def stop(self) -> None:
        """Take nothing new, let what is under way arrive. What cannot is looked up at the next start."""
        self._stopping = True
        self._wake.set()
        if self._under_way:
            _, left = await asyncio.wait(set(self._under_way), timeout=_DRAIN_SECONDS)
            for task in left:
                task.cancel()
        if self._running is not None and self._running is not asyncio.current_task():
            await asyncio.wait([self._running], timeout=2)

    async def look_out(self) -> None:
        """Say once when the oldest promise has waited over five minutes; tell of the dead nobody heard about."""
        await self._tell_of_the_dead()
        async with self._db.reading() as reading:
            waiting = await reading.outbox.waiting()
            late = waiting.oldest is not None and reading.now - waiting.oldest > LATE
        if late and not self._late_told and waiting.oldest is not None:
            log.warning("the oldest of %d promises waits since %s", waiting.count, waiting.oldest)
            if self._on_late is not None:
                await _guarded(self._on_late(waiting.oldest), "on_late")
        self._late_told = late

    async def _after_those_who_wait(self) -> None:
        until = time.monotonic() + _GIVES_WAY_SECONDS
        while self._somebody_waits() and not self._stopping and time.monotonic() < until:
            await asyncio.sleep(_GLANCE_SECONDS)

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self._poll):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _start_some(self) -> int:
        """Take as many rows as there are hands free; gives how many."""
        free = self._together - len(self._under_way)
        if free <= 0 or self._stopping:
            return 0
        async with self._db.transaction(THE_CLOCK) as tx:
            await tx.outbox.expire(everything=self._db.alone and not self._recovered)
            rows = await tx.outbox.lease(limit=free, seconds=_LEASE_SECONDS)
        self._recovered = True
        for row in rows:
            task = asyncio.create_task(self._deliver(row))
            self._under_way.add(task)
            task.add_done_callback(self._arrived)
        return len(rows)

    def _arrived(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a delivery could not be noted: %s", type(error).__name__)

    async def _deliver(self, row: OutboxRow) -> None:
        """Try one row and note what came of it. If even that fails, the lease runs out and it is in doubt."""
        outcome = await self._outcome(row)
        for pause in (0.1, 0.5, 2.0, 5.0):
            try:
                await self._note(row, outcome)
                break
            except StorageTrouble:
                await asyncio.sleep(pause)
        if isinstance(outcome, Dead):
            await self._tell_of_the_dead()

    async def _note(self, row: OutboxRow, outcome: Outcome) -> None:
        async with self._db.transaction(THE_CLOCK) as tx:
            match outcome:
                case Sent(posted_in, ts, why):
                    await tx.outbox.sent(row, posted_in=posted_in, ts=ts, why=why)
                case Again(why, doubt, after, pause):
                    after = after or timedelta(seconds=min(2**row.attempt, 60))
                    if pause:
                        await tx.outbox.hold(row, after)
                    await tx.outbox.again(row, after=after, why=why, doubt=doubt)
                case Dead(why):
                    await tx.outbox.dead(row, why)

    async def _outcome(self, row: OutboxRow) -> Outcome:
        if not self._allowed(row.to):
            return Dead("not_allowed")
        began = time.monotonic()
        try:
            async with self._db.reading() as reading:
                content = await self._compose(reading, row)
        except StorageTrouble as trouble:
            return Again(trouble.reason, doubt=row.in_doubt)
        except Refused as refused:
            return Dead(type(refused).__name__)
        except Exception as error:  # noqa: BLE001 - one bad template must not stop the others
            log.error("no words for %s: %s at %s", row.template, type(error).__name__, _where(error))  # noqa: TRY400
            return _mistake(row, type(error).__name__)
        if content is None:
            return Sent(why="nothing_to_say")
        return await self._sent(_Try(row, content, row.to, row.in_doubt, began))

    async def _sent(self, a_try: _Try) -> Outcome:
        row = a_try.row
        send = {
            "post": self._post,
            "card": self._card,
            "whisper": self._whisper,
            "home": self._home,
            "upload": self._upload,
        }[row.op]
        try:
            if row.op != "home":
                a_try.channel = await self._channel(row.to)
            return await send(a_try)
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            return judged(error, doubt=a_try.doubt, was_in_doubt=row.in_doubt)
        except StorageTrouble as trouble:
            return Again(trouble.reason, doubt=a_try.doubt)
        except Exception as error:  # noqa: BLE001 - a mistake of ours: never lose the other promises over it
            log.error("cannot send %s: %s at %s", row.template, type(error).__name__, _where(error))  # noqa: TRY400
            return _mistake(row, type(error).__name__, doubt=a_try.doubt)

    async def _channel(self, to: str) -> str:
        """Give the channel to write in: a person's is their direct message with us."""
        if not to.startswith(("U", "W")):
            return to
        if to not in self._direct:
            answer = await self._slack.conversations_open(users=to)
            self._direct[to] = str(cast("dict[str, Any]", answer["channel"])["id"])
        return self._direct[to]

    async def _post(self, a_try: _Try) -> Outcome:
        if a_try.row.in_doubt:
            found = await self._look_up(a_try)
            if found is not None:
                return Sent(a_try.channel, found, "looked_up")
            a_try.doubt = False
        return await self._post_anew(a_try)

    async def _post_anew(self, a_try: _Try) -> Outcome:
        message: Message = a_try.content
        a_try.about_to_send()
        answer = await self._slack.chat_postMessage(
            channel=a_try.channel,
            text=message.text,
            blocks=cast("Any", message.blocks),
            thread_ts=getattr(message, "thread_ts", None),
            metadata=_marked(a_try.row),
            unfurl_links=False,
            unfurl_media=False,
        )
        return Sent(a_try.channel, str(answer["ts"]))

    async def _card(self, a_try: _Try) -> Outcome:
        row, message = a_try.row, a_try.content
        ts = row.ts or (await self._look_up(a_try) if row.in_doubt else None)
        a_try.doubt = (
            row.ts is None and ts is not None
        )  # an edit may be repeated, but what was found is not noted yet
        if ts is None:
            return await self._post_anew(a_try)
        channel = row.posted_in or a_try.channel
        try:
            await self._slack.chat_update(
                channel=channel, ts=ts, text=message.text, blocks=message.blocks, metadata=_marked(row)
            )
        except SlackApiError as error:
            if code_of(error) != "message_not_found":
                raise
            return await self._post_anew(a_try)  # somebody deleted the card
        return Sent(channel, ts)

    async def _whisper(self, a_try: _Try) -> Outcome:
        """Once or not at all: a whisper cannot be looked up, and twice would be worse."""
        if a_try.row.in_doubt:
            return Sent(why="whisper_in_doubt")
        message: Message = a_try.content
        try:
            a_try.about_to_send()
            await self._slack.chat_postEphemeral(
                channel=a_try.channel,
                user=str(a_try.row.facts["user"]),
                text=message.text,
                blocks=cast("Any", message.blocks),
            )
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            outcome = judged(error, doubt=True, was_in_doubt=False)
            lost = isinstance(outcome, Again) and outcome.doubt
            return Sent(why="whisper_in_doubt") if lost else outcome
        return Sent(a_try.channel)

    async def _home(self, a_try: _Try) -> Outcome:
        home: Home = a_try.content
        a_try.doubt = False  # may be repeated
        await self._slack.views_publish(user_id=a_try.row.to, view=cast("Any", home.view))
        return Sent()

    async def _upload(self, a_try: _Try) -> Outcome:
        row, document = a_try.row, cast("Document", a_try.content)
        if row.in_doubt and row.file_id and await self._is_shared(row.file_id, a_try.channel):
            return Sent(a_try.channel, why="looked_up")
        a_try.doubt = False
        place = await self._slack.files_getUploadURLExternal(
            filename=document.filename, length=len(document.content)
        )
        await self._put(str(place["upload_url"]), document.content)
        file_id = str(place["file_id"])
        async with self._db.transaction(THE_CLOCK) as tx:
            ours = await tx.outbox.note(row, posted_in=a_try.channel, ts=None, file_id=file_id)
        if not ours:
            return Again("lease_lost", doubt=True)
        a_try.about_to_send()
        await self._slack.files_completeUploadExternal(
            files=[{"id": file_id, "title": document.title}],
            channel_id=a_try.channel,
            initial_comment=document.comment,
        )
        return Sent(a_try.channel)

    async def _put(self, url: str, content: bytes) -> None:
        session = self._slack.session or aiohttp.ClientSession()
        try:
            async with session.post(url, data=content) as answer:
                answer.raise_for_status()
        finally:
            if session is not self._slack.session:
                await session.close()

    async def _is_shared(self, file_id: str, channel: str) -> bool:
        try:
            answer = await self._slack.files_info(file=file_id)
        except SlackApiError as error:
            if code_of(error) in {"file_not_found", "file_deleted"}:
                return False
            raise
        file = cast("dict[str, Any]", answer["file"])
        shares = [each for kind in (file.get("shares") or {}).values() for each in kind]
        places = [*(file.get("channels") or []), *(file.get("groups") or []), *(file.get("ims") or [])]
        return channel in {*places, *shares}

    async def _look_up(self, a_try: _Try) -> str | None:
        """Search the channel, newest first, for the message of a row; give its ts."""
        mark = _marked(a_try.row)
        thread = getattr(a_try.content, "thread_ts", None)
        earliest = (a_try.row.created_at - timedelta(days=1)).timestamp()  # no two clocks agree
        cursor: str | None = None
        for _ in range(_PAGES):
            asked: dict[str, Any] = {
                "channel": a_try.channel,
                "limit": _PAGE,
                "include_all_metadata": True,
                "cursor": cursor,
            }
            answer = await (
                self._slack.conversations_replies(ts=thread, **asked)
                if thread
                else self._slack.conversations_history(**asked)
            )
            messages = cast("list[dict[str, Any]]", answer.get("messages", []))
            for message in messages:
                if _same_mark(message.get("metadata"), mark):
                    return str(message["ts"])
            cursor = cast("dict[str, str]", answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor or (not thread and float(messages[-1]["ts"]) < earliest):
                break
        return None

    async def _tell_of_the_dead(self) -> None:
        async with self._db.reading() as reading:
            untold = await reading.outbox.untold()
        for row in untold:
            log.warning("could not say %s (%s): %s", row.template, row.key, row.why)
            if self._on_dead is not None and not await _guarded(self._on_dead(row), "on_dead"):
                continue
            async with self._db.transaction(THE_CLOCK) as tx:
                await tx.outbox.told(row.id)


def _marked(row: OutboxRow) -> dict[str, Any]:
    return {"event_type": MARK, "event_payload": {"id": row.mark}}


def _same_mark(found: Any, ours: dict[str, Any]) -> bool:
    return (
        isinstance(found, dict)
        and found.get("event_type") == ours["event_type"]
        and (found.get("event_payload") or {}).get("id") == ours["event_payload"]["id"]
    )


def _mistake(row: OutboxRow, why: str, *, doubt: bool = False) -> Outcome:
    return Dead(why) if row.attempt + 1 >= _MISTAKES else Again(why, doubt=doubt or row.in_doubt)


def _where(error: BaseException) -> str:
    """Give file and line of an error: safe to log, while its text may repeat what somebody wrote."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"


async def _guarded(work: Awaitable[None], name: str) -> bool:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - whoever is told must not stop whoever tells
        log.error("%s: %s at %s", name, type(error).__name__, _where(error))  # noqa: TRY400
        return False
    return True
