"""What a person does: say, press, command, shortcut, open Home, choose a file."""

import asyncio
from typing import Any

from bot.practice import payloads
from bot.practice.elements import STATEFUL, action_of, chosen, find, fresh_state, initial
from bot.practice.errors import Mistake
from bot.practice.link import Answer
from bot.practice.replies import ack_answer
from bot.practice.surfaces import View
from bot.practice.words import say
from bot.practice.workspace import Workspace
from bot.practice.world import Channel, Message

Result = dict[str, Any]
LOOK_BACK = 2_000  # messages of one channel searched for a button
TOUCHED_KEPT = 5_000


def result(answer: Answer | None, *, warns: bool = True) -> Result:
    """What came of an act. `warns`: whether Slack would tell the person that nobody answered."""
    answer = answer or Answer(acked=False)
    warning = say("not_received") if warns and not answer.acked else None
    return {
        "ok": True,
        "acked": answer.acked,
        "ms": round(answer.ms, 3),
        "payload": answer.payload,
        "warning": warning,
    }


def unsent(name: str, **facts: object) -> Result:
    """An act Slack itself turns down, in a sentence."""
    return {"ok": True, "acked": False, "ms": 0.0, "payload": None, "warning": say(name, **facts)}


def channel_for(workspace: Workspace, user: str, channel_id: str | None) -> Channel:
    """A channel `user` is in; "bot" (or nothing) is the direct message with the bot."""
    if user not in workspace.world.people:
        raise Mistake(f"no such person: {user}")
    if channel_id in (None, "", "bot"):
        return workspace.world.dm(user)
    channel = workspace.world.channels.get(channel_id or "")
    if channel is None or user not in channel.members:
        raise Mistake(f"{user} is not in {channel_id}")
    return channel


async def say_something(
    workspace: Workspace, user: str, channel: Channel, text: str, *, thread_ts: str | None, wait: bool
) -> Result:
    """Post as a person. Waits for the bot's ack of the event, if there is one to wait for."""
    if not text.strip():
        raise Mistake("nothing to say")
    if thread_ts and thread_ts not in channel.messages:
        raise Mistake(f"no message {thread_ts} in {channel.id}")
    parent = channel.messages[thread_ts].get("thread_ts", thread_ts) if thread_ts else None
    message = workspace.new_message(user, text, thread_ts=parent)
    told = workspace.post(channel, message)
    channel.read_up_to[user] = message["ts"]
    return await _waited(workspace, told, wait=wait) | {"ts": message["ts"], "channel": channel.id}


async def _waited(workspace: Workspace, told: asyncio.Future[Answer] | None, *, wait: bool) -> Result:
    answer = await asyncio.shield(told) if told is not None and wait and workspace.link.connections else None
    return result(answer, warns=False)


async def command(workspace: Workspace, user: str, channel: Channel, name: str, text: str) -> Result:
    """Type a slash command."""
    if workspace.app.described and name not in workspace.app.commands:
        return unsent("unknown_command", command=name)
    if not workspace.link.connections:
        return unsent("resting")
    payload = payloads.command(workspace, user, channel, name, text)
    answer = await workspace.link.ask("slash_commands", name, payload, reads_answer=True)
    if answer.acked:
        ack_answer(workspace, channel, user, answer.payload)
    return result(answer)


async def shortcut(
    workspace: Workspace, user: str, callback_id: str, channel_id: str | None, ts: str | None
) -> Result:
    """Choose a shortcut, from the ⚡ menu or (with channel and ts) from a message's menu."""
    listed = workspace.app.shortcuts.get(callback_id)
    if workspace.app.described and listed is None:
        return unsent("unknown_shortcut")
    if not workspace.link.connections:
        return unsent("resting")
    if ts:
        channel = channel_for(workspace, user, channel_id)
        message = message_seen(channel, user, ts)
        payload = payloads.message_shortcut(workspace, user, callback_id, channel, message)
    else:
        payload = payloads.global_shortcut(workspace, user, callback_id)
    return result(await workspace.link.ask("interactive", callback_id, payload))


async def open_home(workspace: Workspace, user: str, tab: str = "home") -> Result:
    """Open the bot's Home (or its messages tab)."""
    if user not in workspace.world.people:
        raise Mistake(f"no such person: {user}")
    home = workspace.surfaces.homes.get(user)
    event: dict[str, Any] = {
        "type": "app_home_opened",
        "user": user,
        "channel": workspace.world.dm(user).id,
        "tab": tab,
    }
    if home is not None and tab == "home":
        event["view"] = home.as_slack(workspace.world.team.id)
    outcome = await _waited(workspace, workspace.tell("app_home_opened", event), wait=True)
    return outcome | {"view": home_of(workspace, user)}


def home_of(workspace: Workspace, user: str) -> dict[str, Any] | None:
    """The bot's Home as `user` sees it."""
    home = workspace.surfaces.homes.get(user)
    return home.as_slack(workspace.world.team.id) if home else None


# Pressing


def message_seen(channel: Channel, user: str, ts: str) -> Message:
    """A message by timestamp, this person's own ephemerals included."""
    message = channel.messages.get(ts)
    if message is None:
        message = next((m for m in channel.whispers.get(user, ()) if m["ts"] == ts), None)
    if message is None:
        raise Mistake(f"{user} sees no message {ts} in {channel.id}")
    return message


def view_seen(workspace: Workspace, user: str, view_id: str) -> View:
    """An open view of this person."""
    view = workspace.surfaces.views.get(view_id)
    if view is None or view.user != user:
        raise Mistake(f"{user} has no view {view_id} open")
    return view


