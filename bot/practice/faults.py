"""Switches that make the workspace misbehave, on the Web API and on the sockets."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

WIRE = frozenset({"drop_before", "drop_after", "delay", "429", "500", "503", "error"})
SOCKET = frozenset({"duplicate", "late", "close", "disconnect", "refuse_handshake", "lose_ack"})


@dataclass
class Fault:
    """One rule: what goes wrong, for which method, how often (`times`, None = always) and how likely."""

    what: str
    method: str = "*"
    error: str = "internal_error"
    reason: str = "warning"
    retry_after: int = 1
    seconds: float = 1.0
    chance: float = 1.0
    times: int | None = None
    seed: int = 0
    struck: int = 0
    dice: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.what not in WIRE | SOCKET:
            raise ValueError(f"no such fault: {self.what}")
        self.dice = random.Random(self.seed)  # noqa: S311 - repeatable on purpose

    def strikes(self) -> bool:
        """Whether it happens this time; counts if so."""
        if self.times is not None and self.struck >= self.times:
            return False
        if self.chance < 1.0 and self.dice.random() >= self.chance:
            return False
        self.struck += 1
        return True

    def as_row(self) -> dict[str, Any]:
        """The rule as the control API shows it."""
        return {name: value for name, value in vars(self).items() if name != "dice"}


class Faults:
    """The rules in force, asked in the order they were added."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []
        self.on_add: Callable[[Fault], bool] = lambda _fault: False

    def add(self, **rule: Any) -> Fault:
        """Put a rule in force. `what` may be a number (429). Raises ValueError for one that does not exist."""
        rule["what"] = str(rule["what"])
        try:
            fault = Fault(**rule)
        except TypeError as problem:
            raise ValueError(str(problem)) from problem
        if not self.on_add(fault):
            self._rules.append(fault)
        return fault

    def clear(self) -> None:
        """All is well again."""
        self._rules.clear()

    def rows(self) -> list[dict[str, Any]]:
        """The rules in force."""
        return [fault.as_row() for fault in self._rules]

    def on_call(self, method: str) -> Fault | None:
        """What befalls this Web API call, if anything."""
        if not self._rules:
            return None
        for fault in self._rules:
            if fault.what in WIRE and fault.method in ("*", method) and fault.strikes():
                return fault
        return None

    def on_socket(self, what: str) -> Fault | None:
        """Whether `what` befalls this envelope, ack or handshake."""
        for fault in self._rules:
            if fault.what == what and fault.strikes():
                return fault
        return None
