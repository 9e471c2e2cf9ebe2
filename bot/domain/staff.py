"""Who may ask the desk for something: people, their roles, and the clock."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person may hold here. Codes and labels: `bot/codes/staff_roles.json`."""

    OPERATOR = "operator"
    COUNSELOR = "counselor"
    COORDINATOR = "coordinator"
    EXPERT_SW = "expert_sw"
    EXPERT_PSY = "expert_psy"
    EXPERT_ACADEMIC = "expert_academic"
    EXPERT_LEGAL = "expert_legal"
    ORGANIZER = "organizer"
    SUPERVISOR = "supervisor"
    PRIVACY_OFFICER = "privacy_officer"
    AUDITOR = "auditor"
    ADMIN = "admin"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (Slack user id) or the clock itself, with the roles granted in this moment."""

    id: str
    roles: frozenset[Role] = frozenset()

    def has(self, *roles: Role) -> bool:
        """Whether any of these roles is granted."""
        return not self.roles.isdisjoint(roles)


THE_CLOCK = Actor("clock", frozenset({Role.SYSTEM}))
THE_COMMAND_LINE = Actor("cli", frozenset({Role.SYSTEM}))
