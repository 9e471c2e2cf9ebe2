"""What is open in front of each person: the stack of modals, and the bot's Home."""

import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from bot.practice.clock import Clock
from bot.practice.elements import State, fresh_state, named
from bot.practice.errors import SlackRefusal
from bot.practice.world import APP, BOT_ID

DEEPEST = 3
TRIGGER_SECONDS = 3.0
FORGET_TRIGGER = 120.0
KEEP_RESPONSE_URLS = 10_000
RESPONSE_SECONDS = 1800.0
RESPONSE_USES = 5
EARLIER_KEPT = 3


@dataclass
class View:
    """A modal or Home, as drawn by the bot and as filled in by one person."""

    id: str
    user: str
    facts: dict[str, Any]
    hash: str
    state: State
    channel: str = ""
    previous: str | None = None
    root: str = ""
    earlier: list[list[dict[str, Any]]] = field(default_factory=list)  # what a slow screen may still show

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The blocks, each with its id."""
        return list(self.facts["blocks"])

    def as_slack(self, team: str) -> dict[str, Any]:
        """The `view` object Slack gives, the present state included."""
        facts = self.facts
        return {
            "id": self.id,
            "team_id": team,
            "type": facts["type"],
            "blocks": facts["blocks"],
            "private_metadata": facts.get("private_metadata", ""),
            "callback_id": facts.get("callback_id", ""),
            "state": {"values": self.state},
            "hash": self.hash,
            "title": facts.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
            "clear_on_close": facts.get("clear_on_close", False),
            "notify_on_close": facts.get("notify_on_close", False),
            "close": facts.get("close"),
            "submit": facts.get("submit"),
            "previous_view_id": self.previous,
            "root_view_id": self.root or self.id,
            "app_id": APP,
            "external_id": facts.get("external_id", ""),
            "app_installed_team_id": team,
            "bot_id": BOT_ID,
        }


@dataclass
class Trigger:
    """Leave to open one modal, for 3 seconds."""

    user: str
    channel: str
    view: str | None
    made_at: float
    spent: bool = False


@dataclass
class ResponseUrl:
    """Leave to answer one interaction, five times within half an hour."""

    user: str
    channel: str
    made_at: float
    ts: str | None = None
    whispered: bool = False
    uses: int = 0


@dataclass
class Surfaces:
    """All modals, Homes, triggers and response URLs."""

    clock: Clock
    views: dict[str, View] = field(default_factory=dict)
    stacks: dict[str, list[str]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    external: dict[str, str] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    replies: dict[str, ResponseUrl] = field(default_factory=dict)
    _trigger_order: deque[str] = field(default_factory=deque)
    _reply_order: deque[str] = field(default_factory=deque)

    # Triggers and response URLs

    def new_trigger(self, user: str, channel: str = "", view: str | None = None) -> str:
        """A trigger_id for what `user` just did."""
        now = self.clock.steady()
        while self._trigger_order and self.triggers[self._trigger_order[0]].made_at < now - FORGET_TRIGGER:
            del self.triggers[self._trigger_order.popleft()]
        trigger = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**13)}.{secrets.token_hex(16)}"
        self.triggers[trigger] = Trigger(user, channel, view, now)
        self._trigger_order.append(trigger)
        return trigger

    def spend(self, trigger_id: str) -> Trigger:
        """Use a trigger_id up. Refuses one unknown, used or too old."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            raise SlackRefusal("invalid_trigger_id")
        if self.clock.steady() - trigger.made_at > TRIGGER_SECONDS:
            raise SlackRefusal("expired_trigger_id")
        if trigger.spent:
            raise SlackRefusal("exchanged_trigger_id")
        trigger.spent = True
        return trigger

    def new_reply(self, user: str, channel: str, ts: str | None = None, *, whispered: bool = False) -> str:
        """The token of a response_url."""
        token = secrets.token_urlsafe(18)
        self.replies[token] = ResponseUrl(user, channel, self.clock.steady(), ts, whispered)
        self._reply_order.append(token)
        if len(self._reply_order) > KEEP_RESPONSE_URLS:
            del self.replies[self._reply_order.popleft()]
        return token

    def use_reply(self, token: str) -> ResponseUrl:
        """Answer through a response_url once more."""
        reply = self.replies.get(token)
        if reply is None:
            raise SlackRefusal("no_such_url", status=404)
        if self.clock.steady() - reply.made_at > RESPONSE_SECONDS:
            raise SlackRefusal("expired_url", status=404)
        if reply.uses >= RESPONSE_USES:
            raise SlackRefusal("used_url", status=404)
        reply.uses += 1
        return reply

    # Modals

    def stack(self, user: str) -> list[View]:
        """The modals open in front of `user`, the top one last."""
        return [self.views[view_id] for view_id in self.stacks.get(user, [])]

    def show(self, user: str, facts: dict[str, Any], *, on: View | None, channel: str = "") -> View:
        """Open a modal: on top of `on`, or as the only one. Refuses a fourth layer."""
        external_id = facts.get("external_id") or ""
        if external_id and external_id in self.external:
            raise SlackRefusal("duplicate_external_id")
        stack = self.stacks.setdefault(user, [])
        if on is None:
            self.clear(user)
        elif len(stack) >= DEEPEST:
            raise SlackRefusal("push_limit_reached")
        view = self._new(user, facts, channel)
        view.previous = on.id if on else None
        view.root = on.root if on else view.id
        self.views[view.id] = view
        self.stacks.setdefault(user, []).append(view.id)
        if external_id:
            self.external[external_id] = view.id
        return view

    def _new(self, user: str, facts: dict[str, Any], channel: str = "") -> View:
        facts = {**facts, "blocks": named(facts["blocks"])}
        view_id = "V" + secrets.token_hex(8).upper()
        return View(view_id, user, facts, self._hash(), fresh_state(facts["blocks"]), channel)

    def _hash(self) -> str:
        return f"{int(self.clock.now().timestamp())}.{secrets.token_hex(4)}"

    def redraw(self, view: View, facts: dict[str, Any], *, hash_seen: str | None = None) -> View:
        """Replace what `view` shows. What the person typed stays where block and action stay."""
        if hash_seen and hash_seen != view.hash:
            raise SlackRefusal("hash_conflict")
        external_id, before = facts.get("external_id") or "", view.facts.get("external_id") or ""
        if external_id != before:
            if external_id in self.external:
                raise SlackRefusal("duplicate_external_id")
            self.external.pop(before, None)
            if external_id:
                self.external[external_id] = view.id
        view.earlier = [view.blocks, *view.earlier][:EARLIER_KEPT]
        view.facts = {**facts, "blocks": named(facts["blocks"])}
        view.state = fresh_state(view.facts["blocks"], view.state)
        view.hash = self._hash()
        return view

    def find(self, view_id: str | None, external_id: str | None) -> View:
        """An open view, by either id. Refuses what is not open."""
        wanted = view_id or self.external.get(external_id or "")
        view = self.views.get(wanted or "")
        if view is None:
            raise SlackRefusal("not_found")
        return view

    def pop(self, view: View) -> None:
        """Close one modal (and whatever lies on it)."""
        stack = self.stacks.get(view.user, [])
        if view.id in stack:
            for gone in stack[stack.index(view.id) :]:
                self._drop(gone)
            del stack[stack.index(view.id) :]

    def clear(self, user: str) -> None:
        """Close every modal in front of `user`."""
        for view_id in self.stacks.pop(user, []):
            self._drop(view_id)

    def _drop(self, view_id: str) -> None:
        view = self.views.pop(view_id, None)
        if view is not None:
            self.external.pop(view.facts.get("external_id") or "", None)

    # Home

    def publish(self, user: str, facts: dict[str, Any], hash_seen: str | None) -> View:
        """Show `facts` on the bot's Home of `user`."""
        home = self.homes.get(user)
        if home is not None:
            return self.redraw(home, facts, hash_seen=hash_seen)
        home = self._new(user, facts)
        home.root = home.id
        self.homes[user] = self.views[home.id] = home
        return home
