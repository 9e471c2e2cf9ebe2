"""The table of Web API methods: name, scopes, kind of token, and the function that answers."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.practice.errors import SlackRefusal

if TYPE_CHECKING:
    from bot.practice.workspace import Workspace

Reply = dict[str, Any]
Run = Callable[["Call"], Reply | Awaitable[Reply]]


@dataclass(frozen=True)
class Method:
    """One method. `scopes`: any one of them suffices; none means no scope is needed."""

    name: str
    run: Run
    scopes: tuple[str, ...]
    token: str


@dataclass(frozen=True)
class Call:
    """One request: who is asked, with which arguments (form values are text, JSON values as they are)."""

    workspace: "Workspace"
    arguments: dict[str, Any]

    def text(self, name: str, default: str = "") -> str:
        """An argument as text."""
        value = self.arguments.get(name)
        return default if value is None else str(value)

    def needed(self, name: str) -> str:
        """An argument that must be there."""
        value = self.text(name)
        if not value:
            raise invalid_arguments(f"[ERROR] missing required field: {name}")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """An argument as yes or no."""
        value = self.arguments.get(name)
        return default if value is None else value in (True, "true", "True", "1", 1)

    def number(self, name: str, default: int, most: int) -> int:
        """An argument as a number, at most `most`."""
        try:
            return max(1, min(most, int(self.arguments.get(name) or default)))
        except (TypeError, ValueError):
            raise invalid_arguments(f"[ERROR] must be an integer [json-pointer:/{name}]") from None

    def data(self, name: str) -> Any:
        """An argument that is JSON, or JSON written as text; None if absent."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise invalid_arguments(f"[ERROR] failed to parse [json-pointer:/{name}]") from None


def invalid_arguments(*messages: str) -> SlackRefusal:
    """The refusal for arguments that make no sense."""
    return SlackRefusal("invalid_arguments", response_metadata={"messages": list(messages)})


METHODS: dict[str, Method] = {}


def method(name: str, *scopes: str, token: str = "bot") -> Callable[[Run], Run]:  # noqa: S107 - a kind, no secret
    """Enter a function into the table."""

    def enter(run: Run) -> Run:
        METHODS[name] = Method(name, run, scopes, token)
        return run

    return enter


def demand(call: Call, *scopes: str) -> None:
    """Refuse with missing_scope unless the bot token carries one of `scopes`."""
    app = call.workspace.app
    if scopes and not any(app.may(scope) for scope in scopes):
        provided = ",".join(sorted(app.scopes or ()))
        raise SlackRefusal("missing_scope", needed=",".join(scopes), provided=provided)
