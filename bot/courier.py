"""How one promised message gets to Slack: posted, edited, whispered, published, redrawn or uploaded.

An answer that got lost leaves doubt. Before such a message is sent again, the channel is searched for the mark
every message carries in its metadata. What can be repeated without harm (edits, Home) simply is.
"""

import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers import SLACK_TROUBLE, Again, Dead, Outcome, Sent, code_of, judged
from bot.domain.review_papers import PASSING, File
from bot.domain.staff import THE_CLOCK
from bot.logs import where
from bot.messages import Document, Home, Message, Window
from bot.store.database import Database
from bot.store.outbox import OutboxRow
from bot.store.trouble import StorageTrouble

log = logging.getLogger(__name__)

MARK = "yorisoi_outbox"
LEASE_SECONDS = 120.0  # far longer than a call may take, so that a lost lease means a lost sender
_PAGES = 10
_PAGE = 200
_CLOSED = {"not_found", "view_not_found"}  # somebody closed the window
_MISTAKES = 5  # tries at words that cannot be made


@dataclass
class Try:
    """One attempt at one row, whose words are `content`. `doubt`: as things stand, it may have arrived."""

    row: OutboxRow
    content: Any
    channel: str
    doubt: bool
    began: float

    def about_to_send(self) -> None:
        """From here on a lost answer leaves doubt. Raises TimeoutError when the lease is no longer safe."""
        if time.monotonic() - self.began > LEASE_SECONDS / 2:
            raise TimeoutError
        self.doubt = True


class Courier:
    """Carries one message at a time. `slack` retries nothing by itself."""

    def __init__(self, db: Database, slack: AsyncWebClient) -> None:
        self._db = db
        self._slack = slack
        self._direct: dict[str, str] = {}

    async def carry(self, a_try: Try) -> Outcome:
        """Try it; whatever comes of it is an outcome."""
        row = a_try.row
        send = {
            "post": self._post,
            "card": self._card,
            "whisper": self._whisper,
            "home": self._home,
            "upload": self._upload,
            "window": self._window,
            "remove": self._remove,
        }[row.op]
        try:
            if row.op not in {"home", "window", "remove"}:
                a_try.channel = await self._channel(row.to)
            return await send(a_try)
        except SLACK_TROUBLE as error:
            return judged(error, doubt=a_try.doubt, was_in_doubt=row.in_doubt)
        except StorageTrouble as trouble:
            return Again(trouble.reason, doubt=a_try.doubt)
        except Exception as error:  # noqa: BLE001 - a mistake of ours: never lose the other promises over it
            log.error("cannot send %s: %s at %s", row.template, type(error).__name__, where(error))  # noqa: TRY400
            return mistake(row, type(error).__name__, doubt=a_try.doubt)

    async def _channel(self, to: str) -> str:
        """Give the channel to write in: a person's is their direct message with us."""
        if not to.startswith(("U", "W")):
            return to
        if to not in self._direct:
            answer = await self._slack.conversations_open(users=to)
            self._direct[to] = str(cast("dict[str, Any]", answer["channel"])["id"])
        return self._direct[to]

    async def _post(self, a_try: Try) -> Outcome:
        if a_try.row.in_doubt:
            found = await self._look_up(a_try)
            if found is not None:
                return Sent(a_try.channel, found, "looked_up")
            a_try.doubt = False
        return await self._post_anew(a_try)

    async def _post_anew(self, a_try: Try) -> Outcome:
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

    async def _card(self, a_try: Try) -> Outcome:
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

    async def _whisper(self, a_try: Try) -> Outcome:
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
        except SLACK_TROUBLE as error:
            outcome = judged(error, doubt=True, was_in_doubt=False)
            lost = isinstance(outcome, Again) and outcome.doubt
            return Sent(why="whisper_in_doubt") if lost else outcome
        return Sent(a_try.channel)

    async def _home(self, a_try: Try) -> Outcome:
        home: Home = a_try.content
        a_try.doubt = False  # may be repeated
        await self._slack.views_publish(user_id=a_try.row.to, view=cast("Any", home.view))
        return Sent()

    async def _window(self, a_try: Try) -> Outcome:
        row, window = a_try.row, cast("Window", a_try.content)
        a_try.doubt = False  # may be repeated
        view = str(row.facts["view"])
        try:
            await self._slack.views_update(view_id=view, view=cast("Any", window.view))
        except SlackApiError as error:
            if code_of(error) not in _CLOSED:
                raise
            async with self._db.transaction(THE_CLOCK) as tx:
                await tx.check_in.forget(view)
            return Sent(why="window_closed")
        return Sent()

    async def _upload(self, a_try: Try) -> Outcome:
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
            if ours and (
                paper := PASSING.get(row.template)
            ):  # before anybody sees it: it is to be taken away
                await tx.review_papers.lies(File(file_id, str(row.facts["review"]), row.to, paper, tx.now))
        if not ours:
            return Again("lease_lost", doubt=True)
        a_try.about_to_send()
        await self._slack.files_completeUploadExternal(
            files=[{"id": file_id, "title": document.title}],
            channel_id=a_try.channel,
            initial_comment=document.comment,
        )
        return Sent(a_try.channel)

    async def _remove(self, a_try: Try) -> Outcome:
        """Take a file of ours away, with its name in the message; one that is gone already is gone."""
        try:
            await self._slack.files_delete(file=str(a_try.row.facts["file"]))
        except SlackApiError as error:
            if code_of(error) not in {"file_not_found", "file_deleted"}:
                raise
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

    async def _look_up(self, a_try: Try) -> str | None:
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


def mistake(row: OutboxRow, why: str, *, doubt: bool = False) -> Outcome:
    """What a mistake of ours means for the row: a few more tries, then never."""
    return Dead(why) if row.attempt + 1 >= _MISTAKES else Again(why, doubt=doubt or row.in_doubt)


def _marked(row: OutboxRow) -> dict[str, Any]:
    return {"event_type": MARK, "event_payload": {"id": row.mark}}


def _same_mark(found: Any, ours: dict[str, Any]) -> bool:
    return (
        isinstance(found, dict)
        and found.get("event_type") == ours["event_type"]
        and (found.get("event_payload") or {}).get("id") == ours["event_payload"]["id"]
    )
