"""A person at the practice workspace, acting and seeing through its control API."""

import asyncio
import base64
import time
from typing import Any

import aiohttp

Result = dict[str, Any]
Act = dict[str, Any]
GLANCE = 0.02  # seconds between two looks


class NotOnScreen(Exception):
    """The person tried to use something that is not in front of them."""


class Person:
    """Acts as one person. `url` is the workspace's address; works from any process on the same machine."""

    def __init__(self, url: str, user: str, *, session: aiohttp.ClientSession | None = None) -> None:
        self.url = url
        self.id = user
        self._session = session

    # Acting

    async def say(
        self, channel: str, text: str, *, thread_ts: str | None = None, wait: bool = True
    ) -> Result:
        """Write in a channel ("bot": the direct message). `wait`: until the bot acked the event."""
        return await self._do("say", channel=channel, text=text, thread_ts=thread_ts, wait=wait)

    async def press(
        self,
        action_id: str,
        *,
        channel: str | None = None,
        ts: str | None = None,
        view_id: str | None = None,
        home: bool = False,
        value: str | None = None,
        block_id: str | None = None,
        choice: Any = None,
    ) -> Result:
        """Use a button or a choice. Where no place is named: top modal, else Home, else the newest message with it."""
        act: Act = {
            "action_id": action_id,
            "channel": channel,
            "ts": ts,
            "view_id": view_id,
            "block_id": block_id,
        }
        act |= {"value": value, "choice": choice, "home": home or None}
        return await self._do("press", **{key: value for key, value in act.items() if value is not None})

    async def command(self, command: str, text: str = "", *, channel: str = "bot") -> Result:
        """Type a slash command."""
        return await self._do("command", command=command, text=text, channel=channel)

    async def shortcut(
        self, callback_id: str, *, channel: str | None = None, ts: str | None = None
    ) -> Result:
        """Choose a shortcut; with `channel` and `ts` that of a message."""
        return await self._do("shortcut", callback_id=callback_id, channel=channel, ts=ts)

    async def open_home(self) -> Any:
        """Open the bot's Home and see it."""
        return (await self._do("home"))["view"]

    async def fill(self, *given: dict[str, Any], **values: Any) -> Result:
        """Fill in fields of the top modal, by block id or action id."""
        everything = {name: value for part in (*given, values) for name, value in part.items()}
        return await self._do("fill", view_id=await self._top(), values=everything)

    async def submit(self, *given: dict[str, Any], **values: Any) -> Result:
        """Fill in and send the top modal. `errors` in the answer names what is to be put right."""
        everything = {name: value for part in (*given, values) for name, value in part.items()}
        return await self._do("submit", view_id=await self._top(), values=everything)

    async def close(self, *, clear: bool = False) -> Result:
        """Close the top modal, or all of them."""
        return await self._do("close", view_id=await self._top(), clear=clear)

    async def read(self, channel: str) -> None:
        """Look at a channel, so that nothing in it is unread."""
        await self._do("read", channel=channel)

    async def upload(self, name: str, body: bytes) -> str:
        """Choose a file; the answer is what a file_input is filled in with."""
        sent = await self._do("upload", name=name, base64=base64.b64encode(body).decode())
        return str(sent["file"]["id"])

    async def change_person(self, user: str, **changes: Any) -> Result:
        """Do what an administrator can: `deleted`, `is_restricted`, `is_stranger`, a new person…"""
        return await self._request("POST", "people", json={"id": user, **changes})

    async def change_channel(self, channel: str, **changes: Any) -> Result:
        """Do what an administrator can: `invite`, `kick`, `members`, `is_ext_shared`, `is_archived`, `name`…"""
        return await self._request("POST", "channels", json={"id": channel, **changes})

    # Seeing

    async def state(self) -> Result:
        """The sidebar: me, people, channels with unread counts, commands, shortcuts, the bot's connections."""
        return await self._look("state")

    async def traffic(self, after: int = 0) -> list[dict[str, Any]]:
        """What went over the wire after row `after`, oldest first."""
        return list((await self._look("traffic", after=str(after)))["rows"])

    async def views(self) -> list[dict[str, Any]]:
        """The open modals, the top one last."""
        return list((await self._look("views"))["views"])

    async def top_view(self) -> dict[str, Any] | None:
        """The modal in front, if any."""
        views = await self.views()
        return views[-1] if views else None

    async def home(self) -> dict[str, Any] | None:
        """The bot's Home as last drawn."""
        view: dict[str, Any] | None = (await self._look("home"))["view"]
        return view

    async def messages(self, channel: str = "bot", *, limit: int = 200) -> list[dict[str, Any]]:
        """Messages of a channel, replies and this person's ephemerals among them, oldest first."""
        return list((await self._look("messages", channel=channel, limit=str(limit), all="1"))["messages"])

    async def texts(self, channel: str = "bot") -> list[str]:
        """All words a person would read in a channel, message by message."""
        return [words(message) for message in await self.messages(channel)]

    async def seen(self, where: str = "bot") -> str:
        """All words in one place: a channel id, "bot", "view" (all open modals) or "home"."""
        if where == "view":
            return "\n".join(words(view) for view in await self.views())
        if where == "home":
            view = await self.home()
            return words(view) if view else ""
        return "\n".join(await self.texts(where))

    async def sees(self, substring: str, where: str = "bot", timeout: float = 3.0) -> str:  # noqa: ASYNC109
        """Wait until `substring` is seen there; AssertionError with what is seen instead."""
        until = time.monotonic() + timeout
        while substring not in (seen := await self.seen(where)):
            if time.monotonic() > until:
                raise AssertionError(f"{self.id} does not see {substring!r} in {where}, but:\n{seen}")
            await asyncio.sleep(GLANCE)
        return seen

    async def not_sees(self, substring: str, where: str = "bot", timeout: float = 0.0) -> str:  # noqa: ASYNC109
        """Make sure `substring` is not seen there, now and for `timeout` seconds."""
        until = time.monotonic() + timeout
        while True:
            seen = await self.seen(where)
            if substring in seen:
                raise AssertionError(f"{self.id} sees {substring!r} in {where}:\n{seen}")
            if time.monotonic() >= until:
                return seen
            await asyncio.sleep(GLANCE)

    # The wire

    async def _top(self) -> str:
        view = await self.top_view()
        if view is None:
            raise NotOnScreen(f"{self.id} has no modal open")
        return str(view["id"])

    async def _do(self, act: str, **body: Any) -> Result:
        return await self._request("POST", act, json={"as": self.id, **body})

    async def _look(self, what: str, **query: str) -> Result:
        return await self._request("GET", what, params={"as": self.id, **query})

    async def _request(self, method: str, name: str, **more: Any) -> Result:
        if self._session is not None and not self._session.closed:
            return await self._through(self._session, method, name, more)
        async with aiohttp.ClientSession() as session:
            return await self._through(session, method, name, more)

    async def _through(
        self, session: aiohttp.ClientSession, method: str, name: str, more: dict[str, Any]
    ) -> Result:
        async with session.request(method, f"{self.url}/practice/{name}", **more) as response:
            answer: Result = await response.json()
        if answer.get("ok") is False:
            raise NotOnScreen(f"{self.id}, {name}: {answer.get('error')}")
        return answer


