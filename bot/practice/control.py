"""The control API: what the page and the tests use to act as people and to see what people see."""

import base64
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.practice import acts, api_files, forms
from bot.practice.acts import channel_for, view_seen
from bot.practice.admin import change_channel, change_person
from bot.practice.elements import find
from bot.practice.errors import Mistake, SlackRefusal
from bot.practice.sight import messages_for, state_for, views_for
from bot.practice.workspace import Workspace

Body = dict[str, Any]
Act = Callable[[Workspace, Body], Awaitable[Body]]


def add_control(app: web.Application, workspace: Workspace) -> None:
    """Put the control API under /practice/."""
    for name, act in ACTS.items():
        app.router.add_post(f"/practice/{name}", _posted(workspace, act))
    for name, look in LOOKS.items():
        app.router.add_get(f"/practice/{name}", _looked(workspace, look))
    app.router.add_delete("/practice/faults", _posted(workspace, _no_faults))
    app.router.add_get("/practice/watch", workspace.watch.serve)
    app.router.add_get("/practice/file/{file}", _file(workspace))


def _posted(workspace: Workspace, act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        text = await request.text()
        try:
            body = json.loads(text) if text else {}
            return _json(await act(workspace, body))
        except (Mistake, SlackRefusal, KeyError, ValueError, TypeError) as problem:
            return _json({"ok": False, "error": f"{type(problem).__name__}: {problem}"}, status=400)

    return handle


def _looked(
    workspace: Workspace, look: Callable[[Workspace, Body], Body]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            return _json(look(workspace, dict(request.query)))
        except (Mistake, KeyError, ValueError) as problem:
            return _json({"ok": False, "error": f"{type(problem).__name__}: {problem}"}, status=400)

    return handle


def _file(workspace: Workspace) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        upload = workspace.world.files.get(request.match_info["file"])
        user = request.query.get("as", "")
        seen = upload and any(user in workspace.world.channels[c].members for c in upload.channels)
        return api_files.fetched(upload if seen else None, download="download" in request.query)

    return handle


def _json(body: Body, status: int = 200) -> web.Response:
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(text=text, status=status, content_type="application/json")


# Acts


async def _say(workspace: Workspace, body: Body) -> Body:
    channel = channel_for(workspace, body["as"], body.get("channel"))
    return await acts.say_something(
        workspace,
        body["as"],
        channel,
        body["text"],
        thread_ts=body.get("thread_ts"),
        wait=body.get("wait", True),
    )


async def _press(workspace: Workspace, body: Body) -> Body:
    return await acts.press(workspace, body["as"], body)


async def _command(workspace: Workspace, body: Body) -> Body:
    channel = channel_for(workspace, body["as"], body.get("channel"))
    return await acts.command(workspace, body["as"], channel, body["command"], body.get("text", ""))


async def _shortcut(workspace: Workspace, body: Body) -> Body:
    return await acts.shortcut(
        workspace, body["as"], body["callback_id"], body.get("channel"), body.get("ts")
    )


async def _home(workspace: Workspace, body: Body) -> Body:
    return await acts.open_home(workspace, body["as"], body.get("tab", "home"))


async def _fill(workspace: Workspace, body: Body) -> Body:
    return await forms.fill(workspace, view_seen(workspace, body["as"], body["view_id"]), body["values"])


async def _submit(workspace: Workspace, body: Body) -> Body:
    return await forms.submit(
        workspace, view_seen(workspace, body["as"], body["view_id"]), body.get("values")
    )


async def _close(workspace: Workspace, body: Body) -> Body:
    view = view_seen(workspace, body["as"], body["view_id"])
    return await forms.close(workspace, view, clear=body.get("clear", False))


async def _suggest(workspace: Workspace, body: Body) -> Body:
    view = view_seen(workspace, body["as"], body["view_id"])
    found = find(view.blocks, body["action_id"], body.get("block_id"))
    if found is None:
        raise Mistake(f"no {body['action_id']} in view {view.id}")
    return {"ok": True, "options": await forms.suggest(workspace, view, *found, body.get("text", ""))}


async def _upload(workspace: Workspace, body: Body) -> Body:
    """A person chooses a file for a file_input: {as, name, text or base64}; its id is the value to fill in."""
    content = base64.b64decode(body["base64"]) if "base64" in body else body["text"].encode()
    upload = api_files.new_upload(workspace, body["name"], len(content), body["as"])
    upload.body = content
    return {"ok": True, "file": upload.as_slack(workspace.url)}


async def _read(workspace: Workspace, body: Body) -> Body:
    acts.read(workspace, body["as"], channel_for(workspace, body["as"], body.get("channel")))
    return {"ok": True}


async def _people(workspace: Workspace, body: Body) -> Body:
    return change_person(workspace, body)


async def _channels(workspace: Workspace, body: Body) -> Body:
    return change_channel(workspace, body)


async def _faults(workspace: Workspace, body: Body) -> Body:
    rules = body["rule"] if isinstance(body.get("rule"), dict) else body
    return {"ok": True, "fault": workspace.faults.add(**rules).as_row()}


async def _no_faults(workspace: Workspace, _body: Body) -> Body:
    workspace.faults.clear()
    return {"ok": True}


async def _clock(workspace: Workspace, body: Body) -> Body:
    clock = workspace.clock
    if clock.source is not None:
        raise Mistake("this workspace's clock belongs to somebody else")
    if body.get("now"):
        clock.ahead += datetime.fromisoformat(body["now"]) - clock.now()
    workspace.advance(float(body.get("advance_seconds", 0)))
    return {"ok": True, "now": clock.now().isoformat()}


ACTS: dict[str, Act] = {
    "say": _say,
    "press": _press,
    "command": _command,
    "shortcut": _shortcut,
    "home": _home,
    "fill": _fill,
    "submit": _submit,
    "close": _close,
    "suggest": _suggest,
    "upload": _upload,
    "read": _read,
    "people": _people,
    "channels": _channels,
    "faults": _faults,
    "clock": _clock,
}


# Looks


def _state(workspace: Workspace, query: Body) -> Body:
    return state_for(workspace, query["as"])


def _messages(workspace: Workspace, query: Body) -> Body:
    return messages_for(workspace, query)


def _views(workspace: Workspace, query: Body) -> Body:
    return {"views": views_for(workspace, query["as"])}


def _seen_home(workspace: Workspace, query: Body) -> Body:
    return {"view": acts.home_of(workspace, query["as"])}


def _traffic(workspace: Workspace, query: Body) -> Body:
    return {"rows": workspace.traffic.after(int(query.get("after") or 0)), "last": workspace.traffic.count}


def _rules(workspace: Workspace, _query: Body) -> Body:
    return {"rules": workspace.faults.rows()}


def _now(workspace: Workspace, _query: Body) -> Body:
    return {"now": workspace.clock.now().isoformat()}


LOOKS: dict[str, Callable[[Workspace, Body], Body]] = {
    "state": _state,
    "messages": _messages,
    "views": _views,
    "home": _seen_home,
    "traffic": _traffic,
    "faults": _rules,
    "clock": _now,
}
