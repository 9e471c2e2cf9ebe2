"""Who and what is in the practice workspace: people, channels, messages, files."""

from bisect import bisect_left, bisect_right, insort
from collections import deque
from dataclasses import dataclass, field, fields
from typing import Any

BOT = "U_YORISOI"
BOT_ID = "B_YORISOI"
APP = "A_YORISOI"
WHISPERS_KEPT = 200  # ephemerals one person keeps in one channel

Message = dict[str, Any]


@dataclass
class Human:
    """A member of the workspace (or the bot's own account)."""

    id: str
    name: str
    real_name: str = ""
    display_name: str = ""
    title: str = ""
    email: str = ""
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    deleted: bool = False
    updated: int = 0

    def team(self, home: str) -> str:
        """The team this person belongs to; strangers come from elsewhere."""
        return "T_ELSEWHERE" if self.is_stranger else home

    def as_slack(self, home: str, *, with_email: bool) -> dict[str, Any]:
        """The `user` object Slack gives."""
        profile = {
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.display_name,
            "display_name_normalized": self.display_name,
            "title": self.title,
            "phone": "",
            "status_text": "",
            "status_emoji": "",
            "team": self.team(home),
        }
        if with_email and self.email:
            profile["email"] = self.email
        if self.is_bot:
            profile |= {"api_app_id": APP, "bot_id": BOT_ID}
        return {
            "id": self.id,
            "team_id": self.team(home),
            "name": self.name,
            "deleted": self.deleted,
            "real_name": self.real_name,
            "tz": "Asia/Tokyo",
            "tz_label": "Japan Standard Time",
            "tz_offset": 32400,
            "profile": profile,
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
            "is_stranger": self.is_stranger,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": self.updated,
        }


HUMAN_FIELDS = frozenset(part.name for part in fields(Human))


@dataclass
class Channel:
    """A place for messages: a channel, or a direct message with the bot (`im_with`)."""

    id: str
    name: str = ""
    is_private: bool = False
    is_ext_shared: bool = False
    is_archived: bool = False
    topic: str = ""
    members: dict[str, None] = field(default_factory=dict)
    im_with: str = ""
    created: int = 0
    messages: dict[str, Message] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    threads: dict[str, list[str]] = field(default_factory=dict)
    whispers: dict[str, deque[Message]] = field(default_factory=dict)
    read_up_to: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Slack's channel_type: im, group or channel."""
        return "im" if self.im_with else "group" if self.is_private else "channel"

    def add(self, message: Message) -> None:
        """Keep a message, in its thread if it answers one."""
        ts, parent = message["ts"], message.get("thread_ts")
        self.messages[ts] = message
        if parent and parent != ts:
            self._add_reply(parent, ts, message)
            return
        if not self.order or self.order[-1] < ts:
            self.order.append(ts)
        else:
            insort(self.order, ts)

    def _add_reply(self, parent_ts: str, ts: str, message: Message) -> None:
        self.threads.setdefault(parent_ts, []).append(ts)
        parent = self.messages[parent_ts]
        parent["thread_ts"] = parent_ts
        parent["reply_count"] = parent.get("reply_count", 0) + 1
        parent["latest_reply"] = ts
        users = parent.setdefault("reply_users", [])
        if message["user"] not in users:
            users.append(message["user"])
        parent["reply_users_count"] = len(users)

    def remove(self, ts: str) -> Message:
        """Take a message away."""
        message = self.messages.pop(ts)
        parent = message.get("thread_ts")
        if parent and parent != ts:
            self.threads[parent].remove(ts)
            if parent in self.messages:
                self.messages[parent]["reply_count"] -= 1
        else:
            del self.order[bisect_left(self.order, ts)]
        return message

    def whisper(self, user: str, message: Message) -> None:
        """Keep a message only `user` sees."""
        self.whispers.setdefault(user, deque(maxlen=WHISPERS_KEPT)).append(message)

    def newest(
        self,
        count: int,
        *,
        before: str = "",
        oldest: str = "",
        inclusive: bool = False,
        oldest_too: bool = False,
    ) -> list[str]:
        """Timestamps of up to `count` top-level messages, newest first, inside the bounds."""
        high = (bisect_right if inclusive else bisect_left)(self.order, before) if before else len(self.order)
        low = (bisect_left if oldest_too else bisect_right)(self.order, oldest) if oldest else 0
        return self.order[max(low, high - count) : high][::-1]

    def unread(self, user: str) -> int:
        """How many top-level messages came after what `user` last saw."""
        return len(self.order) - bisect_right(self.order, self.read_up_to.get(user, ""))

    def as_slack(self) -> dict[str, Any]:
        """The `channel` object Slack gives."""
        common = {
            "id": self.id,
            "created": self.created,
            "is_archived": self.is_archived,
            "is_im": bool(self.im_with),
        }
        if self.im_with:
            return common | {
                "user": self.im_with,
                "is_user_deleted": False,
                "is_org_shared": False,
                "priority": 0,
            }
        return common | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_mpim": False,
            "is_private": self.is_private,
            "is_general": False,
            "is_shared": self.is_ext_shared,
            "is_ext_shared": self.is_ext_shared,
            "is_org_shared": False,
            "is_member": BOT in self.members,
            "creator": BOT,
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "num_members": len(self.members),
        }


@dataclass
class Upload:
    """A file: announced, then filled, then shared."""

    id: str
    name: str
    length: int
    user: str
    created: int
    title: str = ""
    body: bytes | None = None
    mimetype: str = "application/octet-stream"
    channels: list[str] = field(default_factory=list)
    shared: bool = False

    def as_slack(self, url: str) -> dict[str, Any]:
        """The `file` object Slack gives; `url` is the workspace's address."""
        suffix = self.name.rsplit(".", 1)[-1].lower() if "." in self.name else "text"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype,
            "filetype": suffix,
            "pretty_type": suffix.upper(),
            "user": self.user,
            "size": len(self.body or b""),
            "mode": "hosted",
            "is_external": False,
            "is_public": False,
            "url_private": f"{url}/files/{self.id}/{self.name}",
            "url_private_download": f"{url}/files/{self.id}/download/{self.name}",
            "permalink": f"{url}/files/{self.id}/{self.name}",
            "channels": [c for c in self.channels if c.startswith("C")],
            "groups": [],
            "ims": [c for c in self.channels if c.startswith("D")],
        }


@dataclass
class Team:
    """The workspace's name plate."""

    id: str = "T_PRACTICE"
    name: str = "Practice"
    domain: str = "practice"


@dataclass
class World:
    """All that is known: who, where, and what was sent."""

    team: Team
    people: dict[str, Human]
    channels: dict[str, Channel]
    files: dict[str, Upload] = field(default_factory=dict)

    def dm(self, user: str) -> Channel:
        """The direct message between the bot and `user`."""
        channel_id = "D" + user[1:]
        if channel_id not in self.channels:
            members = {user: None, BOT: None}
            self.channels[channel_id] = Channel(channel_id, im_with=user, is_private=True, members=members)
        return self.channels[channel_id]

    def seen_by(self, user: str) -> list[Channel]:
        """The channels `user` is in, and their direct message with the bot last."""
        return [c for c in self.channels.values() if not c.im_with and user in c.members] + [self.dm(user)]