def words(thing: dict[str, Any]) -> str:
    """All words a person would read on a message or a view, top to bottom."""
    lines: list[str] = []
    for part in ("title", "blocks", "submit", "close"):
        _gather(thing.get(part), lines)
    if not thing.get("blocks"):
        _gather(thing.get("text"), lines)
    _gather(thing.get("attachments"), lines)
    lines += [str(file.get("title") or file.get("name")) for file in thing.get("files") or []]
    _gather_typed(thing, lines)
    return "\n".join(line for line in lines if line)


READ = (
    "title",
    "subtitle",
    "text",
    "fields",
    "label",
    "elements",
    "element",
    "accessory",
    "options",
    "option_groups",
    "description",
    "placeholder",
    "hint",
    "rows",
    "alt_text",
    "pretext",
    "fallback",
    "blocks",
    "body",
)


def _gather(part: Any, lines: list[str]) -> None:
    if isinstance(part, str):
        lines.append(part)
    elif isinstance(part, list):
        for item in part:
            _gather(item, lines)
    elif isinstance(part, dict):
        for key in READ:
            if key in part:
                _gather(part[key], lines)


def _gather_typed(view: dict[str, Any], lines: list[str]) -> None:
    for actions in (
        view.get("state", {}).get("values", {}).values() if isinstance(view.get("state"), dict) else ()
    ):
        lines += [state["value"] for state in actions.values() if isinstance(state.get("value"), str)]