async def press(workspace: Workspace, user: str, act: dict[str, Any]) -> Result:
    """Use a button or a choice, in a message, a modal or Home; where nothing is named, the nearest one."""
    if user not in workspace.world.people:
        raise Mistake(f"no such person: {user}")
    if act.get("view_id"):
        return await _press_in_view(workspace, view_seen(workspace, user, act["view_id"]), act)
    if act.get("home"):
        return await _press_in_view(workspace, _home_or_mistake(workspace, user), act)
    if act.get("channel"):
        return await _press_in_channel(workspace, user, channel_for(workspace, user, act["channel"]), act)
    return await _press_nearest(workspace, user, act)


def _home_or_mistake(workspace: Workspace, user: str) -> View:
    home = workspace.surfaces.homes.get(user)
    if home is None:
        raise Mistake(f"{user} has no Home")
    return home


async def _press_nearest(workspace: Workspace, user: str, act: dict[str, Any]) -> Result:
    stack = workspace.surfaces.stack(user)
    home = workspace.surfaces.homes.get(user)
    for view in [*stack[-1:], *([home] if home else [])]:
        if _found(view.blocks, act):
            return await _press_in_view(workspace, view, act)
    best: tuple[str, Channel] | None = None
    for channel in workspace.world.seen_by(user):
        ts = _newest_with(channel, user, act)
        if ts and (best is None or ts > best[0]):
            best = (ts, channel)
    if best is None:
        raise Mistake(f"{user} sees nothing called {act['action_id']}")
    return await _press_message(workspace, user, best[1], best[0], act)


async def _press_in_channel(workspace: Workspace, user: str, channel: Channel, act: dict[str, Any]) -> Result:
    ts = act.get("ts") or _newest_with(channel, user, act)
    if ts is None:
        raise Mistake(f"{user} sees nothing called {act['action_id']} in {channel.id}")
    return await _press_message(workspace, user, channel, ts, act)


def _found(blocks: list[dict[str, Any]], act: dict[str, Any]) -> Any:
    return find(blocks, act["action_id"], act.get("block_id"), act.get("value"))


def _shown(blocks: list[dict[str, Any]], earlier: list[list[dict[str, Any]]], act: dict[str, Any]) -> Any:
    """What is pressed. A screen may lag behind: as at Slack, a block that stood there a moment ago can still be used."""
    drawn = [blocks, *earlier] if act.get("block_id") else [blocks]
    return next((found for each in drawn if (found := _found(each, act))), None)


def _newest_with(channel: Channel, user: str, act: dict[str, Any]) -> str | None:
    for message in reversed(channel.whispers.get(user, ())):
        if _found(message.get("blocks") or [], act):
            return str(message["ts"])
    for looked, message in enumerate(reversed(channel.messages.values())):
        if looked >= LOOK_BACK:
            break
        if _found(message.get("blocks") or [], act):
            return str(message["ts"])
    return None


async def _press_message(
    workspace: Workspace, user: str, channel: Channel, ts: str, act: dict[str, Any]
) -> Result:
    message = message_seen(channel, user, ts)
    found = _shown(message.get("blocks") or [], workspace.drawn_before.get((channel.id, ts), []), act)
    if found is None:
        raise Mistake(f"no {act['action_id']} on message {ts}")
    block, element = found
    if not workspace.link.connections:
        return unsent("resting")
    state = _message_state(workspace, user, channel, message)
    _choose(state, block, element, act)
    own = state.get(block["block_id"], {}).get(element["action_id"])
    action = action_of(block, element, own, act.get("choice"), workspace.clock.new_ts())
    payload = payloads.message_action(workspace, user, channel, message, action=action, state=state)
    return result(await workspace.link.ask("interactive", element["action_id"], payload))


def _message_state(workspace: Workspace, user: str, channel: Channel, message: Message) -> dict[str, Any]:
    key = (user, channel.id, message["ts"])
    state = fresh_state(message.get("blocks") or [], workspace.message_state.get(key))
    if state:
        workspace.message_state[key] = state
        if len(workspace.message_state) > TOUCHED_KEPT:
            del workspace.message_state[next(iter(workspace.message_state))]
    return state


def _choose(
    state: dict[str, Any], block: dict[str, Any], element: dict[str, Any], act: dict[str, Any]
) -> None:
    if element["type"] in STATEFUL and "choice" in act:
        state.setdefault(block["block_id"], {})[element["action_id"]] = chosen(element, act["choice"])


async def _press_in_view(workspace: Workspace, view: View, act: dict[str, Any]) -> Result:
    found = _shown(view.blocks, view.earlier, act)
    if found is None:
        raise Mistake(f"no {act['action_id']} in view {view.id}")
    if not workspace.link.connections:
        return unsent("resting")
    block, element = found
    _choose(view.state, block, element, act)
    return await dispatch(workspace, view, block, element, act.get("choice"))


async def dispatch(
    workspace: Workspace, view: View, block: dict[str, Any], element: dict[str, Any], choice: Any
) -> Result:
    """Send block_actions from a view, with the state as it is at this moment."""
    own = view.state.get(block["block_id"], {}).get(element["action_id"])
    if own is None and element["type"] in STATEFUL:
        own = initial(element)
    action = action_of(block, element, own, choice, workspace.clock.new_ts())
    payload = payloads.view_action(workspace, view.user, view, action)
    return result(await workspace.link.ask("interactive", element["action_id"], payload))


def read(workspace: Workspace, user: str, channel: Channel) -> None:
    """`user` has looked at the channel."""
    newest = channel.order[-1] if channel.order else ""
    if channel.read_up_to.get(user, "") < newest:
        channel.read_up_to[user] = newest
        workspace.watch.changed("state", channel.id, only=user)
