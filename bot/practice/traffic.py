"""What went over the wire lately, for the inspector. Keeps 2,000 rows, as text, and forgets the rest."""

import json
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Any

KEPT = 2_000

Row = tuple[int, datetime, str, str, str, str, float, Any, Any]


class Traffic:
    """A ring of rows. Bodies are kept as they were sent and only read when somebody looks."""

    def __init__(self, now: Callable[[], datetime], changed: Callable[[str], None]) -> None:
        self._now = now
        self._changed = changed
        self._rows: deque[Row] = deque(maxlen=KEPT)
        self.count = 0

    def note(
        self,
        direction: str,
        kind: str,
        name: str,
        status: str,
        ms: float,
        request: Any = None,
        response: Any = None,
    ) -> None:
        """Remember one exchange. `direction` is "bot→slack" or "slack→bot"; bodies are text, bytes or JSON."""
        self.count += 1
        self._rows.append((self.count, self._now(), direction, kind, name, status, ms, request, response))
        self._changed("traffic")

    def after(self, n: int) -> list[dict[str, Any]]:
        """Rows numbered above `n`, oldest first."""
        fresh = min(len(self._rows), max(0, self.count - n))
        return [_readable(self._rows[index]) for index in range(len(self._rows) - fresh, len(self._rows))]


def _readable(row: Row) -> dict[str, Any]:
    n, at, direction, kind, name, status, ms, request, response = row
    return {
        "n": n,
        "at": at.isoformat(),
        "direction": direction,
        "kind": kind,
        "method": name,
        "type": name,
        "status": status,
        "ms": round(ms, 2),
        "request": _body(request),
        "response": _body(response),
    }


def _body(body: Any) -> Any:
    if not isinstance(body, str | bytes):
        return body
    try:
        return json.loads(body)
    except ValueError:
        return body if isinstance(body, str) else body.decode("utf-8", "replace")
