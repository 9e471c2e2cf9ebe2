"""How a Slack payload finds its handler: one table per feature, one gate for all of them."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from inspect import signature
from typing import Any, Literal

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.refusals import NotYourRole
from bot.domain.staff import Actor, Role
from handlers.windows import ALL_OF_THEM, Reply, drawn

Kind = Literal["command", "shortcut", "action", "view_submission", "view_closed", "event"]
Handler = Callable[..., Awaitable[Reply]]

# Each kind of payload: where its name stands, and by which name a handler asks for it. The most frequent come first.
NAMED: dict[Kind, tuple[str, str]] = {
    "action": ("action_id", "action"),
    "view_submission": ("callback_id", "view"),
    "command": ("command", "command"),
    "event": ("type", "event"),
    "shortcut": ("callback_id", "shortcut"),
    "view_closed": ("callback_id", "view"),
}


@dataclass(frozen=True, slots=True)
class Route:
    """One thing people can ask. `allow` None: anybody of this workspace; who may do it to *this* row is the rule's."""

    kind: Kind
    name: str
    allow: frozenset[Role] | None
    handler: Handler
    label: str = ""  # what a menu shows

    @property
    def summary(self) -> str:
        """What the help, the README and the manifest say about it: the handler's docstring."""
        return (self.handler.__doc__ or "").strip()


@dataclass(slots=True)
class Routes:
    """Collects the routes of one feature; `connect` gives them to Slack."""

    routes: list[Route] = field(default_factory=list)

    def command(self, name: str, *, allow: frozenset[Role] | None = None) -> Callable[[Handler], Handler]:
        """A slash command."""
        return self._route("command", name, allow)

    def shortcut(
        self, name: str, *, label: str, allow: frozenset[Role] | None = None
    ) -> Callable[[Handler], Handler]:
        """A global shortcut, shown in the menu as `label`."""
        return self._route("shortcut", name, allow, label)

    def button(self, name: str, *, allow: frozenset[Role] | None = None) -> Callable[[Handler], Handler]:
        """A button or a select, on a message, a modal or the Home."""
        return self._route("action", name, allow)

    def form(self, name: str, *, allow: frozenset[Role] | None = None) -> Callable[[Handler], Handler]:
        """A modal that was sent."""
        return self._route("view_submission", name, allow)

    def closing(self, name: str, *, allow: frozenset[Role] | None = None) -> Callable[[Handler], Handler]:
        """A modal that was closed without being sent; told only where the form asks for it."""
        return self._route("view_closed", name, allow)

    def event(self, name: str) -> Callable[[Handler], Handler]:
        """Something that happened in the workspace."""
        return self._route("event", name, None)

    def _route(
        self, kind: Kind, name: str, allow: frozenset[Role] | None, label: str = ""
    ) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            self.routes.append(Route(kind, name, allow, handler, label))
            return handler

        return add


def connect(app: AsyncApp, routes: list[Route]) -> None:
    """Give the routes to Bolt, each behind the gate of its roles.

    Bolt asks its listeners one after the other, which costs more than the answer: so it gets one for each kind.
    """
    tables: dict[Kind, dict[str, Route]] = {kind: {} for kind in NAMED}
    for route in routes:
        tables[route.kind][route.name] = route
    for kind, table in tables.items():
        if not table:
            continue
        listen = getattr(app, kind)
        if kind == "event":
            for name in table:
                listen(name)(_door(kind, table))
        else:
            names = "|".join(re.escape(name) for name in table)
            # A surface may show a button several times; each has its own action id (see `messages.distinct`).
            listen(re.compile(rf"^(?:{names})(?:#\d+)?$"))(_door(kind, table))


def _door(kind: Kind, table: dict[str, Route]) -> Callable[..., Awaitable[None]]:
    wanted = {name: tuple(signature(route.handler).parameters) for name, route in table.items()}
    names, part = NAMED[kind]

    async def door(ack: AsyncAck, context: AsyncBoltContext, payload: dict[str, Any]) -> None:
        """Find the route by its name, look whether this person may, and hand over what the handler asks for.

        Slack hears that it arrived once the handler is through: what it was asked to keep is kept by then.
        """
        route = table[payload[names].split("#")[0]]
        actor: Actor = context["actor"]
        if route.allow is not None and not actor.has(*route.allow):
            raise NotYourRole(tuple(sorted(route.allow)))
        given = {part: payload, "value": payload.get("value"), **context}
        answer = await route.handler(**{name: given[name] for name in wanted[route.name]})
        if answer is None:
            await ack()
        elif answer is ALL_OF_THEM:
            await ack(response_action="clear")
        else:
            await ack(response_action="update", view=drawn(answer))

    return door
