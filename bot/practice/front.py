"""The HTTP front: the Web API's manners, the bot's other addresses, and who may come in at all."""

import asyncio
import inspect
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.practice import api_chat, api_conversations, api_files, api_team, api_views
from bot.practice.control import add_control
from bot.practice.errors import SlackRefusal
from bot.practice.faults import Fault
from bot.practice.methods import METHODS, Call, Method, demand
from bot.practice.replies import answer_through
from bot.practice.workspace import Workspace

PAGE = Path(__file__).parent / "page"
LARGEST = 50 * 1024 * 1024
LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FAMILIES = (api_chat, api_conversations, api_files, api_team, api_views)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(workspace: Workspace) -> web.Application:
    """The whole server of one workspace."""
    app = web.Application(middlewares=[only_loopback], client_max_size=LARGEST)
    api = WebApi(workspace)
    app.router.add_route("GET", "/api/{method}", api.serve)
    app.router.add_route("POST", "/api/{method}", api.serve)
    app.router.add_get("/link/", workspace.link.serve)
    app.router.add_post("/response/{token}", api.respond)
    app.router.add_post("/upload/{file}", api.upload)
    app.router.add_get("/files/{file}/{name}", api.download)
    app.router.add_get("/files/{file}/download/{name}", api.download)
    add_control(app, workspace)
    app.router.add_get("/", _index)
    app.router.add_get("/archives/{channel}/{ts}", _permalink)
    if PAGE.is_dir():
        app.router.add_static("/", PAGE)
    app.on_response_prepare.append(_policy)
    return app


@web.middleware
async def only_loopback(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another site's page could send here: a foreign Host, a foreign Origin."""
    host = request.headers.get("Host", "")
    if host.rsplit(":", 1)[0] not in LOOPBACK:
        return web.Response(status=403, text="loopback only")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != host:
        return web.Response(status=403, text="own pages only")
    return await handler(request)


async def _index(_request: web.Request) -> web.StreamResponse:
    page = PAGE / "index.html"
    return web.FileResponse(page) if page.exists() else web.Response(text="practice workspace")


async def _permalink(request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound(f"/?channel={request.match_info['channel']}&message={request.match_info['ts']}")


async def _policy(request: web.Request, response: web.StreamResponse) -> None:
    if not request.path.startswith(("/api/", "/practice/")):
        response.headers["Content-Security-Policy"] = CONTENT_POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers.setdefault("Cache-Control", "no-cache")


class WebApi:
    """Answers /api/<method> as Slack does: token, method, scope, then the method itself."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    async def serve(self, request: web.Request) -> web.Response:
        """One Web API call, with the faults that are switched on."""
        started = time.perf_counter()
        name = request.match_info["method"]
        fault = self.workspace.faults.on_call(name)
        if fault and fault.what == "delay":
            await asyncio.sleep(fault.seconds)
        arguments, sent = await _arguments(request)
        response = _broken(fault)
        if fault and fault.what == "drop_before":
            return self._dropped(request, name, sent, started)
        if response is None:
            response = await self._answer(name, arguments, _token(request, arguments))
        if fault and fault.what == "drop_after":
            return self._dropped(request, name, sent, started)
        status = f"{response.status}" if response.status != 200 else _status(response)
        ms = (time.perf_counter() - started) * 1000
        self.workspace.traffic.note("bot→slack", "api", name, status, ms, sent, response.text)
        return response

    def _dropped(self, request: web.Request, name: str, sent: Any, started: float) -> web.Response:
        ms = (time.perf_counter() - started) * 1000
        self.workspace.traffic.note("bot→slack", "api", name, "dropped", ms, sent)
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    async def _answer(self, name: str, arguments: dict[str, Any], token: str) -> web.Response:
        try:
            method = self._admit(name, token)
            call = Call(self.workspace, arguments)
            demand(call, *method.scopes)
            answer = method.run(call)
            reply = await answer if inspect.isawaitable(answer) else answer
        except SlackRefusal as refusal:
            return _refused(refusal)
        headers = {"x-oauth-scopes": self._scopes()} if name == "auth.test" else None
        return _json({"ok": True, **reply}, headers=headers)

    def _admit(self, name: str, token: str) -> Method:
        method = METHODS.get(name)
        if method is None:
            raise SlackRefusal("unknown_method", req_method=name)
        if method.token == "any":  # noqa: S105 - a kind, no secret
            return method
        if not token:
            raise SlackRefusal("not_authed")
        kinds = {self.workspace.bot_token: "bot", self.workspace.app_token: "app"}
        if token not in kinds:
            raise SlackRefusal("invalid_auth")
        if kinds[token] != method.token:
            raise SlackRefusal("not_allowed_token_type")
        return method

    def _scopes(self) -> str:
        known = {scope for method in METHODS.values() for scope in method.scopes} | {
            "commands",
            "users:read.email",
        }
        scopes = self.workspace.app.scopes
        return ",".join(sorted(known if scopes is None else scopes))

    async def respond(self, request: web.Request) -> web.Response:
        """A response_url."""
        started = time.perf_counter()
        arguments, sent = await _arguments(request)
        try:
            answer_through(self.workspace, request.match_info["token"], arguments)
            response = web.Response(text="ok")
        except SlackRefusal as refusal:
            response = _refused(refusal)
        ms = (time.perf_counter() - started) * 1000
        self.workspace.traffic.note(
            "bot→slack", "response_url", "response_url", response.text or "", ms, sent
        )
        return response

    async def upload(self, request: web.Request) -> web.Response:
        """The address a file is sent to."""
        response = await api_files.receive(request, self.workspace)
        self.workspace.traffic.note("bot→slack", "upload", "upload", response.text or "", 0.0)
        return response

    async def download(self, request: web.Request) -> web.Response:
        """A file, for the holder of the bot token."""
        if _token(request, {}) != self.workspace.bot_token:
            return web.Response(status=403, text="token needed")
        upload = self.workspace.world.files.get(request.match_info["file"])
        return api_files.fetched(upload, download="/download/" in request.path)


def _json(body: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(text=text, status=status, headers=headers, content_type="application/json")


def _refused(refusal: SlackRefusal) -> web.Response:
    headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after is not None else None
    return _json(refusal.answer(), status=refusal.status, headers=headers)


def _broken(fault: Fault | None) -> web.Response | None:
    if fault is None:
        return None
    if fault.what == "429":
        return _refused(SlackRefusal("ratelimited", status=429, retry_after=fault.retry_after))
    if fault.what in ("500", "503"):
        return web.Response(status=int(fault.what), text="upstream failure")
    if fault.what == "error":
        return _refused(SlackRefusal(fault.error))
    return None


def _status(response: web.Response) -> str:
    text = response.text or ""
    return "ok" if text.startswith('{"ok": true') else str(json.loads(text).get("error"))


async def _arguments(request: web.Request) -> tuple[dict[str, Any], Any]:
    """The arguments of a call, and the same as the inspector shows them."""
    arguments: dict[str, Any] = dict(request.query)
    if request.method == "GET" or not request.can_read_body:
        return arguments, arguments
    if request.content_type == "application/json":
        text = await request.text()
        try:
            body = json.loads(text or "{}")
        except ValueError:
            return arguments, text
        return arguments | (body if isinstance(body, dict) else {}), text
    form = await request.post()
    arguments.update({key: value for key, value in form.items() if isinstance(value, str)})
    return arguments, {key: value for key, value in arguments.items() if key != "token"}


def _token(request: web.Request, arguments: dict[str, Any]) -> str:
    header = request.headers.get("Authorization", "")
    return header.removeprefix("Bearer ").strip() if header else str(arguments.get("token", ""))
