"""The practice workspace as one thing: its parts, its addresses, and the messages in it."""

import asyncio
from typing import Any

import aiohttp

from bot.practice import payloads
from bot.practice.clock import Agenda, Clock, Now
from bot.practice.elements import named
from bot.practice.errors import SlackRefusal
from bot.practice.faults import Faults
from bot.practice.link import Answer, Link
from bot.practice.person import Person
from bot.practice.planned import Planned
from bot.practice.seed import app_from, world_from
from bot.practice.surfaces import EARLIER_KEPT, Surfaces
from bot.practice.traffic import Traffic
from bot.practice.watch import Watch
from bot.practice.world import APP, BOT, BOT_ID, Channel, Human, Message

EVENT_BY_KIND = {"im": "message.im", "group": "message.groups", "channel": "message.channels"}

MENTIONED = ("user", "text", "ts", "team", "thread_ts", "blocks")


class Workspace:
    """A Slack-like workspace on loopback. `url` is its page and control API, `api_url` its Web API."""

    bot_token = "xoxb-practice"  # noqa: S105 - opens nothing but this
    app_token = "xapp-practice"  # noqa: S105

    def __init__(
        self, manifest: dict[str, Any] | None, seed: dict[str, Any] | None, clock: Now | None
    ) -> None:
        self.url = ""
        self.clock = Clock(clock)
        self.agenda = Agenda(self.clock)
        self.watch = Watch()
        self.faults = Faults()
        self.traffic = Traffic(self.clock.now, self.watch.changed)
        self.link = Link(self.agenda, self.faults, self.traffic, self.watch)
        self.app = app_from(manifest)
        self.world = world_from(seed, self.app, int(self.clock.now().timestamp()))
        self.surfaces = Surfaces(self.clock)
        self.planned = Planned(self)
        self.message_state: dict[tuple[str, str, str], dict[str, Any]] = {}
        self.drawn_before: dict[tuple[str, str], list[list[dict[str, Any]]]] = {}
        self.session: aiohttp.ClientSession | None = None

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL is set to."""
        return self.url + "/api/"

    def person(self, user: str) -> Person:
        """Somebody to act as."""
        return Person(self.url, user, session=self.session)

    def advance(self, seconds: float) -> None:
        """Move the workspace's own clock; what falls due is done."""
        self.clock.advance(seconds)
        self.agenda.wake()
        self.watch.changed("clock")

    # Finding

    def human(self, user: str | None) -> Human:
        """A person by id, or user_not_found."""
        human = self.world.people.get(user or "")
        if human is None:
            raise SlackRefusal("user_not_found")
        return human

    def channel(self, channel_id: str | None) -> Channel:
        """A channel the bot may know of, by id (a person's id means their DM), or channel_not_found."""
        channel = self.world.channels.get(channel_id or "")
        if channel is None and channel_id in self.world.people and channel_id != BOT:
            return self.world.dm(str(channel_id))
        if channel is None or (channel.is_private and BOT not in channel.members):
            raise SlackRefusal("channel_not_found")
        return channel

    # Messages

    def new_message(self, user: str, text: str, **more: Any) -> Message:
        """A message as Slack draws it, with a timestamp of its own."""
        message: Message = {"type": "message", "user": user, "text": text, "ts": self.clock.new_ts()}
        message["team"] = self.world.team.id
        if user == BOT:
            profile = {"id": BOT_ID, "app_id": APP, "name": self.app.name, "deleted": False}
            message |= {"bot_id": BOT_ID, "app_id": APP, "bot_profile": profile}
        message |= {key: value for key, value in more.items() if value is not None}
        if message.get("blocks"):
            message["blocks"] = named(message["blocks"])
        return message

    def post(self, channel: Channel, message: Message) -> asyncio.Future[Answer] | None:
        """Put a message where all members see it, and tell the bot if it listens there."""
        channel.add(message)
        self.watch.changed("messages", channel.id)
        return self.tell_message(channel, message)

    def whisper(self, channel: Channel, user: str, message: Message) -> None:
        """Put a message where only `user` sees it."""
        message["is_ephemeral"] = True
        channel.whisper(user, message)
        self.watch.changed("messages", channel.id, only=user)

    def redraw(
        self, channel: Channel, message: Message, changes: dict[str, Any], *, by_bot: bool = True
    ) -> None:
        """Change a message in place; listeners hear message_changed."""
        before = payloads.shown(message)
        earlier = self.drawn_before.setdefault((channel.id, message["ts"]), [])
        earlier[:] = [message.get("blocks") or [], *earlier][:EARLIER_KEPT]
        message.update(self.drawn_again(changes))
        message["edited"] = {"user": BOT if by_bot else message["user"], "ts": self.clock.new_ts()}
        self.watch.changed("messages", channel.id)
        after = payloads.shown(message)
        self._tell_about(channel, "message_changed", {"message": after, "previous_message": before})

    def drawn_again(self, changes: dict[str, Any]) -> dict[str, Any]:
        """Changes to a message, their blocks named."""
        return {**changes, "blocks": named(changes["blocks"])} if changes.get("blocks") else changes

    def erase(self, channel: Channel, ts: str) -> None:
        """Take a message away; listeners hear message_deleted."""
        message = channel.remove(ts)
        self.watch.changed("messages", channel.id)
        gone = {"deleted_ts": ts, "previous_message": payloads.shown(message)}
        self._tell_about(channel, "message_deleted", gone)

    # Events

    def tell(
        self, kind: str, event: dict[str, Any], *, shared: bool = False
    ) -> asyncio.Future[Answer] | None:
        """Send an event the app subscribed to as `kind`."""
        if not self.app.hears(kind):
            return None
        event.setdefault("event_ts", self.clock.new_ts())
        return self.link.tell(payloads.event_callback(self, event, shared=shared))

    def tell_message(self, channel: Channel, message: Message) -> asyncio.Future[Answer] | None:
        """message.im, message.channels or message.groups, where the bot is a member; and app_mention."""
        if BOT not in channel.members:
            return None
        if f"<@{BOT}>" in message["text"] and not channel.im_with and message["user"] != BOT:
            mention: dict[str, Any] = {"type": "app_mention", "channel": channel.id}
            mention.update({key: message[key] for key in MENTIONED if key in message})
            told = self.tell("app_mention", mention)
            if not self.app.hears(EVENT_BY_KIND[channel.kind]):
                return told
        if not self.app.hears(EVENT_BY_KIND[channel.kind]):
            return None
        event = payloads.shown(message)
        event |= {"channel": channel.id, "channel_type": channel.kind, "event_ts": message["ts"]}
        return self.tell(EVENT_BY_KIND[channel.kind], event, shared=channel.is_ext_shared)

    def _tell_about(self, channel: Channel, subtype: str, facts: dict[str, Any]) -> None:
        if BOT not in channel.members or not self.app.hears(EVENT_BY_KIND[channel.kind]):
            return
        ts = self.clock.new_ts()
        frame = {"type": "message", "subtype": subtype, "hidden": True, "ts": ts, "event_ts": ts}
        event = frame | {"channel": channel.id, "channel_type": channel.kind} | facts
        self.tell(EVENT_BY_KIND[channel.kind], event, shared=channel.is_ext_shared)

    def tell_joined(self, channel: Channel, user: str) -> None:
        """member_joined_channel."""
        if BOT in channel.members:
            event = {
                "type": "member_joined_channel",
                "user": user,
                "channel": channel.id,
                "team": self.world.team.id,
            }
            kind = {"channel": "C", "group": "G"}.get(channel.kind, "D")
            self.tell("member_joined_channel", event | {"channel_type": kind}, shared=channel.is_ext_shared)
