"""The part of Slack that delivery talks to, with every fault it can have."""

import asyncio
import json
from dataclasses import dataclass, field

from aiohttp import web


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
