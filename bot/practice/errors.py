"""The two ways a request can be turned down: as Slack would, and as a mistake at the control API."""

from typing import Any


class SlackRefusal(Exception):
    """Slack answers ``{"ok": false, "error": code}``; `more` is added to that answer."""

    def __init__(self, code: str, *, status: int = 200, retry_after: int | None = None, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.retry_after = retry_after
        self.more = more

    def answer(self) -> dict[str, Any]:
        """The body Slack would send."""
        return {"ok": False, "error": self.code, **self.more}


class Mistake(Exception):
    """A person at the control API asked for something that is not on their screen."""
