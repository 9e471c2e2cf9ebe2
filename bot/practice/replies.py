"""Answers that come through a response_url, or with the ack of a command."""

from typing import Any

from bot.practice.errors import SlackRefusal
from bot.practice.validate import check_blocks
from bot.practice.workspace import Workspace
from bot.practice.world import BOT, Channel, Message


def answer_through(workspace: Workspace, token: str, answer: dict[str, Any]) -> None:
    """Answer one interaction: replace or delete its message, or say something new."""
    reply = workspace.surfaces.use_reply(token)
    channel = workspace.world.channels[reply.channel]
    if answer.get("delete_original") in (True, "true"):
        _delete(workspace, channel, reply.user, reply.ts)
        return
    facts = _facts(answer)
    if answer.get("replace_original") in (True, "true") and reply.ts:
        _replace(workspace, channel, reply.user, reply.ts, facts)
        return
    say_back(workspace, channel, reply.user, facts, in_channel=answer.get("response_type") == "in_channel")


def say_back(
    workspace: Workspace, channel: Channel, user: str, facts: dict[str, Any], *, in_channel: bool
) -> None:
    """Answer whoever asked, alone or before everyone."""
    message = workspace.new_message(BOT, **facts)
    if in_channel:
        workspace.post(channel, message)
    else:
        workspace.whisper(channel, user, message)


def ack_answer(workspace: Workspace, channel: Channel, user: str, payload: Any) -> None:
    """What a command's ack says, if it says anything."""
    if isinstance(payload, str) and payload:
        payload = {"text": payload}
    if isinstance(payload, dict) and (payload.get("text") or payload.get("blocks")):
        in_channel = payload.get("response_type") == "in_channel"
        say_back(workspace, channel, user, _facts(payload), in_channel=in_channel)


def _facts(answer: dict[str, Any]) -> dict[str, Any]:
    text, blocks = answer.get("text") or "", answer.get("blocks")
    if not text and not blocks and not answer.get("attachments"):
        raise SlackRefusal("no_text", status=400)
    if blocks:
        check_blocks(blocks)
    return {
        "text": text,
        "blocks": blocks,
        "attachments": answer.get("attachments"),
        "thread_ts": answer.get("thread_ts"),
    }


def _whispered(channel: Channel, user: str, ts: str | None) -> Message | None:
    return next((message for message in channel.whispers.get(user, ()) if message["ts"] == ts), None)


def _delete(workspace: Workspace, channel: Channel, user: str, ts: str | None) -> None:
    whispered = _whispered(channel, user, ts)
    if whispered is not None:
        channel.whispers[user].remove(whispered)
        workspace.watch.changed("messages", channel.id, only=user)
    elif ts in channel.messages:
        workspace.erase(channel, str(ts))


def _replace(workspace: Workspace, channel: Channel, user: str, ts: str, facts: dict[str, Any]) -> None:
    changes = {key: value for key, value in facts.items() if key != "thread_ts"}
    changes["blocks"] = changes["blocks"] or []
    whispered = _whispered(channel, user, ts)
    if whispered is not None:
        whispered.update(workspace.drawn_again(changes))
        workspace.watch.changed("messages", channel.id, only=user)
    elif ts in channel.messages:
        workspace.redraw(channel, channel.messages[ts], changes)
