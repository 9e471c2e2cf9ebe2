"""A practice workspace, a real Bolt app on it, and clients; nothing else of the product."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.practice import Workspace, serve

TAKAGI, SATO, SUZUKI = "U_TAKAGI", "U_SATO", "U_SUZUKI"


class Watchmaker:
    """A clock that only moves when told."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def advance(self, **span: float) -> None:
        self.time += timedelta(**span)


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    async with serve() as workspace:
        yield workspace


@pytest.fixture
def client(workspace: Workspace) -> AsyncWebClient:
    return web_client(workspace)


def web_client(workspace: Workspace, token: str | None = None) -> AsyncWebClient:
    return AsyncWebClient(token=token or workspace.bot_token, base_url=workspace.api_url, retry_handlers=[])


async def until(truth: Callable[[], Any], timeout: float = 3.0) -> Any:
    """Wait until `truth()`; its value."""
    async with asyncio.timeout(timeout):
        while not (value := truth()):
            await asyncio.sleep(0.005)
    return value


async def refused(call: Any) -> Any:
    """The answer of a call that Slack turns down."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


async def code(call: Any) -> str:
    """The error code of a call that Slack turns down."""
    return (await refused(call))["error"]


@asynccontextmanager
async def connected(workspace: Workspace, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    """A Bolt app on its Socket Mode connection."""
    before = len(workspace.link.connections)
    handler = AsyncSocketModeHandler(
        app, workspace.app_token, web_client=web_client(workspace, workspace.app_token)
    )
    await handler.connect_async()
    await until(lambda: len(workspace.link.connections) > before)
    try:
        yield handler
    finally:
        await handler.close_async()


def bolt(workspace: Workspace) -> AsyncApp:
    return AsyncApp(client=web_client(workspace), process_before_response=True)


@pytest.fixture
async def app(workspace: Workspace) -> AsyncIterator[AsyncApp]:
    """A connected Bolt app without listeners; tests add theirs."""
    app = bolt(workspace)
    async with connected(workspace, app):
        yield app


class Ear:
    """A bare Socket Mode client that hears everything and acks only when told to."""

    def __init__(self, workspace: Workspace, *, acks: bool = True) -> None:
        token = workspace.app_token
        self.client = SocketModeClient(app_token=token, web_client=web_client(workspace, token))
        self.acks = acks
        self.heard: list[Any] = []
        self.messages: list[dict[str, Any]] = []
        self.client.socket_mode_request_listeners.append(self._listen)
        self.client.message_listeners.append(self._note)

    async def _listen(self, client: SocketModeClient, request: Any) -> None:
        self.heard.append(request)
        if self.acks:
            await self.ack(request)

    async def _note(self, client: SocketModeClient, message: dict[str, Any], raw: str | None) -> None:
        self.messages.append(message)

    async def ack(self, request: Any, payload: Any = None) -> None:
        await self.client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))


@asynccontextmanager
async def listening(workspace: Workspace, *, acks: bool = True) -> AsyncIterator[Ear]:
    """An `Ear` with one connection."""
    before = len(workspace.link.connections)
    ear = Ear(workspace, acks=acks)
    await ear.client.connect()
    await until(lambda: len(workspace.link.connections) > before)
    try:
        yield ear
    finally:
        await ear.client.close()


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def section(text: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(action_id: str = "go", text: str = "B", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


def actions(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **more}


def asks(element: dict[str, Any], block_id: str = "b", **more: Any) -> dict[str, Any]:
    element = {"action_id": "a", **element}
    return {"type": "input", "block_id": block_id, "label": plain("L"), "element": element, **more}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    view = {
        "type": "modal",
        "callback_id": "form",
        "title": plain("T"),
        "submit": plain("送る"),
        "blocks": list(blocks),
    }
    return view | more


def option(value: str) -> dict[str, Any]:
    return {"text": plain(value.upper()), "value": value}
