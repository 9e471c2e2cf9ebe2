"""Who may do what at the desk: roles are rows, granted and revoked, never forgotten."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.staff import Role
from bot.store.queries import load
from bot.store.session import Session

SQL = load("staff")


@dataclass(frozen=True, slots=True)
class Grant:
    """A role somebody holds, and who gave it when."""

    user_id: str
    role: Role
    granted_by: str
    granted_at: datetime


Grants = list[Grant]
UserIds = list[str]


class Staff:
    """The people of the desk and their roles."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection

    async def grant(self, user_id: str, role: Role) -> bool:
        """Give a role. False: it was held already."""
        row = await SQL.grant(
            self._connection,
            user_id=user_id,
            role=role,
            granted_by=self._session.actor.id,
            granted_at=self._session.now,
        )
        return row is not None

    async def revoke(self, user_id: str, role: Role) -> bool:
        """Take a role back. False: it was not held."""
        row = await SQL.revoke(
            self._connection,
            user_id=user_id,
            role=role,
            revoked_by=self._session.actor.id,
            revoked_at=self._session.now,
        )
        return row is not None

    async def roles_of(self, user_id: str) -> frozenset[Role]:
        """Give the roles somebody holds in this moment; none for a stranger."""
        return frozenset([Role(row["role"]) async for row in SQL.roles_of(self._connection, user_id=user_id)])

    async def holders_of(self, role: Role) -> UserIds:
        """Give the user ids of those who hold a role, longest first."""
        return [row["user_id"] async for row in SQL.holders_of(self._connection, role=role)]

    async def list(self) -> Grants:
        """Give every role held now."""
        return [
            Grant(
                row["user_id"],
                Role(row["role"]),
                row["granted_by"],
                datetime.fromisoformat(row["granted_at"]),
            )
            async for row in SQL.held(self._connection)
        ]
