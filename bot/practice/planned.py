"""Messages the bot wants said later."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.practice.errors import SlackRefusal
from bot.practice.world import BOT, Channel

if TYPE_CHECKING:
    from bot.practice.workspace import Workspace

FARTHEST = timedelta(days=120)


@dataclass
class Planned:
    """What is to be said, by its scheduled_message_id."""

    workspace: "Workspace"
    waiting: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, channel: Channel, post_at: int, facts: dict[str, Any]) -> dict[str, Any]:
        """Plan a message for `post_at` (epoch seconds). Refuses the past and what lies over 120 days ahead."""
        now = self.workspace.clock.now()
        try:
            when = datetime.fromtimestamp(post_at, UTC)
        except (OverflowError, ValueError):
            raise SlackRefusal("invalid_time") from None
        if when <= now:
            raise SlackRefusal("time_in_past")
        if when > now + FARTHEST:
            raise SlackRefusal("time_too_far")
        key = "Q" + secrets.token_hex(6).upper()
        created = int(now.timestamp())
        self.waiting[key] = {
            "id": key,
            "channel_id": channel.id,
            "post_at": post_at,
            "date_created": created,
            "text": facts["text"],
        }
        self.workspace.agenda.at(when, lambda: self._say(key, channel, facts))
        message = {"type": "delayed_message", "text": facts["text"], "user": BOT}
        return {
            "channel": channel.id,
            "scheduled_message_id": key,
            "post_at": str(post_at),
            "message": message,
        }

    def _say(self, key: str, channel: Channel, facts: dict[str, Any]) -> None:
        if self.waiting.pop(key, None) is not None:
            self.workspace.post(channel, self.workspace.new_message(BOT, **facts))

    def drop(self, key: str) -> None:
        """Take a plan back."""
        if self.waiting.pop(key, None) is None:
            raise SlackRefusal("invalid_scheduled_message_id")

    def rows(self, channel: str) -> list[dict[str, Any]]:
        """The plans, of one channel or of all, soonest first."""
        rows = [row for row in self.waiting.values() if channel in ("", row["channel_id"])]
        return sorted(rows, key=lambda row: row["post_at"])
