"""How a Slack payload finds its handler: one table per feature, one gate for all of them."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from slack_bolt.async_app import AsyncApp

from bot.domain.refusals import NotYourRole
from bot.domain.staff import Actor, Role

Kind = Literal["command", "shortcut", "action", "view_submission", "view_closed", "event"]
Handler = Callable[..., Awaitable[None]]


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
    """Give the routes to Bolt, each behind the gate of its roles."""
    for route in routes:
        listen = getattr(app, route.kind)
        # A surface may show a button several times; each has its own action id (see `messages.distinct`).
        name: Any = route.name
        if route.kind == "action":
            name = re.compile(rf"^{re.escape(route.name)}(#\d+)?$")
        listen(name, middleware=[_gate(route.allow)])(route.handler)


def _gate(allow: frozenset[Role] | None) -> Callable[..., Awaitable[None]]:
    async def gate(actor: Actor, next: Callable[[], Awaitable[Any]]) -> None:  # noqa: A002
        if allow is not None and not actor.has(*allow):
            raise NotYourRole(tuple(sorted(allow)))
        await next()

    return gate
