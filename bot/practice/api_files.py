"""files.*: announced, sent, shared, fetched."""

import mimetypes
import secrets
from typing import Any

from aiohttp import web

from bot.practice.api_chat import may_post, thread_of
from bot.practice.errors import SlackRefusal
from bot.practice.methods import Call, Reply, invalid_arguments, method
from bot.practice.validate import check_blocks
from bot.practice.workspace import Workspace
from bot.practice.world import BOT, Upload


def new_upload(workspace: Workspace, name: str, length: int, user: str) -> Upload:
    """Room for a file."""
    name = name.replace("/", "_")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    created = int(workspace.clock.now().timestamp())
    upload = Upload("F" + secrets.token_hex(5).upper(), name, length, user, created, mimetype=kind)
    workspace.world.files[upload.id] = upload
    return upload


@method("files.getUploadURLExternal", "files:write")
def announce(call: Call) -> Reply:
    """An address to send a file to."""
    length = call.number("length", 0, 2**31) if call.text("length") else 0
    if not length:
        raise invalid_arguments("[ERROR] missing required field: length")
    upload = new_upload(call.workspace, call.needed("filename"), length, BOT)
    return {"upload_url": f"{call.workspace.url}/upload/{upload.id}", "file_id": upload.id}


@method("files.completeUploadExternal", "files:write")
def complete(call: Call) -> Reply:
    """Share what was sent, in a channel if one is named."""
    workspace, files = call.workspace, call.data("files")
    if not isinstance(files, list) or not files:
        raise invalid_arguments("[ERROR] missing required field: files")
    uploads = [_sent(call, row) for row in files]
    where = call.text("channel_id") or call.text("channels").split(",")[0]
    if where:
        _share(call, where, uploads)
    return {"files": [upload.as_slack(workspace.url) for upload in uploads]}


def _sent(call: Call, row: Any) -> Upload:
    upload = call.workspace.world.files.get(row.get("id", "")) if isinstance(row, dict) else None
    if upload is None or upload.body is None:
        raise SlackRefusal("file_not_found")
    upload.title = row.get("title") or upload.title
    upload.shared = True
    return upload


def _share(call: Call, where: str, uploads: list[Upload]) -> None:
    workspace = call.workspace
    channel = workspace.channel(where)
    may_post(call, channel)
    blocks = call.data("blocks")
    if blocks is not None:
        check_blocks(blocks)
    for upload in uploads:
        upload.channels.append(channel.id)
    shown = [upload.as_slack(workspace.url) for upload in uploads]
    facts = {"blocks": blocks, "thread_ts": thread_of(call, channel), "files": shown, "subtype": "file_share"}
    workspace.post(channel, workspace.new_message(BOT, call.text("initial_comment"), **facts))


def _known(call: Call) -> Upload:
    upload = call.workspace.world.files.get(call.needed("file"))
    if upload is None:
        raise SlackRefusal("file_not_found")
    return upload


@method("files.info", "files:read")
def info(call: Call) -> Reply:
    """What a file is."""
    return {"file": _known(call).as_slack(call.workspace.url), "comments": []}


@method("files.delete", "files:write")
def delete(call: Call) -> Reply:
    """Take a file away, from its messages too."""
    workspace, upload = call.workspace, _known(call)
    if upload.user != BOT:
        raise SlackRefusal("cant_delete_file")
    del workspace.world.files[upload.id]
    for channel_id in upload.channels:
        channel = workspace.world.channels[channel_id]
        for message in channel.messages.values():
            if message.get("files"):
                message["files"] = [file for file in message["files"] if file["id"] != upload.id]
        workspace.watch.changed("messages", channel_id)
    return {}


async def receive(request: web.Request, workspace: Workspace) -> web.Response:
    """The upload address: the raw bytes, or a form with one file."""
    upload = workspace.world.files.get(request.match_info["file"])
    if upload is None or upload.body is not None:
        return web.Response(status=404, text="no such upload")
    if request.content_type.startswith("multipart/"):
        form = await request.post()
        parts = [part for part in form.values() if isinstance(part, web.FileField)]
        upload.body = parts[0].file.read() if parts else b""
    else:
        upload.body = await request.read()
    return web.Response(text=f"OK - {len(upload.body)}")


def fetched(upload: Upload | None, *, download: bool) -> web.Response:
    """A file as an HTTP answer. Nothing in it may run in the page."""
    if upload is None or upload.body is None:
        return web.Response(status=404, text="no such file")
    safe = upload.mimetype.startswith(("image/png", "image/jpeg", "image/gif", "application/pdf"))
    headers = {
        "Content-Type": upload.mimetype if safe else "application/octet-stream",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    if download or not safe:
        headers["Content-Disposition"] = "attachment"
    return web.Response(body=upload.body, headers=headers)
